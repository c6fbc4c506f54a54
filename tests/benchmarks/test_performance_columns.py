"""`make bench`: returns and statistics of many accounts over ten years. Prints lines of JSON.

The floor: one numpy pass (divide, product along days) over the same array; beside it the loop over accounts
that a library of statistics would make. Memory: beside the columns nothing of their size.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable

import numpy
import pytest
from numpy.typing import NDArray
from wealthnexus.domain.performance.rules.columns import CapitalColumns, linked_returns, statistics_of
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

from tests.benchmarks.nested_read import machine

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
DAYS = 2_520


def seconds(run: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        found.append(time.perf_counter() - started)
    return min(found)


def by_account(start: NDArray[numpy.float64], end: NDArray[numpy.float64]) -> list[tuple[float, ...]]:
    """The same figures account by account, each by the usual whole-series functions of numpy."""
    found = []
    for at in range(start.shape[1]):
        returns = end[:, at] / start[:, at] - 1
        levels = numpy.cumprod(1 + returns)
        peaks = numpy.maximum.accumulate(numpy.maximum(levels, 1))
        spread = returns.std(ddof=1)
        ratio = returns.mean() / spread * numpy.sqrt(252)
        found.append(
            (levels[-1] - 1, spread * numpy.sqrt(252), ratio, float(((peaks - levels) / peaks).max()))
        )
    return found


@pytest.mark.parametrize("accounts", [1_000, 10_000])
def test_ten_years_of_many_accounts(accounts: int) -> None:
    rng = numpy.random.default_rng(1)
    start = rng.uniform(900.0, 1_100.0, (DAYS, accounts))
    end = start * rng.normal(1.0003, 0.01, (DAYS, accounts))
    columns, policy = CapitalColumns(start, end), CalculationPolicy()
    floor = seconds(lambda: numpy.prod(end / start, axis=0) - 1)
    returns = seconds(lambda: linked_returns(columns))
    statistics = seconds(lambda: statistics_of(columns, policy))
    loop = seconds(lambda: by_account(start, end), 1)
    tracemalloc.start()
    found = statistics_of(columns, policy)
    extra = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.value == pytest.approx(numpy.prod(end / start, axis=0) - 1)
    assert found.sharpe == pytest.approx([each[2] for each in by_account(start, end)], rel=1e-9)
    assert extra < start.nbytes / 10
    print(
        json.dumps(
            {
                "bench": "performance columns",
                "accounts": accounts,
                "days": DAYS,
                "floor_s": round(floor, 3),
                "returns_s": round(returns, 3),
                "returns_to_floor": round(returns / floor, 2),
                "statistics_s": round(statistics, 3),
                "statistics_to_floor": round(statistics / floor, 2),
                "by_account_s": round(loop, 3),
                "by_account_to_statistics": round(loop / statistics, 2),
                "extra_mb": round(extra / 1e6, 2),
                "machine": machine(),
            }
        )
    )
    if accounts >= 10_000:  # of fewer the calls themselves, fourteen a day, are most of it
        assert statistics / floor < 5
