"""What ``rules.columns`` could be with numpy among the product's libraries: a day of all accounts at a time.

Measured beside the floor by ``test_performance_columns``, and held to the reference by
``tests/performance/test_columns``. Day-major: row d of ``start`` and ``end`` is day d of every account, so
that every operation runs over a vector that stays in the cache and nothing of the size of the whole is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy


@dataclass(frozen=True, slots=True)
class Many:
    """One entry per account; NaN where the reference has to decide."""

    value: Any
    volatility: Any
    sharpe: Any
    max_drawdown: Any


def statistics_of(start: Any, end: Any, *, periods_per_year: int, free: float) -> Many:
    """Return, volatility, Sharpe ratio and deepest fall of each account; mean and deviation by Welford."""
    days, accounts = start.shape
    level, peak = numpy.ones(accounts), numpy.ones(accounts)
    fall, mean, squares = numpy.zeros(accounts), numpy.zeros(accounts), numpy.zeros(accounts)
    sound = numpy.ones(accounts, dtype=bool)
    growth, change, work = numpy.empty(accounts), numpy.empty(accounts), numpy.empty(accounts)
    with numpy.errstate(all="ignore"):
        for day in range(days):
            numpy.divide(end[day], start[day], out=growth)
            sound &= (start[day] > 0) & (growth >= 0)
            level *= growth
            numpy.maximum(peak, level, out=peak)
            numpy.subtract(peak, level, out=work)
            work /= peak
            numpy.maximum(fall, work, out=fall)
            growth -= 1
            numpy.subtract(growth, mean, out=change)
            numpy.divide(change, day + 1, out=work)
            mean += work
            numpy.subtract(growth, mean, out=work)
            work *= change
            squares += work
        spread = numpy.sqrt(squares / (days - 1))
        scale = numpy.sqrt(periods_per_year)
        ratio = numpy.where(spread > 1e-15, (mean - free) / spread * scale, numpy.nan)
    absent = ~sound
    for column in (level, spread, ratio, fall):
        column[absent] = numpy.nan
    return Many(level - 1, spread * scale, ratio, fall)
