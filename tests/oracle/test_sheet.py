"""The product's balance sheets against the independent reading, for whole bundles and several days."""

from __future__ import annotations

import ast
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import book_view
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.oracle import sheet
from tests.oracle.sheet import Sheets
from tests.support.bundles import SOUND, TRANSACTION_COLUMNS, write_folder
from tests.support.engines import platform

__all__ = ["platform"]
D = Decimal
LAST = date(2021, 3, 31)
DAYS = [date(2020, 12, 31), date(2021, 1, 31), date(2021, 2, 15), date(2021, 3, 15), LAST]
CENT = Fraction(1, 100)


def family(number: int, seed: random.Random) -> dict[str, list[str]]:
    """One household of people, a ladder of entities, accounts of many kinds and debts, as lines of CSV."""
    home, lines = f"H{number}", {name: [] for name in FILES}  # type: dict[str, list[str]]
    people = [f"{home}-P{n}" for n in range(seed.randint(2, 4))]
    entities = [f"{home}-E{n}" for n in range(seed.randint(1, 5))]
    lines["households"].append(f"{home},Family {number}")
    for n, key in enumerate(people):
        lines["clients"].append(f"{key},PERSON,Person {key}")
        if n < 2:
            lines["relationships"].append(f"{key},MEMBER,,{home},{'HEAD' if n == 0 else 'CHILD'},,,")
    for n, key in enumerate(entities):
        lines["clients"].append(f"{key},{seed.choice(['TRUST', 'COMPANY'])},Entity {key}")
        owners = seed.sample([*people, *entities[:n]], seed.randint(1, min(3, len(people))))
        left = 100
        for owner in owners:
            part = seed.randint(1, left - len(owners)) if left > len(owners) + 1 else 1
            left -= part
            ends = seed.choice(["", "", "2021-02-15"])
            lines["relationships"].append(f"{owner},OWNS,{key},,,{D(part) / 100},2019-01-01,{ends}")
    for n in range(seed.randint(2, 6)):
        account(f"{home}-A{n}", home, people, entities, seed, lines)
    for n in range(seed.randint(0, 3)):
        debt(f"{home}-L{n}", home, people, seed, lines)
    return lines


def account(
    key: str,
    home: str,
    people: list[str],
    entities: list[str],
    seed: random.Random,
    lines: dict[str, list[str]],
) -> None:
    kind = seed.choice(["INDIVIDUAL", "JOINT_WITH_SURVIVORSHIP", "TENANTS_IN_COMMON", "LLC", "UTMA"])
    currency = seed.choice(["USD", "USD", "EUR"])
    owners = {
        "INDIVIDUAL": [(people[0], "OWNER", seed.choice(["", "0.75", "1"]))],
        "JOINT_WITH_SURVIVORSHIP": [
            (who, "JOINT_SURVIVORSHIP", "") for who in people[: seed.randint(2, len(people))]
        ],
        "TENANTS_IN_COMMON": [(people[0], "JOINT_COMMON", "0.333333"), (people[1], "JOINT_COMMON", "0.5")],
        "LLC": [(entities[-1], "OWNER", "")],
        "UTMA": [(people[0], "CUSTODIAN", ""), (people[-1], "MINOR", "")],
    }[kind]
    if kind == "LLC" and lines["clients"][len(people) + len(entities) - 1].split(",")[1] not in (
        "TRUST",
        "COMPANY",
    ):
        raise AssertionError("entities come after people")
    lines["accounts"].append(f"{key},{home},,Account {key},{kind},TAXABLE,,{currency},2019-01-01,")
    for who, role, share in owners:
        lines["owners"].append(f"{key},,{who},{role},{share},,,2019-01-01,")
    cents = seed.randint(1, 10**8)
    lines["transactions"].append(
        f"T-{key},{key},DEPOSIT,2020-06-01,2020-06-01,,,,{D(cents) / 100},0,{currency},,,,"
    )
    if currency == "USD":
        lines["transactions"].append(
            f"B-{key},{key},BUY,2021-02-01,2021-02-03,AAPL,{seed.randint(1, 40)},131.01,-1.00,0,USD,,,,"
        )


def debt(key: str, home: str, people: list[str], seed: random.Random, lines: dict[str, list[str]]) -> None:
    currency = seed.choice(["USD", "EUR"])
    closed = seed.choice(["", "", "2021-03-15"])
    for day in sorted(seed.sample(["2020-11-30", "2021-01-31", "2021-02-28"], seed.randint(1, 3))):
        balance = D(seed.randint(100, 10**7)) / 100
        lines["liabilities"].append(
            f"{key},{home},Debt {key},MORTGAGE,,{currency},,,2020-01-01,,{closed},,,{day},{balance}"
        )
    for who in people[: seed.randint(1, 2)]:
        lines["owners"].append(f",{key},{who},OWNER,,,,2020-01-01,")


FILES = {
    "households": "external_id,name",
    "clients": "external_id,kind,name,given_name,family_name,birth_date,tax_id,tax_id_type,citizenship,"
    "residence,jurisdiction,formed_on,ended_on,status,kyc_state,kyc_verified_on,kyc_refresh_due,risk_profile,"
    "risk_assessed_on,email,phone,address",
    "accounts": "external_id,household_external_id,account_number,name,account_type,tax_status,custodian,"
    "currency,opened_on,lot_method",
    "owners": "account_external_id,liability_external_id,client_external_id,role,share,tier,is_per_stirpes,"
    "effective_from,effective_to",
    "relationships": "client_external_id,kind,related_external_id,household_external_id,member_role,share,"
    "effective_from,effective_to",
    "liabilities": "external_id,household_external_id,name,kind,lender,currency,original_amount,"
    "interest_rate,opened_on,matures_on,closed_on,secured_account_external_id,secured_security_key,balance_date,balance",
    "transactions": TRANSACTION_COLUMNS,
}


def written(name: str, rows: list[str]) -> str:
    """Header and rows; cells that a row leaves out at its end are empty."""
    commas = FILES[name].count(",")
    return "\n".join([FILES[name], *(row + "," * (commas - row.count(",")) for row in rows)]) + "\n"


def bundle(folder: Path, families: int, seed: int) -> Path:
    lines: dict[str, list[str]] = {name: [] for name in FILES}
    random_numbers = random.Random(seed)
    for number in range(families):
        for name, rows in family(number, random_numbers).items():
            lines[name] += rows
    prices, day = [SOUND["prices.csv"].splitlines()[0]], date(2020, 12, 1)
    rates = ["base,quote,date,rate"]
    while day <= LAST:
        if day.weekday() < 5:
            prices.append(f"AAPL,{day},,,,{100 + day.toordinal() % 37}.{day.day:02d},")
            prices.append(f"SPY,{day},,,,396.33,")
            rates.append(f"EUR,USD,{day},1.{1000 + day.toordinal() % 997}")
        day += timedelta(days=1)
    changes: dict[str, str | bytes | None] = {
        f"{name}.csv": written(name, rows) for name, rows in lines.items()
    }
    changes |= {"prices.csv": "\n".join(prices) + "\n", "fx_rates.csv": "\n".join(rates) + "\n"}
    return write_folder(folder, changes)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def imported(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> tuple[FirmInfo, Path]:
    firm = await make_firm(platform, pinned_business_date=LAST)
    folder = bundle(tmp_path_factory.mktemp("sheet") / "bundle", families=25, seed=20210331)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.as_result()["ok"], str(report.as_result())[:6000]
    return firm, folder


async def keys_of(platform: Platform, firm: FirmInfo, table: str) -> dict[Any, str]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await reader.rows(
            text(f"select id, external_id from {table} where tenant_id = :t"), {"t": firm.id}
        )
    return {row[0]: row[1] for row in found}


@pytest.mark.database
@pytest.mark.parametrize("look_through", [False, True])
async def test_every_sheet_is_that_of_the_oracle(
    platform: Platform,
    imported: tuple[FirmInfo, Path],
    look_through: bool,
) -> None:
    firm, folder = imported
    oracle = Sheets(folder)
    homes, parties = await keys_of(platform, firm, "households"), await keys_of(platform, firm, "parties")
    lines = {**await keys_of(platform, firm, "accounts"), **await keys_of(platform, firm, "liabilities")}
    compared = 0
    for day in DAYS:
        async with platform.db.reading(Binding(firm.id)) as reader:
            view = await book_view(reader, firm, day)
            sheets = await reads.balance_sheets(reader, view, list(homes), look_through=look_through)
        for key, ours in sheets.items():
            expected = oracle.household(homes[key], day, look_through=look_through)
            compared += same_lines(ours, expected["lines"], lines, parties)
            same_owners(ours, expected["owners"], parties)
    assert compared > 400


def same_lines(ours: Any, expected: dict[str, Any], lines: dict[Any, str], parties: dict[Any, str]) -> int:
    """Values equal to the cent; parts whole cents that add up and lie within a cent of the exact ones."""
    shown = {lines[line.subject_id]: line for line in (*ours.assets, *ours.liabilities)}
    assert set(shown) == set(expected)
    for key, line in shown.items():
        exact = expected[key]
        assert line.value.value == exact["value"], (key, line.value.value, exact["value"])
        assert {parties[part.owner_id]: part.share for part in line.parts} == exact["parts"]
        if exact["value"] is None:
            continue
        for part in line.parts:
            assert abs(Fraction(part.value) - part.share * Fraction(exact["value"])) < CENT
            assert part.value == part.value.quantize(D("0.01"))
        if sum(exact["parts"].values()) == 1:
            assert sum(part.value for part in line.parts) == exact["value"]
    return len(shown)


def same_owners(ours: Any, expected: dict[str, Any], parties: dict[Any, str]) -> None:
    found = {parties[owner.party_id]: owner.net_worth.value for owner in ours.owners}
    assert set(found) == set(expected)
    for who, value in found.items():
        exact = expected[who]
        if exact is None or value is None:
            assert value is exact is None
        else:
            line_count = len(ours.assets) + len(ours.liabilities)
            assert abs(Fraction(value) - exact) < CENT * line_count
    known = [owner.net_worth.value for owner in ours.owners]
    if ours.net_worth.value is not None:
        assert sum(known, ours.not_attributed.value) == ours.net_worth.value


@pytest.mark.database
async def test_net_worths_are_what_the_sheets_say(
    platform: Platform,
    imported: tuple[FirmInfo, Path],
) -> None:
    firm, folder = imported
    oracle = Sheets(folder)
    parties = await keys_of(platform, firm, "parties")
    async with platform.db.reading(Binding(firm.id)) as reader:
        worths = await reads.net_worths(reader, await book_view(reader, firm, LAST), list(parties))
    exact: dict[str, Any] = {}
    for home in oracle.book.households:  # nobody is in two of these households
        exact |= oracle.household(home, LAST, look_through=True)["owners"]
    checked = 0
    for key, figure in worths.items():
        who = parties[key]
        if "-P" in who and figure.value is not None:
            assert abs(Fraction(figure.value) - exact.get(who, Fraction(0))) < CENT * 12, who
            checked += 1
    assert checked > 40


@pytest.mark.unit
def test_the_oracle_by_hand(tmp_path: Path) -> None:
    """Ann and Ben's trust owns 0.6 of the LLC, whose account has 1,000.00: 300.00 each, 400.00 stays."""
    rows = {
        "households": ["H1,Lee"],
        "clients": ["ANN,PERSON,Ann", "BEN,PERSON,Ben", "T,TRUST,Trust", "L,COMPANY,LLC"],
        "accounts": ["A1,H1,,LLC account,LLC,TAXABLE,,USD,2019-01-01,"],
        "owners": ["A1,,L,OWNER,,,,,", ",M,ANN,OWNER,0.25,,,,"],
        "relationships": [
            "T,OWNS,L,,,0.6,2019-01-01,", "ANN,OWNS,T,,,0.5,2019-01-01,",
            "BEN,OWNS,T,,,0.5,2019-01-01,2021-03-01",
        ],
        "liabilities": ["M,H1,Loan,MORTGAGE,,USD,,,,,,,,2021-02-01,100.00"],
        "transactions": ["T1,A1,DEPOSIT,2021-01-04,,,,,1000.00,0,USD,,,,"],
    }  # fmt: skip
    changes: dict[str, str | bytes | None] = {
        f"{name}.csv": written(name, given) for name, given in rows.items()
    }
    read = Sheets(write_folder(tmp_path / "bundle", changes))
    found = read.household("H1", date(2021, 2, 28), look_through=True)
    assert found["owners"] == {"L": 400, "ANN": 300 - 25, "BEN": 300}
    assert found["lines"]["M"]["parts"] == {"ANN": Fraction(1, 4)}  # type: ignore[index]
    assert read.household("H1", date(2021, 3, 1), look_through=True)["owners"] == {
        "L": 400,
        "T": 300,
        "ANN": 275,
    }
    assert read.household("H1", date(2021, 1, 31), look_through=False)["owners"] == {"L": 1000, "ANN": None}


@pytest.mark.unit
def test_the_oracle_shares_nothing_with_what_it_checks() -> None:
    tree = ast.parse(Path(str(sheet.__file__)).read_text(encoding="utf-8"))
    imported_names = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert not any(name.startswith("wealthnexus") for name in imported_names)
