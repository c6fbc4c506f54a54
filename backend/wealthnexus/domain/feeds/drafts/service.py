"""Making, mapping, mending, checking and committing a draft; each in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.drafts.mapping import (
    CELL_LENGTH_MAX,
    DraftMapping,
    Edits,
    checked,
    headers_of,
    suggested,
)
from wealthnexus.domain.feeds.limits import DRAFT_JOB, check_job_limit
from wealthnexus.domain.feeds.models import import_drafts
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
    mapping = suggested(headers_of(path), source=SOURCE_DEFAULT, as_of=firm.business_date())
    draft_id = new_id()
    await uow.execute(
        insert(import_drafts).values(
            tenant_id=uow.tenant_id,
            id=draft_id,
            user_id=user_id,
            upload_id=upload_id,
            state="MAPPING",
            mapping=mapping.as_dict(),
            edits=[],
            created_at=clock.now(),
            version=1,
        )
    )
    return Draft(draft_id, upload_id, None, "MAPPING", mapping, {}, None, None, 1)


async def find_draft(reader: Reader, draft_id: UUID, *, user_id: UUID | None, lock: bool = False) -> Draft:
    """The person's own draft; NotFound for another's."""
    d = import_drafts.c
    statement = select(import_drafts).where(
        d.tenant_id == reader.tenant_id, d.id == draft_id, d.user_id == user_id
    )
    row = await reader.one_or_none(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound(_NO_DRAFT(), path=("input", "draftId"))
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
    said = checked(mapping, headers_of(path)).as_dict()
    return await _change(uow, draft, mapping=said, state="MAPPING", report=None)


async def mend_draft(
    uow: UnitOfWork, draft_id: UUID, edits: Sequence[CellEdit], *, expected_version: int
) -> int:
    """Write cells over what was sent; returns the draft's version. At most 10,000 cells in all."""
    draft = await _open_draft(uow, draft_id, expected_version)
    mapped = {one.file for one in draft.mapping.files.values()}
    mended = dict(draft.edits)
    for edit in edits:
        is_known = edit.file in mapped and edit.column in FILES[edit.file].column_names
        if not is_known or edit.line < 2 or len(edit.value) > CELL_LENGTH_MAX:
            raise ValidationFailed(
                _BAD_EDIT(
                    file=edit.file[:100], line=edit.line, column=edit.column[:100], limit=CELL_LENGTH_MAX
                ),
                path=("input", "edits"),
            )
        mended[edit.file, edit.line, edit.column] = edit.value
    if len(mended) > EDITS_MAX:
        raise LimitExceeded(_TOO_MANY_EDITS(count=len(mended), limit=EDITS_MAX))
    said = [
        {"file": file, "line": line, "column": column, "value": value}
        for (file, line, column), value in mended.items()
    ]
    return await _change(uow, draft, edits=said, state="MAPPING")


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
    uow: UnitOfWork, draft: Draft, report: dict[str, Any], *, batch_id: UUID | None, committed: bool
) -> None:
    """What checking or importing the draft said; Conflict when it was changed meanwhile."""
    now = await _open_draft(uow, draft.id, draft.version)
    state = "COMMITTED" if committed else "CHECKED"
    await _change(uow, now, state=state, report=report, batch_id=batch_id)


async def discard_draft(uow: UnitOfWork, draft_id: UUID) -> None:
    """Forget a draft; what was sent stays until its day is over. NotFound, Conflict."""
    draft = await _open_draft(uow, draft_id, None)
    await _change(uow, draft, state="DISCARDED", edits=[], report=None)
