"""From the text of a cell to a value: dates, decimals, keys, names, codes.

Every converter is a callable that returns the value or raises ``CellRefused`` with the expectation.
Columns whose cells repeat (accounts, dates, types, currencies) remember what they have seen: a look-up
costs a tenth of a conversion, and the memory is cleared when it grows past a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel import Locale

from wealthnexus.kit.money import is_currency

from .identifiers import is_cusip, is_figi, is_isin, is_lei, is_sedol
from .terms import canonical

Converter = Callable[[str], Any]

DATE_MIN: Final = date(1900, 1, 1)
DATE_MAX: Final = date(2200, 12, 31)
KEY_LENGTH_MAX: Final = 100
REFERENCE_LENGTH_MAX: Final = 302  # a source, a key and two brackets
REMEMBERED_CELLS_MAX: Final = 50_000

_DECIMAL: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,10})?").fullmatch
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_SHARE: Final = re.compile(r"[01](?:\.[0-9]{1,12})?").fullmatch
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+").fullmatch
_PHONE: Final = re.compile(r"\+?[0-9 ().x/-]{4,39}").fullmatch
_JURISDICTION: Final = re.compile(r"[A-Z]{2}(?:-[0-9A-Z]{1,3})?").fullmatch
# Babel also lists groupings, and codes for testing.
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})
_COUNTRIES: Final = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
)
_INTEGER: Final = re.compile(r"[0-9]{1,9}").fullmatch
_ZERO: Final = Decimal(0)
_RATE_LIMIT: Final = Decimal(10) ** 14
# Not currencies a balance can be kept in: no currency, test code, metals, units of account.
_NOT_CASH: Final = frozenset(
    {"XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XSU", "XUA"}
)

NUMBER_EXPECTED: Final = (
    "expected a decimal such as -1234.56: digits with a point, at most 18 before and 10 after it, "
    "no exponent, no thousands separator"
)


class CellRefused(ValueError):
    """The cell does not hold what its column needs; the message is the expectation."""


class Remembering(dict[str, Any]):
    """Converted cells by their text. ``remembering.__getitem__`` is the converter."""

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> Any:
        value = self._convert(cell)
        if len(self) >= REMEMBERED_CELLS_MAX:
            self.clear()
        self[cell] = value
        return value


def remembering(convert: Converter) -> Converter:
    """``convert`` with a bounded memory, for columns whose cells repeat."""
    return Remembering(convert).__getitem__


def optional(convert: Converter) -> Converter:
    """``convert``, an empty cell being null."""

    def converter(cell: str) -> Any:
        return convert(cell) if cell else None

    return converter


def defaulting(convert: Converter, value: Any) -> Converter:
    """``convert``, an empty cell being ``value``."""

    def converter(cell: str) -> Any:
        return convert(cell) if cell else value

    return converter


def decimal(cell: str) -> Decimal:
    """A NUMERIC(28,10): exact, never rounded; minus zero is zero."""
    if _DECIMAL(cell) is None:
        raise CellRefused(NUMBER_EXPECTED)
    return Decimal(cell) or _ZERO


def positive_decimal(cell: str) -> Decimal:
    """A decimal greater than zero."""
    value = decimal(cell)
    if not value or cell[0] == "-":
        raise CellRefused("expected a decimal greater than 0")
    return value


def exchange_rate(cell: str) -> Decimal:
    """A NUMERIC(28,14) greater than zero: four digits fewer before the point than other decimals."""
    value = positive_decimal(cell)
    if value >= _RATE_LIMIT:
        raise CellRefused("expected a rate of at most 14 digits before the point")
    return value


def non_negative_decimal(cell: str) -> Decimal:
    """A decimal of zero or more."""
    value = decimal(cell)
    if value and cell[0] == "-":
        raise CellRefused("expected a decimal of 0 or more")
    return value


def iso_date(cell: str) -> date:
    """``YYYY-MM-DD`` from 1900 to 2200."""
    if _DATE(cell) is None:
        raise CellRefused("expected a date as YYYY-MM-DD")
    try:
        value = date.fromisoformat(cell)
    except ValueError:
        raise CellRefused("expected a date that exists, as YYYY-MM-DD") from None
    if not DATE_MIN <= value <= DATE_MAX:
        raise CellRefused(f"expected a date from {DATE_MIN} to {DATE_MAX}")
    return value


def integer(minimum: int, maximum: int) -> Converter:
    """A whole number from ``minimum`` to ``maximum``."""

    def converter(cell: str) -> int:
        if _INTEGER(cell) is None or not minimum <= int(cell) <= maximum:
            raise CellRefused(f"expected a whole number from {minimum} to {maximum}")
        return int(cell)

    return converter


def key(cell: str) -> str:
    """An identifier of the sending system: 1 to 100 printable characters, no space at either end."""
    if not cell:
        raise CellRefused(f"expected a key of 1 to {KEY_LENGTH_MAX} characters")
    if len(cell) > KEY_LENGTH_MAX:
        raise CellRefused(f"expected a key of at most {KEY_LENGTH_MAX} characters, this one has {len(cell)}")
    if not cell.isprintable():
        raise CellRefused("expected a key of printable UTF-8 characters")
    if cell[0] == " " or cell[-1] == " ":
        raise CellRefused("expected a key without a space at either end")
    return cell


def own_key(cell: str) -> str:
    """The key of the row itself; ``[`` begins a reference to another source and is no part of a key."""
    if cell[:1] == "[":
        raise CellRefused("expected a key that does not begin with [")
    return key(cell)


def reference(cell: str) -> str:
    """A key of this source, or ``[source]key`` of what another source gave."""
    if cell[:1] != "[":
        return key(cell)
    if len(cell) > REFERENCE_LENGTH_MAX or "]" not in cell[2:-1] or not cell.isprintable():
        raise CellRefused("expected a key, or [source]key of what another source gave")
    return cell


def text(length_max: int, *, line_breaks: bool = False) -> Converter:
    """Free text of 1 to ``length_max`` characters, without control characters, in UTF-8."""

    def converter(cell: str) -> str:
        if not cell or cell.isspace():
            raise CellRefused(f"expected a text of 1 to {length_max} characters")
        if len(cell) > length_max:
            raise CellRefused(f"expected at most {length_max} characters, this one has {len(cell)}")
        if not cell.isprintable():
            _refuse_unprintable(cell, line_breaks=line_breaks)
        return cell

    return converter


def _refuse_unprintable(cell: str, *, line_breaks: bool) -> None:
    """``str.isprintable`` also refuses spaces that text may hold (U+00A0), so look at each character."""
    for character in cell:
        code = ord(character)
        if 0xD800 <= code <= 0xDFFF:
            raise CellRefused("expected UTF-8")
        if code < 0x20 or 0x7F <= code <= 0x9F:
            if line_breaks and character in "\n\r\t":
                continue
            raise CellRefused(f"expected text without control characters (found U+{code:04X})")


def currency(cell: str) -> str:
    """An ISO 4217 alphabetic code that cash can be kept in."""
    if not is_currency(cell) or cell in _NOT_CASH:
        raise CellRefused("expected an ISO 4217 currency code such as USD")
    return cell


def one_of(column: str, terms: dict[str, str]) -> Converter:
    """A code of a closed list; case, spaces and hyphens do not matter."""
    listed = ", ".join(terms)

    def converter(cell: str) -> str:
        code = canonical(column, terms, cell)
        if code is None:
            raise CellRefused(f"expected one of {listed}")
        return code

    return converter


def exactly_one_of(terms: tuple[str, ...]) -> Converter:
    """A code of a closed list, written exactly."""
    allowed = {term: term for term in terms}
    listed = ", ".join(terms)

    def converter(cell: str) -> str:
        if cell not in allowed:
            raise CellRefused(f"expected one of {listed}")
        return allowed[cell]

    return converter


def boolean(cell: str) -> bool:
    """``TRUE`` or ``FALSE``; case does not matter."""
    word = cell.upper()
    if word not in ("TRUE", "FALSE"):
        raise CellRefused("expected TRUE or FALSE")
    return word == "TRUE"


def share(cell: str) -> Decimal:
    """A part of a whole: above 0, at most 1, at most 12 decimal places."""
    value = Decimal(cell) if _SHARE(cell) is not None else None
    if value is None or not 0 < value <= 1:
        raise CellRefused("expected a share above 0 and at most 1 such as 0.5, at most 12 decimal places")
    return value


def country(cell: str) -> str:
    """A country as ISO 3166-1 alpha-2 writes it."""
    if cell not in _COUNTRIES:
        raise CellRefused("expected an ISO 3166-1 country code of two letters such as US")
    return cell


def jurisdiction(cell: str) -> str:
    """A country, or a part of it as ISO 3166-2 writes it."""
    if _JURISDICTION(cell) is None or cell[:2] not in _COUNTRIES:
        raise CellRefused("expected a country or a part of it such as US or US-DE")
    return cell


def email(cell: str) -> str:
    """One address."""
    if len(cell) > 254 or _EMAIL(cell) is None:
        raise CellRefused("expected an e-mail address such as name@example.com")
    return cell


def phone(cell: str) -> str:
    """A telephone number as people write it."""
    if _PHONE(cell) is None or sum(character.isdigit() for character in cell) < 4:
        raise CellRefused("expected a telephone number such as +1 555 010 0199, at most 40 characters")
    return cell


def last_four(cell: str) -> str:
    """What a report shows of a number: its last four characters."""
    return cell if len(cell) <= 4 else "…" + cell[-4:]


def year_alone(cell: str) -> str:
    """What a report shows of a birth date: its year."""
    return cell if len(cell) <= 4 else cell[:4] + "…"


def _checked(name: str, shape: str, holds: Callable[[str], bool]) -> Converter:
    def converter(cell: str) -> str:
        if not holds(cell):
            raise CellRefused(f"expected {name} ({shape}) whose check digit holds")
        return cell

    return converter


cusip = _checked("a CUSIP", "9 characters", is_cusip)
isin = _checked("an ISIN", "12 characters", is_isin)
sedol = _checked("a SEDOL", "7 characters", is_sedol)
figi = _checked("a FIGI", "12 characters, the third is G", is_figi)
lei = _checked("an LEI", "20 characters", is_lei)
