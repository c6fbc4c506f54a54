"""`make bench`: lots rebuilt from transactions, in a process of its own. Prints lines of JSON.

The floor: reading the same transactions from their file. WEALTHNEXUS_BENCH_FULL=1: five million of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.benchmarks.measuring import IS_FULL, told

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3_600)]
PER_ACCOUNT = 100
HOUSEHOLDS = (1_667, 16_667) if IS_FULL else (167, 1_667)
"""Three accounts each: half a million transactions and five million."""
BESIDE_READING_MAX = 4.0
MEMORY_GROWTH_MAX_MB = 64
"""Of ten times the accounts: their names and terms, nothing of their transactions."""


def rebuilt(households: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.lots"]
    sizes = ["--households", str(households), "--transactions-per-account", str(PER_ACCOUNT)]
    said = subprocess.run([*command, *sizes], capture_output=True, check=True, timeout=3_600)
    found: dict[str, Any] = json.loads(said.stdout)
    del found["machine"]
    return found


def test_lots_are_rebuilt_beside_reading_in_bounded_memory() -> None:
    small, large = (rebuilt(households) for households in HOUSEHOLDS)
    for found in (small, large):
        told("lots rebuilt from transactions", **found)
        assert found["played_beside_read"] < BESIDE_READING_MAX
    assert large["entries"] == pytest.approx(10 * small["entries"], rel=0.01)
    assert large["mb_extra"] - small["mb_extra"] < MEMORY_GROWTH_MAX_MB
