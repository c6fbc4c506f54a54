"""Composites are made; accounts join and leave them."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.composites import (
    AddCompositeMembersInput,
    AddCompositeMembersPayload,
    CreateCompositeInput,
    CreateCompositePayload,
    RemoveCompositeMembersInput,
    RemoveCompositeMembersPayload,
)


@strawberry.type
class CompositeMutations:
    @mutation(Permission.PERFORMANCE_MANAGE, "Makes a composite without members.")
    async def create_composite(self, info: Info, input: CreateCompositeInput) -> CreateCompositePayload:
        return await info.context.acts.composites.create(input)

    @mutation(Permission.PERFORMANCE_MANAGE, "Accounts belong to a composite from a day on.")
    async def add_composite_members(
        self, info: Info, input: AddCompositeMembersInput
    ) -> AddCompositeMembersPayload:
        return await info.context.acts.composites.add(input)

    @mutation(Permission.PERFORMANCE_MANAGE, "Accounts no longer belong to a composite from a day on.")
    async def remove_composite_members(
        self, info: Info, input: RemoveCompositeMembersInput
    ) -> RemoveCompositeMembersPayload:
        return await info.context.acts.composites.remove(input)
