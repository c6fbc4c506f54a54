"""Random composites and random distributions, ours beside the naive reading."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules.composite_years import (
    Portfolio,
    composite_months,
    composite_years,
    whole_months,
)
from wealthnexus.domain.performance.rules.composites import CompositeMembership
from wealthnexus.domain.performance.rules.levels import Distribution, total_return_levels
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

from tests.oracle import composites as oracle

pytestmark = pytest.mark.unit
ONE = timedelta(days=1)
SPANS = list(whole_months(date(2021, 1, 1), date(2022, 12, 31)))
seeds = st.integers(0, 2**32)


def portfolio(rng: random.Random, key: str) -> tuple[Portfolio, dict[str, object]]:
    """Funded from a month on, emptied at the end of one, perhaps."""
    first, last = rng.choice([0, 0, 0, 5]), rng.choice([24, 24, 24, 15])
    values = {n: Decimal(rng.randint(50_000, 900_000)) / 100 for n in range(first, last)}
    values |= dict.fromkeys(range(last, 25), Decimal(0))
    returns = {n: round(rng.uniform(-0.2, 0.2), 6) for n in range(1, 25)}
    ends = [SPANS[0][0], *(end for _, end in SPANS)]
    by_month = {(ends[n].year, ends[n].month): value for n, value in returns.items()}
    ours = Portfolio(key, {ends[n]: value for n, value in values.items()}, by_month, by_month)
    return ours, {
        "values": {n: Fraction(value) for n, value in values.items()},
        "returns": {n: Fraction(str(r)) for n, r in returns.items()},
    }


@given(seeds, st.integers(1, 12))
@settings(max_examples=40)
def test_months_years_and_dispersion_are_those_of_the_naive_reading(seed: int, count: int) -> None:
    rng = random.Random(seed)
    minimum = Decimal(rng.choice([0, 2_000]))
    known, books, stays = {}, {}, []
    for n in range(count):
        key = f"P{n:02}"
        known[key], books[key] = portfolio(rng, key)
        # From the first or the second day of one month up to the last day, or the one before, of another.
        begin, end = rng.randint(0, 8), rng.randint(14, 23)
        late, early = rng.random() < 0.3, rng.random() < 0.3
        day, leaves = SPANS[begin][0] + ONE * (2 if late else 1), SPANS[end][1] + ONE * (0 if early else 1)
        stays.append(CompositeMembership(key, day, leaves))
        books[key]["stays"] = [(begin + 1 + late, end + 1 - early)]
    least = Fraction(minimum)
    months = composite_months(stays, known, date(2022, 12, 31), minimum or None)
    expected = {n: oracle.month_return(books, n, least) for n in range(1, 25)}
    for month in months:
        n = SPANS.index((month.begin, month.end)) + 1
        told = expected[n]
        if told is None:
            assert month.gross.value is None
        else:
            assert month.gross.value == pytest.approx(float(told), abs=1e-12)
    assert len(months) == 25 - min((n for n, told in expected.items() if told is not None), default=25)
    for year in composite_years(months, known, CalculationPolicy()):
        numbers = [SPANS.index((month.begin, month.end)) + 1 for month in year.months]
        returns = [expected[n] for n in numbers]
        whole = [each for each in returns if each is not None]
        if len(whole) == len(returns):
            assert year.net.value == pytest.approx(float(oracle.linked(whole)), abs=1e-11)
        for shown, by_value in ((year.equal_weighted, False), (year.asset_weighted, True)):
            squared = (
                oracle.variance(books, numbers, least, by_value=by_value) if len(numbers) == 12 else None
            )
            if squared is None:
                assert shown.value is None
            else:
                assert shown.value == pytest.approx(math.sqrt(float(squared)), abs=1e-11)


@given(seeds, st.integers(2, 30))
@settings(max_examples=40)
def test_a_level_is_what_became_of_one_unit(seed: int, count: int) -> None:
    rng = random.Random(seed)
    first = date(2024, 1, 1)
    closes = [Decimal(rng.randint(1_000, 50_000)) / 100 for _ in range(count)]
    made: list[Distribution] = []
    events: dict[int, list[tuple[str, Fraction]]] = {}
    for day in range(1, count):
        if rng.random() < 0.3:
            cash = Decimal(rng.randint(1, 300)) / 100
            made.append(Distribution(first + day * ONE, cash=cash))
            events.setdefault(day, []).append(("cash", Fraction(cash)))
        if rng.random() < 0.2:
            ratio = Decimal(rng.choice([2, 3, 4])) / rng.choice([1, 5])
            made.append(Distribution(first + day * ONE, ratio))
            events.setdefault(day, []).append(("split", Fraction(ratio)))
    rng.shuffle(made)
    by_day = {first + n * ONE: close for n, close in enumerate(closes)}
    levels = total_return_levels(by_day, made).by_day
    worth = oracle.worth_of_one_unit([Fraction(each) for each in closes], events)
    for n in range(count):
        assert float(levels[first + n * ONE]) == pytest.approx(float(100 * worth[n] / worth[0]), rel=1e-12)
