"""`make bench`: the nightly close of a whole firm, its first night and the next one. Lines of JSON.

The first night values every day of every account since its books began and publishes a month; the next one
adds a day. What an account costs may not grow with the firm. WEALTHNEXUS_BENCH_ACCOUNTS makes the firm larger
(WEALTHNEXUS_BENCH_FULL=1: 10,000).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.closing.rules import Stage
from wealthnexus.domain.closing.service import ask_for_close
from wealthnexus.domain.closing.stages import STAGES
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.collector import spare_what_lasts
from wealthnexus.kit.context import SYSTEM, internal_request
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.jobs import JobContext, find_job
from wealthnexus.kit.settings import Settings
from wealthnexus.runtime import Platform, build_platform

from tests.benchmarks.measuring import IS_FULL, Cpu, Memory, counted, told
from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY
from tests.support.engines import superuser
from tests.support.servers import DatabaseAddresses

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.database,
    pytest.mark.timeout(10_800),
    pytest.mark.asyncio(loop_scope="session"),
]
ACCOUNTS = int(os.environ.get("WEALTHNEXUS_BENCH_ACCOUNTS", "10000" if IS_FULL else "600"))
PER_ACCOUNT = 60
BEFORE = date(2021, 3, 30)
GROWTH_MAX = 1.6
"""Processor time of an account in a firm five times as large, in parts of the small one's."""
MEMORY_MB_MAX = 400
"""Of the process that closes, above what it had: chunks of accounts, never the firm."""
TOGETHER_MAX = 1.3
"""Two firms at the same time, in parts of one after the other."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def platform(test_settings: Settings, redis_url: str) -> AsyncIterator[Platform]:
    """As a worker's: its statements may take ten minutes."""
    assert redis_url
    made = build_platform(test_settings.model_copy(update={"statement_timeout_ms": 600_000}))
    await made.start()
    yield made
    await made.close()


async def _firm(platform: Platform, accounts: int, folder: Path) -> FirmInfo:
    firm = await make_firm(platform, pinned_business_date=BEFORE)
    generate_households(max(1, accounts // 3), PER_ACCOUNT, folder)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.ok, list(report.lines())
    return firm


def _move(addresses: DatabaseAddresses, firm: FirmInfo) -> None:
    """The firm's next business date."""
    with superuser(addresses) as connection:
        connection.execute("update firms set pinned_business_date = %s where id = %s", (LAST_DAY, firm.id))


async def _close(platform: Platform, firm: FirmInfo, day: date) -> dict[str, dict[str, Any]]:
    """Seconds, statements and counts of each stage."""
    async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
        key = await ask_for_close(uow, day)
        await uow.execute(
            text("update jobs set state = 'RUNNING', attempts = 1 where tenant_id = :t and id = :k"),
            {"t": firm.id, "k": key},
        )
        job = await find_job(uow, key)
    assert job is not None
    context = JobContext(platform, platform.db, job, attempt=1, request=internal_request("worker"))
    found: dict[str, dict[str, Any]] = {}
    for stage in Stage:
        begun = time.perf_counter()
        with counted() as statements:
            figures = await STAGES[stage](context, day)
        found[stage.value] = {
            "seconds": round(time.perf_counter() - begun, 2),
            "statements": statements[0],
            **{name: count for name, count in figures.items() if count},
        }
    return found


def _tell(night: str, found: dict[str, dict[str, Any]], cpu: float, memory: float) -> float:
    """Processor seconds an account."""
    count = found[Stage.VALUATIONS.value]["accounts"]
    whole = sum(each["seconds"] for each in found.values())
    told(
        f"nightly close, {night}",
        accounts=count,
        transactions=count * PER_ACCOUNT,
        seconds=whole,
        accounts_a_second=count / whole,
        cpu_s=cpu,
        cpu_ms_an_account=cpu / count * 1_000,
        mb_extra=memory,
        stages=found,
    )
    return float(cpu / count)


async def test_a_firm_is_closed_overnight(
    platform: Platform,
    database_addresses: DatabaseAddresses,
    tmp_path: Path,
) -> None:
    costs: dict[str, list[float]] = {"first night": [], "next night": []}
    for accounts in (ACCOUNTS // 5, ACCOUNTS):
        firm = await _firm(platform, accounts, tmp_path / str(accounts))
        for night, day in {"first night": BEFORE, "next night": LAST_DAY}.items():
            if day is LAST_DAY:
                await asyncio.to_thread(_move, database_addresses, firm)
            spare_what_lasts()
            memory, cpu = Memory(), Cpu(database_addresses)
            found = await _close(platform, firm, day)
            costs[night].append(_tell(night, found, cpu.seconds, memory.extra))
            assert found[Stage.FINDINGS.value].get("invariantsBroken", 0) == 0
            assert memory.extra < MEMORY_MB_MAX
    for night, (small, large) in costs.items():
        assert large / small < GROWTH_MAX, night


async def test_firms_are_closed_side_by_side(
    platform: Platform,
    database_addresses: DatabaseAddresses,
    tmp_path: Path,
) -> None:
    """Within one worker; several workers on several machines share nothing but the database."""
    firms = [await _firm(platform, ACCOUNTS // 10, tmp_path / str(at)) for at in range(4)]
    alone = []
    for firm in firms[:2]:
        begun = time.perf_counter()
        await _close(platform, firm, BEFORE)
        alone.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    await asyncio.gather(*(_close(platform, firm, BEFORE) for firm in firms[2:]))
    together = time.perf_counter() - begun
    told("two firms closed", accounts_each=ACCOUNTS // 10, one_after_the_other_s=sum(alone),
         side_by_side_s=together, ratio=together / sum(alone))  # fmt: skip
    assert together / sum(alone) < TOGETHER_MAX
