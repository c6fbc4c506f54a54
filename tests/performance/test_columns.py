"""Many accounts at once: the same figures as the reference, to 8 decimals and to the bit where they can."""

from __future__ import annotations

import math
import random
from array import array
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules import statistics
from wealthnexus.domain.performance.rules.columns import (
    CapitalColumns,
    capital_columns,
    linked_returns,
    statistics_of,
)
from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.figures import published
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, FeeBasis, FlowTiming
from wealthnexus.domain.performance.rules.time_weighted import time_weighted

pytestmark = pytest.mark.unit
FIRST = date(2024, 1, 1)
ONE = timedelta(days=1)


def account(rng: random.Random, count: int) -> list[ScopeDay]:
    rows = [ScopeDay(FIRST, Decimal(rng.randint(1_000, 9_000)))]
    for n in range(1, count + 1):
        opening = rows[-1].value or Decimal(0)
        inflow = Decimal(rng.randint(0, 900)) if rng.random() < 0.2 else Decimal(0)
        outflow = Decimal(rng.randint(0, 400)) if rng.random() < 0.2 else Decimal(0)
        value = ((opening + inflow) * Decimal(rng.randint(95, 106)) / 100).quantize(Decimal("0.01")) - outflow
        fees = Decimal(rng.randint(0, 9)) if rng.random() < 0.1 else Decimal(0)
        rows.append(ScopeDay(FIRST + n * ONE, max(value, Decimal(1)), inflow, outflow, fees=fees))
    return rows


@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.sampled_from(FeeBasis), st.sampled_from(FlowTiming))
@settings(max_examples=60, deadline=None)
def test_columns_and_rows_say_the_same(seed: int, count: int, basis: FeeBasis, timing: FlowTiming) -> None:
    rng = random.Random(seed)
    policy = CalculationPolicy(flow_timing=timing, risk_free_rate=Decimal("0.02"))
    accounts = [account(rng, count) for _ in range(3)]
    days = [row.day for row in accounts[0][1:]]
    columns = capital_columns(accounts, days, basis, policy)
    returns = linked_returns(columns)
    for rows, value, found in zip(accounts, returns, statistics_of(columns, policy), strict=True):
        reference = time_weighted(rows, begin=FIRST, end=days[-1], basis=basis, policy=policy)
        if value is None or found is None:
            undefined = any(not sub.start > 0 or (sub.growth or 0) < 0 for sub in reference.sub_periods)
            assert undefined
            continue
        assert value == reference.value
        daily = [sub.value for sub in reference.sub_periods]
        pairs = [
            (found.value, reference.value),
            (found.volatility, statistics.volatility(daily, policy).value),
            (found.sharpe, statistics.sharpe(daily, policy).value),
            (found.max_drawdown, statistics.max_drawdown(daily).value),
        ]
        assert [own is None for own, _ in pairs] == [other is None for _, other in pairs]
        for own, other in pairs:
            assert own is None or other is None or math.isclose(own, other, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize(
    "rows",
    [
        [ScopeDay(FIRST, Decimal(100)), ScopeDay(FIRST + ONE, None), ScopeDay(FIRST + 2 * ONE, Decimal(110))],
        [
            ScopeDay(FIRST, Decimal(100)),
            ScopeDay(FIRST + ONE, Decimal(0)),
            ScopeDay(FIRST + 2 * ONE, Decimal(5)),
        ],
        [
            ScopeDay(FIRST, Decimal(100)),
            ScopeDay(FIRST + ONE, Decimal(-5)),
            ScopeDay(FIRST + 2 * ONE, Decimal(5)),
        ],
        [
            ScopeDay(FIRST, Decimal(100)),
            ScopeDay(FIRST + ONE, Decimal(-5)),
            ScopeDay(FIRST + 2 * ONE, Decimal(5), inflow=Decimal(50)),
        ],
        [
            ScopeDay(FIRST, Decimal(100)),
            ScopeDay(FIRST + ONE, Decimal(100), flow_unknown=True),
            ScopeDay(FIRST + 2 * ONE, Decimal(5)),
        ],
    ],
    ids=["missing", "no capital", "negative capital", "beyond everything", "unknown flow"],
)
def test_what_columns_cannot_decide_is_left_to_the_reference(rows: list[ScopeDay]) -> None:
    policy = CalculationPolicy()
    sound = [ScopeDay(row.day, Decimal(100 + n)) for n, row in enumerate(rows)]
    columns = capital_columns([rows, sound], [row.day for row in rows[1:]], FeeBasis.NET, policy)
    assert linked_returns(columns) == [None, pytest.approx(0.02)]
    assert [found is None for found in statistics_of(columns, policy)] == [True, False]


def test_columns_of_other_days_or_lengths_are_refused() -> None:
    policy = CalculationPolicy()
    rows = [ScopeDay(FIRST, Decimal(1)), ScopeDay(FIRST + ONE, Decimal(1))]
    with pytest.raises(ValueError, match="expected those of 1"):
        capital_columns([rows], [FIRST], FeeBasis.NET, policy)
    with pytest.raises(ValueError, match="starts"):
        CapitalColumns(2, array("d", [1.0]), array("d", [1.0]))


def test_numpy_over_the_same_columns_agrees_to_the_bit() -> None:
    numpy = pytest.importorskip("numpy")
    rng = random.Random(7)
    count, days = 20, 250
    start = array("d", (rng.uniform(900, 1_100) for _ in range(count * days)))
    end = array("d", (each * rng.uniform(0.97, 1.031) for each in start))
    columns = CapitalColumns(days, start, end)
    grid = (numpy.frombuffer(end) / numpy.frombuffer(start)).reshape(count, days)
    linked = numpy.cumprod(grid, axis=1)[:, -1] - 1
    assert linked_returns(columns) == linked.tolist()
    assert columns.account_count == count
    for found, row in zip(statistics_of(columns, CalculationPolicy()), grid, strict=True):
        assert found is not None
        spread = float(numpy.std(row - 1, ddof=1) * numpy.sqrt(252))
        assert published(found.volatility or 0.0) == published(spread)
