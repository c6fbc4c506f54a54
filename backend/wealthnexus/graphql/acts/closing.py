"""The books are closed by hand."""

from __future__ import annotations

from typing import Any

from wealthnexus.domain.closing.service import close_again
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.types.closing import RunCloseInput, RunCloseSuccess
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import run_once


class ClosingActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def run(self, given: RunCloseInput) -> RunCloseSuccess:
        caller = self._context.caller
        day = caller.firm.business_date()

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            async def answer() -> dict[str, Any]:
                return {"id": await close_again(uow, day)}

            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation="runClose",
                key=given.idempotency_key,
                request={"day": day.isoformat()},
                do=answer,
            )

        key = (await self._context.change(work))["id"]
        jobs = (await self._context.loaders()).jobs
        return RunCloseSuccess(job=await jobs.one(to_global("Job", key)))
