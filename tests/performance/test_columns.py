"""Many accounts at once: the same figures as the reference, to 8 decimals and to the bit where they can."""

from __future__ import annotations

import math
import random
from array import array
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
from wealthnexus.domain.performance.rules.figures import published
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, FeeBasis, FlowTiming
from wealthnexus.domain.performance.rules.time_weighted import time_weighted

from tests.benchmarks import numpy_columns

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


def random_columns(count: int, days: int) -> CapitalColumns:
    rng = random.Random(7)
    start = array("d", (rng.uniform(900, 1_100) for _ in range(count * days)))
    return CapitalColumns(days, start, array("d", (each * rng.uniform(0.97, 1.031) for each in start)))


def test_one_numpy_pass_over_the_same_columns_agrees_to_the_bit() -> None:
    columns = random_columns(20, 250)
    grid = (numpy.frombuffer(columns.end) / numpy.frombuffer(columns.start)).reshape(20, 250)
    assert linked_returns(columns) == (numpy.cumprod(grid, axis=1)[:, -1] - 1).tolist()
    assert columns.account_count == 20


def test_all_accounts_a_day_at_a_time_in_numpy_agree_to_8_decimals() -> None:
    """And leave the same ones to the reference."""
    columns = random_columns(20, 250)
    columns.start[3 * 250 + 7] = 0.0
    columns.end[5 * 250 + 7] = -1.0
    columns.end[7 * 250 + 7] = math.nan
    policy = CalculationPolicy(risk_free_rate=Decimal("0.02"))
    free = statistics.per_period(0.02, policy)
    by_day = [numpy.frombuffer(each).reshape(20, 250).T for each in (columns.start, columns.end)]
    many = numpy_columns.statistics_of(*by_day, periods_per_year=252, free=free)
    found = statistics_of(columns, policy)
    assert [n for n, each in enumerate(found) if each is None] == [3, 5, 7]
    assert numpy.isnan(many.value).nonzero()[0].tolist() == [3, 5, 7]
    for n, each in enumerate(found):
        if each is not None:
            own = (each.value, each.volatility or 0.0, each.sharpe or 0.0, each.max_drawdown)
            other = (many.value[n], many.volatility[n], many.sharpe[n], many.max_drawdown[n])
            assert [published(a) for a in own] == [published(float(b)) for b in other]
