"""What people do about differences with the custodian."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.reconciliation import (
    AssignBreakInput,
    AssignBreakPayload,
    ReconcileNowInput,
    ReconcileNowPayload,
    ReopenBreakInput,
    ReopenBreakPayload,
    SignOffBreakInput,
    SignOffBreakPayload,
)


@strawberry.type
class ReconciliationMutations:
    @mutation(Permission.RECONCILIATION_WORK, "Gives a difference to somebody, or back to the desk.")
    async def assign_break(self, info: Info, input: AssignBreakInput) -> AssignBreakPayload:
        return await info.context.acts.reconciliation.assign_break(input)

    @mutation(
        Permission.RECONCILIATION_SIGN_OFF,
        "Accepts a difference with a reason. A large one, or one that no price tells the worth of, becomes"
        " an approval that a second person decides.",
    )
    async def sign_off_break(self, info: Info, input: SignOffBreakInput) -> SignOffBreakPayload:
        return await info.context.acts.reconciliation.sign_off_break(input)

    @mutation(Permission.RECONCILIATION_SIGN_OFF, "Takes a sign-off back.")
    async def reopen_break(self, info: Info, input: ReopenBreakInput) -> ReopenBreakPayload:
        return await info.context.acts.reconciliation.reopen_break(input)

    @mutation(
        Permission.RECONCILIATION_WORK,
        "Compares everything that has evidence as a job; the one that is under way, if one is.",
    )
    async def reconcile_now(self, info: Info, input: ReconcileNowInput) -> ReconcileNowPayload:
        return await info.context.acts.reconciliation.reconcile_now(input)
