"""The ledger cases of ``truths/more_cases``: one bundle with a household for each, imported and asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.bundle import BundleHeader, write_bundle
from wealthnexus.domain.bundle.format_book import ClientRow, LotRow, OwnerRow, RelationshipRow
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.context import SYSTEM
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, ids_of
from tests.graphql.conftest import House, make_house
from tests.truths.ledger_cases import LEDGER, Case, Found, accounts_of, cases_of, differences, lines_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
CASES = cases_of(*LEDGER)
COURSES = [case for case in cases_of("returns") if "flows" in case and case.get("ledger", True)]
LAST = date(2024, 12, 31)
AT_ONCE = 8
FIGURES = """
  lots(first: 20) { nodes { openedBy security { symbol } quantity cost { value } economicBasis { value }
    custodianBasis { value } heldFrom } }"""
GAINS = """(householdId: $h%d, first: 20) { nodes { openedBy security { symbol } quantity cost { value }
    gain { value } term economic { basis { value } disallowed { value } recognised { value } lost { value } }
    custodian { disallowed { value } } fx { priceEffect { value } fxEffect { value } } } }"""


@dataclass
class Cases:
    """Rows of one bundle; everything of case n begins with ``Kn``."""

    book: Book = field(default_factory=lambda: Book(source="More cases", as_of=LAST))
    clients: list[ClientRow] = field(default_factory=list)
    owners: list[OwnerRow] = field(default_factory=list)
    ties: list[RelationshipRow] = field(default_factory=list)
    lots: list[LotRow] = field(default_factory=list)

    def add(self, number: int, case: Case) -> None:
        key, currency = f"K{number}", case.get("account", "USD")
        self.book.household(key)
        for name, terms in accounts_of(case).items():
            kind = (
                {} if terms.get("taxable", True) else {"account_type": "ROTH_IRA", "tax_status": "TAX_FREE"}
            )
            self.book.account(
                key + name, key, currency=currency, lot_method=case["method"],
                has_margin=case.get("margin", False), **kind,
            )  # fmt: skip
            self.book.deposit("10000000", account=key + name, on="2000-01-03", key=f"{key}{name}-cash")
        self._securities(key, case)
        self._people(key, case)
        for on, security, day, units, acquired, cost in case.get("given", ()):
            days = date.fromisoformat(day), date.fromisoformat(acquired)
            row = (0, key + on, f"{key}A", key + security, *days, Decimal(units), Decimal(cost), currency)
            self.lots.append(LotRow(*row))
        for place, line in enumerate(lines_of(case)):
            self._entry(key, place, line.more, line)

    def _securities(self, key: str, case: Case) -> None:
        for name, kind in {"X": "COMMON_STOCK", **case.get("types", {})}.items():
            self.book.security(key + name, security_type=kind)
        for name, told in case.get("options", {}).items():
            self.book.security(
                key + name, security_type="OPTION", underlying_key=key + told["under"],
                option_type=told["option"], strike=Decimal(told["strike"]),
                expiry=date.fromisoformat(told["expiry"]), contract_size=Decimal(100),
                price_multiplier=Decimal(100),
            )  # fmt: skip
        for name, on, close in case.get("prices", ()):
            self.book.price(key + name, on, close)
        for place, told in enumerate(case.get("actions", ())):
            ratio = [Decimal(each) for each in told.get("ratio", ())]
            self.book.action(
                told["type"], told["on"], security=f"{key}X", key=f"{key}-ACT{place}",
                ratio_new=ratio[0] if ratio else None, ratio_old=ratio[1] if ratio else None,
                cash_amount=Decimal(told["cash"]) if "cash" in told else None,
                currency="USD" if "cash" in told else None,
                other_security_key=key + told["other"] if "other" in told else None,
                basis_fraction=Decimal(told["fraction"]) if "fraction" in told else None,
                is_taxable=told.get("is_taxable"),
                new_value=key + told["other"] if told["type"] == "SYMBOL_CHANGE" else None,
            )  # fmt: skip

    def _people(self, key: str, case: Case) -> None:
        for who in sorted(set(case.get("owners", {}).values())):
            self.clients.append(ClientRow(0, key + who, "PERSON", f"{who} {key}"))
        for account, who in case.get("owners", {}).items():
            self.owners.append(OwnerRow(0, key + account, None, key + who, "OWNER", Decimal(1)))
        for one, other in case.get("spouses", ()):
            self.ties.append(RelationshipRow(0, key + one, "SPOUSE", key + other))

    def _entry(self, key: str, place: int, more: Any, line: Any) -> None:
        named = more.get("lots")
        if line.kind == "REINVEST":
            paid = {"account": key + line.account, "on": line.day, "security": key + line.security}
            self.book.transaction("DIVIDEND", str(-line.amount), key=f"{key}-{place}-paid", **paid)
        self.book.transaction(
            line.kind, str(line.amount), account=key + line.account, on=line.day,
            key=f"{key}-{more.get('key', place)}", security=key + line.security,
            quantity=None if line.units is None else str(line.units),
            lot_selection=named and ";".join(f"{key}-{each}" for each in named.split(";")),
            price=Decimal(more["price"]) if "price" in more else None,
            exchange_rate=Decimal(more["rate"]) if "rate" in more else None,
            accrued_interest=Decimal(more["accrued"]) if "accrued" in more else None,
            order_reference=f"{key}-{more['order']}" if "order" in more else None,
            is_deep_in_the_money=True if "deep" in more else None,
        )  # fmt: skip

    def add_course(self, number: int, case: Case) -> None:
        """Values and flows as an account that earns interest or has expenses."""
        key = f"C{number}"
        self.book.household(key).account(key, key)
        if case["kind"] == "xirr":
            *flows, (last, worth) = [(day, Decimal(str(amount))) for day, amount in case["flows"]]
            moved = [(day, -amount) for day, amount in flows]
            values = [(last, worth)]
        else:
            moved = [(day, Decimal(str(amount))) for day, amount in case["flows"]]
            values = [(day, Decimal(str(value))) for day, value in case["values"]]
        for day, amount in moved:
            self.book.transaction(
                "DEPOSIT" if amount > 0 else "WITHDRAWAL",
                str(amount),
                account=key,
                on=day,
                key=self._next(key),
            )
        before = Decimal(0)
        for day, value in values:
            came = sum((amount for on, amount in moved if on <= day), Decimal(0))
            if gain := value - came - before:
                kind = "INTEREST" if gain > 0 else "EXPENSE"
                self.book.transaction(kind, str(gain), account=key, on=day, key=self._next(key))
            before += gain

    def _next(self, key: str) -> str:
        return f"{key}-{len(self.book.transactions)}"

    def write(self, out: Path) -> Path:
        book = self.book
        files: dict[str, Iterable[Any]] = {
            "households": book.households, "accounts": book.accounts, "securities": book.securities,
            "prices": book.prices, "fx_rates": book.fx_rates, "clients": self.clients, "owners": self.owners,
            "relationships": self.ties, "lots": self.lots, "corporate_actions": book.actions,
            "transactions": book.transactions,
        }  # fmt: skip
        write_bundle(out, BundleHeader(book.source, book.as_of), files)
        return out


def shown(key: str, nodes: Iterable[dict[str, Any]]) -> list[Found]:
    """Nodes of lots or of gains with the names a case has."""
    found = []
    for node in nodes:
        own, other = node.get("economic", {}), node.get("custodian", {})
        effects = node.get("fx", {})
        told = {
            "cost": node["cost"], "gain": node.get("gain"), "disallowed": own.get("disallowed"),
            "economic": own.get("basis", node.get("economicBasis")), "recognised": own.get("recognised"),
            "lost": own.get("lost"), "custodian": other.get("disallowed", node.get("custodianBasis")),
            "price": effects.get("priceEffect"), "fx": effects.get("fxEffect"),
        }  # fmt: skip
        figures = {
            name: None if one is None or one["value"] is None else Decimal(one["value"])
            for name, one in told.items()
        }
        words = {"units": Decimal(node["quantity"]), "term": node.get("term"), "since": node.get("heldFrom")}
        opened = node["openedBy"].removeprefix(f"{key}-")
        found.append(Found(opened, node["security"]["symbol"].removeprefix(key), {**figures, **words}))
    return found


@dataclass
class Imported:
    house: House
    households: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def imported(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    house = await make_house(app, platform, pinned_business_date=LAST)
    cases = Cases()
    for number, case in enumerate(CASES):
        cases.add(number, case)
    for number, case in enumerate(COURSES):
        cases.add_course(number, case)
    folder = cases.write(tmp_path_factory.mktemp("cases") / "bundle")
    report = await import_bundle(platform, house.firm, folder, actor=SYSTEM)
    assert report.ok, list(report.lines())[:20]
    ids = await ids_of(platform, house.firm)
    return Imported(house, {key: to_global("Household", one) for key, one in ids.households.items()})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def answers(imported: Imported) -> dict[str, tuple[list[Found], list[Found]]]:
    """Gains and open lots by case."""
    found = {}
    for first in range(0, len(CASES), AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, len(CASES)))
        asked = " ".join(
            f"l{n}: household(id: $h{n}) {{ {FIGURES} }} g{n}: realisedGains{GAINS % n}" for n in numbers
        )
        given = {f"h{n}": imported.households[f"K{n}"] for n in numbers}
        named = ", ".join(f"${name}: ID!" for name in given)
        answer = (await imported.house.api("ADVISOR")(f"query({named}) {{ {asked} }}", **given)).data
        for n in numbers:
            gains, lots = answer[f"g{n}"]["nodes"], answer[f"l{n}"]["lots"]["nodes"]
            found[CASES[n]["id"]] = shown(f"K{n}", gains), shown(f"K{n}", lots)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
async def test_a_case_over_the_api(answers: Any, case: Case) -> None:
    assert differences(case, *answers[case["id"]]) == []


RETURN = """query($h: ID!, $day: Date!) { performance(scope: {householdId: $h}, asOf: $day) {
  periods(kinds: [ITD]) { net { value reason { code } } moneyWeightedRoots } } }"""


@pytest.mark.parametrize("number", range(len(COURSES)), ids=lambda number: COURSES[number]["id"])
async def test_a_return_over_the_api(imported: Imported, number: int) -> None:
    case, household = COURSES[number], imported.households[f"C{number}"]
    last = case["flows" if case["kind"] == "xirr" else "values"][-1][0]
    found = (await imported.house.api("ADVISOR")(RETURN, h=household, day=last)).data["performance"]
    (period,) = found["periods"]
    if case["kind"] == "xirr":
        (root,) = period["moneyWeightedRoots"]
        assert float(root) == pytest.approx(case["expected"], abs=case["tolerance"], rel=0)
    elif case["expected"] is None:
        assert (period["net"]["value"], period["net"]["reason"]["code"]) == (None, case["reason"])
    else:
        assert float(period["net"]["value"]) == pytest.approx(case["expected"], abs=1e-8, rel=0)


async def test_a_saturday_is_explained(imported: Imported) -> None:
    """What is exported has the value of the Saturday on which 50 came, to recompute both sub-periods."""
    number = next(n for n, case in enumerate(COURSES) if case["id"] == "hand/flow_on_a_saturday")
    query = """query($h: ID!, $day: Date!) {
      performanceExplanation(scope: {householdId: $h}, path: "ITD/net", asOf: $day) }"""
    given = {"h": imported.households[f"C{number}"], "day": "2021-03-08"}
    answer = (await imported.house.api("ADVISOR")(query, **given)).data["performanceExplanation"]
    assert [(each["day"], each["value"]) for each in answer["days"]] == [
        ("2021-03-05", "100"),
        ("2021-03-06", "155"),
        ("2021-03-08", "124"),
    ]
