"""What subscribers are sent: places in the firm's event stream, and ids to read again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

import strawberry

from wealthnexus.domain.markets.live import LiveEvent, watch_values
from wealthnexus.domain.markets.live.base import Subject, SubjectKind
from wealthnexus.domain.markets.live.hub import SUBJECTS_MAX
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import from_global, not_found, split_global, to_global
from wealthnexus.graphql.loaders.jobs import job_of
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.events import (
    JobProgressEvent,
    LivePosition,
    LiveValue,
    ValuesEvent,
    WorkQueueEvent,
)
from wealthnexus.graphql.types.jobs import Job
from wealthnexus.kit import outbox, streams
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.jobs import find_job
from wealthnexus.kit.texts import OUT_OF_RANGE

WORK_EVENTS: Final = ("work.item.posted", "work.item.changed")
JOB_EVENTS: Final = ("work.job.requested", "work.job.progressed", "work.job.finished")
_ENDED: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})

_LIVE_KINDS: Final[dict[str, SubjectKind]] = {
    "Household": "household",
    "Account": "account",
    "AccessGrant": "access",
    "User": "viewer",
}


class Live:
    """The subscriptions of one operation."""

    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def work_queue_changed(self, after_seq: int | None) -> AsyncGenerator[WorkQueueEvent, None]:
        """First where the stream stands (unless resumed), then every change the caller may see."""
        if after_seq is None:
            after_seq = await self._head()
            yield WorkQueueEvent(
                seq=BigInt(after_seq), resync=False, event_type=None, work_item_id=None, kind=None
            )
        async with aclosing(self._follow(after_seq, WORK_EVENTS, None)) as events:
            async for event in events:
                if isinstance(event, streams.Resync):
                    yield WorkQueueEvent(
                        seq=BigInt(event.seq), resync=True, event_type=None, work_item_id=None, kind=None
                    )
                else:
                    yield WorkQueueEvent(
                        seq=BigInt(event.seq),
                        resync=False,
                        event_type=event.event_type,
                        work_item_id=to_global("WorkItem", UUID(event.payload["workItemId"])),
                        kind=event.payload["kind"],
                    )

    async def job_progress(
        self, job_id: str, after_seq: int | None
    ) -> AsyncGenerator[JobProgressEvent, None]:
        """First the job as it is, then as it moves; the stream ends when the job has ended.

        NotFound for a job that is missing or not for this caller.
        """
        key = from_global(job_id, "Job", path=("jobId",))
        head = await self._head()
        job = await self._job(key)
        if job is None:
            raise not_found("Job", path=("jobId",))
        yield JobProgressEvent(
            seq=BigInt(head if after_seq is None else max(after_seq, 0)), resync=False, job=job
        )
        if job.state.value in _ENDED:
            return
        wanted = str(key)
        async with aclosing(self._follow(head, JOB_EVENTS, wanted)) as events:
            async for event in events:
                job = await self._job(key)
                is_resync = isinstance(event, streams.Resync)
                yield JobProgressEvent(seq=BigInt(event.seq), resync=is_resync, job=job)
                if job is None or job.state.value in _ENDED:
                    return

    async def values_changed(
        self, subject_ids: list[strawberry.ID], after_seq: int | None
    ) -> AsyncGenerator[ValuesEvent, None]:
        """The subjects as they are, then as quotes move them.

        NotFound for one that is missing or not for this caller; LimitExceeded for more than 100.
        """
        context, path = self._context, ("subjectIds",)
        if not 1 <= len(subject_ids) <= SUBJECTS_MAX:
            said = OUT_OF_RANGE(name="subjectIds", count=len(subject_ids), limit=SUBJECTS_MAX)
            raise LimitExceeded(said, path=path)
        ids: dict[Subject, strawberry.ID] = {}
        for text in subject_ids:
            parts = split_global(text)
            # Who sees the whole firm shares one view of it with others: nothing in it is theirs by a grant.
            if (
                parts is None
                or parts[0] not in _LIVE_KINDS
                or (context.caller.scope == "firm" and parts[0] in ("AccessGrant", "User"))
            ):
                raise not_found("Household", path=path)
            ids[Subject(_LIVE_KINDS[parts[0]], parts[1])] = text
        source: Any = watch_values(
            context.platform,
            context.caller.firm,
            context.caller.binding(),
            list(ids),
            after_seq=after_seq,
        )
        try:
            async with aclosing(source):
                async for event in source:
                    yield values_event(event, ids)
        except LookupError:
            raise not_found("Household", path=path) from None

    async def _follow(
        self, after_seq: int, event_types: tuple[str, ...], job_id: str | None
    ) -> AsyncGenerator[streams.StreamEvent | streams.Resync, None]:
        context = self._context

        def matches(event: streams.StreamEvent) -> bool:
            return job_id is None or event.payload.get("jobId") == job_id

        source: Any = streams.follow(
            context.platform,
            context.caller.binding(),
            after_seq=after_seq,
            event_types=event_types,
            matches=matches,
        )
        async with aclosing(source):
            async for event in source:
                yield event

    async def _head(self) -> int:
        async with self._context.platform.db.reading(self._context.caller.binding()) as reader:
            return await outbox.head_seq(reader)

    async def _job(self, key: UUID) -> Job | None:
        async with self._context.platform.db.reading(self._context.caller.binding()) as reader:
            row = await find_job(reader, key)
        return job_of(row) if row is not None else None


def values_event(event: LiveEvent, ids: dict[Subject, strawberry.ID]) -> ValuesEvent:
    """What the hub found, by the ids that were asked for."""
    return ValuesEvent(
        seq=BigInt(event.seq),
        resync=event.resync,
        book_version=BigInt(event.book_version),
        at=event.at,
        source=event.source,
        is_simulation=event.is_simulation,
        values=[
            LiveValue(
                subject_id=ids[each.subject],
                currency=Currency(each.currency),
                value=each.value,
                book_value=each.book_value,
                change=each.change,
                liabilities=each.liabilities,
                net_worth=each.net_worth,
                positions=[
                    LivePosition(
                        id=to_global("Position", held.id),
                        security_id=to_global("Security", held.security_id),
                        price=held.price,
                        value=held.value,
                        is_quoted=held.is_quoted,
                    )
                    for held in each.positions
                ],
            )
            for each in event.values
        ],
        gone=[ids[each] for each in event.gone],
    )
