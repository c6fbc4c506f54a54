"""The lots and wash sales of random histories against the reckoning share by share, to the cent."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.identical import IdenticalPair, IdenticalTable
from wealthnexus.domain.ledger.lots.inputs import AccountTerms, CorporateAction, Entry, Facts, SecurityTerms
from wealthnexus.domain.ledger.lots.policy import LotPolicy
from wealthnexus.domain.ledger.lots.taxpayers import Membership, TaxpayerGroups
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, EntryType, LotMethod, Treatment, View

from tests.oracle.lots import Reckoning

pytestmark = pytest.mark.unit

BEGIN = date(2020, 1, 6)
ACCOUNTS = ("A", "B", "IRA")
TAXABLE = {"A", "B"}
SPIN = Fraction(1, 4)
GRAIN = 64  # cents: prices are whole multiples, so that splits and the spin-off leave whole cents
VIEWS = {View.BOOK: "book", View.CUSTODIAN: "custodian", View.ECONOMIC: "economic"}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, str], bool]:
    """Events of a family's three accounts in two securities; amounts in cents, units never more than held."""
    methods = {account: draw(st.sampled_from(["FIFO", "LIFO", "HIFO"])) for account in ACCOUNTS}
    is_identical = draw(st.booleans())
    day = BEGIN
    events: list[dict[str, Any]] = []
    held: dict[tuple[str, str], int] = {}
    splits = spun = 0
    for _number in range(draw(st.integers(8, 24))):
        day += timedelta(days=draw(st.sampled_from([0, 1, 3, 7, 15, 30, 31, 366])))
        account = draw(st.sampled_from(["A", "A", "A", "B", "IRA"]))
        security = draw(st.sampled_from(["X", "X", "X", "Y"]))
        kind = draw(
            st.sampled_from(
                ["BUY", "BUY", "SELL", "SELL", "SELL", "MOVE", "SPLIT", "CAPITAL", "SPIN", "REINVEST"]
            )
        )
        mine = held.get((account, security), 0)
        price = GRAIN * draw(st.integers(5, 20) if kind == "SELL" else st.integers(10, 30))
        event: dict[str, Any] = {"day": day, "kind": kind, "account": account, "security": security}
        if kind in ("BUY", "REINVEST"):
            event["units"] = draw(st.integers(1, 6))
            event["amount"] = event["units"] * price
            if kind == "BUY" and draw(st.booleans()):
                event["order"] = f"order of {day}"
            held[account, security] = mine + event["units"]
        elif kind == "SELL" and mine:
            event["units"] = draw(st.integers(1, mine))
            event["amount"] = event["units"] * price
            held[account, security] = mine - event["units"]
        elif kind == "MOVE" and mine:
            event["to"] = draw(st.sampled_from([other for other in ACCOUNTS if other != account]))
            event["units"] = draw(st.integers(1, mine))
            held[account, security] = mine - event["units"]
            held[event["to"], security] = held.get((event["to"], security), 0) + event["units"]
        elif kind == "SPLIT" and splits < 2 and not spun and security == "X" and not is_identical:
            # A day of its own: a corporate action comes before everything else of its day.
            day += timedelta(days=1)
            splits += 1
            event |= {"day": day, "ratio": 2}
            for one in ACCOUNTS:
                held[one, security] = held.get((one, security), 0) * 2
            day += timedelta(days=1)
        elif kind == "CAPITAL" and mine:
            event["amount"] = mine * GRAIN * draw(st.integers(1, 12))
        elif kind == "SPIN" and mine and not spun and security == "X":
            day += timedelta(days=1)
            spun = 1
            event |= {"day": day, "to": "Z", "units": mine}
            held[account, "Z"] = mine
            day += timedelta(days=1)
        else:
            continue
        events.append(event)
    return events, methods, is_identical


def entries_of(events: list[dict[str, Any]]) -> tuple[list[Entry], list[CorporateAction]]:
    """The history as the ledger has it. A split is an entry of every account that holds the security."""
    entries: list[Entry] = []
    actions: list[CorporateAction] = []
    held: dict[tuple[str, str], int] = {}
    for index, event in enumerate(events):
        kind, account, security = event["kind"], event["account"], event["security"]
        cents = Decimal(event.get("amount", 0)) / 100
        units = Decimal(event["units"]) if "units" in event else None

        def entry(
            suffix: str, of: str, kind: str, amount: Decimal, quantity: Decimal | None,
            security: str = security, index: int = index, event: dict[str, Any] = event, **more: Any,
        ) -> None:  # fmt: skip
            entries.append(
                Entry(
                    f"{index}{suffix}", of, EntryType(kind), event["day"], security, quantity, amount,
                    sequence=index, order=event.get("order"), **more,
                )
            )  # fmt: skip

        if kind in ("BUY", "REINVEST"):
            entry("", account, kind, -cents, units)
            held[account, security] = held.get((account, security), 0) + event["units"]
        elif kind == "SELL":
            entry("", account, kind, cents, units)
            held[account, security] -= event["units"]
        elif kind == "MOVE":
            entry("out", account, "TRANSFER_OUT", Decimal(0), units)
            entry("to", event["to"], "TRANSFER_IN", Decimal(0), units, related=f"{index}out")
            held[account, security] -= event["units"]
            held[event["to"], security] = held.get((event["to"], security), 0) + event["units"]
        elif kind == "SPLIT":
            actions.append(
                CorporateAction(f"S{index}", security, ActionType.SPLIT, event["day"], Decimal(2), Decimal(1))
            )
            for one in ACCOUNTS:
                if held.get((one, security)):
                    entry(one, one, "SPLIT", Decimal(0), Decimal(held[one, security]), action=f"S{index}")
                    held[one, security] *= 2
        elif kind == "CAPITAL":
            entry("", account, "RETURN_OF_CAPITAL", cents, None)
        else:
            actions.append(
                CorporateAction(
                    f"S{index}", security, ActionType.SPIN_OFF, event["day"], Decimal(1), Decimal(1),
                    other_security="Z", basis_fraction=Decimal("0.25"),
                )
            )  # fmt: skip
            entry("", account, "SPIN_OFF", Decimal(0), units, security="Z", action=f"S{index}")
            held[account, "Z"] = event["units"]
    return entries, actions


def book_of(
    events: list[dict[str, Any]], methods: dict[str, str], is_identical: bool
) -> tuple[LotBook, list[Entry]]:
    entries, actions = entries_of(events)
    table = IdenticalTable(
        (IdenticalPair("X", "Y", Treatment.IDENTICAL, "test", "same index", BEGIN),) if is_identical else ()
    )
    facts = Facts(
        {one: AccountTerms("USD", one in TAXABLE, ((BEGIN, LotMethod(methods[one])),)) for one in ACCOUNTS},
        {key: SecurityTerms("USD") for key in "XYZ"},
        actions=tuple(actions),
        identical=table,
        groups=TaxpayerGroups([Membership(one, "FAMILY") for one in ACCOUNTS]),
    )
    return LotBook(facts, LotPolicy(relief_view=View.BOOK)), entries


def sums(book: LotBook, view: View) -> tuple[dict[int, Any], dict[int, Any], dict[Any, Fraction]]:
    """Per event: gain, disallowed, lost in cents; gain by term; per account and security: basis in cents."""
    totals: dict[int, Any] = {}
    terms: dict[int, Any] = {}
    for line in book.realised():
        index = int("".join(sign for sign in line.entry if sign.isdigit()))
        figure = line.views[view]
        mine = totals.setdefault(index, {"gain": Fraction(0), "disallowed": Fraction(0), "lost": Fraction(0)})
        its = terms.setdefault(index, {"LONG": Fraction(0), "SHORT": Fraction(0)})
        assert figure.gain is not None
        assert figure.term is not None
        mine["gain"] += Fraction(figure.gain) * 100
        mine["disallowed"] += Fraction(figure.disallowed) * 100
        mine["lost"] += Fraction(figure.lost) * 100
        its[str(figure.term)] += Fraction(figure.gain) * 100
    basis: dict[Any, Fraction] = {}
    for lot in book.open_lots():
        key = (lot.account, lot.security)
        basis[key] = basis.get(key, Fraction(0)) + Fraction(lot.basis[view]) * 100
    return totals, terms, {key: value for key, value in basis.items() if value}


def without_zeros(totals: dict[int, Any]) -> dict[int, Any]:
    return {index: its for index, its in totals.items() if any(its.values())}


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(histories())
def test_lots_and_wash_sales_share_by_share(
    history: tuple[list[dict[str, Any]], dict[str, str], bool],
) -> None:
    events, methods, is_identical = history
    book, entries = book_of(events, methods, is_identical)
    book.play(entries)
    assert book.findings() == ()
    oracle = Reckoning(events, methods, TAXABLE, {frozenset("XY")} if is_identical else set(), SPIN)
    units: dict[Any, Decimal] = {}
    for lot in book.open_lots():
        key = (lot.account, lot.security)
        units[key] = units.get(key, Decimal(0)) + lot.units
    assert units == oracle.units()
    for view, name in VIEWS.items():
        totals, terms, basis = sums(book, view)
        said = oracle.wash(name)
        assert without_zeros(totals) == without_zeros(said["totals"]), name
        assert without_zeros(terms) == without_zeros(said["terms"]), name
        assert basis == said["basis"], name


def test_the_reckoning_by_hand() -> None:
    """Publication 550: 100 for 5,000 sold for 4,000, 50 and 25 bought in the days before: 750 disallowed."""
    day = date(2014, 1, 9)
    events = [
        {
            "day": date(2013, 9, 26),
            "kind": "BUY",
            "account": "A",
            "security": "X",
            "units": 100,
            "amount": 500000,
        },
        {
            "day": date(2013, 12, 19),
            "kind": "BUY",
            "account": "A",
            "security": "X",
            "units": 50,
            "amount": 275000,
        },
        {
            "day": date(2013, 12, 27),
            "kind": "BUY",
            "account": "A",
            "security": "X",
            "units": 25,
            "amount": 112500,
        },
        {"day": day, "kind": "SELL", "account": "A", "security": "X", "units": 100, "amount": 400000},
    ]
    said = Reckoning(events, {"A": "FIFO"}, {"A"}, set(), SPIN).wash("economic")
    assert said["totals"][3] == {"gain": -100000, "disallowed": 75000, "lost": 0}
    assert said["basis"] == {("A", "X"): 325000 + 137500}


def test_the_reckoning_imports_nothing_of_ours() -> None:
    tree = ast.parse((Path(__file__).parent / "lots.py").read_text(encoding="utf-8"))
    named = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in named} <= {
        "__future__",
        "collections",
        "datetime",
        "fractions",
        "typing",
    }
