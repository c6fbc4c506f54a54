"""The edges of statistics, composites and tails; their values stand beside the independent reading."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from wealthnexus.domain.performance.rules import statistics, tail
from wealthnexus.domain.performance.rules.composites import (
    CompositeMembership,
    MemberPeriod,
    composite_return,
    dispersion,
    member_periods,
    members_throughout,
    spread_of,
)
from wealthnexus.domain.performance.rules.figures import Figure, Reason
from wealthnexus.domain.performance.rules.policy import (
    AlphaScaling,
    CalculationPolicy,
    CaptureMethod,
    ReturnKind,
)
from wealthnexus.domain.performance.rules.tail import QuantileRule, Zone

pytestmark = pytest.mark.unit
POLICY = CalculationPolicy(observations_min=2, periods_per_year=12)
RETURNS = [0.02, -0.01, 0.03, -0.02, 0.01]
MARKET = [0.01, -0.02, 0.02, -0.01, 0.02]


def near(value: float, tolerance: float = 1e-12) -> object:
    return pytest.approx(value, abs=tolerance)


# -- alone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", [statistics.volatility, statistics.sharpe, statistics.sortino])
@pytest.mark.parametrize("returns", [[], [0.01], [0.01, None]])
def test_one_observation_is_too_few(figure: Callable[..., Figure], returns: list[float | None]) -> None:
    assert figure(returns, POLICY).reason is Reason.TOO_FEW_OBSERVATIONS


def test_a_firm_may_ask_for_more_observations() -> None:
    policy = CalculationPolicy(observations_min=12)
    assert statistics.volatility([0.01] * 11, policy).reason is Reason.TOO_FEW_OBSERVATIONS


def test_returns_that_do_not_vary_have_no_ratio() -> None:
    same = [0.01, 0.01, 0.01]
    assert statistics.volatility(same, POLICY).value == near(0.0)
    assert statistics.sharpe(same, POLICY).reason is Reason.NO_VARIATION
    assert statistics.sortino(same, POLICY).reason is Reason.NO_DOWNSIDE
    assert statistics.beta(RETURNS, [0.01] * 5, POLICY).reason is Reason.NO_VARIATION
    assert statistics.alpha(RETURNS, [0.01] * 5, POLICY).reason is Reason.NO_VARIATION
    assert statistics.information_ratio(RETURNS, RETURNS, POLICY).reason is Reason.NO_VARIATION


def test_the_risk_free_rate_is_taken_per_period_compounding() -> None:
    policy = CalculationPolicy(observations_min=2, periods_per_year=12, risk_free_rate=Decimal("0.12"))
    assert statistics.per_period(0.12, policy) == near(1.12 ** (1 / 12) - 1)
    over = [each - (1.12 ** (1 / 12) - 1) for each in RETURNS]
    assert statistics.sharpe(RETURNS, policy).value == near(statistics.sharpe(over, POLICY).value or 0.0)


def test_downside_counts_all_observations() -> None:
    """-1 % and -2 % of five: sqrt((0.0001 + 0.0004) / 5) x sqrt(12)."""
    assert statistics.downside_deviation(RETURNS, POLICY).value == near(math.sqrt(0.0005 / 5 * 12))
    assert statistics.sortino(RETURNS, POLICY).value == near(0.006 * 12 / math.sqrt(0.0005 / 5 * 12))


def test_a_logarithm_of_a_total_loss_does_not_exist() -> None:
    policy = CalculationPolicy(observations_min=2, volatility_of=ReturnKind.LOGARITHMIC)
    assert statistics.volatility([0.1, -1.0], policy).reason is Reason.LOSS_BEYOND_CAPITAL


def test_a_drawdown_has_its_peak_its_trough_and_its_recovery() -> None:
    """100, 110, 88, 99, 121, 96.8: 20 % from 110 to 88, made good at 121; and 20 % again, not deeper."""
    found = statistics.drawdown_of([100, 110, 88, 99, 121, 96.8])
    assert (found.depth, found.peak_at, found.trough_at, found.recovered_at) == (near(0.2), 1, 2, 4)
    assert found.current == near(0.2)


def test_a_rising_series_has_a_drawdown_of_nothing() -> None:
    assert statistics.max_drawdown([0.01, 0.0, 0.02]).value == 0.0


def test_a_drawdown_across_a_missing_day_is_not_known() -> None:
    assert statistics.max_drawdown([0.01, None, -0.5]).reason is Reason.UNDEFINED_SUB_PERIOD
    assert [statistics.max_drawdown(none).reason for none in ([], [None])] == [Reason.NO_DATA] * 2
    assert statistics.max_drawdown([None, 0.1, -0.1]).value == near(0.1)


# -- beside a benchmark --------------------------------------------------------------------------------


def test_a_portfolio_that_is_twice_its_benchmark_has_a_beta_of_two_and_no_alpha() -> None:
    twice = [2 * each for each in MARKET]
    assert statistics.beta(twice, MARKET, POLICY).value == near(2.0)
    assert statistics.alpha(twice, MARKET, POLICY).value == near(0.0)


def test_alpha_over_a_year_by_both_scalings() -> None:
    """1 % a month above the benchmark, whatever it does."""
    above = [each + 0.01 for each in MARKET]
    multiplied = CalculationPolicy(
        observations_min=2, periods_per_year=12, alpha_scaling=AlphaScaling.MULTIPLY
    )
    assert statistics.alpha(above, MARKET, POLICY).value == near(1.01**12 - 1)
    assert statistics.alpha(above, MARKET, multiplied).value == near(0.12)


def test_alpha_is_measured_over_the_risk_free_rate() -> None:
    """A beta of 2 on a risk-free rate r costs alpha of r a month: 2 b = r + 2 (b - r) + alpha."""
    policy = CalculationPolicy(
        observations_min=2,
        periods_per_year=12,
        risk_free_rate=Decimal("0.06"),
        alpha_scaling=AlphaScaling.MULTIPLY,
    )
    twice = [2 * each for each in MARKET]
    assert statistics.alpha(twice, MARKET, policy).value == near(12 * (1.06 ** (1 / 12) - 1))


def test_tracking_error_and_information_ratio() -> None:
    """Differences of 1, 1, 1, -1, -1 %: mean 0.2 %, deviation sqrt(4.8 / 4) %."""
    spread = math.sqrt(4.8 / 4) / 100
    assert statistics.tracking_error(RETURNS, MARKET, POLICY).value == near(spread * math.sqrt(12))
    assert statistics.information_ratio(RETURNS, MARKET, POLICY).value == near(0.002 / spread * math.sqrt(12))


def test_capture_by_both_methods() -> None:
    own = [0.02, -0.01, 0.04]
    market = [0.01, -0.02, 0.02]
    up = math.sqrt(1.02 * 1.04) - 1
    market_up = math.sqrt(1.01 * 1.02) - 1
    yearly = CalculationPolicy(
        observations_min=2, periods_per_year=12, capture_method=CaptureMethod.ANNUALISED
    )
    assert statistics.up_capture(own, market, POLICY).value == near(up / market_up)
    assert statistics.down_capture(own, market, POLICY).value == near(0.5)
    assert statistics.up_capture(own, market, yearly).value == near(
        ((1 + up) ** 12 - 1) / ((1 + market_up) ** 12 - 1)
    )


def test_capture_needs_a_benchmark_that_rose_or_fell() -> None:
    assert statistics.up_capture([0.1] * 2, [-0.1] * 2, POLICY).reason is Reason.NO_RISING_PERIODS
    assert statistics.down_capture([0.1] * 2, [0.0] * 2, POLICY).reason is Reason.NO_FALLING_PERIODS
    assert statistics.down_capture([-1.0] * 2, [-0.1] * 2, POLICY).reason is Reason.LOSS_BEYOND_CAPITAL


def test_a_missing_observation_takes_its_other_half_with_it() -> None:
    with_gaps = statistics.beta([*RETURNS, None, 0.5], [*MARKET, 0.5, None], POLICY)
    assert with_gaps.value == statistics.beta(RETURNS, MARKET, POLICY).value
    assert {each.name: each.value for each in with_gaps.inputs}["observations"] == 5


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        statistics.beta(RETURNS, MARKET[:-1], POLICY)


# -- composites ----------------------------------------------------------------------------------------


def d(text: str) -> date:
    return date.fromisoformat(text)


def test_what_joins_within_a_period_counts_from_the_next_full_one() -> None:
    memberships = [
        CompositeMembership("always", d("2020-01-01")),
        CompositeMembership("from the first day", d("2024-01-01")),
        CompositeMembership("a day late", d("2024-01-02")),
        CompositeMembership("left on the last day", d("2020-01-01"), d("2024-01-31")),
        CompositeMembership("left after it", d("2020-01-01"), d("2024-02-01")),
        CompositeMembership("moved", d("2020-01-01"), d("2024-01-15")),
        CompositeMembership("moved", d("2024-01-15")),
        CompositeMembership("away a day", d("2020-01-01"), d("2024-01-15")),
        CompositeMembership("away a day", d("2024-01-16")),
    ]
    found = members_throughout(memberships, d("2023-12-31"), d("2024-01-31"))
    assert found == ("always", "from the first day", "left after it", "moved")


def member(name: str, opening: int, value: float | None) -> MemberPeriod:
    return MemberPeriod(name, Decimal(opening), value)


def test_a_composite_is_weighted_by_opening_value() -> None:
    found = composite_return([member("a", 300, 0.10), member("b", 100, 0.02)])
    assert found.value == near(0.08)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([], Reason.NO_DATA),
        ([member("a", 300, 0.1), member("b", 100, None)], Reason.SEGMENT_RETURN_MISSING),
        ([member("a", 0, 0.1)], Reason.NO_CAPITAL),
        ([member("a", 300, 0.1), member("b", -100, 0.1)], Reason.NO_CAPITAL),
    ],
)
def test_a_composite_without_a_return_says_why(members: list[MemberPeriod], reason: Reason) -> None:
    assert (composite_return(members).value, composite_return(members).reason) == (None, reason)


def test_dispersion_asset_weighted_and_equal_weighted() -> None:
    """Five at 2 % and one at 8 %: mean 3 %, deviation sqrt((5 x 1 + 25) / 6) %. With half of all assets in
    the one: mean 5 %, deviation 3 %."""
    members = [member(str(n), 100, 0.02) for n in range(5)] + [member("big", 500, 0.08)]
    assert dispersion(members, asset_weighted=False).value == near(math.sqrt(30 / 6) / 100)
    assert dispersion(members, asset_weighted=True).value == near(0.03)
    spread = spread_of(members)
    assert spread is not None
    assert (spread.members, spread.lowest, spread.highest, spread.median) == (6, 0.02, 0.08, 0.02)


def test_five_members_have_no_dispersion_and_neither_have_six_of_which_one_has_no_return() -> None:
    members = [member(str(n), 100, 0.02 * n) for n in range(5)]
    assert dispersion(members, asset_weighted=True).reason is Reason.TOO_FEW_OBSERVATIONS
    found = dispersion([*members, member("new", 100, None)], asset_weighted=True)
    assert found.reason is Reason.SEGMENT_RETURN_MISSING


def test_a_member_without_an_opening_value_has_no_return() -> None:
    memberships = [CompositeMembership("a", d("2020-01-01")), CompositeMembership("b", d("2020-01-01"))]
    found = member_periods(
        memberships, d("2023-12-31"), d("2024-01-31"), {"a": Decimal(5)}, {"a": 0.1, "b": 0.2}
    )
    assert found == (member("a", 5, 0.1), member("b", 0, None))


# -- tails ---------------------------------------------------------------------------------------------

WORST_TWO = [-0.05, -0.04] + [0.001 * n for n in range(18)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (QuantileRule.HIGHER, 0.05),
        (QuantileRule.LINEAR, 0.0405),
        (QuantileRule.INVERTED_CDF, 0.04),
        (QuantileRule.HAZEN, 0.045),
    ],
)
def test_value_at_risk_by_its_convention(rule: QuantileRule, expected: float) -> None:
    assert tail.historical_value_at_risk(WORST_TWO, 0.95, rule) == near(expected)


def test_expected_shortfall_takes_the_last_observation_by_its_fraction() -> None:
    assert tail.historical_expected_shortfall(WORST_TWO, 0.93) == near((5 + 0.4 * 4) / 1.4 / 100)
    assert tail.historical_expected_shortfall(WORST_TWO, 0.95) == near(0.05)
    assert tail.historical_expected_shortfall([], 0.95) is None
    assert tail.historical_value_at_risk([], 0.95) is None


@pytest.mark.parametrize(
    ("confidence", "z", "shortfall"),
    [(0.95, 1.644854, 2.062713), (0.975, 1.959964, 2.337803), (0.99, 2.326348, 2.665214)],
)
def test_the_normal_tail(confidence: float, z: float, shortfall: float) -> None:
    assert tail.normal_value_at_risk(0.0, 1.0, confidence) == near(z, 5e-7)
    assert tail.normal_expected_shortfall(0.0, 1.0, confidence) == near(shortfall, 5e-7)
    assert tail.normal_value_at_risk(0.5, 2.0, confidence) == near(2 * z - 0.5, 1e-6)


@pytest.mark.parametrize(("failures", "ratio", "p"), [(5, 1.956810, 0.161855), (0, 5.025168, 0.024982)])
def test_proportion_of_failures_at_one_percent(failures: int, ratio: float, p: float) -> None:
    found = tail.kupiec(failures, 250, 0.01)
    assert (found.ratio, found.p_value) == (near(ratio, 5e-7), near(p, 5e-7))


@pytest.mark.parametrize(
    ("days", "probability", "first", "last"),
    [(255, 0.01, 1, 6), (255, 0.05, 7, 20), (255, 0.10, 17, 35), (510, 0.01, 2, 10), (1000, 0.05, 38, 64)],
)
def test_where_a_model_is_not_rejected(days: int, probability: float, first: int, last: int) -> None:
    kept = [n for n in range(days) if tail.kupiec(n, days, probability).p_value > 0.05]
    assert (kept[0], kept[-1], len(kept)) == (first, last, last - first + 1)


def test_failures_that_follow_one_another() -> None:
    hits = [n in {50, 51, 52, 120, 200} for n in range(1, 251)]
    found = tail.christoffersen(hits, 0.01)
    assert found.transitions == ((241, 3), (3, 2))
    assert (found.independence.ratio, found.independence.p_value) == (
        near(9.894654, 5e-7),
        near(0.001658, 5e-7),
    )
    assert found.coverage.ratio == near(11.851464, 5e-7)
    apart = tail.christoffersen([n in {10, 60, 110, 160, 210} for n in range(1, 251)], 0.01)
    assert apart.independence.ratio == near(0.204932, 5e-7)


def test_the_traffic_light() -> None:
    seen = [tail.traffic_light(n) for n in (0, 4, 5, 9, 10)]
    assert seen == [Zone.GREEN, Zone.GREEN, Zone.YELLOW, Zone.YELLOW, Zone.RED]


@pytest.mark.parametrize(
    "refused",
    [
        lambda: tail.kupiec(6, 5, 0.01),
        lambda: tail.kupiec(0, 0, 0.01),
        lambda: tail.kupiec(1, 5, 1.0),
        lambda: tail.christoffersen([True], 0.01),
        lambda: tail.traffic_light(-1),
        lambda: tail.historical_value_at_risk([0.1], 1.0),
    ],
)
def test_what_a_tail_refuses(refused: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"failures|between|days"):
        refused()


def test_the_risk_free_rate_is_that_of_each_day() -> None:
    """2 % in the first two periods, 14 % after: as if each return were less its own rate."""
    policy = CalculationPolicy(observations_min=2, periods_per_year=12, risk_free_rate=Decimal("0.14"))
    rates = [0.02, 0.02, *[0.14] * (len(RETURNS) - 2)]
    free = [1.02 ** (1 / 12) - 1] * 2 + [1.14 ** (1 / 12) - 1] * (len(RETURNS) - 2)
    over = [own - rate for own, rate in zip(RETURNS, free, strict=True)]
    market = [own - rate for own, rate in zip(MARKET, free, strict=True)]
    alone = CalculationPolicy(observations_min=2, periods_per_year=12)
    dated = statistics.sharpe(RETURNS, policy, rates)
    assert dated.value == near(statistics.sharpe(over, alone).value or 0.0)
    assert dated.value != near(statistics.sharpe(RETURNS, policy).value or 0.0)
    for measure in (statistics.beta, statistics.alpha):
        assert measure(RETURNS, MARKET, policy, rates).value == near(
            measure(over, market, alone).value or 0.0
        )


def test_of_less_than_a_month_there_is_no_statistic() -> None:
    policy = CalculationPolicy()
    for count, reason in ((19, Reason.TOO_FEW_OBSERVATIONS), (20, None)):
        own, other = [0.01, -0.02] * 10, [0.02, -0.01] * 10
        for found in (
            statistics.sharpe(own[:count], policy),
            statistics.beta(own[:count], other[:count], policy),
            statistics.up_capture(own[:count], other[:count], policy),
        ):
            assert found.reason is reason
