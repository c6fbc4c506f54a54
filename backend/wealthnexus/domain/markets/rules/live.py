"""What accounts are worth at quotes: the valuation's own arithmetic, with a quote in the place of a close.

Each position is rounded once, totals add the rounded values, an account is converted once into the firm's
currency: without quotes the figures are those of the books to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from uuid import UUID

from wealthnexus.kit.money import minor_units

_PRECISION = 80
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LiveHolding:
    """A position as the books have it; ``rate`` from the security's currency into the account's."""

    id: str
    security_id: UUID
    units: Decimal
    multiplier: Decimal
    rate: Decimal | None
    close: Decimal | None
    accrued: Decimal = _ZERO
    """Interest accrued by the close, in the account's currency: a quote is without it as the close is."""


@dataclass(frozen=True, slots=True)
class LiveAccount:
    """``cash`` in ``currency``; ``rate`` from it into the firm's, None where nothing converts."""

    id: UUID
    currency: str
    firm_currency: str
    cash: Decimal
    rate: Decimal | None
    holdings: tuple[LiveHolding, ...]


# Not frozen: thousands are made in one flush.
@dataclass(slots=True)
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


@lru_cache(maxsize=512)
def _unit(currency: str) -> Decimal:
    """The minor unit; looked up once, for thousands of positions are rounded to it in one flush."""
    return Decimal(1).scaleb(-minor_units(currency))


def value_account(account: LiveAccount, quotes: Mapping[UUID, Decimal]) -> AccountValue:
    """The account at the quotes of its securities; a security without one at its close."""
    unit, total, is_valued = _unit(account.currency), account.cash, False
    held: list[HoldingValue] = []
    with localcontext(prec=_PRECISION):
        for each in account.holdings:
            quote = quotes.get(each.security_id)
            price = each.close if quote is None else quote
            worth = None
            if price is not None and each.rate is not None:
                worth = _times(each.units * price, each.multiplier, each.rate).quantize(unit, ROUND_HALF_UP)
                total += worth + each.accrued
                is_valued = True
            held.append(HoldingValue(each.id, each.security_id, price, worth, quote is not None))
        value = total if is_valued or not held or account.cash else None
        reporting = None
        if value is not None and account.currency == account.firm_currency:
            reporting = value
        elif value is not None and account.rate is not None:
            reporting = (value * account.rate).quantize(_unit(account.firm_currency), ROUND_HALF_UP)
    return AccountValue(account.id, account.currency, value, reporting, tuple(held))


def _times(value: Decimal, multiplier: Decimal, rate: Decimal) -> Decimal:
    """Most are 1, and a comparison is cheaper than a multiplication of 80 places."""
    if multiplier != 1:
        value *= multiplier
    return value if rate == 1 else value * rate


def total_of(values: Iterable[AccountValue]) -> Decimal | None:
    """The accounts together in the firm's currency, as the books add them; None when none has a value."""
    found = list(values)
    known = [each.reporting_value for each in found if each.reporting_value is not None]
    if found and not known:
        return None
    return sum(known, Decimal(0))
