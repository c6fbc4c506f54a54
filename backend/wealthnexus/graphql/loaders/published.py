"""Reads of what was published."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance import FeeBasis, PeriodKind, Reason, restated
from wealthnexus.domain.performance.figures import reason_of
from wealthnexus.domain.performance.repository import published
from wealthnexus.domain.performance.restated import Step
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import from_global, not_found, split_global, to_global
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import published as types
from wealthnexus.graphql.types.enums import PerformancePeriod
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.kit.errors import ValidationFailed

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

FIRST_DEFAULT: Final = 24
FIRST_MAX: Final = 200


class PublishedReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def of_subject(self, subject_id: str, first: int | None) -> list[types.Publication]:
        """The latest day first; nothing of a scope of which the caller sees a part."""
        parts = split_global(subject_id)
        kind = parts[0] if parts is not None and parts[0] in {"Household", "Account"} else "Household"
        key = from_global(subject_id, kind, path=("subjectId",))
        asked = FIRST_DEFAULT if first is None else first
        if not 1 <= asked <= FIRST_MAX:
            raise ValidationFailed(texts.PUBLICATIONS(count=asked, limit=FIRST_MAX), path=("first",))
        view = await self._all.view()
        rows = await published.publications_of(self._all.reader, key, asked)
        whole = await self._whole([row.id for row in rows])
        return [self._told(row, view) for row in rows if row.id in whole]

    async def one(self, key: str | UUID, known_at: datetime | None = None) -> types.Publication:
        """NotFound when it is not there for the caller, or they see a part of what it was said of."""
        if isinstance(key, str):
            key = from_global(key, "Publication")
        view = await self._all.view(None, known_at)
        row = (await published.by_ids(self._all.reader, [key])).get(key)
        if row is None or key not in await self._whole([key]):
            raise not_found("Publication")
        return self._told(row, view)

    async def _whole(self, ids: list[UUID]) -> set[UUID]:
        """Those of scopes of which the caller sees everything."""
        if self._all.reader.binding.scope == "firm":
            return set(ids)
        return await published.seen_whole(self._all.reader, ids)

    def _told(self, row: published.Publication, view: BookView) -> types.Publication:
        return types.Publication(
            id=to_global("Publication", row.id),
            as_of=row.as_of,
            number=row.number,
            currency=Currency(row.currency),
            reason=row.reason,
            policy_version=row.policy_version,
            policy_digest=row.policy_digest,
            engine_version=row.engine_version,
            book_version=BigInt(row.book_version),
            author_name=row.author_name,
            published_at=row.published_at,
            row=row,
            view=view,
        )

    async def periods(self, row: published.Publication, view: BookView) -> list[types.ComparedPeriod]:
        found = await restated.compared(self._all.reader, view, row)
        if found is None:
            raise not_found("Publication")
        return [
            types.ComparedPeriod(
                kind=PerformancePeriod(each.published.period),
                basis=FeeBasis(each.published.basis),
                begin=each.published.begin,
                end=row.as_of,
                published=each.published.time_weighted,
                published_reason=_reason(each.published.reason),
                now=each.now.value,
                now_reason=_reason(each.now.reason),
                difference=each.difference,
                published_gain=each.published.gain,
                now_gain=each.now.gain,
                differs=each.differs,
                annualised=each.published.annualised,
                money_weighted=each.published.money_weighted,
                opening=each.published.opening,
                closing=each.published.closing,
                net_flows=each.published.net_flows,
                fees=each.published.fees,
                input_digest=each.published.input_digest,
            )
            for each in found
        ]

    async def steps(
        self, row: published.Publication, view: BookView, period: PerformancePeriod, basis: FeeBasis
    ) -> list[types.PublishedStep]:
        found = await restated.steps(self._all.reader, view, row, PeriodKind(period.value), basis)
        return [_step(each) for each in found or ()]


def _reason(code: str | None) -> FigureReason | None:
    return None if code is None else cast(FigureReason, reason_of(Reason(code)))


def _step(each: Step) -> types.PublishedStep:
    return types.PublishedStep(
        cause=each.cause,
        writings=[
            types.BookWriting(
                book_version=BigInt(one.version),
                kind=one.kind,
                recorded_at=one.closed_at,
                author_name=one.author_name,
                entries=one.entries,
                prices=one.prices,
                rates=one.rates,
                memberships=one.memberships,
                policies=one.policies,
                actions=one.actions,
                terms=one.terms,
                first_day=one.first_day,
            )
            for one in each.writings
        ],
        before=each.before.value,
        before_reason=_reason(each.before.reason),
        after=each.after.value,
        after_reason=_reason(each.after.reason),
        difference=each.difference,
        gain_before=each.before.gain,
        gain_after=each.after.gain,
    )
