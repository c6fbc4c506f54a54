"""What is read from the engine's state: frozen, with every None explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .arithmetic import ONE, ZERO, to_places
from .core import places_of
from .holding import term_of
from .results import FxSplit, OpenLot, RealisedGain, TaxFigure
from .state import Line, Lot
from .vocabulary import VIEWS, WASH_VIEWS, Reason, Term, View

_SAME = 2 * len(VIEWS)


def open_lot(lot: Lot) -> OpenLot:
    return OpenLot(
        lot.id, lot.root, lot.key[0], lot.key[1], lot.key[2], lot.signed(), lot.currency, lot.acquired_on,
        lot.origin, lot.opened_by, tuple(lot.basis), tuple(lot.held_from), lot.local_currency,
        None if lot.local is None else to_places(lot.local, places_of(lot.local_currency)),
        _distinct(lot.reasons), lot.from_lots,
    )  # fmt: skip


def realised_gain(line: Line) -> RealisedGain:
    """The line in all views; the settlement date is the entry's."""
    reasons = list(line.reasons)
    proceeds, cost = line.value, line.basis[View.BOOK]
    if line.is_short:
        proceeds, cost = cost, proceeds
    views = _figures(line)
    fx = _fx(line)
    if line.gain(View.BOOK) is not None and fx.fx_effect is None:
        reasons.append(Reason.FX_RATE_MISSING)
    if views[View.BOOK].term is None:
        reasons.append(Reason.UNKNOWN_ACQUISITION_DATE)
    return RealisedGain(
        line.id, line.entry, line.kind, *line.key, line.currency, line.lot, line.root, line.is_short,
        line.acquired_on, line.disposed_on, line.settles_on, line.units, proceeds, cost, views, fx,
        _distinct(reasons), line.from_lots,
    )  # fmt: skip


def _distinct(reasons: list[Reason] | tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


def _figures(line: Line) -> tuple[TaxFigure, ...]:
    """By view; a line that no wash sale touched has the same figure in all of them."""
    book = _figure(line, View.BOOK)
    if (
        any(line.disallowed)
        or line.basis.count(line.basis[0]) + line.held_from.count(line.held_from[0]) < _SAME
    ):
        return (book, *(_figure(line, view) for view in WASH_VIEWS))
    return (book,) * len(VIEWS)


def _figure(line: Line, view: View) -> TaxFigure:
    gain = line.gain(view)
    basis = line.value if line.is_short else line.basis[view]
    if line.is_short and gain is not None and line.basis[View.BOOK] is not None:
        # What a wash sale took from the proceeds of a short lot is shown as basis.
        basis = (line.basis[View.BOOK] or ZERO) - gain
    recognised = None if gain is None else gain + line.disallowed[view]
    return TaxFigure(
        basis,
        gain,
        line.disallowed[view],
        line.lost[view],
        recognised,
        line.held_from[view],
        _term(line, view),
    )


def _term(line: Line, view: View) -> Term | None:
    """Short sales covered with what is bought for it and written options are short-term (IRC 1233, 1234)."""
    return Term.SHORT if line.is_short else term_of(line.held_from[view], line.disposed_on)


def _fx(line: Line) -> FxSplit:
    """Price and currency apart; with one currency all of it is price."""
    gain, book = line.gain(View.BOOK), line.basis[View.BOOK]
    local_places = places_of(line.local_currency)
    if line.local_currency == line.currency:
        return FxSplit(
            line.local_currency, book, line.value, ONE, ONE, gain, None if gain is None else Decimal(0)
        )
    basis, value = line.local_basis, line.local_value
    acquired = book / basis if book is not None and basis else None
    price_effect = fx_effect = None
    if gain is not None and basis is not None and line.rate is not None:
        held = basis * line.rate - (book or ZERO)
        fx_effect = to_places(-held if line.is_short else held, places_of(line.currency))
        price_effect = gain - fx_effect
    shown = [None if one is None else to_places(one, local_places) for one in (basis, value)]
    if line.is_short:
        shown.reverse()
    return FxSplit(line.local_currency, shown[0], shown[1], acquired, line.rate, price_effect, fx_effect)


def days_held(held_from: date | None, until: date) -> int | None:
    """Calendar days of the holding period; None when its beginning is not known."""
    return None if held_from is None else (until - held_from).days
