"""Judgements of pairs of securities, as people read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from wealthnexus.domain.ledger.models import identical_securities
from wealthnexus.domain.markets.models import securities
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, SortKey

_C = identical_securities.c


def _asked(reader: Reader, security_id: UUID | None, *, include_withdrawn: bool) -> Select[Any]:
    # Both must be seen: the row's own policy looks at one of them.
    seen = select(securities.c.id).where(securities.c.tenant_id == reader.tenant_id)
    query = select(identical_securities).where(
        _C.tenant_id == reader.tenant_id, _C.security_id.in_(seen), _C.other_security_id.in_(seen)
    )
    if security_id is not None:
        query = query.where(or_(_C.security_id == security_id, _C.other_security_id == security_id))
    return query if include_withdrawn else query.where(_C.superseded_version.is_(None))


async def identical_page(
    reader: Reader, request: PageRequest, security_id: UUID | None = None, *, include_withdrawn: bool = False
) -> Page[Row[Any]]:
    """The latest first; of one security when it is given."""
    keys = [SortKey(_C.book_version, descending=True), SortKey(_C.id, descending=True)]
    query = _asked(reader, security_id, include_withdrawn=include_withdrawn)
    return await keyset_page(reader, query, keys, "iu", request)


async def identical_count(
    reader: Reader, security_id: UUID | None = None, *, include_withdrawn: bool = False
) -> int:
    return await count_of(reader, _asked(reader, security_id, include_withdrawn=include_withdrawn))


async def identical_by_id(reader: Reader, key: UUID) -> Row[Any] | None:
    return await reader.one_or_none(
        select(identical_securities).where(_C.tenant_id == reader.tenant_id, _C.id == key)
    )
