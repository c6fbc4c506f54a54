"""Every SQL statement on users, sessions and one-time tokens. Locks: the user first, then its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, delete, func, select, text, true, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from wealthnexus.domain.identity.models import (
    one_time_tokens,
    recovery_codes,
    session_tokens,
    sessions,
    user_roles,
    users,
)
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.kit.db.session import Reader, UnitOfWork

USER_COLUMNS = list(users.c)


def role_list(tenant_id: UUID) -> Any:
    """The user's roles as one array beside the row: no second statement per user."""
    return (
        select(func.array_agg(aggregate_order_by(user_roles.c.role, user_roles.c.role)))
        .where(user_roles.c.tenant_id == tenant_id, user_roles.c.user_id == users.c.id)
        .scalar_subquery()
        .label("roles")
    )


def role_set(row: Row[Any]) -> frozenset[Role]:
    """The roles of a row read with ``roles``."""
    return frozenset(Role(name) for name in row.roles or ())


async def user_by_email(reader: Reader, email_normalised: str) -> Row[Any] | None:
    tenant_id = reader.tenant_id
    return await reader.one_or_none(
        select(*USER_COLUMNS, role_list(tenant_id)).where(
            users.c.tenant_id == tenant_id, users.c.email_normalised == email_normalised
        )
    )


async def user_by_id(reader: Reader, user_id: UUID) -> Row[Any] | None:
    tenant_id = reader.tenant_id
    return await reader.one_or_none(
        select(*USER_COLUMNS, role_list(tenant_id)).where(
            users.c.tenant_id == tenant_id, users.c.id == user_id
        )
    )


async def user_for_update(uow: UnitOfWork, user_id: UUID) -> Row[Any] | None:
    tenant_id = uow.tenant_id
    return await uow.one_or_none(
        select(*USER_COLUMNS, role_list(tenant_id))
        .where(users.c.tenant_id == tenant_id, users.c.id == user_id)
        .with_for_update(of=users)
    )


async def update_user(
    uow: UnitOfWork, user_id: UUID, values: Mapping[str, Any], *, edit: bool = False
) -> None:
    """``edit``: what editors see has changed, so the version counts up; sign-ins leave it alone."""
    changes: dict[str, Any] = dict(values)
    if edit:
        changes["version"] = users.c.version + 1
    await uow.execute(
        update(users).where(users.c.tenant_id == uow.tenant_id, users.c.id == user_id).values(changes)
    )


async def insert_user(uow: UnitOfWork, values: Mapping[str, Any]) -> bool:
    """False when the e-mail is taken in this firm."""
    result = await uow.execute(
        insert(users)
        .values(tenant_id=uow.tenant_id, **values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "email_normalised"])
    )
    return bool(result.rowcount)


async def replace_roles(
    uow: UnitOfWork, user_id: UUID, roles: frozenset[Role], *, granted_by: UUID | None, at: datetime
) -> None:
    await uow.execute(
        delete(user_roles).where(
            user_roles.c.tenant_id == uow.tenant_id,
            user_roles.c.user_id == user_id,
            user_roles.c.role.not_in([role.value for role in roles]),
        )
    )
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "user_id": user_id,
            "role": role.value,
            "granted_at": at,
            "granted_by": granted_by,
        }
        for role in sorted(roles)
    ]
    await uow.execute(insert(user_roles).on_conflict_do_nothing(), rows)


async def lock_people(uow: UnitOfWork) -> None:
    """One change of the firm's people at a time: limits and "the last admin" are judged under it."""
    await uow.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"identity.people:{uow.tenant_id}"},
    )


async def count_people(reader: Reader) -> int:
    """Invited and active people, as ``users_max`` counts them."""
    return int(
        await reader.scalar(
            select(func.count()).where(
                users.c.tenant_id == reader.tenant_id, users.c.status.in_(["INVITED", "ACTIVE"])
            )
        )
        or 0
    )


async def count_other_active_admins(reader: Reader, user_id: UUID) -> int:
    return int(
        await reader.scalar(
            select(func.count())
            .select_from(
                users.join(
                    user_roles,
                    (user_roles.c.tenant_id == users.c.tenant_id) & (user_roles.c.user_id == users.c.id),
                )
            )
            .where(
                users.c.tenant_id == reader.tenant_id,
                user_roles.c.tenant_id == reader.tenant_id,
                users.c.status == "ACTIVE",
                user_roles.c.role == Role.FIRM_ADMIN.value,
                users.c.id != user_id,
            )
        )
        or 0
    )


# One-time tokens: invitations, resets, the steps of a sign-in.


async def insert_one_time_token(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    await uow.execute(insert(one_time_tokens).values(tenant_id=uow.tenant_id, attempts=0, **values))


async def live_token(reader: Reader, token_hash: bytes, purpose: str, at: datetime) -> Row[Any] | None:
    return await reader.one_or_none(
        select(one_time_tokens).where(
            one_time_tokens.c.tenant_id == reader.tenant_id,
            one_time_tokens.c.token_hash == token_hash,
            one_time_tokens.c.purpose == purpose,
            one_time_tokens.c.used_at.is_(None),
            one_time_tokens.c.expires_at > at,
        )
    )


async def use_token(uow: UnitOfWork, token_id: UUID, at: datetime) -> bool:
    """Marks it used; False when somebody was first."""
    result = await uow.execute(
        update(one_time_tokens)
        .where(
            one_time_tokens.c.tenant_id == uow.tenant_id,
            one_time_tokens.c.id == token_id,
            one_time_tokens.c.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return bool(result.rowcount)


async def count_attempt(uow: UnitOfWork, token_id: UUID, *, attempts_max: int, at: datetime) -> None:
    """One more failed attempt; the last allowed one ends the token."""
    is_last = one_time_tokens.c.attempts + 1 >= attempts_max
    await uow.execute(
        update(one_time_tokens)
        .where(one_time_tokens.c.tenant_id == uow.tenant_id, one_time_tokens.c.id == token_id)
        .values(
            attempts=one_time_tokens.c.attempts + 1,
            used_at=case((is_last, at), else_=one_time_tokens.c.used_at),
        )
    )


async def end_tokens(uow: UnitOfWork, user_id: UUID, purposes: Sequence[str], at: datetime) -> None:
    await uow.execute(
        update(one_time_tokens)
        .where(
            one_time_tokens.c.tenant_id == uow.tenant_id,
            one_time_tokens.c.user_id == user_id,
            one_time_tokens.c.purpose.in_(purposes),
            one_time_tokens.c.used_at.is_(None),
        )
        .values(used_at=at)
    )


# Recovery codes.


async def replace_recovery_codes(uow: UnitOfWork, user_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    await uow.execute(
        delete(recovery_codes).where(
            recovery_codes.c.tenant_id == uow.tenant_id, recovery_codes.c.user_id == user_id
        )
    )
    if rows:
        await uow.execute(
            insert(recovery_codes),
            [{"tenant_id": uow.tenant_id, "user_id": user_id, "used_at": None, **row} for row in rows],
        )


async def use_recovery_code(uow: UnitOfWork, user_id: UUID, code_hash: bytes, at: datetime) -> bool:
    result = await uow.execute(
        update(recovery_codes)
        .where(
            recovery_codes.c.tenant_id == uow.tenant_id,
            recovery_codes.c.user_id == user_id,
            recovery_codes.c.code_hash == code_hash,
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return bool(result.rowcount)


async def recovery_codes_left(reader: Reader, user_id: UUID) -> int:
    return int(
        await reader.scalar(
            select(func.count()).where(
                recovery_codes.c.tenant_id == reader.tenant_id,
                recovery_codes.c.user_id == user_id,
                recovery_codes.c.used_at.is_(None),
            )
        )
        or 0
    )


# Sessions and their tokens.


async def insert_session(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    await uow.execute(insert(sessions).values(tenant_id=uow.tenant_id, **values))


async def insert_session_tokens(uow: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> None:
    await uow.execute(
        insert(session_tokens),
        [{"tenant_id": uow.tenant_id, "used_at": None, "replaced_by_id": None, **row} for row in rows],
    )


async def token_with_session(reader: Reader, token_hash: bytes, kind: str) -> Row[Any] | None:
    """A token, its session and its user in one statement, whatever their state."""
    tenant_id = reader.tenant_id
    joined = session_tokens.join(
        sessions,
        (sessions.c.tenant_id == session_tokens.c.tenant_id) & (sessions.c.id == session_tokens.c.session_id),
    ).join(users, (users.c.tenant_id == sessions.c.tenant_id) & (users.c.id == sessions.c.user_id))
    return await reader.one_or_none(
        select(
            session_tokens.c.id.label("token_id"),
            session_tokens.c.expires_at.label("token_expires_at"),
            session_tokens.c.used_at.label("token_used_at"),
            session_tokens.c.replaced_by_id,
            sessions.c.id.label("session_id"),
            sessions.c.kind.label("session_kind"),
            sessions.c.expires_at.label("session_expires_at"),
            sessions.c.last_seen_at,
            sessions.c.stepped_up_until,
            sessions.c.revoked_at,
            sessions.c.revoked_reason,
            users.c.id,
            users.c.name,
            users.c.email,
            users.c.kind,
            users.c.status,
            users.c.scope,
            role_list(tenant_id),
        )
        .select_from(joined)
        .where(
            session_tokens.c.tenant_id == tenant_id,
            sessions.c.tenant_id == tenant_id,
            users.c.tenant_id == tenant_id,
            session_tokens.c.token_hash == token_hash,
            session_tokens.c.kind == kind,
        )
    )


async def session_for_update(uow: UnitOfWork, session_id: UUID) -> Row[Any] | None:
    return await uow.one_or_none(
        select(sessions)
        .where(sessions.c.tenant_id == uow.tenant_id, sessions.c.id == session_id)
        .with_for_update()
    )


async def is_session_open(reader: Reader, session_id: UUID, at: datetime) -> bool:
    return bool(
        await reader.scalar(
            select(func.count())
            .select_from(
                sessions.join(
                    users, (users.c.tenant_id == sessions.c.tenant_id) & (users.c.id == sessions.c.user_id)
                )
            )
            .where(
                sessions.c.tenant_id == reader.tenant_id,
                users.c.tenant_id == reader.tenant_id,
                sessions.c.id == session_id,
                sessions.c.revoked_at.is_(None),
                sessions.c.expires_at > at,
                users.c.status == "ACTIVE",
            )
        )
    )


async def rotate_refresh_token(uow: UnitOfWork, token_id: UUID, successor_id: UUID, at: datetime) -> None:
    await uow.execute(
        update(session_tokens)
        .where(session_tokens.c.tenant_id == uow.tenant_id, session_tokens.c.id == token_id)
        .values(used_at=at, replaced_by_id=successor_id)
    )


async def token_used_at(reader: Reader, token_id: UUID) -> datetime | None:
    used: datetime | None = await reader.scalar(
        select(session_tokens.c.used_at).where(
            session_tokens.c.tenant_id == reader.tenant_id, session_tokens.c.id == token_id
        )
    )
    return used


async def update_session(uow: UnitOfWork, session_id: UUID, values: Mapping[str, Any]) -> None:
    await uow.execute(
        update(sessions)
        .where(sessions.c.tenant_id == uow.tenant_id, sessions.c.id == session_id)
        .values(dict(values))
    )


async def open_sessions(reader: Reader, user_ids: Sequence[UUID], at: datetime) -> Sequence[Row[Any]]:
    """Open sessions of these users, newest first: one statement for all of them."""
    return await reader.rows(
        select(sessions)
        .where(
            sessions.c.tenant_id == reader.tenant_id,
            sessions.c.user_id.in_(user_ids),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > at,
        )
        .order_by(sessions.c.user_id, sessions.c.created_at.desc(), sessions.c.id.desc())
    )


async def revoke_open_sessions(
    uow: UnitOfWork,
    user_id: UUID,
    *,
    reason: str,
    at: datetime,
    only: Sequence[UUID] | None = None,
    except_for: UUID | None = None,
) -> Sequence[UUID]:
    """Ends sessions that are open; returns which."""
    result = await uow.execute(
        update(sessions)
        .where(
            sessions.c.tenant_id == uow.tenant_id,
            sessions.c.user_id == user_id,
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > at,
            sessions.c.id.in_(only) if only is not None else true(),
            sessions.c.id != except_for if except_for is not None else true(),
        )
        .values(revoked_at=at, revoked_reason=reason)
        .returning(sessions.c.id)
    )
    return [UUID(str(row.id)) for row in result.all()]


async def tidy_expired(uow: UnitOfWork, before: datetime, *, limit: int) -> int:
    """Removes at most ``limit`` tokens that ended before ``before``; their sessions stay as history.

    Returns how many; fewer than ``limit``: there are no more.
    """
    s, o = session_tokens.c, one_time_tokens.c
    due = select(s.id).where(s.tenant_id == uow.tenant_id, s.expires_at < before).limit(limit)
    ids = [row.id for row in await uow.rows(due.order_by(s.expires_at))]
    # A used refresh token points at its successor: cleared first, so that neither blocks the other.
    await uow.execute(
        update(session_tokens)
        .where(s.tenant_id == uow.tenant_id, s.replaced_by_id.in_(ids))
        .values(replaced_by_id=None)
    )
    await uow.execute(delete(session_tokens).where(s.tenant_id == uow.tenant_id, s.id.in_(ids)))
    spent = select(o.id).where(o.tenant_id == uow.tenant_id, o.expires_at < before).limit(limit - len(ids))
    gone = await uow.execute(delete(one_time_tokens).where(o.tenant_id == uow.tenant_id, o.id.in_(spent)))
    return len(ids) + gone.rowcount
