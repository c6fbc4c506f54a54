"""Drafts of imports."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.drafts import (
    CheckImportDraftInput,
    CheckImportDraftPayload,
    CommitImportDraftInput,
    CommitImportDraftPayload,
    CreateImportDraftInput,
    CreateImportDraftPayload,
    DiscardImportDraftInput,
    DiscardImportDraftPayload,
    MapImportDraftInput,
    MapImportDraftPayload,
    MendImportDraftInput,
    MendImportDraftPayload,
    ReplaceInImportDraftInput,
    ReplaceInImportDraftPayload,
    SkipImportDraftRowsInput,
    SkipImportDraftRowsPayload,
)
from wealthnexus.graphql.types.imports import UndoImportInput, UndoImportPayload


@strawberry.type
class DraftMutations:
    @mutation(Permission.IMPORTS_RUN, "A draft of an uploaded zip of tables, mapped as their names suggest.")
    async def create_import_draft(
        self, info: Info, input: CreateImportDraftInput
    ) -> CreateImportDraftPayload:
        return await info.context.acts.drafts.create(input)

    @mutation(Permission.IMPORTS_RUN, "Says which file and column of theirs is which of the bundle.")
    async def map_import_draft(self, info: Info, input: MapImportDraftInput) -> MapImportDraftPayload:
        return await info.context.acts.drafts.map(input)

    @mutation(Permission.IMPORTS_RUN, "Writes cells over what was sent; at most 10,000 in all.")
    async def mend_import_draft(self, info: Info, input: MendImportDraftInput) -> MendImportDraftPayload:
        return await info.context.acts.drafts.mend(input)

    @mutation(Permission.IMPORTS_RUN, "Writes one value over another in a whole column.")
    async def replace_in_import_draft(
        self, info: Info, input: ReplaceInImportDraftInput
    ) -> ReplaceInImportDraftPayload:
        return await info.context.acts.drafts.replace(input)

    @mutation(Permission.IMPORTS_RUN, "Leaves rows out of the import and keeps why, or takes them in again.")
    async def skip_import_draft_rows(
        self, info: Info, input: SkipImportDraftRowsInput
    ) -> SkipImportDraftRowsPayload:
        return await info.context.acts.drafts.skip(input)

    @mutation(Permission.IMPORTS_RUN, "Judges every row and counts what the import would do, as a job.")
    async def check_import_draft(self, info: Info, input: CheckImportDraftInput) -> CheckImportDraftPayload:
        return await info.context.acts.drafts.check(input)

    @mutation(Permission.IMPORTS_RUN, "Imports the draft as a job; with a problem nothing is imported.")
    async def commit_import_draft(
        self, info: Info, input: CommitImportDraftInput
    ) -> CommitImportDraftPayload:
        return await info.context.acts.drafts.commit(input)

    @mutation(Permission.IMPORTS_RUN, "Forgets a draft.")
    async def discard_import_draft(
        self, info: Info, input: DiscardImportDraftInput
    ) -> DiscardImportDraftPayload:
        return await info.context.acts.drafts.discard(input)

    @mutation(
        Permission.IMPORTS_RUN,
        "Takes an import back as a whole, as a job, while nothing stands on it and its time is not over.",
    )
    async def undo_import(self, info: Info, input: UndoImportInput) -> UndoImportPayload:
        return await info.context.acts.drafts.undo(input)
