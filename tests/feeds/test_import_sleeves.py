"""Sleeves that a source names: made once, kept when it changes its row, refused what would not sum."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, rows

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
STANDING = (
    "select t.source_id, f.name, t.amount from transactions t"
    " join portfolios f on f.tenant_id = :t and f.id = t.portfolio_id"
    " where t.tenant_id = :t and t.entry_kind <> 'REVERSAL' and not exists (select 1 from transactions r"
    " where r.tenant_id = :t and r.reverses_id = t.id) order by t.source_id"
)


def a_book() -> Book:
    return (
        Book()
        .household()
        .account()
        .transaction("DEPOSIT", "100", key="T1")
        .transaction("DEPOSIT", "40.25", key="T2", sleeve="Satellite")
        .transaction("DEPOSIT", "7", key="T3", sleeve="Satellite")
    )


async def test_a_sleeve_is_made_once_and_a_changed_row_stays_in_it(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = a_book()
    await book.load(platform, firm, tmp_path)
    again = await book.load(platform, firm, tmp_path)
    assert (again.counts["transactions"].created, again.counts["transactions"].changed) == (0, 0)
    book.transactions[1] = replace(book.transactions[1], amount=Decimal(41), sleeve=None)
    assert (await book.load(platform, firm, tmp_path)).counts["transactions"].changed == 1
    assert await rows(platform, firm, STANDING) == [
        ("T1", "Default", Decimal(100)),
        ("T2", "Satellite", Decimal(41)),
        ("T3", "Satellite", Decimal(7)),
    ]
    assert await rows(platform, firm, "select name from portfolios where tenant_id = :t order by name") == [
        ("Default",),
        ("Satellite",),
    ]


async def test_parts_of_a_cent_are_of_the_default_sleeve_alone(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = a_book().transaction("DEPOSIT", "0.005", key="T4", sleeve="Satellite")
    report = await book.load(platform, firm, tmp_path)
    assert [problem.message for problem in report.checked.problems] == [
        'transactions.csv line 5, amount "0.005": expected the places of USD in a sleeve of its own'
    ]
