"""A platform, and a firm whose business date is 31 March 2021."""

from __future__ import annotations

import pytest_asyncio
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY
from tests.support.engines import platform

__all__ = ["platform"]


@pytest_asyncio.fixture(loop_scope="session")
async def firm(platform: Platform) -> FirmInfo:
    return await make_firm(platform, pinned_business_date=LAST_DAY)
