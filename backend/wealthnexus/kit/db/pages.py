"""One page of a list by keyset, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import (
    Page,
    PageRequest,
    SortKey,
    cut_page,
    decode_cursor,
    encode_cursor,
    keyset_predicate,
    order_by,
)


async def keyset_page(
    reader: Reader, query: Select[Any], keys: Sequence[SortKey], types: str, request: PageRequest
) -> Page[Row[Any]]:
    """``types``: a cursor letter per key (see ``kit.paging``); the keys' columns must be selected."""
    if request.after is not None:
        values = decode_cursor(request.after, types)
        query = query.where(keyset_predicate(keys, values, backward=request.backward))
    query = query.order_by(*order_by(keys, backward=request.backward)).limit(request.first + 1)
    rows = await reader.rows(query)
    names = [str(key.column.key) for key in keys]
    cursors = [encode_cursor([getattr(row, name) for name in names]) for row in rows]
    return cut_page(rows, cursors, request)


async def count_of(reader: Reader, query: Select[Any]) -> int:
    """How many rows the unpaged query has."""
    return int(await reader.scalar(select(func.count()).select_from(query.order_by(None).subquery())))
