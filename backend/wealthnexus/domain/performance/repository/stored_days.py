"""Days of accounts that were valued beforehand: which of them still hold for a view, and their making.

A stored day holds for a view when nothing that its account's value stands on was written since, up to that
day: its entries, prices of what it ever held, rates where it holds other currencies; a book version of any
other kind that can move values (an undo) ends them all. It is judged by the book versions themselves, so that
no writer has to remember to mark anything; only an import that changes a security's own terms, which no
version keeps, takes away the marks of those who hold it.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import daily_values, joined_by_hash, parameters
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS
from wealthnexus.kit.db.session import Reader, UnitOfWork

_NOTHING: Final = Decimal(0)
# What these kinds write is looked up; of what moves no value there is nothing to look up.
_KNOWN_KINDS: Final = (
    "transaction",
    "correction",
    "corporate action",
    "import",
    "price",
    "clients",
    "benchmark",
    "policy",
    "group",
    "composite",
    "identical",
)
_KINDS: Final = ", ".join(f"'{kind}'" for kind in _KNOWN_KINDS)

_HOLDS: Final = f"""
with m as (
  select d.account_id, d.book_version as made, d.through_day from portfolio_day_marks d
  where d.tenant_id = :tenant and d.account_id = any(:account_ids) and d.book_version <= :version
    and not exists (
      select 1 from book_versions b where b.tenant_id = :tenant and b.kind not in ({_KINDS})
        and b.version > d.book_version and b.version <= :version)
),
batches as materialized (
  select b.version, b.batch_id from book_versions b
  where b.tenant_id = :tenant and b.kind = 'import' and b.version <= :version
    and b.version > (select min(m.made) from m)
),
priced as materialized (
  select b.version, x.security_id, q.day from batches b
  cross join (select distinct a.security_id from account_securities a
    where a.tenant_id = :tenant and a.account_id = any(array(select m.account_id from m))) x
  cross join lateral (select min(p.day) as day from security_prices p
    where p.tenant_id = :tenant and p.batch_id = b.batch_id and p.security_id = x.security_id) q
  where q.day is not null
),
rated as materialized (
  select b.version, min(x.day) as day from batches b
  join fx_rates x on x.tenant_id = :tenant and x.batch_id = b.batch_id
  group by b.version
),
by_prices as (
  select m.account_id, min(p.day) as day from m
  join account_securities a on a.tenant_id = :tenant and a.account_id = m.account_id
  join priced p on p.security_id = a.security_id and p.version > m.made
  group by m.account_id
),
foreign_held as (
  select distinct m.account_id from m
  join accounts k on k.tenant_id = :tenant and k.id = m.account_id
  join account_securities a on a.tenant_id = :tenant and a.account_id = m.account_id
  join securities s on s.tenant_id = :tenant and s.id = a.security_id and s.currency <> k.currency
)
select m.account_id, m.through_day, least(
  (select min(t.trade_date) from transactions t
   where t.tenant_id = :tenant and t.account_id = m.account_id
     and t.book_version > m.made and t.book_version <= :version),
  (select min(p.day) from security_prices p
   join account_securities x on x.tenant_id = :tenant and x.security_id = p.security_id
     and x.account_id = m.account_id
   where p.tenant_id = :tenant and p.reason is not null
     and p.book_version > m.made and p.book_version <= :version),
  b.day,
  case when f.account_id is not null then
    (select min(r.day) from rated r where r.version > m.made) end) as changed_from
from m
left join by_prices b on b.account_id = m.account_id
left join foreign_held f on f.account_id = m.account_id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Through which day the stored days of an account hold."""

    through: date
    changed_from: date | None

    def holds(self, day: date) -> bool:
        return day <= self.through and (self.changed_from is None or day < self.changed_from)


async def held_days(reader: Reader, view: BookView, account_ids: Sequence[UUID]) -> dict[UUID, Held]:
    """The accounts of which stored days hold for the view."""
    rows = await reader.rows(
        prepared(_HOLDS),
        {"tenant": reader.tenant_id, "version": view.book_version, "account_ids": list(account_ids)},
    )
    return {row.account_id: Held(row.through_day, row.changed_from) for row in rows}


AccountValues = dict[UUID, dict[date, Decimal | None]]


@dataclass(slots=True)
class Valued:
    """Values by account and day, and where something of an account has no price or an old one on a day: how
    many holdings, in this order."""

    values: AccountValues
    flaws: dict[UUID, dict[date, tuple[int, int]]]

    def note(self, account: UUID, day: date, value: Decimal | None, unpriced: int, stale: int) -> None:
        self.values[account][day] = value
        if unpriced or stale:
            self.flaws.setdefault(account, {})[day] = unpriced, stale

    def take(self, other: Valued, first: date) -> None:
        """The other's accounts from a day on; earlier days stay."""
        for account, own in other.values.items():
            self.values.setdefault(account, {}).update(own)
            kept = {day: each for day, each in self.flaws.get(account, {}).items() if day < first}
            if flaws := kept | other.flaws.get(account, {}):
                self.flaws[account] = flaws
            else:
                self.flaws.pop(account, None)

    def add(self, other: Valued) -> None:
        """The other's days beside those there are."""
        for account, own in other.values.items():
            self.values.setdefault(account, {}).update(own)
        for account, flaws in other.flaws.items():
            self.flaws.setdefault(account, {}).update(flaws)

    def begin(self, spans: Mapping[UUID, tuple[date, date]], days: Sequence[date]) -> None:
        """Books begin with the first entry that stands: one that was taken back is none."""
        for account, (first, _) in spans.items():
            own = self.values.get(account, {})
            for day in days[: bisect_left(days, first)]:
                own.pop(day, None)


_READ: Final = """
select d.account_id, d.day, d.market_value, d.unpriced_count, d.stale_count from portfolio_days d
where d.tenant_id = :tenant and d.account_id = any(:account_ids) and d.day between :day_from and :day_to
"""
_READ_FEW: Final = """
select d.account_id, d.day, d.market_value, d.unpriced_count, d.stale_count from portfolio_days d
where d.tenant_id = :tenant and d.account_id = any(:account_ids) and d.day = any(:days)
"""
_FEW: Final = 4
"""Days are few where this many times their number is less than the stretch they lie in."""


async def read_days(reader: Reader, held: Mapping[UUID, Held], days: Sequence[date]) -> Valued:
    """The stored values of the accounts on those of the days that hold."""
    asked = frozenset(days)
    given = {"tenant": reader.tenant_id, "account_ids": list(held)}
    if len(days) * _FEW < (days[-1] - days[0]).days:
        rows = await reader.rows(prepared(_READ_FEW), {**given, "days": list(days)})
    else:
        rows = await reader.rows(prepared(_READ), {**given, "day_from": days[0], "day_to": days[-1]})
    found = Valued({key: {} for key in held}, {})
    for account, day, value, unpriced, stale in map(tuple, rows):
        if day in asked and held[account].holds(day):
            found.note(account, day, value or _NOTHING, unpriced, stale)
    return found


_CLEAR: Final = """
delete from portfolio_days d
where d.tenant_id = :tenant and d.account_id = any(:account_ids) and d.day >= :day_from
"""
_FILL: Final = f"""
with {daily_values(ASKED_BY_IDS)}
insert into portfolio_days (tenant_id, day, account_id, market_value, unpriced_count, stale_count)
select :tenant, (:days)[d.n], d.account_id, d.market_value, d.unpriced_count, d.stale_count from daily d
"""
_MARK: Final = """
insert into portfolio_day_marks (tenant_id, account_id, book_version, through_day, computed_at)
select :tenant, a, :version, :day_to, :computed_at from unnest(:account_ids) a
on conflict (tenant_id, account_id) do update set book_version = excluded.book_version,
  through_day = excluded.through_day, computed_at = excluded.computed_at
"""


async def store_days(
    uow: UnitOfWork, view: BookView, account_ids: Sequence[UUID], days: Sequence[date]
) -> None:
    """Store the accounts on the days, which ascend to the view's last, as its book version knows them; what
    was stored from the first of them on is replaced."""
    given = {
        "tenant": uow.tenant_id,
        **parameters(view, days, view.currency),
        "account_ids": list(account_ids),
        "day_from": days[0],
        "day_to": days[-1],
        "computed_at": view.computed_at,
    }
    await uow.execute(prepared(_CLEAR), used(_CLEAR, given))
    async with joined_by_hash(uow):
        await uow.execute(prepared(_FILL), used(_FILL, given))
    await uow.execute(prepared(_MARK), used(_MARK, given))
