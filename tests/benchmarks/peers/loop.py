"""A loop over accounts with the libraries others use: quantstats for statistics, pyxirr for money-weighted.

    .venv/peers/bin/python tests/benchmarks/peers/loop.py START.npy END.npy FLOWS.npy

START, END: capital of each day, (days, accounts). FLOWS: one row per account, a flow every 21 days. Prints
one line of JSON: versions, seconds of both loops, and the figures of every account.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
import warnings
from datetime import date, timedelta

import numpy
import pandas
import pyxirr

warnings.simplefilter("ignore")  # of the libraries themselves

from quantstats import stats  # noqa: E402


def main(start_file: str, end_file: str, flows_file: str) -> None:
    start, end, flows = (numpy.load(name) for name in (start_file, end_file, flows_file))
    days = pandas.bdate_range("2011-01-03", periods=start.shape[0])
    told = ("quantstats", "pandas", "pyxirr", "numpy")
    stats.comp(pandas.Series(end[:, 0] / start[:, 0] - 1, index=days))  # what is imported late
    figures = []
    begun = time.perf_counter()
    for at in range(start.shape[1]):
        returns = pandas.Series(end[:, at] / start[:, at] - 1, index=days)
        figures.append(
            (
                float(stats.comp(returns)),
                float(stats.volatility(returns)),
                float(stats.sharpe(returns)),
                -float(stats.max_drawdown(returns)),
            )
        )
    statistics = time.perf_counter() - begun
    dates = [date(2011, 1, 3) + timedelta(days=21 * at) for at in range(flows.shape[1])]
    begun = time.perf_counter()
    rates = [pyxirr.xirr(dates, row) for row in flows.tolist()]
    money_weighted = time.perf_counter() - begun
    print(
        json.dumps(
            {
                "versions": {name: importlib.metadata.version(name) for name in told},
                "statistics_s": statistics,
                "money_weighted_s": money_weighted,
                "figures": figures,
                "rates": rates,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
