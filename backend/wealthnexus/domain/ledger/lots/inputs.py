"""What the engine is given: entries, accounts, securities, lots from outside, corporate actions.

Amounts are in the account's currency, prices in the security's. Keys are the caller's, as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .identical import IdenticalTable
from .taxpayers import TaxpayerGroups
from .vocabulary import ActionType, EntryType, LotMethod


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction that stands. ``amount``: signed cash effect, fees and accrued interest included.

    ``quantity`` is positive but for JOURNAL and the entries of corporate actions, which are signed.
    ``sequence`` orders the entries of a day as they were recorded. ``order`` names the buy order of a fill;
    without it every entry is an order of its own. ``action`` names the corporate action it carries out.
    ``rate`` is what one unit of the security's currency was in the account's, when the source said so.
    ``lots`` is the selection by a person: (lot or acquiring entry, units), units None: all of it.
    """

    id: str
    account: str
    type: EntryType
    trade_date: date
    security: str | None = None
    quantity: Decimal | None = None
    amount: Decimal = Decimal(0)
    accrued_interest: Decimal = Decimal(0)
    settlement_date: date | None = None
    price: Decimal | None = None
    sequence: int = 0
    portfolio: str = ""
    order: str | None = None
    related: str | None = None
    action: str | None = None
    rate: Decimal | None = None
    method: LotMethod | None = None
    lots: tuple[tuple[str, Decimal | None], ...] = ()
    is_deep_in_the_money: bool = False
    """A written put without a substantial likelihood of not being exercised (Rev. Rul. 85-87)."""


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """``lot_methods``: (first day, method) in order of the days; before the first of them FIFO.

    ``is_taxable``: losses are deductible and basis counts. A replacement in an account that is not taxable
    loses the loss for good. ``taxable``: (first day, whether from then on), in order of the days, where that
    changes.
    """

    currency: str
    is_taxable: bool = True
    lot_methods: tuple[tuple[date, LotMethod], ...] = ()
    taxable: tuple[tuple[date, bool], ...] = ()

    def is_taxable_on(self, day: date) -> bool:
        """As the account was taxed on the day."""
        holds = self.is_taxable
        for since, is_taxable in self.taxable:
            if since <= day:
                holds = is_taxable
        return holds

    def method(self, day: date) -> LotMethod:
        """The standing order of the day; FIFO where there is none (26 CFR 1.1012-1(c)(1))."""
        standing = LotMethod.FIFO
        for since, method in self.lot_methods:
            if since <= day:
                standing = method
        return standing


@dataclass(frozen=True, slots=True)
class SecurityTerms:
    """``price_multiplier``: a unit is worth price times this. ``contract_size``: units of the underlying."""

    currency: str
    security_type: str = "COMMON_STOCK"
    cusip: str | None = None
    price_multiplier: Decimal = Decimal(1)
    underlying: str | None = None
    option_type: str | None = None
    strike: Decimal | None = None
    contract_size: Decimal = Decimal(100)
    is_cash_settled: bool = False


@dataclass(frozen=True, slots=True)
class GivenLot:
    """A lot as a source tells it, of an opening position or of a transfer in kind.

    ``as_of``: the day on which it was in the account. ``quantity`` negative for a short lot. ``cost`` of the
    whole lot in the account's currency, None when the source does not know it. ``related``: the entry it
    came with.
    """

    id: str
    account: str
    security: str
    as_of: date
    quantity: Decimal
    acquired_on: date | None = None
    cost: Decimal | None = None
    related: str | None = None
    counts_as_purchase: bool = True
    """False for a gift or an inheritance, which are no acquisition in the sense of a wash sale."""


@dataclass(frozen=True, slots=True)
class CorporateAction:
    """What an issuer did. ``basis_fraction``: part of the basis that goes to what is spun off (Form 8937).

    ``is_taxable``: a merger in which the whole gain or loss is recognised.
    """

    id: str
    security: str
    type: ActionType
    ex_date: date
    ratio_new: Decimal | None = None
    ratio_old: Decimal | None = None
    cash_amount: Decimal | None = None
    other_security: str | None = None
    basis_fraction: Decimal | None = None
    is_taxable: bool = False
    cash_currency: str | None = None
    """Of ``cash_amount``; None: the security's."""

    def factor(self) -> Decimal | None:
        """Units after for one before of the same security; None when the action changes none."""
        if not self.ratio_new or not self.ratio_old:
            return None
        if self.type is ActionType.SPLIT:
            return self.ratio_new / self.ratio_old
        if self.type is ActionType.STOCK_DIVIDEND:
            return (self.ratio_old + self.ratio_new) / self.ratio_old
        return None


PriceOn = Callable[[str, date], Decimal | None]
"""(security, day) -> close in the security's currency per unit of price, None when there is none."""
RateOn = Callable[[str, str, date], Decimal | None]
"""(base, quote, day) -> units of quote for one of base."""


def no_price(_security: str, _day: date) -> Decimal | None:
    return None


def no_rate(_base: str, _quote: str, _day: date) -> Decimal | None:
    return None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything beside the entries."""

    accounts: Mapping[str, AccountTerms]
    securities: Mapping[str, SecurityTerms]
    given_lots: tuple[GivenLot, ...] = ()
    actions: tuple[CorporateAction, ...] = ()
    identical: IdenticalTable = field(default_factory=IdenticalTable)
    groups: TaxpayerGroups = field(default_factory=TaxpayerGroups)
    price_on: PriceOn = no_price
    rate_on: RateOn = no_rate

    def rate(self, base: str, quote: str, day: date) -> Decimal | None:
        """One of ``base`` in ``quote``; 1 for the same currency."""
        return Decimal(1) if base == quote else self.rate_on(base, quote, day)
