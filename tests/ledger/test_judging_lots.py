"""What is doubtful in tax lots is a finding, once and while it is so; when it is mended it is closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger.service import TransactionCommand, post_transaction
from wealthnexus.domain.ledger.service.judging_lots import JudgedLots, judge_lots
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, ids_of, rows

pytestmark = pytest.mark.database

POSTED = (
    "select code, severity, state, message, dedupe_key from findings"
    " where tenant_id = :t and category = 'tax_lots' order by detected_at, message"
)
ITEMS = "select title, state from work_items where tenant_id = :t and kind = 'ledger.tax_lots'"


def beyond() -> Book:
    """120 sold of 100."""
    return (
        Book()
        .household()
        .account()
        .account("A2")
        .security()
        .deposit("9000", on="2021-01-04")
        .buy("ACME", "100", "-5000", on="2021-01-05")
        .sell("ACME", "120", "7200", on="2021-03-05", key="S1")
    )


async def judged(platform: Platform, firm: FirmInfo) -> JudgedLots:
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        return await judge_lots(uow, await book_view(uow, firm))


async def test_a_sale_of_more_than_was_held(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    assert (await beyond().load(platform, firm, tmp_path)).ok
    first = await judged(platform, firm)
    again = await judged(platform, firm)
    assert (first.account_count, first.finding_count, first.closed_count) == (2, 1, 0)
    assert again == first
    ((code, severity, state, message, _key),) = await rows(platform, firm, POSTED)
    assert (code, severity, state) == ("SOLD_MORE_THAN_HELD", "WARNING", "OPEN")
    assert message == (
        "Account A1, 5 Mar 2021: ACME Corp: S1 sells 20 units more than are held; their basis is not known"
    )
    assert await rows(platform, firm, ITEMS) == [("1 tax lot is not fully known", "OPEN")]


async def test_it_is_closed_when_the_purchase_is_told(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """A purchase posted late: its finding and the work end."""
    assert (await beyond().load(platform, firm, tmp_path)).ok
    await judged(platform, firm)
    ids = await ids_of(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        command = TransactionCommand(
            account_id=ids.accounts["A1"], type="BUY", trade_date=date(2021, 1, 6),
            security_id=ids.securities["ACME"], quantity=Decimal(20), amount=Decimal("-1000"),
        )  # fmt: skip
        await post_transaction(uow, firm, command)
    looked = await judged(platform, firm)
    assert (looked.account_count, looked.finding_count, looked.closed_count) == (2, 0, 1)
    assert [row[2] for row in await rows(platform, firm, POSTED)] == ["RESOLVED"]
    assert await rows(platform, firm, ITEMS) == [("1 tax lot is not fully known", "DONE")]


async def test_what_was_dismissed_is_not_told_again(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    assert (await beyond().load(platform, firm, tmp_path)).ok
    await judged(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            text("update findings set state = 'DISMISSED' where tenant_id = :t and category = 'tax_lots'"),
            {"t": firm.id},
        )
    await judged(platform, firm)
    assert [row[2] for row in await rows(platform, firm, POSTED)] == ["DISMISSED"]


async def test_an_import_asks_for_a_look(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    assert (await beyond().load(platform, firm, tmp_path)).ok
    asked = "select count(*) from jobs where tenant_id = :t and kind = 'ledger.judge_lots'"
    assert await rows(platform, firm, asked) == [(1,)]


async def test_a_book_that_is_too_large_is_left_out(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await beyond().load(platform, firm, tmp_path)).ok
    monkeypatch.setattr("wealthnexus.domain.ledger.lot_books.load.ENTRIES_MAX", 1)
    looked = await judged(platform, firm)
    assert (looked.left_out, looked.finding_count) == (1, 0)


async def test_lots_that_are_not_what_is_held(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that loses a lot is found out: 100 bought, 20 short of the books after 120 were sold."""
    assert (await beyond().load(platform, firm, tmp_path)).ok
    monkeypatch.setattr("wealthnexus.domain.ledger.lots.book.LotBook.open_lots", lambda _book: ())
    await judged(platform, firm)
    posted = {row[0]: row for row in await rows(platform, firm, POSTED)}
    assert posted["LOTS_UNLIKE_UNITS"][1:4] == (
        "BREACH", "OPEN",
        "Account A1, 31 Mar 2021: ACME Corp: the lots have 0 units, the transactions -20",
    )  # fmt: skip
