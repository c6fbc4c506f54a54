"""A platform, two firms and the application for tests of identity."""

from __future__ import annotations

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.runtime import Platform
from wealthnexus.web.app import create_app

from tests.factories import TestUser, make_firm, make_user
from tests.support.engines import platform

__all__ = ["platform"]


@pytest.fixture(scope="session")
def app(platform: Platform) -> ASGIApp:
    return create_app(platform=platform)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def firm(platform: Platform) -> FirmInfo:
    return await make_firm(platform, name="North Quay Advisors")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def other_firm(platform: Platform) -> FirmInfo:
    return await make_firm(platform, name="Elsewhere Wealth")


@pytest_asyncio.fixture(loop_scope="session")
async def person(platform: Platform, firm: FirmInfo) -> TestUser:
    return await make_user(platform, firm, name="Ada Quay")
