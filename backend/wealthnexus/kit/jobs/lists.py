"""Jobs as a list: newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select

from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.jobs.queue import JobRow
from wealthnexus.kit.paging import Page, PageRequest, SortKey

_LATEST: Final = (SortKey(jobs.c.requested_at, descending=True), SortKey(jobs.c.id, descending=True))


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Empty does not filter."""

    kinds: Sequence[str] = ()
    states: Sequence[str] = ()


def _filtered(reader: Reader, filter_: JobFilter) -> Select[Any]:
    query = select(jobs).where(jobs.c.tenant_id == reader.tenant_id)
    if filter_.kinds:
        query = query.where(jobs.c.kind.in_(filter_.kinds))
    if filter_.states:
        query = query.where(jobs.c.state.in_(filter_.states))
    return query


async def jobs_page(reader: Reader, filter_: JobFilter, request: PageRequest) -> Page[JobRow]:
    return await keyset_page(reader, _filtered(reader, filter_), _LATEST, "tu", request)


async def count_jobs(reader: Reader, filter_: JobFilter) -> int:
    return await count_of(reader, _filtered(reader, filter_))
