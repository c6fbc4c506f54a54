"""Every statement about requests and their decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, update

from wealthnexus.domain.approvals.models import approval_decisions as decisions
from wealthnexus.domain.approvals.models import approval_requests as requests
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.paging import Page, PageRequest, SortKey


async def insert_request(uow: UnitOfWork, values: dict[str, Any]) -> None:
    await uow.execute(insert(requests).values(tenant_id=uow.tenant_id, **values))


async def insert_decision(uow: UnitOfWork, values: dict[str, Any]) -> None:
    await uow.execute(insert(decisions).values(tenant_id=uow.tenant_id, **values))


async def request_for_update(uow: UnitOfWork, request_id: UUID) -> Row[Any] | None:
    return await uow.one_or_none(
        select(requests)
        .where(requests.c.tenant_id == uow.tenant_id, requests.c.id == request_id)
        .with_for_update()
    )


async def due_requests_for_update(uow: UnitOfWork, instant: datetime, limit: int) -> Sequence[Row[Any]]:
    """Pending requests whose time has passed, oldest first; those somebody is deciding on are left out."""
    return await uow.rows(
        select(requests)
        .where(
            requests.c.tenant_id == uow.tenant_id,
            requests.c.state == "PENDING",
            requests.c.expires_at <= instant,
        )
        .order_by(requests.c.requested_at, requests.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


async def pending_of_maker_for_update(uow: UnitOfWork, maker_id: UUID) -> Sequence[Row[Any]]:
    """All of them: a maker never has more than the engine's limit waiting."""
    return await uow.rows(
        select(requests)
        .where(
            requests.c.tenant_id == uow.tenant_id,
            requests.c.maker_id == maker_id,
            requests.c.state == "PENDING",
        )
        .order_by(requests.c.requested_at, requests.c.id)
        .with_for_update()
    )


async def update_request(uow: UnitOfWork, request_id: UUID, **values: Any) -> Row[Any]:
    """The row is locked already; its version goes up by one."""
    result = await uow.execute(
        update(requests)
        .where(requests.c.tenant_id == uow.tenant_id, requests.c.id == request_id)
        .values(version=requests.c.version + 1, **values)
        .returning(requests)
    )
    return result.one()


async def pending_count_of_maker(reader: Reader, maker_id: UUID) -> int:
    query = select(requests.c.id).where(
        requests.c.tenant_id == reader.tenant_id,
        requests.c.maker_id == maker_id,
        requests.c.state == "PENDING",
    )
    return await count_of(reader, query)


async def decisions_of(reader: Reader, request_ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Decisions per request, in the order they were made."""
    rows = await reader.rows(
        select(decisions)
        .where(decisions.c.tenant_id == reader.tenant_id, decisions.c.request_id.in_(request_ids))
        .order_by(decisions.c.decided_at, decisions.c.id)
    )
    grouped: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.request_id, []).append(row)
    return grouped


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """``awaiting``: pending ones that this person has not made and not decided on."""

    states: Sequence[str] = ()
    kinds: Sequence[str] = ()
    subject_id: UUID | None = None
    awaiting: UUID | None = None


_ORDER = (SortKey(requests.c.requested_at, descending=True), SortKey(requests.c.id, descending=True))


def _requests(reader: Reader, filter_: RequestFilter) -> Select[Any]:
    query = select(requests).where(requests.c.tenant_id == reader.tenant_id)
    if filter_.states:
        query = query.where(requests.c.state.in_(filter_.states))
    if filter_.kinds:
        query = query.where(requests.c.kind.in_(filter_.kinds))
    if filter_.subject_id is not None:
        query = query.where(requests.c.subject_id == filter_.subject_id)
    if filter_.awaiting is not None:
        query = query.where(
            requests.c.state == "PENDING",
            requests.c.expires_at > func.now(),
            requests.c.maker_id != filter_.awaiting,
            ~select(decisions.c.id)
            .where(
                decisions.c.tenant_id == requests.c.tenant_id,
                decisions.c.request_id == requests.c.id,
                decisions.c.decider_id == filter_.awaiting,
            )
            .exists(),
        )
    return query


async def requests_page(reader: Reader, filter_: RequestFilter, request: PageRequest) -> Page[Row[Any]]:
    """Newest first."""
    return await keyset_page(reader, _requests(reader, filter_), _ORDER, "tu", request)


async def count_requests(reader: Reader, filter_: RequestFilter) -> int:
    return await count_of(reader, _requests(reader, filter_))


async def requests_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    rows = await reader.rows(
        select(requests).where(requests.c.tenant_id == reader.tenant_id, requests.c.id.in_(ids))
    )
    return {row.id: row for row in rows}
