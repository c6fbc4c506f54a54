"""Who sees a subject or a part of it, and what a grant would show before it is given. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select

from wealthnexus.domain.firms import firm_by_id
from wealthnexus.domain.identity import directory, repository, scope_repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.models import access_scope, users
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.identity.service.grants import SHAREABLE, relationship_of
from wealthnexus.domain.work.models import subjects
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import NotFound, ValidationFailed
from wealthnexus.kit.paging import Page, PageRequest

# Of one household, person or account; what a whole book reaches is not listed, it is counted.
PARTS_MAX: Final = 5_000
PARTS_SHOWN: Final = 20
_WATCHED: Final = ("household", "party", "account", "liability")


@dataclass(frozen=True, slots=True)
class Part:
    """A subject somebody sees; ``expires_at`` None: some way to it has no end."""

    subject_id: UUID
    may_write: bool
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Viewing:
    """What one person sees of the subject. ``sees_all``: the subject itself, not parts of it alone.

    ``parts``: the first ones by name; ``part_count``: all of them. ``expires_at``: when the last way ends.
    """

    user_id: UUID
    sees_all: bool
    may_write: bool
    expires_at: datetime | None
    part_count: int
    parts: tuple[Part, ...]
    grant_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Viewers:
    """``page``: people by name, with ``viewings`` in the same order; ``firm_wide``: staff by role."""

    subject_id: UUID
    page: Page[Row[Any]]
    viewings: list[Viewing]
    part_count: int
    firm_wide: int


async def who_sees(reader: Reader, caller: Caller, subject_id: UUID, request: PageRequest) -> Viewers:
    """Everybody whose grants reach a household, person, account or debt, or anything that is part of it.

    Part of it is what a client with a grant on it would see. Who was deactivated is left out: they see
    nothing. PermissionDenied, NotFound.
    """
    caller.require(Permission.GRANTS_READ)
    await _subject(reader, subject_id, _WATCHED)
    parts = [row.subject_id for row in await _reach(reader, subject_id, None, "self", is_staff=False)]
    page = await directory.viewers_page(reader, parts, request)
    found = await _in_force(reader, [row.id for row in page.rows], parts)
    viewings = [
        _viewing(row.id, subject_id, [each for each in found if each.principal_id == row.id])
        for row in page.rows
    ]
    return Viewers(subject_id, page, viewings, len(parts), await _firm_wide(reader))


async def _in_force(reader: Reader, people: Sequence[UUID], parts: Sequence[UUID]) -> Sequence[Row[Any]]:
    s = access_scope
    if not people:
        return []
    return await reader.rows(
        select(s.c.principal_id, s.c.subject_id, s.c.grant_id, s.c.may_write, s.c.expires_at)
        .join(subjects, (subjects.c.tenant_id == s.c.tenant_id) & (subjects.c.id == s.c.subject_id))
        .where(
            s.c.tenant_id == reader.tenant_id,
            s.c.principal_id.in_(people),
            s.c.subject_id.in_(parts),
            s.c.expires_at.is_(None) | (s.c.expires_at > clock.now()),
        )
        .order_by(subjects.c.label, s.c.subject_id, s.c.grant_id)
    )


def _viewing(user_id: UUID, subject_id: UUID, rows: Sequence[Row[Any]]) -> Viewing:
    """Rows of one person, by name of what they see."""
    ways: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        ways.setdefault(row.subject_id, []).append(row)
    parts = [Part(key, any(w.may_write for w in its), _last(its)) for key, its in ways.items()]
    parts.sort(key=lambda part: part.subject_id != subject_id)
    return Viewing(
        user_id=user_id,
        sees_all=subject_id in ways,
        may_write=any(part.may_write for part in parts),
        expires_at=_last(rows),
        part_count=len(parts),
        parts=tuple(parts[:PARTS_SHOWN]),
        grant_ids=tuple(dict.fromkeys(row.grant_id for row in rows)),
    )


def _last(rows: Sequence[Row[Any]]) -> datetime | None:
    """When the way that lasts longest ends; None when one has no end."""
    ends = [row.expires_at for row in rows]
    return None if None in ends else max(ends)


async def _firm_wide(reader: Reader) -> int:
    query = select(func.count()).where(
        users.c.tenant_id == reader.tenant_id,
        users.c.kind == "STAFF",
        users.c.scope == "firm",
        users.c.status == "ACTIVE",
    )
    return int(await reader.scalar(query))


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject a grant would show. ``is_seen``: they see it already; ``ends_on``: of a custodianship."""

    subject_id: UUID
    kind: str
    is_seen: bool
    ends_on: date | None


async def share_preview(
    reader: Reader, caller: Caller, subject_id: UUID, *, principal_id: UUID | None, relationship: str | None
) -> list[Shown]:
    """What a grant would show from today, by kind and name; nothing is given by asking.

    ``principal_id`` None: a client who is not there yet. PermissionDenied, NotFound; ValidationFailed for a
    relationship that this kind of person cannot have, or when it is more than can be listed.
    """
    caller.require(Permission.GRANTS_READ)
    kind = "CLIENT"
    if principal_id is not None:
        person = await repository.user_by_id(reader, principal_id)
        if person is None:
            raise NotFound(texts.PREVIEW_NOBODY(id=principal_id), path=("principalId",))
        kind = person.kind
    await _subject(reader, subject_id, SHAREABLE)
    stands_for = relationship_of(kind, relationship, path=("relationship",))
    rows = await _reach(reader, subject_id, principal_id, stands_for, is_staff=kind == "STAFF")
    return [Shown(row.subject_id, row.kind, row.is_seen, row.ends_on) for row in rows]


async def _reach(
    reader: Reader, subject_id: UUID, principal_id: UUID | None, relationship: str, *, is_staff: bool
) -> Sequence[Row[Any]]:
    firm = await firm_by_id(reader, reader.tenant_id)
    rows = await scope_repository.would_reach(
        reader,
        subject_id,
        principal_id=principal_id,
        relationship=relationship,
        is_staff=is_staff,
        business_date=firm.business_date(),
        now=clock.now(),
        most=PARTS_MAX + 1,
    )
    if len(rows) > PARTS_MAX:
        raise ValidationFailed(texts.SHARE_TOO_MUCH(limit=PARTS_MAX), path=("subjectId",))
    return rows


async def _subject(reader: Reader, subject_id: UUID, kinds: Sequence[str]) -> None:
    found = await reader.scalar(
        select(func.count()).where(
            subjects.c.tenant_id == reader.tenant_id, subjects.c.id == subject_id, subjects.c.kind.in_(kinds)
        )
    )
    if not found:
        raise NotFound(texts.NO_SUBJECT_TO_SHOW(id=subject_id), path=("subjectId",))
