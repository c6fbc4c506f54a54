"""Prices by hand."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.market_changes import (
    OverridePriceInput,
    OverridePricePayload,
    WithdrawPriceInput,
    WithdrawPricePayload,
)


@strawberry.type
class MarketMutations:
    @mutation(Permission.PRICES_OVERRIDE, "Enters a price by hand; it wins over every feed of its day.")
    async def override_price(self, info: Info, input: OverridePriceInput) -> OverridePricePayload:
        return await info.context.acts.markets.override_price(input)

    @mutation(Permission.PRICES_OVERRIDE, "Takes a price back: the next of the precedence counts again.")
    async def withdraw_price(self, info: Info, input: WithdrawPriceInput) -> WithdrawPricePayload:
        return await info.context.acts.markets.withdraw_price(input)
