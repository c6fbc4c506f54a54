"""Writes the sessions of exchanges from the library ``exchange_calendars`` into the product's data.

The product reads the file and not the library, which brings pandas: an answer of the API must not wait for
it. ``tests/markets/test_calendars.py`` holds the file against the installed library; after an upgrade of it
run ``.venv/bin/python scripts/write_calendars.py``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from importlib import metadata
from pathlib import Path
from typing import Any

import exchange_calendars
import pandas as pd

DATA = Path(__file__).parent.parent / "backend/wealthnexus/domain/markets/data/exchange_calendars.json"
FIRST = "1990-01-01"
YEARS_PROJECTED = 4
CALENDARS = (
    "XNYS", "XTSE", "XLON", "XDUB", "XETR", "XPAR", "XAMS", "XBRU", "XLIS", "XMIL", "XMAD", "XSWX", "XWBO",
    "XSTO", "XOSL", "XHEL", "XCSE", "XTKS", "XHKG", "XASX", "XSES",
)  # fmt: skip


def calendar_of(code: str) -> tuple[Any, str]:
    """The library's calendar as far as its rules go, and the last day it vouches for."""
    known = exchange_calendars.get_calendar(code)
    last = known.last_session
    kind = type(known)
    earliest = kind.bound_min()
    first = max(FIRST, str(earliest.date())) if earliest is not None else FIRST
    end = f"{last.year + YEARS_PROJECTED}-12-31"
    if kind.bound_max() is not None:
        end = min(end, str(kind.bound_max().date()))
    return kind(start=first, end=end), str(last.date())


def runs(days: list[str], times: list[str]) -> list[list[str]]:
    """``[[from, time], ...]``: the days on which the time changes."""
    found: list[list[str]] = []
    for day, time in zip(days, times, strict=True):
        if not found or found[-1][1] != time:
            found.append([day, time])
    return found


def facts(code: str) -> dict[str, Any]:
    """What is kept of one calendar: weekdays without a session, short days, regular hours."""
    calendar, known_through = calendar_of(code)
    schedule = calendar.schedule
    days = [str(day.date()) for day in schedule.index]
    opens = [str(at.tz_convert(calendar.tz).time())[:5] for at in schedule["open"]]
    closes = [str(at.tz_convert(calendar.tz).time())[:5] for at in schedule["close"]]
    early = {str(day.date()) for day in calendar.early_closes}
    late = {str(day.date()) for day in calendar.late_opens}
    sessions = set(days)
    closed: dict[str, list[str]] = defaultdict(list)
    for day in pd.bdate_range(days[0], days[-1]):
        text = str(day.date())
        if text not in sessions:
            closed[text[:4]].append(text[5:])
    weekend = [str(day.date()) for day in schedule.index if day.weekday() > 4]
    full = [(day, close) for day, close in zip(days, closes, strict=True) if day not in early]
    timely = [(day, at) for day, at in zip(days, opens, strict=True) if day not in late]
    return {
        "timeZone": str(calendar.tz),
        "first": days[0],
        "knownThrough": known_through,
        "last": days[-1],
        "opens": runs(*map(list, zip(*timely, strict=True))),
        "closes": runs(*map(list, zip(*full, strict=True))),
        "closed": closed,
        "weekendSessions": weekend,
        "early": {day: close for day, close in zip(days, closes, strict=True) if day in early},
    }


def main() -> None:
    content = {
        "source": f"exchange_calendars {metadata.version('exchange_calendars')} (Apache-2.0)",
        "calendars": {code: facts(code) for code in CALENDARS},
    }
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
