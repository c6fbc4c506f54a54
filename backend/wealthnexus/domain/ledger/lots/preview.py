"""What a corporate action will post and do, before it is posted; and splits that prices speak of alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Final

from .arithmetic import EXACT, ONE, ZERO, to_places
from .book import LotBook
from .core import places_of
from .inputs import CorporateAction, Entry
from .policy import QUANTITY_PLACES
from .results import Finding, OpenLot, RealisedGain
from .vocabulary import ActionType, EntryType, Reason


class Fractions(StrEnum):
    """What becomes of a fraction of a unit."""

    KEEP = "KEEP"
    CASH_IN_LIEU = "CASH_IN_LIEU"
    ROUND_UP = "ROUND_UP"


@dataclass(frozen=True, slots=True)
class Preview:
    """Entries that the action would post, and the lots of its securities before and after them."""

    entries: tuple[Entry, ...]
    before: tuple[OpenLot, ...]
    after: tuple[OpenLot, ...]
    gains: tuple[RealisedGain, ...]
    findings: tuple[Finding, ...]


def preview(
    book: LotBook,
    action: CorporateAction,
    *,
    fractions: Fractions = Fractions.KEEP,
    cash_per_unit: Decimal | None = None,
) -> Preview:
    """The effects of an action of the facts on everybody in the book, which is played to the eve of its day.

    ``cash_per_unit``: of cash in lieu, in the security's currency for one unit of what is received. The book
    is not changed. A holding whose cash has no exchange rate is not posted, with a finding. ValueError when
    cash in lieu has no price.
    """
    if fractions is Fractions.CASH_IN_LIEU and cash_per_unit is None:
        raise ValueError(f"{action.id}: cash in lieu, expected the cash for one unit; nothing was previewed")
    names = {action.security, action.other_security}
    before = tuple(lot for lot in book.open_lots() if lot.security in names)
    missing: list[Finding] = []
    with localcontext(EXACT):
        entries = tuple(
            _postings(
                book, action, before, fractions=fractions, cash_per_unit=cash_per_unit or ZERO, found=missing
            )
        )
    trial = book.copy()
    done, told = len(trial.realised()), len(trial.findings())
    trial.play(entries)
    after = tuple(lot for lot in trial.open_lots() if lot.security in names)
    findings = (*missing, *trial.findings()[told:])
    return Preview(entries, before, after, trial.realised()[done:], findings)


def is_in_lieu(action: CorporateAction, kind: EntryType, security: str) -> bool:
    """Whether the cash of a leg is for a fraction of what is received, not what the issuer pays a unit."""
    if kind is EntryType.MERGER:
        return security != action.security
    return kind in (EntryType.SPLIT, EntryType.STOCK_DIVIDEND, EntryType.SPIN_OFF)


def _rate(
    book: LotBook, action: CorporateAction, account: str, kind: EntryType, security: str
) -> Decimal | None:
    own = book.facts.accounts[account].currency
    base = None if is_in_lieu(action, kind, security) else action.cash_currency
    if base is None:
        terms = book.facts.securities.get(security)
        base = own if terms is None else terms.currency
    return book.facts.rate(base, own, action.ex_date)


def _postings(
    book: LotBook,
    action: CorporateAction,
    lots: Sequence[OpenLot],
    *,
    fractions: Fractions,
    cash_per_unit: Decimal,
    found: list[Finding],
) -> Iterator[Entry]:
    held: dict[tuple[str, str], Decimal] = {}
    for lot in lots:
        if lot.security == action.security:
            key = (lot.account, lot.portfolio)
            held[key] = held.get(key, ZERO) + lot.units
    for number, ((account, portfolio), units) in enumerate(sorted(held.items())):
        places = places_of(book.facts.accounts[account].currency)
        its = [
            (*leg, _rate(book, action, account, *leg[:2]))
            for leg in legs(action, units, fractions, cash_per_unit)
        ]
        if any(amount and rate is None for _kind, _security, _quantity, amount, rate in its):
            found.append(Finding(Reason.FX_RATE_MISSING, action.id, account, action.security, action.ex_date))
            continue
        for kind, security, quantity, amount, rate in its:
            yield Entry(
                f"{action.id}/{account}/{portfolio}/{kind}/{security}", account, kind, action.ex_date,
                security, quantity, to_places(amount * (rate or ONE), places), sequence=number,
                portfolio=portfolio, action=action.id,
            )  # fmt: skip


def legs(
    action: CorporateAction, units: Decimal, fractions: Fractions, cash_per_unit: Decimal
) -> Iterator[tuple[EntryType, str, Decimal | None, Decimal]]:
    """(type, security, signed units, cash) of one holding."""
    cash = units * (action.cash_amount or ZERO)
    kind, other = action.type, action.other_security
    factor = action.factor()
    if kind is ActionType.CASH_DIVIDEND:
        yield EntryType.DIVIDEND, action.security, None, cash
    elif kind is ActionType.RETURN_OF_CAPITAL:
        yield EntryType.RETURN_OF_CAPITAL, action.security, None, cash
    elif factor is not None:
        whole, in_lieu = _rounded(units * factor, fractions, cash_per_unit)
        yield EntryType(kind.value), action.security, whole - units, in_lieu
    elif kind is ActionType.MERGER:
        yield EntryType.MERGER, action.security, -units, cash
        if other is not None and action.ratio_new and action.ratio_old:
            exact = units * action.ratio_new / action.ratio_old
            whole, in_lieu = _rounded(exact, fractions, cash_per_unit)
            yield EntryType.MERGER, other, whole, in_lieu
    elif kind is ActionType.SPIN_OFF and other is not None and action.ratio_new and action.ratio_old:
        whole, in_lieu = _rounded(units * action.ratio_new / action.ratio_old, fractions, cash_per_unit)
        yield EntryType.SPIN_OFF, other, whole, in_lieu
    elif other is not None:
        yield EntryType.SYMBOL_CHANGE, action.security, -units, ZERO
        yield EntryType.SYMBOL_CHANGE, other, units, ZERO


def _rounded(exact: Decimal, fractions: Fractions, cash_per_unit: Decimal) -> tuple[Decimal, Decimal]:
    """Units that are posted, and the cash for what is left out."""
    exact = to_places(exact, QUANTITY_PLACES)
    if fractions is Fractions.KEEP:
        return exact, ZERO
    if fractions is Fractions.ROUND_UP:
        return exact.quantize(ONE, rounding=ROUND_CEILING), ZERO
    whole = exact.quantize(ONE, rounding=ROUND_DOWN)
    return whole, (exact - whole) * cash_per_unit


# -- splits in prices ----------------------------------------------------------------------------------------

_USUAL: Final = tuple(
    sorted(
        {Fraction(number) for number in range(2, 51)}
        | {Fraction(1, number) for number in range(2, 51)}
        | {Fraction(3, 2), Fraction(4, 3), Fraction(5, 4), Fraction(5, 2), Fraction(5, 3)}
    )
)


@dataclass(frozen=True, slots=True)
class SuspectedSplit:
    """A jump between two closes that is close to a usual ratio, on a day without such an action."""

    security: str
    day: date
    ratio_new: int
    ratio_old: int
    close_before: Decimal
    close: Decimal


def suspected_splits(
    security: str,
    closes: Sequence[tuple[date, Decimal]],
    actions: Iterable[CorporateAction],
    *,
    tolerance: Decimal = Decimal("0.05"),
    least_jump: Decimal = Decimal("0.25"),
    days: int = 5,
) -> tuple[SuspectedSplit, ...]:
    """Days on which a raw close moved as by a split that no action of a few days around explains.

    ``closes`` in order of the days. ``least_jump``: smaller moves are markets.
    """
    known = [one.ex_date for one in actions if one.security == security and one.factor() is not None]
    found = []
    for (_before, close_before), (day, close) in itertools.pairwise(closes):
        if not close_before or not close or abs(close / close_before - 1) < least_jump:
            continue
        if any(abs((day - one).days) <= days for one in known):
            continue
        jump = Fraction(close_before) / Fraction(close)
        nearest = min(_USUAL, key=lambda ratio: abs(jump / ratio - 1))
        if abs(jump / nearest - 1) <= Fraction(tolerance):
            found.append(
                SuspectedSplit(security, day, nearest.numerator, nearest.denominator, close_before, close)
            )
    return tuple(found)
