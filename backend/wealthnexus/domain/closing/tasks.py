"""Background work of the close: stage by stage, each kept as it ends, so that a close that was interrupted
goes on where it stopped."""

from __future__ import annotations

from datetime import date
from typing import Any

from wealthnexus.domain.closing import texts
from wealthnexus.domain.closing.repository import stages_of
from wealthnexus.domain.closing.rules import Stage, still_to_run
from wealthnexus.domain.closing.service import (
    CLOSE_KIND,
    begin_stage,
    end_close,
    end_stage,
    fail_stage,
    leave_stage,
)
from wealthnexus.domain.closing.stages import STAGES
from wealthnexus.domain.ledger.view import current_book_version
from wealthnexus.kit.errors import DomainError
from wealthnexus.kit.jobs import JobCancelled, JobContext, JobSuperseded, job_handler


@job_handler(CLOSE_KIND, attempts_max=4, time_limit_seconds=21_600)
async def run_close(context: JobContext) -> dict[str, Any] | None:
    """The stages of the day that are not done, in their order; the first that fails ends the attempt."""
    day = date.fromisoformat(context.params["day"])
    async with context.reading() as reader:
        known = await stages_of(reader, day)
    left = still_to_run({stage: row.state for stage, row in known.items()})
    for stage in left:
        await _run(context, day, stage)
    async with context.unit_of_work() as uow:
        await end_close(uow)
        context.result = {"day": day.isoformat(), "stages": [stage.value for stage in left]}
    return context.result


async def _run(context: JobContext, day: date, stage: Stage) -> None:
    await context.progress(stage.value)
    async with context.database.unit_of_work(context.binding, actor=context.actor) as uow:
        await begin_stage(uow, day, stage, context.job.id)
        # What is written while the stage runs is of the next close.
        version = await current_book_version(uow)
    try:
        figures = await STAGES[stage](context, day)
    except JobSuperseded:
        raise  # another attempt is at it
    except JobCancelled:
        async with context.database.unit_of_work(context.binding, actor=context.actor) as uow:
            await leave_stage(uow, day, stage)
        raise
    except Exception as error:
        # What a fault says of itself may hold the values of a statement: that is for the log alone.
        problem = error.message if isinstance(error, DomainError) else texts.FAULT(name=type(error).__name__)
        async with context.database.unit_of_work(context.binding, actor=context.actor) as uow:
            await fail_stage(uow, day, stage, problem)
        raise
    async with context.database.unit_of_work(context.binding, actor=context.actor) as uow:
        await end_stage(uow, day, stage, figures, version)
