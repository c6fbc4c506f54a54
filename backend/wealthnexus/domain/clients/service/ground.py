"""What the verbs of this room have in common: refusals, versions, dated rows, and what a change leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Table, insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.clients import texts
from wealthnexus.domain.clients.models import (
    accounts,
    households,
    liabilities,
    parties,
    party_ownerships,
)
from wealthnexus.domain.clients.rules.timeline import Cut
from wealthnexus.domain.ledger.service.versions import next_book_version
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, Problem, ValidationFailed
from wealthnexus.kit.events import EventType, emit
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import minor_units

MANUAL_SOURCE: Final = "MANUAL"
NAME_CHARACTERS_MAX: Final = 200
REASON_CHARACTERS_MAX: Final = 500
DAY_MIN: Final = date(1900, 1, 1)
DAY_MAX: Final = date(2200, 1, 1)
SHARE_PLACES: Final = 12

_TABLES: Final[dict[str, Table]] = {
    "party": parties,
    "household": households,
    "account": accounts,
    "liability": liabilities,
}


async def book_version(uow: UnitOfWork) -> int:
    """The version this unit of work writes dated rows under; other writers of the firm wait meanwhile."""
    return await next_book_version(uow, "clients")


# -- the thing that is changed -------------------------------------------------------------------------


async def subject_for_update(
    uow: UnitOfWork,
    kind: str,
    key: UUID,
    *,
    path: str,
    expected_version: int | None = None,
    version_path: str = "expectedVersion",
) -> Row[Any]:
    """The row, locked. ``kind``: party, household, account or liability.

    NotFound, PermissionDenied for a grant that is for reading, Conflict when ``expected_version`` is
    given and is not the row's.
    """
    table = _TABLES[kind]
    row = await uow.one_or_none(
        select(table)
        .where(table.c.tenant_id == uow.tenant_id, table.c.id == key)
        # A foreign key to the row may be checked meanwhile: only its key stays as it is.
        .with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound(texts.NOT_THERE(kind=kind, id=str(key)), path=("input", path))
    if not await may_write(uow, key):
        raise PermissionDenied(texts.READ_ONLY(kind=kind))
    if expected_version is not None and row.version != expected_version:
        raise Conflict(
            texts.STALE(kind=kind, expected=expected_version, current=row.version),
            current_version=row.version,
            path=("input", version_path),
        )
    return row


async def bump(uow: UnitOfWork, kind: str, row: Row[Any], **values: Any) -> int:
    """The row's next version, with other values beside it."""
    table, version = _TABLES[kind], int(row.version) + 1
    await uow.execute(
        update(table)
        .where(table.c.tenant_id == uow.tenant_id, table.c.id == row.id)
        .values(**values, version=version)
    )
    return version


async def parties_named(
    uow: UnitOfWork, keys: Iterable[UUID], *, path: tuple[str, ...], at: str | None = None
) -> dict[UUID, Row[Any]]:
    """Id, kind and name of every party; NotFound names the first that is not there.

    ``at``: the keys are those of a list's rows, and this is their field; the path then names the row.
    """
    keys = list(keys)
    wanted = list(dict.fromkeys(keys))
    rows = await uow.rows(
        select(parties.c.id, parties.c.kind, parties.c.name).where(
            parties.c.tenant_id == uow.tenant_id, parties.c.id.in_(wanted)
        )
    )
    found = {row.id: row for row in rows}
    for key in wanted:
        if key not in found:
            place = path if at is None else (*path, str(keys.index(key)), at)
            raise NotFound(texts.NOT_THERE(kind="party", id=str(key)), path=place)
    return found


# -- values ----------------------------------------------------------------------------------------------


def clean_text(text: str, field: str, *, what: str, limit: int = NAME_CHARACTERS_MAX) -> str:
    """The text on one line without blanks around it; ValidationFailed beyond 1 to ``limit`` characters."""
    found = " ".join(text.split())
    if not 1 <= len(found) <= limit or not found.isprintable():
        raise refused(what, [(field, texts.TOO_LONG(limit=limit), str(len(found)))])
    return found


def checked_reason(reason: str) -> str:
    found = reason.strip()
    if not 1 <= len(found) <= REASON_CHARACTERS_MAX or "\x00" in found:
        raise ValidationFailed(
            texts.NO_REASON(count=len(found), limit=REASON_CHARACTERS_MAX), path=("input", "reason")
        )
    return found


def checked_word(value: str, allowed: Sequence[str], field: str, *, what: str) -> str:
    if value not in allowed:
        raise refused(what, [(field, texts.ONE_OF(listed=", ".join(allowed)), value[:60])])
    return value


def checked_days(effective_from: date, effective_to: date | None) -> None:
    """ValidationFailed for days nobody means, and for an end that is not after the beginning."""
    for name, day in (("effectiveFrom", effective_from), ("effectiveTo", effective_to)):
        if day is not None and not DAY_MIN <= day <= DAY_MAX:
            raise ValidationFailed(
                texts.DAY_RANGE(day=day, first=DAY_MIN, last=DAY_MAX), path=("input", name)
            )
    if effective_to is not None and effective_to <= effective_from:
        raise ValidationFailed(
            texts.ENDS_BEFORE_BEGINNING(end=effective_to, begin=effective_from),
            path=("input", "effectiveTo"),
        )


def checked_share(share: Decimal, field: str = "share") -> Decimal:
    if not share.is_finite() or not 0 < share <= 1 or share != round(share, SHARE_PLACES):
        said = texts.SHARE_RANGE(share=format(share, "f")[:40])
        raise ValidationFailed(said, path=("input", *field.split(".")))
    return share


def plain_share(share: Decimal) -> str:
    """Digits without zeros at the end: 0.6, not 0.600000000000."""
    return format(share.normalize(), "f")


def shown_amount(amount: Decimal, currency: str) -> str:
    """With the places of its currency: 250.00, not 250.00000000."""
    return format(round(amount, minor_units(currency)), "f")


def in_words(fields: Iterable[str]) -> str:
    """Names of columns as people read them: identity status, lot method."""
    named = (each.replace("_", " ").replace("kyc", "identity") for each in fields)
    return ", ".join(each.replace("identity state", "identity status") for each in named)


def refused(what: str, found: Sequence[tuple[str, str, str | None]]) -> ValidationFailed:
    """The error of several fields: path below input (dots between steps), expectation, value shown."""
    problems = tuple(
        Problem(("input", *field.split(".")), expectation, value) for field, expectation, value in found
    )
    message = texts.NOT_VALID(what=what, count=len(problems))
    return ValidationFailed(message, path=problems[0].path, problems=problems)


# -- ties: what hangs together, of which it follows who may see what --------------------------------------

_TIES: Final[dict[str, tuple[str, ...]]] = {
    "account_assignments": ("account_id",),
    "account_owners": ("account_id", "party_id"),
    "household_accounts": ("household_id", "account_id"),
    "household_members": ("party_id",),
    "liability_owners": ("liability_id", "party_id"),
}
_TIES_FACT: Final = "clients.changed_ties"


@dataclass(slots=True)
class Ties:
    """Both ends of the ties a unit of work wrote or ended; ``entities``: parties whose owners changed."""

    subjects: set[UUID] = field(default_factory=set)
    entities: set[UUID] = field(default_factory=set)


def changed_ties(uow: UnitOfWork) -> Ties:
    """What this unit of work has tied or untied so far, and what ``touch`` named."""
    found: Ties = uow.facts.setdefault(_TIES_FACT, Ties())
    return found


def touch(uow: UnitOfWork, *subject_ids: UUID) -> None:
    """Something else changed of which it follows who may see these."""
    changed_ties(uow).subjects.update(subject_ids)


def _note_ties(uow: UnitOfWork, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    ties = changed_ties(uow)
    for row in rows:
        ties.subjects.update(row[name] for name in _TIES.get(table.name, ()))
        if table is party_ownerships:
            ties.entities.add(row["owned_id"])


# -- dated rows ------------------------------------------------------------------------------------------


async def believed(uow: UnitOfWork, table: Table, **equals: Any) -> Sequence[Row[Any]]:
    """The rows of a dated table that were not superseded, in order of their beginning."""
    conditions = [
        table.c[name].in_(value) if isinstance(value, list) else table.c[name] == value
        for name, value in equals.items()
    ]
    return await uow.rows(
        select(table)
        .where(table.c.tenant_id == uow.tenant_id, table.c.superseded_version.is_(None), *conditions)
        .order_by(table.c.effective_from, table.c.id)
    )


async def apply_cut(uow: UnitOfWork, table: Table, cut: Cut[Row[Any]], version: int) -> None:
    """Supersede what is no longer believed; write again, with its end, what held until the day."""
    if not cut.superseded:
        return
    _note_ties(uow, table, (dict(row._mapping) for row in cut.superseded))
    await uow.execute(
        update(table)
        .where(
            table.c.tenant_id == uow.tenant_id,
            table.c.id.in_([row.id for row in cut.superseded]),
            table.c.superseded_version.is_(None),
        )
        .values(superseded_version=version)
    )
    if cut.closed:
        await uow.execute(
            insert(table),
            [
                {**row._mapping, "id": new_id(), "effective_to": cut.day, "book_version": version}
                for row in cut.closed
            ],
        )


async def add_dated(
    uow: UnitOfWork,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    version: int,
    effective_from: date,
    effective_to: date | None = None,
) -> list[UUID]:
    """New rows that hold from a day on; their ids."""
    made = [
        {
            "tenant_id": uow.tenant_id,
            "id": new_id(),
            "effective_from": effective_from,
            "effective_to": effective_to,
            "book_version": version,
            "superseded_version": None,
            **row,
        }
        for row in rows
    ]
    if made:
        await uow.execute(insert(table), made)
        _note_ties(uow, table, made)
    return [row["id"] for row in made]


# -- what a change leaves --------------------------------------------------------------------------------


async def record(
    uow: UnitOfWork,
    event: EventType,
    *,
    summary: str,
    subject: tuple[UUID, str, str] | None,
    payload: Mapping[str, Any],
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> None:
    """The audit row and the event of one change. ``subject``: id, kind, name."""
    await audit.append(
        uow,
        event.name,
        summary=summary,
        subject=audit.SubjectRef(*subject) if subject is not None else None,
        details={**(details or {}), **({"book_version": version} if version is not None else {})},
        personal=personal,
    )
    await emit(
        uow,
        event.name,
        subject_id=subject[0] if subject is not None else None,
        payload=payload,
        book_version=version,
    )
