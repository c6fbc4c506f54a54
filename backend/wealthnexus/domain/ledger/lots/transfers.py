"""Transfers in kind and journals between accounts and sleeves: lots travel with their dates and basis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from .arithmetic import ZERO, to_places
from .core import LotCore, Parcel
from .inputs import Entry, GivenLot
from .state import Lot
from .vocabulary import VIEWS, EntryType, Origin, Reason


def transfer_out(core: LotCore, entry: Entry, units: Decimal) -> None:
    """Lots leave by the method in force, without a gain, and wait to arrive elsewhere."""
    pieces, missing = core.relieve(entry, units)
    if missing:
        core.find(Reason.SOLD_MORE_THAN_HELD, entry, units=missing)
        core.missing(entry, missing, Reason.SOLD_MORE_THAN_HELD)
    if pieces:
        core.parcels.append(
            Parcel(
                entry.id, core.key(entry), entry.trade_date, units, pieces, entry.related,
                entry.type is EntryType.JOURNAL,
            )
        )  # fmt: skip


def transfer_in(core: LotCore, entry: Entry, units: Decimal, given: Sequence[GivenLot]) -> None:
    """Units arrive: with the lots that left another account of the book, else with those a source tells.

    Without either they have no basis and no date (``NO_LOTS_CAME``), never a basis of zero.
    """
    parcel = find_parcel(core, entry, units)
    if parcel is not None:
        arrived = ZERO
        for lot in _unpacked(core, parcel, units):
            arrived += lot.units
            _arrive(core, entry, lot)
        if arrived < units:
            core.find(Reason.NO_LOTS_CAME, entry)
            core.unknown(entry, units - arrived, Reason.NO_LOTS_CAME)
        return
    _arrive_given(core, entry, units, given)


def _unpacked(core: LotCore, parcel: Parcel, units: Decimal) -> list[Lot]:
    """All lots of a parcel; the first of them where only a part arrives and the rest is still on its way."""
    if units == parcel.units:
        core.parcels.remove(parcel)
        return parcel.lots
    parcel.units -= units
    arrived: list[Lot] = []
    while units and parcel.lots:
        lot = parcel.lots[0]
        taken = min(lot.units, units)
        units -= taken
        if taken == lot.units:
            arrived.append(parcel.lots.pop(0))
        else:
            arrived.append(lot.take(taken, core.part_id(lot.root), core.places(lot.account)))
    return arrived


def find_parcel(core: LotCore, entry: Entry, units: Decimal) -> Parcel | None:
    """What left another account for this arrival: named by either, else like units of the last days."""
    for parcel in core.parcels:
        if entry.id == parcel.related or entry.related == parcel.entry:
            return parcel if parcel.key[2] == entry.security and parcel.units >= units else None
    first = entry.trade_date - timedelta(days=core.policy.transfer_days)
    for parcel in reversed(core.parcels):
        if parcel.day < first:
            break
        is_like = parcel.key[2] == entry.security and parcel.units == units
        if is_like and parcel.related is None and entry.related is None and parcel.key != core.key(entry):
            return parcel
    return None


def _arrive(core: LotCore, entry: Entry, lot: Lot) -> None:
    """The lot in its new account, in that account's currency; a purchase stays the purchase it was."""
    before = core.account(lot.account).currency
    now = core.account(entry.account).currency
    lot.key = core.key(entry)
    if before != now:
        rate = core.facts.rate(before, now, lot.acquired_on or entry.trade_date)
        if rate is None:
            core.find(Reason.FX_RATE_MISSING, entry)
            lot.reasons = (*lot.reasons, Reason.FX_RATE_MISSING)
        places = core.places(entry.account)
        lot.basis = [
            None if one is None or rate is None else to_places(one * rate, places) for one in lot.basis
        ]
        lot.currency = now
    core.add(lot)


def _arrive_given(core: LotCore, entry: Entry, units: Decimal, given: Sequence[GivenLot]) -> None:
    told = sum((lot.quantity for lot in given), ZERO)
    left = units
    for one in sorted(given, key=lambda lot: (lot.acquired_on is None, lot.acquired_on or lot.as_of, lot.id)):
        if not left:
            break
        taken = min(one.quantity, left)
        left -= taken
        basis = one.cost
        if basis is not None and taken != one.quantity:
            basis = to_places(basis * taken / one.quantity, core.places(entry.account))
        place_given(core, entry, one, taken, basis)
    if given and told != units:
        core.find(Reason.LOTS_DIFFER_FROM_UNITS, entry, given=told, units=units)
    if left:
        core.find(Reason.NO_LOTS_CAME, entry)
        core.unknown(entry, left, Reason.NO_LOTS_CAME)


def place_given(
    core: LotCore,
    entry: Entry,
    given: GivenLot,
    units: Decimal,
    basis: Decimal | None,
    *,
    short: bool = False,
) -> Lot:
    """A lot as a source tells it. What it does not know is None with the reason."""
    lot = core.made(entry, units, [basis] * len(VIEWS), Origin.TRANSFER, short=short)
    lot.order = lot.id = lot.root = given.id
    lot.acquired_on = given.acquired_on
    lot.held_from = [given.acquired_on] * len(VIEWS)
    lot.bought_on = given.acquired_on if given.counts_as_purchase else None
    reasons = []
    if basis is None:
        reasons.append(Reason.MISSING_BASIS)
    if given.acquired_on is None:
        reasons.append(Reason.UNKNOWN_ACQUISITION_DATE)
    for reason in reasons:
        core.find(reason, entry)
    lot.reasons = tuple(reasons)
    if basis is not None:
        day = given.acquired_on or entry.trade_date
        rate = core.facts.rate(lot.local_currency, lot.currency, day)
        lot.local = None if rate is None else basis / rate
    core.add(lot)
    if lot.bought_on is not None:
        core.wash.acquired(lot)
    return lot


def given_for(entry: Entry, units: Decimal, lots: Iterable[GivenLot], arrival_days: int) -> list[GivenLot]:
    """The lots of the source that belong to this arrival.

    Those that name it; else those of its account, security and day; else the first of the days after whose
    units together are what arrived.
    """
    mine = [lot for lot in lots if lot.account == entry.account and lot.security == entry.security]
    named = [lot for lot in mine if lot.related == entry.id]
    if named:
        return named
    free = [lot for lot in mine if lot.related is None]
    same_day = [lot for lot in free if lot.as_of == entry.trade_date]
    if same_day:
        return same_day
    last = entry.trade_date + timedelta(days=arrival_days)
    for day in sorted({lot.as_of for lot in free if entry.trade_date < lot.as_of <= last}):
        told = [lot for lot in free if lot.as_of == day]
        if sum((lot.quantity for lot in told), ZERO) == units:
            return told
    return []
