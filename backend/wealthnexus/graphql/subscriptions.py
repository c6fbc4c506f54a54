"""Live changes: sequence numbers and ids, resumed from a sequence number, read again by the subscriber."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import subscription
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt
from wealthnexus.graphql.types.events import JobProgressEvent, ValuesEvent, WorkQueueEvent


@strawberry.type
class Subscription:
    @subscription(Permission.WORK_READ, "Work that appeared, changed or was closed.")
    async def work_queue_changed(
        self, info: Info, after_seq: BigInt | None = None
    ) -> AsyncGenerator[WorkQueueEvent, None]:
        async for event in info.context.live.work_queue_changed(after_seq):
            yield event

    @subscription(Permission.JOBS_READ, "A job as it moves; ends when the job has ended.")
    async def job_progress(
        self, info: Info, job_id: strawberry.ID, after_seq: BigInt | None = None
    ) -> AsyncGenerator[JobProgressEvent, None]:
        async for event in info.context.live.job_progress(job_id, after_seq):
            yield event

    @subscription(
        Permission.POSITIONS_READ,
        "What households and accounts (at most 100) are worth as quotes come, at most four times a second;"
        " for who sees a part of the firm also what was opened to them: an id of `Viewer.worth`. Ends when"
        " you may see none of them any more.",
    )
    async def values_changed(
        self, info: Info, subject_ids: list[strawberry.ID], after_seq: BigInt | None = None
    ) -> AsyncGenerator[ValuesEvent, None]:
        async for event in info.context.live.values_changed(subject_ids, after_seq):
            yield event
