"""Reads of prices: the one that counts, and the course of a security drawn with few points."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE, PRICE_RANK
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit import texts
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed

POINTS_DEFAULT: Final = 260
POINTS_MAX: Final = 2_000
POINTS_MIN: Final = 4


@dataclass(slots=True)
class PriceRow:
    """A close, raw, in the security's currency."""

    date: date
    close: Decimal
    source: str


@dataclass(slots=True)
class PricePoint:
    """The price that counts on a day, raw, in the security's currency."""

    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: Decimal | None
    source: str


_LATEST: Final = f"""
select s.id, p.day, trim_scale(p.close), p.source
from unnest(:ids) s(id)
cross join lateral ({LATEST_PRICE.format(security="s.id", day=":as_of")}) p
"""

# The last word of each source on each day, then the source that counts.
STANDING: Final = f"""
latest as (
  select distinct on (p.security_id, p.day, p.source) p.security_id, p.day, p.source, p.book_version,
    p.open, p.high, p.low, p.close, p.volume, p.is_withdrawn
  from security_prices p
  where p.tenant_id = :tenant and p.security_id = any(:ids) and p.day between :day_from and :day_to
    and p.book_version <= :version
  order by p.security_id, p.day, p.source, p.book_version desc
),
standing as (
  select distinct on (l.security_id, l.day) l.*
  from latest l where not l.is_withdrawn
  order by l.security_id, l.day, {PRICE_RANK.format(source="l.source")}, l.book_version desc, l.source
)"""

# More days than points: buckets of equal length, of each its lowest and its highest close, and both ends.
_SERIES: Final = f"""
with {STANDING},
numbered as (
  select s.*, row_number() over (partition by s.security_id order by s.day) as place,
    count(*) over (partition by s.security_id) as total
  from standing s
),
bucketed as (
  select n.*, (n.place - 1) * ((:row_limit - 2) / 2) / n.total as bucket from numbered n
),
marked as (
  select b.*,
    row_number() over (partition by b.security_id, b.bucket order by b.close, b.day) as lowest,
    row_number() over (partition by b.security_id, b.bucket order by b.close desc, b.day) as highest
  from bucketed b
)
select m.security_id, m.day, trim_scale(m.open), trim_scale(m.high), trim_scale(m.low), trim_scale(m.close),
  trim_scale(m.volume), m.source
from marked m
where m.total <= :row_limit or m.lowest = 1 or m.highest = 1 or m.place in (1, m.total)
order by m.security_id, m.day
"""


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


async def price_series(
    reader: Reader,
    view: BookView,
    ids: Sequence[UUID],
    *,
    day_from: date,
    day_to: date,
    points: int = POINTS_DEFAULT,
) -> dict[UUID, list[PricePoint]]:
    """The prices that count, oldest first, at most ``points`` (4 to 2,000) of each security.

    Of more days only some are given: of each stretch of days the lowest and the highest close, and always
    the first and the last day, so that a chart has its true range. ValidationFailed beyond the limits.
    """
    if not POINTS_MIN <= points <= POINTS_MAX:
        raise ValidationFailed(
            texts.OUT_OF_RANGE(name="points", count=points, limit=POINTS_MAX), path=("points",)
        )
    found: dict[UUID, list[PricePoint]] = {security_id: [] for security_id in ids}
    rows = await reader.rows(
        prepared(_SERIES),
        {
            "tenant": reader.tenant_id,
            "ids": list(ids),
            "day_from": day_from,
            "day_to": min(day_to, view.as_of),
            "version": view.book_version,
            "row_limit": points,
        },
    )
    for security_id, *rest in map(tuple, rows):
        found[security_id].append(PricePoint(*rest))
    return found
