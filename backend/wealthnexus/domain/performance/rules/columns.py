"""The same returns and statistics for many accounts: columns of doubles instead of rows of objects.

The reference is ``time_weighted`` and ``statistics``; what takes part (start and end capital of each day) is
theirs, and both agree to 8 decimals. Accounts with a missing value, a day without capital or a loss of more
than everything are left to the reference: their figures are NaN. A day of every account is one vector, so
nothing of the size of the whole is made beside the columns themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import numpy
from numpy.typing import NDArray

from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, FeeBasis
from wealthnexus.domain.performance.rules.statistics import per_period
from wealthnexus.domain.performance.rules.time_weighted import capital_of_day

Doubles: TypeAlias = NDArray[numpy.float64]
_NO_SPREAD = 1e-15


@dataclass(frozen=True, slots=True)
class CapitalColumns:
    """Start and end capital, (days, accounts): row d is day d of every account.

    A day without a value is NaN in both. ValueError: the two are not of one shape, or have no day.
    """

    start: Doubles
    end: Doubles

    def __post_init__(self) -> None:
        if self.start.shape != self.end.shape or self.start.ndim != 2 or not self.start.shape[0]:
            raise ValueError(
                f"starts of shape {self.start.shape} and ends of {self.end.shape}, expected days by accounts"
            )

    @property
    def day_count(self) -> int:
        return int(self.start.shape[0])

    @property
    def account_count(self) -> int:
        return int(self.start.shape[1])


@dataclass(frozen=True, slots=True)
class AccountStatistics:
    """One entry per account. ``value`` NaN: left to the reference, and so is all else of that account.

    ``volatility`` and ``sharpe`` per year; NaN beside a value: too few observations, no variation.
    """

    value: Doubles
    volatility: Doubles
    sharpe: Doubles
    max_drawdown: Doubles


def capital_columns(
    accounts: Sequence[Sequence[ScopeDay]], days: Sequence[date], basis: FeeBasis, policy: CalculationPolicy
) -> CapitalColumns:
    """Columns from rows: each account has a row for the close before ``days[0]`` and one per day.

    ValueError: an account's rows are not of these days.
    """
    start = numpy.full((len(days), len(accounts)), math.nan)
    end = start.copy()
    for at, rows in enumerate(accounts):
        if [row.day for row in rows[1:]] != list(days):
            raise ValueError(f"rows of {len(rows) - 1} days, expected those of {len(days)}")
        opening: Decimal | None = rows[0].value
        for day, row in enumerate(rows[1:]):
            if opening is not None and row.value is not None and not row.flow_unknown:
                start[day, at], end[day, at] = capital_of_day(
                    opening, row, basis=basis, timing=policy.flow_timing
                )
            opening = row.value
    return CapitalColumns(start, end)


def linked_returns(columns: CapitalColumns) -> Doubles:
    """The linked return of each account, NaN where the reference has to decide."""
    level = numpy.ones(columns.account_count)
    growth = numpy.empty_like(level)
    least_start, least_growth = level.copy(), level.copy()
    with numpy.errstate(all="ignore"):
        for start, end in zip(columns.start, columns.end, strict=True):
            numpy.divide(end, start, out=growth)
            numpy.minimum(least_start, start, out=least_start)
            numpy.minimum(least_growth, growth, out=least_growth)
            level *= growth
    level[~_sound(least_start, least_growth)] = math.nan
    return level - 1


def statistics_of(columns: CapitalColumns, policy: CalculationPolicy) -> AccountStatistics:
    """Return, volatility, Sharpe ratio and deepest fall of each account, in one pass over the days.

    Sums of returns and of their squares are taken from each account's first return on, which keeps a constant
    course exact and loses at most the digits of the number of days; no returns are kept.
    """
    count = columns.account_count
    level, peak, depth = numpy.ones(count), numpy.ones(count), numpy.ones(count)
    least_start, least_growth = numpy.ones(count), numpy.ones(count)
    total, squares = numpy.zeros(count), numpy.zeros(count)
    growth, work = numpy.empty(count), numpy.empty(count)
    with numpy.errstate(all="ignore"):
        first = columns.end[0] / columns.start[0]
        for start, end in zip(columns.start, columns.end, strict=True):
            numpy.divide(end, start, out=growth)
            numpy.minimum(least_start, start, out=least_start)
            numpy.minimum(least_growth, growth, out=least_growth)
            level *= growth
            numpy.maximum(peak, level, out=peak)
            numpy.divide(level, peak, out=work)
            numpy.minimum(depth, work, out=depth)
            growth -= first
            total += growth
            numpy.multiply(growth, growth, out=work)
            squares += work
        spread, ratio = _per_year(first - 1, total, squares, columns.day_count, policy)
    absent = ~_sound(least_start, least_growth)
    fall = 1 - depth
    for column in (level, spread, ratio, fall):
        column[absent] = math.nan
    return AccountStatistics(level - 1, spread, ratio, fall)


def _sound(least_start: Doubles, least_growth: Doubles) -> NDArray[numpy.bool_]:
    """Capital on every day and no loss of more than all of it; NaN goes through a minimum and is neither."""
    return (least_start > 0) & (least_growth >= 0)


def _per_year(
    first: Doubles, total: Doubles, squares: Doubles, days: int, policy: CalculationPolicy
) -> tuple[Doubles, Doubles]:
    """Volatility and Sharpe ratio per year; ``total`` and ``squares`` of returns less the ``first``."""
    if days < policy.observations_min:
        return numpy.full_like(first, math.nan), numpy.full_like(first, math.nan)
    mean = first + total / days
    deviation = numpy.sqrt(numpy.maximum(squares - total * total / days, 0) / (days - 1))
    scale = math.sqrt(policy.periods_per_year)
    free = per_period(float(policy.risk_free_rate), policy)
    ratio = numpy.where(deviation > _NO_SPREAD, (mean - free) / deviation * scale, math.nan)
    return deviation * scale, ratio
