"""What a sleeve was worth and earned, from entries and closes: plain Python, nothing of the product.

Entries are (day, sleeve, type, security, units, amount); closes by security and day. A journal is a flow of
the sleeve at the value of its day, a deposit and a withdrawal too; everything else is what it earned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

Entry = tuple[date, str, str, str | None, Decimal, Decimal]
Closes = Mapping[str, Mapping[date, Decimal]]
_FLOWS = frozenset({"DEPOSIT", "WITHDRAWAL", "JOURNAL"})
_CENT = Decimal("0.01")


def close(closes: Closes, security: str, day: date) -> Decimal:
    return closes[security][max(each for each in closes[security] if each <= day)]


def worth(closes: Closes, security: str, units: Decimal, day: date) -> Decimal:
    return (units * close(closes, security, day)).quantize(_CENT, ROUND_HALF_UP)


def value(entries: Iterable[Entry], closes: Closes, sleeve: str | None, day: date) -> Decimal:
    """At the close of a day; of the whole account for None, whose positions are held by sleeve."""
    cash, held = Decimal(0), dict[tuple[str, str], Decimal]()
    for when, of, _, security, units, amount in entries:
        if when > day or sleeve not in {None, of}:
            continue
        cash += amount
        if security is not None:
            held[of, security] = held.get((of, security), Decimal(0)) + units
    return cash + sum(worth(closes, name, units, day) for (_, name), units in held.items() if units)


def flow(entry: Entry, closes: Closes) -> Decimal:
    day, _, kind, security, units, amount = entry
    if kind not in _FLOWS:
        return Decimal(0)
    return amount if security is None else worth(closes, security, units, day)


def time_weighted(
    entries: Sequence[Entry], closes: Closes, sleeve: str | None, days: Sequence[date]
) -> Decimal | None:
    """Linked over the days from the first with money on: what comes in takes part from the start of its day,
    what goes out until its end. Of the account a journal is nothing."""
    growth, before, is_funded = Decimal(1), Decimal(0), False
    for day in days:
        flows = [
            flow(entry, closes)
            for entry in entries
            if entry[0] == day
            and sleeve in {None, entry[1]}
            and (sleeve is not None or entry[2] != "JOURNAL")
        ]
        into = sum((each for each in flows if each > 0), Decimal(0))
        out = -sum((each for each in flows if each < 0), Decimal(0))
        after = value(entries, closes, sleeve, day)
        if before + into:
            growth *= (after + out) / (before + into)
            is_funded = True
        before = after
    return (growth - 1).quantize(Decimal("1e-8"), ROUND_HALF_EVEN) if is_funded else None
