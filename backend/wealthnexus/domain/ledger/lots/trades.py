"""Purchases, sales, short sales, covers, reinvestments and returns of capital."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .arithmetic import ZERO, apportion
from .core import LotCore
from .inputs import Entry
from .results import AccruedInterest
from .short_sales import closed_against_bought, opened_against_held
from .state import Basis, Line, Lot
from .vocabulary import VIEWS, EntryType, GainKind, Origin, Reason, View


@dataclass(slots=True)
class Premium:
    """What exercised or assigned contracts bring into the trade of the underlying, one part per option lot.

    ``parts``: (units of the underlying, basis by view, used by view). A basis is what the option cost, or
    minus what writing it brought; None where it is not known.
    """

    event: str
    origin: Origin
    parts: list[tuple[Decimal, Basis, list[bool]]] = field(default_factory=list)
    lots: list[str] = field(default_factory=list)
    """The option's lots, one for each part."""

    def units(self) -> Decimal:
        return sum((units for units, _basis, _used in self.parts), ZERO)

    def total(self, view: View) -> Decimal | None:
        """None when one part is not known."""
        known = [basis[view] for _units, basis, _used in self.parts]
        return None if any(one is None for one in known) else sum((one or ZERO for one in known), ZERO)


def buy(core: LotCore, entry: Entry, premiums: Sequence[Premium] = ()) -> None:
    """BUY and REINVEST: a lot at what was paid less accrued interest; it first closes what a sale beyond the
    holding opened."""
    units = entry.quantity or ZERO
    cost = -entry.amount - _accrued(core, entry, bought=True)
    if premiums:
        _buy_by_option(core, entry, units, cost, premiums)
        return
    short = sum((lot.units for lot in _netting(core, entry)), ZERO)
    closing = min(short, units)
    if closing:
        cost = _cover(core, entry, closing, units, cost)
        units -= closing
    if units:
        reinvested = entry.type is EntryType.REINVEST
        core.open(entry, units, cost, Origin.REINVESTMENT if reinvested else Origin.PURCHASE)


def sell(core: LotCore, entry: Entry, premiums: Sequence[Premium] = ()) -> None:
    """SELL: what was received less accrued interest against the lots that leave by the method in force."""
    units = entry.quantity or ZERO
    proceeds = entry.amount - _accrued(core, entry, bought=False)
    reason, shift = None, None
    if premiums:
        proceeds, shift, reason = _with_premium(proceeds, premiums, sign=-1)
    pieces, missing = core.relieve(entry, units, per_unit=proceeds / units if units else None)
    held, beyond = apportion(proceeds, [units - missing, missing], core.places(entry.account))
    core.realise(entry, GainKind.SALE, pieces, None if reason else held, shift=shift, reason=reason)
    if missing:
        _sell_beyond(core, entry, missing, beyond)


def _sell_beyond(core: LotCore, entry: Entry, units: Decimal, proceeds: Decimal) -> None:
    """Options and futures are written; of anything else nobody knows where the units came from."""
    terms = core.security(entry.security or "", entry.account)
    if terms.security_type in core.policy.netting_types:
        core.open(entry, units, proceeds, Origin.SHORT_SALE, short=True)
        return
    core.find(Reason.SOLD_MORE_THAN_HELD, entry, units=units)
    if core.policy.sale_beyond_holding_is_short:
        core.open(
            entry, units, proceeds, Origin.SALE_BEYOND_HOLDING, short=True,
            reasons=(Reason.SOLD_MORE_THAN_HELD,),
        )  # fmt: skip
        return
    lot = core.missing(entry, units, Reason.SOLD_MORE_THAN_HELD)
    line = core.line(entry, GainKind.SALE, lot, proceeds, core.rate(entry))
    line.is_short = False  # a sale: the proceeds are known, the basis is not
    core.keep([line])


def short(core: LotCore, entry: Entry) -> None:
    """SHORT: a short lot whose basis is what it brought."""
    opened_against_held(core, entry)
    core.open(entry, entry.quantity or ZERO, entry.amount, Origin.SHORT_SALE, short=True)


def cover(core: LotCore, entry: Entry, premiums: Sequence[Premium] = ()) -> None:
    """COVER: closes short lots by the method in force; what is more is held long, with a finding."""
    units = entry.quantity or ZERO
    cost = -entry.amount - _accrued(core, entry, bought=True)
    if premiums:
        _buy_by_option(core, entry, units, cost, premiums, covering=True)
        return
    closing = min(core.units(core.key(entry), short=True), units)
    if closing:
        cost = _cover(core, entry, closing, units, cost)
    if units > closing:
        core.find(Reason.COVERED_MORE_THAN_SHORT, entry, units=units - closing)
        core.open(entry, units - closing, cost, Origin.PURCHASE, reasons=(Reason.COVERED_MORE_THAN_SHORT,))


def return_of_capital(core: LotCore, entry: Entry) -> None:
    """Lowers the basis of every lot by its units' part, to zero; what is more is gain (IRC 301(c))."""
    lots = core.side(core.key(entry), short=False)
    if not lots:
        core.find(Reason.NO_UNITS_HELD, entry)
        return
    parts = apportion(entry.amount, [lot.units for lot in lots], core.places(entry.account))
    rate = core.rate(entry)
    lines: list[Line] = []
    for lot, part in zip(lots, parts, strict=True):
        line = core.line(entry, GainKind.RETURN_OF_CAPITAL, lot, part, rate)
        before = lot.basis[View.BOOK]
        for view in VIEWS:
            basis = lot.basis[view]
            used = None if basis is None else min(part, basis)
            lot.basis[view] = None if basis is None or used is None else basis - used
            line.basis[view] = used
        after = lot.basis[View.BOOK]
        line.local_basis = None
        if lot.local is not None and before and after is not None:
            line.local_basis = lot.local * (before - after) / before
            lot.local -= line.local_basis
        if any(line.gain(view) != 0 for view in VIEWS):
            lines.append(line)
    core.keep(lines)


# -- parts ---------------------------------------------------------------------------------------------------


def _accrued(core: LotCore, entry: Entry, *, bought: bool) -> Decimal:
    """The interest in the amount, kept as income; the amount without it is basis or proceeds."""
    interest = entry.accrued_interest
    if interest:
        core.accrued.append(
            AccruedInterest(
                entry.id, entry.account, entry.security or "", entry.trade_date,
                -interest if bought else interest, core.account(entry.account).currency,
            )
        )  # fmt: skip
    return interest


def _netting(core: LotCore, entry: Entry) -> list[Lot]:
    """Short lots that a plain purchase closes: those that a plain sale opened."""
    terms = core.security(entry.security or "", entry.account)
    lots = core.side(core.key(entry), short=True)
    if terms.security_type in core.policy.netting_types:
        return lots
    return [lot for lot in lots if lot.origin is Origin.SALE_BEYOND_HOLDING]


def _cover(core: LotCore, entry: Entry, closing: Decimal, units: Decimal, cost: Decimal) -> Decimal:
    """Close short lots with ``closing`` of ``units`` that cost ``cost``; the cost of the rest."""
    if closing == units:
        mine, rest = cost, ZERO
    else:
        mine, rest = apportion(cost, [closing, units - closing], core.places(entry.account))
    pieces, _missing = core.relieve(entry, closing, short=True, per_unit=mine / closing)
    opened = [piece.acquired_on for piece in pieces if piece.acquired_on is not None]
    if opened:
        closed_against_bought(core, entry, min(opened))
    core.realise(entry, GainKind.COVER, pieces, mine)
    return rest


def _with_premium(
    value: Decimal, premiums: Sequence[Premium], *, sign: int
) -> tuple[Decimal, list[Decimal] | None, Reason | None]:
    """``value`` with the options' basis, and by how much each view differs from the book's."""
    totals = [_sum(premiums, view) for view in VIEWS]
    book = totals[View.BOOK]
    if book is None or any(total is None for total in totals):
        return value, None, Reason.MISSING_BASIS
    return value + sign * book, [(total or ZERO) - book for total in totals], None


def _sum(premiums: Sequence[Premium], view: View) -> Decimal | None:
    known = [premium.total(view) for premium in premiums]
    return None if any(one is None for one in known) else sum((one or ZERO for one in known), ZERO)


def _buy_by_option(
    core: LotCore,
    entry: Entry,
    units: Decimal,
    cost: Decimal,
    premiums: Sequence[Premium],
    *,
    covering: bool = False,
) -> None:
    """The underlying bought by exercise or assignment: each part at its strike plus its option's basis.

    The holding period begins on the day of the exercise or assignment (Publication 550).
    """
    shares = core.units(core.key(entry), short=True) if covering else ZERO
    if covering and shares >= units:
        value, shift, reason = _with_premium(cost, premiums, sign=1)
        pieces, _missing = core.relieve(entry, units, short=True, per_unit=value / units)
        opposite = [-part for part in shift] if shift else None
        core.realise(entry, GainKind.COVER, pieces, None if reason else value, shift=opposite, reason=reason)
        return
    parts = [
        (*part, premium.origin, name)
        for premium in premiums
        for part, name in zip(premium.parts, premium.lots, strict=True)
    ]
    plain = units - sum((part[0] for part in parts), ZERO)
    weights = [part[0] for part in parts] + ([plain] if plain > 0 else [])
    costs = apportion(cost, weights, core.places(entry.account))
    for (part, basis, used, origin, name), its in zip(parts, costs, strict=False):
        lot = core.made(entry, part, [None if one is None else its + one for one in basis], origin)
        day = entry.trade_date
        lot.acquired_on = lot.bought_on = day
        lot.held_from, lot.used, lot.from_lots = [day] * len(VIEWS), list(used), (name,)
        if lot.basis[View.BOOK] is None:
            lot.reasons = (Reason.MISSING_BASIS,)
        rate, book = core.rate(entry), lot.basis[View.BOOK]
        lot.local = None if rate is None or book is None else book / rate
        core.add(lot)
        core.wash.acquired(lot)
    if plain > 0:
        core.open(entry, plain, costs[-1], Origin.PURCHASE)
