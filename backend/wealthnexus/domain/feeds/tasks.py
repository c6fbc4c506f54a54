"""Background work of feeds: the import of an uploaded bundle, the export of the books, and reconciliation."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import wealthnexus.domain.feeds.draft_tasks  # noqa: F401 - known to the worker by being loaded
from wealthnexus.domain.feeds.custody import tasks as custody_tasks
from wealthnexus.domain.feeds.exporter import export_books
from wealthnexus.domain.feeds.exports import export_path, record_export
from wealthnexus.domain.feeds.importer import ImportReport, import_books
from wealthnexus.domain.feeds.limits import EXPORT_JOB, IMPORT_JOB, UNDO_JOB
from wealthnexus.domain.feeds.undo.service import undo_import
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.performance.service.days import bring_days_later
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import JobContext, job_handler

__all__ = ["custody_tasks", "run_export", "run_import", "run_undo"]


@job_handler(IMPORT_JOB, attempts_max=3, time_limit_seconds=3_600, is_cancellable=True)
async def run_import(context: JobContext) -> dict[str, Any] | None:
    """``params``: ``uploadId`` and ``dryRun``. The job is completed in the import's own transaction.

    A bundle with problems is a job that succeeded: its result lists them and says that nothing was
    imported. A bundle that cannot be read at all fails the job.
    """
    dry_run = bool(context.params.get("dryRun", False))
    async with context.reading() as reader:
        firm = await firm_by_id(reader, context.job.tenant_id)
        folder: Path = context.platform.firm_storage(firm.id)
        # Nobody imports another's file.
        path = await find_upload(
            reader, UUID(str(context.params["uploadId"])), folder, user_id=context.job.requested_by_id
        )

    async def finish(uow: UnitOfWork, report: ImportReport) -> None:
        if report.changed:
            await bring_days_later(uow)
        await context.complete(uow, report.as_result())

    report = await import_books(
        context.platform,
        firm,
        path,
        actor=context.actor,
        request=context.request,
        dry_run=dry_run,
        progress=context.progress,
        job_id=context.job.id,
        finish=finish,
    )
    return report.as_result()


@job_handler(UNDO_JOB, attempts_max=3, time_limit_seconds=3_600, is_cancellable=True)
async def run_undo(context: JobContext) -> dict[str, Any] | None:
    """``params``: ``batchId`` and ``reason``. The job is completed in the undo's own transaction, so that an
    attempt that died has changed nothing and one that is repeated finds it done."""
    async with context.reading() as reader:
        firm = await firm_by_id(reader, context.job.tenant_id)
    async with context.unit_of_work() as uow:
        context.result = await undo_import(
            uow,
            firm,
            UUID(str(context.params["batchId"])),
            reason=str(context.params["reason"]),
            job_id=context.job.id,
            progress=context.progress,
        )
        await bring_days_later(uow)
    return context.result


@job_handler(EXPORT_JOB, attempts_max=3, time_limit_seconds=3_600, is_cancellable=True)
async def run_export(context: JobContext) -> dict[str, Any] | None:
    """The result names the export, which its asker alone may fetch, for a day."""
    async with context.reading() as reader:
        firm = await firm_by_id(reader, context.job.tenant_id)
    requested_by = context.job.requested_by_id
    if requested_by is None:
        raise ValueError(f"job {context.job.id} was asked for by nobody; nothing was exported")
    export_id = new_id()
    path = export_path(context.platform.firm_storage(firm.id), export_id)
    try:
        report = await export_books(context.platform, firm, path, progress=context.progress)
        sha256 = await asyncio.to_thread(_sha256, path)
        name = f"{firm.slug}-{report.as_of.isoformat()}.zip"
        async with context.unit_of_work() as uow:
            expires_at = await record_export(
                uow,
                export_id,
                path,
                user_id=requested_by,
                file_name=name,
                sha256=sha256,
                size=report.size_bytes,
            )
            context.result = {
                **report.as_result(),
                "exportId": str(export_id),
                "fileName": name,
                "path": f"/files/exports/{export_id}",
                "expiresAt": expires_at.isoformat(),
            }
    except BaseException:
        # A file that no row knows would never be tidied.
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    return context.result


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
