"""Starting and stopping a server process whose life is bound to another process."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from wealthnexus.kit.embedded.errors import explain_os_error
from wealthnexus.kit.embedded.folders import ServerUser

LAUNCHER = Path(__file__).with_name("launch.py")
LOG_BYTES_MAX = 10_000_000


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    stop_signal: signal.Signals,
    user: ServerUser | None = None,
    capability: int | None = None,
    lifetime_of: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own; its output goes to ``log`` (kept below 10 MB).

    It gets ``stop_signal`` when this process ends in any way (kill -9 included), or with
    ``lifetime_of`` when that process ends. Must be called from a thread that lives as long as the
    process is meant to: the kernel watches the thread.
    """
    argv = launcher_command(
        command, stop_signal=stop_signal, user=user, capability=capability, lifetime_of=lifetime_of
    )
    rotate(log)
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=plain_environment(),
                start_new_session=True,
            )
    except OSError as error:
        raise explain_os_error(error, "write the log", log) from error


def launcher_command(
    command: Sequence[str],
    *,
    stop_signal: signal.Signals,
    user: ServerUser | None = None,
    capability: int | None = None,
    lifetime_of: int | None = None,
) -> list[str]:
    """The command wrapped so that it gets ``stop_signal`` when this process (or another) ends."""
    uid, gid = (user.uid, user.gid) if user else (os.geteuid(), os.getegid())
    watched = lifetime_of
    if watched is None and not sys.platform.startswith("linux"):
        watched = os.getpid()
    options = [f"--uid={uid}", f"--gid={gid}", f"--signal={int(stop_signal)}", f"--parent={os.getpid()}"]
    if capability is not None:
        options.append(f"--capability={capability}")
    if watched is not None:
        options.append(f"--watch={watched}")
    return [sys.executable, "-I", "-S", str(LAUNCHER), *options, "--", *command]


def let_go(child: subprocess.Popen[bytes]) -> None:
    """Forget a child that is meant to outlive this process, without a warning at our exit."""
    child.returncode = 0


def plain_environment() -> dict[str, str]:
    """What a server may know of the caller's environment: nothing that changes its behaviour."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {"PATH": "/usr/bin:/bin", **kept, "LC_ALL": "C", "TZ": "UTC"}


def rotate(log: Path) -> None:
    """Move a log that has grown over its limit aside (one older log is kept)."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_suffix(log.suffix + ".1"))


def log_tail(log: Path, since: int = 0, limit: int = 8_000) -> str:
    """The end of a log as text, from byte ``since`` on, at most ``limit`` bytes."""
    try:
        with log.open("rb") as source:
            source.seek(0, os.SEEK_END)
            end = source.tell()
            source.seek(max(min(since, end), end - limit))
            return source.read().decode("utf-8", "replace")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return True


def command_line(pid: int) -> list[str]:
    """The arguments of a running process; empty when it is gone or cannot be seen."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        return [part.decode("utf-8", "replace") for part in raw.split(b"\0") if part]
    except OSError:
        pass
    if sys.platform.startswith("linux"):
        return []
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False, timeout=5
    )
    return listed.stdout.split()


def wait_until_gone(pid: int, seconds: float, child: subprocess.Popen[bytes] | None = None) -> bool:
    """Whether the process ended within ``seconds``; reaps ``child`` when it is ours."""
    deadline = time.monotonic() + seconds
    while True:
        if child is not None:
            child.poll()
        if not is_alive(pid):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)


def end_process(
    pid: int, signals: Sequence[tuple[signal.Signals, float]], child: subprocess.Popen[bytes] | None = None
) -> bool:
    """Send the signals in turn, each with its patience in seconds, until the process is gone."""
    for number, patience_seconds in signals:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            break
        if wait_until_gone(pid, patience_seconds, child):
            break
    gone = wait_until_gone(pid, 0.0, child)
    if child is not None and gone:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(5)
    return gone
