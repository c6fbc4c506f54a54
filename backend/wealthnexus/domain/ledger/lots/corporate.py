"""Corporate actions on lots: basis is conserved, dates travel, cash for a fraction is a sale of the fraction.

Sources: IRC 305 and 307 (stock dividends), 355 and 358 (spin-offs), 354, 356 and 368 (mergers, boot), IRS
Publication 550; Form 8937 for the allocation of a basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .arithmetic import ONE, ZERO, apportion, to_places
from .core import Exchanged, LotCore
from .inputs import CorporateAction, Entry
from .policy import QUANTITY_PLACES
from .state import Line, Lot
from .vocabulary import VIEWS, ActionType, GainKind, Origin, Reason, View

_LEAST = ONE.scaleb(-QUANTITY_PLACES)


def split(core: LotCore, entry: Entry, action: CorporateAction | None) -> None:
    """A split or stock dividend: every lot's units grow (or shrink) alike, basis and dates stay.

    The entry's units count. A positive amount is cash in lieu: by the ratio, what the entry leaves out of the
    exact units was sold for it.
    """
    lots = list(core.lots.get(core.key(entry), ()))
    before, change = core.net(core.key(entry)), entry.quantity or ZERO
    after = before + change
    factor = action.factor() if action is not None else None
    is_all_cash = not after and factor and entry.amount
    if not before or (after * before <= 0 and not is_all_cash):
        core.find(Reason.NO_UNITS_HELD, entry)
        _place(core, entry, change)
        return
    fraction = _fraction(core, entry, before * factor if factor else None, after)
    target = after + fraction
    _scale(lots, before, target)
    _cash_in_lieu(core, entry, fraction)


def _place(core: LotCore, entry: Entry, units: Decimal, reason: Reason = Reason.NO_UNITS_HELD) -> None:
    """Units an action brings or takes where nothing was held: without dates and basis."""
    if units > 0:
        core.unknown(entry, units, reason)
    elif units < 0:
        core.missing(entry, -units, reason)


def _scale(lots: Sequence[Lot], before: Decimal, target: Decimal) -> None:
    """Units in proportion; what rounding leaves goes to the largest lot, so that they add up exactly."""
    for lot in lots:
        lot.offset = lot.offset * target / before
        lot.units = max(to_places(lot.units * target / before, QUANTITY_PLACES), _LEAST)
    rest = target - sum((lot.signed() for lot in lots), ZERO)
    largest = max(lots, key=lambda lot: (lot.signed() * (1 if target > 0 else -1), lot.id))
    largest.units += -rest if largest.is_short else rest


def _fraction(core: LotCore, entry: Entry, exact: Decimal | None, given: Decimal) -> Decimal:
    """The fraction of a unit that the entry's cash paid for; 0 without cash. Contradictions are findings."""
    if exact is not None:
        exact = to_places(exact, QUANTITY_PLACES)
        if abs(exact - given) >= 1:
            core.find(Reason.UNITS_CONTRADICT_RATIO, entry, units=given, given=exact)
            exact = None
    if not entry.amount:
        return ZERO
    fraction = ZERO if exact is None else exact - given
    if exact is None or fraction * exact <= 0:
        core.find(Reason.FRACTION_UNKNOWN, entry)
        cash_without_units(core, entry)
        return ZERO
    return fraction


def _cash_in_lieu(core: LotCore, entry: Entry, fraction: Decimal) -> None:
    if fraction:
        short = fraction < 0
        pieces, _missing = core.relieve(
            entry, abs(fraction), short=short, per_unit=entry.amount / abs(fraction)
        )
        core.realise(entry, GainKind.CASH_IN_LIEU, pieces, -entry.amount if short else entry.amount)


def cash_in_lieu(core: LotCore, entry: Entry) -> None:
    """An entry of its own: the fraction is sold for the amount."""
    units = abs(entry.quantity or ZERO)
    if not units:
        core.find(Reason.FRACTION_UNKNOWN, entry)
        cash_without_units(core, entry)
        return
    pieces, missing = core.relieve(entry, units, per_unit=entry.amount / units)
    held, beyond = apportion(entry.amount, [units - missing, missing], core.places(entry.account))
    core.realise(entry, GainKind.CASH_IN_LIEU, pieces, held)
    if missing:
        core.find(Reason.SOLD_MORE_THAN_HELD, entry, units=missing)
        lot = core.missing(entry, missing, Reason.SOLD_MORE_THAN_HELD)
        line = core.line(entry, GainKind.CASH_IN_LIEU, lot, beyond, core.rate(entry))
        line.is_short = False
        core.keep([line])


def cash_without_units(core: LotCore, entry: Entry) -> None:
    """Cash for units nobody can count: proceeds are known, the gain is not."""
    lot = core.made(entry, ZERO, [None] * len(VIEWS), Origin.UNEXPLAINED)
    lot.reasons = (Reason.FRACTION_UNKNOWN,)
    core.keep([core.line(entry, GainKind.CASH_IN_LIEU, lot, entry.amount, core.rate(entry))])


# -- spin-offs -----------------------------------------------------------------------------------------------


def spin_off(core: LotCore, entry: Entry, action: CorporateAction | None) -> None:
    """Each lot of the parent gives a part of its basis to a lot of what is spun off, with its dates."""
    units = entry.quantity or ZERO
    if action is None:
        core.find(Reason.ACTION_MISSING, entry)
        _place(core, entry, units, Reason.ACTION_MISSING)
        return
    parents = core.side(core.key(entry, action.security), short=units < 0)
    if not parents or not (units or entry.amount):
        core.find(Reason.NO_UNITS_HELD, entry)
        _place(core, entry, units)
        return
    held = sum((lot.signed() for lot in parents), ZERO)
    exact = held * action.ratio_new / action.ratio_old if action.ratio_new and action.ratio_old else None
    fraction = _fraction(core, entry, exact, units)
    share = _basis_share(core, action)
    if share is None:
        core.find(Reason.ALLOCATION_UNKNOWN, entry)
    parts = apportion(abs(units + fraction), [lot.units for lot in parents], QUANTITY_PLACES)
    for parent, part in zip(parents, parts, strict=True):
        if part:
            core.add(_spun(core, entry, parent, part, share))
    _cash_in_lieu(core, entry, fraction)


def _basis_share(core: LotCore, action: CorporateAction) -> Decimal | None:
    """The part of the basis that goes to what is spun off: the issuer's, else as the two first closed."""
    if action.basis_fraction is not None:
        return action.basis_fraction
    other = action.other_security
    is_priced = core.policy.allocate_spin_off_by_prices and action.ratio_new and action.ratio_old
    if other is None or not is_priced:
        return None
    values = []
    for security in (action.security, other):
        price = core.facts.price_on(security, action.ex_date)
        terms = core.facts.securities.get(security)
        if price is None or terms is None:
            return None
        rate = core.facts.rate(
            terms.currency, core.facts.securities[action.security].currency, action.ex_date
        )
        if rate is None:
            return None
        values.append(price * terms.price_multiplier * rate)
    spun = values[1] * (action.ratio_new or ZERO) / (action.ratio_old or ONE)
    return spun / (values[0] + spun) if values[0] + spun > 0 else None


def _spun(core: LotCore, entry: Entry, parent: Lot, units: Decimal, share: Decimal | None) -> Lot:
    places = core.places(entry.account)
    lot = core.made(entry, units, [None] * len(VIEWS), Origin.SPIN_OFF, short=parent.is_short)
    lot.from_lots = (parent.id,)
    lot.acquired_on, lot.held_from = parent.acquired_on, list(parent.held_from)
    lot.sequence, lot.offset, lot.reasons = parent.sequence, parent.offset, parent.reasons
    if share is None:
        parent.basis = [None] * len(VIEWS)
        parent.local = None
        lot.reasons = parent.reasons = (*parent.reasons, Reason.ALLOCATION_UNKNOWN)
        return lot
    for view in VIEWS:
        basis = parent.basis[view]
        if basis is not None:
            lot.basis[view] = to_places(basis * share, places)
            parent.basis[view] = basis - to_places(basis * share, places)
    if parent.local is not None:
        moved = parent.local * share
        parent.local -= moved
        lot.local = moved if lot.local_currency == parent.local_currency else None
    return lot


# -- mergers -------------------------------------------------------------------------------------------------


def give_up(core: LotCore, entry: Entry, action: CorporateAction | None) -> Exchanged | None:
    """The old shares leave. For cash alone it is a sale; else their lots wait for the new shares."""
    units = abs(entry.quantity or ZERO)
    pieces, missing = core.relieve(entry, units)
    if missing:
        core.find(Reason.NO_UNITS_HELD, entry)
        core.missing(entry, missing, Reason.NO_UNITS_HELD)
    if action is not None and action.other_security is None:
        core.realise(entry, GainKind.MERGER, pieces, entry.amount)
        return None
    return Exchanged(entry, action, pieces, entry.amount)


def receive(core: LotCore, entry: Entry, given: Exchanged | None) -> None:
    """The new shares in place of the old: basis carried, cash recognised; all of it where it is taxable."""
    units = entry.quantity or ZERO
    if given is None or not given.lots:
        core.find(Reason.ACTION_MISSING if given is None else Reason.NO_UNITS_HELD, entry)
        _place(core, entry, units, Reason.ACTION_MISSING if given is None else Reason.NO_UNITS_HELD)
        return
    action, lots = given.action, given.lots
    exact = None
    if action is not None and action.ratio_new and action.ratio_old:
        exact = sum((lot.units for lot in lots), ZERO) * action.ratio_new / action.ratio_old
    fraction = _fraction(core, entry, exact, units)
    weights = [lot.units for lot in lots]
    parts = apportion(units + fraction, weights, QUANTITY_PLACES)
    boots = apportion(given.boot, weights, core.places(entry.account))
    is_taxable = action is not None and action.is_taxable
    price = _value_of_one(core, entry, action) if given.boot or is_taxable else None
    if price is None and (given.boot or is_taxable):
        core.find(Reason.FAIR_VALUE_UNKNOWN, entry)
    lines: list[Line] = []
    for lot, part, boot in zip(lots, parts, boots, strict=True):
        if given.boot or is_taxable:
            value = None if price is None else to_places(part * price, core.places(entry.account))
            lines.append(_recognised(core, given.entry, lot, boot, value, is_taxable=is_taxable))
        if part:
            _exchange(core, entry, lot, part, is_taxable=is_taxable)
    core.keep(lines)
    _cash_in_lieu(core, entry, fraction)


def _value_of_one(core: LotCore, entry: Entry, action: CorporateAction | None) -> Decimal | None:
    """Fair value of one new share on the day of the merger, in the account's currency."""
    day = action.ex_date if action is not None else entry.trade_date
    price, rate = core.facts.price_on(entry.security or "", day), core.rate(entry)
    if price is None or rate is None:
        return None
    return price * core.security(entry.security or "", entry.account).price_multiplier * rate


def _recognised(
    core: LotCore, entry: Entry, lot: Lot, boot: Decimal, value: Decimal | None, *, is_taxable: bool
) -> Line:
    """The gain of one lot, and the basis that goes on into the new shares.

    Tax-free: the gain, but no more than the cash; never a loss; basis - cash + gain (IRC 356, 358). Taxable:
    all of it, and the value is the new basis.
    """
    line = core.line(entry, GainKind.MERGER, lot, boot, core.rate(entry))
    if value is None:
        line.basis = [None] * len(VIEWS)
        line.reasons.append(Reason.FAIR_VALUE_UNKNOWN)
        lot.basis, lot.local = [None] * len(VIEWS), None
        lot.reasons = (*lot.reasons, Reason.FAIR_VALUE_UNKNOWN)
        return line
    if is_taxable:
        line.value = boot + value
        lot.basis, lot.reasons = [value] * len(VIEWS), ()
    else:
        for view in VIEWS:
            basis = lot.basis[view]
            if basis is not None:
                gain = max(ZERO, min(boot, value + boot - basis))
                line.basis[view] = boot - gain
                lot.basis[view] = basis - boot + gain
    line.local_value = None if line.value is None or line.rate is None else line.value / line.rate
    if line.local_basis is not None and not is_taxable and line.rate is not None:
        line.local_basis = None
    return line


def _exchange(core: LotCore, entry: Entry, lot: Lot, units: Decimal, *, is_taxable: bool) -> None:
    """The lot goes on as a lot of the new security, with its dates unless the exchange was taxable."""
    lot.key, lot.units, lot.origin = core.key(entry), units, Origin.MERGER
    lot.sequence = lot.sequence if not is_taxable else core.sequence
    currency = core.security(entry.security or "", entry.account).currency
    book, rate = lot.basis[View.BOOK], core.rate(entry)
    if is_taxable or currency != lot.local_currency or lot.local is None:
        lot.local = None if book is None or rate is None else book / rate
    lot.local_currency = currency
    if is_taxable:
        day = entry.trade_date
        lot.acquired_on = lot.bought_on = day
        lot.held_from, lot.used = [day] * len(VIEWS), [False] * len(VIEWS)
        lot.order = entry.order or entry.id
    core.add(lot)
    if is_taxable:
        core.wash.acquired(lot)


def action_for(core: LotCore, entry: Entry) -> CorporateAction | None:
    """The action an entry carries out: the one it names, else one of its days and kind whose units fit.

    A JOURNAL that adds what a split adds on its ex-date is that split (docs/domain/bundle.md).
    """
    if entry.action is not None:
        return next((one for one in core.facts.actions if one.id == entry.action), None)
    fitting = [one for one in nearby(core, entry) if entry.type != "JOURNAL" or _fits(core, entry, one)]
    return min(fitting, key=lambda one: (abs((one.ex_date - entry.trade_date).days), one.id), default=None)


_RENAMES = (ActionType.SYMBOL_CHANGE, ActionType.IDENTIFIER_CHANGE)
_KINDS = {
    "SPLIT": (ActionType.SPLIT,),
    "STOCK_DIVIDEND": (ActionType.STOCK_DIVIDEND,),
    "SPIN_OFF": (ActionType.SPIN_OFF,),
    "MERGER": (ActionType.MERGER,),
    "SYMBOL_CHANGE": _RENAMES,
    "CASH_IN_LIEU": (),
    "JOURNAL": (
        ActionType.SPLIT, ActionType.STOCK_DIVIDEND, ActionType.SPIN_OFF, ActionType.MERGER,
        *_RENAMES,
    ),
}  # fmt: skip


def nearby(core: LotCore, entry: Entry) -> list[CorporateAction]:
    """Actions on the entry's security within a few days that such an entry may carry out."""
    security, days = entry.security or "", core.policy.action_days
    return [
        one
        for one in (*core.actions_of(security), *core.actions_into(security))
        if one.type in _KINDS.get(entry.type, ())
        and abs((one.ex_date - entry.trade_date).days) <= days
        and (one.type is not ActionType.SPIN_OFF or one.other_security == security)
    ]


def _fits(core: LotCore, entry: Entry, action: CorporateAction) -> bool:
    """Whether a journal's units are those of the action, to less than one."""
    units, factor = entry.quantity or ZERO, action.factor()
    if factor is not None:
        expected = core.net(core.key(entry)) * (factor - ONE)
    elif entry.security == action.security:
        return units < 0 and -units == core.units(core.key(entry), short=False)
    else:
        held = core.net(core.key(entry, action.security)) or core.given_up(entry, action)
        if action.type in _RENAMES:
            expected = held
        elif action.ratio_new and action.ratio_old:
            expected = held * action.ratio_new / action.ratio_old
        else:
            return False
    return expected * units > 0 and abs(expected - units) < 1
