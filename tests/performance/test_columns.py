"""Many accounts at once: the same figures as the reference, to 8 decimals, returns to the bit."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal

import numpy
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
    policy = CalculationPolicy(observations_min=2, flow_timing=timing, risk_free_rate=Decimal("0.02"))
    accounts = [account(rng, count) for _ in range(3)]
    days = [row.day for row in accounts[0][1:]]
    columns = capital_columns(accounts, days, basis, policy)
    assert (columns.day_count, columns.account_count) == (count, 3)
    returns, found = linked_returns(columns), statistics_of(columns, policy)
    for at, rows in enumerate(accounts):
        reference = time_weighted(rows, begin=FIRST, end=days[-1], basis=basis, policy=policy)
        if math.isnan(returns[at]):
            assert any(not sub.start > 0 or (sub.growth or 0) < 0 for sub in reference.sub_periods)
            assert math.isnan(found.value[at])
            assert math.isnan(found.max_drawdown[at])
            continue
        assert returns[at] == reference.value == found.value[at]
        daily = [sub.value for sub in reference.sub_periods]
        for own, other in [
            (found.volatility[at], statistics.volatility(daily, policy).value),
            (found.sharpe[at], statistics.sharpe(daily, policy).value),
            (found.max_drawdown[at], statistics.max_drawdown(daily).value),
        ]:
            assert math.isnan(own) == (other is None)
            assert other is None or math.isclose(own, other, rel_tol=1e-9, abs_tol=1e-12)


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
    policy = CalculationPolicy(observations_min=2)
    sound = [ScopeDay(row.day, Decimal(100 + n)) for n, row in enumerate(rows)]
    columns = capital_columns([rows, sound], [row.day for row in rows[1:]], FeeBasis.NET, policy)
    returns, found = linked_returns(columns), statistics_of(columns, policy)
    assert math.isnan(returns[0])
    assert returns[1] == pytest.approx(0.02)
    assert numpy.isnan(found.value).tolist() == [True, False]


def test_without_observations_or_variation_there_is_no_ratio() -> None:
    one = CapitalColumns(numpy.array([[100.0]]), numpy.array([[101.0]]))
    still = CapitalColumns(numpy.full((3, 1), 100.0), numpy.full((3, 1), 100.0))
    for columns, value, volatility in ((one, 0.01, math.nan), (still, 0.0, 0.0)):
        found = statistics_of(columns, CalculationPolicy(observations_min=2))
        assert found.value[0] == pytest.approx(value)
        assert found.volatility[0] == pytest.approx(volatility, nan_ok=True)
        assert math.isnan(found.sharpe[0])
        assert found.max_drawdown[0] == 0


def test_columns_of_other_days_or_shapes_are_refused() -> None:
    policy = CalculationPolicy(observations_min=2)
    rows = [ScopeDay(FIRST, Decimal(1)), ScopeDay(FIRST + ONE, Decimal(1))]
    with pytest.raises(ValueError, match="expected those of 1"):
        capital_columns([rows], [FIRST], FeeBasis.NET, policy)
    with pytest.raises(ValueError, match="days by accounts"):
        CapitalColumns(numpy.ones((2, 1)), numpy.ones((1, 2)))
    with pytest.raises(ValueError, match="days by accounts"):
        CapitalColumns(numpy.ones((0, 1)), numpy.ones((0, 1)))
