"""Total-return levels: a security's closes with its splits undone and its cash dividends reinvested.

A dividend is reinvested at the close of its ex-date: level x (close x split + dividend) / close before. A
yearly rate grows by the day, compounding, actual/365.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

_PRECISION: Final = 34
_BASE: Final = Decimal(100)
_DAYS_OF_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a unit of the close before became on the ex-date: ``ratio`` units, and ``cash`` for each of the
    old ones, in the security's currency."""

    ex_date: date
    ratio: Decimal = Decimal(1)
    cash: Decimal = Decimal(0)


def total_return_levels(
    closes: Mapping[date, Decimal], distributions: Sequence[Distribution]
) -> dict[date, Decimal]:
    """Levels from 100 on the days that have a close; none after a close of 0."""
    days = sorted(closes)
    if not days:
        return {}
    pending = sorted(distributions, key=lambda each: each.ex_date)
    found = {days[0]: _BASE}
    with localcontext(prec=_PRECISION):
        for before, day in pairwise(days):
            if closes[before] <= 0:
                break
            units, cash = Decimal(1), Decimal(0)
            for each in pending:
                if before < each.ex_date <= day:
                    cash += units * each.cash
                    units *= each.ratio
            found[day] = found[before] * (closes[day] * units + cash) / closes[before]
    return found


def levels_at_a_rate(rate: Decimal, days: Sequence[date]) -> dict[date, Decimal]:
    """Levels of a yearly rate on the days, from 100 on the first."""
    with localcontext(prec=_PRECISION):
        growth = 1 + rate
        return {day: _BASE * growth ** (Decimal((day - days[0]).days) / _DAYS_OF_A_YEAR) for day in days}
