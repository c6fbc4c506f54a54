"""Lists of people and grants, by keyset, one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from wealthnexus.domain.identity.models import access_grants, user_roles, users
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.repository import USER_COLUMNS, role_list
from wealthnexus.domain.identity.rules.people import normalised_name
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, SortKey


@dataclass(frozen=True, slots=True)
class UserFilter:
    """All given conditions hold together. ``name_contains`` looks at names and addresses."""

    kind: str | None = None
    statuses: tuple[str, ...] = ()
    name_contains: str | None = None
    role: Role | None = None


def _people(reader: Reader, wanted: UserFilter) -> Select[Any]:
    tenant_id = reader.tenant_id
    query = select(*USER_COLUMNS, role_list(tenant_id)).where(users.c.tenant_id == tenant_id)
    if wanted.kind is not None:
        query = query.where(users.c.kind == wanted.kind)
    if wanted.statuses:
        query = query.where(users.c.status.in_(wanted.statuses))
    if wanted.name_contains:
        part = normalised_name(wanted.name_contains.strip())
        query = query.where(
            users.c.name_normalised.contains(part, autoescape=True)
            | users.c.email_normalised.contains(part, autoescape=True)
        )
    if wanted.role is not None:
        holders = select(user_roles.c.user_id).where(
            user_roles.c.tenant_id == tenant_id, user_roles.c.role == wanted.role.value
        )
        query = query.where(users.c.id.in_(holders))
    return query


async def users_page(
    reader: Reader, request: PageRequest, wanted: UserFilter | None = None
) -> Page[Row[Any]]:
    """People by name; a row has the columns of ``users`` and ``roles`` (list of names or None)."""
    keys = [SortKey(users.c.name_normalised), SortKey(users.c.id)]
    return await keyset_page(reader, _people(reader, wanted or UserFilter()), keys, "su", request)


async def users_count(reader: Reader, wanted: UserFilter | None = None) -> int:
    return await count_of(reader, _people(reader, wanted or UserFilter()))


async def users_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Those of these people the caller may see, by id."""
    query = select(*USER_COLUMNS, role_list(reader.tenant_id)).where(
        users.c.tenant_id == reader.tenant_id, users.c.id.in_(ids)
    )
    return {row.id: row for row in await reader.rows(query)}


def _grants(reader: Reader, principal_id: UUID | None, subject_id: UUID | None) -> Select[Any]:
    query = select(access_grants).where(access_grants.c.tenant_id == reader.tenant_id)
    if principal_id is not None:
        query = query.where(access_grants.c.principal_id == principal_id)
    if subject_id is not None:
        query = query.where(access_grants.c.subject_id == subject_id)
    return query


async def grants_page(
    reader: Reader,
    request: PageRequest,
    *,
    principal_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> Page[Row[Any]]:
    """Grants, newest first, ended ones too."""
    keys = [
        SortKey(access_grants.c.created_at, descending=True),
        SortKey(access_grants.c.id, descending=True),
    ]
    return await keyset_page(reader, _grants(reader, principal_id, subject_id), keys, "tu", request)


async def grants_count(
    reader: Reader, *, principal_id: UUID | None = None, subject_id: UUID | None = None
) -> int:
    return await count_of(reader, _grants(reader, principal_id, subject_id))


async def grants_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    query = select(access_grants).where(
        access_grants.c.tenant_id == reader.tenant_id, access_grants.c.id.in_(ids)
    )
    return {row.id: row for row in await reader.rows(query)}
