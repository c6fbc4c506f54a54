"""The valuation once more, in Python and for one position: what the SQL of ``valuation`` must arrive at.

Written from docs/domain/valuation.md; the property tests hold the two together over random books.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from wealthnexus.domain.ledger.accrual import accrued_per_face, paid_to
from wealthnexus.domain.ledger.facts import BondTerms
from wealthnexus.domain.ledger.rules import RATE_PLACES, Quality, quality_of
from wealthnexus.kit.money import round_money

_PRECISION: Final = 80


@dataclass(frozen=True, slots=True)
class Rate:
    """1 unit of the one currency is ``rate`` of the other; ``day``: of the older leg of a cross rate."""

    rate: Decimal
    day: date
    source: str


def _places(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-RATE_PLACES), rounding=ROUND_HALF_UP)


def _leg(base: str, quote: str, quotes: Mapping[tuple[str, str], Rate]) -> Rate | None:
    direct = quotes.get((base, quote))
    if direct is not None:
        return direct
    inverse = quotes.get((quote, base))
    if inverse is None:
        return None
    with localcontext(prec=_PRECISION):
        return Rate(_places(Decimal(1) / inverse.rate), inverse.day, inverse.source)


def resolve_rate(
    base: str, quote: str, quotes: Mapping[tuple[str, str], Rate], common: Sequence[str]
) -> Rate | None:
    """The rate from ``base`` to ``quote``: the pair itself, else its inverse, else the first cross rate.

    ``quotes``: the latest known rate of each pair. None when none of the three can be made.
    """
    found = _leg(base, quote, quotes)
    if found is not None:
        return found
    for currency in common:
        if currency in (base, quote):
            continue
        first, second = _leg(base, currency, quotes), _leg(currency, quote, quotes)
        if first is not None and second is not None:
            with localcontext(prec=_PRECISION):
                rate = _places(first.rate * second.rate)
            older = first if first.day <= second.day else second
            return Rate(rate, older.day, older.source)
    return None


def position_value(
    units: Decimal,
    close: Decimal | None,
    price_multiplier: Decimal,
    rate: Decimal | None,
    currency: str,
) -> Decimal | None:
    """Units times close times multiplier times rate, rounded once, half-up, to ``currency``'s minor unit.

    ``price_multiplier`` makes the quoted price one per unit: 0.01 for a bond quoted per 100 of face, 100
    for an option quoted per share. ``rate``: security's currency into ``currency`` (1 when the same).
    None when there is no price or no rate.
    """
    if close is None or rate is None:
        return None
    with localcontext(prec=_PRECISION):
        return round_money(units * close * price_multiplier * rate, currency)


def position_accrued(
    units: Decimal, terms: BondTerms, rate: Decimal | None, currency: str, day: date
) -> Decimal | None:
    """Units times what accrued on the face of one times rate, rounded once; None where it is not told. A bond
    is quoted per 100 of face, so a unit has a face of 100 times its price multiplier."""
    session = paid_to(terms.exchange, day)
    if terms.maturity is not None and terms.maturity <= session:
        return Decimal(0)
    told = terms.maturity and terms.payments_per_year and terms.day_count and terms.price_multiplier != 1
    if rate is None or terms.coupon is None or not told:
        return None
    assert terms.maturity is not None
    assert terms.payments_per_year is not None
    assert terms.day_count is not None
    found = accrued_per_face(
        terms.coupon, terms.maturity, terms.payments_per_year, terms.day_count, day, paid_to=session
    )
    if found is None:
        return None
    with localcontext(prec=_PRECISION):
        return round_money(units * terms.price_multiplier * 100 * found.per_face * rate, currency)


def converted(value: Decimal | None, rate: Decimal | None, currency: str) -> Decimal | None:
    """``value`` times ``rate``, rounded half-up to ``currency``'s minor unit; None when either is missing."""
    if value is None or rate is None:
        return None
    with localcontext(prec=_PRECISION):
        return round_money(value * rate, currency)


@dataclass(frozen=True, slots=True)
class ValuedPosition:
    """A position as totals need it: its rounded value or None, and whether price or rate are stale."""

    value: Decimal | None
    is_stale: bool
    accrued: Decimal | None = Decimal(0)
    """None: it bears interest that nobody can tell."""


@dataclass(frozen=True, slots=True)
class Total:
    """A total with what is missing from it."""

    value: Decimal | None
    position_count: int
    unpriced_count: int
    stale_count: int
    unaccrued_count: int = 0

    @property
    def quality(self) -> Quality:
        return quality_of(self.value, self.unpriced_count + self.unaccrued_count, self.stale_count)


def account_total(cash: Decimal, positions: Iterable[ValuedPosition]) -> Total:
    """Cash and the priced positions (docs/decisions/0004): None only when nothing in it has a value."""
    total, count, unpriced, stale, unaccrued = cash, 0, 0, 0, 0
    for position in positions:
        count += 1
        if position.value is None:
            unpriced += 1
        else:
            total += position.value + (position.accrued or 0)
            unaccrued += position.accrued is None
            stale += position.is_stale
    nothing = count > 0 and unpriced == count and cash == 0
    return Total(None if nothing else total, count, unpriced, stale, unaccrued)
