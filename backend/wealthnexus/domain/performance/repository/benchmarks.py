"""Benchmarks: which one stands beside a scope, of what it is made, and the levels of its parts."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import PRICE_RANK
from wealthnexus.domain.performance.repository.scopes import ScopeKind, ScopeMembers
from wealthnexus.domain.performance.repository.values import rates_of
from wealthnexus.domain.performance.rules.benchmarks import Assigned, Blend, Rebalance
from wealthnexus.domain.performance.rules.levels import (
    Levels,
    ToldAction,
    distribution_of,
    levels_at_a_rate,
    told_once,
    total_return_levels,
)
from wealthnexus.kit.db.session import Reader

BENCHMARKS_MAX: Final = 500
_BEFORE: Final = timedelta(days=10)
_BELIEVED: Final = (
    "{0}.tenant_id = :tenant and {0}.book_version <= :version"
    " and ({0}.superseded_version is null or {0}.superseded_version > :version)"
)
_ALL: Final = f"""
select b.id, b.name from benchmarks b where b.tenant_id = :tenant order by b.name, b.id limit {BENCHMARKS_MAX}
"""
_ASSIGNED: Final = f"""
select a.benchmark_id, coalesce(array_position(:ids, a.subject_id), 1000) as rank, a.effective_from,
  a.effective_to
from benchmark_assignments a
where {_BELIEVED.format("a")} and (a.subject_id is null or a.subject_id = any(:ids))
  and a.effective_from <= :as_of
order by a.effective_from, a.id
"""
_COMPONENTS: Final = f"""
select b.id as benchmark_id, b.name, c.first_day, c.security_id, c.yearly_rate, c.weight, c.rebalance,
  c.currency, c.asset_class, c.label, c.price_multiplier
from benchmarks b
left join benchmark_components c on {_BELIEVED.format("c")} and c.benchmark_id = b.id
where b.tenant_id = :tenant and b.id = any(:ids)
order by b.id, c.first_day, c.weight desc, c.id
"""
_USES: Final = f"""
select a.id, a.subject_id, h.name as household, c.name as account, a.effective_from, a.effective_to, a.reason,
  a.recorded_at, u.name as author
from benchmark_assignments a
left join households h on h.tenant_id = a.tenant_id and h.id = a.subject_id
left join accounts c on c.tenant_id = a.tenant_id and c.id = a.subject_id
left join users u on u.tenant_id = a.tenant_id and u.id = a.author_id
where {_BELIEVED.format("a")} and a.benchmark_id = :id
order by a.effective_from desc, a.id limit {BENCHMARKS_MAX}
"""
_VERSION: Final = """
select b.version from benchmarks b where b.tenant_id = :tenant and b.id = :id
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
select a.security_id, a.type, a.ex_date, a.source, {PRICE_RANK.format(source="a.source")} as rank,
  a.ratio_new, a.ratio_old, a.cash_amount, a.currency
from corporate_actions a
where {_BELIEVED.format("a")} and a.security_id = any(:security_ids)
  and a.type in ('CASH_DIVIDEND', 'SPLIT', 'STOCK_DIVIDEND', 'RETURN_OF_CAPITAL', 'SPIN_OFF', 'MERGER')
  and a.ex_date between :day_from and :as_of
order by a.ex_date, a.id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a blend by its index key; ``currency`` and ``asset_class`` None for a yearly rate alone:
    it is of any currency, and cash. A close times ``price_multiplier`` is an amount of the currency."""

    index: str
    security_id: UUID | None
    yearly_rate: Decimal | None
    currency: str | None
    asset_class: str | None
    name: str
    price_multiplier: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Definition:
    """A benchmark as a book version knew it."""

    id: UUID
    name: str
    blends: tuple[Blend, ...]
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Use:
    """Beside whom a benchmark stands, from when to when, and who said so why; ``subject_id`` None: the firm.

    Of a subject the reader does not see there is no name.
    """

    id: UUID
    subject_id: UUID | None
    household: str | None
    account: str | None
    effective_from: date
    effective_to: date | None
    reason: str
    recorded_at: datetime
    author: str | None


async def uses_of(reader: Reader, view: BookView, benchmark_id: UUID) -> list[Use]:
    """The latest first, at most ``BENCHMARKS_MAX``."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "id": benchmark_id}
    return [Use(*tuple(row)) for row in await reader.rows(prepared(_USES), given)]


async def version_of(reader: Reader, benchmark_id: UUID) -> int | None:
    """How often it was written; None: there is none for the reader."""
    rows = await reader.rows(prepared(_VERSION), {"tenant": reader.tenant_id, "id": benchmark_id})
    return int(rows[0].version) if rows else None


async def every(reader: Reader) -> list[tuple[UUID, str]]:
    """The firm's benchmarks by name."""
    rows = await reader.rows(prepared(_ALL), {"tenant": reader.tenant_id})
    return [(row.id, row.name) for row in rows]


async def assigned(reader: Reader, view: BookView, members: ScopeMembers) -> list[Assigned]:
    """What was agreed for the scope up to the view's day: for the account (of a sleeve the one it is of), its
    household, the firm."""
    is_one = members.scope.kind in {ScopeKind.ACCOUNT, ScopeKind.SLEEVE}
    subjects: list[UUID | None] = list(members.names) if is_one else []
    subjects.append(members.household_id)
    rows = await reader.rows(
        prepared(_ASSIGNED),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "as_of": view.as_of,
            "ids": [each for each in subjects if each is not None],
        },
    )
    return [Assigned(*tuple(row)) for row in rows]


async def definitions(
    reader: Reader, view: BookView, benchmark_ids: Sequence[UUID]
) -> dict[UUID, Definition]:
    """Of what benchmarks are made, from day to day; those that are not there are left out."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "ids": list(benchmark_ids)}
    found: dict[UUID, list[Any]] = {}
    for row in await reader.rows(prepared(_COMPONENTS), given):
        found.setdefault(row.benchmark_id, []).append(row)
    return {key: _definition(key, rows[0].name, rows) for key, rows in found.items()}


def _definition(key: UUID, name: str, rows: Sequence[Any]) -> Definition:
    parts: dict[str, Part] = {}
    weights: dict[date, dict[str, Decimal]] = {}
    rebalances: dict[date, Rebalance] = {}
    for row in rows:
        if row.first_day is None:  # made of nothing
            continue
        part = _part(row)
        parts[part.index] = part
        own = weights.setdefault(row.first_day, {})
        own[part.index] = own.get(part.index, Decimal(0)) + row.weight
        rebalances[row.first_day] = Rebalance(row.rebalance)
    blends = tuple(Blend(day, weights[day], rebalances[day]) for day in sorted(weights))
    return Definition(key, name, blends, parts)


def _part(row: Any) -> Part:
    if row.security_id is None:
        index = f"rate:{row.yearly_rate.normalize():f}"
        return Part(
            index, None, row.yearly_rate, None, None, f"{(row.yearly_rate * 100).normalize():f} % a year"
        )
    return Part(
        str(row.security_id),
        row.security_id,
        None,
        row.currency,
        row.asset_class,
        row.label,
        row.price_multiplier or Decimal(1),
    )


async def levels(
    reader: Reader, view: BookView, parts: Mapping[str, Part], days: Sequence[date]
) -> dict[str, Levels]:
    """Total-return levels by index, each in its own currency: two statements, and one for each currency
    in which something is paid."""
    found = {
        index: levels_at_a_rate(part.yearly_rate, days)
        for index, part in parts.items()
        if part.yearly_rate is not None
    }
    held = {part.security_id: part for part in parts.values() if part.security_id is not None}
    if not held:
        return found
    given = {
        "tenant": reader.tenant_id,
        "version": view.book_version,
        "as_of": view.as_of,
        "day_from": days[0] - _BEFORE,
        "security_ids": list(held),
    }
    closes: dict[UUID, dict[date, Decimal]] = {key: {} for key in held}
    for security, day, close in map(tuple, await reader.rows(prepared(_CLOSES), given)):
        closes[security][day] = close
    told: dict[UUID, list[ToldAction]] = {key: [] for key in held}
    for security, *words in map(tuple, await reader.rows(prepared(_ACTIONS), given)):
        told[security].append(ToldAction(*words))
    rates = await _paid_in(reader, view, held, told)
    for key, part in held.items():
        own = part.currency or view.currency
        distributions = [
            distribution_of(
                each,
                currency=own,
                price_multiplier=part.price_multiplier,
                rates=rates[own],
            )
            for each in told_once(told[key])
        ]
        found[part.index] = total_return_levels(closes[key], distributions)
    return found


async def _paid_in(
    reader: Reader, view: BookView, held: Mapping[UUID, Part], told: Mapping[UUID, Sequence[ToldAction]]
) -> dict[str, dict[tuple[str, date], Decimal]]:
    """Into each part's currency the rates of what is paid in another, by that and ex-date."""
    found: dict[str, dict[tuple[str, date], Decimal]] = {}
    wanted: dict[tuple[str, str], set[date]] = {}
    for key, part in held.items():
        own = part.currency or view.currency
        found.setdefault(own, {})
        for each in told[key]:
            if each.cash and each.currency not in {None, own}:
                wanted.setdefault((str(each.currency), own), set()).add(each.ex_date)
    for (paid, own), days in sorted(wanted.items()):
        rates = await rates_of(reader, view, sorted(days), paid, own)
        found[own].update({(paid, day): rate for day, rate in rates.items()})
    return found
