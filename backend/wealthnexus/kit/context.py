"""Who acts, from where: carried through every unit of work into audit, events and logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from wealthnexus.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. ``name`` is what the audit explorer shows."""

    kind: Literal["user", "system", "platform"]
    id: UUID | None
    name: str


SYSTEM = Actor("system", None, "System")


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """Where an act came from. ``correlation_id`` follows it through jobs and events."""

    request_id: str
    ip_address: str | None = None
    user_agent: str | None = None
    correlation_id: UUID = field(default_factory=new_id)
    causation_id: UUID | None = None


def internal_request(origin: str) -> RequestInfo:
    """For acts without an HTTP request: the scheduler, a job, the command line."""
    return RequestInfo(request_id=f"{origin}-{new_id()}")
