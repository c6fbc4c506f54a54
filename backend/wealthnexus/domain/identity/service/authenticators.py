"""A lost authenticator: two people take it away, and its owner begins anew by e-mail."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain import approvals
from wealthnexus.domain.identity import events, repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.permissions import Permission, Role
from wealthnexus.domain.identity.records import record
from wealthnexus.domain.identity.rules.people import checked_reason
from wealthnexus.domain.identity.service import tokens
from wealthnexus.domain.identity.service.administration import check_maker, person_at_version
from wealthnexus.domain.identity.service.mail import queue_mail
from wealthnexus.domain.identity.service.sessions import end_sessions
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import PolicyBlocked

RESET_AUTHENTICATOR: Final = "identity.reset_authenticator"


async def reset_authenticator(
    uow: UnitOfWork, caller: Caller, user_id: UUID, *, expected_version: int, reason: str
) -> Row[Any]:
    """Asks for it; returns the approval request a second person must decide. Nothing changes yet.

    PermissionDenied, StepUpRequired, NotFound, ValidationFailed, Conflict; PolicyBlocked for oneself,
    for somebody who is not active and for somebody without an authenticator.
    """
    caller.require(Permission.AUTHENTICATORS_RESET)
    why = checked_reason(reason)
    user = await person_at_version(uow, user_id, expected_version)
    if user_id == caller.user_id:
        raise PolicyBlocked(texts.NOT_ONESELF())
    _check_resettable(user)
    caller.require_step_up()
    return await approvals.request_approval(
        uow,
        caller,
        kind=RESET_AUTHENTICATOR,
        command={"userId": str(user_id), "version": user.version},
        title=texts.AUTHENTICATOR_RESET_TITLE(),
        summary=texts.AUTHENTICATOR_RESET_SUMMARY(),
        subject_id=user_id,
        reason=why,
    )


def _check_resettable(user: Row[Any]) -> None:
    if user.status != "ACTIVE":
        raise PolicyBlocked(texts.USER_NOT_ACTIVE(status=user.status))
    if user.mfa_enrolled_at is None:
        raise PolicyBlocked(texts.AUTHENTICATOR_NONE())


async def _execute(uow: UnitOfWork, command: dict[str, Any], approved: approvals.ApprovedCommand) -> None:
    """The approved reset, judged again as things stand now.

    The password goes too: whoever knew it could otherwise enrol an authenticator of their own before the
    person does. What is left is the person's own mailbox, as at an invitation.
    """
    user_id = UUID(command["userId"])
    if uow.actor.id == user_id:
        raise PolicyBlocked(texts.NOT_ONESELF())
    user = await person_at_version(uow, user_id, command["version"])
    _check_resettable(user)
    await check_maker(uow, approved.maker, Permission.AUTHENTICATORS_RESET)
    now = clock.now()
    await repository.update_user(
        uow,
        user_id,
        {
            "totp_secret": None,
            "totp_last_step": None,
            "mfa_enrolled_at": None,
            "password_hash": None,
            "failed_count": 0,
            "locked_until": None,
        },
        edit=True,
    )
    await repository.replace_recovery_codes(uow, user_id, [])
    await repository.end_tokens(uow, user_id, ["password_reset", "sign_in", "enrolment"], now)
    await end_sessions(uow, user_id, user.name, reason="AUTHENTICATOR_RESET")
    await queue_mail(
        uow,
        "authenticator_reset",
        user_id=user_id,
        recipient=user.email,
        params={
            "name": user.name,
            "token": await tokens.issue_token(uow, user_id, "password_reset"),
            "until": now + tokens.LIFETIME["password_reset"],
        },
    )
    await record(
        uow,
        events.SECOND_FACTOR_RESET,
        summary=texts.AUDIT_AUTHENTICATOR_RESET(),
        user_id=user_id,
        user_name=user.name,
        payload={"userId": user_id, "version": user.version + 1},
        details={"approvalId": str(approved.request_id), "requestedBy": str(approved.maker.id)},
    )


approvals.register_command(RESET_AUTHENTICATOR, _execute, approvals.Policy(owner_role=Role.COMPLIANCE.value))
