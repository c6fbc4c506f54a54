"""Sums of realised gains: what is taxed by term, what is not apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.lot_books import load_lot_books
from wealthnexus.domain.ledger.lot_books.gains import lines_of, totals_of
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, ids_of, view_of
from tests.ledger.test_account_terms import change

pytestmark = pytest.mark.database
D = Decimal


async def test_what_is_not_taxed_is_in_no_sum_of_what_is(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """HIS: 10 at 10 sold at 30 after two years, 200; 10 at 20 sold at 25, 50. The IRA: 10 at 10 sold at 17
    after a year, 70, and 10 at 40 at 17, a loss of 230. The 529: 5 at 10 sold at 18, 40. OLD: 10 at 10 sold
    at 11, 10, and as an IRA, from 1 March, 10 at 10 sold at 16, 60."""
    book = (
        Book()
        .household()
        .account("HIS")
        .account("IRA", account_type="TRADITIONAL_IRA", tax_status="TAX_DEFERRED")
        .account("529", account_type="PLAN_529", tax_status="TAX_FREE")
        .account("OLD")
    )
    for symbol in ("LONG", "MIDDLE", "SHORT", "DEAR", "PLAN", "THEN", "SINCE"):
        book.security(symbol)
    for account in ("HIS", "IRA", "529", "OLD"):
        book.deposit("9000", account=account, on="2018-01-02")
    for account, symbol, units, cost, bought, received, sold in (
        ("HIS", "LONG", "10", "100", "2019-01-07", "300.00", "2021-02-01"),
        ("HIS", "SHORT", "10", "200", "2021-01-05", "250.00", "2021-02-01"),
        ("IRA", "MIDDLE", "10", "100", "2019-01-07", "170.00", "2021-02-01"),
        ("IRA", "DEAR", "10", "400", "2021-01-05", "170.00", "2021-02-01"),
        ("529", "PLAN", "5", "50", "2021-01-05", "90.00", "2021-02-01"),
        ("OLD", "THEN", "10", "100", "2021-01-05", "110.00", "2021-02-26"),
        ("OLD", "SINCE", "10", "100", "2021-01-05", "160.00", "2021-03-01"),
    ):
        book.buy(symbol, units, f"-{cost}.00", account=account, on=bought)
        book.sell(symbol, units, received, account=account, on=sold)
    assert (await book.load(platform, firm, tmp_path)).ok
    accounts = (await ids_of(platform, firm)).accounts
    deferred = {"tax_status": "TAX_DEFERRED"}
    await change(platform, firm, accounts["OLD"], deferred, date(2021, 3, 1), reason="an IRA")
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm, None, None)
        books = await load_lot_books(reader, view, list(accounts.values()))
    totals = totals_of(books, [line for line, _ in lines_of(books, lambda _line: True)])
    assert [
        (one.tax_status, one.term and one.term.name, one.lot_count, one.gain.value, one.proceeds.value)
        for one in totals
    ] == [
        ("TAXABLE", "SHORT", 2, D("60.00"), D("360.00")),
        ("TAXABLE", "LONG", 1, D("200.00"), D("300.00")),
        ("TAX_DEFERRED", None, 3, D("-100.00"), D("500.00")),
        ("TAX_FREE", None, 1, D("40.00"), D("90.00")),
    ]
    assert [one.economic_recognised.value for one in totals[:2]] == [D("60.00"), D("200.00")]
