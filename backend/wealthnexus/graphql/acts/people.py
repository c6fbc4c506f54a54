"""People, sessions and grants."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from wealthnexus.domain.identity.service import administration, authenticators, grants, joining, sessions
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import from_global, input_key, to_global
from wealthnexus.graphql.loaders.shared import SUBJECT_TYPES
from wealthnexus.graphql.types.enums import AccessScopeKind
from wealthnexus.graphql.types.inputs import (
    ChangeUserRolesInput,
    CreateAccessGrantInput,
    DeactivateUserInput,
    InviteUserInput,
    ResendInvitationInput,
    ResetAuthenticatorInput,
    RevokeAccessGrantInput,
    RevokeOtherSessionsInput,
    RevokeSessionInput,
)
from wealthnexus.graphql.types.payloads import (
    ApprovalRequested,
    CreateAccessGrantSuccess,
    DeactivateUserSuccess,
    InviteUserSuccess,
    ResendInvitationSuccess,
    RevokeAccessGrantSuccess,
    RevokeOtherSessionsSuccess,
    RevokeSessionSuccess,
)
from wealthnexus.graphql.types.people import AccessGrant, User
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import run_once


class PeopleActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def _user(self, key: UUID) -> User:
        return await (await self._context.loaders()).people.user(to_global("User", key))

    async def _grant(self, key: UUID) -> AccessGrant:
        return await (await self._context.loaders()).people.access_grant(to_global("AccessGrant", key))

    async def invite_user(self, given: InviteUserInput) -> InviteUserSuccess:
        caller = self._context.caller
        party = input_key(given.party_id, "Party", "partyId") if given.party_id is not None else None

        async def work(uow: UnitOfWork) -> UUID:
            return await joining.invite_user(
                uow,
                caller,
                email=given.email,
                name=given.name,
                roles=joining.roles_named([role.value for role in given.roles]),
                scope="limited" if given.scope is AccessScopeKind.LIMITED else "firm",
                party_id=party,
            )

        return InviteUserSuccess(user=await self._user(await self._context.change(work)))

    async def change_user_roles(self, given: ChangeUserRolesInput) -> ApprovalRequested:
        caller, user = self._context.caller, input_key(given.user_id, "User", "userId")

        async def work(uow: UnitOfWork) -> UUID:
            request = await administration.change_user_roles(
                uow,
                caller,
                user,
                roles=[role.value for role in given.roles],
                expected_version=given.expected_version,
                reason=given.reason,
            )
            return UUID(str(request.id))

        return await self._asked(await self._context.change(work))

    async def reset_authenticator(self, given: ResetAuthenticatorInput) -> ApprovalRequested:
        caller, user = self._context.caller, input_key(given.user_id, "User", "userId")

        async def work(uow: UnitOfWork) -> UUID:
            request = await authenticators.reset_authenticator(
                uow, caller, user, expected_version=given.expected_version, reason=given.reason
            )
            return UUID(str(request.id))

        return await self._asked(await self._context.change(work))

    async def _asked(self, key: UUID) -> ApprovalRequested:
        approvals = (await self._context.loaders()).approvals
        return ApprovalRequested(approval=await approvals.one(to_global("Approval", key)))

    async def deactivate_user(self, given: DeactivateUserInput) -> DeactivateUserSuccess:
        caller, user = self._context.caller, input_key(given.user_id, "User", "userId")

        async def work(uow: UnitOfWork) -> None:
            await administration.deactivate_user(
                uow, caller, user, expected_version=given.expected_version, reason=given.reason
            )

        await self._context.change(work)
        return DeactivateUserSuccess(user=await self._user(user))

    async def resend_invitation(self, given: ResendInvitationInput) -> ResendInvitationSuccess:
        caller, user = self._context.caller, input_key(given.user_id, "User", "userId")

        async def work(uow: UnitOfWork) -> None:
            await joining.resend_invitation(uow, caller, user)

        await self._context.change(work)
        return ResendInvitationSuccess(user=await self._user(user))

    async def revoke_session(self, given: RevokeSessionInput) -> RevokeSessionSuccess:
        caller, session = self._context.caller, input_key(given.session_id, "Session", "sessionId")

        async def work(uow: UnitOfWork) -> None:
            await sessions.revoke_session(uow, caller, session)

        await self._context.change(work)
        return RevokeSessionSuccess(session_id=given.session_id)

    async def revoke_other_sessions(self, given: RevokeOtherSessionsInput) -> RevokeOtherSessionsSuccess:
        caller = self._context.caller
        user = input_key(given.user_id, "User", "userId") if given.user_id is not None else None

        async def work(uow: UnitOfWork) -> int:
            return await sessions.revoke_other_sessions(uow, caller, user)

        return RevokeOtherSessionsSuccess(revoked_count=await self._context.change(work))

    async def create_access_grant(self, given: CreateAccessGrantInput) -> CreateAccessGrantSuccess:
        caller = self._context.caller
        principal = input_key(given.principal_id, "User", "principalId")
        subject = from_global(given.subject_id, SUBJECT_TYPES, path=("input", "subjectId"))

        async def work(uow: UnitOfWork) -> UUID:
            return await grants.create_access_grant(
                uow,
                caller,
                principal_id=principal,
                subject_id=subject,
                relationship=given.relationship.value.lower() if given.relationship else None,
                permissions=given.permissions,
                effective_from=given.effective_from,
                effective_to=given.effective_to,
                reason=given.reason,
            )

        key = given.idempotency_key
        if key is None:
            return CreateAccessGrantSuccess(access_grant=await self._grant(await self._context.change(work)))
        said = {name: value for name, value in asdict(given).items() if name != "idempotency_key"}

        async def made(uow: UnitOfWork) -> dict[str, Any]:
            return {"id": await work(uow)}

        async def once(uow: UnitOfWork) -> dict[str, Any]:
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation="createAccessGrant",
                key=key,
                request=said,
                do=lambda: made(uow),
            )

        grant_id = UUID((await self._context.change(once))["id"])
        return CreateAccessGrantSuccess(access_grant=await self._grant(grant_id))

    async def revoke_access_grant(self, given: RevokeAccessGrantInput) -> RevokeAccessGrantSuccess:
        caller, grant = self._context.caller, input_key(given.access_grant_id, "AccessGrant", "accessGrantId")

        async def work(uow: UnitOfWork) -> None:
            await grants.revoke_access_grant(uow, caller, grant, reason=given.reason)

        await self._context.change(work)
        return RevokeAccessGrantSuccess(access_grant=await self._grant(grant))
