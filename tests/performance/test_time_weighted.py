"""The edges of a time-weighted return: each with the sentence it proves."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules.days import ScopeDay, days_of
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.periods import Interval, by_interval
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    FeeBasis,
    FlowTiming,
    GapTreatment,
)
from wealthnexus.domain.performance.rules.time_weighted import (
    Flag,
    Method,
    TimeWeighted,
    every_sub_period,
    inception,
    linked,
    sub_periods,
    time_weighted,
)

pytestmark = pytest.mark.unit
BEGIN = date(2024, 1, 1)
ONE = timedelta(days=1)
POLICY = CalculationPolicy()
LINKING = CalculationPolicy(gap_treatment=GapTreatment.LINK_AT_ZERO)


def day(n: int) -> date:
    return BEGIN + n * ONE


def row(n: int, value: str | int | None, **amounts: int) -> ScopeDay:
    given_amounts = {name: Decimal(amount) for name, amount in amounts.items()}
    return ScopeDay(day(n), None if value is None else Decimal(value), **given_amounts)


def measured(
    rows: list[ScopeDay],
    *,
    begin: int = 0,
    end: int | None = None,
    basis: FeeBasis = FeeBasis.NET,
    policy: CalculationPolicy = POLICY,
    full_history: bool = False,
) -> TimeWeighted:
    last = rows[-1].day if end is None else day(end)
    return time_weighted(
        rows, begin=day(begin), end=last, basis=basis, policy=policy, full_history=full_history
    )


def outcome(found: TimeWeighted) -> tuple[float | None, Reason | None]:
    return None if found.value is None else round(found.value, 10), found.reason


def test_a_fee_lowers_the_net_return_and_is_an_outflow_of_the_gross() -> None:
    """1,000 earns 5 % and pays 10: net (1,040 / 1,000) - 1, gross (1,040 + 10) / 1,000 - 1."""
    rows = [row(0, 1_000), row(1, 1_040, fees=10)]
    assert outcome(measured(rows)) == (0.04, None)
    assert outcome(measured(rows, basis=FeeBasis.GROSS)) == (0.05, None)


def test_a_rebate_is_as_if_neither_it_nor_its_fee_had_happened() -> None:
    """A fee of 10 given back the same day leaves 0; one given back alone is no gain of the gross return."""
    assert outcome(measured([row(0, 1_000), row(1, 1_050, fees=0)], basis=FeeBasis.GROSS)) == (0.05, None)
    assert outcome(measured([row(0, 1_000), row(1, 1_060, fees=-10)], basis=FeeBasis.GROSS)) == (0.05, None)
    assert outcome(measured([row(0, 1_000), row(1, 1_060, fees=-10)])) == (0.06, None)


def test_a_fee_another_account_pays_is_charged_to_the_billed_one() -> None:
    """The money never left, so that the next day opens with all of it."""
    rows = [row(0, 1_000), row(1, 1_050, fees_elsewhere=10), row(2, 1_050)]
    net = measured(rows)
    assert [round(sub.value or 0, 10) for sub in net.sub_periods] == [0.04, 0.0]
    assert outcome(measured(rows, basis=FeeBasis.GROSS)) == (0.05, None)


def test_what_another_account_pays_for_custody_lowers_both() -> None:
    rows = [row(0, 1_000), row(1, 1_050, expenses_elsewhere=10)]
    assert outcome(measured(rows)) == outcome(measured(rows, basis=FeeBasis.GROSS)) == (0.04, None)


def test_without_capital_a_result_is_undefined_and_names_its_day() -> None:
    found = measured([row(0, 100), row(1, 0, outflow=110), row(2, 5), row(3, 6)])
    assert outcome(found) == (None, Reason.UNDEFINED_SUB_PERIOD)
    assert [(sub.end, sub.reason, sub.start, sub.end_capital) for sub in found.undefined] == [
        (day(2), Reason.NO_CAPITAL, Decimal(0), Decimal(5))
    ]


def test_on_negative_capital_a_day_is_undefined() -> None:
    """A margin account that owes more than it holds."""
    found = measured([row(0, 100), row(1, -20), row(2, -10)])
    assert outcome(found) == (None, Reason.UNDEFINED_SUB_PERIOD)
    assert [(sub.end, sub.reason) for sub in found.undefined] == [(day(2), Reason.NEGATIVE_CAPITAL)]


def test_an_inflow_that_only_covers_the_debt_leaves_no_capital() -> None:
    found = measured([row(0, -20), row(1, 5, inflow=20)])
    assert [(sub.reason) for sub in found.undefined] == [Reason.NO_CAPITAL]


def test_a_loss_of_more_than_everything_is_shown_and_nothing_is_linked_to_it() -> None:
    """-120 % of the day; a later day would turn its sign."""
    assert outcome(measured([row(0, 100), row(1, -20)])) == (-1.2, None)
    found = measured([row(0, 100), row(1, -20), row(2, 90, inflow=100)])
    assert outcome(found) == (None, Reason.LOSS_BEYOND_CAPITAL)


def test_a_total_loss_is_minus_one_hundred_percent() -> None:
    assert outcome(measured([row(0, 100), row(1, 0), row(2, 0)])) == (-1.0, None)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row(0, None), row(1, 100)], Reason.OPENING_VALUE_MISSING),
        ([row(0, 100), row(1, None)], Reason.CLOSING_VALUE_MISSING),
        ([row(0, 100)], Reason.NO_DATA),
        ([row(0, 0), row(1, 0)], Reason.NEVER_FUNDED),
    ],
)
def test_what_is_missing_at_a_border_is_named(rows: list[ScopeDay], reason: Reason) -> None:
    assert outcome(measured(rows, end=1)) == (None, reason)


def test_a_missing_day_without_a_flow_changes_nothing() -> None:
    found = measured([row(0, 100), row(1, None), row(2, 121)])
    assert [(sub.method, round(sub.value or 0, 10)) for sub in found.sub_periods] == [(Method.HOLDING, 0.21)]
    assert not found.uses_modified_dietz


def test_a_missing_day_with_a_large_flow_is_flagged() -> None:
    """GIPS: the portfolio is valued on the date of every large cash flow; here 10 % and more."""
    small = measured([row(0, 1_000), row(1, None, inflow=100), row(2, 1_200)])
    large = measured([row(0, 1_000), row(1, None, inflow=101), row(2, 1_200)])
    assert [sub.flags for sub in (*small.sub_periods, *large.sub_periods)] == [
        (),
        (Flag.LARGE_FLOW_WITHOUT_VALUE,),
    ]


def test_a_gap_of_one_day_gives_the_daily_return() -> None:
    """The default convention of Modified Dietz is the daily one: a missing value changes no timing."""
    daily = measured([row(0, 1_000), row(1, 1_500, inflow=400, outflow=50)])
    begin = ScopeDay(day(0), Decimal(1_000))
    flows = days_of({day(1): Decimal(1_500)}, [(day(1), Decimal(400)), (day(1), Decimal(-50))])
    assert measured([begin, *flows]).value == daily.value
    assert outcome(daily) == (round(1_550 / 1_400 - 1, 10), None)


def test_what_joined_at_the_close_before_a_missing_day_took_part_from_its_start() -> None:
    """1,000 and, from day 2 of 4, 400 more: average 1,000 + 400 x 3 / 4 = 1,300; 130 of gain are 10 %."""
    rows = [row(0, 1_000), row(1, None), row(2, None, opening_change=400), row(3, None), row(4, 1_530)]
    assert outcome(measured(rows)) == (0.1, None)


def test_funding_within_missing_days_counts_from_the_funding() -> None:
    """1,000 comes on day 3 and is worth 1,010 on day 5: 1 %, whatever the days before."""
    rows = [row(0, 0), row(1, None), row(2, None), row(3, None, inflow=1_000), row(4, None), row(5, 1_010)]
    assert outcome(measured(rows)) == (0.01, None)


def test_emptying_within_missing_days_counts_up_to_it() -> None:
    rows = [row(0, 1_000), row(1, None, outflow=1_010), row(2, None), row(3, None), row(4, 0)]
    assert outcome(measured(rows)) == (0.01, None)


def test_an_average_capital_below_nothing_is_undefined() -> None:
    """100 opens, 5,000 leaves early: the average capital is negative."""
    found = measured([row(0, 100), row(1, None, outflow=5_000), row(2, None), row(3, 10)])
    assert found.undefined[0].reason is Reason.NEGATIVE_CAPITAL


def test_an_average_capital_of_exactly_nothing_is_not_almost_nothing() -> None:
    """100, 150 out after day 1 of 3: 100 - 150 x 2 / 3 = 0."""
    found = measured([row(0, 100), row(1, None, outflow=150), row(2, None), row(3, 10)])
    assert (found.undefined[0].start, found.undefined[0].reason) == (0, Reason.NO_CAPITAL)


def test_something_that_joined_at_an_unknown_value_leaves_the_day_undefined() -> None:
    rows = [row(0, 100), ScopeDay(day(1), Decimal(300), flow_unknown=True)]
    assert measured(rows).undefined[0].reason is Reason.FLOW_VALUE_MISSING
    gap = [row(0, 100), ScopeDay(day(1), None, flow_unknown=True), row(2, 300)]
    assert measured(gap).undefined[0].reason is Reason.FLOW_VALUE_MISSING


# -- segments ------------------------------------------------------------------------------------------

INTERRUPTED = [
    row(0, 0),
    row(1, 1_100, inflow=1_000),
    row(2, 0, outflow=1_100),
    row(3, 0),
    row(4, 0),
    row(5, 550, inflow=500),
    row(6, 605),
]


def test_days_without_value_end_a_segment() -> None:
    """Each segment has its own return, the whole period none."""
    found = measured(INTERRUPTED)
    assert outcome(found) == (None, Reason.ZERO_VALUE_GAP)
    assert [(each.begin, each.end, round(each.value or 0, 10)) for each in found.segments] == [
        (day(0), day(2), 0.10),
        (day(4), day(6), 0.21),
    ]


def test_or_they_are_linked_with_nothing_by_policy() -> None:
    found = measured(INTERRUPTED, policy=LINKING)
    assert outcome(found) == (round(1.1 * 1.21 - 1, 10), None)
    assert [(each.begin, each.end) for each in found.segments] == [(day(0), day(6))]


def test_a_night_without_value_is_no_gap() -> None:
    """Emptied one day, funded the next: no day was without capital."""
    rows = [row(0, 1_000), row(1, 0, outflow=1_100), row(2, 550, inflow=500)]
    assert outcome(measured(rows)) == (round(1.1 * 1.1 - 1, 10), None)


def test_a_closed_account_keeps_its_return() -> None:
    found = measured([row(0, 1_000), row(1, 0, outflow=1_100), row(2, 0), row(3, 0)])
    assert outcome(found) == (0.1, None)
    assert found.segments[-1].end == day(1)


def test_since_inception_starts_at_the_first_funded_day() -> None:
    rows = [row(0, 0), row(1, 0), row(2, 1_010, inflow=1_000)]
    assert inception(rows, GapTreatment.RESTART) == day(1)
    found = measured(rows, begin=1)
    assert outcome(found) == (0.01, None)
    assert inception([row(0, 0)], GapTreatment.RESTART) is None


def test_since_inception_is_of_the_running_segment_or_of_the_first() -> None:
    assert inception(INTERRUPTED, GapTreatment.RESTART) == day(4)
    assert inception(INTERRUPTED, GapTreatment.LINK_AT_ZERO) == day(0)


def test_books_that_start_with_a_value_begin_at_its_close() -> None:
    rows = [row(0, 1_000), row(1, 1_010)]
    assert inception(rows, GapTreatment.RESTART) == day(0)


def test_a_period_longer_than_the_history_has_no_figure_where_it_must_be_whole() -> None:
    rows = [row(3, 1_010, inflow=1_000), row(4, 1_010)]
    late = measured(rows, full_history=True)
    assert outcome(late) == (None, Reason.HISTORY_TOO_SHORT)
    assert late.measured_from == day(2)
    assert outcome(measured(rows)) == (0.01, None)
    assert outcome(measured(rows, begin=2, full_history=True)) == (0.01, None)


@pytest.mark.parametrize(
    "rows",
    [
        [row(1, 100), row(0, 100)],
        [row(0, 100), row(0, 100)],
        [row(0, 100), row(1, 100, inflow=-1)],
        [row(0, 100), row(1, 100, outflow=-1)],
    ],
)
def test_rows_out_of_order_or_of_sign_are_refused(rows: list[ScopeDay]) -> None:
    with pytest.raises(ValueError, match="expected"):
        time_weighted(rows, begin=day(0), end=day(5), basis=FeeBasis.NET, policy=POLICY)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        time_weighted([], begin=day(1), end=day(0), basis=FeeBasis.NET, policy=POLICY)


# -- intervals -----------------------------------------------------------------------------------------


def test_a_month_that_was_not_valued_at_its_end_has_no_return_and_neither_has_its_neighbour() -> None:
    """31 January is missing, 1 March too: the one tears two months, the other none."""
    rows = days_of(
        {
            date(2024, 1, 29): Decimal(100),
            date(2024, 1, 30): Decimal(101),
            date(2024, 1, 31): None,
            date(2024, 2, 1): Decimal(110),
            date(2024, 2, 29): Decimal(121),
            date(2024, 3, 1): None,
            date(2024, 3, 29): Decimal(133),
        },
        [],
    )
    found = time_weighted(
        rows, begin=date(2024, 1, 29), end=date(2024, 3, 29), basis=FeeBasis.NET, policy=POLICY
    )
    months = by_interval(found.sub_periods, Interval.MONTH)
    assert [(each.end.month, each.reason) for each in months] == [
        (1, Reason.BOUNDARY_VALUE_MISSING),
        (2, Reason.BOUNDARY_VALUE_MISSING),
        (3, None),
    ]
    assert months[2].value == pytest.approx(133 / 121 - 1)


def test_a_week_opens_with_the_close_of_friday() -> None:
    rows = [ScopeDay(date(2024, 3, 1), Decimal(100)), ScopeDay(date(2024, 3, 4), Decimal(110))]
    found = time_weighted(rows, begin=rows[0].day, end=rows[1].day, basis=FeeBasis.NET, policy=POLICY)
    (week,) = by_interval(found.sub_periods, Interval.ISO_WEEK)
    assert week.value == pytest.approx(0.1)


# -- what never changes a return -----------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.sampled_from(FlowTiming))
@settings(max_examples=60, deadline=None)
def test_splitting_the_flow_of_a_day_changes_nothing(seed: int, parts: int, timing: FlowTiming) -> None:
    rng = random.Random(seed)
    flow = Decimal(rng.randint(1, 10_000))
    pieces, rest = [], flow
    for _ in range(parts):
        piece = Decimal(rng.randint(0, int(rest)))
        pieces.append(piece)
        rest -= piece
    pieces.append(rest)
    values = {day(0): Decimal(20_000), day(1): Decimal(rng.randint(15_000, 40_000))}
    sign = rng.choice([-1, 1])
    policy = CalculationPolicy(flow_timing=timing)
    whole = measured(list(days_of(values, [(day(1), sign * flow)])), policy=policy)
    split = measured(list(days_of(values, [(day(1), sign * piece) for piece in pieces])), policy=policy)
    assert (whole.value, whole.reason) == (split.value, split.reason)
    assert whole.value is not None


@given(st.integers(0, 2**32 - 1), st.sampled_from(FeeBasis))
@settings(max_examples=60, deadline=None)
def test_a_corrected_day_changes_its_own_sub_periods_and_no_others(seed: int, basis: FeeBasis) -> None:
    """Recomputed from the value before the corrected day, the rest is as from scratch, to the bit."""
    rng = random.Random(seed)
    rows = [row(0, 10_000)]
    for n in range(1, 20):
        value = None if rng.random() < 0.2 and n < 19 else rng.randint(8_000, 12_000)
        rows.append(row(n, value, inflow=rng.choice([0, 0, 500]), fees=rng.choice([0, 7])))
    at = rng.randint(1, 19)
    corrected = [*rows[:at], row(at, rng.randint(8_000, 12_000), outflow=3), *rows[at + 1 :]]
    before, after = measured(rows, basis=basis), measured(corrected, basis=basis)
    anchor = max(n for n in range(at) if rows[n].value is not None)
    kept = [sub for sub in before.sub_periods if sub.end <= day(anchor)]
    anew = sub_periods(corrected[anchor], corrected[anchor + 1 :], basis=basis, policy=POLICY)
    assert [*kept, *anew] == list(after.sub_periods)
    assert linked(
        [*kept, *sub_periods(corrected[anchor], corrected[anchor + 1 :], basis=basis, policy=POLICY)]
    ) == (
        after.value,
        after.reason,
    )
    value_again = next(n for n in range(at + 1, 20) if rows[n].value is not None) if at < 19 else 19
    later = [[sub for sub in each.sub_periods if sub.begin >= day(value_again)] for each in (before, after)]
    assert later[0] == later[1]


@given(st.integers(0, 2**32 - 1), st.sampled_from(FeeBasis), st.sampled_from(GapTreatment))
@settings(max_examples=60, deadline=None)
def test_of_sub_periods_made_once_every_period_takes_its_own(
    seed: int, basis: FeeBasis, treatment: GapTreatment
) -> None:
    """Days without a value, flows on them, nights and segments without capital: to the bit as made alone."""
    rng, policy = random.Random(seed), CalculationPolicy(gap_treatment=treatment)
    rows = []
    for n in range(rng.randint(1, 24)):
        value = rng.choice([None, 0, 0, *(rng.randint(8_000, 12_000) for _ in range(6))])
        moves = {"inflow": rng.choice([0, 0, 500]), "outflow": rng.choice([0, 0, 300])}
        rows.append(row(n, value, **moves, fees=rng.choice([0, 7]), opening_change=rng.choice([0, 0, 40])))
    made = every_sub_period(rows, basis=basis, policy=policy)
    for begin in range(-1, len(rows) + 1):
        for end in range(begin, len(rows) + 1):
            alone = time_weighted(rows, begin=day(begin), end=day(end), basis=basis, policy=policy)
            of_all = time_weighted(
                rows, begin=day(begin), end=day(end), basis=basis, policy=policy, made=made
            )
            assert of_all == alone


def test_linking_nothing_is_no_change() -> None:
    assert linked(()) == (0.0, None)
