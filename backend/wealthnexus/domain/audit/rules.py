"""What is hashed, and how the chain is linked. scripts/verify_audit.py repeats this on its own.

Content hash: SHA-256 over the canonical JSON (UTF-8, keys sorted by code point, no spaces, no escapes
but those JSON demands) of ``content``: the row's values with instants as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``,
ids as lower-case text, absent values as null, and ``format`` 1. Floats never occur.

Chain hash: SHA-256 over previous chain hash (32 bytes) || seq (8 bytes, big-endian) || audit id (16
bytes) || content hash (32 bytes). The chain starts at seq 1; before it stands the genesis hash,
SHA-256 over the text ``wealthnexus-audit/1`` and the firm's id (16 bytes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from wealthnexus.kit import json as kit_json

FORMAT: Final = 1
GENESIS: Final = b"wealthnexus-audit/1"
CONTENT_FIELDS: Final = (
    "id",
    "occurred_at",
    "action",
    "actor_kind",
    "actor_id",
    "actor_name",
    "subject_id",
    "subject_kind",
    "subject_label",
    "summary",
    "details",
    "ip_address",
    "user_agent",
    "request_id",
    "correlation_id",
)


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """What an audit row is about; ``label`` is how a person knows it (kept encrypted)."""

    id: UUID
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found. ``broken_at_seq``: the first link that does not hold, if any."""

    is_verified: bool
    sealed_count: int
    verified_count: int
    unsealed_count: int
    oldest_unsealed_at: datetime | None
    head_seq: int | None
    head_hash: bytes | None
    verified_at: datetime
    broken_at_seq: int | None
    message: str


def instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content(tenant_id: UUID, row: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are hashed, in the form they are hashed in."""
    values: dict[str, Any] = {"format": FORMAT, "tenant_id": str(tenant_id)}
    for name in CONTENT_FIELDS:
        value = row[name]
        if isinstance(value, UUID):
            value = str(value)
        elif isinstance(value, datetime):
            value = instant_text(value)
        values[name] = value
    return values


def content_hash(tenant_id: UUID, row: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(kit_json.canonical(content(tenant_id, row))).digest()


def genesis_hash(tenant_id: UUID) -> bytes:
    return hashlib.sha256(GENESIS + tenant_id.bytes).digest()


def chain_hash(previous: bytes, seq: int, audit_id: UUID, content_hash_: bytes) -> bytes:
    return hashlib.sha256(previous + seq.to_bytes(8, "big") + audit_id.bytes + content_hash_).digest()


def without_floats(value: Any, path: str = "details") -> Any:
    """The value as it is stored: without NUL, which the database cannot keep; ValueError on a float."""
    if isinstance(value, float):
        raise ValueError(f"{path} holds the float {value!r}; amounts are decimals, sent as text")
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {
            str(key).replace("\x00", ""): without_floats(item, f"{path}.{key}") for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [without_floats(item, f"{path}[{index}]") for index, item in enumerate(items)]
    return value
