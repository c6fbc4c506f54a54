"""Composites are made; accounts join and leave them from a day on, with author and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql

from wealthnexus.domain import audit
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import benchmarks, composite_members, composites
from wealthnexus.domain.performance.service.benchmarks import check_day, check_writer, clean_name
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import minor_units

DESCRIPTION_CHARACTERS_MAX: Final = 2_000
MEMBERS_AT_ONCE_MAX: Final = 500
ASSETS_MAX: Final = Decimal(10) ** 15

register(
    "performance.composite.created",
    description="A composite was made.",
    fields={"compositeId": "id", "bookVersion": "integer"},
)
register(
    "performance.composite.changed",
    description="Accounts joined or left a composite from a day on.",
    fields={
        "compositeId": "id",
        "joined": "integer",
        "left": "integer",
        "effectiveFrom": "date",
        "bookVersion": "integer",
    },
)


@dataclass(frozen=True, slots=True)
class CreateComposite:
    """``minimum_assets``: of a portfolio at the opening of a month, in ``currency``."""

    name: str
    description: str
    currency: str
    reason: str
    minimum_assets: Decimal | None = None
    benchmark_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeMembers:
    """Accounts that join, or those that leave: ``day`` is the first on which they belong, or no longer do."""

    composite_id: UUID
    account_ids: tuple[UUID, ...]
    day: date
    reason: str


async def create_composite(uow: UnitOfWork, command: CreateComposite) -> UUID:
    """A composite without members; its id.

    ValidationFailed: name, description, minimum, no reason. NotFound: the benchmark. Conflict: the name.
    PermissionDenied to who sees a part of the firm.
    """
    check_writer(uow, command.reason)
    name, description = clean_name(command.name), command.description.strip()
    _check(description, command)
    if command.benchmark_id is not None:
        b = benchmarks.c
        where = b.tenant_id == uow.tenant_id, b.id == command.benchmark_id
        if not await uow.rows(select(b.id).where(*where)):
            raise NotFound(texts.NO_BENCHMARK(), path=("input", "benchmarkId"))
    version = await next_book_version(uow, "composite")
    key = await register_subject(uow, new_id(), "composite", name)
    made = await uow.rows(
        postgresql.insert(composites)
        .values(
            tenant_id=uow.tenant_id,
            id=key,
            name=name,
            description=description,
            currency=command.currency,
            minimum_assets=command.minimum_assets,
            benchmark_id=command.benchmark_id,
            created_at=clock.now(),
            created_by=uow.actor.id,
            book_version=version,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "name"])
        .returning(composites.c.id)
    )
    if not made:
        raise Conflict(texts.NAME_TAKEN(name=name), path=("input", "name"))
    await audit.append(
        uow,
        "performance.composite.created",
        summary=texts.COMPOSITE_CREATED(name=name),
        subject=audit.SubjectRef(key, "composite", name),
        details={"reason": command.reason.strip(), "bookVersion": version},
    )
    await emit(
        uow,
        "performance.composite.created",
        subject_id=key,
        payload={"compositeId": key, "bookVersion": version},
        book_version=version,
    )
    return key


def _check(description: str, command: CreateComposite) -> None:
    if not 1 <= len(description) <= DESCRIPTION_CHARACTERS_MAX:
        said = texts.DESCRIPTION(limit=DESCRIPTION_CHARACTERS_MAX)
        raise ValidationFailed(said, path=("input", "description"))
    least = command.minimum_assets
    if least is None:
        return
    places = minor_units(command.currency)
    is_money = least.is_finite() and 0 < least <= ASSETS_MAX and least == round(least, places)
    if not is_money:
        raise ValidationFailed(texts.MINIMUM(places=places), path=("input", "minimumAssets"))


async def add_members(uow: UnitOfWork, command: ChangeMembers) -> int:
    """Accounts belong from the day on; how many stays were written.

    ValidationFailed: no account or too many, the day, one that belongs then or later already. NotFound: the
    composite, an account. PermissionDenied to who sees a part of the firm.
    """
    name = await _checked(uow, command)
    version = await next_book_version(uow, "composite")
    rows = await _standing(uow, command)
    if any(row.effective_to is None or row.effective_to > command.day for row in rows):
        raise ValidationFailed(texts.BELONGS_ALREADY(day=command.day), path=("input", "accountIds"))
    await uow.execute(
        insert(composite_members),
        [
            {
                "tenant_id": uow.tenant_id,
                "id": new_id(),
                "composite_id": command.composite_id,
                "account_id": key,
                "author_id": uow.actor.id,
                "author_name": uow.actor.name,
                "reason": command.reason.strip(),
                "recorded_at": clock.now(),
                "end_author_id": None,
                "end_author_name": None,
                "end_reason": None,
                "effective_from": command.day,
                "effective_to": None,
                "book_version": version,
                "superseded_version": None,
            }
            for key in command.account_ids
        ],
    )
    await _tell(uow, command, name, version, joined=len(command.account_ids))
    return len(command.account_ids)


async def remove_members(uow: UnitOfWork, command: ChangeMembers) -> int:
    """Accounts no longer belong from the day on; a stay that began on that day or later was none. As known
    before, nothing has changed. As ``add_members``; ValidationFailed: one that does not belong then."""
    name = await _checked(uow, command)
    version = await next_book_version(uow, "composite")
    rows = [
        row
        for row in await _standing(uow, command)
        if row.effective_to is None or row.effective_to > command.day
    ]
    if {row.account_id for row in rows} != set(command.account_ids):
        raise ValidationFailed(texts.BELONGS_NOT(day=command.day), path=("input", "accountIds"))
    m = composite_members.c
    await uow.execute(
        update(composite_members)
        .where(m.tenant_id == uow.tenant_id, m.id.in_([row.id for row in rows]))
        .values(superseded_version=version)
    )
    ended = [
        {
            **row._mapping,
            "id": new_id(),
            "effective_to": command.day,
            "end_author_id": uow.actor.id,
            "end_author_name": uow.actor.name,
            "end_reason": command.reason.strip(),
            "book_version": version,
        }
        for row in rows
        if row.effective_from < command.day
    ]
    if ended:
        await uow.execute(insert(composite_members), ended)
    await _tell(uow, command, name, version, left=len(command.account_ids))
    return len(command.account_ids)


async def _checked(uow: UnitOfWork, command: ChangeMembers) -> str:
    """The composite's name, when everything that is named is there."""
    check_writer(uow, command.reason)
    check_day(command.day, "effectiveFrom")
    keys = set(command.account_ids)
    if not 1 <= len(keys) <= MEMBERS_AT_ONCE_MAX or len(keys) != len(command.account_ids):
        raise ValidationFailed(texts.MEMBERS_AT_ONCE(limit=MEMBERS_AT_ONCE_MAX), path=("input", "accountIds"))
    c, a = composites.c, accounts.c
    found = await uow.rows(select(c.name).where(c.tenant_id == uow.tenant_id, c.id == command.composite_id))
    if not found:
        raise NotFound(texts.NO_COMPOSITE(), path=("input", "compositeId"))
    seen = await uow.rows(select(a.id).where(a.tenant_id == uow.tenant_id, a.id.in_(keys)))
    if len(seen) != len(keys):
        raise NotFound(texts.NO_ACCOUNT(), path=("input", "accountIds"))
    return str(found[0].name)


async def _standing(uow: UnitOfWork, command: ChangeMembers) -> Sequence[Any]:
    """The stays of the accounts as they are known now; asked after the book is locked."""
    m = composite_members.c
    return await uow.rows(
        select(composite_members).where(
            m.tenant_id == uow.tenant_id,
            m.composite_id == command.composite_id,
            m.account_id.in_(command.account_ids),
            m.superseded_version.is_(None),
        )
    )


async def _tell(
    uow: UnitOfWork, command: ChangeMembers, name: str, version: int, *, joined: int = 0, left: int = 0
) -> None:
    summary = texts.COMPOSITE_JOINED if joined else texts.COMPOSITE_LEFT
    await audit.append(
        uow,
        "performance.composite.changed",
        summary=summary(name=name, count=joined or left, day=command.day),
        subject=audit.SubjectRef(command.composite_id, "composite", name),
        details={
            "accountIds": [str(key) for key in command.account_ids],
            "from": command.day.isoformat(),
            "reason": command.reason.strip(),
            "bookVersion": version,
        },
    )
    await emit(
        uow,
        "performance.composite.changed",
        subject_id=command.composite_id,
        payload={
            "compositeId": command.composite_id,
            "joined": joined,
            "left": left,
            "effectiveFrom": command.day,
            "bookVersion": version,
        },
        book_version=version,
    )
