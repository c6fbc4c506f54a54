"""Background work of feeds: the import of an uploaded bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from wealthnexus.domain.feeds.importer import ImportReport, import_books
from wealthnexus.domain.feeds.requests import IMPORT_JOB
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.jobs import JobContext, job_handler


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
