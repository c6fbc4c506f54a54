"""Reads of identifiers: what a security was called, and which security a name meant on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.markets.errors import checked_identifier
from wealthnexus.domain.markets.rules.identifiers import equivalents, symbol_notations
from wealthnexus.domain.markets.rules.resolution import Naming, Resolution, resolve_on
from wealthnexus.kit.db.session import Reader

NAMINGS_MAX: Final = 200


@dataclass(slots=True)
class IdentifierRow:
    scheme: str
    value: str
    exchange: str | None
    effective_from: date | None
    effective_to: date | None

    def holds_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day < self.effective_to
        )


_KNOWN: Final = (
    "i.book_version <= :version and (i.superseded_version is null or i.superseded_version > :version)"
)

_IDENTIFIERS: Final = f"""
select i.security_id, i.scheme, i.value, i.exchange, i.effective_from, i.effective_to
from security_identifiers i where i.tenant_id = :tenant and i.security_id = any(:ids) and {_KNOWN}
order by i.security_id, i.scheme, i.effective_from nulls first, i.value
"""  # noqa: S608 -- constants of this code

_NAMINGS: Final = f"""
select i.security_id, i.scheme, i.value, i.exchange, i.effective_from, i.effective_to
from security_identifiers i
where i.tenant_id = :tenant and i.scheme = any(:schemes) and i.value = any(:values) and {_KNOWN}
order by i.effective_from nulls first, i.security_id limit :row_limit
"""  # noqa: S608 -- constants of this code


async def identifiers_by_security_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[IdentifierRow]]:
    """Every identifier of each security of all times, by scheme and time."""
    found: dict[UUID, list[IdentifierRow]] = {security_id: [] for security_id in ids}
    rows = await reader.rows(
        prepared(_IDENTIFIERS),
        {"tenant": reader.tenant_id, "ids": list(ids), "version": view.book_version},
    )
    for security_id, *rest in map(tuple, rows):
        found[security_id].append(IdentifierRow(*rest))
    return found


async def resolve(
    reader: Reader,
    view: BookView,
    scheme: str,
    value: str,
    *,
    exchange: str | None = None,
    on: date | None = None,
) -> Resolution:
    """The security that ``value`` meant on ``on`` (default: the view's day), as the view's version knows it.

    A symbol is looked for in every notation, a CUSIP also inside ISINs and the other way round. Only what
    the caller may see is found. ValidationFailed for an unknown scheme or a check digit that does not hold.
    """
    kind, kept = checked_identifier(scheme, value)
    pairs = (
        tuple((kind, each) for each in symbol_notations(value))
        if kind == "SYMBOL"
        else equivalents(kind, kept)
    )
    rows = await reader.rows(
        prepared(_NAMINGS),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "schemes": sorted({each for each, _ in pairs}),
            "values": [each for _, each in pairs],
            "row_limit": NAMINGS_MAX,
        },
    )
    namings = [Naming(*row) for row in map(tuple, rows)]
    wanted = [naming for naming in namings if (naming.scheme, naming.value) in pairs]
    # Schemes that are the same everywhere know no exchange.
    place = exchange if kind in ("SYMBOL", "SEDOL", "FIGI") else None
    return resolve_on(wanted, on or view.as_of, place)
