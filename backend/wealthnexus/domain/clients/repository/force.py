"""Dated rows in force: on the day, as the book version of the view knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, or_

from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.texts import TOO_MANY_IDS

IDS_MAX: Final = 1_000


def in_force_sql(alias: str) -> str:
    """As a condition on ``alias``; parameters tenant, version, as_of."""
    return (
        f"{alias}.tenant_id = :tenant and {alias}.book_version <= :version"
        f" and ({alias}.superseded_version is null or {alias}.superseded_version > :version)"
        f" and {alias}.effective_from <= :as_of"
        f" and ({alias}.effective_to is null or {alias}.effective_to > :as_of)"
    )


TAGGED: Final = """(select st.subject_id from subject_tags st
  join tags t on t.tenant_id = :tenant and t.id = st.tag_id
  where st.tenant_id = :tenant and t.name_normalised = :tag)"""
"""Subjects with the tag ``:tag``, folded; not for clients, who have no right to the firm's tags."""


def in_force(table: Table, reader: Reader, view: BookView) -> ColumnElement[bool]:
    """The same for a table of ours."""
    c = table.c
    return and_(
        c.tenant_id == reader.tenant_id,
        c.book_version <= view.book_version,
        or_(c.superseded_version.is_(None), c.superseded_version > view.book_version),
        c.effective_from <= view.as_of,
        or_(c.effective_to.is_(None), c.effective_to > view.as_of),
    )


def parameters(reader: Reader, view: BookView, **more: Any) -> dict[str, Any]:
    """Of ``in_force_sql``, and more."""
    return {"tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of, **more}


def limited(ids: Sequence[UUID]) -> list[UUID]:
    """The ids once each; LimitExceeded beyond 1,000."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > IDS_MAX:
        raise LimitExceeded(TOO_MANY_IDS(count=len(wanted), limit=IDS_MAX), path=("ids",))
    return wanted
