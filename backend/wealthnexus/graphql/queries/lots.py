"""Realised gains, wash sales before a trade, and what the firm has judged of securities."""

# ruff: noqa: PLR0917 -- the API names its arguments, they are never given by place

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger.lot_books.wash_check import ProposedTrade
from wealthnexus.domain.ledger.lots.vocabulary import Term
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.ids import from_global
from wealthnexus.graphql.loaders.lots import GainsAsked
from wealthnexus.graphql.types.lots import (
    IdenticalSecuritiesConnection,
    RealisedGainConnection,
    WashCheckType,
    WashSaleCheck,
)


@strawberry.type
class LotQueries:
    @field(
        Permission.LOTS_READ,
        "Lots that sales consumed, the latest first, of one account or one household (of those it has on the"
        " day): exactly one must be given. `from` and `to` are days of the disposal, both included; `taxYear`"
        " instead of them is a calendar year.",
    )
    async def realised_gains(
        self,
        info: Info,
        account_id: strawberry.ID | None = None,
        household_id: strawberry.ID | None = None,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        tax_year: int | None = None,
        term: Term | None = None,
        security_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> RealisedGainConnection:
        asked = GainsAsked(account_id, household_id, from_, to, tax_year, term, security_id, as_of, known_at)
        page = info.context.page(first, after)
        return await (await info.context.loaders()).lots.realised(page, asked)

    @field(
        Permission.LOTS_READ,
        "What a trade would wash, in both directions: a sale at a loss by what was bought before it, a"
        " purchase of what was sold at a loss before it. The price is the latest close unless given; the day"
        " is the business date or later. Nothing is written. Not tax advice.",
    )
    async def wash_sale_check(
        self,
        info: Info,
        account_id: strawberry.ID,
        security_id: strawberry.ID,
        type: WashCheckType,
        quantity: Decimal,
        price: Decimal | None = None,
        trade_date: date | None = None,
    ) -> WashSaleCheck:
        trade = ProposedTrade(
            from_global(account_id, "Account", path=("accountId",)),
            from_global(security_id, "Security", path=("securityId",)),
            "BUY" if type is WashCheckType.BUY else "SELL",
            quantity,
            price,
            trade_date,
        )
        return await (await info.context.loaders()).lots.check(trade)

    @field(
        Permission.LOTS_READ,
        "What the firm has judged of pairs of securities for wash sales, the latest first; of one security"
        " when it is given.",
    )
    async def identical_securities(
        self,
        info: Info,
        security_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        include_withdrawn: bool | None = False,
    ) -> IdenticalSecuritiesConnection:
        page = info.context.page(first, after)
        lots = (await info.context.loaders()).lots
        return await lots.identical(page, security_id, include_withdrawn=bool(include_withdrawn))
