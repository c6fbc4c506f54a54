"""A computed figure: never bare, never 0 for unknown, always able to explain itself.

The ledger's own figures (``domain.ledger.figures``) are what resolvers return: these types declare
the same attributes, so that nothing is copied on the way out.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast

import strawberry

from wealthnexus.domain.ledger import Quality, figures
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.enums import TransactionType

_NODE_OF_SOURCE: Final = {
    "SECURITY": "Security",
    "PRICE": "Security",
    "ACCOUNT": "Account",
    "TRANSACTION": "Transaction",
}


@strawberry.type
class Money:
    amount: Decimal
    currency: Currency


@strawberry.type(description="Why a figure is missing, partial or stale.")
class FigureReason:
    code: str
    message: str


@strawberry.type
class ExplainInput:
    name: str
    value: str
    note: str | None = None


def _source_id(root: Any) -> strawberry.ID | None:
    if root.id is None:
        return None
    return to_global(_NODE_OF_SOURCE.get(root.kind, "Subject"), root.id)


@strawberry.type
class ExplainSource:
    kind: str
    id: strawberry.ID | None = strawberry.field(resolver=_source_id)
    label: str
    date: date | None


@strawberry.type(description="The rows behind a figure: sub-periods, flows, observations.")
class ExplainTable:
    columns: list[str]
    rows: list[list[str | None]]


@strawberry.type(description="A figure that another stands on; `path` finds its own explanation.")
class ExplainPart:
    path: strawberry.ID
    formula: str
    value: str | None
    reason: FigureReason | None
    label: str | None = strawberry.field(
        description='An account by name, a day, how many days, or "+12" for those that are left over.'
    )


def _of_kind(kind: str, name: str) -> Any:
    def resolve(root: Any) -> strawberry.ID | None:
        key = getattr(root, name)
        return None if key is None else to_global(kind, key)

    return resolve


@strawberry.type(description="An entry of the ledger, and the file and line it came from.")
class BookedEntry:
    id: strawberry.ID = strawberry.field(resolver=_of_kind("Transaction", "id"))
    account_id: strawberry.ID = strawberry.field(resolver=_of_kind("Account", "account_id"))
    account_name: str
    type: TransactionType
    day: date
    amount: Decimal = strawberry.field(description="Its effect on cash.")
    currency: Currency
    units: Decimal = strawberry.field(description="Its effect on the holding.")
    security_name: str | None
    description: str | None
    source: str
    file: str | None
    line: int | None


@strawberry.type(description="What an account brought into a figure on a day.")
class ExplainMovement:
    day: date
    effect: str = strawberry.field(
        description="FLOW, OPENING_CHANGE, FEES, FEES_ELSEWHERE, EXPENSES_ELSEWHERE or TRANSIT."
    )
    account_id: strawberry.ID | None = strawberry.field(resolver=_of_kind("Account", "account_id"))
    account_name: str | None = strawberry.field(description="Null: an account outside, or not seen.")
    amount: Decimal = strawberry.field(description="In the figure's currency.")
    currency: Currency
    entry: BookedEntry | None = strawberry.field(
        description="Null: the account joined, left or changed its share; or the entry is not seen."
    )


@strawberry.type(description="A position of a day, in the account's currency, and where its close came from.")
class ExplainPosition:
    security_id: strawberry.ID = strawberry.field(resolver=_of_kind("Security", "security_id"))
    security_name: str
    units: Decimal
    close: Decimal | None = strawberry.field(description="In `currency`, as quoted.")
    currency: Currency
    multiplier: Decimal = strawberry.field(description="Makes the close one per unit.")
    rate: Decimal | None = strawberry.field(description="One of `currency` in the account's.")
    value: Decimal | None = strawberry.field(description="Null without a close or a rate.")
    accrued_interest: Decimal | None
    price_day: date | None
    price_source: str | None
    file: str | None
    line: int | None


@strawberry.type(description="How a figure came about: the formula, what went in and where that came from.")
class Explain:
    formula: str
    version: str
    inputs: list[ExplainInput]
    sources: list[ExplainSource]
    table: ExplainTable | None
    parts: list[ExplainPart]
    movements: list[ExplainMovement] = strawberry.field(
        description="Behind net flows, in `performanceExplain`: at most 50, the rest by the last part."
    )
    positions: list[ExplainPosition] = strawberry.field(
        description="Of an account on a day, in `performanceExplain`: at most 50, the rest by the last part."
    )


@strawberry.type(description="A computed amount. `value` is null with a reason when it cannot be computed.")
class MoneyFigure:
    value: Decimal | None
    currency: Currency
    as_of: date
    basis: str
    source: str
    computed_at: datetime
    quality: Quality
    reasons: list[FigureReason]
    book_version: BigInt
    explain: Explain


@strawberry.type
class ValuePoint:
    date: date
    value: Decimal | None
    quality: Quality


def figure_of(figure: figures.MoneyFigure) -> MoneyFigure:
    """The ledger's figure, which has every attribute of ours."""
    return cast(MoneyFigure, figure)
