"""Composites: portfolios of one strategy, their returns together, as a GIPS report shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.performance.composites import CompositeBook
from wealthnexus.domain.performance.rules.composite_years import LeftOut
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.figures import MoneyFigure
from wealthnexus.graphql.types.inputs import _KEY
from wealthnexus.graphql.types.performance import AppliedPolicy, BenchmarkRef, ReturnFigure

strawberry.enum(LeftOut, description="Why an account that belongs does not take part in a month.")


@strawberry.type(description="A composite in a list.")
class CompositeRef:
    id: strawberry.ID
    name: str
    description: str
    currency: Currency
    minimum_assets: Decimal | None = strawberry.field(
        description="Of an account at the opening of a month; null: any."
    )
    member_count: int


@strawberry.type(description="A stay of an account: `to` is the first day on which it no longer belongs.")
class CompositeMember:
    account_id: strawberry.ID
    account_name: str
    from_: date = strawberry.field(name="from")
    to: date | None
    author_name: str
    reason: str
    recorded_at: datetime
    end_author_name: str | None
    end_reason: str | None


@strawberry.type
class LeftOutMember:
    account_id: strawberry.ID
    account_name: str
    reason: LeftOut


@strawberry.type(description="Members of the whole month, weighted by what they were worth at its opening.")
class CompositeMonth:
    begin: date
    end: date
    net: ReturnFigure
    gross: ReturnFigure
    benchmark: ReturnFigure | None
    member_count: int
    left_out: list[LeftOutMember]


@strawberry.type(description="A row of the GIPS table: the months of a year, linked.")
class CompositeYear:
    year: int
    begin: date
    end: date
    month_count: int = strawberry.field(description="Fewer than twelve: the year is not whole.")
    net: ReturnFigure
    gross: ReturnFigure
    benchmark: ReturnFigure | None
    equal_weighted_dispersion: ReturnFigure = strawberry.field(
        description="Of the gross returns of accounts that took part in all twelve months; null under six."
    )
    asset_weighted_dispersion: ReturnFigure
    lowest: Decimal | None = strawberry.field(description="Of the same accounts.")
    highest: Decimal | None
    compared_count: int
    deviation: ReturnFigure = strawberry.field(
        description="Annualised deviation of the last 36 gross monthly returns; null with fewer."
    )
    benchmark_deviation: ReturnFigure | None
    member_count: int = strawberry.field(description="At the end.")
    assets: MoneyFigure
    firm_assets: MoneyFigure


@strawberry.type(description="A composite and its report up to the last whole month.")
class Composite:
    id: strawberry.ID
    name: str
    description: str
    currency: Currency
    minimum_assets: Decimal | None
    benchmark: BenchmarkRef | None
    created_at: datetime = strawberry.field(description="When the firm made it.")
    inception_date: date | None = strawberry.field(
        description="The first day of its returns; null while nobody has taken part."
    )
    as_of: date
    book_version: BigInt
    policy: AppliedPolicy
    members: list[CompositeMember] = strawberry.field(description="Every stay, by its first day.")
    book: strawberry.Private[CompositeBook]

    @field(Permission.FINDINGS_READ, "Oldest first.")
    async def years(self, info: Info) -> list[CompositeYear]:
        return (await info.context.loaders()).composites.years(self.book)

    @field(Permission.FINDINGS_READ, "Oldest first; of one year where one is named.")
    async def months(self, info: Info, year: int | None = None) -> list[CompositeMonth]:
        return (await info.context.loaders()).composites.months(self.book, year)


@strawberry.input
class CreateCompositeInput:
    name: str
    description: str = strawberry.field(description="The strategy, as the firm defines it.")
    currency: Currency
    minimum_assets: Decimal | None = None
    benchmark_id: strawberry.ID | None = None
    reason: str
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class AddCompositeMembersInput:
    composite_id: strawberry.ID
    account_ids: list[strawberry.ID]
    effective_from: date = strawberry.field(
        description="The first day; an account takes part from the first month that begins on it or later."
    )
    reason: str
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class RemoveCompositeMembersInput:
    composite_id: strawberry.ID
    account_ids: list[strawberry.ID]
    effective_from: date = strawberry.field(description="The first day on which they no longer belong.")
    reason: str
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.type
class CreateCompositeSuccess:
    composite: CompositeRef


@strawberry.type
class AddCompositeMembersSuccess:
    composite: CompositeRef


@strawberry.type
class RemoveCompositeMembersSuccess:
    composite: CompositeRef


CreateCompositePayload = Annotated[
    CreateCompositeSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateCompositePayload"),
]
AddCompositeMembersPayload = Annotated[
    AddCompositeMembersSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AddCompositeMembersPayload"),
]
RemoveCompositeMembersPayload = Annotated[
    RemoveCompositeMembersSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("RemoveCompositeMembersPayload"),
]
