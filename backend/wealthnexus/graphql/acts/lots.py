"""Judgements of securities for wash sales."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from wealthnexus.domain.ledger.service import JudgeIdentical, judge_identical, withdraw_identical
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key
from wealthnexus.graphql.types import lots as types
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import run_once


class LotActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def set_identical(
        self, given: types.SetIdenticalSecuritiesInput
    ) -> types.SetIdenticalSecuritiesSuccess:
        command = JudgeIdentical(
            security_id=input_key(given.security_id, "Security", "securityId"),
            other_security_id=input_key(given.other_security_id, "Security", "otherSecurityId"),
            treatment=given.treatment,
            reason=given.reason,
            effective_from=given.effective_from,
            effective_to=given.effective_to,
        )
        key = await self._once(
            "setIdenticalSecurities", given.idempotency_key, asdict(command),
            lambda uow: judge_identical(uow, command),
        )  # fmt: skip
        judgement = await (await self._context.loaders()).lots.judgement(key)
        return types.SetIdenticalSecuritiesSuccess(judgement=judgement)

    async def withdraw_identical(
        self, given: types.WithdrawIdenticalSecuritiesInput
    ) -> types.WithdrawIdenticalSecuritiesSuccess:
        key = input_key(given.judgement_id, "IdenticalSecurities", "judgementId")
        request = {"judgementId": str(key), "reason": given.reason}
        await self._once(
            "withdrawIdenticalSecurities", given.idempotency_key, request,
            lambda uow: withdraw_identical(uow, key, given.reason),
        )  # fmt: skip
        judgement = await (await self._context.loaders()).lots.judgement(key)
        return types.WithdrawIdenticalSecuritiesSuccess(judgement=judgement)

    async def _once(
        self,
        operation: str,
        key: str,
        request: Mapping[str, Any],
        do: Callable[[UnitOfWork], Awaitable[UUID]],
    ) -> UUID:
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            async def answer() -> dict[str, Any]:
                return {"id": await do(uow)}

            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=dict(request),
                do=answer,
            )

        return UUID(str((await self._context.change(work))["id"]))
