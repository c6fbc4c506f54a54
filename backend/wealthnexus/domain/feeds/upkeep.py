"""What imports and drafts keep for a while alone; removed in parts, so that no transaction is long."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, or_, select, tuple_

from wealthnexus.domain.feeds.models import (
    import_batches,
    import_draft_rows,
    import_drafts,
    import_journal,
    uploads,
)
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork

JOURNAL_KEPT: Final = timedelta(days=7)
"""After the last moment at which an import could be taken back."""


async def forget_journals(uow: UnitOfWork, rows_max: int) -> int:
    """How rows were before imports that can no longer be taken back; returns how many are gone."""
    b = import_batches.c
    over = select(b.id).where(
        b.tenant_id == uow.tenant_id,
        or_(b.undo_until.is_(None), b.undo_until < clock.now() - JOURNAL_KEPT),
    )
    return await _forget(uow, import_journal, import_journal.c.batch_id.in_(over), rows_max)


async def forget_verdicts(uow: UnitOfWork, rows_max: int) -> int:
    """What checks said of drafts whose file is no longer kept: nobody can import them any more."""
    d, u = import_drafts.c, uploads.c
    kept = select(u.id).where(u.tenant_id == uow.tenant_id, u.expires_at > clock.now())
    over = select(d.id).where(d.tenant_id == uow.tenant_id, d.upload_id.not_in(kept))
    return await _forget(uow, import_draft_rows, import_draft_rows.c.draft_id.in_(over), rows_max)


async def _forget(uow: UnitOfWork, table: Table, is_over: ColumnElement[bool], rows_max: int) -> int:
    key = tuple_(*table.primary_key.columns)
    due = select(*table.primary_key.columns).where(table.c.tenant_id == uow.tenant_id, is_over)
    gone = delete(table).where(table.c.tenant_id == uow.tenant_id, key.in_(due.limit(rows_max)))
    return int((await uow.execute(gone)).rowcount)
