"""Splitting totals so that nothing is lost: largest remainder, running shares, the rest by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Final

PRECISION: Final = 60
"""Digits carried: 18 + 10 of a quantity times 18 + 10 of a price fit, products of two ratios too."""
EXACT: Final = Context(prec=PRECISION, rounding=ROUND_HALF_UP)
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)


def to_places(value: Decimal, places: int) -> Decimal:
    """Half-up to ``places``."""
    return value.quantize(ONE.scaleb(-places), rounding=ROUND_HALF_UP)


def part_of(total: Decimal, part: Decimal, whole: Decimal, places: int) -> Decimal:
    """``total`` x ``part`` / ``whole``, half-up to ``places``; the whole of it when ``part`` is all."""
    return total if part == whole else to_places(total * part / whole, places)


def apportion(total: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
    """Parts of ``total`` by non-negative ``weights`` that add up to it exactly.

    Largest remainder at ``places`` (finer when the total itself is); ties go to the earlier position.
    ValueError when the weights add up to nothing.
    """
    whole = sum(weights, ZERO)
    if whole <= 0:
        raise ValueError(f"weights add up to {whole}, expected more than 0; nothing was divided")
    if len(weights) == 1:
        return [total]
    exponent = total.as_tuple().exponent
    unit = ONE.scaleb(-max(places, -exponent if isinstance(exponent, int) else 0))
    exact = [total * weight / whole for weight in weights]
    parts = [value.quantize(unit, rounding=ROUND_DOWN) for value in exact]
    left = int((total - sum(parts, ZERO)) / unit)
    step = unit if left >= 0 else -unit
    by_remainder = sorted(range(len(parts)), key=lambda n: (-abs(exact[n] - parts[n]), n))
    for n in by_remainder[: abs(left)]:
        parts[n] += step
    return parts


def cumulative(total: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
    """Parts of ``total`` so that every running sum is the exact running share, half-up to ``places``."""
    whole = sum(weights, ZERO)
    parts: list[Decimal] = []
    run = given = ZERO
    for weight in weights:
        run += weight
        upto = part_of(total, run, whole, places)
        parts.append(upto - given)
        given = upto
    return parts
