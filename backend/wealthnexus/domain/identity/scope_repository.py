"""The expansion of access grants, in the database: what a grant on a book or household stands for."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Row, TextClause, Uuid, bindparam, delete, text

from wealthnexus.domain.identity.models import access_scope
from wealthnexus.kit.db.session import Reader, UnitOfWork


@dataclass(frozen=True, slots=True)
class When:
    """The day of grants where the firm is, the firm's business date for what they reach, its time zone."""

    today: date
    business_date: date
    time_zone: str

    def parameters(self) -> dict[str, Any]:
        return {"today": self.today, "day": self.business_date, "time_zone": self.time_zone}


def in_force(row: str) -> str:
    """Rows of today: half open dates at the firm's business date, and not replaced by a later version."""
    return (
        f"{row}.superseded_version is null and {row}.effective_from <= :day"
        f" and ({row}.effective_to is null or {row}.effective_to > :day)"
    )


REACHING_ROLES: Final = "('owner', 'joint_survivorship', 'joint_common', 'trustee', 'custodian', 'minor')"
"""The roles in which an account is reached through who owns it or acts for it."""

# Every way in which a live grant reaches a subject: from what (``via_id``, null for what was granted), by
# what (``how``) and in which role. Decision 0009 says why it goes this far and no further. Unions without
# "all": recursion over books and entities ends although somebody may have written a circle.
LIVE_COLUMNS: Final = """g.id as grant_id, g.principal_id, g.subject_id, g.relationship,
         u.kind = 'STAFF' as is_staff, g.permissions ? 'write' as may_write,
         (g.effective_to::timestamp at time zone :time_zone) as expires_at"""
IS_LIVE: Final = """g.revoked_at is null
     and g.effective_from <= :today and (g.effective_to is null or g.effective_to > :today)"""

ENDS_ON: Final = """case when not l.is_staff
           and (w.role = 'custodian' or l.relationship in ('guardian', 'parent'))
         then a.custodianship_ends_on end"""

_LIVE: Final = f"""
with recursive live as (
  select {LIVE_COLUMNS}, s.kind
    from access_grants g
    join subjects s on s.tenant_id = g.tenant_id and s.id = g.subject_id
    join users u on u.tenant_id = g.tenant_id and u.id = g.principal_id
   where g.tenant_id = :tenant and s.tenant_id = :tenant and u.tenant_id = :tenant
     {{only}} and {IS_LIVE}
),
"""
# One grant that nobody has: what it would reach. Its id is nil and stands in no table.
_PROPOSED: Final = """
with recursive live as (
  select cast('00000000-0000-0000-0000-000000000000' as uuid) as grant_id,
         cast(:principal as uuid) as principal_id, s.id as subject_id, s.kind,
         cast(:relationship as text) as relationship,
         cast(:is_staff as boolean) as is_staff, false as may_write, cast(null as timestamptz) as expires_at
    from subjects s where s.tenant_id = :tenant and s.id = :subject
),
"""
_REACH: Final = f"""
book_tree as (
  select l.grant_id, l.subject_id as book_id, cast(null as uuid) as via_id from live l where l.kind = 'book'
  union
  select t.grant_id, b.id, t.book_id
    from book_tree t join books b on b.tenant_id = :tenant and b.parent_id = t.book_id
),
held as (
  select l.grant_id, l.subject_id as party_id, cast(null as uuid) as via_id from live l where l.kind = 'party'
  union
  select h.grant_id, o.owned_id, h.party_id
    from held h
    join party_ownerships o on o.tenant_id = :tenant and o.owner_id = h.party_id
     and o.share = 1 and {in_force("o")}
),
holders as (select distinct grant_id, party_id from held),
membership as not materialized (
  select m.household_id, m.account_id from household_accounts m
   where m.tenant_id = :tenant and {in_force("m")}
),
assigned as (
  select distinct t.grant_id, a.account_id, t.book_id
    from (select distinct grant_id, book_id from book_tree) t
    join account_assignments a on a.tenant_id = :tenant and a.book_id = t.book_id and {in_force("a")}
),
book_households as (
  select distinct b.grant_id, m.household_id, b.account_id
    from assigned b join membership m on m.account_id = b.account_id
),
circles as (
  select l.grant_id, l.subject_id as household_id from live l where l.kind = 'household'
  union
  select grant_id, household_id from book_households
),
account_ways as (
  select grant_id, subject_id as account_id, cast(null as uuid) as via_id, 'granted' as how, null as role
    from live where kind = 'account'
  union
  select l.grant_id, m.account_id, l.subject_id, 'household_account', null
    from live l join membership m on m.household_id = l.subject_id where l.kind = 'household'
  union
  select h.grant_id, o.account_id, h.party_id, 'owner', o.role
    from holders h
    join account_owners o on o.tenant_id = :tenant and o.party_id = h.party_id and {in_force("o")}
     and o.role in {REACHING_ROLES}
  union
  select grant_id, account_id, book_id, 'assigned', null from assigned
),
liability_ways as (
  select grant_id, subject_id as liability_id, cast(null as uuid) as via_id, 'granted' as how
    from live where kind = 'liability'
  union
  select c.grant_id, d.id, c.household_id, 'household_liability'
    from circles c join liabilities d on d.tenant_id = :tenant and d.household_id = c.household_id
  union
  select h.grant_id, o.liability_id, h.party_id, 'debtor'
    from holders h
    join liability_owners o on o.tenant_id = :tenant and o.party_id = h.party_id and {in_force("o")}
),
reached as (
  select w.grant_id, w.account_id as subject_id, 'account' as kind, w.via_id, w.how, w.role,
         {ENDS_ON} as ends_on
    from account_ways w
    join live l on l.grant_id = w.grant_id
    join accounts a on a.tenant_id = :tenant and a.id = w.account_id
  union
  select grant_id, liability_id, 'liability', via_id, how, null, null from liability_ways
  union
  select grant_id, book_id, 'book', via_id, case when via_id is null then 'granted' else 'book_below' end,
         null, null from book_tree
  union
  select grant_id, subject_id, 'household', null, 'granted', null, null from live where kind = 'household'
  union
  select grant_id, household_id, 'household', account_id, 'account_household', null, null from book_households
  union
  select grant_id, party_id, 'party', via_id, case when via_id is null then 'granted' else 'entity' end,
         null, null from held
  union
  select c.grant_id, m.party_id, 'party', c.household_id, 'member', m.relationship, null
    from circles c
    join household_members m on m.tenant_id = :tenant and m.household_id = c.household_id and {in_force("m")}
  union
  select w.grant_id, o.party_id, 'party', w.account_id, 'account_owner', o.role, null
    from (select distinct grant_id, account_id from account_ways) w
    join live l on l.grant_id = w.grant_id and l.is_staff
    join account_owners o on o.tenant_id = :tenant and o.account_id = w.account_id and {in_force("o")}
  union
  select w.grant_id, o.party_id, 'party', w.liability_id, 'liability_debtor', null, null
    from (select distinct grant_id, liability_id from liability_ways) w
    join live l on l.grant_id = w.grant_id and l.is_staff
    join liability_owners o on o.tenant_id = :tenant and o.liability_id = w.liability_id and {in_force("o")}
),
open_ways as (select * from reached where ends_on is null or ends_on > :day)
"""

# A custodianship ends at midnight of its day. Where a firm's business date stands still, the days that are
# left count from today, so that the reach ends when that business date comes and not before.
_COLUMNS: Final = "tenant_id, principal_id, subject_id, grant_id, kind, may_write, expires_at"
_EXPANDED: Final = """
select l.principal_id, r.subject_id, r.grant_id, r.kind, l.may_write,
       least(l.expires_at,
             ((cast(:today as date) + (r.ends_on - cast(:day as date)))::timestamp at time zone :time_zone))
         as expires_at
  from (select grant_id, subject_id, kind,
               case when bool_or(ends_on is null) then null else max(ends_on) end as ends_on
          from open_ways group by grant_id, subject_id, kind) r
  join live l on l.grant_id = r.grant_id
"""
_WAYS: Final = _LIVE + _REACH
INSERT: Final = f"""
insert into access_scope ({_COLUMNS})
select :tenant, x.* from ({_EXPANDED}) x
"""
# A text for each question: one plan for "all or this one" would read every grant for this one too.
_OF_ALL: Final = _WAYS.format(only="")
_OF_PRINCIPAL: Final = _WAYS.format(only="and g.principal_id = :principal")
_OF_GRANT: Final = _WAYS.format(only="and g.id = :grant")
_WOULD_REACH: Final = f"""{_PROPOSED}{_REACH}
select r.subject_id, r.kind, s.label,
       case when bool_or(r.ends_on is null) then null else max(r.ends_on) end as ends_on,
       exists (select from access_scope x
                where x.tenant_id = :tenant and x.principal_id = cast(:principal as uuid)
                  and x.subject_id = r.subject_id
                  and (x.expires_at is null or x.expires_at > :now)) as is_seen
  from open_ways r join subjects s on s.tenant_id = :tenant and s.id = r.subject_id
 group by r.subject_id, r.kind, s.label order by r.kind, s.label, r.subject_id limit :most
"""
_EXPLAIN: Final = f"""{_OF_PRINCIPAL}
select grant_id, subject_id, via_id, how, role from open_ways
 where subject_id = any(:subjects) order by grant_id, subject_id, how, via_id, role limit :most
"""


def typed(statement: str, *ids: str, lists: Sequence[str] = ()) -> TextClause:
    kinds = [bindparam(name, type_=Uuid) for name in ("tenant", *ids)]
    return text(statement).bindparams(*kinds, *(bindparam(name, type_=ARRAY(Uuid)) for name in lists))


async def lock_scope(uow: UnitOfWork) -> None:
    """One expansion of a firm at a time: two that overlap would insert the same rows."""
    await uow.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"identity.scope:{uow.tenant_id}"},
    )


# The whole firm: what is right already is not written again, and of the rest the indexes are kept in order.
_KEY: Final = "s.principal_id = w.principal_id and s.subject_id = w.subject_id and s.grant_id = w.grant_id"
_SAME: Final = (
    f"{_KEY} and s.may_write = w.may_write and s.expires_at is not distinct from w.expires_at"
    " and s.kind = w.kind"
)
_WANTED: Final = (
    "drop table if exists wanted_scope",
    f"create temporary table wanted_scope on commit drop as {_OF_ALL} {_EXPANDED}",
    "analyze wanted_scope",
    "delete from access_scope s where s.tenant_id = :tenant"
    f" and not exists (select 1 from wanted_scope w where {_SAME})",
    f"insert into access_scope ({_COLUMNS})"
    " select :tenant, w.* from wanted_scope w where not exists"
    f" (select 1 from access_scope s where s.tenant_id = :tenant and {_KEY})",
)


async def replace_scope(uow: UnitOfWork, when: When, principal_id: UUID | None = None) -> int:
    """Expands anew and writes what differs; returns the number of rows in force."""
    given = {"tenant": uow.tenant_id, **when.parameters()}
    if principal_id is None:
        for statement in _WANTED:
            named = {name: value for name, value in given.items() if f":{name}" in statement}
            await uow.execute(typed(statement) if "tenant" in named else text(statement), named)
        return int(await uow.scalar(text("select count(*) from wanted_scope")))
    await uow.execute(
        delete(access_scope).where(
            access_scope.c.tenant_id == uow.tenant_id, access_scope.c.principal_id == principal_id
        )
    )
    given["principal"] = principal_id
    return (await uow.execute(typed(_OF_PRINCIPAL + INSERT, "principal"), given)).rowcount


async def replace_grant(uow: UnitOfWork, when: When, grant_id: UUID) -> int:
    """The rows of one grant, deleted and expanded anew; returns their number."""
    await uow.execute(
        delete(access_scope).where(
            access_scope.c.tenant_id == uow.tenant_id, access_scope.c.grant_id == grant_id
        )
    )
    given = {"tenant": uow.tenant_id, **when.parameters(), "grant": grant_id}
    return (await uow.execute(typed(_OF_GRANT + INSERT, "grant"), given)).rowcount


async def ways_to(
    reader: Reader,
    principal_id: UUID,
    subject_ids: Sequence[UUID],
    *,
    today: date,
    business_date: date,
    time_zone: str,
    most: int,
) -> Sequence[Row[Any]]:
    """``(grant_id, subject_id, via_id, how, role)``: how the grants of somebody reach these subjects now.

    At most ``most`` rows: a subject may be reached from thousands of others.
    """
    given = {
        "tenant": reader.tenant_id, "principal": principal_id, "subjects": list(subject_ids), "most": most,
        **When(today, business_date, time_zone).parameters(),
    }  # fmt: skip
    return await reader.rows(typed(_EXPLAIN, "principal", lists=("subjects",)), given)


async def would_reach(
    reader: Reader,
    subject_id: UUID,
    *,
    principal_id: UUID | None,
    relationship: str,
    is_staff: bool,
    business_date: date,
    now: datetime,
    most: int,
) -> Sequence[Row[Any]]:
    """``(subject_id, kind, label, ends_on, is_seen)`` by kind and name: what a grant would reach.

    The rules are those of the expansion itself. ``is_seen``: the person sees it already.
    """
    given = {
        "tenant": reader.tenant_id, "principal": principal_id, "subject": subject_id, "now": now,
        "most": most, "relationship": relationship, "is_staff": is_staff, "day": business_date,
    }  # fmt: skip
    return await reader.rows(typed(_WOULD_REACH, "principal", "subject"), given)
