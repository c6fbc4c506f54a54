"""The custodian's lots beside ours: what its Form 1099-B will say, and where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .arithmetic import ZERO
from .results import OpenLot
from .vocabulary import View


class LotDifference(StrEnum):
    AGREES = "AGREES"
    UNITS_DIFFER = "UNITS_DIFFER"
    BASIS_DIFFERS = "BASIS_DIFFERS"
    BASIS_UNKNOWN_HERE = "BASIS_UNKNOWN_HERE"
    BASIS_UNKNOWN_THERE = "BASIS_UNKNOWN_THERE"
    ONLY_HERE = "ONLY_HERE"
    ONLY_THERE = "ONLY_THERE"


@dataclass(frozen=True, slots=True)
class CustodianLot:
    """A row of ``custodian_lots.csv``; ``cost`` of the whole lot."""

    account: str
    security: str
    acquired_on: date | None
    units: Decimal
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class LotsBeside:
    """Lots of one account, security and day of acquisition on both sides; None: there are none."""

    account: str
    security: str
    acquired_on: date | None
    our_units: Decimal | None
    their_units: Decimal | None
    our_basis: Decimal | None
    their_basis: Decimal | None
    difference: LotDifference


def beside(
    ours: Iterable[OpenLot], theirs: Iterable[CustodianLot], tolerance: Decimal = Decimal("0.01")
) -> tuple[LotsBeside, ...]:
    """Both sides by account, security and day; our basis in the custodian's view of wash sales.

    ``tolerance``: what a basis may differ by for each lot of a day, in the account's currency.
    """
    mine: dict[tuple[str, str, date], list[OpenLot]] = {}
    for lot in ours:
        mine.setdefault((lot.account, lot.security, lot.acquired_on or date.min), []).append(lot)
    told: dict[tuple[str, str, date], list[CustodianLot]] = {}
    for row in theirs:
        told.setdefault((row.account, row.security, row.acquired_on or date.min), []).append(row)
    found = []
    for key in sorted(mine.keys() | told.keys()):
        here, there = mine.get(key, []), told.get(key, [])
        our_basis = _sum([lot.basis[View.CUSTODIAN] for lot in here])
        their_basis = _sum([row.cost for row in there])
        our_units = sum((lot.units for lot in here), ZERO) if here else None
        their_units = sum((row.units for row in there), ZERO) if there else None
        allowed = tolerance * max(len(here), len(there))
        found.append(
            LotsBeside(
                key[0], key[1], None if key[2] == date.min else key[2], our_units, their_units, our_basis,
                their_basis, _difference(our_units, their_units, our_basis, their_basis, allowed=allowed),
            )
        )  # fmt: skip
    return tuple(found)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if values and len(known) == len(values) else None


def _difference(
    our_units: Decimal | None,
    their_units: Decimal | None,
    our_basis: Decimal | None,
    their_basis: Decimal | None,
    *,
    allowed: Decimal,
) -> LotDifference:
    if their_units is None:
        return LotDifference.ONLY_HERE
    if our_units is None:
        return LotDifference.ONLY_THERE
    if our_units != their_units:
        return LotDifference.UNITS_DIFFER
    if our_basis is None:
        return LotDifference.BASIS_UNKNOWN_HERE
    if their_basis is None:
        return LotDifference.BASIS_UNKNOWN_THERE
    return LotDifference.AGREES if abs(our_basis - their_basis) <= allowed else LotDifference.BASIS_DIFFERS
