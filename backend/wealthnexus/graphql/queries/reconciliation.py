"""The reconciliation desk."""

from __future__ import annotations

from datetime import date

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.reconciliation import (
    ReconciledAccountConnection,
    ReconciledAccountFilter,
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

    @field(
        Permission.RECONCILIATION_READ,
        "Open accounts by name, each with the last compared days (at most 31, ten unless given).",
    )
    async def reconciled_accounts(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: ReconciledAccountFilter | None = None,
        days: int | None = None,
    ) -> ReconciledAccountConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).reconciliation.accounts(page, filter, days)

    @field(Permission.RECONCILIATION_READ, "The last days on which anything was compared, oldest first.")
    async def compared_days(self, info: Info, days: int | None = None) -> list[date]:
        return await (await info.context.loaders()).reconciliation.compared_days(days)
