"""Reads of reconciliations and breaks, the same for every caller: row security says whose."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, Text, cast, exists, select, text

from wealthnexus.domain.approvals.models import approval_requests
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.feeds.models import reconciliation_breaks as breaks
from wealthnexus.domain.feeds.models import reconciliations
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, SortKey

_UNIT_WORTHS: Final = f"""
select k.id, p.close * s.price_multiplier as worth
from unnest(cast(:ids as uuid[])) x(id)
join reconciliation_breaks k on k.tenant_id = :tenant and k.id = x.id
join securities s on s.tenant_id = :tenant and s.id = k.security_id
cross join lateral ({LATEST_PRICE.format(security="k.security_id", day="k.day")}) p
"""


async def unit_worths(reader: Reader, rows: Sequence[Row[Any]]) -> dict[UUID, Decimal]:
    """What one unit is worth on the break's day, by break; those without a price are left out."""
    ids = [row.id for row in rows if row.kind in ("QUANTITY", "LOTS")]
    if not ids:
        return {}
    given = {"tenant": reader.tenant_id, "ids": ids, "version": 2**62}
    return {row.id: row.worth for row in await reader.rows(text(_UNIT_WORTHS), given)}


@dataclass(frozen=True, slots=True)
class BreakFilter:
    """Empty sequences do not filter. ``opened_by``: opened on that day or before. ``is_waiting``: a second
    person is asked to agree to its sign-off."""

    states: Sequence[str] = ()
    kinds: Sequence[str] = ()
    custodian: str | None = None
    account_id: UUID | None = None
    owner_id: UUID | None = None
    opened_by: date | None = None
    is_waiting: bool | None = None


@dataclass(frozen=True, slots=True)
class ReconciliationFilter:
    """Empty sequences do not filter; the days are inclusive."""

    states: Sequence[str] = ()
    custodian: str | None = None
    account_id: UUID | None = None
    day_from: date | None = None
    day_to: date | None = None


_BREAK_ORDER: Final = (SortKey(breaks.c.opened_on), SortKey(breaks.c.id))
_DAY_ORDER: Final = (
    SortKey(reconciliations.c.day, descending=True),
    SortKey(reconciliations.c.account_id, descending=True),
)


def _breaks(reader: Reader, filter_: BreakFilter) -> Select[Any]:
    query = select(breaks).where(breaks.c.tenant_id == reader.tenant_id)
    if filter_.states:
        query = query.where(breaks.c.state.in_(filter_.states))
    if filter_.kinds:
        query = query.where(breaks.c.kind.in_(filter_.kinds))
    if filter_.account_id is not None:
        query = query.where(breaks.c.account_id == filter_.account_id)
    if filter_.owner_id is not None:
        query = query.where(breaks.c.owner_id == filter_.owner_id)
    if filter_.opened_by is not None:
        query = query.where(breaks.c.opened_on <= filter_.opened_by)
    if filter_.is_waiting is not None:
        q = approval_requests.c
        waits = exists().where(
            q.tenant_id == reader.tenant_id,
            q.subject_id == breaks.c.account_id,
            q.kind == "feeds.sign_off_break",
            q.state == "PENDING",
            q.command["breakId"].astext == cast(breaks.c.id, Text),
        )
        query = query.where(waits if filter_.is_waiting else ~waits)
    return _at_custodian(query, reader, breaks.c.account_id, filter_.custodian)


def _at_custodian(query: Select[Any], reader: Reader, account: Any, custodian: str | None) -> Select[Any]:
    if custodian is None:
        return query
    return query.where(
        account.in_(
            select(accounts.c.id).where(
                accounts.c.tenant_id == reader.tenant_id, accounts.c.custodian == custodian
            )
        )
    )


def _reconciliations(reader: Reader, filter_: ReconciliationFilter) -> Select[Any]:
    query = select(reconciliations).where(reconciliations.c.tenant_id == reader.tenant_id)
    if filter_.states:
        query = query.where(reconciliations.c.state.in_(filter_.states))
    if filter_.account_id is not None:
        query = query.where(reconciliations.c.account_id == filter_.account_id)
    if filter_.day_from is not None:
        query = query.where(reconciliations.c.day >= filter_.day_from)
    if filter_.day_to is not None:
        query = query.where(reconciliations.c.day <= filter_.day_to)
    return _at_custodian(query, reader, reconciliations.c.account_id, filter_.custodian)


async def breaks_page(reader: Reader, filter_: BreakFilter, request: PageRequest) -> Page[Row[Any]]:
    """Oldest first."""
    return await keyset_page(reader, _breaks(reader, filter_), _BREAK_ORDER, "du", request)


async def count_breaks(reader: Reader, filter_: BreakFilter) -> int:
    return await count_of(reader, _breaks(reader, filter_))


async def breaks_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    rows = await reader.rows(
        select(breaks).where(breaks.c.tenant_id == reader.tenant_id, breaks.c.id.in_(ids))
    )
    return {row.id: row for row in rows}


async def custodians_of(reader: Reader, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The custodian of each account; those without one are left out."""
    a = accounts.c
    rows = await reader.rows(
        select(a.id, a.custodian).where(
            a.tenant_id == reader.tenant_id, a.id.in_(set(account_ids)), a.custodian.is_not(None)
        )
    )
    return {row.id: row.custodian for row in rows}


_OF_DAYS: Final = """
select k.*, x.account_id as asked_account, x.day as asked_day
from unnest(cast(:account_ids as uuid[]), cast(:days as date[])) x(account_id, day)
join reconciliation_breaks k on k.tenant_id = :tenant and k.account_id = x.account_id
  and x.day between k.opened_on and k.day
order by x.account_id, x.day, k.opened_on, k.id
"""

_EVIDENCE_DAYS: Final = """
select x.account_id, greatest(
  (select max(e.day) from custodian_positions e
   where e.tenant_id = :tenant and e.account_id = x.account_id and e.day <= :day),
  (select max(e.day) from custodian_lots e
   where e.tenant_id = :tenant and e.account_id = x.account_id and e.day <= :day)) as day
from unnest(:account_ids) x(account_id)
"""


async def breaks_of_days(
    reader: Reader, keys: Sequence[tuple[UUID, date]]
) -> list[tuple[tuple[UUID, date], Row[Any]]]:
    """The breaks that cover each account and day, oldest first."""
    given = {
        "tenant": reader.tenant_id,
        "account_ids": [account_id for account_id, _ in keys],
        "days": [day for _, day in keys],
    }
    rows = await reader.rows(prepared(_OF_DAYS), given)
    return [((row.asked_account, row.asked_day), row) for row in rows]


async def latest_evidence_days(reader: Reader, account_ids: Sequence[UUID], day: date) -> dict[UUID, date]:
    """The last day up to ``day`` on which the custodian said anything of each account."""
    given = {"tenant": reader.tenant_id, "account_ids": list(account_ids), "day": day}
    rows = await reader.rows(prepared(_EVIDENCE_DAYS), given)
    return {row.account_id: row.day for row in rows if row.day is not None}


async def reconciliations_page(
    reader: Reader, filter_: ReconciliationFilter, request: PageRequest
) -> Page[Row[Any]]:
    """Latest day first."""
    return await keyset_page(reader, _reconciliations(reader, filter_), _DAY_ORDER, "du", request)


async def count_reconciliations(reader: Reader, filter_: ReconciliationFilter) -> int:
    return await count_of(reader, _reconciliations(reader, filter_))
