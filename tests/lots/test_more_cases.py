"""Cases of publications, rulings and other programs' tests, and some worked by hand, through the engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from wealthnexus.domain.ledger.lots.bonds import Bond, accrued_interest, figures
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.inputs import AccountTerms, CorporateAction, Entry, Facts, GivenLot
from wealthnexus.domain.ledger.lots.selection import parse_selection
from wealthnexus.domain.ledger.lots.taxpayers import AccountOwner, TaxpayerGroups, Tie, taxpayer_groups
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, EntryType, LotMethod, View

from tests.lots.build import D, account, day, script, stock
from tests.truths.ledger_cases import LEDGER, Case, Found, accounts_of, cases_of, differences, lines_of

pytestmark = pytest.mark.unit
CASES = cases_of(*LEDGER)


def groups_of(case: Case) -> TaxpayerGroups:
    owners = [AccountOwner(key, who, "OWNER") for key, who in case.get("owners", {}).items()]
    return taxpayer_groups(owners, [Tie("SPOUSE", *pair) for pair in case.get("spouses", ())])


def action_of(number: int, told: dict[str, Any]) -> CorporateAction:
    new, old = told.get("ratio", (None, None))
    return CorporateAction(
        f"ACT{number}", "X", ActionType(told["type"]), day(told["on"]),
        None if new is None else D(new), None if old is None else D(old),
        D(told["cash"]) if "cash" in told else None, told.get("other"),
        D(told["fraction"]) if "fraction" in told else None, is_taxable=told.get("is_taxable", False),
    )  # fmt: skip


def facts_of(case: Case) -> Facts:
    currency = case.get("account", "USD")
    prices = {(key, day(on)): D(close) for key, on, close in case.get("prices", ())}
    types = {"X": "COMMON_STOCK", **case.get("types", {})}
    options = {
        key: stock(
            security_type=told["type"], underlying=told["under"], option_type=told["option"],
            strike=D(told["strike"]),
        )
        for key, told in case.get("options", {}).items()
    }  # fmt: skip
    return Facts(
        accounts={
            key: account(case["method"], currency=currency, taxable=terms.get("taxable", True))
            for key, terms in accounts_of(case).items()
        },
        securities={**{key: stock(security_type=kind) for key, kind in types.items()}, **options},
        given_lots=tuple(
            GivenLot(key, "A", security, day(as_of), D(units), day(acquired), D(cost))
            for key, security, as_of, units, acquired, cost in case.get("given", ())
        ),
        actions=tuple(action_of(number, told) for number, told in enumerate(case.get("actions", ()))),
        groups=groups_of(case),
        price_on=lambda security, on: prices.get((security, on)),
    )


def played(case: Case) -> LotBook:
    given = script()
    for number, line in enumerate(lines_of(case)):
        method, lots = parse_selection(line.more.get("lots"))
        more = line.more
        given.entries.append(
            Entry(
                more.get("key", f"E{number}"), line.account, EntryType(line.kind), day(line.day),
                line.security, line.units, line.amount, D(more.get("accrued", 0)), sequence=number,
                order=more.get("order"), price=D(more["price"]) if "price" in more else None,
                method=method, lots=lots,
                rate=D(more["rate"]) if "rate" in more else None, is_deep_in_the_money="deep" in more,
            )
        )  # fmt: skip
    return given.play(facts_of(case))


def found_of(book: LotBook) -> tuple[list[Found], list[Found]]:
    nothing = Decimal(0)
    gains = [
        Found(
            line.lot_root,
            line.security,
            {
                "units": line.units, "cost": line.cost, "gain": line.gain, "term": line.economic.term,
                "economic": line.economic.basis, "disallowed": line.economic.disallowed,
                "recognised": line.economic.recognised, "lost": line.economic.lost,
                "custodian": line.custodian.disallowed, "price": line.fx.price_effect,
                "fx": line.fx.fx_effect,
            },
        )
        for line in book.realised()
    ]  # fmt: skip
    lots = [
        Found(
            lot.root,
            lot.security,
            {
                "units": lot.units, "cost": lot.cost, "economic": lot.basis[View.ECONOMIC],
                "custodian": lot.basis[View.CUSTODIAN], "since": lot.held_from[View.ECONOMIC] or date.min,
            },
        )
        for lot in book.open_lots()
        if lot.units != nothing
    ]  # fmt: skip
    return gains, lots


def test_there_are_many_cases() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 120
    assert all(case["source"] for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_through_the_engine(case: Case) -> None:
    assert differences(case, *found_of(played(case))) == []


@pytest.mark.parametrize("case", cases_of("bonds"), ids=lambda case: case["id"])
def test_a_bond(case: Case) -> None:
    bond = Bond(D(case["coupon"]), day(case["maturity"]), case["freq"], case["count"])
    face, settles = D(case["face"]), day(case["settle"])
    if "accrued" in case:
        assert abs(float(accrued_interest(bond, face, settles)) - case["accrued"]) <= case["tolerance"]
    if "ytm" in case:
        found = figures(bond, settles, D(case["ytm"]))
        for name in {"clean", "dirty", "modified", "macaulay"} & set(case):
            assert abs(float(getattr(found, name)) - case[name]) <= case["tolerance"], name


def test_average_basis_that_is_given_up() -> None:
    """26 CFR 1.1012-1(e): what was averaged keeps its 15 a share, what is bought afterwards its cost. Before
    any sale nothing was averaged: the oldest cost 10."""
    orders = ((date.min, LotMethod.AVERAGE_COST), (date(2021, 1, 1), LotMethod.FIFO))
    known = Facts(
        accounts={"A": AccountTerms("USD", True, orders)},
        securities={"X": stock(security_type="MUTUAL_FUND")},
    )
    bought = script().buy("2019-01-07", 100, 1000, id="A").buy("2019-02-07", 100, 2000, id="B")
    unsold = script()
    unsold.entries = [*bought.entries]
    sold = bought.sell("2020-06-01", 50, 1000).buy("2020-07-06", 100, 3000, id="C")
    assert [
        (line.lot_root, line.gain) for line in sold.sell("2021-02-01", 150, 4500).play(known).realised()
    ] == [
        ("A", D(250)),
        ("A", D(750)),
        ("B", D(1500)),
    ]
    assert [line.gain for line in unsold.sell("2021-02-01", 50, 1000).play(known).realised()] == [D(500)]
