"""What may be done with subjects, work items and findings; each in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.work import repository
from wealthnexus.domain.work.kinds import item_kind, kinds_ending_with_findings
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, PolicyBlocked, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

Severity = Literal["INFO", "WARNING", "BREACH"]
SEVERITIES: Final = ("INFO", "WARNING", "BREACH")
OPEN_STATES: Final = ("OPEN", "IN_PROGRESS")
TITLE_CHARACTERS_MAX: Final = 300
REASON_CHARACTERS_MAX: Final = 1_000
EVIDENCE_MAX: Final = 50

register(
    "work.item.posted",
    description="Work for a person was put into the queue.",
    fields={"workItemId": "id", "kind": "text", "ownerRole": "text?"},
)
register(
    "work.item.changed",
    description="A work item was assigned, ended (DONE or CANCELLED), or what it is about has changed.",
    fields={"workItemId": "id", "kind": "text", "state": "text"},
)
register(
    "work.finding.posted",
    description="A check found something.",
    fields={"findingId": "id", "code": "text", "severity": "text"},
)
register(
    "work.finding.closed",
    description="A finding was resolved or dismissed.",
    fields={"findingId": "id", "code": "text", "state": "text"},
)

_NO_PERMISSION = message(
    "work.no_permission",
    "{permission} is not among what your roles allow; nothing was changed",
    permission=str,
)
_TITLE = message(
    "work.title",
    "the title of a work item has {count} characters, expected 1 to {limit}",
    count=int,
    limit=int,
)
_SEVERITY = message(
    "work.severity", "severity is {severity}, expected one of {listed}", severity=str, listed=str
)
_ACTION_PATH = message("work.action_path", "action_path is {path}, expected a path of the app: /…", path=str)
_EVIDENCE = message(
    "work.evidence",
    "{code} has {count} pieces of evidence, expected at most {limit}",
    code=str,
    count=int,
    limit=int,
)
_NO_ITEM = message("work.no_item", "there is no work item {id}; nothing was changed", id=str)
_NO_FINDING = message("work.no_finding", "there is no finding {id}; nothing was changed", id=str)
_ITEM_ENDED = message(
    "work.item_ended", "{title} has ended already ({state}); nothing was changed", title=str, state=str
)
_STALE = message(
    "work.stale",
    "{title} was changed by somebody else: version {expected} was expected, it is {current};"
    " nothing was changed",
    title=str,
    expected=int,
    current=int,
)
_NOT_BY_HAND = message(
    "work.not_by_hand",
    "{title} ends with what it is about and cannot be ticked off; nothing was changed",
    title=str,
)
_NO_ASSIGNEE = message(
    "work.no_assignee", "{id} is not an active member of staff; the item was not assigned", id=str
)
_NO_REASON = message(
    "work.no_reason", "the reason has {count} characters, expected 1 to {limit}; nothing was changed",
    count=int, limit=int,
)  # fmt: skip
_FINDING_CLOSED = message(
    "work.finding_closed", "this finding is closed already ({state}); nothing was changed", state=str
)


class Worker(Protocol):
    """The caller, as far as this room looks at it."""

    @property
    def user_id(self) -> UUID: ...

    @property
    def permissions(self) -> frozenset[str]: ...

    def actor(self) -> Actor: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that supports a finding, as a person reads it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Where the finding can be put right."""

    label: str
    path: str


async def register_subject(uow: UnitOfWork, subject_id: UUID, kind: str, label: str) -> UUID:
    """Make ``subject_id`` something that audit rows, items, findings and grants may point at."""
    await repository.insert_subjects(uow, [(subject_id, kind, label)])
    return subject_id


async def register_subjects(uow: UnitOfWork, subjects: Sequence[tuple[UUID, str, str]]) -> None:
    """Many at once: ``(id, kind, label)``; one statement."""
    await repository.insert_subjects(uow, subjects)


async def rename_subject(uow: UnitOfWork, subject_id: UUID, label: str) -> None:
    """The label follows the name of what it stands for."""
    await repository.update_subject_label(uow, subject_id, label)


async def subject_ref(reader: Reader, subject_id: UUID) -> Row[Any] | None:
    """``(id, kind, label)`` of a subject the caller may see."""
    return (await repository.subjects_by_ids(reader, [subject_id])).get(subject_id)


async def post_item(
    uow: UnitOfWork,
    *,
    kind: str,
    title: str,
    action_label: str,
    action_path: str,
    subject_id: UUID | None = None,
    detail: str | None = None,
    severity: Severity = "INFO",
    owner_role: str | None = None,
    assignee_id: UUID | None = None,
    dedupe_key: str | None = None,
    due_at: datetime | None = None,
) -> UUID:
    """Put work into the queue; returns the item's id (that of the open one with the same dedupe key)."""
    if not title or len(title) > TITLE_CHARACTERS_MAX:
        raise ValidationFailed(_TITLE(count=len(title), limit=TITLE_CHARACTERS_MAX))
    if severity not in SEVERITIES:
        raise ValidationFailed(_SEVERITY(severity=repr(severity), listed=", ".join(SEVERITIES)))
    if not action_path.startswith("/"):
        raise ValidationFailed(_ACTION_PATH(path=repr(action_path)))
    item_id = new_id()
    values = {
        "id": item_id,
        "kind": kind,
        "title": title,
        "detail": detail,
        "subject_id": subject_id,
        "severity": severity,
        "state": "OPEN",
        "created_at": clock.now(),
        "due_at": due_at,
        "owner_role": owner_role,
        "assignee_id": assignee_id,
        "action_label": action_label,
        "action_path": action_path,
        "dedupe_key": dedupe_key,
        "version": 1,
    }
    existing = await repository.insert_item_once(uow, values)
    if existing is not None:
        return existing
    await emit(
        uow,
        "work.item.posted",
        subject_id=subject_id,
        payload={"workItemId": item_id, "kind": kind, "ownerRole": owner_role},
        audience_id=assignee_id,
    )
    return item_id


async def complete_item(uow: UnitOfWork, caller: Worker, item_id: UUID, *, expected_version: int) -> Row[Any]:
    """A person says the work is done. Returns the item.

    PermissionDenied without ``work.manage``; PolicyBlocked for kinds that end by themselves; NotFound;
    Conflict on another version or when it has ended.
    """
    item = await _item_to_change(uow, caller, item_id, expected_version)
    if not item_kind(item.kind).is_closed_by_hand:
        raise PolicyBlocked(_NOT_BY_HAND(title=item.title))
    return await _end_item(uow, item, "DONE")


async def cancel_item(uow: UnitOfWork, caller: Worker, item_id: UUID, *, expected_version: int) -> Row[Any]:
    """A person says the work need not be done; as ``complete_item``."""
    item = await _item_to_change(uow, caller, item_id, expected_version)
    if not item_kind(item.kind).is_closed_by_hand:
        raise PolicyBlocked(_NOT_BY_HAND(title=item.title))
    return await _end_item(uow, item, "CANCELLED")


async def assign_item(
    uow: UnitOfWork, caller: Worker, item_id: UUID, *, assignee_id: UUID | None, expected_version: int
) -> Row[Any]:
    """Give an open item to a member of staff, or (None) back to its role. Returns the item."""
    await _item_to_change(uow, caller, item_id, expected_version)
    if assignee_id is not None and not await repository.is_active_staff(uow, assignee_id):
        raise ValidationFailed(_NO_ASSIGNEE(id=assignee_id), path=("input", "assigneeId"))
    changed = await repository.update_item(
        uow, item_id, assignee_id=assignee_id, state="IN_PROGRESS" if assignee_id else "OPEN"
    )
    await _announce_item(uow, changed)
    return changed


async def close_item_for(
    uow: UnitOfWork, kind: str, dedupe_key: str, *, state: Literal["DONE", "CANCELLED"] = "DONE"
) -> bool:
    """What the item was about has ended; False when none was open."""
    item = await repository.open_item_for_update(uow, kind, dedupe_key)
    if item is None:
        return False
    await _end_item(uow, item, state)
    return True


async def change_item_for(
    uow: UnitOfWork, kind: str, dedupe_key: str, *, title: str, severity: Severity
) -> bool:
    """What the item is about has moved on: it says so, and how much it matters; False when none was open."""
    item = await repository.open_item_for_update(uow, kind, dedupe_key)
    if item is None:
        return False
    if (item.title, item.severity) != (title, severity):
        await _announce_item(uow, await repository.update_item(uow, item.id, title=title, severity=severity))
    return True


async def _item_to_change(uow: UnitOfWork, caller: Worker, item_id: UUID, expected_version: int) -> Row[Any]:
    _require(caller, "work.manage")
    item = await repository.item_for_update(uow, item_id)
    if item is None:
        raise NotFound(_NO_ITEM(id=item_id), path=("input", "workItemId"))
    if item.state not in OPEN_STATES:
        raise Conflict(_ITEM_ENDED(title=item.title, state=item.state), current_version=item.version)
    if item.version != expected_version:
        raise Conflict(
            _STALE(title=item.title, expected=expected_version, current=item.version),
            current_version=item.version,
        )
    return item


async def _end_item(uow: UnitOfWork, item: Row[Any], state: str) -> Row[Any]:
    ended = await repository.update_item(uow, item.id, state=state, closed_at=clock.now())
    await _announce_item(uow, ended)
    on_end = item_kind(ended.kind).on_end
    if on_end is not None:
        await on_end(uow, ended)
    return ended


async def _announce_item(uow: UnitOfWork, item: Row[Any]) -> None:
    await emit(
        uow,
        "work.item.changed",
        subject_id=item.subject_id,
        payload={"workItemId": item.id, "kind": item.kind, "state": item.state},
        audience_id=item.assignee_id,
    )


async def post_finding(
    uow: UnitOfWork,
    *,
    code: str,
    severity: Severity,
    category: str,
    message: str,
    subject_id: UUID | None = None,
    job_id: UUID | None = None,
    params: Mapping[str, Any] | None = None,
    evidence: Sequence[Evidence] = (),
    fix: Fix | None = None,
    dedupe_key: str | None = None,
) -> UUID:
    """Record what a check found; returns its id (that of the open one with the same code and key)."""
    if severity not in SEVERITIES:
        raise ValidationFailed(_SEVERITY(severity=repr(severity), listed=", ".join(SEVERITIES)))
    if len(evidence) > EVIDENCE_MAX:
        raise ValidationFailed(_EVIDENCE(code=code, count=len(evidence), limit=EVIDENCE_MAX))
    finding_id = new_id()
    values = {
        "id": finding_id,
        "code": code,
        "severity": severity,
        "category": category,
        "subject_id": subject_id,
        "job_id": job_id,
        "message": message,
        "params": dict(params or {}),
        "evidence": [asdict(piece) for piece in evidence],
        "fix": asdict(fix) if fix else None,
        "state": "OPEN",
        "dedupe_key": dedupe_key,
        "detected_at": clock.now(),
        "version": 1,
    }
    existing = await repository.insert_finding_once(uow, values)
    if existing is not None:
        return existing
    await emit(
        uow,
        "work.finding.posted",
        subject_id=subject_id,
        payload={"findingId": finding_id, "code": code, "severity": severity},
    )
    return finding_id


async def resolve_finding(
    uow: UnitOfWork,
    caller: Worker,
    finding_id: UUID,
    *,
    resolution: Literal["RESOLVED", "DISMISSED"],
    reason: str,
    expected_version: int,
) -> Row[Any]:
    """A person closes a finding and says why. Returns it; errors as ``complete_item``."""
    _require(caller, "findings.resolve")
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX:
        raise ValidationFailed(
            _NO_REASON(count=len(reason), limit=REASON_CHARACTERS_MAX), path=("input", "reason")
        )
    finding = await repository.finding_for_update(uow, finding_id)
    if finding is None:
        raise NotFound(_NO_FINDING(id=finding_id), path=("input", "findingId"))
    if finding.state != "OPEN":
        raise Conflict(_FINDING_CLOSED(state=finding.state), current_version=finding.version)
    if finding.version != expected_version:
        raise Conflict(
            _STALE(title=finding.code, expected=expected_version, current=finding.version),
            current_version=finding.version,
        )
    closed = await repository.update_finding(
        uow,
        finding_id,
        state=resolution,
        resolved_at=clock.now(),
        resolved_by=caller.user_id,
        resolution_reason=reason,
    )
    await emit(
        uow,
        "work.finding.closed",
        subject_id=finding.subject_id,
        payload={"findingId": finding_id, "code": finding.code, "state": resolution},
    )
    await _end_reviews(uow, [closed])
    return closed


async def count_open_findings(reader: Reader, parameter: str, value: str) -> int:
    """How many open findings have this value for this parameter."""
    return await repository.count_open_findings(reader, parameter, value)


async def _end_reviews(uow: UnitOfWork, closed: Sequence[Row[Any]]) -> None:
    """Items that ask for a review of findings are done with the last of them."""
    for kind in kinds_ending_with_findings():
        parameter = kind.ends_with_findings or ""
        for value in sorted({row.params[parameter] for row in closed if parameter in row.params}):
            if not await repository.count_open_findings(uow, parameter, value):
                await close_item_for(uow, kind.kind, value)


async def close_findings(
    uow: UnitOfWork,
    *,
    codes: Sequence[str],
    category: str,
    is_gone: Callable[[str, str], bool],
    reason: str,
) -> int:
    """A check has looked again: open findings of its ``codes`` are resolved for which ``is_gone`` (code,
    dedupe key) says that what they found is no longer so. Returns how many."""
    gone = [
        row
        for row in await repository.open_findings_for_update(uow, codes, category)
        if row.dedupe_key is not None and is_gone(row.code, row.dedupe_key)
    ]
    for row in gone:
        await repository.update_finding(
            uow, row.id, state="RESOLVED", resolved_at=clock.now(), resolution_reason=reason
        )
        await emit(
            uow,
            "work.finding.closed",
            subject_id=row.subject_id,
            payload={"findingId": row.id, "code": row.code, "state": "RESOLVED"},
        )
    await _end_reviews(uow, gone)
    return len(gone)


def _require(caller: Worker, permission: str) -> None:
    if permission not in caller.permissions:
        raise PermissionDenied(_NO_PERMISSION(permission=permission))
