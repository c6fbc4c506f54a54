"""The Dramatiq broker over Redis, and the one message the platform sends through it."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker

ACTOR: Final = "run_job"
QUEUE: Final = "jobs"
NAMESPACE: Final = "wn:dramatiq"
SENDER_SECONDS: Final = 5.0
# A blocking call of the worker may wait; a dead server must still be noticed (redis-py's own default
# of 5 s would cut long polls).
WORKER_SECONDS: Final = 60.0
_WORKER_SILENCE_MS: Final = 30_000


def make_broker(
    redis_url: str,
    middleware: list[dramatiq.Middleware] | None = None,
    *,
    answer_seconds_max: float = SENDER_SECONDS,
) -> RedisBroker:
    """A broker over ``redis_url``; nothing connects yet. A worker needs ``WORKER_SECONDS``."""
    broker: RedisBroker = RedisBroker(  # type: ignore[no-untyped-call]
        client=redis.Redis.from_url(
            redis_url, socket_timeout=answer_seconds_max, socket_connect_timeout=5, health_check_interval=15
        ),
        middleware=middleware or [],
        namespace=NAMESPACE,
        heartbeat_timeout=_WORKER_SILENCE_MS,
        # Messages of a dead worker go back after at most a few dozen commands, not by a rare chance.
        maintenance_chance=100_000,
    )
    return broker


def job_message(tenant_id: UUID, job_id: UUID, message_id: UUID) -> dramatiq.Message[Any]:
    """The message that makes a worker run the job; ``message_id`` is the outbox row's id."""
    return dramatiq.Message(
        queue_name=QUEUE,
        actor_name=ACTOR,
        args=(str(tenant_id), str(job_id)),
        kwargs={},
        options={},
        message_id=str(message_id),
    )


def waiting_job_ids(broker: RedisBroker, *, limit: int) -> set[str] | None:
    """Ids of the jobs whose message is in Redis (queued, delayed or being worked on); None when more
    than ``limit`` messages are there to be told apart."""
    found: set[str] = set()
    for queue in (QUEUE, f"{QUEUE}.DQ"):
        key = f"{NAMESPACE}:{queue}.msgs"
        if broker.client.hlen(key) > limit:
            return None
        for raw in broker.client.hvals(key):
            found.add(str(dramatiq.Message.decode(cast(bytes, raw)).args[1]))
    return found
