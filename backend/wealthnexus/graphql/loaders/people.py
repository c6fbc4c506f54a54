"""Reads of people, sessions and grants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row
from strawberry.dataloader import DataLoader

from wealthnexus.domain.identity import directory, repository
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.service import preview
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import connection, subject_key, subjects_of, user_ref
from wealthnexus.graphql.types.base import PageInfo
from wealthnexus.graphql.types.common import ActorRef, SubjectRef
from wealthnexus.graphql.types.enums import (
    AccessScopeKind,
    AccessStepKind,
    GrantRelationship,
    PrincipalKind,
    UserStatus,
)
from wealthnexus.graphql.types.people import (
    AccessGrant,
    AccessGrantConnection,
    AccessPath,
    AccessPreview,
    AccessStep,
    Session,
    User,
    UserConnection,
    UserFilter,
    Viewer,
)
from wealthnexus.kit import clock
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.context import RequestContext
    from wealthnexus.graphql.loaders import Loaders


def scope_of(scope: str) -> AccessScopeKind:
    return AccessScopeKind.FIRM if scope == "firm" else AccessScopeKind.LIMITED


def viewer_of(context: RequestContext) -> Viewer:
    """The caller, without asking the database."""
    caller = context.caller
    return Viewer(
        id=to_global("User", caller.user_id),
        name=caller.name,
        email=caller.email,
        kind=PrincipalKind(caller.kind),
        roles=sorted(caller.roles),
        permissions=sorted(permission.value for permission in caller.permissions),
        scope=scope_of(caller.scope),
        stepped_up_until=caller.stepped_up_until if caller.is_stepped_up() else None,
        current_session_id=to_global("Session", caller.session_id),
    )


def user_of(row: Row[Any]) -> User:
    now = clock.now()
    return User(
        id=to_global("User", row.id),
        name=row.name,
        email=row.email,
        kind=PrincipalKind(row.kind),
        status=UserStatus(row.status),
        roles=[Role(name) for name in row.roles or ()],
        scope=AccessScopeKind.LIMITED if row.kind == "CLIENT" else scope_of(row.scope),
        mfa_enrolled=row.mfa_enrolled_at is not None,
        last_sign_in_at=row.last_sign_in_at,
        locked_until=row.locked_until if row.locked_until and row.locked_until > now else None,
        invited_at=row.invited_at,
        version=row.version,
        key=row.id,
    )


class PeopleReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def users(self, page: PageRequest, filter_: UserFilter | None) -> UserConnection:
        wanted = directory.PeopleFilter()
        if filter_ is not None:
            wanted = directory.PeopleFilter(
                kind=filter_.kind.value if filter_.kind is not None else None,
                statuses=[status.value for status in filter_.status or ()],
                name_contains=filter_.name_contains,
                role=filter_.role.value if filter_.role is not None else None,
            )
        found = await directory.people_page(self._all.reader, wanted, page)
        return connection(
            UserConnection,
            found,
            (user_of(row) for row in found.rows),
            lambda: directory.count_people_of(self._all.reader, wanted),
        )

    async def user(self, global_id: str) -> User:
        key = from_global(global_id, "User")
        row = await self._people.load(key)
        if row is None:
            raise not_found("User")
        return user_of(row)

    @property
    def _people(self) -> DataLoader[UUID, Row[Any] | None]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, Any]:
            return dict(await directory.people_by_ids(self._all.reader, keys))

        return self._all.batch("people", load)

    async def refs(self, keys: Iterable[UUID | None]) -> Mapping[UUID, ActorRef]:
        """Names of people of a whole page; those the caller may not see are absent."""
        wanted = {key for key in keys if key is not None}
        if not wanted:
            return {}
        rows = await directory.people_by_ids(self._all.reader, list(wanted))
        return {key: user_ref(key, row.name) for key, row in rows.items()}

    @property
    def sessions_of_user(self) -> DataLoader[UUID, list[Session]]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, list[Session]]:
            found: dict[UUID, list[Session]] = {key: [] for key in keys}
            current = self._all.context.caller.session_id
            for row in await repository.open_sessions(self._all.reader, keys, clock.now()):
                found[row.user_id].append(
                    Session(
                        id=to_global("Session", row.id),
                        created_at=row.created_at,
                        last_seen_at=row.last_seen_at,
                        ip_address=row.ip_address,
                        user_agent=row.user_agent,
                        current=row.id == current,
                        expires_at=row.expires_at,
                        user_key=row.user_id,
                    )
                )
            return found

        return self._all.batch("sessions", load, list)

    async def mfa_enrolled(self) -> bool:
        row = await self._people.load(self._all.context.caller.user_id)
        return row is not None and row.mfa_enrolled_at is not None

    async def recovery_codes_left(self) -> int | None:
        if not await self.mfa_enrolled():
            return None
        return await repository.recovery_codes_left(self._all.reader, self._all.context.caller.user_id)

    # -- grants -----------------------------------------------------------------------------------

    async def access_grants(
        self, page: PageRequest, principal_id: str | None, subject_id: str | None
    ) -> AccessGrantConnection:
        principal = from_global(principal_id, "User", path=("principalId",)) if principal_id else None
        subject = subject_key(subject_id, path=("subjectId",))
        reader = self._all.reader
        found = await directory.grants_page(reader, page, principal_id=principal, subject_id=subject)
        return connection(
            AccessGrantConnection,
            found,
            await self._made_grants(found.rows),
            lambda: directory.count_grants(reader, principal_id=principal, subject_id=subject),
        )

    async def access_grant(self, global_id: str) -> AccessGrant:
        key = from_global(global_id, "AccessGrant")
        rows = await directory.grants_by_ids(self._all.reader, [key])
        if key not in rows:
            raise not_found("AccessGrant")
        return (await self._made_grants([rows[key]]))[0]

    async def _made_grants(self, rows: Sequence[Row[Any]]) -> list[AccessGrant]:
        people = await self.refs(row.principal_id for row in rows)
        subjects = await subjects_of(self._all, (row.subject_id for row in rows))
        return [
            AccessGrant(
                id=to_global("AccessGrant", row.id),
                principal=people.get(row.principal_id) or user_ref(row.principal_id, ""),
                subject=subjects.get(row.subject_id)
                or SubjectRef(id=to_global("Subject", row.subject_id), kind="", label=""),
                relationship=GrantRelationship(row.relationship.upper()),
                permissions=list(row.permissions),
                effective_from=row.effective_from,
                effective_to=row.effective_to,
                reason=row.reason,
                created_at=row.created_at,
                revoked_at=row.revoked_at,
            )
            for row in rows
        ]

    # -- what grants reach --------------------------------------------------------------------------

    async def reached(self, principal_id: UUID) -> int:
        return await preview.count_reached(self._all.reader, principal_id)

    async def access_preview(self, page: PageRequest, principal_id: str) -> AccessPreview:
        key = from_global(principal_id, "User", path=("principalId",))
        reader = self._all.reader
        seen = await preview.access_preview(reader, self._all.context.caller, key, page)
        person = await self.user(to_global("User", key))
        subjects = await subjects_of(self._all, {s.subject_id for path in seen.paths for s in path.steps})
        rows = await directory.grants_by_ids(reader, list({path.grant_id for path in seen.paths}))
        made = await self._made_grants(list(rows.values()))
        grants = dict(zip(rows, made, strict=True))
        paths = [
            AccessPath(
                subject=subjects[path.subject_id],
                may_write=path.may_write,
                via=[
                    AccessStep(
                        kind=AccessStepKind(step.how.upper()),
                        subject=subjects[step.subject_id],
                        role=step.role.upper() if step.role else None,
                    )
                    for step in path.steps
                ],
                grant=grants[path.grant_id],
                expires_at=path.expires_at,
            )
            for path in seen.paths
            if path.grant_id in grants and all(step.subject_id in subjects for step in path.steps)
        ]
        found = seen.page
        info = PageInfo(
            has_next_page=found.has_next,
            has_previous_page=found.has_previous,
            start_cursor=found.cursors[0] if found.cursors else None,
            end_cursor=found.cursors[-1] if found.cursors else None,
        )
        return AccessPreview(
            principal=user_ref(key, person.name),
            scope=person.scope,
            subjects=paths,
            page_info=info,
            key=key,
        )
