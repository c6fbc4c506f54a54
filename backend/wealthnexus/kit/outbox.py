"""The outbox: what must leave the database after the commit, written in the same transaction.

Two topics: ``event`` (published to the firm's stream) and ``job`` (handed to the workers). Nothing is
enqueued or published any other way. ``add`` wakes the relay when the transaction commits.
"""

# ruff: noqa: PLR0917 -- the facts of one row, in the order of its columns

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from wealthnexus.kit import clock
from wealthnexus.kit import json as kit_json
from wealthnexus.kit.db.platform_tables import event_heads, outbox
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id

CHANNEL: Final = "outbox"
PAYLOAD_BYTES_MAX: Final = 8_000
KEPT_ROWS: Final = 2_000
_FACT: Final = "outbox.announced"


async def add(
    uow: UnitOfWork,
    *,
    topic: Literal["event", "job"],
    event_type: str,
    version: int,
    payload: Mapping[str, Any],
    subject_id: UUID | None = None,
    audience_id: UUID | None = None,
    book_version: int | None = None,
) -> UUID:
    """One row, with who acts and the request it came from; returns its id.

    ValueError when the payload is larger than 8,000 bytes: it should carry ids, not contents.
    """
    row = _row(uow, topic, event_type, version, payload, subject_id, audience_id) | {
        "book_version": book_version
    }
    await uow.execute(insert(outbox).values(**row))
    await _wake_relay(uow)
    row_id: UUID = row["id"]
    return row_id


async def add_many(
    uow: UnitOfWork,
    *,
    event_type: str,
    version: int,
    rows: Sequence[tuple[Mapping[str, Any], UUID | None, UUID | None]],
) -> None:
    """Events of one type, each with payload, subject and audience; one statement for all of them."""
    if not rows:
        return
    made = [_row(uow, "event", event_type, version, *row) | {"book_version": None} for row in rows]
    await uow.execute(insert(outbox), made)
    await _wake_relay(uow)


def _row(
    uow: UnitOfWork,
    topic: str,
    event_type: str,
    version: int,
    payload: Mapping[str, Any],
    subject_id: UUID | None,
    audience_id: UUID | None,
) -> dict[str, Any]:
    size = len(kit_json.canonical(payload))
    if size > PAYLOAD_BYTES_MAX:
        raise ValueError(
            f"the payload of {event_type} has {size} bytes, at most {PAYLOAD_BYTES_MAX} are allowed"
        )
    return {
        "tenant_id": uow.tenant_id,
        "id": new_id(),
        "topic": topic,
        "event_type": event_type,
        "version": version,
        "payload": payload,
        "subject_id": subject_id,
        "audience_id": audience_id,
        # The name stays out: events leave the firm's database, names are personal.
        "actor": {"kind": uow.actor.kind, "id": str(uow.actor.id) if uow.actor.id else None},
        "request_id": uow.request.request_id,
        "correlation_id": uow.request.correlation_id,
        "causation_id": uow.request.causation_id,
        "occurred_at": clock.now(),
    }


async def _wake_relay(uow: UnitOfWork) -> None:
    # Delivered at commit, and only then; once per transaction is enough.
    if uow.facts.get(_FACT):
        return
    uow.facts[_FACT] = True
    await uow.execute(
        select(text("pg_notify(:channel, :tenant)")), {"channel": CHANNEL, "tenant": str(uow.tenant_id)}
    )


# -- the relay's side --------------------------------------------------------------------------------


async def claim(uow: UnitOfWork, limit: int) -> int:
    """Give the next gapless sequence numbers of the firm to committed rows; returns how many.

    Whatever has committed by now is claimed, in the order of ids: a transaction that commits later is
    claimed later, with a higher number, and is never passed over. The row of ``event_heads`` is the
    firm's lock: two relays number one after the other.
    """
    await uow.execute(pg_insert(event_heads).values(tenant_id=uow.tenant_id, seq=0).on_conflict_do_nothing())
    head: int = await uow.scalar(
        select(event_heads.c.seq).where(event_heads.c.tenant_id == uow.tenant_id).with_for_update()
    )
    picked = (
        select(outbox.c.id)
        .where(outbox.c.tenant_id == uow.tenant_id, outbox.c.seq.is_(None))
        .order_by(outbox.c.id)
        .limit(limit)
        .cte("picked")
    )
    numbered = select(picked.c.id, (func.row_number().over(order_by=picked.c.id) + head).label("seq")).cte(
        "numbered"
    )
    claimed: int = (
        await uow.execute(
            update(outbox)
            .where(outbox.c.tenant_id == uow.tenant_id, outbox.c.id == numbered.c.id)
            .values(seq=numbered.c.seq)
        )
    ).rowcount
    if claimed:
        await uow.execute(
            update(event_heads)
            .where(event_heads.c.tenant_id == uow.tenant_id)
            .values(seq=event_heads.c.seq + claimed)
        )
    return claimed


async def unpublished(uow: UnitOfWork, limit: int) -> Sequence[Row[Any]]:
    """Claimed rows that are not published yet, by seq; empty while another relay publishes the firm's."""
    is_ours = await uow.scalar(
        select(text("pg_try_advisory_xact_lock(hashtextextended('outbox.publish:' || :tenant, 0))")),
        {"tenant": str(uow.tenant_id)},
    )
    if not is_ours:
        return []
    return await uow.rows(
        select(outbox)
        .where(
            outbox.c.tenant_id == uow.tenant_id, outbox.c.seq.is_not(None), outbox.c.published_at.is_(None)
        )
        .order_by(outbox.c.seq)
        .limit(limit)
    )


async def mark_published(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    await uow.execute(
        update(outbox)
        .where(outbox.c.tenant_id == uow.tenant_id, outbox.c.id.in_(ids))
        .values(published_at=clock.now())
    )


async def waiting(reader: Reader) -> tuple[int, datetime | None]:
    """How many rows of the firm are not published, and since when the oldest waits."""
    # In two parts, each as its partial index has it; together they are "published_at is null".
    unclaimed, unpublished = (
        outbox.c.seq.is_(None),
        outbox.c.seq.is_not(None) & outbox.c.published_at.is_(None),
    )
    parts = union_all(
        *(
            select(outbox.c.occurred_at).where(outbox.c.tenant_id == reader.tenant_id, part)
            for part in (unclaimed, unpublished)
        )
    ).subquery()
    query = select(func.count().label("waiting"), func.min(parts.c.occurred_at).label("oldest"))
    row = (await reader.execute(query.select_from(parts))).one()
    return row.waiting, row.oldest


async def head_seq(reader: Reader) -> int:
    """The firm's highest sequence number; 0 before the first event."""
    seq: int | None = await reader.scalar(
        select(event_heads.c.seq).where(event_heads.c.tenant_id == reader.tenant_id)
    )
    return seq or 0


async def events_between(
    reader: Reader, *, after: int, until: int, event_types: Sequence[str], limit: int
) -> Sequence[Row[Any]]:
    """Events in ``(after, until]`` that the reader may see, by seq.

    ``event_types``: names, or prefixes that end with a dot; empty: all.
    """
    exact = [name for name in event_types if not name.endswith(".")]
    prefixes = [name for name in event_types if name.endswith(".")]
    query = (
        select(outbox)
        .where(
            outbox.c.tenant_id == reader.tenant_id,
            outbox.c.topic == "event",
            outbox.c.seq > after,
            outbox.c.seq <= until,
        )
        .order_by(outbox.c.seq)
        .limit(limit)
    )
    if event_types:
        wanted = [outbox.c.event_type.in_(exact)] if exact else []
        wanted += [outbox.c.event_type.op("^@")(prefix) for prefix in prefixes]
        query = query.where(or_(*wanted))
    return await reader.rows(query)


async def purge(uow: UnitOfWork, before: datetime, limit: int) -> int:
    """Remove published rows older than ``before`` (role ``system``); returns how many.

    The firm's last ``KEPT_ROWS`` stay whatever their age, so that whoever is told "read on from seq N"
    within that distance misses nothing.
    """
    last_removable = await head_seq(uow) - KEPT_ROWS
    old = (
        select(outbox.c.id)
        .where(
            outbox.c.tenant_id == uow.tenant_id,
            outbox.c.published_at.is_not(None),
            outbox.c.seq <= last_removable,
            outbox.c.occurred_at < before,
        )
        .order_by(outbox.c.seq)
        .limit(limit)
    )
    removed: int = (
        await uow.execute(delete(outbox).where(outbox.c.tenant_id == uow.tenant_id, outbox.c.id.in_(old)))
    ).rowcount
    return removed
