"""The hash of a command and the states of a request: pure."""

from __future__ import annotations

import hashlib
from typing import Any, Final, Literal
from uuid import UUID

from wealthnexus.kit import json as kit_json

State = Literal["PENDING", "REJECTED", "EXECUTED", "EXPIRED", "CANCELLED", "FAILED"]
Decision = Literal["APPROVE", "REJECT"]
PENDING: Final = "PENDING"


def plain(command: Any) -> Any:
    """The command as JSON keeps it (ids, dates and decimals as text); ValueError on a float."""
    return _without_floats(kit_json.loads(kit_json.dumps(_without_floats(command))))


def command_hash(tenant_id: UUID, kind: str, subject_id: UUID | None, command: Any) -> bytes:
    """SHA-256 over the canonical form of firm, kind, subject and command: what a decider signs."""
    body = {
        "tenant_id": str(tenant_id),
        "kind": kind,
        "subject_id": str(subject_id) if subject_id else None,
        "command": plain(command),
    }
    return hashlib.sha256(kit_json.canonical(body)).digest()


def has_quorum(decisions: list[str], quorum: int) -> bool:
    """Whether enough people approved; one rejection ends the request before this is asked."""
    return sum(1 for decision in decisions if decision == "APPROVE") >= quorum


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError(f"a command holds the float {value!r}; amounts are decimals, sent as text")
    if isinstance(value, dict):
        return {key: _without_floats(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_floats(item) for item in value]
    return value
