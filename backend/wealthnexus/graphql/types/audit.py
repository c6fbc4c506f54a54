"""The audit log and the chain that seals it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from wealthnexus.graphql.scalars import BigInt, Json
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.common import ActorRef, SubjectRef


@strawberry.type(description="One thing that happened; never changed, never removed.")
class AuditEvent(Node):
    occurred_at: datetime
    action: str
    actor: ActorRef
    subject: SubjectRef | None
    summary: str
    details: Json
    ip_address: str | None
    user_agent: str | None
    request_id: str
    content_hash: str
    sealed: bool = strawberry.field(description="Whether the chain already holds it.")
    chain_seq: BigInt | None
    chain_hash: str | None


@strawberry.type
class AuditEventConnection(Connection[AuditEvent]):
    pass


@strawberry.input
class AuditFilter:
    actions: list[str] | None = None
    actor_id: strawberry.ID | None = None
    subject_id: strawberry.ID | None = None
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = None


@strawberry.type
class AuditChainStatus:
    verified: bool
    sealed_count: BigInt
    unsealed_count: int
    oldest_unsealed_age_seconds: int | None
    head_hash: str | None
    head_seq: BigInt
    verified_at: datetime
    broken_at_seq: BigInt | None
    message: str
