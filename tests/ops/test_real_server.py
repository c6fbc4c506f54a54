"""``WEALTHNEXUS_DATABASE_URL`` and ``WEALTHNEXUS_REDIS_URL``: servers this clone does not run itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psycopg
import pytest
from sqlalchemy.engine import make_url
from wealthnexus.kit.addresses import resolve, role_password
from wealthnexus.kit.embedded import EmbeddedPostgres, RedisAddress, listen
from wealthnexus.kit.embedded.bootstrap import connect
from wealthnexus.kit.settings import Settings

from tests.support.processes import short_folder
from tests.support.servers import worker_number

pytestmark = pytest.mark.database


@dataclass(frozen=True)
class Owner:
    """A database on a server over TCP, and the settings that select it."""

    url: str
    settings: Settings
    environment: dict[str, str]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[EmbeddedPostgres, Path]]:
    # Workers of one run look for a free port at the same moment: each looks in a range of its own.
    with listen("127.0.0.1", None, first=15500 + 40 * worker_number()) as probe:
        port = probe.getsockname()[1]
    with short_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", settings={"fsync": "off"}, tcp_port=port)
        server.start()
        yield server, folder
        server.stop()


def make_owner(
    server: tuple[EmbeddedPostgres, Path], redis: RedisAddress, name: str, *, may_make_roles: bool
) -> Owner:
    address = server[0].start()
    with connect(address, "wn_boot", "postgres") as connection:
        option = "createrole" if may_make_roles else "nocreaterole"
        connection.execute(f"create role {name}_owner login {option} password 'owner-secret'")
        connection.execute(f"create database {name} owner {name}_owner")
    url = f"postgresql://{name}_owner:owner-secret@127.0.0.1:{address.port}/{name}"
    data_dir = server[1] / name
    settings = Settings(database_url=url, redis_url=redis.url, database_role_prefix=name, data_dir=data_dir)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(server[1]),
        "WEALTHNEXUS_DATABASE_URL": url,
        "WEALTHNEXUS_REDIS_URL": redis.url,
        "WEALTHNEXUS_DATABASE_ROLE_PREFIX": name,
        "WEALTHNEXUS_DATA_DIR": str(data_dir),
    }
    return Owner(url, settings, environment)


def migrate(owner: Owner) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wealthnexus.cli.main", "migrate"],
        env=owner.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_the_owner_makes_the_roles_and_they_log_in(
    server: tuple[EmbeddedPostgres, Path], redis: RedisAddress
) -> None:
    owner = make_owner(server, redis, "alpha", may_make_roles=True)
    done = migrate(owner)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("The database went from revision nothing to ")
    assert migrate(owner).stdout.startswith("The database is up to date (revision ")
    addresses = resolve(owner.settings)
    assert addresses.redis_url == redis.url
    for role in ("app", "portal", "system"):
        url = make_url(addresses.database_url_for(role)).set(drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        row = await connection.fetchrow(
            "select current_user::text, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        )
        await connection.close()
        assert tuple(row) == (f"alpha_{role}", False, False)


def test_a_database_that_was_changed_by_hand_is_no_success(
    server: tuple[EmbeddedPostgres, Path], redis: RedisAddress
) -> None:
    owner = make_owner(server, redis, "kappa", may_make_roles=True)
    assert migrate(owner).returncode == 0
    with psycopg.connect(owner.url, autocommit=True) as connection:
        connection.execute("alter table households disable row level security")
    done = migrate(owner)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: The database does not keep the firms apart as its tables declare")
    assert "table households: row security is not enabled" in " ".join(done.stderr.split())
    with psycopg.connect(owner.url, autocommit=True) as connection:
        connection.execute("alter table households enable row level security")
    assert migrate(owner).returncode == 0


def test_a_new_master_key_sets_new_passwords(
    server: tuple[EmbeddedPostgres, Path], redis: RedisAddress
) -> None:
    owner = make_owner(server, redis, "delta", may_make_roles=True)
    assert migrate(owner).returncode == 0
    before = role_password(owner.settings, "app")
    owner.settings.master_key_path.unlink()
    assert role_password(owner.settings, "app") != before
    assert migrate(owner).returncode == 0
    url = make_url(owner.url).set(username="delta_app")
    new = url.set(password=role_password(owner.settings, "app")).render_as_string(hide_password=False)
    psycopg.connect(new).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.set(password=before).render_as_string(hide_password=False))


def test_an_owner_who_may_not_make_roles_gets_the_sql(
    server: tuple[EmbeddedPostgres, Path], redis: RedisAddress
) -> None:
    owner = make_owner(server, redis, "beta", may_make_roles=False)
    done = migrate(owner)
    assert done.returncode == 1
    assert done.stdout == ""
    message = "Error: The owner role beta_owner may not make the role beta_app, nothing was migrated; let an "
    assert done.stderr.startswith(message)
    for _role in ("app", "portal", "system"):
        sql = migrate(owner).stderr.split("and try again: ")[1]
        assert "owner-secret" not in sql
        with connect(server[0].start(), "wn_boot", "postgres") as connection:
            for statement in sql.strip().split("; "):
                connection.execute(statement.strip(";"))
    assert migrate(owner).returncode == 0


def test_a_role_that_bypasses_row_security_is_refused(
    server: tuple[EmbeddedPostgres, Path], redis: RedisAddress
) -> None:
    owner = make_owner(server, redis, "gamma", may_make_roles=True)
    with connect(server[0].start(), "wn_boot", "postgres") as connection:
        connection.execute("create role gamma_system login bypassrls")
    done = migrate(owner)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: The role gamma_system exists and bypasses row security, nothing was changed; run "
        "`alter role gamma_system nosuperuser nobypassrls`, or set WEALTHNEXUS_DATABASE_ROLE_PREFIX to "
        "another prefix.\n"
    )


def test_a_server_that_is_not_there(server: tuple[EmbeddedPostgres, Path], redis: RedisAddress) -> None:
    owner = make_owner(server, redis, "epsilon", may_make_roles=True)
    with listen("127.0.0.1", None, first=15700) as probe:
        closed_port = probe.getsockname()[1]
    url = f"postgresql://epsilon_owner:owner-secret@127.0.0.1:{closed_port}/epsilon"
    owner.environment["WEALTHNEXUS_DATABASE_URL"] = url
    done = migrate(owner)
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"Error: The database server postgresql://epsilon_owner:***@127.0.0.1:{closed_port}/epsilon "
        "did not let the owner in: "
    )
    assert done.stderr.endswith("; check WEALTHNEXUS_DATABASE_URL and that the server runs.\n")
    assert "owner-secret" not in done.stderr
