"""Reads of securities, their identifiers and prices. One statement per call, rows by id."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader


# Not frozen: thousands are made for one answer.
@dataclass(slots=True)
class SecurityRow:
    """One of the firm's securities. Prices times ``price_multiplier`` are per unit."""

    id: UUID
    security_key: str
    name: str
    symbol: str | None
    exchange: str | None
    security_type: str
    asset_class: str
    sub_asset_class: str | None
    currency: str
    price_multiplier: Decimal
    version: int


@dataclass(slots=True)
class IdentifierRow:
    scheme: str
    value: str
    exchange: str | None
    effective_from: date | None
    effective_to: date | None


@dataclass(slots=True)
class PriceRow:
    """A close, raw, in the security's currency."""

    date: date
    close: Decimal
    source: str


_SECURITIES: Final = """
select s.id, s.security_key, s.name, s.symbol, s.exchange, s.security_type, s.asset_class, s.sub_asset_class,
  s.currency, s.price_multiplier, s.version
from securities s where s.tenant_id = :tenant and s.id = any(:ids)
"""

_IDENTIFIERS: Final = """
select i.security_id, i.scheme, i.value, i.exchange, i.effective_from, i.effective_to
from security_identifiers i where i.tenant_id = :tenant and i.security_id = any(:ids)
order by i.security_id, i.scheme, i.effective_from nulls first, i.value
"""

_LATEST: Final = f"""
select s.id, p.day, trim_scale(p.close), p.source
from unnest(:ids) s(id)
cross join lateral ({LATEST_PRICE.format(security="s.id", day=":as_of")}) p
"""


async def securities_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, SecurityRow]:
    """The securities the caller may see, by id; others are absent."""
    rows = await reader.rows(prepared(_SECURITIES), {"tenant": reader.tenant_id, "ids": list(ids)})
    return {row[0]: SecurityRow(*row) for row in map(tuple, rows)}


async def identifiers_by_security_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, list[IdentifierRow]]:
    """Every identifier of each security, by scheme and time."""
    found: dict[UUID, list[IdentifierRow]] = {security_id: [] for security_id in ids}
    rows = await reader.rows(prepared(_IDENTIFIERS), {"tenant": reader.tenant_id, "ids": list(ids)})
    for security_id, *rest in map(tuple, rows):
        found[security_id].append(IdentifierRow(*rest))
    return found


async def latest_prices(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, PriceRow]:
    """The price each security is valued at in the view; absent without one."""
    rows = await reader.rows(
        prepared(_LATEST),
        {
            "tenant": reader.tenant_id,
            "as_of": view.as_of,
            "version": view.book_version,
            "ids": list(ids),
        },
    )
    return {row[0]: PriceRow(*row[1:]) for row in map(tuple, rows)}
