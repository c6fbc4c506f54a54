"""What somebody was granted, as that person may read it: what for, until when, and what it reaches now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from wealthnexus.domain.identity.models import access_grants, access_scope, users
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader

ENDED_SHOWN: Final = timedelta(days=90)
"""How long somebody is told of a grant that has ended."""
GRANTS_MAX: Final = 200
_OWN_THINGS: Final = ("self", "spouse", "guardian", "trustee", "executor", "attorney")
"""Who speaks for a person or entity, and may say whether what is kept of it is right."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Ids that grants open now."""

    account_ids: tuple[UUID, ...]
    liability_ids: tuple[UUID, ...]


async def own_grants(reader: Reader, principal_id: UUID, today: date) -> Sequence[Row[Any]]:
    """In force, still to begin, or ended within ninety days; one's own affairs first, then by beginning."""
    g, ended_after = access_grants.c, today - ENDED_SHOWN
    return await reader.rows(
        select(access_grants)
        .where(
            g.tenant_id == reader.tenant_id,
            g.principal_id == principal_id,
            or_(g.effective_to.is_(None), g.effective_to > ended_after),
            or_(g.revoked_at.is_(None), g.revoked_at > clock.now() - ENDED_SHOWN),
        )
        .order_by((g.relationship != "self"), g.effective_from, g.id)
        .limit(GRANTS_MAX)
    )


def in_force(grant: Row[Any], today: date) -> bool:
    return (
        grant.revoked_at is None
        and grant.effective_from <= today
        and (grant.effective_to is None or grant.effective_to > today)
    )


async def own_grant(reader: Reader, principal_id: UUID, grant_id: UUID, today: date) -> Row[Any] | None:
    """One of them, while it is in force; None for everybody else's."""
    row = await reader.one_or_none(
        select(access_grants).where(
            access_grants.c.tenant_id == reader.tenant_id,
            access_grants.c.principal_id == principal_id,
            access_grants.c.id == grant_id,
        )
    )
    return row if row is not None and in_force(row, today) else None


async def reached(reader: Reader, principal_id: UUID, grant_id: UUID | None = None) -> Reach:
    """Accounts and debts that one grant of the person, or all of them, open now."""
    s = access_scope.c
    query = (
        select(s.subject_id, func.min(s.kind).label("kind"))
        .where(
            s.tenant_id == reader.tenant_id,
            s.principal_id == principal_id,
            s.kind.in_(("account", "liability")),
            or_(s.expires_at.is_(None), s.expires_at > clock.now()),
        )
        .group_by(s.subject_id)
        .order_by(s.subject_id)
    )
    if grant_id is not None:
        query = query.where(s.grant_id == grant_id)
    rows = await reader.rows(query)
    return Reach(
        tuple(row.subject_id for row in rows if row.kind == "account"),
        tuple(row.subject_id for row in rows if row.kind == "liability"),
    )


async def reached_counts(reader: Reader, principal_id: UUID) -> dict[UUID, int]:
    """How many accounts each grant of the person opens now."""
    s = access_scope.c
    rows = await reader.rows(
        select(s.grant_id, func.count().label("accounts"))
        .where(
            s.tenant_id == reader.tenant_id,
            s.principal_id == principal_id,
            s.kind == "account",
            or_(s.expires_at.is_(None), s.expires_at > clock.now()),
        )
        .group_by(s.grant_id)
    )
    return {row.grant_id: row.accounts for row in rows}


async def own_party_id(reader: Reader, principal_id: UUID) -> UUID | None:
    """Who the person is among the firm's clients; None when nobody has said so."""
    found: UUID | None = await reader.scalar(
        select(users.c.party_id).where(users.c.tenant_id == reader.tenant_id, users.c.id == principal_id)
    )
    return found


def speaks_for(relationship: str) -> bool:
    return relationship in _OWN_THINGS
