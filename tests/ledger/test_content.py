"""The texts of a transaction's content: one text for a number, however it was written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.ledger.content import plain_number


@pytest.mark.parametrize(
    ("given_as", "text"),
    [
        ("0", "0"), ("-0.00", "0"), ("1.50", "1.5"), ("1.5", "1.5"), ("100", "100"), ("100.00", "100"),
        ("-1234.5600", "-1234.56"), ("0.0000000001", "0.0000000001"), ("-0.0000001000", "-0.0000001"),
        ("999999999999999999.9999999999", "999999999999999999.9999999999"), ("1E+3", "1000"),
    ],
)  # fmt: skip
def test_numbers_as_plain_text(given_as: str, text: str) -> None:
    assert plain_number(Decimal(given_as)) == text


def test_no_number_is_an_empty_text() -> None:
    assert plain_number(None) == ""


@given(st.integers(-(10**28) + 1, 10**28 - 1), st.integers(0, 10), st.integers(0, 5))
def test_a_number_has_one_text_and_comes_back_from_it(digits: int, places: int, zeros: int) -> None:
    number = Decimal(digits).scaleb(-places)
    longer = Decimal(
        format(number, "f") + ("." if places == 0 and zeros else "") + "0" * zeros * bool(places)
    )
    text = plain_number(number)
    assert Decimal(text) == number
    assert plain_number(longer) == text
    assert text == (format(number.normalize(), "f") if number else "0")
