"""The firm's people and their grants."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.enums import GrantRelationship
from wealthnexus.graphql.types.people import (
    AccessGrantConnection,
    AccessPreview,
    SharePreview,
    SubjectViewers,
    User,
    UserConnection,
    UserFilter,
)


@strawberry.type
class PeopleQueries:
    @field(Permission.USERS_READ, "By name.")
    async def users(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: UserFilter | None = None,
    ) -> UserConnection:
        return await (await info.context.loaders()).people.users(info.context.page(first, after), filter)

    @field(Permission.USERS_READ, "Null with NOT_FOUND when there is no such user for you.")
    async def user(self, info: Info, id: strawberry.ID) -> User | None:
        return await (await info.context.loaders()).people.user(id)

    @field(Permission.GRANTS_READ, "Latest first.")
    async def access_grants(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        principal_id: strawberry.ID | None = None,
        subject_id: strawberry.ID | None = None,
    ) -> AccessGrantConnection:
        people = (await info.context.loaders()).people
        return await people.access_grants(info.context.page(first, after), principal_id, subject_id)

    @field(Permission.GRANTS_READ, "What somebody sees through grants now, and why; a page of it, by name.")
    async def access_preview(
        self, info: Info, principal_id: strawberry.ID, first: int | None = None, after: str | None = None
    ) -> AccessPreview:
        people = (await info.context.loaders()).people
        return await people.access_preview(info.context.page(first, after), principal_id)

    @field(
        Permission.GRANTS_READ,
        "Everybody who sees a household, person, account or debt, or parts of it, through grants; by name.",
    )
    async def who_sees(
        self, info: Info, subject_id: strawberry.ID, first: int | None = None, after: str | None = None
    ) -> SubjectViewers:
        people = (await info.context.loaders()).people
        return await people.who_sees(info.context.page(first, after), subject_id)

    @field(Permission.GRANTS_READ, "What a grant would show; without a person: to a client not yet invited.")
    async def share_preview(
        self,
        info: Info,
        subject_id: strawberry.ID,
        principal_id: strawberry.ID | None = None,
        relationship: GrantRelationship | None = None,
    ) -> SharePreview:
        people = (await info.context.loaders()).people
        return await people.share_preview(subject_id, principal_id, relationship)
