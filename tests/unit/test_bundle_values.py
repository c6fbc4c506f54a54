"""Cells: what is read, and the sentence for what is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from wealthnexus.domain.bundle import terms, values
from wealthnexus.domain.bundle.values import CellRefused
from wealthnexus.kit.money import minor_units

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", Decimal(0)),
        ("-0.00", Decimal(0)),
        ("12.50", Decimal("12.50")),
        ("-1234.56", Decimal("-1234.56")),
        ("007", Decimal(7)),
        ("999999999999999999.9999999999", Decimal("999999999999999999.9999999999")),
        ("0.0000000001", Decimal("1E-10")),
    ],
)
def test_decimals_are_exact(cell: str, value: Decimal) -> None:
    read = values.decimal(cell)
    assert read == value
    assert not read.is_signed() or read < 0


@pytest.mark.parametrize(
    "cell",
    [
        "NaN", "Infinity", "-inf", "1e3", "1E-2", "1,000.00", "1.000,00", "1_000", "+5", ".5",
        "5.", "--1", "0x10", "1 000", " 1", "1 ", "", "1234567890123456789", "0.12345678901",
        "１２", "12.3.4", "$5", "(5.00)", "5-",
    ],
)  # fmt: skip
def test_other_numbers_are_refused(cell: str) -> None:
    with pytest.raises(CellRefused, match=r"^expected a decimal such as -1234\.56"):
        values.decimal(cell)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("2021-02-29", "expected a date that exists, as YYYY-MM-DD"),
        ("2021-13-01", "expected a date that exists, as YYYY-MM-DD"),
        ("20210331", "expected a date as YYYY-MM-DD"),
        ("2021-W01-1", "expected a date as YYYY-MM-DD"),
        ("31/03/2021", "expected a date as YYYY-MM-DD"),
        ("2021-03-31T00:00:00", "expected a date as YYYY-MM-DD"),
        ("２０２１-03-31", "expected a date as YYYY-MM-DD"),
        ("", "expected a date as YYYY-MM-DD"),
        ("1899-12-31", "expected a date from 1900-01-01 to 2200-12-31"),
        ("0001-01-01", "expected a date from 1900-01-01 to 2200-12-31"),
    ],
)
def test_other_dates_are_refused(cell: str, message: str) -> None:
    with pytest.raises(CellRefused) as refused:
        values.iso_date(cell)
    assert str(refused.value) == message


def test_leap_days_are_dates() -> None:
    assert values.iso_date("2020-02-29") == date(2020, 2, 29)


@pytest.mark.parametrize("cell", ["", " A1", "A1 ", "A\n1", "A\u0000", "A" * 101, "A\udc80"])
def test_keys_are_printable_and_trimmed(cell: str) -> None:
    with pytest.raises(CellRefused, match=r"^expected a key"):
        values.key(cell)


def test_keys_keep_case_and_letters_of_any_language() -> None:
    assert values.key("Übertrag-7 a") == "Übertrag-7 a"
    assert values.key("A" * 100) == "A" * 100


def test_text_may_hold_what_people_write() -> None:
    read = values.text(20)
    assert read("Müller & Söhne\u00a0KG") == "Müller & Söhne\u00a0KG"
    with pytest.raises(CellRefused, match=r"found U\+0000"):
        read("a\u0000b")
    with pytest.raises(CellRefused, match="expected UTF-8"):
        read("a\udcff")
    with pytest.raises(CellRefused, match="expected at most 20 characters, this one has 21"):
        read("x" * 21)
    with pytest.raises(CellRefused, match="expected a text of 1 to 20 characters"):
        read("   ")
    with pytest.raises(CellRefused, match=r"found U\+000A"):
        read("two\nlines")
    assert values.text(20, line_breaks=True)("two\nlines") == "two\nlines"


@pytest.mark.parametrize("cell", ["usd", "US", "", "XXX", "XTS", "XAU", "ABC", "$", "USDD"])
def test_other_currencies_are_refused(cell: str) -> None:
    with pytest.raises(CellRefused, match="expected an ISO 4217 currency code such as USD"):
        values.currency(cell)


@pytest.mark.parametrize(("code", "decimals"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("EUR", 2), ("GBP", 2)])
def test_currencies_have_their_minor_units(code: str, decimals: int) -> None:
    assert values.currency(code) == code
    assert minor_units(code) == get_currency_precision(code) == decimals


@pytest.mark.parametrize(
    ("column", "allowed", "cell", "code"),
    [
        ("account_type", terms.ACCOUNT_TYPES, "Traditional IRA", "TRADITIONAL_IRA"),
        ("account_type", terms.ACCOUNT_TYPES, "JTWROS", "JOINT_WITH_SURVIVORSHIP"),
        ("account_type", terms.ACCOUNT_TYPES, "529 plan", "PLAN_529"),
        ("tax_status", terms.TAX_STATUSES, "tax-deferred", "TAX_DEFERRED"),
        ("lot_method", terms.LOT_METHODS, "fifo", "FIFO"),
        ("security_type", terms.SECURITY_TYPES, "stock", "COMMON_STOCK"),
        ("asset_class", terms.ASSET_CLASSES, "Fixed Income", "FIXED_INCOME"),
        ("option_type", terms.OPTION_TYPES, "P", "PUT"),
        ("day_count", terms.DAY_COUNTS, "30/360", "30/360"),
    ],
)
def test_terms_are_read_by_their_sense(column: str, allowed: dict[str, str], cell: str, code: str) -> None:
    assert values.one_of(column, allowed)(cell) == code


def test_unknown_terms_are_refused_with_the_list() -> None:
    with pytest.raises(CellRefused) as refused:
        values.one_of("tax_status", terms.TAX_STATUSES)("maybe")
    assert str(refused.value) == "expected one of TAXABLE, TAX_DEFERRED, TAX_FREE, TAX_EXEMPT"


def test_every_alias_leads_to_a_term() -> None:
    lists = {
        "account_type": terms.ACCOUNT_TYPES,
        "tax_status": terms.TAX_STATUSES,
        "lot_method": terms.LOT_METHODS,
        "security_type": terms.SECURITY_TYPES,
        "asset_class": terms.ASSET_CLASSES,
        "option_type": terms.OPTION_TYPES,
        "day_count": terms.DAY_COUNTS,
    }
    wrong = [
        (column, alias)
        for column, aliases in terms.ALIASES.items()
        for alias, code in aliases.items()
        if code not in lists[column] or alias in lists[column]
    ]
    assert wrong == []


def test_remembered_cells_stay_within_their_limit() -> None:
    memory = values.Remembering(values.key)
    for number in range(values.REMEMBERED_CELLS_MAX + 10):
        assert memory[f"K{number}"] == f"K{number}"
    assert len(memory) <= values.REMEMBERED_CELLS_MAX
