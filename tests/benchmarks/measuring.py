"""What every measurement of growth needs: sizes, statements counted, memory at its highest, one line told."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.benchmarks.nested_read import machine
from tests.support.servers import DatabaseAddresses

IS_FULL = os.environ.get("WEALTHNEXUS_BENCH_FULL") == "1"
"""The sizes that are published (an hour and more); without it the same measurements, smaller."""


def told(measure: str, **facts: Any) -> None:
    """One line of JSON; of the machine's load the reader judges how far absolute figures count."""
    shown = {name: round(fact, 4) if isinstance(fact, float) else fact for name, fact in facts.items()}
    print("\n" + json.dumps({"measure": measure, **shown, "machine": machine()}, default=str))


def least_seconds(run: Callable[[], object], times: int = 3) -> float:
    """Of several runs the one that was disturbed least."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        found.append(time.perf_counter() - begun)
    return min(found)


@contextlib.contextmanager
def counted() -> Iterator[list[int]]:
    """The number of statements that any engine is asked meanwhile, as the only entry."""
    seen = [0]

    def executed(*_: Any) -> None:
        seen[0] += 1

    event.listen(Engine, "before_cursor_execute", executed)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", executed)


class Cpu:
    """Processor seconds of this process and of the database server: on a shared machine they tell what the
    clock does not."""

    def __init__(self, addresses: DatabaseAddresses) -> None:
        postgres = addresses.postgres
        lock = postgres.socket_dir / f".s.PGSQL.{postgres.port}.lock"
        self._server = int(lock.read_text(encoding="ascii").split()[0])
        self._begun = self._now()

    @property
    def seconds(self) -> float:
        """Since this was made."""
        return self._now() - self._begun

    def _now(self) -> float:
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has ended
                facts = path.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
                if path.parent.name == str(self._server):
                    ticks += sum(map(int, facts[11:15]))  # with those that ended
                elif int(facts[1]) == self._server:
                    ticks += sum(map(int, facts[11:13]))
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


class Memory:
    """Resident memory of this process from here on, as Linux accounts it; MB."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        self.before = self._told("VmRSS")

    @property
    def extra(self) -> float:
        """The peak above what was there before."""
        return self._told("VmHWM") - self.before

    @staticmethod
    def _told(name: str) -> float:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
