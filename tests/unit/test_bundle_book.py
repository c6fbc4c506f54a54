"""The files about people, ownership, debts and evidence: sound ones, and what is refused of others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.bundle import KnownKeys, KnownOwnership, Report, open_bundle, validate

from tests.support.bundles import write_folder
from tests.support.whole_bundle import WHOLE

pytestmark = pytest.mark.unit


def judged(folder: Path, changes: dict[str, str], known: KnownKeys | None = None) -> Report:
    with open_bundle(write_folder(folder, {**WHOLE, **changes})) as bundle:
        return validate(bundle, known or KnownKeys())


def refused(folder: Path, name: str, *rows: str) -> list[str]:
    """The messages for the whole bundle with further rows in one file; ``Nth`` line is counted from there."""
    file = f"{name}.csv"
    report = judged(folder, {file: WHOLE[file] + "".join(row + "\n" for row in rows)})
    assert report.problem_count == len(report.problems)
    return [problem.message for problem in report.problems]


def test_the_whole_bundle_is_sound(tmp_path: Path) -> None:
    report = judged(tmp_path, {})
    assert [problem.message for problem in report.problems] == []
    assert list(report.lines()) == [
        "2 households, 6 accounts, 2 securities, 3 prices, 1 fx_rates, 5 transactions, 6 clients,"
        " 4 identifiers, 3 liabilities, 13 owners, 8 relationships, 2 lots, 2 corporate_actions,"
        " 3 custodian_positions, 2 custodian_lots; 0 problems, 0 warnings"
    ]


CLIENT = "{key},{kind},Name,,,{birth},{tax},{type},,,,{formed},,{status},{kyc},,,,,,,"


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        (
            {"birth": "2021-04-01"},
            ['birth_date "2021…": expected a date by the bundle\'s as_of, 2021-03-31'],
        ),
        ({"birth": "1961/04/12"}, ['birth_date "1961…": expected a date as YYYY-MM-DD']),
        (
            {"tax": "912-34-567", "type": "SSN"},
            ['tax_id "…-567": expected nine digits, SSN has no other shape'],
        ),
        ({"tax": "912-34-5678"}, ["tax_id_type is empty: expected tax_id and tax_id_type together"]),
        (
            {"kind": "COMPANY", "birth": "1990-01-01"},
            ['birth_date "1990…": expected it empty for a COMPANY'],
        ),
        ({"formed": "1990-01-01"}, ['formed_on "1990-01-01": expected it empty for a PERSON']),
        (
            {"kind": "TRUST", "status": "DECEASED"},
            ['status "DECEASED": expected DISSOLVED for a TRUST that has ended'],
        ),
        ({"kyc": "VERIFIED"}, ["kyc_verified_on is empty: VERIFIED needs it"]),
        ({"key": "C1"}, ['external_id "C1": expected once, it also stands on line 2']),
        ({"key": "[Other]C1"}, ['external_id "[Other]C1": expected a key that does not begin with [']),
    ],
)
def test_clients(tmp_path: Path, row: dict[str, str], messages: list[str]) -> None:
    cells = {
        "key": "C9", "kind": "PERSON", "birth": "", "tax": "", "type": "", "formed": "", "status": "",
        "kyc": "", **row,
    }  # fmt: skip
    assert refused(tmp_path, "clients", CLIENT.format(**cells)) == [
        f"clients.csv line 8, {message}" for message in messages
    ]


def test_the_kind_of_a_known_client_does_not_change(tmp_path: Path) -> None:
    report = judged(tmp_path, {}, KnownKeys(clients={"C1": "TRUST"}))
    assert [problem.message for problem in report.problems] == [
        'clients.csv line 2, kind "PERSON": the client is a TRUST in the book; its kind does not change'
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "AAPL,CUSIP,037833101,,,",
            'value "037833101": expected a CUSIP (9 characters) whose check digit holds',
        ),
        (
            "AAPL,LEI,HWUPKR0MPOU8FGXBT395,,,",
            'value "HWUPKR0MPOU8FGXBT395": expected an LEI (20 characters) whose check digit holds',
        ),
        ("AAPL,CUSIP,037833100,XNAS,,", 'exchange "XNAS": expected it empty for CUSIP'),
        (
            "AAPL,SYMBOL,SPY,ARCX,2010-01-01,",
            'value "SPY": SPY has this symbol on ARCX on 2010-01-01;'
            " expected one security of a symbol and market on a day",
        ),
        (
            "AAPL,SYMBOL,NEW,XNAS,2010-01-01,2010-01-01",
            'effective_to "2010-01-01": expected a date after effective_from 2010-01-01:'
            " it is the first day on which it no longer holds",
        ),
        ("MSFT,CUSIP,594918104,,,", 'security_key "MSFT": no such security in securities.csv or in the book'),
    ],
)
def test_identifiers(tmp_path: Path, row: str, message: str) -> None:
    assert refused(tmp_path, "identifiers", row) == [f"identifiers.csv line 6, {message}"]


def test_a_symbol_may_be_used_by_another_security_later(tmp_path: Path) -> None:
    assert refused(tmp_path, "identifiers", "AAPL,SYMBOL,SPDR,ARCX,2000-01-01,2001-01-01") == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "L1,H1,House on Quay Lane,MORTGAGE,Harbour Bank,USD,400000,0.0525,2010-05-01,2040-05-01,,,,"
            "2021-01-31,1",
            'interest_rate "0.0525": expected "0.0425" as on line 2: the rows of one liability differ by'
            " balance only",
        ),
        (
            "L3,H9,Card,CREDIT_CARD,,USD,,,,,,,,,",
            'household_external_id "H9": no such household in households.csv or in the book',
        ),
        (
            "L3,H1,Card,CREDIT_CARD,,USD,,4.25,,,,,,,",
            'interest_rate "4.25": expected a rate a year below 1: 4.25 % is 0.0425',
        ),
        (
            "L3,H1,Card,CREDIT_CARD,,USD,,,,,,,,2021-03-31,",
            "balance is empty: expected balance and balance_date together",
        ),
        (
            "L3,H1,Card,CREDIT_CARD,,USD,,,2020-01-01,2019-01-01,,,,,",
            'matures_on "2019-01-01": expected opened_on 2020-01-01 or later',
        ),
        (
            "L2,H1,Line on the brokerage account,SECURITIES_BACKED,,USD,,,,,,A1,,,",
            'external_id "L2": expected once, it also stands on line 4',
        ),
    ],
)
def test_liabilities(tmp_path: Path, row: str, message: str) -> None:
    assert refused(tmp_path, "liabilities", row) == [f"liabilities.csv line 5, {message}"]


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        (
            ["A9,,C1,OWNER,,,,,,"],
            ['account_external_id "A9": no such account in accounts.csv or in the book'],
        ),
        (
            ["A2,,C9,ATTORNEY,,,,,,"],
            ['client_external_id "C9": no such client in clients.csv or in the book'],
        ),
        (
            ["A2,L1,C1,OWNER,,,,,,"],
            ['account_external_id "A2": expected exactly one of account and liability'],
        ),
        (["A2,,C1,ATTORNEY,0.5,,,,,"], ['share "0.5": expected it empty for ATTORNEY, which owns nothing']),
        (
            ["A2,,C1,OWNER,1.5,,,,,"],
            ['share "1.5": expected a share above 0 and at most 1 such as 0.5, at most 12 decimal places'],
        ),
        (
            ["A2,,C5,OWNER,,,,,,"],
            [
                'role "OWNER": expected at most 1 OWNER of account A2 (INDIVIDUAL), found 2',
                'client_external_id "C5": expected person as OWNER of a INDIVIDUAL account, not a company',
            ],
        ),
        (["A3,,C2,TRUSTEE,,,,,,"], ['role "TRUSTEE": expected one of CUSTODIAN, MINOR for a UTMA account']),
        (
            [",L1,C3,OWNER,0.1,,,,,"],
            ['share "0.1": the shares of the owners of the liability add up to 1.1; expected at most 1'],
        ),
        (
            ["A6,,C2,BENEFICIARY,0.2,PRIMARY,,2021-01-01,,"],
            [
                'share "0.2": the shares of the PRIMARY beneficiaries add up to 1.2 on 2021-01-01;'
                " expected at most 1"
            ],
        ),
        (["A6,,C2,BENEFICIARY,,CONTINGENT,,,,"], ["share is empty: a designated beneficiary needs it"]),
        (
            ["A6,,C6,OWNER,,,,,,"],
            [
                'role "OWNER": expected at most 1 OWNER of account A6 (ROTH_IRA), found 2',
                'client_external_id "C6": expected once, found 2 times',
            ],
        ),
    ],
)
def test_owners(tmp_path: Path, rows: list[str], messages: list[str]) -> None:
    assert refused(tmp_path, "owners", *rows) == [f"owners.csv line 15, {message}" for message in messages]


def test_joint_shares_above_the_whole_are_refused_and_below_it_allowed(tmp_path: Path) -> None:
    joint = "A1,,C{n},JOINT_SURVIVORSHIP,,,,,,\n"
    for share, expected in (
        ("0.4", []),
        (
            "0.6",
            [
                'owners.csv line 3, share "0.6": the shares of account A1 add up to 1.2; expected at most 1',
            ],
        ),
    ):
        owners = WHOLE["owners.csv"]
        for n in (1, 2):
            owners = owners.replace(joint.format(n=n), joint.format(n=n).replace("SHIP,,", f"SHIP,{share},"))
        report = judged(tmp_path / share, {"owners.csv": owners})
        assert [problem.message for problem in report.problems] == expected


def test_missing_owners_are_no_refusal(tmp_path: Path) -> None:
    owners = WHOLE["owners.csv"].replace("A1,,C2,JOINT_SURVIVORSHIP,,,,,,\n", "")
    assert judged(tmp_path, {"owners.csv": owners}).ok


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        (
            ["C5,OWNS,C4,,,1,,"],
            ['related_external_id "C4": expected no circle of owners: C4 owns C5 owns C4 on 2016-02-01'],
        ),
        (
            ["C2,OWNS,C5,,,0.1,2018-01-01,"],
            ['share "0.1": the shares of C5 add up to 1.1 on 2018-01-01; expected at most 1'],
        ),
        (["C2,OWNS,C4,,,,,"], ["share is empty: OWNS needs it"]),
        (["C2,SPOUSE,C2,,,,,"], ['related_external_id "C2": expected another client than itself']),
        (["C2,SPOUSE,C1,H1,,,,"], ['household_external_id "H1": expected it empty for SPOUSE']),
        (["C4,MEMBER,,H1,,,,"], ["member_role is empty: MEMBER needs it"]),
        (
            ["C4,MEMBER,,H9,ENTITY,,,"],
            ['household_external_id "H9": no such household in households.csv or in the book'],
        ),
        (["C1,MEMBER,,H1,SPOUSE,,,"], ['client_external_id "C1": expected once, it also stands on line 6']),
    ],
)
def test_relationships(tmp_path: Path, rows: list[str], messages: list[str]) -> None:
    found = refused(tmp_path, "relationships", *rows)
    assert found == [f"relationships.csv line 10, {message}" for message in messages]


def test_a_circle_may_close_through_the_book(tmp_path: Path) -> None:
    known = KnownKeys(
        clients={"B1": "COMPANY"},
        ownerships=[
            KnownOwnership("C5", "B1", Decimal("0.5"), date(2010, 1, 1), None),
            KnownOwnership("B1", "C4", Decimal("0.5"), date(2010, 1, 1), None),
        ],
    )
    report = judged(tmp_path, {}, known)
    assert [problem.message for problem in report.problems] == [
        'relationships.csv line 5, related_external_id "C5": expected no circle of owners: '
        "B1 owns C4 owns C5 owns B1 on 2016-02-01"
    ]


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        (
            "lots",
            "LOT1,A1,AAPL,2021-01-05,,1,,USD,",
            'line 4, external_id "LOT1": expected once, it also stands on line 2',
        ),
        (
            "lots",
            "LOT3,A1,AAPL,2021-01-05,2021-01-06,1,,USD,",
            'line 4, acquired_on "2021-01-06": expected a date by the lot\'s as_of, 2021-01-05',
        ),
        (
            "lots",
            "LOT3,A1,AAPL,2021-01-05,,1,,EUR,",
            'line 4, currency "EUR": expected USD, the currency of account A1',
        ),
        (
            "corporate_actions",
            "X3,AAPL,SPLIT,2020-08-31,,,4,,,,,,",
            "line 4, ratio_old is empty: SPLIT needs it",
        ),
        (
            "corporate_actions",
            "X3,AAPL,SPIN_OFF,2020-08-31,,,1,1,,,MSFT,,",
            'line 4, other_security_key "MSFT": no such security in securities.csv or in the book',
        ),
        (
            "custodian_positions",
            "A9,2021-03-31,,,USD,1,,,",
            'line 5, account_external_id "A9": no such account in accounts.csv or in the book',
        ),
        (
            "custodian_positions",
            "A1,2021-03-31,MSFT,,USD,1,,,",
            'line 5, security_key "MSFT": no such security in securities.csv or in the book',
        ),
        (
            "custodian_positions",
            "A1,2021-04-01,,,USD,1,,,",
            'line 5, date "2021-04-01": expected a date by the bundle\'s as_of, 2021-03-31',
        ),
        (
            "custodian_positions",
            "A1,2021-03-31,,,USD,1,,,",
            'line 5, account_external_id "A1": expected once, it also stands on line 3',
        ),
        (
            "custodian_positions",
            "A1,2021-03-31,,,EUR,1,1,,",
            'line 5, price "1": expected it empty for a cash balance (no security)',
        ),
        (
            "custodian_lots",
            "A1,2021-03-31,AAPL,,2021-01-05,0,,USD",
            'line 4, quantity "0": expected a quantity other than 0',
        ),
    ],
)
def test_lots_actions_and_evidence(tmp_path: Path, name: str, row: str, message: str) -> None:
    assert refused(tmp_path, name, row) == [f"{name}.csv {message}"]


def test_prices_by_source(tmp_path: Path) -> None:
    header = "security_key,date,open,high,low,close,volume,source\n"
    rows = "AAPL,2021-03-31,,,,1,,\nAAPL,2021-03-31,,,,2,,SYNTHETIC\nAAPL,2021-03-31,,,,3,,MANUAL\n"
    report = judged(tmp_path / "a", {"prices.csv": header + rows + "AAPL,2021-03-31,,,,4,,SYNTHETIC\n"})
    assert [problem.message for problem in report.problems] == [
        'prices.csv line 4, source "MANUAL": expected another source: MANUAL is what people enter',
        'prices.csv line 5, date "AAPL 2021-03-31 SYNTHETIC": expected once, it also stands on line 3',
    ]
    header_file = '{"format_version": 1, "source": "x", "as_of": "2021-03-31", "is_export": true}'
    assert judged(tmp_path / "b", {"prices.csv": header + rows, "bundle.json": header_file}).ok


def test_what_another_source_gave_is_named_with_it(tmp_path: Path) -> None:
    known = KnownKeys(accounts={"[Other]A1": "USD"}, account_types={"[Other]A1": "INDIVIDUAL"})
    owners = WHOLE["owners.csv"] + "[Other]A1,,C1,OWNER,,,,,,\n[Other]A2,,C1,OWNER,,,,,,\n"
    report = judged(tmp_path, {"owners.csv": owners}, known)
    assert [problem.message for problem in report.problems] == [
        'owners.csv line 16, account_external_id "[Other]A2": no such account in accounts.csv or in the book'
    ]
