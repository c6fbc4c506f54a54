"""Opaque ids: base64 of ``Type:uuid``. Not secret; row security is what protects."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from uuid import UUID

import strawberry

from wealthnexus.graphql import texts
from wealthnexus.kit.errors import NotFound

_LENGTH_MAX = 120


def to_global(type_name: str, key: UUID | str) -> strawberry.ID:
    return strawberry.ID(base64.b64encode(f"{type_name}:{key}".encode()).decode())


def split_global(text: str) -> tuple[str, UUID] | None:
    """Type name and key; None when the text is no id of ours."""
    if len(text) > _LENGTH_MAX:
        return None
    try:
        type_name, _, key = base64.b64decode(text, validate=True).decode("ascii").partition(":")
        return type_name, UUID(key)
    except (ValueError, binascii.Error):
        return None


def from_global(text: str, type_name: str | Iterable[str], *, path: tuple[str, ...] = ("id",)) -> UUID:
    """The key of an id that must be of ``type_name``; NotFound for anything else, without saying why."""
    expected = (type_name,) if isinstance(type_name, str) else tuple(type_name)
    parts = split_global(text)
    if parts is None or parts[0] not in expected:
        raise not_found(expected[0], path=path)
    return parts[1]


def row_key(text: str, type_name: str, rows: str, place: int, field: str) -> UUID:
    """``from_global`` for a field of one row of a list in a mutation's input."""
    return from_global(text, type_name, path=("input", rows, str(place), field))


def input_key(text: str, type_name: str, field: str) -> UUID:
    """``from_global`` for a field of a mutation's input."""
    return from_global(text, type_name, path=("input", field))


def not_found(type_name: str, *, path: tuple[str, ...] = ("id",)) -> NotFound:
    """The same words whether the thing is missing, another firm's or hidden from this caller."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type_name).strip()
    return NotFound(texts.NO_SUCH_THING(kind=words), path=path)
