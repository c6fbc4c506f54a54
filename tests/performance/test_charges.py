"""A fee that another account pays is borne by the billed one, whoever asks, in whatever currency."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.bundle import BundleHeader, write_bundle
from wealthnexus.domain.bundle.format_book import ClientRow, OwnerRow
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.ledger.service import TransactionCommand, correct_transaction, post_transaction
from wealthnexus.domain.performance import FeeBasis
from wealthnexus.domain.performance.borne import expenses_of
from wealthnexus.domain.performance.charges import Charge, CountsAs, charges_of
from wealthnexus.domain.performance.exporting import exported
from wealthnexus.domain.performance.figures import told_of
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories import make_firm, make_user
from tests.factories_ledger import Book, ids_of
from tests.performance.small import Small, of_period, small, value_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
CLOSE = date(2021, 3, 31)


def billed(**fee: str) -> Book:
    """B: 1,000 invested, 1,050 at the end; a fee of 10, or its worth, billed to it and paid by A."""
    return (
        Book()
        .household()
        .account("A", currency=fee.get("currency", "USD"))
        .account("B")
        .security()
        .price("ACME", "2021-03-29", "50")
        .price("ACME", CLOSE, "52.5")
        .rate("EUR", "USD", "2021-03-01", "1.25")
        .deposit("5000", account="A", on="2021-03-29")
        .deposit("1000", account="B", on="2021-03-29")
        .buy("ACME", "20", "-1000", account="B", on="2021-03-29")
        .transaction(
            "ADVISORY_FEE",
            fee.get("amount", "-10"),
            account="A",
            on=fee.get("on", "2021-03-30"),
            key="FEE",
            billed_account_external_id="B",
        )
    )


async def test_whoever_does_not_see_the_payer_is_told_the_same_net_return(
    platform: Platform, tmp_path: Path
) -> None:
    """1,000 -> 1,000 less 10 -> 1,050: (990 / 1,000) x (1,050 / 1,000) - 1 = 3.95 % net, 5 % gross."""
    there = await small(platform, billed(), tmp_path)
    client = await make_user(platform, there.firm, roles=("CLIENT",), limited=True, accounts=("B",))
    bindings = [
        Binding(there.firm.id),
        Binding(there.firm.id, client.id, "limited", "app"),
        Binding(there.firm.id, client.id, "limited", "portal"),
    ]
    told = []
    for binding in bindings:
        book = await there.book(there.account("B"), by=binding)
        assert value_of(book) == Decimal("0.03950000")
        assert value_of(book, FeeBasis.GROSS) == Decimal("0.05000000")
        assert of_period(book).fees == 10
        async with platform.db.reading(binding) as reader:
            figures = of_period(book)
            told.append(await exported(reader, book, figures.time_weighted, "ITD/net", figures.period))
    assert told[0] == told[1] == told[2]
    parts = [await there.book(Scope(ScopeKind.FIRM), by=binding) for binding in bindings]
    assert [(each.is_partial, len(each.members.names)) for each in parts] == [
        (False, 2),
        (True, 1),
        (True, 1),
    ]
    assert [each.code for each in told_of((), is_partial=True)[1]] == ["SCOPE_IN_PART"]
    charge = told[2]["chargesPaidElsewhere"][0]
    assert charge["account"] == str(there.ids.accounts["B"])
    assert str(there.ids.accounts["A"]) not in str(told[2])
    period = of_period(book).period
    assert charges_of(book, period) == [
        Charge(
            date(2021, 3, 30), there.ids.accounts["B"], "Account B", "ADVISORY_FEE", Decimal(10), "USD", True,
            Decimal(1), Decimal(10), CountsAs.FEE,
        )
    ]  # fmt: skip
    async with platform.db.reading(bindings[2]) as reader:
        rows = await reader.rows(text("select day, amount, currency from account_charges"))
        assert [tuple(row) for row in rows] == [(date(2021, 3, 30), Decimal(-10), "USD")]
        of_payer = text("select count(*) from transactions where id = :id")
        assert await reader.scalar(of_payer, {"id": there.ids.transactions["FEE"]}) == 0
    # The payer's is money taken out; both together bear it once.
    assert value_of(await there.book(there.account("A"))) == 0
    whole = await there.book(there.household())
    assert of_period(whole).gain == 40
    assert of_period(whole).fees == 10
    assert [each.is_paid_elsewhere for each in charges_of(whole, of_period(whole).period)] == [False]


async def test_a_fee_in_another_currency_is_converted_and_one_without_a_rate_is_no_figure(
    platform: Platform, tmp_path: Path
) -> None:
    """EUR 8.00 at 1.25 are USD 10.00; without a rate the return is not known, and never that without it."""
    there = await small(platform, billed(currency="EUR", amount="-8"), tmp_path)
    book = await there.book(there.account("B"))
    assert value_of(book) == Decimal("0.03950000")
    (charge,) = charges_of(book, of_period(book).period)
    assert (charge.amount, charge.currency, charge.borne) == (8, "EUR", 10)
    early = billed(currency="EUR", amount="-8", on="2021-03-30")
    early.fx_rates.clear()
    there = await small(platform, early, tmp_path)
    book = await there.book(there.account("B"))
    assert [each.borne for each in charges_of(book, of_period(book).period)] == [None]
    found = of_period(book).time_weighted
    assert (found.value, found.reason) == (None, "UNDEFINED_SUB_PERIOD")


async def test_a_fee_that_is_corrected_or_taken_back_is_charged_as_it_stands(
    platform: Platform, tmp_path: Path
) -> None:
    there = await small(platform, billed(), tmp_path)
    ids = there.ids
    before = await there.book(there.account("B"))
    assert value_of(before) == Decimal("0.03950000")
    version = before.view.book_version
    async with platform.db.unit_of_work(Binding(there.firm.id), actor=SYSTEM) as uow:
        fee = TransactionCommand(
            ids.accounts["A"], "ADVISORY_FEE", CLOSE, Decimal(-20), billed_account_id=ids.accounts["B"]
        )
        await correct_transaction(uow, there.firm, ids.transactions["FEE"], fee, reason="20 were agreed")
    book = await there.book(there.account("B"))
    assert value_of(book) == Decimal("0.03000000")  # (1,050 - 20) / 1,000 - 1
    old = await there.book(there.account("B"), known_version=version)
    assert value_of(old) == Decimal("0.03950000")
    async with platform.db.unit_of_work(Binding(there.firm.id), actor=SYSTEM) as uow:
        back = TransactionCommand(
            ids.accounts["A"], "ADVISORY_FEE", CLOSE, Decimal(20), billed_account_id=ids.accounts["B"]
        )
        await post_transaction(uow, there.firm, back)
    assert value_of(await there.book(there.account("B"))) == Decimal("0.05000000")


async def test_what_half_an_account_bears_sums_to_the_fees_beside_it(
    platform: Platform, tmp_path: Path
) -> None:
    """Half of 0.02, of 10.01 and of the 0.05 paid back: 0.01, 5.015 and 4.99 so far, in cents 0.01, 5.02 and
    4.99, so 0.01, 5.01 and -0.03; half of a custody fee of 3.00 is an expense."""
    book = billed(amount="-10.01")
    book.accounts[1] = replace(book.accounts[1], account_type="JOINT")
    book.transaction("ADVISORY_FEE", "-0.02", account="B", on="2021-03-29")
    book.transaction("ADVISORY_FEE", "0.05", account="B", on=CLOSE)
    book.transaction("EXPENSE", "-3", account="B", on=CLOSE)
    out = tmp_path / "halves"
    write_bundle(
        out,
        BundleHeader(book.source, book.as_of),
        {
            "households": book.households, "accounts": book.accounts, "securities": book.securities,
            "prices": book.prices, "fx_rates": book.fx_rates, "transactions": book.transactions,
            "clients": [ClientRow(0, key, "PERSON", f"Half {key}") for key in ("L", "R")],
            "owners": [OwnerRow(0, "B", None, key, "JOINT_COMMON", Decimal("0.5")) for key in ("L", "R")],
        },
    )  # fmt: skip
    firm = await make_firm(platform, pinned_business_date=CLOSE)
    assert (await import_bundle(platform, firm, out, actor=SYSTEM, dry_run=False)).ok
    there = Small(platform, firm, await ids_of(platform, firm))
    async with platform.db.reading(Binding(firm.id)) as reader:
        party = await reader.scalar(text("select id from parties where external_id = 'L'"))
    half = await there.book(Scope(ScopeKind.PARTY, party))
    figures = of_period(half)
    charges = charges_of(half, figures.period)
    assert {each.share for each in charges} == {Decimal("0.5")}
    fees = [each.borne or 0 for each in charges if each.counts_as is CountsAs.FEE]
    assert sum(fees) == figures.fees == Decimal("4.99")
    assert sorted(fees) == [Decimal("-0.03"), Decimal("0.01"), Decimal("5.01")]
    assert [each.borne for each in charges if each.counts_as is CountsAs.EXPENSE] == [Decimal("1.50")]
    assert expenses_of(half, figures.period) == Decimal("1.5")
