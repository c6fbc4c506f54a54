"""Every published case about lots and wash sales, through the engine's face."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.ledger.lots.vocabulary import View

from tests.lots.build import D, day, facts, lots, method_facts, number, script, stock, total_gain

pytestmark = pytest.mark.unit

TRUTHS = Path(__file__).parents[1] / "truths"
CENT = D("0.01")


def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((TRUTHS / f"{name}.json").read_text())["cases"]


LOTS = {case["id"]: case for case in cases("lots")}
WASH = {case["id"]: case for case in cases("wash_sales")}


@pytest.mark.parametrize("name", [name for name in LOTS if name.startswith("beancount/")])
def test_lots_matched_by_method(name: str) -> None:
    case = LOTS[name]
    given = script()
    for lot in case["inputs"]["lots"]:
        given.buy(lot["date"], lot["units"], number(lot["units"]) * number(lot["cost"]))
    for units in case["inputs"]["sell_units"]:
        given.sell("2015-11-01", units, "1000")
    book = given.play(method_facts(case["method"]))

    def shown(lot: dict[str, Any]) -> tuple[str, Decimal, Decimal]:
        return (lot["date"], number(lot["units"]), number(lot["cost"]) * number(lot["units"]))

    sold = [(str(line.acquired_on), line.units, line.cost) for line in book.realised()]
    held = [(str(lot.acquired_on), lot.units, lot.cost) for lot in book.open_lots()]
    assert sorted(sold) == sorted(map(shown, case["expected"]["matched"]))
    assert sorted(held) == sorted(map(shown, case["expected"]["remaining"]))
    assert sum((line.cost or D(0) for line in book.realised()), D(0)) == number(
        case["expected"]["cost_removed"]
    )


@pytest.mark.parametrize("method", ["FIFO", "AVERAGE_COST"])
def test_gain_and_open_cost_of_a_history(method: str) -> None:
    case = LOTS["pp/fifo_buy_sell_1"]
    given = script()
    for when, kind, units, amount in case["inputs"]["ops"]:
        given.add(kind, when, units, amount if kind == "SELL" else -amount)
    fund = {"X": stock(security_type="MUTUAL_FUND")}
    book = given.play(method_facts(method, securities=fund))
    short = "fifo" if method == "FIFO" else "average"
    held = sum((lot.cost or D(0) for lot in book.open_lots()), D(0))
    assert total_gain(book.realised()) == number(case["expected"][f"realized_{short}"])
    assert held == number(case["expected"][f"open_cost_{short}"])
    worth = 100 * sum((lot.units for lot in book.open_lots()), D(0))
    assert worth - held == number(case["expected"]["unrealized_at_price_100"])


def test_a_put_assigned_makes_its_premium_basis() -> None:
    expected = LOTS["irs/put_assigned"]["expected"]
    put = stock(security_type="OPTION", underlying="X", option_type="PUT", strike=D(50))
    book = (
        script()
        .sell("2021-01-04", 1, 300, security="P")
        .add("ASSIGNMENT", "2021-02-19", 1, 0, security="P")
        .buy("2021-02-19", 100, 5000, price=D(50))
        .play(facts(securities={"X": stock(), "P": put}))
    )
    (lot,) = book.open_lots()
    assert lot.cost == expected["stock_basis"]
    assert lot.cost / lot.units == number(expected["basis_per_share"])
    assert total_gain(book.realised()) == expected["option_realized"]
    assert lot.held_from[View.BOOK] == day("2021-02-19")


@pytest.mark.parametrize("view", [View.CUSTODIAN, View.ECONOMIC])
@pytest.mark.parametrize("name", WASH)
def test_wash_sales_by_row(name: str, view: View) -> None:
    case = WASH[name]
    given = script()
    for number_, row in enumerate(case["inputs"]):
        given.buy(row["buy"], row["shares"], row["basis"], id=f"R{number_}")
    for number_, row in enumerate(case["inputs"]):
        if row["sell"]:
            given.sell(row["sell"], row["shares"], row["proceeds"], lots=((f"R{number_}", None),))
    book = given.play(facts())
    for number_, (row, full) in enumerate(zip(case["inputs"], case["full"], strict=True)):
        sold = [line.views[view] for line in book.realised() if line.lot_root == f"R{number_}"]
        held = [lot.basis[view] for lot in lots(book) if lot.root == f"R{number_}"]
        basis = sum([figure.basis or D(0) for figure in sold] + [one or D(0) for one in held], D(0))
        assert sum((figure.disallowed for figure in sold), D(0)) == number(full["disallowed"])
        assert sum((figure.recognised or D(0) for figure in sold), D(0)) == number(full["recognised_gain"])
        assert basis == number(full["total_adjusted_basis"]), row
