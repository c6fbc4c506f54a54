"""Reporting periods, and how a return of one becomes a return per year.

A period runs from the close of ``begin`` to the close of ``end``: the year 2024 is 2023-12-31 to 2024-12-31.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, figure
from wealthnexus.domain.performance.rules.policy import CalculationPolicy
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod, linked

DAYS_OF_A_YEAR: Final = 365
_ONE_DAY: Final = timedelta(days=1)


class PeriodKind(StrEnum):
    MONTH_TO_DATE = "MTD"
    QUARTER_TO_DATE = "QTD"
    YEAR_TO_DATE = "YTD"
    ONE_YEAR = "1Y"
    THREE_YEARS = "3Y"
    FIVE_YEARS = "5Y"
    TEN_YEARS = "10Y"
    SINCE_INCEPTION = "ITD"
    CUSTOM = "CUSTOM"


YEARS: Final = {
    PeriodKind.ONE_YEAR: 1,
    PeriodKind.THREE_YEARS: 3,
    PeriodKind.FIVE_YEARS: 5,
    PeriodKind.TEN_YEARS: 10,
}


@dataclass(frozen=True, slots=True)
class Period:
    """``begin`` is the day whose close opens the period, the day before its first day."""

    kind: PeriodKind
    begin: date
    end: date

    @property
    def first_day(self) -> date:
        return self.begin + _ONE_DAY

    @property
    def days(self) -> int:
        return (self.end - self.begin).days

    @property
    def needs_full_history(self) -> bool:
        """Whether a scope that was funded later has no figure (instead of one since its funding)."""
        return self.kind in YEARS


def period_of(
    kind: PeriodKind,
    as_of: date,
    policy: CalculationPolicy,
    *,
    inception: date | None = None,
    first_day: date | None = None,
) -> Period | None:
    """The period that ends with ``as_of``; None since inception where there is none.

    ``first_day`` belongs to CUSTOM, ``inception`` (of ``time_weighted.inception``) to ITD. Years and quarters
    are the firm's fiscal ones. ValueError: CUSTOM without a first day, or with one after ``as_of``.
    """
    if kind is PeriodKind.CUSTOM:
        if first_day is None or first_day > as_of:
            raise ValueError(
                f"a custom period from {first_day} to {as_of}: expected a first day up to the last"
            )
        return Period(kind, first_day - _ONE_DAY, as_of)
    if kind is PeriodKind.SINCE_INCEPTION:
        return None if inception is None or inception > as_of else Period(kind, inception, as_of)
    if kind in YEARS:
        return Period(kind, years_before(as_of, YEARS[kind]), as_of)
    months_into = {
        PeriodKind.MONTH_TO_DATE: 0,
        PeriodKind.QUARTER_TO_DATE: (as_of.month - policy.fiscal_year_first_month) % 3,
        PeriodKind.YEAR_TO_DATE: (as_of.month - policy.fiscal_year_first_month) % 12,
    }[kind]
    count = as_of.year * 12 + as_of.month - 1 - months_into
    return Period(kind, date(count // 12, count % 12 + 1, 1) - _ONE_DAY, as_of)


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; the end of a month stays the end of its month (28 and 29 February)."""
    year = day.year - years
    length = monthrange(year, day.month)[1]
    at_month_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, day.month, length if at_month_end else min(day.day, length))


def whole_years(period: Period, policy: CalculationPolicy) -> int | None:
    """Years of an anniversary period: 1Y, 3Y, 5Y, 10Y, and whatever is whole calendar years.

    Other periods from a day to the same day of a later year count only if the policy says so.
    """
    if period.kind in YEARS:
        return YEARS[period.kind]
    years = period.end.year - period.begin.year
    is_calendar = (period.begin.month, period.begin.day, period.end.month, period.end.day) == (12, 31, 12, 31)
    if years < 1 or not (is_calendar or policy.custom_anniversaries):
        return None
    return years if years_before(period.end, years) == period.begin else None


def annualised(value: float, days: int, years: int | None = None) -> Figure:
    """A period's return per year; ``years``: whole years of an anniversary period.

    None under 365 days: a return of less than a year is never annualised.
    """
    inputs = (
        Input("return", value, "fraction"),
        Input("days", days, "days"),
        Input("wholeYears", years, "years"),
    )
    if days < DAYS_OF_A_YEAR:
        return figure(formulas.ANNUALISED, None, Reason.UNDER_ONE_YEAR, inputs=inputs)
    if value < -1:
        return figure(formulas.ANNUALISED, None, Reason.LOSS_BEYOND_CAPITAL, inputs=inputs)
    if years == 1:
        return figure(formulas.ANNUALISED, value, inputs=inputs)
    exponent = 1 / years if years else DAYS_OF_A_YEAR / days
    return figure(formulas.ANNUALISED, math.pow(1 + value, exponent) - 1, inputs=inputs)


def annualised_over(value: float, period: Period, policy: CalculationPolicy) -> Figure:
    """``annualised`` by the rule of the period."""
    return annualised(value, period.days, whole_years(period, policy))


def valuation_days(first: date, last: date, is_open: Callable[[date], bool]) -> list[date]:
    """The days of a firm's calendar on which a value is expected."""
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if is_open(day)]


# -- returns by interval ---------------------------------------------------------------------------------


class Interval(StrEnum):
    DAY = "DAY"
    ISO_WEEK = "ISO_WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


@dataclass(frozen=True, slots=True)
class IntervalReturn:
    """The linked return of the part of an interval that was measured; None with the reason.

    ``is_approximate``: Modified Dietz stood in for missing daily values.
    """

    begin: date
    end: date
    value: float | None
    reason: Reason | None
    is_approximate: bool = False


def interval_key(day: date, interval: Interval) -> tuple[int, int]:
    """What days of the same interval share."""
    if interval is Interval.DAY:
        return day.toordinal(), 0
    if interval is Interval.ISO_WEEK:
        year, week, _ = day.isocalendar()
        return year, week
    divisor = {Interval.MONTH: 1, Interval.QUARTER: 3, Interval.YEAR: 12}[interval]
    return day.year, (day.month - 1) // divisor


def by_interval(subs: Sequence[SubPeriod], interval: Interval) -> tuple[IntervalReturn, ...]:
    """Sub-periods linked by calendar interval; one that measures across a boundary leaves both sides None.

    A sub-period belongs to the interval of its last day: a close on Friday opens the Monday after.
    """
    grouped: dict[tuple[int, int], list[SubPeriod]] = {}
    torn: set[tuple[int, int]] = set()
    for sub in subs:
        key = interval_key(sub.end, interval)
        grouped.setdefault(key, []).append(sub)
        first = interval_key(sub.begin + _ONE_DAY, interval)
        if first != key and sub.method.value in {"MODIFIED_DIETZ", "HOLDING"}:
            torn |= {first, key}
    found = []
    for key, members in grouped.items():
        value, reason = (None, Reason.BOUNDARY_VALUE_MISSING) if key in torn else linked(members)
        approximate = any(sub.method.value == "MODIFIED_DIETZ" for sub in members)
        found.append(IntervalReturn(members[0].begin, members[-1].end, value, reason, approximate))
    return tuple(found)
