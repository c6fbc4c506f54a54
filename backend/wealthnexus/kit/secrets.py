"""How the ground floor reaches the keys of firms and people without knowing who keeps them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from wealthnexus.kit.db.session import Reader, UnitOfWork

FACT = "keyring"


class Keys(Protocol):
    """What ``domain.firms.keys.Keyring`` offers."""

    async def firm_key(self, reader: Reader) -> bytes: ...

    async def subject_key(self, uow: UnitOfWork, subject_id: UUID) -> bytes: ...

    async def existing_subject_key(self, reader: Reader, subject_id: UUID) -> bytes | None: ...

    async def existing_subject_keys(
        self, reader: Reader, subject_ids: Collection[UUID]
    ) -> dict[UUID, bytes]: ...


def keys_of(reader: Reader) -> Keys:
    """The process's keyring (``Database(..., facts={"keyring": keyring})``); RuntimeError without one."""
    keys: Keys | None = reader.facts.get(FACT)
    if keys is None:
        raise RuntimeError(
            "this Database was made without facts={'keyring': ...}: personal values can be neither"
            " written nor shown; nothing was written"
        )
    return keys
