"""From transactions to tax lots and realised gains: entries are played day by day, each once.

The face of the engine is ``LotBook``: give it the facts, play the entries that stand, read the answers.
Everything in it follows from entries and facts alone, so playing them again gives the same, and playing on
from a copy gives what playing from the start gives.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from itertools import groupby
from typing import Final

from wealthnexus.kit.text import message

from . import corporate, options, trades, transfers
from .answers import open_lot, realised_gain
from .arithmetic import EXACT, ZERO
from .core import LotCore
from .inputs import Entry, Facts, GivenLot
from .policy import DEFAULT_POLICY, LotPolicy
from .results import AccruedInterest, Finding, OpenLot, RealisedGain, WashMatch
from .trades import Premium
from .vocabulary import EntryType, Reason, View

_EARLIER: Final = message(
    "lots.earlier_day",
    "an entry of {day, date} cannot be played after {today, date}; play from a copy made before it",
    day=date,
    today=date,
)
_CASH_ONLY: Final = frozenset(
    {
        EntryType.DEPOSIT,
        EntryType.WITHDRAWAL,
        EntryType.DIVIDEND,
        EntryType.INTEREST,
        EntryType.ADVISORY_FEE,
        EntryType.EXPENSE,
        EntryType.TAX,
    }
)
_CORPORATE: Final = frozenset(
    {
        EntryType.SPLIT,
        EntryType.STOCK_DIVIDEND,
        EntryType.SPIN_OFF,
        EntryType.MERGER,
        EntryType.SYMBOL_CHANGE,
        EntryType.CASH_IN_LIEU,
    }
)
_SIGNED: Final = _CORPORATE | {EntryType.JOURNAL}
_NO_UNITS: Final = frozenset({EntryType.RETURN_OF_CAPITAL, EntryType.CASH_IN_LIEU})
_ADDS: Final = frozenset(
    {EntryType.BUY, EntryType.REINVEST, EntryType.COVER, EntryType.TRANSFER_IN, EntryType.JOURNAL}
)
_REMOVES: Final = frozenset({EntryType.SELL, EntryType.TRANSFER_OUT, EntryType.EXERCISE})
_EVENTS: Final = frozenset({EntryType.EXERCISE, EntryType.ASSIGNMENT})


class LotBook:
    """Tax lots of one group of accounts. Accounts that may wash each other's losses belong into one book."""

    def __init__(self, facts: Facts, policy: LotPolicy = DEFAULT_POLICY) -> None:
        self.facts = facts
        self.policy = policy
        self._core = LotCore(facts, policy)
        self._legs: list[options.PendingLeg] = []
        self._used_lots: set[str] = set()
        self._has_options = False
        self._given: dict[tuple[str, str], list[GivenLot]] = {}
        for lot in facts.given_lots:
            self._given.setdefault((lot.account, lot.security), []).append(lot)

    # -- playing -----------------------------------------------------------------------------------------

    def play(self, entries: Iterable[Entry]) -> None:
        """Play entries by day, then by ``sequence``; in one call or in several, later days later.

        Within a day corporate actions come first. A sale, cover or transfer recorded ahead of what it needs
        on that day waits for it. ValueError when an entry lies before a day that was played; KeyError when
        its account is not among the facts. Nothing of the call is played then.
        """
        ordered = sorted(entries, key=lambda one: (one.trade_date, one.sequence, one.id))
        if ordered and ordered[0].trade_date < self._core.today:
            raise ValueError(_EARLIER(day=ordered[0].trade_date, today=self._core.today))
        for entry in ordered:
            self.facts.accounts[entry.account]
        with localcontext(EXACT):
            for day, of_day in groupby(ordered, key=lambda one: one.trade_date):
                self._core.today = day
                self._play_day(list(of_day))

    def copy(self) -> LotBook:
        """A book that can be played on without changing this one."""
        shared = (self.facts, self.policy)
        return copy.deepcopy(self, {id(one): one for one in shared})

    def _play_day(self, entries: list[Entry]) -> None:
        if len(entries) == 1:
            self._play(entries[0])
            return
        first: list[Entry] = []
        queue: deque[Entry] = deque()
        for entry in entries:
            (first if self._is_corporate(entry) else queue).append(entry)
        for entry in sorted(first, key=lambda one: (one.quantity or ZERO) >= 0):
            self._play(entry)
        self._has_options = any(entry.type in _EVENTS for entry in queue)
        waited = 0
        while queue:
            entry = queue.popleft()
            if waited <= len(queue) and queue and self._waits(entry, queue):
                queue.append(entry)
                waited += 1
                continue
            waited = 0
            self._play(entry)

    def _is_corporate(self, entry: Entry) -> bool:
        if entry.type is EntryType.JOURNAL and entry.security is not None:
            # Judged at the beginning of the day, before anything of it has moved.
            return corporate.action_for(self._core, entry) is not None
        return entry.type in _CORPORATE

    def _waits(self, entry: Entry, queue: Iterable[Entry]) -> bool:
        """Whether something of the same day that the entry needs has been recorded after it."""
        core, units = self._core, entry.quantity or ZERO
        if entry.security is None or not units:
            return False
        key = core.key(entry)
        removes = entry.type in _REMOVES or (entry.type is EntryType.JOURNAL and units < 0)
        is_netting = core.security(key[2], key[0]).security_type in self.policy.netting_types
        if removes and not (entry.type is EntryType.SELL and is_netting):
            lacks = core.units(key, short=False) < abs(units)
            return lacks and any(self._brings(one, entry, short=False) for one in queue)
        if entry.type in (EntryType.COVER, EntryType.ASSIGNMENT):
            lacks = core.units(key, short=True) < units
            return lacks and any(self._brings(one, entry, short=True) for one in queue)
        if entry.type is EntryType.EXPIRATION:
            lacks = max(core.units(key, short=False), core.units(key, short=True)) < units
            return lacks and any(one.security == entry.security for one in queue)
        if entry.type in (EntryType.TRANSFER_IN, EntryType.JOURNAL):
            if transfers.find_parcel(core, entry, units) is not None:
                return False
            return any(_leaves_for(one, entry) for one in queue)
        return self._waits_for_option(entry, queue)

    def _brings(self, one: Entry, entry: Entry, *, short: bool) -> bool:
        if (one.account, one.portfolio) != (entry.account, entry.portfolio):
            return False
        if one.type in _EVENTS:
            terms = self._core.security(one.security or "", one.account)
            return terms.underlying == entry.security
        if one.security != entry.security:
            return False
        if short:
            return one.type in (EntryType.SHORT, EntryType.SELL)
        return one.type in _ADDS and (one.quantity or ZERO) > 0

    def _waits_for_option(self, entry: Entry, queue: Iterable[Entry]) -> bool:
        if not self._has_options or options.premiums_for(
            self._core, entry, self._legs, is_purchase=entry.type is not EntryType.SELL
        ):
            return False
        return any(
            one.type in _EVENTS
            and one.account == entry.account
            and self._core.security(one.security or "", one.account).underlying == entry.security
            for one in queue
        )

    # -- one entry ---------------------------------------------------------------------------------------

    def _play(self, entry: Entry) -> None:
        core, kind = self._core, entry.type
        core.sequence += 1
        if kind in _CASH_ONLY or (entry.security is None and kind not in _CORPORATE):
            return
        if not self._is_valid(entry):
            return
        if kind in (EntryType.BUY, EntryType.REINVEST):
            trades.buy(core, entry, self._premiums(entry, is_purchase=True))
        elif kind is EntryType.SELL:
            trades.sell(core, entry, self._premiums(entry, is_purchase=False))
        elif kind is EntryType.SHORT:
            trades.short(core, entry)
        elif kind is EntryType.COVER:
            trades.cover(core, entry, self._premiums(entry, is_purchase=True))
        elif kind is EntryType.RETURN_OF_CAPITAL:
            trades.return_of_capital(core, entry)
        elif kind is EntryType.TRANSFER_OUT:
            transfers.transfer_out(core, entry, entry.quantity or ZERO)
        elif kind is EntryType.TRANSFER_IN:
            self._transfer_in(entry)
        elif kind in _EVENTS:
            options.exercise_or_assignment(core, entry, self._legs)
        elif kind is EntryType.EXPIRATION:
            options.expiration(core, entry)
        elif kind is EntryType.JOURNAL:
            self._journal(entry)
        else:
            self._corporate(entry)

    def _is_valid(self, entry: Entry) -> bool:
        """What an import refuses is in no lot here either, with a finding instead of a guess."""
        expected = None
        if entry.security is None:
            expected = "a security"
        elif entry.type not in _NO_UNITS and not entry.quantity and not _is_all_cash(entry):
            expected = "a quantity other than 0"
        elif entry.type not in _SIGNED and (entry.quantity or ZERO) < 0:
            expected = "a quantity greater than 0"
        elif entry.type is EntryType.RETURN_OF_CAPITAL and entry.amount <= 0:
            expected = "an amount greater than 0"
        if expected is not None:
            self._core.find(Reason.ENTRY_NOT_VALID, entry, expected=expected)
        return expected is None

    def _premiums(self, entry: Entry, *, is_purchase: bool) -> list[Premium]:
        legs = options.premiums_for(self._core, entry, self._legs, is_purchase=is_purchase)
        for leg in legs:
            self._legs.remove(leg)
        return [leg.premium for leg in legs]

    def _given_for(self, entry: Entry, units: Decimal) -> list[GivenLot]:
        lots = self._given.get((entry.account, entry.security or ""), [])
        free = [lot for lot in lots if lot.id not in self._used_lots and (lot.quantity > 0) is (units > 0)]
        found = transfers.given_for(entry, units, free, self.policy.arrival_days)
        self._used_lots |= {lot.id for lot in found}
        return found

    def _transfer_in(self, entry: Entry) -> None:
        units = entry.quantity or ZERO
        has_parcel = transfers.find_parcel(self._core, entry, units) is not None
        transfers.transfer_in(self._core, entry, units, () if has_parcel else self._given_for(entry, units))

    def _journal(self, entry: Entry) -> None:
        """A journal is what fits: a corporate action, the underlying of an option, lots in or out."""
        core, units = self._core, entry.quantity or ZERO
        if corporate.action_for(core, entry) is not None:
            self._corporate(entry)
            return
        premiums = self._premiums(entry, is_purchase=units > 0)
        if premiums:
            trade = trades.buy if units > 0 else trades.sell
            trade(core, _as_trade(entry), premiums)
        elif units > 0:
            self._transfer_in(entry)
        else:
            given = self._given_for(entry, units)
            for lot in given:
                transfers.place_given(core, entry, lot, -lot.quantity, lot.cost, short=True)
            if not given:
                transfers.transfer_out(core, entry, -units)

    def _corporate(self, entry: Entry) -> None:
        core = self._core
        action = corporate.action_for(core, entry)
        kind = entry.type if action is None or entry.type is not EntryType.JOURNAL else action.type
        if kind in ("SPLIT", "STOCK_DIVIDEND"):
            corporate.split(core, entry, action)
        elif kind == "SPIN_OFF":
            corporate.spin_off(core, entry, action)
        elif kind == "CASH_IN_LIEU":
            corporate.cash_in_lieu(core, entry)
        elif (entry.quantity or ZERO) < 0:
            given = corporate.give_up(core, entry, action)
            if given is not None:
                core.exchanges.append(given)
        else:
            given = next(
                (one for one in core.exchanges if _is_exchange(one.entry, entry, action, one.action)), None
            )
            if given is not None:
                core.exchanges.remove(given)
            corporate.receive(core, entry, given)

    # -- answers -----------------------------------------------------------------------------------------

    def open_lots(self) -> tuple[OpenLot, ...]:
        """Every lot that is held, by account, sleeve, security and age."""
        with localcontext(EXACT):
            found = [open_lot(lot) for lots in self._core.lots.values() for lot in lots]
        return tuple(
            sorted(
                found,
                key=lambda lot: (
                    lot.account, lot.portfolio, lot.security, lot.acquired_on or date.min, lot.root, lot.id,
                ),
            )
        )  # fmt: skip

    def realised(self) -> tuple[RealisedGain, ...]:
        """Every lot that an entry consumed, in the order in which they were played."""
        with localcontext(EXACT):
            return tuple(realised_gain(line) for line in self._core.lines)

    def wash_sales(self, view: View = View.ECONOMIC) -> tuple[WashMatch, ...]:
        """Every match of a loss with its replacement in a view, in the order in which they came about."""
        return tuple(match for match in self._core.matches if match.view is view)

    def accrued_interest(self) -> tuple[AccruedInterest, ...]:
        """Interest bought and sold with bonds."""
        return tuple(self._core.accrued)

    def findings(self) -> tuple[Finding, ...]:
        """What a person should look at, and what still waits for its other half."""
        core = self._core
        waiting = [
            Finding(
                Reason.UNDERLYING_LEG_MISSING,
                leg.event.id,
                leg.event.account,
                leg.event.security or "",
                leg.day,
            )
            for leg in self._legs
        ]
        unused = [
            Finding(Reason.LOT_WITHOUT_UNITS, lot.id, lot.account, lot.security, lot.as_of)
            for lot in self.facts.given_lots
            if lot.id not in self._used_lots and lot.as_of <= core.today and lot.related is None
        ]
        return (*core.findings, *waiting, *unused)

    def in_transit(self) -> tuple[OpenLot, ...]:
        """Lots that left an account in kind and have arrived nowhere in this book."""
        with localcontext(EXACT):
            return tuple(open_lot(lot) for parcel in self._core.parcels for lot in parcel.lots)


def _is_all_cash(entry: Entry) -> bool:
    """A corporate action whose fraction of a unit was paid in cash alone."""
    return entry.type in _CORPORATE and entry.amount > 0 and entry.quantity is not None


def _leaves_for(one: Entry, entry: Entry) -> bool:
    """Whether ``one`` sends what ``entry`` receives: named by either, else like units of the security."""
    sends = one.type is EntryType.TRANSFER_OUT or (
        one.type is EntryType.JOURNAL and (one.quantity or ZERO) < 0
    )
    if not sends or one.security != entry.security:
        return False
    return entry.id == one.related or entry.related == one.id or abs(one.quantity or ZERO) == entry.quantity


def _as_trade(entry: Entry) -> Entry:
    """A journal that moves the underlying of an option, as the trade it is."""
    units = entry.quantity or ZERO
    kind = EntryType.BUY if units > 0 else EntryType.SELL
    return Entry(
        entry.id, entry.account, kind, entry.trade_date, entry.security, abs(units), entry.amount,
        settlement_date=entry.settlement_date, sequence=entry.sequence, portfolio=entry.portfolio,
        order=entry.order, related=entry.related, rate=entry.rate, method=entry.method, lots=entry.lots,
    )  # fmt: skip


def _is_exchange(given: Entry, entry: Entry, action: object, given_action: object) -> bool:
    """Whether both entries are the two sides of one exchange of one account and sleeve."""
    if (given.account, given.portfolio) != (entry.account, entry.portfolio):
        return False
    if action is not None:
        return given_action is action
    return given.id == entry.related or given.related == entry.id
