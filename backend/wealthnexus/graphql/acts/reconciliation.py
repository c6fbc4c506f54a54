"""Differences with the custodian: assigned, signed off, reopened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wealthnexus.domain.feeds import custody
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, to_global
from wealthnexus.graphql.types import reconciliation as types
from wealthnexus.graphql.types.payloads import JobAccepted
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import run_once


class ReconciliationActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def _break(self, key: UUID) -> types.ReconciliationBreak:
        return await (await self._context.loaders()).reconciliation.one(to_global("ReconciliationBreak", key))

    async def assign_break(self, given: types.AssignBreakInput) -> types.AssignBreakSuccess:
        caller, key = self._context.caller, input_key(given.break_id, "ReconciliationBreak", "breakId")
        owner = None if given.assignee_id is None else input_key(given.assignee_id, "User", "assigneeId")

        async def act(uow: UnitOfWork) -> None:
            await custody.assign_break(uow, caller, custody.AssignBreak(key, owner, given.expected_version))

        await self._context.change(act)
        return types.AssignBreakSuccess(reconciliation_break=await self._break(key))

    async def sign_off_break(self, given: types.SignOffBreakInput) -> types.SignOffBreakSuccess:
        caller, key = self._context.caller, input_key(given.break_id, "ReconciliationBreak", "breakId")
        command = custody.SignOffBreak(key, given.reason_code.value, given.reason, given.expected_version)

        async def act(uow: UnitOfWork) -> UUID:
            row = await custody.sign_off_break(uow, caller, command)
            return UUID(str(row.id))

        done = await self._context.change(act)
        approval = None
        if done != key:
            approvals = (await self._context.loaders()).approvals
            approval = await approvals.one(to_global("Approval", done))
        return types.SignOffBreakSuccess(reconciliation_break=await self._break(key), approval=approval)

    async def reopen_break(self, given: types.ReopenBreakInput) -> types.ReopenBreakSuccess:
        caller, key = self._context.caller, input_key(given.break_id, "ReconciliationBreak", "breakId")
        command = custody.ReopenBreak(key, given.reason, given.expected_version)

        async def act(uow: UnitOfWork) -> None:
            await custody.reopen_break(uow, caller, command)

        await self._context.change(act)
        return types.ReopenBreakSuccess(reconciliation_break=await self._break(key))

    async def reconcile_now(self, given: types.ReconcileNowInput) -> JobAccepted:
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            async def answer() -> dict[str, Any]:
                return {"job_id": await custody.reconcile_now(uow, caller)}

            return await run_once(
                uow, principal_id=caller.user_id, operation="reconcileNow", key=given.idempotency_key,
                request={}, do=answer,
            )  # fmt: skip

        done = await self._context.change(work)
        jobs = (await self._context.loaders()).jobs
        return JobAccepted(job=await jobs.one(to_global("Job", done["job_id"])))
