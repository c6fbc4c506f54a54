"""The reconciliation desk."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.reconciliation import (
    ReconciliationBreakConnection,
    ReconciliationBreakFilter,
    ReconciliationConnection,
    ReconciliationFilter,
)


@strawberry.type
class ReconciliationQueries:
    @field(Permission.RECONCILIATION_READ, "Compared accounts and days, latest day first.")
    async def reconciliations(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: ReconciliationFilter | None = None,
    ) -> ReconciliationConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).reconciliation.days(page, filter)

    @field(Permission.RECONCILIATION_READ, "Differences with custodians, oldest first.")
    async def reconciliation_breaks(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: ReconciliationBreakFilter | None = None,
    ) -> ReconciliationBreakConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).reconciliation.breaks(page, filter)
