"""Sessions of exchanges: days on which they trade, half days, and the days trades settle on.

The sessions come from ``data/exchange_calendars.json``, written from the library ``exchange_calendars`` by
``scripts/write_calendars.py``. The library vouches for about a year ahead (``known_through``); after that
days follow from the published rules alone, and closings that are announced later are not in them
(``is_projected``). Without a calendar, or beyond its last day, weekdays stand in.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

# Markets that keep the hours and holidays of another one. ISO 10383 codes.
SAME_AS: Final = {
    "XNAS": "XNYS", "XNGS": "XNYS", "XNMS": "XNYS", "XNCM": "XNYS", "ARCX": "XNYS", "XASE": "XNYS",
    "BATS": "XNYS", "EDGX": "XNYS", "EDGA": "XNYS", "IEXG": "XNYS", "XBOS": "XNYS", "XPHL": "XNYS",
    "XCHI": "XNYS", "MEMX": "XNYS", "OTCM": "XNYS", "XOTC": "XNYS", "PINX": "XNYS", "XCBO": "XNYS",
    "OPRA": "XNYS", "XTSX": "XTSE", "XCNQ": "XTSE", "NEOE": "XTSE", "AIMX": "XLON", "XFRA": "XETR",
    "XSTU": "XETR", "XBER": "XETR", "XMUN": "XETR", "XDUS": "XETR", "XHAM": "XETR",
}  # fmt: skip
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class ExchangeCalendar:
    """One market's sessions between ``first`` and ``last``; times are local to ``time_zone``."""

    code: str
    time_zone: str
    first: date
    known_through: date
    last: date
    closed: frozenset[date]
    weekend_sessions: frozenset[date]
    early: Mapping[date, time]
    opens: tuple[tuple[date, time], ...]
    closes: tuple[tuple[date, time], ...]

    def is_session(self, day: date) -> bool:
        """Whether the market trades on the day; before ``first`` and after ``last`` any weekday."""
        if day.weekday() >= _SATURDAY:
            return day in self.weekend_sessions
        return day not in self.closed

    def is_projected(self, day: date) -> bool:
        """Whether the day lies beyond what the exchange has announced."""
        return day > self.known_through

    def is_half_day(self, day: date) -> bool:
        """Whether the market closes early on the day."""
        return day in self.early

    def opens_at(self, day: date) -> time | None:
        """Local time of the opening; None on a day without a session."""
        return _regular(self.opens, day) if self.is_session(day) else None

    def closes_at(self, day: date) -> time | None:
        """Local time of the close, of a half day the early one; None on a day without a session."""
        if not self.is_session(day):
            return None
        return self.early.get(day) or _regular(self.closes, day)

    def sessions_between(self, earlier: date, later: date) -> int:
        """Sessions after ``earlier`` up to and including ``later``; 0 when ``later`` is not after it."""
        return sum(self.is_session(earlier + timedelta(days=n)) for n in range(1, (later - earlier).days + 1))

    def session_on_or_before(self, day: date) -> date:
        while not self.is_session(day):
            day -= timedelta(days=1)
        return day

    def sessions_back(self, day: date, count: int) -> date:
        """The session ``count`` sessions before the latest one at or before ``day``."""
        day = self.session_on_or_before(day)
        for _ in range(count):
            day = self.session_on_or_before(day - timedelta(days=1))
        return day

    def sessions(self, first: date, last: date) -> list[date]:
        """Every session from ``first`` to ``last``, both included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.is_session(day)]


def _regular(changes: tuple[tuple[date, time], ...], day: date) -> time:
    place = bisect_right(changes, day, key=lambda change: change[0])
    return changes[max(place - 1, 0)][1]


@cache
def _data() -> dict[str, Any]:
    text = (resources.files("wealthnexus.domain.markets") / "data" / "exchange_calendars.json").read_text()
    content: dict[str, Any] = json.loads(text)
    return content


def source() -> str:
    """Name and version of the library the sessions come from."""
    return str(_data()["source"])


def calendar_codes() -> list[str]:
    """Every calendar there is, by code."""
    return sorted(_data()["calendars"])


def calendar_of(exchange: str | None) -> ExchangeCalendar | None:
    """The calendar of a market by its ISO 10383 code; None for a market whose sessions are not known."""
    if exchange is None:
        return None
    code = SAME_AS.get(exchange, exchange)
    return _made(code) if code in _data()["calendars"] else None


@lru_cache(maxsize=64)
def _made(code: str) -> ExchangeCalendar:
    facts = _data()["calendars"][code]
    return ExchangeCalendar(
        code=code,
        time_zone=facts["timeZone"],
        first=date.fromisoformat(facts["first"]),
        known_through=date.fromisoformat(facts["knownThrough"]),
        last=date.fromisoformat(facts["last"]),
        closed=frozenset(
            date.fromisoformat(f"{year}-{day}") for year, days in facts["closed"].items() for day in days
        ),
        weekend_sessions=frozenset(map(date.fromisoformat, facts["weekendSessions"])),
        early={date.fromisoformat(day): time.fromisoformat(at) for day, at in facts["early"].items()},
        opens=tuple((date.fromisoformat(day), time.fromisoformat(at)) for day, at in facts["opens"]),
        closes=tuple((date.fromisoformat(day), time.fromisoformat(at)) for day, at in facts["closes"]),
    )


@lru_cache(maxsize=1_024)
def stale_before(exchange: str, as_of: date, sessions_max: int) -> date | None:
    """The earliest price day that is not stale for the market: at most ``sessions_max`` sessions old.

    None for a market whose sessions are not known.
    """
    calendar = calendar_of(exchange)
    if calendar is None:
        return None
    return calendar.sessions_back(as_of, sessions_max)


# -- settlement ----------------------------------------------------------------------------------------------

# Business days from trade to settlement by the trade date. US: SEC Rule 15c6-1 (7 June 1995 T+3, 5 September
# 2017 T+2, 28 May 2024 T+1), before that five by custom. Canada: T+1 from 27 May 2024. Europe: Regulation
# (EU) 909/2014 and the same change in London and Zurich, T+2 from 6 October 2014, T+1 from 11 October 2027.
# Japan: T+2 from 16 July 2019. Hong Kong: T+2. Australia from 7 March 2016 and Singapore from 10 December
# 2018: T+2.
_EUROPE: Final = ((date(2014, 10, 6), 2), (date(2027, 10, 11), 1))
_EUROPEAN: Final = (
    "XLON", "XDUB", "XPAR", "XAMS", "XBRU", "XLIS", "XMIL", "XMAD", "XSWX", "XWBO", "XSTO", "XOSL", "XHEL",
    "XCSE",
)  # fmt: skip
_CYCLES: Final[dict[str, tuple[int, tuple[tuple[date, int], ...]]]] = {
    "XNYS": (5, ((date(1995, 6, 7), 3), (date(2017, 9, 5), 2), (date(2024, 5, 28), 1))),
    "XTSE": (5, ((date(1995, 6, 7), 3), (date(2017, 9, 5), 2), (date(2024, 5, 27), 1))),
    "XTKS": (3, ((date(2019, 7, 16), 2),)),
    "XHKG": (2, ()),
    "XASX": (3, ((date(2016, 3, 7), 2),)),
    "XSES": (3, ((date(2018, 12, 10), 2),)),
    **dict.fromkeys(_EUROPEAN, (3, _EUROPE)),
    "XETR": (2, _EUROPE),
}  # fmt: skip
# What settles on another day than shares: options, government bonds and funds the next day, money funds at
# once.
_NEXT_DAY_TYPES: Final = frozenset({"OPTION", "TREASURY", "GOVERNMENT_BOND", "MUTUAL_FUND"})
_SAME_DAY_TYPES: Final = frozenset({"MONEY_MARKET_FUND", "SWEEP", "CASH"})


def settlement_cycle(exchange: str, trade_date: date, security_type: str | None = None) -> int | None:
    """Business days from the trade to its settlement; None for a market whose rule is not known."""
    calendar = calendar_of(exchange)
    if calendar is None or calendar.code not in _CYCLES:
        return None
    if security_type in _SAME_DAY_TYPES:
        return 0
    before, changes = _CYCLES[calendar.code]
    cycle = next((days for since, days in reversed(changes) if trade_date >= since), before)
    return min(cycle, 1) if security_type in _NEXT_DAY_TYPES else cycle


def is_settlement_day(calendar: ExchangeCalendar, day: date) -> bool:
    """Whether trades settle on the day: sessions, in the US without the two on which banks are closed.

    On Columbus Day and Veterans Day US exchanges trade and nothing settles (the exchanges and FINRA say so
    in a notice each year).
    """
    if not calendar.is_session(day):
        return False
    return calendar.code != "XNYS" or not _is_us_bank_holiday(day)


def _is_us_bank_holiday(day: date) -> bool:
    if day.month == 10:
        return day.weekday() == 0 and 8 <= day.day <= 14  # the second Monday
    # A holiday of the Federal Reserve on a Sunday is kept on the Monday after; on a Saturday not at all.
    return day.month == 11 and (day.day == 11 or (day.day == 12 and day.weekday() == 0))


def settlement_date(exchange: str, trade_date: date, security_type: str | None = None) -> date | None:
    """The day a trade of ``trade_date`` settles; None for a market whose rule is not known."""
    cycle = settlement_cycle(exchange, trade_date, security_type)
    calendar = calendar_of(exchange)
    if cycle is None or calendar is None:
        return None
    day = trade_date
    while cycle or not is_settlement_day(calendar, day):
        day += timedelta(days=1)
        if is_settlement_day(calendar, day):
            cycle -= 1
            if cycle <= 0:
                return day
    return day
