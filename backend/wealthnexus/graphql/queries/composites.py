"""Composites, for staff who see the whole firm."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.composites import Composite, CompositeRef
from wealthnexus.graphql.types.figures import Explain


@strawberry.type
class CompositeQueries:
    @field(Permission.FINDINGS_READ, "By name; none for who sees a part of the firm.")
    async def composites(
        self, info: Info, as_of: date | None = None, known_at: datetime | None = None
    ) -> list[CompositeRef]:
        return await (await info.context.loaders()).composites.every(as_of, known_at)

    @field(Permission.FINDINGS_READ, "Null with NOT_FOUND when there is no such composite for you.")
    async def composite(
        self, info: Info, id: strawberry.ID, as_of: date | None = None, known_at: datetime | None = None
    ) -> Composite | None:
        return await (await info.context.loaders()).composites.composite(id, as_of, known_at)

    @field(Permission.FINDINGS_READ, "The explanation of one figure by its `path`, one level of the tree.")
    async def composite_explain(
        self,
        info: Info,
        id: strawberry.ID,
        path: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Explain | None:
        return await (await info.context.loaders()).composites.explain(id, path, as_of, known_at)
