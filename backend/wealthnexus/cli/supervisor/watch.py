"""The loop that keeps servers and processes running until somebody asks for the end."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wealthnexus.cli.supervisor.children import DEATHS_MAX, DEATHS_WINDOW_SECONDS, Child, KeepsDyingError
from wealthnexus.kit.embedded import EmbeddedServerError
from wealthnexus.kit.servers import LocalServers

TICK_SECONDS = 0.2
LOG_CHECK_SECONDS = 10.0
# Both servers are counted together.
REVIVALS_MAX = 2 * DEATHS_MAX
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_signals_interrupt() -> Iterator[None]:
    """While preparing: every way of asking for the end unwinds what was started so far."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, interrupt) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


class Supervisor:
    """``children`` in the order of their start; they are ended in the opposite order."""

    def __init__(
        self, servers: LocalServers | None, children: list[Child], tell: Callable[[str], None]
    ) -> None:
        self._servers = servers
        self._children = children
        self._tell = tell
        self._requests = 0
        self._revivals: deque[float] = deque()
        self._next_log_check = 0.0

    def run(self, *, when_started: Callable[[], bool], on_ready: Callable[[], None]) -> int:
        """Start, watch, and stop when asked; returns the exit status (0 after a wish, else 1).

        ``when_started`` is asked at each turn until it says True; then ``on_ready`` is called once.
        """
        previous = {number: signal.signal(number, self._request) for number in STOP_SIGNALS}
        ready = False
        try:
            for child in self._children:
                child.start()
            while not self._requests:
                self._turn()
                if not ready and when_started():
                    ready = True
                    on_ready()
                time.sleep(TICK_SECONDS)
            self._tell("Stopping …")
            return 0
        except (KeepsDyingError, EmbeddedServerError) as error:
            self._tell(f"Error: {error}")
            return 1
        finally:
            self._stop_children()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _request(self, _number: int, _frame: object) -> None:
        self._requests += 1

    def _turn(self) -> None:
        if self._servers is not None:
            for sentence in self._servers.revive():
                self._tell(sentence)
                self._count_revival()
        for child in self._children:
            sentence_or_none = child.tend()
            if sentence_or_none:
                self._tell(sentence_or_none)
        now = time.monotonic()
        if now >= self._next_log_check:
            self._next_log_check = now + LOG_CHECK_SECONDS
            for child in self._children:
                child.keep_log_short()

    def _count_revival(self) -> None:
        now = time.monotonic()
        self._revivals.append(now)
        while now - self._revivals[0] > DEATHS_WINDOW_SECONDS:
            self._revivals.popleft()
        if len(self._revivals) > REVIVALS_MAX:
            raise KeepsDyingError(
                f"The servers died {len(self._revivals)} times within {DEATHS_WINDOW_SECONDS:.0f} s; "
                "everything is being stopped. Look at postgres.log and redis.log in the data folder."
            )

    def _stop_children(self) -> None:
        """Ask in turn, last started first; a second Ctrl-C ends the patience."""
        for child in reversed(self._children):
            child.ask_to_stop()
        for child in reversed(self._children):
            deadline = time.monotonic() + child.stop_seconds
            while child.is_running and time.monotonic() < deadline and self._requests < 2:
                time.sleep(0.02)
            if not child.stop(0.0):
                self._tell(f"The {child.name} process did not end in time and was killed.")
