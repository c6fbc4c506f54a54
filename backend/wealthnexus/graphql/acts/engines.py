"""Approvals, work, findings, jobs."""

from __future__ import annotations

import strawberry

from wealthnexus.domain import approvals, work
from wealthnexus.graphql import texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key
from wealthnexus.graphql.types.approvals import Approval
from wealthnexus.graphql.types.inputs import (
    AssignWorkItemInput,
    CancelApprovalInput,
    CancelJobInput,
    CompleteWorkItemInput,
    DecideApprovalInput,
    ResolveFindingInput,
)
from wealthnexus.graphql.types.payloads import (
    AssignWorkItemSuccess,
    CancelApprovalSuccess,
    CancelJobSuccess,
    CompleteWorkItemSuccess,
    DecideApprovalSuccess,
    ResolveFindingSuccess,
)
from wealthnexus.graphql.types.work import WorkItem
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.jobs import cancel_job


class EngineActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def _approval(self, global_id: strawberry.ID) -> Approval:
        return await (await self._context.loaders()).approvals.one(global_id)

    async def _work_item(self, global_id: strawberry.ID) -> WorkItem:
        return await (await self._context.loaders()).work.item(global_id)

    async def decide_approval(self, given: DecideApprovalInput) -> DecideApprovalSuccess:
        caller, key = self._context.caller, input_key(given.approval_id, "Approval", "approvalId")
        try:
            decided_hash = bytes.fromhex(given.command_hash)
        except ValueError:
            raise ValidationFailed(texts.BAD_COMMAND_HASH(), path=("input", "commandHash")) from None

        async def act(uow: UnitOfWork) -> None:
            await approvals.decide(
                uow,
                caller,
                key,
                decision=given.decision.value,
                command_hash=decided_hash,
                expected_version=given.expected_version,
                reason=given.reason,
            )

        await self._context.change(act)
        return DecideApprovalSuccess(approval=await self._approval(given.approval_id))

    async def cancel_approval(self, given: CancelApprovalInput) -> CancelApprovalSuccess:
        caller, key = self._context.caller, input_key(given.approval_id, "Approval", "approvalId")

        async def act(uow: UnitOfWork) -> None:
            await approvals.cancel(uow, caller, key, expected_version=given.expected_version)

        await self._context.change(act)
        return CancelApprovalSuccess(approval=await self._approval(given.approval_id))

    async def cancel_job(self, given: CancelJobInput) -> CancelJobSuccess:
        key = input_key(given.job_id, "Job", "jobId")

        async def act(uow: UnitOfWork) -> None:
            await cancel_job(uow, key)

        await self._context.change(act)
        return CancelJobSuccess(job=await (await self._context.loaders()).jobs.one(given.job_id))

    async def complete_work_item(self, given: CompleteWorkItemInput) -> CompleteWorkItemSuccess:
        caller, key = self._context.caller, input_key(given.work_item_id, "WorkItem", "workItemId")

        async def act(uow: UnitOfWork) -> None:
            await work.complete_item(uow, caller, key, expected_version=given.expected_version)

        await self._context.change(act)
        return CompleteWorkItemSuccess(work_item=await self._work_item(given.work_item_id))

    async def assign_work_item(self, given: AssignWorkItemInput) -> AssignWorkItemSuccess:
        if given.assignee_id is strawberry.UNSET:
            raise ValidationFailed(texts.MUST_BE_GIVEN(name="assigneeId"), path=("input", "assigneeId"))
        caller, key = self._context.caller, input_key(given.work_item_id, "WorkItem", "workItemId")
        assignee = (
            input_key(given.assignee_id, "User", "assigneeId") if given.assignee_id is not None else None
        )

        async def act(uow: UnitOfWork) -> None:
            await work.assign_item(
                uow, caller, key, assignee_id=assignee, expected_version=given.expected_version
            )

        await self._context.change(act)
        return AssignWorkItemSuccess(work_item=await self._work_item(given.work_item_id))

    async def resolve_finding(self, given: ResolveFindingInput) -> ResolveFindingSuccess:
        caller, key = self._context.caller, input_key(given.finding_id, "Finding", "findingId")

        async def act(uow: UnitOfWork) -> None:
            await work.resolve_finding(
                uow,
                caller,
                key,
                resolution=given.resolution.value,
                reason=given.reason,
                expected_version=given.expected_version,
            )

        await self._context.change(act)
        finding = await (await self._context.loaders()).work.finding(given.finding_id)
        return ResolveFindingSuccess(finding=finding)
