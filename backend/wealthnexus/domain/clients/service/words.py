"""The words by which ``search`` finds things."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain.clients.models import search_words
from wealthnexus.domain.clients.names import words
from wealthnexus.kit.db.session import UnitOfWork


async def index_words(uow: UnitOfWork, subject_id: UUID, kind: str, texts: Iterable[str | None]) -> None:
    """The words by which ``search`` finds a subject; replaces those of before.

    ``kind``: HOUSEHOLD, ACCOUNT, SECURITY, PARTY or USER.
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
