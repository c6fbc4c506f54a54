"""Benchmarks: which one stands beside a scope, of what it is made, and the levels of its parts."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import PRICE_RANK
from wealthnexus.domain.performance.repository.scopes import ScopeKind, ScopeMembers
from wealthnexus.domain.performance.rules.benchmarks import Blend, Rebalance
from wealthnexus.domain.performance.rules.levels import (
    Distribution,
    levels_at_a_rate,
    total_return_levels,
)
from wealthnexus.kit.db.session import Reader

BENCHMARKS_MAX: Final = 500
_BEFORE: Final = timedelta(days=10)
_BELIEVED: Final = (
    "{0}.tenant_id = :tenant and {0}.book_version <= :version"
    " and ({0}.superseded_version is null or {0}.superseded_version > :version)"
)
_NAMED: Final = "select b.id, b.name from benchmarks b where b.tenant_id = :tenant and b.id = :id"
_ALL: Final = f"""
select b.id, b.name from benchmarks b where b.tenant_id = :tenant order by b.name, b.id limit {BENCHMARKS_MAX}
"""
_ASSIGNED: Final = f"""
select b.id, b.name from benchmark_assignments a
join benchmarks b on b.tenant_id = :tenant and b.id = a.benchmark_id
where {_BELIEVED.format("a")} and (a.subject_id is null or a.subject_id = any(:ids))
  and a.effective_from <= :as_of and (a.effective_to is null or a.effective_to > :as_of)
order by coalesce(array_position(:ids, a.subject_id), 1000), a.effective_from desc, a.book_version desc
limit 1
"""
_COMPONENTS: Final = f"""
select c.first_day, c.security_id, c.yearly_rate, c.weight, c.rebalance, c.currency, c.asset_class, c.label
from benchmark_components c
where {_BELIEVED.format("c")} and c.benchmark_id = :id
order by c.first_day, c.weight desc, c.id
"""
_CLOSES: Final = f"""
with words as (
  select distinct on (p.security_id, p.day, p.source) p.security_id, p.day, p.source, p.book_version,
    p.close, p.is_withdrawn
  from security_prices p
  where p.tenant_id = :tenant and p.security_id = any(:security_ids) and p.day between :day_from and :as_of
    and p.book_version <= :version
  order by p.security_id, p.day, p.source, p.book_version desc
)
select distinct on (w.security_id, w.day) w.security_id, w.day, w.close from words w
where not w.is_withdrawn
order by w.security_id, w.day, {PRICE_RANK.format(source="w.source")}, w.book_version desc, w.source
"""
_ACTIONS: Final = f"""
select a.security_id, a.type, a.ex_date, a.ratio_new, a.ratio_old, a.cash_amount from corporate_actions a
where {_BELIEVED.format("a")} and a.security_id = any(:security_ids)
  and a.type in ('CASH_DIVIDEND', 'SPLIT', 'STOCK_DIVIDEND', 'RETURN_OF_CAPITAL')
  and a.ex_date between :day_from and :as_of
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a blend by its index key; ``currency`` and ``asset_class`` None for a yearly rate alone:
    it is of any currency, and cash."""

    index: str
    security_id: UUID | None
    yearly_rate: Decimal | None
    currency: str | None
    asset_class: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A benchmark as a book version knew it."""

    id: UUID
    name: str
    blends: tuple[Blend, ...]
    parts: Mapping[str, Part]


async def named(reader: Reader, benchmark_id: UUID) -> tuple[UUID, str] | None:
    row = await reader.one_or_none(prepared(_NAMED), {"tenant": reader.tenant_id, "id": benchmark_id})
    return None if row is None else (row.id, row.name)


async def every(reader: Reader) -> list[tuple[UUID, str]]:
    """The firm's benchmarks by name."""
    rows = await reader.rows(prepared(_ALL), {"tenant": reader.tenant_id})
    return [(row.id, row.name) for row in rows]


async def assigned(reader: Reader, view: BookView, members: ScopeMembers) -> tuple[UUID, str] | None:
    """The benchmark of the scope on the view's day: the account's own, else its household's, else the
    firm's."""
    scope = members.scope
    subjects = [scope.id] if scope.kind is ScopeKind.ACCOUNT else []
    subjects.append(members.household_id)
    given = [each for each in subjects if each is not None]
    row = await reader.one_or_none(
        prepared(_ASSIGNED),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "as_of": view.as_of,
            "ids": given,
        },
    )
    return None if row is None else (row.id, row.name)


async def definition(reader: Reader, view: BookView, found: tuple[UUID, str]) -> Definition:
    """Of what the benchmark is made, from day to day."""
    rows = await reader.rows(
        prepared(_COMPONENTS), {"tenant": reader.tenant_id, "version": view.book_version, "id": found[0]}
    )
    parts: dict[str, Part] = {}
    weights: dict[date, dict[str, Decimal]] = {}
    rebalances: dict[date, Rebalance] = {}
    for row in rows:
        part = _part(row)
        parts[part.index] = part
        own = weights.setdefault(row.first_day, {})
        own[part.index] = own.get(part.index, Decimal(0)) + row.weight
        rebalances[row.first_day] = Rebalance(row.rebalance)
    blends = tuple(Blend(day, weights[day], rebalances[day]) for day in sorted(weights))
    return Definition(found[0], found[1], blends, parts)


def _part(row: Any) -> Part:
    if row.security_id is None:
        index = f"rate:{row.yearly_rate.normalize():f}"
        return Part(index, None, row.yearly_rate, None, None, f"{row.yearly_rate * 100:f} % a year")
    return Part(str(row.security_id), row.security_id, None, row.currency, row.asset_class, row.label)


async def levels(
    reader: Reader, view: BookView, parts: Mapping[str, Part], days: Sequence[date]
) -> dict[str, dict[date, Decimal]]:
    """Total-return levels by index, each in its own currency: two statements."""
    found = {
        index: levels_at_a_rate(part.yearly_rate, days)
        for index, part in parts.items()
        if part.yearly_rate is not None
    }
    securities = [part.security_id for part in parts.values() if part.security_id is not None]
    if not securities:
        return found
    given = {
        "tenant": reader.tenant_id,
        "version": view.book_version,
        "as_of": view.as_of,
        "day_from": days[0] - _BEFORE,
        "security_ids": securities,
    }
    closes: dict[UUID, dict[date, Decimal]] = {key: {} for key in securities}
    for security, day, close in map(tuple, await reader.rows(prepared(_CLOSES), given)):
        closes[security][day] = close
    distributions: dict[UUID, list[Distribution]] = {key: [] for key in securities}
    for row in await reader.rows(prepared(_ACTIONS), given):
        distributions[row.security_id].append(_distribution(row))
    for index, part in parts.items():
        if part.security_id is not None:
            found[index] = total_return_levels(closes[part.security_id], distributions[part.security_id])
    return found


def _distribution(row: Any) -> Distribution:
    ratio = Decimal(1)
    if row.ratio_new and row.ratio_old:
        ratio = row.ratio_new / row.ratio_old
        if row.type == "STOCK_DIVIDEND":
            ratio += 1
    return Distribution(row.ex_date, ratio, row.cash_amount or Decimal(0))
