"""Dates and numbers as others write them; what is none of the form stays as it was sent."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.drafts.formats import converter_of, iso_date, mended, plain_number
from wealthnexus.domain.feeds.drafts.mapping import FileMapping, mapped_records

TODAY = date(2021, 3, 31)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("3/31/2021", "MONTH_FIRST", "2021-03-31"),
        (" 03-31-2021 ", "MONTH_FIRST", "2021-03-31"),
        ("31.03.2021", "DAY_FIRST", "2021-03-31"),
        ("1.2.21", "DAY_FIRST", "2021-02-01"),
        ("1/2/49", "MONTH_FIRST", "2049-01-02"),
        ("1/2/50", "MONTH_FIRST", "1950-01-02"),
        ("20210331", "COMPACT", "2021-03-31"),
        ("31/03/2021", "MONTH_FIRST", "31/03/2021"),
        ("30.02.2021", "DAY_FIRST", "30.02.2021"),
        ("2021-03-31", "DAY_FIRST", "2021-03-31"),
        ("20211331", "COMPACT", "20211331"),
        ("3/31/2021", "ISO", "3/31/2021"),
        ("soon", "DAY_FIRST", "soon"),
        ("", "COMPACT", ""),
    ],
)
def test_dates(text: str, form: str, expected: str) -> None:
    assert iso_date(text, form) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("1,234.50", "POINT", "1234.50"),
        ("1 234.50", "POINT", "1234.50"),
        ("1'234'567", "POINT", "1234567"),
        ("$1,234.50", "POINT", "1234.50"),
        ("-$ 1,234.50", "POINT", "-1234.50"),
        ("(1,234.50)", "POINT", "-1234.50"),
        ("($12)", "POINT", "-12"),
        ("12.5-", "POINT", "-12.5"),
        ("+7", "POINT", "7"),
        (".5", "POINT", ".5"),
        ("1.234,50", "COMMA", "1234.50"),
        ("1 234,50 \u20ac", "COMMA", "1234.50"),
        ("1\u00a0234", "COMMA", "1234"),
        ("1\u202f234,5", "COMMA", "1234.5"),
        ("1.234", "COMMA", "1234"),
        ("-0,5", "COMMA", "-0.5"),
        # No number of the form, or two signs: the check is to name what was sent.
        ("1,23", "POINT", "1,23"),
        ("1 5", "POINT", "1 5"),
        ("12 34.5", "POINT", "12 34.5"),
        ("(-5)", "POINT", "(-5)"),
        ("-5-", "POINT", "-5-"),
        ("(+5)", "COMMA", "(+5)"),
        ("1.23.456", "COMMA", "1.23.456"),
        ("n/a", "POINT", "n/a"),
        ("", "POINT", ""),
    ],
)
def test_numbers(text: str, form: str, expected: str) -> None:
    assert plain_number(text, form) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_in_groups_is_the_number(number: Decimal) -> None:
    grouped = f"{number:,f}"
    assert Decimal(plain_number(grouped, "POINT")) == number
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    assert Decimal(plain_number(swapped, "COMMA")) == number


def test_only_cells_of_dates_and_numbers_are_read() -> None:
    assert converter_of("transactions", "description", "DAY_FIRST", "COMMA", TODAY) is None
    assert converter_of("transactions", "trade_date", "ISO", "COMMA", TODAY) is None
    day = converter_of("transactions", "trade_date", "DAY_FIRST", "POINT", TODAY)
    amount = converter_of("transactions", "amount", "ISO", "COMMA", TODAY)
    assert day is not None
    assert amount is not None
    assert (day("31.03.2021"), amount("1.234,50"), amount("")) == ("2021-03-31", "1234.50", "")


@pytest.mark.parametrize(
    ("file", "column", "text", "expected"),
    [
        ("securities", "maturity", "3/31/52", "2052-03-31"),
        ("securities", "maturity", "3/31/89", "2089-03-31"),
        ("securities", "maturity", "3/31/97", "1997-03-31"),
        ("securities", "expiry", "1/21/50", "2050-01-21"),
        ("liabilities", "matures_on", "6/1/51", "2051-06-01"),
        ("liabilities", "opened_on", "6/1/98", "1998-06-01"),
        ("accounts", "custodianship_ends_on", "6/1/50", "2050-06-01"),
        ("clients", "birth_date", "3/31/21", "2021-03-31"),
        ("clients", "birth_date", "4/1/22", "1922-04-01"),
        ("clients", "birth_date", "4/1/52", "1952-04-01"),
        ("clients", "kyc_refresh_due", "4/1/22", "2022-04-01"),
        ("transactions", "trade_date", "4/1/49", "2049-04-01"),
        ("transactions", "trade_date", "4/1/99", "1999-04-01"),
        ("securities", "maturity", "3/31/1952", "1952-03-31"),
    ],
)
def test_a_year_of_two_digits_is_read_by_its_column(file: str, column: str, text: str, expected: str) -> None:
    convert = converter_of(file, column, "MONTH_FIRST", "POINT", TODAY)
    assert convert is not None
    assert convert(text) == expected


@pytest.mark.parametrize(
    ("column", "dates", "numbers", "edit", "expected"),
    [
        ("trade_date", "MONTH_FIRST", "POINT", "3/30/1999", "1999-03-30"),
        ("trade_date", "DAY_FIRST", "POINT", "30.03.1999", "1999-03-30"),
        ("trade_date", "MONTH_FIRST", "POINT", "1999-03-30", "1999-03-30"),
        ("trade_date", "MONTH_FIRST", "POINT", "30 March", "30 March"),
        ("amount", "ISO", "POINT", "$1,234.50", "1234.50"),
        ("amount", "ISO", "COMMA", "1.234,50", "1234.50"),
        ("quantity", "ISO", "COMMA", "1.234", "1.234"),
        ("description", "MONTH_FIRST", "COMMA", "3/30/1999", "3/30/1999"),
    ],
)
def test_what_is_written_over_a_cell_is_in_the_form_of_the_file_or_in_ours(
    column: str, dates: str, numbers: str, edit: str, expected: str
) -> None:
    assert mended(edit, converter_of("transactions", column, dates, numbers, TODAY)) == expected


def test_a_mended_cell_is_read_like_the_cells_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "theirs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("theirs.csv", "Day,Sum\n1/5/2021,a lot\nsoon,12\n")
    mapping = FileMapping("transactions", {"Day": "trade_date", "Sum": "amount"}, {}, "MONTH_FIRST", "POINT")
    edits = {
        ("transactions", 2, "amount"): "$1,250.00",
        ("transactions", 3, "trade_date"): "3/30/1999",
        ("transactions", 3, "settlement_date"): "4/1/1999",
    }
    columns = FILES["transactions"].column_names
    read = [
        dict(zip(columns, cells, strict=True))
        for _, cells in mapped_records(path, "theirs.csv", mapping, edits, TODAY)
    ]
    assert [(row["trade_date"], row["settlement_date"], row["amount"]) for row in read] == [
        ("2021-01-05", "", "1250.00"), ("1999-03-30", "1999-04-01", "12")
    ]  # fmt: skip
