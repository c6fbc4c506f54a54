"""Check digits and notations against identifiers that are public."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.bundle import identifiers as bundle_identifiers
from wealthnexus.domain.markets.rules import identifiers as ids

pytestmark = pytest.mark.unit
TRUTHS = Path(__file__).parent.parent / "truths" / "identifiers"

# Published by GLEIF: Bloomberg Finance, Apple, Goldman Sachs, Morgan Stanley, Tesla, Microsoft, JPMorgan
# Chase, Citigroup's holding company in Frankfurt's list, Berkshire Hathaway's.
LEIS = [
    "5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394", "W22LROWP2IHZNBB6K528", "7LTWFZYICNSX8D621K86",
    "54930084UKLVMY22DS16", "INR2EJN1ERAN0W5ZP974", "8I5DZWZKVSZI1NUHU748", "784F5XWPLTWKTBV3E584",
]  # fmt: skip


def listed(name: str) -> list[dict[str, str]]:
    with gzip.open(TRUTHS / name, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("text", LEIS)
def test_published_leis_hold(text: str) -> None:
    assert ids.is_lei(text)
    assert ids.fault_of("LEI", text) is None


@given(st.sampled_from(LEIS), st.integers(0, 19), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_wrong_character_in_an_lei_is_always_found(text: str, place: int, character: str) -> None:
    # Of its own kind: a letter for a digit makes the number longer, and the formula promises nothing.
    if text[place] != character and text[place].isdigit() == character.isdigit():
        assert not ids.is_lei(text[:place] + character + text[place + 1 :])


@pytest.mark.parametrize(
    ("scheme", "value", "kind", "expected"),
    [
        ("CUSIP", "037833101", "check_digit", "037833100"),
        ("ISIN", "US0378331006", "check_digit", "US0378331005"),
        ("SEDOL", "0263495", "check_digit", "0263494"),
        ("FIGI", "BBG000B9XRY5", "check_digit", "BBG000B9XRY4"),
        ("LEI", "HWUPKR0MPOU8FGXBT395", "check_digit", "HWUPKR0MPOU8FGXBT394"),
        ("CUSIP", "03783310", "form", "9 letters and digits, the last a digit"),
        ("FIGI", "GBG000B9XRY4", "form", "12 characters, the third of them G"),
        ("SYMBOL", "", "form", "1 to 60 printable characters"),
        ("CUSTODIAN", "x" * 61, "form", "1 to 60 printable characters"),
    ],
)
def test_a_fault_says_what_would_be_right(scheme: str, value: str, kind: str, expected: str) -> None:
    fault = ids.fault_of(scheme, value)
    assert fault is not None
    assert (fault.kind, fault.expected) == (kind, expected)


def test_an_unknown_scheme_is_a_bug() -> None:
    with pytest.raises(ValueError, match="'WKN' is no scheme of identifiers, expected one of SYMBOL, CUSIP"):
        ids.fault_of("WKN", "865985")


def test_every_us_listing_is_the_same_symbol_in_three_notations() -> None:
    rows = listed("other_listed.csv.gz")
    assert len(rows) == 7543
    wrong = [
        row
        for row in rows
        if ids.canonical_symbol(row["CQS Symbol"]) != row["CQS Symbol"]
        or ids.canonical_symbol(row["NASDAQ Symbol"]) != row["CQS Symbol"]
        or ("$" in row["ACT Symbol"] and ids.canonical_symbol(row["ACT Symbol"]) != row["CQS Symbol"])
    ]
    assert wrong == []
    written = sum(len({row["CQS Symbol"], row["NASDAQ Symbol"], row["ACT Symbol"]}) > 1 for row in rows)
    assert written == 515
    # Two listings never become one.
    assert len({ids.canonical_symbol(row["NASDAQ Symbol"]) for row in rows}) == len(rows)


def test_every_listing_of_both_lists_is_a_sound_symbol_and_never_another_scheme() -> None:
    symbols = [row["Symbol"] for row in listed("nasdaq_listed.csv.gz") if row["Security Name"]]
    symbols += [row["CQS Symbol"] for row in listed("other_listed.csv.gz")]
    assert len(symbols) > 13_000
    assert [s for s in symbols if ids.fault_of("SYMBOL", s) is not None] == []
    assert {ids.schemes_of(symbol) for symbol in symbols} == {
        (("SYMBOL", symbol), ("CUSTODIAN", symbol)) for symbol in symbols
    }


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("goog", "GOOG"),
        (" BRK/B ", "BRK.B"),
        ("BRK B", "BRK.B"),
        ("abr$d", "ABRpD"),
        ("ABRpD", "ABRpD"),
        ("NE+A", "NE.WS.A"),
        ("AAC=", "AAC.U"),
        ("AIIA^", "AIIAr"),
        ("GFR^#", "GFRrw"),
        ("SAP", "SAP"),
    ],
)
def test_notations_worked_by_hand(given: str, canonical: str) -> None:
    assert ids.canonical_symbol(given) == canonical
    assert ids.symbol_notations(given)[0] == canonical


def test_a_class_of_shares_is_looked_for_with_every_sign() -> None:
    assert ids.symbol_notations("BRK.B") == ("BRK.B", "BRK/B", "BRK-B", "BRK B")
    assert {"BRKpB", "BRK-B", "BRK.B", "BRK/B"} <= set(ids.symbol_notations("BRK-B"))


def test_national_numbers_stand_inside_isins() -> None:
    assert ids.equivalents("CUSIP", "037833100")[1] == ("ISIN", "US0378331005")
    assert ids.equivalents("ISIN", "US0378331005") == (
        ("ISIN", "US0378331005"), ("CUSIP", "037833100"),
    )  # fmt: skip
    assert ids.equivalents("SEDOL", "0263494") == (("SEDOL", "0263494"), ("ISIN", "GB0002634946"))
    assert ids.equivalents("ISIN", "GB0002634946")[1] == ("SEDOL", "0263494")
    assert ids.equivalents("ISIN", "AU0000XVGZA3") == (("ISIN", "AU0000XVGZA3"),)


def test_what_somebody_typed_is_tried_in_every_scheme_that_holds() -> None:
    assert ids.schemes_of("us 0378331005")[0] == ("ISIN", "US0378331005")
    assert ids.schemes_of("037833100")[0] == ("CUSIP", "037833100")
    assert ids.schemes_of("037833101")[0] == ("SYMBOL", "037833101")


def test_the_bundle_judges_by_the_same_rules() -> None:
    assert bundle_identifiers.is_lei is ids.is_lei
    assert bundle_identifiers.fault_of is ids.fault_of
