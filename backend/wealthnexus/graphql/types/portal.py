"""What a person sees of their own and of what was shared with them: the client's door."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import strawberry

from wealthnexus.domain.clients.repository.worth import Worth as WorthRow
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.repository import HoldingGrouping
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.book import Account
from wealthnexus.graphql.types.clients import Liability
from wealthnexus.graphql.types.common import SubjectRef
from wealthnexus.graphql.types.enums import GrantRelationship
from wealthnexus.graphql.types.figures import MoneyFigure, ValuePoint
from wealthnexus.graphql.types.holdings import HoldingGroup


@strawberry.enum(description="NOT_YET: it begins later. ENDED: within the last ninety days.")
class AccessState(StrEnum):
    IN_FORCE = "IN_FORCE"
    NOT_YET = "NOT_YET"
    ENDED = "ENDED"


@strawberry.type(description="Something that was opened to you: as what, and from when until when.")
class ViewerAccess:
    id: strawberry.ID = strawberry.field(description="Of the access grant.")
    relationship: GrantRelationship
    subject: SubjectRef | None = strawberry.field(description="Null once you may no longer see it.")
    state: AccessState
    effective_from: date
    effective_to: date | None = strawberry.field(description="The first day without access.")
    account_count: int


@strawberry.enum(description="DAY: since the weekday before. MONTH: since the month before ended.")
class WorthSince(StrEnum):
    DAY = "DAY"
    MONTH = "MONTH"


@strawberry.type(description="The net worth less that of an earlier close; money paid in or out counts.")
class WorthChange:
    since: WorthSince
    date: date
    amount: Decimal | None
    part: Decimal | None = strawberry.field(description="Of the earlier one: 0.01 is one percent.")


@strawberry.type(
    description="Accounts and debts that were opened to you, each counted once, in the firm's currency."
)
class Worth:
    id: strawberry.ID = strawberry.field(description="To follow it by `valuesChanged`.")
    as_of: date
    currency: Currency
    assets: MoneyFigure
    liabilities: MoneyFigure
    net_worth: MoneyFigure
    row: strawberry.Private[WorthRow]
    moment: strawberry.Private[BookView]
    account_ids: strawberry.Private[tuple[UUID, ...]]
    liability_ids: strawberry.Private[tuple[UUID, ...]]

    @field(Permission.ACCOUNTS_READ, "The largest first; at most 200.")
    async def accounts(self, info: Info) -> list[Account]:
        return await (await info.context.loaders()).portal.accounts_of(self)

    @field(Permission.POSITIONS_READ, "Of the accounts, in the firm's currency; the largest first.")
    async def holding_groups(
        self, info: Info, by: HoldingGrouping = HoldingGrouping.ASSET_CLASS
    ) -> list[HoldingGroup]:
        return await (await info.context.loaders()).portal.groups_of(self, by)

    @field(Permission.ACCOUNTS_READ, "The open ones, by name.")
    async def debts(self, info: Info) -> list[Liability]:
        return (await info.context.loaders()).portal.debts_of(self)

    @field(Permission.ACCOUNTS_READ, "Of the net worth.")
    async def changes(self, info: Info) -> list[WorthChange]:
        return await (await info.context.loaders()).portal.changes_of(self)

    @field(
        Permission.ACCOUNTS_READ,
        "Of the accounts, before debts: the last `points` (at most 366) weekdays, oldest first.",
    )
    async def history(self, info: Info, points: int = 64) -> list[ValuePoint]:
        return await (await info.context.loaders()).portal.history_of(self, points)


@strawberry.enum(description="What a client is asked to look at.")
class NeedKind(StrEnum):
    REVIEW_DETAILS = "REVIEW_DETAILS"
    CONTACT_MISSING = "CONTACT_MISSING"
    COMING_OF_AGE = "COMING_OF_AGE"
    ACCESS_ENDS = "ACCESS_ENDS"


@strawberry.type(description="Something that needs you.")
class ViewerNeed:
    kind: NeedKind
    subject: SubjectRef | None
    due_on: date | None
    is_overdue: bool


@strawberry.enum
class RequestKind(StrEnum):
    CONFIRM_DETAILS = "CONFIRM_DETAILS"
    CHANGE_DETAILS = "CHANGE_DETAILS"
    END_ACCESS = "END_ACCESS"


@strawberry.enum(description="DONE: the firm has dealt with it.")
class RequestState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"


@strawberry.type(description="What a client has asked or told the firm.")
class ClientRequest:
    id: strawberry.ID
    kind: RequestKind
    state: RequestState
    subject: SubjectRef | None
    created_at: datetime
    closed_at: datetime | None


@strawberry.input
class SendRequestInput:
    kind: RequestKind
    subject_id: strawberry.ID = strawberry.field(
        description="A Party you speak for; of END_ACCESS an AccessGrant of yours."
    )
    message: str | None = strawberry.field(
        default=None,
        description="What is to be changed, or why; at most 2,000 characters. CHANGE_DETAILS needs it.",
    )
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours: the same key and the same request give the same thing, another request is a"
        " Conflict."
    )
