"""Further published cases, and some worked by hand, through the public functions."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.performance.rules import attribution, composites, statistics
from wealthnexus.domain.performance.rules.benchmarks import Blend, Rebalance, benchmark_return, blended
from wealthnexus.domain.performance.rules.days import days_of
from wealthnexus.domain.performance.rules.money_weighted import CashFlow, money_weighted
from wealthnexus.domain.performance.rules.periods import annualised
from wealthnexus.domain.performance.rules.policy import (
    AlphaScaling,
    CalculationPolicy,
    CaptureMethod,
    FeeBasis,
    FlowTiming,
    GapTreatment,
    LinkingMethod,
)
from wealthnexus.domain.performance.rules.time_weighted import inception, time_weighted

from tests.truths.ledger_cases import FOLDER

pytestmark = pytest.mark.unit
Case = dict[str, Any]


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(FOLDER) / f"{name}.json").read_text())
    return found


RETURNS, STATISTICS, BESIDE = read("returns"), read("statistics"), read("beside")


def of_kind(told: dict[str, Any], kind: str | None = None) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in told["cases"] if kind in {None, case.get("kind")}]


def holds(value: float | None, reason: str | None, case: Case) -> None:
    if case["expected"] is None:
        assert (value, reason) == (None, case["reason"])
    else:
        assert value == pytest.approx(case["expected"], abs=case["tolerance"], rel=0)


def d(text: str) -> date:
    return date.fromisoformat(text)


def number(value: Any) -> Decimal:
    return Decimal(str(value))


@pytest.mark.parametrize("case", of_kind(RETURNS, "xirr"))
def test_money_weighted(case: Case) -> None:
    found = money_weighted([CashFlow(d(day), number(amount)) for day, amount in case["flows"]])
    holds(found.value, found.reason, case)
    if "roots" in case:
        assert list(found.roots) == [pytest.approx(root, abs=1e-9) for root in case["roots"]]


@pytest.mark.parametrize("case", of_kind(RETURNS, "twr"))
def test_time_weighted(case: Case) -> None:
    rows = days_of(
        {d(day): number(value) for day, value in case["values"]},
        [(d(day), number(amount)) for day, amount in case["flows"]],
    )
    policy = CalculationPolicy(observations_min=2, dietz_timing=FlowTiming(case.get("dietz", "SPLIT")))
    began = d(case["begin"]) if "begin" in case else inception(rows, GapTreatment.LINK_AT_ZERO)
    given = {"begin": began or rows[0].day - timedelta(days=1), "end": rows[-1].day, "basis": FeeBasis.NET}
    found = time_weighted(rows, policy=policy, **given)  # type: ignore[arg-type]
    holds(found.value, found.reason, case)
    if "linked" in case:
        linked = CalculationPolicy(observations_min=2, gap_treatment=GapTreatment.LINK_AT_ZERO)
        value = time_weighted(rows, policy=linked, **given).value  # type: ignore[arg-type]
        assert value == pytest.approx(case["linked"], abs=1e-12)


@pytest.mark.parametrize("case", of_kind(RETURNS, "annualised"))
def test_annualised(case: Case) -> None:
    found = annualised(case["value"], case["days"], case["years"])
    holds(found.value, found.reason, case)


@pytest.mark.parametrize("case", of_kind(STATISTICS))
def test_a_statistic(case: Case) -> None:
    policy = CalculationPolicy(
        observations_min=2,
        periods_per_year=case["periods_per_year"],
        capture_method=CaptureMethod(case.get("capture", "PER_PERIOD")),
        alpha_scaling=AlphaScaling(case.get("alpha", "COMPOUND")),
    )
    series = STATISTICS["series"]
    given = [series[case["of"]], *([series[case["beside"]]] if "beside" in case else [])]
    if case["statistic"] != "max_drawdown":
        given.append(policy)
    found = getattr(statistics, case["statistic"])(*given)
    holds(found.value, found.reason, case)


@pytest.mark.parametrize("case", of_kind(BESIDE, "attribution"))
def test_attribution(case: Case) -> None:
    periods = [
        attribution.brinson_fachler([attribution.SegmentReturn(*row) for row in rows])
        for rows in case["periods"]
    ]
    found = periods[0]
    if "linking" in case:
        found = attribution.link_attribution(periods, LinkingMethod(case["linking"]))
    totals = [
        sum(getattr(e, name) for e in found.effects) for name in ("allocation", "selection", "interaction")
    ]
    assert totals == [pytest.approx(each, abs=case["tolerance"]) for each in case["totals"]]
    assert found.portfolio_return == pytest.approx(case["portfolio"], abs=case["tolerance"])
    assert found.benchmark_return == pytest.approx(case["benchmark"], abs=case["tolerance"])
    assert found.residual == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("case", of_kind(BESIDE, "composite"))
def test_dispersion(case: Case) -> None:
    members = [
        composites.MemberPeriod(str(at), number(value), each)
        for at, (value, each) in enumerate(case["members"])
    ]
    found = composites.dispersion(members, asset_weighted=case["asset_weighted"])
    holds(found.value, found.reason, case)


@pytest.mark.parametrize("case", of_kind(BESIDE, "benchmark"))
def test_a_blend(case: Case) -> None:
    days = [date(2020, 12, 31), date(2021, 1, 29), date(2021, 2, 26)]
    levels = {
        "A": dict(zip(days, map(Decimal, (100, 110, 121)), strict=True)),
        "B": dict.fromkeys(days, Decimal(100)),
    }
    rebalance = Rebalance(case["rebalance"])
    blends = [Blend(days[0], {"A": Decimal("0.6"), "B": Decimal("0.4")}, rebalance)]
    if "change" in case:
        first, weight = d(case["change"][0]), Decimal(case["change"][1])
        blends.append(Blend(first, {"A": weight, "B": 1 - weight}, rebalance))
    found = benchmark_return(blended(blends, levels, days), currency="USD")
    holds(found.value, found.reason, case)
