"""A computed figure: never bare, never 0 for unknown, always able to explain itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal

import strawberry

from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.enums import Quality


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


@strawberry.type
class ExplainSource:
    kind: str
    id: strawberry.ID | None
    label: str
    date: date | None


@strawberry.type(description="How a figure came about: the formula, what went in and where that came from.")
class Explain:
    formula: str
    version: str
    inputs: list[ExplainInput]
    sources: list[ExplainSource]


@strawberry.type(description="A computed amount. `value` is null with a reason when it cannot be computed.")
class MoneyFigure:
    value: Decimal | None
    currency: Currency
    as_of: date
    basis: str
    source: str
    computed_at: datetime
    quality: Quality
    book_version: BigInt
    reasons_of: strawberry.Private[Callable[[], Awaitable[list[FigureReason]]] | None]
    explanation: strawberry.Private[Callable[[], Awaitable[Explain]]]

    @strawberry.field
    async def reasons(self) -> list[FigureReason]:
        return await self.reasons_of() if self.reasons_of is not None else []

    @strawberry.field
    async def explain(self) -> Explain:
        return await self.explanation()


@strawberry.type
class ValuePoint:
    date: date
    value: Decimal | None
    quality: Quality
