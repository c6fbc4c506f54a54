"""Long work: asked for, followed, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Json
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.common import ActorRef
from wealthnexus.graphql.types.enums import Capability, JobState
from wealthnexus.kit.jobs import may_be_cancelled

if TYPE_CHECKING:
    from wealthnexus.graphql.types.work import FindingConnection


@strawberry.type
class Job(Node):
    kind: str
    title: str
    stage: str
    done: BigInt
    total: BigInt | None
    state: JobState
    requested_by: ActorRef | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested: bool
    error: str | None
    result: Json | None
    key: strawberry.Private[UUID]

    @field(Permission.FINDINGS_READ, "What the work found out.")
    async def findings(
        self, info: Info, first: int | None = None
    ) -> Annotated[FindingConnection, strawberry.lazy("wealthnexus.graphql.types.work")]:
        return await (await info.context.loaders()).work.findings_of_job(self.key, first)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        is_live = self.state in (JobState.QUEUED, JobState.RUNNING) and not self.cancel_requested
        if not is_live or not may_be_cancelled(self.kind):
            return []
        return info.context.capabilities((Permission.JOBS_CANCEL, Capability.CANCEL_JOB))


@strawberry.type
class JobConnection(Connection[Job]):
    pass


@strawberry.input
class JobFilter:
    kinds: list[str] | None = None
    states: list[JobState] | None = None
