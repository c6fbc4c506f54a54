"""Composites and reinvested levels, read naively: dictionaries, fractions, and nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Book = Mapping[str, Any]
"""Of a portfolio: ``values`` at the end of each month (0: the opening of the first), ``returns`` by month
from 1, ``stays``: first and last month of which every day belongs."""


def takes_part(book: Book, month: int, minimum: Fraction) -> bool:
    opening, closing = book["values"].get(month - 1), book["values"].get(month)
    belongs = any(first <= month <= last for first, last in book["stays"])
    return bool(belongs and opening and closing and opening >= minimum)


def month_return(books: Mapping[str, Book], month: int, minimum: Fraction) -> Fraction | None:
    """What a purse of all members at the opening became, each by its own return."""
    own = [book for book in books.values() if takes_part(book, month, minimum)]
    if not own:
        return None
    before = sum(book["values"][month - 1] for book in own)
    after = sum(book["values"][month - 1] * (1 + book["returns"][month]) for book in own)
    return Fraction(after) / Fraction(before) - 1


def linked(returns: Sequence[Fraction]) -> Fraction:
    growth = Fraction(1)
    for each in returns:
        growth *= 1 + each
    return growth - 1


def variance(
    books: Mapping[str, Book], months: Sequence[int], minimum: Fraction, *, by_value: bool
) -> Fraction | None:
    """The squared dispersion of those who took part in all the months; None under six."""
    own = [book for book in books.values() if all(takes_part(book, month, minimum) for month in months)]
    if len(own) < 6:
        return None
    returns = [linked([book["returns"][month] for month in months]) for book in own]
    weights = [Fraction(book["values"][months[0] - 1]) if by_value else Fraction(1) for book in own]
    total = sum(weights)
    mean = sum(w * r for w, r in zip(weights, returns, strict=True)) / total
    return Fraction(sum(w * (r - mean) ** 2 for w, r in zip(weights, returns, strict=True)) / total)


def worth_of_one_unit(
    closes: Sequence[Fraction], events: Mapping[int, Sequence[tuple[str, Fraction]]]
) -> list[Fraction]:
    """What became of one unit by each day, cash buying units at that day's close. ``events`` by day: ("cash",
    a unit) of the units of the eve, and ("split", units for one)."""
    units, found = Fraction(1), []
    for day, close in enumerate(closes):
        today = events.get(day, ())
        received = sum((units * amount for kind, amount in today if kind == "cash"), Fraction(0))
        for kind, ratio in today:
            if kind == "split":
                units *= ratio
        units += received / close
        found.append(units * close)
    return found
