"""What a correction, or anything learnt later, changes in lots and gains: two books compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from .arithmetic import ZERO
from .book import LotBook
from .results import OpenLot, RealisedGain
from .vocabulary import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """One lot or gain before and after; None: it is not there."""

    id: str
    before: T | None
    after: T | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Only what differs, by id. ``gain`` and ``recognised``: what the sums move by, by account; where one of
    the gains is not known on either side, the account's sum is None."""

    lots: tuple[Change[OpenLot], ...]
    gains: tuple[Change[RealisedGain], ...]
    gain: Mapping[str, Decimal | None]
    recognised: Mapping[str, Decimal | None]


def changes(before: LotBook, after: LotBook) -> Changes:
    """The difference of two books, for the eyes of whoever is about to save a correction."""
    lots = _different({lot.id: lot for lot in before.open_lots()}, {lot.id: lot for lot in after.open_lots()})
    gains = _different(
        {line.id: line for line in before.realised()}, {line.id: line for line in after.realised()}
    )
    return Changes(lots, gains, _moved(gains, recognised=False), _moved(gains, recognised=True))


def _different(before: Mapping[str, T], after: Mapping[str, T]) -> tuple[Change[T], ...]:
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _moved(gains: tuple[Change[RealisedGain], ...], *, recognised: bool) -> dict[str, Decimal | None]:
    moved: dict[str, Decimal | None] = {}
    for change in gains:
        for line, sign in ((change.before, -1), (change.after, 1)):
            if line is None:
                continue
            value = line.views[View.ECONOMIC].recognised if recognised else line.gain
            so_far = moved.get(line.account, ZERO)
            moved[line.account] = None if value is None or so_far is None else so_far + sign * value
    return moved
