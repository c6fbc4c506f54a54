"""A second person's decision on an exact command."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.common import ActorRef, SubjectRef
from wealthnexus.graphql.types.enums import ApprovalState, Capability, Decision


@strawberry.type
class ApprovalDecision:
    decider: ActorRef
    decision: Decision
    reason: str | None
    decided_at: datetime


@strawberry.type(description="A stored command that waits for a second person; it runs as it was stored.")
class Approval(Node):
    kind: str
    title: str
    command_summary: str
    command_hash: str
    state: ApprovalState
    maker: ActorRef
    requested_at: datetime
    expires_at: datetime
    quorum: int
    decisions: list[ApprovalDecision]
    subject: SubjectRef | None
    reason: str | None
    outcome: str | None = strawberry.field(description="What executing it said.")
    version: int
    maker_key: strawberry.Private[UUID]
    decider_keys: strawberry.Private[frozenset[UUID]]

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        caller = info.context.caller
        if self.state is not ApprovalState.PENDING:
            return []
        if self.maker_key == caller.user_id:
            return [Capability.CANCEL_APPROVAL]
        if caller.user_id in self.decider_keys:
            return []
        return info.context.capabilities((Permission.APPROVALS_DECIDE, Capability.DECIDE_APPROVAL))


@strawberry.type
class ApprovalConnection(Connection[Approval]):
    pass


@strawberry.input
class ApprovalFilter:
    states: list[ApprovalState] | None = None
    awaiting_me: bool | None = None
