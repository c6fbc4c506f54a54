"""One attempt at one job: claim the row, run its function, end the row. Called by the worker's actor.

The row in PostgreSQL is the truth; a message is only a wake-up. A message for a job that has ended, or
that a living worker runs, does nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update

from wealthnexus.domain import firms, work
from wealthnexus.kit import clock, telemetry
from wealthnexus.kit.context import RequestInfo, internal_request
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import DomainError
from wealthnexus.kit.jobs import JobCancelled, JobContext, JobHandler, JobRow, JobSuperseded, handler_of
from wealthnexus.kit.jobs.queue import ENDED, IS_RUNNING, announce_progress, finish, job_for_update
from wealthnexus.kit.text import in_locale, message
from wealthnexus.runtime import Platform

HEARTBEAT_SECONDS: Final = 5.0
SILENCE_MAX: Final = timedelta(seconds=30)
BACK_OFF_SECONDS: Final = (2, 10, 30, 60, 120)
FIRM_BUSY_SECONDS: Final = 5
ERROR_CHARACTERS_MAX: Final = 1_000
FAILED_ITEM: Final = "work.job_failed"

_GROUP = message("jobs.failed_group", "Background jobs that failed")
_FAILED = message("jobs.failed_title", "{title} failed", title=str)
_LOOK = message("jobs.look", "Look at it")
_UNKNOWN = message("jobs.unknown_kind", "this version cannot run jobs of the kind {kind}", kind=str)
_TOO_LONG = message("jobs.too_long", "it ran longer than {seconds, number} seconds", seconds=int)
_UNEXPECTED = message(
    "jobs.unexpected", "something unexpected happened ({name}); attempt {attempt} of {limit}",
    name=str, attempt=int, limit=int,
)  # fmt: skip
work.register_item_kind(FAILED_ITEM, _GROUP)

log = telemetry.logger("worker")


@dataclass(frozen=True, slots=True)
class RunAgain:
    """The message should come back after ``seconds``."""

    seconds: float
    reason: str


class _RanTooLong(Exception):
    """The attempt's own time limit, not a time-out of something it called."""


@dataclass(frozen=True, slots=True)
class _Claim:
    job: JobRow
    handler: JobHandler
    attempt: int
    request: RequestInfo


async def run_one(platform: Platform, tenant_id: UUID, job_id: UUID) -> RunAgain | None:
    """Run the job once; None when there is nothing more to do for this message."""
    try:
        firm = await _firm(platform, tenant_id)
    except firms.UnknownFirm as error:
        log.error("job of an unknown firm", job_id=str(job_id), reason=error.message)
        return None
    with telemetry.log_context(firm=firm.slug, job_id=job_id), in_locale(firm.locale):
        claim = await _claim(platform, firm, job_id)
        if claim is None or isinstance(claim, RunAgain):
            return claim
        context = JobContext(platform, platform.db, claim.job, attempt=claim.attempt, request=claim.request)
        with (
            telemetry.operation_span("job", kind=claim.job.kind, attempt=claim.attempt),
            telemetry.timed(telemetry.JOB_SECONDS.labels(claim.job.kind)),
        ):
            return await _attempt(context, claim)


async def _firm(platform: Platform, tenant_id: UUID) -> firms.FirmInfo:
    async with platform.db.reading(None) as reader:
        return await firms.firm_by_id(reader, tenant_id)


def is_alive(job: Any, instant: datetime) -> bool:
    """Whether the worker of a RUNNING job gave a sign of life lately."""
    last: datetime | None = job.heartbeat_at
    return last is not None and instant - last < SILENCE_MAX


async def _claim(platform: Platform, firm: firms.FirmInfo, job_id: UUID) -> _Claim | RunAgain | None:
    """Make this attempt the current one; the number of attempts is the fencing token."""
    async with _unit_of_work(platform, firm.id, internal_request("job")) as uow:
        # One claim per firm at a time: the limit on running jobs is counted, not guessed.
        await uow.execute(
            select(text("pg_advisory_xact_lock(hashtextextended('jobs.claim:' || :tenant, 0))")),
            {"tenant": str(firm.id)},
        )
        job = await job_for_update(uow, job_id)
        if job is None or job.state in ENDED:
            return None
        instant = clock.now()
        if job.state == "RUNNING" and is_alive(job, instant):
            return None
        if job.cancel_requested:
            await finish(uow, job, state="CANCELLED")
            return None
        handler = handler_of(job.kind)
        if handler is None:
            await _fail(uow, job, _UNKNOWN(kind=job.kind))
            return None
        if job.attempts >= handler.attempts_max:  # its last attempt died without a word
            await _fail(uow, job, job.error or _UNEXPECTED(
                name="lost", attempt=job.attempts, limit=handler.attempts_max
            ))  # fmt: skip
            return None
        if await _running_count(uow, instant, except_id=job_id) >= firm.limit("jobs_running_max"):
            await uow.execute(
                update(jobs)
                .where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job_id)
                .values(heartbeat_at=instant)
            )
            return RunAgain(FIRM_BUSY_SECONDS, "the firm's limit on running jobs is reached")
        attempt = job.attempts + 1
        await uow.execute(
            update(jobs)
            .where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job_id)
            .values(
                state="RUNNING",
                stage="starting",
                attempts=attempt,
                started_at=func.coalesce(jobs.c.started_at, instant),
                heartbeat_at=instant,
            )
        )
        await announce_progress(uow, job, state="RUNNING", stage="starting")
        return _Claim(job, handler, attempt, _request_of(job))


async def _running_count(uow: UnitOfWork, instant: datetime, *, except_id: UUID) -> int:
    return int(
        await uow.scalar(
            select(func.count()).where(
                jobs.c.tenant_id == uow.tenant_id,
                IS_RUNNING,
                jobs.c.heartbeat_at > instant - SILENCE_MAX,
                jobs.c.id != except_id,
            )
        )
    )


def _request_of(job: JobRow) -> RequestInfo:
    """The correlation of the request that asked for the job goes on."""
    return RequestInfo(f"job-{job.id}", correlation_id=UUID(job.requested_by["correlation_id"]))


async def _attempt(context: JobContext, claim: _Claim) -> RunAgain | None:
    kind = claim.job.kind
    try:
        await _run_function(context, claim)
    except JobSuperseded as error:
        log.warning("attempt superseded", reason=str(error))
        telemetry.JOBS.labels(kind, "superseded").inc()
        return None
    except JobCancelled:
        await _end(context, "CANCELLED")
        telemetry.JOBS.labels(kind, "cancelled").inc()
        return None
    except DomainError as error:
        await _end(context, "FAILED", error.message)
        telemetry.JOBS.labels(kind, "refused").inc()
        return None
    except asyncio.CancelledError:
        # The worker is being stopped: give the job back at once instead of after its silence.
        with contextlib.suppress(Exception):
            await asyncio.shield(_give_back(context, "worker stopped", counts=False))
        raise
    except Exception as error:
        return await _after_fault(context, claim, error)
    telemetry.JOBS.labels(kind, "succeeded").inc()
    return None


async def _run_function(context: JobContext, claim: _Claim) -> None:
    alive = asyncio.create_task(_keep_alive(context))
    try:
        async with asyncio.timeout(claim.handler.time_limit_seconds) as limit:
            result = await claim.handler.function(context)
    except TimeoutError as error:
        if limit.expired():
            raise _RanTooLong from error
        raise
    finally:
        alive.cancel()
        await asyncio.gather(alive, return_exceptions=True)
    if not context.is_completed:
        await _complete_unless_done(context, result)


async def _complete_unless_done(context: JobContext, result: dict[str, Any] | None) -> None:
    """For handlers that only return a result, or completed in a unit of work of their own."""
    async with _unit_of_work(context.platform, context.job.tenant_id, context.request) as uow:
        job = await job_for_update(uow, context.job.id)
        if job is not None and job.state == "SUCCEEDED" and job.attempts == context.attempt:
            return
        await context.complete(uow, result)


async def _keep_alive(context: JobContext) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        try:
            await context.heartbeat()
        except Exception as error:
            log.warning("heartbeat failed", reason=str(error)[:200])


async def _after_fault(context: JobContext, claim: _Claim, error: Exception) -> RunAgain | None:
    kind, handler = claim.job.kind, claim.handler
    log.exception("job attempt failed", kind=kind, attempt=claim.attempt, limit=handler.attempts_max)
    if isinstance(error, _RanTooLong):
        reason = _TOO_LONG(seconds=handler.time_limit_seconds)
    else:
        reason = _UNEXPECTED(name=type(error).__name__, attempt=claim.attempt, limit=handler.attempts_max)
    if claim.attempt >= handler.attempts_max:
        await _end(context, "FAILED", reason)
        telemetry.JOBS.labels(kind, "failed").inc()
        return None
    await _give_back(context, reason, counts=True)
    telemetry.JOBS.labels(kind, "retried").inc()
    return RunAgain(BACK_OFF_SECONDS[min(claim.attempt, len(BACK_OFF_SECONDS)) - 1], reason)


async def _end(context: JobContext, state: str, error: str | None = None) -> None:
    """End the row, if this attempt still owns it."""
    async with _unit_of_work(context.platform, context.job.tenant_id, context.request) as uow:
        job = await job_for_update(uow, context.job.id)
        if job is None or job.state != "RUNNING" or job.attempts != context.attempt:
            return
        if state == "FAILED":
            await _fail(uow, job, error or "")
        else:
            await finish(uow, job, state=state)


async def _give_back(context: JobContext, reason: str, *, counts: bool) -> None:
    """RUNNING to QUEUED; the message comes back by itself. ``counts``: whether the attempt was one."""
    async with _unit_of_work(context.platform, context.job.tenant_id, context.request) as uow:
        job = await job_for_update(uow, context.job.id)
        if job is None or job.state != "RUNNING" or job.attempts != context.attempt:
            return
        await uow.execute(
            update(jobs)
            .where(jobs.c.tenant_id == uow.tenant_id, jobs.c.id == job.id)
            .values(
                state="QUEUED",
                stage="waiting to run again",
                error=reason[:ERROR_CHARACTERS_MAX] if counts else job.error,
                attempts=job.attempts if counts else job.attempts - 1,
                heartbeat_at=clock.now(),
            )
        )
        await announce_progress(uow, job, state="QUEUED", stage="waiting to run again")


async def _fail(uow: UnitOfWork, job: JobRow, error: str) -> None:
    """FAILED, and somebody is told: whoever asked for it, else operations."""
    reason = error[:ERROR_CHARACTERS_MAX]
    await finish(uow, job, state="FAILED", error=reason)
    await work.post_item(
        uow,
        kind=FAILED_ITEM,
        title=_FAILED(title=job.title),
        detail=reason,
        severity="WARNING",
        owner_role="OPERATIONS",
        action_label=_LOOK(),
        action_path=f"/jobs/{job.id}",
        dedupe_key=str(job.id),
    )


@contextlib.asynccontextmanager
async def _unit_of_work(
    platform: Platform, tenant_id: UUID, request: RequestInfo
) -> AsyncIterator[UnitOfWork]:
    async with platform.db.unit_of_work(Binding(tenant_id), request=request) as uow:
        yield uow
