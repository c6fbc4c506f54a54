"""What accounts are worth at quotes: the valuation's own arithmetic, with a quote in the place of a close.

Each position is rounded once, totals add the rounded values, an account is converted once into the firm's
currency: without quotes the figures are those of the books to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from wealthnexus.kit.money import round_money

_PRECISION = 80


@dataclass(frozen=True, slots=True)
class LiveHolding:
    """A position as the books have it; ``rate`` from the security's currency into the account's."""

    id: str
    security_id: UUID
    units: Decimal
    multiplier: Decimal
    rate: Decimal | None
    close: Decimal | None


@dataclass(frozen=True, slots=True)
class LiveAccount:
    """``cash`` in ``currency``; ``rate`` from it into the firm's, None where nothing converts."""

    id: UUID
    currency: str
    firm_currency: str
    cash: Decimal
    rate: Decimal | None
    holdings: tuple[LiveHolding, ...]


@dataclass(frozen=True, slots=True)
class HoldingValue:
    """``price`` is the quote, or the close where there is none; ``value`` in the account's currency."""

    id: str
    security_id: UUID
    price: Decimal | None
    value: Decimal | None
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class AccountValue:
    """``value`` in the account's currency, ``reporting_value`` in the firm's."""

    id: UUID
    currency: str
    value: Decimal | None
    reporting_value: Decimal | None
    holdings: tuple[HoldingValue, ...]


def value_account(account: LiveAccount, quotes: Mapping[UUID, Decimal]) -> AccountValue:
    """The account at the quotes of its securities; a security without one at its close."""
    with localcontext(prec=_PRECISION):
        held = tuple(_value_holding(each, account.currency, quotes) for each in account.holdings)
        known = [each.value for each in held if each.value is not None]
        value = None
        if known or not held or account.cash:
            value = sum(known, account.cash)
        reporting = None
        if value is not None and account.currency == account.firm_currency:
            reporting = value
        elif value is not None and account.rate is not None:
            reporting = round_money(value * account.rate, account.firm_currency)
    return AccountValue(account.id, account.currency, value, reporting, held)


def _value_holding(holding: LiveHolding, currency: str, quotes: Mapping[UUID, Decimal]) -> HoldingValue:
    quote = quotes.get(holding.security_id)
    price = holding.close if quote is None else quote
    value = None
    if price is not None and holding.rate is not None:
        value = round_money(holding.units * price * holding.multiplier * holding.rate, currency)
    return HoldingValue(holding.id, holding.security_id, price, value, quote is not None)


def total_of(values: Iterable[AccountValue]) -> Decimal | None:
    """The accounts together in the firm's currency, as the books add them; None when none has a value."""
    found = list(values)
    known = [each.reporting_value for each in found if each.reporting_value is not None]
    if found and not known:
        return None
    return sum(known, Decimal(0))
