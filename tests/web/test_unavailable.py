"""A database that is away: 503 with the time to come back, in words, never a fault of ours."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import Binding, Database, is_unavailable
from wealthnexus.kit.db.tables import ROLES
from wealthnexus.runtime import Platform
from wealthnexus.web.app import create_app

from tests.factories import Browser
from tests.support.servers import DatabaseAddresses

pytestmark = pytest.mark.database


@pytest.fixture
async def app_without_database(platform: Platform, tmp_path: Path) -> ASGIApp:
    """The application after its server went: nothing listens at the socket."""
    dead = Database({role: f"postgresql+asyncpg://wn_{role}@/gone?host={tmp_path}&port=1" for role in ROLES})
    return create_app(platform=dataclasses.replace(platform, db=dead))


async def test_the_api_says_when_to_come_back(app_without_database: ASGIApp, firm: FirmInfo) -> None:
    browser = Browser(app_without_database, f"{firm.slug}.localhost")
    answer = await browser.post("/graphql", {"query": "{ firm { name } }"}, authorization="Bearer wnt_x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    (said,) = answer.json()["errors"]
    assert said["extensions"]["code"] == "UNAVAILABLE"
    assert said["message"].startswith("The books cannot be reached for a moment; try again.")
    assert said["extensions"]["requestId"] in said["message"]


async def test_a_page_does_too(app_without_database: ASGIApp, firm: FirmInfo) -> None:
    browser = Browser(app_without_database, f"{firm.slug}.localhost")
    signing_in = {"email": "a@firm.example", "password": "of no account at all"}
    answer = await browser.post("/auth/sign-in", signing_in, accept="text/html")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "One moment, please" in answer.text


async def test_a_connection_cut_in_the_middle_is_told_apart_from_a_fault(
    platform: Platform, firm: FirmInfo, database_addresses: DatabaseAddresses
) -> None:
    address = database_addresses.postgres

    async def cut_off() -> None:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            pid = await uow.scalar(text("select pg_backend_pid()"))
            boot = await asyncpg.connect(
                host=str(address.socket_dir),
                port=address.port,
                user=address.superuser,
                database=database_addresses.name,
            )
            await boot.execute("select pg_terminate_backend($1)", pid)
            await boot.close()
            await asyncio.sleep(0.1)
            await uow.scalar(text("select 1"))

    async def mistaken() -> None:
        async with platform.db.reading(Binding(firm.id)) as reader:
            await reader.scalar(text("select 1 / 0"))

    with pytest.raises(DBAPIError) as cut:
        await cut_off()
    assert is_unavailable(cut.value)
    with pytest.raises(DBAPIError) as wrong:
        await mistaken()
    assert not is_unavailable(wrong.value)
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert await reader.scalar(text("select 1")) == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), True),
        (FileNotFoundError(2, "No such file or directory"), True),
        (FileNotFoundError(2, "No such file or directory", "/a/file"), False),
        (asyncpg.CannotConnectNowError("the database system is starting up"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InterfaceError("another operation is in progress"), False),
        (asyncpg.UniqueViolationError("duplicate"), False),
        (ValueError("x"), False),
        (None, False),
    ],
)
def test_what_is_unavailable(error: BaseException | None, *, expected: bool) -> None:
    assert is_unavailable(error) is expected
    wrapped = RuntimeError("while asking")
    wrapped.__cause__ = error
    assert is_unavailable(wrapped) is expected
