"""Posting corporate actions."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.actions import (
    PostCorporateActionInput,
    PostCorporateActionPayload,
    ReverseCorporateActionInput,
    ReverseCorporateActionPayload,
)


@strawberry.type
class ActionMutations:
    @mutation(
        Permission.TRANSACTIONS_POST,
        "Posts the action for every holding that lacks its entries; takes sight of the whole firm.",
    )
    async def post_corporate_action(
        self, info: Info, input: PostCorporateActionInput
    ) -> PostCorporateActionPayload:
        return await info.context.acts.actions.post(input)

    @mutation(
        Permission.TRANSACTIONS_CORRECT,
        "Reverses the entries that were posted here for the action; takes sight of the whole firm.",
    )
    async def reverse_corporate_action(
        self, info: Info, input: ReverseCorporateActionInput
    ) -> ReverseCorporateActionPayload:
        return await info.context.acts.actions.reverse(input)
