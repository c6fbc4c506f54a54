"""Approvals, work, findings, jobs."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission as P
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
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
    @mutation(P.APPROVALS_DECIDE, "Approves or rejects a command somebody else asked for.")
    async def decide_approval(
        self,
        info: Info,
        input: DecideApprovalInput,  # noqa: A002
    ) -> DecideApprovalPayload:
        return await info.context.acts.engines.decide_approval(input)

    @mutation(P.APPROVALS_READ, "Withdraws your own request.")
    async def cancel_approval(
        self,
        info: Info,
        input: CancelApprovalInput,  # noqa: A002
    ) -> CancelApprovalPayload:
        return await info.context.acts.engines.cancel_approval(input)

    @mutation(P.JOBS_CANCEL, "Asks a job to stop at its next safe point; nothing it did remains.")
    async def cancel_job(self, info: Info, input: CancelJobInput) -> CancelJobPayload:  # noqa: A002
        return await info.context.acts.engines.cancel_job(input)

    @mutation(P.WORK_MANAGE, "Marks work as done.")
    async def complete_work_item(
        self,
        info: Info,
        input: CompleteWorkItemInput,  # noqa: A002
    ) -> CompleteWorkItemPayload:
        return await info.context.acts.engines.complete_work_item(input)

    @mutation(P.WORK_MANAGE, "Gives work to somebody, or back to the queue.")
    async def assign_work_item(
        self,
        info: Info,
        input: AssignWorkItemInput,  # noqa: A002
    ) -> AssignWorkItemPayload:
        return await info.context.acts.engines.assign_work_item(input)

    @mutation(P.FINDINGS_RESOLVE, "Closes a finding with a reason.")
    async def resolve_finding(
        self,
        info: Info,
        input: ResolveFindingInput,  # noqa: A002
    ) -> ResolveFindingPayload:
        return await info.context.acts.engines.resolve_finding(input)
