"""Sleeves of an account, and journals between them."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types import sleeves as types


@strawberry.type
class SleeveMutations:
    @mutation(Permission.PARTIES_EDIT, "Gives an account a sleeve, which is empty.")
    async def open_sleeve(self, info: Info, input: types.OpenSleeveInput) -> types.OpenSleevePayload:
        return await info.context.acts.sleeves.open_sleeve(input)

    @mutation(Permission.PARTIES_EDIT, "Changes what is given; null empties a field, what is left out stays.")
    async def update_sleeve(self, info: Info, input: types.UpdateSleeveInput) -> types.UpdateSleevePayload:
        return await info.context.acts.sleeves.update_sleeve(input)

    @mutation(Permission.PARTIES_EDIT, "Closes an empty sleeve on a day, or opens it again.")
    async def close_sleeve(self, info: Info, input: types.CloseSleeveInput) -> types.CloseSleevePayload:
        return await info.context.acts.sleeves.close_sleeve(input)

    @mutation(
        Permission.TRANSACTIONS_POST,
        "Moves cash, or units with their lots, from one sleeve of an account to another: nothing for the"
        " account, a flow at the value of the day for each of the two.",
    )
    async def journal_sleeves(
        self, info: Info, input: types.JournalSleevesInput
    ) -> types.JournalSleevesPayload:
        return await info.context.acts.sleeves.journal_sleeves(input)
