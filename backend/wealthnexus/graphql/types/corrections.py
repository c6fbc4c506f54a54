"""Everything a correction changes, shown before it is saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.actions import GainSnapshot, LotSnapshot
from wealthnexus.graphql.types.enums import PerformancePeriod
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.ledger import AccountRef, Transaction
from wealthnexus.graphql.types.markets import Security


@strawberry.type(description="Units of a security in the account, today.")
class UnitsChange:
    security: Security
    before: Decimal
    after: Decimal


@strawberry.type(description="A lot before and after; null: it is not there.")
class LotChange:
    before: LotSnapshot | None
    after: LotSnapshot | None


@strawberry.type(description="A realised gain before and after; null: it is not there.")
class GainChange:
    before: GainSnapshot | None
    after: GainSnapshot | None


@strawberry.type(description="What the gains of an account move by; null: one of them is not known.")
class GainSum:
    account: AccountRef
    gain: Decimal | None
    recognised: Decimal | None
    currency: Currency


@strawberry.type(description="A loss replaced by a purchase within 30 days.")
class WashSnapshot:
    sold_on: date
    bought_on: date
    loss_account: AccountRef
    account: AccountRef
    loss_security: Security
    security: Security
    units: Decimal
    disallowed: Decimal
    effect: str = strawberry.field(
        description="DEFERRED into the replacement's basis, LOST for good, or a WARNING: another taxpayer's."
    )


@strawberry.type(description="A wash sale before and after; null: it is not there.")
class WashSaleChange:
    before: WashSnapshot | None
    after: WashSnapshot | None


@strawberry.type(
    description="The net time-weighted return over a period and the value at its end, before and after; null"
    " where there is none, as the scope's performance says."
)
class ReturnChange:
    scope_id: strawberry.ID = strawberry.field(description="An account or a household.")
    name: str
    currency: Currency
    period: PerformancePeriod
    before: Decimal | None
    after: Decimal | None
    value_before: Decimal | None
    value_after: Decimal | None


@strawberry.type(description="What a correction would change. Nothing has been written.")
class TransactionCorrectionPreview:
    transaction: Transaction
    changed_from: date = strawberry.field(description="The first day whose figures change.")
    cash_before: Decimal
    cash_after: Decimal
    currency: Currency
    units: list[UnitsChange]
    warnings: list[FigureReason]
    lots: list[LotChange]
    lot_count: int = strawberry.field(description="Lots that change; the list has the first 200.")
    gains: list[GainChange]
    gain_count: int = strawberry.field(description="Gains that change; the list has the first 200.")
    gain_sums: list[GainSum]
    wash_sales: list[WashSaleChange]
    is_partial: bool = strawberry.field(
        description="You see a part of the firm: accounts of the same taxpayer may be hidden."
    )
    returns_of: strawberry.Private[Callable[[], Awaitable[list[ReturnChange]]]]

    @field(
        Permission.POSITIONS_READ,
        "Of the account and its households: the year to date, a year, since inception.",
    )
    async def returns(self, info: Info) -> list[ReturnChange]:  # noqa: ARG002 -- whose permission is asked
        return await self.returns_of()
