"""Securities, what their names mean, and the price desk."""

# ruff: noqa: PLR0917 -- the API names its arguments, they are never given by place

from __future__ import annotations

from datetime import date

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.markets import (
    FxRate,
    PriceCoverage,
    PriceDeskFilter,
    Security,
    SecurityConnection,
    SecurityFilter,
    SecurityOrder,
    SecurityResolution,
)
from wealthnexus.graphql.types.work import FindingConnection


@strawberry.type
class MarketQueries:
    @field(Permission.SECURITIES_READ, "By name unless ordered otherwise.")
    async def securities(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: SecurityFilter | None = None,
        order_by: SecurityOrder | None = None,
    ) -> SecurityConnection:
        page = info.context.page(first, after, last, before)
        return await (await info.context.loaders()).markets.page(page, filter, order_by)

    @field(Permission.SECURITIES_READ, "Null with NOT_FOUND when there is no such security for you.")
    async def security(self, info: Info, id: strawberry.ID, as_of: date | None = None) -> Security | None:
        return await (await info.context.loaders()).markets.security(id, as_of)

    @field(
        Permission.SECURITIES_READ,
        "The security that an identifier meant on a day (today unless given): names change hands.",
    )
    async def resolve_security(
        self,
        info: Info,
        scheme: str,
        value: str,
        exchange: str | None = None,
        on: date | None = None,
    ) -> SecurityResolution:
        return await (await info.context.loaders()).markets.resolve(scheme, value, exchange, on)

    @field(Permission.FINDINGS_READ, "What is doubtful about prices, latest first.")
    async def price_desk(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: PriceDeskFilter | None = None,
    ) -> FindingConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).markets.price_desk(page, filter)

    @field(
        Permission.SECURITIES_READ,
        "How far the last weekdays are priced (at most 31, ten unless given), oldest first.",
    )
    async def price_coverage(self, info: Info, days: int | None = None) -> list[PriceCoverage]:
        return await (await info.context.loaders()).price_desk.coverage(days)

    @field(Permission.SECURITIES_READ, "The exchange rates the books are valued at, by pair.")
    async def fx_rates(self, info: Info) -> list[FxRate]:
        return await (await info.context.loaders()).price_desk.rates()
