"""What a transaction says, as a hash: the same content again is the same row, other content a correction."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

SEPARATOR: Final = "\x1f"
"""Between the texts of a row; no text of a transaction may hold it."""


def plain_number(value: Decimal | None) -> str:
    """A number as plain text: 1.50 and 1.5 are the same, None is empty, there is no exponent."""
    if not value:
        return "" if value is None else "0"
    text = str(value)
    if "E" in text:
        return format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class PlainDays:
    """Days as plain text, None is empty. Remembers them: the rows of a book share a few thousand days."""

    def __init__(self) -> None:
        self._plain: dict[date, str] = {}

    def of(self, value: date | None) -> str:
        if value is None:
            return ""
        text = self._plain.get(value)
        if text is None:
            text = self._plain[value] = value.isoformat()
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
"""What every source says of a transaction, in the order in which it is hashed."""
LATER: Final = (
    "corporate_action_key",
    "order_reference",
    "exchange_rate",
    "billed_account_id",
    "is_deep_in_the_money",
)
"""What some say besides: hashed only where something of it is said, so that the others keep their hash."""


def content_hash(joined: bytes) -> str:
    """128 bits in hex over the plain texts of ``CONTENT`` and ``LATER`` joined by ``SEPARATOR``, in UTF-8."""
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def content_of(values: dict[str, object]) -> str:
    """The hash of one transaction by its columns."""
    said = [_plain(values[name]) for name in CONTENT]
    later = [_plain(values.get(name)) for name in LATER]
    return content_hash(SEPARATOR.join([*said, *later] if any(later) else said).encode())


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
