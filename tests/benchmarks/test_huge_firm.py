"""`make bench`: a firm of a hundred thousand households. Prints lines of JSON.

Floors, in the same run: for a list, its page computed by ids with bare asyncpg; for the expansion of grants,
the bare insert of the same rows. WEALTHNEXUS_BENCH_HOUSEHOLDS makes the firm smaller.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients.repository import HouseholdFilter, HouseholdOrder, HouseholdOrderField
from wealthnexus.domain.clients.repository.attention import Attention, Standing
from wealthnexus.domain.clients.service.summaries import keep_summaries
from wealthnexus.domain.identity.scope_changes import Touched
from wealthnexus.domain.identity.service.grants import expand_grant, rebuild_scope, refresh_scope
from wealthnexus.domain.ledger import BookView, Quality, book_view
from wealthnexus.domain.ledger.service import revalue
from wealthnexus.kit.db.session import Binding, Database, Reader, UnitOfWork
from wealthnexus.kit.paging import page_request

from tests.benchmarks.nested_read import machine
from tests.factories_ledger import LAST_DAY
from tests.support.huge_book import fill_huge
from tests.support.servers import DatabaseAddresses, database_copy, shared_servers, worker_number

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3_600)]
HOUSEHOLDS = int(os.environ.get("WEALTHNEXUS_BENCH_HOUSEHOLDS", "100000"))
MONTH_END, BETWEEN = date(2020, 12, 31), date(2021, 2, 17)
TIMES = 60
STATEMENTS_MAX = {"page": 3, "totals": 5, "tiles": 2}
"""Of one list, the state of its summaries among them; whatever the firm's size."""
TOUCHED_RATIO_MAX = 0.05
"""A change of access in parts of the whole firm's expansion."""


@dataclass
class Huge:
    addresses: DatabaseAddresses
    db: Database
    id: UUID
    currency: str = "USD"

    def business_date(self) -> date:
        return LAST_DAY

    async def do(self, work: Callable[[UnitOfWork], Awaitable[Any]]) -> float:
        """Seconds of it."""
        async with self.db.unit_of_work(Binding(self.id)) as uow:
            await uow.execute(text("set local work_mem = '64MB'"))
            begun = time.perf_counter()
            await work(uow)
            return time.perf_counter() - begun


@pytest.fixture(scope="module")
def huge_database() -> Iterator[DatabaseAddresses]:
    with database_copy(shared_servers(), f"wn_huge_{worker_number()}") as addresses:
        yield addresses


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def huge(huge_database: DatabaseAddresses) -> AsyncIterator[Huge]:
    firm_id = fill_huge(huge_database, households=HOUSEHOLDS)
    urls: dict[Any, str] = {"app": huge_database.app}
    database = Database(urls, pool_size=2, statement_timeout_ms=1_800_000)
    made = Huge(huge_database, database, firm_id)
    valued = await made.do(lambda uow: revalue(uow, made, LAST_DAY))
    taken = {}
    for day in (LAST_DAY, MONTH_END):
        taken[day.isoformat()] = await made.do(lambda uow, day=day: keep_summaries(uow, made, day))  # type: ignore[misc]
    async with asyncpg.create_pool(huge_database.dsn("owner"), min_size=1, max_size=1) as pool:
        await pool.execute("analyze")
    told("valuing and summing every household", valued_seconds=valued, summed_seconds=taken)
    yield made
    await database.close()


def told(measurement: str, **facts: Any) -> None:
    print("\n" + json.dumps({"measurement": measurement, "households": HOUSEHOLDS, **facts,
                             "machine": machine()}, default=str))  # fmt: skip


def percentiles(taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles([each * 1_000 for each in taken], n=100, method="inclusive")
    return {"p50_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1)}


FILTERS: dict[str, HouseholdFilter] = {
    "all": HouseholdFilter(),
    "by name": HouseholdFilter(name_contains="m99"),
    "of much value": HouseholdFilter(min_value=Decimal(400_000)),
    "of little value": HouseholdFilter(max_value=Decimal(20_000)),
    "stale": HouseholdFilter(quality=(Quality.STALE,)),
    "with open items": HouseholdFilter(has_open_items=True),
    "tagged": HouseholdFilter(tag="review"),
    "current": HouseholdFilter(standing=Standing.CURRENT),
    "high in cash": HouseholdFilter(attention=(Attention.HIGH_CASH,)),
}


async def measured(
    huge: Huge, day: date | None, read: Callable[[Reader, BookView], Awaitable[Any]], times: int = TIMES
) -> tuple[dict[str, float], int]:
    taken, statements = [], 0
    for _ in range(times):
        async with huge.db.reading(Binding(huge.id)) as reader:
            view = await book_view(reader, huge, day)
            before = reader.statement_count
            begun = time.perf_counter()
            await read(reader, view)
            taken.append(time.perf_counter() - begun)
            statements = max(statements, reader.statement_count - before)
    return percentiles(taken), statements


async def by_ids(huge: Huge, day: date | None) -> dict[str, float]:
    """The floor of a page: fifty households of known ids with their figures."""
    async with huge.db.reading(Binding(huge.id)) as reader:
        view = await book_view(reader, huge, day)
        page = await reads.households_page(reader, view, page_request(50, None))
    ids = [row.id for row in page.rows]
    return (await measured(huge, day, lambda r, v: reads.households_by_ids(r, v, ids)))[0]


@pytest.mark.parametrize("day", [None, MONTH_END], ids=["business date", "end of a month"])
async def test_the_book(huge: Huge, day: date | None) -> None:
    floor = await by_ids(huge, day)
    for name, filter_ in FILTERS.items():
        for field in HouseholdOrderField if name == "all" else (HouseholdOrderField.MARKET_VALUE,):
            order = HouseholdOrder(field, descending=True)

            async def page(
                reader: Reader,
                view: BookView,
                filter_: HouseholdFilter = filter_,
                order: HouseholdOrder = order,
            ) -> None:
                await reads.households_page(reader, view, page_request(50, None), filter_, order)

            found, statements = await measured(huge, day, page)
            told("Book page", day=day or LAST_DAY, filter=name, order=field, **found, by_ids=floor,
                 times=round(found["p50_ms"] / floor["p50_ms"], 2), statements=statements)  # fmt: skip
            assert statements <= STATEMENTS_MAX["page"]
        totals, statements = await measured(
            huge, day, lambda r, v, f=filter_: reads.households_totals(r, v, f), 20
        )
        told("Book totals", day=day or LAST_DAY, filter=name, **totals, statements=statements)
        assert statements <= STATEMENTS_MAX["totals"]
    current = FILTERS["current"]
    tiles, statements = await measured(huge, day, lambda r, v: reads.households_tiles(r, v, current), 20)
    told("Book tiles", day=day or LAST_DAY, **tiles, statements=statements)
    assert statements <= STATEMENTS_MAX["tiles"]


async def test_a_day_that_is_not_kept(huge: Huge) -> None:
    order = HouseholdOrder(HouseholdOrderField.MARKET_VALUE, descending=True)
    begun = time.perf_counter()
    async with huge.db.reading(Binding(huge.id)) as reader:
        view = await book_view(reader, huge, BETWEEN)
        await reads.households_page(reader, view, page_request(50, None), order=order)
    told("Book by value on a day that is not kept", day=BETWEEN, seconds=time.perf_counter() - begun)


async def test_who_may_see_what(huge: Huge) -> None:
    whole = await huge.do(rebuild_scope)
    again = await huge.do(rebuild_scope)
    async with asyncpg.create_pool(huge.addresses.dsn("app"), min_size=1, max_size=1) as pool:
        floor = await _bare_insert(pool, huge.id)
    async with huge.db.reading(Binding(huge.id)) as reader:
        t = {"t": huge.id}
        ties = await reader.rows(
            text("select account_id, party_id from account_owners where tenant_id = :t limit 60"), t
        )
        owned = await reader.rows(
            text("select owned_id from party_ownerships where tenant_id = :t limit 60"), t
        )
        grants = await reader.rows(
            text("select g.id from access_grants g join subjects s on s.tenant_id = g.tenant_id"
                 " and s.id = g.subject_id where g.tenant_id = :t and s.kind = 'party' limit 60"), t,
        )  # fmt: skip
    found = {}
    for name, works in {
        "owners": [lambda uow, r=r: refresh_scope(uow, Touched(tuple(r))) for r in ties],
        "look-through": [lambda uow, r=r: refresh_scope(uow, Touched((), tuple(r))) for r in owned],
        "a client's grant": [lambda uow, r=r: expand_grant(uow, r[0]) for r in grants],
    }.items():
        found[name] = percentiles([await huge.do(work) for work in works])
    told("who may see what", whole_seconds=whole, again_seconds=again, bare_insert_seconds=floor,
         times=round(whole / floor, 2), after_a_change=found)  # fmt: skip
    for name, taken in found.items():
        assert taken["p50_ms"] / 1_000 < again * TOUCHED_RATIO_MAX, (name, taken, again)


async def _bare_insert(pool: asyncpg.Pool, firm_id: UUID) -> float:
    """Seconds to write the same rows into the same table, with its keys and indexes."""
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(Binding(firm_id).statement())
            await connection.execute("create temporary table kept on commit drop as table access_scope")
            await connection.execute("delete from access_scope")
            begun = time.perf_counter()
            await connection.execute("insert into access_scope select * from kept")
            return time.perf_counter() - begun
        finally:
            await transaction.rollback()
