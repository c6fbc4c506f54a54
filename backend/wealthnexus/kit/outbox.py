"""The outbox: what must leave the database after the commit, written in the same transaction.

Two topics: ``event`` (published to the firm's stream) and ``job`` (handed to the workers). Nothing is
enqueued or published any other way. ``add`` wakes the relay when the transaction commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import insert, select, text

from wealthnexus.kit import clock
from wealthnexus.kit import json as kit_json
from wealthnexus.kit.db.platform_tables import outbox
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.ids import new_id

CHANNEL: Final = "outbox"
PAYLOAD_BYTES_MAX: Final = 8_000
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
    size = len(kit_json.canonical(payload))
    if size > PAYLOAD_BYTES_MAX:
        raise ValueError(
            f"the payload of {event_type} has {size} bytes, at most {PAYLOAD_BYTES_MAX} are allowed"
        )
    row_id = new_id()
    await uow.execute(
        insert(outbox).values(
            tenant_id=uow.tenant_id,
            id=row_id,
            topic=topic,
            event_type=event_type,
            version=version,
            payload=payload,
            subject_id=subject_id,
            audience_id=audience_id,
            # The name stays out: events leave the firm's database, names are personal.
            actor={"kind": uow.actor.kind, "id": str(uow.actor.id) if uow.actor.id else None},
            request_id=uow.request.request_id,
            correlation_id=uow.request.correlation_id,
            causation_id=uow.request.causation_id,
            book_version=book_version,
            occurred_at=clock.now(),
        )
    )
    await _wake_relay(uow)
    return row_id


async def _wake_relay(uow: UnitOfWork) -> None:
    # Delivered at commit, and only then; once per transaction is enough.
    if uow.facts.get(_FACT):
        return
    uow.facts[_FACT] = True
    await uow.execute(
        select(text("pg_notify(:channel, :tenant)")), {"channel": CHANNEL, "tenant": str(uow.tenant_id)}
    )
