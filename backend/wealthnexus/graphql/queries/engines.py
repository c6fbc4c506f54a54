"""Audit, work, findings, approvals, jobs."""

from __future__ import annotations

from datetime import date

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.approvals import Approval, ApprovalConnection, ApprovalFilter
from wealthnexus.graphql.types.audit import AuditChainStatus, AuditEventConnection, AuditFilter
from wealthnexus.graphql.types.closing import Closes
from wealthnexus.graphql.types.enums import WorkScope
from wealthnexus.graphql.types.jobs import Job, JobConnection, JobFilter
from wealthnexus.graphql.types.work import (
    FindingConnection,
    FindingFilter,
    WorkItemConnection,
    WorkItemFilter,
    WorkSummary,
)


@strawberry.type
class EngineQueries:
    @field(Permission.AUDIT_READ, "Latest first.")
    async def audit_events(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: AuditFilter | None = None,
    ) -> AuditEventConnection:
        return await (await info.context.loaders()).audit.events(info.context.page(first, after), filter)

    @field(Permission.AUDIT_READ, "Verified when asked: links of the chain and the hashes of what it holds.")
    async def audit_chain(self, info: Info) -> AuditChainStatus:
        return await (await info.context.loaders()).audit.chain()

    @field(Permission.WORK_READ, "Oldest first. The firm's work unless a scope is given.")
    async def work_items(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: WorkItemFilter | None = None,
    ) -> WorkItemConnection:
        return await (await info.context.loaders()).work.items(info.context.page(first, after), filter)

    @field(Permission.WORK_READ, "Open work by kind, most urgent first.")
    async def work_summary(self, info: Info, scope: WorkScope | None = WorkScope.FIRM) -> WorkSummary:
        return await (await info.context.loaders()).work.summary(scope or WorkScope.FIRM)

    @field(Permission.FINDINGS_READ, "Latest first.")
    async def findings(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: FindingFilter | None = None,
    ) -> FindingConnection:
        return await (await info.context.loaders()).work.findings(info.context.page(first, after), filter)

    @field(Permission.APPROVALS_READ, "Latest first.")
    async def approvals(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: ApprovalFilter | None = None,
    ) -> ApprovalConnection:
        return await (await info.context.loaders()).approvals.page(info.context.page(first, after), filter)

    @field(Permission.APPROVALS_READ, "Null with NOT_FOUND when there is no such approval for you.")
    async def approval(self, info: Info, id: strawberry.ID) -> Approval | None:
        return await (await info.context.loaders()).approvals.one(id)

    @field(Permission.JOBS_READ, "Latest first.")
    async def jobs(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: JobFilter | None = None,
    ) -> JobConnection:
        return await (await info.context.loaders()).jobs.page(info.context.page(first, after), filter)

    @field(Permission.JOBS_READ, "The nightly closes, the latest day first; at most 100 (14 unless given).")
    async def closes(self, info: Info, first: int | None = None, before: date | None = None) -> Closes:
        return await (await info.context.loaders()).closing.closes(first, before)

    @field(Permission.JOBS_READ, "Null with NOT_FOUND when there is no such job for you.")
    async def job(self, info: Info, id: strawberry.ID) -> Job | None:
        return await (await info.context.loaders()).jobs.one(id)
