"""A bundle with thirty planted faults of different kinds over all its files reports exactly those thirty."""

from __future__ import annotations

from pathlib import Path

import pytest
from wealthnexus.domain.bundle import FILES, KnownKeys, open_bundle, validate

from tests.support.bundles import write_folder
from tests.support.whole_bundle import WHOLE

pytestmark = pytest.mark.unit

# Rows added to the sound bundle, and the one thing that is wrong with each.
PLANTED: tuple[tuple[str, str, str, str | None, str], ...] = (
    ("households", "H1,Another", "external_id", "H1", "expected once, it also stands on line 2"),
    ("households", "H3,", "name", "", "expected a text of 1 to 200 characters"),
    (
        "accounts", "B1,H9,,Nobody's,INDIVIDUAL,TAXABLE,,USD,,", "household_external_id", "H9",
        "no such household in households.csv or in the book",
    ),
    (
        "accounts", "B2,H1,,Later,INDIVIDUAL,TAXABLE,,USD,2021-04-01,", "opened_on", "2021-04-01",
        "expected a date by the bundle's as_of, 2021-03-31",
    ),
    (
        "securities", "MSFT,MSFT,XNAS,594918105,,,,Microsoft,COMMON_STOCK,EQUITY,,USD,", "cusip",
        "594918105", "expected a CUSIP (9 characters) whose check digit holds",
    ),
    (
        "prices", "NOBODY,2021-03-31,,,,1,", "security_key", "NOBODY",
        "no such security in securities.csv or in the book",
    ),
    (
        "prices", "SPY,2021-03-30,,390,,391,", "high", "390",
        "expected the greatest price of the day, at least 391",
    ),
    ("fx_rates", "USD,USD,2021-03-31,1", "quote", "USD", "expected another currency than the base USD"),
    (
        "transactions", "T6,A1,DEPOSIT,2021-01-05,,,,,-5,,USD,,,,", "amount", "-5",
        "DEPOSIT: expected an amount greater than 0",
    ),
    (
        "transactions", "T7,A2,DEPOSIT,2021-01-05,,,,,5,,USD,,,,", "currency", "USD",
        "expected EUR, the currency of account A2: the amount is the cash effect in the account's currency",
    ),
    (
        "clients", "C9,PERSON,Unborn,,,2021-04-01,,,,,,,,,,,,,,,,", "birth_date", "2021…",
        "expected a date by the bundle's as_of, 2021-03-31",
    ),
    (
        "clients", "C10,PERSON,Misnumbered,,,,12-345-678,SSN,,,,,,,,,,,,,,", "tax_id", "…-678",
        "expected nine digits, SSN has no other shape",
    ),
    (
        "clients", "C11,COMPANY,Nowhere,,,,,,,XX,,,,,,,,,,,,", "residence", "XX",
        "expected an ISO 3166-1 country code of two letters such as US",
    ),
    (
        "identifiers", "AAPL,LEI,HWUPKR0MPOU8FGXBT395,,,", "value", "HWUPKR0MPOU8FGXBT395",
        "expected an LEI (20 characters) whose check digit holds",
    ),
    (
        "identifiers", "AAPL,SYMBOL,SPY,ARCX,2010-01-01,", "value", "SPY",
        "SPY has this symbol on ARCX on 2010-01-01; expected one security of a symbol and market on a day",
    ),
    (
        "liabilities", "L3,H1,Card,CREDIT_CARD,,USD,,4.25,,,,,,,", "interest_rate", "4.25",
        "expected a rate a year below 1: 4.25 % is 0.0425",
    ),
    (
        "liabilities", "L4,H1,Loan,LOAN,,USD,,,,,,,,,", "kind", "LOAN",
        "expected one of MORTGAGE, HOME_EQUITY, MARGIN, SECURITIES_BACKED, PERSONAL, STUDENT, VEHICLE,"
        " BUSINESS, CREDIT_CARD, TAX, OTHER",
    ),
    (
        "owners", "A4,,C99,TRUSTEE,,,,,,", "client_external_id", "C99",
        "no such client in clients.csv or in the book",
    ),
    (
        "owners", ",L1,C3,OWNER,0.1,,,,,", "share", "0.1",
        "the shares of the owners of the liability add up to 1.1; expected at most 1",
    ),
    (
        "owners", "A3,,C2,TRUSTEE,,,,,,", "role", "TRUSTEE",
        "expected one of CUSTODIAN, MINOR for a UTMA account",
    ),
    (
        "owners", "A5,,C4,ATTORNEY,1.5,,,,,", "share", "1.5",
        "expected a share above 0 and at most 1 such as 0.5, at most 12 decimal places",
    ),
    (
        "relationships", "C5,OWNS,C4,,,1,,", "related_external_id", "C4",
        "expected no circle of owners: C4 owns C5 owns C4 on 2016-02-01",
    ),
    (
        "relationships", "C2,SPOUSE,C2,,,,,", "related_external_id", "C2",
        "expected another client than itself",
    ),
    ("relationships", "C4,MEMBER,,H1,,,,", "member_role", "", "MEMBER needs it"),
    ("lots", "LOT3,A1,AAPL,2021-01-05,2021-01-06,1,,USD,", "acquired_on", "2021-01-06",
     "expected a date by the lot's as_of, 2021-01-05"),
    ("lots", "LOT4,A1,AAPL,2021-01-05,,0,,USD,", "quantity", "0", "expected a quantity other than 0"),
    (
        "corporate_actions", "X3,AAPL,SPLIT,2020-08-31,,,4,,,,,,", "ratio_old", "", "SPLIT needs it",
    ),
    (
        "custodian_positions", "A9,2021-03-31,,,USD,1,,,", "account_external_id", "A9",
        "no such account in accounts.csv or in the book",
    ),
    (
        "custodian_positions", "A1,2021-03-31,,,USD,1,,1,", "account_external_id", "A1",
        "expected once, it also stands on line 3",
    ),
    (
        "custodian_lots", "A1,2021-13-31,AAPL,,,1,,USD", "date", "2021-13-31",
        "expected a date that exists, as YYYY-MM-DD",
    ),
)  # fmt: skip


def test_thirty_faults_of_different_kinds_are_planted_over_all_files() -> None:
    assert len(PLANTED) == 30
    assert {fault[0] for fault in PLANTED} == set(FILES)
    assert len({(fault[0], fault[2], fault[4]) for fault in PLANTED}) == 30


def test_exactly_the_planted_faults_are_reported(tmp_path: Path) -> None:
    files = dict(WHOLE)
    expected = []
    for name, row, column, value, expectation in PLANTED:
        file = f"{name}.csv"
        files[file] += row + "\n"
        expected.append((file, files[file].count("\n"), column, value, expectation))
    with open_bundle(write_folder(tmp_path, files)) as bundle:
        report = validate(bundle, KnownKeys())
    found = [(p.file, p.line, p.column, p.value or "", p.expectation) for p in report.problems]
    assert sorted(found) == sorted(expected)
    assert report.problem_count == 30
    assert report.warnings == []
