"""Benchmarks: total-return indices blended by weights that change with time and drift between rebalancings.

Source: docs/domain/performance.md. Same days and same currency as the return they stand beside.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.currency import RateTable
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.periods import Interval, interval_key
from wealthnexus.domain.performance.rules.policy import ExcessMethod

LEVEL_AGE_DAYS_MAX: Final = 5
"""A level this many days old still stands for a day without one (a closed market); an older one does not."""

_NO_BREAKS: Final[Mapping[str, Mapping[date, Reason]]] = MappingProxyType({})


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

    ``parts``: by index its weight at the close before and its growth. ``benchmark``: the name of what was
    agreed for the day.
    """

    day: date
    growth: float | None
    reason: Reason | None = None
    index: str | None = None
    parts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    benchmark: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A benchmark agreed for something from ``first_day`` to the day before ``end``. ``rank``: how particular
    that is, the lowest first (an account before its household before the firm)."""

    benchmark: UUID
    rank: int
    first_day: date
    end: date | None = None


def turns_of(assigned: Sequence[Assigned]) -> tuple[tuple[date, UUID | None], ...]:
    """From which day on which benchmark stands beside the scope, ascending; None: none does."""
    borders = sorted({day for each in assigned for day in (each.first_day, each.end) if day is not None})
    found: list[tuple[date, UUID | None]] = []
    for day in borders:
        holds = [each for each in assigned if each.first_day <= day and (each.end is None or day < each.end)]
        best = min(holds, key=lambda each: each.rank, default=None)
        turn = None if best is None else best.benchmark
        if not found or found[-1][1] != turn:
            found.append((day, turn))
    return tuple(found)


def level_on(levels: Mapping[date, Decimal], days: Sequence[date], day: date) -> Decimal | None:
    """The index's level at the close of ``day`` or of a day shortly before; ``days``: those of ``levels``."""
    at = bisect_right(days, day)
    if not at or (day - days[at - 1]).days > LEVEL_AGE_DAYS_MAX:
        return None
    return levels[days[at - 1]]


def blended(
    blends: Sequence[Blend],
    levels: Mapping[str, Mapping[date, Decimal]],
    days: Sequence[date],
    breaks: Mapping[str, Mapping[date, Reason]] = _NO_BREAKS,
) -> tuple[BenchmarkDay, ...]:
    """The blend's growth on each day after the first of ``days``, which ascend.

    ``levels``: total-return levels by index, in the scope's currency; ``breaks``: days over which those say
    nothing, with the reason. Weights are set at the close before the first day of an interval or of a
    blend, and drift with their index until then. ValueError: no blend holds on the second day, or the blends
    do not ascend.
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
        absent: tuple[Reason, str] | None = None
        for index, weight in weights.items():
            own, own_days = levels.get(index, {}), listed.get(index, [])
            start, end = level_on(own, own_days, earlier), level_on(own, own_days, day)
            if start is None or end is None or start <= 0:
                absent = Reason.LEVEL_MISSING, index
                break
            broken = _broken(breaks.get(index, {}), earlier, day)
            if broken is not None:
                absent = broken, index
                break
            parts[index] = weight, float(end) / float(start)
            drifted[index] = weight * parts[index][1]
        if absent is not None:
            found.append(BenchmarkDay(day, None, *absent))
            continue
        growth = math.fsum(drifted.values())
        found.append(BenchmarkDay(day, growth, parts=parts))
        weights = {index: value / growth for index, value in drifted.items()} if growth > 0 else {}
    return tuple(found)


def _broken(breaks: Mapping[date, Reason], earlier: date, day: date) -> Reason | None:
    """Why nothing leads from one listed day to the next; a break on a closed day counts on the next."""
    return next((breaks[at] for at in sorted(breaks) if earlier < at <= day), None)


def _rebalances(rebalance: Rebalance, earlier: date, day: date) -> bool:
    """Whether a rebalancing lies between the closes of two listed days."""
    if rebalance is Rebalance.DAILY:
        return True
    interval = _INTERVAL.get(rebalance)
    return interval is not None and interval_key(earlier, interval) != interval_key(day, interval)


def benchmark_return(days: Sequence[BenchmarkDay], *, currency: str) -> Figure:
    """The linked return of a benchmark's days; its inputs name each benchmark with its first of the days."""
    table = Table(
        ("day", "growth", "reason", "index", "benchmark"),
        tuple((row.day, row.growth, row.reason, row.index, row.benchmark) for row in days),
    )
    inputs = (Input("currency", currency), *_named(days))
    if not days:
        return figure(formulas.BENCHMARK, None, Reason.NO_DATA, inputs=inputs)
    value, reason = linked_growth(days)
    return figure(formulas.BENCHMARK, value, reason, inputs=inputs, table=table)


def linked_growth(days: Sequence[BenchmarkDay]) -> tuple[float | None, Reason | None]:
    """The product of the growths less 1, or why the first day without one has none."""
    absent = next((row for row in days if row.growth is None), None)
    if absent is not None:
        return None, absent.reason or Reason.LEVEL_MISSING
    return math.prod(row.growth for row in days if row.growth is not None) - 1, None


def _named(days: Sequence[BenchmarkDay]) -> Iterator[Input]:
    before: str | None = None
    for row in days:
        if row.benchmark is not None and row.benchmark != before:
            yield Input("benchmark", f"{row.benchmark} ({row.day.isoformat()})")
        before = row.benchmark


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
