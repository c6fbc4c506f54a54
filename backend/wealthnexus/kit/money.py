"""Money arithmetic: Decimal only, the rounding place and mode always named."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision, list_currencies

_CURRENCIES = frozenset(list_currencies(locale="en"))


def is_currency(code: str) -> bool:
    """Whether ``code`` is an ISO 4217 alphabetic code known to CLDR."""
    return code in _CURRENCIES


def minor_units(currency: str) -> int:
    """Decimal places of the currency's minor unit (USD 2, JPY 0, KWD 3), ISO 4217 via CLDR."""
    return get_currency_precision(currency)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Half-up to the currency's minor unit: for amounts that are paid, once per line."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def round_statistic(value: Decimal, places: int = 8) -> Decimal:
    """Half-even, for published ratios and returns."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def split(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Parts of ``total`` by largest remainder: each a whole minor unit, together exactly ``total``.

    Ties go to the earlier position (callers order by amount, then id). ValueError when the weights
    are negative or sum to zero, or the total is not a whole number of minor units.
    """
    unit = Decimal(1).scaleb(-minor_units(currency))
    if total != total.quantize(unit):
        raise ValueError(f"{total} {currency} is not a whole number of minor units")
    weight_sum = sum(weights, Decimal(0))
    if weight_sum <= 0 or any(weight < 0 for weight in weights):
        raise ValueError(f"weights {list(map(str, weights))} must be non-negative and sum to more than 0")
    exact = [total * weight / weight_sum for weight in weights]
    parts = [value.quantize(unit, rounding=ROUND_FLOOR) for value in exact]
    missing = int((total - sum(parts, Decimal(0))) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(exact[i] - parts[i]), i))
    for index in by_remainder[:missing]:
        parts[index] += unit
    return parts


def plain(value: Decimal) -> str:
    """Decimal as plain digits without exponent, as the API and the bundle write it."""
    return format(value, "f")
