"""Every story of the list is in the books and in the documentation, and every id it names opens something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from wealthnexus.demo import sleeves
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.demo.evidence import BREAKS
from wealthnexus.demo.people import FIRMS
from wealthnexus.demo.stories import STORIES, Story, who_signs_in
from wealthnexus.domain.clients.rules.registration import OwnerFact, check_owners

from tests.oracle.book import read
from tests.oracle.sheet import Sheets, holds

pytestmark = pytest.mark.unit

D = Decimal
CLOCK = date(2021, 3, 31)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "domain" / "demo-books.md"
Rows = list[dict[str, str]]


class Told:
    """A demo bundle as its files say it."""

    def __init__(self, folder: Path) -> None:
        self.sheets = Sheets(folder)
        self.book = self.sheets.book
        self.files: dict[str, Rows] = {
            path.stem: read(folder, path.stem) for path in folder.glob("*.csv") if path.stem != "prices"
        }

    def rows(self, name: str, **wanted: str) -> Rows:
        return [row for row in self.files[name] if all(row[key] == value for key, value in wanted.items())]

    def one(self, name: str, **wanted: str) -> dict[str, str]:
        (found,) = self.rows(name, **wanted)
        return found

    def account(self, key: str) -> dict[str, str]:
        return self.book.accounts[key]

    def held(self, key: str) -> dict[str, Decimal]:
        return self.book.units(key, CLOCK)

    def roles(self, account: str) -> set[tuple[str, str]]:
        return {
            (row["client_external_id"], row["role"])
            for row in self.rows("owners", account_external_id=account, tier="")
        }

    def owned(self, entity: str) -> dict[str, Decimal]:
        rows = self.rows("relationships", kind="OWNS", related_external_id=entity)
        return {row["client_external_id"]: D(row["share"]) for row in rows}

    def debt(self, key: str) -> Rows:
        return self.rows("liabilities", external_id=key)

    def net_worth(self, household: str) -> dict[str, object]:
        return self.sheets.household(household, CLOCK, look_through=True)["owners"]

    def breaks(self, account: str) -> dict[str, Decimal]:
        """Security ("" is cash): the custodian's less ours."""
        rows = self.rows("custodian_positions", account_external_id=account)
        ours = {**self.held(account), "": self.book.cash(account, CLOCK)}
        theirs = {row["security_key"]: D(row["quantity"]) for row in rows}
        keys = ours.keys() | theirs.keys()
        differences = {key: theirs.get(key, D(0)) - ours.get(key, D(0)) for key in keys}
        return {key: value for key, value in differences.items() if value}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for firm in FIRMS:
        folder = tmp_path_factory.mktemp(firm) / "bundle"
        write_demo_bundle(firm, folder)
        found[firm] = Told(folder)
    return found


def _retired(t: Told) -> bool:
    types = {t.account(key)["account_type"] for key in t.book.members["H-0002"]}
    needed = {"JOINT_WITH_SURVIVORSHIP", "TRADITIONAL_IRA", "ROTH_IRA", "REVOCABLE_TRUST"}
    ages = [int(t.one("clients", external_id=key)["birth_date"][:4]) for key in ("C-0002-1", "C-0002-2")]
    return needed <= types and max(ages) < 1956 and sum(t.owned("E-0002-1").values()) == 1


def _divorced(t: Told) -> bool:
    former = t.one("relationships", client_external_id="C-0015-1", kind="FORMER_SPOUSE")
    homes = [
        {
            row["household_external_id"]
            for row in t.rows("relationships", client_external_id=key, kind="MEMBER")
        }
        for key in ("C-0015-3", "C-0015-4")
    ]
    parents = {
        row["client_external_id"]
        for row in t.rows("relationships", kind="PARENT", related_external_id="C-0015-3")
    }
    return (
        former["related_external_id"] == "C-0016-1"
        and homes == [{"H-0015", "H-0016"}] * 2
        and parents == {"C-0015-1", "C-0016-1"}
    )


def _in_kind(t: Told) -> bool:
    sent = t.one("transactions", account_external_id="A-0002-2", type="TRANSFER_OUT")
    got = t.one("transactions", account_external_id="A-0005-1", type="TRANSFER_IN")
    lots = t.rows("lots", related_external_id=got["external_id"])
    return (
        (sent["quantity"], sent["trade_date"])
        == (got["quantity"], got["trade_date"])
        == ("2000", "2018-12-04")
        and sum(D(lot["quantity"]) for lot in lots) == 2000
        and all(lot["acquired_on"] < "2018-12-04" and D(lot["cost_basis"]) > 0 for lot in lots)
    )


def _drip(t: Told) -> bool:
    rows = t.rows("transactions", account_external_id="A-0012-3", type="REINVEST", security_key="AAPL")
    days = [row["trade_date"] for row in rows]
    before, after = (t.book.units("A-0012-3", day)["AAPL"] for day in (date(2020, 8, 28), date(2020, 8, 31)))
    # The dividend of August was paid and reinvested on the very day of the split; shares have four decimals.
    bought = sum(D(row["quantity"]) for row in rows if row["trade_date"] == "2020-08-31")
    held = abs(after - bought - 4 * before) <= D("0.0001")
    return bought > 0 and held and min(days) < "2014-06-09" and max(days) > "2020-08-31"


def _owes(key: str, kind: str) -> Callable[[Told], bool]:
    def check(t: Told) -> bool:
        rows = t.debt(key)
        owed = sum((D(row["balance"]) for row in rows[-1:]), D(0))
        return (
            {row["kind"] for row in rows} == {kind} and owed > 0 and rows[-1]["balance_date"] == "2021-03-31"
        )

    return check


def _margin(t: Told) -> bool:
    secured = {row["secured_account_external_id"] for row in t.debt("L-0009-1")}
    return (
        t.account("A-0009-1")["has_margin"] == "TRUE"
        and secured == {"A-0009-1"}
        and _owes("L-0009-1", "MARGIN")(t)
    )


def _renamed(t: Told) -> bool:
    meant = {
        row["security_key"]: row["effective_to"]
        for row in t.rows("identifiers", value="GOOG", scheme="SYMBOL")
    }
    former = t.one("identifiers", value="QQQQ")
    return meant == {"GOOGL": "2014-04-03", "GOOG": ""} and former["effective_to"] == "2011-03-23"


def _foreign(account: str, security: str, currency: str) -> Callable[[Told], bool]:
    return lambda t: (
        t.account(account)["currency"] == t.book.securities[security]["currency"] == currency
        and t.held(account)[security] > 0
    )


CHECKS: Final[dict[str, Callable[[Told], bool]]] = {
    "retired-couple": _retired,
    "grandchild": lambda t: (
        t.roles("A-0001-5") == {("C-0001-1", "OWNER"), ("C-0001-4", "BENEFICIARY")}
        and len(t.rows("relationships", kind="GUARDIAN", related_external_id="C-0001-4")) == 1
        and len(t.rows("relationships", kind="ACCOUNTANT", client_external_id="C-9001")) == 3
    ),
    "trade-by-trade": lambda t: (
        len(t.rows("transactions", account_external_id="A-0001-1", description="Cheque deposit")) == 2
        and t.held("A-0001-1")["EEM"] == 5400
    ),
    "divorced-parents": _divorced,
    "coming-of-age": lambda t: (
        t.account("A-0017-4")["custodianship_ends_on"] == "2021-04-23"
        and ("C-0017-4", "MINOR") in t.roles("A-0017-4")
    ),
    "came-of-age": lambda t: (
        t.account("A-0015-3")["custodianship_ends_on"] == "2021-02-14"
        and ("C-0015-3", "MINOR") in t.roles("A-0015-3")
    ),
    "entrepreneur": lambda t: (
        t.owned("E-0033-2") == {"C-0033-1": D("0.6"), "C-0033-2": D("0.4")}
        and t.held("A-0033-2")["TIDEWATER-RS"] == 20000
        and _owes("L-0033-1", "BUSINESS")(t)
        and set(t.net_worth("H-0033")) == {"C-0033-1", "C-0033-2"}
    ),
    "ladder": lambda t: (
        t.owned("E-0012-2") == {"E-0012-1": D("0.8"), "C-0012-2": D("0.2")}
        and set(t.net_worth("H-0012")) == {"C-0012-1", "C-0012-2"}
    ),
    "partly-unknown": lambda t: (
        sum(t.owned("E-0008-3").values()) == D("0.95") and "E-0008-3" in t.net_worth("H-0008")
    ),
    "shared-partnership": lambda t: (
        "A-0011-3" in t.book.members["H-0008"]
        and "A-0011-3" in t.book.members["H-0011"]
        and set(t.owned("E-0011-3")) == {"C-0011-1", "C-0011-2", "C-0008-1", "C-0008-2"}
    ),
    "joined-mid-year": lambda t: (
        "A-0032-2" not in t.book.accounts_of("H-0032", date(2020, 6, 30))
        and "A-0032-2" in t.book.accounts_of("H-0032", date(2020, 7, 1))
        and t.book.cash("A-0032-2", date(2020, 6, 30)) > 0
    ),
    "leaver": lambda t: t.one("households", external_id="H-0035")["left_on"] == "2021-03-26",
    "in-kind": _in_kind,
    "drip": _drip,
    # What the satellite received lay in the account on the day, and the core never sold more than it kept.
    "sleeves": lambda t: (
        all(
            min(t.book.units(sleeves.ACCOUNT, day)[key] for day in (sleeves.SINCE, CLOCK)) > units
            for key, units in sleeves.MOVED
        )
        and t.book.cash(sleeves.ACCOUNT, sleeves.SINCE) > sleeves.CASH
    ),
    "kroner": lambda t: t.account("A-0007-3")["currency"] == "NOK",
    "euros": lambda t: (
        _foreign("A-0005-3", "RHODANIE-ENERGIE", "EUR")(t) and t.debt("L-0005-1")[0]["currency"] == "EUR"
    ),
    "euros-in-dollars": lambda t: (
        t.account("A-0023-2")["currency"] == "EUR"
        and {t.book.securities[key]["currency"] for key in t.held("A-0023-2")} == {"USD"}
    ),
    "pounds": lambda t: (
        _foreign("A-0007-2", "SEVERN-WATER", "GBP")(t) and t.debt("L-0007-1")[0]["currency"] == "GBP"
    ),
    "missing-price": lambda t: t.book.household("H-0013", CLOCK)["unpriced"] == ["A-0013-1/ART-COLLECTION"],
    "missing-price-land": lambda t: (
        t.book.household("H-0011", CLOCK)["unpriced"] == ["A-0011-1/WATERFRONT-PARCEL"]
    ),
    "stale-price": lambda t: t.book.household("H-0010", CLOCK)["stale"] == ["A-0010-1/MERIDIAN-VI"],
    "private-credit": lambda t: (
        t.book.household("H-0012", CLOCK)["stale"] == []
        and len(t.rows("transactions", security_key="LANTERN-BAY-II", type="RETURN_OF_CAPITAL")) == 1
    ),
    "estate": lambda t: (
        t.roles("A-0010-1") >= {("E-0010-1", "OWNER"), ("C-0010-3", "EXECUTOR")}
        and t.one("clients", external_id="C-0010-1")["status"] == "DECEASED"
        and _owes("L-0010-1", "TAX")(t)
    ),
    "unreconciled": lambda t: t.breaks("A-0022-1") == {"SPY": D(-100), "": D("39633.00")},
    "fee-break": lambda t: t.breaks("A-0036-2") == {"": D("-25.00")},
    "unreconciled-harbor": lambda t: t.breaks("A-0018-1") == {"IWM": D(15), "": D("-3314.10")},
    "margin": _margin,
    "line": _owes("L-0012-1", "SECURITIES_BACKED"),
    "mortgage": _owes("L-0003-1", "MORTGAGE"),
    "student-loan": _owes("L-0014-1", "STUDENT"),
    "stale-balance": lambda t: t.debt("L-0030-1")[-1]["balance_date"] == "2020-10-30",
    "charity": lambda t: (
        t.account("A-0005-1")["tax_status"] == "TAX_EXEMPT"
        and t.owned("E-0005-1") == {}
        and len(t.rows("relationships", kind="OFFICER", related_external_id="E-0005-1")) == 2
    ),
    "bond": lambda t: (
        t.book.securities["ALDERPORT-2031"]["coupon"] == "3"
        and t.held("A-0023-1")["ALDERPORT-2031"] == 500000
        and len(t.rows("transactions", security_key="ALDERPORT-2031", type="INTEREST")) == 4
    ),
    "identity-overdue": lambda t: t.one("clients", external_id="C-0019-1")["kyc_refresh_due"] == "2021-02-28",
    "attorney": lambda t: ("C-0022-3", "ATTORNEY") in t.roles("A-0022-3"),
    "newcomers": lambda t: (
        t.book.members["H-0040"] == []
        and t.one("clients", external_id="C-0040-1")["kyc_state"] == "IN_PROGRESS"
    ),
    "empty-account": lambda t: t.book.account("A-0030-1", CLOCK)["value"] == 0,
    "large-deposit": lambda t: (
        len(t.rows("transactions", account_external_id="A-0006-1", amount="1400000.00", type="DEPOSIT")) == 1
    ),
    "renamed-symbols": _renamed,
}  # fmt: skip


def test_every_story_has_its_check() -> None:
    assert set(CHECKS) == {story.key for story in STORIES}
    assert len({story.key for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_the_story_is_in_the_books(told: dict[str, Told], story: Story) -> None:
    book = told[story.firm]
    known = {
        row["external_id"]
        for name in ("households", "accounts", "clients", "liabilities")
        for row in book.files[name]
    } | set(book.book.securities)
    assert [subject for subject in story.subjects if subject not in known] == []
    assert CHECKS[story.key](book)


def test_the_documentation_lists_every_story() -> None:
    shown = DOCS.read_text(encoding="utf-8").split("## Stories\n")[1].split("\n## ")[0]
    listed = [line for line in shown.splitlines() if line.startswith(("| summit", "| harbor"))]
    assert listed == [
        " ".join(
            [
                f"| {story.firm} | {story.title} | {', '.join(f'`{s}`' for s in story.subjects)}"
                f" | {story.text} |",
                *filter(None, [", ".join(who_signs_in(story))]),
                "|",
            ]
        )
        for story in STORIES
    ]


def owners_by_account(t: Told) -> Iterator[tuple[str, list[OwnerFact]]]:
    kinds = {row["external_id"]: row["kind"].lower() for row in t.files["clients"]}
    numbers = {key: UUID(int=number) for number, key in enumerate(kinds, 1)}
    for account in t.book.accounts:
        yield account, [
            OwnerFact(
                numbers[row["client_external_id"]], kinds[row["client_external_id"]], row["role"].lower(),
                D(row["share"]) if row["share"] else None,
            )
            for row in t.rows("owners", account_external_id=account, tier="")
            if holds(row, CLOCK)
        ]  # fmt: skip


@pytest.mark.parametrize("firm", FIRMS)
def test_owners_fit_every_registration(told: dict[str, Told], firm: str) -> None:
    book, judged = told[firm], 0
    for account, owners in owners_by_account(book):
        assert check_owners(book.account(account)["account_type"], owners) == [], account
        judged += 1
    assert judged == {"summit": 100, "harbor": 64}[firm]


@pytest.mark.parametrize("firm", FIRMS)
def test_every_household_has_people_and_every_client_a_household(told: dict[str, Told], firm: str) -> None:
    members = told[firm].rows("relationships", kind="MEMBER")
    homes = {row["household_external_id"] for row in members if row["member_role"] == "HEAD"}
    assert homes == set(told[firm].book.households)
    loose = {row["external_id"] for row in told[firm].files["clients"]} - {
        row["client_external_id"] for row in members
    }
    # An accountant of the family and a man who died before the household was ours.
    assert loose == {"summit": {"C-9001", "C-0010-1"}, "harbor": set()}[firm]


@pytest.mark.parametrize("firm", FIRMS)
def test_tax_numbers_are_none_that_anybody_has(told: dict[str, Told], firm: str) -> None:
    """Persons: area 9xx and group 00, entities: prefix 00; nobody's, and nobody's twice."""
    numbers = [row["tax_id"] for row in told[firm].files["clients"] if row["tax_id_type"] == "SSN"]
    entities = [row["tax_id"] for row in told[firm].files["clients"] if row["tax_id_type"] == "EIN"]
    assert all(number[0] == "9" and number[3:7] == "-00-" for number in numbers)
    assert all(number.startswith("00-") for number in entities)
    assert len(set(numbers)) == len(numbers) > 50
    assert len(set(entities)) == len(entities) > 10
    for row in told[firm].files["clients"]:
        assert not row["email"] or row["email"].endswith(".example")
        assert not row["phone"] or " 555 01" in row["phone"]


@pytest.mark.parametrize("firm", FIRMS)
def test_the_custodian_agrees_but_for_the_planted_breaks(told: dict[str, Told], firm: str) -> None:
    planted = {account: more for (whose, account), more in BREAKS.items() if whose == firm}
    found = {account: told[firm].breaks(account) for account in told[firm].book.accounts}
    assert {account: more for account, more in found.items() if more} == planted


@pytest.mark.parametrize("firm", FIRMS)
def test_lots_add_up_to_what_the_custodian_holds(told: dict[str, Told], firm: str) -> None:
    units: dict[tuple[str, str], Decimal] = {}
    for row in told[firm].files["custodian_lots"]:
        place = (row["account_external_id"], row["security_key"])
        units[place] = units.get(place, D(0)) + D(row["quantity"])
        assert D(row["quantity"]) > 0
        assert D(row["cost_basis"]) >= 0
    positions = {
        (row["account_external_id"], row["security_key"]): D(row["quantity"])
        for row in told[firm].files["custodian_positions"]
        if row["security_key"]
    }
    assert units == positions


@pytest.mark.parametrize("firm", FIRMS)
def test_custodian_values_are_those_of_the_independent_reading(told: dict[str, Told], firm: str) -> None:
    book, compared = told[firm].book, 0
    for row in told[firm].files["custodian_positions"]:
        figures = book.account(row["account_external_id"], CLOCK)
        if row["account_external_id"] in {account for _, account in BREAKS} or not row["security_key"]:
            continue
        if figures["currency"] == row["currency"]:
            expected = figures["positions"][row["security_key"]]["value"]  # type: ignore[index]
            assert (D(row["market_value"]) if row["market_value"] else None) == expected
            compared += 1
    assert compared > 400
