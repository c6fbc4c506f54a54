"""Periods by the calendar, and what of them is annualised how."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.periods import (
    Interval,
    Period,
    PeriodKind,
    annualised,
    annualised_over,
    interval_key,
    period_of,
    valuation_days,
    whole_years,
    years_before,
)
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

pytestmark = pytest.mark.unit
POLICY = CalculationPolicy()
OCTOBER = CalculationPolicy(fiscal_year_first_month=10)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("kind", "as_of", "begin"),
    [
        ("MTD", "2024-03-15", "2024-02-29"),
        ("MTD", "2024-03-31", "2024-02-29"),
        ("QTD", "2024-03-15", "2023-12-31"),
        ("QTD", "2024-04-01", "2024-03-31"),
        ("YTD", "2024-03-15", "2023-12-31"),
        ("YTD", "2024-01-01", "2023-12-31"),
        ("1Y", "2024-03-15", "2023-03-15"),
        ("1Y", "2024-02-29", "2023-02-28"),
        ("1Y", "2025-02-28", "2024-02-29"),
        ("3Y", "2024-02-29", "2021-02-28"),
        ("5Y", "2024-12-31", "2019-12-31"),
        ("10Y", "2024-03-15", "2014-03-15"),
    ],
)
def test_where_a_period_begins(kind: str, as_of: str, begin: str) -> None:
    found = period_of(PeriodKind(kind), d(as_of), POLICY)
    assert found is not None
    assert (found.begin, found.end) == (d(begin), d(as_of))


@pytest.mark.parametrize(
    ("kind", "as_of", "begin"),
    [
        ("YTD", "2024-09-30", "2023-09-30"),
        ("YTD", "2024-10-01", "2024-09-30"),
        ("QTD", "2024-12-15", "2024-09-30"),
        ("QTD", "2024-09-15", "2024-06-30"),
    ],
)
def test_a_fiscal_year_from_october(kind: str, as_of: str, begin: str) -> None:
    found = period_of(PeriodKind(kind), d(as_of), OCTOBER)
    assert found is not None
    assert found.begin == d(begin)


def test_a_custom_period_includes_its_first_day() -> None:
    found = period_of(PeriodKind.CUSTOM, d("2024-12-31"), POLICY, first_day=d("2024-01-01"))
    assert found == Period(PeriodKind.CUSTOM, d("2023-12-31"), d("2024-12-31"))
    assert (found.days, found.first_day) == (366, d("2024-01-01"))
    with pytest.raises(ValueError, match="expected a first day"):
        period_of(PeriodKind.CUSTOM, d("2024-12-31"), POLICY, first_day=d("2025-01-01"))


def test_since_inception_needs_one() -> None:
    as_of = d("2024-12-31")
    assert period_of(PeriodKind.SINCE_INCEPTION, as_of, POLICY) is None
    assert period_of(PeriodKind.SINCE_INCEPTION, as_of, POLICY, inception=d("2025-01-01")) is None
    found = period_of(PeriodKind.SINCE_INCEPTION, as_of, POLICY, inception=d("2020-05-04"))
    assert found == Period(PeriodKind.SINCE_INCEPTION, d("2020-05-04"), as_of)


def custom(begin: str, end: str) -> Period:
    return Period(PeriodKind.CUSTOM, d(begin), d(end))


def test_a_leap_calendar_year_of_8_percent_is_8_percent_by_whichever_name() -> None:
    for period in (
        custom("2023-12-31", "2024-12-31"),
        Period(PeriodKind.YEAR_TO_DATE, d("2023-12-31"), d("2024-12-31")),
        Period(PeriodKind.ONE_YEAR, d("2023-12-31"), d("2024-12-31")),
    ):
        assert period.days == 366
        assert annualised_over(0.08, period, POLICY).value == 0.08


def test_366_days_that_are_no_calendar_year_are_annualised_by_days() -> None:
    period = custom("2024-01-15", "2025-01-15")
    assert annualised_over(0.08, period, POLICY).value == pytest.approx(0.07977292572080796, abs=1e-12)
    whole = CalculationPolicy(custom_anniversaries=True)
    assert annualised_over(0.08, period, whole).value == 0.08


@pytest.mark.parametrize(("end", "annual"), [("2023-12-30", None), ("2023-12-31", 0.08)])
def test_the_edge_of_364_and_365_days(end: str, annual: float | None) -> None:
    found = annualised_over(0.08, custom("2022-12-31", end), POLICY)
    assert (found.value, found.reason) == (annual, None if annual else Reason.UNDER_ONE_YEAR)


def test_three_years_are_three_whatever_their_days() -> None:
    period = Period(PeriodKind.THREE_YEARS, d("2021-02-28"), d("2024-02-29"))
    assert (period.days, whole_years(period, POLICY)) == (1096, 3)
    assert annualised_over(0.331, period, POLICY).value == pytest.approx(0.10, abs=1e-12)


def test_two_calendar_years_are_two_and_an_odd_day_more_is_counted_in_days() -> None:
    assert whole_years(custom("2021-12-31", "2023-12-31"), POLICY) == 2
    assert whole_years(custom("2021-12-30", "2023-12-31"), POLICY) is None
    assert (
        whole_years(custom("2021-12-30", "2023-12-31"), CalculationPolicy(custom_anniversaries=True)) is None
    )


def test_a_loss_of_more_than_everything_has_no_yearly_rate_and_a_total_one_has() -> None:
    assert annualised(-1.2, 800).reason is Reason.LOSS_BEYOND_CAPITAL
    assert annualised(-1.0, 800).value == -1.0


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(1, 12))
def test_years_back_and_forth_agree(day: date, years: int) -> None:
    """The end of a month stays one, every other day keeps its number."""
    found = years_before(day, years)
    at_end = (day + timedelta(days=1)).day == 1
    assert found.month == day.month
    assert (found + timedelta(days=1)).day == 1 if at_end else found.day == day.day


@given(
    st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(1, 12), st.sampled_from(["MTD", "QTD", "YTD"])
)
def test_to_date_periods_contain_each_other(as_of: date, month: int, kind: str) -> None:
    policy = CalculationPolicy(fiscal_year_first_month=month)
    found = period_of(PeriodKind(kind), as_of, policy)
    assert found is not None
    months = {"MTD": 1, "QTD": 3, "YTD": 12}[kind]
    assert found.first_day.day == 1
    assert 1 <= found.days <= 31 * months
    assert (found.first_day.month - month) % months == 0


def test_the_days_of_a_calendar() -> None:
    week = valuation_days(d("2024-03-01"), d("2024-03-05"), lambda day: day.weekday() < 5)
    assert [day.day for day in week] == [1, 4, 5]


def test_days_fall_into_their_intervals() -> None:
    day = d("2024-12-30")
    keys = [interval_key(day, interval) for interval in Interval]
    assert keys == [(day.toordinal(), 0), (2025, 1), (2024, 11), (2024, 3), (2024, 0)]
