"""The arithmetic of a book: what a holding is worth, how old a price may be, how figures roll up.

Pure: standard library and ``kit.money``. The SQL of ``valuation`` computes the same figures over many
rows; a property test holds the two together. Source of the conventions: docs/domain/valuation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Final

from wealthnexus.kit.money import round_money, round_statistic

MANUAL_SOURCE: Final = "MANUAL"
"""The source of what a person of the firm entered; it wins over feeds of the same day."""
RATE_PLACES: Final = 24
"""Derived rates (inverse, cross) are rounded half-up here: far below what any amount can show."""
COMMON_CURRENCIES: Final = ("USD", "EUR", "GBP")
"""Over which a cross rate is looked for, after the firm's own currency."""
STALE_AFTER_WEEKDAYS: Final = 5
STALE_AFTER_DAYS_APPRAISED: Final = 92
APPRAISED_TYPES: Final = frozenset(
    {
        "PRIVATE_FUND",
        "HEDGE_FUND",
        "PRIVATE_COMPANY",
        "REAL_ESTATE",
        "COLLECTIBLE",
        "ANNUITY",
        "INSURANCE",
        "LOAN",
    }
)
"""Marked by appraisal or statement, not by a market: a quarter is not old for them."""
_PRECISION: Final = 80
_SATURDAY: Final = 5


class Quality(StrEnum):
    """How far a figure can be relied on, best first."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    STALE = "STALE"
    UNAVAILABLE = "UNAVAILABLE"


# -- days ----------------------------------------------------------------------------------------------


def is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


def weekdays_between(earlier: date, later: date) -> int:
    """Weekdays after ``earlier`` up to and including ``later``; 0 when ``later`` is not after it."""
    if later <= earlier:
        return 0
    weeks, rest = divmod((later - earlier).days, 7)
    tail = sum(is_weekday(later - timedelta(days=n)) for n in range(rest))
    return weeks * 5 + tail


def last_weekdays(as_of: date, count: int) -> list[date]:
    """The ``count`` latest weekdays at or before ``as_of``, oldest first."""
    days: list[date] = []
    day = as_of
    while len(days) < count:
        if is_weekday(day):
            days.append(day)
        day -= timedelta(days=1)
    days.reverse()
    return days


def last_month_ends(as_of: date, count: int) -> list[date]:
    """The last weekday at or before ``as_of`` and those of the ``count`` - 1 months before, oldest first."""
    days = last_weekdays(as_of, 1)
    while len(days) < count:
        days.append(last_weekdays(days[-1].replace(day=1) - timedelta(days=1), 1)[0])
    days.reverse()
    return days


@dataclass(frozen=True, slots=True)
class Freshness:
    """The earliest price days that are not stale on a day."""

    listed: date
    appraised: date

    def since(self, security_type: str) -> date:
        return self.appraised if security_type in APPRAISED_TYPES else self.listed


def freshness(as_of: date) -> Freshness:
    """Listed prices are stale when more than five weekdays have passed since, appraisals after 92 days.

    Weekdays and not sessions: a holiday makes the limit a day stricter, never laxer.
    """
    return Freshness(
        listed=last_weekdays(as_of, STALE_AFTER_WEEKDAYS + 1)[0],
        appraised=as_of - timedelta(days=STALE_AFTER_DAYS_APPRAISED),
    )


def settlement_date(trade_date: date, transaction_type: str, currency: str) -> date:
    """Where the source gives none: US-dollar trades settle by the cycle of their day, all else at once.

    T+3 until 5 September 2017, T+2 until 28 May 2024, T+1 since (SEC Rule 15c6-1), counted in weekdays.
    """
    if currency != "USD" or transaction_type not in {"BUY", "SELL", "SHORT", "COVER"}:
        return trade_date
    if trade_date < date(2017, 9, 5):
        cycle = 3
    elif trade_date < date(2024, 5, 28):
        cycle = 2
    else:
        cycle = 1
    day = trade_date
    while cycle:
        day += timedelta(days=1)
        cycle -= is_weekday(day)
    return day


# -- rates ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """1 unit of the one currency is ``rate`` of the other; ``day``: of the older leg of a cross rate."""

    rate: Decimal
    day: date
    source: str


def _places(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-RATE_PLACES), rounding=ROUND_HALF_UP)


def _leg(base: str, quote: str, quotes: Mapping[tuple[str, str], Rate]) -> Rate | None:
    direct = quotes.get((base, quote))
    if direct is not None:
        return direct
    inverse = quotes.get((quote, base))
    if inverse is None:
        return None
    with localcontext(prec=_PRECISION):
        return Rate(_places(Decimal(1) / inverse.rate), inverse.day, inverse.source)


def common_currencies(firm_currency: str) -> tuple[str, ...]:
    """The currencies over which a cross rate is looked for, in order."""
    return (firm_currency, *(code for code in COMMON_CURRENCIES if code != firm_currency))


def resolve_rate(
    base: str, quote: str, quotes: Mapping[tuple[str, str], Rate], common: Sequence[str]
) -> Rate | None:
    """The rate from ``base`` to ``quote``: the pair itself, else its inverse, else the first cross rate.

    ``quotes``: the latest known rate of each pair. None when none of the three can be made.
    """
    found = _leg(base, quote, quotes)
    if found is not None:
        return found
    for currency in common:
        if currency in (base, quote):
            continue
        first, second = _leg(base, currency, quotes), _leg(currency, quote, quotes)
        if first is not None and second is not None:
            with localcontext(prec=_PRECISION):
                rate = _places(first.rate * second.rate)
            older = first if first.day <= second.day else second
            return Rate(rate, older.day, older.source)
    return None


# -- positions and totals ----------------------------------------------------------------------------------


def position_value(
    units: Decimal,
    close: Decimal | None,
    price_multiplier: Decimal,
    rate: Decimal | None,
    currency: str,
) -> Decimal | None:
    """Units times close times multiplier times rate, rounded once, half-up, to ``currency``'s minor unit.

    ``price_multiplier`` makes the quoted price one per unit: 0.01 for a bond quoted per 100 of face, 100
    for an option quoted per share. ``rate``: security's currency into ``currency`` (1 when the same).
    None when there is no price or no rate.
    """
    if close is None or rate is None:
        return None
    with localcontext(prec=_PRECISION):
        return round_money(units * close * price_multiplier * rate, currency)


def converted(value: Decimal | None, rate: Decimal | None, currency: str) -> Decimal | None:
    """``value`` times ``rate``, rounded half-up to ``currency``'s minor unit; None when either is missing."""
    if value is None or rate is None:
        return None
    with localcontext(prec=_PRECISION):
        return round_money(value * rate, currency)


@dataclass(frozen=True, slots=True)
class ValuedPosition:
    """A position as totals need it: its rounded value or None, and whether price or rate are stale."""

    value: Decimal | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A total with what is missing from it."""

    value: Decimal | None
    position_count: int
    unpriced_count: int
    stale_count: int

    @property
    def quality(self) -> Quality:
        return quality_of(self.value, self.unpriced_count, self.stale_count)


def account_total(cash: Decimal, positions: Iterable[ValuedPosition]) -> Total:
    """Cash and the priced positions (docs/decisions/0004): None only when nothing in it has a value."""
    total, count, unpriced, stale = cash, 0, 0, 0
    for position in positions:
        count += 1
        if position.value is None:
            unpriced += 1
        else:
            total += position.value
            stale += position.is_stale
    nothing = count > 0 and unpriced == count and cash == 0
    return Total(None if nothing else total, count, unpriced, stale)


def quality_of(value: Decimal | None, missing_count: int, stale_count: int) -> Quality:
    """UNAVAILABLE without a value, PARTIAL when something is missing from it, STALE, else COMPLETE."""
    if value is None:
        return Quality.UNAVAILABLE
    if missing_count:
        return Quality.PARTIAL
    return Quality.STALE if stale_count else Quality.COMPLETE


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """``part`` of ``whole`` to 8 places, half-even; None when either is missing or the whole is 0."""
    if part is None or not whole:
        return None
    with localcontext(prec=_PRECISION):
        return round_statistic(part / whole)
