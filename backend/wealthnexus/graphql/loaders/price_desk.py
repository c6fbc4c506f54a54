"""Reads of the price desk: the words of sources, the coverage of days, and exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from wealthnexus.domain.markets import texts
from wealthnexus.domain.markets.repository import desk
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.markets import FxRate, PriceCoverage, PriceWord, Security
from wealthnexus.kit.clock import days_before
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.texts import OUT_OF_RANGE

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

WORD_DAYS_MAX: Final = 62
WORD_DAYS: Final = 13
COVERAGE_DAYS: Final = 10
COVERAGE_DAYS_MAX: Final = 31


class PriceDeskReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def words_of(self, security: Security, first: date | None, last: date | None) -> list[PriceWord]:
        view = security.moment
        day_to = last or view.as_of
        day_from = first or days_before(day_to, WORD_DAYS)
        if day_from > day_to:
            raise ValidationFailed(texts.BAD_RANGE(first=day_from, last=day_to), path=("from",))
        count = (day_to - day_from).days + 1
        if count > WORD_DAYS_MAX:
            raise ValidationFailed(OUT_OF_RANGE(name="days", count=count, limit=WORD_DAYS_MAX), path=("to",))

        async def load(keys: Sequence[UUID]) -> dict[UUID, list[PriceWord]]:
            found = await desk.price_words(self._all.reader, view, keys, day_from=day_from, day_to=day_to)
            people = await self._all.people.refs(
                word.entered_by for words in found.values() for word in words
            )
            return {
                key: [
                    PriceWord(
                        date=word.date,
                        source=word.source,
                        close=word.close,
                        precedence=word.precedence,
                        entered_by=people.get(word.entered_by) if word.entered_by is not None else None,
                        reason=word.reason,
                    )
                    for word in words
                ]
                for key, words in found.items()
            }

        name = ("price_words", view.as_of, view.book_version, day_from, day_to)
        return await self._all.batch(name, load, list).load(security.key)

    async def coverage(self, days: int | None) -> list[PriceCoverage]:
        count = COVERAGE_DAYS if days is None else days
        if not 1 <= count <= COVERAGE_DAYS_MAX:
            said = OUT_OF_RANGE(name="days", count=count, limit=COVERAGE_DAYS_MAX)
            raise ValidationFailed(said, path=("days",))
        rows = await desk.coverage(self._all.reader, await self._all.view(), count)
        return [
            PriceCoverage(
                date=row.date,
                expected_count=row.expected_count,
                priced_count=row.priced_count,
                manual_count=row.manual_count,
                synthetic_count=row.synthetic_count,
            )
            for row in rows
        ]

    async def rates(self) -> list[FxRate]:
        rows = await desk.rates(self._all.reader, await self._all.view())
        return [
            FxRate(
                base=Currency(row.base),
                quote=Currency(row.quote),
                rate=row.rate,
                date=row.date,
                source=row.source,
                before=row.before,
                before_date=row.before_date,
                is_stale=row.is_stale,
            )
            for row in rows
        ]
