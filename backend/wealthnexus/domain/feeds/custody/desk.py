"""The desk's overview: accounts with the day through which each agrees, and asking for a comparison now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, exists, or_, select, text

from wealthnexus.domain import approvals, audit
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.feeds.custody import texts
from wealthnexus.domain.feeds.custody.reconciling import RECONCILE_JOB
from wealthnexus.domain.feeds.models import custodian_lots, custodian_positions, reconciliations
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import PermissionDenied
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.paging import Page, PageRequest, SortKey


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """``has_evidence``: whether any custodian ever spoke of it; ``matched_on``: compared equal that day."""

    custodian: str | None = None
    has_evidence: bool | None = None
    matched_on: date | None = None


_ORDER: Final = (SortKey(accounts.c.name_normalised), SortKey(accounts.c.id))

# One index probe for each day instead of a walk over every account's row of it.
_DAYS: Final = """
with recursive days(day, place) as (
  select (select max(r.day) from reconciliations r where r.tenant_id = :tenant), 1
  union all
  select (select max(r.day) from reconciliations r where r.tenant_id = :tenant and r.day < d.day), d.place + 1
  from days d where d.place < :row_limit and d.day is not null
)
select day from days where day is not null order by day
"""

_STATES: Final = """
select r.account_id, r.day, r.state, r.open_break_count from reconciliations r
where r.tenant_id = :tenant and r.account_id = any(:account_ids) and r.day = any(:days)
order by r.account_id, r.day
"""

_OPEN: Final = """
select k.account_id, count(*) as open_count from reconciliation_breaks k
where k.tenant_id = :tenant and k.account_id = any(:account_ids) and k.state = 'OPEN'
group by k.account_id
"""

_WAITING: Final = """
select distinct on (x.id) x.id as break_id, q.id as request_id
from unnest(cast(:ids as uuid[])) x(id)
join reconciliation_breaks k on k.tenant_id = :tenant and k.id = x.id
join approval_requests q on q.tenant_id = :tenant and q.subject_id = k.account_id and q.state = 'PENDING'
  and q.kind = 'feeds.sign_off_break' and q.command ->> 'breakId' = cast(x.id as text)
order by x.id, q.requested_at
"""


def _accounts(reader: Reader, filter_: AccountFilter) -> Select[Any]:
    a = accounts.c
    query = select(a.id, a.name, a.name_normalised, a.account_number_last4, a.custodian, a.reconciled_through)
    query = query.where(a.tenant_id == reader.tenant_id, a.closed_on.is_(None))
    if filter_.custodian is not None:
        query = query.where(a.custodian == filter_.custodian)
    if filter_.has_evidence is not None:
        spoken = or_(
            *(
                exists().where(table.c.tenant_id == reader.tenant_id, table.c.account_id == a.id)
                for table in (custodian_positions, custodian_lots)
            )
        )
        query = query.where(spoken if filter_.has_evidence else ~spoken)
    if filter_.matched_on is not None:
        r = reconciliations.c
        query = query.where(
            exists().where(
                r.tenant_id == reader.tenant_id, r.account_id == a.id, r.day == filter_.matched_on,
                r.state == "MATCHED",
            )
        )  # fmt: skip
    return query


async def accounts_page(reader: Reader, filter_: AccountFilter, request: PageRequest) -> Page[Row[Any]]:
    """Open accounts by name."""
    return await keyset_page(reader, _accounts(reader, filter_), _ORDER, "su", request)


async def count_accounts(reader: Reader, filter_: AccountFilter) -> int:
    return await count_of(reader, _accounts(reader, filter_))


async def compared_days(reader: Reader, count: int) -> list[date]:
    """The last days on which anything was compared, oldest first."""
    rows = await reader.rows(prepared(_DAYS), {"tenant": reader.tenant_id, "row_limit": count})
    return [row.day for row in rows]


async def states_of(
    reader: Reader, account_ids: Sequence[UUID], days: Sequence[date]
) -> dict[UUID, list[Row[Any]]]:
    """What comparing said of the accounts on the days."""
    given = {"tenant": reader.tenant_id, "account_ids": list(account_ids), "days": list(days)}
    found: dict[UUID, list[Row[Any]]] = {}
    for row in await reader.rows(prepared(_STATES), given):
        found.setdefault(row.account_id, []).append(row)
    return found


async def open_counts(reader: Reader, account_ids: Sequence[UUID]) -> dict[UUID, int]:
    given = {"tenant": reader.tenant_id, "account_ids": list(account_ids)}
    return {row.account_id: row.open_count for row in await reader.rows(prepared(_OPEN), given)}


async def waiting_requests(reader: Reader, break_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The approval that each difference waits for; those that wait for none are left out."""
    given = {"tenant": reader.tenant_id, "ids": list(break_ids)}
    return {row.break_id: row.request_id for row in await reader.rows(text(_WAITING), given)}


async def reconcile_now(uow: UnitOfWork, caller: approvals.Person) -> UUID:
    """Compare everything that has evidence, as a job; the id of the one that runs already, if one does.

    PermissionDenied without ``reconciliation.work`` or for a caller who sees a part of the firm only.
    """
    if Permission.RECONCILIATION_WORK not in caller.permissions:
        raise PermissionDenied(texts.NO_PERMISSION(permission=Permission.RECONCILIATION_WORK.value))
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.WHOLE_FIRM())
    job_id = await enqueue(uow, RECONCILE_JOB, title=texts.NOW_TITLE(), params={}, dedupe_key="everything")
    await audit.append(
        uow, "feeds.comparison.requested", summary=texts.ASKED_NOW(), details={"jobId": str(job_id)}
    )
    return job_id
