"""Which price counts, and what is doubtful about prices.

The policy: on the latest day that has a price which stands, what a person of the firm entered wins over
feeds, feeds win over generated prices, then the later book version wins (of one version the first source by
name). A withdrawn price does not stand:
the next of its day counts, then the day before. ``ledger.valuation.LATEST_PRICE`` says the same in SQL and
a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from wealthnexus.domain.markets.rules import calendars

MANUAL: Final = "MANUAL"
SYNTHETIC: Final = "SYNTHETIC"
JUMP_MAX: Final = Decimal("0.25")
"""A change from one close to the next beyond this is looked at, unless a corporate action explains it."""
GAP_SESSIONS_MAX: Final = 20
"""How far back missing sessions are looked for."""
CONFLICT_MAX: Final = Decimal("0.01")
"""Two feeds that lie further apart on the same day are looked at."""
_UNIT_TOLERANCE: Final = Decimal("0.03")
# Currencies that some sources quote in their hundredth: pence, cents, agorot.
_HUNDREDTHS: Final = frozenset({"GBP", "ZAR", "ILS"})


def price_rank(source: str) -> int:
    """0 for what a person entered, 1 for feeds, 2 for generated prices: the lowest of a day counts."""
    return {MANUAL: 0, SYNTHETIC: 2}.get(source, 1)


@dataclass(frozen=True, slots=True)
class StoredPrice:
    """One row of the firm's prices, in the security's currency."""

    day: date
    source: str
    book_version: int
    close: Decimal
    is_withdrawn: bool = False


def standing_prices(rows: Iterable[StoredPrice], version: int) -> dict[date, StoredPrice]:
    """The price that counts on each day, as book version ``version`` knows it."""
    latest: dict[tuple[date, str], StoredPrice] = {}
    for row in rows:
        known = latest.get((row.day, row.source))
        if row.book_version <= version and (known is None or row.book_version > known.book_version):
            latest[row.day, row.source] = row
    chosen: dict[date, StoredPrice] = {}
    for row in latest.values():
        if row.is_withdrawn:
            continue
        best = chosen.get(row.day)
        if best is None or _precedence(row) < _precedence(best):
            chosen[row.day] = row
    return chosen


def _precedence(row: StoredPrice) -> tuple[int, int, str]:
    return price_rank(row.source), -row.book_version, row.source


def price_on(rows: Iterable[StoredPrice], day: date, version: int) -> StoredPrice | None:
    """The price a holding is valued at on ``day``; None when none stands on or before it."""
    standing = standing_prices(rows, version)
    return standing[found] if (found := max((d for d in standing if d <= day), default=None)) else None


# -- what is doubtful ----------------------------------------------------------------------------------------

FaultCode = Literal[
    "MISSING_PRICE", "ZERO_PRICE", "PRICE_JUMP", "WRONG_CURRENCY", "SOURCE_CONFLICT", "PRICE_GAP",
    "STALE_PRICE",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Close:
    """The close that counts on a day."""

    day: date
    close: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A corporate action: units are multiplied by ``ratio`` and ``cash`` per old unit leaves the price.

    ``ratio`` None: what it does to the price is not known, so it explains any change.
    """

    ex_date: date
    ratio: Decimal | None
    cash: Decimal = Decimal(0)

    def explained(self, before: Decimal) -> Decimal | None:
        """What the price should be on the ex-date; None when that is not known."""
        return (before - self.cash) / self.ratio if self.ratio else None


@dataclass(frozen=True, slots=True)
class PriceFault:
    """``key`` makes it the same fault when it is found again. Days and values are what a person needs."""

    code: FaultCode
    key: str
    day: date
    close: Decimal | None = None
    before: Close | None = None
    change: Decimal | None = None
    count: int = 0
    last: date | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class PricedSecurity:
    """What is judged: a held security, its closes (by day, oldest first) and what explains its jumps.

    ``others``: what further feeds say of days on which one counts and nobody has decided by hand.
    ``rates``: other currencies in which one unit of the security's own is ``rate``; ``held_since``: from
    when its closes matter; ``is_appraised``: marked by statement and not by a market.
    """

    key: str
    currency: str
    exchange: str | None
    closes: Sequence[Close]
    others: Sequence[Close] = ()
    adjustments: Sequence[Adjustment] = ()
    rates: Sequence[tuple[str, Decimal]] = ()
    held_since: date | None = None
    is_appraised: bool = False


def faults_of(security: PricedSecurity, as_of: date, stale_before: date) -> list[PriceFault]:
    """Everything doubtful about the closes on or before ``as_of``, worst first, then by day.

    ``stale_before``: the earliest day of a price that is not stale.
    """
    closes = [close for close in security.closes if close.day <= as_of]
    if not closes:
        return [PriceFault("MISSING_PRICE", security.key, as_of)]
    found = [
        PriceFault("ZERO_PRICE", f"{security.key}:{each.day}", each.day, each.close)
        for each in closes
        if each.close == 0 and _matters(security, each.day)
    ]
    for before, after in pairwise(closes):
        if before.close > 0 and after.close > 0 and _matters(security, after.day):
            fault = _jump(security, before, after)
            if fault is not None:
                found.append(fault)
    found += _conflicts(security, closes)
    latest = closes[-1]
    if latest.day < stale_before:
        key = f"{security.key}:{latest.day}"
        found.append(PriceFault("STALE_PRICE", key, latest.day, latest.close))
    if not security.is_appraised and security.exchange is not None:
        gap = _gap(security, closes, as_of)
        if gap is not None:
            found.append(gap)
    return found


def _conflicts(security: PricedSecurity, closes: Sequence[Close]) -> list[PriceFault]:
    """The feed that lies furthest from the price that counts, of each day on which one lies too far."""
    standing = {close.day: close for close in closes}
    worst: dict[date, tuple[Decimal, Close]] = {}
    for other in security.others:
        counts = standing.get(other.day)
        if counts is None or counts.close <= 0 or not _matters(security, other.day):
            continue
        apart = counts.close / other.close - 1 if other.close > 0 else Decimal(1)
        if abs(apart) > CONFLICT_MAX and abs(apart) > abs(worst.get(other.day, (Decimal(0), other))[0]):
            worst[other.day] = (apart, other)
    return [
        PriceFault("SOURCE_CONFLICT", f"{security.key}:{day}", day, standing[day].close, other, apart)
        for day, (apart, other) in sorted(worst.items())
    ]


def _matters(security: PricedSecurity, day: date) -> bool:
    return security.held_since is None or day >= security.held_since


def _jump(security: PricedSecurity, before: Close, after: Close) -> PriceFault | None:
    expected = before.close
    for adjustment in security.adjustments:
        if before.day < adjustment.ex_date <= after.day:
            explained = adjustment.explained(expected)
            if explained is None or explained <= 0:
                return None
            expected = explained
    change = after.close / expected - 1
    if abs(change) <= JUMP_MAX:
        return None
    key = f"{security.key}:{after.day}"
    unit = _foreign_unit(security, after.close / expected)
    code: FaultCode = "PRICE_JUMP" if unit is None else "WRONG_CURRENCY"
    return PriceFault(code, key, after.day, after.close, before, change, unit=unit)


def _foreign_unit(security: PricedSecurity, ratio: Decimal) -> str | None:
    """The unit in which the new close would be the old one: hundredths, or another currency."""
    if security.currency in _HUNDREDTHS and _is_near(ratio, Decimal(100)):
        return f"1/100 {security.currency}"
    for currency, rate in security.rates:
        if abs(rate - 1) > JUMP_MAX and _is_near(ratio, rate):
            return currency
    return None


def _is_near(ratio: Decimal, factor: Decimal) -> bool:
    return abs(ratio / factor - 1) <= _UNIT_TOLERANCE


def _gap(security: PricedSecurity, closes: Sequence[Close], as_of: date) -> PriceFault | None:
    """Sessions of its market, between two closes of the last weeks, on which nothing was given."""
    calendar = calendars.calendar_of(security.exchange)
    if calendar is None:
        return None
    first = max(
        closes[0].day, calendar.sessions_back(as_of, GAP_SESSIONS_MAX), security.held_since or date.min
    )
    given = {close.day for close in closes}
    missing = [
        day for day in calendar.sessions(first, closes[-1].day - timedelta(days=1)) if day not in given
    ]
    if not missing:
        return None
    key = f"{security.key}:{missing[-1]}"  # its last day stays as weeks pass
    return PriceFault("PRICE_GAP", key, missing[0], count=len(missing), last=missing[-1])
