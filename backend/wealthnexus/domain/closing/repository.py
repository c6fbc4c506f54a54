"""The closes of the last days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from wealthnexus.domain.closing.models import close_stages
from wealthnexus.domain.closing.rules import Stage, StageState, state_of_day
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Reader


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of a night: how often it was begun, what it counted, why it stopped."""

    stage: Stage
    state: StageState
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    figures: dict[str, Any]
    problem: str | None
    book_version: int | None
    job_id: UUID | None


@dataclass(frozen=True, slots=True)
class CloseDay:
    """The close of a business date: all five stages, in order."""

    day: date
    state: StageState
    stages: tuple[StageRow, ...]


async def closes(reader: Reader, first: int, before: date | None = None) -> list[CloseDay]:
    """The latest days first; ``before``: of earlier days alone."""
    c = close_stages.c
    where = [c.tenant_id == reader.tenant_id]
    if before is not None:
        where.append(c.day < before)
    days = select(c.day).where(*where).distinct().order_by(c.day.desc()).limit(first)
    j = jobs.c
    rows = await reader.rows(
        select(close_stages, j.state.label("job_state"))
        .outerjoin(jobs, and_(j.tenant_id == c.tenant_id, j.id == c.job_id))
        .where(c.tenant_id == reader.tenant_id, c.day.in_(days))
    )
    by_day: dict[date, dict[Stage, StageRow]] = {}
    for row in rows:
        # A stage whose job ended without a word: its worker died once too often.
        is_left = row.state == StageState.RUNNING and row.job_state in {"SUCCEEDED", "FAILED", "CANCELLED"}
        state = StageState.FAILED if is_left else StageState(row.state)
        by_day.setdefault(row.day, {})[Stage(row.stage)] = StageRow(
            Stage(row.stage), state, row.attempts, row.started_at, row.finished_at,
            dict(row.figures), row.problem, row.book_version, row.job_id,
        )  # fmt: skip
    return [_day(day, by_day[day]) for day in sorted(by_day, reverse=True)]


def _day(day: date, known: dict[Stage, StageRow]) -> CloseDay:
    stages = tuple(known.get(stage) or _waiting(stage) for stage in Stage)
    return CloseDay(day, state_of_day({row.stage: row.state for row in stages}), stages)


def _waiting(stage: Stage) -> StageRow:
    return StageRow(stage, StageState.WAITING, 0, None, None, {}, None, None, None)


async def stages_of(reader: Reader, day: date) -> dict[Stage, StageRow]:
    """The stages of a day that were ever begun."""
    found = await closes(reader, 1, date.fromordinal(day.toordinal() + 1))
    if not found or found[0].day != day:
        return {}
    return {row.stage: row for row in found[0].stages if row.attempts}


async def last_version(reader: Reader, stage: Stage) -> int:
    """The latest book version that a stage of any day stood on when it last ended; 0 when it never did.

    A stage that is begun again keeps it until it ends anew.
    """
    c = close_stages.c
    found = await reader.scalar(
        select(c.book_version)
        .where(
            c.tenant_id == reader.tenant_id,
            c.stage == stage.value,
            c.book_version.is_not(None),
        )
        .order_by(c.book_version.desc())
        .limit(1)
    )
    return int(found or 0)
