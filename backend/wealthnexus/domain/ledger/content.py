"""What a transaction says, as a hash: the same content again is the same row, other content a correction."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

_REMEMBERED_MAX: Final = 50_000


class ContentHasher:
    """Hashes many transactions; remembers the plain form of numbers and days, which repeat."""

    def __init__(self) -> None:
        self._plain: dict[Decimal | date | UUID, str] = {}

    def _text(self, value: Decimal | date | UUID | None) -> str:
        if value is None:
            return ""
        text = self._plain.get(value)
        if text is None:
            if len(self._plain) >= _REMEMBERED_MAX:
                self._plain.clear()
            if isinstance(value, Decimal):
                text = format(value.normalize(), "f") if value else "0"
            elif isinstance(value, UUID):
                text = value.hex
            else:
                text = value.isoformat()
            self._plain[value] = text
        return text

    def hash(  # noqa: PLR0917 -- in the order of the columns; called for every row of an import
        self,
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
        text = self._text
        said = (
            f"{text(account_id)}\x1f{type}\x1f{text(trade_date)}\x1f{text(settlement_date)}"
            f"\x1f{text(security_id)}\x1f{text(quantity)}\x1f{text(price)}\x1f{text(amount)}"
            f"\x1f{text(fees)}\x1f{currency}\x1f{text(accrued_interest)}\x1f{lot_selection or ''}"
            f"\x1f{related_source_id or ''}\x1f{description or ''}"
        )
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
