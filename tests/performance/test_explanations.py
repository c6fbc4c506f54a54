"""Explanations as a stranger recomputes them: returns from positions, the rest from what the bundle says."""

from __future__ import annotations

import json
import math
import statistics
from decimal import Decimal
from typing import Any

import pytest
from wealthnexus.domain.performance.explaining import Explaining, period_of_path
from wealthnexus.domain.performance.exporting import exported
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.kit.db.session import Binding, Reader

from tests.oracle import performance as oracle
from tests.performance.stories import Stories

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
LEAST = Decimal("0.00000001")


async def bundle(reader: Reader, book: ScopeBook, path: str) -> tuple[dict[str, Any], Decimal]:
    """The text of a figure's export as data, and the figure as it is published."""
    shown = await Explaining(reader, book, False).at(path)
    assert shown is not None, path
    text = json.dumps(await exported(reader, book, shown, path, period_of_path(book, path)))
    told = json.loads(text)
    assert told["isComplete"] is True
    return told, Decimal(told["figure"].get("published") or 0)


@pytest.mark.parametrize("basis", ["net", "gross"])
async def test_returns_follow_from_entries_closes_and_rates(told: Stories, basis: str) -> None:
    """In kind, in another currency, fees paid for others, actions: by account and by household."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        for scope in (
            {"account": "MERGED"},
            {"account": "RECEIVER"},
            {"account": "EURO"},
            {"account": "BILLED"},
            {"household": "H2"},
            {"household": "H3"},
            {"household": "H6"},
            {"household": "H4"},
        ):
            book = await told.scope(reader, **scope)
            found, published = await bundle(reader, book, f"ITD/{basis}")
            assert abs(oracle.from_positions(found) - published) <= LEAST, scope
            assert abs(oracle.recomputed(found) - published) <= LEAST, scope
    prices = [p for day in found["days"] for a in day["accounts"] for p in a["positions"]]
    assert {(p["file"], bool(p["line"])) for p in prices} == {("prices.csv", True)}


async def test_a_benchmark_and_what_is_beside_it_are_recomputed(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="FEES")
        found, published = await bundle(reader, book, "ITD/benchmark")
        beside = oracle.benchmark_return(found)
        assert beside == pytest.approx(float(published), abs=1e-8)
        assert found["days"] == []
        growths = oracle.component_growths(found)
        assert len(growths) == 2 * len(found["benchmark"]["days"])
        for day in found["benchmark"]["days"]:
            for index, part in day["parts"].items():
                assert float(part["growth"]) == pytest.approx(growths[index, day["day"]], rel=1e-12)
        over, published = await bundle(reader, book, "ITD/excess")
        net, other = over["figure"]["parts"]
        assert other["value"] == found["figure"]["value"]
        own = oracle.recomputed({**over, "figure": net})
        assert float(own) - oracle.benchmark_return(over) == pytest.approx(float(published), abs=1e-8)
        whole, published = await bundle(reader, book, "ITD/attribution")
        effects = oracle.attribution(whole)
        table = {row[0]: [float(each) for each in row[1:]] for row in whole["figure"]["table"]["rows"]}
        assert {key: pytest.approx(each, abs=1e-12) for key, each in effects.items()} == table
        assert math.fsum(map(math.fsum, effects.values())) == pytest.approx(float(published), abs=1e-8)
        fall, published = await bundle(reader, book, "ITD/tracking_error")
        active = [own - other for _, own, other in oracle.observed(fall) if other is not None]
        error = statistics.stdev(active) * math.sqrt(252)
        assert error == pytest.approx(float(published), abs=1e-8)
        assert [day for day, _, _ in oracle.observed(fall)][-1] == "2021-03-31"


async def test_contributions_are_recomputed_and_each_part_explains_itself(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="MERGED")
        found, published = await bundle(reader, book, "ITD/contribution-security-net")
        parts = oracle.contribution(found)
        assert math.fsum(parts.values()) == pytest.approx(float(published), abs=1e-8)
        assert {
            row[0]: pytest.approx(float(row[1]), abs=1e-12) for row in found["figure"]["table"]["rows"]
        } == parts
        for at, key in enumerate(sorted(parts)):
            alone, own = await bundle(reader, book, f"ITD/contribution-security-net-{key}")
            growths = [float(row[4]) for row in alone["figure"]["table"]["rows"] if row[4] is not None]
            if alone["figure"]["value"] is not None:
                assert math.prod(growths) - 1 == pytest.approx(float(own), abs=1e-8)
            below = await Explaining(reader, book, False).at(f"ITD/contribution-security-net/{at}")
            assert below is not None


async def test_a_gain_explains_itself_by_its_parts(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, household="H3")
        found, _ = await bundle(reader, book, "ITD/gain")
    parts = {name: Decimal(amount) for name, amount in found["figure"]["table"]["rows"]}
    assert sum(parts.values()) == Decimal(found["figure"]["value"]) == 795


@pytest.mark.parametrize(
    "path",
    ["", "ITD", "ITD/nothing", "ITD/gross", "ITD/contribution-account-gross", "ITD/contribution-colour-net",
     "from-2999-01-01/net", "from-x/net", "CUSTOM/net", "2021-13/net", "2021-03/gross", "ITD/net/99",
     "ITD/contribution-security-net-nobody", "x" * 400 + "/net"],
)  # fmt: skip
async def test_what_there_is_not_or_not_for_clients_is_not_found(told: Stories, path: str) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="MERGED")
        assert await Explaining(reader, book, True).at(path) is None
