"""Keyset paging: a cursor is the sort values and id of the row it stands on."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, false, or_, true

from wealthnexus.kit import texts
from wealthnexus.kit.errors import ValidationFailed

FIRST_DEFAULT = 50
FIRST_MAX = 200
FIRST_MAX_BULK = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column of the order. Not-null columns only: coalesce in the select where needed."""

    column: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageRequest:
    """``first`` rows after ``after``, or ``last`` rows before ``before``; at most ``limit_max``."""

    first: int = FIRST_DEFAULT
    after: str | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in the asked-for order, with the cursor of each."""

    rows: Sequence[T]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


def page_request(
    first: int | None,
    after: str | None,
    last: int | None = None,
    before: str | None = None,
    *,
    limit: int = FIRST_MAX,
) -> PageRequest:
    """Checks the four Relay arguments; ValidationFailed names the one at fault."""
    if first is not None and last is not None:
        raise ValidationFailed(texts.BOTH_GIVEN(first="first", second="last"), path=("last",))
    if after is not None and before is not None:
        raise ValidationFailed(texts.BOTH_GIVEN(first="after", second="before"), path=("before",))
    name, count = (
        ("last", last) if last is not None else ("first", first if first is not None else FIRST_DEFAULT)
    )
    if not 1 <= count <= limit:
        raise ValidationFailed(texts.OUT_OF_RANGE(name=name, count=count, limit=limit), path=(name,))
    if last is not None:
        return PageRequest(last, before, backward=True)
    if before is not None:
        raise ValidationFailed(texts.BEFORE_NEEDS_LAST(), path=("before",))
    return PageRequest(count, after)


def _encode(value: Any) -> list[Any]:
    match value:
        case UUID():
            return ["u", str(value)]
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case Decimal():
            return ["n", format(value, "f")]
        case int():
            return ["i", str(value)]
        case str():
            return ["s", value]
    raise TypeError(f"{type(value).__name__} cannot stand in a cursor")


_CURSOR_CHARACTERS_MAX: Final = 8_000
_BIGINT_MAX: Final = 2**63 - 1
# More digits than NUMERIC(28, 8) keeps of either side; no exponent, no NaN.
_NUMBER: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant without its zone")
    return instant.astimezone(UTC)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a plain number")
    return Decimal(text)


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or abs(int(text)) > _BIGINT_MAX:
        raise ValueError("not a 64-bit integer")
    return int(text)


def _words(text: str) -> str:
    if "\x00" in text:
        raise ValueError("PostgreSQL keeps no NUL")
    return text


# A cursor comes back from outside: only what the database can compare is let through.
_DECODERS: dict[str, Callable[[str], Any]] = {
    "u": UUID,
    "t": _instant,
    "d": date.fromisoformat,
    "n": _number,
    "i": _integer,
    "s": _words,
}


def encode_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([_encode(value) for value in values])).decode().rstrip("=")


def decode_cursor(cursor: str, types: Sequence[str]) -> list[Any]:
    """Values of a cursor whose type letters must be ``types``; ValidationFailed on anything else."""
    try:
        if len(cursor) > _CURSOR_CHARACTERS_MAX:
            raise ValueError
        raw = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if [part[0] for part in raw] != list(types) or not all(type(part[1]) is str for part in raw):
            raise ValueError
        return [_DECODERS[kind](text) for kind, text in raw]
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, binascii.Error):
        raise ValidationFailed(texts.FOREIGN_CURSOR(cursor=repr(cursor[:40])), path=("after",)) from None


def keyset_predicate(
    keys: Sequence[SortKey], values: Sequence[Any], *, backward: bool
) -> ColumnElement[bool]:
    """Rows strictly after (or before) ``values`` in the order of ``keys``."""
    alternatives: list[ColumnElement[bool]] = []
    prefix: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        greater = key.descending == backward
        step = key.column > value if greater else key.column < value
        alternatives.append(and_(*prefix, step) if prefix else step)
        prefix.append(key.column == value)
    return or_(*alternatives) if alternatives else (false() if backward else true())


def order_by(keys: Sequence[SortKey], *, backward: bool) -> list[ColumnElement[Any]]:
    return [key.column.desc() if key.descending != backward else key.column.asc() for key in keys]


def cut_page(rows: Sequence[T], cursors: Sequence[str], request: PageRequest) -> Page[T]:
    """Rows fetched with limit ``first + 1`` cut to the page, in the asked-for order."""
    more = len(rows) > request.first
    kept, marks = list(rows[: request.first]), list(cursors[: request.first])
    if request.backward:
        kept.reverse()
        marks.reverse()
        return Page(kept, marks, has_next=request.after is not None, has_previous=more)
    return Page(kept, marks, has_next=more, has_previous=request.after is not None)
