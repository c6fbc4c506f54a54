"""The one source of time. Two clocks, never mixed:

- ``now()`` is the instant something happened (sessions, audit, jobs): UTC, real;
- a firm's *business date* is the last day its books are valued on. A live firm's is today in its
  own time zone; a demo firm's is pinned to the end of its market data (and the screen says so).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: datetime | None = None


def now() -> datetime:
    """The current instant, UTC, timezone-aware."""
    return _frozen if _frozen is not None else datetime.now(UTC)


def business_date(time_zone: str, pinned: date | None) -> date:
    """The firm's business date: the pinned one of a demo book, else today where the firm is."""
    return pinned if pinned is not None else now().astimezone(ZoneInfo(time_zone)).date()


def days_before(day: date, count: int) -> date:
    """The day ``count`` days before; the first day there is when that would be before it."""
    return date.fromordinal(max(day.toordinal() - count, 1))


@contextlib.contextmanager
def frozen_at(instant: datetime) -> Iterator[None]:
    """For tests: the clock stands still at ``instant`` (timezone-aware)."""
    global _frozen  # noqa: PLW0603
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    before, _frozen = _frozen, instant.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
