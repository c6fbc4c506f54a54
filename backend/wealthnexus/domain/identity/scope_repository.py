"""The expansion of access grants, in the database: what a grant on a book or household stands for."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, text

from wealthnexus.domain.identity.models import access_scope
from wealthnexus.kit.db.session import UnitOfWork

# What each live grant reaches. Owners proper bring their accounts; beneficiaries, grantors and attorneys
# need a grant of their own. Membership dates are half open and follow the firm's business date; rows
# that replaced others (``superseded``) are left out as the ledger's own reads leave them out.
_EXPAND: Final = """
with recursive live as (
  select g.id as grant_id, g.principal_id, g.subject_id, s.kind,
         g.permissions ? 'write' as may_write,
         (g.effective_to::timestamp at time zone :time_zone) as expires_at
    from access_grants g
    join subjects s on s.tenant_id = g.tenant_id and s.id = g.subject_id
   where g.tenant_id = :tenant and s.tenant_id = :tenant
     and (cast(:principal as uuid) is null or g.principal_id = :principal)
     and g.revoked_at is null
     and g.effective_from <= :today and (g.effective_to is null or g.effective_to > :today)
),
book_tree as (
  select l.grant_id, l.subject_id as book_id from live l where l.kind = 'book'
  union
  select t.grant_id, b.id
    from book_tree t join books b on b.tenant_id = :tenant and b.parent_id = t.book_id
),
current_membership as (
  select household_id, account_id from household_accounts
   where tenant_id = :tenant and superseded_version is null
     and effective_from <= :day and (effective_to is null or effective_to > :day)
),
book_accounts as (
  select distinct t.grant_id, a.account_id
    from book_tree t
    join account_assignments a on a.tenant_id = :tenant and a.book_id = t.book_id
   where a.effective_from <= :day and (a.effective_to is null or a.effective_to > :day)
),
reached as (
  select grant_id, subject_id, kind from live
  union
  select l.grant_id, m.account_id, 'account'
    from live l join current_membership m on m.household_id = l.subject_id where l.kind = 'household'
  union
  select l.grant_id, o.account_id, 'account'
    from live l
    join account_owners o on o.tenant_id = :tenant and o.party_id = l.subject_id
     and o.role in ('owner', 'joint_survivorship', 'joint_common', 'trustee', 'custodian', 'minor')
     and o.effective_from <= :day and (o.effective_to is null or o.effective_to > :day)
   where l.kind = 'party'
  union
  select grant_id, book_id, 'book' from book_tree
  union
  select grant_id, account_id, 'account' from book_accounts
  union
  select b.grant_id, m.household_id, 'household'
    from book_accounts b join current_membership m on m.account_id = b.account_id
)
insert into access_scope (tenant_id, principal_id, subject_id, grant_id, kind, may_write, expires_at)
select :tenant, l.principal_id, r.subject_id, r.grant_id, r.kind, l.may_write, l.expires_at
  from reached r join live l on l.grant_id = r.grant_id
"""


async def lock_scope(uow: UnitOfWork) -> None:
    """One expansion of a firm at a time: two that overlap would insert the same rows."""
    await uow.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"identity.scope:{uow.tenant_id}"},
    )


async def replace_scope(
    uow: UnitOfWork,
    principal_id: UUID | None,
    *,
    today: date,
    business_date: date,
    time_zone: str,
) -> int:
    """Deletes and expands anew; returns the number of rows. One statement whatever the firm's size."""
    gone = delete(access_scope).where(access_scope.c.tenant_id == uow.tenant_id)
    if principal_id is not None:
        gone = gone.where(access_scope.c.principal_id == principal_id)
    await uow.execute(gone)
    parameters: dict[str, Any] = {
        "tenant": uow.tenant_id,
        "principal": principal_id,
        "today": today,
        "day": business_date,
        "time_zone": time_zone,
    }
    statement = text(_EXPAND).bindparams(bindparam("tenant", type_=Uuid), bindparam("principal", type_=Uuid))
    return (await uow.execute(statement, parameters)).rowcount
