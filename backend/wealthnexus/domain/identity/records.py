"""Every change of identity leaves two traces in its own transaction: an audit row and an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wealthnexus.domain.audit import SubjectRef, append
from wealthnexus.domain.identity import texts
from wealthnexus.domain.work import Evidence, Fix, post_finding
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.events import EventType, emit


async def record(
    uow: UnitOfWork,
    event: EventType,
    *,
    summary: str,
    user_id: UUID,
    user_name: str,
    payload: Mapping[str, Any],
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> None:
    """One act on one person: the audit row and the event bear the same name."""
    await append(
        uow,
        event.name,
        summary=summary,
        subject=SubjectRef(user_id, "user", user_name),
        details=details,
        personal=personal,
    )
    await emit(uow, event.name, subject_id=user_id, audience_id=user_id, payload=payload)


async def record_failed_attempt(uow: UnitOfWork, user_id: UUID, user_name: str, failed: int) -> None:
    """A failed sign-in is audited, not announced: nothing has changed for anybody."""
    await append(
        uow,
        "identity.sign_in.failed",
        summary=texts.AUDIT_FAILED(count=failed),
        subject=SubjectRef(user_id, "user", user_name),
        details={"failedAttempts": failed},
    )


async def report_stolen_refresh_token(uow: UnitOfWork, user_id: UUID, session_id: UUID) -> None:
    """A finding for the firm: somebody held a copy of this person's session."""
    await post_finding(
        uow,
        code="REFRESH_TOKEN_REUSED",
        severity="WARNING",
        category="security",
        message=texts.STOLEN_TOKEN(),
        subject_id=user_id,
        params={"sessionId": str(session_id)},
        evidence=[
            Evidence("session", str(session_id)),
            Evidence("ipAddress", uow.request.ip_address or ""),
        ],
        fix=Fix("Review the sessions", "/settings/users"),
        dedupe_key=str(session_id),
    )
