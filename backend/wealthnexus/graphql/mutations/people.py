"""People, sessions and grants."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import SIGNED_IN, mutation
from wealthnexus.graphql.context import Info
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
    ChangeUserRolesPayload,
    CreateAccessGrantPayload,
    DeactivateUserPayload,
    InviteUserPayload,
    ResendInvitationPayload,
    ResetAuthenticatorPayload,
    RevokeAccessGrantPayload,
    RevokeOtherSessionsPayload,
    RevokeSessionPayload,
)


@strawberry.type
class PeopleMutations:
    @mutation(Permission.USERS_INVITE, "Sends somebody an invitation by e-mail.")
    async def invite_user(self, info: Info, input: InviteUserInput) -> InviteUserPayload:
        return await info.context.acts.people.invite_user(input)

    @mutation(Permission.ROLES_CHANGE, "Asks for other roles; a second person must approve. Needs step-up.")
    async def change_user_roles(
        self,
        info: Info,
        input: ChangeUserRolesInput,
    ) -> ChangeUserRolesPayload:
        return await info.context.acts.people.change_user_roles(input)

    @mutation(
        Permission.AUTHENTICATORS_RESET,
        "Asks that somebody's lost authenticator be taken away; a second person must approve. Needs step-up.",
    )
    async def reset_authenticator(
        self,
        info: Info,
        input: ResetAuthenticatorInput,
    ) -> ResetAuthenticatorPayload:
        return await info.context.acts.people.reset_authenticator(input)

    @mutation(Permission.USERS_DEACTIVATE, "Ends somebody's access and every open session.")
    async def deactivate_user(
        self,
        info: Info,
        input: DeactivateUserInput,
    ) -> DeactivateUserPayload:
        return await info.context.acts.people.deactivate_user(input)

    @mutation(Permission.USERS_INVITE, "Sends the invitation again; the earlier link stops working.")
    async def resend_invitation(
        self,
        info: Info,
        input: ResendInvitationInput,
    ) -> ResendInvitationPayload:
        return await info.context.acts.people.resend_invitation(input)

    @mutation(SIGNED_IN, "Your own session, or anybody's with `sessions.revoke`.")
    async def revoke_session(
        self,
        info: Info,
        input: RevokeSessionInput,
    ) -> RevokeSessionPayload:
        return await info.context.acts.people.revoke_session(input)

    @mutation(SIGNED_IN, "All your sessions but this one, or all of anybody's with `sessions.revoke`.")
    async def revoke_other_sessions(
        self,
        info: Info,
        input: RevokeOtherSessionsInput,
    ) -> RevokeOtherSessionsPayload:
        return await info.context.acts.people.revoke_other_sessions(input)

    @mutation(Permission.GRANTS_MANAGE, "Lets somebody see a subject.")
    async def create_access_grant(
        self,
        info: Info,
        input: CreateAccessGrantInput,
    ) -> CreateAccessGrantPayload:
        return await info.context.acts.people.create_access_grant(input)

    @mutation(Permission.GRANTS_MANAGE, "Ends a grant at once.")
    async def revoke_access_grant(
        self,
        info: Info,
        input: RevokeAccessGrantInput,
    ) -> RevokeAccessGrantPayload:
        return await info.context.acts.people.revoke_access_grant(input)
