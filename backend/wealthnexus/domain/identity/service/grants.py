"""Access grants: who may see what beyond their role, expanded into ``access_scope`` for the policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from wealthnexus.domain.firms import firm_by_id
from wealthnexus.domain.identity import events, repository, scope_changes, scope_repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.models import access_grants
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.identity.records import record
from wealthnexus.domain.identity.rules.people import checked_reason
from wealthnexus.domain.identity.scope_changes import Touched
from wealthnexus.domain.work.models import subjects
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PolicyBlocked, ValidationFailed
from wealthnexus.kit.events import emit
from wealthnexus.kit.ids import new_id

SHAREABLE: Final = ("account", "household", "party", "liability", "book")
# What a person is to the one whose things are shared; the firm's own people are its staff or stand in.
CLIENT_RELATIONSHIPS: Final = (
    "self",
    "spouse",
    "parent",
    "guardian",
    "trustee",
    "executor",
    "attorney",
    "accountant",
    "delegate",
)
STAFF_RELATIONSHIPS: Final = ("staff", "delegate")
_PERMISSIONS: Final = (["read"], ["read", "write"])
_NAMED_MAX: Final = 100


async def create_access_grant(
    uow: UnitOfWork,
    caller: Caller,
    *,
    principal_id: UUID,
    subject_id: UUID,
    relationship: str | None = None,
    permissions: Sequence[str] = ("read",),
    effective_from: date | None = None,
    effective_to: date | None = None,
    reason: str,
) -> UUID:
    """Gives a limited person access to an account, household, party, debt or book; returns the grant's id.

    ``permissions``: read, for staff also write; a client only looks.
    ``relationship`` None: "staff" for staff, else "delegate". Dates are days of the firm's time zone,
    ``effective_to`` the first day without access. Takes effect with the commit. PermissionDenied,
    StepUpRequired, ValidationFailed, NotFound; PolicyBlocked for oneself and who sees the whole firm.
    """
    caller.require(Permission.GRANTS_MANAGE)
    caller.require_step_up()
    begins = effective_from or clock.business_date(caller.firm.time_zone, None)
    why = checked_reason(reason)
    given = _checked_permissions(permissions)
    if effective_to is not None and effective_to <= begins:
        raise ValidationFailed(
            texts.GRANT_DATES(ends=effective_to.isoformat(), begins=begins.isoformat()),
            path=("input", "effectiveTo"),
        )
    principal = await _limited_person(uow, caller, principal_id)
    if principal.kind != "STAFF" and "write" in given:
        raise ValidationFailed(texts.GRANT_CLIENT_READS(name=principal.name), path=("input", "permissions"))
    relationship = relationship_of(principal.kind, relationship)
    subject = await _subject(uow, subject_id)
    grant_id = new_id()
    await uow.execute(
        insert(access_grants).values(
            tenant_id=uow.tenant_id,
            id=grant_id,
            principal_id=principal_id,
            subject_id=subject_id,
            relationship=relationship,
            permissions=given,
            effective_from=begins,
            effective_to=effective_to,
            reason=why,
            created_at=clock.now(),
            created_by=caller.user_id,
        )
    )
    await expand_grant(uow, grant_id)
    await record(
        uow,
        events.GRANT_CREATED,
        summary=texts.AUDIT_GRANT_CREATED(kind=subject.kind, permissions=", ".join(given)),
        user_id=principal_id,
        user_name=principal.name,
        payload={"grantId": grant_id, "principalId": principal_id},
        details={
            "grantId": str(grant_id),
            "subjectId": str(subject_id),
            "relationship": relationship,
            "permissions": given,
            "effectiveFrom": begins.isoformat(),
            "effectiveTo": effective_to.isoformat() if effective_to else None,
            "reason": why,
        },
    )
    return grant_id


def _checked_permissions(permissions: Sequence[str]) -> list[str]:
    """The permissions in order; ValidationFailed for others than a grant may give."""
    given = sorted(set(permissions))
    if given not in _PERMISSIONS:
        named = ", ".join(given) or "-"
        said = texts.GRANT_PERMISSIONS(given=named if len(named) <= _NAMED_MAX else f"{named[:_NAMED_MAX]}…")
        raise ValidationFailed(said, path=("input", "permissions"))
    return given


async def _limited_person(uow: UnitOfWork, caller: Caller, principal_id: UUID) -> Row[Any]:
    """Somebody else who does not see the whole firm anyway, locked; NotFound or PolicyBlocked."""
    principal = await repository.user_for_update(uow, principal_id)
    if principal is None or principal.status == "DEACTIVATED":
        raise NotFound(texts.GRANT_NOBODY(id=principal_id), path=("input", "principalId"))
    if principal_id == caller.user_id:
        raise PolicyBlocked(texts.NOT_ONESELF())
    if principal.kind == "STAFF" and principal.scope == "firm":
        raise PolicyBlocked(texts.GRANT_FIRM_WIDE())
    return principal


def relationship_of(
    kind: str, given: str | None, *, path: tuple[str, ...] = ("input", "relationship")
) -> str:
    """The relationship to store; ValidationFailed for one that this kind of person cannot have."""
    allowed = STAFF_RELATIONSHIPS if kind == "STAFF" else CLIENT_RELATIONSHIPS
    if given is None:
        return "staff" if kind == "STAFF" else "delegate"
    if given not in allowed:
        raise ValidationFailed(
            texts.GRANT_RELATIONSHIP(given=given.upper(), expected=", ".join(allowed).upper()),
            path=path,
        )
    return given


async def _subject(uow: UnitOfWork, subject_id: UUID) -> Row[Any]:
    row = await uow.one_or_none(
        select(subjects.c.id, subjects.c.kind).where(
            subjects.c.tenant_id == uow.tenant_id,
            subjects.c.id == subject_id,
            subjects.c.kind.in_(SHAREABLE),
        )
    )
    if row is None:
        raise NotFound(texts.GRANT_NO_SUBJECT(id=subject_id), path=("input", "subjectId"))
    return row


async def revoke_access_grant(uow: UnitOfWork, caller: Caller, grant_id: UUID, *, reason: str) -> None:
    """Takes access back with the commit. PermissionDenied, StepUpRequired, NotFound, Conflict if ended."""
    caller.require(Permission.GRANTS_MANAGE)
    caller.require_step_up()
    why = checked_reason(reason)
    grant = await uow.one_or_none(
        select(access_grants)
        .where(access_grants.c.tenant_id == uow.tenant_id, access_grants.c.id == grant_id)
        .with_for_update()
    )
    principal = await repository.user_for_update(uow, grant.principal_id) if grant is not None else None
    if grant is None or principal is None:
        raise NotFound(texts.GRANT_GONE(id=grant_id), path=("input", "grantId"))
    if grant.revoked_at is not None:
        raise Conflict(texts.GRANT_ENDED(), path=("input", "grantId"))
    await uow.execute(
        update(access_grants)
        .where(access_grants.c.tenant_id == uow.tenant_id, access_grants.c.id == grant_id)
        .values(revoked_at=clock.now(), revoked_by=caller.user_id)
    )
    await expand_grant(uow, grant_id)
    await record(
        uow,
        events.GRANT_REVOKED,
        summary=texts.AUDIT_GRANT_REVOKED(),
        user_id=grant.principal_id,
        user_name=principal.name,
        payload={"grantId": grant_id, "principalId": grant.principal_id},
        details={"grantId": str(grant_id), "subjectId": str(grant.subject_id), "reason": why},
    )


async def rebuild_scope(uow: UnitOfWork, principal_id: UUID | None = None) -> int:
    """Expands the grants of one principal, or of everybody, anew; returns the rows now in force.

    For everybody once a day, and after changes that nobody can name (a whole import). Grants follow
    today's date where the firm is; memberships the firm's business date.
    """
    when = await _locked(uow)
    count = await scope_repository.replace_scope(uow, when, principal_id)
    if principal_id is None:
        await emit(uow, events.SCOPE_REBUILT.name, payload={"principals": count})
    return count


async def expand_grant(uow: UnitOfWork, grant_id: UUID) -> int:
    """Expands one grant that was given, changed or ended; returns its rows now in force."""
    return await scope_repository.replace_grant(uow, await _locked(uow), grant_id)


async def refresh_scope(uow: UnitOfWork, touched: Touched) -> int:
    """Works out anew who may see what a change touches, and nothing else; returns the rows written.

    The same rows as ``rebuild_scope`` gives, in milliseconds however large the firm is. Call it after
    memberships, owners, assignments or books have changed, with both ends of every tie.
    """
    when = await _locked(uow)
    found = await scope_changes.affected(uow, when, touched)
    if len(found) > scope_changes.SUBJECTS_MAX:
        count = await scope_repository.replace_scope(uow, when)
    else:
        count = await scope_changes.replace_subjects(uow, when, found)
    await emit(uow, events.SCOPE_REBUILT.name, payload={"principals": count})
    return count


async def _locked(uow: UnitOfWork) -> scope_repository.When:
    """The days of an expansion, of which there is one of a firm at a time."""
    firm = await firm_by_id(uow, uow.tenant_id)
    today = clock.business_date(firm.time_zone, None)
    await scope_repository.lock_scope(uow)
    return scope_repository.When(today, firm.business_date(), firm.time_zone)
