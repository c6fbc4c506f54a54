"""The days on which a value is expected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from wealthnexus.domain.markets.rules import calendars

_MARKET: Final = "XNYS"
_ONE_DAY: Final = timedelta(days=1)


def valuation_days(first: date, last: date) -> list[date]:
    """The days on which a value is expected: those on which the market has a session, weekdays where its
    sessions are not known."""
    calendar = calendars.calendar_of(_MARKET)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if calendar is None:
        return [day for day in every if day.weekday() < 5]
    return [day for day in every if calendar.is_session(day)]


def close_before(day: date) -> date:
    """The last session before a day."""
    return valuation_days(day - timedelta(days=10), day - _ONE_DAY)[-1]
