"""Reads of people, sessions and grants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Row
from strawberry.dataloader import DataLoader

from wealthnexus.domain.identity import directory, repository
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.service import preview, sharing
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import SUBJECT_TYPES, connection, subject_key, subjects_of, user_ref
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
    SeenPart,
    Session,
    SharePreview,
    ShownCount,
    ShownSubject,
    SubjectViewer,
    SubjectViewers,
    User,
    UserConnection,
    UserFilter,
    Viewer,
)
from wealthnexus.kit import clock
from wealthnexus.kit.paging import Page, PageRequest

SHOWN_MAX: Final = 20

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
        party_key=row.party_id,
    )


def page_info_of(page: Page[Any]) -> PageInfo:
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
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

    async def party_of(self, party_id: UUID | None) -> SubjectRef | None:
        """Null where there is none, or none for this caller."""
        return await self._parties.load(party_id) if party_id is not None else None

    @property
    def _parties(self) -> DataLoader[UUID, SubjectRef | None]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, SubjectRef | None]:
            return dict(await subjects_of(self._all, keys))

        return self._all.batch("parties_of_users", load)

    @property
    def users_of_party(self) -> DataLoader[UUID, list[User]]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, list[User]]:
            found: dict[UUID, list[User]] = {key: [] for key in keys}
            for row in await directory.people_of_parties(self._all.reader, keys):
                found[row.party_id].append(user_of(row))
            return found

        return self._all.batch("users_of_party", load, list)

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
        return AccessPreview(
            principal=user_ref(key, person.name),
            scope=person.scope,
            subjects=paths,
            page_info=page_info_of(seen.page),
            key=key,
        )

    async def who_sees(self, page: PageRequest, subject_id: str) -> SubjectViewers:
        key = from_global(subject_id, SUBJECT_TYPES, path=("subjectId",))
        reader = self._all.reader
        seen = await sharing.who_sees(reader, self._all.context.caller, key, page)
        parts = {part.subject_id for viewing in seen.viewings for part in viewing.parts}
        subjects = await subjects_of(self._all, parts | {key})
        rows = await directory.grants_by_ids(reader, [g for v in seen.viewings for g in v.grant_ids])
        grants = dict(zip(rows, await self._made_grants(list(rows.values())), strict=True))
        return SubjectViewers(
            subject=subjects[key],
            part_count=seen.part_count,
            firm_wide_count=seen.firm_wide,
            people=[
                SubjectViewer(
                    person=user_of(row),
                    sees_all=viewing.sees_all,
                    may_write=viewing.may_write,
                    expires_at=viewing.expires_at,
                    part_count=viewing.part_count,
                    parts=[
                        SeenPart(
                            subject=subjects[part.subject_id],
                            may_write=part.may_write,
                            expires_at=part.expires_at,
                        )
                        for part in viewing.parts
                    ],
                    grants=[grants[each] for each in viewing.grant_ids],
                )
                for row, viewing in zip(seen.page.rows, seen.viewings, strict=True)
            ],
            page_info=page_info_of(seen.page),
        )

    async def share_preview(
        self, subject_id: str, principal_id: str | None, relationship: GrantRelationship | None
    ) -> SharePreview:
        key = from_global(subject_id, SUBJECT_TYPES, path=("subjectId",))
        person = from_global(principal_id, "User", path=("principalId",)) if principal_id else None
        shown = await sharing.share_preview(
            self._all.reader,
            self._all.context.caller,
            key,
            principal_id=person,
            relationship=relationship.value.lower() if relationship else None,
        )
        by_kind: dict[str, list[sharing.Shown]] = {}
        for each in shown:
            by_kind.setdefault(each.kind, []).append(each)
        listed = [each for of_kind in by_kind.values() for each in of_kind[:SHOWN_MAX]]
        subjects = await subjects_of(self._all, {each.subject_id for each in listed} | {key})
        return SharePreview(
            subject=subjects[key],
            counts=[
                ShownCount(kind=kind, count=len(its), new_count=sum(not each.is_seen for each in its))
                for kind, its in by_kind.items()
            ],
            subjects=[
                ShownSubject(subject=subjects[each.subject_id], is_new=not each.is_seen, ends_on=each.ends_on)
                for each in listed
            ],
        )
