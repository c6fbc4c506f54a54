"""Why a return differs from its benchmark: by asset class, sub-period by sub-period, linked."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from wealthnexus.domain.performance.parts_by_day import CASH, PartDays, part_days
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.rules import attribution as rules
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.benchmarks import linked_growth
from wealthnexus.domain.performance.rules.contribution import PartDay, part_return
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Figure, Reason, figure
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.threads import beside_the_loop

_EQUAL: Final = 1e-9
"""How far what the effects explain may be from the return that is shown."""


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """A segment over a period: average start weights, linked returns, effects that sum to the difference."""

    key: str
    portfolio_weight: float
    benchmark_weight: float
    portfolio_return: float | None
    benchmark_return: float | None
    effects: rules.Effects


@dataclass(frozen=True, slots=True)
class Attributed:
    segments: tuple[SegmentShown, ...]
    total: Figure


async def attributed(reader: Reader, book: ScopeBook, period: Period) -> Attributed:
    """Brinson and Fachler by asset class, linked by the policy's method.

    None with DOES_NOT_SUM where what the effects explain is not the return of the scope, or of the benchmark,
    to 1e-9.
    """
    if book.benchmark is None:
        return Attributed((), figure(formulas.ATTRIBUTION, None, Reason.NO_DATA))
    measured = book.figures(period, FeeBasis.NET).measured
    if measured.value is None:
        return Attributed((), figure(formulas.ATTRIBUTION, None, measured.reason))
    subs, days, _ = await part_days(reader, book, period, PartKind.ASSET_CLASS, FeeBasis.NET)
    return await beside_the_loop(lambda: _attributed(book, period, subs, days))


def _attributed(book: ScopeBook, period: Period, subs: Sequence[SubPeriod], days: PartDays) -> Attributed:
    beside = segments_beside(book, subs)
    known = [each for each in beside if each is not None]
    if len(known) < len(beside):
        _, reason = linked_growth(book.benchmark_days(period))
        return Attributed((), figure(formulas.ATTRIBUTION, None, reason or Reason.LEVEL_MISSING))
    policy = book.conventions
    segments = [segments_of(sub, day, other) for sub, day, other in zip(subs, days, known, strict=True)]
    periods = [rules.brinson_fachler(each, policy.interaction) for each in segments]
    linked = rules.link_attribution(periods, policy.linking_method)
    if linked.reason is None and not _is_whole(book, period, linked):
        linked = replace(linked, reason=Reason.DOES_NOT_SUM)
    spans = [(sub.begin, sub.end) for sub in subs]
    total = rules.figure_of(linked, policy, spans, segments)
    if total.value is None:
        return Attributed((), total)
    shown = [_segment_shown(effects, subs, days, known) for effects in linked.effects]
    return Attributed(tuple(shown), total)


def _is_whole(book: ScopeBook, period: Period, linked: rules.Attribution) -> bool:
    measured = book.figures(period, FeeBasis.NET).measured
    growths = [row.growth for row in book.benchmark_days(period) if row.day > measured.measured_from]
    other = math.prod(growth for growth in growths if growth is not None) - 1
    pairs = ((linked.portfolio_return, measured.value), (linked.benchmark_return, other))
    return all(
        own is not None and whole is not None and math.isclose(own, whole, rel_tol=_EQUAL, abs_tol=_EQUAL)
        for own, whole in pairs
    )


Beside = dict[str, tuple[float, float]]
"""By segment: weight and return of the benchmark."""


def segments_beside(book: ScopeBook, subs: Sequence[SubPeriod]) -> list[Beside | None]:
    """The benchmark's segments in each sub-period; None where a level is missing.

    Over several days the weight is the mean of those of the days, each by the growth of the benchmark before
    it, and the return what the segment gave over it: weights sum to 1 and segments to the benchmark, whatever
    was rebalanced in between.
    """
    if book.benchmark is None:
        return [None for _ in subs]
    rows, parts = book.benchmark.days, book.benchmark.parts
    places = [row.day for row in rows]
    found: list[Beside | None] = []
    for sub in subs:
        within = rows[bisect_right(places, sub.begin) : bisect_right(places, sub.end)]
        if not within or any(row.growth is None for row in within):
            found.append(None)
            continue
        held: dict[str, float] = {}
        given: dict[str, float] = {}
        length, growth = 0.0, 1.0
        for row in within:
            length += growth
            for index, (weight, own) in row.parts.items():
                key = parts[index].asset_class or CASH
                held[key] = held.get(key, 0.0) + growth * weight
                given[key] = given.get(key, 0.0) + growth * weight * (own - 1)
            growth *= row.growth if row.growth is not None else 1.0
        found.append(
            {key: (each / length, given[key] / (each / length)) for key, each in held.items() if each}
        )
    return found


def segments_of(sub: SubPeriod, day: Mapping[str, PartDay], beside: Beside) -> list[rules.SegmentReturn]:
    """Both sides of each segment. What a segment gained without capital, or lost beyond it, has no return of
    its own and is its selection as it stands."""
    start = float(sub.start)
    found = []
    for key in sorted({*day, *beside}):
        part = day.get(key, PartDay(ZERO, ZERO))
        weight, other = beside.get(key, (0.0, None))
        own = float(part.start) / start if start else 0.0
        gained = float(part.gain) / start if start else 0.0
        value: float | None = None
        uninvested = 0.0
        if part.start and 1 + float(part.gain) / float(part.start) >= 0:
            value = float(part.gain) / float(part.start)
        elif own:
            value = other if other is not None else 0.0
            uninvested = gained - own * value
        else:
            uninvested = gained
        found.append(rules.SegmentReturn(key, own, value, weight, other, uninvested))
    return found


def _segment_shown(
    effects: rules.Effects,
    subs: Sequence[SubPeriod],
    days: PartDays,
    beside: Sequence[Beside],
) -> SegmentShown:
    key, length = effects.segment, sum((sub.end - sub.begin).days for sub in subs)
    own, other = 0.0, 0.0
    growths: list[float] = []
    for sub, day, each in zip(subs, days, beside, strict=True):
        span = (sub.end - sub.begin).days
        part = day.get(key)
        if part is not None and sub.start:
            own += span * float(part.start) / float(sub.start)
        weight, value = each.get(key, (0.0, 0.0))
        other += span * weight
        growths.append(1 + value)
    linked = math.prod(growths) - 1 if any(key in each for each in beside) else None
    return SegmentShown(
        key, own / length, other / length, part_return(key, subs, days).value, linked, effects
    )
