"""Rate limits in Redis: fixed windows, one counter per firm, limit and who is counted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``count_max`` in ``window_seconds``; ``name`` is part of the key."""

    name: str
    count_max: int
    window_seconds: int


async def seconds_to_wait(redis: Redis, tenant_id: UUID, limit: RateLimit, who: str) -> int:
    """Counts one more; 0 when it is within the limit, else the seconds until the window ends.

    Without Redis everything passes (and says so in the log): the limits keep the service from being
    overrun, what protects accounts is kept in the database.
    """
    key = f"wn:{tenant_id}:limit:{limit.name}:{who}"
    try:
        async with redis.pipeline(transaction=True) as pipeline:
            pipeline.set(key, 0, ex=limit.window_seconds, nx=True)
            pipeline.incr(key)
            pipeline.ttl(key)
            _, count, left = await pipeline.execute()
    except RedisError as error:
        _log.warning("rate_limit_unknown", limit=limit.name, error=type(error).__name__)
        return 0
    return max(int(left), 1) if int(count) > limit.count_max else 0
