"""A large bundle streams: memory does not grow with the transactions."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.runtime import Platform

from tests.factories_ledger import scalar

pytestmark = [pytest.mark.database, pytest.mark.soak, pytest.mark.timeout(1_800)]

# A process of its own, so that its peak is what is measured and nobody else's.
SCRIPT = """
import asyncio, sys, time
from pathlib import Path
from wealthnexus.domain.feeds.exporter import export_books
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.kit.context import SYSTEM
from wealthnexus.runtime import open_platform

def peak():
    line = next(l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith("VmHWM"))
    return int(line.split()[1]) // 1024

async def main():
    async with open_platform() as platform:
        firm = await platform.firms.by_slug(sys.argv[2])
        before, begun = peak(), time.perf_counter()
        if sys.argv[3] == "import":
            report = await import_bundle(platform, firm, Path(sys.argv[1]), actor=SYSTEM)
            rows = report.counts["transactions"].created
        else:
            rows = (await export_books(platform, firm, Path(sys.argv[1]))).rows["transactions"]
        print(rows, before, peak(), time.perf_counter() - begun)

asyncio.run(main())
"""


async def apart(
    what: str, place: Path, firm: FirmInfo, environment: dict[str, str]
) -> tuple[int, int, int, float]:
    """Imports or exports in a process of its own: transactions, MB before and at the peak, seconds."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, str(place), firm.slug, what,
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-2_000:]
    rows, before, peak, seconds = output.split()
    return int(rows), int(before), int(peak), float(seconds)


async def test_memory_is_bounded(
    platform: Platform,
    firm: FirmInfo,
    process_environment: dict[str, str],
    tmp_path: Path,
    soak: bool,
) -> None:
    """50,000 transactions of 750 accounts (a million of 3,000 in the long programme).

    In within 160 MB, out again within 80.
    """
    households, per_account = (1_000, 334) if soak else (250, 67)
    counts = generate_households(households, per_account, tmp_path / "large")
    created, before, peak, _ = await apart("import", tmp_path / "large", firm, process_environment)
    print(f"\n{created:,} transactions: {before} MB before, {peak} MB at the peak")
    assert created == counts["transactions"]
    assert peak - before < 160
    assert await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t") == created
    exported, before, peak, _ = await apart("export", tmp_path / "out", firm, process_environment)
    print(f"{exported:,} transactions exported: {before} MB before, {peak} MB at the peak")
    assert exported == created
    assert peak - before < 80
