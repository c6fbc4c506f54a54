"""The roles the processes log in as, on a real server (the embedded one makes its own)."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from wealthnexus.kit.addresses import Addresses, DatabaseRole, role_name, role_password
from wealthnexus.kit.migrating import MigrationError

RUNTIME: Final[tuple[DatabaseRole, ...]] = ("app", "portal", "system")
_OPTIONS: Final = "login nosuperuser nobypassrls nocreatedb nocreaterole"


def make_runtime_roles(addresses: Addresses) -> None:
    """Make ``<prefix>_app``, ``_portal`` and ``_system``, or set their passwords, through the owner.

    Raises MigrationError with the SQL for an administrator when the owner may not make roles, and
    when an existing role could pass by row security.
    """
    with _owner_connection(addresses) as connection:
        for role in RUNTIME:
            _make_role(connection, addresses, role)


def _owner_connection(addresses: Addresses) -> psycopg.Connection[Any]:
    url = make_url(addresses.sync_database_url_for("owner")).set(drivername="postgresql")
    try:
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise MigrationError(
            f"The database server {url.render_as_string()} did not let the owner in: "
            f"{_one_line(error)}; check WEALTHNEXUS_DATABASE_URL and that the server runs."
        ) from error


def _make_role(connection: psycopg.Connection[Any], addresses: Addresses, role: DatabaseRole) -> None:
    name = role_name(addresses.settings, role)
    facts = connection.execute(
        "select rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname = %s", [name]
    ).fetchone()
    if facts is not None and (facts[0] or facts[1]):
        raise MigrationError(
            f"The role {name} exists and {'is a superuser' if facts[0] else 'bypasses row security'}, "
            f"nothing was changed; run `alter role {name} nosuperuser nobypassrls`, or set "
            "WEALTHNEXUS_DATABASE_ROLE_PREFIX to another prefix."
        )
    if facts is not None and _may_log_in(addresses, role):
        return
    password = role_password(addresses.settings, role)
    # Hashed here: the server's log never sees the password itself.
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    # An existing role's other options are as they must be (checked above), and only a superuser may
    # even repeat them.
    made = f"create role {{}} {_OPTIONS} password {{}}"
    template = made if facts is None else "alter role {} login password {}"
    statement = sql.SQL(template).format(sql.Identifier(name), sql.Literal(hashed))
    # Imports stage their rows in temporary tables, as the app role.
    rights = "connect, temporary" if role == "app" else "connect"
    try:
        connection.execute(statement)
        connection.execute(
            sql.SQL("grant " + rights + " on database {} to {}").format(
                sql.Identifier(connection.info.dbname), sql.Identifier(name)
            )
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"The owner role {connection.info.user} may not make the role {name}, nothing was migrated; "
            f"let an administrator run this SQL and try again: {statement.as_string(connection)}; "
            f"grant {rights} on database {connection.info.dbname} to {name};"
        ) from error


def _may_log_in(addresses: Addresses, role: DatabaseRole) -> bool:
    url = make_url(addresses.sync_database_url_for(role)).set(drivername="postgresql")
    try:
        with psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=10):
            return True
    except psycopg.OperationalError:
        return False


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
