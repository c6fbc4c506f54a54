"""Runs the embedded servers of one data folder, or joins the process that already does.

Whoever comes first owns them: they end with that process, and every other process of the same clone
uses them meanwhile. A crash leaves nothing to clean up by hand.
"""

from __future__ import annotations

import atexit
import contextlib
import time
from collections import Counter
from collections.abc import Iterator

from wealthnexus.kit.addresses import Addresses, read_record, record_path, write_record
from wealthnexus.kit.embedded import (
    EmbeddedPostgres,
    EmbeddedRedis,
    EmbeddedServerError,
    FolderInUseError,
    FolderLock,
    bootstrap,
    create_database,
)
from wealthnexus.kit.embedded.errors import explain_os_error
from wealthnexus.kit.embedded.folders import make_folder
from wealthnexus.kit.settings import Settings

JOIN_SECONDS = 90.0
# A server that is killed again while it recovers is no reason to give up at once.
REVIVAL_ATTEMPTS_MAX = 5
# Says that a folder is ours, so that a reset never deletes in somebody else's.
DATA_FOLDER_MARK = ".wealthnexus"


class LocalServers:
    """The embedded servers these settings need (those without a URL of their own)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = FolderLock(settings.run_dir / "servers.lock")
        self._postgres = None if settings.database_url else EmbeddedPostgres(settings.data_dir / "postgres")
        self._redis = None if settings.redis_url else EmbeddedRedis(settings.data_dir / "redis")
        self._failed_revivals: Counter[str] = Counter()

    @property
    def taken_over_from(self) -> int | None:
        """The process that had this folder and ended without tidying up; None after a clean end."""
        return self._lock.taken_over_from

    def start(self) -> Addresses:
        """Start them and record where they are. FolderInUseError when another process owns the folder."""
        make_folder(self.settings.data_dir)
        make_folder(self.settings.run_dir)
        try:
            (self.settings.data_dir / DATA_FOLDER_MARK).touch()
        except OSError as error:
            raise explain_os_error(error, "write in the folder", self.settings.data_dir) from error
        self._lock.acquire(f"The data folder {self.settings.data_dir}")
        try:
            postgres = self._postgres.start() if self._postgres else None
            if postgres is not None:
                bootstrap(postgres)
                create_database(postgres, self.settings.database_name, exist_ok=True)
            redis = self._redis.start() if self._redis else None
            try:
                write_record(self.settings, postgres, redis)
            except OSError as error:
                raise explain_os_error(error, "write", record_path(self.settings)) from error
        except BaseException:
            self.stop()
            raise
        return Addresses(self.settings, postgres, redis)

    def revive(self) -> list[str]:
        """Start what has died; one sentence for each. A start that fails is tried again at the next call,
        and its EmbeddedServerError raised when it failed five times in a row."""
        said = []
        for name, server in (("PostgreSQL", self._postgres), ("Redis", self._redis)):
            if server is None or server.is_running():
                continue
            try:
                server.stop()
                server.start()
            except EmbeddedServerError as error:
                self._failed_revivals[name] += 1
                if self._failed_revivals[name] >= REVIVAL_ATTEMPTS_MAX:
                    raise
                said.append(f"{name} had died and could not be started yet ({error}) It is tried again.")
            else:
                self._failed_revivals[name] = 0
                said.append(f"{name} had died and was started again; what was committed is there.")
        return said

    def pids(self) -> dict[str, int]:
        """The process ids of the servers that run, by name."""
        servers = {"PostgreSQL": self._postgres, "Redis": self._redis}
        found = {name: server.pid() for name, server in servers.items() if server is not None}
        return {name: pid for name, pid in found.items() if pid is not None}

    def stop(self) -> None:
        """End them, Redis first. Safe to repeat; servers of another process are left alone."""
        if not self._lock.held:
            return
        with contextlib.suppress(OSError):
            record_path(self.settings).unlink(missing_ok=True)
        if self._redis is not None:
            self._redis.stop()
        if self._postgres is not None:
            self._postgres.stop()
        self._lock.release()


def ensure_servers(settings: Settings) -> Addresses:
    """Addresses of servers that run: real ones by their URLs, else this clone's own.

    Starts the embedded ones when nobody does yet; they then end with this process. Raises
    EmbeddedServerError with a sentence that says what to do.
    """
    started: list[LocalServers] = []
    addresses = _join_or_start(settings, started)
    for servers in started:
        atexit.register(servers.stop)
    return addresses


def _join_or_start(settings: Settings, started: list[LocalServers]) -> Addresses:
    """Puts the servers it had to start into ``started``."""
    if settings.database_url and settings.redis_url:
        return Addresses(settings, None, None)
    running = read_record(settings)
    if running is not None and running.answers():
        return running.addresses(settings)
    deadline = time.monotonic() + JOIN_SECONDS
    while True:
        servers = LocalServers(settings)
        try:
            addresses = servers.start()
        except FolderInUseError as in_use:
            record = read_record(settings)
            if record is not None and record.owner_pid == in_use.pid:
                return record.addresses(settings)
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"Process {in_use.pid} holds the data folder {settings.data_dir} but its servers "
                    f"did not get ready within {JOIN_SECONDS:.0f} s; stop that process and start again."
                ) from in_use
            time.sleep(0.1)
        else:
            started.append(servers)
            return addresses


@contextlib.contextmanager
def servers_running(settings: Settings) -> Iterator[Addresses]:
    """``ensure_servers`` for one short command: what it started ends with the block."""
    started: list[LocalServers] = []
    try:
        yield _join_or_start(settings, started)
    finally:
        for servers in started:
            servers.stop()
