"""The whole system in a folder of its own, and the means to kill any part of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

TARGETS = ("web", "worker", "relay", "scheduler", "redis", "postgres")


@dataclass
class World:
    """A running ``wealthnexus demo``; everything in it is found by looking at real processes."""

    data_dir: Path
    port: int
    supervisor: subprocess.Popen[bytes]
    log: Path

    def pid_of(self, target: str) -> int | None:
        """The process id of one part, looked up afresh because parts come back under new ids."""
        if target in ("redis", "postgres"):
            return self._server_pid(target)
        for pid, arguments in _descendants(self.supervisor.pid):
            if "wealthnexus.cli.main" in arguments and _command_name(arguments) == target:
                return pid
        return None

    def _server_pid(self, target: str) -> int | None:
        # Redis writes its own title, which names its socket and not its folder.
        mark = {"redis": str(self._record()["redis_socket"]), "postgres": str(self.data_dir)}[target]
        name = {"redis": "redis-server", "postgres": "postgres"}[target]
        for pid, arguments in _all_processes():
            title = " ".join(arguments)
            if arguments and Path(title.split()[0]).name == name and mark in title:
                return pid
        return None

    def _record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            (self.data_dir / "run" / "servers.json").read_text(encoding="utf-8")
        )
        return found

    def kill(self, target: str) -> bool:
        """SIGKILL, no warning. False when the part is not running just now."""
        pid = self.pid_of(target)
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
        return False

    def command(self, *arguments: str) -> str:
        """Output of a ``wealthnexus`` command on this data folder."""
        done = subprocess.run(
            [sys.executable, "-m", "wealthnexus.cli.main", *arguments],
            env=environment(self.data_dir), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(
                f"wealthnexus {' '.join(arguments)} ended with {done.returncode}: {done.stderr}"
            )
        return done.stdout.strip()

    def database(self) -> psycopg.Connection[Any]:
        """Past row security, to look at what really is there."""
        record = self._record()
        return psycopg.connect(
            host=record["socket_dir"],
            port=record["port"],
            user="wn_boot",
            dbname="wealthnexus",
            autocommit=True,
        )


def environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEALTHNEXUS_")}
    return {**kept, "WEALTHNEXUS_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_world(data_dir: Path, *, ready_seconds: float = 180.0) -> Iterator[World]:
    """``wealthnexus demo`` until its web process says that it is ready; stopped at the end."""
    port = free_port()
    log = data_dir.with_suffix(".log")
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "wealthnexus.cli.main", "demo"],
            env={**environment(data_dir), "WEALTHNEXUS_PORT": str(port)},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    world = World(data_dir, port, supervisor, log)
    try:
        _wait_ready(world, ready_seconds)
        yield world
    except BaseException:
        print(
            f"\nWhat the supervisor said last:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
        )
        raise
    finally:
        supervisor.terminate()
        try:
            supervisor.wait(60)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait(10)


def _wait_ready(world: World, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if world.supervisor.poll() is not None:
            break
        if "is ready" in world.log.read_text(encoding="utf-8", errors="replace"):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the system did not get ready:\n{world.log.read_text(encoding='utf-8')[-3000:]}")


def _all_processes() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                raw = (entry / "cmdline").read_bytes()
                yield int(entry.name), [part.decode(errors="replace") for part in raw.split(b"\0") if part]


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{pid}/stat").read_text()
        return int(text.rpartition(")")[2].split()[1])
    return 0


def _descendants(root: int) -> Iterator[tuple[int, list[str]]]:
    for pid, arguments in _all_processes():
        ancestor = pid
        while ancestor > 1:
            ancestor = _parent(ancestor)
            if ancestor == root:
                yield pid, arguments
                break


def _command_name(arguments: list[str]) -> str:
    after = arguments[arguments.index("wealthnexus.cli.main") + 1 :]
    return {"serve": "web"}.get(after[0], after[0]) if after else ""
