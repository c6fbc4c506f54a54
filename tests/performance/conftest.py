"""Both demo firms with their benchmark, imported once for a module."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from wealthnexus.demo.benchmarks import ensure_benchmark
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.demo.people import FIRMS
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.performance.stories import Stories, imported, put_beside, stories
from tests.support.engines import platform

__all__ = ["platform"]
CLOCK = date(2021, 3, 31)


@dataclass(frozen=True)
class Demo:
    firm: FirmInfo
    folder: Path
    benchmark: UUID


@pytest_asyncio.fixture(scope="package", loop_scope="session", params=FIRMS)
async def demo(
    request: pytest.FixtureRequest, platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demo]:
    firm = await make_firm(platform, pinned_business_date=CLOCK)
    folder: Path = tmp_path_factory.mktemp(request.param) / "bundle"
    write_demo_bundle(request.param, folder)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.ok, list(report.lines())
    async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
        benchmark = await ensure_benchmark(uow)
    async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
        assert await ensure_benchmark(uow) == benchmark  # the demo's loading is safe to repeat
    yield Demo(firm, folder, benchmark)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def told(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Stories:
    made = await imported(platform, stories(), tmp_path_factory.mktemp("stories"))
    await put_beside(made, "SHARE")
    return made
