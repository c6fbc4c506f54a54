"""`make bench`: the performance of one household of ten years, asked of the API in firms of growing size.

Half of the households have their days stored, as after a night; the others are computed from their entries,
as after an import. The floor: reading the stored days of the same accounts with bare asyncpg. Prints lines of
JSON. WEALTHNEXUS_BENCH_FULL=1: up to 100,000 accounts.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.performance.service.days import bring_days
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.collector import spare_what_lasts
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.benchmarks.measuring import IS_FULL, Cpu, counted, told
from tests.factories import bearer_of, make_user
from tests.factories_ledger import view_of
from tests.graphql.conftest import Api, app, platform
from tests.support.engines import superuser
from tests.support.large_book import fill
from tests.support.servers import DatabaseAddresses

__all__ = ["app", "platform"]
pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.database,
    pytest.mark.timeout(3_600),
    pytest.mark.asyncio(loop_scope="session"),
]
FIRST = date(2011, 4, 4)
ACCOUNTS = (1_000, 10_000, *((100_000,) if IS_FULL else ()))
ROUNDS = 15
"""A deposit and fourteen purchases of as many securities."""
AT_ONCE = 10
LIMITS = '{"requests_per_minute": 100000}'
HOUSEHOLDS = 200 if IS_FULL else 12
"""Of each kind."""
GROWTH_MAX = 1.6
"""Processor time of an answer in a firm ten times as large, in parts of the smaller one's."""
STATEMENTS_MAX = 40
QUERY = """query($scope: PerformanceScope!) { performance(scope: $scope) { name inception
  periods(kinds: [MTD, QTD, YTD, ONE_YEAR, THREE_YEARS, FIVE_YEARS, TEN_YEARS, ITD]) {
    kind net { value } gross { value } netAnnualised { value } moneyWeighted { value }
    opening { value } closing { value } netFlows { value } fees { value } } } }"""


async def _firm(platform: Platform, addresses: DatabaseAddresses, accounts: int) -> FirmInfo:
    key = fill(addresses, households=accounts // 3, rounds=ROUNDS, first=FIRST)
    with superuser(addresses) as connection:
        connection.execute(
            "update firms set limits = %s, slug = %s where id = %s", (LIMITS, f"l{key.hex[-20:]}", key)
        )
        # As a database is that has had a night: with statistics, and pages that readers need not mark.
        connection.execute("vacuum (analyze)")
    async with platform.db.unit_of_work(Binding(key)) as uow:
        await platform.keyring.firm_key(uow)
        return await firm_by_id(uow, key)


async def _households(platform: Platform, firm: FirmInfo) -> list[UUID]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        rows = await reader.rows(
            text("select id from households where tenant_id = :t order by external_id"), {"t": firm.id}
        )
    keys = [row.id for row in rows]
    random.Random(1).shuffle(keys)
    return keys


async def _store(platform: Platform, firm: FirmInfo, households: Sequence[UUID]) -> float:
    """Seconds of valuing all days of an account."""
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        rows = await uow.rows(
            text("select account_id from household_accounts where tenant_id = :t and household_id = any(:h)"),
            {"t": firm.id, "h": list(households)},
        )
        keys = [row.account_id for row in rows]
        view = await view_of(uow, firm)
        begun = time.perf_counter()
        for at in range(0, len(keys), AT_ONCE):
            await bring_days(uow, view, keys[at : at + AT_ONCE])
        return (time.perf_counter() - begun) / len(keys)


async def _asked(api: Api, cpu: Cpu, households: Sequence[UUID]) -> tuple[dict[str, float], set[int]]:
    """Milliseconds of an answer, and the numbers of statements that answers took."""
    taken, numbers, before = [], set(), cpu.seconds
    for key in households:
        begun = time.perf_counter()
        with counted() as statements:
            answer = await api(QUERY, scope={"householdId": to_global("Household", key)})
        taken.append((time.perf_counter() - begun) * 1_000)
        found = answer.data["performance"]
        assert [each["closing"]["value"] is None for each in found["periods"]] == [False] * 8
        numbers.add(statements[0])
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    spent = (cpu.seconds - before) / len(taken) * 1_000
    return {"p50_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1), "cpu_ms": round(spent, 1)}, numbers


async def _floor(addresses: DatabaseAddresses, firm: FirmInfo, households: Sequence[UUID]) -> float:
    """Milliseconds to read the stored days of a household by bare asyncpg, the median."""
    taken = []
    async with asyncpg.create_pool(addresses.dsn("app"), min_size=1, max_size=1) as pool:
        for key in households:
            async with pool.acquire() as connection:
                begun = time.perf_counter()
                await connection.execute(f"begin read only; {Binding(firm.id).statement()}")
                rows = await connection.fetch(
                    "select d.account_id, d.day, d.market_value from portfolio_days d where d.tenant_id = $1"
                    " and d.account_id = any(array(select h.account_id from household_accounts h"
                    " where h.tenant_id = $1 and h.household_id = $2))",
                    firm.id,
                    key,
                )
                await connection.execute("rollback")
                taken.append((time.perf_counter() - begun) * 1_000)
                assert len(rows) > 2_000
    return statistics.median(taken)


async def test_a_households_performance_costs_the_same_in_any_firm(
    app: ASGIApp,
    platform: Platform,
    database_addresses: DatabaseAddresses,
) -> None:
    costs: dict[str, list[float]] = {"stored": [], "from scratch": []}
    numbers: dict[str, set[int]] = {"stored": set(), "from scratch": set()}
    for accounts in ACCOUNTS:
        firm = await _firm(platform, database_addresses, accounts)
        user = await make_user(platform, firm, roles=("ADVISOR",))
        api = Api(app, firm, await bearer_of(platform, firm, user), user)
        keys = await _households(platform, firm)
        stored, scratch = keys[:HOUSEHOLDS], keys[HOUSEHOLDS : 2 * HOUSEHOLDS]
        storing = await _store(platform, firm, stored)
        floor = await _floor(database_addresses, firm, stored)
        spare_what_lasts()
        cpu = Cpu(database_addresses)
        await _asked(api, cpu, keys[-3:])
        mixed: list[UUID] = [key for pair in zip(stored, scratch, strict=True) for key in pair]
        found: dict[str, Any] = {}
        for name, asked in {"stored": stored, "from scratch": scratch}.items():
            found[name], seen = await _asked(api, cpu, asked)
            costs[name].append(found[name]["cpu_ms"])
            numbers[name] |= seen
        found["mixed"], _ = await _asked(api, cpu, mixed)
        told(
            "performance of a household, eight periods net and gross",
            accounts=accounts,
            transactions=accounts * ROUNDS,
            **found,
            floor_ms=floor,
            stored_to_floor=found["stored"]["p50_ms"] / floor,
            storing_an_account_s=storing,
            statements={name: sorted(each) for name, each in numbers.items()},
        )
    for name, each in costs.items():
        for small, large in pairwise(each):
            assert large / small < GROWTH_MAX, (name, each)
        # A session's last use is noted once a minute.
        assert max(numbers[name]) - min(numbers[name]) <= 2, (name, numbers)
        assert max(numbers[name]) <= STATEMENTS_MAX
