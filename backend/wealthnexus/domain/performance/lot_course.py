"""Tax lots over a period: what was paid for each position at some closes, and what changed in between.

A book of lots is played once, from its first entry on; at the days that are asked for it is looked at. Keys
are (account, sleeve, security), amounts in the account's currency.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from wealthnexus.domain.ledger.lot_books.load import TogetherBook
from wealthnexus.domain.ledger.lots.results import OpenLot, RealisedGain
from wealthnexus.domain.performance.rules.days import ZERO

Key = tuple[str, str, str]
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Basis:
    """Cost of the open lots of a position, negative for a short one; None: not known. ``local``: the same in
    ``local_currency``, that of the security."""

    cost: Decimal | None
    local: Decimal | None
    local_currency: str

    def at_rate(self, rate: Decimal, currency: str) -> Decimal | None:
        """The basis at the rate of another day (of ``currency`` per unit of the local one)."""
        if self.local_currency == currency:
            return self.cost
        return None if self.local is None else self.local * rate


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came in kind by an entry of a day, or went (-): the basis that was carried."""

    basis: Decimal | None
    local: Decimal | None
    local_currency: str


@dataclass(slots=True)
class LotCourse:
    """``at``: by day and key, after the day's entries. ``trades``: cash of what bought and sold, with its
    day; ``interest``: bought (-) and sold (+) with bonds, with its day."""

    at: dict[date, dict[Key, Basis]] = field(default_factory=dict)
    arrivals: dict[tuple[date, Key], Arrival] = field(default_factory=dict)
    realised: list[RealisedGain] = field(default_factory=list)
    trades: list[tuple[date, Key, Decimal]] = field(default_factory=list)
    interest: list[tuple[date, Key, Decimal]] = field(default_factory=list)

    def of_sleeve(self, portfolio_id: str) -> LotCourse:
        """What of it is of one sleeve."""
        return LotCourse(
            {
                day: {key: basis for key, basis in own.items() if key[1] == portfolio_id}
                for day, own in self.at.items()
            },
            {which: each for which, each in self.arrivals.items() if which[1][1] == portfolio_id},
            [gain for gain in self.realised if gain.portfolio == portfolio_id],
            [each for each in self.trades if each[1][1] == portfolio_id],
            [each for each in self.interest if each[1][1] == portfolio_id],
        )


def course_of(
    together: TogetherBook,
    accounts: Collection[str],
    closes: Collection[date],
    in_kind: Mapping[tuple[date, Key], Collection[str]],
) -> LotCourse:
    """``closes``: the days to look at. ``in_kind``: days and positions in which something came or went in
    kind, by the ids of the entries."""
    own = frozenset(accounts)
    moved = {which: frozenset(ids) for which, ids in in_kind.items() if which[1][0] in own}
    turns = {day for day, _ in moved}
    stops = sorted({*closes, *turns, *(day - _ONE_DAY for day in turns)})
    entries = sorted(together.entries, key=lambda one: one.trade_date)
    days = [one.trade_date for one in entries]
    book, played = together.play(entries=()), 0
    found = LotCourse()
    for stop in stops:
        until = bisect_left(days, stop + _ONE_DAY)
        book.play(entries[played:until])
        played = until
        found.at[stop] = _held(book.open_lots(), own)
    found.realised = [one for one in book.realised() if one.account in own]
    sleeves = {one.id: one.portfolio for one in entries[:played]}
    found.interest = [
        (one.day, (one.account, sleeves[one.entry], one.security), one.amount)
        for one in book.accrued_interest()
        if one.account in own
    ]
    kinds = {entry for ids in moved.values() for entry in ids}
    for one in entries[:played]:
        if one.account in own and one.id not in kinds and not _is_in_kind(one.type.value):
            key = one.account, one.portfolio, one.security or ""
            found.trades.append((one.trade_date, key, one.amount))
    for day, key in moved:
        found.arrivals[day, key] = _arrival(found, day, key)
    return found


def _is_in_kind(kind: str) -> bool:
    return kind in {"TRANSFER_IN", "TRANSFER_OUT"}


def _held(lots: Iterable[OpenLot], own: frozenset[str]) -> dict[Key, Basis]:
    found: dict[Key, Basis] = {}
    for lot in lots:
        if lot.account not in own:
            continue
        side = 1 if lot.units >= 0 else -1
        key = lot.account, lot.portfolio, lot.security
        before = found.get(key, Basis(ZERO, ZERO, lot.local_currency))
        found[key] = Basis(
            None if before.cost is None or lot.cost is None else before.cost + side * lot.cost,
            None
            if before.local is None or lot.local_basis is None
            else before.local + side * lot.local_basis,
            lot.local_currency,
        )
    return found


def _arrival(found: LotCourse, day: date, key: Key) -> Arrival:
    """How the basis changed that day by what is no trade."""
    before, after = (found.at[at].get(key) for at in (day - _ONE_DAY, day))
    known = after or before
    local_currency = known.local_currency if known else ""
    costs = [ZERO if one is None else one.cost for one in (before, after)]
    locals_ = [ZERO if one is None else one.local for one in (before, after)]
    gains = [one.gain for one in found.realised if one.disposed_on == day and _key(one) == key]
    traded = [amount for when, which, amount in found.trades if (when, which) == (day, key)]
    interest = sum((amount for when, which, amount in found.interest if (when, which) == (day, key)), ZERO)
    if known is None or None in costs or None in gains:
        return Arrival(None, None, local_currency)
    basis = (costs[1] or ZERO) - (costs[0] or ZERO) + sum(traded, ZERO) - interest
    basis -= sum((one or ZERO for one in gains), ZERO)
    local = None
    if None not in locals_ and not traded and not gains:
        local = (locals_[1] or ZERO) - (locals_[0] or ZERO)
    return Arrival(basis, local, local_currency)


def _key(gain: RealisedGain) -> Key:
    return gain.account, gain.portfolio, gain.security
