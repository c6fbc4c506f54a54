"""How dated facts came about: who owned, inherited and belonged over all days, and what was owed when.

As the book version of the view knows them, whatever their days. One statement each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from wealthnexus.domain.clients.models import (
    account_beneficiaries,
    account_owners,
    account_terms,
    household_accounts,
    household_members,
    households,
    liability_balances,
    parties,
)
from wealthnexus.domain.clients.repository.force import limited
from wealthnexus.domain.ledger.models import book_versions
from wealthnexus.domain.ledger.statements import not_withdrawn
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

BALANCES_MAX: Final = 400
_STANDS: Final = not_withdrawn(
    "liability_balances", "liability_balances", "liability_id", "day", "source", version=":version"
)


def _believed(table: Table, reader: Reader, view: BookView) -> ColumnElement[bool]:
    c = table.c
    return and_(
        c.tenant_id == reader.tenant_id,
        c.book_version <= view.book_version,
        or_(c.superseded_version.is_(None), c.superseded_version > view.book_version),
    )


def _grouped(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {key: [] for key in ids}
    for row in rows:
        found[row.parent_id].append(row)
    return found


async def owner_courses(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Every owner each account has had, latest first; those the caller may see."""
    o = account_owners
    rows = await reader.rows(
        select(
            o.c.account_id.label("parent_id"),
            o.c.party_id,
            o.c.role,
            o.c.share,
            o.c.effective_from,
            o.c.effective_to,
            parties.c.name,
            parties.c.kind,
        )
        .join(parties, (parties.c.tenant_id == o.c.tenant_id) & (parties.c.id == o.c.party_id))
        .where(_believed(o, reader, view), o.c.account_id.in_(limited(ids)))
        .order_by(o.c.effective_from.desc(), parties.c.name_normalised, o.c.id)
    )
    return _grouped(ids, rows)


async def beneficiary_courses(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Every beneficiary each account has had, latest first; none for clients."""
    if reader.binding.role == "portal":
        return {key: [] for key in ids}
    b = account_beneficiaries
    rows = await reader.rows(
        select(b, b.c.account_id.label("parent_id"))
        .where(_believed(b, reader, view), b.c.account_id.in_(limited(ids)))
        .order_by(b.c.effective_from.desc(), b.c.tier.desc(), b.c.share.desc(), b.c.name, b.c.id)
    )
    return _grouped(ids, rows)


async def terms_courses(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """The terms each account has had, latest first, and who wrote them when; none for clients."""
    if reader.binding.role == "portal":
        return {key: [] for key in ids}
    x, v = account_terms, book_versions
    rows = await reader.rows(
        select(x, x.c.account_id.label("parent_id"), v.c.closed_at)
        .outerjoin(v, (v.c.tenant_id == x.c.tenant_id) & (v.c.version == x.c.book_version))
        .where(_believed(x, reader, view), x.c.account_id.in_(limited(ids)))
        .order_by(x.c.effective_from.desc(), x.c.id)
    )
    return _grouped(ids, rows)


async def household_courses(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Every household each account has belonged to, latest first."""
    m, h = household_accounts, households
    rows = await reader.rows(
        select(m.c.account_id.label("parent_id"), h.c.id, h.c.name, m.c.effective_from, m.c.effective_to)
        .join(h, (h.c.tenant_id == m.c.tenant_id) & (h.c.id == m.c.household_id))
        .where(_believed(m, reader, view), m.c.account_id.in_(limited(ids)))
        .order_by(m.c.effective_from.desc(), h.c.name_normalised, m.c.id)
    )
    return _grouped(ids, rows)


async def member_courses(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Everybody who has belonged to each household, latest first."""
    m = household_members
    rows = await reader.rows(
        select(
            m.c.household_id.label("parent_id"),
            m.c.party_id,
            m.c.relationship.label("role"),
            m.c.effective_from,
            m.c.effective_to,
            parties.c.name,
            parties.c.kind,
        )
        .join(parties, (parties.c.tenant_id == m.c.tenant_id) & (parties.c.id == m.c.party_id))
        .where(_believed(m, reader, view), m.c.household_id.in_(limited(ids)))
        .order_by(m.c.effective_from.desc(), parties.c.name_normalised, m.c.id)
    )
    return _grouped(ids, rows)


async def balance_courses(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """What each debt was on the days it was reported, oldest first: per day the one that counts."""
    b = liability_balances.c
    chosen = (
        select(b.liability_id.label("parent_id"), b.day, b.balance, b.source)
        .ext(distinct_on(b.liability_id, b.day))
        .where(
            b.tenant_id == reader.tenant_id,
            b.liability_id.in_(limited(ids)),
            b.book_version <= view.book_version,
            b.day <= view.as_of,
            text(_STANDS).bindparams(version=view.book_version),
        )
        .order_by(b.liability_id, b.day.desc(), (b.source == "MANUAL").desc(), b.book_version.desc())
    )
    found = _grouped(ids, await reader.rows(chosen))
    return {key: rows[:BALANCES_MAX][::-1] for key, rows in found.items()}
