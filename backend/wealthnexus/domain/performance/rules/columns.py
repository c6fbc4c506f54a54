"""The same returns and statistics for many accounts: columns of doubles instead of rows of objects.

The reference is ``time_weighted`` and ``statistics``; what takes part (start and end capital of each day) and
the order of operations are theirs, so that both agree to 8 decimals. Accounts with a missing value, a day
without capital or a loss of more than everything are left to the reference: their result is None.
Standard library only: each account is a few passes in C over its slice, and no more than one is in memory.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import mul, sub, truediv

from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, FeeBasis
from wealthnexus.domain.performance.rules.statistics import deviation, mean, per_period
from wealthnexus.domain.performance.rules.time_weighted import capital_of_day


@dataclass(frozen=True, slots=True)
class CapitalColumns:
    """Start and end capital of each account on each of ``day_count`` days, account after account.

    A day without a value is NaN in both. ValueError: the columns are not of one length, or not of whole
    accounts.
    """

    day_count: int
    start: array[float]
    end: array[float]

    def __post_init__(self) -> None:
        if len(self.start) != len(self.end) or self.day_count < 1 or len(self.start) % self.day_count:
            raise ValueError(f"{len(self.start)} starts and {len(self.end)} ends for {self.day_count} days")

    @property
    def account_count(self) -> int:
        return len(self.start) // self.day_count


@dataclass(frozen=True, slots=True)
class AccountStatistics:
    """Linked return, volatility and Sharpe ratio per year, deepest fall; without variation no ratio."""

    value: float
    volatility: float | None
    sharpe: float | None
    max_drawdown: float


def capital_columns(
    accounts: Iterable[Sequence[ScopeDay]], days: Sequence[date], basis: FeeBasis, policy: CalculationPolicy
) -> CapitalColumns:
    """Columns from rows: each account has a row for the close before ``days[0]`` and one per day.

    ValueError: an account's rows are not of these days.
    """
    start, end = array("d"), array("d")
    for rows in accounts:
        if [row.day for row in rows[1:]] != list(days):
            raise ValueError(f"rows of {len(rows) - 1} days, expected those of {len(days)}")
        opening: Decimal | None = rows[0].value
        for row in rows[1:]:
            if opening is None or row.value is None or row.flow_unknown:
                start.append(math.nan)
                end.append(math.nan)
            else:
                capital = capital_of_day(opening, row, basis=basis, timing=policy.flow_timing)
                start.append(float(capital[0]))
                end.append(float(capital[1]))
            opening = row.value
    return CapitalColumns(len(days), start, end)


def linked_returns(columns: CapitalColumns) -> list[float | None]:
    """The linked return of each account, None where the reference has to decide."""
    return [None if growths is None else math.prod(growths) - 1 for growths in _growths(columns)]


def statistics_of(columns: CapitalColumns, policy: CalculationPolicy) -> list[AccountStatistics | None]:
    """Return and statistics of each account over all days, None where the reference has to decide."""
    free = per_period(float(policy.risk_free_rate), policy)
    scale = math.sqrt(policy.periods_per_year)
    return [
        None if growths is None else _statistics(growths, free, scale, policy)
        for growths in _growths(columns)
    ]


def _growths(columns: CapitalColumns) -> Iterator[list[float] | None]:
    for at in range(0, len(columns.start), columns.day_count):
        start = columns.start[at : at + columns.day_count]
        if not min(start) > 0:
            yield None
            continue
        growths = list(map(truediv, columns.end[at : at + columns.day_count], start))
        yield None if min(growths) < 0 or math.isnan(math.fsum(growths)) else growths


def _statistics(
    growths: list[float], free: float, scale: float, policy: CalculationPolicy
) -> AccountStatistics:
    returns = [growth - 1 for growth in growths]
    spread = deviation(returns) if len(returns) >= policy.observations_min else None
    levels = list(accumulate(growths, mul, initial=1.0))
    peaks = list(accumulate(levels, max))
    depth = max(map(truediv, map(sub, peaks, levels), peaks))
    ratio = (mean(returns) - free) / spread * scale if spread is not None and spread > 1e-15 else None
    return AccountStatistics(levels[-1] - 1, None if spread is None else spread * scale, ratio, depth)
