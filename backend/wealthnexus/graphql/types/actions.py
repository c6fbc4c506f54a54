"""Corporate actions on the desk: their state, what they would do, and their posting."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.domain.actions import ActionState
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger.lots import Fractions
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.base import Connection
from wealthnexus.graphql.types.enums import Capability, TransactionType
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.inputs import _DRY_RUN, _KEY
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.graphql.types.markets import CorporateAction, Security

strawberry.enum(
    ActionState, name="CorporateActionState", description="What has become of an action in the books."
)
strawberry.enum(Fractions, name="FractionRule", description="What becomes of a fraction of a unit.")


_NOT_HELD = "Null: nobody whose accounts you see holds it yet."


@strawberry.type(description="A corporate action beside the books, as far as you see accounts.")
class DeskAction:
    id: strawberry.ID
    action: CorporateAction
    security: Security
    state: ActionState
    holding_count: int = strawberry.field(description="Sleeves that held on the eve of the ex-date.")
    missing_count: int = strawberry.field(description="Of these, those without its entries.")
    contradicted_count: int = strawberry.field(description="Those whose units are not those of the ratio.")
    is_posted_here: bool = strawberry.field(description="Entries that were posted here stand.")

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        pairs = []
        if self.missing_count and self.state is not ActionState.ANNOUNCED:
            pairs.append((Permission.TRANSACTIONS_POST, Capability.POST_CORPORATE_ACTION))
        if self.is_posted_here:
            pairs.append((Permission.TRANSACTIONS_CORRECT, Capability.REVERSE_CORPORATE_ACTION))
        return info.context.capabilities(*pairs)


@strawberry.type
class DeskActionConnection(Connection[DeskAction]):
    pass


@strawberry.type(
    description="Actions of the list by state. Judged are those of the last 400 days, or from `exFrom` on,"
    " cash dividends only where `types` names them. One that is due and contradicted counts in both."
)
class CorporateActionCounts:
    all: int = strawberry.field(description="Whatever the day and the state.")
    announced: int
    due: int
    posted: int
    contradicted: int
    not_held: int
    nothing_to_post: int


@strawberry.input
class CorporateActionFilter:
    states: list[ActionState] | None = strawberry.field(
        default=None,
        description="Of actions of the last 400 days, or from `exFrom` on; cash dividends only where `types`"
        " names them. DUE: holdings lack its entries, whether others contradict it or not.",
    )
    types: list[str] | None = None
    security_id: strawberry.ID | None = None
    ex_from: date | None = None
    ex_to: date | None = None


@strawberry.type(description="What holds for the action: what a person told of it, else its own terms.")
class CorporateActionTerms:
    fractions: Fractions
    cash_per_unit: Decimal | None = strawberry.field(
        description="Of cash in lieu, for one unit of what is received."
    )
    basis_fraction: Decimal | None = strawberry.field(
        description="Part of the basis that goes to what is spun off; null: by the first closes."
    )
    is_taxable: bool | None


@strawberry.type(description="A tax lot at a moment. Short lots have negative units and proceeds as cost.")
class LotSnapshot:
    id: str
    account: AccountRef
    security: Security | None = strawberry.field(description=_NOT_HELD)
    units: Decimal
    acquired_on: date | None
    cost: Decimal | None = strawberry.field(description="Without wash sales; null: not known.")
    custodian_cost: Decimal | None = strawberry.field(description="With the custodian's wash sales.")
    economic_cost: Decimal | None = strawberry.field(description="With the wash sales of the taxpayer.")
    held_from: date | None = strawberry.field(
        description="Where the taxpayer's holding period begins: earlier than the purchase after a wash sale."
    )
    currency: Currency
    reasons: list[FigureReason]


@strawberry.type(description="What one entry realised of one lot.")
class GainSnapshot:
    id: str
    account: AccountRef
    security: Security | None = strawberry.field(description=_NOT_HELD)
    acquired_on: date | None
    disposed_on: date
    units: Decimal
    proceeds: Decimal | None
    cost: Decimal | None
    gain: Decimal | None = strawberry.field(description="Without wash sales; null: not known.")
    disallowed: Decimal = strawberry.field(description="By wash sales of the taxpayer.")
    recognised: Decimal | None = strawberry.field(description="What is left of the gain after them.")
    term: str | None = strawberry.field(description="SHORT or LONG; null: not known.")
    currency: Currency
    reasons: list[FigureReason]


@strawberry.type(description="One entry an action would post.")
class PlannedEntry:
    type: TransactionType
    security: Security | None = strawberry.field(description=_NOT_HELD)
    quantity: Decimal | None
    amount: Decimal
    currency: Currency
    exchange_rate: Decimal | None


@strawberry.type(description="What the action does to one account.")
class CorporateActionEffect:
    account: AccountRef
    units: Decimal = strawberry.field(description="Held on the eve.")
    entries: list[PlannedEntry]
    lots_before: list[LotSnapshot]
    lots_after: list[LotSnapshot]
    gains: list[GainSnapshot]
    reasons: list[FigureReason]


@strawberry.type(
    description="What the entries that are there made of one security of an account, of what it held on the"
    " eve. Costs are without wash sales; null: one of the lots has none that is known."
)
class CorporateActionMove:
    account: AccountRef
    security: Security | None = strawberry.field(description=_NOT_HELD)
    units_before: Decimal
    units_after: Decimal
    cost_before: Decimal | None
    cost_after: Decimal | None
    currency: Currency


@strawberry.type(description="What posting would do; nothing has been written.")
class CorporateActionPreview:
    desk_action: DeskAction
    terms: CorporateActionTerms
    account_count: int
    entry_count: int
    without_rate: list[AccountRef] = strawberry.field(
        description="Left out: their cash has no exchange rate."
    )
    effects: list[CorporateActionEffect] = strawberry.field(description="Of the first accounts, at most 50.")
    moved_account_count: int = strawberry.field(description="Accounts that have its entries.")
    moved: list[CorporateActionMove] = strawberry.field(
        description="What those did, of the first accounts, at most 50."
    )


_FRACTIONS = "Left out or null: as the action has it, else fractions are kept."
_CASH = "For one unit of what is received, in the security's currency."


@strawberry.input
class PostCorporateActionInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    corporate_action_id: strawberry.ID
    fractions: Fractions | None = strawberry.field(default=None, description=_FRACTIONS)
    cash_per_unit: Decimal | None = strawberry.field(default=None, description=_CASH)
    basis_fraction: Decimal | None = strawberry.field(default=None, description="Of a spin-off (Form 8937).")
    is_taxable: bool | None = strawberry.field(default=None, description="Of a merger.")
    reason: str
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.input
class ReverseCorporateActionInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    corporate_action_id: strawberry.ID
    reason: str
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.type
class PostCorporateActionSuccess:
    desk_action: DeskAction
    account_count: int
    entry_count: int
    book_version: BigInt
    without_rate: list[AccountRef]
    dry_run: bool


@strawberry.type
class ReverseCorporateActionSuccess:
    desk_action: DeskAction
    account_count: int
    entry_count: int
    book_version: BigInt
    dry_run: bool


PostCorporateActionPayload = Annotated[
    PostCorporateActionSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("PostCorporateActionPayload"),
]
ReverseCorporateActionPayload = Annotated[
    ReverseCorporateActionSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ReverseCorporateActionPayload"),
]
