"""Notes, tags, saved views and books, as their readers see them. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, column, func, or_, select, table

from wealthnexus.domain.clients.models import (
    account_assignments,
    books,
    notes,
    saved_views,
    subject_tags,
    tags,
)
from wealthnexus.domain.clients.repository.force import in_force, limited
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, SortKey

_users = table("users", *map(column, ("tenant_id", "id", "name")))
VIEWS_SHOWN_MAX = 500
BOOKS_SHOWN_MAX = 2_000
TAGS_SHOWN_MAX = 2_000


def _notes(reader: Reader, subject_id: UUID) -> Any:
    n = notes.c
    return select(
        n.id, n.subject_id, n.body, n.is_pinned, n.created_at, n.created_by, n.edited_at, n.version,
    ).where(n.tenant_id == reader.tenant_id, n.subject_id == subject_id, n.removed_at.is_(None))  # fmt: skip


async def notes_page(reader: Reader, subject_id: UUID, request: PageRequest) -> Page[Row[Any]]:
    """Notes on one subject, latest first."""
    keys = [SortKey(notes.c.created_at, descending=True), SortKey(notes.c.id, descending=True)]
    return await keyset_page(reader, _notes(reader, subject_id), keys, "tu", request)


async def notes_count(reader: Reader, subject_id: UUID) -> int:
    return await count_of(reader, _notes(reader, subject_id))


async def notes_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Removed ones too, without their words."""
    rows = await reader.rows(
        select(notes).where(notes.c.tenant_id == reader.tenant_id, notes.c.id.in_(limited(ids)))
    )
    return {row.id: row for row in rows}


async def all_tags(reader: Reader) -> Sequence[Row[Any]]:
    """By name, each with how many subjects the caller may see have it.

    Every tag of the firm; who sees a part of it is told those alone that are on something they see: a
    tag's name may say of whom it is.
    """
    t, s = tags.c, subject_tags.c
    count = func.count(s.subject_id)
    return await reader.rows(
        select(t.id, t.name, count.label("subject_count"))
        .join(subject_tags, (s.tenant_id == t.tenant_id) & (s.tag_id == t.id), isouter=True)
        .where(t.tenant_id == reader.tenant_id)
        .group_by(t.id, t.name, t.name_normalised)
        .having(count >= (1 if reader.binding.scope == "limited" else 0))
        .order_by(t.name_normalised)
        .limit(TAGS_SHOWN_MAX)
    )


async def tags_by_subject_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Names of the tags on each subject; none for clients."""
    found: dict[UUID, list[str]] = {key: [] for key in ids}
    if reader.binding.role == "portal":
        return found
    t, s = tags.c, subject_tags.c
    rows = await reader.rows(
        select(s.subject_id, t.name)
        .join(tags, (t.tenant_id == s.tenant_id) & (t.id == s.tag_id))
        .where(s.tenant_id == reader.tenant_id, s.subject_id.in_(limited(ids)))
        .order_by(t.name_normalised)
    )
    for row in rows:
        found[row.subject_id].append(row.name)
    return found


async def views_of(reader: Reader, user_id: UUID, page: str | None) -> Sequence[Row[Any]]:
    """One's own views and those that others share, by page and name."""
    v = saved_views.c
    query = (
        select(
            v.id, v.user_id, v.page, v.name, v.query, v.is_shared, v.is_default, v.version,
            _users.c.name.label("owner"),
        )
        .join(_users, (_users.c.tenant_id == v.tenant_id) & (_users.c.id == v.user_id))
        .where(v.tenant_id == reader.tenant_id, or_(v.user_id == user_id, v.is_shared))
        .order_by(v.page, v.user_id != user_id, v.name, v.id)
        .limit(VIEWS_SHOWN_MAX)
    )  # fmt: skip
    return await reader.rows(query.where(v.page == page) if page is not None else query)


async def all_books(reader: Reader) -> Sequence[Row[Any]]:
    """Every book the caller may see, branches first, by code, with the name of its keeper."""
    b = books.c
    return await reader.rows(
        select(b.id, b.kind, b.parent_id, b.code, b.name, b.user_id, _users.c.name.label("keeper"))
        .join(_users, (_users.c.tenant_id == b.tenant_id) & (_users.c.id == b.user_id), isouter=True)
        .where(b.tenant_id == reader.tenant_id)
        .order_by(b.kind, b.code)
        .limit(BOOKS_SHOWN_MAX)
    )


async def assignments_by_account_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """The books each account is in on the day, with their splits; none for clients."""
    found: dict[UUID, list[Row[Any]]] = {key: [] for key in ids}
    if reader.binding.role == "portal":
        return found
    s, b = account_assignments, books.c
    rows = await reader.rows(
        select(s.c.account_id, s.c.split, s.c.effective_from, b.id, b.kind, b.code, b.name)
        .join(books, (b.tenant_id == s.c.tenant_id) & (b.id == s.c.book_id))
        .where(in_force(s, reader, view), s.c.account_id.in_(limited(ids)))
        .order_by(s.c.split.desc(), b.code)
    )
    for row in rows:
        found[row.account_id].append(row)
    return found
