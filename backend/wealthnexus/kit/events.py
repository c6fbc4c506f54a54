"""The one catalogue of events, and the only way to announce one: ``emit`` in the unit of work.

Names are ``room.subject.past_verb``. A payload carries ids, versions, states and counts, never a
person's name or an amount: whoever listens re-reads under its own row security. The row is written
to the outbox with the change; the relay publishes it after the commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypedDict
from uuid import UUID

from wealthnexus.kit import outbox
from wealthnexus.kit.db.session import UnitOfWork

FieldType = Literal[
    "id",
    "id?",
    "text",
    "text?",
    "integer",
    "integer?",
    "boolean",
    "date",
    "date?",
    "instant",
    "instant?",
    "decimal",
    "ids",
]
_NAME = re.compile(r"^[a-z]+(\.[a-z_]+){2}$")
_CHECKS: Final[dict[str, Callable[[Any], bool]]] = {
    "id": lambda v: isinstance(v, UUID),
    "text": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "date": lambda v: isinstance(v, date) and not isinstance(v, datetime),
    "instant": lambda v: isinstance(v, datetime) and v.tzinfo is not None,
    "decimal": lambda v: isinstance(v, Decimal),
    "ids": lambda v: isinstance(v, list | tuple) and all(isinstance(item, UUID) for item in v),
}


@dataclass(frozen=True, slots=True)
class EventType:
    """One entry of the catalogue: name, version of the payload, its fields, what happened."""

    name: str
    version: int
    fields: Mapping[str, FieldType]
    description: str


class Envelope(TypedDict):
    """An event as streams, webhooks and subscribers see it; ids and instants are text."""

    eventId: str
    eventType: str
    version: int
    seq: int | None
    occurredAt: str
    tenantId: str
    subjectId: str | None
    bookVersion: int | None
    actor: dict[str, Any]
    correlationId: str
    causationId: str | None
    payload: dict[str, Any]


_catalogue: dict[str, EventType] = {}


def register(name: str, *, version: int = 1, description: str, fields: Mapping[str, FieldType]) -> EventType:
    """Add an event to the catalogue; at import of its room. ValueError on a bad or doubled name."""
    if not _NAME.match(name):
        raise ValueError(f"the event {name!r} is not named room.subject.past_verb")
    entry = EventType(name, version, dict(fields), description)
    if _catalogue.setdefault(name, entry) != entry:
        raise ValueError(f"the event {name!r} is in the catalogue already, with another payload")
    return entry


def catalogue() -> Iterator[EventType]:
    """Every registered event, by name."""
    yield from (entry for _, entry in sorted(_catalogue.items()))


def event_type(name: str) -> EventType:
    try:
        return _catalogue[name]
    except KeyError:
        raise ValueError(f"the event {name!r} is not in the catalogue; register it in its room") from None


def checked_payload(entry: EventType, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload, if it has exactly the catalogue's fields with the catalogue's types; else ValueError."""
    if set(payload) != set(entry.fields):
        missing = ", ".join(sorted(set(entry.fields) - set(payload))) or "none"
        unknown = ", ".join(sorted(set(payload) - set(entry.fields))) or "none"
        raise ValueError(
            f"the payload of {entry.name} does not fit: missing {missing}; not in the catalogue {unknown}"
        )
    for field, kind in entry.fields.items():
        value = payload[field]
        if value is None and kind.endswith("?"):
            continue
        if not _CHECKS[kind.rstrip("?")](value):
            raise ValueError(f"{field} of {entry.name} is {value!r}, expected {kind}")
    return dict(payload)


async def emit(
    uow: UnitOfWork,
    event_name: str,
    *,
    subject_id: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
    book_version: int | None = None,
    audience_id: UUID | None = None,
) -> UUID:
    """Announce ``event_name`` when the unit of work commits; returns the event's id.

    ``subject_id`` decides which limited members may learn of it; ``audience_id`` is a principal who
    always may (whoever asked for the job). ValueError when the event is not catalogued.
    """
    entry = event_type(event_name)
    body = checked_payload(entry, payload or {})
    return await outbox.add(
        uow,
        topic="event",
        event_type=entry.name,
        version=entry.version,
        payload=body,
        subject_id=subject_id,
        audience_id=audience_id,
        book_version=book_version,
    )


@dataclass(frozen=True, slots=True)
class Occurred:
    """One of many events of a type; as ``emit`` takes them."""

    payload: Mapping[str, Any]
    subject_id: UUID | None = None
    audience_id: UUID | None = None


async def emit_many(uow: UnitOfWork, event_name: str, occurred: Sequence[Occurred]) -> None:
    """``emit`` for each, in one statement."""
    entry = event_type(event_name)
    await outbox.add_many(
        uow,
        event_type=entry.name,
        version=entry.version,
        rows=[(checked_payload(entry, each.payload), each.subject_id, each.audience_id) for each in occurred],
    )


def envelope(row: Any) -> Envelope:
    """The envelope of one outbox row."""
    return {
        "eventId": str(row.id),
        "eventType": row.event_type,
        "version": row.version,
        "seq": row.seq,
        "occurredAt": row.occurred_at.astimezone(UTC).isoformat(),
        "tenantId": str(row.tenant_id),
        "subjectId": str(row.subject_id) if row.subject_id else None,
        "bookVersion": row.book_version,
        "actor": row.actor,
        "correlationId": str(row.correlation_id),
        "causationId": str(row.causation_id) if row.causation_id else None,
        "payload": row.payload,
    }
