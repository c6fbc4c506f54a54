"""Buckets that refill evenly: how many at once, when the next, one bucket for all processes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from wealthnexus.kit import ratelimit
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.ratelimit import RateLimit, RateLimiter
from wealthnexus.kit.telemetry import RATE_LIMITED
from wealthnexus.runtime import Platform

A_MINUTE = RateLimit("test-minute", 3, 60)


class Dead:
    """A Redis that is away."""

    def register_script(self, _script: str) -> Any:
        async def run(**_given: Any) -> Any:
            raise ConnectionError("no redis")

        return run


@pytest.mark.database
async def test_three_at_once_then_one_every_twenty_seconds(platform: Platform) -> None:
    firm, before = new_id(), RATE_LIMITED.labels("test-minute")._value.get()
    verdicts = [await platform.rates.take(firm, A_MINUTE, "ada") for _ in range(4)]
    assert [(each.is_allowed, each.remaining) for each in verdicts] == [
        (True, 2), (True, 1), (True, 0), (False, 0),
    ]  # fmt: skip
    assert 15 <= verdicts[-1].retry_after_seconds <= 20
    assert 55 <= verdicts[-1].reset_seconds <= 60
    assert RATE_LIMITED.labels("test-minute")._value.get() == before + 1


@pytest.mark.database
async def test_a_bucket_refills_evenly_and_is_forgotten_when_full(platform: Platform) -> None:
    firm, fast = new_id(), RateLimit("test-fast", 10, 1)  # one more every 100 ms
    assert [(await platform.rates.take(firm, fast, "ada")).is_allowed for _ in range(10)] == [True] * 10
    key = f"wn:{firm}:rate:test-fast:ada"
    assert 0 < await platform.redis.pttl(key) <= 1_100
    await asyncio.sleep(0.25)
    assert (await platform.rates.take(firm, fast, "ada")).is_allowed
    await asyncio.sleep(1.2)
    assert await platform.redis.exists(key) == 0


@pytest.mark.database
async def test_buckets_are_apart_by_firm_limit_and_person(platform: Platform) -> None:
    firm, once = new_id(), RateLimit("test-once", 1, 60)
    assert (await platform.rates.take(firm, once, "ada")).is_allowed
    assert not (await platform.rates.take(firm, once, "ada")).is_allowed
    assert (await platform.rates.take(firm, once, "bob")).is_allowed
    assert (await platform.rates.take(new_id(), once, "ada")).is_allowed
    assert (await platform.rates.take(firm, RateLimit("test-other", 1, 60), "ada")).is_allowed


@pytest.mark.database
async def test_processes_share_one_bucket(platform: Platform) -> None:
    firm, limit = new_id(), RateLimit("test-shared", 10, 3_600)
    processes = [platform.rates, RateLimiter(platform.redis)]
    verdicts = await asyncio.gather(*(processes[n % 2].take(firm, limit, "ada") for n in range(40)))
    assert sum(verdict.is_allowed for verdict in verdicts) == 10


@pytest.mark.unit
async def test_without_redis_the_process_keeps_the_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit, "_LOCAL_MAX", 3)
    rates = RateLimiter(Dead())  # type: ignore[arg-type]
    firm, person, twice = new_id(), "ada", RateLimit("test-local", 2, 60)
    verdicts = [await rates.take(firm, twice, person) for _ in range(3)]
    assert [verdict.is_allowed for verdict in verdicts] == [True, True, False]
    assert 25 <= verdicts[-1].retry_after_seconds <= 30
    for other in range(10):
        assert (await rates.take(firm, twice, f"other {other}")).is_allowed
    assert len(rates._local) == 3
