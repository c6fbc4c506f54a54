"""The ledger and the households."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.inputs import (
    CorrectTransactionInput,
    PostTransactionInput,
    RenameHouseholdInput,
    StartExportInput,
    StartImportInput,
)
from wealthnexus.graphql.types.payloads import (
    CorrectTransactionPayload,
    PostTransactionPayload,
    RenameHouseholdPayload,
    StartExportPayload,
    StartImportPayload,
)


@strawberry.type
class BookMutations:
    @mutation(Permission.TRANSACTIONS_POST, "Posts one entry to an account.")
    async def post_transaction(
        self,
        info: Info,
        input: PostTransactionInput,
    ) -> PostTransactionPayload:
        return await info.context.acts.book.post_transaction(input)

    @mutation(Permission.TRANSACTIONS_CORRECT, "Reverses an entry and, unless null, posts its replacement.")
    async def correct_transaction(
        self,
        info: Info,
        input: CorrectTransactionInput,
    ) -> CorrectTransactionPayload:
        return await info.context.acts.book.correct_transaction(input)

    @mutation(Permission.IMPORTS_RUN, "Imports an uploaded bundle as a job.")
    async def start_import(self, info: Info, input: StartImportInput) -> StartImportPayload:
        return await info.context.acts.book.start_import(input)

    @mutation(
        Permission.IMPORTS_RUN,
        "Exports the firm's books as a job, whose result names the file to fetch; asks for a step-up.",
    )
    async def start_export(self, info: Info, input: StartExportInput) -> StartExportPayload:
        return await info.context.acts.book.start_export(input)

    @mutation(Permission.HOUSEHOLDS_EDIT, "Gives a household another name.")
    async def rename_household(
        self,
        info: Info,
        input: RenameHouseholdInput,
    ) -> RenameHouseholdPayload:
        return await info.context.acts.book.rename_household(input)
