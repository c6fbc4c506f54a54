"""Total-return levels: a security's closes with its splits undone and its cash dividends reinvested.

A dividend is reinvested at the close of its ex-date: level x (close x split + dividend) / close before; of a
dividend and a split on one day the dividend is of the units before. What several sources tell counts once. A
yearly rate grows by the day, compounding, actual/365.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

from wealthnexus.domain.performance.rules.figures import Reason

SAME_ACTION_DAYS_MAX: Final = 5
"""Two sources mean the same action when its terms are equal and their ex-dates at most this far apart."""
_PRECISION: Final = 34
_BASE: Final = Decimal(100)
_DAYS_OF_A_YEAR: Final = 365
_DIVIDES: Final = frozenset({"SPIN_OFF", "MERGER"})


@dataclass(frozen=True, slots=True)
class ToldAction:
    """What a source tells of an issuer's action. ``rank``: of the source, the lowest first. ``cash``: for a
    unit, in ``currency``; None: that of the security."""

    type: str
    ex_date: date
    source: str
    rank: int
    ratio_new: Decimal | None = None
    ratio_old: Decimal | None = None
    cash: Decimal | None = None
    currency: str | None = None

    @property
    def terms(self) -> tuple[object, ...]:
        return self.type, self.ratio_new, self.ratio_old, self.cash, self.currency


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a unit of the close before became on the ex-date: ``ratio`` units, and ``cash`` for each of the
    old ones, in the unit of the closes. With a ``reason`` that is not known, and no growth leads over it."""

    ex_date: date
    ratio: Decimal = Decimal(1)
    cash: Decimal = Decimal(0)
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels from 100 on; ``breaks``: the days over which they say nothing of the growth, with the reason."""

    by_day: Mapping[date, Decimal]
    breaks: Mapping[date, Reason]


def told_once(told: Sequence[ToldAction]) -> list[ToldAction]:
    """Of each action the words of one source, by ex-date.

    The best source that tells of a kind on a day tells all of it; another one's like terms some days apart
    are the same action.
    """
    kept: list[ToldAction] = []
    for one in sorted(told, key=lambda each: (each.rank, each.source, each.ex_date)):
        if not any(_is_same(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: (each.ex_date, each.type))


def _is_same(one: ToldAction, other: ToldAction) -> bool:
    if one.source == other.source or one.type != other.type:
        return False
    apart = abs((one.ex_date - other.ex_date).days)
    return apart == 0 or (apart <= SAME_ACTION_DAYS_MAX and one.terms == other.terms)


def distribution_of(
    told: ToldAction,
    *,
    currency: str,
    price_multiplier: Decimal,
    rates: Mapping[tuple[str, date], Decimal],
) -> Distribution:
    """The action in the unit of the security's closes: what is paid at the rate of the ex-date into its
    ``currency`` (``rates`` by currency and day), over what a price is multiplied with (pence: 0.01).

    What is split off or merged into something else is not followed; nor cash without a rate.
    """
    if told.type in _DIVIDES:
        return Distribution(told.ex_date, reason=Reason.SPLIT_OFF)
    ratio = Decimal(1)
    with localcontext(prec=_PRECISION):
        if told.ratio_new and told.ratio_old:
            ratio = told.ratio_new / told.ratio_old
            if told.type == "STOCK_DIVIDEND":
                ratio += 1
        cash = told.cash or Decimal(0)
        if cash and told.currency not in {None, currency}:
            converts = rates.get((told.currency or currency, told.ex_date))
            if converts is None:
                return Distribution(told.ex_date, reason=Reason.RATE_MISSING)
            cash *= converts
        return Distribution(told.ex_date, ratio, cash / price_multiplier)


def total_return_levels(closes: Mapping[date, Decimal], distributions: Sequence[Distribution]) -> Levels:
    """Levels from 100 on the days that have a close; none after a close of 0."""
    days = sorted(closes)
    if not days:
        return Levels({}, {})
    pending = sorted(distributions, key=lambda each: (each.ex_date, each.ratio != 1))
    found = {days[0]: _BASE}
    with localcontext(prec=_PRECISION):
        for before, day in pairwise(days):
            if closes[before] <= 0:
                break
            units, cash = Decimal(1), Decimal(0)
            for each in pending:
                if before < each.ex_date <= day and each.reason is None:
                    cash += units * each.cash
                    units *= each.ratio
            found[day] = found[before] * (closes[day] * units + cash) / closes[before]
    return Levels(found, {each.ex_date: each.reason for each in distributions if each.reason is not None})


def levels_at_a_rate(rate: Decimal, days: Sequence[date]) -> Levels:
    """Levels of a yearly rate on the days, from 100 on the first."""
    with localcontext(prec=_PRECISION):
        growth = 1 + rate
        by_day = {day: _BASE * growth ** (Decimal((day - days[0]).days) / _DAYS_OF_A_YEAR) for day in days}
    return Levels(by_day, {})
