"""Transactions: appended, corrected by reversal and replacement, never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.enums import (
    Capability,
    SortDirection,
    TransactionOrderField,
    TransactionStatus,
    TransactionType,
)
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.markets import Security


@strawberry.type(description="Where a stored fact came from.")
class Provenance:
    batch_id: strawberry.ID | None
    file: str | None
    line: int | None
    source: str
    source_id: str


@strawberry.type
class AccountRef:
    id: strawberry.ID
    name: str
    last4: str | None


@strawberry.type(description="One entry of the ledger.")
class Transaction(Node):
    external_id: str
    account: AccountRef
    type: TransactionType
    trade_date: date
    settlement_date: date | None
    security: Security | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal = strawberry.field(
        description="Signed effect on cash in the account's currency, fees included; authoritative."
    )
    fees: Decimal
    currency: Currency
    description: str | None
    book_version: BigInt
    recorded_at: datetime
    status: TransactionStatus
    reverses_id: strawberry.ID | None
    replaces_id: strawberry.ID | None
    reversed_by_id: strawberry.ID | None
    replaced_by_id: strawberry.ID | None
    reason: str | None = strawberry.field(description="Why it was corrected.")
    source: Provenance
    accrued_interest: Decimal | None = strawberry.field(description="Part of the amount, and income.")
    lot_selection: str | None
    related_external_id: str | None
    corporate_action_id: strawberry.ID | None = strawberry.field(description="What it carries out.")
    order_reference: str | None = strawberry.field(description="The order of a fill, as its source names it.")
    exchange_rate: Decimal | None = strawberry.field(
        description="One of the security's currency in the account's, as the source said."
    )
    billed_account: AccountRef | None = strawberry.field(
        description="The account a fee is for, when this one pays it and you may see that one."
    )
    is_deep_in_the_money: bool | None
    portfolio_id: strawberry.ID = strawberry.field(description="The sleeve of the account.")
    key: strawberry.Private[UUID]

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        if self.status is not TransactionStatus.EFFECTIVE:
            return []
        return info.context.capabilities((Permission.TRANSACTIONS_CORRECT, Capability.CORRECT_TRANSACTION))


@strawberry.type
class TransactionConnection(Connection[Transaction]):
    pass


@strawberry.type(description="What an entry would do to the account, or has done.")
class TransactionPreview:
    cash_before: Decimal
    cash_after: Decimal
    currency: Currency
    quantity_before: Decimal | None
    quantity_after: Decimal | None
    security: Security | None
    warnings: list[FigureReason]


@strawberry.input
class TransactionFilter:
    account_id: strawberry.ID | None = None
    household_id: strawberry.ID | None = None
    types: list[TransactionType] | None = None
    traded_from: date | None = None
    traded_to: date | None = None
    security_id: strawberry.ID | None = None
    sleeve_id: strawberry.ID | None = None
    include_reversed: bool | None = strawberry.field(
        default=False, description="Also the entries that were reversed and their reversals."
    )


@strawberry.input
class TransactionOrder:
    field: TransactionOrderField
    direction: SortDirection
