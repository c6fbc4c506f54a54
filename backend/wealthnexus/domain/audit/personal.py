"""Names and other personal values of audit rows: encrypted under the data key of whom they belong to.

The names of actor and subject never stand in the summary: ``append`` replaces them by ``{actor}`` and
``{subject}``, and they are put back when the row is read by somebody who may.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from wealthnexus.kit import json as kit_json
from wealthnexus.kit.crypto import CryptoError, Place, decrypt, encrypt
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.secrets import keys_of

SEALED: Final = "enc:1:"
ERASED: Final = "(erased)"
PERSONAL: Final = "personal"
NAME_CHARACTERS_MIN: Final = 3


def _place(tenant_id: UUID, column: str, audit_id: UUID) -> Place:
    return Place(tenant_id, "audit_events", column, audit_id)


async def seal(uow: UnitOfWork, owner_id: UUID, column: str, audit_id: UUID, text: str) -> str:
    """``text`` encrypted under ``owner_id``'s data key, as text."""
    key = await keys_of(uow).subject_key(uow, owner_id)
    blob = encrypt(key, text.encode(), _place(uow.tenant_id, column, audit_id))
    return SEALED + base64.b64encode(blob).decode()


async def seal_details(
    uow: UnitOfWork, owner_id: UUID, audit_id: UUID, values: Mapping[str, Any]
) -> dict[str, str]:
    """Personal details: ``{"owner_id", "sealed"}``, stored under ``details.personal``."""
    sealed = await seal(uow, owner_id, "details", audit_id, kit_json.dumps(dict(values)))
    return {"owner_id": str(owner_id), "sealed": sealed}


def without_names(summary: str, actor_name: str | None, subject_label: str | None) -> str:
    """The summary with ``{actor}`` and ``{subject}`` where their names stood."""
    names = [(subject_label, "{subject}"), (actor_name, "{actor}")]
    for name, placeholder in sorted(names, key=lambda pair: -len(pair[0] or "")):
        if name and len(name) >= NAME_CHARACTERS_MIN:
            summary = summary.replace(name, placeholder)
    return summary


@dataclass(frozen=True, slots=True)
class Shown:
    """An audit row as a person may read it."""

    actor_name: str
    subject_label: str | None
    summary: str
    details: dict[str, Any]


async def shown_rows(reader: Reader, rows: Sequence[Any]) -> list[Shown]:
    """The rows with their names opened; what was erased reads "(erased)". One key look-up per person."""
    opened: dict[UUID, bytes | None] = {}

    async def open_text(text: str, owner_id: UUID | None, column: str, audit_id: UUID) -> str:
        if not text.startswith(SEALED) or owner_id is None:
            return text
        if owner_id not in opened:
            try:
                opened[owner_id] = await keys_of(reader).existing_subject_key(reader, owner_id)
            except CryptoError:
                opened[owner_id] = None
        key = opened[owner_id]
        if key is None:
            return ERASED
        place = _place(reader.tenant_id, column, audit_id)
        return decrypt(key, base64.b64decode(text.removeprefix(SEALED)), place).decode()

    shown: list[Shown] = []
    for row in rows:
        actor = await open_text(row.actor_name, row.actor_id, "actor_name", row.id)
        label = row.subject_label
        if label is not None:
            label = await open_text(label, row.subject_id, "subject_label", row.id)
        details = dict(row.details)
        personal = details.pop(PERSONAL, None)
        if personal is not None:
            text = await open_text(personal["sealed"], UUID(personal["owner_id"]), "details", row.id)
            details |= {PERSONAL: ERASED} if text == ERASED else kit_json.loads(text)
        summary = row.summary.replace("{actor}", actor).replace("{subject}", label or "")
        shown.append(Shown(actor, label, summary, details))
    return shown
