"""Reads of the nightly close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from wealthnexus.domain.closing import StageState
from wealthnexus.domain.closing.repository import CloseDay, StageRow, closes
from wealthnexus.graphql import texts
from wealthnexus.graphql.loaders.jobs import job_of
from wealthnexus.graphql.scalars import BigInt
from wealthnexus.graphql.types import closing as types
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.jobs import JobRow, jobs_by_ids

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

FIRST_DEFAULT: Final = 14
FIRST_MAX: Final = 100


class ClosingReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def closes(self, first: int | None, before: date | None) -> types.Closes:
        asked = FIRST_DEFAULT if first is None else first
        if not 1 <= asked <= FIRST_MAX:
            raise ValidationFailed(texts.CLOSES(count=asked, limit=FIRST_MAX), path=("first",))
        reader = self._all.reader
        found = await closes(reader, asked + 1, before)
        ids = {row.job_id for day in found for row in day.stages if row.job_id is not None}
        jobs = await jobs_by_ids(reader, list(ids)) if ids else {}
        return types.Closes(
            days=[_told(day, jobs) for day in found[:asked]],
            business_date=self._all.context.caller.firm.business_date(),
            has_next=len(found) > asked,
        )


def _told(day: CloseDay, jobs: Mapping[UUID, JobRow]) -> types.Close:
    worked = [row for row in day.stages if row.started_at is not None and row.job_id in jobs]
    latest = max(worked, key=lambda row: str(row.started_at), default=None)
    return types.Close(
        day=day.day,
        state=day.state,
        stages=[_stage(row) for row in day.stages],
        job=None if latest is None or latest.job_id is None else job_of(jobs[latest.job_id]),
    )


def _stage(row: StageRow) -> types.CloseStage:
    ended = row.started_at is not None and row.finished_at is not None
    return types.CloseStage(
        stage=row.stage,
        state=row.state,
        attempts=row.attempts,
        started_at=row.started_at,
        finished_at=row.finished_at,
        seconds=(row.finished_at - row.started_at).total_seconds()
        if ended and row.finished_at and row.started_at
        else None,
        counts=[types.CloseCount(name=name, value=str(value)) for name, value in row.figures.items()],
        problem=row.problem,
        book_version=BigInt(row.book_version)
        if row.state is StageState.DONE and row.book_version is not None
        else None,
    )
