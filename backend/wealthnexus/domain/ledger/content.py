"""What a transaction says, as a hash: the same content again is the same row, other content a correction."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from uuid import UUID


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def content_hash(
    *,
    account_id: UUID,
    type: str,
    trade_date: date,
    settlement_date: date,
    security_id: UUID | None,
    quantity: Decimal | None,
    price: Decimal | None,
    amount: Decimal,
    fees: Decimal,
    currency: str,
    accrued_interest: Decimal | None,
    lot_selection: str | None,
    related_source_id: str | None,
    description: str | None,
) -> str:
    """128 bits in hex over everything a source can say of a transaction; 1.50 and 1.5 are the same."""
    parts = (
        account_id.hex,
        type,
        trade_date.isoformat(),
        settlement_date.isoformat(),
        security_id.hex if security_id is not None else "",
        _number(quantity),
        _number(price),
        _number(amount),
        _number(fees),
        currency,
        _number(accrued_interest),
        lot_selection or "",
        related_source_id or "",
        description or "",
    )
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
