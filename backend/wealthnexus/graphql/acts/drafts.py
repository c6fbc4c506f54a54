"""Drafts of imports: made, mapped, mended, checked, committed, looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import strawberry

from wealthnexus.domain.bundle import FILES
from wealthnexus.domain.feeds import drafts, undo
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.graphql import texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import from_global, input_key, to_global
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.types import drafts as types
from wealthnexus.graphql.types.imports import (
    ImportCount,
    PastImport,
    PastImportConnection,
    UndoBlocker,
    UndoImportInput,
    UndoPreview,
)
from wealthnexus.graphql.types.payloads import JobAccepted
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import NotFound
from wealthnexus.kit.idempotency import run_once
from wealthnexus.kit.paging import PageRequest

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
        self, key: UUID, file: str, *, after_line: int, first: int, verdict: types.DraftVerdict | None
    ) -> list[types.DraftRow]:
        draft = await self._find(key)
        path = await self._path(draft)
        if file not in {one.file for one in draft.mapping.files.values()}:
            raise NotFound(texts.NO_SUCH_THING(kind="file of the draft"), path=("file",))
        reader = (await self._context.loaders()).reader
        count = min(max(first, 1), drafts.ROWS_MAX)
        lines: Collection[int] | None = None
        if verdict is types.DraftVerdict.SKIPPED:
            lines = {line for one, line in draft.skips if one == file}
        elif verdict is types.DraftVerdict.REFUSED:
            lines = drafts.problems_by_line(draft.report, file).keys()
        elif verdict is not None:
            lines = set(
                await drafts.lines_of(
                    reader, key, file=file, verdict=verdict.value, after_line=after_line, first=count
                )
            )
        if lines is not None and not lines:
            return []
        found = await asyncio.to_thread(
            drafts.draft_rows,
            path,
            draft.mapping,
            draft.edits,
            draft.report,
            file=file,
            after_line=after_line,
            first=count,
            skips=draft.skips,
            lines=lines,
        )
        judged = await drafts.verdicts_of(reader, key, file=file, lines=[row.line for row in found])
        return [_row(row, judged.get(row.line)) for row in found]

    async def verdicts(self, key: UUID) -> list[types.DraftVerdictCount]:
        draft = await self._find(key)
        counts = await drafts.counts((await self._context.loaders()).reader, key)
        for file in FILES:
            refused = len(drafts.problems_by_line(draft.report, file))
            skipped = sum(one == file for one, _ in draft.skips)
            for verdict, count in (
                (types.DraftVerdict.REFUSED, refused),
                (types.DraftVerdict.SKIPPED, skipped),
            ):
                if count:
                    counts.setdefault(file, {})[verdict.value] = count
        return [
            types.DraftVerdictCount(file=file, verdict=types.DraftVerdict(verdict), count=count)
            for file in FILES
            for verdict, count in sorted(counts.get(file, {}).items())
        ]

    async def open(self) -> list[types.ImportDraft]:
        reader = (await self._context.loaders()).reader
        found = await drafts.open_drafts(reader, user_id=self._context.caller.user_id)
        return [types.draft_of(one) for one in found]

    async def past(self, page: PageRequest) -> PastImportConnection:
        loaders = await self._context.loaders()
        found = await undo.imports_page(loaders.reader, page)
        return connection(PastImportConnection, found, await self._past(found.rows))

    async def past_import(self, global_id: strawberry.ID) -> PastImport:
        reader = (await self._context.loaders()).reader
        return (await self._past([await undo.one_import(reader, from_global(global_id, "Import"))]))[0]

    async def _past(self, rows: Sequence[undo.PastImport]) -> list[PastImport]:
        loaders = await self._context.loaders()
        wanted = [key for row in rows for key in (row.created_by, row.undone_by) if key is not None]
        people = await loaders.people.refs(wanted)
        return [
            PastImport(
                id=to_global("Import", row.id),
                sources=list(row.sources),
                as_of=row.as_of,
                created_at=row.created_at,
                created_by=people.get(row.created_by) if row.created_by else None,
                job_id=to_global("Job", row.job_id) if row.job_id else None,
                counts=[
                    ImportCount(
                        file=file,
                        created=row.counts[file]["created"],
                        changed=row.counts[file]["changed"],
                        unchanged=row.counts[file]["unchanged"],
                    )
                    for file in FILES
                    if file in row.counts
                ],
                undo_until=row.undo_until,
                undone_at=row.undone_at,
                undone_by=people.get(row.undone_by) if row.undone_by else None,
                undo_reason=row.undo_reason,
                key=row.id,
            )
            for row in rows
        ]

    async def undo_preview(self, key: UUID) -> UndoPreview:
        found = await undo.preview_undo((await self._context.loaders()).reader, key)
        return UndoPreview(
            can_undo=found.can_undo,
            refusal=found.refusal,
            blockers=[
                UndoBlocker(code=one.code, count=one.count, message=one.message, examples=list(one.examples))
                for one in found.blockers
            ],
        )

    async def undo(self, given: UndoImportInput) -> JobAccepted:
        firm, key = self._context.caller.firm, input_key(given.import_id, "Import", "importId")

        async def do(uow: UnitOfWork) -> Answer:
            return {"job_id": await undo.request_undo(uow, firm, key, given.reason)}

        request = {"import_id": key, "reason": given.reason}
        answer = await self._once("undoImport", given.idempotency_key, request, do)
        jobs = (await self._context.loaders()).jobs
        return JobAccepted(job=await jobs.one(to_global("Job", answer["job_id"])))

    def bundle_files(self) -> list[types.BundleFile]:
        return [
            types.BundleFile(
                name=file.name,
                columns=[
                    types.BundleColumn(name=column.name, is_required=column.is_needed)
                    for column in file.columns
                ],
            )
            for file in FILES.values()
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
                    one.dates.value,
                    one.numbers.value,
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

    async def replace(self, given: types.ReplaceInImportDraftInput) -> types.ReplaceInImportDraftSuccess:
        key = input_key(given.draft_id, "ImportDraft", "draftId")

        async def act(uow: UnitOfWork) -> int:
            return await drafts.replace_in_draft(
                uow,
                key,
                self._folder,
                file=given.file,
                column=given.column,
                value=given.value,
                by=given.by,
                expected_version=given.expected_version,
            )

        count = await self._context.change(act)
        draft = await self.draft(given.draft_id)
        return types.ReplaceInImportDraftSuccess(import_draft=draft, replaced_count=count)

    async def skip(self, given: types.SkipImportDraftRowsInput) -> types.SkipImportDraftRowsSuccess:
        key = input_key(given.draft_id, "ImportDraft", "draftId")

        async def act(uow: UnitOfWork) -> None:
            await drafts.skip_rows(
                uow, key, given.file, given.lines, given.reason, expected_version=given.expected_version
            )

        await self._context.change(act)
        return types.SkipImportDraftRowsSuccess(import_draft=await self.draft(given.draft_id))

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


def _row(row: drafts.DraftRow, judged: drafts.Judged | None) -> types.DraftRow:
    verdict = types.DraftVerdict(judged.verdict) if judged is not None else None
    if row.problems:
        verdict = types.DraftVerdict.REFUSED
    if row.skip_reason is not None:
        verdict = types.DraftVerdict.SKIPPED
    before = judged.before if judged is not None else {}
    return types.DraftRow(
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
        verdict=verdict,
        before=[types.DraftCell(column=column, value=value or "") for column, value in before.items()],
        edited=sorted(row.edited),
        skip_reason=row.skip_reason,
    )


def _upload_key(text: str) -> UUID:
    """Uploads are named by the plain id that POST /files/uploads answers."""
    try:
        return UUID(text)
    except ValueError:
        return input_key(text, "Upload", "uploadId")
