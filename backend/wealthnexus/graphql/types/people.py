"""The viewer, the firm's people, their sessions and what they were granted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission, Role
from wealthnexus.graphql.access import SIGNED_IN, field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.base import Connection, Node, PageInfo
from wealthnexus.graphql.types.common import ActorRef, SubjectRef
from wealthnexus.graphql.types.enums import (
    AccessScopeKind,
    AccessStepKind,
    Capability,
    GrantRelationship,
    PrincipalKind,
    UserStatus,
)


@strawberry.type
class Session:
    id: strawberry.ID
    created_at: datetime
    last_seen_at: datetime
    ip_address: str | None
    user_agent: str | None
    current: bool
    expires_at: datetime
    user_key: strawberry.Private[UUID]

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        caller = info.context.caller
        if self.user_key == caller.user_id or caller.may(Permission.SESSIONS_REVOKE):
            return [Capability.REVOKE_SESSION]
        return []


@strawberry.type(description="You.")
class Viewer:
    id: strawberry.ID
    name: str
    email: str
    kind: PrincipalKind
    roles: list[Role]
    permissions: list[str]
    scope: AccessScopeKind
    stepped_up_until: datetime | None
    current_session_id: strawberry.ID

    @field(SIGNED_IN)
    async def sessions(self, info: Info) -> list[Session]:
        return await (await info.context.loaders()).people.sessions_of_user.load(info.context.caller.user_id)

    @field(SIGNED_IN)
    async def mfa_enrolled(self, info: Info) -> bool:
        return await (await info.context.loaders()).people.mfa_enrolled()

    @field(SIGNED_IN, "Unused recovery codes; null without a second factor.")
    async def recovery_codes_left(self, info: Info) -> int | None:
        return await (await info.context.loaders()).people.recovery_codes_left()


@strawberry.type(description="A person who may sign in at this firm.")
class User(Node):
    name: str
    email: str
    kind: PrincipalKind
    status: UserStatus
    roles: list[Role]
    scope: AccessScopeKind
    mfa_enrolled: bool
    last_sign_in_at: datetime | None
    locked_until: datetime | None
    invited_at: datetime | None
    version: int
    key: strawberry.Private[UUID]
    party_key: strawberry.Private[UUID | None]

    @field(Permission.PARTIES_READ, "The person of the book that this client is, where it is known.")
    async def party(self, info: Info) -> SubjectRef | None:
        return await (await info.context.loaders()).people.party_of(self.party_key)

    @field(Permission.SESSIONS_REVOKE, "Open sessions of somebody else.")
    async def sessions(self, info: Info) -> list[Session]:
        return await (await info.context.loaders()).people.sessions_of_user.load(self.key)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        context = info.context
        may = context.capabilities(
            (Permission.AUDIT_READ, Capability.VIEW_AUDIT),
            (Permission.GRANTS_MANAGE, Capability.MANAGE_GRANTS),
        )
        if self.status is UserStatus.DEACTIVATED:
            return may
        if self.status is UserStatus.INVITED:
            may += context.capabilities((Permission.USERS_INVITE, Capability.INVITE_USER))
        may += context.capabilities((Permission.SESSIONS_REVOKE, Capability.REVOKE_SESSION))
        if self.key != context.caller.user_id:
            may += context.capabilities(
                (Permission.ROLES_CHANGE, Capability.CHANGE_ROLES),
                (Permission.USERS_DEACTIVATE, Capability.DEACTIVATE_USER),
            )
            if self.mfa_enrolled and self.status is UserStatus.ACTIVE:
                may += context.capabilities((Permission.AUTHENTICATORS_RESET, Capability.RESET_AUTHENTICATOR))
        return may


@strawberry.type
class UserConnection(Connection[User]):
    pass


@strawberry.input
class UserFilter:
    kind: PrincipalKind | None = None
    status: list[UserStatus] | None = None
    name_contains: str | None = None
    role: Role | None = None


@strawberry.type(description="What somebody may see beyond a role: one subject, for a time, for a reason.")
class AccessGrant(Node):
    principal: ActorRef
    subject: SubjectRef
    relationship: GrantRelationship
    permissions: list[str]
    effective_from: date
    effective_to: date | None
    reason: str
    created_at: datetime
    revoked_at: datetime | None

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        if self.revoked_at is not None:
            return []
        return info.context.capabilities((Permission.GRANTS_MANAGE, Capability.MANAGE_GRANTS))


@strawberry.type
class AccessGrantConnection(Connection[AccessGrant]):
    pass


@strawberry.type(description="One step on the way to a subject; the first is what was granted.")
class AccessStep:
    kind: AccessStepKind
    subject: SubjectRef
    role: str | None = strawberry.field(description="As owner of an account or member of a household.")


@strawberry.type(description="A subject that somebody sees through a grant, and one way that leads there.")
class AccessPath:
    subject: SubjectRef
    may_write: bool
    via: list[AccessStep]
    grant: AccessGrant
    expires_at: datetime | None = strawberry.field(description="When this way ends by itself.")


@strawberry.type(description="A subject that somebody sees; `expiresAt` null when some way to it has no end.")
class SeenPart:
    subject: SubjectRef
    may_write: bool
    expires_at: datetime | None


@strawberry.type(description="Somebody whose grants reach a subject or parts of it.")
class SubjectViewer:
    person: User
    sees_all: bool = strawberry.field(description="The subject itself; false: parts of it alone.")
    may_write: bool
    expires_at: datetime | None = strawberry.field(description="When the last way ends; null: open end.")
    part_count: int = strawberry.field(description="How much of it, the subject itself included.")
    parts: list[SeenPart] = strawberry.field(description="The first of them by name.")
    grants: list[AccessGrant] = strawberry.field(description="Those by which they see it.")


@strawberry.type(description="Who sees a household, person, account or debt, or parts of it, and why.")
class SubjectViewers:
    subject: SubjectRef
    part_count: int = strawberry.field(description="The subject and everything that a grant on it shows.")
    firm_wide_count: int = strawberry.field(description="Staff who see it by role, without grants.")
    people: list[SubjectViewer] = strawberry.field(description="By name; invited people too.")
    page_info: PageInfo


@strawberry.type(description="How many of one kind a grant would show; `newCount`: not seen by them so far.")
class ShownCount:
    kind: str
    count: int
    new_count: int


@strawberry.type
class ShownSubject:
    subject: SubjectRef
    is_new: bool
    ends_on: date | None = strawberry.field(description="The day on which a custodianship ends.")


@strawberry.type(description="What a grant would show, told before it is given.")
class SharePreview:
    subject: SubjectRef
    counts: list[ShownCount]
    subjects: list[ShownSubject] = strawberry.field(description="The first ones of each kind, by name.")


@strawberry.type(description="What somebody sees through grants now, and why.")
class AccessPreview:
    principal: ActorRef
    scope: AccessScopeKind = strawberry.field(description="FIRM: sees everything by role, without grants.")
    subjects: list[AccessPath] = strawberry.field(
        description="By name; a subject stands here once per way, at most three of each grant."
    )
    page_info: PageInfo
    key: strawberry.Private[UUID]

    @field(Permission.GRANTS_READ, "How many different subjects are reached.")
    async def subject_count(self, info: Info) -> int:
        return await (await info.context.loaders()).people.reached(self.key)
