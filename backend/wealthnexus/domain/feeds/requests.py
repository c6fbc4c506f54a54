"""Asking for an import: the upload is checked, the job goes into the queue, the asking is on record."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from wealthnexus.domain import audit
from wealthnexus.domain.feeds.limits import IMPORT_JOB, check_job_limit
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import PermissionDenied
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.text import message

_TITLE = message("feeds.import_title", "Import of a bundle")
_DRY_TITLE = message("feeds.import_dry_title", "Check of a bundle")
_AUDIT = message("feeds.audit_import_requested", "{actor} asked for the import of a bundle", actor=str)
_AUDIT_DRY = message("feeds.audit_check_requested", "{actor} asked for the check of a bundle", actor=str)
_LIMITED = message(
    "feeds.import_limited",
    "a bundle may change any account of the firm and your access is limited to some; nothing was imported",
)


async def request_import(
    uow: UnitOfWork, firm: FirmInfo, upload_id: UUID, folder: Path, *, dry_run: bool
) -> UUID:
    """Queues the import of an uploaded bundle; returns the job's id.

    ``folder``: the firm's own file folder. PermissionDenied for somebody who sees only a part of the firm,
    for a bundle may write to any account; NotFound for an upload that is not there (any more) or not of
    the unit of work's actor; LimitExceeded beyond the tier's jobs.
    """
    if uow.binding.scope == "limited":
        raise PermissionDenied(_LIMITED())
    await find_upload(uow, upload_id, folder, user_id=uow.actor.id)
    await check_job_limit(uow, firm)
    title = _DRY_TITLE() if dry_run else _TITLE()
    params = {"uploadId": str(upload_id), "dryRun": dry_run}
    job_id = await enqueue(uow, IMPORT_JOB, title=title, params=params)
    said = _AUDIT_DRY if dry_run else _AUDIT
    await audit.append(
        uow,
        "feeds.import.requested",
        summary=said(actor=uow.actor.name),
        details={"jobId": str(job_id), **params},
    )
    return job_id
