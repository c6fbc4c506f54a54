"""Rate limits: a bucket per firm, limit and who is counted, that refills evenly; kept in Redis.

The generic cell rate algorithm: one timestamp per bucket, one round trip, no bursts at window edges.
Without Redis each process keeps the buckets itself: nobody is locked out, nobody is let loose.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from wealthnexus.kit.telemetry import RATE_LIMITED, logger

_log = logger("ratelimit")
_LOCAL_MAX: Final = 50_000
_RETRY_REDIS_SECONDS: Final = 5.0

# KEYS[1]: bucket; ARGV: milliseconds per request, milliseconds of burst. Redis' own clock, so that all
# processes agree. Returns {remaining, retry after ms (0: allowed), full again after ms}.
_SCRIPT: Final = """
local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = due + step
if after - now > burst then
  return {0, math.ceil(after - burst - now), math.ceil(due - now)}
end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(burst + step))
return {math.floor((burst - (after - now)) / step), 0, math.ceil(after - now)}
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``count_max`` at once, and as many again evenly over ``window_seconds``.

    ``name`` is part of the bucket's key and the metric's label.
    """

    name: str
    count_max: int
    window_seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """``retry_after_seconds`` 0: go on. ``remaining`` more can follow at once; the bucket is full again
    after ``reset_seconds``."""

    limit: RateLimit
    remaining: int
    retry_after_seconds: int
    reset_seconds: int

    @property
    def is_allowed(self) -> bool:
        return self.retry_after_seconds == 0


class RateLimiter:
    """One per process."""

    def __init__(self, redis: Redis) -> None:
        self._script: Any = redis.register_script(_SCRIPT)
        self._local: OrderedDict[str, float] = OrderedDict()
        self._redis_asked_again_at = 0.0

    async def take(self, tenant_id: UUID, limit: RateLimit, who: str) -> Verdict:
        """One more of ``who`` (a person, an address), if it is within the limit."""
        key = f"wn:{tenant_id}:rate:{limit.name}:{who}"
        verdict = await self._take(key, limit)
        if not verdict.is_allowed:
            RATE_LIMITED.labels(limit.name).inc()
        return verdict

    async def _take(self, key: str, limit: RateLimit) -> Verdict:
        burst = limit.window_seconds * 1000
        step = burst / limit.count_max
        if time.monotonic() >= self._redis_asked_again_at:
            try:
                answer = await self._script(keys=[key], args=[step, burst])
                return _verdict(limit, *(int(part) for part in answer))
            except (RedisError, OSError, TimeoutError) as error:
                self._redis_asked_again_at = time.monotonic() + _RETRY_REDIS_SECONDS
                _log.warning("rate limits are kept locally", reason=str(error)[:200])
        return self._take_locally(key, limit, step, burst)

    def _take_locally(self, key: str, limit: RateLimit, step: float, burst: int) -> Verdict:
        now = time.monotonic() * 1000
        due = max(self._local.get(key, now), now)
        after = due + step
        if after - now > burst:
            return _verdict(limit, 0, math.ceil(after - burst - now), math.ceil(due - now))
        self._local[key] = after
        self._local.move_to_end(key)
        while len(self._local) > _LOCAL_MAX:
            self._local.popitem(last=False)
        return _verdict(limit, math.floor((burst - (after - now)) / step), 0, math.ceil(after - now))


def _verdict(limit: RateLimit, remaining: int, retry_ms: int, reset_ms: int) -> Verdict:
    return Verdict(limit, remaining, math.ceil(retry_ms / 1000), math.ceil(reset_ms / 1000))
