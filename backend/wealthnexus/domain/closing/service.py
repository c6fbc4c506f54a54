"""A close is asked for; its stages begin, end and fail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wealthnexus.domain import audit, work
from wealthnexus.domain.closing import texts
from wealthnexus.domain.closing.models import close_stages
from wealthnexus.domain.closing.rules import Stage, StageState
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, PermissionDenied
from wealthnexus.kit.jobs import enqueue

CLOSE_KIND: Final = "closing.close"
WORK_KIND: Final = "closing.failed"
PROBLEM_CHARACTERS_MAX: Final = 500
_LIVE: Final = ("QUEUED", "RUNNING")
work.register_item_kind(WORK_KIND, texts.GROUP, is_closed_by_hand=False)


async def ask_for_close(uow: UnitOfWork, day: date) -> UUID:
    """The job that closes a business date; the waiting one when it was asked for before."""
    return await enqueue(
        uow, CLOSE_KIND, title=texts.JOB(day=day), params={"day": day.isoformat()}, dedupe_key=_key(day)
    )


async def close_again(uow: UnitOfWork, day: date) -> UUID:
    """Every stage of the business date anew, by somebody's wish.

    Conflict while a close of the day waits or runs. PermissionDenied to who sees a part of the firm.
    """
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.WHOLE_FIRM())
    j = jobs.c
    live = select(j.id).where(
        j.tenant_id == uow.tenant_id, j.kind == CLOSE_KIND, j.dedupe_key == _key(day), j.state.in_(_LIVE)
    )
    if await uow.rows(live.limit(1)):
        raise Conflict(texts.RUNS(day=day))
    begun_at = clock.now()
    key = await ask_for_close(uow, day)
    # Nobody else can ask for the day until this commits; who did in the meantime is served.
    if await uow.scalar(select(j.requested_at).where(j.tenant_id == uow.tenant_id, j.id == key)) < begun_at:
        raise Conflict(texts.RUNS(day=day))
    c = close_stages.c
    begun = await uow.rows(
        update(close_stages)
        .where(c.tenant_id == uow.tenant_id, c.day == day)
        .values(state=StageState.WAITING.value)
        .returning(c.stage)
    )
    said = texts.AGAIN(day=day) if begun else texts.STARTED(day=day)
    await audit.append(uow, "closing.started", summary=said, details={"day": day.isoformat()})
    return key


def _key(day: date) -> str:
    return f"close:{day.isoformat()}"


async def begin_stage(uow: UnitOfWork, day: date, stage: Stage, job_id: UUID) -> None:
    """RUNNING, once more."""
    now = clock.now()
    row = {"state": StageState.RUNNING.value, "started_at": now, "job_id": job_id}
    statement = upsert(close_stages).values(
        tenant_id=uow.tenant_id, day=day, stage=stage.value, attempts=1, figures={}, **row
    )
    await uow.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "day", "stage"],
            set_={
                **row, "attempts": close_stages.c.attempts + 1, "finished_at": None, "problem": None,
                "figures": {},
            },
        )
    )  # fmt: skip


async def end_stage(
    uow: UnitOfWork, day: date, stage: Stage, figures: Mapping[str, Any], book_version: int
) -> None:
    """DONE, with what it counted. What it left out is work until a close leaves nothing out."""
    await _ended(uow, day, stage, StageState.DONE, figures=dict(figures), book_version=book_version)
    of_stage = f"left-out:{stage.value}"
    if not figures.get("failed"):
        await work.close_item_for(uow, WORK_KIND, of_stage)
        return
    await work.post_item(
        uow,
        kind=WORK_KIND,
        title=texts.LEFT_OUT(count=int(figures["failed"]), day=day),
        detail=texts.LEFT_OUT_DETAIL(stage=stage.value),
        severity="BREACH",
        owner_role="OPERATIONS",
        action_label=texts.LOOK(),
        action_path="/close",
        dedupe_key=of_stage,
    )


async def fail_stage(uow: UnitOfWork, day: date, stage: Stage, problem: str) -> None:
    """FAILED, with a work item for operations that ends with the next close that succeeds."""
    await _ended(uow, day, stage, StageState.FAILED, problem=problem[:PROBLEM_CHARACTERS_MAX])
    await work.post_item(
        uow,
        kind=WORK_KIND,
        title=texts.FAILED(day=day, stage=stage.value),
        detail=problem[:PROBLEM_CHARACTERS_MAX],
        severity="BREACH",
        owner_role="OPERATIONS",
        action_label=texts.LOOK(),
        action_path="/close",
        dedupe_key="close",
    )


async def leave_stage(uow: UnitOfWork, day: date, stage: Stage) -> None:
    """WAITING: somebody stopped the close."""
    await _ended(uow, day, stage, StageState.WAITING)


async def _ended(uow: UnitOfWork, day: date, stage: Stage, state: StageState, **values: Any) -> None:
    c = close_stages.c
    await uow.execute(
        update(close_stages)
        .where(c.tenant_id == uow.tenant_id, c.day == day, c.stage == stage.value)
        .values(state=state.value, finished_at=clock.now(), **values)
    )


async def end_close(uow: UnitOfWork) -> None:
    """Every stage is done: what was said of a failed one is over."""
    await work.close_item_for(uow, WORK_KIND, "close")
