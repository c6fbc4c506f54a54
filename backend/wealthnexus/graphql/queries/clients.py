"""People and entities, debts, and what the desk adds."""

# ruff: noqa: PLR0917 -- the API names its arguments, they are never given by place

from __future__ import annotations

from datetime import date, datetime

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.client_words import ViewPage
from wealthnexus.graphql.types.clients import (
    Book,
    Liability,
    NoteConnection,
    Party,
    PartyConnection,
    PartyFilter,
    PartyOrder,
    Registration,
    SavedView,
    Tag,
)
from wealthnexus.graphql.types.timeline import TimelineConnection, TimelineKind


@strawberry.type
class ClientQueries:
    @field(Permission.PARTIES_READ, "By name unless ordered otherwise.")
    async def parties(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: PartyFilter | None = None,
        order_by: PartyOrder | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> PartyConnection:
        page = info.context.page(first, after, last, before)
        clients = (await info.context.loaders()).clients
        return await clients.parties(page, filter, order_by, as_of, known_at)

    @field(Permission.PARTIES_READ, "Null with NOT_FOUND when there is no such party for you.")
    async def party(
        self,
        info: Info,
        id: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Party | None:
        return await (await info.context.loaders()).clients.party(id, as_of, known_at)

    @field(Permission.ACCOUNTS_READ, "Null with NOT_FOUND when there is no such debt for you.")
    async def liability(
        self,
        info: Info,
        id: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Liability | None:
        return await (await info.context.loaders()).clients.liability(id, as_of, known_at)

    @field(Permission.ACCOUNTS_READ, "Every registration an account may have, and the owners it asks for.")
    async def registrations(self, info: Info) -> list[Registration]:
        return (await info.context.loaders()).courses.registrations()

    @field(Permission.NOTES_READ, "On one subject, latest first.")
    async def notes(
        self,
        info: Info,
        subject_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
    ) -> NoteConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).desk.notes(page, subject_id)

    @field(
        Permission.WORK_READ,
        "Around a household, a party or an account, latest first, of the kinds you may read. Of the"
        " ledger: amounts from 10,000 on.",
    )
    async def timeline(
        self,
        info: Info,
        subject_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
        kinds: list[TimelineKind] | None = None,
    ) -> TimelineConnection:
        page = info.context.page(first, after)
        return await (await info.context.loaders()).desk.timeline(page, subject_id, kinds)

    @field(Permission.NOTES_READ, "Every tag of the firm, by name.")
    async def tags(self, info: Info) -> list[Tag]:
        return await (await info.context.loaders()).desk.tags()

    @field(Permission.NOTES_READ, "Yours, then those that others share.")
    async def saved_views(self, info: Info, page: ViewPage | None = None) -> list[SavedView]:
        return await (await info.context.loaders()).desk.saved_views(page)

    @field(Permission.USERS_READ, "Branches, teams and representatives, by code.")
    async def books(self, info: Info) -> list[Book]:
        return await (await info.context.loaders()).desk.books()
