"""Parties that own parties: one share from a day on, or all owners of an entity at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import party_ownerships
from wealthnexus.domain.clients.repository.owners import holdings_below
from wealthnexus.domain.clients.rules.ownership import Holding, find_cycle, over_owned
from wealthnexus.domain.clients.rules.timeline import cut_at
from wealthnexus.domain.clients.service.ground import (
    add_dated,
    apply_cut,
    believed,
    book_version,
    bump,
    checked_days,
    checked_share,
    parties_named,
    plain_share,
    record,
    refused,
    subject_for_update,
)
from wealthnexus.domain.clients.service.owners import OWNERS_MAX
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed


@dataclass(frozen=True, slots=True)
class OwnershipSet:
    owner_id: UUID
    owned_id: UUID
    book_version: int


@dataclass(frozen=True, slots=True)
class PartyOwner:
    """``share`` of the whole, above 0."""

    owner_id: UUID
    share: Decimal


@dataclass(frozen=True, slots=True)
class PartyOwnersSet:
    owned_id: UUID
    version: int
    book_version: int


async def set_party_ownership(
    uow: UnitOfWork,
    firm: FirmBooks,
    owner_id: UUID,
    owned_id: UUID,
    share: Decimal | None,
    *,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> OwnershipSet:
    """From a day on (default: the business date) ``owner`` owns ``share`` of ``owned``; None: nothing.

    What was believed of the same two from that day on is superseded. ValidationFailed when the owned one
    is a person, when shares would add up to more than the whole on any day, and when parties would own
    each other in a circle on any day; the message names the day, the parties and the sum.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, effective_to)
    if share is not None:
        share = checked_share(share)
    version = await book_version(uow)
    owned = await subject_for_update(uow, "party", owned_id, path="ownedId")
    owner = (await parties_named(uow, [owner_id], path=("input", "ownerId")))[owner_id]
    if owned.kind == "person":
        raise ValidationFailed(texts.NOT_OWNABLE(name=owned.name), path=("input", "ownedId"))
    known = await believed(uow, party_ownerships, owner_id=owner_id, owned_id=owned_id)
    cut = cut_at(known, begins)
    await apply_cut(uow, party_ownerships, cut, version)
    if share is not None:
        values = {"owner_id": owner_id, "owned_id": owned_id, "share": share}
        await add_dated(
            uow,
            party_ownerships,
            [values],
            version=version,
            effective_from=begins,
            effective_to=effective_to,
        )
        await _refuse_circles_and_excess(uow, owned_id, owned.name)
    shown = format(share, "f") if share is not None else "0"
    await record(
        uow,
        events.OWNERSHIP_CHANGED,
        summary=texts.OWNERSHIP_SET(name=owned.name, share=shown, day=begins),
        subject=(owned_id, "party", owned.name),
        payload={
            "ownerId": owner_id,
            "ownedId": owned_id,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={
            "owner_id": owner_id,
            "share": shown,
            "effective_from": begins,
            "effective_to": effective_to,
        },
        personal={"owner": owner.name},
        version=version,
    )
    return OwnershipSet(owner_id, owned_id, version)


async def _refuse_circles_and_excess(
    uow: UnitOfWork, owned_id: UUID, owned_name: str, given: Sequence[UUID] | None = None
) -> None:
    """On whatever day, as is believed now: other writers wait for the book lock meanwhile.

    ``given``: the owners of a list, whose rows the refusals then name.
    """
    owners = await believed(uow, party_ownerships, owned_id=owned_id)
    for over in over_owned(
        [
            Holding(row.owner_id, row.owned_id, row.share, row.effective_from, row.effective_to)
            for row in owners
        ]
    ):
        said = texts.ABOVE_WHOLE(day=over.day, name=owned_name, total=plain_share(over.total))
        raise ValidationFailed(said, path=("input", "share" if given is None else "owners"))
    circle = find_cycle(await holdings_below(uow, owned_id))
    if circle is not None:
        day, keys = circle
        named = await parties_named(uow, keys, path=("input", "ownerId"))
        chain = " owns ".join(named[key].name for key in (*keys, keys[0]))
        at = ("ownerId",) if given is None else ("owners", *_row_of(given, keys))
        raise ValidationFailed(texts.CIRCLE(day=day, chain=chain), path=("input", *at))


def _row_of(given: Sequence[UUID], circle: Sequence[UUID]) -> tuple[str, ...]:
    return next(((str(place), "ownerId") for place, key in enumerate(given) if key in circle), ())


async def set_party_owners(
    uow: UnitOfWork,
    firm: FirmBooks,
    owned_id: UUID,
    owners: Sequence[PartyOwner],
    *,
    expected_version: int,
    effective_from: date | None = None,
) -> PartyOwnersSet:
    """From a day on (default: the business date) the entity has these owners and no others; none: unknown.

    ValidationFailed as of ``set_party_ownership``, with the row at fault, and for a party named twice.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, None)
    version = await book_version(uow)
    owned = await subject_for_update(
        uow, "party", owned_id, path="ownedId", expected_version=expected_version
    )
    if owned.kind == "person":
        raise ValidationFailed(texts.NOT_OWNABLE(name=owned.name), path=("input", "ownedId"))
    named = await _checked_list(uow, owned.name, owners)
    known = await believed(uow, party_ownerships, owned_id=owned_id)
    await apply_cut(uow, party_ownerships, cut_at(known, begins), version)
    rows = [{"owner_id": each.owner_id, "owned_id": owned_id, "share": each.share} for each in owners]
    await add_dated(uow, party_ownerships, rows, version=version, effective_from=begins)
    await _refuse_circles_and_excess(uow, owned_id, owned.name, [each.owner_id for each in owners])
    row_version = await bump(uow, "party", owned)
    await record(
        uow,
        events.PARTY_OWNERS_CHANGED,
        summary=texts.PARTY_OWNERS_SET(count=len(owners), name=owned.name, day=begins),
        subject=(owned_id, "party", owned.name),
        payload={
            "ownedId": owned_id,
            "version": row_version,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={
            "owners": [{"owner_id": o.owner_id, "share": plain_share(o.share)} for o in owners],
            "effective_from": begins,
        },
        personal={"owners": sorted(row.name for row in named.values())},
        version=version,
    )
    return PartyOwnersSet(owned_id, row_version, version)


async def _checked_list(
    uow: UnitOfWork, owned_name: str, owners: Sequence[PartyOwner]
) -> dict[UUID, Row[Any]]:
    if len(owners) > OWNERS_MAX:
        said = texts.TOO_MANY(count=len(owners), what="owners", limit=OWNERS_MAX)
        raise ValidationFailed(said, path=("input", "owners"))
    keys = [each.owner_id for each in owners]
    named = await parties_named(uow, keys, path=("input", "owners"), at="ownerId")
    for place, each in enumerate(owners):
        checked_share(each.share, f"owners.{place}.share")
        if each.owner_id in keys[:place]:
            said = texts.OWNER_TWICE(name=named[each.owner_id].name)
            raise refused(owned_name, [(f"owners.{place}.ownerId", said, None)])
    return named
