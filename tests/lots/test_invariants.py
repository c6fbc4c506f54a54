"""What holds for every history: lots are what entries say, basis is moved and never made, played alike."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wealthnexus.domain.bundle import UnitsNeedTheHolding, signed_units
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.inputs import AccountTerms, CorporateAction, Entry, Facts, SecurityTerms
from wealthnexus.domain.ledger.lots.taxpayers import Membership, TaxpayerGroups
from wealthnexus.domain.ledger.lots.vocabulary import (
    WASH_VIEWS,
    ActionType,
    EntryType,
    GainKind,
    LotMethod,
    View,
    WashEffect,
)

pytestmark = pytest.mark.unit

D = Decimal
BEGIN = date(2020, 1, 6)
ACCOUNTS = ("A", "B", "IRA")
SECURITIES = {
    "X": SecurityTerms("USD"),
    "F": SecurityTerms("EUR", "MUTUAL_FUND"),
    "C": SecurityTerms("USD", "OPTION", underlying="X", option_type="CALL", strike=D(30)),
    "P": SecurityTerms("USD", "OPTION", underlying="X", option_type="PUT", strike=D(30)),
    "Y": SecurityTerms("USD"),
}
PROFILE = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
METHODS = [method for method in LotMethod if method is not LotMethod.SPECIFIC]
TRADES = (
    "BUY",
    "BUY",
    "BUY",
    "BUY",
    "SELL",
    "SELL",
    "SELL",
    "SELL",
    "SHORT",
    "COVER",
    "REINVEST",
    "RETURN_OF_CAPITAL",
)
EVENTS = ("TRANSFER", "JOURNAL", "SPLIT", "SPIN_OFF", "MERGER", "EXERCISE", "ASSIGNMENT", "EXPIRATION")
cents = st.integers(1, 900_000).map(lambda number: D(number) / 100)
units_of = st.integers(1, 4_000_000).map(lambda number: D(number) / 10_000)


class Writer:
    """Writes entries and counts what is held, so that most of them are possible."""

    def __init__(self, draw: st.DrawFn, *, is_wild: bool) -> None:
        self.draw, self.is_wild = draw, is_wild
        self.day = BEGIN
        self.entries: list[Entry] = []
        self.actions: list[CorporateAction] = []
        self.held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.short: dict[tuple[str, str], Decimal] = defaultdict(Decimal)

    def add(self, kind: str, account: str, security: str, units: Any, amount: Any, **more: Any) -> None:
        count = len(self.entries)
        self.entries.append(
            Entry(
                f"T{count}", account, EntryType(kind), self.day, security, units, D(amount), sequence=count,
                **more,
            )
        )  # fmt: skip

    def some(self, held: Decimal) -> Decimal:
        """Units to take: all, or a part; anything at all in a wild history. 0 when there is nothing."""
        if self.is_wild:
            return self.draw(units_of)
        if held <= 0:
            return D(0)
        part = D(self.draw(st.integers(1, 10))) / 10
        return max(round(held * part, 4), D("0.0001")) if part < 1 else held

    def trade(self, kind: str, account: str, security: str) -> None:
        key, amount = (account, security), self.draw(cents)
        if kind in ("BUY", "REINVEST"):
            units = self.draw(units_of)
            self.held[key] += units
            self.add(kind, account, security, units, -amount)
        elif kind == "SHORT":
            units = self.draw(units_of)
            self.short[key] += units
            self.add(kind, account, security, units, amount)
        elif kind == "RETURN_OF_CAPITAL" and self.held[key] > 0:
            self.add(kind, account, security, None, amount)
        elif kind == "COVER":
            units = self.some(self.short[key])
            self.short[key] -= units
            if units:
                self.add(kind, account, security, units, -amount)
        elif kind == "SELL":
            units = self.some(self.held[key])
            self.held[key] -= units
            if units:
                self.add(kind, account, security, units, amount)

    def move(self, kind: str, account: str, security: str) -> None:
        other = self.draw(st.sampled_from([one for one in ACCOUNTS if one != account]))
        units = self.some(self.held[account, security])
        if not units:
            return
        self.held[account, security] -= units
        self.held[other, security] += units
        is_journal = kind == "JOURNAL"
        out = -units if is_journal else units
        self.add(kind if is_journal else "TRANSFER_OUT", account, security, out, 0)
        self.add(kind if is_journal else "TRANSFER_IN", other, security, units, 0)

    def act(self, kind: str, account: str) -> None:
        """A corporate action of X, carried out in one account, on a day of its own."""
        held = self.held[account, "X"]
        if (held <= 0 or self.short[account, "X"]) and not self.is_wild:
            return
        self.day += timedelta(days=1)
        new, old = self.draw(st.sampled_from([(2, 1), (3, 2), (1, 8), (21, 20)]))
        share = self.draw(st.sampled_from([D("0.3"), D("0.123456"), None if self.is_wild else D("0.5")]))
        name = f"ACT{len(self.entries)}"
        self.actions.append(
            CorporateAction(
                name, "X", ActionType(kind), self.day, D(new), D(old),
                other_security=None if kind == "SPLIT" else "Y", basis_fraction=share,
            )
        )  # fmt: skip
        exact = round(self.draw(units_of) if self.is_wild else held * new / old, 10)
        if kind == "SPLIT":
            change = exact - held
            if change:
                self.held[account, "X"] = exact
                self.add(kind, account, "X", change, 0, action=name)
        elif exact:
            self.held[account, "Y"] += exact
            self.add(kind, account, "Y", exact, 0, action=name)
            if kind == "MERGER":
                self.held[account, "X"] = D(0)
                self.add(kind, account, "X", -(held or D(1)), 0, action=name)
        self.day += timedelta(days=1)

    def contract(self, kind: str, account: str) -> None:
        contracts, option = D(self.draw(st.integers(1, 3))), self.draw(st.sampled_from("CP"))
        buys = (option == "C") is (kind == "EXERCISE")
        shares, amount = contracts * 100, self.draw(cents)
        if kind != "EXPIRATION" and not buys and self.held[account, "X"] < shares and not self.is_wild:
            return
        is_written = kind == "ASSIGNMENT"
        self.add(
            "SELL" if is_written else "BUY", account, option, contracts, amount if is_written else -amount
        )
        self.add(kind, account, option, contracts, 0)
        if kind != "EXPIRATION":
            self.held[account, "X"] += shares if buys else -shares
            self.add("BUY" if buys else "SELL", account, "X", shares, shares * (-30 if buys else 30))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Facts, list[Entry]]:
    """Odd amounts, contracts, corporate actions in any order; one history in four takes what is not there."""
    book = Writer(draw, is_wild=draw(st.sampled_from([False, False, False, True])))
    for _number in range(draw(st.integers(5, 24))):
        book.day += timedelta(days=draw(st.sampled_from([0, 0, 1, 2, 5, 9, 30, 31, 400])))
        account, kind = draw(st.sampled_from(["A", "A", "B", "IRA"])), draw(st.sampled_from(TRADES + EVENTS))
        security = draw(st.sampled_from(["X", "X", "X", "X", "X", "F", "Y"]))
        if kind in TRADES:
            book.trade(kind, account, security)
        elif kind in ("TRANSFER", "JOURNAL"):
            book.move(kind, account, security)
        elif kind in ("SPLIT", "SPIN_OFF", "MERGER"):
            book.act(kind, account)
        else:
            book.contract(kind, account)
    facts = Facts(
        {
            one: AccountTerms("USD", one != "IRA", ((BEGIN, draw(st.sampled_from(METHODS))),))
            for one in ACCOUNTS
        },
        SECURITIES,
        actions=tuple(book.actions),
        groups=TaxpayerGroups([Membership(one, "FAMILY") for one in ACCOUNTS]),
        rate_on=lambda _base, _quote, when: D("1.1") + D(when.toordinal() % 7) / 100,
    )
    return facts, book.entries


def played(facts: Facts, entries: list[Entry]) -> LotBook:
    book = LotBook(facts)
    book.play(entries)
    return book


def answers(book: LotBook) -> tuple[Any, ...]:
    return (
        book.open_lots(), book.realised(), book.wash_sales(View.CUSTODIAN), book.wash_sales(),
        book.findings(), book.in_transit(),
    )  # fmt: skip


@PROFILE
@given(histories())
def test_lots_are_what_entries_say(history: tuple[Facts, list[Entry]]) -> None:
    """Open lots add up to the signed units of the entries, whatever was sold beyond the holding."""
    facts, entries = history
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        key = (entry.account, entry.security or "")
        if entry.type in ("SPLIT", "SPIN_OFF", "MERGER"):
            expected[key] += entry.quantity or D(0)
            continue
        try:
            expected[key] += signed_units(entry.type, entry.quantity, held=expected[key])
        except UnitsNeedTheHolding:
            return  # the books refuse it
    book = played(facts, entries)
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for lot in book.open_lots():
        assert lot.units
        found[lot.account, lot.security] += lot.units
    assert {key: units for key, units in found.items() if units} == {
        key: units for key, units in expected.items() if units
    }


@PROFILE
@given(histories())
def test_basis_is_moved_and_never_made(history: tuple[Facts, list[Entry]]) -> None:
    """Bought = consumed + held + on the way, less what was returned; in every view with what was deferred."""
    facts, entries = history
    kept = (
        "BUY",
        "REINVEST",
        "SELL",
        "TRANSFER_IN",
        "TRANSFER_OUT",
        "RETURN_OF_CAPITAL",
        "SPLIT",
        "SPIN_OFF",
        "JOURNAL",
    )
    entries = [entry for entry in entries if entry.type in kept and entry.security in "XYF"]
    book = played(facts, entries)
    if any(lot.cost is None for lot in (*book.open_lots(), *book.in_transit())):
        return
    lines = book.realised()
    if any(line.gain is None or line.kind is GainKind.CASH_IN_LIEU for line in lines):
        return
    bought = sum((-entry.amount for entry in entries if entry.type in ("BUY", "REINVEST")), D(0))
    returned = sum((entry.amount for entry in entries if entry.type == "RETURN_OF_CAPITAL"), D(0))
    if any(finding.reason == "NO_UNITS_HELD" for finding in book.findings()):
        return
    excess = [line for line in lines if line.kind is GainKind.RETURN_OF_CAPITAL]
    consumed = sum((line.cost or D(0) for line in lines if line not in excess), D(0))
    held = sum((lot.cost or D(0) for lot in (*book.open_lots(), *book.in_transit())), D(0))
    returned -= sum((line.gain or D(0) for line in excess), D(0))
    assert bought == consumed + held + returned


@PROFILE
@given(histories())
def test_what_is_disallowed_is_deferred_or_lost(history: tuple[Facts, list[Entry]]) -> None:
    """Recognised = gain in the book + what is lost for good + what is deferred into lots still held."""
    book = played(*history)
    lots = (*book.open_lots(), *book.in_transit())
    lines = book.realised()
    for view in WASH_VIEWS:
        for line in lines:
            figure = line.views[view]
            assert D(0) <= figure.lost <= figure.disallowed
            if figure.gain is not None:
                assert figure.disallowed <= max(-figure.gain, D(0))
        known = all(lot.cost is not None for lot in lots) and all(line.gain is not None for line in lines)
        if not known or any(finding.reason == "UNDERLYING_LEG_MISSING" for finding in book.findings()):
            continue
        recognised = sum((line.views[view].recognised or D(0) for line in lines), D(0))
        gain = sum((line.gain or D(0) for line in lines), D(0))
        lost = sum((line.views[view].lost for line in lines), D(0))
        deferred = sum(
            (((lot.basis[view] or D(0)) - (lot.cost or D(0))) * (1 if lot.units > 0 else -1) for lot in lots),
            D(0),
        )
        assert recognised == gain + lost + deferred


@PROFILE
@given(histories())
def test_each_share_replaces_one_loss_once(history: tuple[Facts, list[Entry]]) -> None:
    book = played(*history)
    for view in WASH_VIEWS:
        by_line: dict[str, Decimal] = defaultdict(Decimal)
        disallowed: dict[str, Decimal] = defaultdict(Decimal)
        pieces = set()
        for match in book.wash_sales(view):
            if match.effect is WashEffect.WARNING:
                continue
            by_line[match.gain] += match.units
            disallowed[match.gain] += match.disallowed
            assert match.lot not in pieces
            pieces.add(match.lot)
            assert abs((match.bought_on - match.sold_on).days) <= 30
        lines = {line.id: line for line in book.realised()}
        for name, units in by_line.items():
            assert units <= lines[name].units
            assert disallowed[name] == lines[name].views[view].disallowed


@PROFILE
@given(histories(), st.integers(0, 1_000_000))
def test_playing_on_is_playing_from_the_start(history: tuple[Facts, list[Entry]], seed: int) -> None:
    """Cut at any day, played on from a copy, in any order of the list: the same to the cent."""
    facts, entries = history
    whole = answers(played(facts, entries))
    chance = random.Random(seed)
    cut = chance.choice(entries).trade_date if entries else BEGIN
    shuffled = entries.copy()
    chance.shuffle(shuffled)
    first = played(facts, [entry for entry in shuffled if entry.trade_date < cut])
    before = answers(first)
    later = first.copy()
    later.play([entry for entry in shuffled if entry.trade_date >= cut])
    assert answers(later) == whole
    assert answers(first) == before


@PROFILE
@given(histories())
def test_price_and_currency_are_the_gain(history: tuple[Facts, list[Entry]]) -> None:
    for line in played(*history).realised():
        if line.fx.price_effect is not None and line.fx.fx_effect is not None:
            assert line.fx.price_effect + line.fx.fx_effect == line.gain
        if line.gain is not None:
            assert line.proceeds is not None
            assert line.proceeds - (line.cost or D(0)) == line.gain
        if line.gain is None:
            assert line.reasons
