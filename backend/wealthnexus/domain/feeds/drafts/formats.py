"""Dates and numbers as others write them, into the forms of the bundle. Pure; what does not fit stays as it
was, so that the check names the value that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, get_args, get_type_hints

from wealthnexus.domain.bundle.format import FILES

DATES: Final = ("ISO", "MONTH_FIRST", "DAY_FIRST", "COMPACT")
NUMBERS: Final = ("POINT", "COMMA")
_PARTS: Final = re.compile(r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_POINT: Final = re.compile(r"[+-]?\d{1,3}([, \u00a0\u202f']\d{3})+(\.\d+)?|[+-]?\d+(\.\d+)?|[+-]?\.\d+")
_COMMA: Final = re.compile(r"[+-]?\d{1,3}([. \u00a0\u202f']\d{3})+(,\d+)?|[+-]?\d+(,\d+)?|[+-]?,\d+")
_OURS: Final = re.compile(r"-?\d+\.\d+")
_SIGNS: Final = re.compile(r"\s*[$\u20ac\u00a3]\s*")
_BEFORE: Final = 50
_AHEAD: Final = frozenset(
    {
        "custodianship_ends_on",
        "effective_to",
        "expiry",
        "kyc_refresh_due",
        "matures_on",
        "maturity",
        "member_to",
    }
)
_AHEAD_BEFORE: Final = 90
_BEHIND: Final = frozenset({"birth_date", "ended_on", "formed_on"})


def last_year_meant(column: str, as_of: date) -> int:
    """The year up to which two digits are read in a column: 2021 makes 21 of 2021 and 22 of 1922.

    What ends lies ahead for decades (a bond may mature in 2052), who was born was born by ``as_of``, and
    everything else is of the years on both sides of the turn of the century.
    """
    if column in _BEHIND:
        return as_of.year
    return 1999 + (_AHEAD_BEFORE if column in _AHEAD else _BEFORE)


def iso_date(text: str, form: str, last_year: int = 1999 + _BEFORE) -> str:
    """``text`` as 2021-03-31, or as it is when it is no date of that form.

    Two digits are the latest year that ends so and is not after ``last_year``.
    """
    cell = text.strip()
    if form == "COMPACT":
        match = _COMPACT.fullmatch(cell)
        year, month, day = match.groups() if match else ("", "", "")
    elif form in ("MONTH_FIRST", "DAY_FIRST"):
        match = _PARTS.fullmatch(cell)
        first, second, year = match.groups() if match else ("", "", "")
        month, day = (first, second) if form == "MONTH_FIRST" else (second, first)
    else:
        return text
    if not match or len(month) > 2 or len(day) > 2:
        return text
    if len(year) == 2:
        year = str(last_year - (last_year - int(year)) % 100)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text


def plain_number(text: str, form: str) -> str:
    """``text`` as -1234.5: without groups, currency signs and brackets; as it is when it is no number."""
    cell, sign = _SIGNS.sub("", text.strip()), ""
    if cell.startswith("(") and cell.endswith(")"):
        sign, cell = "-", cell[1:-1]
    elif cell.endswith("-"):
        sign, cell = "-", cell[:-1]
    if not (_POINT if form == "POINT" else _COMMA).fullmatch(cell) or (sign and cell.startswith(("+", "-"))):
        return text
    groups = r"[, \u00a0\u202f']" if form == "POINT" else r"[. \u00a0\u202f']"
    cell = re.sub(groups, "", cell).replace(",", ".")
    return sign + cell.removeprefix("+")


def mended(edit: str, change: Callable[[str], str] | None) -> str:
    """What a person wrote over a cell, in the form their file is in or in ours.

    The cells beside it are shown in our forms: a number that is one of ours stays, 1.234 is not 1234.
    """
    return edit if change is None or _OURS.fullmatch(edit) else change(edit)


def _kinds() -> dict[str, dict[str, str]]:
    """File -> column -> ``date`` or ``number``, from the types of the rows."""
    found: dict[str, dict[str, str]] = {}
    for name, file in FILES.items():
        kinds = found[name] = {}
        for column, type_ in get_type_hints(file.row_type).items():
            names = {getattr(one, "__name__", "") for one in (type_, *get_args(type_))}
            if "date" in names:
                kinds[column] = "date"
            elif names & {"Decimal", "int"}:
                kinds[column] = "number"
    return found


KINDS: Final[Mapping[str, Mapping[str, str]]] = _kinds()


def converter_of(
    file: str, column: str, dates: str, numbers: str, as_of: date
) -> Callable[[str], str] | None:
    """What makes a cell of theirs one of ours; None when it stays as it is."""
    kind = KINDS[file].get(column)
    if kind == "date" and dates != "ISO":
        last_year = last_year_meant(column, as_of)
        return lambda cell: iso_date(cell, dates, last_year)
    if kind == "number":
        return lambda cell: plain_number(cell, numbers) if cell else cell
    return None
