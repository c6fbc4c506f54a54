"""Securities, what identifies them and what they last cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger import BookView
from wealthnexus.graphql.access import described
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.base import Node


@strawberry.type
class Identifier:
    scheme: str
    value: str
    effective_from: date | None
    effective_to: date | None


@strawberry.type
class Price:
    date: date
    close: Decimal
    source: str


@strawberry.type(description="Something the firm holds for its clients.")
class Security(Node):
    name: str
    symbol: str | None
    security_type: str
    asset_class: str
    currency: Currency
    key: strawberry.Private[UUID]
    moment: strawberry.Private[BookView]

    @strawberry.field
    async def identifiers(self, info: Info) -> list[Identifier]:
        return await (await info.context.loaders()).markets.identifiers.load(self.key)

    @described("The last close on or before the day asked for.")
    async def latest_price(self, info: Info) -> Price | None:
        return await (await info.context.loaders()).markets.latest_prices(self.moment).load(self.key)
