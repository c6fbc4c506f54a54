"""Tax lots of the demo accounts, as the custodian keeps them: by the account's lot method, splits applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from wealthnexus.domain.bundle import signed_units

from .account_book import AccountBook, Posting
from .market import DISTRIBUTIONS

_CENT: Final = Decimal("0.01")
_UNIT: Final = Decimal("0.0001")
_ZERO: Final = Decimal(0)
IN_KIND: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "MERIDIAN-VI": (("2017-06-30", "5000", "450000.00"), ("2018-06-29", "7500", "712500.00")),
    "LANTERN-BAY-II": (("2019-01-31", "600", "598200.00"),),
    "ART-COLLECTION": (("1998-05-04", "1", "385000.00"),),
    "WATERFRONT-PARCEL": (("2003-09-12", "1", "740000.00"),),
    "TIDEWATER-RS": (("2016-04-01", "20000", "40000.00"),),
    "ALDERPORT-2031": (("2016-05-12", "300000", "302250.00"), ("2017-09-20", "200000", "203100.00")),
    "RHODANIE-ENERGIE": (("2016-11-08", "4000", "142800.00"),),
    "SEVERN-WATER": (("2017-02-21", "6500", "58760.00"),),
}
"""Holdings that came in kind: (acquired on, units, cost) of each lot, as their former keeper told."""


@dataclass(slots=True)
class Lot:
    """Units acquired together, with their cost in the account's currency."""

    acquired: date
    units: Decimal
    cost: Decimal


class LotKeeper:
    """The lots of every account of a firm, played in the order of the days."""

    def __init__(self, accounts: Sequence[AccountBook]) -> None:
        self.held: dict[tuple[str, str], list[Lot]] = {}
        """(account, security): lots, oldest first."""
        self.received: dict[int, list[Lot]] = {}
        """id of a posting in kind or of a return of capital: the lots it left, as they were on its day."""
        self._sent: dict[tuple[date, str, Decimal], list[Lot]] = {}
        self._methods = {a.plan.external_id: a.plan.registration.lot_method for a in accounts}
        self._closes = accounts[0].market.closes if accounts else {}
        everything = [(p, a.plan.external_id) for a in accounts for p in a.postings if p.key is not None]
        # On a day units leave before they arrive elsewhere, for the lots travel with them.
        everything.sort(key=lambda entry: (entry[0].day, entry[0].kind == "TRANSFER_IN"))
        for posting, account in everything:
            self._take(posting, account)

    def _take(self, posting: Posting, account: str) -> None:
        key = posting.key
        assert key is not None  # noqa: S101
        lots = self.held.setdefault((account, key), [])
        units = signed_units(posting.kind, posting.quantity)
        if posting.kind == "RETURN_OF_CAPITAL":
            _lower_cost(lots, posting.amount)
            self.received[id(posting)] = [Lot(lot.acquired, lot.units, lot.cost) for lot in lots]
        elif posting.kind == "JOURNAL":
            self._journal(posting, account, units)
        elif posting.kind == "TRANSFER_IN":
            arriving = self._sent.pop((posting.day, key, units), None) or [
                Lot(date.fromisoformat(day), Decimal(number), Decimal(cost))
                for day, number, cost in IN_KIND[key]
            ]
            self.received[id(posting)] = [Lot(lot.acquired, lot.units, lot.cost) for lot in arriving]
            lots += arriving
            lots.sort(key=lambda lot: lot.acquired)
        elif units > 0:
            lots.append(Lot(posting.day, units, -posting.amount))
        elif units < 0:
            gone = _relieve(lots, -units, self._methods[account])
            if posting.kind == "TRANSFER_OUT":
                self._sent[posting.day, key, -units] = gone

    def _journal(self, posting: Posting, account: str, extra: Decimal) -> None:
        key = posting.key
        assert key is not None  # noqa: S101
        distribution = next(
            (d for d in DISTRIBUTIONS if d.other_key == key and d.ex_date == posting.day), None
        )
        if distribution is None:
            _split(self.held[account, key], extra)
            return
        # The cost of each lot is divided as the two closed on the first day.
        one, other = (self._closes[k][posting.day] for k in (distribution.key, key))
        for lot in self.held[account, distribution.key]:
            moved = (lot.cost * other / (one + other)).quantize(_CENT, rounding=ROUND_HALF_UP)
            lot.cost -= moved
            self.held[account, key].append(Lot(lot.acquired, lot.units * distribution.ratio, moved))


def _split(lots: list[Lot], extra: Decimal) -> None:
    """Extra units (negative in a reverse split) in proportion; the last lot takes what rounding leaves."""
    before = sum((lot.units for lot in lots), _ZERO)
    left = extra
    for lot in lots[:-1]:
        part = (lot.units * extra / before).quantize(_UNIT, rounding=ROUND_HALF_UP)
        lot.units += part
        left -= part
    lots[-1].units += left


def _lower_cost(lots: list[Lot], amount: Decimal) -> None:
    total = sum((lot.units for lot in lots), _ZERO)
    for lot in lots:
        lot.cost -= (amount * lot.units / total).quantize(_CENT, rounding=ROUND_HALF_UP)


def _relieve(lots: list[Lot], units: Decimal, method: str) -> list[Lot]:
    """Take units away by the method (named lots: the costliest); what was taken, with its cost."""
    order = list(lots)
    if method in ("HIFO", "SPECIFIC"):
        order.sort(key=lambda lot: (-lot.cost / lot.units, lot.acquired))
    if method == "AVERAGE_COST":
        total = sum((lot.units for lot in lots), _ZERO)
        cost = sum((lot.cost for lot in lots), _ZERO)
        for lot in lots:
            lot.cost = (cost * lot.units / total).quantize(_CENT, rounding=ROUND_HALF_UP)
    gone: list[Lot] = []
    for lot in order:
        if not units:
            break
        taken = min(lot.units, units)
        cost = lot.cost if taken == lot.units else (lot.cost * taken / lot.units).quantize(_CENT)
        gone.append(Lot(lot.acquired, taken, cost))
        lot.units -= taken
        lot.cost -= cost
        units -= taken
    assert not units, "more units left than were held"  # noqa: S101
    lots[:] = [lot for lot in lots if lot.units]
    return sorted(gone, key=lambda lot: lot.acquired)
