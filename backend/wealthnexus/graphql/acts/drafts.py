"""Drafts of imports: made, mapped, mended, checked, committed, looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import strawberry

from wealthnexus.domain.feeds import drafts
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.graphql import texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import from_global, input_key, to_global
from wealthnexus.graphql.types import drafts as types
from wealthnexus.graphql.types.payloads import JobAccepted
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import NotFound
from wealthnexus.kit.idempotency import run_once

Answer = dict[str, Any]


class DraftActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context
        self._folder = context.platform.firm_storage(context.caller.firm.id)

    async def _once(
        self, operation: str, key: str, request: Answer, do: Callable[[UnitOfWork], Awaitable[Answer]]
    ) -> Answer:
        caller = self._context.caller
        return await self._context.change(
            lambda uow: run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=request,
                do=lambda: do(uow),
            )
        )

    async def _find(self, key: UUID) -> drafts.Draft:
        reader = (await self._context.loaders()).reader
        return await drafts.find_draft(reader, key, user_id=self._context.caller.user_id)

    async def draft(self, global_id: strawberry.ID) -> types.ImportDraft:
        return types.draft_of(await self._find(from_global(global_id, "ImportDraft")))

    async def _path(self, draft: drafts.Draft) -> Path:
        reader = (await self._context.loaders()).reader
        user_id = self._context.caller.user_id
        return await find_upload(reader, draft.upload_id, self._folder, user_id=user_id)

    async def headers(self, key: UUID) -> list[types.DraftHeader]:
        path = await self._path(await self._find(key))
        found = await asyncio.to_thread(drafts.headers_of, path)
        return [types.DraftHeader(name=name, columns=columns) for name, columns in found.items()]

    async def rows(
        self, key: UUID, file: str, *, after_line: int, first: int, only_problems: bool
    ) -> list[types.DraftRow]:
        draft = await self._find(key)
        path = await self._path(draft)
        if file not in {one.file for one in draft.mapping.files.values()}:
            raise NotFound(texts.NO_SUCH_THING(kind="file of the draft"), path=("file",))
        found = await asyncio.to_thread(
            drafts.draft_rows,
            path,
            draft.mapping,
            draft.edits,
            draft.report,
            file=file,
            after_line=after_line,
            first=max(first, 1),
            only_problems=only_problems,
        )
        return [
            types.DraftRow(
                line=row.line,
                cells=[types.DraftCell(column=column, value=value) for column, value in row.cells.items()],
                problems=[
                    types.DraftProblem(
                        column=problem["column"],
                        value=problem["value"],
                        expectation=problem["expectation"],
                        message=problem["message"],
                    )
                    for problem in row.problems
                ],
            )
            for row in found
        ]

    async def create(self, given: types.CreateImportDraftInput) -> types.CreateImportDraftSuccess:
        firm = self._context.caller.firm
        upload = _upload_key(given.upload_id)

        async def do(uow: UnitOfWork) -> Answer:
            return {"draft_id": (await drafts.create_draft(uow, firm, upload, self._folder)).id}

        answer = await self._once("createImportDraft", given.idempotency_key, {"upload_id": upload}, do)
        draft = await self.draft(to_global("ImportDraft", answer["draft_id"]))
        return types.CreateImportDraftSuccess(import_draft=draft)

    async def map(self, given: types.MapImportDraftInput) -> types.MapImportDraftSuccess:
        key = input_key(given.draft_id, "ImportDraft", "draftId")
        mapping = drafts.DraftMapping(
            given.source,
            given.as_of,
            {
                one.name: drafts.FileMapping(
                    one.file,
                    {column.theirs: column.ours for column in one.columns},
                    {constant.ours: constant.value for constant in one.constants},
                )
                for one in given.files
            },
        )

        async def act(uow: UnitOfWork) -> None:
            await drafts.map_draft(uow, key, mapping, self._folder, expected_version=given.expected_version)

        await self._context.change(act)
        return types.MapImportDraftSuccess(import_draft=await self.draft(given.draft_id))

    async def mend(self, given: types.MendImportDraftInput) -> types.MendImportDraftSuccess:
        key = input_key(given.draft_id, "ImportDraft", "draftId")
        edits = [drafts.CellEdit(one.file, one.line, one.column, one.value) for one in given.edits]

        async def act(uow: UnitOfWork) -> None:
            await drafts.mend_draft(uow, key, edits, expected_version=given.expected_version)

        await self._context.change(act)
        return types.MendImportDraftSuccess(import_draft=await self.draft(given.draft_id))

    async def check(self, given: types.CheckImportDraftInput) -> JobAccepted:
        return await self._request("checkImportDraft", given.idempotency_key, given.draft_id, commit=False)

    async def commit(self, given: types.CommitImportDraftInput) -> JobAccepted:
        return await self._request("commitImportDraft", given.idempotency_key, given.draft_id, commit=True)

    async def _request(
        self, operation: str, once: str, draft_id: strawberry.ID, *, commit: bool
    ) -> JobAccepted:
        firm, key = self._context.caller.firm, input_key(draft_id, "ImportDraft", "draftId")

        async def do(uow: UnitOfWork) -> Answer:
            return {"job_id": await drafts.request_draft(uow, firm, key, commit=commit)}

        answer = await self._once(operation, once, {"draft_id": key}, do)
        jobs = (await self._context.loaders()).jobs
        return JobAccepted(job=await jobs.one(to_global("Job", answer["job_id"])))

    async def discard(self, given: types.DiscardImportDraftInput) -> types.DiscardImportDraftSuccess:
        key = input_key(given.draft_id, "ImportDraft", "draftId")

        async def act(uow: UnitOfWork) -> None:
            await drafts.discard_draft(uow, key)

        await self._context.change(act)
        return types.DiscardImportDraftSuccess(import_draft=await self.draft(given.draft_id))


def _upload_key(text: str) -> UUID:
    """Uploads are named by the plain id that POST /files/uploads answers."""
    try:
        return UUID(text)
    except ValueError:
        return input_key(text, "Upload", "uploadId")
