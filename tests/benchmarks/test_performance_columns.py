"""`make bench`: returns and statistics of many accounts over ten years. Prints lines of JSON.

The floor: one numpy pass (divide, product along days) over the same array. Beside it, what the same figures
cost account by account in numpy.
"""

from __future__ import annotations

import json
import time
from array import array
from collections.abc import Callable

import numpy
import pytest
from wealthnexus.domain.performance.rules.columns import CapitalColumns, linked_returns, statistics_of
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

from tests.benchmarks import numpy_columns
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


@pytest.mark.parametrize("accounts", [1_000, 10_000])
def test_ten_years_of_many_accounts(accounts: int) -> None:
    rng = numpy.random.default_rng(1)
    start = rng.uniform(900.0, 1_100.0, accounts * DAYS)
    end = start * rng.normal(1.0003, 0.01, accounts * DAYS)
    columns = CapitalColumns(DAYS, array("d", start.tobytes()), array("d", end.tobytes()))
    grid = (accounts, DAYS)
    floor = seconds(lambda: numpy.prod((end / start).reshape(grid), axis=1) - 1)
    returns = seconds(lambda: linked_returns(columns), 1)
    statistics = seconds(lambda: statistics_of(columns, CalculationPolicy()), 1)
    by_day = [numpy.ascontiguousarray(each.reshape(grid).T) for each in (start, end)]
    vectors = seconds(lambda: numpy_columns.statistics_of(*by_day, periods_per_year=252, free=0.0))
    assert linked_returns(columns) == pytest.approx(numpy.prod((end / start).reshape(grid), axis=1) - 1)
    print(
        json.dumps(
            {
                "bench": "performance columns",
                "accounts": accounts,
                "days": DAYS,
                "floor_s": round(floor, 3),
                "returns_s": round(returns, 3),
                "returns_to_floor": round(returns / floor, 1),
                "statistics_s": round(statistics, 3),
                "statistics_to_floor": round(statistics / floor, 1),
                "numpy_statistics_s": round(vectors, 3),
                "numpy_statistics_to_floor": round(vectors / floor, 1),
                "machine": machine(),
            }
        )
    )
