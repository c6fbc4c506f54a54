"""Outbox to Redis: nothing lost, nothing out of order, whatever crashes in between."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import dramatiq
import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from wealthnexus.jobs import relay as relay_room
from wealthnexus.jobs.broker import NAMESPACE, QUEUE, make_broker
from wealthnexus.jobs.relay import BATCH, Relay, listen, listen_dsn
from wealthnexus.kit import outbox as outbox_room
from wealthnexus.kit.db.platform_tables import event_heads, outbox
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.events import emit
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.streams import channel
from wealthnexus.runtime import Platform

from tests.support.engines import Firm, eventually


@pytest.fixture
def relay(platform: Platform, redis_url: str) -> Relay:
    return Relay(platform.db, platform.redis, make_broker(redis_url))


async def announce(uow: UnitOfWork, kind: str = "a.b") -> Any:
    return await emit(
        uow, "work.item.posted", payload={"workItemId": new_id(), "kind": kind, "ownerRole": None}
    )


async def stream(platform: Platform, firm: Firm) -> list[tuple[int, str]]:
    """(seq, event id) of everything in the firm's stream."""
    entries = await platform.redis.xrange(channel(firm.id))
    return [(int(at.split(b"-")[0]), fields[b"id"].decode()) for at, fields in entries]


async def seqs(firm: Firm) -> list[int | None]:
    return sorted((row.seq for row in await firm.rows(outbox)), key=lambda seq: seq or 0)


async def test_committed_rows_are_numbered_without_gaps_and_published_in_order(
    firm: Firm, relay: Relay, platform: Platform
) -> None:
    ids = []
    for _ in range(5):
        async with firm.writing() as uow:
            ids += [await announce(uow), await announce(uow)]
    assert await relay.relay_firm(firm.id) == 10
    assert await stream(platform, firm) == [(n, str(id_)) for n, id_ in enumerate(ids, 1)]
    rows = await firm.rows(outbox)
    assert all(row.published_at is not None for row in rows)
    (head,) = await firm.rows(event_heads)
    assert head.seq == 10
    assert await relay.relay_firm(firm.id) == 0


async def test_the_stream_carries_the_envelope(firm: Firm, relay: Relay, platform: Platform) -> None:
    async with firm.writing() as uow:
        event_id = await announce(uow)
    await relay.relay_firm(firm.id)
    ((_, fields),) = await platform.redis.xrange(channel(firm.id))
    sent = json.loads(fields[b"event"])
    assert (sent["eventId"], sent["seq"], sent["eventType"]) == (str(event_id), 1, "work.item.posted")
    assert sent["tenantId"] == str(firm.id)


async def test_a_transaction_that_commits_late_is_not_lost(
    firm: Firm, relay: Relay, platform: Platform
) -> None:
    """Its row is older (a smaller id) than rows that were published before it committed."""
    async with firm.writing() as late:
        late_id = await announce(late, "late.one")
        early_ids = []
        for _ in range(3):
            async with firm.writing() as uow:
                early_ids.append(await announce(uow))
        assert await relay.relay_firm(firm.id) == 3
        assert late_id < min(early_ids)
    assert await relay.relay_firm(firm.id) == 1
    assert [id_ for _, id_ in await stream(platform, firm)] == [*map(str, early_ids), str(late_id)]
    assert await seqs(firm) == [1, 2, 3, 4]


async def test_two_relays_at_once_publish_each_row_once_and_in_order(
    firm: Firm, platform: Platform, redis_url: str
) -> None:
    relays = [Relay(platform.db, platform.redis, make_broker(redis_url)) for _ in range(2)]
    stop = asyncio.Event()

    async def write() -> None:
        for _ in range(40):
            async with firm.writing() as uow:
                await announce(uow)
                await announce(uow)

    async def pump(relay: Relay) -> int:
        published = 0
        while not stop.is_set():
            published += await relay.relay_firm(firm.id)
            await asyncio.sleep(0)
        return published

    pumps = [asyncio.create_task(pump(relay)) for relay in relays]
    await asyncio.gather(write(), write())
    await eventually(lambda: _all_published(firm))
    stop.set()
    assert sum(await asyncio.gather(*pumps)) == 160
    published = await stream(platform, firm)
    assert [seq for seq, _ in published] == list(range(1, 161))
    assert len({id_ for _, id_ in published}) == 160


async def _all_published(firm: Firm) -> bool:
    return all(row.published_at is not None for row in await firm.rows(outbox))


async def test_a_crash_between_claim_and_publish_publishes_later(
    firm: Firm, relay: Relay, platform: Platform, redis_url: str
) -> None:
    async with firm.writing() as uow:
        ids = [await announce(uow) for _ in range(3)]
    assert await relay.claim(firm.id) == 3
    assert await stream(platform, firm) == []
    second = Relay(platform.db, platform.redis, make_broker(redis_url))
    assert await second.relay_firm(firm.id) == 3
    assert await stream(platform, firm) == [(n, str(id_)) for n, id_ in enumerate(ids, 1)]


async def test_a_crash_between_publish_and_mark_publishes_again_without_doubling(
    firm: Firm, relay: Relay, platform: Platform
) -> None:
    async with firm.writing() as uow:
        ids = [await announce(uow) for _ in range(3)]
    await relay.claim(firm.id)
    async with platform.db.unit_of_work(firm.system) as uow:
        await relay.send(firm.id, await outbox_room.unpublished(uow, BATCH))
    assert len(await stream(platform, firm)) == 3
    assert not await _all_published(firm)
    assert await relay.relay_firm(firm.id) == 3
    assert await stream(platform, firm) == [(n, str(id_)) for n, id_ in enumerate(ids, 1)]
    assert await _all_published(firm)


async def test_a_stream_of_another_history_is_begun_anew(
    firm: Firm, relay: Relay, platform: Platform
) -> None:
    """The database was restored from a backup; Redis still holds higher numbers."""
    await platform.redis.xadd(channel(firm.id), {"id": "x", "event": "{}"}, id="900-0")
    async with firm.writing() as uow:
        event_id = await announce(uow)
    await relay.relay_firm(firm.id)
    assert await stream(platform, firm) == [(1, str(event_id))]


class Away:
    """A Redis that cannot be reached."""

    def pipeline(self, **_options: Any) -> Any:
        raise RedisConnectionError("away")

    async def publish(self, *_arguments: Any) -> None:
        raise RedisConnectionError("away")


async def test_without_redis_the_rows_wait_in_order(
    firm: Firm, relay: Relay, platform: Platform, redis_url: str
) -> None:
    unreachable = Relay(platform.db, Away(), make_broker("redis://127.0.0.1:1/0"))  # type: ignore[arg-type]
    for _ in range(2):
        async with firm.writing() as uow:
            await announce(uow)
        with pytest.raises(RedisConnectionError):
            await unreachable.relay_firm(firm.id)
    assert await seqs(firm) == [1, 2]
    assert not any(row.published_at for row in await firm.rows(outbox))
    assert await relay.relay_firm(firm.id) == 2
    assert [seq for seq, _ in await stream(platform, firm)] == [1, 2]


async def test_a_job_becomes_one_message_that_names_firm_and_job(
    firm: Firm, relay: Relay, platform: Platform
) -> None:
    async with firm.writing() as uow:
        job_id = await enqueue(uow, "test.nothing", title="Nothing")
    await relay.relay_firm(firm.id)
    (row,) = await firm.rows(outbox, outbox.c.topic == "job")
    stored = await platform.redis.hvals(f"{NAMESPACE}:{QUEUE}.msgs")
    ours = [m for m in map(dramatiq.Message.decode, stored) if m.args[0] == str(firm.id)]
    assert [(m.args[1], m.message_id, m.actor_name) for m in ours] == [(str(job_id), str(row.id), "run_job")]


async def test_a_commit_wakes_the_relay_and_the_sweep_finds_the_rest(
    firm: Firm, other_firm: Firm, platform: Platform, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_room, "SWEEP_SECONDS", 3600.0)  # after the first, a notification or nothing
    async with other_firm.writing() as uow:  # before anybody listens
        await announce(uow)
    relay = Relay(platform.db, platform.redis, make_broker(redis_url))
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(relay.run(stop)),
        asyncio.create_task(listen(relay, listen_dsn(platform), stop)),
    ]
    try:
        await eventually(lambda: _all_published(other_firm))
        await asyncio.sleep(0.3)  # the listener is there
        async with firm.writing() as uow:
            await announce(uow)
        await eventually(lambda: stream(platform, firm))
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def test_nobody_waits_for_the_end_of_a_sweep(
    firm: Firm, other_firm: Firm, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[UUID] = []

    async def relayed(tenant_id: UUID) -> int:
        if not order:
            relay.wake(other_firm.id)  # a commit, while the first of many firms is being looked at
        order.append(tenant_id)
        return 0

    monkeypatch.setattr(relay, "relay_firm", relayed)
    await relay.sweep()
    assert order[1] == other_firm.id
    assert {firm.id, other_firm.id} <= set(order)


async def test_one_firms_rows_never_reach_anothers_stream(
    firm: Firm, other_firm: Firm, relay: Relay, platform: Platform
) -> None:
    for one in (firm, other_firm):
        async with one.writing() as uow:
            await announce(uow)
    await relay.relay_firm(firm.id)
    assert len(await stream(platform, firm)) == 1
    assert await stream(platform, other_firm) == []


async def test_the_purge_keeps_what_a_subscriber_may_still_ask_for(
    firm: Firm, relay: Relay, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from wealthnexus.kit import clock

    monkeypatch.setattr(outbox_room, "KEPT_ROWS", 4)
    async with firm.writing() as uow:
        for _ in range(10):
            await announce(uow)
    await relay.relay_firm(firm.id)
    async with platform.db.unit_of_work(firm.system) as uow:
        assert await outbox_room.purge(uow, clock.now() - timedelta(days=1), 100) == 0
        assert await outbox_room.purge(uow, clock.now() + timedelta(days=1), 100) == 6
    assert await seqs(firm) == [7, 8, 9, 10]


async def test_the_real_clients_agree_about_redis(platform: Platform) -> None:
    assert isinstance(platform.redis, Redis)
    assert await platform.redis.ping()
