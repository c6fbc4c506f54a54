"""Writing what comparing said: reconciliations, breaks, and the day through which each account agrees."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, text, update

from wealthnexus.domain.feeds.custody.rules import Break, Key
from wealthnexus.domain.feeds.custody.runs import Days, Known
from wealthnexus.domain.feeds.models import reconciliation_breaks as breaks
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id

_BATCHES: Final = """
select {listed} from custodian_positions e where e.tenant_id = :tenant {condition}
union
select {listed} from custodian_lots e where e.tenant_id = :tenant {condition}
"""

_ALL_DUE: Final = f"""
with evidence as ({_BATCHES.format(listed="e.account_id, e.day", condition="")})
select e.day, array_agg(e.account_id order by e.account_id) as account_ids
from evidence e group by e.day order by e.day
"""

# What the book versions from one on can change: the evidence their batches brought, what our side is on
# compared days from the first day they wrote on, and what the custodian says of securities whose price
# they changed.
_SINCE: Final = """(select b.batch_id from book_versions b
  where b.tenant_id = :tenant and b.version >= :version and b.batch_id is not null)"""
_DUE: Final = f"""
with fresh as ({
    _BATCHES.format(
        listed="e.account_id, e.day",
        condition=f"and e.batch_id in {_SINCE}",
    )
}),
moved as (
  select m.account_id, min(m.day) as day from (
    select t.account_id, t.trade_date as day from transactions t
    where t.tenant_id = :tenant and t.book_version >= :version
    union all
    select l.account_id, l.as_of from lots l
    where l.tenant_id = :tenant and (l.book_version >= :version or l.superseded_version >= :version)
  ) m group by m.account_id
),
priced as (
  select c.security_id, min(c.day) as day from (
    select p.security_id, p.day from security_prices p
    where p.tenant_id = :tenant and p.batch_id in {_SINCE}
    union all
    select p.security_id, p.day from security_prices p
    where p.tenant_id = :tenant and p.batch_id is null and p.book_version >= :version
  ) c group by c.security_id
),
due as (
  select f.account_id, f.day from fresh f
  union
  select r.account_id, r.day from moved m
  join reconciliations r on r.tenant_id = :tenant and r.account_id = m.account_id and r.day >= m.day
  union
  select e.account_id, e.day from priced p
  join custodian_positions e on e.tenant_id = :tenant and e.security_id = p.security_id and e.day >= p.day
  union
  -- Compared with evidence that was taken back: with what stood before it, or with nothing.
  select r.account_id, r.day from import_undos u
  join reconciliations r on r.tenant_id = :tenant and r.evidence_batch_id = u.batch_id
  where u.tenant_id = :tenant and u.book_version >= :version
)
select d.day, array_agg(d.account_id order by d.account_id) as account_ids
from due d group by d.day order by d.day
"""

_DAYS: Final = """
select r.account_id, max(r.day) filter (where r.day < :day) as before,
  min(r.day) filter (where r.day > :day) as after, max(r.day) as last
from reconciliations r
where r.tenant_id = :tenant and r.account_id = any(:account_ids)
group by r.account_id
"""

_COMPARED: Final = """
insert into reconciliations (tenant_id, account_id, day, state, compared_count, open_break_count,
  evidence_batch_id, book_version, checked_at)
select :tenant, x.account_id, :day, 'BREAKS', x.compared_count, 0, x.batch_id, :version, :computed_at
from unnest(cast(:ids as uuid[]), cast(:batch_ids as uuid[]), cast(:counts as int[]))
  x(account_id, batch_id, compared_count)
on conflict (tenant_id, account_id, day) do update set compared_count = excluded.compared_count,
  evidence_batch_id = excluded.evidence_batch_id, book_version = excluded.book_version,
  checked_at = excluded.checked_at
where (reconciliations.compared_count, reconciliations.evidence_batch_id, reconciliations.book_version)
  is distinct from (excluded.compared_count, excluded.evidence_batch_id, excluded.book_version)
"""

# A day is what the breaks that cover it are: one that a later day cleared was one of time and covers nothing.
_STATES: Final = """
with judged as (
  select r.account_id, r.day, count(k.id) filter (where k.state = 'OPEN') as open_count,
    count(k.id) filter (where k.state = 'SIGNED_OFF') as decided_count
  from reconciliations r
  left join reconciliation_breaks k on k.tenant_id = :tenant and k.account_id = r.account_id
    and r.day between k.opened_on and k.day and k.state <> 'CLEARED'
  where r.tenant_id = :tenant and r.account_id = any(:account_ids)
  group by r.account_id, r.day
)
update reconciliations r set open_break_count = j.open_count,
  state = case when j.open_count > 0 then 'BREAKS' when j.decided_count > 0 then 'SIGNED_OFF'
    else 'MATCHED' end
from judged j
where r.tenant_id = :tenant and r.account_id = j.account_id and r.day = j.day
  and (r.open_break_count, r.state) is distinct from (j.open_count,
    case when j.open_count > 0 then 'BREAKS' when j.decided_count > 0 then 'SIGNED_OFF' else 'MATCHED' end)
"""

# Evidence that nobody has compared yet agrees with nothing.
_THROUGH: Final = f"""
with evidence as ({
    _BATCHES.format(listed="e.account_id, e.day", condition="and e.account_id = any(:account_ids)")
}),
judged as (
  select e.account_id, e.day,
    min(e.day) filter (where coalesce(r.state, 'BREAKS') = 'BREAKS') over (partition by e.account_id)
      as first_bad
  from evidence e left join reconciliations r on r.tenant_id = :tenant and r.account_id = e.account_id
    and r.day = e.day
),
through as (
  select j.account_id, max(j.day) filter (where j.first_bad is null or j.day < j.first_bad) as day
  from judged j group by j.account_id
)
update accounts a set reconciled_through = t.day from through t
where a.tenant_id = :tenant and a.id = t.account_id and a.reconciled_through is distinct from t.day
returning a.id, a.reconciled_through
"""


async def due(reader: Reader, version: int | None) -> list[tuple[date, list[UUID]]]:
    """The accounts to compare by day, oldest first: what the book versions from ``version`` on can have
    changed, or everything that has evidence."""
    given: dict[str, Any] = {"tenant": reader.tenant_id}
    if version is None:
        found = await reader.rows(prepared(_ALL_DUE), given)
    else:
        found = await reader.rows(prepared(_DUE), {**given, "version": version})
    return [(row.day, list(row.account_ids)) for row in found]


_LEFT_UNDONE: Final = """
select min((j.params ->> 'bookVersion')::bigint) from jobs j
where j.tenant_id = :tenant and j.kind = :kind and j.state in ('FAILED', 'CANCELLED')
  and j.requested_at >= :since and j.finished_at > coalesce((
    select max(s.started_at) from jobs s where s.tenant_id = :tenant and s.kind = :kind
      and s.state = 'SUCCEEDED' and s.requested_at >= :since), '-infinity')
"""


async def left_undone(reader: Reader, kind: str, since: datetime) -> int | None:
    """The first book version that comparisons asked for from ``since`` on gave up, and that none which has
    begun later and succeeded has taken up."""
    given = {"tenant": reader.tenant_id, "kind": kind, "since": since}
    found = await reader.scalar(text(_LEFT_UNDONE), given)
    return None if found is None else int(found)


async def has_evidence(reader: Reader) -> bool:
    """Whether any custodian has told the firm anything."""
    found = await reader.scalar(
        prepared(
            "select exists (select 1 from custodian_positions e where e.tenant_id = :tenant)"
            " or exists (select 1 from custodian_lots e where e.tenant_id = :tenant)"
        ),
        {"tenant": reader.tenant_id},
    )
    return bool(found)


async def lock(uow: UnitOfWork) -> None:
    """One comparison or decision of the firm at a time."""
    await uow.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"feeds.reconcile:{uow.tenant_id}"},
    )


async def days_around(uow: UnitOfWork, account_ids: Sequence[UUID], day: date) -> dict[UUID, Days]:
    given = {"tenant": uow.tenant_id, "account_ids": list(account_ids), "day": day}
    return {
        row.account_id: Days(day, row.before, row.after, row.last)
        for row in await uow.rows(prepared(_DAYS), given)
    }


async def breaks_of(uow: UnitOfWork, account_ids: Sequence[UUID], day: date) -> dict[UUID, list[Known]]:
    """Those that stand, and cleared ones that cover the day; locked."""
    found = await uow.rows(
        select(breaks)
        .where(
            breaks.c.tenant_id == uow.tenant_id,
            breaks.c.account_id.in_(account_ids),
            (breaks.c.state != "CLEARED") | ((breaks.c.opened_on <= day) & (breaks.c.day >= day)),
        )
        .order_by(breaks.c.opened_on, breaks.c.id)
        .with_for_update()
    )
    grouped: dict[UUID, list[Known]] = {}
    for row in found:
        key = Key(row.kind, row.security_id, row.currency)
        known = Known(row.id, key, row.state, row.opened_on, row.day, row.difference, row.owner_id)
        grouped.setdefault(row.account_id, []).append(known)
    return grouped


async def write_compared(
    uow: UnitOfWork, day: date, version: int, now: Any, compared: Mapping[UUID, tuple[UUID, int]]
) -> None:
    """``compared``: the evidence's batch and the count of figures, by account."""
    await uow.execute(
        text(_COMPARED),
        {
            "tenant": uow.tenant_id,
            "day": day,
            "version": version,
            "computed_at": now,
            "ids": list(compared),
            "batch_ids": [batch_id for batch_id, _ in compared.values()],
            "counts": [count for _, count in compared.values()],
        },
    )


def new_row(
    uow: UnitOfWork, account_id: UUID, day: date, one: Break, *, owner_id: UUID | None, now: Any
) -> dict[str, Any]:
    return {
        "tenant_id": uow.tenant_id,
        "id": new_id(),
        "account_id": account_id,
        "day": day,
        "kind": one.key.kind,
        "security_id": one.key.security_id,
        "currency": one.key.currency,
        "ours": one.ours,
        "theirs": one.theirs,
        "difference": one.difference,
        "tolerance": one.tolerance,
        "state": "OPEN",
        "opened_on": day,
        "owner_id": owner_id,
        "created_at": now,
        "version": 1,
    }


async def insert_breaks(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await uow.execute(insert(breaks), list(rows))


_UPDATED: Final = text(
    "update reconciliation_breaks k set state = x.state, opened_on = x.opened_on, day = x.day,"
    " ours = case when x.shows then x.ours else k.ours end,"
    " theirs = case when x.shows then x.theirs else k.theirs end,"
    " difference = case when x.shows then x.difference else k.difference end,"
    " tolerance = case when x.shows then x.tolerance else k.tolerance end, version = k.version + 1"
    " from unnest(cast(:ids as uuid[]), cast(:states as text[]), cast(:opened as date[]),"
    " cast(:days as date[]), cast(:shows as boolean[]), cast(:ours as numeric[]),"
    " cast(:theirs as numeric[]), cast(:differences as numeric[]), cast(:tolerances as numeric[]))"
    " x(id, state, opened_on, day, shows, ours, theirs, difference, tolerance)"
    " where k.tenant_id = :tenant and k.id = x.id"
)


async def update_known(uow: UnitOfWork, known: Sequence[Known]) -> None:
    """The breaks as the plan has them, in one statement. ``found``: what each shows from now on."""
    if not known:
        return
    found = [each.found for each in known]
    await uow.execute(
        _UPDATED,
        {
            "tenant": uow.tenant_id,
            "ids": [each.id for each in known],
            "states": [each.state for each in known],
            "opened": [each.opened_on for each in known],
            "days": [each.last_day for each in known],
            "shows": [one is not None for one in found],
            "ours": [one and one.ours for one in found],
            "theirs": [one and one.theirs for one in found],
            "differences": [one and one.difference for one in found],
            "tolerances": [one and one.tolerance for one in found],
        },
    )


_NAMED: Final = text(
    "update reconciliation_breaks k set finding_id = x.finding_id"
    " from unnest(cast(:ids as uuid[]), cast(:finding_ids as uuid[])) x(id, finding_id)"
    " where k.tenant_id = :tenant and k.id = x.id"
)


async def name_findings(uow: UnitOfWork, findings: Mapping[UUID, UUID | None]) -> None:
    """The finding that tells of each break; None: no longer one."""
    if findings:
        given = {"tenant": uow.tenant_id, "ids": list(findings), "finding_ids": list(findings.values())}
        await uow.execute(_NAMED, given)


async def update_break(uow: UnitOfWork, break_id: UUID, **values: Any) -> Row[Any]:
    """The row is locked already; its version goes up by one."""
    result = await uow.execute(
        update(breaks)
        .where(breaks.c.tenant_id == uow.tenant_id, breaks.c.id == break_id)
        .values(version=breaks.c.version + 1, **values)
        .returning(breaks)
    )
    return result.one()


async def break_for_update(uow: UnitOfWork, break_id: UUID) -> Row[Any] | None:
    return await uow.one_or_none(
        select(breaks).where(breaks.c.tenant_id == uow.tenant_id, breaks.c.id == break_id).with_for_update()
    )


async def settle(uow: UnitOfWork, account_ids: Sequence[UUID]) -> dict[UUID, date | None]:
    """Days and accounts as their breaks now make them; the accounts whose ``reconciled_through`` moved."""
    given = {"tenant": uow.tenant_id, "account_ids": list(account_ids)}
    await uow.execute(prepared(_STATES), given)
    moved = await uow.execute(prepared(_THROUGH), given)
    return {row.id: row.reconciled_through for row in moved.all()}
