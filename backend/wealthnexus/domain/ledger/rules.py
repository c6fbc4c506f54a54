"""The arithmetic of a book: what a holding is worth, how old a price may be, how figures roll up.

Pure: standard library and ``kit.money``. The SQL of ``valuation`` computes the figures of many rows;
``tests/ledger/reference.py`` says the same in Python and a property test holds the two together. Source
of the conventions: docs/domain/valuation.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from typing import Final

from wealthnexus.domain.markets.rules import calendars
from wealthnexus.kit.money import round_statistic

MANUAL_SOURCE: Final = "MANUAL"
"""The source of what a person of the firm entered; it wins over feeds of the same day."""
RATE_PLACES: Final = 24
"""Derived rates (inverse, cross) are rounded half-up here: far below what any amount can show."""
COMMON_CURRENCIES: Final = ("USD", "EUR", "GBP")
"""Over which a cross rate is looked for, after the firm's own currency."""
STALE_AFTER_SESSIONS: Final = 5
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
    """The earliest price days that are not stale on a day; ``unlisted`` by weekdays, as rates are."""

    as_of: date
    unlisted: date
    appraised: date

    def since(self, security_type: str, exchange: str | None = None) -> date:
        if security_type in APPRAISED_TYPES:
            return self.appraised
        known = exchange and calendars.stale_before(exchange, self.as_of, STALE_AFTER_SESSIONS)
        return known or self.unlisted


def freshness(as_of: date) -> Freshness:
    """The one rule of figures and of the price desk: a price is stale when more than five sessions of its
    security's market have passed since, weekdays where the sessions are not known; appraisals after 92
    days."""
    return Freshness(
        as_of=as_of,
        unlisted=last_weekdays(as_of, STALE_AFTER_SESSIONS + 1)[0],
        appraised=as_of - timedelta(days=STALE_AFTER_DAYS_APPRAISED),
    )


@lru_cache(maxsize=64)
def odd_freshness(days: tuple[date, ...]) -> tuple[tuple[str, date, date], ...]:
    """Markets and days on which the limit by sessions is another than by weekdays: market, day, limit.

    Holidays alone make one, so that statements over many days carry little.
    """
    by_code: dict[str, list[tuple[date, date]]] = {}
    for code in calendars.calendar_codes():
        limits = ((day, calendars.stale_before(code, day, STALE_AFTER_SESSIONS)) for day in days)
        by_code[code] = [(day, limit) for day, limit in limits if limit and limit != freshness(day).unlisted]
    markets = {**{code: code for code in by_code}, **calendars.SAME_AS}
    return tuple(
        (market, day, limit) for market, code in sorted(markets.items()) for day, limit in by_code[code]
    )


APPRAISED: Final = "APPRAISED"


@lru_cache(maxsize=262_144)
def _fresh_since(code: str, day: date) -> date:
    """The earliest price day that is not stale; ``code`` "": by weekdays, ``APPRAISED``: of an appraisal."""
    if code == APPRAISED:
        return day - timedelta(days=STALE_AFTER_DAYS_APPRAISED)
    known = calendars.stale_before(code, day, STALE_AFTER_SESSIONS) if code else None
    return known or last_weekdays(day, STALE_AFTER_SESSIONS + 1)[0]


@dataclass(frozen=True, slots=True)
class FreshDays:
    """For each of many days the earliest price day that is not stale: ``days`` one run of them after the
    other, ``kinds`` the markets (and ``APPRAISED``) with the place of their run, from 1; what is not named is
    by weekdays, the first run."""

    days: tuple[date, ...]
    kinds: tuple[str, ...]
    places: tuple[int, ...]


def fresh_days(days: Sequence[date]) -> FreshDays:
    """The rule of ``freshness`` for each of the days."""
    return _fresh_days(tuple(days))


# The statements of one answer ask for the same years of days.
@lru_cache(maxsize=16)
def _fresh_days(days: tuple[date, ...]) -> FreshDays:
    codes = ("", APPRAISED, *calendars.calendar_codes())
    runs = tuple(_fresh_since(code, day) for code in codes for day in days)
    place = {code: at for at, code in enumerate(codes, start=1)}
    markets = {**{code: code for code in codes if code}, **calendars.SAME_AS}
    return FreshDays(runs, tuple(markets), tuple(place[code] for code in markets.values()))


def sessions_since(exchange: str | None, earlier: date, later: date) -> int:
    """Sessions of the market after ``earlier`` up to ``later``; weekdays where they are not known."""
    calendar = calendars.calendar_of(exchange)
    if calendar is None:
        return weekdays_between(earlier, later)
    return calendar.sessions_between(earlier, later)


def settlement_date(trade_date: date, transaction_type: str, currency: str) -> date:
    """Where the source gives none: US-dollar trades settle by the cycle of their day, all else at once.

    The cycle is counted in days on which US trades settle (``markets.rules.calendars``).
    """
    if currency != "USD" or transaction_type not in {"BUY", "SELL", "SHORT", "COVER"}:
        return trade_date
    return calendars.settlement_date("XNYS", trade_date) or trade_date


# -- rates ---------------------------------------------------------------------------------------------


def common_currencies(firm_currency: str) -> tuple[str, ...]:
    """The currencies over which a cross rate is looked for, in order."""
    return (firm_currency, *(code for code in COMMON_CURRENCIES if code != firm_currency))


# -- totals ------------------------------------------------------------------------------------------------


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
