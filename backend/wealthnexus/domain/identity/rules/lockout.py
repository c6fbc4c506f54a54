"""Lock-out with back-off: five failures lock for a minute, each further one twice as long, to an hour."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

FAILURES_FREE = 5
FIRST_LOCK_SECONDS = 60
LOCK_SECONDS_MAX = 3_600


def lock_seconds(failed_count: int) -> int:
    """How long the account is locked after its ``failed_count``-th failure in a row; 0: not at all."""
    if failed_count < FAILURES_FREE:
        return 0
    doublings = min(failed_count - FAILURES_FREE, 10)
    return int(min(FIRST_LOCK_SECONDS << doublings, LOCK_SECONDS_MAX))


def locked_until(failed_count: int, instant: datetime) -> datetime | None:
    """The end of the lock that begins with this failure; None when it does not lock."""
    seconds = lock_seconds(failed_count)
    return instant + timedelta(seconds=seconds) if seconds else None


def seconds_left(until: datetime | None, instant: datetime) -> int:
    """Whole seconds until the lock ends, rounded up; 0 when it is over."""
    if until is None or until <= instant:
        return 0
    return math.ceil((until - instant).total_seconds())
