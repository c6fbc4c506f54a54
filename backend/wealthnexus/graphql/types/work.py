"""The one work queue and the one list of findings."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from wealthnexus.domain.identity.permissions import Permission, Role
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Json
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.common import ActorRef, SubjectRef
from wealthnexus.graphql.types.enums import Capability, FindingState, Severity, WorkScope, WorkState


@strawberry.type(description="Something that waits for a person.")
class WorkItem(Node):
    kind: str
    title: str
    detail: str | None
    subject: SubjectRef | None
    severity: Severity
    state: WorkState
    created_at: datetime
    due_at: datetime | None
    owner_role: Role | None
    assignee: ActorRef | None
    action_label: str
    action_path: str
    version: int
    is_closed_by_hand: strawberry.Private[bool]

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        if self.state not in (WorkState.OPEN, WorkState.IN_PROGRESS):
            return []
        may = info.context.capabilities((Permission.WORK_MANAGE, Capability.ASSIGN_WORK_ITEM))
        if self.is_closed_by_hand:
            may += info.context.capabilities((Permission.WORK_MANAGE, Capability.COMPLETE_WORK_ITEM))
        return may


@strawberry.type
class WorkItemConnection(Connection[WorkItem]):
    pass


@strawberry.input
class WorkItemFilter:
    kinds: list[str] | None = None
    states: list[WorkState] | None = None
    scope: WorkScope | None = None
    subject_id: strawberry.ID | None = None
    household_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="About the household or one of its accounts, not about its members:"
        " what `Household.openItems` counts of what is open.",
    )
    as_of: date | None = strawberry.field(
        default=None,
        description="The day whose accounts `householdId` means; the firm's business date when left out.",
    )


@strawberry.type(description="Open work of one kind.")
class WorkGroup:
    kind: str
    label: str
    detail: str | None
    count: int
    oldest_at: datetime
    severity: Severity
    action_label: str
    action_path: str


@strawberry.type
class WorkSummary:
    open_count: int
    needs_you: int
    oldest_at: datetime | None
    groups: list[WorkGroup]


@strawberry.type
class FindingEvidence:
    label: str
    value: str


@strawberry.type
class FindingFix:
    label: str
    path: str


@strawberry.type(description="What an engine that judges has found: one type for all of them.")
class Finding(Node):
    code: str
    severity: Severity
    category: str
    subject: SubjectRef | None
    message: str
    params: Json
    evidence: list[FindingEvidence]
    fix: FindingFix | None
    state: FindingState
    detected_at: datetime
    resolved_at: datetime | None
    resolution_reason: str | None
    version: int

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        if self.state is not FindingState.OPEN:
            return []
        return info.context.capabilities((Permission.FINDINGS_RESOLVE, Capability.RESOLVE_FINDING))


@strawberry.type
class FindingConnection(Connection[Finding]):
    pass


@strawberry.input
class FindingFilter:
    states: list[FindingState] | None = None
    severities: list[Severity] | None = None
    category: str | None = None
    subject_id: strawberry.ID | None = None
    job_id: strawberry.ID | None = None
