"""The edges of a money-weighted return."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.money_weighted import (
    CashFlow,
    MoneyWeighted,
    figure_of,
    money_weighted,
    years_between,
)
from wealthnexus.domain.performance.rules.policy import DayCount

pytestmark = pytest.mark.unit


def flows(*rows: tuple[str, str | int]) -> list[CashFlow]:
    return [CashFlow(date.fromisoformat(day), Decimal(amount)) for day, amount in rows]


def solved(*rows: tuple[str, str | int]) -> MoneyWeighted:
    return money_weighted(flows(*rows))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], Reason.NO_DATA),
        ([("2024-01-01", 0)], Reason.NO_DATA),
        ([("2024-01-01", -100)], Reason.ONE_DAY_ONLY),
        ([("2024-01-01", -100), ("2024-01-01", 120)], Reason.ONE_DAY_ONLY),
        ([("2024-01-01", -100), ("2025-01-01", 0)], Reason.NO_SIGN_CHANGE),
        ([("2024-01-01", -100), ("2025-01-01", -1)], Reason.NO_SIGN_CHANGE),
        ([("2024-01-01", 100), ("2025-01-01", 1)], Reason.NO_SIGN_CHANGE),
        ([("2020-01-01", 100), ("2020-12-31", -220), ("2021-12-31", 122)], Reason.NO_REAL_ROOT),
    ],
)
def test_without_a_rate_there_is_a_reason(rows: list[tuple[str, int]], reason: Reason) -> None:
    found = solved(*rows)
    assert (found.value, found.reason, found.roots) == (None, reason, ())


def test_flows_of_one_day_are_one_flow() -> None:
    parted = solved(("2024-01-01", -60), ("2024-01-01", -40), ("2024-12-31", 110))
    assert parted == solved(("2024-01-01", -100), ("2024-12-31", 110))
    assert parted.value == pytest.approx(0.10)


def test_the_order_of_the_flows_does_not_matter() -> None:
    assert solved(("2024-12-31", 110), ("2024-01-01", -100)).value == pytest.approx(0.10)


def test_where_the_sum_only_touches_zero_the_rate_is_where_its_slope_is_zero() -> None:
    """Double precision alone would know it to eight digits."""
    found = solved(("2020-01-01", 100), ("2020-12-31", -220), ("2021-12-31", 121))
    assert found.value == pytest.approx(0.1, abs=1e-13)


@pytest.mark.parametrize(
    ("rows", "roots"),
    [
        ([("2023-01-01", -100), ("2024-01-01", 100)], [0.0]),
        ([("2023-01-01", -100), ("2024-01-01", 1)], [-0.99]),
        ([("2020-01-01", 100), ("2020-12-31", -220), ("2021-12-31", 121)], [0.1]),
        ([("2020-01-01", 100), ("2020-12-31", -200), ("2021-12-31", 100)], [0.0]),
        ([("2020-01-01", 100), ("2020-12-31", -230), ("2021-12-31", 132)], [0.1, 0.2]),
        ([("2021-01-01", -100), ("2022-01-01", 150), ("2023-01-01", -50)], [-0.5, 0.0]),
        (
            [("2021-01-01", -1000), ("2022-01-01", 3600), ("2023-01-01", -4310), ("2024-01-01", 1716)],
            [0.1, 0.2, 0.3],
        ),
    ],
)
def test_all_roots_are_found(rows: list[tuple[str, int]], roots: list[float]) -> None:
    """Single, double, zero, negative, and three of them: (x - 1.1)(x - 1.2)(x - 1.3)."""
    found = solved(*rows)
    assert list(found.roots) == [pytest.approx(root, abs=1e-7) for root in roots]
    assert found.value == (pytest.approx(roots[0], abs=1e-7) if len(roots) == 1 else None)


def test_a_rate_that_no_one_earns_does_not_hide_the_one_they_did() -> None:
    """400 for 130 of three days before is a rate beyond all reason; it is shown, the other is the value."""
    found = solved(("2024-01-01", 130), ("2024-01-04", -400), ("2026-01-01", 310))
    assert len(found.roots) == 2
    assert found.roots[1] > 1e12
    assert found.value == found.roots[0]
    assert found.reason is None


def test_a_day_that_doubles_has_its_rate_and_reports_its_period() -> None:
    found = solved(("2024-01-01", -100), ("2024-01-02", 200))
    assert found.under_one_year
    assert found.period == pytest.approx(1.0)


def test_a_day_that_loses_almost_everything_reports_its_period_too() -> None:
    """A year of such days would leave less than a double can tell from nothing."""
    found = solved(("2024-01-01", -10_000), ("2024-01-02", 8))
    assert found.value == pytest.approx(-1.0)
    assert found.period == pytest.approx(-0.9992, abs=1e-12)


def test_a_day_that_makes_ten_of_one_has_no_rate_a_double_holds_and_its_period() -> None:
    found = solved(("2024-01-01", -100), ("2024-01-02", 1_000))
    assert (found.value, found.reason, found.roots) == (None, Reason.TOO_LARGE, ())
    shown = figure_of(found, "USD")
    assert (shown.formula.id, shown.value) == ("mwr.period", pytest.approx(9.0))
    assert shown.parts[0].reason is Reason.TOO_LARGE


def test_under_a_year_the_figure_is_of_the_period_and_the_yearly_rate_only_a_part() -> None:
    """5 % in 182 days is 5 %."""
    found = solved(("2024-01-01", -100), ("2024-07-01", 105))
    shown = figure_of(found, "USD")
    assert (shown.formula.id, shown.value) == ("mwr.period", pytest.approx(0.05))
    assert shown.parts[0].value == found.value


@pytest.mark.parametrize(("last", "formula"), [("2024-12-30", "mwr.period"), ("2024-12-31", "mwr.xirr")])
def test_the_edge_of_a_year_is_365_days(last: str, formula: str) -> None:
    assert figure_of(solved(("2024-01-01", -100), (last, 105)), "USD").formula.id == formula


def test_several_roots_are_inputs_of_the_figure() -> None:
    shown = figure_of(solved(("2020-01-01", 100), ("2020-12-31", -230), ("2021-12-31", 132)), "USD")
    assert (shown.value, shown.reason) == (None, Reason.SEVERAL_ROOTS)
    assert len([each for each in shown.inputs if each.name == "root"]) == 2


@pytest.mark.parametrize(
    ("count", "first", "last", "years"),
    [
        (DayCount.ACT_365F, "2023-01-01", "2024-12-31", 730 / 365),
        (DayCount.ACT_360, "2024-01-01", "2024-12-31", 365 / 360),
        (DayCount.ACT_365_25, "2020-01-01", "2024-01-01", 1461 / 365.25),
        (DayCount.ACT_ACT_ISDA, "2003-11-01", "2004-05-01", 61 / 365 + 121 / 366),
        (DayCount.THIRTY_360_ISDA, "2007-01-15", "2007-07-31", 196 / 360),
        (DayCount.THIRTY_360_ISDA, "2007-01-31", "2007-07-31", 180 / 360),
        (DayCount.THIRTY_E_360, "2007-01-15", "2007-07-31", 195 / 360),
    ],
)
def test_years_by_day_count(count: DayCount, first: str, last: str, years: float) -> None:
    """ACT/ACT: the ISDA paper of 1998 (semi-annual period of 2003-2004: 0.49772438)."""
    found = years_between(date.fromisoformat(first), date.fromisoformat(last), count)
    assert found == pytest.approx(years, abs=1e-12)


def test_days_that_a_day_count_does_not_tell_apart_are_one() -> None:
    """30/360: 30 and 31 January."""
    first, last = date(2024, 1, 30), date(2025, 1, 30)
    paid = [CashFlow(first, Decimal(-60)), CashFlow(date(2024, 1, 31), Decimal(-40))]
    found = money_weighted([*paid, CashFlow(last, Decimal(110))], DayCount.THIRTY_360_ISDA)
    assert found.value == pytest.approx(0.10)
    assert money_weighted(paid, DayCount.THIRTY_360_ISDA).reason is Reason.ONE_DAY_ONLY


def test_a_sum_that_nearly_touches_zero_takes_no_long_time() -> None:
    """A triple root, the worst there is: (x - 1.1) ** 3."""
    started = time.process_time()
    found = solved(("2020-01-01", 100), ("2020-12-31", -330), ("2021-12-31", 363), ("2022-12-31", "-133.1"))
    assert found.value == pytest.approx(0.1, abs=1e-4)
    assert time.process_time() - started < 0.4
