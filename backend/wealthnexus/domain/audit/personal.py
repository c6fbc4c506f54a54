"""Names and other personal values of audit rows: encrypted under the data key of whom they belong to.

The names of actor and subject never stand in the summary: ``append`` replaces them by ``{actor}`` and
``{subject}``, and they are put back when the row is read by somebody who may.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """``text`` encrypted under ``owner_id``'s data key, as text; of an erased person nothing is kept."""
    try:
        key = await keys_of(uow).subject_key(uow, owner_id)
    except CryptoError:
        return ERASED
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
    """The rows with their names opened, keys read in one statement; what was erased reads "(erased)"."""
    owners = {owner for row in rows for owner in _owners(row)}
    keys = await keys_of(reader).existing_subject_keys(reader, owners) if owners else {}

    def opened(text: str, owner_id: UUID | None, column: str, audit_id: UUID) -> str:
        if not text.startswith(SEALED) or owner_id is None:
            return text
        if owner_id not in keys:
            return ERASED
        place = _place(reader.tenant_id, column, audit_id)
        return decrypt(keys[owner_id], base64.b64decode(text.removeprefix(SEALED)), place).decode()

    return [_shown(row, opened) for row in rows]


def _owners(row: Any) -> Iterator[UUID]:
    """Whose keys the row needs."""
    if row.actor_name.startswith(SEALED):
        yield row.actor_id
    if row.subject_label is not None and row.subject_label.startswith(SEALED):
        yield row.subject_id
    if PERSONAL in row.details:
        yield UUID(row.details[PERSONAL]["owner_id"])


def _shown(row: Any, opened: Callable[[str, UUID | None, str, UUID], str]) -> Shown:
    actor = opened(row.actor_name, row.actor_id, "actor_name", row.id)
    label = row.subject_label
    if label is not None:
        label = opened(label, row.subject_id, "subject_label", row.id)
    details = dict(row.details)
    personal = details.pop(PERSONAL, None)
    if personal is not None:
        text = opened(personal["sealed"], UUID(personal["owner_id"]), "details", row.id)
        details |= {PERSONAL: ERASED} if text == ERASED else kit_json.loads(text)
    summary = row.summary.replace("{actor}", actor).replace("{subject}", label or "")
    return Shown(actor, label, summary, details)
