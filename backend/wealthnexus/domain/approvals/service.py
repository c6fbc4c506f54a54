"""Asking, deciding, withdrawing, expiring. Concurrent decisions are ordered by the request's row lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain import audit, work
from wealthnexus.domain.approvals import repository, texts
from wealthnexus.domain.approvals.registry import ApprovedCommand, Policy, command_kind
from wealthnexus.domain.approvals.rules import PENDING, Decision, command_hash, has_quorum, plain
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import (
    Conflict,
    DomainError,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    StepUpRequired,
    ValidationFailed,
)
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id

WORK_KIND: Final = "approvals.decision"
PENDING_PER_MAKER_MAX: Final = 200
REASON_CHARACTERS_MAX: Final = 1_000
EXPIRE_BATCH: Final = 200

work.register_item_kind(WORK_KIND, texts.GROUP, is_closed_by_hand=False)
register(
    "approvals.request.made",
    description="Something was asked for that needs a second person.",
    fields={"approvalId": "id", "kind": "text"},
)
register(
    "approvals.request.decided",
    description="A person approved or rejected a request.",
    fields={"approvalId": "id", "kind": "text", "decision": "text", "state": "text"},
)
register(
    "approvals.request.closed",
    description="A request ended: EXECUTED, REJECTED, FAILED, CANCELLED or EXPIRED.",
    fields={"approvalId": "id", "kind": "text", "state": "text"},
)


class Person(Protocol):
    """The caller, as far as this engine looks at it."""

    @property
    def user_id(self) -> UUID: ...

    @property
    def name(self) -> str: ...

    @property
    def permissions(self) -> frozenset[str]: ...

    def actor(self) -> Actor: ...

    def is_stepped_up(self) -> bool: ...


async def request_approval(
    uow: UnitOfWork,
    caller: Person,
    *,
    kind: str,
    command: dict[str, Any],
    title: str,
    summary: str,
    subject_id: UUID | None = None,
    reason: str | None = None,
    policy: Policy | None = None,
) -> Row[Any]:
    """Store ``command`` until somebody else agrees; returns the request.

    Whether the caller may ask at all is checked by the room that asks. ``policy`` overrides the kind's.
    LimitExceeded when the caller has too many requests waiting.
    """
    registered = command_kind(kind)
    policy = policy or registered.policy
    waiting = await repository.pending_count_of_maker(uow, caller.user_id)
    if waiting >= PENDING_PER_MAKER_MAX:
        raise LimitExceeded(texts.TOO_MANY(count=waiting, limit=PENDING_PER_MAKER_MAX))
    stored = plain(command)
    request_id, instant = new_id(), clock.now()
    expires_at = instant + policy.expires_after
    await repository.insert_request(
        uow,
        {
            "id": request_id,
            "kind": kind,
            "title": title,
            "summary": summary,
            "command": stored,
            "command_hash": command_hash(uow.tenant_id, kind, subject_id, stored),
            "policy": policy.stored(),
            "quorum": policy.quorum,
            "state": PENDING,
            "subject_id": subject_id,
            "maker_id": caller.user_id,
            "maker_name": caller.name,
            "reason": _checked_reason(reason, needed=False),
            "requested_at": instant,
            "expires_at": expires_at,
            "version": 1,
        },
    )
    await work.post_item(
        uow,
        kind=WORK_KIND,
        title=title,
        detail=summary,
        subject_id=subject_id,
        owner_role=policy.owner_role,
        action_label=texts.REVIEW(),
        action_path=f"/approvals/{request_id}",
        dedupe_key=str(request_id),
        due_at=expires_at,
    )
    request = (await repository.requests_by_ids(uow, [request_id]))[request_id]
    await _audit(uow, "approvals.request.made", request, texts.AUDIT_REQUESTED(title=title))
    await emit(
        uow,
        "approvals.request.made",
        subject_id=subject_id,
        payload={"approvalId": request_id, "kind": kind},
        audience_id=caller.user_id,
    )
    return request


async def decide(
    uow: UnitOfWork,
    caller: Person,
    request_id: UUID,
    *,
    decision: Decision,
    command_hash: bytes,
    expected_version: int,
    reason: str | None = None,
) -> Row[Any]:
    """Record one person's decision; the one that completes the quorum executes the stored command.

    Returns the request as it is then: PENDING, REJECTED, EXECUTED, or FAILED (approved, but the command
    was refused by its own room: ``outcome`` says why, and nothing of it was done).
    Raises NotFound, Conflict, Expired, PermissionDenied, PolicyBlocked (the maker), StepUpRequired,
    ValidationFailed (a rejection without reason); then nothing was recorded.
    """
    request = await repository.request_for_update(uow, request_id)
    if request is None:
        raise NotFound(texts.NOT_FOUND(id=request_id), path=("input", "approvalId"))
    reason = _checked_reason(reason, needed=decision == "REJECT")
    _check_still_open(request, expected_version)
    _check_may_decide(caller, request)
    _check_command(uow, request, command_hash)
    earlier = (await repository.decisions_of(uow, [request_id])).get(request_id, [])
    if any(row.decider_id == caller.user_id for row in earlier):
        raise Conflict(texts.DECIDED_ALREADY(title=request.title), current_version=request.version)
    await repository.insert_decision(
        uow,
        {
            "id": new_id(),
            "request_id": request_id,
            "decider_id": caller.user_id,
            "decider_name": caller.name,
            "decision": decision,
            "reason": reason,
            "command_hash": command_hash,
            "decided_at": clock.now(),
        },
    )
    state, outcome = await _state_after(uow, request, [*(row.decision for row in earlier), decision])
    told = texts.AUDIT_APPROVED if decision == "APPROVE" else texts.AUDIT_REJECTED
    await _audit(uow, "approvals.request.decided", request, told(title=request.title), decision=decision)
    changed = await _changed(uow, request, state, outcome)
    await emit(
        uow,
        "approvals.request.decided",
        subject_id=request.subject_id,
        payload={"approvalId": request_id, "kind": request.kind, "decision": decision, "state": state},
        audience_id=request.maker_id,
    )
    return changed


async def cancel(uow: UnitOfWork, caller: Person, request_id: UUID, *, expected_version: int) -> Row[Any]:
    """The maker withdraws a pending request. Returns it; errors as ``decide``."""
    request = await repository.request_for_update(uow, request_id)
    if request is None:
        raise NotFound(texts.NOT_FOUND(id=request_id), path=("input", "approvalId"))
    if request.maker_id != caller.user_id:
        raise PermissionDenied(texts.ONLY_MAKER(title=request.title))
    _check_still_open(request, expected_version)
    return await _changed(uow, request, "CANCELLED", None)


async def cancel_all_of(uow: UnitOfWork, maker_id: UUID) -> int:
    """Close every pending request of somebody whose access ends; returns how many."""
    pending = await repository.pending_of_maker_for_update(uow, maker_id)
    for request in pending:
        await _changed(uow, request, "CANCELLED", texts.MAKER_GONE(), told=texts.AUDIT_MAKER_GONE)
    return len(pending)


async def expire_due(uow: UnitOfWork, *, limit: int = EXPIRE_BATCH) -> int:
    """Close the pending requests of the bound firm whose time has passed; returns how many."""
    due = await repository.due_requests_for_update(uow, clock.now(), limit)
    for request in due:
        await _changed(uow, request, "EXPIRED", None)
    return len(due)


def _checked_reason(reason: str | None, *, needed: bool) -> str | None:
    text = (reason or "").strip()
    if len(text) > REASON_CHARACTERS_MAX or (needed and not text):
        raise ValidationFailed(
            texts.REASON_NEEDED(count=len(text), limit=REASON_CHARACTERS_MAX), path=("input", "reason")
        )
    return text or None


def _check_still_open(request: Row[Any], expected_version: int) -> None:
    if request.state != PENDING:
        raise Conflict(
            texts.NOT_PENDING(title=request.title, state=request.state), current_version=request.version
        )
    if request.version != expected_version:
        raise Conflict(
            texts.STALE(title=request.title, expected=expected_version, current=request.version),
            current_version=request.version,
        )
    if request.expires_at <= clock.now():
        raise Expired(texts.EXPIRED(title=request.title, when=request.expires_at))


def _check_may_decide(caller: Person, request: Row[Any]) -> None:
    if request.policy["permission"] not in caller.permissions:
        raise PermissionDenied(texts.NO_PERMISSION(permission=request.policy["permission"]))
    if request.maker_id == caller.user_id:
        raise PolicyBlocked(texts.OWN_REQUEST(title=request.title))
    if request.policy["needs_step_up"] and not caller.is_stepped_up():
        raise StepUpRequired(texts.STEP_UP())


def _check_command(uow: UnitOfWork, request: Row[Any], decided_hash: bytes) -> None:
    stored = command_hash(uow.tenant_id, request.kind, request.subject_id, request.command)
    if stored != request.command_hash:
        raise PolicyBlocked(texts.TAMPERED(title=request.title))
    if decided_hash != request.command_hash:
        raise Conflict(texts.OTHER_COMMAND(title=request.title), current_version=request.version)


async def _state_after(uow: UnitOfWork, request: Row[Any], decisions: list[str]) -> tuple[str, str | None]:
    if "REJECT" in decisions:
        return "REJECTED", None
    if not has_quorum(decisions, request.quorum):
        return PENDING, None
    approved = ApprovedCommand(
        request.id, Actor("user", request.maker_id, request.maker_name), request.reason, request.subject_id
    )
    try:
        async with uow.savepoint():
            await command_kind(request.kind).executor(uow, request.command, approved)
    except DomainError as error:
        return "FAILED", error.message
    return "EXECUTED", None


async def _changed(
    uow: UnitOfWork,
    request: Row[Any],
    state: str,
    outcome: str | None,
    *,
    told: Callable[..., str] | None = None,
) -> Row[Any]:
    """The request in its new state; when it has ended, everything that waits for it is told."""
    if state == PENDING:
        return await repository.update_request(uow, request.id)
    changed = await repository.update_request(
        uow, request.id, state=state, outcome=outcome, closed_at=clock.now()
    )
    done = state in ("EXECUTED", "REJECTED", "FAILED")
    await work.close_item_for(uow, WORK_KIND, str(request.id), state="DONE" if done else "CANCELLED")
    told = told or {
        "EXECUTED": texts.AUDIT_EXECUTED,
        "FAILED": texts.AUDIT_FAILED,
        "CANCELLED": texts.AUDIT_CANCELLED,
        "EXPIRED": texts.AUDIT_EXPIRED,
    }.get(state)
    if told is not None:
        await _audit(
            uow, f"approvals.request.{state.lower()}", request, told(title=request.title), outcome=outcome
        )
    await emit(
        uow,
        "approvals.request.closed",
        subject_id=request.subject_id,
        payload={"approvalId": request.id, "kind": request.kind, "state": state},
        audience_id=request.maker_id,
    )
    return changed


async def _audit(uow: UnitOfWork, action: str, request: Row[Any], summary: str, **details: Any) -> None:
    subject = None
    if request.subject_id is not None:
        subject = await work.subject_ref(uow, request.subject_id)
    await audit.append(
        uow,
        action,
        summary=summary,
        subject=audit.SubjectRef(subject.id, subject.kind, subject.label) if subject else None,
        details={
            "approval_id": request.id,
            "kind": request.kind,
            "command_hash": request.command_hash.hex(),
            "maker_id": request.maker_id,
            **details,
        },
    )
