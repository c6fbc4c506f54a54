"""Short sales of what the taxpayer holds: a person is told that terms and holding periods may be others.

Source: IRC 1233(b), (d) and (e)(2)(C); 26 CFR 1.1233-1(c); IRS Publication 550, "Short Sales". Held for a
year or less, or bought while the short sale is open: its gain is short-term and the holding period of what is
held begins anew when it is closed. Held for more than a year: a loss on closing is long-term. Neither is
applied to the lots, so each such entry is a finding.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from .arithmetic import ZERO
from .holding import term_of
from .inputs import Entry
from .state import Lot
from .vocabulary import Reason, Term, View

if TYPE_CHECKING:
    from .core import LotCore


def opened_against_held(core: LotCore, entry: Entry) -> None:
    """Find a short sale on whose day the same or substantially identical property is held."""
    _find(core, entry, _held(core, entry))


def closed_against_bought(core: LotCore, entry: Entry, since: date) -> None:
    """Find the closing of short sales, the first of ``since``, after which such property was bought."""
    bought = [lot for lot in _held(core, entry) if lot.bought_on is not None and lot.bought_on > since]
    _find(core, entry, bought)


def _held(core: LotCore, entry: Entry) -> list[Lot]:
    """Of this taxpayer and spouse, outside of retirement accounts."""
    day, security = entry.trade_date, entry.security or ""
    if core.security(security, entry.account).option_type is not None:
        return []
    if not core.account(entry.account).is_taxable_on(day):
        return []
    return [
        lot
        for name in core.wash.identical_to(security, day)
        for key in core.keys_of.get(name, ())
        if core.account(key[0]).is_taxable_on(day) and core.facts.groups.is_same(entry.account, key[0], day)
        for lot in core.side(key, short=False)
    ]


def _find(core: LotCore, entry: Entry, held: list[Lot]) -> None:
    if not held:
        return
    longer = [lot for lot in held if term_of(lot.held_from[View.ECONOMIC], entry.trade_date) is Term.LONG]
    core.find(
        Reason.SHORT_AGAINST_HELD,
        entry,
        units=sum((lot.units for lot in held), ZERO),
        given=sum((lot.units for lot in longer), ZERO),
    )
