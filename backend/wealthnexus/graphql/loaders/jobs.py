"""Reads of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import actor_ref, connection
from wealthnexus.graphql.scalars import BigInt, Json
from wealthnexus.graphql.types.enums import JobState
from wealthnexus.graphql.types.jobs import Job, JobConnection
from wealthnexus.graphql.types.jobs import JobFilter as Filter
from wealthnexus.kit.jobs import JobRow, find_job
from wealthnexus.kit.jobs.lists import JobFilter, count_jobs, jobs_page
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


def job_of(row: JobRow) -> Job:
    by = row.requested_by
    return Job(
        id=to_global("Job", row.id),
        kind=row.kind,
        title=row.title,
        stage=row.stage,
        done=BigInt(row.done),
        total=BigInt(row.total) if row.total is not None else None,
        state=JobState(row.state),
        requested_by=actor_ref(by["kind"], UUID(by["id"]) if by.get("id") else None, by["name"])
        if by
        else None,
        requested_at=row.requested_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        cancel_requested=row.cancel_requested,
        error=row.error,
        result=Json(row.result) if row.result is not None else None,
        key=row.id,
    )


class JobReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def page(self, page: PageRequest, filter_: Filter | None) -> JobConnection:
        wanted = JobFilter()
        if filter_ is not None:
            wanted = JobFilter(filter_.kinds or (), [state.value for state in filter_.states or ()])
        found = await jobs_page(self._all.reader, wanted, page)
        return connection(
            JobConnection,
            found,
            (job_of(row) for row in found.rows),
            lambda: count_jobs(self._all.reader, wanted),
        )

    async def one(self, global_id: str) -> Job:
        row = await find_job(self._all.reader, from_global(global_id, "Job"))
        if row is None:
            raise not_found("Job")
        return job_of(row)
