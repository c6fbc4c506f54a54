"""Check digits of the identifiers a security may carry.

CUSIP: ANSI X9.6, modulus 10 double-add-double over 9 characters. ISIN: ISO 6166, the Luhn formula over
the expanded digits. SEDOL: weights 1 3 1 7 3 9 1, no vowels. FIGI: ANSI X9.145, Luhn over 12 characters,
no vowels, third character G.
"""

from __future__ import annotations

import re
from typing import Final

_CUSIP: Final = re.compile(r"[0-9A-Z*@#]{8}[0-9]")
_ISIN: Final = re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]")
_SEDOL: Final = re.compile(r"[0-9B-DF-HJ-NP-TV-Z]{6}[0-9]")
_FIGI: Final = re.compile(r"[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}[0-9]")
# FIGI leaves out prefixes that would look like the country of an ISIN.
_FIGI_REFUSED_PREFIXES: Final = frozenset({"BS", "BM", "GG", "GB", "GH", "KY", "VG"})
_SEDOL_WEIGHTS: Final = (1, 3, 1, 7, 3, 9)


def _value(character: str) -> int:
    """0-9 for digits, 10-35 for A-Z, then * @ # as 36, 37, 38 (the CUSIP alphabet)."""
    if character.isdigit():
        return int(character)
    if "A" <= character <= "Z":
        return ord(character) - ord("A") + 10
    return 36 + "*@#".index(character)


def _double_add_double(body: str) -> int:
    """Check digit of CUSIP and FIGI: every second value doubled, the digits of each result added."""
    total = 0
    for position, character in enumerate(body):
        value = _value(character) * (2 if position % 2 else 1)
        total += value // 10 + value % 10
    return -total % 10


def cusip_check_digit(first_eight: str) -> int:
    """The ninth character of a CUSIP from its first eight."""
    return _double_add_double(first_eight)


def figi_check_digit(first_eleven: str) -> int:
    """The twelfth character of a FIGI from its first eleven."""
    return _double_add_double(first_eleven)


def isin_check_digit(first_eleven: str) -> int:
    """The twelfth character of an ISIN from its first eleven (letters become two digits, then Luhn)."""
    digits = "".join(str(_value(character)) for character in first_eleven)
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if position % 2 else 2)
        total += value // 10 + value % 10
    return -total % 10


def sedol_check_digit(first_six: str) -> int:
    """The seventh character of a SEDOL from its first six."""
    total = sum(_value(c) * weight for c, weight in zip(first_six, _SEDOL_WEIGHTS, strict=True))
    return -total % 10


def is_cusip(text: str) -> bool:
    """Whether ``text`` is nine CUSIP characters whose check digit holds."""
    return _CUSIP.fullmatch(text) is not None and cusip_check_digit(text[:8]) == int(text[8])


def is_isin(text: str) -> bool:
    """Whether ``text`` is twelve ISIN characters whose check digit holds."""
    return _ISIN.fullmatch(text) is not None and isin_check_digit(text[:11]) == int(text[11])


def is_sedol(text: str) -> bool:
    """Whether ``text`` is seven SEDOL characters whose check digit holds."""
    return _SEDOL.fullmatch(text) is not None and sedol_check_digit(text[:6]) == int(text[6])


def is_figi(text: str) -> bool:
    """Whether ``text`` is twelve FIGI characters whose check digit holds."""
    return (
        _FIGI.fullmatch(text) is not None
        and text[:2] not in _FIGI_REFUSED_PREFIXES
        and figi_check_digit(text[:11]) == int(text[11])
    )
