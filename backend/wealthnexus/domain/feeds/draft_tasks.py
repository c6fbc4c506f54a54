"""Background work of drafts: the check of a draft, and its import."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from wealthnexus.domain.feeds.drafts.mapping import write_mapped
from wealthnexus.domain.feeds.drafts.service import find_draft, record_verdict
from wealthnexus.domain.feeds.drafts.verdicts import copy_out
from wealthnexus.domain.feeds.importer import ImportReport, import_bundle
from wealthnexus.domain.feeds.limits import DRAFT_JOB
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.performance.service.days import bring_days_later
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict
from wealthnexus.kit.jobs import JobContext, job_handler
from wealthnexus.kit.text import message

PROBLEMS_KEPT_MAX = 1_000
_CHANGED = message(
    "feeds.draft_changed",
    "the draft was changed after this was asked for; check it again. Nothing was imported.",
)


@job_handler(DRAFT_JOB, attempts_max=3, time_limit_seconds=3_600, is_cancellable=True)
async def run_draft(context: JobContext) -> dict[str, Any] | None:
    """``params``: ``draftId``, ``commit``, ``version``. The draft gets the report either way."""
    commit = bool(context.params.get("commit", False))
    draft_id = UUID(str(context.params["draftId"]))
    user_id = context.job.requested_by_id
    async with context.reading() as reader:
        firm = await firm_by_id(reader, context.job.tenant_id)
        folder: Path = context.platform.firm_storage(firm.id)
        draft = await find_draft(reader, draft_id, user_id=user_id)
        path = await find_upload(reader, draft.upload_id, folder, user_id=user_id)
    if draft.version != context.params["version"]:
        raise Conflict(_CHANGED())

    async def finish(uow: UnitOfWork, report: ImportReport) -> None:
        await record_verdict(uow, draft, _said(report), batch_id=report.batch_id, committed=True)
        if report.changed:
            await bring_days_later(uow)
        await context.complete(uow, report.as_result())

    place = await asyncio.to_thread(tempfile.mkdtemp, prefix=".draft-", dir=folder)
    try:
        bundle = Path(place) / "bundle"
        await asyncio.to_thread(write_mapped, path, draft.mapping, draft.edits, bundle, draft.skips)
        verdicts = Path(place) / "verdicts"

        async def compared(uow: UnitOfWork, table: str) -> None:
            await copy_out(uow, table, verdicts)

        report = await import_bundle(
            context.platform,
            firm,
            bundle,
            actor=context.actor,
            request=context.request,
            dry_run=not commit,
            progress=context.progress,
            job_id=context.job.id,
            finish=finish,
            compared=None if commit else compared,
        )
        if not commit or not report.ok:
            rows = verdicts if await asyncio.to_thread(verdicts.is_file) else None
            async with context.unit_of_work() as uow:
                await record_verdict(uow, draft, _said(report), batch_id=None, committed=False, rows=rows)
                context.result = report.as_result()
    finally:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
    return report.as_result()


def _said(report: ImportReport) -> dict[str, Any]:
    """The report with as many problems as are listed at all: the grid shows each at its row."""
    return {
        **report.as_result(),
        "problemList": [problem.as_dict() for problem in report.checked.problems[:PROBLEMS_KEPT_MAX]],
    }
