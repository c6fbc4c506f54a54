"""Composites: what they are, who belongs to them from when to when, as a book version knew it."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance import texts
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded

COMPOSITES_MAX: Final = 500
STAYS_MAX: Final = 10_000
"""Stays of a composite that its returns are computed from."""
_BELIEVED: Final = (
    "m.tenant_id = :tenant and m.book_version <= :version"
    " and (m.superseded_version is null or m.superseded_version > :version)"
)
_COMPOSITES: Final = f"""
select c.id, c.name, c.description, c.currency, c.minimum_assets, c.benchmark_id,
  (select count(distinct m.account_id) from composite_members m
   where {_BELIEVED} and m.composite_id = c.id and m.effective_from <= :as_of
     and (m.effective_to is null or m.effective_to > :as_of)) as member_count,
  c.created_at
from composites c
where c.tenant_id = :tenant and c.book_version <= :version
"""
_ALL: Final = f"{_COMPOSITES} order by c.name, c.id limit {COMPOSITES_MAX}"
_ONE: Final = f"{_COMPOSITES} and c.id = :id"
_MEMBERS: Final = f"""
select m.account_id, a.name, m.effective_from, m.effective_to, m.author_name, m.reason, m.recorded_at,
  m.end_author_name, m.end_reason
from composite_members m
join accounts a on a.tenant_id = :tenant and a.id = m.account_id
where {_BELIEVED} and m.composite_id = :id
order by m.effective_from, a.name, m.account_id limit {STAYS_MAX + 1}
"""
_ACCOUNTS: Final = "select a.id from accounts a where a.tenant_id = :tenant order by a.id"


@dataclass(frozen=True, slots=True)
class Composite:
    """``minimum_assets``: at the opening of a month, in ``currency``; None: any. ``member_count``: on the
    view's day."""

    id: UUID
    name: str
    description: str
    currency: str
    minimum_assets: Decimal | None
    benchmark_id: UUID | None
    member_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CompositeMember:
    """An account belongs from ``first_day`` to the day before ``end``; by whom and why it joined and left."""

    account_id: UUID
    account_name: str
    first_day: date
    end: date | None
    author_name: str
    reason: str
    recorded_at: datetime
    end_author_name: str | None
    end_reason: str | None


def _given(reader: Reader, view: BookView) -> dict[str, object]:
    return {"tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of}


async def every(reader: Reader, view: BookView) -> list[Composite]:
    """The composites by name; none to who sees a part of the firm."""
    return [Composite(*tuple(row)) for row in await reader.rows(prepared(_ALL), _given(reader, view))]


async def composite(reader: Reader, view: BookView, composite_id: UUID) -> Composite | None:
    row = await reader.one_or_none(prepared(_ONE), {**_given(reader, view), "id": composite_id})
    return None if row is None else Composite(*tuple(row))


async def members(reader: Reader, view: BookView, composite_id: UUID) -> list[CompositeMember]:
    """Every stay, by its first day. LimitExceeded beyond 10,000: of a part of them nothing can be said."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "id": composite_id}
    found = [CompositeMember(*tuple(row)) for row in await reader.rows(prepared(_MEMBERS), given)]
    if len(found) > STAYS_MAX:
        raise LimitExceeded(texts.TOO_MANY_STAYS(limit=STAYS_MAX))
    return found


async def all_accounts(reader: Reader) -> list[UUID]:
    """Of the firm, as far as the caller sees it."""
    rows = await reader.rows(prepared(_ACCOUNTS), {"tenant": reader.tenant_id})
    return [row.id for row in rows]
