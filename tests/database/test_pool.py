"""One pooled connection, many firms: nothing of a binding survives its transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from wealthnexus.kit.db import Binding, Database
from wealthnexus.kit.db.session import UnsafeRoleError
from wealthnexus.kit.ids import new_id

from tests.support.servers import DatabaseAddresses

pytestmark = pytest.mark.database

BOUND = text("select current_setting('app.tenant_id', true)")


@pytest.fixture
async def database(database_addresses: DatabaseAddresses) -> AsyncIterator[Database]:
    one = Database({"app": database_addresses.app}, pool_size=1, statement_timeout_ms=300)
    yield one
    await one.close()


async def bound_tenant(database: Database, binding: Binding | None) -> str | None:
    async with database.reading(binding) as reader:
        value: str | None = await reader.scalar(BOUND)
        return value


async def test_each_transaction_has_its_own_firm(database: Database) -> None:
    for _ in range(20):
        binding = Binding(new_id())
        assert await bound_tenant(database, binding) == str(binding.tenant_id)
        assert await bound_tenant(database, None) in (None, "")


async def test_after_an_exception(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work(Binding(new_id())):
            raise ZeroDivisionError
    assert await bound_tenant(database, None) in (None, "")


async def test_after_an_exception_inside_a_statement(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.unit_of_work(Binding(new_id())) as uow:
            await uow.execute(text("select 1 / 0"))
    assert await bound_tenant(database, None) in (None, "")


async def test_after_the_server_closed_the_connection(
    database: Database, database_addresses: DatabaseAddresses
) -> None:
    """A server that was restarted costs no request: what it closed is replaced when it is taken."""
    async with database.reading(None) as reader:
        first = await reader.scalar(text("select pg_backend_pid()"))
    with psycopg.connect(database_addresses.dsn("app"), autocommit=True) as another:
        another.execute("select pg_terminate_backend(%s)", [first])
    await asyncio.sleep(0.2)
    async with database.reading(None) as reader:
        assert await reader.scalar(text("select pg_backend_pid()")) != first


async def test_after_a_cancellation(database: Database) -> None:
    async def slow() -> None:
        async with database.unit_of_work(Binding(new_id())) as uow:
            await uow.execute(text("select pg_sleep(0.25)"))

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    binding = Binding(new_id())
    assert await bound_tenant(database, None) in (None, "")
    assert await bound_tenant(database, binding) == str(binding.tenant_id)


async def test_after_a_statement_timeout(database: Database) -> None:
    with pytest.raises(DBAPIError, match="statement timeout"):
        async with database.unit_of_work(Binding(new_id())) as uow:
            await uow.execute(text("select pg_sleep(5)"))
    assert await bound_tenant(database, None) in (None, "")


async def test_a_savepoint_keeps_the_binding(database: Database) -> None:
    binding = Binding(new_id())
    async with database.unit_of_work(binding) as uow:
        with pytest.raises(DBAPIError):
            async with uow.savepoint():
                await uow.execute(text("select 1 / 0"))
        assert await uow.scalar(BOUND) == str(binding.tenant_id)


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with database.reading(Binding(new_id())) as reader:
            await reader.execute(text("delete from search_words"))


@pytest.mark.parametrize("role", ["superuser", "owner"])
async def test_an_unsafe_role_is_refused(database_addresses: DatabaseAddresses, role: str) -> None:
    name = {"superuser": database_addresses.postgres.superuser, "owner": "wn_owner"}[role]
    url = database_addresses.app.replace("wn_app@", f"{name}@")
    database = Database({"app": url}, pool_size=1)
    with pytest.raises(UnsafeRoleError, match=f"logs in as '{name}'"):
        await database.refuse_unsafe_roles()
    await database.close()


async def test_who_is_cancelled_costs_the_others_of_a_shared_transaction_nothing(database: Database) -> None:
    """Of an answer's fields, one that fails cancels those beside it; the others go on."""
    loop = asyncio.get_running_loop()
    async with database.reading(Binding(new_id()), until=loop.time() + 5) as reader:
        slow = asyncio.create_task(reader.scalar(text("select pg_sleep(0.1)")))
        waiting = asyncio.create_task(reader.scalar(text("select 1")))
        other = asyncio.create_task(reader.scalar(text("select 2")))
        await asyncio.sleep(0.03)
        slow.cancel()
        waiting.cancel()
        assert await other == 2
        assert slow.cancelled()
        assert waiting.cancelled()


async def test_what_is_cancelled_does_not_outlast_the_transaction(database: Database) -> None:
    """The statement in progress ends before its connection is given back, at the latest at the set time."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), database.reading(Binding(new_id()), until=began + 0.05) as reader:
            await reader.scalar(text("select pg_sleep(0.25)"))
    assert loop.time() - began < 0.2
    for _ in range(2):
        assert await bound_tenant(database, None) in (None, "")
