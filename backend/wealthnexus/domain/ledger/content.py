"""What a transaction says, as a hash: the same content again is the same row, other content a correction."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

_REMEMBERED_MAX: Final = 50_000


class PlainTexts:
    """Numbers and days as plain text: 1.50 and 1.5 are the same, None is empty. Remembers what repeats."""

    def __init__(self) -> None:
        self._plain: dict[Decimal | date, str] = {}

    def of(self, value: Decimal | date | None) -> str:
        if value is None:
            return ""
        text = self._plain.get(value)
        if text is None:
            if len(self._plain) >= _REMEMBERED_MAX:
                self._plain.clear()
            if isinstance(value, Decimal):
                text = format(value.normalize(), "f") if value else "0"
            else:
                text = value.isoformat()
            self._plain[value] = text
        return text


CONTENT: Final = (
    "account_id",
    "type",
    "trade_date",
    "settlement_date",
    "security_id",
    "quantity",
    "price",
    "amount",
    "fees",
    "currency",
    "accrued_interest",
    "lot_selection",
    "related_source_id",
    "description",
)
"""Everything a source can say of a transaction, in the order in which it is hashed."""


def content_hash(texts: list[str]) -> str:
    """128 bits in hex over the plain texts of ``CONTENT``."""
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=16).hexdigest()


def content_of(values: dict[str, object]) -> str:
    """The hash of one transaction by its columns."""
    plain = PlainTexts()
    texts: list[str] = []
    for name in CONTENT:
        value = values[name]
        if isinstance(value, UUID):
            texts.append(value.hex)
        elif isinstance(value, Decimal | date):
            texts.append(plain.of(value))
        else:
            texts.append("" if value is None else str(value))
    return content_hash(texts)
