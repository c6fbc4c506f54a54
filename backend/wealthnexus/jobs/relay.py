"""The relay: what committed leaves the database, in order, at least once, and is never lost.

Two steps per firm. Claim: committed rows get the firm's next sequence numbers (one transaction).
Publish: claimed rows go to Redis by number, then are marked (a second transaction; a crash in between
publishes them again, which the stream's own ids and the job's row make harmless). Woken by
``pg_notify``; a sweep over all firms finds what a lost notification left.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
from dramatiq.brokers.redis import RedisBroker
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import Row
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from wealthnexus.domain.firms import list_firms
from wealthnexus.jobs.broker import job_message, make_broker
from wealthnexus.kit import clock, outbox, streams, telemetry
from wealthnexus.kit import json as kit_json
from wealthnexus.kit.context import SYSTEM, internal_request
from wealthnexus.kit.db.session import Binding, Database
from wealthnexus.kit.events import envelope
from wealthnexus.runtime import Platform, build_platform

BATCH: Final = 500
SWEEP_SECONDS: Final = 5.0
BACK_OFF_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STREAM_LENGTH_MAX: Final = 10_000

log = telemetry.logger("relay")


class Relay:
    """One relay; several may run, each row is claimed once and published in order per firm."""

    def __init__(self, database: Database, redis: Redis, broker: RedisBroker) -> None:
        self._database = database
        self._redis = redis
        self._broker = broker
        self._woken: set[UUID] = set()
        self._wake = asyncio.Event()

    def wake(self, tenant_id: UUID) -> None:
        """There is something of ``tenant_id`` in the outbox."""
        self._woken.add(tenant_id)
        self._wake.set()

    async def relay_firm(self, tenant_id: UUID) -> int:
        """Claim and publish everything of one firm that has committed; returns how many were published."""
        published = 0
        while True:
            claimed = await self.claim(tenant_id)
            sent = await self.publish(tenant_id)
            published += sent
            if claimed < BATCH and sent < BATCH:
                return published

    async def claim(self, tenant_id: UUID) -> int:
        """First step: numbers."""
        async with self._database.unit_of_work(
            Binding(tenant_id, role="system"), actor=SYSTEM, request=internal_request("relay")
        ) as uow:
            return await outbox.claim(uow, BATCH)

    async def publish(self, tenant_id: UUID) -> int:
        """Second step: to Redis, then marked. RedisError leaves the rows unmarked."""
        async with self._database.unit_of_work(
            Binding(tenant_id, role="system"), actor=SYSTEM, request=internal_request("relay")
        ) as uow:
            rows = await outbox.unpublished(uow, BATCH)
            if not rows:
                return 0
            await self.send(tenant_id, rows)
            await outbox.mark_published(uow, [row.id for row in rows])
        for row in rows:
            telemetry.PUBLISHED.labels(row.topic).inc()
        return len(rows)

    async def send(self, tenant_id: UUID, rows: Sequence[Row[Any]]) -> None:
        """Jobs to the workers, events to the firm's stream, one wake-up for the subscribers."""
        events = [row for row in rows if row.topic == "event"]
        jobs = [row for row in rows if row.topic == "job"]
        if jobs:
            await asyncio.to_thread(self._enqueue, tenant_id, jobs)
        if events:
            await self._add_to_stream(tenant_id, events)
        await self._redis.publish(streams.channel(tenant_id), str(rows[-1].seq))

    def _enqueue(self, tenant_id: UUID, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            self._broker.enqueue(job_message(tenant_id, UUID(row.payload["jobId"]), row.id))

    async def _add_to_stream(self, tenant_id: UUID, rows: Sequence[Row[Any]]) -> None:
        key = streams.channel(tenant_id)
        async with self._redis.pipeline(transaction=False) as pipeline:
            for row in rows:
                pipeline.xadd(
                    key,
                    {"id": str(row.id), "event": kit_json.dumps(envelope(row))},
                    id=f"{row.seq}-0",
                    maxlen=STREAM_LENGTH_MAX,
                    approximate=True,
                )
            answers = await pipeline.execute(raise_on_error=False)
        for row, answer in zip(rows, answers, strict=True):
            if isinstance(answer, ResponseError):
                await self._settle_refused(key, row, answer)
            elif isinstance(answer, Exception):
                raise answer

    async def _settle_refused(self, key: str, row: Row[Any], refusal: ResponseError) -> None:
        """The id is not above the stream's last. Published before a crash: nothing to do. Otherwise the
        stream belongs to another history of this database (a restored backup) and is begun anew; the
        outbox, not the stream, is where a subscriber reads what it missed."""
        entries: list[Any] = await self._redis.xrange(key, f"{row.seq}-0", f"{row.seq}-0") or []
        if any(fields.get(b"id") == str(row.id).encode() for _, fields in entries):
            return
        log.warning("stream begun anew", stream=key, seq=row.seq, refusal=str(refusal))
        await self._redis.delete(key)
        await self._redis.xadd(
            key, {"id": str(row.id), "event": kit_json.dumps(envelope(row))}, id=f"{row.seq}-0"
        )

    async def relay_woken(self) -> int:
        """The firms a notification named since last time; returns how many rows were published."""
        woken, self._woken = self._woken, set()
        published = 0
        for tenant_id in woken:
            published += await self._relay_or_log(tenant_id)
        return published

    async def _relay_or_log(self, tenant_id: UUID) -> int:
        try:
            return await self.relay_firm(tenant_id)
        except (RedisError, DBAPIError, OSError):
            raise  # a server is away: the same for every firm
        except Exception as error:  # one firm's rows must not hold up the others'
            log.error("firm not relayed", firm=str(tenant_id), reason=_one_line(error))
            telemetry.RELAY_FAILURES.labels("row").inc()
            return 0

    async def sweep(self) -> int:
        """Every firm once; also measures what waits. Returns how many rows were published."""
        async with self._database.reading(None, role="system") as reader:
            firms = await list_firms(reader)
        published, waiting, oldest = 0, 0, None
        for firm in firms:
            published += await self.relay_woken()  # nobody waits for the end of a sweep
            published += await self._relay_or_log(firm.id)
            async with self._database.reading(Binding(firm.id, role="system")) as reader:
                count, since = await outbox.waiting(reader)
            waiting += count
            oldest = min((moment for moment in (oldest, since) if moment is not None), default=None)
        telemetry.OUTBOX_WAITING.set(waiting)
        telemetry.OUTBOX_OLDEST_SECONDS.set((clock.now() - oldest).total_seconds() if oldest else 0)
        return published

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop``: woken firms at once, all firms every few seconds, back-off while Redis or
        PostgreSQL is away."""
        failures = 0
        loop = asyncio.get_running_loop()
        next_sweep = loop.time()
        while not stop.is_set():
            self._wake.clear()
            try:
                if loop.time() >= next_sweep:
                    await self.sweep()
                    next_sweep = loop.time() + SWEEP_SECONDS
                else:
                    await self.relay_woken()
                failures = 0
            except Exception as error:
                pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
                failures += 1
                next_sweep = loop.time()  # what the failed turn left is found by a sweep
                server = "redis" if isinstance(error, RedisError) else "postgresql"
                telemetry.RELAY_FAILURES.labels(server).inc()
                log.warning("relay waits", server=server, seconds=pause, reason=_one_line(error))
                await _sleep(stop, pause)
                continue
            await self._idle(stop, next_sweep - loop.time())

    async def _idle(self, stop: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.create_task(self._wake.wait()), asyncio.create_task(stop.wait())]
        try:
            await asyncio.wait(waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


async def listen(relay: Relay, dsn: str, stop: asyncio.Event) -> None:
    """Keep a connection that hears ``pg_notify('outbox', firm)``; reconnects for ever, the sweep covers
    what was missed meanwhile."""
    failures = 0
    while not stop.is_set():
        connection: asyncpg.Connection | None = None
        try:
            connection = await asyncpg.connect(dsn, timeout=10)
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _connection, lost=lost: lost.set())

            def heard(_connection: object, _pid: int, _channel: str, payload: object) -> None:
                with contextlib.suppress(ValueError):
                    relay.wake(UUID(str(payload)))

            await connection.add_listener(outbox.CHANNEL, heard)
            failures = 0
            await _first(stop, lost)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("listener waits", reason=_one_line(error))
        finally:
            if connection is not None:
                with contextlib.suppress(Exception):
                    await connection.close(timeout=2)
        await _sleep(stop, BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
        failures += 1


async def _first(*events: asyncio.Event) -> None:
    tasks = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def listen_dsn(platform: Platform) -> str:
    """The system role's address for the bare driver."""
    url = make_url(platform.addresses.database_url_for("system")).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


async def serve(platform: Platform, stop: asyncio.Event) -> None:
    """The whole relay process until ``stop``."""
    await platform.start()
    relay = Relay(platform.db, platform.redis, make_broker(platform.addresses.redis_url))
    log.info("relay started")
    listener = asyncio.create_task(listen(relay, listen_dsn(platform), stop))
    try:
        await relay.run(stop)
    finally:
        stop.set()
        await asyncio.gather(listener, return_exceptions=True)
        log.info("relay stopped")


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _main() -> None:
    platform = build_platform(roles=("system",))
    settings = platform.settings
    telemetry.configure_logging("relay", form=settings.log_format, level=settings.log_level)
    telemetry.configure_tracing("relay")
    telemetry.serve_metrics(settings.metrics_port)
    try:
        await serve(platform, stop_on_signals())
    finally:
        await platform.close()


def main() -> int:
    """Entry point of ``wealthnexus relay``."""
    asyncio.run(_main())
    return 0
