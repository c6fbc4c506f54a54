"""What an import refuses: file, line, column, value and expectation of each; nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.bundle import BundleRefused
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, rows
from tests.feeds.test_importer import COUNTS
from tests.support.bundles import HEADER, SOUND, replaced, with_transactions, write_folder

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        (
            replaced("households.csv", ("H2,Castellano", "H1,Castellano")),
            [
                'households.csv line 3, external_id "H1": expected once, it also stands on line 2',
                'accounts.csv line 3, household_external_id "H2": no such household in households.csv'
                " or in the"
                " book",
            ],
        ),
        (
            replaced("accounts.csv", ("A2,H2,71105120", "A2,H9,71105120")),
            [
                'accounts.csv line 3, household_external_id "H9": no such household in households.csv'
                " or in the book"
            ],
        ),
        (
            replaced("securities.csv", ("037833100", "037833101")),
            [
                'securities.csv line 2, cusip "037833101": expected a CUSIP (9 characters) whose'
                " check digit holds"
            ],
        ),
        (
            replaced("prices.csv", ("SPY,2021-03-31,,,,396.33", "NOPE,2021-03-31,,,,396.33")),
            ['prices.csv line 4, security_key "NOPE": no such security in securities.csv or in the book'],
        ),
        (
            replaced("prices.csv", ("SPY,2021-03-31", "SPY,2021-04-01")),
            ['prices.csv line 4, date "2021-04-01": expected a date by the bundle\'s as_of, 2021-03-31'],
        ),
        (
            replaced("fx_rates.csv", ("1.1725", "-1")),
            ['fx_rates.csv line 2, rate "-1": expected a decimal greater than 0'],
        ),
        (
            replaced("fx_rates.csv", ("1.1725", "1" + "0" * 14)),
            [
                'fx_rates.csv line 2, rate "100000000000000": expected a rate of at most 14 digits before'
                " the point"
            ],
        ),
        (
            with_transactions("T6,A1,BUY,2021-01-05,,AAPL,10,,100,,USD,,,,"),
            ['transactions.csv line 7, amount "100": BUY: expected an amount of 0 or less'],
        ),
        (
            with_transactions("T6,A1,DEPOSIT,2021-01-05,,,,,100,,EUR,,,,"),
            [
                'transactions.csv line 7, currency "EUR": expected USD, the currency of account A1:'
                " the amount is"
                " the cash effect in the account's currency"
            ],
        ),
        (
            with_transactions("T6,A9,DEPOSIT,2021-01-05,,,,,100,,USD,,,,"),
            [
                'transactions.csv line 7, account_external_id "A9": no such account in accounts.csv'
                " or in the book"
            ],
        ),
        (
            with_transactions("T1,A1,DEPOSIT,2021-01-05,,,,,100,,USD,,,,"),
            ['transactions.csv line 7, external_id "T1": expected once, it also stands on line 2'],
        ),
        (
            with_transactions("T6,A1,DEPOSIT,2021-01-05,,,,,100.000000001,,USD,,,,"),
            ['transactions.csv line 7, amount "100.000000001": expected at most 8 decimal places'],
        ),
        (
            with_transactions("T6,A1,TAX,2021-01-05,,,,,-1,,USD,,NOWHERE,,"),
            [
                'transactions.csv line 7, related_external_id "NOWHERE": no such transaction in'
                " transactions.csv or"
                " in the book"
            ],
        ),
        (
            with_transactions("T6,A1,EXPIRATION,2021-03-31,,AAPL,1000,,0,,USD,,,,"),
            [
                'transactions.csv line 7, quantity "1000": EXPIRATION of 1000: expected as many units'
                " held, found"
                " 100.1517"
            ],
        ),
        (
            {"transactions.csv": "external_id\nT1\n"},
            [
                "transactions.csv line 1, account_external_id: expected the column, the header row"
                " does not have it"
            ],
        ),
        (
            {"transactions.csv": SOUND["transactions.csv"].replace("Opening", "Open\x00ing")},
            [
                'transactions.csv line 2, description "Open\\u0000ing deposit": expected text without control'
                " characters (found U+0000)"
            ],
        ),
    ],
)
async def test_a_bundle_with_a_problem_writes_nothing(
    platform: Platform, firm: FirmInfo, tmp_path: Path, changes: dict[str, Any], messages: list[str]
) -> None:
    before = await rows(platform, firm, COUNTS)
    report = await import_bundle(platform, firm, write_folder(tmp_path / "b", changes), actor=SYSTEM)
    assert [problem.message for problem in report.checked.problems[: len(messages)]] == messages
    assert not report.ok
    assert list(report.lines())[-1] == "Nothing was imported."
    assert report.as_result()["problems"] == report.checked.problem_count
    assert await rows(platform, firm, COUNTS) == before


async def test_an_accounts_currency_does_not_change(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await Book().household().account().load(platform, firm, tmp_path)
    report = await Book().household().account(currency="EUR").load(platform, firm, tmp_path)
    assert [problem.message for problem in report.checked.problems] == [
        'accounts.csv line 2, currency "EUR": the account is kept in USD; the currency of an account does not'
        " change"
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"bundle.json": None},
            "bundle.json: missing; expected {format_version, source, as_of}; nothing was",
        ),
        (
            {"bundle.json": json.dumps({**HEADER, "format_version": 2})},
            'bundle.json, format_version "2": expected 1',
        ),
        (
            {"bundle.json": json.dumps({**HEADER, "as_of": "2199-12-31"})},
            'bundle.json, as_of "2199-12-31": expected a day up to 20',
        ),
        (
            {"lots2.csv": "a\n"},
            "lots2.csv: unknown file; expected accounts.csv, clients.csv, corporate_actions.csv",
        ),
    ],
)
async def test_a_bundle_that_cannot_be_read_raises(
    platform: Platform, firm: FirmInfo, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    before = await rows(platform, firm, COUNTS)
    with pytest.raises(BundleRefused) as refused:
        await import_bundle(platform, firm, write_folder(tmp_path / "b", changes), actor=SYSTEM)
    assert refused.value.message.startswith(message)
    assert await rows(platform, firm, COUNTS) == before


async def test_the_report_lists_a_thousand_problems_and_counts_all(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    lines = [f"X{n},A1,DEPOSIT,2021-01-05,,,,,-1,,USD,,,," for n in range(1_500)]
    report = await import_bundle(
        platform, firm, write_folder(tmp_path / "b", with_transactions(*lines)), actor=SYSTEM
    )
    assert (len(report.checked.problems), report.checked.problem_count) == (1_000, 1_500)
    text = list(report.lines())
    assert text[1_000] == "… and 500 more problems that are not listed"
    result = report.as_result()
    assert (result["ok"], result["changed"], result["problems"], len(result["problemList"])) == (
        False, False, 1_500, 200,
    )  # fmt: skip


async def test_amounts_that_fit_alone_and_not_together_are_refused_in_words(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """Each is a sound NUMERIC; their sum, in the account's smallest unit, is beyond what is kept."""
    most = "9" * 18
    lines = [f"X{n},A1,DEPOSIT,2021-01-05,,,,,{most},,USD,,,," for n in range(300)]
    folder = write_folder(tmp_path / "bundle", with_transactions("\n".join(lines)))
    before = await rows(platform, firm, COUNTS)
    with pytest.raises(ValidationFailed, match="more digits than the books can keep; nothing was done"):
        await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert await rows(platform, firm, COUNTS) == before
