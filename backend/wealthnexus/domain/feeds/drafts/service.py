"""Making, mapping, mending, checking and committing a draft; each in the caller's unit of work."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.drafts import verdicts
from wealthnexus.domain.feeds.drafts.mapping import (
    CELL_LENGTH_MAX,
    DraftMapping,
    Edits,
    FileMapping,
    Remembered,
    Skips,
    checked,
    header_key,
    headers_of,
    said_of,
    suggested,
)
from wealthnexus.domain.feeds.drafts.rows import lines_with
from wealthnexus.domain.feeds.limits import DRAFT_JOB, check_job_limit
from wealthnexus.domain.feeds.models import import_drafts, uploads
from wealthnexus.domain.feeds.uploads import find_upload
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import Conflict, LimitExceeded, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.text import message

EDITS_MAX: Final = 10_000
DRAFTS_PER_PERSON_MAX: Final = 100
REMEMBERED_MAX: Final = 20
REASON_LENGTH_MAX: Final = 200
SOURCE_DEFAULT: Final = "Imported file"
_OPEN: Final = ("MAPPING", "CHECKED")
_NO_DRAFT = message("feeds.no_draft", "there is no such draft of yours; nothing was changed")
_CLOSED = message(
    "feeds.draft_closed", "the draft is {state} already; nothing was changed", state=str
)  # fmt: skip
_STALE = message(
    "feeds.draft_stale",
    "the draft was changed meanwhile: version {expected} was expected, it is {current}; nothing was changed",
    expected=int,
    current=int,
)
_TOO_MANY_EDITS = message(
    "feeds.draft_edits",
    "{count, number} cells are mended, at most {limit, number} may be; nothing was changed",
    count=int, limit=int,
)  # fmt: skip
_BAD_EDIT = message(
    "feeds.draft_bad_edit",
    "{file} line {line, number}, {column}: expected a mapped file of the draft, one of its columns, a line"
    " after the first and a cell of at most {limit, number} characters; nothing was changed",
    file=str, line=int, column=str, limit=int,
)  # fmt: skip
_BAD_REASON = message(
    "feeds.draft_bad_reason",
    "expected why the rows are left out, 1 to {limit, number} characters; nothing was changed",
    limit=int,
)
_TOO_MANY = message(
    "feeds.drafts_too_many",
    "you have {count, number} open drafts, at most {limit, number} are kept; discard one",
    count=int,
    limit=int,
)
_LIMITED = message(
    "feeds.draft_limited",
    "an import may change any account of the firm and your access is limited to some; nothing was imported",
)
_CHECK_TITLE = message("feeds.draft_check_title", "Check of a draft")
_COMMIT_TITLE = message("feeds.draft_commit_title", "Import of a draft")
_AUDIT = message("feeds.audit_draft_committed", "{actor} asked for the import of a draft", actor=str)


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One mended cell: of a file of the bundle (``clients``), by the line of the upload."""

    file: str
    line: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its maker sees it."""

    id: UUID
    upload_id: UUID
    job_id: UUID | None
    state: str
    mapping: DraftMapping
    edits: Edits
    report: dict[str, Any] | None
    batch_id: UUID | None
    version: int
    created_at: datetime
    skips: Skips = field(default_factory=dict)
    file_name: str = ""


async def create_draft(uow: UnitOfWork, firm: FirmInfo, upload_id: UUID, folder: Path) -> Draft:
    """A draft of one's own upload, its files and columns mapped as their names suggest.

    NotFound for an upload that is not there; ValidationFailed for a zip without tables; LimitExceeded;
    PermissionDenied for somebody who sees only a part of the firm.
    """
    if uow.binding.scope == "limited":
        raise PermissionDenied(_LIMITED())
    user_id = uow.actor.id
    path = await find_upload(uow, upload_id, folder, user_id=user_id)
    d = import_drafts.c
    count = await uow.scalar(
        select(func.count()).where(d.tenant_id == uow.tenant_id, d.user_id == user_id, d.state.in_(_OPEN))
    )
    if count >= DRAFTS_PER_PERSON_MAX:
        raise LimitExceeded(_TOO_MANY(count=count, limit=DRAFTS_PER_PERSON_MAX))
    headers = headers_of(path)
    source, as_of = said_of(path)
    mapping = suggested(
        headers,
        source=source or SOURCE_DEFAULT,
        as_of=as_of or firm.business_date(),
        # A bundle says itself what its files are.
        before=None if source else await _remembered(uow),
    )
    draft_id, now = new_id(), clock.now()
    await uow.execute(
        insert(import_drafts).values(
            tenant_id=uow.tenant_id,
            id=draft_id,
            user_id=user_id,
            upload_id=upload_id,
            state="MAPPING",
            mapping=mapping.as_dict(),
            edits=[],
            created_at=now,
            version=1,
        )
    )
    return Draft(draft_id, upload_id, None, "MAPPING", mapping, {}, None, None, 1, now)


async def _remembered(reader: Reader) -> Remembered | None:
    """How people of the firm have mapped files that then became part of the books, the latest first."""
    d = import_drafts.c
    rows = await reader.rows(
        select(d.mapping)
        .where(d.tenant_id == reader.tenant_id, d.state == "COMMITTED")
        .order_by(d.created_at.desc())
        .limit(REMEMBERED_MAX)
    )
    by_header: dict[tuple[str, ...], FileMapping] = {}
    source = None
    for row in rows:
        mapping = DraftMapping.of(row.mapping)
        source = source or mapping.source
        for name, header in (row.mapping.get("headers") or {}).items():
            if name in mapping.files:
                by_header.setdefault(header_key(header), mapping.files[name])
    return None if source is None or not by_header else Remembered(source, by_header)


async def find_draft(reader: Reader, draft_id: UUID, *, user_id: UUID | None, lock: bool = False) -> Draft:
    """The person's own draft; NotFound for another's."""
    d = import_drafts.c
    statement = select(import_drafts).where(
        d.tenant_id == reader.tenant_id, d.id == draft_id, d.user_id == user_id
    )
    row = await reader.one_or_none(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound(_NO_DRAFT(), path=("input", "draftId"))
    name = await reader.scalar(
        select(uploads.c.file_name).where(
            uploads.c.tenant_id == reader.tenant_id, uploads.c.id == row.upload_id
        )
    )
    return _draft_of(row, name or "")


async def open_drafts(reader: Reader, *, user_id: UUID) -> list[Draft]:
    """The person's drafts that are neither imported nor discarded and whose file is still kept, latest
    first."""
    d = import_drafts.c
    rows = await reader.rows(
        select(import_drafts, uploads.c.file_name)
        .join(uploads, (uploads.c.tenant_id == d.tenant_id) & (uploads.c.id == d.upload_id))
        .where(d.tenant_id == reader.tenant_id, d.user_id == user_id, d.state.in_(_OPEN))
        .where(uploads.c.expires_at > clock.now())
        .order_by(d.created_at.desc(), d.id.desc())
        .limit(DRAFTS_PER_PERSON_MAX)
    )
    return [_draft_of(row, row.file_name) for row in rows]


def _draft_of(row: Row[Any], file_name: str) -> Draft:
    edits = {(one["file"], one["line"], one["column"]): one["value"] for one in row.edits}
    return Draft(
        row.id,
        row.upload_id,
        row.job_id,
        row.state,
        DraftMapping.of(row.mapping),
        edits,
        row.report,
        row.batch_id,
        row.version,
        row.created_at,
        {(one["file"], one["line"]): one["reason"] for one in row.skips},
        file_name,
    )


async def _open_draft(uow: UnitOfWork, draft_id: UUID, expected_version: int | None) -> Draft:
    draft = await find_draft(uow, draft_id, user_id=uow.actor.id, lock=True)
    if draft.state not in _OPEN:
        raise Conflict(_CLOSED(state=draft.state), path=("input", "draftId"))
    if expected_version is not None and draft.version != expected_version:
        raise Conflict(
            _STALE(expected=expected_version, current=draft.version),
            current_version=draft.version,
            path=("input", "expectedVersion"),
        )
    return draft


async def _change(uow: UnitOfWork, draft: Draft, **values: Any) -> int:
    await uow.execute(
        update(import_drafts)
        .where(import_drafts.c.tenant_id == uow.tenant_id, import_drafts.c.id == draft.id)
        .values(version=draft.version + 1, **values)
    )
    return draft.version + 1


async def map_draft(
    uow: UnitOfWork, draft_id: UUID, mapping: DraftMapping, folder: Path, *, expected_version: int
) -> int:
    """Say what the files and columns are; returns the draft's version. The verdict of before is gone.

    NotFound, Conflict; ValidationFailed for files and columns that are not there or there twice.
    """
    draft = await _open_draft(uow, draft_id, expected_version)
    path = await find_upload(uow, draft.upload_id, folder, user_id=uow.actor.id)
    headers = headers_of(path)
    # The header rows stay with the mapping: they tell what the next file of the kind is.
    said = {**checked(mapping, headers).as_dict(), "headers": headers}
    await verdicts.forget(uow, draft_id)
    return await _change(uow, draft, mapping=said, state="MAPPING", report=None)


async def mend_draft(
    uow: UnitOfWork, draft_id: UUID, edits: Sequence[CellEdit], *, expected_version: int
) -> int:
    """Write cells over what was sent; returns the draft's version. At most 10,000 cells in all."""
    draft = await _open_draft(uow, draft_id, expected_version)
    mended = dict(draft.edits)
    for edit in edits:
        _check_place(draft, edit.file, edit.column, edit.line, edit.value)
        mended[edit.file, edit.line, edit.column] = edit.value
    if len(mended) > EDITS_MAX:
        raise LimitExceeded(_TOO_MANY_EDITS(count=len(mended), limit=EDITS_MAX))
    said = [
        {"file": file, "line": line, "column": column, "value": value}
        for (file, line, column), value in mended.items()
    ]
    return await _change(uow, draft, edits=said, state="MAPPING")


async def replace_in_draft(
    uow: UnitOfWork,
    draft_id: UUID,
    folder: Path,
    *,
    file: str,
    column: str,
    value: str,
    by: str,
    expected_version: int,
) -> int:
    """Write ``by`` over ``value`` in a whole column; returns how many cells. Errors as ``mend_draft``."""
    draft = await _open_draft(uow, draft_id, expected_version)
    _check_place(draft, file, column, 2, by)
    path = await find_upload(uow, draft.upload_id, folder, user_id=uow.actor.id)
    lines = await asyncio.to_thread(
        lines_with,
        path,
        draft.mapping,
        draft.edits,
        file=file,
        column=column,
        value=value,
        limit=EDITS_MAX,
    )
    if lines:
        edits = [CellEdit(file, line, column, by) for line in lines]
        await mend_draft(uow, draft_id, edits, expected_version=expected_version)
    return len(lines)


async def skip_rows(
    uow: UnitOfWork,
    draft_id: UUID,
    file: str,
    lines: Sequence[int],
    reason: str | None,
    *,
    expected_version: int,
) -> int:
    """Leave rows out and say why, or (without a reason) take them in again; returns the draft's version."""
    draft = await _open_draft(uow, draft_id, expected_version)
    why = None if reason is None else reason.strip()
    if why is not None and not 1 <= len(why) <= REASON_LENGTH_MAX:
        raise ValidationFailed(_BAD_REASON(limit=REASON_LENGTH_MAX), path=("input", "reason"))
    kept = dict(draft.skips)
    for line in lines:
        _check_place(draft, file, next(iter(FILES[file].column_names), "") if file in FILES else "", line, "")
        if why is None:
            kept.pop((file, line), None)
        else:
            kept[file, line] = why
    if len(kept) > EDITS_MAX:
        raise LimitExceeded(_TOO_MANY_EDITS(count=len(kept), limit=EDITS_MAX))
    said = [{"file": one, "line": line, "reason": text} for (one, line), text in kept.items()]
    return await _change(uow, draft, skips=said, state="MAPPING")


def _check_place(draft: Draft, file: str, column: str, line: int, value: str) -> None:
    mapped = {one.file for one in draft.mapping.files.values()}
    is_known = file in mapped and column in FILES[file].column_names
    if not is_known or line < 2 or len(value) > CELL_LENGTH_MAX:
        raise ValidationFailed(
            _BAD_EDIT(file=file[:100], line=line, column=column[:100], limit=CELL_LENGTH_MAX),
            path=("input", "edits"),
        )


async def request_draft(uow: UnitOfWork, firm: FirmInfo, draft_id: UUID, *, commit: bool) -> UUID:
    """Queues the check (what each row would do) or the import of a draft; returns the job's id.

    NotFound, Conflict for a draft that is done, PermissionDenied, LimitExceeded beyond the tier's jobs.
    """
    if uow.binding.scope == "limited":
        raise PermissionDenied(_LIMITED())
    draft = await _open_draft(uow, draft_id, None)
    await check_job_limit(uow, firm)
    title = _COMMIT_TITLE() if commit else _CHECK_TITLE()
    params = {"draftId": str(draft_id), "commit": commit, "version": draft.version}
    job_id = await enqueue(uow, DRAFT_JOB, title=title, params=params)
    await uow.execute(
        update(import_drafts)
        .where(import_drafts.c.tenant_id == uow.tenant_id, import_drafts.c.id == draft_id)
        .values(job_id=job_id)
    )
    if commit:
        await audit.append(
            uow,
            "feeds.draft.committed",
            summary=_AUDIT(actor=uow.actor.name),
            details={"draftId": str(draft_id), "jobId": str(job_id)},
        )
    return job_id


async def record_verdict(
    uow: UnitOfWork,
    draft: Draft,
    report: dict[str, Any],
    *,
    batch_id: UUID | None,
    committed: bool,
    rows: Path | None = None,
) -> None:
    """What checking or importing the draft said; Conflict when it was changed meanwhile."""
    now = await _open_draft(uow, draft.id, draft.version)
    state = "COMMITTED" if committed else "CHECKED"
    await _change(uow, now, state=state, report=report, batch_id=batch_id)
    if rows is not None and uow.actor.id is not None:
        await verdicts.copy_in(uow, draft.id, uow.actor.id, rows)
    elif not committed:
        await verdicts.forget(uow, draft.id)


async def discard_draft(uow: UnitOfWork, draft_id: UUID) -> None:
    """Forget a draft; what was sent stays until its day is over. NotFound, Conflict."""
    draft = await _open_draft(uow, draft_id, None)
    await _change(uow, draft, state="DISCARDED", edits=[], skips=[], report=None)
    await verdicts.forget(uow, draft_id)
