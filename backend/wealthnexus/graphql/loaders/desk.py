"""Reads of what the desk adds: notes, tags, saved views, books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.ids import not_found, to_global
from wealthnexus.graphql.loaders.shared import (
    actor_ref,
    connection,
    subject_id,
    subject_key,
    subjects_of,
    user_ref,
)
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import clients as types
from wealthnexus.graphql.types.client_words import BookKind, ViewPage
from wealthnexus.graphql.types.common import SubjectRef
from wealthnexus.graphql.types.timeline import TimelineConnection, TimelineEntry, TimelineKind
from wealthnexus.kit.paging import PageRequest

_TIMELINE_NEEDS: Final = {
    TimelineKind.NOTE: Permission.NOTES_READ,
    TimelineKind.TRANSACTION: Permission.TRANSACTIONS_READ,
    TimelineKind.IMPORT: Permission.JOBS_READ,
    TimelineKind.GRANT: Permission.GRANTS_READ,
    TimelineKind.OWNERSHIP: Permission.PARTIES_READ,
    TimelineKind.KYC: Permission.PARTIES_READ,
    TimelineKind.RECONCILIATION: Permission.RECONCILIATION_READ,
    TimelineKind.APPROVAL: Permission.APPROVALS_READ,
    TimelineKind.CHANGE: Permission.PARTIES_READ,
}

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

    async def timeline(
        self, page: PageRequest, subject: str, kinds: Sequence[TimelineKind] | None
    ) -> TimelineConnection:
        key, caller = subject_key(subject, path=("subjectId",)), self._all.context.caller
        if key is None or key not in await subjects_of(self._all, [key]):
            raise not_found("Subject", path=("subjectId",))
        seen = [kind for kind in TimelineKind if caller.may(_TIMELINE_NEEDS[kind])]
        asked = [clients.TimelineKind(kind.value) for kind in seen if kinds is None or kind in kinds]
        found = await clients.timeline_page(self._all.reader, key, asked, page)
        subjects = await subjects_of(self._all, (row.subject_id for row in found.rows))
        zone = ZoneInfo(caller.firm.time_zone)
        nodes = [
            TimelineEntry(
                id=to_global("TimelineEntry", row.id),
                kind=TimelineKind(row.kind.value),
                code=row.code,
                day=row.at.date() if row.is_day else row.at.astimezone(zone).date(),
                at=None if row.is_day else row.at,
                subject=subjects.get(row.subject_id) or SubjectRef(id=subject_id(key, ""), kind="", label=""),
                text=row.text,
                name=row.name,
                actor=actor_ref("user", row.actor_id, row.actor_name) if row.actor_name else None,
                amount=row.amount,
                currency=Currency(row.currency) if row.currency is not None else None,
            )
            for row in found.rows
        ]
        return TimelineConnection(
            nodes=nodes,
            cursors=found.cursors,
            has_next=found.has_next,
            has_previous=found.has_previous,
            count=None,
            kinds=seen,
        )

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
