"""Reads of the work queue and of findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, SelectBase

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.work import item_kind, repository
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import connection, subject_key, subjects_of
from wealthnexus.graphql.scalars import Json
from wealthnexus.graphql.types.enums import FindingState, Severity, WorkScope, WorkState
from wealthnexus.graphql.types.work import (
    Finding,
    FindingConnection,
    FindingEvidence,
    FindingFilter,
    FindingFix,
    WorkGroup,
    WorkItem,
    WorkItemConnection,
    WorkItemFilter,
    WorkSummary,
)
from wealthnexus.kit.paging import FIRST_DEFAULT, FIRST_MAX, Page, PageRequest, page_request

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class WorkReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    def _scoped(self, scope: WorkScope | None, **others: Any) -> repository.ItemFilter:
        caller = self._all.context.caller
        if scope is WorkScope.MINE:
            return repository.ItemFilter(assignee_id=caller.user_id, **others)
        if scope is WorkScope.TEAM:
            return repository.ItemFilter(
                assignee_id=caller.user_id, roles=[role.value for role in caller.roles], **others
            )
        return repository.ItemFilter(**others)

    async def items(self, page: PageRequest, filter_: WorkItemFilter | None) -> WorkItemConnection:
        wanted = self._scoped(None)
        if filter_ is not None:
            wanted = self._scoped(
                filter_.scope,
                kinds=filter_.kinds or (),
                states=[state.value for state in filter_.states or ()],
                subject_id=subject_key(filter_.subject_id, path=("filter", "subjectId")),
                subjects=await self._of_household(filter_),
            )
        found = await repository.items_page(self._all.reader, wanted, page)
        return connection(
            WorkItemConnection,
            found,
            await self.made_items(found.rows),
            lambda: repository.count_items(self._all.reader, wanted),
        )

    async def _of_household(self, filter_: WorkItemFilter) -> SelectBase | None:
        if filter_.household_id is None:
            return None
        household = from_global(filter_.household_id, "Household", path=("filter", "householdId"))
        view = await self._all.view(filter_.as_of)
        return clients.household_with_accounts(self._all.reader, view, household)

    async def item(self, global_id: str) -> WorkItem:
        key = from_global(global_id, "WorkItem")
        rows = await repository.items_by_ids(self._all.reader, [key])
        if key not in rows:
            raise not_found("WorkItem")
        return (await self.made_items([rows[key]]))[0]

    async def made_items(self, rows: Sequence[Row[Any]]) -> list[WorkItem]:
        subjects = await subjects_of(self._all, (row.subject_id for row in rows))
        people = await self._all.people.refs(row.assignee_id for row in rows)
        return [
            WorkItem(
                id=to_global("WorkItem", row.id),
                kind=row.kind,
                title=row.title,
                detail=row.detail,
                subject=subjects.get(row.subject_id),
                severity=Severity(row.severity),
                state=WorkState(row.state),
                created_at=row.created_at,
                due_at=row.due_at,
                owner_role=Role(row.owner_role) if row.owner_role is not None else None,
                assignee=people.get(row.assignee_id),
                action_label=row.action_label,
                action_path=row.action_path,
                version=row.version,
                is_closed_by_hand=item_kind(row.kind).is_closed_by_hand,
            )
            for row in rows
        ]

    async def summary(self, scope: WorkScope) -> WorkSummary:
        """Open work by kind; ``needs_you``: yours, and your roles' that nobody has taken."""
        reader = self._all.reader
        groups = await repository.item_groups(reader, self._scoped(scope))
        mine = await repository.count_items(reader, self._scoped(WorkScope.TEAM))
        return WorkSummary(
            open_count=sum(group.count for group in groups),
            needs_you=mine,
            oldest_at=min((group.oldest_at for group in groups), default=None),
            groups=[
                WorkGroup(
                    kind=group.kind,
                    label=item_kind(group.kind).label(),
                    detail=group.title,
                    count=group.count,
                    oldest_at=group.oldest_at,
                    severity=Severity(group.severity),
                    action_label=group.action_label,
                    action_path=group.action_path,
                )
                for group in groups
            ],
        )

    # -- findings ---------------------------------------------------------------------------------

    async def findings(self, page: PageRequest, filter_: FindingFilter | None) -> FindingConnection:
        wanted = repository.FindingFilter()
        if filter_ is not None:
            job = filter_.job_id
            wanted = repository.FindingFilter(
                states=[state.value for state in filter_.states or ()],
                severities=[severity.value for severity in filter_.severities or ()],
                category=filter_.category,
                subject_id=subject_key(filter_.subject_id, path=("filter", "subjectId")),
                job_id=from_global(job, "Job", path=("filter", "jobId")) if job else None,
            )
        found = await repository.findings_page(self._all.reader, wanted, page)
        return connection(
            FindingConnection,
            found,
            await self.made_findings(found.rows),
            lambda: repository.count_findings(self._all.reader, wanted),
        )

    async def findings_of_job(self, job: UUID, first: int | None) -> FindingConnection:
        """The newest findings of a job; all jobs of a level in one statement."""
        count = page_request(FIRST_DEFAULT if first is None else first, None).first

        async def load(keys: Sequence[UUID]) -> dict[UUID, list[Finding]]:
            found = await repository.findings_by_jobs(self._all.reader, keys, limit_per_job=FIRST_MAX + 1)
            made = await self.made_findings([row for rows in found.values() for row in rows])
            by_id = dict(zip((row.id for rows in found.values() for row in rows), made, strict=True))
            return {key: [by_id[row.id] for row in rows] for key, rows in found.items()}

        found = await self._all.batch("job.findings", load, list).load(job)
        page = Page(found[:count], [each.id for each in found[:count]], len(found) > count, False)
        wanted = repository.FindingFilter(job_id=job)
        return connection(
            FindingConnection,
            page,
            page.rows,
            lambda: repository.count_findings(self._all.reader, wanted),
        )

    async def finding(self, global_id: str) -> Finding:
        key = from_global(global_id, "Finding")
        rows = await repository.findings_by_ids(self._all.reader, [key])
        if key not in rows:
            raise not_found("Finding")
        return (await self.made_findings([rows[key]]))[0]

    async def made_findings(self, rows: Sequence[Row[Any]]) -> list[Finding]:
        subjects = await subjects_of(self._all, (row.subject_id for row in rows))
        return [
            Finding(
                id=to_global("Finding", row.id),
                code=row.code,
                severity=Severity(row.severity),
                category=row.category,
                subject=subjects.get(row.subject_id),
                message=row.message,
                params=Json(row.params),
                evidence=[
                    FindingEvidence(label=str(each["label"]), value=str(each["value"]))
                    for each in row.evidence
                ],
                fix=FindingFix(label=row.fix["label"], path=row.fix["path"]) if row.fix else None,
                state=FindingState(row.state),
                detected_at=row.detected_at,
                resolved_at=row.resolved_at,
                resolution_reason=row.resolution_reason,
                version=row.version,
            )
            for row in rows
        ]
