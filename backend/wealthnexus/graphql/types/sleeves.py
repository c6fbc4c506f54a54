"""Sleeves: parts of an account that are run by themselves, and journals between them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.rules import share
from wealthnexus.graphql.access import described, field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.base import Node
from wealthnexus.graphql.types.book import PositionConnection
from wealthnexus.graphql.types.enums import Capability
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.figures import FigureReason, MoneyFigure
from wealthnexus.graphql.types.ledger import AccountRef, Transaction
from wealthnexus.graphql.types.markets import Security

_KEY = "Chosen by the caller. The same key and request give the same answer."
_VERSION = "The version this change was made from."


@strawberry.type(
    description="A part of an account that is run by itself. The values of its sleeves sum to the account's."
)
class Sleeve(Node):
    account: AccountRef
    name: str
    strategy: str | None = strawberry.field(description="The model or strategy it is run by.")
    is_default: bool = strawberry.field(description="What the custodian tells of the account comes to it.")
    opened_on: date | None = strawberry.field(description="Null: since the account was.")
    closed_on: date | None
    version: int
    as_of: date
    currency: Currency
    market_value: MoneyFigure
    accrued_interest: MoneyFigure = strawberry.field(description="In the market value.")
    cash: MoneyFigure
    settled_cash: MoneyFigure
    share: Decimal | None = strawberry.field(
        description="Share of the account's market value; null when that is unknown or zero."
    )
    position_count: int
    key: strawberry.Private[UUID]
    account_key: strawberry.Private[UUID]
    moment: strawberry.Private[BookView]

    @described("Cash over market value, as the weight of a position is; null when that is unknown or zero.")
    def cash_share(self) -> Decimal | None:
        return share(self.cash.value, self.market_value.value)

    @field(Permission.POSITIONS_READ, "What it holds; weights are shares of the sleeve's market value.")
    async def positions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> PositionConnection:
        return await (await info.context.loaders()).sleeves.positions(self, first, after)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities(
            (Permission.TRANSACTIONS_POST, Capability.POST_TRANSACTION),
            (Permission.PARTIES_EDIT, Capability.EDIT_OWNERS),
        )


@strawberry.input
class OpenSleeveInput:
    account_id: strawberry.ID
    name: str = strawberry.field(description="Up to 100 characters, once in the account.")
    strategy: str | None = None
    opened_on: date | None = strawberry.field(default=None, description="Null: since the account was.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What is left out stays as it is; null empties it.")
class UpdateSleeveInput:
    sleeve_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    name: str | None = strawberry.UNSET
    strategy: str | None = strawberry.UNSET
    opened_on: date | None = strawberry.UNSET


@strawberry.input
class CloseSleeveInput:
    sleeve_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    closed_on: date | None = strawberry.field(
        description="By its end the sleeve holds nothing. Null: it is open again."
    )


@strawberry.input(description="Either `amount`, or `securityId` with `quantity`; above 0.")
class JournalSleevesInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    from_sleeve_id: strawberry.ID
    to_sleeve_id: strawberry.ID = strawberry.field(description="Of the same account.")
    day: date
    amount: Decimal | None = strawberry.field(default=None, description="Of cash, in its currency.")
    security_id: strawberry.ID | None = None
    quantity: Decimal | None = None
    lot_selection: str | None = strawberry.field(
        default=None, description="The lots that go; null: by the method of the account."
    )
    description: str | None = None
    dry_run: bool | None = strawberry.field(
        default=False, description="Checks everything and answers, but changes nothing."
    )


@strawberry.type(description="A sleeve at the end of the day, before and after.")
class SleeveEnd:
    sleeve_id: strawberry.ID
    name: str
    cash_before: Decimal
    cash_after: Decimal
    quantity_before: Decimal | None
    quantity_after: Decimal | None


@strawberry.type(description="A lot that went, with the day and the cost it carries; null: not known.")
class JournaledLot:
    acquired_on: date | None
    units: Decimal
    cost: Decimal | None


@strawberry.type
class OpenSleeveSuccess:
    sleeve: Sleeve


@strawberry.type
class UpdateSleeveSuccess:
    sleeve: Sleeve


@strawberry.type
class CloseSleeveSuccess:
    sleeve: Sleeve


@strawberry.type
class JournalSleevesSuccess:
    transactions: list[Transaction] = strawberry.field(description="Both entries; none on a dry run.")
    left: SleeveEnd
    arrived: SleeveEnd
    currency: Currency
    security: Security | None
    lots: list[JournaledLot]
    warnings: list[FigureReason]
    book_version: BigInt | None = strawberry.field(description="Null on a dry run.")
    dry_run: bool


OpenSleevePayload = Annotated[
    OpenSleeveSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("OpenSleevePayload"),
]
UpdateSleevePayload = Annotated[
    UpdateSleeveSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("UpdateSleevePayload"),
]
CloseSleevePayload = Annotated[
    CloseSleeveSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CloseSleevePayload"),
]
JournalSleevesPayload = Annotated[
    JournalSleevesSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("JournalSleevesPayload"),
]
