"""Both demo firms: returns as an independent reading of their files has them, explanations as a stranger
recomputes them.

A part of the households in `make test`, all of them in `make soak`.
"""

from __future__ import annotations

import csv
import json
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance import FeeBasis, PeriodKind
from wealthnexus.domain.performance.exporting import exported
from wealthnexus.domain.performance.reading import scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.rules.time_weighted import Method
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.oracle.performance import from_positions, recomputed
from tests.oracle.returns import NotComparable, Returns, linked
from tests.performance.conftest import CLOCK, Demo

pytestmark = [
    pytest.mark.database,
    pytest.mark.soak,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("performance_demo"),
]
PERIODS = {
    PeriodKind.MONTH_TO_DATE: date(2021, 2, 28),
    PeriodKind.YEAR_TO_DATE: date(2020, 12, 31),
    PeriodKind.ONE_YEAR: date(2020, 3, 31),
    PeriodKind.THREE_YEARS: date(2018, 3, 31),
    PeriodKind.SINCE_INCEPTION: date(1900, 1, 1),
}


async def test_returns_are_those_of_the_files(platform: Platform, demo: Demo, soak: bool) -> None:
    """Every household of which each day has a value: five periods, net and gross, to 8 decimals."""
    oracle = Returns(demo.folder)
    compared = households = left_out = 0
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm)
        rows = (await clients.households_page(reader, view, page_request(200, None))).rows
        for row in rows if soak else rows[::3]:
            try:
                sessions, net, gross = oracle.growths(row.external_id, CLOCK, view.currency)
            except NotComparable:
                left_out += 1
                continue
            book = await scope_book(reader, view, Scope(ScopeKind.HOUSEHOLD, row.id))
            assert book is not None
            households += 1
            assert book.inception is not None
            for kind, begin in PERIODS.items():
                period = book.period(kind)
                assert period is not None
                for basis, growths in ((FeeBasis.NET, net), (FeeBasis.GROSS, gross)):
                    found = book.figures(period, basis).time_weighted
                    if found.reason is not None and found.reason.value == "HISTORY_TOO_SHORT":
                        assert sessions[0] > begin
                        continue
                    expected = Decimal(f"{linked(sessions, growths, begin):.8f}")
                    assert found.published is not None, (row.name, kind, found.reason)
                    assert abs(found.published - expected) <= Decimal("0.00000001"), (row.name, kind, basis)
                    compared += 1
    print(f"\n{demo.firm.name}: {households} households, {compared} returns; {left_out} left out")
    assert households >= (20 if soak else 7)
    assert compared >= (150 if soak else 50)


async def test_a_stranger_recomputes_explanations(platform: Platform, demo: Demo, soak: bool) -> None:
    """Of the exported text alone: the return to 8 decimals, each flow from the line of the file it names.

    Fifty for both firms together in `make soak`.
    """
    chance = random.Random(20210331)
    with (demo.folder / "transactions.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = dict(enumerate(csv.DictReader(file), start=2))
    done, flows, positions, wanted = 0, 0, 0, 25 if soak else 8
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        while done < wanted:
            day = CLOCK - timedelta(days=chance.randrange(2_000))
            view = await book_view(reader, demo.firm, day)
            rows = (await clients.accounts_page(reader, view, page_request(200, None))).rows
            row = chance.choice(list(rows))
            kind, key = (ScopeKind.ACCOUNT, row.id)
            if chance.random() < 0.5:
                homes = (await clients.households_page(reader, view, page_request(200, None))).rows
                kind, key = (ScopeKind.HOUSEHOLD, chance.choice(list(homes)).id)
            book = await scope_book(reader, view, Scope(kind, key))
            assert book is not None
            period = book.period(chance.choice([PeriodKind.SINCE_INCEPTION, PeriodKind.YEAR_TO_DATE]))
            if period is None:
                continue
            shown = book.figures(period, chance.choice(list(FeeBasis))).time_weighted
            if shown.value is None:
                continue
            told = json.loads(json.dumps(await exported(reader, book, shown, "x/net", period)))
            assert recomputed(told) == shown.published
            if all(
                sub.method is not Method.MODIFIED_DIETZ
                for sub in book.figures(period, FeeBasis.NET).measured.sub_periods
            ):
                assert abs(from_positions(told) - (shown.published or 0)) <= Decimal("0.00000001")
                positions += sum(
                    len(account["positions"]) for each in told["days"] for account in each["accounts"]
                )
            assert told["figure"]["published"] == format(shown.published or 0, "f")
            flows += _flows_are_of_their_lines(told, lines)
            done += 1
    assert flows > 4 * wanted
    assert positions > 100 * wanted


def _flows_are_of_their_lines(told: dict[str, object], lines: dict[int, dict[str, str]]) -> int:
    """Cash flows of an explanation beside the lines of the file; how many were looked at."""
    figure: dict[str, object] = told["figure"]  # type: ignore[assignment]
    rows = {row["reference"]: row for row in told["transactions"]}  # type: ignore[attr-defined]
    parts = [p for p in figure["parts"] if p["formula"]["id"] == "scope.flows"]  # type: ignore[attr-defined]
    count = 0
    for part in parts:
        for _, effect, _, amount, reference in part["table"]["rows"]:
            if effect != "FLOW" or not reference:
                continue
            row = rows[reference]
            line = lines[row["line"]]
            assert line["external_id"] == row["sourceId"]
            assert Decimal(line["amount"]) == Decimal(row["amount"])
            if line["type"] in {"DEPOSIT", "WITHDRAWAL"} and line["currency"] == told["scope"]["currency"]:  # type: ignore[index]
                assert Decimal(amount) == Decimal(line["amount"])
                count += 1
    return count
