"""What is told and answered when a price is changed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.inputs import _DRY_RUN, _KEY
from wealthnexus.graphql.types.markets import Price, Security


@strawberry.input
class OverridePriceInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    security_id: strawberry.ID
    day: date
    close: Decimal = strawberry.field(description="Raw, as the market quotes it; at most 10 decimal places.")
    currency: Currency | None = strawberry.field(
        default=None,
        description="What you take the price to be in; another one than the security's is refused.",
    )
    reason: str
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.input
class WithdrawPriceInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    security_id: strawberry.ID
    day: date
    source: str | None = strawberry.field(
        default=None, description="Whose price no longer counts; left out or null: MANUAL."
    )
    reason: str
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.type(description="What counted on the day before and after.")
class PriceChange:
    security: Security
    day: date
    before: Price | None
    after: Price | None
    account_count: int = strawberry.field(description="Accounts that were valued anew.")
    book_version: BigInt
    is_new: bool = strawberry.field(description="False: the same price stood there already.")


@strawberry.type
class OverridePriceSuccess:
    change: PriceChange
    dry_run: bool


@strawberry.type
class WithdrawPriceSuccess:
    change: PriceChange
    dry_run: bool


OverridePricePayload = Annotated[
    OverridePriceSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("OverridePricePayload"),
]
WithdrawPricePayload = Annotated[
    WithdrawPriceSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("WithdrawPricePayload"),
]
