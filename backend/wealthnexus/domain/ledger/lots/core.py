"""The lots of a group of accounts: opening, relieving and realising them. What every handler stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from wealthnexus.kit.money import minor_units, plain

from . import relief
from .arithmetic import ONE, ZERO, apportion, cumulative
from .inputs import AccountTerms, CorporateAction, Entry, Facts, SecurityTerms
from .policy import LotPolicy
from .results import AccruedInterest, Finding, WashMatch
from .state import Basis, Key, Line, Lot
from .vocabulary import VIEWS, GainKind, LotMethod, Origin, Reason, View
from .wash import WashTracker

NOTHING: Final[tuple[Lot, ...]] = ()


@lru_cache(maxsize=256)
def places_of(currency: str) -> int:
    """Places of the currency's minor unit."""
    return minor_units(currency)


@dataclass(slots=True, eq=False)
class Parcel:
    """Lots that left one account in kind and have not arrived at another."""

    entry: str
    key: Key
    day: date
    units: Decimal
    lots: list[Lot]
    related: str | None
    is_journal: bool


@dataclass(slots=True, eq=False)
class Exchanged:
    """Lots given up in a merger that wait for what comes in their place, and the cash that came with them."""

    entry: Entry
    action: CorporateAction | None
    lots: list[Lot]
    boot: Decimal


class LotCore:
    """Open lots by (account, portfolio, security), and what was realised, matched, accrued and found."""

    def __init__(self, facts: Facts, policy: LotPolicy) -> None:
        self.facts = facts
        self.policy = policy
        self.lots: dict[Key, list[Lot]] = {}
        self.keys_of: dict[str, dict[Key, None]] = {}
        self.lines: list[Line] = []
        self.matches: list[WashMatch] = []
        self.accrued: list[AccruedInterest] = []
        self.findings: list[Finding] = []
        self.parcels: list[Parcel] = []
        self.sequence = 0
        self.today = date.min
        self.exchanges: list[Exchanged] = []
        self._actions: dict[str, list[CorporateAction]] = {}
        self._actions_into: dict[str, list[CorporateAction]] = {}
        for action in sorted(facts.actions, key=lambda one: (one.ex_date, one.id)):
            self._actions.setdefault(action.security, []).append(action)
            if action.other_security is not None:
                self._actions_into.setdefault(action.other_security, []).append(action)
        self._parts: dict[str, int] = {}
        self.wash = WashTracker(self)

    # -- terms -------------------------------------------------------------------------------------------

    def account(self, key: str) -> AccountTerms:
        return self.facts.accounts[key]

    def security(self, key: str, account: str) -> SecurityTerms:
        """The security's terms; one that nothing is known of is a share in the account's currency."""
        found = self.facts.securities.get(key)
        return found or SecurityTerms(self.account(account).currency)

    def places(self, account: str) -> int:
        return places_of(self.account(account).currency)

    def rate(self, entry: Entry) -> Decimal | None:
        """One of the security's currency in the account's, as the source said, else of the trade date."""
        own = self.account(entry.account).currency
        foreign = self.security(entry.security or "", entry.account).currency
        if foreign == own:
            return ONE
        return entry.rate or self.facts.rate(foreign, own, entry.trade_date)

    def actions_of(self, security: str) -> list[CorporateAction]:
        """The issuer's actions, by ex-date."""
        return self._actions.get(security, [])

    def actions_into(self, security: str) -> list[CorporateAction]:
        """Actions in which this security is received, by ex-date."""
        return self._actions_into.get(security, [])

    def given_up(self, entry: Entry, action: CorporateAction) -> Decimal:
        """Units given up in the action by this account and sleeve that nothing has replaced yet."""
        return sum(
            (
                lot.units
                for given in self.exchanges
                if given.action is action
                and given.entry.account == entry.account
                and given.entry.portfolio == entry.portfolio
                for lot in given.lots
            ),
            ZERO,
        )

    def find(self, reason: Reason, entry: Entry, **values: Decimal | str) -> None:
        """Keep a finding about an entry."""
        said = {name: plain(v) if isinstance(v, Decimal) else v for name, v in values.items()}
        self.findings.append(
            Finding(reason, entry.id, entry.account, entry.security or "", entry.trade_date, said)
        )

    # -- holdings ----------------------------------------------------------------------------------------

    def key(self, entry: Entry, security: str | None = None) -> Key:
        return (entry.account, entry.portfolio, security or entry.security or "")

    def side(self, key: Key, *, short: bool) -> list[Lot]:
        """Lots of one side; units nobody can explain are on none."""
        return [
            lot
            for lot in self.lots.get(key, NOTHING)
            if lot.is_short is short and lot.origin is not Origin.UNEXPLAINED
        ]

    def units(self, key: Key, *, short: bool) -> Decimal:
        return sum((lot.units for lot in self.side(key, short=short)), ZERO)

    def net(self, key: Key) -> Decimal:
        """Signed units of the holding, everything included: equal to the sum of the entries' units."""
        return sum((lot.signed() for lot in self.lots.get(key, NOTHING)), ZERO)

    def add(self, lot: Lot) -> None:
        """Put a lot into its holding."""
        self.lots.setdefault(lot.key, []).append(lot)
        self.keys_of.setdefault(lot.security, {})[lot.key] = None

    def drop(self, lot: Lot) -> None:
        holding = self.lots[lot.key]
        holding.remove(lot)
        if not holding:
            del self.lots[lot.key]
            del self.keys_of[lot.security][lot.key]

    def part(self, lot: Lot, units: Decimal) -> Lot:
        """Split ``units`` off a held lot; the part is held beside it."""
        piece = lot.take(units, self.part_id(lot.root), self.places(lot.account))
        self.add(piece)
        return piece

    def part_id(self, root: str) -> str:
        number = self._parts.get(root, 0) + 1
        self._parts[root] = number
        return f"{root}.{number}"

    def open(
        self,
        entry: Entry,
        units: Decimal,
        basis: Decimal | None,
        origin: Origin,
        *,
        short: bool = False,
        acquired_on: date | None = None,
        is_purchase: bool = True,
        reasons: tuple[Reason, ...] = (),
        security: str | None = None,
    ) -> Lot:
        """A new lot of an entry; ``basis`` None needs a reason. Purchases may replace an earlier loss."""
        day = acquired_on or entry.trade_date
        own = self.account(entry.account).currency
        lot = self.made(entry, units, [basis] * len(VIEWS), origin, short=short, security=security)
        lot.acquired_on, lot.held_from = day, [day] * len(VIEWS)
        lot.bought_on = day if is_purchase else None
        lot.reasons = reasons
        rate = self.rate(entry) if lot.local_currency != own else ONE
        lot.local = None if rate is None or basis is None else basis / rate
        if rate is None and basis is not None:
            self.find(Reason.FX_RATE_MISSING, entry)
        self.add(lot)
        if is_purchase:
            self.wash.acquired(lot)
        return lot

    def made(
        self,
        entry: Entry,
        units: Decimal,
        basis: Basis,
        origin: Origin,
        *,
        short: bool = False,
        security: str | None = None,
    ) -> Lot:
        """A lot of an entry that is in no holding yet, without dates."""
        key = self.key(entry, security)
        name = self.part_id(entry.id) if entry.id in self._parts else entry.id
        self._parts.setdefault(entry.id, 0)
        return Lot(
            name, entry.id, key, units, short, None, None, self.sequence, origin,
            entry.order or entry.id, entry.id, self.account(entry.account).currency, basis,
            [None] * len(VIEWS), [False] * len(VIEWS), self.security(key[2], key[0]).currency,
            is_deep_put=short and self._is_deep_put(entry),
        )  # fmt: skip

    def _is_deep_put(self, entry: Entry) -> bool:
        terms = self.security(entry.security or "", entry.account)
        if terms.option_type != "PUT" or terms.underlying is None:
            return False
        limit = self.policy.deep_put_moneyness
        if entry.is_deep_in_the_money or limit is None or terms.strike is None:
            return entry.is_deep_in_the_money
        price = self.facts.price_on(terms.underlying, entry.trade_date)
        return price is not None and price > 0 and terms.strike / price >= limit

    # -- relief ------------------------------------------------------------------------------------------

    def relieve(
        self,
        entry: Entry,
        units: Decimal,
        *,
        short: bool = False,
        per_unit: Decimal | None = None,
        security: str | None = None,
    ) -> tuple[list[Lot], Decimal]:
        """Take units out of the holding by the method in force; the pieces, and the units that were missing."""  # noqa: E501
        key = self.key(entry, security)
        lots = self.side(key, short=short)
        method = self._method(entry, key, lots)
        named = self._named(entry, lots, method, units)
        pieces: list[Lot] = []
        left = units
        for lot, wanted in named:
            left -= wanted
            pieces.append(self._cut(lot, wanted))
        if left:
            rest = relief.in_order(
                self.side(key, short=short),
                method,
                self.policy,
                day=entry.trade_date,
                per_unit=per_unit,
                is_blocked=self.wash.blocks,
            )
            for lot in rest:
                wanted = min(lot.units, left)
                left -= wanted
                pieces.append(self._cut(lot, wanted))
                if not left:
                    break
        if method is LotMethod.AVERAGE_COST and pieces:
            self._average(pieces, self.side(key, short=short))
        return pieces, left

    def _cut(self, lot: Lot, units: Decimal) -> Lot:
        """The lot, or a part of it, out of the holding."""
        if units == lot.units:
            self.drop(lot)
            return lot
        return lot.take(units, self.part_id(lot.root), self.places(lot.account))

    def _method(self, entry: Entry, key: Key, lots: Sequence[Lot]) -> LotMethod:
        terms = self.security(key[2], key[0])
        if terms.security_type in self.policy.fifo_only_types:
            return LotMethod.FIFO
        method = entry.method or self.account(entry.account).method(entry.trade_date)
        if method is LotMethod.AVERAGE_COST:
            is_fund = terms.security_type in self.policy.average_types
            if not is_fund and not any(lot.origin is Origin.REINVESTMENT for lot in lots):
                # A holding of one lot has one cost however it is called.
                if len(lots) > 1:
                    self.find(Reason.AVERAGE_NOT_ELIGIBLE, entry)
                return LotMethod.FIFO
        return method

    def _named(
        self, entry: Entry, lots: Sequence[Lot], method: LotMethod, units: Decimal
    ) -> list[tuple[Lot, Decimal]]:
        """The lots a person named, with the units of each; a finding where that is not adequate."""
        if not entry.lots:
            if method is LotMethod.SPECIFIC and len(lots) > 1:
                self.find(Reason.IDENTIFICATION_NOT_ADEQUATE, entry)
            return []
        if method is LotMethod.AVERAGE_COST:  # cannot be combined with identification
            self.find(Reason.IDENTIFICATION_NOT_ADEQUATE, entry)
            return []
        free = {id(lot): lot.units for lot in lots}
        found: list[tuple[Lot, Decimal]] = []
        left = units
        for name, asked in entry.lots:
            wanted = left if asked is None else min(asked, left)
            for lot in sorted(lots, key=Lot.age):
                if name in (lot.id, lot.root, lot.opened_by) and wanted and free[id(lot)]:
                    taken = min(free[id(lot)], wanted)
                    free[id(lot)] -= taken
                    wanted -= taken
                    left -= taken
                    found.append((lot, taken))
        if left:
            self.find(Reason.IDENTIFICATION_NOT_ADEQUATE, entry)
        merged: dict[int, tuple[Lot, Decimal]] = {}
        for lot, taken in found:
            merged[id(lot)] = (lot, merged.get(id(lot), (lot, ZERO))[1] + taken)
        return list(merged.values())

    def _average(self, pieces: Sequence[Lot], rest: Sequence[Lot]) -> None:
        """One cost a unit for all, in every view. Where one has no basis, what leaves has none either."""
        lots = [*pieces, *rest]
        if any(basis is None for lot in lots for basis in lot.basis):
            for piece in pieces:
                piece.basis, piece.local = [None] * len(VIEWS), None
                piece.reasons = piece.reasons or (Reason.MISSING_BASIS,)
            return
        weights = [lot.units for lot in lots]
        for view in VIEWS:
            total = sum((lot.basis[view] or ZERO for lot in lots), ZERO)
            for lot, basis in zip(
                lots, cumulative(total, weights, self.places(lots[0].account)), strict=True
            ):
                lot.basis[view] = basis
        if all(lot.local is not None for lot in lots):
            local, units = sum((lot.local or ZERO for lot in lots), ZERO), sum(weights, ZERO)
            for lot in lots:
                lot.local = local * lot.units / units

    # -- realising ---------------------------------------------------------------------------------------

    def realise(
        self,
        entry: Entry,
        kind: GainKind,
        pieces: Sequence[Lot],
        value: Decimal | None,
        *,
        shift: Sequence[Decimal] | None = None,
        reason: Reason | None = None,
    ) -> list[Line]:
        """A line for every piece, ``value`` divided by units. ``shift``: further basis by view (options)."""
        if not pieces:
            return []
        places = self.places(entry.account)
        weights = [piece.units for piece in pieces]
        values: Sequence[Decimal | None]
        values = [None] * len(pieces) if value is None else apportion(value, weights, places)
        shifts = [apportion(part, weights, places) for part in shift] if shift else None
        rate = self.rate(entry)
        lines = []
        for number, (piece, its) in enumerate(zip(pieces, values, strict=True)):
            line = self.line(entry, kind, piece, its, rate)
            if shifts:
                for view in VIEWS:
                    basis = line.basis[view]
                    line.basis[view] = None if basis is None else basis + shifts[view][number]
            if reason is not None:
                line.reasons.append(reason)
            lines.append(line)
        self.keep(lines)
        return lines

    def line(
        self, entry: Entry, kind: GainKind, piece: Lot, value: Decimal | None, rate: Decimal | None
    ) -> Line:
        """One line, not kept yet."""
        reasons = list(piece.reasons)
        if piece.basis[View.BOOK] is None and not reasons:
            reasons.append(Reason.MISSING_BASIS)
        return Line(
            "", entry.id, kind, piece.key, piece.currency, piece.id, piece.root, piece.age(), piece.order,
            piece.is_short, piece.acquired_on, entry.trade_date, entry.settlement_date, self.sequence,
            piece.units, value, list(piece.basis), list(piece.held_from), piece.local_currency, piece.local,
            None if value is None or rate is None else value / rate, rate, reasons=reasons,
            from_lots=piece.from_lots,
        )  # fmt: skip

    def keep(self, lines: Iterable[Line]) -> None:
        """Number the lines and look whether a loss among them was replaced before."""
        lines = list(lines)
        for line in lines:
            line.id = f"{line.entry}/{self.part_id(line.entry + '/').rpartition('.')[2]}"
            self.lines.append(line)
        self.wash.realised(lines)

    def unknown(self, entry: Entry, units: Decimal, reason: Reason, security: str | None = None) -> Lot:
        """Units that came in without dates and basis: a lot like others, but for what is not known of it."""
        lot = self.made(entry, units, [None] * len(VIEWS), Origin.TRANSFER, security=security)
        lot.reasons = (reason,)
        self.add(lot)
        return lot

    def missing(self, entry: Entry, units: Decimal, reason: Reason) -> Lot:
        """Units that left without having come in: kept apart, so that lots add up to what entries say."""
        lot = self.made(entry, units, [None] * len(VIEWS), Origin.UNEXPLAINED, short=True)
        lot.reasons = (reason,)
        self.add(lot)
        return lot
