"""One PostgreSQL and one Redis per test run, shared by all workers of that run.

The first worker that needs them starts them, under a file lock; they live exactly as long as the
run's main process, however that ends. Each worker has its own database (a copy of one that was
migrated once) and its own logical Redis database, so workers never meet.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from wealthnexus.kit.addresses import Addresses, read_record, write_record
from wealthnexus.kit.embedded import (
    EmbeddedPostgres,
    EmbeddedRedis,
    PostgresAddress,
    bootstrap,
    create_database,
    drop_database,
)
from wealthnexus.kit.embedded.folders import forget_socket_root
from wealthnexus.kit.embedded.processes import end_process, is_alive
from wealthnexus.kit.migrating import upgrade
from wealthnexus.kit.settings import Settings, load_settings

TEMPLATE = "wn_template"
# Thrown away after the run: nothing needs to reach the disk.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Kept for as long as the process lives: they outlast the fixtures that asked for them.
_started: list[EmbeddedPostgres | EmbeddedRedis] = []


def main_pid() -> int:
    """The run's main process: xdist's controller, or this process without xdist."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def worker_number() -> int:
    """0 without xdist, else 1, 2, … for gw0, gw1, …"""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


def runs_folder() -> Path:
    return load_settings().data_dir / "test"


def run_folder() -> Path:
    return runs_folder() / f"run-{main_pid()}"


def run_settings() -> Settings:
    """Settings of this run's servers and of this worker's databases."""
    return Settings(
        environment="test",
        data_dir=run_folder(),
        database_url=None,
        redis_url=None,
        database_name=f"wn_worker_{worker_number()}",
        redis_database=worker_number(),
    )


def run_environment(settings: Settings) -> dict[str, str]:
    """Environment of a process of ours that uses this worker's databases."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEALTHNEXUS_")}
    return {
        **kept,
        "WEALTHNEXUS_ENVIRONMENT": settings.environment,
        "WEALTHNEXUS_DATA_DIR": str(settings.data_dir),
        "WEALTHNEXUS_DATABASE_NAME": settings.database_name,
        "WEALTHNEXUS_REDIS_DATABASE": str(settings.redis_database),
    }


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shared_servers() -> Addresses:
    """The run's servers, started by the first worker that asks, with the migrated template in them."""
    settings = run_settings()
    with _one_at_a_time(settings.data_dir):
        record = read_record(settings)
        if record is not None:
            return record.addresses(settings)
        remove_old_runs()
        database_server = EmbeddedPostgres(
            settings.data_dir / "postgres", settings=THROW_AWAY, max_connections=400, lifetime_of=main_pid()
        )
        redis_server = EmbeddedRedis(settings.data_dir / "redis", durable=False, lifetime_of=main_pid())
        _started.extend((database_server, redis_server))
        postgres, redis = database_server.start(), redis_server.start()
        bootstrap(postgres)
        addresses = Addresses(settings, postgres, redis)
        create_database(postgres, TEMPLATE)
        url = addresses.sync_database_url_for("owner", database=TEMPLATE)
        upgrade(url, migrations_dir=settings.migrations_dir)
        settings.run_dir.mkdir(parents=True, exist_ok=True)
        write_record(settings, postgres, redis, owner_pid=main_pid())
        return addresses


def end_run() -> None:
    """Called by the main process at its end: stop this run's servers and remove their data."""
    folder = run_folder()
    if folder.exists():
        _end_servers(folder)
        shutil.rmtree(folder, ignore_errors=True)


def remove_old_runs() -> None:
    """What runs that were killed left behind."""
    for folder in runs_folder().glob("run-*"):
        pid = folder.name.removeprefix("run-")
        if pid.isdigit() and not is_alive(int(pid)):
            _end_servers(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _end_servers(folder: Path) -> None:
    for server, stop in (
        (EmbeddedPostgres(folder / "postgres"), signal.SIGINT),
        (EmbeddedRedis(folder / "redis"), signal.SIGTERM),
    ):
        pid = server.pid()
        if pid is not None:
            end_process(pid, [(stop, 10.0), (signal.SIGKILL, 5.0)])
        forget_socket_root(server.data_dir)


@dataclass(frozen=True)
class DatabaseAddresses:
    """One database: an asyncpg SQLAlchemy URL per role (``owner`` only for looking behind the scenes)."""

    name: str
    postgres: PostgresAddress
    owner: str
    app: str
    portal: str
    system: str

    def dsn(self, role: str) -> str:
        """The same for bare asyncpg or psycopg: ``postgresql://wn_app@/name?host=…&port=…``."""
        url = make_url(getattr(self, role)).set(drivername="postgresql")
        return url.render_as_string(hide_password=False)


def database_addresses(addresses: Addresses, name: str) -> DatabaseAddresses:
    assert addresses.postgres is not None
    return DatabaseAddresses(
        name=name,
        postgres=addresses.postgres,
        owner=addresses.database_url_for("owner", database=name),
        app=addresses.database_url_for("app", database=name),
        portal=addresses.database_url_for("portal", database=name),
        system=addresses.database_url_for("system", database=name),
    )


@contextlib.contextmanager
def database_copy(addresses: Addresses, name: str) -> Iterator[DatabaseAddresses]:
    """A fresh, migrated, empty database of that name; dropped at the end."""
    assert addresses.postgres is not None
    drop_database(addresses.postgres, name)
    create_database(addresses.postgres, name, template=TEMPLATE)
    try:
        yield database_addresses(addresses, name)
    finally:
        drop_database(addresses.postgres, name)
