"""People and entities: pages, by id, and what stands at each of their edges. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, case, func, literal, select, union_all

from wealthnexus.domain.clients.models import (
    household_members,
    households,
    parties,
    party_contacts,
    party_ownerships,
    party_relationships,
    subject_tags,
    tags,
)
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.repository.force import in_force, limited
from wealthnexus.domain.clients.rules.party import MEMBER_ROLES, normal_tax_id
from wealthnexus.domain.clients.sealed import hashed
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, SortKey

_FAR: Final = date(9999, 12, 31)


class PartyOrderField(StrEnum):
    NAME = "NAME"
    KYC_REFRESH_DUE = "KYC_REFRESH_DUE"


@dataclass(frozen=True, slots=True)
class PartyOrder:
    """A party without a refresh date comes after every date."""

    field: PartyOrderField = PartyOrderField.NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PartyFilter:
    """All that are given must hold; words lower case. ``tax_id``: the whole number, however written."""

    name_contains: str | None = None
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    kyc_states: tuple[str, ...] = ()
    kyc_due_by: date | None = None
    household_id: UUID | None = None
    tag: str | None = None
    tax_id: str | None = None


def _columns() -> list[Any]:
    p = parties.c
    shown = (
        p.id, p.external_id, p.kind, p.status, p.name, p.name_normalised, p.given_name, p.family_name,
        p.tax_id_last4, p.tax_id_type, p.citizenship, p.residence, p.jurisdiction, p.formed_on, p.ended_on,
        p.kyc_state, p.kyc_verified_on, p.kyc_refresh_due, p.risk_profile, p.risk_assessed_on, p.source,
        p.version,
    )  # fmt: skip
    return [*shown, p.birth_date.is_not(None).label("birth_date_known")]


_REFRESH: Final = func.coalesce(parties.c.kyc_refresh_due, literal(_FAR)).label("refresh_order")


async def _query(reader: Reader, view: BookView, filter_: PartyFilter) -> Select[Any]:
    p = parties.c
    query = select(*_columns(), _REFRESH).where(p.tenant_id == reader.tenant_id)
    if filter_.name_contains and (part := normalised(filter_.name_contains)):
        query = query.where(func.strpos(p.name_normalised, part) > 0)
    for column, words in (
        (p.kind, filter_.kinds),
        (p.status, filter_.statuses),
        (p.kyc_state, filter_.kyc_states),
    ):
        if words:
            query = query.where(column.in_(words))
    if filter_.kyc_due_by is not None:
        query = query.where(p.kyc_refresh_due <= filter_.kyc_due_by)
    if filter_.household_id is not None:
        members = select(household_members.c.party_id).where(
            in_force(household_members, reader, view),
            household_members.c.household_id == filter_.household_id,
        )
        query = query.where(p.id.in_(members))
    if filter_.tag and reader.binding.role != "portal":
        tagged = (
            select(subject_tags.c.subject_id)
            .join(tags, (tags.c.tenant_id == subject_tags.c.tenant_id) & (tags.c.id == subject_tags.c.tag_id))
            .where(
                subject_tags.c.tenant_id == reader.tenant_id,
                tags.c.name_normalised == normalised(filter_.tag),
            )
        )
        query = query.where(p.id.in_(tagged))
    if filter_.tax_id is not None:
        query = query.where(p.tax_id_hash == await hashed(reader, normal_tax_id(filter_.tax_id)))
    return query


async def parties_page(
    reader: Reader,
    view: BookView,
    request: PageRequest,
    filter: PartyFilter = PartyFilter(),
    order: PartyOrder = PartyOrder(),
) -> Page[Row[Any]]:
    """One page, by name unless ordered otherwise; ties by id."""
    query = await _query(reader, view, filter)
    by_id = SortKey(parties.c.id, order.descending)
    if order.field is PartyOrderField.NAME:
        keys, letters = [SortKey(parties.c.name_normalised, order.descending), by_id], "su"
    else:
        keys, letters = [SortKey(_REFRESH, order.descending), by_id], "du"
    return await keyset_page(reader, query, keys, letters, request)


async def parties_count(reader: Reader, view: BookView, filter: PartyFilter = PartyFilter()) -> int:
    """How many parties the unpaged list has."""
    return await count_of(reader, await _query(reader, view, filter))


async def parties_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The parties the caller may see, by id; others are absent. At most 1,000 ids."""
    wanted = limited(ids)
    if not wanted:
        return {}
    rows = await reader.rows(
        select(*_columns()).where(parties.c.tenant_id == reader.tenant_id, parties.c.id.in_(wanted))
    )
    return {row.id: row for row in rows}


def _grouped(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {key: [] for key in ids}
    for row in rows:
        found[row.parent_id].append(row)
    return found


# -- households --------------------------------------------------------------------------------------------

_ROLE_ORDER: Final = case(
    {role: place for place, role in enumerate(MEMBER_ROLES)}, value=household_members.c.relationship, else_=99
)


async def members_by_household_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Party id, name, kind, role and dates of those who belong to each household on the day."""
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
        .where(in_force(m, reader, view), m.c.household_id.in_(limited(ids)))
        .order_by(_ROLE_ORDER, parties.c.name_normalised, m.c.party_id)
    )
    return _grouped(ids, rows)


async def households_by_party_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Id, name and role in each household the party belongs to on the day, by name."""
    m, h = household_members, households
    rows = await reader.rows(
        select(m.c.party_id.label("parent_id"), h.c.id, h.c.name, m.c.relationship.label("role"))
        .join(h, (h.c.tenant_id == m.c.tenant_id) & (h.c.id == m.c.household_id))
        .where(in_force(m, reader, view), m.c.party_id.in_(limited(ids)))
        .order_by(h.c.name_normalised, h.c.id)
    )
    return _grouped(ids, rows)


# -- contacts and relationships ----------------------------------------------------------------------------


async def contacts_by_party_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Kind, label, value, primary ones first."""
    c = party_contacts.c
    rows = await reader.rows(
        select(c.party_id.label("parent_id"), c.id, c.kind, c.label, c.value, c.is_primary)
        .where(c.tenant_id == reader.tenant_id, c.party_id.in_(limited(ids)))
        .order_by(c.kind, c.is_primary.desc(), c.created_at, c.id)
    )
    return _grouped(ids, rows)


async def relationships_by_party_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """What each party is to others (``is_inverse`` False) and others are to it, on the day."""
    r, wanted = party_relationships, limited(ids)
    sides = [
        select(
            mine.label("parent_id"),
            r.c.id,
            r.c.kind,
            other.label("other_id"),
            literal(is_inverse).label("is_inverse"),
            r.c.effective_from,
            r.c.effective_to,
        ).where(in_force(r, reader, view), mine.in_(wanted))
        for mine, other, is_inverse in (
            (r.c.party_id, r.c.related_id, False),
            (r.c.related_id, r.c.party_id, True),
        )
    ]
    both = union_all(*sides).subquery()
    rows = await reader.rows(
        select(both, parties.c.name.label("other_name"), parties.c.kind.label("other_kind"))
        .join(
            parties,
            (parties.c.tenant_id == reader.tenant_id) & (parties.c.id == both.c.other_id),
        )
        .order_by(both.c.kind, parties.c.name_normalised, both.c.id)
    )
    return _grouped(ids, rows)


async def relationships_among(reader: Reader, view: BookView, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Relationships on the day of which both sides are among the parties."""
    r, wanted = party_relationships, list(ids)
    return await reader.rows(
        select(r.c.party_id, r.c.related_id, r.c.kind)
        .where(in_force(r, reader, view), r.c.party_id.in_(wanted), r.c.related_id.in_(wanted))
        .order_by(r.c.kind, r.c.party_id, r.c.related_id)
    )


# -- who owns whom -----------------------------------------------------------------------------------------


async def ownerships_by_party_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    """Of each party, who owns which share of it (``is_owned`` True) and what it owns, on the day."""
    o, wanted = party_ownerships, limited(ids)
    sides = [
        select(
            mine.label("parent_id"),
            o.c.id,
            other.label("other_id"),
            o.c.share,
            literal(is_owned).label("is_owned"),
            o.c.effective_from,
            o.c.effective_to,
        ).where(in_force(o, reader, view), mine.in_(wanted))
        for mine, other, is_owned in ((o.c.owned_id, o.c.owner_id, True), (o.c.owner_id, o.c.owned_id, False))
    ]
    both = union_all(*sides).subquery()
    rows = await reader.rows(
        select(both, parties.c.name.label("other_name"), parties.c.kind.label("other_kind"))
        .join(
            parties,
            (parties.c.tenant_id == reader.tenant_id) & (parties.c.id == both.c.other_id),
        )
        .order_by(both.c.share.desc(), parties.c.name_normalised, both.c.id)
    )
    return _grouped(ids, rows)
