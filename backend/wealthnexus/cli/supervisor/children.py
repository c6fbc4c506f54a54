"""One supervised process: started, watched, started again with back-off, ended with all it made."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from wealthnexus.kit.embedded.processes import launcher_command, log_tail, rotate

BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
# More deaths than this within the window is no accident: everything is stopped.
DEATHS_MAX = 6
DEATHS_WINDOW_SECONDS = 90.0
LOG_BYTES_MAX = 20_000_000


class KeepsDyingError(Exception):
    """A process died too often in a row; the message says where to look."""


@dataclass
class Child:
    """``stop_seconds``: how long it may take to end after SIGTERM before it is killed."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    stop_seconds: float
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    _group: int | None = None
    _deaths: deque[float] = field(default_factory=deque)
    _start_at: float = 0.0

    def start(self) -> None:
        """Start now. It dies with this process, and its output goes to its own log."""
        rotate(self.log)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                launcher_command(self.command, stop_signal=signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                pass_fds=self.pass_fds,
                # A session of its own: Ctrl-C in the terminal reaches only the supervisor.
                start_new_session=True,
            )
        self._group = self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tend(self) -> str | None:
        """Notice a death, start again when its back-off has passed; a sentence when it just died.

        Raises KeepsDyingError instead of starting it again and again.
        """
        if self.is_running:
            return None
        now = time.monotonic()
        if self.process is None:
            if now >= self._start_at:
                self.start()
            return None
        status = self.process.returncode
        self._end_group()
        self.process = None
        self._deaths.append(now)
        while now - self._deaths[0] > DEATHS_WINDOW_SECONDS:
            self._deaths.popleft()
        if len(self._deaths) > DEATHS_MAX:
            raise KeepsDyingError(
                f"The {self.name} process ended {len(self._deaths)} times within "
                f"{DEATHS_WINDOW_SECONDS:.0f} s (last: {_how(status)}); everything is being stopped. "
                f"Its last words, from {self.log}:\n{self._last_words()}"
            )
        wait_seconds = BACK_OFF_SECONDS[min(len(self._deaths), len(BACK_OFF_SECONDS)) - 1]
        self._start_at = now + wait_seconds
        return f"The {self.name} process ended ({_how(status)}); starting it again in {wait_seconds:g} s."

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, patience_seconds: float) -> bool:
        """Wait for the end after ``ask_to_stop``; False when it had to be killed."""
        clean = True
        if self.process is not None:
            try:
                self.process.wait(max(patience_seconds, 0.0))
            except subprocess.TimeoutExpired:
                clean = False
        self._end_group()
        if self.process is not None:
            self.process.wait(5)
            self.process = None
        return clean

    def _end_group(self) -> None:
        """Whatever the process left behind in its session goes as well."""
        if self._group is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._group, signal.SIGKILL)
            self._group = None

    def _last_words(self) -> str:
        lines = [line for line in log_tail(self.log).splitlines() if line.strip()]
        return "\n".join(f"  {line[:300]}" for line in lines[-8:]) or "  (nothing)"

    def keep_log_short(self) -> None:
        """Cut a log that has grown over its limit; the older half is kept once beside it."""
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LOG_BYTES_MAX:
                # Opened for appending by the child, so it goes on writing at the new end.
                self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
                os.truncate(self.log, 0)


def _how(status: int | None) -> str:
    if status is None:
        return "unknown"
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-status).name}"
    return f"exit status {status}"
