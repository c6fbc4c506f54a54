"""What the validation of a million rows keeps in memory: hashes of keys, and the dividends of late."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

_BUCKETS: Final = 64
DIVIDEND_WINDOW: Final = timedelta(days=45)


class Hashes:
    """The keys of one file as 64-bit hashes, eight bytes each, in buckets, to find repeats."""

    def __init__(self) -> None:
        self._buckets = [array("q") for _ in range(_BUCKETS)]

    def add(self, value: int) -> None:
        """Remember the hash of one more key."""
        self._buckets[value & (_BUCKETS - 1)].append(value)

    def repeated_and_missing(self, wanted: set[int]) -> tuple[set[int], set[int]]:
        """The hashes that occur more than once, and those of ``wanted`` that do not occur."""
        repeated: set[int] = set()
        missing: set[int] = set()
        wanted_by_bucket: list[list[int]] = [[] for _ in range(_BUCKETS)]
        for value in wanted:
            wanted_by_bucket[value & (_BUCKETS - 1)].append(value)
        for bucket, asked in zip(self._buckets, wanted_by_bucket, strict=True):
            once = set(bucket)
            missing.update(value for value in asked if value not in once)
            if len(once) == len(bucket):
                continue
            seen: set[int] = set()
            for value in bucket:
                if value in seen:
                    repeated.add(value)
                seen.add(value)
        return repeated, missing


class PaidDividend(NamedTuple):
    """A DIVIDEND row that a REINVEST may use."""

    external_id: str
    paid_on: date
    amount: Decimal


@dataclass(slots=True)
class Dividends:
    """The dividends of one account and security: the latest, and those of the window not reinvested yet."""

    latest: PaidDividend | None = None
    waiting: list[PaidDividend] = field(default_factory=list)

    def add(self, external_id: str, paid_on: date, amount: Decimal) -> None:
        """A further dividend; those paid more than 45 days before it are forgotten."""
        self.latest = PaidDividend(external_id, paid_on, amount)
        self.waiting = [d for d in self.waiting if abs(paid_on - d.paid_on) <= DIVIDEND_WINDOW]
        self.waiting.append(self.latest)

    def by_id(self, external_id: str) -> PaidDividend | None:
        """The waiting dividend of that id."""
        return next((d for d in reversed(self.waiting) if d.external_id == external_id), None)

    def by_amount(self, amount: Decimal) -> PaidDividend | None:
        """The latest waiting dividend of that amount."""
        return next((d for d in reversed(self.waiting) if d.amount == amount), None)

    def reinvest(self, dividend: PaidDividend) -> None:
        """The dividend has been used; the next REINVEST needs another."""
        if dividend in self.waiting:
            self.waiting.remove(dividend)
