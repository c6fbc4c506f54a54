"""Subscribers: what was missed comes first, what they may not see never comes, too far behind is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import insert
from wealthnexus.domain.identity.models import access_grants, access_scope
from wealthnexus.jobs.broker import make_broker
from wealthnexus.jobs.relay import Relay
from wealthnexus.kit import clock, streams
from wealthnexus.kit.db.session import Binding, Database
from wealthnexus.kit.events import emit
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.streams import Resync, StreamEvent, follow, wakeups_of
from wealthnexus.runtime import Platform

from tests.support.engines import Firm


@pytest.fixture
def relay(platform: Platform, redis_url: str) -> Relay:
    return Relay(platform.db, platform.redis, make_broker(redis_url))


@dataclass
class Teller:
    """Announces and publishes."""

    firm: Firm
    relay: Relay

    async def tell(self, count: int = 1, *, subject: UUID | None = None, audience: UUID | None = None,
                   kind: str = "a.b", publish: bool = True) -> None:  # fmt: skip
        async with self.firm.writing() as uow:
            for _ in range(count):
                payload = {"workItemId": new_id(), "kind": kind, "ownerRole": None}
                await emit(uow, "work.item.posted", subject_id=subject, audience_id=audience, payload=payload)
        if publish:
            await self.relay.relay_firm(self.firm.id)


@pytest.fixture
def teller(firm: Firm, relay: Relay) -> Teller:
    return Teller(firm, relay)


async def take(follower: AsyncIterator[Any], count: int, *, seconds: float = 5) -> list[Any]:
    return [await asyncio.wait_for(anext(follower), seconds) for _ in range(count)]


async def nothing_comes(follower: AsyncIterator[Any], *, seconds: float = 0.4) -> None:
    waiting = asyncio.ensure_future(anext(follower))
    done, _ = await asyncio.wait([waiting], timeout=seconds)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert not done


async def test_missed_events_come_first_then_live_ones(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    await teller.tell(5)
    follower = follow(platform, firm.binding, after_seq=2)
    assert [event.seq for event in await take(follower, 3)] == [3, 4, 5]
    await teller.tell(2)
    live = await take(follower, 2)
    assert [(event.seq, event.event_type) for event in live] == [
        (6, "work.item.posted"),
        (7, "work.item.posted"),
    ]
    assert set(live[0].payload) == {"workItemId", "kind", "ownerRole"}
    await follower.aclose()


async def test_without_a_number_one_starts_now(platform: Platform, firm: Firm, teller: Teller) -> None:
    await teller.tell(3)
    follower = follow(platform, firm.binding)
    first = asyncio.ensure_future(anext(follower))
    await asyncio.sleep(0.3)
    await teller.tell()
    assert (await asyncio.wait_for(first, 5)).seq == 4
    await follower.aclose()


async def test_a_wake_up_is_not_left_to_the_next_look(platform: Platform, firm: Firm, teller: Teller) -> None:
    follower = follow(platform, firm.binding, after_seq=0, poll_seconds=3600)
    first = asyncio.ensure_future(anext(follower))
    await asyncio.sleep(1)
    await teller.tell()
    await asyncio.wait_for(first, 30)
    await follower.aclose()


async def test_event_types_and_matches_filter(platform: Platform, firm: Firm, teller: Teller) -> None:
    await teller.tell(kind="a.one")
    await teller.tell(kind="a.two")
    by_kind = follow(platform, firm.binding, after_seq=0, matches=lambda e: e.payload["kind"] == "a.two")
    assert [event.seq for event in await take(by_kind, 1)] == [2]
    by_prefix = follow(platform, firm.binding, after_seq=0, event_types=["work.item."])
    assert [event.seq for event in await take(by_prefix, 2)] == [1, 2]
    by_name = follow(platform, firm.binding, after_seq=0, event_types=["approvals.request.made"])
    await nothing_comes(by_name)
    for follower in (by_kind, by_prefix):
        await follower.aclose()


async def test_too_far_behind_is_told_to_read_again(platform: Platform, firm: Firm, teller: Teller) -> None:
    await teller.tell(streams.BEHIND_MAX + 1)
    follower = follow(platform, firm.binding, after_seq=0)
    assert await take(follower, 1) == [Resync(streams.BEHIND_MAX + 1, "behind")]
    await teller.tell()
    assert [event.seq for event in await take(follower, 1)] == [streams.BEHIND_MAX + 2]
    await follower.aclose()


async def test_a_number_that_was_never_given_is_told_to_read_again(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    await teller.tell(2)
    follower = follow(platform, firm.binding, after_seq=99)
    assert await take(follower, 1) == [Resync(2, "ahead")]
    await follower.aclose()


async def test_a_slow_subscriber_is_dropped_to_a_resync_and_goes_on(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    follower = follow(platform, firm.binding, after_seq=0)
    first = asyncio.ensure_future(anext(follower))
    await asyncio.sleep(0.3)
    await teller.tell()
    assert (await first).seq == 1
    await teller.tell(streams.QUEUE_MAX + 50)  # nobody reads meanwhile
    await asyncio.sleep(1)
    head = streams.QUEUE_MAX + 51
    assert await take(follower, 1) == [Resync(head, "slow")]
    await teller.tell()
    assert [event.seq for event in await take(follower, 1)] == [head + 1]
    await follower.aclose()


async def test_numbers_only_go_up_while_many_write(platform: Platform, firm: Firm, teller: Teller) -> None:
    follower = follow(platform, firm.binding, after_seq=0)

    async def write() -> None:
        for _ in range(20):
            await teller.tell()

    writers = asyncio.gather(*(write() for _ in range(4)))
    events = await take(follower, 80, seconds=20)
    await writers
    assert [event.seq for event in events] == list(range(1, 81))
    await follower.aclose()


async def test_another_firms_events_never_come(
    platform: Platform, firm: Firm, other_firm: Firm, teller: Teller
) -> None:
    follower = follow(platform, other_firm.binding, after_seq=0, poll_seconds=0.1)
    await teller.tell(3)
    await nothing_comes(follower)


async def test_a_limited_member_learns_of_its_own_subjects_only(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    member = await firm.person("Limited Lee")
    mine, theirs = await firm.subject("Mine"), await firm.subject("Theirs")
    async with firm.writing() as uow:
        grant = new_id()
        await uow.execute(
            insert(access_grants).values(
                tenant_id=firm.id, id=grant, principal_id=member.user_id, subject_id=mine, permissions=[],
                relationship="staff",
                effective_from=clock.now().date(), reason="book", created_at=clock.now(),
            )
        )  # fmt: skip
        await uow.execute(
            insert(access_scope).values(
                tenant_id=firm.id, principal_id=member.user_id, subject_id=mine, grant_id=grant,
                kind="household", may_write=False,
            )
        )  # fmt: skip
    await teller.tell(subject=theirs)
    await teller.tell(subject=mine)
    await teller.tell()
    await teller.tell(audience=member.user_id)
    follower = follow(platform, Binding(firm.id, member.user_id, "limited"), after_seq=0)
    assert [event.seq for event in await take(follower, 2)] == [2, 4]
    await nothing_comes(follower)


class Source:
    """A platform whose Redis is somewhere else."""

    def __init__(self, database: Database, redis: Redis) -> None:
        self.db, self.redis_blocking = database, redis


async def test_without_redis_the_subscriber_looks_by_itself(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    away = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    follower = follow(Source(platform.db, away), firm.binding, after_seq=0, poll_seconds=0.2)
    await teller.tell(2)
    assert [event.seq for event in await take(follower, 2)] == [1, 2]
    await teller.tell()
    assert [event.seq for event in await take(follower, 1)] == [3]
    await follower.aclose()
    await away.aclose()


async def test_what_was_published_while_redis_was_away_comes_after_it_is_back(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    follower = follow(platform, firm.binding, after_seq=0, poll_seconds=60)
    first = asyncio.ensure_future(anext(follower))
    await asyncio.sleep(0.6)
    await platform.redis.client_kill_filter(_type="pubsub", skipme=False)
    await teller.tell()
    assert (await asyncio.wait_for(first, 10)).seq == 1
    await follower.aclose()


async def test_one_redis_subscription_serves_all_and_ends_with_the_last(
    platform: Platform, firm: Firm, other_firm: Firm, teller: Teller
) -> None:
    wakeups = wakeups_of(platform)
    before = wakeups.channel_count
    followers = [follow(platform, firm.binding, after_seq=0) for _ in range(5)]
    followers.append(follow(platform, other_firm.binding, after_seq=0))
    waiting = [asyncio.ensure_future(anext(follower)) for follower in followers]
    await asyncio.sleep(0.5)
    assert wakeups.channel_count == before + 2
    subscribed = await platform.redis.pubsub_numsub(streams.channel(firm.id))
    assert [count for _, count in subscribed] == [1]
    await teller.tell()
    assert [(await task).seq for task in waiting[:5]] == [1] * 5
    waiting[5].cancel()
    await asyncio.gather(waiting[5], return_exceptions=True)
    for follower in followers:
        await follower.aclose()
    assert wakeups.channel_count == before


async def test_a_filter_that_breaks_breaks_its_subscriber_only(
    platform: Platform, firm: Firm, teller: Teller
) -> None:
    def broken(_event: StreamEvent) -> bool:
        raise RuntimeError("broken filter")

    follower = follow(platform, firm.binding, after_seq=0, matches=broken)
    healthy = follow(platform, firm.binding, after_seq=0)
    await teller.tell()
    with pytest.raises(RuntimeError, match="broken filter"):
        await take(follower, 1)
    assert [event.seq for event in await take(healthy, 1)] == [1]
    await healthy.aclose()
