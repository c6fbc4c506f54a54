"""The roles and databases of an embedded server, made by its first superuser.

Nothing of the product ever connects as that superuser: it would pass by row security.
"""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg import sql

from wealthnexus.kit.embedded.errors import EmbeddedServerError
from wealthnexus.kit.embedded.postgres import PostgresAddress

OWNER: Final = "wn_owner"
RUNTIME_ROLES: Final = ("wn_app", "wn_portal", "wn_system")
DATABASE: Final = "wealthnexus"
# PostgreSQL copies one template at a time and only while nobody is connected to it.
_COPY_LOCK: Final = 7_302_914


def connect(address: PostgresAddress, role: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A plain connection (autocommit) over the socket as any role."""
    return psycopg.connect(
        host=str(address.socket_dir),
        port=address.port,
        user=role,
        dbname=database,
        autocommit=True,
        connect_timeout=10,
        application_name="wealthnexus bootstrap",
    )


def bootstrap(address: PostgresAddress) -> None:
    """Make the owner, the runtime roles and the database where they are missing. Safe to repeat."""
    try:
        with connect(address, address.superuser, "postgres") as connection:
            for role in (OWNER, *RUNTIME_ROLES):
                _make_role(connection, role)
    except psycopg.Error as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL could not be set up: {str(error).strip()}; "
            "start over with `make demo RESET=1` if this stays."
        ) from error
    create_database(address, DATABASE, exist_ok=True)


def _make_role(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    if connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
        return
    options = "login nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
    connection.execute(sql.SQL("create role {} " + options).format(sql.Identifier(role)))


def create_database(
    address: PostgresAddress, name: str, *, template: str | None = None, exist_ok: bool = False
) -> None:
    """Make a database owned by the owner role, which only our roles may enter.

    ``template`` names a database to copy (nobody may be connected to it). An existing one raises
    psycopg.errors.DuplicateDatabase unless ``exist_ok``.
    """
    with connect(address, address.superuser, "postgres") as connection:
        connection.execute("select pg_advisory_lock(%s)", [_COPY_LOCK])
        if exist_ok and connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return
        identifier = sql.Identifier(name)
        connection.execute(
            sql.SQL("create database {} owner {} template {}").format(
                identifier, sql.Identifier(OWNER), sql.Identifier(template or "template1")
            )
        )
        connection.execute(sql.SQL("revoke all on database {} from public").format(identifier))
        for role in RUNTIME_ROLES:
            # Imports stage their rows in temporary tables, as the app role.
            rights = "connect, temporary" if role.endswith("_app") else "connect"
            grant = sql.SQL("grant " + rights + " on database {} to {}")
            connection.execute(grant.format(identifier, sql.Identifier(role)))


def drop_database(address: PostgresAddress, name: str) -> None:
    """Drop the database if it exists, ending whoever is connected to it."""
    with connect(address, address.superuser, "postgres") as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
