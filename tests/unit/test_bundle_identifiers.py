"""Check digits against identifiers that are public."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.bundle import identifiers as ids

pytestmark = pytest.mark.unit

# Published by the issuers: Apple, Alphabet C and A, Facebook, IBM, Bank of America, AIG, Waste Management,
# SPDR S&P 500, iShares Russell 2000 and MSCI Emerging Markets, Invesco QQQ, US Oil (before and after its
# reverse split), US Brent Oil, Microsoft.
# fmt: off
CUSIPS = (
    "037833100", "02079K107", "02079K305", "30303M102", "459200101", "060505104", "026874784",
    "94106L109", "78462F103", "464287655", "464287234", "46090E103", "91232N108", "91232N207",
    "91167Q100", "594918104",
)
# fmt: on
# Apple, BAE Systems, the two worked examples of ISO 6166 (Treasury Corporation of Victoria, Amerisource).
ISINS = ["US0378331005", "GB0002634946", "AU0000XVGZA3", "US0004026250"]
SEDOLS = ["2046251", "0263494", "B0YBKJ7", "0540528", "2588173"]
FIGIS = ["BBG000B9XRY4", "BBG000BLNNH6", "BBG000BVPV84", "BBG000BDTBL9"]


@pytest.mark.parametrize("text", CUSIPS)
def test_published_cusips_hold(text: str) -> None:
    assert ids.is_cusip(text)


@pytest.mark.parametrize("text", ISINS)
def test_published_isins_hold(text: str) -> None:
    assert ids.is_isin(text)


@pytest.mark.parametrize("text", SEDOLS)
def test_published_sedols_hold(text: str) -> None:
    assert ids.is_sedol(text)


@pytest.mark.parametrize("text", FIGIS)
def test_published_figis_hold(text: str) -> None:
    assert ids.is_figi(text)


def test_check_digits_worked_by_hand() -> None:
    # CUSIP 03783310?: 0, 3x2=6, 7, 8x2=16 -> 1+6=7, 3, 3x2=6, 1, 0x2=0; sum 30; (10 - 0) % 10 = 0.
    assert ids.cusip_check_digit("03783310") == 0
    # SEDOL 026349?: 0x1 + 2x3 + 6x1 + 3x7 + 4x3 + 9x9 = 126; (10 - 6) = 4.
    assert ids.sedol_check_digit("026349") == 4
    # ISIN US037833100?: U=30, S=28 -> 30280378331005 without its last digit, Luhn gives 5.
    assert ids.isin_check_digit("US037833100") == 5


@pytest.mark.parametrize(
    ("holds", "text"),
    [
        (ids.is_cusip, "037833101"),
        (ids.is_cusip, "03783310"),
        (ids.is_cusip, "0378331000"),
        (ids.is_cusip, "037833l00"),
        (ids.is_isin, "US0378331006"),
        (ids.is_isin, "us0378331005"),
        (ids.is_isin, "US037833100５"),
        (ids.is_sedol, "2046252"),
        (ids.is_sedol, "A046251"),
        (ids.is_figi, "BBG000B9XRY5"),
        (ids.is_figi, "BBA000B9XRY4"),
        (ids.is_figi, "GBG000B9XRY4"),
        (ids.is_cusip, ""),
        (ids.is_isin, ""),
        (ids.is_sedol, ""),
        (ids.is_figi, ""),
    ],
)
def test_wrong_ones_do_not_hold(holds: object, text: str) -> None:
    assert holds(text) is False  # type: ignore[operator]


@given(st.sampled_from(CUSIPS), st.integers(0, 8), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_cusip_is_always_found(text: str, place: int, digit: str) -> None:
    if text[place].isdigit() and text[place] != digit:
        assert not ids.is_cusip(text[:place] + digit + text[place + 1 :])


@given(st.sampled_from(ISINS), st.integers(2, 11), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_an_isin_is_always_found(text: str, place: int, digit: str) -> None:
    if text[place].isdigit() and text[place] != digit:
        assert not ids.is_isin(text[:place] + digit + text[place + 1 :])
