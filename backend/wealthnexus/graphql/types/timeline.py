"""What happened around a household, a person or an account."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import strawberry

from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.base import Connection
from wealthnexus.graphql.types.common import ActorRef, SubjectRef


@strawberry.enum
class TimelineKind(StrEnum):
    NOTE = "NOTE"
    TRANSACTION = "TRANSACTION"
    IMPORT = "IMPORT"
    GRANT = "GRANT"
    OWNERSHIP = "OWNERSHIP"
    KYC = "KYC"
    RECONCILIATION = "RECONCILIATION"
    APPROVAL = "APPROVAL"
    CHANGE = "CHANGE"


@strawberry.type(description="One thing that happened.")
class TimelineEntry:
    id: strawberry.ID
    kind: TimelineKind
    code: str = strawberry.field(
        description="What happened: of a TRANSACTION its type, of a change its action, of a break"
        " BREAK_OPENED or BREAK_SIGNED_OFF, of a grant GRANTED or REVOKED."
    )
    day: date = strawberry.field(description="Of the firm's calendar.")
    at: datetime | None = strawberry.field(description="Null where the day alone is known.")
    subject: SubjectRef
    text: str | None = strawberry.field(description="A note, a sentence or a reason, as it was written.")
    name: str | None = strawberry.field(description="Who or what else it is about.")
    actor: ActorRef | None
    amount: Decimal | None
    currency: Currency | None


@strawberry.type
class TimelineConnection(Connection[TimelineEntry]):
    kinds: list[TimelineKind] = strawberry.field(description="Those that you may see.")
