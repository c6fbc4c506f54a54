"""Options: exercise, assignment and expiration (IRS Publication 550, "Options").

The premium of what is exercised or assigned is no gain: it goes into the basis or the proceeds of the
underlying. What expires is a gain or loss of its premium; that of a writer is short-term.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from .arithmetic import ZERO, apportion
from .core import LotCore
from .inputs import Entry
from .trades import Premium
from .vocabulary import EntryType, GainKind, Origin, Reason

_NEAR_STRIKE: Final = Decimal("0.01")
"""Fees and a multiplier aside, what is paid at a strike is the strike."""


@dataclass(slots=True, eq=False)
class PendingLeg:
    """Contracts exercised or assigned whose trade of the underlying has not been played."""

    event: Entry
    underlying: str
    is_purchase: bool
    units: Decimal
    strike: Decimal | None
    day: date
    premium: Premium


def exercise_or_assignment(core: LotCore, entry: Entry, pending: list[PendingLeg]) -> None:
    """Close the contracts. Physical: their premium waits for the underlying's trade. In cash: a gain."""
    is_assigned = entry.type is EntryType.ASSIGNMENT
    contracts = entry.quantity or ZERO
    terms = core.security(entry.security or "", entry.account)
    pieces, missing = core.relieve(entry, contracts, short=is_assigned)
    if missing:
        core.find(Reason.CLOSED_MORE_THAN_HELD, entry, units=missing)
        if is_assigned:
            core.unknown(entry, missing, Reason.CLOSED_MORE_THAN_HELD)
        else:
            core.missing(entry, missing, Reason.CLOSED_MORE_THAN_HELD)
    if not pieces:
        return
    if terms.is_cash_settled or terms.underlying is None:
        value = -entry.amount if is_assigned else entry.amount
        core.realise(entry, GainKind.CASH_SETTLEMENT, pieces, value)
        return
    premium = Premium(entry.id, Origin.ASSIGNMENT if is_assigned else Origin.EXERCISE)
    fees = apportion(-entry.amount, [piece.units for piece in pieces], core.places(entry.account))
    for piece, fee in zip(pieces, fees, strict=True):
        basis = [None if one is None else (-one if is_assigned else one) + fee for one in piece.basis]
        premium.parts.append((piece.units * terms.contract_size, basis, list(piece.used)))
        premium.lots.append(piece.id)
    # A call that its holder uses and a put that its writer must take buy; the two others sell.
    is_purchase = (terms.option_type == "CALL") is not is_assigned
    units = sum((units for units, _basis, _used in premium.parts), ZERO)
    pending.append(
        PendingLeg(entry, terms.underlying, is_purchase, units, terms.strike, entry.trade_date, premium)
    )


def premiums_for(
    core: LotCore, entry: Entry, pending: list[PendingLeg], *, is_purchase: bool
) -> list[PendingLeg]:
    """The exercises and assignments whose underlying this trade moves; none for an ordinary trade.

    Those that one side names; else one of the last days with as many units at the strike, else all of a day
    that together have as many.
    """
    if not pending:
        return []
    fitting = [
        leg
        for leg in pending
        if leg.underlying == entry.security
        and leg.is_purchase is is_purchase
        and (leg.event.account, leg.event.portfolio) == (entry.account, entry.portfolio)
    ]
    named = [leg for leg in fitting if entry.related == leg.event.id or leg.event.related == entry.id]
    if named:
        return named
    units = abs(entry.quantity or ZERO)
    last = timedelta(days=core.policy.option_leg_days)
    free = [
        leg
        for leg in fitting
        if leg.event.related is None
        and entry.trade_date - leg.day <= last
        and _is_at_strike(entry, leg.strike)
    ]
    for leg in free:
        if leg.units == units:
            return [leg]
    for day in sorted({leg.day for leg in free}):
        together = [leg for leg in free if leg.day == day]
        if sum((leg.units for leg in together), ZERO) == units:
            return together
    return []


def _is_at_strike(entry: Entry, strike: Decimal | None) -> bool:
    """At the strike by its price; without one by its amount, which may hold fees. A journal may have none."""
    if strike is None or not strike or not entry.quantity:
        return True
    if entry.price is not None:
        return entry.price == strike
    paid = abs(entry.amount / entry.quantity)
    return not paid or abs(paid / strike - 1) <= _NEAR_STRIKE


def expiration(core: LotCore, entry: Entry) -> None:
    """Worthless: a holder loses what was paid, a writer keeps what was received."""
    contracts = entry.quantity or ZERO
    key = core.key(entry)
    is_long = core.units(key, short=False) > 0 or not core.units(key, short=True)
    pieces, missing = core.relieve(entry, contracts, short=not is_long)
    value = entry.amount if is_long else -entry.amount
    core.realise(entry, GainKind.EXPIRATION, pieces, value)
    if missing:
        core.find(Reason.CLOSED_MORE_THAN_HELD, entry, units=missing)
        if is_long:
            core.missing(entry, missing, Reason.CLOSED_MORE_THAN_HELD)
        else:
            core.unknown(entry, missing, Reason.CLOSED_MORE_THAN_HELD)
