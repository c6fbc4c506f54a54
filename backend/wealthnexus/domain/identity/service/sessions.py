"""Sessions: a short access token, a refresh token that is used once, and how both end."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.firms import FirmInfo, Keyring
from wealthnexus.domain.identity import events, repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.errors import RefreshAgain, SessionEnded
from wealthnexus.domain.identity.permissions import Permission, permissions_of
from wealthnexus.domain.identity.records import record, report_stolen_refresh_token
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.domain.identity.service.outcome import settle
from wealthnexus.domain.identity.service.tokens import random_token
from wealthnexus.kit import clock
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.crypto import token_hash
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import DomainError, NotFound
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.settings import Settings

ACCESS_PREFIX: Final = "wna"
REFRESH_PREFIX: Final = "wnr"
BEARER_PREFIX: Final = "wnt"
REFRESH_GRACE: Final = timedelta(seconds=10)
_SEEN_EVERY: Final = timedelta(seconds=60)
_TOKEN_LENGTH_MAX: Final = 128


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """What the browser receives, once; only hashes are kept. ``refresh`` None: a bearer session."""

    session_id: UUID
    access: str
    access_expires_at: datetime
    refresh: str | None
    expires_at: datetime


def csrf_token(keyring: Keyring, tenant_id: UUID, session_id: UUID) -> str:
    """Bound to the session by an HMAC: nobody can plant one, and it needs no storage."""
    digest = hmac.digest(keyring.process_key("csrf"), f"{tenant_id}|{session_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _derived(keyring: Keyring, prefix: str, refresh_token: str) -> str:
    """The tokens that follow ``refresh_token``: always the same, and only this installation can tell them.

    So two tabs that refresh at the same moment, or one whose answer was lost, receive the same
    successor, although no token is stored.
    """
    digest = hmac.digest(keyring.process_key(f"after-{prefix}"), refresh_token.encode(), "sha256")
    return f"{prefix}_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


async def start_session(
    uow: UnitOfWork,
    settings: Settings,
    firm: FirmInfo,
    user_id: UUID,
    user_name: str,
    *,
    kind: Literal["cookie", "bearer"] = "cookie",
    lifetime: timedelta | None = None,
) -> SessionTokens:
    """A new session that has just proved itself, so it is stepped up. The oldest beyond the limit ends."""
    now = clock.now()
    session_id = new_id()
    access_expires_at = now + timedelta(minutes=settings.session_access_minutes)
    expires_at = now + (lifetime or timedelta(days=settings.session_refresh_days))
    access = random_token(ACCESS_PREFIX if kind == "cookie" else BEARER_PREFIX)
    refresh = random_token(REFRESH_PREFIX) if kind == "cookie" else None
    if kind == "bearer":
        access_expires_at = expires_at
    existing = await repository.open_sessions(uow, [user_id], now)
    surplus = [row.id for row in existing[firm.limit("sessions_per_user_max") - 1 :]]
    if surplus:
        await end_sessions(uow, user_id, user_name, reason="LIMIT", only=surplus)
    await repository.insert_session(
        uow,
        {
            "id": session_id,
            "user_id": user_id,
            "kind": kind,
            "created_at": now,
            "last_seen_at": now,
            "expires_at": expires_at,
            "stepped_up_until": now + timedelta(minutes=settings.step_up_minutes),
            "ip_address": uow.request.ip_address,
            "user_agent": (uow.request.user_agent or "")[:400] or None,
        },
    )
    rows = [_token_row(session_id, "access", access, now, access_expires_at)]
    if refresh is not None:
        rows.append(_token_row(session_id, "refresh", refresh, now, expires_at))
    await repository.insert_session_tokens(uow, rows)
    await record(
        uow,
        events.SESSION_STARTED,
        summary=texts.AUDIT_SIGNED_IN() if kind == "cookie" else texts.AUDIT_TOKEN(),
        user_id=user_id,
        user_name=user_name,
        payload={"userId": user_id, "sessionId": session_id},
        details={"kind": kind},
    )
    return SessionTokens(session_id, access, access_expires_at, refresh, expires_at)


def _token_row(
    session_id: UUID, kind: str, token: str, issued_at: datetime, expires_at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "session_id": session_id,
        "kind": kind,
        "token_hash": token_hash(token),
        "issued_at": issued_at,
        "expires_at": expires_at,
    }


async def refresh(
    ground: Ground, firm: FirmInfo, refresh_token: str, *, request: RequestInfo
) -> SessionTokens:
    """The next pair of tokens. SessionEnded when there is no session to continue.

    The same token again within ten seconds gives the same pair (RefreshAgain when that one has moved
    on already); later it is a stolen copy: the whole session is revoked and reported.
    """

    async def work(uow: UnitOfWork) -> SessionTokens | DomainError:
        now = clock.now()
        row = await repository.token_with_session(uow, token_hash(refresh_token), "refresh")
        if row is None or len(refresh_token) > _TOKEN_LENGTH_MAX:
            return SessionEnded(texts.NO_SESSION())
        session = await repository.session_for_update(uow, row.session_id)
        if session is None or session.revoked_at or session.expires_at <= now or row.status != "ACTIVE":
            return SessionEnded(texts.SESSION_OVER())
        used_at = await repository.token_used_at(uow, row.token_id)
        successor = _derived(ground.keyring, REFRESH_PREFIX, refresh_token)
        access = _derived(ground.keyring, ACCESS_PREFIX, refresh_token)
        if used_at is None:
            return await _rotate(uow, ground.settings, row, access, successor)
        if now - used_at <= REFRESH_GRACE:
            following = await repository.token_with_session(uow, token_hash(successor), "refresh")
            current = await repository.token_with_session(uow, token_hash(access), "access")
            if following is None or current is None or following.token_used_at is not None:
                return RefreshAgain(texts.REFRESHED_ELSEWHERE())
            return SessionTokens(
                row.session_id, access, current.token_expires_at, successor, session.expires_at
            )
        await _end_stolen_session(uow, row)
        return SessionEnded(texts.SESSION_STOLEN())

    return await settle(ground, firm, work, request=request)


async def _rotate(
    uow: UnitOfWork, settings: Settings, row: Row[Any], access: str, successor: str
) -> SessionTokens:
    now = clock.now()
    expires_at: datetime = row.session_expires_at
    access_expires_at = min(now + timedelta(minutes=settings.session_access_minutes), expires_at)
    next_row = _token_row(row.session_id, "refresh", successor, now, expires_at)
    await repository.insert_session_tokens(
        uow, [next_row, _token_row(row.session_id, "access", access, now, access_expires_at)]
    )
    await repository.rotate_refresh_token(uow, row.token_id, next_row["id"], now)
    await repository.update_session(uow, row.session_id, {"last_seen_at": now})
    return SessionTokens(row.session_id, access, access_expires_at, successor, expires_at)


async def _end_stolen_session(uow: UnitOfWork, row: Row[Any]) -> None:
    await end_sessions(uow, row.id, row.name, reason="REFRESH_TOKEN_REUSED", only=[row.session_id])
    await report_stolen_refresh_token(uow, row.id, row.session_id)


async def end_sessions(
    uow: UnitOfWork,
    user_id: UUID,
    user_name: str,
    *,
    reason: str,
    only: Sequence[UUID] | None = None,
    except_for: UUID | None = None,
) -> Sequence[UUID]:
    """Ends open sessions of one person, with an audit row and an event for each; returns which."""
    ended = await repository.revoke_open_sessions(
        uow, user_id, reason=reason, at=clock.now(), only=only, except_for=except_for
    )
    for session_id in ended:
        await record(
            uow,
            events.SESSION_REVOKED,
            summary=texts.AUDIT_SESSION_ENDED(),
            user_id=user_id,
            user_name=user_name,
            payload={"userId": user_id, "sessionId": session_id, "reason": reason},
            details={"sessionId": str(session_id), "reason": reason},
        )
    return ended


async def authenticate(
    ground: Ground, firm: FirmInfo, token: str, *, via: Literal["cookie", "bearer"], touch: bool = True
) -> Caller | None:
    """Who holds this access token at this firm, now; None when nobody does (any more)."""
    prefix = ACCESS_PREFIX if via == "cookie" else BEARER_PREFIX
    if not token.startswith(prefix + "_") or len(token) > _TOKEN_LENGTH_MAX:
        return None
    now = clock.now()
    async with ground.db.reading(Binding(firm.id)) as reader:
        row = await repository.token_with_session(reader, token_hash(token), "access")
    if (
        row is None
        or row.revoked_at is not None
        or row.token_expires_at <= now
        or row.session_expires_at <= now
        or row.status != "ACTIVE"
        or row.session_kind != via
    ):
        return None
    if touch and now - row.last_seen_at > _SEEN_EVERY:
        async with ground.db.unit_of_work(Binding(firm.id)) as uow:
            await repository.update_session(uow, row.session_id, {"last_seen_at": now})
    roles = repository.role_set(row)
    scope: Literal["firm", "limited"] = "limited" if row.kind == "CLIENT" or row.scope != "firm" else "firm"
    return Caller(
        firm=firm,
        user_id=UUID(str(row.id)),
        name=row.name,
        email=row.email,
        kind=row.kind,
        roles=roles,
        permissions=permissions_of(roles, scope),
        scope=scope,
        session_id=UUID(str(row.session_id)),
        stepped_up_until=row.stepped_up_until,
        access_expires_at=row.token_expires_at,
        via=via,
    )


async def is_session_open(ground: Ground, firm: FirmInfo, session_id: UUID) -> bool:
    """Whether the session still runs and its person is active: for connections that stay open for long."""
    async with ground.db.reading(Binding(firm.id)) as reader:
        return await repository.is_session_open(reader, session_id, clock.now())


async def session_of_refresh_token(ground: Ground, firm: FirmInfo, refresh_token: str) -> UUID | None:
    """The session a refresh token belongs to, to check its CSRF token; None when unknown."""
    if len(refresh_token) > _TOKEN_LENGTH_MAX:
        return None
    async with ground.db.reading(Binding(firm.id)) as reader:
        row = await repository.token_with_session(reader, token_hash(refresh_token), "refresh")
    return UUID(str(row.session_id)) if row is not None else None


async def sign_out(ground: Ground, firm: FirmInfo, session_id: UUID, *, request: RequestInfo) -> None:
    """Ends the session; nothing happens when it has ended already."""

    async def work(uow: UnitOfWork) -> None:
        session = await repository.session_for_update(uow, session_id)
        user = await repository.user_by_id(uow, session.user_id) if session is not None else None
        if user is not None:
            await end_sessions(uow, user.id, user.name, reason="SIGNED_OUT", only=[session_id])

    await settle(ground, firm, work, request=request)


async def revoke_session(uow: UnitOfWork, caller: Caller, session_id: UUID) -> None:
    """Ends one session: one's own, or anybody's with ``sessions.revoke``. NotFound otherwise."""
    session = await repository.session_for_update(uow, session_id)
    is_own = session is not None and session.user_id == caller.user_id
    if session is None or not (is_own or caller.may(Permission.SESSIONS_REVOKE)):
        raise NotFound(texts.NO_SUCH_SESSION(id=session_id))
    user = await repository.user_by_id(uow, session.user_id)
    if user is None:
        raise NotFound(texts.NO_SUCH_SESSION(id=session_id))
    reason = "REVOKED_BY_OWNER" if is_own else "REVOKED_BY_FIRM"
    await end_sessions(uow, user.id, user.name, reason=reason, only=[session_id])


async def revoke_other_sessions(uow: UnitOfWork, caller: Caller, user_id: UUID | None = None) -> int:
    """Ends every session of the caller but this one, or with ``sessions.revoke`` all of somebody else's.

    Returns how many; PermissionDenied, NotFound.
    """
    if user_id is not None and user_id != caller.user_id:
        caller.require(Permission.SESSIONS_REVOKE)
        user = await repository.user_by_id(uow, user_id)
        if user is None:
            raise NotFound(texts.NO_SUCH_USER(id=user_id), path=("input", "userId"))
        return len(await end_sessions(uow, user.id, user.name, reason="REVOKED_BY_FIRM"))
    ended = await end_sessions(
        uow, caller.user_id, caller.name, reason="REVOKED_BY_OWNER", except_for=caller.session_id
    )
    return len(ended)
