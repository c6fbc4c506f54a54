"""Imports as people know them: the batches of one job together, with who, when, and whether they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.sql.selectable import Select

from wealthnexus.domain.feeds.models import import_batches, import_undos
from wealthnexus.kit.db.pages import keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import NotFound
from wealthnexus.kit.paging import Page, PageRequest, SortKey
from wealthnexus.kit.text import message

NO_IMPORT: Final = message("feeds.no_import", "there is no import {id}; nothing was changed", id=str)


@dataclass(frozen=True, slots=True)
class Group:
    """The batches of one import with their book versions."""

    batch_ids: tuple[UUID, ...]
    versions: tuple[int, ...]
    sources: tuple[str, ...]
    undo_until: datetime | None
    undone_at: datetime | None

    @property
    def last_version(self) -> int:
        return max(self.versions)

    @property
    def first_version(self) -> int:
        return min(self.versions)


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import of the list. ``counts``: by file, as the batches recorded them."""

    id: UUID
    job_id: UUID | None
    sources: tuple[str, ...]
    as_of: date
    counts: dict[str, dict[str, int]]
    created_at: datetime
    created_by: UUID | None
    undo_until: datetime | None
    undone_at: datetime | None
    undone_by: UUID | None
    undo_reason: str | None


_GROUP: Final = """
select b.id, b.source, b.undo_until, v.version, u.undone_at
from import_batches b
join book_versions v on v.tenant_id = :tenant and v.batch_id = b.id and v.kind = 'import'
left join import_undos u on u.tenant_id = :tenant and u.batch_id = b.id
where b.tenant_id = :tenant and (b.id = :batch or b.job_id = (
  select x.job_id from import_batches x where x.tenant_id = :tenant and x.id = :batch))
order by v.version"""


async def group_of(reader: Reader, batch_id: UUID) -> Group:
    """All batches of the import that ``batch_id`` is of; NotFound for none."""
    rows = await reader.rows(text(_GROUP), {"tenant": reader.tenant_id, "batch": batch_id})
    if not rows:
        raise NotFound(NO_IMPORT(id=str(batch_id)), path=("input", "importId"))
    until = [row.undo_until for row in rows]
    return Group(
        tuple(row.id for row in rows),
        tuple(row.version for row in rows),
        tuple(dict.fromkeys(row.source for row in rows)),
        None if None in until else min(until),
        rows[0].undone_at,
    )


def _heads(reader: Reader) -> Select[Any]:
    """The latest batch of each import."""
    b, u = import_batches.c, import_undos.c
    together = func.coalesce(b.job_id, b.id)
    place = func.row_number().over(partition_by=together, order_by=(b.created_at.desc(), b.id.desc()))
    latest = (
        select(b.id, place.label("place"))
        .where(b.tenant_id == reader.tenant_id)
        .subquery()
    )  # fmt: skip
    return (
        select(
            b.id, b.job_id, b.as_of, b.created_at, b.created_by, b.undo_until,
            u.undone_at, u.undone_by, u.reason.label("undo_reason"),
        )
        .join(latest, (latest.c.id == b.id) & (latest.c.place == 1))
        .outerjoin(import_undos, (u.tenant_id == b.tenant_id) & (u.batch_id == b.id))
        .where(b.tenant_id == reader.tenant_id)
    )  # fmt: skip


async def imports_page(reader: Reader, request: PageRequest) -> Page[PastImport]:
    """Imports that changed the books, the latest first."""
    b = import_batches.c
    keys = (SortKey(b.created_at, descending=True), SortKey(b.id, descending=True))
    page = await keyset_page(reader, _heads(reader), keys, "tu", request)
    return Page(await _whole(reader, page.rows), page.cursors, page.has_next, page.has_previous)


async def one_import(reader: Reader, batch_id: UUID) -> PastImport:
    """The import a batch is of; NotFound."""
    group = await group_of(reader, batch_id)
    rows = await reader.rows(_heads(reader).where(import_batches.c.id.in_(group.batch_ids)))
    return (await _whole(reader, rows))[0]


async def _whole(reader: Reader, heads: Any) -> list[PastImport]:
    """With the sources and counts of all batches of each."""
    b = import_batches.c
    jobs = [row.job_id for row in heads if row.job_id is not None]
    parts: dict[UUID, list[Row[Any]]] = {}
    if heads:
        found = await reader.rows(
            select(b.id, b.job_id, b.source, b.counts)
            .where(b.tenant_id == reader.tenant_id)
            .where(b.job_id.in_(jobs) | b.id.in_([row.id for row in heads]))
            .order_by(b.created_at, b.id)
        )
        for row in found:
            parts.setdefault(row.job_id or row.id, []).append(row)
    return [
        PastImport(
            row.id,
            row.job_id,
            tuple(dict.fromkeys(part.source for part in parts[row.job_id or row.id])),
            row.as_of,
            _summed([part.counts for part in parts[row.job_id or row.id]]),
            row.created_at,
            row.created_by,
            row.undo_until,
            row.undone_at,
            row.undone_by,
            row.undo_reason,
        )
        for row in heads
    ]


def _summed(counts: list[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    total: dict[str, dict[str, int]] = {}
    for one in counts:
        for file, by_kind in one.items():
            sums = total.setdefault(file, {"created": 0, "changed": 0, "unchanged": 0})
            for kind, count in by_kind.items():
                sums[kind] = sums.get(kind, 0) + count
    return total
