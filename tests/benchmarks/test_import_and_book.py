"""Import beside COPY of the same rows, and the Book page of 200 rows at ten thousand households."""

from __future__ import annotations

import asyncio
import os
import platform as machine
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.repository import HouseholdOrder, HouseholdOrderField
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import book_view
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding, Database
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY
from tests.ledger.test_plans import Large
from tests.support.engines import platform, superuser
from tests.support.large_book import fill
from tests.support.servers import DatabaseAddresses, database_copy, shared_servers, worker_number

__all__ = ["platform"]
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]
MACHINE = f"{os.cpu_count()} cores, {machine.machine()}, Python {machine.python_version()}"


@pytest_asyncio.fixture(loop_scope="session")
async def firm(platform: Platform) -> FirmInfo:
    return await make_firm(platform, pinned_business_date=LAST_DAY)


def copied(addresses: DatabaseAddresses, firm: FirmInfo) -> tuple[float, float]:
    """Seconds of plain COPY of the firm's transactions: into a bare table, and into one with its indexes."""
    with superuser(addresses) as connection:
        with connection.cursor().copy(
            psycopg.sql.SQL("copy (select * from transactions where tenant_id = {}) to stdout").format(
                psycopg.sql.Literal(firm.id)
            )
        ) as out:
            data = b"".join(bytes(block) for block in out)
        taken = []
        for options in ("", "including indexes"):
            connection.execute(f"create table copied (like transactions {options})")
            started = time.perf_counter()
            with connection.cursor().copy("copy copied from stdin") as into:
                into.write(data)
            taken.append(time.perf_counter() - started)
            connection.execute("drop table copied")
    return taken[0], taken[1]


async def test_import_beside_copy(
    platform: Platform, database_addresses: DatabaseAddresses, firm: FirmInfo, tmp_path: Path
) -> None:
    counts = generate_households(1_000, 67, tmp_path / "bundle")
    started = time.perf_counter()
    report = await import_bundle(platform, firm, tmp_path / "bundle", actor=SYSTEM)
    imported = time.perf_counter() - started
    assert report.counts["transactions"].created == counts["transactions"]
    started = time.perf_counter()
    again = await import_bundle(platform, firm, tmp_path / "bundle", actor=SYSTEM)
    repeated = time.perf_counter() - started
    assert not again.changed
    bare, indexed = await asyncio.to_thread(copied, database_addresses, firm)
    rows = counts["transactions"]
    print(
        f"\nimport of {rows:,} transactions: {imported:.1f} s ({rows / imported:,.0f}/s), the same again"
        f" {repeated:.1f} s; COPY of the same rows {bare:.2f} s bare ({imported / bare:.1f}x),"
        f" {indexed:.2f} s with the same indexes ({imported / indexed:.1f}x);"
        f" {MACHINE}, load {os.getloadavg()[0]:.1f}"
    )


@pytest.fixture(scope="module")
def large_database() -> Iterator[DatabaseAddresses]:
    with database_copy(shared_servers(), f"wn_bench_{worker_number()}") as addresses:
        yield addresses


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def large(large_database: DatabaseAddresses) -> AsyncIterator[Large]:
    firm_id = fill(large_database, households=10_000)
    urls: dict[Any, str] = {"app": large_database.app}
    database = Database(urls, pool_size=2, statement_timeout_ms=60_000)
    yield Large(large_database, database, firm_id, firm_id, firm_id)
    await database.close()


@pytest.mark.parametrize("as_of", [None, date(2020, 12, 31)], ids=["stored day", "another day"])
@pytest.mark.parametrize("field", list(HouseholdOrderField))
async def test_book_page_of_200_rows(large: Large, field: HouseholdOrderField, as_of: date | None) -> None:
    taken = []
    for _ in range(30 if as_of is None else 7):
        started = time.perf_counter()
        async with large.db.reading(Binding(large.id)) as reader:
            view = await book_view(reader, large, as_of)
            assert view.is_stored == (as_of is None)
            page = await clients.households_page(
                reader, view, page_request(200, None), order=HouseholdOrder(field, descending=True)
            )
        taken.append(time.perf_counter() - started)
        assert len(page.rows) == 200
    taken.sort()
    p50, p95 = (taken[int(len(taken) * share)] * 1_000 for share in (0.5, 0.95))
    print(
        f"\nBook page, 200 of 10,000 households by {field}, {as_of or 'the stored day'}:"
        f" p50 {p50:.0f} ms, p95 {p95:.0f} ms; {MACHINE}, load {os.getloadavg()[0]:.1f}"
    )
