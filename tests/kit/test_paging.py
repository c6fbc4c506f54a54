"""Cursors come back from outside: whatever was done to them, the database is never asked nonsense."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.paging import decode_cursor, encode_cursor

_ID = UUID("01a1fe09-2a0c-70c1-941c-10171d42c2e1")


def cursor_of(parts: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def test_a_cursor_comes_back_as_it_was() -> None:
    instant = datetime(2021, 3, 31, 17, tzinfo=timezone(timedelta(hours=-4)))
    values = [_ID, instant, date(2021, 3, 31), Decimal("-48210774.19000000"), 2**63 - 1, "Ångström & Co"]
    back = decode_cursor(encode_cursor(values), "utdnis")
    assert back == values
    assert back[1].tzinfo is UTC


@pytest.mark.parametrize(
    "part",
    [
        ["n", "1e1000000"], ["n", "1e-1000000"], ["n", "NaN"], ["n", "sNaN"], ["n", "Infinity"],
        ["n", "9" * 4_000], ["n", 1], ["n", True], ["n", ""],
        ["i", "9" * 30], ["i", "-9223372036854775809"], ["i", "1_000"], ["i", "²"], ["i", 1],
        ["t", "9999-12-31T23:59:59-14:00"], ["t", "0001-01-01T00:00:00+14:00"], ["t", "2021-03-31T00:00:00"],
        ["d", "2021-02-30"], ["d", None],
        ["s", "a\x00b"], ["s", 1], ["s", {}], ["s", "x" * 20_000],
        ["u", "not one"], ["u", 1],
    ],
)  # fmt: skip
def test_a_tampered_cursor_is_refused_in_words(part: list[Any]) -> None:
    with pytest.raises(ValidationFailed, match="does not belong to this list and order") as refused:
        decode_cursor(cursor_of([part]), part[0])
    assert refused.value.path == ("after",)


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_cursor_is_anything_but_understood_or_refused(cursor: str) -> None:
    with pytest.raises(ValidationFailed):
        decode_cursor(cursor, "su")
