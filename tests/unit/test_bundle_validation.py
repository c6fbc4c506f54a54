"""What the rows of a bundle say of one another: unique keys, references, reinvestments, and the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from wealthnexus.domain.bundle import FILES, KnownKeys, Report, open_bundle, validate
from wealthnexus.domain.bundle.report import LISTED_PROBLEMS_MAX

from tests.support.bundles import SOUND, replaced, with_transactions, write_folder

pytestmark = pytest.mark.unit


def judged(
    folder: Path, changes: dict[str, str | None] | None = None, known: KnownKeys | None = None
) -> Report:
    with open_bundle(write_folder(folder, dict(changes or {}))) as bundle:
        return validate(bundle, known or KnownKeys())


def messages(report: Report) -> list[str]:
    assert report.problem_count == len(report.problems)
    return [problem.message for problem in report.problems]


def test_the_sound_bundle_is_sound(tmp_path: Path) -> None:
    report = judged(tmp_path)
    assert report.ok
    assert {name: count for name, count in report.row_counts.items() if count} == {
        "households": 2, "accounts": 2, "securities": 2, "prices": 3, "fx_rates": 1, "transactions": 5
    }  # fmt: skip
    assert list(report.lines()) == [
        "2 households, 2 accounts, 2 securities, 3 prices, 1 fx_rates, 5 transactions; 0 problems, 0 warnings"
    ]
    assert report.open_references == []


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        (
            "households",
            "H1,Another name",
            'households.csv line 4, external_id "H1": expected once, it also stands on line 2',
        ),
        (
            "accounts",
            SOUND["accounts.csv"].split("\n")[1],
            'accounts.csv line 4, external_id "A1": expected once, it also stands on line 2',
        ),
        (
            "securities",
            "SPY,SPY,,,,,,SPY,ETF,EQUITY,,USD,1",
            'securities.csv line 4, security_key "SPY": expected once, it also stands on line 3',
        ),
        (
            "prices",
            "AAPL,2021-03-30,,,,1,",
            'prices.csv line 5, date "AAPL 2021-03-30": expected once, it also stands on line 2',
        ),
        (
            "fx_rates",
            "EUR,USD,2021-03-31,1.2",
            'fx_rates.csv line 3, date "EUR USD 2021-03-31": expected once, it also stands on line 2',
        ),
        (
            "transactions",
            "T1,A1,DEPOSIT,2021-01-04,,,,,100000.00,,USD,,,,Opening deposit",
            'transactions.csv line 7, external_id "T1": expected once, it also stands on line 2',
        ),
    ],
)
def test_keys_are_unique(tmp_path: Path, name: str, row: str, message: str) -> None:
    file = f"{name}.csv"
    assert messages(judged(tmp_path, {file: SOUND[file] + row + "\n"})) == [message]


def test_two_identical_rows_with_their_own_ids_both_stand(tmp_path: Path) -> None:
    cheque = "{},A1,DEPOSIT,2021-02-12,2021-02-12,,,,50000.00,0,USD,,,,Cheque deposit"
    report = judged(tmp_path, with_transactions(cheque.format("T8"), cheque.format("T9")))
    assert report.ok
    assert report.row_counts["transactions"] == 7


def test_every_reference_resolves(tmp_path: Path) -> None:
    changes = {
        "accounts.csv": SOUND["accounts.csv"] + "A3,H9,,X,INDIVIDUAL,TAXABLE,,USD,,\n",
        "prices.csv": SOUND["prices.csv"] + "IBM,2021-03-31,,,,133.26,\n",
        **with_transactions(
            "T6,A9,DEPOSIT,2021-01-04,,,,,1,,USD,,,,",
            "T7,A1,BUY,2021-01-05,,IBM,1,,-1,,USD,,,,",
            "T8,A1,ADVISORY_FEE,2021-01-05,,,,,-1,,USD,,T0,,",
        ),
    }
    assert messages(judged(tmp_path, changes)) == [
        'accounts.csv line 4, household_external_id "H9": no such household in households.csv or in the book',
        'prices.csv line 5, security_key "IBM": no such security in securities.csv or in the book',
        'transactions.csv line 7, account_external_id "A9": no such account in accounts.csv or in the book',
        'transactions.csv line 8, security_key "IBM": no such security in securities.csv or in the book',
        'transactions.csv line 9, related_external_id "T0": no such transaction in transactions.csv '
        "or in the book",
    ]


def test_what_the_firm_already_has_may_be_referred_to(tmp_path: Path) -> None:
    changes = {
        "households.csv": None,
        "accounts.csv": SOUND["accounts.csv"].split("\n")[0] + "\nA3,H9,,X,INDIVIDUAL,TAXABLE,,USD,,\n",
        "securities.csv": None,
        "fx_rates.csv": None,
        "prices.csv": "security_key,date,open,high,low,close,volume\nIBM,2021-03-31,,,,133.26,\n",
        "transactions.csv": SOUND["transactions.csv"].split("\n")[0]
        + "\nT6,A9,DEPOSIT,2021-01-04,,,,,1,,EUR,,,,\nT7,A3,BUY,2021-01-05,,IBM,1,,-1,,USD,,T0,,\n",
    }  # fmt: skip
    known = KnownKeys(
        households={"H9"}, accounts={"A9": "EUR"}, securities={"IBM"}, transactions=frozenset({"T0"})
    )
    assert messages(judged(tmp_path, changes, known)) == []


def test_references_to_a_ledger_that_was_not_passed_stay_open(tmp_path: Path) -> None:
    changes = with_transactions(
        "T8,A1,ADVISORY_FEE,2021-01-05,,,,,1,,USD,,T0,,",
        "T9,A1,REINVEST,2021-03-01,,SPY,0.01,,-4.10,,USD,,D0,,",
    )
    report = judged(tmp_path, changes, KnownKeys(transactions=None))
    assert report.ok
    assert [(r.line, r.type, r.related_external_id, r.amount) for r in report.open_references] == [
        (7, "ADVISORY_FEE", "T0", "1"),
        (8, "REINVEST", "D0", "-4.10"),
    ]
    assert (report.open_references[1].account_external_id, report.open_references[1].security_key) == (
        "A1",
        "SPY",
    )


def test_a_refused_account_row_does_not_drag_its_transactions_along(tmp_path: Path) -> None:
    report = judged(tmp_path, replaced("accounts.csv", ("JOINT_WITH_SURVIVORSHIP", "SOMETHING")))
    assert [p.column for p in report.problems] == ["account_type"]


def test_the_amount_is_in_the_accounts_currency(tmp_path: Path) -> None:
    report = judged(tmp_path, with_transactions("T6,A2,DEPOSIT,2021-01-04,,,,,1,,USD,,,,"))
    assert messages(report) == [
        'transactions.csv line 7, currency "USD": expected EUR, the currency of account A2: '
        "the amount is the cash effect in the account's currency"
    ]


def test_an_account_keeps_its_currency(tmp_path: Path) -> None:
    report = judged(tmp_path, known=KnownKeys(accounts={"A1": "GBP", "A2": "EUR"}))
    assert messages(report) == [
        'accounts.csv line 2, currency "USD": the account is kept in GBP; '
        "the currency of an account does not change"
    ]


SECOND_HOUSEHOLD = (
    "A1,H2,71104471,Joint brokerage,JOINT_WITH_SURVIVORSHIP,TAXABLE,Cascade Custody,USD,2012-01-03,HIFO\n"
)


def test_an_account_may_belong_to_two_households(tmp_path: Path) -> None:
    assert judged(tmp_path, {"accounts.csv": SOUND["accounts.csv"] + SECOND_HOUSEHOLD}).ok


def test_the_rows_of_one_account_differ_by_household_only(tmp_path: Path) -> None:
    other = SECOND_HOUSEHOLD.replace("Joint brokerage", "Joint").replace("HIFO", "")
    assert messages(judged(tmp_path, {"accounts.csv": SOUND["accounts.csv"] + other})) == [
        'accounts.csv line 4, name "Joint": expected "Joint brokerage" as on line 2: '
        "the rows of one account differ by household only",
        'accounts.csv line 4, lot_method: expected "HIFO" as on line 2: '
        "the rows of one account differ by household only",
    ]


def test_underlyings_resolve(tmp_path: Path) -> None:
    header = SOUND["securities.csv"].split("\n")[0] + ",underlying_key,option_type,strike,expiry\n"
    option = "C1,,,,,,,call,OPTION,DERIVATIVE,,USD,100,{},CALL,130,2021-06-18\n"
    content = header + option.format("AAPL").replace("C1", "C2") + option.format("TSLA")
    stock = "AAPL,AAPL,,,,,,Apple,COMMON_STOCK,EQUITY,,USD,1,,,,\nSPY,SPY,,,,,,SPY,ETF,EQUITY,,USD,1,,,,\n"
    assert messages(judged(tmp_path, {"securities.csv": content + stock})) == [
        'securities.csv line 3, underlying_key "TSLA": no such security in securities.csv or in the book'
    ]


def dividend(
    number: str, amount: str, day: str = "2021-02-11", account: str = "A1", security: str = "SPY"
) -> str:
    return f"{number},{account},DIVIDEND,{day},,{security},,,{amount},,USD,,,,"


def reinvest(
    number: str,
    amount: str,
    related: str = "",
    day: str = "2021-02-11",
    account: str = "A1",
    security: str = "SPY",
) -> str:
    return f"{number},{account},REINVEST,{day},,{security},0.5,,{amount},,USD,,{related},,"


@pytest.mark.parametrize(
    "rows",
    [
        [dividend("D1", "8.00"), reinvest("R1", "-8.00")],
        [dividend("D1", "8.00"), reinvest("R1", "-8")],
        [dividend("D1", "8.00"), reinvest("R1", "-8.00", "D1")],
        # Another security's and another account's dividends in between do not matter.
        [dividend("D1", "8.00"), dividend("D2", "9.00", security="AAPL"), reinvest("R1", "-8.00")],
        # Two dividends of one day, each reinvested, in either order.
        [dividend("D1", "8.00"), dividend("D2", "9.00"), reinvest("R1", "-8.00"), reinvest("R2", "-9.00")],
        [dividend("D1", "8.00"), dividend("D2", "8.00"), reinvest("R1", "-8.00"), reinvest("R2", "-8.00")],
        # Named, and long before; named, and after it in the file.
        [dividend("D1", "8.00", "2020-02-11"), dividend("D2", "9.00"), reinvest("R1", "-8.00", "D1")],
        [reinvest("R1", "-8.00", "D1"), dividend("D1", "8.00")],
    ],
)
def test_a_reinvestment_uses_a_dividend(tmp_path: Path, rows: list[str]) -> None:
    assert messages(judged(tmp_path, with_transactions(*rows))) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [reinvest("R1", "-8.00")],
            'line 7, amount "-8.00": REINVEST: expected a DIVIDEND of SPY in account A1 before it, '
            "or its external_id in related_external_id",
        ),
        (
            [dividend("D1", "8.00"), reinvest("R1", "-7.99")],
            'line 8, amount "-7.99": REINVEST: expected -8.00, the opposite of DIVIDEND D1',
        ),
        (
            [dividend("D1", "8.00"), reinvest("R1", "-7.99", "D1")],
            'line 8, amount "-7.99": REINVEST: expected -8.00, the opposite of DIVIDEND D1',
        ),
        (
            [dividend("D1", "8.00", "2020-02-11"), dividend("D2", "9.00"), reinvest("R1", "-9.00", "D1")],
            'line 9, amount "-9.00": REINVEST: expected -8.00, the opposite of DIVIDEND D1',
        ),
        (
            [dividend("D1", "8.00", security="AAPL"), reinvest("R1", "-8.00", "D1")],
            'line 8, related_external_id "D1": REINVEST: expected a DIVIDEND of the same account '
            "and security, line 7 is DIVIDEND",
        ),
        (
            [reinvest("R1", "-13105.95", "T2", security="AAPL")],
            'line 7, related_external_id "T2": REINVEST: expected a DIVIDEND of the same account '
            "and security, line 3 is BUY",
        ),
    ],
)
def test_a_reinvestment_equals_its_dividend(tmp_path: Path, rows: list[str], message: str) -> None:
    assert messages(judged(tmp_path, with_transactions(*rows))) == [f"transactions.csv {message}"]


def test_unusual_rows_are_warned_of_and_allowed(tmp_path: Path) -> None:
    report = judged(
        tmp_path,
        {
            "notes.txt": "x",
            **with_transactions(
                "T6,A1,ADVISORY_FEE,2021-01-05,,,,,312.50,,USD,,,,Credit",
                "T7,A1,DEPOSIT,2011-12-30,,,,,1,,USD,,,,",
            ),
        },
    )
    assert report.ok
    assert [warning.message for warning in report.warnings] == [
        "notes.txt: this version does not read it; nothing of it is imported",
        'transactions.csv line 7, amount "312.50": ADVISORY_FEE with a positive amount is kept as a refund; '
        "a charge is negative",
        'transactions.csv line 8, trade_date "2011-12-30": before the account was opened on 2012-01-03',
    ]


def test_the_report_lists_a_thousand_and_counts_all(tmp_path: Path) -> None:
    rows = [f"X{n},A1,DEPOSIT,2021-01-04,,,,,-1,,USD,,,," for n in range(LISTED_PROBLEMS_MAX + 234)]
    report = judged(tmp_path, with_transactions(*rows))
    assert not report.ok
    assert (len(report.problems), report.problem_count) == (1_000, 1_234)
    lines = list(report.lines())
    assert lines[-2:] == [
        "… and 234 more problems that are not listed",
        "2 households, 2 accounts, 2 securities, 3 prices, 1 fx_rates, 1239 transactions; "
        "1234 problems, 0 warnings",
    ]
    as_json = report.as_dict()
    assert as_json["problems"][0] == {
        "file": "transactions.csv",
        "line": 7,
        "column": "amount",
        "value": "-1",
        "expectation": "DEPOSIT: expected an amount greater than 0",
        "message": 'transactions.csv line 7, amount "-1": DEPOSIT: expected an amount greater than 0',
    }


def test_progress_is_told_per_file(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int, int]] = []
    with open_bundle(write_folder(tmp_path)) as bundle:
        validate(bundle, KnownKeys(), lambda *progress: seen.append(progress))
    assert [one for one in seen if one[1]] == [
        (name, rows, len(SOUND[f"{name}.csv"]), len(SOUND[f"{name}.csv"]))
        for name, rows in (
            ("households", 2), ("accounts", 2), ("securities", 2), ("prices", 3), ("fx_rates", 1),
            ("transactions", 5),
        )
    ]  # fmt: skip
    assert [one[0] for one in seen] == list(FILES)
