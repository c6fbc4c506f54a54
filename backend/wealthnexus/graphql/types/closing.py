"""The nightly close of the firm's books."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from wealthnexus.domain.closing import Stage, StageState
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt
from wealthnexus.graphql.types.enums import Capability
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.inputs import _KEY
from wealthnexus.graphql.types.jobs import Job

strawberry.enum(Stage, name="CloseStageName", description="In the order in which they run.")
strawberry.enum(StageState, name="CloseState", description="Of a stage, and of a day by its stages.")


@strawberry.type(description="Something a stage counted, such as accounts or faults.")
class CloseCount:
    name: str
    value: str


@strawberry.type
class CloseStage:
    stage: Stage
    state: StageState
    attempts: int = strawberry.field(description="How often it was begun.")
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None = strawberry.field(description="How long it took; null while it has not ended.")
    counts: list[CloseCount]
    problem: str | None = strawberry.field(description="Why it stopped.")
    book_version: BigInt | None = strawberry.field(description="Of the books it stood on.")


@strawberry.type(description="The close of a business date.")
class Close:
    day: date
    state: StageState
    stages: list[CloseStage]
    job: Job | None = strawberry.field(description="The latest that worked on it; null when it is gone.")


@strawberry.type
class Closes:
    days: list[Close]
    business_date: date
    has_next: bool

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities((Permission.BOOKS_CLOSE, Capability.RUN_CLOSE))


@strawberry.input
class RunCloseInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.type
class RunCloseSuccess:
    job: Job


RunClosePayload = Annotated[
    RunCloseSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("RunClosePayload"),
]
