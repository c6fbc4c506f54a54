"""Asking for an export of the firm's books, and fetching the file it becomes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import insert, select

from wealthnexus.domain import audit
from wealthnexus.domain.feeds.limits import EXPORT_JOB, check_job_limit
from wealthnexus.domain.feeds.models import uploads
from wealthnexus.domain.feeds.uploads import KEPT
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import NotFound, PermissionDenied
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.text import message

_PREFIX: Final = "export-"
_TITLE = message("feeds.export_title", "Export of the books")
_AUDIT = message("feeds.audit_export_requested", "{actor} asked for an export of the books", actor=str)
_AUDIT_FETCHED = message("feeds.audit_export_fetched", "{actor} fetched an export of the books", actor=str)
_LIMITED = message(
    "feeds.export_limited",
    "an export holds every account of the firm and your access is limited to some; nothing was exported",
)
_NO_EXPORT = message("feeds.no_export", "there is no such export, or its day has passed; export again")


class MayExport(Protocol):
    """The caller, as far as these verbs look at it."""

    @property
    def firm(self) -> FirmInfo: ...
    @property
    def user_id(self) -> UUID: ...
    @property
    def scope(self) -> str: ...
    def require(self, permission: Permission) -> None: ...
    def require_step_up(self) -> None: ...


def require_export(caller: MayExport) -> None:
    """An export shows every number of every client: only to people who may see each of them.

    PermissionDenied, StepUpRequired.
    """
    caller.require(Permission.IMPORTS_RUN)
    caller.require(Permission.SENSITIVE_REVEAL)
    if caller.scope == "limited":
        raise PermissionDenied(_LIMITED())
    caller.require_step_up()


async def request_export(uow: UnitOfWork, caller: MayExport) -> UUID:
    """Queues an export of all the firm's books; returns the job's id. Its result names the file.

    PermissionDenied, StepUpRequired; LimitExceeded beyond the tier's jobs.
    """
    require_export(caller)
    await check_job_limit(uow, caller.firm)
    job_id = await enqueue(uow, EXPORT_JOB, title=_TITLE(), params={})
    await audit.append(
        uow,
        "feeds.export.requested",
        summary=_AUDIT(actor=uow.actor.name),
        details={"jobId": str(job_id)},
    )
    return job_id


def export_path(folder: Path, export_id: UUID) -> Path:
    """Where the file of an export lies in the firm's own folder."""
    return folder / f"{_PREFIX}{export_id}.zip"


async def record_export(
    uow: UnitOfWork, export_id: UUID, path: Path, *, user_id: UUID, file_name: str, sha256: bytes, size: int
) -> datetime:
    """The row by which its asker finds the file for a day; returns when it expires."""
    now = clock.now()
    await uow.execute(
        insert(uploads).values(
            tenant_id=uow.tenant_id,
            id=export_id,
            user_id=user_id,
            file_name=file_name,
            size_bytes=size,
            sha256=sha256,
            storage_key=path.name,
            created_at=now,
            expires_at=now + KEPT,
        )
    )
    return now + KEPT


async def find_export(reader: Reader, caller: MayExport, export_id: UUID, folder: Path) -> tuple[Path, str]:
    """The caller's own export and the name it is saved under.

    PermissionDenied, StepUpRequired; NotFound for another's, an expired or a tidied one.
    """
    require_export(caller)
    row = await reader.one_or_none(
        select(uploads.c.storage_key, uploads.c.file_name).where(
            uploads.c.tenant_id == reader.tenant_id,
            uploads.c.id == export_id,
            uploads.c.user_id == caller.user_id,
            uploads.c.expires_at > clock.now(),
        )
    )
    path = export_path(folder, export_id)
    if row is None or row.storage_key != path.name or not path.is_file():
        raise NotFound(_NO_EXPORT())
    return path, row.file_name


async def record_fetched(uow: UnitOfWork, export_id: UUID) -> None:
    """Who took the firm's books away, and when, is on record."""
    await audit.append(
        uow,
        "feeds.export.fetched",
        summary=_AUDIT_FETCHED(actor=uow.actor.name),
        details={"exportId": str(export_id)},
    )
