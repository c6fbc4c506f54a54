"""How many requests a caller may make: a bucket per person that refills evenly, kept in Redis.

The generic cell rate algorithm: one timestamp per caller, one round trip, no bursts at window edges.
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

from wealthnexus.kit.telemetry import logger

_log = logger("graphql.rate")
WINDOW_SECONDS: Final = 60
ANONYMOUS_PER_MINUTE: Final = 120
_LOCAL_MAX: Final = 50_000
_RETRY_REDIS_SECONDS: Final = 5.0

# KEYS[1]: bucket; ARGV: milliseconds per request, milliseconds of burst. Redis' own clock, so that all
# processes agree. Returns {allowed, remaining, retry after ms, full again after ms}.
_SCRIPT: Final = """
local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = due + step
if after - now > burst then
  return {0, 0, math.ceil(after - burst - now), math.ceil(due - now)}
end
redis.call('SET', KEYS[1], tostring(after), 'PX', math.ceil(burst + step))
return {1, math.floor((burst - (after - now)) / step), 0, math.ceil(after - now)}
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``retry_after_seconds`` 0: go on. ``remaining`` requests can follow at once."""

    limit: int
    remaining: int
    retry_after_seconds: int
    reset_seconds: int

    @property
    def is_allowed(self) -> bool:
        return self.retry_after_seconds == 0

    def headers(self) -> dict[str, str]:
        """The RateLimit fields (draft-ietf-httpapi-ratelimit-headers), and Retry-After on refusal."""
        fields = {
            "ratelimit-policy": f'"person";q={self.limit};w={WINDOW_SECONDS}',
            "ratelimit": f'"person";r={self.remaining};t={self.reset_seconds}',
        }
        if not self.is_allowed:
            fields["retry-after"] = str(self.retry_after_seconds)
        return fields


class RateLimit:
    """One per process."""

    def __init__(self, redis: Redis) -> None:
        self._script: Any = redis.register_script(_SCRIPT)
        self._local: OrderedDict[str, float] = OrderedDict()
        self._redis_asked_again_at = 0.0

    async def person(self, tenant_id: UUID, user_id: UUID, *, per_minute: int) -> Verdict:
        """One request of a signed-in person."""
        return await self._take(f"wn:{tenant_id}:rate:api:{user_id}", per_minute)

    async def anonymous(self, tenant_id: UUID, ip_address: str | None) -> Verdict:
        """One request of nobody in particular."""
        return await self._take(f"wn:{tenant_id}:rate:anonymous:{ip_address}", ANONYMOUS_PER_MINUTE)

    async def _take(self, key: str, per_minute: int) -> Verdict:
        burst = WINDOW_SECONDS * 1000
        step = burst / per_minute
        if time.monotonic() >= self._redis_asked_again_at:
            try:
                answer = await self._script(keys=[key], args=[step, burst])
                return _verdict(per_minute, *(int(part) for part in answer))
            except (RedisError, OSError, TimeoutError) as error:
                self._redis_asked_again_at = time.monotonic() + _RETRY_REDIS_SECONDS
                _log.warning("rate limits are kept locally", reason=str(error)[:200])
        return self._take_locally(key, per_minute, step, burst)

    def _take_locally(self, key: str, per_minute: int, step: float, burst: int) -> Verdict:
        now = time.monotonic() * 1000
        due = max(self._local.get(key, now), now)
        after = due + step
        if after - now > burst:
            return _verdict(per_minute, 0, 0, math.ceil(after - burst - now), math.ceil(due - now))
        self._local[key] = after
        self._local.move_to_end(key)
        while len(self._local) > _LOCAL_MAX:
            self._local.popitem(last=False)
        remaining = math.floor((burst - (after - now)) / step)
        return _verdict(per_minute, 1, remaining, 0, math.ceil(after - now))


def _verdict(limit: int, _allowed: int, remaining: int, retry_ms: int, reset_ms: int) -> Verdict:
    return Verdict(limit, remaining, math.ceil(retry_ms / 1000), math.ceil(reset_ms / 1000))
