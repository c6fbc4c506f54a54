"""Imports that are done: who, when, what they changed, and whether they can be taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.base import Connection
from wealthnexus.graphql.types.common import ActorRef
from wealthnexus.graphql.types.failures import (
    Conflict,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    ValidationFailed,
)
from wealthnexus.graphql.types.payloads import JobAccepted


@strawberry.type(description="Rows of one file by what became of them.")
class ImportCount:
    file: str
    created: int
    changed: int
    unchanged: int


@strawberry.type(description="What stands on an import and keeps it from being taken back.")
class UndoBlocker:
    code: str
    count: int
    message: str
    examples: list[str] = strawberry.field(description="At most three, by name.")


@strawberry.type(description="Whether an import can be taken back just now, and if not, why.")
class UndoPreview:
    can_undo: bool
    refusal: str | None
    blockers: list[UndoBlocker]


@strawberry.type(description="An import that changed the books.")
class PastImport:
    id: strawberry.ID
    sources: list[str]
    as_of: date
    created_at: datetime
    created_by: ActorRef | None = strawberry.field(description="Null: the platform itself.")
    job_id: strawberry.ID | None
    counts: list[ImportCount]
    undo_until: datetime | None = strawberry.field(
        description="Null: what it replaced was not kept, so it stays."
    )
    undone_at: datetime | None
    undone_by: ActorRef | None
    undo_reason: str | None
    key: strawberry.Private[UUID]

    @field(Permission.IMPORTS_RUN, "What taking it back would meet just now; asked again when it runs.")
    async def undo(self, info: Info) -> UndoPreview:
        return await info.context.acts.drafts.undo_preview(self.key)


@strawberry.type
class PastImportConnection(Connection[PastImport]):
    pass


@strawberry.input
class UndoImportInput:
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours: the same key and the same request give the same thing, another request is a"
        " Conflict."
    )
    import_id: strawberry.ID
    reason: str = strawberry.field(description="1 to 1,000 characters, kept with it.")


UndoImportPayload = Annotated[
    JobAccepted
    | ValidationFailed
    | NotFound
    | Conflict
    | PermissionDenied
    | PolicyBlocked
    | LimitExceeded
    | Expired,
    strawberry.union("UndoImportPayload"),
]
