"""Asking for an undo, looking at it before, and the unit of work that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain import audit
from wealthnexus.domain.feeds.importer.run import FirmFacts, prepare
from wealthnexus.domain.feeds.limits import UNDO_JOB, check_job_limit
from wealthnexus.domain.feeds.undo.batches import Group, group_of
from wealthnexus.domain.feeds.undo.blockers import Blocker, blockers_of
from wealthnexus.domain.feeds.undo.run import Progress, undo
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import Conflict, PermissionDenied, PolicyBlocked, ValidationFailed
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.text import message

REASON_CHARACTERS_MAX: Final = 1_000
_TITLE = message("feeds.undo_title", "Undo of an import")
_AUDIT = message("feeds.audit_undo_requested", "{actor} asked to take back an import", actor=str)
_LIMITED = message(
    "feeds.undo_limited",
    "an import may have changed any account of the firm and your access is limited to some; nothing was"
    " taken back",
)
_ALREADY = message("feeds.undo_already", "this import was taken back already; nothing was changed")
_TOO_LATE = message(
    "feeds.undo_too_late",
    "this import could be taken back until {until}; nothing was changed. Correct what is wrong, or import the"
    " right rows",
    until=str,
)
_NEVER = message(
    "feeds.undo_never", "of this import it was not kept what it replaced: it stays; nothing was changed"
)
_BLOCKED = message(
    "feeds.undo_blocked", "something stands on this import: {reasons}; nothing was changed", reasons=str
)
_REASON = message(
    "feeds.undo_reason",
    "the reason has {count, number} characters, expected 1 to {limit, number}; nothing was changed",
    count=int, limit=int,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """``refusal``: why not, in a sentence; ``blockers``: what stands on the import."""

    undo_until: datetime | None
    undone_at: datetime | None
    refusal: str | None
    blockers: tuple[Blocker, ...]

    @property
    def can_undo(self) -> bool:
        return self.refusal is None


async def preview_undo(reader: Reader, batch_id: UUID) -> UndoPreview:
    """What an undo would meet just now; NotFound. Everything is asked again when it runs."""
    group = await group_of(reader, batch_id)
    blockers = tuple(await blockers_of(reader, group)) if group.undone_at is None else ()
    said = _closed(group)
    if said is None and blockers:
        said = _BLOCKED(reasons="; ".join(one.message for one in blockers))
    return UndoPreview(group.undo_until, group.undone_at, said, blockers)


def _closed(group: Group) -> str | None:
    if group.undone_at is not None:
        return _ALREADY()
    if group.undo_until is None:
        return _NEVER()
    if clock.now() >= group.undo_until:
        return _TOO_LATE(until=group.undo_until.strftime("%Y-%m-%d %H:%M UTC"))
    return None


async def request_undo(uow: UnitOfWork, firm: FirmInfo, batch_id: UUID, reason: str) -> UUID:
    """Queues the undo of the import a batch is of; returns the job's id.

    NotFound; PermissionDenied for somebody who sees only a part of the firm; ValidationFailed without a
    reason; Conflict when it was taken back already; PolicyBlocked after the window, and with what stands
    on it; LimitExceeded beyond the tier's jobs.
    """
    if uow.binding.scope == "limited":
        raise PermissionDenied(_LIMITED())
    why = reason.strip()
    if not 1 <= len(why) <= REASON_CHARACTERS_MAX:
        raise ValidationFailed(_REASON(count=len(why), limit=REASON_CHARACTERS_MAX), path=("input", "reason"))
    group = await group_of(uow, batch_id)
    await refuse(uow, group)
    await check_job_limit(uow, firm)
    job_id = await enqueue(
        uow,
        UNDO_JOB,
        title=_TITLE(),
        params={"batchId": str(group.batch_ids[-1]), "reason": why},
        dedupe_key=str(group.batch_ids[-1]),
    )
    await audit.append(
        uow,
        "feeds.undo.requested",
        summary=_AUDIT(actor=uow.actor.name),
        details={"jobId": str(job_id), "batchIds": [str(one) for one in group.batch_ids], "reason": why},
    )
    return job_id


async def refuse(reader: Reader, group: Group) -> None:
    """Conflict or PolicyBlocked when the import cannot be taken back now."""
    said = _closed(group)
    if said is not None:
        raise Conflict(said) if group.undone_at is not None else PolicyBlocked(said)
    blockers = await blockers_of(reader, group)
    if blockers:
        raise PolicyBlocked(_BLOCKED(reasons="; ".join(one.message for one in blockers)))


async def undo_import(
    uow: UnitOfWork,
    firm: FirmFacts,
    batch_id: UUID,
    *,
    reason: str,
    job_id: UUID | None,
    progress: Progress,
) -> dict[str, Any]:
    """The undo itself, in the caller's unit of work, which waits for no other import of the firm.

    Conflict while an import runs or when it is done already; PolicyBlocked as for asking.
    """
    await prepare(uow)
    group = await group_of(uow, batch_id)
    await refuse(uow, group)
    done = await undo(uow, firm, group, reason=reason, job_id=job_id, progress=progress)
    return {"batchIds": [str(one) for one in group.batch_ids], **done}
