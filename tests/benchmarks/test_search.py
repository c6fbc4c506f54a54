"""The search box at a hundred thousand names: what people type, as everybody who may ask."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.kit.db.session import Binding, Database
from wealthnexus.kit.ids import new_id

from tests.support.engines import superuser
from tests.support.many_names import fill_names
from tests.support.servers import database_copy, shared_servers, worker_number

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
NAMES = 100_000
QUERIES = 300
P99_MILLISECONDS_MAX = 50


def typed(names: list[str], dice: random.Random) -> list[str]:
    """What a box that searches while one types is asked: beginnings, whole names, numbers, symbols."""
    found = []
    for _ in range(QUERIES):
        words = dice.choice(names).split()
        kind = dice.random()
        if kind < 0.45:
            word = dice.choice(words)
            found.append(word[: dice.randint(1, len(word))])
        elif kind < 0.75:
            found.append(" ".join(word[: dice.randint(1, len(word))] for word in dice.sample(words, 2)))
        elif kind < 0.85:
            found.append(" ".join(words))
        elif kind < 0.95:
            found.append(f"{dice.randrange(10_000):04d}")
        else:
            found.append(f"s{dice.randrange(3_000)}")
    return found


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


async def test_what_is_typed_is_found_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with database_copy(shared_servers(), f"wn_names_{worker_number()}") as addresses:
        firm_id, names = fill_names(addresses, count=NAMES)
        advisor = new_id()
        with superuser(addresses) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute(
                "insert into access_scope (tenant_id, principal_id, subject_id, grant_id, kind, may_write)"
                " select tenant_id, %s, id, gen_random_uuid(), kind, false from subjects"
                " where tenant_id = %s and kind <> 'security' limit 500",
                (advisor, firm_id),
            )
            connection.execute("analyze access_scope")
        urls: dict[Any, str] = {"app": addresses.app, "portal": addresses.portal}
        database = Database(urls, pool_size=2)
        queries = typed(names, random.Random(11))
        lines = []
        try:
            for who, binding in (
                ("staff", Binding(firm_id)),
                ("a limited advisor", Binding(firm_id, advisor, "limited")),
            ):
                times, hits = [], 0
                for query in queries:
                    best = 10.0
                    for _ in range(3):  # the machine is shared: the quickest of three is the query's own
                        async with database.reading(binding) as reader:
                            begun = time.perf_counter()
                            groups = await clients.search(reader, query, first=5)
                            best = min(best, time.perf_counter() - begun)
                    hits += any(group.hits for group in groups)
                    times.append(best * 1_000)
                worst = max(zip(times, queries, strict=True))
                lines.append(
                    f"search, {NAMES} names, {who}: p50 {percentile(times, 0.5):.1f} ms, p99"
                    f" {percentile(times, 0.99):.1f} ms, worst {worst[0]:.1f} ms ({worst[1]!r}), {hits} of"
                    f" {len(queries)} found something"
                )
                with capsys.disabled():
                    print("\n" + lines[-1])
                assert percentile(times, 0.99) < P99_MILLISECONDS_MAX, lines[-1]
        finally:
            await database.close()
    assert len(lines) == 2
