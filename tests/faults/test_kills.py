"""SIGKILL of any part at random moments: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.clients import ACCOUNTS, Client, Subscriber, post_writes, run_imports
from tests.faults.world import TARGETS, World, running_world

pytestmark = [pytest.mark.fault, pytest.mark.soak, pytest.mark.timeout(3600)]

FULL = os.environ.get("WEALTHNEXUS_SOAK") == "1"
WRITES = 10_000 if FULL else 1_000
IMPORTS = 60 if FULL else 10
WRITERS = 4
# Slow enough that the writes are still going on while every part is killed more than once.
PAUSE_SECONDS = 0.2
# The supervisor gives up on a part that dies more than six times in ninety seconds, as it should.
SECONDS_BETWEEN_KILLS = (3.0, 7.0)


async def keep_killing(world: World, seed: int, killed: Counter[str]) -> None:
    chance = random.Random(seed)
    bag: list[str] = []
    while True:
        await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN_KILLS))
        if not bag:
            bag = list(TARGETS)
            chance.shuffle(bag)
        target = bag.pop()
        if world.kill(target):
            killed[target] += 1


async def drive(world: World, seed: int) -> dict[str, Any]:
    token = world.command(
        "token", "--firm", "summit", "--user", "marcus.teller@summitridge.example", "--minutes", "240"
    )
    host = "summit.localhost"
    clients = [Client(world.port, host, token) for _ in range(WRITERS + 1)]
    nodes = (await clients[0].run(ACCOUNTS))["accounts"]["edges"]
    accounts = [edge["node"] for edge in nodes if edge["node"]["currency"] == "USD"]
    with world.database() as db:
        start = db.execute(
            "select coalesce(h.seq, 0) from firms f left join event_heads h on h.tenant_id = f.id"
            " where f.slug = 'summit'"
        ).fetchone()
    subscriber = Subscriber(world.port, host, token, after=int(start[0]) if start else 0)
    first_seq = subscriber.after
    following = asyncio.create_task(subscriber.follow())
    killed: Counter[str] = Counter()
    killing = asyncio.create_task(keep_killing(world, seed, killed))
    try:
        *written, imported = await asyncio.gather(
            *(
                post_writes(
                    clients[i], list(range(i, WRITES, WRITERS)), accounts, pause_seconds=PAUSE_SECONDS
                )
                for i in range(WRITERS)
            ),
            run_imports(clients[WRITERS], list(range(IMPORTS))),
        )
    finally:
        killing.cancel()
    last_seq = await settle(world, subscriber)
    following.cancel()
    acknowledged = {number: id_ for part in written for number, id_ in part.items()}
    # Each key once more, after everything: the same answer, no second effect.
    again = await post_writes(clients[0], list(range(0, WRITES, 25)), accounts)
    retries = sum(client.retries for client in clients)
    for client in clients:
        await client.close()
    return {
        "acknowledged": acknowledged, "again": again, "imported": imported, "killed": killed,
        "subscriber": subscriber, "first_seq": first_seq, "last_seq": last_seq, "retries": retries,
    }  # fmt: skip


async def settle(world: World, subscriber: Subscriber, seconds: float = 90.0) -> int:
    """Until the relay has published everything and the subscriber stands at the last event: its number.

    The scheduler goes on raising work after that; nobody listens any more, so nobody can have missed it.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        try:
            with world.database() as db:
                waiting, last = db.execute(
                    "select count(*) filter (where o.published_at is null),"
                    " max(o.seq) filter (where o.topic = 'event' and o.event_type like 'work.item.%')"
                    " from outbox o join firms f on f.id = o.tenant_id and f.slug = 'summit'"
                ).fetchone() or (1, None)
            if waiting == 0 and (last is None or subscriber.after >= last):
                return int(last or 0)
        except psycopg.Error:  # the database may still be coming back
            await asyncio.sleep(0.5)
        await asyncio.sleep(0.5)
    raise AssertionError(
        f"not settled after {seconds} s: {waiting} outbox rows wait, subscriber at {subscriber.after}"
    )


def check_writes(world: World, found: dict[str, Any]) -> None:
    with world.database() as db:
        rows = db.execute(
            "select t.source_id, count(*), min(t.amount) from transactions t"
            " join firms f on f.id = t.tenant_id and f.slug = 'summit'"
            " where t.source_id like 'fault-%' group by 1"
        ).fetchall()
        versions = db.execute(
            "select count(*), min(version), max(version),"
            " (select version from book_heads h where h.tenant_id = f.id)"
            " from book_versions v join firms f on f.id = v.tenant_id and f.slug = 'summit' group by f.id"
        ).fetchone()
    assert len(found["acknowledged"]) == WRITES
    by_id = {source_id: (count, amount) for source_id, count, amount in rows}
    for number in range(WRITES):
        assert by_id.get(f"fault-{number}") == (1, number + 1), (
            f"write {number}: {by_id.get(f'fault-{number}')}"
        )
    assert found["again"] == {number: found["acknowledged"][number] for number in found["again"]}
    assert versions is not None
    count, lowest, highest, head = versions
    assert (lowest, highest) == (1, head)
    assert count == head, "a book version is missing or was given twice"


def check_jobs(world: World, found: dict[str, Any]) -> None:
    assert Counter(job["state"] for job in found["imported"].values()) == {"SUCCEEDED": IMPORTS}
    with world.database() as db:
        per_source = dict(
            db.execute(
                "select source, count(*) from import_batches b join firms f on f.id = b.tenant_id"
                " and f.slug = 'summit' where source like 'fault-%' group by 1"
            ).fetchall()
        )
        transactions = db.execute(
            "select count(*) from transactions t join firms f on f.id = t.tenant_id and f.slug = 'summit'"
            " where t.source_id ~ '^ft[0-9]+$'"
        ).fetchone()
    assert per_source == {f"fault-{number}": 1 for number in range(IMPORTS)}
    assert transactions == (IMPORTS,)


def check_events(world: World, found: dict[str, Any]) -> None:
    subscriber: Subscriber = found["subscriber"]
    with world.database() as db:
        expected = {
            row[0]
            for row in db.execute(
                "select o.seq from outbox o join firms f on f.id = o.tenant_id and f.slug = 'summit'"
                " where o.topic = 'event' and o.event_type like 'work.item.%%'"
                " and o.seq > %s and o.seq <= %s",
                [found["first_seq"], found["last_seq"]],
            )
        }
        gaps = db.execute(
            "select h.seq - count(o.seq) from event_heads h join firms f on f.id = h.tenant_id"
            " and f.slug = 'summit' left join outbox o on o.tenant_id = h.tenant_id and o.seq is not null"
            " group by h.seq"
        ).fetchone()
    assert gaps == (0,), "an outbox row got no sequence, or two got the same"
    assert subscriber.seen == sorted(set(subscriber.seen)), "events came twice or out of order"
    if subscriber.resyncs == 0:
        assert {seq for seq in subscriber.seen if seq <= found["last_seq"]} == expected


def test_nothing_is_lost_and_nothing_happens_twice() -> None:
    seed = int(os.environ.get("FAULT_SEED", "20210331"))
    # Not pytest's own folder: another run may tidy that away while this one takes its minutes.
    with (
        tempfile.TemporaryDirectory(prefix="wn-faults-", ignore_cleanup_errors=True) as folder,
        running_world(Path(folder) / "world") as world,
    ):
        found = asyncio.run(drive(world, seed))
        check_writes(world, found)
        check_jobs(world, found)
        check_events(world, found)
        verdict = world.command("audit", "verify", "--firm", "summit")
    subscriber = found["subscriber"]
    print(
        f"\nkills {dict(found['killed'])} (seed {seed}), {WRITES} writes with {found['retries']} retries,"
        f" {IMPORTS} import jobs, subscriber: {subscriber.connections} connections,"
        f" {len(subscriber.seen)} events, {subscriber.resyncs} resyncs; audit: {verdict}"
    )
    assert set(found["killed"]) == set(TARGETS), "a part was never killed: nothing was learned about it"
    assert sum(found["killed"].values()) >= 12
