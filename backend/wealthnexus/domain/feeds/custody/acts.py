"""What people do about a difference: give it to somebody, sign it off with a reason, reopen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from wealthnexus.domain import approvals, audit
from wealthnexus.domain.approvals.repository import requests_by_ids
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.feeds.custody import records, texts
from wealthnexus.domain.feeds.custody.desk import waiting_requests
from wealthnexus.domain.feeds.custody.reconciling import sentence, settle, worth_of
from wealthnexus.domain.feeds.custody.repository import unit_worths
from wealthnexus.domain.feeds.custody.rules import POLICY, Policy
from wealthnexus.domain.feeds.models import reconciliation_breaks as breaks
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.identity.models import users
from wealthnexus.domain.identity.permissions import Permission, Role
from wealthnexus.domain.identity.service.administration import check_maker
from wealthnexus.domain.markets.models import securities
from wealthnexus.domain.work.repository import is_active_staff
from wealthnexus.kit import clock
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import emit, register

REASON_CODES: Final = ("TIMING", "PRICING_SOURCE", "ROUNDING", "CUSTODIAN_ERROR", "ACCEPTED_DIFFERENCE")
REASON_CHARACTERS_MAX: Final = 500
SIGN_OFF: Final = "feeds.sign_off_break"

for _name, _what in (
    ("feeds.break.assigned", "A difference with the custodian was given to somebody, or taken from them."),
    ("feeds.break.signed_off", "A difference with the custodian was signed off."),
    ("feeds.break.reopened", "A sign-off was taken back."),
):
    register(
        _name, description=_what, fields={"breakId": "id", "accountId": "id", "kind": "text", "state": "text"}
    )


@dataclass(frozen=True, slots=True)
class AssignBreak:
    """``owner_id`` None: back to the desk."""

    break_id: UUID
    owner_id: UUID | None
    expected_version: int


@dataclass(frozen=True, slots=True)
class SignOffBreak:
    """``reason_code``: one of ``REASON_CODES``; ``reason``: in the person's own words."""

    break_id: UUID
    reason_code: str
    reason: str
    expected_version: int


@dataclass(frozen=True, slots=True)
class ReopenBreak:
    break_id: UUID
    reason: str
    expected_version: int


async def assign_break(uow: UnitOfWork, caller: approvals.Person, command: AssignBreak) -> Row[Any]:
    """Give an open difference to a member of staff. Returns it.

    PermissionDenied, NotFound, ValidationFailed for nobody of the staff, Conflict on another version or when
    it is not open.
    """
    _require(caller, Permission.RECONCILIATION_WORK)
    row = await _to_change(uow, command.break_id, command.expected_version)
    await _check_open(uow, row, "assign")
    if command.owner_id is not None and not await is_active_staff(uow, command.owner_id):
        raise ValidationFailed(texts.NO_OWNER(id=str(command.owner_id)), path=("input", "ownerId"))
    changed = await records.update_break(uow, row.id, owner_id=command.owner_id)
    said = texts.UNASSIGNED if command.owner_id is None else texts.ASSIGNED
    await _record(uow, "assigned", changed, said(kind=row.kind), {"ownerId": _text(command.owner_id)})
    await emit(
        uow,
        "feeds.break.assigned",
        subject_id=changed.account_id,
        payload=_payload(changed),
        audience_id=changed.owner_id,
    )
    return changed


async def sign_off_break(
    uow: UnitOfWork, caller: approvals.Person, command: SignOffBreak, policy: Policy = POLICY
) -> Row[Any]:
    """Accept an open difference with a reason: the days it covers count as agreed.

    Above the policy's threshold, or when nothing tells what it is worth, a second person who may sign off
    has to agree: an approval is asked for, and its request returned instead of the break. Errors as
    ``assign_break``; a difference signed off already is refused with who did it and when.
    """
    _require(caller, Permission.RECONCILIATION_SIGN_OFF)
    _check_reasons(command.reason_code, command.reason)
    await records.lock(uow)
    row = await _to_change(uow, command.break_id, command.expected_version)
    await _check_open(uow, row, "sign off")
    await _check_not_waiting(uow, row)
    worth = worth_of(row, await unit_worths(uow, [row]))
    if worth is None or worth > policy.two_persons_above:
        named = await _named(uow, row.id)
        what = sentence(row, named.account, named.security)
        return await approvals.request_approval(
            uow,
            caller,
            kind=SIGN_OFF,
            command={
                "breakId": str(row.id),
                "reasonCode": command.reason_code,
                "reason": command.reason.strip(),
                "version": command.expected_version,
            },
            title=texts.APPROVAL_TITLE(what=what)[:300],
            summary=what,
            subject_id=row.account_id,
            reason=command.reason.strip(),
        )
    return await _sign_off(uow, row, command.reason_code, command.reason.strip(), caller.user_id)


async def _execute(uow: UnitOfWork, command: dict[str, Any], approved: approvals.ApprovedCommand) -> None:
    """The approved sign-off, judged again as things stand now: the maker's, and a second person agreed."""
    await check_maker(uow, approved.maker, Permission.RECONCILIATION_SIGN_OFF)
    await records.lock(uow)
    row = await _to_change(uow, UUID(command["breakId"]), command["version"])
    await _check_open(uow, row, "sign off")
    if approved.maker.id is None:
        raise ValueError(f"the sign-off {approved.request_id} was asked for by nobody")
    await _sign_off(uow, row, command["reasonCode"], command["reason"], approved.maker.id)


approvals.register_command(
    SIGN_OFF,
    _execute,
    approvals.Policy(permission=Permission.RECONCILIATION_SIGN_OFF.value, owner_role=Role.COMPLIANCE.value),
)


async def _sign_off(uow: UnitOfWork, row: Row[Any], code: str, reason: str, decided_by: UUID) -> Row[Any]:
    changed = await records.update_break(
        uow,
        row.id,
        state="SIGNED_OFF",
        reason_code=code,
        reason=reason,
        decided_at=clock.now(),
        decided_by=decided_by,
    )
    said = texts.SIGNED_OFF(kind=row.kind, code=code)
    await _record(uow, "signed_off", changed, said, {"reasonCode": code, "decidedBy": str(decided_by)})
    await emit(
        uow,
        "feeds.break.signed_off",
        subject_id=changed.account_id,
        payload=_payload(changed),
        audience_id=changed.owner_id,
    )
    await _settled(uow, row)
    return changed


async def reopen_break(uow: UnitOfWork, caller: approvals.Person, command: ReopenBreak) -> Row[Any]:
    """Take a sign-off back: the days it covered differ again. Returns the break.

    Conflict unless it is signed off; otherwise as ``sign_off_break``.
    """
    _require(caller, Permission.RECONCILIATION_SIGN_OFF)
    _check_reasons(None, command.reason)
    await records.lock(uow)
    row = await _to_change(uow, command.break_id, command.expected_version)
    if row.state != "SIGNED_OFF":
        raise Conflict(texts.NOT_SIGNED_OFF(state=row.state), current_version=row.version)
    if row.version != command.expected_version:
        raise Conflict(
            texts.STALE(expected=command.expected_version, current=row.version), current_version=row.version
        )
    changed = await records.update_break(
        uow, row.id, state="OPEN", reason_code=None, reason=None, decided_at=None, decided_by=None
    )
    said = texts.REOPENED(kind=row.kind)
    await _record(uow, "reopened", changed, said, {"reason": command.reason.strip()})
    await emit(
        uow,
        "feeds.break.reopened",
        subject_id=changed.account_id,
        payload=_payload(changed),
        audience_id=changed.owner_id,
    )
    await _settled(uow, row)
    return changed


async def _settled(uow: UnitOfWork, row: Row[Any]) -> None:
    await settle(uow, await firm_by_id(uow, uow.tenant_id), [row.account_id], row.day)


async def _to_change(uow: UnitOfWork, break_id: UUID, expected_version: int) -> Row[Any]:
    row = await records.break_for_update(uow, break_id)
    if row is None:
        raise NotFound(texts.NO_BREAK(id=str(break_id)), path=("input", "breakId"))
    if not await may_write(uow, row.account_id):
        raise PermissionDenied(texts.READ_ONLY())
    # Of one that was signed off meanwhile, who did and when says more than that the version moved.
    if row.version != expected_version and row.state != "SIGNED_OFF":
        raise Conflict(
            texts.STALE(expected=expected_version, current=row.version), current_version=row.version
        )
    return row


async def _check_open(uow: UnitOfWork, row: Row[Any], act: str) -> None:
    if row.state == "CLEARED":
        raise Conflict(texts.CLEARED_ALREADY(act=act), current_version=row.version)
    if row.state == "SIGNED_OFF":
        name = await uow.scalar(
            select(users.c.name).where(users.c.tenant_id == uow.tenant_id, users.c.id == row.decided_by)
        )
        said = texts.SIGNED_OFF_ALREADY(name=name or str(row.decided_by), day=row.decided_at.date())
        raise Conflict(said, current_version=row.version)


async def _check_not_waiting(uow: UnitOfWork, row: Row[Any]) -> None:
    """One request at a time: a second one would outlive the decision on the first."""
    asked = (await waiting_requests(uow, [row.id])).get(row.id)
    if asked is not None:
        request = (await requests_by_ids(uow, [asked]))[asked]
        said = texts.WAITS_ALREADY(name=request.maker_name, day=request.requested_at.date())
        raise Conflict(said, current_version=row.version)


def _require(caller: approvals.Person, permission: Permission) -> None:
    if permission not in caller.permissions:
        raise PermissionDenied(texts.NO_PERMISSION(permission=permission.value))


def _check_reasons(code: str | None, reason: str) -> None:
    if code is not None and code not in REASON_CODES:
        said = texts.BAD_CODE(code=code[:60], listed=", ".join(REASON_CODES))
        raise ValidationFailed(said, path=("input", "reasonCode"))
    count = len(reason.strip())
    if not 1 <= count <= REASON_CHARACTERS_MAX:
        said = texts.NO_REASON(count=count, limit=REASON_CHARACTERS_MAX)
        raise ValidationFailed(said, path=("input", "reason"))


async def _named(uow: UnitOfWork, break_id: UUID) -> Row[Any]:
    b = breaks
    rows = await uow.rows(
        select(b, accounts.c.name.label("account"), securities.c.name.label("security"))
        .join_from(b, accounts, (accounts.c.tenant_id == b.c.tenant_id) & (accounts.c.id == b.c.account_id))
        .outerjoin(
            securities, (securities.c.tenant_id == b.c.tenant_id) & (securities.c.id == b.c.security_id)
        )
        .where(b.c.tenant_id == uow.tenant_id, b.c.id == break_id)
    )
    return rows[0]


async def _record(uow: UnitOfWork, what: str, row: Row[Any], summary: str, details: dict[str, Any]) -> None:
    """The audit row, under the account."""
    name = await uow.scalar(
        select(accounts.c.name).where(accounts.c.tenant_id == uow.tenant_id, accounts.c.id == row.account_id)
    )
    await audit.append(
        uow,
        f"feeds.break.{what}",
        summary=summary,
        subject=audit.SubjectRef(row.account_id, "account", name or str(row.account_id)),
        details={"breakId": str(row.id), "day": row.day, "difference": str(row.difference), **details},
    )


def _payload(row: Row[Any]) -> dict[str, Any]:
    return {"breakId": row.id, "accountId": row.account_id, "kind": row.kind, "state": row.state}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
