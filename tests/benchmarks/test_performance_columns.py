"""`make bench`: returns and statistics of many accounts over ten years. Prints lines of JSON.

The floor: one numpy pass (divide, product along days) over the same array. The peers: a loop over accounts
with quantstats and pyxirr, in an environment of their own (`scripts/peers.sh`), of a sample of the accounts:
a loop's time is proportional to them. Memory: beside the columns nothing of their size.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import tracemalloc
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy
import pytest
from numpy.typing import NDArray
from wealthnexus.domain.performance.rules.columns import CapitalColumns, linked_returns, statistics_of
from wealthnexus.domain.performance.rules.money_weighted import CashFlow, money_weighted
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

from tests.benchmarks.measuring import IS_FULL, least_seconds, told

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]
DAYS = 2_520
ACCOUNTS = [1_000, 10_000, *([100_000] if IS_FULL else [])]
FLOOR_TIMES_MAX, PEER_TIMES_MIN = 5, 20
SAMPLE = 400 if IS_FULL else 100
FLOWS = 120
PEERS = Path(os.environ.get("WEALTHNEXUS_PEERS", ".venv/peers")) / "bin" / "python"
LOOP = Path(__file__).parent / "peers" / "loop.py"
Doubles = NDArray[numpy.float64]


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the peers made of the first accounts of every size: their random numbers are the same."""
    folder = tmp_path_factory.mktemp("peers")
    start, end = columns_of(SAMPLE)
    for name, values in {"start": start, "end": end, "flows": flows_of(SAMPLE)}.items():
        numpy.save(folder / f"{name}.npy", values)
    files = [str(folder / f"{name}.npy") for name in ("start", "end", "flows")]
    if not PEERS.exists():
        pytest.skip("the libraries to measure beside are not installed: bash scripts/peers.sh")
    said = subprocess.run([str(PEERS), str(LOOP), *files], capture_output=True, check=True, timeout=900)
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def columns_of(accounts: int) -> tuple[Doubles, Doubles]:
    """Capital of each day: by blocks of accounts, so that the first are the same however many there are."""
    start, end = numpy.empty((DAYS, accounts)), numpy.empty((DAYS, accounts))
    for at in range(0, accounts, 100):
        rng = numpy.random.default_rng(at)
        width = min(100, accounts - at)
        block = rng.uniform(900.0, 1_100.0, (DAYS, 100))
        start[:, at : at + width] = block[:, :width]
        end[:, at : at + width] = (block * rng.normal(1.0003, 0.01, (DAYS, 100)))[:, :width]
    return start, end


def flows_of(accounts: int) -> Doubles:
    """A payment every 21 days and the value at the end."""
    rng = numpy.random.default_rng(7)
    paid = -numpy.round(rng.uniform(50.0, 150.0, (accounts, FLOWS)), 2)
    paid[:, -1] = numpy.round(-paid.sum(axis=1) * rng.uniform(0.8, 2.0, accounts), 2)
    return paid


@pytest.mark.parametrize("accounts", ACCOUNTS)
def test_ten_years_of_many_accounts(accounts: int, peers: dict[str, Any]) -> None:
    start, end = columns_of(accounts)
    columns, policy = CapitalColumns(start, end), CalculationPolicy()
    floor = least_seconds(lambda: numpy.prod(end / start, axis=0) - 1)
    returns = least_seconds(lambda: linked_returns(columns))
    statistics = least_seconds(lambda: statistics_of(columns, policy))
    tracemalloc.start()
    found = statistics_of(columns, policy)
    extra = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    loop = peers["statistics_s"] / SAMPLE * accounts
    told(
        "daily returns and statistics over ten years",
        accounts=accounts,
        days=DAYS,
        floor_s=floor,
        returns_s=returns,
        statistics_s=statistics,
        statistics_to_floor=statistics / floor,
        peers_s=loop,
        peers_measured=SAMPLE,
        peers_to_statistics=loop / statistics,
        extra_mb=extra / 1e6,
        columns_mb=2 * start.nbytes / 1e6,
        versions=peers["versions"],
    )
    assert found.value == pytest.approx(numpy.prod(end / start, axis=0) - 1)
    theirs = numpy.array(peers["figures"]).T
    ours = (found.value, found.volatility, found.sharpe, found.max_drawdown)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine[:SAMPLE] == pytest.approx(other, rel=1e-9)
    assert extra < start.nbytes / 10
    assert loop / statistics > PEER_TIMES_MIN
    if accounts >= 10_000:  # of fewer the calls themselves, fourteen a day, are most of it
        assert statistics / floor < FLOOR_TIMES_MAX


def test_the_money_weighted_return_beside_pyxirr(peers: dict[str, Any]) -> None:
    """Every root with the proof that there is no other, beside one root from a guess: told, not judged."""
    paid = flows_of(SAMPLE).tolist()
    days = [date(2011, 1, 3) + timedelta(days=21 * at) for at in range(FLOWS)]
    accounts = [
        [CashFlow(day, Decimal(str(amount))) for day, amount in zip(days, row, strict=True)] for row in paid
    ]
    begun = time.perf_counter()
    found = [money_weighted(flows) for flows in accounts]
    seconds = time.perf_counter() - begun
    told(
        "money-weighted returns, 120 flows each",
        accounts=SAMPLE,
        ms_each=seconds / SAMPLE * 1_000,
        peer_ms_each=peers["money_weighted_s"] / SAMPLE * 1_000,
        times_the_peer=seconds / peers["money_weighted_s"],
    )
    # The peer stops when its sum is nearly 0, some of its rates within a billionth.
    assert [each.value for each in found] == pytest.approx(peers["rates"], abs=1e-8)
