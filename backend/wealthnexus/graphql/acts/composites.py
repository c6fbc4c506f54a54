"""Composites: one unit of work each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from wealthnexus.domain.performance.service import (
    ChangeMembers,
    CreateComposite,
    add_members,
    create_composite,
    remove_members,
)
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key
from wealthnexus.graphql.types import composites as types
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import run_once


class CompositeActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def create(self, given: types.CreateCompositeInput) -> types.CreateCompositeSuccess:
        benchmark = None
        if given.benchmark_id is not None:
            benchmark = input_key(given.benchmark_id, "Benchmark", "benchmarkId")
        command = CreateComposite(
            given.name, given.description, given.currency, given.reason, given.minimum_assets, benchmark
        )
        key = await self._once(
            "createComposite", given.idempotency_key, asdict(command),
            lambda uow: create_composite(uow, command),
        )  # fmt: skip
        return types.CreateCompositeSuccess(composite=await self._shown(UUID(key)))

    async def add(self, given: types.AddCompositeMembersInput) -> types.AddCompositeMembersSuccess:
        command = _command(given)
        await self._once(
            "addCompositeMembers", given.idempotency_key, asdict(command),
            lambda uow: add_members(uow, command),
        )  # fmt: skip
        return types.AddCompositeMembersSuccess(composite=await self._shown(command.composite_id))

    async def remove(self, given: types.RemoveCompositeMembersInput) -> types.RemoveCompositeMembersSuccess:
        command = _command(given)
        await self._once(
            "removeCompositeMembers", given.idempotency_key, asdict(command),
            lambda uow: remove_members(uow, command),
        )  # fmt: skip
        return types.RemoveCompositeMembersSuccess(composite=await self._shown(command.composite_id))

    async def _shown(self, key: UUID) -> types.CompositeRef:
        return await (await self._context.loaders()).composites.reference(key)

    async def _once(
        self, operation: str, key: str, request: dict[str, Any], do: Callable[[UnitOfWork], Awaitable[Any]]
    ) -> str:
        """The answer of one unit of work; of the same request again the answer of the first."""
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            async def answer() -> dict[str, Any]:
                return {"made": await do(uow)}

            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=request,
                do=answer,
            )

        return str((await self._context.change(work))["made"])


def _command(given: types.AddCompositeMembersInput | types.RemoveCompositeMembersInput) -> ChangeMembers:
    return ChangeMembers(
        input_key(given.composite_id, "Composite", "compositeId"),
        tuple(input_key(each, "Account", "accountIds") for each in given.account_ids),
        given.effective_from,
        given.reason,
    )
