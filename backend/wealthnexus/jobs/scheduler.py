"""The scheduler: starts what is due, for every firm, once.

Any number of schedulers may run: a lease decides which one acts, and every start is recorded in
``scheduled_runs`` in a transaction that confirms the lease (fencing), so that one that was paused and
wakes late starts nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from wealthnexus.domain import audit
from wealthnexus.domain.firms import FirmInfo, list_firms
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs import chores
from wealthnexus.jobs.broker import make_broker
from wealthnexus.jobs.chores import Ground
from wealthnexus.jobs.quotes import FLUSH_SECONDS, QuoteFeed, market_of
from wealthnexus.jobs.relay import stop_on_signals
from wealthnexus.kit import clock, leases, telemetry
from wealthnexus.kit.context import internal_request
from wealthnexus.kit.db.platform_tables import scheduled_runs
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.leases import Lease, LeaseLost
from wealthnexus.runtime import Platform, build_platform

LEASE: Final = "scheduler"
TERM: Final = timedelta(seconds=15)
TICK_SECONDS: Final = 1.0
RENEW_SECONDS: Final = 5.0
SEAL_SECONDS: Final = 2.0
AT_ONCE_MAX: Final = 4
BACK_OFF_SECONDS: Final = (1.0, 2.0, 5.0, 10.0)

log = telemetry.logger("scheduler")


@dataclass(frozen=True, slots=True)
class Chore:
    """``every``: at that distance. None: once per calendar day of the firm, after its midnight."""

    name: str
    run: Callable[[Ground, FirmInfo], Awaitable[int]]
    every: timedelta | None

    def is_due(self, firm: FirmInfo, last: datetime | None, instant: datetime) -> bool:
        if last is None:
            return True
        if self.every is not None:
            return instant - last >= self.every
        zone = ZoneInfo(firm.time_zone)
        return instant.astimezone(zone).date() > last.astimezone(zone).date()


CHORES: Final = (
    Chore("approvals.expire", chores.expire_approvals, timedelta(seconds=30)),
    Chore("jobs.rescue", chores.rescue_jobs, timedelta(seconds=15)),
    Chore("idempotency.purge", chores.purge_idempotency, timedelta(minutes=10)),
    Chore("outbox.purge", chores.purge_outbox, timedelta(minutes=10)),
    Chore("uploads.purge", chores.purge_uploads, timedelta(minutes=10)),
    Chore("imports.purge", chores.purge_imports, timedelta(minutes=10)),
    Chore("identity.tidy", chores.tidy_identity, None),
    Chore("access.rebuild", chores.rebuild_access, None),
    Chore("custodianships.announce", chores.announce_coming_of_age, None),
    Chore("clients.watch", chores.watch_clients, timedelta(minutes=5)),
    Chore("book.roll", chores.roll_business_date, None),
    Chore("book.summarise", chores.keep_summaries, timedelta(seconds=15)),
    Chore("books.close", chores.close_books, None),
    Chore("audit.verify", chores.verify_audit, None),
)


class Scheduler:
    """One scheduler process; ``holder`` names it in the lease."""

    def __init__(self, ground: Ground, *, holder: str | None = None) -> None:
        self._ground = ground
        self._holder = holder or f"{socket.gethostname()}:{os.getpid()}:{new_id()}"
        self._lease: Lease | None = None
        self._last: dict[tuple[UUID, str], datetime] = {}
        self._running: dict[tuple[UUID, str], asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE_MAX)

    @property
    def lease(self) -> Lease | None:
        """The lease while this one acts."""
        return self._lease

    async def renew(self) -> bool:
        """Take or prolong the lease; False while another scheduler has it."""
        before = self._lease
        self._lease = await leases.acquire(self._ground.platform.db, LEASE, self._holder, TERM)
        telemetry.IS_LEADER.set(1 if self._lease else 0)
        if self._lease != before:
            self._last.clear()  # what another one started meanwhile is read from the table
            log.info(
                "lease", has_it=self._lease is not None, fencing=self._lease.token if self._lease else None
            )
        return self._lease is not None

    async def firms(self) -> list[FirmInfo]:
        async with self._ground.platform.db.reading(None, role="system") as reader:
            return list(await list_firms(reader))

    async def start_due(self, firm: FirmInfo, chore: Chore) -> bool:
        """Claim the chore's turn and begin it; False when it is not due, or somebody else was first."""
        key = (firm.id, chore.name)
        if key in self._running or not chore.is_due(firm, self._last.get(key), clock.now()):
            return False
        if not await self.claim_turn(firm, chore):
            return False
        self._running[key] = task = asyncio.create_task(self._run(firm, chore), name=f"chore {chore.name}")
        task.add_done_callback(lambda _task: self._running.pop(key, None))
        return True

    async def claim_turn(self, firm: FirmInfo, chore: Chore) -> bool:
        """Record that the turn begins now, if it is due by the table; LeaseLost when the lease is gone."""
        if self._lease is None:
            raise LeaseLost(f"{self._holder} does not hold the lease {LEASE!r}")
        instant = clock.now()
        async with self._ground.platform.db.unit_of_work(
            Binding(firm.id, role="system"), request=internal_request("scheduler")
        ) as uow:
            await leases.confirm(uow, self._lease)
            row = await uow.one_or_none(
                select(scheduled_runs.c.last_due_at)
                .where(scheduled_runs.c.tenant_id == uow.tenant_id, scheduled_runs.c.task == chore.name)
                .with_for_update()
            )
            is_due = chore.is_due(firm, row.last_due_at if row else None, instant)
            if is_due:
                turn = pg_insert(scheduled_runs).values(
                    tenant_id=uow.tenant_id, task=chore.name, last_due_at=instant
                )
                await uow.execute(
                    turn.on_conflict_do_update(
                        index_elements=["tenant_id", "task"], set_={"last_due_at": instant}
                    )
                )
        self._last[firm.id, chore.name] = instant if is_due or row is None else row.last_due_at
        return is_due

    async def _run(self, firm: FirmInfo, chore: Chore) -> None:
        async with self._slots:
            with (
                telemetry.log_context(firm=firm.slug, chore=chore.name),
                telemetry.operation_span("chore", chore=chore.name),
            ):
                try:
                    done = await chore.run(self._ground, firm)
                    await self._record_end(firm, chore)
                except Exception as error:
                    telemetry.SCHEDULED.labels(chore.name, "failed").inc()
                    log.exception("chore failed", reason=f"{type(error).__name__}: {str(error)[:300]}")
                else:
                    telemetry.SCHEDULED.labels(chore.name, "done").inc()
                    if done:
                        log.info("chore done", count=done)

    async def _record_end(self, firm: FirmInfo, chore: Chore) -> None:
        async with self._ground.platform.db.unit_of_work(Binding(firm.id, role="system")) as uow:
            await uow.execute(
                update(scheduled_runs)
                .where(scheduled_runs.c.tenant_id == uow.tenant_id, scheduled_runs.c.task == chore.name)
                .values(last_finished_at=clock.now())
            )

    async def turn(self) -> int:
        """Start everything that is due in every firm; returns how many chores were started."""
        started = 0
        for firm in await self.firms():
            for chore in CHORES:
                started += await self.start_due(firm, chore)
        return started

    async def settle(self) -> None:
        """Wait for the chores that are under way."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def seal_all(self) -> int:
        """One turn of the sealer: every firm with something unsealed; also measures what waits."""
        sealed, unsealed, oldest = 0, 0, None
        for firm in await self.firms():
            async with self._ground.platform.db.reading(Binding(firm.id, role="system")) as reader:
                waiting, since = await audit.unsealed(reader)
            if waiting:
                sealed += await chores.seal_audit(self._ground, firm)
                unsealed += waiting
                oldest = min((moment for moment in (oldest, since) if moment is not None), default=None)
        telemetry.AUDIT_UNSEALED.set(max(unsealed - sealed, 0))
        telemetry.AUDIT_OLDEST_SECONDS.set((clock.now() - oldest).total_seconds() if oldest else 0)
        return sealed

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop``: hold the lease if it is free, seal every two seconds, start what is due."""
        loops = [
            asyncio.create_task(self._repeat(stop, RENEW_SECONDS, self.renew)),
            asyncio.create_task(self._repeat(stop, SEAL_SECONDS, self._if_leader(self.seal_all))),
            asyncio.create_task(self._repeat(stop, TICK_SECONDS, self._if_leader(self.turn))),
        ]
        market = market_of(self._ground.platform.settings)
        if market is not None:
            feed = QuoteFeed(self._ground.platform, market, lambda: self._lease is not None)
            loops.append(asyncio.create_task(self._repeat(stop, FLUSH_SECONDS, feed.turn)))
        await stop.wait()
        await asyncio.gather(*loops, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.settle()
        if self._lease is not None:
            with contextlib.suppress(Exception):
                await leases.release(self._ground.platform.db, self._lease)

    def _if_leader(self, act: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[object]]:
        async def guarded() -> object:
            return await act() if self._lease is not None else 0

        return guarded

    async def _repeat(
        self, stop: asyncio.Event, seconds: float, act: Callable[[], Awaitable[object]]
    ) -> None:
        failures = 0
        while not stop.is_set():
            pause = seconds
            try:
                await act()
                failures = 0
            except LeaseLost as error:
                self._lease = None
                telemetry.IS_LEADER.set(0)
                log.warning("lease lost", reason=str(error))
            except Exception as error:
                pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
                failures += 1
                log.warning(
                    "scheduler waits", seconds=pause, reason=f"{type(error).__name__}: {str(error)[:300]}"
                )
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()


async def serve(platform: Platform, stop: asyncio.Event) -> None:
    """The whole scheduler process until ``stop``."""
    await platform.start()
    load_handlers()
    log.info("scheduler started")
    await Scheduler(Ground(platform, make_broker(platform.addresses.redis_url))).run(stop)
    log.info("scheduler stopped")


async def _main() -> None:
    platform = build_platform()
    settings = platform.settings
    telemetry.configure_logging("scheduler", form=settings.log_format, level=settings.log_level)
    telemetry.configure_tracing("scheduler")
    telemetry.serve_metrics(settings.metrics_port and settings.metrics_port + 1)
    try:
        await serve(platform, stop_on_signals())
    finally:
        await platform.close()


def main() -> int:
    """Entry point of ``wealthnexus scheduler``."""
    asyncio.run(_main())
    return 0
