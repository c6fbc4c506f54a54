"""The book version: one per unit of work that writes the ledger, in the order in which they commit."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wealthnexus.domain.ledger.models import book_heads, book_versions
from wealthnexus.kit.db.session import UnitOfWork

_FACT: Final = "ledger.book_version"


@dataclass(frozen=True, slots=True)
class BookHead:
    """The firm's latest version, and the day whose valuations are kept (None: none yet)."""

    version: int
    valued_day: date | None


async def lock_book(uow: UnitOfWork) -> BookHead:
    """Wait for the firm's other ledger writers, then keep them waiting until this unit of work ends."""
    await uow.execute(upsert(book_heads).values(tenant_id=uow.tenant_id, version=0).on_conflict_do_nothing())
    row = (
        await uow.rows(
            select(book_heads.c.version, book_heads.c.valued_day)
            .where(book_heads.c.tenant_id == uow.tenant_id)
            .with_for_update()
        )
    )[0]
    return BookHead(row.version, row.valued_day)


async def next_book_version(uow: UnitOfWork, kind: str, batch_id: UUID | None = None) -> int:
    """The version this unit of work writes under; the same one when asked again.

    Takes the firm's book lock, which is held until the unit of work ends: versions are in commit order, and
    a version once visible never gains rows. Long work is therefore done before.
    """
    known = uow.facts.get(_FACT)
    if known is not None:
        return int(known)
    head = await lock_book(uow)
    version = head.version + 1
    await uow.execute(
        update(book_heads).where(book_heads.c.tenant_id == uow.tenant_id).values(version=version)
    )
    await uow.execute(
        insert(book_versions).values(
            tenant_id=uow.tenant_id,
            version=version,
            closed_at=func.clock_timestamp(),
            kind=kind,
            actor_id=uow.actor.id,
            batch_id=batch_id,
        )
    )
    uow.facts[_FACT] = version
    return version


def close_book_version(uow: UnitOfWork) -> None:
    """What the unit of work writes from here on is written under a further version.

    For several imports in one transaction: each has the version that names its batch.
    """
    uow.facts.pop(_FACT, None)


@contextlib.asynccontextmanager
async def attempt(uow: UnitOfWork) -> AsyncIterator[None]:
    """A savepoint; when it is rolled back, a book version taken inside it was never taken."""
    before = uow.facts.get(_FACT)
    try:
        async with uow.savepoint():
            yield
    except BaseException:
        if before is None:
            uow.facts.pop(_FACT, None)
        raise
