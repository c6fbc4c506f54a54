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


@strawberry.type(description="How a figure came about: the formula, what went in and where that came from.")
class Explain:
    formula: str
    version: str
    inputs: list[ExplainInput]
    sources: list[ExplainSource]
    table: ExplainTable | None
    parts: list[ExplainPart]


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
