"""Benchmarks: total-return indices blended by weights that change with time and drift between rebalancings.

Source: docs/domain/performance.md. Same days and same currency as the return they stand beside.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.currency import RateTable
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.periods import Interval, interval_key
from wealthnexus.domain.performance.rules.policy import ExcessMethod

LEVEL_AGE_DAYS_MAX: Final = 5
"""A level this many days old still stands for a day without one (a closed market); an older one does not."""


class Rebalance(StrEnum):
    """When the weights of a blend return to their targets; NEVER: only when the blend itself changes."""

    DAILY = "DAILY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"
    NEVER = "NEVER"


_INTERVAL: Final = {
    Rebalance.MONTHLY: Interval.MONTH,
    Rebalance.QUARTERLY: Interval.QUARTER,
    Rebalance.YEARLY: Interval.YEAR,
}


@dataclass(frozen=True, slots=True)
class Blend:
    """``weights`` of indices from ``first_day`` on; they sum to 1 exactly."""

    first_day: date
    weights: Mapping[str, Decimal]
    rebalance: Rebalance = Rebalance.MONTHLY

    def __post_init__(self) -> None:
        if sum(self.weights.values(), Decimal(0)) != 1:
            raise ValueError(
                f"the weights of {self.first_day} sum to {sum(self.weights.values())}, expected 1"
            )


def converted_levels(
    levels: Mapping[date, Decimal], rates: RateTable, *, currency: str, into: str
) -> dict[date, Decimal]:
    """An index's levels in the scope's currency; a day without a rate has no level."""
    found: dict[date, Decimal] = {}
    for day, level in levels.items():
        rate = rates.rate(currency, into, day).rate
        if rate is not None:
            found[day] = level * rate
    return found


@dataclass(frozen=True, slots=True)
class BenchmarkDay:
    """The blend's growth from the listed day before; None with the reason and the index without a level.

    ``parts``: by index its weight at the close before and its growth.
    """

    day: date
    growth: float | None
    reason: Reason | None = None
    index: str | None = None
    parts: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def level_on(levels: Mapping[date, Decimal], days: Sequence[date], day: date) -> Decimal | None:
    """The index's level at the close of ``day`` or of a day shortly before; ``days``: those of ``levels``."""
    at = bisect_right(days, day)
    if not at or (day - days[at - 1]).days > LEVEL_AGE_DAYS_MAX:
        return None
    return levels[days[at - 1]]


def blended(
    blends: Sequence[Blend], levels: Mapping[str, Mapping[date, Decimal]], days: Sequence[date]
) -> tuple[BenchmarkDay, ...]:
    """The blend's growth on each day after the first of ``days``, which ascend.

    ``levels``: total-return levels by index, in the scope's currency. Weights are set at the close before
    the first day of an interval or of a blend, and drift with their index until then. ValueError: no blend
    holds on the second day, or the blends do not ascend.
    """
    if any(later.first_day <= earlier.first_day for earlier, later in pairwise(blends)):
        raise ValueError("the blends of a benchmark must ascend")
    if len(days) > 1 and (not blends or blends[0].first_day > days[1]):
        raise ValueError(f"no blend holds on {days[1]}")
    listed = {index: sorted(own) for index, own in levels.items()}
    found: list[BenchmarkDay] = []
    weights: dict[str, float] = {}
    before: Blend | None = None
    for earlier, day in pairwise(days):
        blend = blends[bisect_right(blends, day, key=lambda each: each.first_day) - 1]
        if before is not blend or not weights or _rebalances(blend.rebalance, earlier, day):
            weights = {index: float(weight) for index, weight in blend.weights.items()}
        before = blend
        drifted: dict[str, float] = {}
        parts: dict[str, tuple[float, float]] = {}
        absent: str | None = None
        for index, weight in weights.items():
            own, own_days = levels.get(index, {}), listed.get(index, [])
            start, end = level_on(own, own_days, earlier), level_on(own, own_days, day)
            if start is None or end is None or start <= 0:
                absent = index
                break
            parts[index] = weight, float(end) / float(start)
            drifted[index] = weight * parts[index][1]
        if absent is not None:
            found.append(BenchmarkDay(day, None, Reason.LEVEL_MISSING, absent))
            continue
        growth = math.fsum(drifted.values())
        found.append(BenchmarkDay(day, growth, parts=parts))
        weights = {index: value / growth for index, value in drifted.items()} if growth > 0 else {}
    return tuple(found)


def _rebalances(rebalance: Rebalance, earlier: date, day: date) -> bool:
    """Whether a rebalancing lies between the closes of two listed days."""
    if rebalance is Rebalance.DAILY:
        return True
    interval = _INTERVAL.get(rebalance)
    return interval is not None and interval_key(earlier, interval) != interval_key(day, interval)


def benchmark_return(days: Sequence[BenchmarkDay], *, currency: str) -> Figure:
    """The linked return of a benchmark's days."""
    table = Table(
        ("day", "growth", "reason", "index"),
        tuple((row.day, row.growth, row.reason, row.index) for row in days),
    )
    inputs = (Input("currency", currency),)
    if not days:
        return figure(formulas.BENCHMARK, None, Reason.NO_DATA, inputs=inputs)
    if any(row.growth is None for row in days):
        return figure(formulas.BENCHMARK, None, Reason.LEVEL_MISSING, inputs=inputs, table=table)
    value = math.prod(row.growth for row in days if row.growth is not None) - 1
    return figure(formulas.BENCHMARK, value, inputs=inputs, table=table)


def excess(value: float, benchmark: float, method: ExcessMethod) -> Figure:
    """The return over its benchmark, by the method that is named."""
    inputs = (
        Input("return", value, "fraction"),
        Input("benchmark", benchmark, "fraction"),
        Input("method", method),
    )
    if method is ExcessMethod.ARITHMETIC:
        return figure(formulas.EXCESS, value - benchmark, inputs=inputs)
    if benchmark <= -1:
        return figure(formulas.EXCESS, None, Reason.LOSS_BEYOND_CAPITAL, inputs=inputs)
    return figure(formulas.EXCESS, (1 + value) / (1 + benchmark) - 1, inputs=inputs)
