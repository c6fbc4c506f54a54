"""Cases others published: every one of twr, xirr, risk_ratios, var and fx, through the public functions."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.performance.rules import attribution, statistics, tail
from wealthnexus.domain.performance.rules.currency import RateTable
from wealthnexus.domain.performance.rules.days import ScopeDay, days_of, days_of_values_before_flows
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.money_weighted import CashFlow, money_weighted, present_value
from wealthnexus.domain.performance.rules.periods import Interval, annualised, by_interval
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    DayCount,
    FeeBasis,
    FlowTiming,
    ReturnKind,
)
from wealthnexus.domain.performance.rules.time_weighted import Method, TimeWeighted, time_weighted

pytestmark = pytest.mark.unit
TRUTHS = Path(__file__).parent.parent / "truths"
TIMINGS = {
    "all_flows_start_of_day": FlowTiming.START_OF_DAY,
    "all_flows_end_of_day": FlowTiming.END_OF_DAY,
}
POLICY = CalculationPolicy(observations_min=2)


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in json.loads((TRUTHS / name).read_text())["cases"]]


def case_of(name: str, key: str) -> Any:
    return next(case for case in json.loads((TRUTHS / name).read_text())["cases"] if case["id"] == key)


def d(text: str) -> date:
    return date.fromisoformat(text)


def dated(rows: list[list[Any]]) -> list[tuple[date, Decimal]]:
    return [(d(day), Decimal(str(amount))) for day, amount in rows]


def measured(
    rows: tuple[ScopeDay, ...], begin: str, end: str, policy: CalculationPolicy = POLICY
) -> TimeWeighted:
    return time_weighted(rows, begin=d(begin), end=d(end), basis=FeeBasis.NET, policy=policy)


def near(expected: float, tolerance: float) -> Any:
    return pytest.approx(expected, abs=tolerance, rel=0)


# -- time-weighted -------------------------------------------------------------------------------------


def test_every_time_weighted_case_is_run() -> None:
    assert {case.id for case in cases("twr.json")} == {
        "pp/excel_sample",
        "cibc/jane",
        "wikipedia/dietz_120pct",
    }


def excel_sample(policy: CalculationPolicy) -> tuple[dict[str, Any], TimeWeighted]:
    case = case_of("twr.json", "pp/excel_sample")
    rows = days_of(dict(dated(case["inputs"]["valuations"])), dated(case["inputs"]["external_flows"]))
    return case, measured(rows, "2011-12-30", "2012-01-08", policy)


def test_portfolio_performance_day_by_day() -> None:
    case, found = excel_sample(POLICY)
    expected, tolerance = case["expected"], case["tolerance"]
    assert [sub.value for sub in found.sub_periods] == [near(each, tolerance) for each in expected["daily"]]
    growth, cumulated = 1.0, []
    for sub in found.sub_periods:
        growth *= sub.growth or 0.0
        cumulated.append(growth - 1)
    assert cumulated == [near(each, tolerance) for each in expected["cumulative"]]
    assert found.value == near(expected["final"], tolerance)


def test_portfolio_performance_by_iso_week() -> None:
    case, found = excel_sample(POLICY)
    weeks = [week.value for week in by_interval(found.sub_periods, Interval.ISO_WEEK)]
    assert weeks == [near(each, case["tolerance"]) for each in case["expected"]["weekly_iso"]]


@pytest.mark.parametrize("convention", list(TIMINGS))
def test_portfolio_performance_under_the_other_conventions(convention: str) -> None:
    case, found = excel_sample(CalculationPolicy(observations_min=2, flow_timing=TIMINGS[convention]))
    assert found.value == near(case["other_conventions"][convention], case["tolerance"])


def test_valuations_taken_before_the_flow() -> None:
    case = case_of("twr.json", "cibc/jane")
    valuations = dict(dated(case["inputs"]["valuations_before_flow"]))
    rows = days_of_values_before_flows(valuations, dated(case["inputs"]["external_flows"]))
    found = measured(rows, "2021-01-01", "2021-12-31")
    expected = case["expected"]["sub_periods"]
    assert [sub.value for sub in found.sub_periods] == [near(each, case["tolerance"]) for each in expected]
    assert found.value == near(case["expected"]["final"], case["tolerance"])


def test_modified_dietz_of_wikipedia() -> None:
    """A flow of 50 half-way: at the end of day 1 of 2."""
    case = case_of("twr.json", "wikipedia/dietz_120pct")
    inputs, (flow,) = case["inputs"], case["inputs"]["flows"]
    begin = date(2024, 1, 1)
    rows = (
        ScopeDay(begin, Decimal(inputs["v0"])),
        ScopeDay(begin + timedelta(days=1), None, inflow=Decimal(flow["amount"])),
        ScopeDay(begin + timedelta(days=2), Decimal(inputs["v1"])),
    )
    policy = CalculationPolicy(observations_min=2, dietz_timing=FlowTiming.END_OF_DAY)
    found = measured(rows, "2024-01-01", "2024-01-03", policy)
    assert flow["weight"] == 0.5
    assert found.sub_periods[0].method is Method.MODIFIED_DIETZ
    assert found.value == near(case["expected"]["modified_dietz"], case["tolerance"])


# -- the worked cases of the design --------------------------------------------------------------------


def january(*rows: tuple[int, int | None, int]) -> tuple[ScopeDay, ...]:
    return tuple(
        ScopeDay(
            date(2024, 1, 1) + timedelta(days=day - 1),
            None if value is None else Decimal(value),
            Decimal(max(flow, 0)),
            Decimal(max(-flow, 0)),
        )
        for day, value, flow in rows
    )


def test_true_daily_return_with_a_flow_of_half_the_account() -> None:
    rows = january((1, 100_000, 0), (15, 105_000, 0), (16, 155_000, 50_000), (31, 160_000, 0))
    found = measured(rows, "2024-01-01", "2024-01-31")
    assert found.value == near(0.08387096774193559, 1e-10)


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (FlowTiming.START_OF_DAY, 0.07948717948717948),
        (FlowTiming.SPLIT, 0.07948717948717948),
        (FlowTiming.END_OF_DAY, 0.08051948051948052),
    ],
)
def test_modified_dietz_by_its_convention(timing: FlowTiming, expected: float) -> None:
    """Day 16 of 31: the opening value is the close of 31 December."""
    rows = (ScopeDay(date(2023, 12, 31), Decimal(100_000)), *january((16, None, 50_000), (31, 160_000, 0)))
    found = measured(
        rows, "2023-12-31", "2024-01-31", CalculationPolicy(observations_min=2, dietz_timing=timing)
    )
    assert found.value == near(expected, 1e-10)


def test_almost_everything_withdrawn_on_a_falling_day() -> None:
    found = measured(january((1, 100_000, 0), (2, 500, -99_400)), "2024-01-01", "2024-01-02")
    assert found.value == near(-0.001, 1e-10)


@pytest.mark.parametrize(
    ("days", "expected"), [(366, 0.07977292572080796), (730, 0.039230484541326494), (365, 0.08)]
)
def test_returns_of_a_year_and_more_are_annualised(days: int, expected: float) -> None:
    assert annualised(0.08, days).value == near(expected, 1e-10)


def test_a_return_of_364_days_is_not() -> None:
    assert (annualised(0.08, 364).value, annualised(0.08, 364).reason) == (None, Reason.UNDER_ONE_YEAR)


def test_a_leap_calendar_year_of_8_percent_is_8_percent() -> None:
    assert annualised(0.08, 366, 1).value == 0.08


# -- money-weighted ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("xirr.json"))
def test_money_weighted(case: dict[str, Any]) -> None:
    count = DayCount(case.get("day_count", DayCount.ACT_365F))
    found = money_weighted([CashFlow(day, amount) for day, amount in dated(case["flows"])], count)
    if case["expected_xirr"] is None:
        assert (found.value, found.reason, found.roots) == (None, Reason.NO_SIGN_CHANGE, ())
        return
    assert found.value == near(case["expected_xirr"], case["tolerance"])
    assert list(found.roots) == [near(root, 1e-9) for root in case["all_roots"]]


def test_money_weighted_of_four_flows() -> None:
    flows = [
        ("2023-01-01", -100_000),
        ("2023-07-01", -50_000),
        ("2024-03-01", 20_000),
        ("2024-12-31", 160_000),
    ]
    found = money_weighted([CashFlow(d(day), Decimal(amount)) for day, amount in flows])
    assert found.value == near(0.11040171670941301, 1e-8)


def test_two_roots_are_both_shown() -> None:
    flows = [
        CashFlow(d(f"{year}-01-01"), Decimal(a)) for year, a in ((2020, -1000), (2021, 2500), (2022, -1540))
    ]
    found = money_weighted(flows)
    assert (found.value, found.reason) == (None, Reason.SEVERAL_ROOTS)
    assert [round(root, 2) for root in found.roots] == [0.10, 0.39]
    assert present_value(0.05, flows) < 0 < present_value(0.2, flows)
    assert present_value(0.5, flows) < 0
    assert [present_value(root, flows) for root in found.roots] == [near(0.0, 1e-9)] * 2


# -- statistics ----------------------------------------------------------------------------------------


def test_every_ratio_case_is_run() -> None:
    assert {case.id for case in cases("risk_ratios.json")} == {
        "pp/volatility_period",
        "pp/max_drawdown_1",
        "empyrical/sharpe_daily_mixed",
        "attribution/brinson_fachler_5_segments",
    }


def test_volatility_of_a_period() -> None:
    case = case_of("risk_ratios.json", "pp/volatility_period")
    returns = case["inputs"]["returns"]
    policy = CalculationPolicy(
        observations_min=2, volatility_of=ReturnKind.LOGARITHMIC, periods_per_year=len(returns)
    )
    assert statistics.volatility(returns, policy).value == near(case["expected"], case["tolerance"])


def test_a_drawdown_of_more_than_everything() -> None:
    case = case_of("risk_ratios.json", "pp/max_drawdown_1")
    found = statistics.drawdown_of([1 + each for each in case["inputs"]["cumulative"]])
    assert found.depth == near(case["expected"], case["tolerance"])
    assert (found.peak_at, found.trough_at, found.recovered_at) == (2, 3, None)


def test_sharpe_ratio_without_the_missing_observation() -> None:
    case = case_of("risk_ratios.json", "empyrical/sharpe_daily_mixed")
    found = statistics.sharpe(case["inputs"]["returns"], POLICY)
    assert found.value == near(case["expected"], case["tolerance"])
    assert {each.name: each.value for each in found.inputs}["missing"] == 1


def test_brinson_fachler_of_five_segments() -> None:
    case = case_of("risk_ratios.json", "attribution/brinson_fachler_5_segments")
    segments = [
        attribution.SegmentReturn(row["segment"], row["wp"], row["rp"], row["wb"], row["rb"])
        for row in case["inputs"]
    ]
    found = attribution.brinson_fachler(segments)
    expected, tolerance = case["expected"], case["tolerance"]
    for name in ("allocation", "selection", "interaction"):
        bps = [getattr(effect, name) * 1e4 for effect in found.effects]
        assert bps == [near(each, tolerance) for each in expected[f"{name}_bps"]]
    assert found.benchmark_return == near(expected["benchmark_return"], tolerance)
    assert found.portfolio_return == near(expected["portfolio_return"], tolerance)
    assert found.active == near(expected["active"], tolerance)
    assert found.residual == near(0.0, 1e-15)


@pytest.mark.parametrize("case", cases("var.json"))
def test_proportion_of_failures(case: dict[str, Any]) -> None:
    inputs = case["inputs"]
    found = tail.kupiec(inputs["failures"], inputs["observations"], inputs["p"])
    assert found.ratio == near(case["expected"], 1e-9)
    assert found.ratio == near(case["published"], case["tolerance"])


@pytest.mark.parametrize("case", cases("fx.json"))
def test_the_last_published_rate_crossed_through_the_euro(case: dict[str, Any]) -> None:
    """The table holds the published rate of the day; its eve and the day after are other rates."""
    inputs, expected = case["inputs"], case["expected"]
    day = d(inputs["date"])
    one = timedelta(days=1)
    published = {
        day - one: Decimal("1.1708"),
        day: Decimal(str(expected["rate"])),
        day + 3 * one: Decimal("1.1605"),
    }
    found = RateTable("EUR", {"USD": published}).rate(inputs["base"], inputs["quote"], day)
    assert float(found.rate or 0) == near(expected["rate"], case["tolerance"])
    assert [each.isoformat() for each in found.rate_days] == expected["rate_dates"]
