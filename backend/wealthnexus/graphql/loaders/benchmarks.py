"""Reads of benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.performance import published
from wealthnexus.domain.performance.beside import Level, benchmark_levels
from wealthnexus.domain.performance.figures import reason_of
from wealthnexus.domain.performance.repository import benchmarks as stored
from wealthnexus.domain.performance.rules.benchmarks import Blend
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.sessions import close_before, valuation_days
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import benchmarks as types
from wealthnexus.graphql.types.figures import FigureReason

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

_A_YEAR: Final = timedelta(days=365)
_YEARS_MAX: Final = timedelta(days=3_700)
POINTS_MAX: Final = 260


class BenchmarkReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def one(
        self, given: str, first_day: date | None, as_of: date | None, known_at: datetime | None
    ) -> types.Benchmark:
        key = from_global(given, "Benchmark", path=("id",))
        view = await self._all.view(as_of, known_at)
        reader = self._all.reader
        version = await stored.version_of(reader, key)
        made = (await stored.definitions(reader, view, [key])).get(key)
        if version is None or made is None:
            raise not_found("Benchmark", path=("id",))
        return types.Benchmark(
            id=to_global("Benchmark", key),
            name=made.name,
            version=version,
            as_of=view.as_of,
            blends=[_blend(made, each) for each in made.blends],
            uses=[_use(each) for each in await stored.uses_of(reader, view, key)],
            course=await self._course(view, made, first_day),
        )

    async def _course(
        self, view: BookView, made: stored.Definition, first_day: date | None
    ) -> types.BenchmarkCourse:
        """From the close before the first day, which is the blend's own where that is later."""
        begins = made.blends[0].first_day if made.blends else view.as_of
        asked = max(first_day or view.as_of - _A_YEAR, view.as_of - _YEARS_MAX, begins)
        currency = Currency(view.currency)
        listed = [close_before(asked), *valuation_days(asked, view.as_of)]
        if asked > view.as_of or len(listed) < 2:
            return types.BenchmarkCourse(
                currency=currency, change=None, reason=_said(Reason.NO_DATA), days=[]
            )
        levels = await benchmark_levels(self._all.reader, view, made, listed, view.currency)
        last = levels[-1]
        return types.BenchmarkCourse(
            currency=currency,
            change=None if last.level is None else published(last.level / 100 - 1),
            reason=_said(last.reason),
            days=[_level(each) for each in _spread(levels)],
        )


def _spread(levels: Sequence[Level]) -> Sequence[Level]:
    """At most so many, with the first and the last."""
    if len(levels) <= POINTS_MAX:
        return levels
    step = (len(levels) - 1) / (POINTS_MAX - 1)
    return [levels[round(at * step)] for at in range(POINTS_MAX)]


def _said(reason: Reason | None) -> FigureReason | None:
    if reason is None:
        return None
    told = reason_of(reason)
    return FigureReason(code=told.code, message=told.message)


def _level(each: Level) -> types.BenchmarkLevel:
    return types.BenchmarkLevel(
        day=each.day,
        level=None if each.level is None else published(each.level),
        reason=_said(each.reason),
    )


def _blend(made: stored.Definition, each: Blend) -> types.BenchmarkBlend:
    parts = sorted(each.weights.items(), key=lambda item: (-item[1], made.parts[item[0]].name))
    return types.BenchmarkBlend(
        first_day=each.first_day,
        rebalance=each.rebalance,
        parts=[_part(made.parts[index], weight) for index, weight in parts],
    )


def _part(part: stored.Part, weight: Decimal) -> types.BenchmarkPart:
    return types.BenchmarkPart(
        label=part.name,
        weight=trimmed(weight),
        security_id=None if part.security_id is None else to_global("Security", part.security_id),
        yearly_rate=None if part.yearly_rate is None else trimmed(part.yearly_rate),
        currency=None if part.currency is None else Currency(part.currency),
        asset_class=part.asset_class,
    )


def _use(each: stored.Use) -> types.BenchmarkUse:
    return types.BenchmarkUse(
        id=to_global("BenchmarkUse", each.id),
        household_id=_id("Household", each.subject_id if each.household else None),
        account_id=_id("Account", each.subject_id if each.account else None),
        name=each.household or each.account,
        effective_from=each.effective_from,
        effective_to=each.effective_to,
        reason=each.reason,
        author_name=each.author,
        recorded_at=each.recorded_at,
    )


def _id(kind: str, key: UUID | None) -> strawberry.ID | None:
    return None if key is None else to_global(kind, key)
