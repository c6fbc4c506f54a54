"""What identity stores, to prove that a refused act changed nothing; and its traces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from wealthnexus.domain.approvals.models import approval_requests
from wealthnexus.domain.audit.models import audit_events
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.models import (
    access_grants,
    access_scope,
    mail_messages,
    one_time_tokens,
    recovery_codes,
    session_tokens,
    sessions,
    user_roles,
    users,
)
from wealthnexus.domain.identity.service.mail import open_mail
from wealthnexus.kit.db.platform_tables import outbox
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

TABLES = (
    users, user_roles, recovery_codes, sessions, session_tokens, one_time_tokens, mail_messages,
    access_grants, access_scope, approval_requests,
)  # fmt: skip
# A failed attempt is counted and a session is seen: those are not the change that was refused.
COUNTERS = {("users", "failed_count"), ("users", "locked_until"), ("sessions", "last_seen_at"),
            ("one_time_tokens", "attempts")}  # fmt: skip


async def stored(platform: Platform, firm: FirmInfo) -> dict[str, list[dict[str, Any]]]:
    """Every row of identity at this firm."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with platform.db.reading(Binding(firm.id)) as reader:
        for table in TABLES:
            columns = [c for c in table.c if (table.name, c.name) not in COUNTERS]
            rows = await reader.rows(
                select(*columns).where(table.c.tenant_id == firm.id).order_by(*table.primary_key)
            )
            found[table.name] = [dict(row._mapping) for row in rows]
    return found


@asynccontextmanager
async def nothing_changes(platform: Platform, *firms: FirmInfo) -> AsyncIterator[None]:
    """Whatever happens inside leaves no trace in identity's tables but counted attempts."""
    before = [await stored(platform, firm) for firm in firms]
    yield
    assert [await stored(platform, firm) for firm in firms] == before


async def rows_of(platform: Platform, firm: FirmInfo, table: Any, *conditions: Any) -> Sequence[Any]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        return await reader.rows(
            select(table).where(table.c.tenant_id == firm.id, *conditions).order_by(*table.primary_key)
        )


async def user_row(platform: Platform, firm: FirmInfo, user_id: UUID) -> Any:
    (row,) = await rows_of(platform, firm, users, users.c.id == user_id)
    return row


async def actions_on(platform: Platform, firm: FirmInfo, user_id: UUID) -> list[str]:
    """The audit actions about one person, oldest first."""
    rows = await rows_of(platform, firm, audit_events, audit_events.c.subject_id == user_id)
    return [row.action for row in rows]


async def events_on(platform: Platform, firm: FirmInfo, user_id: UUID) -> list[str]:
    """The events about one person, oldest first."""
    rows = await rows_of(platform, firm, outbox, outbox.c.subject_id == user_id, outbox.c.topic == "event")
    return [row.event_type for row in rows]


async def newest_mail(platform: Platform, firm: FirmInfo, user_id: UUID) -> tuple[str, str, dict[str, Any]]:
    """Template, recipient and parameters of the newest mail to this person."""
    rows = await rows_of(platform, firm, mail_messages, mail_messages.c.user_id == user_id)
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await open_mail(reader, rows[-1].id)
    assert found is not None
    return found[0].template, found[1], found[2]


async def set_columns(platform: Platform, firm: FirmInfo, table: Any, row_id: UUID, **values: Any) -> None:
    """Brings a row into the state a test starts from."""
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            update(table).where(table.c.tenant_id == firm.id, table.c.id == row_id).values(**values)
        )
