"""Looking after the firm's people: roles by two persons, and ending somebody's access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain import approvals
from wealthnexus.domain.identity import events, repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.permissions import Permission, Role, kind_of, may_give, permissions_of
from wealthnexus.domain.identity.records import record
from wealthnexus.domain.identity.rules.people import checked_reason
from wealthnexus.domain.identity.service.joining import check_scope_of, roles_named
from wealthnexus.domain.identity.service.sessions import end_sessions
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, PolicyBlocked, ValidationFailed

CHANGE_ROLES: Final = "identity.change_roles"


async def person_at_version(uow: UnitOfWork, user_id: UUID, expected_version: int) -> Row[Any]:
    """The person, locked, at the version the caller has seen; NotFound or Conflict."""
    user = await repository.user_for_update(uow, user_id)
    if user is None:
        raise NotFound(texts.NO_SUCH_USER(id=user_id), path=("input", "userId"))
    if user.version != expected_version:
        raise Conflict(
            texts.USER_STALE(expected=expected_version, current=user.version), current_version=user.version
        )
    return user


async def _keep_an_admin(uow: UnitOfWork, user: Row[Any], remaining: frozenset[Role]) -> None:
    """PolicyBlocked when the firm would be left without an active administrator."""
    is_admin = Role.FIRM_ADMIN in repository.role_set(user) and user.status == "ACTIVE"
    if is_admin and Role.FIRM_ADMIN not in remaining:
        await repository.lock_people(uow)
        if await repository.count_other_active_admins(uow, user.id) == 0:
            raise PolicyBlocked(texts.LAST_ADMIN())


async def deactivate_user(
    uow: UnitOfWork, caller: Caller, user_id: UUID, *, expected_version: int, reason: str
) -> None:
    """Ends a person's access at once: every session, every waiting link, every request for approval.

    PermissionDenied, NotFound, Conflict on another version; PolicyBlocked for oneself and for the
    firm's last active administrator. A person who is deactivated already stays so.
    """
    caller.require(Permission.USERS_DEACTIVATE)
    why = checked_reason(reason)
    user = await person_at_version(uow, user_id, expected_version)
    if user_id == caller.user_id:
        raise PolicyBlocked(texts.NOT_ONESELF())
    if user.status == "DEACTIVATED":
        return
    await _keep_an_admin(uow, user, frozenset())
    now = clock.now()
    await repository.update_user(uow, user_id, {"status": "DEACTIVATED"}, edit=True)
    await repository.end_tokens(uow, user_id, ["invitation", "password_reset", "sign_in", "enrolment"], now)
    await end_sessions(uow, user_id, user.name, reason="DEACTIVATED")
    await approvals.cancel_all_of(uow, user_id)
    await record(
        uow,
        events.USER_DEACTIVATED,
        summary=texts.AUDIT_DEACTIVATED(),
        user_id=user_id,
        user_name=user.name,
        payload={"userId": user_id, "version": user.version + 1},
        details={"reason": why},
    )


async def change_user_roles(
    uow: UnitOfWork,
    caller: Caller,
    user_id: UUID,
    *,
    roles: Iterable[str],
    expected_version: int,
    reason: str,
) -> Row[Any]:
    """Asks for a change of roles; returns the approval request a second person must decide.

    PermissionDenied, StepUpRequired, NotFound, ValidationFailed, Conflict; PolicyBlocked for oneself,
    for a change that swaps staff and client, and for the last administrator. Nothing changes yet.
    """
    caller.require(Permission.ROLES_CHANGE)
    wanted = roles_named(roles)
    why = checked_reason(reason)
    user = await person_at_version(uow, user_id, expected_version)
    current = repository.role_set(user)
    await _check_change(uow, user, current, wanted)
    if user_id == caller.user_id:
        raise PolicyBlocked(texts.NOT_ONESELF())
    for role in sorted(current ^ wanted):
        if not may_give(caller.roles, role):
            raise PermissionDenied(texts.ROLE_NOT_YOURS_TO_GIVE(role=role.value), path=("input", "roles"))
    caller.require_step_up()
    return await approvals.request_approval(
        uow,
        caller,
        kind=CHANGE_ROLES,
        command={"userId": str(user_id), "roles": sorted(wanted), "version": user.version},
        title=texts.ROLE_CHANGE_TITLE(),
        summary=texts.ROLE_CHANGE_SUMMARY(before=texts.role_words(current), after=texts.role_words(wanted)),
        subject_id=user_id,
        reason=why,
    )


async def _check_change(
    uow: UnitOfWork, user: Row[Any], current: frozenset[Role], wanted: frozenset[Role]
) -> None:
    if user.status == "DEACTIVATED":
        raise PolicyBlocked(texts.USER_NOT_ACTIVE(status=user.status))
    if wanted == current:
        raise ValidationFailed(texts.ROLES_SAME(), path=("input", "roles"))
    if kind_of(wanted) != user.kind:
        raise PolicyBlocked(texts.KIND_STAYS(kind=user.kind))
    check_scope_of(wanted, user.scope, path=("input", "roles"))
    await _keep_an_admin(uow, user, wanted)


async def check_maker(uow: UnitOfWork, maker: Actor, needs: Permission) -> None:
    """PolicyBlocked when who asked could not ask any more; approval does not outlive the right to ask."""
    row = await repository.user_by_id(uow, maker.id) if maker.id is not None else None
    if (
        row is None
        or row.status != "ACTIVE"
        or needs not in permissions_of(repository.role_set(row), row.scope)
    ):
        raise PolicyBlocked(texts.MAKER_MAY_NO_MORE(name=maker.name))


async def _execute_role_change(
    uow: UnitOfWork, command: dict[str, Any], approved: approvals.ApprovedCommand
) -> None:
    """The approved change, judged again as things stand now. The decider is the unit of work's actor."""
    user_id = UUID(command["userId"])
    if uow.actor.id == user_id:
        raise PolicyBlocked(texts.NOT_ONESELF())
    wanted = roles_named(command["roles"])
    user = await person_at_version(uow, user_id, command["version"])
    current = repository.role_set(user)
    await _check_change(uow, user, current, wanted)
    await check_maker(uow, approved.maker, Permission.ROLES_CHANGE)
    now = clock.now()
    await repository.replace_roles(uow, user_id, wanted, granted_by=approved.maker.id, at=now)
    await repository.update_user(uow, user_id, {}, edit=True)
    await record(
        uow,
        events.ROLES_CHANGED,
        summary=texts.AUDIT_ROLES_CHANGED(before=texts.role_words(current), after=texts.role_words(wanted)),
        user_id=user_id,
        user_name=user.name,
        payload={"userId": user_id, "version": user.version + 1},
        details={
            "before": sorted(current),
            "after": sorted(wanted),
            "approvalId": str(approved.request_id),
            "requestedBy": str(approved.maker.id),
        },
    )


approvals.register_command(
    CHANGE_ROLES, _execute_role_change, approvals.Policy(owner_role=Role.COMPLIANCE.value)
)
