"""Performance against the independent reading, on random histories."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules import statistics
from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.figures import Reason, explained
from wealthnexus.domain.performance.rules.money_weighted import CashFlow, money_weighted
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    ExpenseKind,
    FeeBasis,
    FlowTiming,
    JoinValue,
)
from wealthnexus.domain.performance.rules.scopes import Membership, Movement, MovementKind, scope_series
from wealthnexus.domain.performance.rules.time_weighted import Method, figure_of, time_weighted

from tests.oracle import performance as oracle

pytestmark = pytest.mark.unit
FIRST = date(2024, 1, 1)
ONE = timedelta(days=1)
EXACT = 1e-12
POLICY = CalculationPolicy()
bounded = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 2**32 - 1)
bases = st.sampled_from(FeeBasis)


def cents(rng: random.Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low * 100, high * 100)) / 100


def history(rng: random.Random, count: int) -> list[ScopeDay]:
    """A funded scope: every amount at random, the capital of each day above 0."""
    rows, value = [ScopeDay(FIRST, cents(rng, 1_000, 100_000))], Decimal(0)
    for n in range(1, count):
        opening = rows[-1].value or Decimal(0)
        inflow = cents(rng, 0, 50_000) if rng.random() < 0.3 else Decimal(0)
        change = cents(rng, -int(opening / 2), 5_000) if rng.random() < 0.1 else Decimal(0)
        capital = opening + inflow + change
        outflow = (capital * Decimal("0.6")).quantize(Decimal("0.01")) if rng.random() < 0.2 else Decimal(0)
        value = (capital * Decimal(str(round(rng.uniform(0.9, 1.1), 4))) - outflow).quantize(Decimal("0.01"))
        fees = cents(rng, -5, 20) if rng.random() < 0.2 else Decimal(0)
        rows.append(
            ScopeDay(
                FIRST + n * ONE,
                max(value, Decimal("1.00")),
                inflow,
                outflow,
                change,
                fees,
                cents(rng, 0, 3) if rng.random() < 0.1 else Decimal(0),
                cents(rng, 0, 3) if rng.random() < 0.1 else Decimal(0),
            )
        )
    return rows


def as_row(row: ScopeDay) -> oracle.Row:
    names = ("value", "inflow", "outflow", "opening_change", "fees", "fees_elsewhere", "expenses_elsewhere")
    return {name: getattr(row, name) for name in names}


@given(seeds, st.integers(2, 40), bases)
@bounded
def test_a_time_weighted_return_is_the_price_of_a_unit(seed: int, count: int, basis: FeeBasis) -> None:
    rows = history(random.Random(seed), count)
    found = time_weighted(rows, begin=FIRST, end=rows[-1].day, basis=basis, policy=POLICY)
    expected = oracle.unit_price_return(
        Fraction(rows[0].value or 0), [as_row(row) for row in rows[1:]], gross=basis is FeeBasis.GROSS
    )
    assert found.value == pytest.approx(float(expected), abs=EXACT, rel=EXACT)
    assert found.reason is None


@given(seeds, st.integers(3, 25), bases, st.sampled_from(FlowTiming))
@bounded
def test_modified_dietz_is_gain_over_the_capital_of_each_day(
    seed: int, count: int, basis: FeeBasis, timing: FlowTiming
) -> None:
    """All values between the first and the last are missing."""
    rows = history(random.Random(seed), count)
    gap = [
        ScopeDay(row.day, row.value if row is rows[-1] else None, row.inflow, row.outflow, fees=row.fees)
        for row in rows[1:]
    ]
    flows = []
    for row in gap:
        flows.append((row.day, Fraction(row.inflow), timing is not FlowTiming.END_OF_DAY))
        flows.append((row.day, -Fraction(row.outflow), timing is FlowTiming.START_OF_DAY))
        if basis is FeeBasis.GROSS:
            flows.append((row.day, -Fraction(row.fees), False))
    opening, closing = Fraction(rows[0].value or 0), Fraction(rows[-1].value or 0)
    gain, capital = oracle.gain_and_capital_by_day(opening, closing, FIRST, gap[-1].day, flows)
    found = time_weighted(
        [rows[0], *gap],
        begin=FIRST,
        end=gap[-1].day,
        basis=basis,
        policy=CalculationPolicy(dietz_timing=timing),
    )
    if capital <= 0:
        assert found.undefined[0].reason in {Reason.NEGATIVE_CAPITAL, Reason.NO_CAPITAL}
        return
    assert found.value == pytest.approx(float(gain / capital), abs=EXACT, rel=1e-11)


@given(seeds, st.integers(2, 40), bases)
@bounded
def test_a_stranger_recomputes_an_exported_explanation(seed: int, count: int, basis: FeeBasis) -> None:
    """From its JSON alone, with days without a value among the others: to 8 decimals."""
    rng = random.Random(seed)
    rows = history(rng, count)
    rows[1:-1] = [
        ScopeDay(row.day, None, row.inflow, row.outflow, fees=row.fees) if rng.random() < 0.2 else row
        for row in rows[1:-1]
    ]
    found = time_weighted(rows, begin=FIRST, end=rows[-1].day, basis=basis, policy=POLICY)
    assume(found.value is not None and abs(found.value) < 1e6)
    shown = figure_of(found, POLICY, "USD")
    text = json.dumps(explained(shown, POLICY))
    again = oracle.recomputed(json.loads(text))
    # Both are rounded to 8 places, half-even: an exact tie may fall either way in doubles.
    assert abs(again - (shown.published or 0)) <= Decimal("0.00000001")
    assert float(again) == pytest.approx(found.value, abs=6e-9)


# -- households ----------------------------------------------------------------------------------------


class Books:
    """Three accounts over ``count`` days, all of it at random, in the words of both readings."""

    def __init__(self, rng: random.Random, count: int) -> None:
        self.days = [FIRST + n * ONE for n in range(count)]
        names = ["A", "B", "C"]
        self.flows = [
            (rng.choice(names), rng.choice(self.days[1:]), Fraction(cents(rng, -100, 400))) for _ in range(6)
        ]
        self.transfers = []
        for _ in range(4):
            source, target = rng.sample(names, 2)
            left = rng.randrange(1, count)
            arrived = min(left + rng.choice([0, 0, 1, 2]), count - 1)
            moved = Fraction(cents(rng, 1, 300))
            self.transfers.append((source, self.days[left], target, self.days[arrived], moved))
        self.fees = [
            (
                rng.choice(names),
                rng.choice(names),
                rng.choice(self.days[1:]),
                Fraction(cents(rng, 1, 20)),
                rng.random() < 0.6,
            )
            for _ in range(5)
        ]
        self.shares = {"A": dict.fromkeys(self.days, Fraction(1))}
        self.memberships = [Membership("A", self.days[0])]
        for name in ("B", "C"):
            self.shares[name] = dict.fromkeys(self.days, Fraction(0))
            first, end = sorted(rng.sample(range(count + 1), 2))
            share = rng.choice([Fraction(1), Fraction(1), Fraction(1, 2), Fraction(1, 3)])
            for day in self.days[first:end]:
                self.shares[name][day] = share
            self.memberships.append(
                Membership(name, self.days[first], self.days[first] + (end - first) * ONE, share)
            )
        self.values = {name: self._values(rng, name) for name in names}
        self.oracle = oracle.Household(self.values, self.shares, self.flows, self.transfers, self.fees)

    def _values(self, rng: random.Random, name: str) -> dict[date, Fraction]:
        values, value = {}, Fraction(5_000)
        for day in self.days:
            value *= Fraction(rng.randint(950, 1_050), 1_000)
            value += sum(a for who, when, a in self.flows if (who, when) == (name, day))
            value -= sum(t[4] for t in self.transfers if (t[0], t[1]) == (name, day))
            value += sum(t[4] for t in self.transfers if (t[2], t[3]) == (name, day))
            value -= sum(f[3] for f in self.fees if (f[0], f[2]) == (name, day))
            value = Fraction(round(value, 2))
            values[day] = value
        return values

    def movements(self) -> list[Movement]:
        found = [Movement(who, when, to_decimal(a)) for who, when, a in self.flows]
        for n, (source, left, target, arrived, moved) in enumerate(self.transfers):
            sides = ((source, left, -moved), (target, arrived, moved))
            found += [
                Movement(who, when, to_decimal(a), MovementKind.TRANSFER, transfer_id=str(n))
                for who, when, a in sides
            ]
        for payer, billed, when, fee, advisory in self.fees:
            kind = ExpenseKind.ADVISORY_FEE if advisory else ExpenseKind.CUSTODY_FEE
            found.append(
                Movement(
                    payer,
                    when,
                    to_decimal(-fee),
                    MovementKind.EXPENSE,
                    expense=kind,
                    billed_account=None if billed == payer else billed,
                )
            )
        return found


def to_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@given(seeds, st.integers(3, 15), bases, st.sampled_from(JoinValue))
@bounded
def test_a_household_is_what_each_of_its_accounts_earned(
    seed: int, count: int, basis: FeeBasis, join: JoinValue
) -> None:
    """Joining, leaving, shares, transfers in transit, fees paid for one another: day by day."""
    books = Books(random.Random(seed), count)
    policy = CalculationPolicy(join_value=join)
    values = {name: {day: to_decimal(v) for day, v in own.items()} for name, own in books.values.items()}
    series = scope_series(values, books.movements(), books.memberships, books.days, policy)
    found = time_weighted(series.days, begin=FIRST, end=books.days[-1], basis=basis, policy=policy)
    expected = [
        books.oracle.day_return(day, gross=basis is FeeBasis.GROSS, joins_at_close=join is JoinValue.CLOSING)
        for day in books.days[1:]
    ]
    assert [sub.method for sub in found.sub_periods] == [Method.DAILY] * (count - 1)
    assert [sub.value for sub in found.sub_periods] == [
        pytest.approx(float(each), abs=EXACT) for each in expected
    ]
    assert (series.missing, series.unmatched) == ({}, ())


# -- money-weighted ------------------------------------------------------------------------------------


@given(st.lists(st.integers(-60, 60), min_size=2, max_size=9))
@settings(max_examples=400, deadline=None)
def test_every_rate_is_found_and_no_other(yearly: list[int]) -> None:
    flows = [CashFlow(FIRST + 365 * n * ONE, Decimal(a)) for n, a in enumerate(yearly) if a]
    assume(len(flows) > 1)
    found = money_weighted(flows)
    first = next(n for n, a in enumerate(yearly) if a)
    assert len(found.roots) == oracle.count_of_rates(yearly[first:])
    for root in found.roots:
        step = 2e-6 * (1 + root)
        around = [float(oracle.value_at(yearly[first:], root + each)) for each in (-step, 0.0, step)]
        assert around[0] * around[2] <= 0 or abs(around[1]) < 1e-6 * sum(map(abs, yearly))
    assert (found.value is not None) == (found.reason is None)


@given(seeds, st.integers(1, 30))
@bounded
def test_payments_and_one_receipt_have_one_rate(seed: int, count: int) -> None:
    """Payments in, the value at the end: the rate at which their future value is the value."""
    rng = random.Random(seed)
    days = sorted(rng.sample(range(4_000), count + 1))
    flows = [CashFlow(FIRST + n * ONE, -cents(rng, 1, 9_999)) for n in days[:-1]]
    flows.append(CashFlow(FIRST + days[-1] * ONE, cents(rng, 1, 99_999)))
    found = money_weighted(flows)
    if found.value is None:
        assert (found.reason, found.roots) == (Reason.TOO_LARGE, ())
        assert found.days < 30
        return
    assert len(found.roots) == 1
    assume(found.value > -1 + 1e-6)  # below, a double does not hold the rate
    future = sum(
        float(flow.amount) * (1 + found.value) ** ((flows[-1].day - flow.day).days / 365)
        for flow in flows[:-1]
    )
    assert -future == pytest.approx(float(flows[-1].amount), rel=1e-7)


# -- statistics ----------------------------------------------------------------------------------------

returns_lists = st.lists(st.floats(-0.2, 0.2).map(lambda each: round(each, 6)), min_size=3, max_size=40)


@given(returns_lists, st.sampled_from([12, 252]), st.sampled_from(["0", "0.02", "0.05"]))
@bounded
def test_statistics_are_those_of_the_standard_library(values: list[float], periods: int, rate: str) -> None:
    policy = CalculationPolicy(
        observations_min=2,
        periods_per_year=periods,
        risk_free_rate=Decimal(rate),
        minimum_acceptable_return=Decimal(rate),
    )
    each = (1 + float(rate)) ** (1 / periods) - 1
    assume(oracle.volatility(values, 1) > 1e-4)
    assert statistics.volatility(values, policy).value == pytest.approx(oracle.volatility(values, periods))
    ratio = oracle.sharpe(values, each, periods)
    assert statistics.sharpe(values, policy).value == pytest.approx(ratio, rel=1e-8, abs=1e-9)
    if min(values) < -1e-3:
        ratio = oracle.sortino(values, each, periods)
        assert statistics.sortino(values, policy).value == pytest.approx(ratio, rel=1e-8, abs=1e-9)
    assert statistics.max_drawdown(values).value == pytest.approx(oracle.deepest_fall(values), abs=1e-12)
    benchmark = values[1:] + values[:1]
    assert statistics.beta(values, benchmark, policy).value == pytest.approx(
        oracle.beta(values, benchmark), rel=1e-7, abs=1e-9
    )
    active = [own - other for own, other in zip(values, benchmark, strict=True)]
    error = statistics.tracking_error(values, benchmark, policy).value
    assert error == pytest.approx(oracle.volatility(active, periods), abs=1e-12)
