"""The desk of corporate actions."""

# ruff: noqa: PLR0917 -- the API names its arguments, they are never given by place

from __future__ import annotations

from decimal import Decimal

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger.lots import Fractions
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.actions import (
    CorporateActionCounts,
    CorporateActionFilter,
    CorporateActionPreview,
    DeskAction,
    DeskActionConnection,
)


@strawberry.type
class ActionQueries:
    @field(Permission.FINDINGS_READ, "Latest ex-date first.")
    async def corporate_actions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: CorporateActionFilter | None = None,
    ) -> DeskActionConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).actions.page(page, filter)

    @field(Permission.FINDINGS_READ, "How many by state; the filter's own states are not looked at.")
    async def corporate_action_counts(
        self, info: Info, filter: CorporateActionFilter | None = None
    ) -> CorporateActionCounts:
        return await (await info.context.loaders()).actions.counts(filter)

    @field(Permission.FINDINGS_READ, "Null with NOT_FOUND when there is no such action for you.")
    async def corporate_action(self, info: Info, id: strawberry.ID) -> DeskAction | None:
        return await (await info.context.loaders()).actions.one(id)

    @field(
        Permission.FINDINGS_READ,
        "What posting would do to the accounts you see: entries, lots before and after, gains.",
        also=Permission.LOTS_READ,
    )
    async def corporate_action_preview(
        self,
        info: Info,
        id: strawberry.ID,
        fractions: Fractions | None = None,
        cash_per_unit: Decimal | None = None,
        basis_fraction: Decimal | None = None,
        is_taxable: bool | None = None,
    ) -> CorporateActionPreview | None:
        actions = (await info.context.loaders()).actions
        return await actions.preview(id, fractions, cash_per_unit, basis_fraction, is_taxable)
