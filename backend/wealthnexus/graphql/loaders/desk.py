"""Reads of what the desk adds: notes, tags, saved views, books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import repository as clients
from wealthnexus.graphql.ids import not_found, to_global
from wealthnexus.graphql.loaders.shared import connection, subject_key, subjects_of, user_ref
from wealthnexus.graphql.types import clients as types
from wealthnexus.graphql.types.client_words import BookKind, ViewPage
from wealthnexus.graphql.types.common import SubjectRef
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class DeskReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def tags_of(self, key: UUID) -> list[str]:
        batch = self._all.batch(
            "tags", lambda keys: clients.tags_by_subject_ids(self._all.reader, keys), list
        )
        return await batch.load(key)

    async def tags(self) -> list[types.Tag]:
        rows = await clients.all_tags(self._all.reader)
        return [types.Tag(name=row.name, subject_count=row.subject_count) for row in rows]

    async def notes(self, page: PageRequest, subject: str) -> types.NoteConnection:
        key, reader = subject_key(subject, path=("subjectId",)), self._all.reader
        subjects = await subjects_of(self._all, [key])
        if key is None or key not in subjects:
            raise not_found("Subject", path=("subjectId",))
        found = await clients.notes_page(reader, key, page)
        nodes = await self._notes(found.rows, subjects)
        return connection(types.NoteConnection, found, nodes, lambda: clients.notes_count(reader, key))

    async def note(self, key: UUID) -> types.Note:
        row = (await clients.notes_by_ids(self._all.reader, [key])).get(key)
        if row is None:
            raise not_found("Note")
        return (await self._notes([row], await subjects_of(self._all, [row.subject_id])))[0]

    async def _notes(self, rows: Sequence[Row[Any]], subjects: Mapping[UUID, SubjectRef]) -> list[types.Note]:
        people = await self._all.people.refs(row.created_by for row in rows)
        return [
            types.Note(
                id=to_global("Note", row.id),
                subject=subjects[row.subject_id],
                body=row.body,
                is_pinned=row.is_pinned,
                author=people.get(row.created_by) or user_ref(row.created_by, ""),
                created_at=row.created_at,
                edited_at=row.edited_at,
                version=row.version,
            )
            for row in rows
        ]

    async def saved_views(self, page: ViewPage | None) -> list[types.SavedView]:
        me = self._all.context.caller.user_id
        rows = await clients.views_of(self._all.reader, me, page.value.lower() if page else None)
        return [
            types.SavedView(
                id=to_global("SavedView", row.id),
                page=ViewPage(row.page.upper()),
                name=row.name,
                query=row.query,
                is_shared=row.is_shared,
                is_default=row.is_default and row.user_id == me,
                owner=user_ref(row.user_id, row.owner),
                is_mine=row.user_id == me,
            )
            for row in rows
        ]

    async def books(self) -> list[types.Book]:
        return [
            types.Book(
                id=to_global("Book", row.id),
                kind=BookKind(row.kind.upper()),
                parent_id=to_global("Book", row.parent_id) if row.parent_id is not None else None,
                code=row.code,
                name=row.name,
                keeper=user_ref(row.user_id, row.keeper) if row.keeper is not None else None,
            )
            for row in await clients.all_books(self._all.reader)
        ]
