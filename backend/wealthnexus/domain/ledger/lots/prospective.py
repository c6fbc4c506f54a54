"""Before a trade: what it would wash, in both directions.

A sale at a loss is washed by what was bought in the days before and is still held, and by what is planned
in the days after (open orders, standing reinvestments, systematic purchases). A purchase washes the losses of
the days before and those of planned sales. Not tax advice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .arithmetic import ZERO
from .book import LotBook
from .inputs import Entry
from .results import RealisedGain, WashMatch
from .vocabulary import View, WashEffect


@dataclass(frozen=True, slots=True)
class WashCheck:
    """What one proposed entry would wash, in the economic view and the account's currencies.

    ``disallowed`` includes ``lost``, what an IRA would take for good. ``gains``: what the entry realises.
    ``free_from``: for a sale at a loss, the first day on which a purchase no longer washes it; for a
    purchase, the first day on which it would wash nothing of what has been sold. None: nothing is in the
    way.
    """

    gains: tuple[RealisedGain, ...]
    matches: tuple[WashMatch, ...]
    warnings: tuple[WashMatch, ...]
    disallowed: Decimal
    lost: Decimal
    free_from: date | None


def check(book: LotBook, proposed: Entry, planned: Sequence[Entry] = ()) -> WashCheck:
    """Play the entry and what is planned on a copy of the book and read what it washes or is washed by.

    ``book`` is played up to the day of the entry. The book itself is not changed.
    """
    trial = book.copy()
    trial.play([proposed, *planned])
    gains = tuple(line for line in trial.realised() if line.entry == proposed.id)
    own = {line.id for line in gains}
    touched = [match for match in trial.wash_sales() if match.gain in own or match.lot_root == proposed.id]
    matches = tuple(match for match in touched if match.effect is not WashEffect.WARNING)
    days = timedelta(days=book.policy.wash_days + 1)
    has_loss = any((line.views[View.ECONOMIC].gain or ZERO) < 0 for line in gains)
    washed = [match.sold_on for match in matches if match.lot_root == proposed.id]
    free_from = proposed.trade_date + days if has_loss else max(washed) + days if washed else None
    return WashCheck(
        gains,
        matches,
        tuple(match for match in touched if match.effect is WashEffect.WARNING),
        sum((match.disallowed for match in matches), ZERO),
        sum((match.disallowed for match in matches if match.effect is WashEffect.LOST), ZERO),
        free_from,
    )
