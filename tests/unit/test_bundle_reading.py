"""Reading the files of a bundle: typed rows, and one sentence for everything that is not as expected."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.bundle import (
    FILES,
    AccountRow,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    RowProblem,
    SecurityRow,
    TransactionRow,
    open_bundle,
)
from wealthnexus.domain.bundle import format as bundle_format
from wealthnexus.domain.bundle.parse import LINE_LENGTH_MAX, RECORD_LINES_MAX

from tests.support.bundles import (
    SOUND,
    TRANSACTION_COLUMNS,
    replaced,
    with_transactions,
    write_folder,
    write_zip,
)

pytestmark = pytest.mark.unit

D = Decimal


def read(folder: Path, name: str) -> tuple[list[object], list[str]]:
    """The rows of a file and the messages of its problems."""
    with open_bundle(folder) as bundle:
        items = list(bundle.rows(name))
    rows = [item for item in items if not isinstance(item, RowProblem)]
    return rows, [item.message for item in items if isinstance(item, RowProblem)]


def test_rows_are_typed_and_know_their_lines(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "b")
    assert read(folder, "households") == (
        [HouseholdRow(2, "H1", "Whitfield Family"), HouseholdRow(3, "H2", "Castellano Family")],
        [],
    )
    assert read(folder, "accounts")[0] == [
        AccountRow(
            2, "A1", "H1", "71104471", "Joint brokerage", "JOINT_WITH_SURVIVORSHIP", "TAXABLE",
            "Cascade Custody", "USD", date(2012, 1, 3), "HIFO",
        ),
        AccountRow(
            3, "A2", "H2", "71105120", "Custody in euros", "INDIVIDUAL", "TAXABLE", None, "EUR", None, None
        ),
    ]  # fmt: skip
    securities = read(folder, "securities")[0]
    assert securities[0] == SecurityRow(
        2, "AAPL", "AAPL", "XNAS", "037833100", "US0378331005", "2046251", "BBG000B9XRY4", "Apple Inc.",
        "COMMON_STOCK", "EQUITY", None, "USD", D(1),
    )  # fmt: skip
    assert read(folder, "prices")[0][2] == PriceRow(
        4, "SPY", date(2021, 3, 31), None, None, None, D("396.33"), None
    )
    assert read(folder, "fx_rates")[0] == [FxRateRow(2, "EUR", "USD", date(2021, 3, 31), D("1.1725"))]
    assert read(folder, "transactions")[0][1] == TransactionRow(
        3, "T2", "A1", "BUY", date(2021, 1, 5), date(2021, 1, 7), "AAPL", D(100), D("131.01"), D("-13105.95"),
        D("4.95"), "USD", None, None, None, None,
    )  # fmt: skip


def test_empty_fees_are_zero_and_an_empty_multiplier_is_one(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "b")
    assert read(folder, "transactions")[0][0].fees == 0  # type: ignore[attr-defined]
    assert read(folder, "securities")[0][0].price_multiplier == 1  # type: ignore[attr-defined]


def test_a_zip_and_a_folder_are_the_same_bundle(tmp_path: Path) -> None:
    folder, archive = write_folder(tmp_path / "b"), write_zip(tmp_path / "b.zip", prefix="summit/")
    for name in FILES:
        assert read(folder, name) == read(archive, name)
    with open_bundle(folder) as one, open_bundle(archive) as other:
        assert one.header == other.header
        assert one.digest() == other.digest()
        assert one.size("prices") == other.size("prices") == len(SOUND["prices.csv"])


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    changed = replaced("prices.csv", ("396.33", "396.34"))
    with (
        open_bundle(write_folder(tmp_path / "a")) as one,
        open_bundle(write_folder(tmp_path / "b", changed)) as other,
    ):
        assert one.digest() != other.digest()


def test_a_byte_order_mark_blank_lines_and_crlf_are_tolerated(tmp_path: Path) -> None:
    content = "\ufeff" + SOUND["households.csv"].replace("\n", "\r\n") + "\r\n\r\n"
    folder = write_folder(tmp_path / "b", {"households.csv": content})
    assert [row.line for row in read(folder, "households")[0]] == [2, 3]  # type: ignore[attr-defined]


def test_columns_may_come_in_any_order_and_optional_ones_may_be_there(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "b",
        {
            "households.csv": "name,external_id\nWhitfield Family,H1\n",
            "securities.csv": (
                "expiry,security_key,symbol,exchange,cusip,isin,sedol,figi,name,security_type,asset_class,"
                "sub_asset_class,currency,price_multiplier,underlying_key,option_type,strike,contract_size\n"
                "2021-06-18,C130,,,,,,,AAPL call,OPTION,DERIVATIVE,,USD,100,AAPL,C,130,100\n"
            ),
        },
    )
    assert read(folder, "households") == ([HouseholdRow(2, "H1", "Whitfield Family")], [])
    rows, problems = read(folder, "securities")
    assert problems == []
    assert rows[0] == SecurityRow(
        2, "C130", None, None, None, None, None, None, "AAPL call", "OPTION", "DERIVATIVE", None, "USD",
        D(100), "AAPL", "CALL", D(130), date(2021, 6, 18), D(100),
    )  # fmt: skip


def test_a_file_that_is_not_there_has_no_rows(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "b", {"fx_rates.csv": None})
    with open_bundle(folder) as bundle:
        stream = bundle.rows("fx_rates")
        assert list(stream) == []
        assert (stream.rows_read, stream.bytes_read, stream.bytes_total) == (0, 0, 0)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("external_id", "households.csv line 1, name: expected the column, the header row does not have it"),
        (
            "external_id,name,age",
            'households.csv line 1 "age": unknown column; expected external_id, name, left_on',
        ),
        ("external_id,name,name", "households.csv line 1, name: expected the column once"),
        (
            "External_ID,name",
            'households.csv line 1 "External_ID": unknown column; expected external_id, name, left_on',
        ),
    ],
)
def test_the_header_row_is_checked(tmp_path: Path, header: str, message: str) -> None:
    rows, problems = read(write_folder(tmp_path / "b", {"households.csv": header + "\nH1,X\n"}), "households")
    assert rows == []
    assert problems[0] == message


def test_an_empty_file_has_no_header_row(tmp_path: Path) -> None:
    rows, problems = read(write_folder(tmp_path / "b", {"households.csv": ""}), "households")
    assert (rows, problems) == ([], ["households.csv line 1: expected a header row, the file has none"])


def test_a_refused_row_tells_every_reason_at_once(tmp_path: Path) -> None:
    bad = "T9,,BUYS,2021-02-30,,AAPL,1,1,abc,-1,usd,,,,"
    rows, problems = read(write_folder(tmp_path / "b", with_transactions(bad)), "transactions")
    assert len(rows) == 5
    assert problems == [
        "transactions.csv line 7, account_external_id is empty: expected a key of 1 to 100 characters",
        'transactions.csv line 7, type "BUYS": expected one of DEPOSIT, WITHDRAWAL, TRANSFER_IN, '
        "TRANSFER_OUT, BUY, SELL, SHORT, COVER, DIVIDEND, REINVEST, INTEREST, ADVISORY_FEE, EXPENSE, TAX, "
        "RETURN_OF_CAPITAL, JOURNAL, EXERCISE, ASSIGNMENT, EXPIRATION, SPLIT, "
        "STOCK_DIVIDEND, SPIN_OFF, MERGER, SYMBOL_CHANGE, CASH_IN_LIEU",
        'transactions.csv line 7, trade_date "2021-02-30": expected a date that exists, as YYYY-MM-DD',
        'transactions.csv line 7, amount "abc": expected a decimal such as -1234.56: digits with a point, '
        "at most 18 before and 10 after it, no exponent, no thousands separator",
        'transactions.csv line 7, fees "-1": expected a decimal of 0 or more',
        'transactions.csv line 7, currency "usd": expected an ISO 4217 currency code such as USD',
    ]


def test_a_rule_of_the_row_names_column_and_value(tmp_path: Path) -> None:
    bad = "T9,A1,SELL,2021-03-01,2021-02-01,AAPL,-5,1,10,0,USD,,,,"
    _rows, problems = read(write_folder(tmp_path / "b", with_transactions(bad)), "transactions")
    assert problems == [
        'transactions.csv line 7, quantity "-5": SELL: expected a quantity greater than 0',
        'transactions.csv line 7, settlement_date "2021-02-01": expected the trade date 2021-03-01 or later',
    ]


def test_a_row_of_the_wrong_width_is_refused_alone(tmp_path: Path) -> None:
    content = "external_id,name\nH1,A\nH2\nH3,B,C\nH4,D\n"
    rows, problems = read(write_folder(tmp_path / "b", {"households.csv": content}), "households")
    assert [row.line for row in rows] == [2, 5]  # type: ignore[attr-defined]
    assert problems == [
        "households.csv line 3: expected 2 cells, found 1",
        "households.csv line 4: expected 2 cells, found 3",
    ]


def test_quotes_commas_and_breaks_inside_quotes_are_text(tmp_path: Path) -> None:
    row = 'T9,A1,DEPOSIT,2021-03-01,,,,,10,0,USD,,,,"Cheque, ""the second""\nof two"'
    rows, problems = read(
        write_folder(tmp_path / "b", with_transactions(row, row.replace("T9", "T10"))), "transactions"
    )
    assert problems == []
    assert rows[-2].description == 'Cheque, "the second"\nof two'  # type: ignore[attr-defined]
    assert [r.line for r in rows[-2:]] == [7, 9]  # type: ignore[attr-defined]


def test_wrong_quotes_are_refused_and_reading_goes_on(tmp_path: Path) -> None:
    content = 'external_id,name\nH1,"A"b\nH2,C\n'
    rows, problems = read(write_folder(tmp_path / "b", {"households.csv": content}), "households")
    assert [row.external_id for row in rows] == ["H2"]  # type: ignore[attr-defined]
    assert problems == ["households.csv line 2: expected a CSV record (',' expected after '\"')"]


def test_bytes_that_are_not_utf8_are_found_in_their_cell(tmp_path: Path) -> None:
    content = "external_id,name\nH1,Müller\n".encode("latin-1")
    rows, problems = read(write_folder(tmp_path / "b", {"households.csv": content}), "households")
    assert rows == []
    assert problems == ['households.csv line 2, name "M\\udcfcller": expected UTF-8']


def test_an_endless_line_and_an_endless_record_stop_the_file(tmp_path: Path) -> None:
    endless = "external_id,name\nH1,A\nH2," + "x" * (LINE_LENGTH_MAX + 10) + "\nH3,B\n"
    rows, problems = read(write_folder(tmp_path / "a", {"households.csv": endless}), "households")
    assert [row.external_id for row in rows] == ["H1"]  # type: ignore[attr-defined]
    assert problems == [
        f"households.csv line 3: expected lines of less than {LINE_LENGTH_MAX} characters; "
        "the rest was not read"
    ]
    open_quote = 'external_id,name\nH1,"A\n' + "x\n" * (RECORD_LINES_MAX + 10)
    rows, problems = read(write_folder(tmp_path / "b", {"households.csv": open_quote}), "households")
    assert rows == []
    assert problems == [
        f"households.csv line 2: expected a record of at most {RECORD_LINES_MAX} lines "
        "(a quote is not closed?); the rest was not read"
    ]


def test_more_rows_than_the_limit_stop_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bundle_format.FILES, "households", replace(bundle_format.HOUSEHOLDS, rows_max=1))
    rows, problems = read(write_folder(tmp_path / "b"), "households")
    assert len(rows) == 1
    assert problems == ["households.csv line 3: expected at most 1 rows; the rest was not read"]


def test_a_damaged_member_is_reported_where_it_breaks(tmp_path: Path) -> None:
    rows = "".join(f"T{n},A1,DEPOSIT,2021-03-01,,,,,{n}.37,0,USD,,,,x{n * 7919}\n" for n in range(6, 30_000))
    path = write_zip(tmp_path / "b.zip", {"transactions.csv": f"{TRANSACTION_COLUMNS}\n{rows}"})
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("transactions.csv")
    raw = bytearray(path.read_bytes())
    middle = info.header_offset + info.compress_size // 2
    raw[middle : middle + 400] = bytes(400)
    path.write_bytes(raw)
    read_rows, problems = read(path, "transactions")
    assert 0 < len(read_rows) < 30_000
    assert "cannot be read further" in problems[-1]
    assert problems[-1].endswith("the rest was not read")


def test_progress_can_be_followed(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "b")
    with open_bundle(folder) as bundle:
        stream = bundle.rows("transactions")
        assert stream.bytes_total == len(SOUND["transactions.csv"])
        items = list(stream)
        assert stream.rows_read == len(items) == 5
        assert stream.bytes_read == stream.bytes_total
