"""Lot relief: the order in which lots leave, by method.

The lists of priorities of MAX_* are those brokers publish (largest of the wished kind first, then the other
term of the same sign, then the least of the other sign). Ties go to the oldest lot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .arithmetic import ZERO
from .holding import term_of
from .policy import LotPolicy
from .state import Lot
from .vocabulary import LotMethod, Term

IsBlocked = Callable[[Lot], bool]
"""Whether a loss of the lot would be washed by what was bought before."""
_Key = Callable[[Lot], Any]

# Lowest rank first: (wished sign is a gain, wished term), see ``_by_kind``.
_KINDS = {
    LotMethod.MAX_LONG_TERM_GAIN: (True, Term.LONG),
    LotMethod.MAX_LONG_TERM_LOSS: (False, Term.LONG),
    LotMethod.MAX_SHORT_TERM_GAIN: (True, Term.SHORT),
    LotMethod.MAX_SHORT_TERM_LOSS: (False, Term.SHORT),
}


def in_order(
    lots: Sequence[Lot],
    method: LotMethod,
    policy: LotPolicy,
    *,
    day: date,
    per_unit: Decimal | None,
    is_blocked: IsBlocked,
) -> list[Lot]:
    """The lots in the order in which they leave. ``per_unit``: proceeds of one unit, None without a sale.

    SPECIFIC and AVERAGE_COST leave oldest first: what is named comes before it is asked. A lot of unknown
    basis leaves last where the basis decides.
    """
    oldest = sorted(lots, key=Lot.age)
    if method is LotMethod.LIFO:
        # Parts of one acquisition stay in their order.
        return sorted(oldest, key=lambda lot: lot.age()[:2], reverse=True)
    if method in (LotMethod.FIFO, LotMethod.SPECIFIC, LotMethod.AVERAGE_COST):
        return oldest
    view = policy.relief_view
    value = per_unit if per_unit is not None else ZERO

    def gain(lot: Lot) -> Decimal:
        basis = (lot.basis[view] or ZERO) / lot.units
        return basis - value if lot.is_short else value - basis

    def tax(lot: Lot) -> Decimal:
        made = gain(lot)
        if made < 0 and is_blocked(lot):
            return ZERO
        # Of unknown age: taxed as what costs more.
        return made * policy.rate(term_of(lot.held_from[view], day) or Term.SHORT)

    key: _Key
    if method in (LotMethod.HIFO, LotMethod.MAX_LOSS):
        key = gain
    elif method is LotMethod.LOWEST_COST:
        key = _negative(gain)
    elif method is LotMethod.MIN_TAX:
        key = tax
    else:
        key = _by_kind(*_KINDS[method], gain, lambda lot: term_of(lot.held_from[view], day))
    return sorted(
        oldest, key=lambda lot: (lot.basis[view] is None, () if lot.basis[view] is None else (key(lot),))
    )


def _negative(gain: Callable[[Lot], Decimal]) -> _Key:
    return lambda lot: -gain(lot)


def _by_kind(
    wants_gain: bool, wished: Term, gain: Callable[[Lot], Decimal], term: Callable[[Lot], Term | None]
) -> _Key:
    """First the wished sign (wished term, then the other), largest first; then the other sign, least first.

    Of the other sign the term that was not wished comes first: the wished kind is kept for later.
    """

    def key(lot: Lot) -> tuple[int, Decimal]:
        made = gain(lot) if wants_gain else -gain(lot)
        is_wished = (term(lot) or Term.SHORT) is wished
        if made > 0:
            return (0 if is_wished else 1, -made)
        return (3 if is_wished else 2, -made)

    return key
