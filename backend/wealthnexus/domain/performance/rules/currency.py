"""Currencies in returns: published rates and their crosses, a return in another currency, its two parts.

Source: docs/domain/performance.md. Rates are Decimal, units of the quote per unit of the base.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from wealthnexus.domain.performance.rules.figures import Reason

RATE_PLACES: Final = 24
"""Inverse and cross rates are rounded half-up here: far below what any amount can show."""
AGE_DAYS_MAX: Final = 10
"""A rate published longer before is none: a currency that is no longer quoted has no rate."""
_PRECISION: Final = 80


@dataclass(frozen=True, slots=True)
class Rate:
    """``rate``: quote per base, None with the ``reason``; the days on which its two legs were published."""

    base: str
    quote: str
    rate: Decimal | None
    rate_days: tuple[date, ...]
    reason: Reason | None = None


class RateTable:
    """Rates of one publisher against one pivot currency (the ECB: units per euro)."""

    def __init__(self, pivot: str, published: Mapping[str, Mapping[date, Decimal]]) -> None:
        """ValueError: a rate that is not above 0."""
        self._pivot = pivot
        self._days = {currency: sorted(rates) for currency, rates in published.items()}
        self._rates = {currency: dict(rates) for currency, rates in published.items()}
        for currency, rates in published.items():
            for day, rate in rates.items():
                if rate <= 0:
                    raise ValueError(f"{currency} on {day}: a rate of {rate}, expected above 0")

    def rate(self, base: str, quote: str, day: date) -> Rate:
        """The last rate published on or before ``day``, crossed through the pivot; both days are named."""
        base_leg, quote_leg = self._leg(base, day), self._leg(quote, day)
        if base_leg is None or quote_leg is None:
            return Rate(base, quote, None, (), Reason.RATE_MISSING)
        with localcontext(prec=_PRECISION):
            crossed = quote_leg[0] / base_leg[0]
            if base not in {self._pivot, quote}:
                crossed = crossed.quantize(Decimal(1).scaleb(-RATE_PLACES), rounding=ROUND_HALF_UP)
        return Rate(base, quote, Decimal(1) if base == quote else crossed, (base_leg[1], quote_leg[1]))

    def _leg(self, currency: str, day: date) -> tuple[Decimal, date] | None:
        if currency == self._pivot:
            return Decimal(1), self._pivot_day(day)
        days = self._days.get(currency, [])
        at = bisect_right(days, day)
        if not at or (day - days[at - 1]).days > AGE_DAYS_MAX:
            return None
        return self._rates[currency][days[at - 1]], days[at - 1]

    def _pivot_day(self, day: date) -> date:
        """The pivot was published with the others: the last day of any."""
        published = (days[at - 1] for days in self._days.values() if (at := bisect_right(days, day)))
        return max(published, default=day)


def converted(local: float, currency: float) -> float:
    """The return in the scope's currency of a local return and the change of its currency: both compound."""
    return (1 + local) * (1 + currency) - 1


def currency_effect(total: float, local: float) -> float:
    """What of a return in the scope's currency is not the local return, arithmetically: the parts sum."""
    return total - local
