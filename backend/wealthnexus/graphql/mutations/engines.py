"""Approvals, work, findings, jobs."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.closing import RunCloseInput, RunClosePayload
from wealthnexus.graphql.types.inputs import (
    AssignWorkItemInput,
    CancelApprovalInput,
    CancelJobInput,
    CompleteWorkItemInput,
    DecideApprovalInput,
    ResolveFindingInput,
)
from wealthnexus.graphql.types.payloads import (
    AssignWorkItemPayload,
    CancelApprovalPayload,
    CancelJobPayload,
    CompleteWorkItemPayload,
    DecideApprovalPayload,
    ResolveFindingPayload,
)


@strawberry.type
class EngineMutations:
    @mutation(Permission.APPROVALS_DECIDE, "Approves or rejects a command somebody else asked for.")
    async def decide_approval(
        self,
        info: Info,
        input: DecideApprovalInput,
    ) -> DecideApprovalPayload:
        return await info.context.acts.engines.decide_approval(input)

    @mutation(Permission.BOOKS_CLOSE, "Closes the books of the business date, every stage anew.")
    async def run_close(self, info: Info, input: RunCloseInput) -> RunClosePayload:
        return await info.context.acts.closing.run(input)

    @mutation(Permission.APPROVALS_READ, "Withdraws your own request.")
    async def cancel_approval(
        self,
        info: Info,
        input: CancelApprovalInput,
    ) -> CancelApprovalPayload:
        return await info.context.acts.engines.cancel_approval(input)

    @mutation(Permission.JOBS_CANCEL, "Asks a job to stop at its next safe point; nothing it did remains.")
    async def cancel_job(self, info: Info, input: CancelJobInput) -> CancelJobPayload:
        return await info.context.acts.engines.cancel_job(input)

    @mutation(Permission.WORK_MANAGE, "Marks work as done.")
    async def complete_work_item(
        self,
        info: Info,
        input: CompleteWorkItemInput,
    ) -> CompleteWorkItemPayload:
        return await info.context.acts.engines.complete_work_item(input)

    @mutation(Permission.WORK_MANAGE, "Gives work to somebody, or back to the queue.")
    async def assign_work_item(
        self,
        info: Info,
        input: AssignWorkItemInput,
    ) -> AssignWorkItemPayload:
        return await info.context.acts.engines.assign_work_item(input)

    @mutation(Permission.FINDINGS_RESOLVE, "Closes a finding with a reason.")
    async def resolve_finding(
        self,
        info: Info,
        input: ResolveFindingInput,
    ) -> ResolveFindingPayload:
        return await info.context.acts.engines.resolve_finding(input)
