"""What the firm judges of securities for wash sales."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.lots import (
    SetIdenticalSecuritiesInput,
    SetIdenticalSecuritiesPayload,
    WithdrawIdenticalSecuritiesInput,
    WithdrawIdenticalSecuritiesPayload,
)


@strawberry.type
class LotMutations:
    @mutation(
        Permission.LOTS_JUDGE,
        "Says of two securities whether they are substantially identical, from a day on. On its days what is"
        " said later counts.",
    )
    async def set_identical_securities(
        self, info: Info, input: SetIdenticalSecuritiesInput
    ) -> SetIdenticalSecuritiesPayload:
        return await info.context.acts.lots.set_identical(input)

    @mutation(Permission.LOTS_JUDGE, "Takes a judgement back that should not have been made.")
    async def withdraw_identical_securities(
        self, info: Info, input: WithdrawIdenticalSecuritiesInput
    ) -> WithdrawIdenticalSecuritiesPayload:
        return await info.context.acts.lots.withdraw_identical(input)
