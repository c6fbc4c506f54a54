"""The job's row: asked for, found, cancelled, put back. Every change is an event too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.kit import clock, outbox, texts
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs.registry import may_be_cancelled

JobRow = Row[Any]
LIVE: Final = ("QUEUED", "RUNNING")
# Literals, as in the partial indexes: with bound values the server could not match them to an index
# once it plans the prepared statement generically.
IS_QUEUED: Final[ColumnElement[bool]] = jobs.c.state == literal_column("'QUEUED'")
IS_RUNNING: Final[ColumnElement[bool]] = jobs.c.state == literal_column("'RUNNING'")
_IS_LIVE: Final = text("state in ('QUEUED', 'RUNNING') and dedupe_key is not null")
ENDED: Final = ("SUCCEEDED", "FAILED", "CANCELLED")
TITLE_CHARACTERS_MAX: Final = 200
# Of a job that somebody limited may not see, only the unique index tells; no second look would find it.
_INSERTS_MAX: Final = 5

register(
    "work.job.requested",
    description="A background job was asked for.",
    fields={"jobId": "id", "kind": "text"},
)
register(
    "work.job.progressed",
    description="A background job started, came to a stage, or went back into the queue.",
    fields={"jobId": "id", "kind": "text", "state": "text", "stage": "text", "done": "integer",
            "total": "integer?"},
)  # fmt: skip
register(
    "work.job.finished",
    description="A background job ended: SUCCEEDED, FAILED or CANCELLED.",
    fields={"jobId": "id", "kind": "text", "state": "text"},
)


async def enqueue(
    uow: UnitOfWork,
    kind: str,
    *,
    title: str,
    params: dict[str, Any] | None = None,
    requested_by: Actor | None = None,
    dedupe_key: str | None = None,
) -> UUID:
    """Ask for a job; it starts after the commit. Returns its id.

    With ``dedupe_key``: the id of the live job of that kind and key, if there is one already; Conflict
    when the caller may not see that one.
    ``requested_by`` defaults to the unit of work's actor. ``params`` are ids and small values (JSON).
    """
    if not title or len(title) > TITLE_CHARACTERS_MAX:
        raise ValidationFailed(texts.JOB_TITLE(count=len(title), limit=TITLE_CHARACTERS_MAX))
    actor = requested_by or uow.actor
    values = {
        "tenant_id": uow.tenant_id,
        "kind": kind,
        "title": title,
        "state": "QUEUED",
        "stage": "queued",
        "done": 0,
        "params": params or {},
        "attempts": 0,
        "dedupe_key": dedupe_key,
        "cancel_requested": False,
        "requested_by_id": actor.id,
        "requested_by": {
            "kind": actor.kind,
            "id": str(actor.id) if actor.id else None,
            "name": actor.name,
            "correlation_id": str(uow.request.correlation_id),
        },
        "requested_at": clock.now(),
    }
    job_id, live = await _insert_once(uow, values)
    if live is not None:
        return live
    await _hand_over(uow, job_id, kind)
    await emit(uow, "work.job.requested", payload={"jobId": job_id, "kind": kind}, audience_id=actor.id)
    return job_id


async def enqueue_upkeep(
    uow: UnitOfWork, kind: str, *, title: str, params: dict[str, Any], dedupe_key: str
) -> None:
    """Have work done that follows from a change, whoever made it: one waiting job for all who ask.

    Unlike ``enqueue`` it is no error when the waiting one belongs to somebody the caller may not see: a
    person limited to a part of the firm posts all the same, and the job that waits covers it. Its handler
    calls ``begin_upkeep`` before it reads what is to be done.
    """
    try:
        await enqueue(uow, kind, title=title, params=params, dedupe_key=dedupe_key)
    except Conflict:
        return


async def begin_upkeep(uow: UnitOfWork, job_id: UUID) -> None:
    """From the commit on, whoever asks gets a job of their own: this one no longer waits.

    The caller holds the lock that the changes are made under, so that every change is either committed now
    and seen by this job, or asks for the next one.
    """
    await uow.execute(
        update(jobs).where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job_id).values(dedupe_key=None)
    )


async def _insert_once(uow: UnitOfWork, values: dict[str, Any]) -> tuple[UUID, UUID | None]:
    """The new job's id, and the id of the live one that is there instead, if there is one."""
    job_id, dedupe_key = new_id(), values["dedupe_key"]
    statement = insert(jobs).values(id=job_id, **values)
    if dedupe_key is not None:
        statement = statement.on_conflict_do_nothing(
            index_elements=["tenant_id", "kind", "dedupe_key"],
            index_where=_IS_LIVE,
        )
    for _ in range(_INSERTS_MAX):
        if (await uow.execute(statement)).rowcount == 1:
            return job_id, None
        live: UUID | None = await uow.scalar(
            select(jobs.c.id).where(
                jobs.c.tenant_id == uow.tenant_id,
                jobs.c.kind == values["kind"],
                jobs.c.dedupe_key == dedupe_key,
                jobs.c.state.in_(LIVE),
            )
        )
        if live is not None:
            return job_id, live
        # The live one ended between the two statements: ask again.
    raise Conflict(texts.JOB_HIDDEN(kind=values["kind"]))


async def _hand_over(uow: UnitOfWork, job_id: UUID, kind: str) -> None:
    await outbox.add(
        uow, topic="job", event_type=kind, version=1, payload={"jobId": job_id}, audience_id=None
    )


async def requeue(uow: UnitOfWork, job: JobRow, *, stage: str) -> None:
    """Put a job that lost its worker or its message back into the queue; the row is locked already."""
    await uow.execute(
        update(jobs)
        .where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job.id)
        .values(state="QUEUED", stage=stage, heartbeat_at=clock.now())
    )
    await _hand_over(uow, job.id, job.kind)
    await announce_progress(uow, job, state="QUEUED", stage=stage)


async def announce_progress(uow: UnitOfWork, job: JobRow, *, state: str, stage: str, done: int = 0,
                            total: int | None = None) -> None:  # fmt: skip
    await emit(
        uow,
        "work.job.progressed",
        payload={"jobId": job.id, "kind": job.kind, "state": state, "stage": stage, "done": done,
                 "total": total},
        audience_id=job.requested_by_id,
    )  # fmt: skip


async def finish(
    uow: UnitOfWork,
    job: JobRow,
    *,
    state: str,
    result: dict[str, Any] | None = None,
    error: str | None = None,
) -> None:
    """End a job whose row is locked by this unit of work."""
    await uow.execute(
        update(jobs)
        .where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job.id)
        .values(state=state, stage=state.lower(), result=result, error=error, finished_at=clock.now())
    )
    await emit(
        uow,
        "work.job.finished",
        payload={"jobId": job.id, "kind": job.kind, "state": state},
        audience_id=job.requested_by_id,
    )


async def find_job(reader: Reader, job_id: UUID) -> JobRow | None:
    """The job if the caller may see it."""
    return await reader.one_or_none(
        select(jobs).where(jobs.c.tenant_id == reader.tenant_id, jobs.c.id == job_id)
    )


async def jobs_by_ids(reader: Reader, job_ids: Sequence[UUID]) -> dict[UUID, JobRow]:
    rows = await reader.rows(select(jobs).where(jobs.c.tenant_id == reader.tenant_id, jobs.c.id.in_(job_ids)))
    return {row.id: row for row in rows}


async def job_for_update(uow: UnitOfWork, job_id: UUID) -> JobRow | None:
    return await uow.one_or_none(
        select(jobs).where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job_id).with_for_update()
    )


async def cancel_job(uow: UnitOfWork, job_id: UUID) -> JobRow:
    """Ask a job to stop: at once while it waits, at its next safe point while it runs.

    Asking twice is the same as once. NotFound when there is none or not for this caller; Conflict when
    it has ended; PermissionDenied for a kind that must run. The caller's own permission is checked by
    whoever calls.
    """
    job = await job_for_update(uow, job_id)
    if job is None:
        raise NotFound(texts.NO_JOB(id=job_id), path=("input", "jobId"))
    if job.state in ENDED:
        raise Conflict(texts.JOB_ENDED(title=repr(job.title), state=job.state))
    if not may_be_cancelled(job.kind):
        raise PermissionDenied(texts.JOB_MUST_RUN(kind=job.kind))
    await uow.execute(
        update(jobs)
        .where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job_id)
        .values(cancel_requested=True)
    )
    if job.state == "QUEUED":
        await finish(uow, job, state="CANCELLED")
    else:
        await announce_progress(uow, job, state=job.state, stage="cancelling", done=job.done, total=job.total)
    return (
        await uow.execute(select(jobs).where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job_id))
    ).one()
