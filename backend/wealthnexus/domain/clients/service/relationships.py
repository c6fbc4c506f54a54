"""What parties are to one another: spouse, parent, trustee, trusted contact, and the like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import party_relationships
from wealthnexus.domain.clients.rules.party import RELATIONSHIPS, SYMMETRIC_RELATIONSHIPS
from wealthnexus.domain.clients.rules.timeline import Cut, ends_after, overlaps
from wealthnexus.domain.clients.service.ground import (
    add_dated,
    apply_cut,
    book_version,
    checked_days,
    checked_word,
    parties_named,
    record,
    subject_for_update,
)
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed


@dataclass(frozen=True, slots=True)
class Related:
    id: UUID
    party_id: UUID
    related_id: UUID
    book_version: int


async def relate_parties(
    uow: UnitOfWork,
    firm: FirmBooks,
    party_id: UUID,
    kind: str,
    related_id: UUID,
    *,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> Related:
    """``party`` is ``kind`` of ``related`` from a day on (default: the business date).

    Spouses, partners and siblings are so of each other: one row says both. Conflict when the same holds
    on some of the days already.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, effective_to)
    if party_id == related_id:
        raise ValidationFailed(texts.RELATED_TO_ITSELF(), path=("input", "relatedId"))
    version = await book_version(uow)
    party = await subject_for_update(uow, "party", party_id, path="partyId")
    related = (await parties_named(uow, [related_id], path=("input", "relatedId")))[related_id]
    checked_word(kind, RELATIONSHIPS, "kind", what=party.name)
    r = party_relationships.c
    pair = and_(r.party_id == party_id, r.related_id == related_id)
    if kind in SYMMETRIC_RELATIONSHIPS:
        pair = or_(pair, and_(r.party_id == related_id, r.related_id == party_id))
    known = await uow.rows(
        select(r.effective_from, r.effective_to).where(
            r.tenant_id == uow.tenant_id, r.superseded_version.is_(None), r.kind == kind, pair
        )
    )
    for row in known:
        if overlaps(row, begins, effective_to):
            said = texts.RELATED_ALREADY(
                party=party.name, kind=kind, related=related.name, day=max(begins, row.effective_from)
            )
            raise Conflict(said, path=("input", "relatedId"))
    values = {"party_id": party_id, "kind": kind, "related_id": related_id}
    (made,) = await add_dated(
        uow,
        party_relationships,
        [values],
        version=version,
        effective_from=begins,
        effective_to=effective_to,
    )
    await record(
        uow,
        events.PARTIES_RELATED,
        summary=texts.RELATED(name=party.name, kind=kind),
        subject=(party_id, "party", party.name),
        payload={
            "relationshipId": made,
            "partyId": party_id,
            "relatedId": related_id,
            "bookVersion": version,
        },
        details={"kind": kind, "related_id": related_id, "effective_from": begins},
        version=version,
    )
    return Related(made, party_id, related_id, version)


async def end_relationship(uow: UnitOfWork, relationship_id: UUID, ended_on: date) -> Related:
    """The relationship holds until the day before ``ended_on``; one that began later never was.

    NotFound, PermissionDenied; Conflict when it ends by then already.
    """
    version = await book_version(uow)
    table = party_relationships
    row = await uow.one_or_none(
        select(table).where(
            table.c.tenant_id == uow.tenant_id,
            table.c.id == relationship_id,
            table.c.superseded_version.is_(None),
        )
    )
    if row is None:
        said = texts.NOT_THERE(kind="relationship", id=str(relationship_id))
        raise NotFound(said, path=("input", "relationshipId"))
    checked_days(ended_on, None)
    party = await subject_for_update(uow, "party", row.party_id, path="relationshipId")
    if not ends_after(row, ended_on):
        raise Conflict(texts.ENDED_ALREADY(day=ended_on), path=("input", "endedOn"))
    closed = (row,) if row.effective_from < ended_on else ()
    await apply_cut(uow, table, Cut(ended_on, (row,), closed), version)
    await record(
        uow,
        events.RELATIONSHIP_ENDED,
        summary=texts.RELATION_ENDED(kind=row.kind, name=party.name, day=ended_on),
        subject=(row.party_id, "party", party.name),
        payload={
            "relationshipId": row.id,
            "partyId": row.party_id,
            "relatedId": row.related_id,
            "bookVersion": version,
        },
        details={"kind": row.kind, "related_id": row.related_id, "ended_on": ended_on},
        version=version,
    )
    return Related(row.id, row.party_id, row.related_id, version)
