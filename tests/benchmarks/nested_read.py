"""The nested read, 50 households -> accounts -> positions, beside the same statements by bare asyncpg.

The bare side runs the very statements the API runs (captured from it), under the same role and row
security, in one read-only transaction, nests the rows by hand and writes the same answer with orjson.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import httpx2
import orjson
from sqlalchemy import event
from wealthnexus.kit.db.session import Binding

from tests.graphql.conftest import House

ACCOUNTS, POSITIONS = 4, 9
QUERY = """query NestedRead { households(first: 50) { nodes { id name accountCount
  marketValue { value quality } cash { value } accounts(first: %d) { nodes { id name currency
    marketValue { value quality }
    positions(first: %d) { nodes { quantity price weight marketValue { value quality }
      security { name symbol } } }
  } } } } }""" % (ACCOUNTS, POSITIONS)  # noqa: UP031 -- braces are GraphQL's


@dataclass(frozen=True)
class Captured:
    """One statement as it went to the driver."""

    sql: str
    parameters: tuple[Any, ...]


async def captured(house: House) -> list[Captured]:
    """The statements of one answer, in order, without those that find out who asks."""
    engine = house.platform.db.engine("app").sync_engine
    api = house.api("ADVISOR")
    await api("{ viewer { id } }")
    seen: list[Captured | None] = []

    def executed(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append(Captured(statement, tuple(parameters)))

    def begun(_connection: Any) -> None:
        seen.append(None)

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "begin", begun)
    answer = await api(QUERY)
    event.remove(engine, "before_cursor_execute", executed)
    event.remove(engine, "begin", begun)
    assert answer.errors == []
    return [each for each in seen[seen.index(None, 1) :] if each is not None]


def fields_of(data: Any) -> int:
    """How many fields an answer has."""
    if isinstance(data, dict):
        return sum(1 + fields_of(value) for value in data.values())
    return sum(map(fields_of, data)) if isinstance(data, list) else 0


class Bare:
    """The same rows without anything of ours."""

    def __init__(self, pool: asyncpg.Pool, binding: Binding, statements: Sequence[Captured]) -> None:
        self._pool = pool
        self._begin = f"begin isolation level repeatable read read only; {binding.statement()}"
        self._statements = statements

    async def answer(self) -> bytes:
        async with self._pool.acquire() as connection:
            await connection.execute(self._begin)
            try:
                results = [await connection.fetch(each.sql, *each.parameters) for each in self._statements]
            finally:
                await connection.execute("rollback")
        return self._written(results)

    def _written(self, results: list[list[Any]]) -> bytes:
        _, households, accounts, positions, securities = results
        names = {row["id"]: row for row in securities}
        held: dict[Any, list[Any]] = defaultdict(list)
        for row in positions:
            security = names[row["security_id"]]
            held[row["account_id"]].append(
                {
                    "quantity": row["units"],
                    "price": row["close"],
                    "weight": row["value"] and round(row["value"] / row["account_value"], 8),
                    "marketValue": {"value": row["value"], "quality": row["price_is_stale"]},
                    "security": {"name": security["name"], "symbol": security["symbol"]},
                }
            )
        kept: dict[Any, list[Any]] = defaultdict(list)
        for row in accounts:
            kept[row["household_id"]].append(
                {
                    "id": row["id"],
                    "name": row["name"],
                    "currency": row["currency"],
                    "marketValue": {"value": row["market_value"], "quality": row["stale_count"]},
                    "positions": {"nodes": held[row["id"]][:POSITIONS]},
                }
            )
        nodes = [
            {
                "id": row["id"],
                "name": row["name"],
                "accountCount": row["account_count"],
                "marketValue": {"value": row["value"], "quality": row["stale_count"]},
                "cash": {"value": row["cash"]},
                "accounts": {"nodes": kept[row["id"]][:ACCOUNTS]},
            }
            for row in households
        ]
        return orjson.dumps({"data": {"households": {"nodes": nodes}}}, default=_plain)


def _plain(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


async def timed(call: Callable[[], Awaitable[Any]], *, count: int, concurrency: int) -> dict[str, float]:
    """Milliseconds per answer (p50, p95, p99) and answers a second."""
    taken: list[float] = []
    left = count

    async def one_after_another() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            started = time.perf_counter()
            await call()
            taken.append((time.perf_counter() - started) * 1_000)

    started = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(concurrency)))
    seconds = time.perf_counter() - started
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return {
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "per_second": round(len(taken) / seconds, 1),
    }


@contextlib.asynccontextmanager
async def over_http(house: House, port: int) -> AsyncIterator[Callable[[], Awaitable[bytes]]]:
    """One request of the query to the web process, over kept connections."""
    api = house.api("ADVISOR")
    headers = {
        "host": f"{house.firm.slug}.localhost:{port}",
        "authorization": f"Bearer {api.token}",
        "accept": "application/graphql-response+json",
        "content-type": "application/json",
    }
    body = orjson.dumps({"query": QUERY})
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

        async def ask() -> bytes:
            response = await client.post("/graphql", content=body, headers=headers)
            assert response.status_code == 200, response.text
            return response.content

        yield ask


def machine() -> dict[str, Any]:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load": [round(each, 1) for each in os.getloadavg()],
    }
