"""The days on which a value is expected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from wealthnexus.domain.markets.rules import calendars

_MARKET: Final = "XNYS"
_ONE_DAY: Final = timedelta(days=1)


def is_session(day: date) -> bool:
    """Whether the market trades on the day; any weekday where its sessions are not known."""
    calendar = calendars.calendar_of(_MARKET)
    return day.weekday() < 5 if calendar is None else calendar.is_session(day)


def valuation_days(first: date, last: date) -> list[date]:
    """The days on which a value is expected: the sessions."""
    return [day for n in range((last - first).days + 1) if is_session(day := first + timedelta(days=n))]


def closed_weekdays() -> list[date]:
    """Weekdays without a session, as far as they are known."""
    calendar = calendars.calendar_of(_MARKET)
    return [] if calendar is None else sorted(calendar.closed)


def close_before(day: date) -> date:
    """The last session before a day."""
    return valuation_days(day - timedelta(days=10), day - _ONE_DAY)[-1]
