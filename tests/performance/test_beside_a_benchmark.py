"""Benchmarks, contribution and attribution."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules import attribution, benchmarks, contribution
from wealthnexus.domain.performance.rules.attribution import (
    Attribution,
    Effects,
    SegmentReturn,
    brinson_fachler,
    link_attribution,
)
from wealthnexus.domain.performance.rules.benchmarks import (
    Assigned,
    BenchmarkDay,
    Blend,
    Rebalance,
    blended,
    turns_of,
)
from wealthnexus.domain.performance.rules.contribution import PartDay, contributions
from wealthnexus.domain.performance.rules.currency import RateTable
from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    ExcessMethod,
    FeeBasis,
    Interaction,
    LinkingMethod,
)
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod, time_weighted

pytestmark = pytest.mark.unit
ONE = timedelta(days=1)
HALF = Decimal("0.5")
POLICY = CalculationPolicy()


def levels(first: date, *values: int) -> dict[date, Decimal]:
    return {first + n * ONE: Decimal(value) for n, value in enumerate(values)}


# -- blends --------------------------------------------------------------------------------------------

FIRST = date(2024, 1, 30)
DAYS = [FIRST + n * ONE for n in range(4)]
"""30 and 31 January, 1 and 2 February."""
INDICES = {"shares": levels(FIRST, 100, 200, 200, 400), "bonds": levels(FIRST, 100, 100, 100, 100)}


@pytest.mark.parametrize(
    ("rebalance", "expected"),
    [
        (Rebalance.DAILY, 1.5 * 1.0 * 1.5 - 1),
        (Rebalance.MONTHLY, 1.5 * 1.0 * 1.5 - 1),
        (Rebalance.QUARTERLY, 1.5 * 1.0 * (2 / 3 * 2 + 1 / 3) - 1),
        (Rebalance.YEARLY, 1.5 * 1.0 * (2 / 3 * 2 + 1 / 3) - 1),
        (Rebalance.NEVER, 0.5 * 4 + 0.5 * 1 - 1),
    ],
)
def test_weights_drift_until_they_are_rebalanced(rebalance: Rebalance, expected: float) -> None:
    """Half and half; shares double on 31 January and on 2 February. Never rebalanced: half of four times."""
    blend = Blend(DAYS[1], {"shares": HALF, "bonds": HALF}, rebalance)
    found = benchmarks.benchmark_return(blended([blend], INDICES, DAYS), currency="USD")
    assert found.value == pytest.approx(expected, abs=1e-12)


def test_a_new_blend_holds_from_its_day_at_the_close_before() -> None:
    """All in shares until 1 February, from 2 February all in bonds."""
    blends = [
        Blend(DAYS[1], {"shares": Decimal(1)}, Rebalance.NEVER),
        Blend(DAYS[3], {"bonds": Decimal(1)}, Rebalance.NEVER),
    ]
    growths = [row.growth for row in blended(blends, INDICES, DAYS)]
    assert growths == [2.0, 1.0, 1.0]


def test_a_closed_market_keeps_its_level_for_five_days_and_no_longer() -> None:
    days = [FIRST, FIRST + 5 * ONE, FIRST + 6 * ONE]
    blend = Blend(days[1], {"shares": Decimal(1)})
    found = blended([blend], {"shares": {FIRST: Decimal(100)}}, days)
    assert [(row.growth, row.reason, row.index) for row in found] == [
        (1.0, None, None),
        (None, Reason.LEVEL_MISSING, "shares"),
    ]
    shown = benchmarks.benchmark_return(found, currency="USD")
    assert (shown.value, shown.reason) == (None, Reason.LEVEL_MISSING)


def test_a_blend_without_one_of_its_indices_has_no_return() -> None:
    blend = Blend(DAYS[1], {"shares": HALF, "gold": HALF})
    assert {row.index for row in blended([blend], INDICES, DAYS)} == {"gold"}


def test_blends_that_are_not_whole_or_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 1"):
        Blend(FIRST, {"shares": Decimal("0.6"), "bonds": Decimal("0.3")})
    late = Blend(DAYS[2], {"shares": Decimal(1)})
    with pytest.raises(ValueError, match="no blend holds"):
        blended([late], INDICES, DAYS)
    with pytest.raises(ValueError, match="ascend"):
        blended([late, late], INDICES, DAYS)


def test_an_index_in_another_currency_is_converted_day_by_day() -> None:
    """In dollars 100 and 110, the dollar from 0.80 to 0.88 euros: 10 % twice."""
    rates = RateTable("USD", {"EUR": {FIRST: Decimal("0.80"), DAYS[1]: Decimal("0.88")}})
    dollars = {FIRST - 30 * ONE: Decimal(1), FIRST: Decimal(100), DAYS[1]: Decimal(110)}
    euros = benchmarks.converted_levels(dollars, rates, currency="USD", into="EUR")
    assert euros == {FIRST: 80, DAYS[1]: Decimal("96.80")}
    blend = Blend(DAYS[1], {"shares": Decimal(1)})
    (found,) = blended([blend], {"shares": euros}, DAYS[:2])
    assert found.growth == pytest.approx(1.21)


def test_the_most_particular_agreement_of_a_day_holds() -> None:
    """The firm's from 1 January, the household's own for February, another of the firm's from March."""
    firm, household, later = uuid4(), uuid4(), uuid4()
    given = [
        Assigned(firm, 1000, date(2024, 1, 1), date(2024, 3, 1)),
        Assigned(household, 1, date(2024, 2, 1), date(2024, 3, 5)),
        Assigned(later, 1000, date(2024, 3, 1), date(2024, 4, 1)),
    ]
    assert turns_of(given) == (
        (date(2024, 1, 1), firm),
        (date(2024, 2, 1), household),
        (date(2024, 3, 5), later),
        (date(2024, 4, 1), None),
    )
    assert turns_of([]) == ()


def test_a_linked_benchmark_names_what_was_agreed_and_says_where_nothing_was() -> None:
    days = [
        BenchmarkDay(DAYS[1], 1.10, benchmark="60/40"),
        BenchmarkDay(DAYS[2], 1.02, benchmark="80/20"),
        BenchmarkDay(DAYS[3], 1.05, benchmark="80/20"),
    ]
    shown = benchmarks.benchmark_return(days, currency="USD")
    assert shown.value == pytest.approx(1.10 * 1.02 * 1.05 - 1)
    assert [each.value for each in shown.inputs if each.name == "benchmark"] == [
        f"60/40 ({DAYS[1].isoformat()})",
        f"80/20 ({DAYS[2].isoformat()})",
    ]
    shown = benchmarks.benchmark_return(
        [BenchmarkDay(DAYS[0], None, Reason.NO_BENCHMARK), *days], currency="USD"
    )
    assert (shown.value, shown.reason) == (None, Reason.NO_BENCHMARK)


def test_no_days_no_return() -> None:
    assert benchmarks.benchmark_return((), currency="USD").reason is Reason.NO_DATA


def test_excess_names_its_method() -> None:
    assert benchmarks.excess(0.10, 0.04, ExcessMethod.ARITHMETIC).value == pytest.approx(0.06)
    assert benchmarks.excess(0.10, 0.04, ExcessMethod.GEOMETRIC).value == pytest.approx(1.10 / 1.04 - 1)
    assert benchmarks.excess(0.10, -1.0, ExcessMethod.GEOMETRIC).reason is Reason.LOSS_BEYOND_CAPITAL


# -- contribution --------------------------------------------------------------------------------------


def whole(*rows: ScopeDay) -> tuple[SubPeriod, ...]:
    found = time_weighted(rows, begin=rows[0].day, end=rows[-1].day, basis=FeeBasis.NET, policy=POLICY)
    return found.sub_periods


def part(start: int, gain: str | int) -> PartDay:
    return PartDay(Decimal(start), Decimal(gain))


def test_contributions_of_two_days_sum_to_the_linked_return() -> None:
    """1,000: shares 600 gain 60, bonds 400 lose 10 (5 %). Then 1,050: shares 660 gain 21 (2 %).

    Shares 0.06 + 1.05 x 0.02 = 0.081, bonds -0.01; together 0.071 = 1.05 x 1.02 - 1.
    """
    subs = whole(
        ScopeDay(FIRST, Decimal(1_000)),
        ScopeDay(FIRST + ONE, Decimal(1_050)),
        ScopeDay(FIRST + 2 * ONE, Decimal(1_071)),
    )
    parts = [
        {"shares": part(600, 60), "bonds": part(400, -10)},
        {"shares": part(660, 21), "bonds": part(390, 0)},
    ]
    found = contributions(subs, parts)
    assert [(each.key, round(each.value, 10)) for each in found.parts] == [
        ("bonds", -0.01),
        ("shares", 0.081),
    ]
    assert found.value == pytest.approx(1.05 * 1.02 - 1, abs=1e-12)
    assert [round(each.average_weight, 6) for each in found.parts] == [
        round((0.4 + 390 / 1_050) / 2, 6),
        round((0.6 + 660 / 1_050) / 2, 6),
    ]
    assert contribution.figure_of(found).value == found.value


def test_gains_that_are_not_the_gain_of_the_whole_are_refused_with_their_day() -> None:
    subs = whole(ScopeDay(FIRST, Decimal(1_000)), ScopeDay(FIRST + ONE, Decimal(1_050)))
    found = contributions(subs, [{"shares": part(1_000, "49.99")}])
    assert (found.parts, found.value, found.reason) == ((), None, Reason.DOES_NOT_SUM)
    assert found.unexplained_days == (FIRST + ONE,)
    assert contribution.figure_of(found).reason is Reason.DOES_NOT_SUM


def test_without_a_return_of_the_whole_there_is_no_contribution() -> None:
    subs = whole(ScopeDay(FIRST, Decimal(-5)), ScopeDay(FIRST + ONE, Decimal(10)))
    assert contributions(subs, [{"shares": part(-5, 15)}]).reason is Reason.UNDEFINED_SUB_PERIOD
    with pytest.raises(ValueError, match="0 days of parts"):
        contributions(subs, [])


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_contributions_sum_for_any_book(seed: int, count: int) -> None:
    rng = random.Random(seed)
    rows, parts = [ScopeDay(FIRST, Decimal(10_000))], []
    for n in range(1, count + 1):
        gains = [Decimal(rng.randint(-20_000, 25_000)) / 100 for _ in range(3)]
        inflow = Decimal(rng.randint(0, 500))
        opening = rows[-1].value or Decimal(0)
        rows.append(ScopeDay(FIRST + n * ONE, opening + inflow + sum(gains), inflow))
        parts.append({str(k): PartDay(opening / 3, gain) for k, gain in enumerate(gains)})
    subs = whole(*rows)
    found = contributions(subs, parts)
    assert found.value == pytest.approx(math.prod(sub.growth or 0 for sub in subs) - 1, abs=1e-10)


# -- attribution ---------------------------------------------------------------------------------------


def test_a_segment_that_only_one_side_has_is_allocation_alone() -> None:
    """10 % gold earning 30 % where the benchmark (all shares, 10 %) has none: 0.1 x (0.3 - 0.1) = 2 %."""
    found = brinson_fachler(
        [SegmentReturn("shares", 0.9, 0.10, 1.0, 0.10), SegmentReturn("gold", 0.1, 0.30, 0.0, None)]
    )
    gold = found.effects[1]
    assert (gold.allocation, gold.selection, gold.interaction) == (pytest.approx(0.02), 0.0, 0.0)
    left_out = brinson_fachler(
        [SegmentReturn("shares", 1.0, 0.10, 0.8, 0.10), SegmentReturn("gold", 0.0, None, 0.2, 0.30)]
    )
    gold = left_out.effects[1]
    assert (gold.allocation, gold.selection, gold.interaction) == (pytest.approx(-0.032), 0.0, 0.0)


def test_interaction_may_be_part_of_selection() -> None:
    segments = [SegmentReturn("a", 0.6, 0.10, 0.5, 0.08), SegmentReturn("b", 0.4, 0.02, 0.5, 0.03)]
    apart, together = brinson_fachler(segments), brinson_fachler(segments, Interaction.WITH_SELECTION)
    for one, other in zip(apart.effects, together.effects, strict=True):
        assert other.interaction == 0
        assert other.selection == pytest.approx(one.selection + one.interaction)
    assert together.active == apart.active


@pytest.mark.parametrize(
    ("segments", "reason"),
    [
        ([], Reason.NO_DATA),
        ([SegmentReturn("a", 0.9, 0.1, 1.0, 0.1)], Reason.WEIGHTS_DO_NOT_SUM),
        ([SegmentReturn("a", 1.0, 0.1, 0.9, 0.1)], Reason.WEIGHTS_DO_NOT_SUM),
        ([SegmentReturn("a", 1.0, None, 1.0, 0.1)], Reason.SEGMENT_RETURN_MISSING),
        ([SegmentReturn("a", 1.0, 0.1, 1.0, None)], Reason.SEGMENT_RETURN_MISSING),
    ],
)
def test_what_cannot_be_attributed_says_why(segments: list[SegmentReturn], reason: Reason) -> None:
    found = brinson_fachler(segments)
    assert (found.effects, found.reason, found.active) == ((), reason, None)
    assert attribution.figure_of(found, POLICY).reason is reason


def one_period(own: float, other: float) -> Attribution:
    """All of a period's difference as selection of one segment."""
    return Attribution((Effects("all", 0.0, own - other, 0.0),), own, other, None)


def test_carino_by_hand() -> None:
    """Two periods, 10 % and 5 % against 5 % and 10 %: both sides link to 15.5 %, the effects cancel.

    k1 = ln(1.10 / 1.05) / 0.05, k2 = ln(1.05 / 1.10) / -0.05 = k1: the same factor, +5 % and -5 %.
    """
    found = link_attribution([one_period(0.10, 0.05), one_period(0.05, 0.10)], LinkingMethod.CARINO)
    assert found.effects[0].selection == pytest.approx(0.0, abs=1e-15)
    found = link_attribution([one_period(0.10, 0.05), one_period(0.02, 0.02)], LinkingMethod.CARINO)
    whole_factor = math.log(1.122 / 1.071) / (1.122 - 1.071)
    expected = math.log(1.10 / 1.05) / 0.05 / whole_factor * 0.05
    assert found.effects[0].selection == pytest.approx(expected, abs=1e-14)
    assert expected == pytest.approx(1.122 - 1.071, abs=1e-14)


def test_menchero_by_hand() -> None:
    """10 % and 5 % against 4 % and 1 %. M = (0.155 - 0.0504) / 2 / (1.155 ** 0.5 - 1.0504 ** 0.5);
    alpha spreads what M leaves in proportion to the differences of 6 % and 4 %."""
    scale = (0.155 - 0.0504) / 2 / (math.sqrt(1.155) - math.sqrt(1.0504))
    rest = (0.155 - 0.0504 - scale * 0.10) / (0.06**2 + 0.04**2)
    periods = [
        Attribution((Effects("first", 0.0, 0.06, 0.0),), 0.10, 0.04, None),
        Attribution((Effects("second", 0.0, 0.04, 0.0),), 0.05, 0.01, None),
    ]
    found = link_attribution(periods, LinkingMethod.MENCHERO)
    assert [each.selection for each in found.effects] == [
        pytest.approx((scale + rest * 0.06) * 0.06, abs=1e-14),
        pytest.approx((scale + rest * 0.04) * 0.04, abs=1e-14),
    ]
    assert found.residual == pytest.approx(0.0, abs=1e-15)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.sampled_from(LinkingMethod))
@settings(max_examples=120, deadline=None)
def test_linked_effects_sum_to_the_difference(seed: int, count: int, method: LinkingMethod) -> None:
    rng = random.Random(seed)
    periods = []
    for _ in range(count):
        weights = [[rng.uniform(0.1, 1) for _ in range(4)] for _ in range(2)]
        own, other = ([each / sum(side) for each in side] for side in weights)
        periods.append(
            brinson_fachler(
                [
                    SegmentReturn(str(k), own[k], rng.uniform(-0.2, 0.25), other[k], rng.uniform(-0.2, 0.25))
                    for k in range(4)
                ]
            )
        )
    found = link_attribution(periods, method)
    expected = math.prod(1 + (each.portfolio_return or 0) for each in periods)
    expected -= math.prod(1 + (each.benchmark_return or 0) for each in periods)
    assert found.active == pytest.approx(expected, abs=1e-12)
    assert math.fsum(effect.total for effect in found.effects) == pytest.approx(expected, abs=1e-11)
    assert attribution.figure_of(found, POLICY).value == found.active


@pytest.mark.parametrize("method", list(LinkingMethod))
def test_equal_returns_link_to_no_effect_and_one_period_to_itself(method: LinkingMethod) -> None:
    same = link_attribution([one_period(0.1, 0.1), one_period(0.0, 0.0)], method)
    assert (same.active, same.effects[0].total) == (0.0, 0.0)
    alone = link_attribution([one_period(0.1, 0.04)], method)
    assert alone.effects[0].selection == pytest.approx(0.06, abs=1e-14)


@pytest.mark.parametrize("method", list(LinkingMethod))
def test_periods_that_cannot_be_linked_say_why(method: LinkingMethod) -> None:
    assert link_attribution([], method).reason is Reason.NO_DATA
    lost = link_attribution([one_period(-1.0, 0.1), one_period(0.1, 0.1)], method)
    assert (lost.effects, lost.reason) == ((), Reason.NOT_LINKABLE)
    absent = link_attribution([brinson_fachler([SegmentReturn("a", 0.9, 0.1, 1.0, 0.1)])], method)
    assert absent.reason is Reason.WEIGHTS_DO_NOT_SUM
