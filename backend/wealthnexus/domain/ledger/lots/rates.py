"""Exchange rates of a day: the last published by then, direct, inverse, or across a common currency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final

from .arithmetic import EXACT, ONE, to_places

RATE_PLACES: Final = 24
"""Derived rates (inverse, cross) are rounded half-up here, as everywhere in the ledger."""
ACROSS: Final = ("EUR", "USD")
"""Common currencies over which a cross rate is looked for, in order."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of the quote currency for one of the base. ``days``: when each leg was published."""

    value: Decimal
    days: tuple[date, date]


class RateTable:
    """Published rates as (base, quote, day, rate); a direct pair counts before its inverse before a cross."""

    def __init__(self, rows: Iterable[tuple[str, str, date, Decimal]]) -> None:
        self._rows: dict[tuple[str, str], list[tuple[date, Decimal]]] = {}
        for base, quote, day, rate in rows:
            self._rows.setdefault((base, quote), []).append((day, rate))
        for series in self._rows.values():
            series.sort()

    def find(self, base: str, quote: str, day: date, across: Sequence[str] = ACROSS) -> Rate | None:
        """The rate with the days of its legs; None when no publication by the day leads to it."""
        if base == quote:
            return Rate(ONE, (day, day))
        with localcontext(EXACT):
            leg = self._leg(base, quote, day)
            if leg is not None:
                return Rate(leg[1], (leg[0], leg[0]))
            for common in across:
                first, second = self._leg(base, common, day), self._leg(common, quote, day)
                if first is not None and second is not None:
                    value = to_places(first[1] * second[1], RATE_PLACES)
                    return Rate(value, (first[0], second[0]))
        return None

    def rate_on(self, base: str, quote: str, day: date) -> Decimal | None:
        """The same as a number: what ``Facts.rate_on`` takes."""
        found = self.find(base, quote, day)
        return None if found is None else found.value

    def _leg(self, base: str, quote: str, day: date) -> tuple[date, Decimal] | None:
        direct = self._last(base, quote, day)
        if direct is not None:
            return direct
        inverse = self._last(quote, base, day)
        return None if inverse is None else (inverse[0], to_places(ONE / inverse[1], RATE_PLACES))

    def _last(self, base: str, quote: str, day: date) -> tuple[date, Decimal] | None:
        series = self._rows.get((base, quote), [])
        number = bisect_right(series, day, key=lambda row: row[0])
        return series[number - 1] if number else None
