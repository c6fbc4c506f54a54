"""The published cases about lots and wash sales, each as a bundle that is imported and asked over the API."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.graphql.conftest import House, make_house

pytestmark = pytest.mark.database

TRUTHS = Path(__file__).parents[1] / "truths"
LOTS = {case["id"]: case for case in json.loads((TRUTHS / "lots.json").read_text())["cases"]}
WASH = {case["id"]: case for case in json.loads((TRUTHS / "wash_sales.json").read_text())["cases"]}
D = Decimal
_keys = itertools.count(1)

ASKED = """query($household: ID!) {
  household(id: $household) { lots(first: 200) { nodes { openedBy quantity acquiredOn cost { value }
    custodianBasis { value } economicBasis { value } unrealised { value } heldFrom } } }
  realisedGains(householdId: $household, first: 200) { nodes { openedBy quantity acquiredOn cost { value }
    gain { value } custodian { basis { value } disallowed { value } recognised { value } }
    economic { basis { value } disallowed { value } recognised { value } } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(app: ASGIApp, platform: Platform) -> House:
    return await make_house(app, platform, pinned_business_date=date(2021, 3, 31))


class Case:
    """A household and account of its own, with a security of its own."""

    def __init__(self, **account: Any) -> None:
        self.key = f"K{next(_keys)}"
        self.book = Book(source=f"Case {self.key}").household(self.key).account(self.key, self.key, **account)
        self.book.deposit("1000000", account=self.key, on="2000-01-03", key=f"{self.key}-cash")
        self.count = 0

    def add(
        self, kind: str, on: str, units: Any, amount: Any, *, key: str | None = None, **more: Any
    ) -> None:
        self.count += 1
        given = {"account": self.key, "on": on, "security": self.key, "quantity": str(units), **more}
        self.book.transaction(kind, str(amount), key=key or f"{self.key}-{self.count}", **given)

    async def asked(self, house: House, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Open lots and realised gains of the household."""
        report = await self.book.load(house.platform, house.firm, folder)
        assert report.ok, list(report.lines())
        api = house.api("ADVISOR")
        name = f"Household {self.key}"
        named = "query($name: String!) { households(filter: {nameContains: $name}) { nodes { id name } } }"
        nodes = (await api(named, name=name)).data["households"]["nodes"]
        household = next(node["id"] for node in nodes if node["name"] == name)
        found = (await api(ASKED, household=household)).data
        return found["household"]["lots"]["nodes"], found["realisedGains"]["nodes"]


@pytest.mark.parametrize("name", [name for name in LOTS if name.startswith("beancount/")])
async def test_lots_matched_by_method(house: House, tmp_path: Path, name: str) -> None:
    case, made = LOTS[name], Case(lot_method=LOTS[name]["method"])
    made.book.security(made.key)
    for lot in case["inputs"]["lots"]:
        made.add("BUY", lot["date"], lot["units"], -D(str(lot["units"])) * D(str(lot["cost"])))
    for units in case["inputs"]["sell_units"]:
        made.add("SELL", "2015-11-01", units, "1000")
    lots, gains = await made.asked(house, tmp_path)

    def shown(of: list[dict[str, Any]]) -> list[tuple[str, Decimal, Decimal]]:
        return sorted((one["acquiredOn"], D(one["quantity"]), D(one["cost"]["value"])) for one in of)

    def told(of: list[dict[str, Any]]) -> list[tuple[str, Decimal, Decimal]]:
        return sorted(
            (one["date"], D(str(one["units"])), D(str(one["units"])) * D(str(one["cost"]))) for one in of
        )

    assert shown(gains) == told(case["expected"]["matched"])
    assert shown(lots) == told(case["expected"]["remaining"])


@pytest.mark.parametrize("method", ["FIFO", "AVERAGE_COST"])
async def test_a_history_and_its_open_cost(house: House, tmp_path: Path, method: str) -> None:
    case, made = LOTS["pp/fifo_buy_sell_1"], Case(lot_method=method)
    made.book.security(made.key, security_type="MUTUAL_FUND").price(made.key, "2021-03-31", "100")
    for when, kind, units, amount in case["inputs"]["ops"]:
        made.add(kind, when, units, amount if kind == "SELL" else -amount)
    lots, gains = await made.asked(house, tmp_path)
    short = "fifo" if method == "FIFO" else "average"
    expected = case["expected"]
    assert sum(D(one["gain"]["value"]) for one in gains) == D(str(expected[f"realized_{short}"]))
    assert sum(D(one["cost"]["value"]) for one in lots) == D(str(expected[f"open_cost_{short}"]))
    assert sum(D(one["unrealised"]["value"]) for one in lots) == D(str(expected["unrealized_at_price_100"]))


async def test_a_put_assigned_makes_its_premium_basis(house: House, tmp_path: Path) -> None:
    expected, made = LOTS["irs/put_assigned"]["expected"], Case(has_margin=True)
    put = f"{made.key}P"
    made.book.security(made.key).security(
        put, security_type="OPTION", underlying_key=made.key, option_type="PUT", strike=D(50),
        expiry=date(2021, 2, 19), contract_size=D(100), price_multiplier=D(100),
    )  # fmt: skip
    made.add("SHORT", "2021-01-04", 1, "300", security=put)
    made.add("ASSIGNMENT", "2021-02-19", 1, "0", security=put)
    made.add("BUY", "2021-02-19", 100, "-5000", price=D(50))
    lots, gains = await made.asked(house, tmp_path)
    (lot,) = lots
    assert D(lot["cost"]["value"]) == expected["stock_basis"]
    assert D(lot["cost"]["value"]) / D(lot["quantity"]) == D(str(expected["basis_per_share"]))
    assert sum(D(one["gain"]["value"]) for one in gains) == expected["option_realized"]
    assert lot["heldFrom"] == "2021-02-19"


@pytest.mark.parametrize("name", WASH)
async def test_wash_sales_by_row(house: House, tmp_path: Path, name: str) -> None:
    """In both views: all is in one account."""
    case, made = WASH[name], Case()
    made.book.security(made.key)
    rows = [(f"{made.key}-R{number}", row) for number, row in enumerate(case["inputs"])]
    for key, row in rows:
        made.add("BUY", row["buy"], row["shares"], -D(str(row["basis"])), key=key)
    for key, row in rows:
        if row["sell"]:
            made.add("SELL", row["sell"], row["shares"], row["proceeds"], lot_selection=key)
    lots, gains = await made.asked(house, tmp_path)
    for view in ("custodian", "economic"):
        sums: dict[str, list[Decimal]] = defaultdict(lambda: [D(0), D(0), D(0)])
        for one in gains:
            its = sums[one["openedBy"]]
            for place, part in enumerate(("disallowed", "recognised", "basis")):
                its[place] += D(one[view][part]["value"])
        for one in lots:
            sums[one["openedBy"]][2] += D(one[f"{view}Basis"]["value"])
        for (key, row), full in zip(rows, case["full"], strict=True):
            expected = [
                D(str(full[part])) for part in ("disallowed", "recognised_gain", "total_adjusted_basis")
            ]
            assert sums[key] == expected, (view, row)
