"""What a person wrote as lot selection: a method, or lots with their units.

``HIFO`` is a method for this sale alone. ``T-17=50; T-18`` takes 50 units of the lot that T-17 acquired (or
that is called so) and all of T-18 that is still needed. Anything else is not adequate and names nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from .vocabulary import LotMethod

_SEPARATORS = re.compile(r"[;,]")


def parse_selection(text: str | None) -> tuple[LotMethod | None, tuple[tuple[str, Decimal | None], ...]]:
    """(method, lots) of an entry's ``lot_selection``; ValueError when units are not a number above 0."""
    said = (text or "").strip()
    if not said:
        return None, ()
    code = said.upper().replace(" ", "_").replace("-", "_")
    if code in LotMethod.__members__:
        return LotMethod(code), ()
    lots: list[tuple[str, Decimal | None]] = []
    for part in _SEPARATORS.split(said):
        name, equals, units = part.rpartition("=")
        if not equals:
            name, units = part, ""
        if not name.strip():
            continue
        lots.append((name.strip(), _units(units) if equals else None))
    return LotMethod.SPECIFIC, tuple(lots)


def _units(text: str) -> Decimal:
    try:
        units = Decimal(text.strip())
    except InvalidOperation:
        units = Decimal(0)
    if not units.is_finite() or units <= 0:
        raise ValueError(f"lot selection: {text.strip()!r} units, expected a number above 0")
    return units
