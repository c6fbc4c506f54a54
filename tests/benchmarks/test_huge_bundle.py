"""`make bench`: the books of a firm of a hundred thousand households, out of a bundle and into one.

Floors, in the same run: COPY of the same transactions, into a table with the same indexes and out again.
WEALTHNEXUS_BENCH_HOUSEHOLDS makes the firm smaller.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.runtime import Platform

from tests.benchmarks.nested_read import machine
from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY
from tests.feeds.test_streaming import apart
from tests.support.engines import platform, superuser
from tests.support.servers import DatabaseAddresses

__all__ = ["platform"]
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3_600)]
HOUSEHOLDS = int(os.environ.get("WEALTHNEXUS_BENCH_HOUSEHOLDS", "100000"))
PER_ACCOUNT = 4
IMPORT_MB_MAX, EXPORT_MB_MAX = 700, 200
"""At a hundred thousand households: an import remembers the keys of 300,000 accounts, an export nothing."""


@pytest_asyncio.fixture(loop_scope="session")
async def firm(platform: Platform) -> FirmInfo:
    return await make_firm(platform, pinned_business_date=LAST_DAY)


def copied(addresses: DatabaseAddresses, firm: FirmInfo) -> tuple[float, float]:
    """Seconds of plain COPY of the firm's transactions: out of the table, and into one with its indexes."""
    with superuser(addresses) as connection:
        begun = time.perf_counter()
        with connection.cursor().copy(
            psycopg.sql.SQL("copy (select * from transactions where tenant_id = {}) to stdout").format(
                psycopg.sql.Literal(firm.id)
            )
        ) as out:
            data = b"".join(bytes(block) for block in out)
        taken_out = time.perf_counter() - begun
        connection.execute("create table copied (like transactions including indexes)")
        begun = time.perf_counter()
        with connection.cursor().copy("copy copied from stdin") as into:
            into.write(data)
        taken_in = time.perf_counter() - begun
        connection.execute("drop table copied")
    return taken_out, taken_in


def told(what: str, **facts: Any) -> None:
    print("\n" + json.dumps({"measurement": what, "households": HOUSEHOLDS, **facts, "machine": machine()},
                            default=str))  # fmt: skip


async def test_books_of_any_size_pass_through_bounded_memory(
    database_addresses: DatabaseAddresses,
    firm: FirmInfo,
    process_environment: dict[str, str],
    tmp_path: Path,
) -> None:
    counts = generate_households(HOUSEHOLDS, PER_ACCOUNT, tmp_path / "large")
    created, before, peak, seconds = await apart("import", tmp_path / "large", firm, process_environment)
    assert created == counts["transactions"]
    copied_out, copied_in = await asyncio.to_thread(copied, database_addresses, firm)
    told("import of the whole firm", accounts=counts["accounts"], transactions=created, seconds=seconds,
         copy_seconds=copied_in, times=seconds / copied_in, mb_before=before, mb_peak=peak)  # fmt: skip
    assert peak - before < IMPORT_MB_MAX
    exported, before, peak, seconds = await apart("export", tmp_path / "out", firm, process_environment)
    told("export of the whole firm", transactions=exported, seconds=seconds, copy_seconds=copied_out,
         times=seconds / copied_out, mb_before=before, mb_peak=peak)  # fmt: skip
    assert exported == created
    assert peak - before < EXPORT_MB_MAX
    again, before, peak, seconds = await apart("import", tmp_path / "out", firm, process_environment)
    told("import of the export again", transactions=again, seconds=seconds, mb_before=before, mb_peak=peak)
    assert again == 0
    assert peak - before < IMPORT_MB_MAX
