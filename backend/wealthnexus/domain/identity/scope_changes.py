"""After a change: who may see what it touches, worked out anew for these subjects alone.

The expansion (``scope_repository``) starts from the grants and goes down; this starts from the subjects that
a change touches and goes up, so that it costs by the change and not by the firm. Both give the same rows.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.identity.scope_repository import (
    ENDS_ON,
    INSERT,
    IS_LIVE,
    LIVE_COLUMNS,
    REACHING_ROLES,
    When,
    in_force,
    typed,
)
from wealthnexus.kit.db.session import UnitOfWork

SUBJECTS_MAX: Final = 5_000
"""Beyond these the whole firm is worked out: it costs no more."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches: both ends of every tie it wrote or ended; ``entities``: parties whose owners
    changed, which changes who holds everything below them."""

    subjects: Collection[UUID]
    entities: Collection[UUID] = ()


# Everything whose reach may be another one after the change.
_AFFECTED: Final = f"""
with recursive below as (
  select unnest(:entities) as party_id
  union
  select o.owned_id from below b
    join party_ownerships o on o.tenant_id = :tenant and o.owner_id = b.party_id
     and o.share = 1 and {in_force("o")}
),
given as (
  select s.id, s.kind from subjects s where s.tenant_id = :tenant and s.id = any(:subjects)
),
homes as (
  select id as household_id from given where kind = 'household'
  union
  select m.household_id from given g
    join household_accounts m on m.tenant_id = :tenant and m.account_id = g.id and {in_force("m")}
   where g.kind = 'account'
),
theirs as (
  select id as account_id from given where kind = 'account'
  union
  select o.account_id from below b
    join account_owners o on o.tenant_id = :tenant and o.party_id = b.party_id and {in_force("o")}
),
debts as (
  select id as liability_id from given where kind = 'liability'
  union
  select d.id from homes h join liabilities d on d.tenant_id = :tenant and d.household_id = h.household_id
  union
  select o.liability_id from below b
    join liability_owners o on o.tenant_id = :tenant and o.party_id = b.party_id and {in_force("o")}
)
select id from given
union select party_id from below
union select household_id from homes
union select account_id from theirs
union select liability_id from debts
union select m.party_id from homes h
  join household_members m on m.tenant_id = :tenant and m.household_id = h.household_id and {in_force("m")}
union select o.party_id from theirs t
  join account_owners o on o.tenant_id = :tenant and o.account_id = t.account_id and {in_force("o")}
union select o.party_id from debts d
  join liability_owners o on o.tenant_id = :tenant and o.liability_id = d.liability_id and {in_force("o")}
"""

_FORGET: Final = "delete from access_scope where tenant_id = :tenant and subject_id = any(:subjects)"

_LIVE: Final = f"""
live as materialized (
  select {LIVE_COLUMNS}
    from access_grants g join users u on u.tenant_id = :tenant and u.id = g.principal_id
   where g.tenant_id = :tenant and {{only}} and {IS_LIVE}
)"""

# Accounts, debts, households and books: up to everything a grant on which reaches them.
_THINGS: Final = f"""
with recursive asked as materialized (
  select s.id, s.kind from subjects s where s.tenant_id = :tenant and s.id = any(:subjects)
     and s.kind in ('account', 'liability', 'household', 'book')
),
debts as (
  select a.id, d.household_id from asked a
    join liabilities d on d.tenant_id = :tenant and d.id = a.id
   where a.kind = 'liability' and d.household_id is not null
),
homes as (
  select id as target, id as household_id from asked where kind = 'household'
  union all select id, household_id from debts
),
beside as (
  select h.target, m.account_id from homes h
    join household_accounts m on m.tenant_id = :tenant and m.household_id = h.household_id and {in_force("m")}
  union all select id, id from asked where kind = 'account'
),
in_books as (
  select id as target, id as book_id from asked where kind = 'book'
  union
  select b.target, s.book_id from beside b
    join account_assignments s on s.tenant_id = :tenant and s.account_id = b.account_id and {in_force("s")}
  union
  select i.target, b.parent_id from in_books i
    join books b on b.tenant_id = :tenant and b.id = i.book_id where b.parent_id is not null
),
held_by as (
  select * from (
    select a.id as target, o.party_id, o.role from asked a
      join account_owners o on o.tenant_id = :tenant and o.account_id = a.id and {in_force("o")}
       and o.role in {REACHING_ROLES}
    union
    select a.id, o.party_id, null from asked a
      join liability_owners o on o.tenant_id = :tenant and o.liability_id = a.id and {in_force("o")}
  ) direct
  union
  select h.target, o.owner_id, h.role from held_by h
    join party_ownerships o on o.tenant_id = :tenant and o.owned_id = h.party_id
     and o.share = 1 and {in_force("o")}
),
ways as materialized (
  select id as target, id as granted_id, null as role from asked
  union all select target, book_id, null from in_books
  union all select target, party_id, role from held_by
  union all select id, household_id, null from debts
  union all
  select a.id, m.household_id, null from asked a
    join household_accounts m on m.tenant_id = :tenant and m.account_id = a.id and {in_force("m")}
),
{_LIVE.format(only="g.subject_id = any(array(select granted_id from ways))")},
open_ways as (
  select grant_id, subject_id, kind, ends_on from (
    select l.grant_id, w.target as subject_id, s.kind, {ENDS_ON} as ends_on
      from ways w
      join live l on l.subject_id = w.granted_id
      join asked s on s.id = w.target
      left join accounts a on a.tenant_id = :tenant and a.id = w.target
  ) r where ends_on is null or ends_on > :day
)
{INSERT}"""

# People and entities: what they hold through whoever holds them, and beside what is reached already.
_PEOPLE: Final = f"""
with recursive asked as materialized (
  select s.id from subjects s
   where s.tenant_id = :tenant and s.id = any(:subjects) and s.kind = 'party'
),
held_by as (
  select id as target, id as party_id from asked
  union
  select h.target, o.owner_id from held_by h
    join party_ownerships o on o.tenant_id = :tenant and o.owned_id = h.party_id
     and o.share = 1 and {in_force("o")}
),
around as (
  select p.id as target, m.household_id as subject_id, false as for_staff from asked p
    join household_members m on m.tenant_id = :tenant and m.party_id = p.id and {in_force("m")}
  union
  select p.id, o.account_id, true from asked p
    join account_owners o on o.tenant_id = :tenant and o.party_id = p.id and {in_force("o")}
  union
  select p.id, o.liability_id, true from asked p
    join liability_owners o on o.tenant_id = :tenant and o.party_id = p.id and {in_force("o")}
),
reached as materialized (
  select g.id as grant_id, h.target, false as for_staff from held_by h
    join access_grants g on g.tenant_id = :tenant and g.subject_id = h.party_id
  union
  select s.grant_id, a.target, a.for_staff from around a
    join access_scope s on s.tenant_id = :tenant and s.subject_id = a.subject_id
),
{_LIVE.format(only="g.id = any(array(select grant_id from reached))")},
open_ways as (
  select r.grant_id, r.target as subject_id, 'party' as kind, cast(null as date) as ends_on
    from reached r join live l on l.grant_id = r.grant_id where l.is_staff or not r.for_staff
)
{INSERT}"""


async def affected(uow: UnitOfWork, when: When, touched: Touched) -> list[UUID]:
    """Every subject whose reach the change may have changed."""
    given = _given(uow, when, touched.subjects, entities=list(touched.entities))
    rows = await uow.rows(typed(_AFFECTED, lists=("subjects", "entities")), given)
    return [row[0] for row in map(tuple, rows)]


async def replace_subjects(uow: UnitOfWork, when: When, subject_ids: Collection[UUID]) -> int:
    """The rows of these subjects, whoever's they are, deleted and worked out anew; returns their number.

    Everything that leads to them must be worked out already: of what ``affected`` names, that is so.
    """
    given = _given(uow, when, subject_ids)
    await uow.execute(
        typed(_FORGET, lists=("subjects",)), {name: given[name] for name in ("tenant", "subjects")}
    )
    things = (await uow.execute(typed(_THINGS, lists=("subjects",)), given)).rowcount
    people = (await uow.execute(typed(_PEOPLE, lists=("subjects",)), given)).rowcount
    return things + people


def _given(uow: UnitOfWork, when: When, subject_ids: Collection[UUID], **more: Any) -> dict[str, Any]:
    return {"tenant": uow.tenant_id, **when.parameters(), "subjects": list(subject_ids), **more}
