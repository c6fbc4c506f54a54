"""Live events for subscribers: what was missed is read from the outbox, what is new wakes them.

A subscriber reads the outbox by sequence number under its own row security, so it learns only of what
it may see. Redis carries no content, only "the firm's head is now seq N"; without Redis the subscriber
looks by itself every few seconds. One Redis subscription per process serves all subscribers of all firms.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from wealthnexus.kit import outbox, telemetry
from wealthnexus.kit.db.session import Binding, Database

BEHIND_MAX: Final = outbox.KEPT_ROWS // 2
QUEUE_MAX: Final = 256
POLL_SECONDS: Final = 5.0
HEAR_SECONDS: Final = 0.25  # how soon a firm that is newly watched is subscribed to
RECONNECT_SECONDS: Final = (0.5, 1.0, 2.0, 5.0)
PREFIX: Final = "wn:"

log = telemetry.logger("streams")


def channel(tenant_id: UUID) -> str:
    """Name of the firm's wake-up channel and of its stream."""
    return f"{PREFIX}{tenant_id}:events"


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event the subscriber may see. ``payload`` as in the catalogue, ids as text."""

    seq: int
    event_type: str
    subject_id: UUID | None
    book_version: int | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resync:
    """Some events will not come: read everything again. ``seq``: where the stream goes on from."""

    seq: int
    reason: str


class Source(Protocol):
    """What a process offers its subscribers; ``runtime.Platform`` does."""

    @property
    def db(self) -> Database: ...

    @property
    def redis_blocking(self) -> Redis: ...


class Wakeups:
    """Per process: hears the wake-up channels of the firms that are watched, fans out to subscribers."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._watchers: dict[UUID, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def watch(self, tenant_id: UUID) -> Any:
        """An event that is set whenever something of the firm was published (or may have been)."""
        woken = asyncio.Event()
        watchers = self._watchers.setdefault(tenant_id, set())
        watchers.add(woken)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen(), name="wealthnexus-wakeups")
        try:
            yield woken
        finally:
            watchers.discard(woken)
            if not watchers:
                self._watchers.pop(tenant_id, None)

    @property
    def channel_count(self) -> int:
        """Firms watched now."""
        return len(self._watchers)

    async def _listen(self) -> None:
        """Ends by itself once nobody watches; never cancelled, so no subscription is left behind."""
        failures = 0
        while self._watchers:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await self._hear(pubsub)
                failures = 0
            except (RedisError, OSError, TimeoutError) as error:
                pause = RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)]
                failures += 1
                log.warning("wake-ups wait for redis", seconds=pause, reason=str(error)[:200])
                await asyncio.sleep(pause)
                self._wake_all()  # what was published meanwhile was not heard

    async def _hear(self, pubsub: PubSub) -> None:
        subscribed: set[UUID] = set()
        while wanted := set(self._watchers):
            if new := wanted - subscribed:
                await pubsub.subscribe(*(channel(tenant_id) for tenant_id in new))
                subscribed |= new
                for tenant_id in new:
                    self._wake(tenant_id)  # published between the subscriber's first read and now
            if old := subscribed - wanted:
                await pubsub.unsubscribe(*(channel(tenant_id) for tenant_id in old))
                subscribed -= old
            message = await pubsub.get_message(timeout=HEAR_SECONDS)
            if message is not None:
                name = message["channel"].decode().removeprefix(PREFIX).removesuffix(":events")
                self._wake(UUID(name))

    def _wake(self, tenant_id: UUID) -> None:
        for event in self._watchers.get(tenant_id, ()):
            event.set()

    def _wake_all(self) -> None:
        for tenant_id in list(self._watchers):
            self._wake(tenant_id)


_wakeups: dict[int, Wakeups] = {}


def wakeups_of(source: Source) -> Wakeups:
    """The process's one fan-out over its Redis connection."""
    redis = source.redis_blocking
    known = _wakeups.get(id(redis))
    if known is None or known._redis is not redis:
        known = _wakeups[id(redis)] = Wakeups(redis)
    return known


async def follow(
    source: Source,
    binding: Binding,
    *,
    after_seq: int | None = None,
    event_types: Sequence[str] = (),
    matches: Callable[[StreamEvent], bool] | None = None,
    poll_seconds: float = POLL_SECONDS,
) -> AsyncIterator[StreamEvent | Resync]:
    """Events of the firm that ``binding`` may see, from after ``after_seq`` (None: from now on), for ever.

    ``event_types``: names, or prefixes that end with a dot; empty: all. Numbers only go up. Resync comes
    instead of events when the subscriber is more than 1,000 behind, reads too slowly (its queue of 256 is
    full), or asks for a number that was never given; events go on after its ``seq``.
    Close the iterator to unsubscribe.
    """
    queue: asyncio.Queue[StreamEvent | Resync | BaseException] = asyncio.Queue(QUEUE_MAX)
    with wakeups_of(source).watch(binding.tenant_id) as woken:
        pump = asyncio.create_task(
            _pump(
                queue, woken, database=source.db, binding=binding, after_seq=after_seq,
                event_types=event_types, matches=matches, poll_seconds=poll_seconds,
            )
        )  # fmt: skip
        pump.add_done_callback(lambda task: _report(task, queue))
        telemetry.SUBSCRIBERS.inc()
        try:
            while True:
                item = await queue.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            telemetry.SUBSCRIBERS.dec()
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)


def _report(task: asyncio.Task[None], queue: asyncio.Queue[Any]) -> None:
    """A pump that broke must break its subscriber, not leave it waiting for ever."""
    if not task.cancelled() and (error := task.exception()) is not None:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(error)


async def _pump(
    queue: asyncio.Queue[StreamEvent | Resync | BaseException],
    woken: asyncio.Event,
    *,
    database: Database,
    binding: Binding,
    after_seq: int | None,
    event_types: Sequence[str],
    matches: Callable[[StreamEvent], bool] | None,
    poll_seconds: float,
) -> None:
    position = after_seq
    failures = 0
    while True:
        woken.clear()
        try:
            position, found = await _news(database, binding, position, event_types)
            failures = 0
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failures += 1
            log.warning("subscriber waits for the database", reason=str(error)[:200])
            await asyncio.sleep(RECONNECT_SECONDS[min(failures - 1, len(RECONNECT_SECONDS) - 1)])
            continue
        for item in found:
            if isinstance(item, Resync):
                telemetry.RESYNCS.labels(item.reason).inc()
            elif matches is not None and not matches(item):
                continue
            if not _offer(queue, item, position):
                break
        # Not wait_for: on 3.11 it swallows a cancellation that meets the wake-up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(poll_seconds):
                await woken.wait()


def _offer(queue: asyncio.Queue[Any], item: StreamEvent | Resync, head: int) -> bool:
    """Queue the item; a full queue is thrown away and becomes one Resync (False)."""
    try:
        queue.put_nowait(item)
    except asyncio.QueueFull:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(Resync(head, "slow"))
        telemetry.RESYNCS.labels("slow").inc()
        return False
    return True


async def _news(
    database: Database, binding: Binding, position: int | None, event_types: Sequence[str]
) -> tuple[int, list[StreamEvent | Resync]]:
    """What came since ``position``, and the firm's head then: the next position."""
    async with database.reading(binding) as reader:
        head = await outbox.head_seq(reader)
        if position is None or position == head:
            return head, []
        if position > head:
            return head, [Resync(head, "ahead")]
        if head - position > BEHIND_MAX:
            return head, [Resync(head, "behind")]
        rows = await outbox.events_between(
            reader, after=position, until=head, event_types=event_types, limit=BEHIND_MAX
        )
    return head, [
        StreamEvent(row.seq, row.event_type, row.subject_id, row.book_version, row.payload) for row in rows
    ]
