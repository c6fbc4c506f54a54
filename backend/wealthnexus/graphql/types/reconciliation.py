"""The custodian's evidence beside our books, and what differs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.approvals import Approval
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.common import ActorRef
from wealthnexus.graphql.types.enums import Capability, Severity
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    ValidationFailed,
)
from wealthnexus.graphql.types.inputs import _KEY, _VERSION
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.graphql.types.markets import Security
from wealthnexus.graphql.types.payloads import JobAccepted


@strawberry.enum(description="What comparing an account and day said last.")
class ReconciliationState(StrEnum):
    MATCHED = "MATCHED"
    BREAKS = "BREAKS"
    SIGNED_OFF = "SIGNED_OFF"


@strawberry.enum
class BreakKind(StrEnum):
    QUANTITY = "QUANTITY"
    CASH = "CASH"
    MARKET_VALUE = "MARKET_VALUE"
    LOTS = "LOTS"


@strawberry.enum(description="CLEARED: the books and the custodian agree again, nobody had to decide.")
class BreakState(StrEnum):
    OPEN = "OPEN"
    SIGNED_OFF = "SIGNED_OFF"
    CLEARED = "CLEARED"


@strawberry.enum(description="Why a difference is accepted.")
class BreakReasonCode(StrEnum):
    TIMING = "TIMING"
    PRICING_SOURCE = "PRICING_SOURCE"
    ROUNDING = "ROUNDING"
    CUSTODIAN_ERROR = "CUSTODIAN_ERROR"
    ACCEPTED_DIFFERENCE = "ACCEPTED_DIFFERENCE"


@strawberry.enum(description="What may lie behind a difference.")
class BreakCauseCode(StrEnum):
    UNBOOKED_TRADE = "UNBOOKED_TRADE"
    UNBOOKED_DIVIDEND = "UNBOOKED_DIVIDEND"
    UNBOOKED_FEE = "UNBOOKED_FEE"
    UNBOOKED_SPLIT = "UNBOOKED_SPLIT"
    SETTLEMENT = "SETTLEMENT"
    DUPLICATE = "DUPLICATE"
    PRICE = "PRICE"


@strawberry.type(description="What could be posted so that a difference goes; posting it is a person's act.")
class SuggestedEntry:
    external_id: str = strawberry.field(
        description="To be posted under: the ledger takes it once, whoever posts it and from wherever."
    )
    type: str
    trade_date: date
    security: Security | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal


@strawberry.type(description="Found by arithmetic in the books; likely, never certain.")
class BreakCause:
    code: BreakCauseCode
    message: str
    entry: SuggestedEntry | None = strawberry.field(description="Null where the books do not tell enough.")
    transaction_ids: list[strawberry.ID] = strawberry.field(description="The entries it rests on.")


@strawberry.type(description="Asked for by one person; another one decides.")
class WaitingSignOff:
    approval_id: strawberry.ID
    asked_by: str
    asked_at: datetime
    expires_at: datetime


@strawberry.type(description="A difference between the custodian and our books.")
class ReconciliationBreak(Node):
    account: AccountRef
    custodian: str | None = strawberry.field(description="The account's.")
    kind: BreakKind
    security: Security | None = strawberry.field(description="Null for cash.")
    currency: Currency
    ours: Decimal | None = strawberry.field(description="Null: not in our books.")
    theirs: Decimal | None = strawberry.field(description="Null: not in the custodian's file.")
    difference: Decimal = strawberry.field(description="Theirs less ours.")
    tolerance: Decimal
    worth: Decimal | None = strawberry.field(
        description="Of the difference, in the currency; null when no price tells."
    )
    severity: Severity
    message: str
    state: BreakState
    opened_on: date = strawberry.field(description="The first compared day of this difference in a row.")
    day: date = strawberry.field(description="The last compared day that shows it.")
    age_days: int
    age_sessions: int = strawberry.field(
        description="Sessions of the security's market since it was opened; weekdays for cash."
    )
    owner: ActorRef | None
    reason_code: BreakReasonCode | None
    reason: str | None
    decided_at: datetime | None
    decided_by: ActorRef | None
    needs_second_person: bool = strawberry.field(
        description="Signing it off asks somebody else to agree first."
    )
    version: int
    key: strawberry.Private[UUID]

    @field(Permission.RECONCILIATION_READ, "What may lie behind it, while it is open.")
    async def causes(self, info: Info) -> list[BreakCause]:
        return await (await info.context.loaders()).reconciliation.causes_of(self)

    @field(Permission.RECONCILIATION_READ, "The sign-off that waits for a second person.")
    async def waiting_for(self, info: Info) -> WaitingSignOff | None:
        return await (await info.context.loaders()).reconciliation.waiting_for(self)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        match self.state:
            case BreakState.OPEN:
                return info.context.capabilities(
                    (Permission.RECONCILIATION_WORK, Capability.ASSIGN_BREAK),
                    (Permission.RECONCILIATION_SIGN_OFF, Capability.SIGN_OFF_BREAK),
                )
            case BreakState.SIGNED_OFF:
                return info.context.capabilities(
                    (Permission.RECONCILIATION_SIGN_OFF, Capability.REOPEN_BREAK)
                )
        return []


@strawberry.type
class ReconciliationBreakConnection(Connection[ReconciliationBreak]):
    pass


@strawberry.type(description="One account and day that was compared with the custodian's evidence.")
class Reconciliation:
    account: AccountRef
    day: date
    state: ReconciliationState
    compared_count: int = strawberry.field(description="Figures of both sides that were compared.")
    open_break_count: int
    book_version: BigInt
    checked_at: datetime
    account_key: strawberry.Private[UUID]

    @field(Permission.RECONCILIATION_READ, "Those that cover the day, also decided and cleared ones.")
    async def breaks(self, info: Info) -> list[ReconciliationBreak]:
        return await (await info.context.loaders()).reconciliation.breaks_of_day(self)


@strawberry.type
class ReconciliationConnection(Connection[Reconciliation]):
    pass


@strawberry.type(description="One security or cash balance on both sides.")
class CustodianRow:
    security: Security | None = strawberry.field(description="Null for cash.")
    custodian_key: str | None = strawberry.field(description="What the custodian calls it.")
    currency: Currency
    ours: Decimal | None = strawberry.field(description="Quantity or cash; null: not in our books.")
    theirs: Decimal | None = strawberry.field(description="Null: not in the custodian's file.")
    difference: Decimal = strawberry.field(description="Theirs less ours.")
    our_price: Decimal | None
    their_price: Decimal | None
    our_value: Decimal | None = strawberry.field(description="In the currency; null: not known.")
    their_value: Decimal | None = strawberry.field(description="In the currency; null: not said.")
    breaks: list[BreakKind] = strawberry.field(
        description="In what it differs by the books as they are now, whether decided or not."
    )


@strawberry.type(description="The units of one security that were bought on one day, on both sides.")
class CustodianLotRow:
    security: Security | None
    acquired_on: date | None = strawberry.field(description="Null: not known.")
    ours: Decimal | None
    theirs: Decimal | None
    our_cost: Decimal | None
    their_cost: Decimal | None


@strawberry.type(description="The custodian's latest word on a day beside our books.")
class CustodianEvidence:
    day: date
    received_at: datetime
    rows: list[CustodianRow]
    lots: list[CustodianLotRow] = strawberry.field(description="Where the custodian tells its lots.")


@strawberry.type(description="What comparing said of an account on one day.")
class ReconciledDay:
    day: date
    state: ReconciliationState
    open_break_count: int


@strawberry.type(description="An open account and how far it agrees with its custodian.")
class ReconciledAccount:
    account: AccountRef
    custodian: str | None
    reconciled_through: date | None
    last_evidence_on: date | None = strawberry.field(description="Null: no custodian ever spoke of it.")
    open_break_count: int
    days: list[ReconciledDay] = strawberry.field(description="Of the last compared days, oldest first.")


@strawberry.type
class ReconciledAccountConnection(Connection[ReconciledAccount]):
    pass


@strawberry.input
class ReconciledAccountFilter:
    custodian: str | None = None
    has_evidence: bool | None = None
    matched_on: date | None = None


@strawberry.input
class ReconciliationFilter:
    states: list[ReconciliationState] | None = None
    custodian: str | None = None
    account_id: strawberry.ID | None = None
    day_from: date | None = None
    day_to: date | None = None


@strawberry.input
class ReconciliationBreakFilter:
    states: list[BreakState] | None = None
    kinds: list[BreakKind] | None = None
    custodian: str | None = None
    account_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    min_age_days: int | None = strawberry.field(default=None, description="Days since it was opened.")
    awaits_second_person: bool | None = None


@strawberry.input
class AssignBreakInput:
    break_id: strawberry.ID
    assignee_id: strawberry.ID | None = strawberry.field(default=None, description="Null: back to the desk.")
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class SignOffBreakInput:
    break_id: strawberry.ID
    reason_code: BreakReasonCode
    reason: str
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class ReopenBreakInput:
    break_id: strawberry.ID
    reason: str
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.type
class AssignBreakSuccess:
    reconciliation_break: ReconciliationBreak


@strawberry.type
class SignOffBreakSuccess:
    reconciliation_break: ReconciliationBreak = strawberry.field(description="Open while it waits.")
    approval: Approval | None = strawberry.field(description="What a second person is asked to decide.")


@strawberry.type
class ReopenBreakSuccess:
    reconciliation_break: ReconciliationBreak


@strawberry.input
class ReconcileNowInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


ReconcileNowPayload = Annotated[
    JobAccepted | ValidationFailed | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ReconcileNowPayload"),
]
AssignBreakPayload = Annotated[
    AssignBreakSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AssignBreakPayload"),
]
SignOffBreakPayload = Annotated[
    SignOffBreakSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("SignOffBreakPayload"),
]
ReopenBreakPayload = Annotated[
    ReopenBreakSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ReopenBreakPayload"),
]
