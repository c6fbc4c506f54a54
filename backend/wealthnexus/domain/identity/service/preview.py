"""What somebody would see through grants, and why: nothing is opened by looking, and nothing recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select

from wealthnexus.domain.firms import firm_by_id
from wealthnexus.domain.identity import repository, scope_repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.models import access_scope
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.work.models import subjects
from wealthnexus.kit import clock
from wealthnexus.kit.db.pages import keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import NotFound
from wealthnexus.kit.paging import Page, PageRequest, SortKey

PATHS_MAX: Final = 3  # of one subject under one grant; the first ones explain it
STEPS_MAX: Final = 12
WAYS_MAX: Final = 5_000
_BY_NAME: Final = (
    SortKey(subjects.c.label),
    SortKey(access_scope.c.subject_id),
    SortKey(access_scope.c.grant_id),
)


@dataclass(frozen=True, slots=True)
class Step:
    """``how`` the subject was reached from the one before: granted, household_account, owner, … (see
    ``scope_repository``); ``role``: as owner of an account or member of a household."""

    how: str
    subject_id: UUID
    role: str | None


@dataclass(frozen=True, slots=True)
class AccessPath:
    """One subject and one chain of steps to it, from what was granted to the subject itself."""

    subject_id: UUID
    grant_id: UUID
    may_write: bool
    expires_at: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AccessPreview:
    """``page``: rows of the scope, by name; ``paths``: at most three chains for each of them, in order."""

    page: Page[Row[Any]]
    paths: list[AccessPath]


async def access_preview(
    reader: Reader, caller: Caller, principal_id: UUID, request: PageRequest
) -> AccessPreview:
    """The subjects that somebody's grants reach now, by name, each with the ways that lead there.

    Somebody who sees the whole firm by role has none. PermissionDenied; NotFound.
    """
    caller.require(Permission.GRANTS_READ)
    if await repository.user_by_id(reader, principal_id) is None:
        raise NotFound(texts.PREVIEW_NOBODY(id=principal_id), path=("principalId",))
    page = await keyset_page(reader, _in_force(reader, principal_id), _BY_NAME, "suu", request)
    ways = await _ways(reader, principal_id, [row.subject_id for row in page.rows])
    paths: list[AccessPath] = []
    for row in page.rows:
        chains = _chains(ways, row.grant_id, row.subject_id)
        paths += [
            AccessPath(row.subject_id, row.grant_id, row.may_write, row.expires_at, chain) for chain in chains
        ]
    return AccessPreview(page, paths)


async def count_reached(reader: Reader, principal_id: UUID) -> int:
    """Subjects, each counted once however many grants reach it."""
    query = _in_force(reader, principal_id).with_only_columns(
        func.count(access_scope.c.subject_id.distinct())
    )
    return int(await reader.scalar(query))


def _in_force(reader: Reader, principal_id: UUID) -> Any:
    s = access_scope
    return (
        select(s.c.subject_id, s.c.grant_id, s.c.may_write, s.c.expires_at, subjects.c.label)
        .join(subjects, (subjects.c.tenant_id == s.c.tenant_id) & (subjects.c.id == s.c.subject_id))
        .where(
            s.c.tenant_id == reader.tenant_id,
            s.c.principal_id == principal_id,
            s.c.expires_at.is_(None) | (s.c.expires_at > clock.now()),
        )
    )


_Ways = dict[tuple[UUID, UUID], list[Row[Any]]]


async def _ways(reader: Reader, principal_id: UUID, wanted: Sequence[UUID]) -> _Ways:
    """The ways to these subjects and to everything on the way: a statement per step of the longest."""
    firm = await firm_by_id(reader, reader.tenant_id)
    found: _Ways = {}
    asked: set[UUID] = set()
    ahead = set(wanted)
    for _ in range(STEPS_MAX):
        if not ahead:
            break
        rows = await scope_repository.ways_to(
            reader,
            principal_id,
            sorted(ahead),
            today=clock.business_date(firm.time_zone, None),
            business_date=firm.business_date(),
            time_zone=firm.time_zone,
            most=WAYS_MAX,
        )
        asked |= ahead
        ahead = set()
        for row in rows:
            its = found.setdefault((row.grant_id, row.subject_id), [])
            if len(its) < PATHS_MAX:
                its.append(row)
                if row.via_id is not None and row.via_id not in asked:
                    ahead.add(row.via_id)
    return found


def _chains(ways: _Ways, grant_id: UUID, subject_id: UUID) -> list[tuple[Step, ...]]:
    """Chains from the granted subject to this one, the shortest first; none goes through a thing twice."""
    done: list[tuple[Step, ...]] = []
    open_: list[tuple[UUID, tuple[Step, ...], frozenset[UUID]]] = [(subject_id, (), frozenset())]
    while open_ and len(done) < PATHS_MAX:
        at, tail, seen = open_.pop(0)
        for row in ways.get((grant_id, at), ()):
            chain = (Step(row.how, at, row.role), *tail)
            if row.via_id is None:
                done.append(chain)
            elif row.via_id not in seen and row.via_id != at and len(chain) < STEPS_MAX:
                open_.append((row.via_id, chain, seen | {at}))
    return done[:PATHS_MAX]
