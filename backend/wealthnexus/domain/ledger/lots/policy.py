"""The choices of convention, as data with a version: printed beside every figure they shaped.

Sources: IRS Publication 550; 26 CFR 1.1012-1 (identification, average basis), 1.1091-1 and -2 (wash sales);
Rev. Rul. 66-7 (holding period), 2008-5 (IRA), 85-87 (puts in the money).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .vocabulary import Term, View


@dataclass(frozen=True, slots=True)
class LotPolicy:
    """How lots are relieved and what counts as a wash sale.

    ``long_term_rate`` and ``short_term_rate`` weigh gains for MIN_TAX. ``relief_view`` is the basis by which
    lots are chosen: the custodian's, whose Form 1099-B is filed. ``wash_days`` counts on either side of the
    sale. ``transfer_days`` and ``option_leg_days`` bound how far apart two entries of one event may lie,
    ``arrival_days`` how long after a transfer its lots may be told.
    """

    version: str = "lots/1"
    long_term_rate: Decimal = Decimal("0.20")
    short_term_rate: Decimal = Decimal("0.37")
    relief_view: View = View.CUSTODIAN
    average_types: frozenset[str] = frozenset(
        {"MUTUAL_FUND", "MONEY_MARKET_FUND", "UNIT_TRUST", "ETF", "CLOSED_END_FUND"}
    )
    fifo_only_types: frozenset[str] = frozenset({"FUTURE"})
    netting_types: frozenset[str] = frozenset({"OPTION", "FUTURE"})
    """A sale beyond the holding opens a short position of these, a purchase closes it."""
    sale_beyond_holding_is_short: bool = False
    wash_days: int = 30
    transfer_days: int = 5
    arrival_days: int = 45
    option_leg_days: int = 5
    action_days: int = 5
    allocate_spin_off_by_prices: bool = True
    warn_related_taxpayers: bool = True
    deep_put_moneyness: Decimal | None = None
    """A put written at a strike of at least so many times the underlying's price is a contract to acquire."""

    def rate(self, term: Term) -> Decimal:
        """The tax rate that weighs a gain of this term."""
        return self.long_term_rate if term is Term.LONG else self.short_term_rate


DEFAULT_POLICY: Final = LotPolicy()
QUANTITY_PLACES: Final = 10
