"""Drafts of imports."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.drafts import ImportDraft


@strawberry.type
class DraftQueries:
    @field(
        Permission.IMPORTS_RUN, "Your own draft; null with NOT_FOUND when there is no such draft of yours."
    )
    async def import_draft(self, info: Info, id: strawberry.ID) -> ImportDraft | None:
        return await info.context.acts.drafts.draft(id)
