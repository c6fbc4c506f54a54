"""What the scheduler does for each firm, one function per chore. Each is idempotent and bounded.

A chore that is long or may fail goes into the job queue instead of running here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from dramatiq.brokers.redis import RedisBroker
from redis.exceptions import RedisError
from sqlalchemy import delete, func, or_, select

from wealthnexus.domain import approvals, audit, work
from wealthnexus.domain.clients.coming_of_age import post_coming_of_age
from wealthnexus.domain.clients.service.summaries import keep_up
from wealthnexus.domain.clients.standing_work import watch_identities, watch_owners
from wealthnexus.domain.clients.tasks import SUMMARISE_KIND
from wealthnexus.domain.closing.service import ask_for_close
from wealthnexus.domain.feeds.models import uploads
from wealthnexus.domain.feeds.upkeep import forget_journals, forget_verdicts
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.jobs.broker import waiting_job_ids
from wealthnexus.jobs.running import SILENCE_MAX
from wealthnexus.kit import clock, outbox, telemetry
from wealthnexus.kit.context import internal_request
from wealthnexus.kit.db.platform_tables import idempotency_records, jobs
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.jobs import enqueue, requeue
from wealthnexus.kit.jobs.queue import IS_QUEUED, IS_RUNNING
from wealthnexus.kit.text import message
from wealthnexus.runtime import Platform

BATCH: Final = 1_000
ROWS_BATCH: Final = 50_000
QUEUED_GRACE: Final = timedelta(seconds=60)
REDIS_MESSAGES_MAX: Final = 20_000
OUTBOX_KEPT: Final = timedelta(days=7)
CHAIN_BROKEN: Final = "audit.chain_broken"

_CHAIN_GROUP = message("audit.chain_group", "The audit chain is broken")
_CHAIN_TITLE = message("audit.chain_title", "The audit chain does not hold")
_LOOK = message("audit.look", "Look at the chain")
_REVALUE = message("jobs.valuation_title", "Value the book for {day}", day=str)
_SUMMARISE = message("jobs.summaries_title", "Sum the Book for the days that are kept")
_TIDY = message("jobs.tidy_title", "Remove tokens that are over")
_REBUILD = message("jobs.rebuild_title", "Expand the access grants for today")
work.register_item_kind(CHAIN_BROKEN, _CHAIN_GROUP)

log = telemetry.logger("scheduler")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the chores stand on."""

    platform: Platform
    broker: RedisBroker


@contextlib.asynccontextmanager
async def _as_system(ground: Ground, firm: FirmInfo) -> AsyncIterator[UnitOfWork]:
    async with ground.platform.db.unit_of_work(
        Binding(firm.id, role="system"), request=internal_request("scheduler")
    ) as uow:
        yield uow


@contextlib.asynccontextmanager
async def _as_firm(ground: Ground, firm: FirmInfo) -> AsyncIterator[UnitOfWork]:
    async with ground.platform.db.unit_of_work(
        Binding(firm.id), request=internal_request("scheduler")
    ) as uow:
        yield uow


async def seal_audit(ground: Ground, firm: FirmInfo) -> int:
    """Link what is unsealed into the firm's chain; returns how many events."""
    sealed = 0
    while True:
        async with _as_system(ground, firm) as uow:
            linked = await audit.seal_firm(uow, batch=BATCH)
        sealed += linked
        telemetry.AUDIT_SEALED.inc(linked)
        if linked < BATCH:
            return sealed


async def verify_audit(ground: Ground, firm: FirmInfo) -> int:
    """Verify the whole chain; a broken one becomes a finding and a work item for compliance."""
    async with ground.platform.db.reading(Binding(firm.id, role="system")) as reader:
        report = await audit.verify(reader)
    telemetry.CHAIN_BROKEN.labels(firm.slug).set(0 if report.is_verified else 1)
    if report.is_verified:
        return 0
    log.error("audit chain broken", firm=firm.slug, seq=report.broken_at_seq, reason=report.message)
    async with _as_firm(ground, firm) as uow:
        key = str(report.broken_at_seq)
        await work.post_finding(
            uow,
            code=CHAIN_BROKEN,
            severity="BREACH",
            category="audit",
            message=report.message,
            params={"seq": report.broken_at_seq},
            dedupe_key=key,
        )
        await work.post_item(
            uow,
            kind=CHAIN_BROKEN,
            title=_CHAIN_TITLE(),
            detail=report.message,
            severity="BREACH",
            owner_role="COMPLIANCE",
            action_label=_LOOK(),
            action_path="/settings/audit",
            dedupe_key=key,
        )
    return 1


async def expire_approvals(ground: Ground, firm: FirmInfo) -> int:
    async with _as_firm(ground, firm) as uow:
        return await approvals.expire_due(uow)


async def purge_idempotency(ground: Ground, firm: FirmInfo) -> int:
    """Answers that are no longer promised."""
    due = (
        select(idempotency_records.c.id)
        .where(idempotency_records.c.tenant_id == firm.id, idempotency_records.c.expires_at <= clock.now())
        .limit(BATCH)
    )
    async with _as_system(ground, firm) as uow:
        result = await uow.execute(
            delete(idempotency_records).where(
                idempotency_records.c.tenant_id == uow.tenant_id, idempotency_records.c.id.in_(due)
            )
        )
    return result.rowcount


async def purge_outbox(ground: Ground, firm: FirmInfo) -> int:
    async with _as_system(ground, firm) as uow:
        return await outbox.purge(uow, clock.now() - OUTBOX_KEPT, BATCH)


async def purge_uploads(ground: Ground, firm: FirmInfo) -> int:
    """Files nobody imported in time: first the row, then the file, so that no row names a missing file."""
    due = (
        select(uploads.c.id)
        .where(uploads.c.tenant_id == firm.id, uploads.c.expires_at <= clock.now())
        .order_by(uploads.c.expires_at)
        .limit(BATCH)
    )
    async with _as_firm(ground, firm) as uow:
        gone = await uow.rows(
            delete(uploads)
            .where(uploads.c.tenant_id == uow.tenant_id, uploads.c.id.in_(due))
            .returning(uploads.c.storage_key)
        )
    folder = ground.platform.firm_storage(firm.id)
    await asyncio.to_thread(_remove_files, folder, [Path(row.storage_key).name for row in gone])
    return len(gone)


async def purge_imports(ground: Ground, firm: FirmInfo) -> int:
    """What was kept to take imports back, and what was said of drafts, once nobody can use it any more."""
    gone = 0
    for forget in (forget_journals, forget_verdicts):
        async with _as_firm(ground, firm) as uow:
            gone += await forget(uow, ROWS_BATCH)
    return gone


def _remove_files(folder: Path, names: Sequence[str]) -> None:
    """One that cannot be removed does not keep the others."""
    for name in names:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            log.error("an upload's file stays", path=str(folder / name), reason=str(error))


async def tidy_identity(ground: Ground, firm: FirmInfo) -> int:
    """Tokens that are over are removed by a job of identity."""
    async with _as_firm(ground, firm) as uow:
        await enqueue(uow, "identity.tidy", title=_TIDY(), dedupe_key="tidy")
    return 1


async def rebuild_access(ground: Ground, firm: FirmInfo) -> int:
    """Grants begin and end with a day: their expansion follows the calendar, by a job of identity."""
    async with _as_firm(ground, firm) as uow:
        await enqueue(uow, "identity.rebuild_scope", title=_REBUILD(), dedupe_key="daily")
    return 1


async def announce_coming_of_age(ground: Ground, firm: FirmInfo) -> int:
    """Custodianships that end within ninety days become work; returns how many accounts there are."""
    async with _as_firm(ground, firm) as uow:
        return await post_coming_of_age(uow, firm)


async def watch_clients(ground: Ground, firm: FirmInfo) -> int:
    """Identities to refresh and accounts without an owner become work, and end with what settles them."""
    async with _as_firm(ground, firm) as uow:
        posted = await watch_identities(uow, firm)
    async with _as_firm(ground, firm) as uow:
        return posted + await watch_owners(uow, firm)


async def roll_business_date(ground: Ground, firm: FirmInfo) -> int:
    """A new day has begun for the firm: its book is valued on it."""
    day = firm.business_date().isoformat()
    async with _as_firm(ground, firm) as uow:
        await enqueue(
            uow, "ledger.revalue", title=_REVALUE(day=day), params={"day": day}, dedupe_key=f"day:{day}"
        )
    return 1


async def keep_summaries(ground: Ground, firm: FirmInfo) -> int:
    """The summaries of the Book follow what is written; days that have none are made by a job."""
    async with _as_firm(ground, firm) as uow:
        wanting = await keep_up(uow, firm)
        if wanting:
            await enqueue(uow, SUMMARISE_KIND, title=_SUMMARISE(), dedupe_key="summaries")
    return len(wanting)


async def close_books(ground: Ground, firm: FirmInfo) -> int:
    """Once a day the firm's books are closed on its business date, stage by stage, by a job."""
    async with _as_firm(ground, firm) as uow:
        await ask_for_close(uow, firm.business_date())
    return 1


async def rescue_jobs(ground: Ground, firm: FirmInfo) -> int:
    """Jobs whose worker fell silent, and jobs whose message Redis lost, go back into the queue."""
    instant = clock.now()
    waiting: set[str] | None = None
    async with _as_firm(ground, firm) as uow:
        stuck = await uow.rows(
            select(jobs)
            .where(
                jobs.c.tenant_id == uow.tenant_id,
                or_(
                    IS_RUNNING & (jobs.c.heartbeat_at < instant - SILENCE_MAX),
                    IS_QUEUED
                    & (func.coalesce(jobs.c.heartbeat_at, jobs.c.requested_at) < instant - QUEUED_GRACE),
                ),
            )
            .order_by(jobs.c.requested_at, jobs.c.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        if any(job.state == "QUEUED" for job in stuck):
            waiting = await _messages(ground)
        count = 0
        for job in stuck:
            is_silent = job.state == "RUNNING"
            if not is_silent and (waiting is None or str(job.id) in waiting):
                continue
            reason = "worker" if is_silent else "message"
            log.warning("job rescued", firm=firm.slug, job_id=str(job.id), kind=job.kind, lost=reason)
            telemetry.JOBS_REQUEUED.labels(reason).inc()
            await requeue(uow, job, stage="waiting to run again")
            count += 1
    return count


async def _messages(ground: Ground) -> set[str] | None:
    """Jobs whose message is in Redis; None when that cannot be told (then nothing is put back)."""
    try:
        return await asyncio.to_thread(waiting_job_ids, ground.broker, limit=REDIS_MESSAGES_MAX)
    except RedisError as error:
        log.warning("queued jobs not checked", reason=str(error)[:200])
        return None
