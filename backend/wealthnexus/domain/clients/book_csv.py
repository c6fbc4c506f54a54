"""The Book as a file for a spreadsheet: the list as filtered and ordered, with the columns asked for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from wealthnexus.domain.clients.repository import (
    HouseholdFilter,
    HouseholdOrder,
    HouseholdRow,
    households_by_ids,
    ordered_household_ids,
)
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded, ValidationFailed
from wealthnexus.kit.text import message

ROWS_MAX: Final = 200_000
CHUNK: Final = 500
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# The wide forms are read as the narrow ones where people write in wide characters.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
_TOO_LONG = message(
    "clients.book_csv_too_long",
    "more than {limit, number} households match, the most one file may hold; narrow the list."
    " Nothing was sent.",
    limit=int,
)
_NO_COLUMN = message(
    "clients.book_csv_no_column",
    "{name} is no column of the Book, expected among {listed}; nothing was sent.",
    name=str,
    listed=str,
)


def _money(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


_Cell = Callable[[HouseholdRow], Any]
_HEADS: Final = {
    "name": message("clients.column_household", "Household"),
    "reference": message("clients.column_reference", "Reference"),
    "advisor": message("clients.column_advisor", "Advisor"),
    "accounts": message("clients.column_accounts", "Accounts"),
    "value": message("clients.column_value", "Value"),
    "cash": message("clients.column_cash", "Cash"),
    "currency": message("clients.column_currency", "Currency"),
    "cashShare": message("clients.column_cash_share", "Cash share"),
    "quality": message("clients.column_quality", "Quality"),
    "reasons": message("clients.column_reasons", "Reasons"),
    "asOf": message("clients.column_as_of", "As of"),
    "openItems": message("clients.column_open_items", "Open items"),
    "opened": message("clients.column_since", "Since"),
    "left": message("clients.column_left", "Left"),
}
_CELLS: Final[dict[str, _Cell]] = {
    "name": lambda row: row.name,
    "reference": lambda row: row.external_id,
    "advisor": lambda row: row.advisor_name,
    "accounts": lambda row: row.account_count,
    "value": lambda row: _money(row.market_value.value),
    "cash": lambda row: _money(row.cash.value),
    "currency": lambda row: row.market_value.currency,
    "cashShare": lambda row: _money(row.cash_share),
    "quality": lambda row: row.market_value.quality.value,
    "reasons": lambda row: " ".join(reason.message for reason in row.market_value.reasons),
    "asOf": lambda row: row.as_of,
    "openItems": lambda row: row.open_items,
    "opened": lambda row: row.opened_on,
    "left": lambda row: row.left_on,
}
COLUMNS: Final = tuple(_HEADS)


def cell(value: Any) -> str:
    """One cell after RFC 4180; text a spreadsheet would run as a formula is led by an apostrophe."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return '"{}"'.format(text.replace('"', '""')) if any(mark in text for mark in '",\r\n') else text


def line(cells: Sequence[Any]) -> str:
    return ",".join(map(cell, cells)) + "\r\n"


def checked_columns(asked: Sequence[str]) -> tuple[str, ...]:
    """The columns once each, all of them when none is named. ValidationFailed for an unknown one."""
    for name in asked:
        if name not in _HEADS:
            raise ValidationFailed(_NO_COLUMN(name=repr(name[:40]), listed=", ".join(COLUMNS)))
    return tuple(dict.fromkeys(asked)) or COLUMNS


def head(columns: Sequence[str]) -> str:
    """The first line; the byte order mark makes a spreadsheet read the file as UTF-8."""
    return "\ufeff" + line([_HEADS[name]() for name in columns])


async def write_book(
    reader: Reader,
    view: BookView,
    filter: HouseholdFilter,
    order: HouseholdOrder,
    *,
    columns: Sequence[str],
    write: Callable[[str], Awaitable[Any]],
) -> int:
    """Hands the file to ``write`` in parts of 500 rows; returns how many rows. LimitExceeded beyond 200,000.

    What is held at once are the ids of the list and the rows of one part.
    """
    ids = await ordered_household_ids(reader, view, filter, order, ROWS_MAX + 1)
    if len(ids) > ROWS_MAX:
        raise LimitExceeded(_TOO_LONG(limit=ROWS_MAX))
    cells = [_CELLS[name] for name in columns]
    await write(head(columns))
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = await households_by_ids(reader, view, part)
        await write("".join(_lines((rows[key] for key in part if key in rows), cells)))
    return len(ids)


def _lines(rows: Iterator[HouseholdRow], cells: Sequence[_Cell]) -> Iterator[str]:
    for row in rows:
        yield line([of(row) for of in cells])
