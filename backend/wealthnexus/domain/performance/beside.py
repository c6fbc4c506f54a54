"""What stands beside a scope: on each of its days the benchmark that was agreed for that day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance.repository import benchmarks
from wealthnexus.domain.performance.repository.benchmarks import Definition, Part
from wealthnexus.domain.performance.repository.scopes import ScopeMembers
from wealthnexus.domain.performance.repository.values import rates_of
from wealthnexus.domain.performance.rules.benchmarks import BenchmarkDay, blended, turns_of
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.levels import Levels
from wealthnexus.domain.performance.sessions import close_before
from wealthnexus.kit.db.session import Reader


@dataclass(frozen=True, slots=True)
class Turn:
    """From ``first_day`` on the scope is measured beside it; None: beside nothing."""

    first_day: date
    definition: Definition | None


@dataclass(frozen=True, slots=True)
class BenchmarkCourse:
    """What was agreed, from turn to turn, and its growth on the scope's days, each from the day before."""

    turns: tuple[Turn, ...]
    days: tuple[BenchmarkDay, ...] = ()

    @property
    def parts(self) -> Mapping[str, Part]:
        """Of all benchmarks of the course, by index."""
        return {
            index: part
            for turn in self.turns
            if turn.definition is not None
            for index, part in turn.definition.parts.items()
        }

    def on(self, day: date) -> Definition | None:
        """What is agreed for a day."""
        at = bisect_right(self.turns, day, key=lambda turn: turn.first_day)
        return self.turns[at - 1].definition if at else None


async def benchmark_course(
    reader: Reader,
    view: BookView,
    members: ScopeMembers,
    days: Sequence[date],
    *,
    currency: str,
    benchmark_id: UUID | None = None,
) -> BenchmarkCourse | None:
    """The benchmark on the scope's days: the one that is asked for, or on each day what was agreed for it.

    None: there is none, or none with that id. Four statements, one more for each currency of its parts.
    """
    agreed: Sequence[tuple[date, UUID | None]] = ((date.min, benchmark_id),)
    if benchmark_id is None:
        agreed = turns_of(await benchmarks.assigned(reader, view, members))
    wanted = {key for _, key in agreed if key is not None}
    made = await benchmarks.definitions(reader, view, sorted(wanted)) if wanted else {}
    if not made:
        return None
    turns = tuple(Turn(day, None if key is None else made.get(key)) for day, key in agreed)
    course = BenchmarkCourse(turns)
    if not days:
        return course
    listed = [close_before(days[0]), *days]
    levels = await _levels_in(reader, view, course.parts, listed, currency)
    by_definition = {
        key: {row.day: row for row in _days_of(each, levels, listed)} for key, each in made.items()
    }
    found: list[BenchmarkDay] = []
    for day in days:
        definition = course.on(day)
        if definition is None:
            found.append(BenchmarkDay(day, None, Reason.NO_BENCHMARK))
        else:
            found.append(replace(by_definition[definition.id][day], benchmark=definition.name))
    return replace(course, days=tuple(found))


@dataclass(frozen=True, slots=True)
class Level:
    """The blend's level at a close, of 100 at the first one; None with the reason from the first day on that
    has no growth."""

    day: date
    level: float | None
    reason: Reason | None = None


async def benchmark_levels(
    reader: Reader, view: BookView, made: Definition, days: Sequence[date], currency: str
) -> list[Level]:
    """A benchmark's level on the days, which ascend, in a currency."""
    levels = await _levels_in(reader, view, made.parts, days, currency)
    found = [Level(days[0], 100.0)]
    for row in _days_of(made, levels, days):
        before = found[-1]
        if before.level is None or row.growth is None:
            found.append(Level(row.day, None, before.reason or row.reason or Reason.LEVEL_MISSING))
        else:
            found.append(Level(row.day, before.level * row.growth))
    return found


async def _levels_in(
    reader: Reader, view: BookView, parts: Mapping[str, Part], listed: Sequence[date], currency: str
) -> dict[str, Levels]:
    """The levels of the parts in the currency."""
    levels = await benchmarks.levels(reader, view, parts, listed)
    rates: dict[str, dict[date, Decimal]] = {}
    for index, part in parts.items():
        if part.currency in {None, currency}:
            continue
        own = part.currency or currency
        if own not in rates:
            rates[own] = await rates_of(reader, view, listed, own, currency)
        of = levels[index]
        by_day = {day: of.by_day[day] * rate for day, rate in rates[own].items() if day in of.by_day}
        levels[index] = replace(of, by_day=by_day)
    return levels


def _days_of(
    made: Definition, levels: Mapping[str, Levels], listed: Sequence[date]
) -> Sequence[BenchmarkDay]:
    """A benchmark's days after the first listed one; before its first blend it has no level."""
    days = listed[1:]
    begins = made.blends[0].first_day if made.blends else date.max
    first = next((at for at, day in enumerate(days) if day >= begins), len(days))
    unknown = [BenchmarkDay(day, None, Reason.LEVEL_MISSING) for day in days[:first]]
    by_day = {index: each.by_day for index, each in levels.items()}
    breaks = {index: each.breaks for index, each in levels.items()}
    return [*unknown, *blended(made.blends, by_day, listed[first:], breaks)]
