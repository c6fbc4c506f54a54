"""Days on which the market is closed and something was entered, through the import: published cases."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance import PeriodKind
from wealthnexus.domain.performance.answers import risk
from wealthnexus.domain.performance.service.days import bring_days
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import Small, of_period, small

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
TRUTHS = Path(__file__).parent.parent / "truths"
D = Decimal


def case_of(name: str, key: str) -> dict[str, Any]:
    cases = json.loads((TRUTHS / name).read_text())["cases"]
    found: dict[str, Any] = next(case for case in cases if case["id"] == key)
    return found


EXCEL = case_of("twr.json", "pp/excel_sample")
XIRR = case_of("xirr.json", "mathworks/act365")


def excel_sample(book: Book) -> None:
    """New Year's Eve is a Saturday: five of the nine days have no session."""
    flows, before = {day: D(str(each)) for day, each in EXCEL["inputs"]["external_flows"]}, D(0)
    for day, given in EXCEL["inputs"]["valuations"]:
        flow, value = flows.get(day, D(0)), D(str(given))
        if flow:
            book.transaction("DEPOSIT" if flow > 0 else "WITHDRAWAL", str(flow), account="EXCEL", on=day)
        if gain := value - before - flow:
            book.transaction("INTEREST" if gain > 0 else "EXPENSE", str(gain), account="EXCEL", on=day)
        before = value


def mathworks(book: Book) -> None:
    """One of the four withdrawals is on a Saturday."""
    (begin, paid), *received = [(day, D(str(amount))) for day, amount in XIRR["flows"]]
    book.deposit(str(-paid), account="XIRR", on=begin)
    gain = sum((amount for _, amount in received), paid)
    book.transaction("INTEREST", str(gain), account="XIRR", on=begin)
    for day, amount in received:
        book.transaction("WITHDRAWAL", str(-amount), account="XIRR", on=day)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def published(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Small:
    last = date(2012, 1, 8)
    book = Book(as_of=last).household().account("EXCEL").account("XIRR")
    excel_sample(book)
    mathworks(book)
    return await small(platform, book, tmp_path_factory.mktemp("closed"), day=last)


async def test_capital_that_moves_on_closed_days(published: Small) -> None:
    """Portfolio Performance's sample day by day, which sessions alone would make -3.50 %."""
    found = of_period(await published.book(published.account("EXCEL")))
    values = [sub.value for sub in found.measured.sub_periods]
    assert values == [pytest.approx(each, abs=1e-12) for each in EXCEL["expected"]["daily"]]
    assert found.time_weighted.published == D("-0.05618268")


async def test_a_rate_of_flows_on_closed_days(published: Small) -> None:
    book = await published.book(published.account("XIRR"), as_of=date(2008, 12, 1))
    found = of_period(book).money_weighted
    assert found.value == pytest.approx(XIRR["expected_xirr"], abs=XIRR["tolerance"])


async def test_statistics_have_one_observation_a_session(published: Small) -> None:
    """Saturday to Tuesday, the third of January, is one; the last is of the day that was asked for."""
    book = await published.book(published.account("EXCEL"))
    period = book.period(PeriodKind.SINCE_INCEPTION)
    assert period is not None
    table = risk(book, period).figures["volatility"].table
    assert table is not None
    assert [str(day) for day, _ in table.rows] == [
        "2012-01-03", "2012-01-04", "2012-01-05", "2012-01-06", "2012-01-08",
    ]  # fmt: skip
    assert table.rows[0][1] == pytest.approx(EXCEL["expected"]["cumulative"][3], abs=1e-12)


async def test_closed_days_beside_stored_ones(published: Small) -> None:
    """Of what is stored, sessions alone, closed days are computed; the figures stay."""
    scope = published.household()
    before = of_period(await published.book(scope))
    async with published.platform.db.unit_of_work(Binding(published.firm.id)) as uow:
        brought = await bring_days(
            uow, await book_view(uow, published.firm), list(published.ids.accounts.values())
        )
    assert brought.valued_count == 2
    after = of_period(await published.book(scope))
    assert after.measured.sub_periods == before.measured.sub_periods
    assert after.money_weighted.value == before.money_weighted.value
