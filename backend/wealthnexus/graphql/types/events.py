"""What subscriptions send: sequence numbers and ids; the subscriber reads again under its own rights."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from wealthnexus.graphql.scalars import BigInt, Currency
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


@strawberry.type(description="A position at its latest quote; null without a price or rate.")
class LivePosition:
    id: strawberry.ID = strawberry.field(description="That of `Position`.")
    security_id: strawberry.ID
    price: Decimal | None
    value: Decimal | None = strawberry.field(description="In the account's currency.")
    is_quoted: bool = strawberry.field(description="False: still at its last close.")


@strawberry.type(
    description="A household, or what was opened to you, in the firm's currency; an account in its own."
)
class LiveValue:
    subject_id: strawberry.ID
    currency: Currency
    value: Decimal | None
    book_value: Decimal | None = strawberry.field(description="At the last closes: what the books say.")
    change: Decimal | None = strawberry.field(description="`value` less `bookValue`.")
    liabilities: Decimal | None = strawberry.field(
        description="As the books have them; null for an account, and where no balance is known."
    )
    net_worth: Decimal | None = strawberry.field(
        description="`value` less `liabilities`; null for an account."
    )
    positions: list[LivePosition] = strawberry.field(
        description="Of an account: those that moved since the event before, all of them at first."
    )


@strawberry.type
class ValuesEvent:
    seq: BigInt = strawberry.field(description="Of the firm's quotes. Pass it as `afterSeq` to resume.")
    resync: bool = strawberry.field(description="The number to resume after is not kept: all of it is new.")
    book_version: BigInt
    at: datetime
    source: str | None = strawberry.field(
        description="Where the quotes come from; null while nothing of the subjects is quoted, values are the"
        " books' own then."
    )
    is_simulation: bool = strawberry.field(description="The quotes are made up around the last closes.")
    values: list[LiveValue]
    gone: list[strawberry.ID] = strawberry.field(description="What you may no longer see.")
