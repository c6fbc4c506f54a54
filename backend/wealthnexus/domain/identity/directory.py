"""Reads of the firm's people and their grants, as lists and by id. One statement per call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from wealthnexus.domain.identity.models import access_grants, access_scope, user_roles, users
from wealthnexus.domain.identity.rules.people import normalised_name
from wealthnexus.kit import clock
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, SortKey


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Empty does not filter. ``name_contains``: a part of the name or of the e-mail."""

    kind: str | None = None
    statuses: Sequence[str] = ()
    name_contains: str | None = None
    role: str | None = None


_SHOWN: Final = tuple(
    users.c[name]
    for name in (
        "id",
        "name",
        "name_normalised",
        "email",
        "kind",
        "status",
        "scope",
        "mfa_enrolled_at",
        "last_sign_in_at",
        "locked_until",
        "invited_at",
        "version",
        "party_id",
    )
)
_BY_NAME: Final = (SortKey(users.c.name_normalised), SortKey(users.c.id))
_LATEST: Final = (
    SortKey(access_grants.c.created_at, descending=True),
    SortKey(access_grants.c.id, descending=True),
)


def _people(reader: Reader) -> Select[Any]:
    """People without their secrets, with their roles as one array."""
    roles = (
        select(func.array_agg(aggregate_order_by(user_roles.c.role, user_roles.c.role)))
        .where(user_roles.c.tenant_id == reader.tenant_id, user_roles.c.user_id == users.c.id)
        .scalar_subquery()
    )
    return select(*_SHOWN, roles.label("roles")).where(users.c.tenant_id == reader.tenant_id)


def _filtered(reader: Reader, filter_: PeopleFilter) -> Select[Any]:
    query = _people(reader)
    if filter_.kind is not None:
        query = query.where(users.c.kind == filter_.kind)
    if filter_.statuses:
        query = query.where(users.c.status.in_(filter_.statuses))
    if filter_.name_contains:
        part = normalised_name(filter_.name_contains)
        query = query.where(
            (func.strpos(users.c.name_normalised, part) > 0)
            | (func.strpos(users.c.email_normalised, part) > 0)
        )
    if filter_.role is not None:
        having = select(user_roles.c.user_id).where(
            user_roles.c.tenant_id == reader.tenant_id, user_roles.c.role == filter_.role
        )
        query = query.where(users.c.id.in_(having))
    return query


async def people_page(reader: Reader, filter_: PeopleFilter, request: PageRequest) -> Page[Row[Any]]:
    """By name."""
    return await keyset_page(reader, _filtered(reader, filter_), _BY_NAME, "su", request)


async def count_people_of(reader: Reader, filter_: PeopleFilter) -> int:
    return await count_of(reader, _filtered(reader, filter_))


async def people_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Those the caller may see, by id; others are absent."""
    rows = await reader.rows(_people(reader).where(users.c.id.in_(ids)))
    return {row.id: row for row in rows}


async def people_of_parties(reader: Reader, party_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Those who sign in as one of these people of the book, by name; who was deactivated comes too."""
    query = _people(reader).where(users.c.party_id.in_(party_ids))
    return await reader.rows(query.order_by(users.c.name_normalised, users.c.id))


async def viewers_page(reader: Reader, subject_ids: Sequence[UUID], request: PageRequest) -> Page[Row[Any]]:
    """People who see at least one of these through a grant in force, by name; not those deactivated."""
    s = access_scope
    reaching = select(s.c.principal_id).where(
        s.c.tenant_id == reader.tenant_id,
        s.c.subject_id.in_(subject_ids),
        s.c.expires_at.is_(None) | (s.c.expires_at > clock.now()),
    )
    query = _people(reader).where(users.c.id.in_(reaching), users.c.status != "DEACTIVATED")
    return await keyset_page(reader, query, _BY_NAME, "su", request)


def _grants(reader: Reader, principal_id: UUID | None, subject_id: UUID | None) -> Select[Any]:
    query = select(access_grants).where(access_grants.c.tenant_id == reader.tenant_id)
    if principal_id is not None:
        query = query.where(access_grants.c.principal_id == principal_id)
    if subject_id is not None:
        query = query.where(access_grants.c.subject_id == subject_id)
    return query


async def grants_page(
    reader: Reader, request: PageRequest, *, principal_id: UUID | None = None, subject_id: UUID | None = None
) -> Page[Row[Any]]:
    """Latest first."""
    return await keyset_page(reader, _grants(reader, principal_id, subject_id), _LATEST, "tu", request)


async def count_grants(
    reader: Reader, *, principal_id: UUID | None = None, subject_id: UUID | None = None
) -> int:
    return await count_of(reader, _grants(reader, principal_id, subject_id))


async def grants_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    rows = await reader.rows(_grants(reader, None, None).where(access_grants.c.id.in_(ids)))
    return {row.id: row for row in rows}
