"""Drafts of imports."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.drafts import BundleFile, ImportDraft
from wealthnexus.graphql.types.imports import PastImport, PastImportConnection


@strawberry.type
class DraftQueries:
    @field(
        Permission.IMPORTS_RUN, "Your own draft; null with NOT_FOUND when there is no such draft of yours."
    )
    async def import_draft(self, info: Info, id: strawberry.ID) -> ImportDraft | None:
        return await info.context.acts.drafts.draft(id)

    @field(Permission.IMPORTS_RUN, "Your drafts that are neither imported nor discarded, the latest first.")
    async def import_drafts(self, info: Info) -> list[ImportDraft]:
        return await info.context.acts.drafts.open()

    @field(Permission.IMPORTS_RUN, "The files a bundle may have, with their columns.")
    async def bundle_files(self, info: Info) -> list[BundleFile]:
        return info.context.acts.drafts.bundle_files()

    @field(Permission.IMPORTS_RUN, "Imports that changed the books, the latest first.")
    async def past_imports(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> PastImportConnection:
        return await info.context.acts.drafts.past(info.context.page(first, after))

    @field(Permission.IMPORTS_RUN, "One import; null with NOT_FOUND when there is none.")
    async def past_import(self, info: Info, id: strawberry.ID) -> PastImport | None:
        return await info.context.acts.drafts.past_import(id)
