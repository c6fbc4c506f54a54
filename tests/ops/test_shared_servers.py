"""The fixtures every other test stands on."""

from __future__ import annotations

import asyncpg
import psycopg
import pytest
import redis as redis_client
from wealthnexus.kit.embedded import PostgresAddress, RedisAddress

from tests.support.servers import DatabaseAddresses

pytestmark = pytest.mark.database


@pytest.mark.parametrize("role", ["owner", "app", "portal", "system"])
async def test_each_role_is_plain(database_addresses: DatabaseAddresses, role: str) -> None:
    connection = await asyncpg.connect(database_addresses.dsn(role))
    try:
        row = await connection.fetchrow(
            "select current_user::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " current_database()::text from pg_roles where rolname = current_user"
        )
    finally:
        await connection.close()
    assert tuple(row) == (f"wn_{role}", False, False, False, False, database_addresses.name)


def test_the_database_is_migrated(database_addresses: DatabaseAddresses) -> None:
    with psycopg.connect(database_addresses.dsn("owner")) as connection:
        found = connection.execute("select to_regclass('firms')::text, to_regclass('alembic_version')::text")
        assert found.fetchone() == ("firms", "alembic_version")


@pytest.mark.parametrize("role", ["app", "portal", "system"])
def test_a_runtime_role_makes_no_tables(database_addresses: DatabaseAddresses, role: str) -> None:
    with psycopg.connect(database_addresses.dsn(role), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema public"):
            connection.execute("create table mine (id int)")
        if role == "app":  # imports stage their rows
            connection.execute("create temp table mine (id int)")
            return
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="to create temporary tables"):
            connection.execute("create temp table mine (id int)")


def test_a_scratch_database_is_another_one(
    database_addresses: DatabaseAddresses, scratch_database: DatabaseAddresses, postgres: PostgresAddress
) -> None:
    assert scratch_database.name != database_addresses.name
    assert scratch_database.postgres == database_addresses.postgres == postgres
    with psycopg.connect(scratch_database.dsn("owner")) as connection:
        connection.execute("drop table alembic_version")
    with psycopg.connect(database_addresses.dsn("owner")) as connection:
        assert connection.execute("select count(*) from alembic_version").fetchone() == (1,)


def test_redis_keeps_what_it_is_given(redis: RedisAddress) -> None:
    with redis_client.Redis.from_url(redis.url) as client:
        client.set("ops:probe", "1", ex=60)
        assert client.get("ops:probe") == b"1"
        client.delete("ops:probe")
