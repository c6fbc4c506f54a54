"""The ledger, imports and households."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from wealthnexus.domain.clients.service import rename_household
from wealthnexus.domain.feeds.exports import request_export
from wealthnexus.domain.feeds.requests import request_import
from wealthnexus.domain.ledger.service import (
    TransactionCommand,
    TransactionPreview,
    correct_transaction,
    post_transaction,
)
from wealthnexus.graphql import texts
from wealthnexus.graphql.commands import command_of, instead
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, to_global
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import ledger as types
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.inputs import (
    CorrectTransactionInput,
    PostTransactionInput,
    RenameHouseholdInput,
    StartExportInput,
    StartImportInput,
)
from wealthnexus.graphql.types.payloads import (
    CorrectTransactionSuccess,
    JobAccepted,
    PostTransactionSuccess,
    RenameHouseholdSuccess,
)
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, ValidationFailed
from wealthnexus.kit.idempotency import checked_key, run_once

Answer = dict[str, Any]


class BookActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def _once(
        self,
        operation: str,
        key: str,
        request: Mapping[str, Any],
        *,
        dry_run: bool,
        do: Callable[[UnitOfWork], Awaitable[Answer]],
    ) -> Answer:
        """``do`` under the idempotency key; a dry run keeps no record, for it has no effect."""
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> Answer:
            if dry_run:
                checked_key(key)
                return await do(uow)
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=dict(request),
                do=lambda: do(uow),
            )

        return await self._context.change(work)

    async def post_transaction(self, given: PostTransactionInput) -> PostTransactionSuccess:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        command = command_of(input_key(given.account_id, "Account", "accountId"), given)

        async def do(uow: UnitOfWork) -> Answer:
            posted = await post_transaction(uow, firm, command, dry_run=dry_run)
            return {"transaction_id": posted.transaction_id, "preview": _stored(posted.preview)}

        answer = await self._once(
            "postTransaction", given.idempotency_key, asdict(command), dry_run=dry_run, do=do
        )
        return PostTransactionSuccess(
            transaction=await self._transaction(answer["transaction_id"]),
            preview=await self._preview(answer["preview"]),
            dry_run=dry_run,
        )

    async def correct_transaction(self, given: CorrectTransactionInput) -> CorrectTransactionSuccess:
        if given.replacement is strawberry.UNSET:
            raise ValidationFailed(texts.MUST_BE_GIVEN(name="replacement"), path=("input", "replacement"))
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        key = input_key(given.transaction_id, "Transaction", "transactionId")
        replacement: TransactionCommand | None = None
        if given.replacement is not None:
            replacement = instead(
                given.replacement, key, await (await self._context.loaders()).ledger.row(key)
            )
            await self._context.close()

        async def do(uow: UnitOfWork) -> Answer:
            corrected = await correct_transaction(uow, firm, key, replacement, given.reason, dry_run=dry_run)
            return {
                "reversal_id": corrected.reversal_id,
                "replacement_id": corrected.replacement_id,
                "preview": _stored(corrected.preview),
            }

        request = {
            "transaction_id": key,
            "replacement": asdict(replacement) if replacement is not None else None,
            "reason": given.reason,
        }
        answer = await self._once(
            "correctTransaction", given.idempotency_key, request, dry_run=dry_run, do=do
        )
        return CorrectTransactionSuccess(
            reversal=await self._transaction(answer["reversal_id"]),
            replacement=await self._transaction(answer["replacement_id"]),
            preview=await self._preview(answer["preview"]),
            dry_run=dry_run,
        )

    async def _transaction(self, key: UUID | str | None) -> types.Transaction | None:
        if key is None:
            return None
        ledger = (await self._context.loaders()).ledger
        return await ledger.transaction(to_global("Transaction", key))

    async def _preview(self, stored: Mapping[str, Any]) -> types.TransactionPreview:
        loaders = await self._context.loaders()
        security = None
        if stored["security_id"] is not None:
            security = await loaders.markets.security(to_global("Security", stored["security_id"]))

        def decimal(name: str) -> Decimal | None:
            return Decimal(stored[name]) if stored[name] is not None else None

        return types.TransactionPreview(
            cash_before=Decimal(stored["cash_before"]),
            cash_after=Decimal(stored["cash_after"]),
            currency=Currency(stored["currency"]),
            quantity_before=decimal("quantity_before"),
            quantity_after=decimal("quantity_after"),
            security=security,
            warnings=[
                FigureReason(code=each["code"], message=each["message"]) for each in stored["warnings"]
            ],
        )

    async def start_import(self, given: StartImportInput) -> JobAccepted:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        upload = _upload_key(given.upload_id)
        folder = self._context.platform.firm_storage(firm.id)

        async def do(uow: UnitOfWork) -> Answer:
            return {"job_id": await request_import(uow, firm, upload, folder, dry_run=dry_run)}

        request = {"upload_id": upload, "dry_run": dry_run}
        answer = await self._once("startImport", given.idempotency_key, request, dry_run=False, do=do)
        jobs = (await self._context.loaders()).jobs
        return JobAccepted(job=await jobs.one(to_global("Job", answer["job_id"])))

    async def start_export(self, given: StartExportInput) -> JobAccepted:
        caller = self._context.caller

        async def do(uow: UnitOfWork) -> Answer:
            return {"job_id": await request_export(uow, caller)}

        answer = await self._once("startExport", given.idempotency_key, {}, dry_run=False, do=do)
        jobs = (await self._context.loaders()).jobs
        return JobAccepted(job=await jobs.one(to_global("Job", answer["job_id"])))

    async def rename_household(self, given: RenameHouseholdInput) -> RenameHouseholdSuccess:
        context = self._context
        key = input_key(given.household_id, "Household", "householdId")

        async def work(uow: UnitOfWork) -> None:
            await rename_household(uow, context.caller.actor(), key, given.name, given.expected_version)

        try:
            await context.change(work)
        except Conflict:
            book = (await context.loaders()).book
            context.facts["conflicting"] = await book.household(given.household_id, None, None)
            raise
        book = (await context.loaders()).book
        return RenameHouseholdSuccess(household=await book.household(given.household_id, None, None))


def _stored(preview: TransactionPreview) -> Answer:
    return asdict(preview)


def _upload_key(text: str) -> UUID:
    """Uploads are named by the plain id that POST /files/uploads answers."""
    try:
        return UUID(text)
    except ValueError:
        return input_key(text, "Upload", "uploadId")
