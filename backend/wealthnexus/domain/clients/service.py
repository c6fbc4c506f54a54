"""What may be done to clients; each in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain import audit
from wealthnexus.domain.clients.models import households, search_words
from wealthnexus.domain.clients.names import normalised, words
from wealthnexus.domain.work import rename_subject
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.text import message

NAME_CHARACTERS_MAX: Final = 200

register(
    "clients.household.renamed",
    description="A person gave a household another name.",
    fields={"householdId": "id", "version": "integer"},
)

_NO_HOUSEHOLD = message("clients.no_household", "there is no household {id}; nothing was renamed", id=str)
_BAD_NAME = message(
    "clients.bad_name",
    "the name has {count} characters, expected 1 to {limit} printable ones; nothing was renamed",
    count=int,
    limit=int,
)
_STALE = message(
    "clients.stale",
    "the household was changed by somebody else: version {expected} was expected, it is {current};"
    " nothing was renamed",
    expected=int,
    current=int,
)
_READ_ONLY = message("clients.read_only", "your access to this household is for reading; nothing was renamed")
_RENAMED = message("clients.renamed", "Renamed the household {name}", name=str)


@dataclass(frozen=True, slots=True)
class HouseholdRenamed:
    id: UUID
    name: str
    version: int


async def rename_household(
    uow: UnitOfWork, actor: Actor, household_id: UUID, name: str, expected_version: int
) -> HouseholdRenamed:
    """Give a household another name; its source's name of before does not bring the old one back.

    ``actor`` is the unit of work's. NotFound, ValidationFailed, PermissionDenied for a caller whose grant
    is for reading; Conflict with the current version when somebody else was first.
    """
    if uow.actor != actor:
        raise ValueError(f"{actor.name} acts in a unit of work of {uow.actor.name}")
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX or not name.isprintable():
        raise ValidationFailed(_BAD_NAME(count=len(name), limit=NAME_CHARACTERS_MAX), path=("input", "name"))
    old = await _household_for_update(uow, household_id)
    if old.version != expected_version:
        raise Conflict(
            _STALE(expected=expected_version, current=old.version),
            current_version=old.version,
            path=("input", "expectedVersion"),
        )
    if name == old.name:
        return HouseholdRenamed(household_id, name, old.version)
    await uow.execute(
        update(households)
        .where(households.c.tenant_id == uow.tenant_id, households.c.id == household_id)
        .values(name=name, name_normalised=normalised(name), version=old.version + 1)
    )
    await rename_subject(uow, household_id, name)
    await index_words(uow, household_id, "HOUSEHOLD", (name, old.external_id))
    await audit.append(
        uow,
        "clients.household.renamed",
        summary=_RENAMED(name=name),
        subject=audit.SubjectRef(household_id, "household", name),
        details={"version": old.version + 1},
        personal={"from": old.name, "to": name},
    )
    await emit(
        uow,
        "clients.household.renamed",
        subject_id=household_id,
        payload={"householdId": household_id, "version": old.version + 1},
    )
    return HouseholdRenamed(household_id, name, old.version + 1)


async def _household_for_update(uow: UnitOfWork, household_id: UUID) -> Row[Any]:
    row = await uow.one_or_none(
        select(households.c.name, households.c.external_id, households.c.version)
        .where(households.c.tenant_id == uow.tenant_id, households.c.id == household_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound(_NO_HOUSEHOLD(id=str(household_id)), path=("input", "householdId"))
    if not await may_write(uow, household_id):
        raise PermissionDenied(_READ_ONLY())
    return row


async def index_words(uow: UnitOfWork, subject_id: UUID, kind: str, texts: Iterable[str | None]) -> None:
    """The words by which ``search`` finds a subject; replaces those of before.

    ``kind``: HOUSEHOLD, ACCOUNT, SECURITY or USER.
    """
    await uow.execute(
        delete(search_words).where(
            search_words.c.tenant_id == uow.tenant_id, search_words.c.subject_id == subject_id
        )
    )
    found = words(*texts)
    if found:
        await uow.execute(
            insert(search_words),
            [
                {"tenant_id": uow.tenant_id, "word": word, "subject_id": subject_id, "kind": kind}
                for word in found
            ],
        )
