"""Posting corporate actions, and taking that back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from wealthnexus.domain import actions
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, to_global
from wealthnexus.graphql.loaders.lot_snapshots import Names
from wealthnexus.graphql.scalars import BigInt
from wealthnexus.graphql.types import actions as types
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import checked_key, run_once

Answer = dict[str, Any]


class ActionActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def post(self, given: types.PostCorporateActionInput) -> types.PostCorporateActionSuccess:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        key = input_key(given.corporate_action_id, "CorporateAction", "corporateActionId")
        terms = actions.Terms(given.fractions, given.cash_per_unit, given.basis_fraction, given.is_taxable)

        async def do(uow: UnitOfWork) -> Answer:
            return asdict(await actions.post_action(uow, firm, key, terms, given.reason, dry_run=dry_run))

        request = {"corporate_action_id": key, **asdict(terms), "reason": given.reason}
        answer = await self._once("postCorporateAction", given.idempotency_key, request, do, dry_run=dry_run)
        loaders = await self._context.loaders()
        without = [UUID(str(one)) for one in answer["without_rate"]]
        names = await Names.load(loaders, await loaders.view(), without, (), {})
        refs: list[AccountRef] = [names.accounts[one] for one in without if one in names.accounts]
        return types.PostCorporateActionSuccess(
            desk_action=await loaders.actions.one(self._id(answer, key, dry_run=dry_run)),
            account_count=answer["account_count"],
            entry_count=answer["entry_count"],
            book_version=BigInt(answer["book_version"]),
            without_rate=refs,
            dry_run=dry_run,
        )

    async def reverse(self, given: types.ReverseCorporateActionInput) -> types.ReverseCorporateActionSuccess:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        key = input_key(given.corporate_action_id, "CorporateAction", "corporateActionId")

        async def do(uow: UnitOfWork) -> Answer:
            return asdict(await actions.reverse_action(uow, firm, key, given.reason, dry_run=dry_run))

        request = {"corporate_action_id": key, "reason": given.reason}
        answer = await self._once(
            "reverseCorporateAction", given.idempotency_key, request, do, dry_run=dry_run
        )
        loaders = await self._context.loaders()
        return types.ReverseCorporateActionSuccess(
            desk_action=await loaders.actions.one(self._id(answer, key, dry_run=dry_run)),
            account_count=answer["account_count"],
            entry_count=answer["entry_count"],
            book_version=BigInt(answer["book_version"]),
            dry_run=dry_run,
        )

    @staticmethod
    def _id(answer: Answer, key: UUID, *, dry_run: bool) -> str:
        """What a dry run told of the action is gone with it."""
        return to_global("CorporateAction", key if dry_run else answer["action_id"])

    async def _once(
        self,
        operation: str,
        key: str,
        request: Mapping[str, Any],
        do: Callable[[UnitOfWork], Awaitable[Answer]],
        *,
        dry_run: bool,
    ) -> Answer:
        """``do`` under the idempotency key; a dry run keeps no record, for it has no effect."""
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> Answer:
            if dry_run:
                checked_key(key)
                return await do(uow)
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=dict(request),
                do=lambda: do(uow),
            )

        return await self._context.change(work)
