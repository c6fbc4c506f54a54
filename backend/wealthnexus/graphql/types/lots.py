"""Tax lots, realised gains and wash sales."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger.lots.custodian import LotDifference
from wealthnexus.domain.ledger.lots.vocabulary import GainKind, Origin, Term, Treatment, WashEffect
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.base import Connection
from wealthnexus.graphql.types.common import ActorRef
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.figures import FigureReason, MoneyFigure
from wealthnexus.graphql.types.inputs import _KEY
from wealthnexus.graphql.types.ledger import AccountRef, Transaction
from wealthnexus.graphql.types.markets import Security

strawberry.enum(Term, name="LotTerm", description="Short- or long-term: more than one year.")
strawberry.enum(Origin, name="LotOrigin", description="How a lot came into the account.")
strawberry.enum(GainKind, description="What realised a gain.")
strawberry.enum(
    WashEffect,
    description="DEFERRED: added to the basis of the replacement. LOST: the replacement is in an account that"
    " is not taxable. WARNING: it is a relative's, nothing is disallowed.",
)
strawberry.enum(
    Treatment, name="IdenticalTreatment", description="What the firm says of two securities for wash sales."
)
strawberry.enum(LotDifference, description="The custodian's lots of a day of acquisition beside ours.")


@strawberry.enum(description="Whose view of wash sales it is.")
class LotView(StrEnum):
    CUSTODIAN = "CUSTODIAN"
    ECONOMIC = "ECONOMIC"


@strawberry.enum
class WashCheckType(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


@strawberry.type(
    description="Lots of one account, security and day of acquisition on both sides; null: there are none."
)
class LotsBeside:
    account: AccountRef
    security: Security
    acquired_on: date | None
    our_quantity: Decimal | None
    their_quantity: Decimal | None
    our_basis: Decimal | None = strawberry.field(description="As the custodian sees wash sales.")
    their_basis: Decimal | None
    currency: Currency
    difference: LotDifference
    reported_on: date = strawberry.field(description="The day of the custodian's file.")


@strawberry.type(description="Units acquired together that are still held; negative when short.")
class OpenLot:
    id: strawberry.ID
    security: Security
    account: AccountRef
    portfolio_name: str
    quantity: Decimal
    currency: Currency
    acquired_on: date | None
    held_from: date | None = strawberry.field(
        description="Where the taxpayer's holding period begins: a wash sale adds that of the shares sold."
    )
    term: Term | None
    days_to_long_term: int | None = strawberry.field(
        description="0: it is long-term. Null for short positions and unknown days."
    )
    cost: MoneyFigure = strawberry.field(description="What was paid, without wash sales.")
    custodian_basis: MoneyFigure
    economic_basis: MoneyFigure
    market_value: MoneyFigure = strawberry.field(
        description="Its part of the position's value, in the account's currency."
    )
    unrealised: MoneyFigure = strawberry.field(description="Market value less cost.")
    origin: Origin
    opened_by: str = strawberry.field(description="What the source calls the entry or lot it came with.")
    opened_by_id: strawberry.ID | None = strawberry.field(description="The transaction.")
    reasons: list[FigureReason]
    custodian_lot: LotsBeside | None = strawberry.field(
        description="The custodian's lots of the same day of acquisition; null while it has told no lots."
    )


@strawberry.type(description="Sums of the open lots of a currency and term.")
class LotTotals:
    currency: Currency
    term: Term | None
    lot_count: int
    missing_count: int = strawberry.field(description="Lots without a cost; they are in no sum of cost.")
    cost: MoneyFigure
    market_value: MoneyFigure
    unrealised: MoneyFigure


@strawberry.type
class OpenLotConnection(Connection[OpenLot]):
    totals: list[LotTotals] = strawberry.field(description="Over the whole list, not the page.")
    differences: list[LotsBeside] = strawberry.field(
        description="Where the custodian's lots are not ours: at most 200 of them."
    )


@strawberry.type(description="What a person should look at: a lot or gain that is not fully known.")
class LotFinding:
    code: str
    message: str
    account: AccountRef
    security: Security | None
    day: date
    transaction_id: strawberry.ID | None


@strawberry.type(description="A gain in one view, before and after what is disallowed.")
class TaxView:
    basis: MoneyFigure
    gain: MoneyFigure
    disallowed: MoneyFigure
    lost: MoneyFigure = strawberry.field(description="The part of it that no basis takes up again.")
    recognised: MoneyFigure
    held_from: date | None
    term: Term | None


@strawberry.type(description="The gain apart: priceEffect + fxEffect = gain.")
class FxSplit:
    local_currency: Currency
    local_cost: Decimal | None
    local_proceeds: Decimal | None
    rate_acquired: Decimal | None
    rate_disposed: Decimal | None
    price_effect: MoneyFigure
    fx_effect: MoneyFigure


@strawberry.type(description="Units of a loss that units of an acquisition replace, once.")
class WashMatch:
    view: LotView
    loss_account: AccountRef = strawberry.field(description="In which the loss is.")
    loss_security: Security = strawberry.field(description="That was sold at a loss.")
    sold_on: date
    account: AccountRef = strawberry.field(description="Of the replacement.")
    security: Security
    bought_on: date
    bought_by_id: strawberry.ID | None = strawberry.field(description="The transaction that acquired it.")
    lot: strawberry.ID = strawberry.field(description="The lot that replaces; it may be sold since.")
    quantity: Decimal = strawberry.field(description="In units of what was sold.")
    disallowed: MoneyFigure
    effect: WashEffect
    treatment: Treatment | None = strawberry.field(description="Null: the same security.")
    judged_by: str | None = strawberry.field(description="Author and reason of the firm's judgement.")


@strawberry.type(description="One lot that one entry consumed.")
class RealisedGain:
    id: strawberry.ID
    entry_id: strawberry.ID | None = strawberry.field(
        description="The transaction that realised it; null of a trade that is thought of."
    )
    kind: GainKind
    security: Security
    account: AccountRef
    portfolio_name: str
    currency: Currency
    is_short: bool
    lot: strawberry.ID
    opened_by: str
    opened_by_id: strawberry.ID | None
    acquired_on: date | None
    disposed_on: date
    settles_on: date | None
    quantity: Decimal
    proceeds: MoneyFigure
    cost: MoneyFigure
    gain: MoneyFigure = strawberry.field(description="Without wash sales.")
    term: Term | None = strawberry.field(description="As the taxpayer owes it.")
    custodian: TaxView
    economic: TaxView
    fx: FxSplit
    washes: list[WashMatch]
    reasons: list[FigureReason]
    entry_key: strawberry.Private[UUID | None]

    @field(Permission.TRANSACTIONS_READ)
    async def entry(self, info: Info) -> Transaction | None:
        return await (await info.context.loaders()).lots.entry_of(self.entry_key)


@strawberry.type(description="Sums of a currency, a tax status and the taxpayer's term.")
class GainTotals:
    currency: Currency
    tax_status: str = strawberry.field(
        description="Of the accounts on the days of the sales, as `Account.taxStatus`: tax on the gain is"
        " owed where it is TAXABLE alone."
    )
    term: Term | None = strawberry.field(
        description="Null: not known, or of accounts that are not taxable, where it says nothing."
    )
    lot_count: int
    missing_count: int = strawberry.field(description="Lots whose gain is not known: in none of the sums.")
    proceeds: MoneyFigure
    cost: MoneyFigure
    gain: MoneyFigure
    custodian_disallowed: MoneyFigure
    custodian_recognised: MoneyFigure
    economic_disallowed: MoneyFigure
    economic_lost: MoneyFigure
    economic_recognised: MoneyFigure


@strawberry.type
class RealisedGainConnection(Connection[RealisedGain]):
    totals: list[GainTotals] = strawberry.field(description="Over the whole list, not the page.")
    from_: date | None = strawberry.field(name="from")
    to: date
    as_of: date
    tax_years: list[int] = strawberry.field(description="With disposals, the latest first.")


@strawberry.type(description="What a trade that is thought of would wash. Not tax advice.")
class WashSaleCheck:
    type: WashCheckType
    trade_date: date
    quantity: Decimal
    price: Decimal | None = strawberry.field(
        description="That was reckoned with, in the security's currency."
    )
    amount: Decimal = strawberry.field(description="In the account's currency.")
    currency: Currency
    disallowed: MoneyFigure
    lost: MoneyFigure
    free_from: date | None = strawberry.field(
        description="The first day on which the opposite trade (or this one) washes nothing; null: nothing is"
        " in the way."
    )
    gains: list[RealisedGain] = strawberry.field(description="What a sale would realise, lot by lot.")
    matches: list[WashMatch]
    warnings: list[WashMatch] = strawberry.field(description="Of relatives: nothing is disallowed.")
    is_partial: bool = strawberry.field(
        description="Only accounts you may see were looked at; there may be others of the same taxpayer."
    )


@strawberry.type(description="A judgement on two securities, from a day until another.")
class IdenticalSecurities:
    id: strawberry.ID
    security: Security
    other_security: Security
    treatment: Treatment
    author: ActorRef
    reason: str
    effective_from: date
    effective_to: date | None = strawberry.field(
        description="The first day on which it is not said any more."
    )
    book_version: BigInt
    recorded_at: datetime
    is_withdrawn: bool


@strawberry.type
class IdenticalSecuritiesConnection(Connection[IdenticalSecurities]):
    pass


@strawberry.input
class SetIdenticalSecuritiesInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    security_id: strawberry.ID
    other_security_id: strawberry.ID
    treatment: Treatment
    reason: str
    effective_from: date
    effective_to: date | None = None


@strawberry.input
class WithdrawIdenticalSecuritiesInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    judgement_id: strawberry.ID
    reason: str


@strawberry.type
class SetIdenticalSecuritiesSuccess:
    judgement: IdenticalSecurities


@strawberry.type
class WithdrawIdenticalSecuritiesSuccess:
    judgement: IdenticalSecurities


SetIdenticalSecuritiesPayload = Annotated[
    SetIdenticalSecuritiesSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetIdenticalSecuritiesPayload"),
]
WithdrawIdenticalSecuritiesPayload = Annotated[
    WithdrawIdenticalSecuritiesSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("WithdrawIdenticalSecuritiesPayload"),
]
