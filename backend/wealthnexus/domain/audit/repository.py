"""Every statement about the audit log and its chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain.audit.models import audit_chain, audit_events, audit_pending
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.paging import Page, PageRequest, SortKey


async def insert_event(uow: UnitOfWork, values: dict[str, Any]) -> None:
    """The row and its mark for the sealer, in one statement."""
    appended = insert(audit_events).values(tenant_id=uow.tenant_id, **values).cte("appended")
    await uow.execute(
        insert(audit_pending)
        .values(
            tenant_id=uow.tenant_id,
            audit_id=values["id"],
            occurred_on=values["occurred_on"],
            occurred_at=values["occurred_at"],
        )
        .add_cte(appended)
    )


@dataclass(frozen=True, slots=True)
class EventFilter:
    """``since`` inclusive, ``until`` exclusive; empty does not filter."""

    actions: Sequence[str] = ()
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


_ORDER = (SortKey(audit_events.c.occurred_at, descending=True), SortKey(audit_events.c.id, descending=True))


def _events(reader: Reader, filter_: EventFilter) -> Select[Any]:
    events = audit_events.c
    query = (
        select(audit_events, audit_chain.c.seq.label("chain_seq"), audit_chain.c.chain_hash)
        .select_from(
            audit_events.outerjoin(
                audit_chain,
                and_(audit_chain.c.tenant_id == events.tenant_id, audit_chain.c.audit_id == events.id),
            )
        )
        .where(events.tenant_id == reader.tenant_id)
    )
    if filter_.actions:
        query = query.where(events.action.in_(filter_.actions))
    if filter_.actor_id is not None:
        query = query.where(events.actor_id == filter_.actor_id)
    if filter_.subject_id is not None:
        query = query.where(events.subject_id == filter_.subject_id)
    # The partition key follows the instant: naming it too lets the planner leave partitions out.
    if filter_.since is not None:
        query = query.where(events.occurred_at >= filter_.since, events.occurred_on >= filter_.since.date())
    if filter_.until is not None:
        query = query.where(events.occurred_at < filter_.until, events.occurred_on <= filter_.until.date())
    return query


async def events_page(reader: Reader, filter_: EventFilter, request: PageRequest) -> Page[Row[Any]]:
    """Newest first; ``chain_seq`` and ``chain_hash`` are null while unsealed. Show with ``shown_rows``."""
    return await keyset_page(reader, _events(reader, filter_), _ORDER, "tu", request)


async def count_events(reader: Reader, filter_: EventFilter) -> int:
    return await count_of(reader, _events(reader, filter_))


async def events_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    rows = await reader.rows(_events(reader, EventFilter()).where(audit_events.c.id.in_(ids)))
    return {row.id: row for row in rows}


async def actions(reader: Reader) -> list[str]:
    """Every action that occurs, for the explorer's filter."""
    query = select(audit_events.c.action).where(audit_events.c.tenant_id == reader.tenant_id).distinct()
    return sorted(row.action for row in await reader.rows(query))


# -- the chain ---------------------------------------------------------------------------------------


async def chain_head(reader: Reader) -> Row[Any] | None:
    return await reader.one_or_none(
        select(audit_chain)
        .where(audit_chain.c.tenant_id == reader.tenant_id)
        .order_by(audit_chain.c.seq.desc())
        .limit(1)
    )


async def pending_events(uow: UnitOfWork, limit: int) -> Sequence[Row[Any]]:
    """Committed rows that are not in the chain yet, oldest first."""
    return await uow.rows(
        select(audit_events)
        .select_from(
            audit_pending.join(
                audit_events,
                and_(
                    audit_events.c.tenant_id == audit_pending.c.tenant_id,
                    audit_events.c.occurred_on == audit_pending.c.occurred_on,
                    audit_events.c.id == audit_pending.c.audit_id,
                ),
            )
        )
        .where(audit_pending.c.tenant_id == uow.tenant_id)
        .order_by(audit_pending.c.occurred_at, audit_pending.c.audit_id)
        .limit(limit)
    )


async def insert_links(uow: UnitOfWork, links: Sequence[dict[str, Any]]) -> None:
    await uow.execute(insert(audit_chain), [{"tenant_id": uow.tenant_id, **link} for link in links])
    await uow.execute(
        delete(audit_pending).where(
            audit_pending.c.tenant_id == uow.tenant_id,
            audit_pending.c.audit_id.in_([link["audit_id"] for link in links]),
        )
    )


async def links_after(reader: Reader, seq: int, limit: int) -> Sequence[Row[Any]]:
    """Links with their rows, by seq; a row that is gone comes as nulls (``event_id`` null)."""
    columns = [column.label(f"event_{column.key}") for column in audit_events.c]
    return await reader.rows(
        select(audit_chain, *columns)
        .select_from(
            audit_chain.outerjoin(
                audit_events,
                and_(
                    audit_events.c.tenant_id == audit_chain.c.tenant_id,
                    audit_events.c.occurred_on == audit_chain.c.occurred_on,
                    audit_events.c.id == audit_chain.c.audit_id,
                ),
            )
        )
        .where(audit_chain.c.tenant_id == reader.tenant_id, audit_chain.c.seq > seq)
        .order_by(audit_chain.c.seq)
        .limit(limit)
    )


async def unsealed_events(
    reader: Reader, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row[Any]]:
    """Rows without a link, found by the rows themselves (not by the sealer's marks)."""
    query = (
        select(audit_events)
        .where(
            audit_events.c.tenant_id == reader.tenant_id,
            ~select(audit_chain.c.seq)
            .where(
                audit_chain.c.tenant_id == audit_events.c.tenant_id,
                audit_chain.c.audit_id == audit_events.c.id,
            )
            .exists(),
        )
        .order_by(audit_events.c.occurred_at, audit_events.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(audit_events.c.occurred_at, audit_events.c.id) > after)
    return await reader.rows(query)


async def unsealed_summary(reader: Reader) -> tuple[int, datetime | None]:
    """How many rows wait for the sealer and since when."""
    row = (
        await reader.execute(
            select(
                func.count().label("waiting"), func.min(audit_pending.c.occurred_at).label("oldest")
            ).where(audit_pending.c.tenant_id == reader.tenant_id)
        )
    ).one()
    return row.waiting, row.oldest


async def lost_pending(reader: Reader, settled_before: datetime) -> int:
    """Rows older than ``settled_before`` with neither link nor mark: somebody removed the mark."""
    query = select(audit_events.c.id).where(
        audit_events.c.tenant_id == reader.tenant_id,
        audit_events.c.occurred_at < settled_before,
        ~select(audit_chain.c.seq)
        .where(
            audit_chain.c.tenant_id == audit_events.c.tenant_id,
            audit_chain.c.audit_id == audit_events.c.id,
        )
        .exists(),
        ~select(audit_pending.c.audit_id)
        .where(
            audit_pending.c.tenant_id == audit_events.c.tenant_id,
            audit_pending.c.audit_id == audit_events.c.id,
        )
        .exists(),
    )
    return await count_of(reader, query)


SETTLED_AFTER = timedelta(minutes=10)
