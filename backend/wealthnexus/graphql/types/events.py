"""What subscriptions send: sequence numbers and ids; the subscriber reads again under its own rights."""

from __future__ import annotations

import strawberry

from wealthnexus.graphql.scalars import BigInt
from wealthnexus.graphql.types.jobs import Job


@strawberry.type
class WorkQueueEvent:
    seq: BigInt = strawberry.field(description="Pass it as `afterSeq` to resume.")
    resync: bool = strawberry.field(description="Events were dropped: read everything anew.")
    event_type: str | None
    work_item_id: strawberry.ID | None
    kind: str | None


@strawberry.type
class JobProgressEvent:
    seq: BigInt = strawberry.field(description="Pass it as `afterSeq` to resume.")
    resync: bool = strawberry.field(description="Events were dropped: read everything anew.")
    job: Job | None
