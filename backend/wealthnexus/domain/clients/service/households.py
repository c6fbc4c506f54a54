"""Households: made, renamed, joined and left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import household_accounts, household_members, households
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.rules.party import MEMBER_ROLES
from wealthnexus.domain.clients.rules.timeline import Cut, ends_after, overlaps
from wealthnexus.domain.clients.service.ground import (
    MANUAL_SOURCE,
    NAME_CHARACTERS_MAX,
    add_dated,
    apply_cut,
    believed,
    book_version,
    bump,
    checked_days,
    checked_word,
    clean_text,
    parties_named,
    record,
    subject_for_update,
)
from wealthnexus.domain.clients.service.summaries import summarise_new
from wealthnexus.domain.clients.service.words import index_words
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.domain.work import register_subject, rename_subject
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

_ENTITY_ROLE: Final = "entity"

_NO_HOUSEHOLD = message("clients.no_household", "there is no household {id}; nothing was renamed", id=str)
_BAD_NAME = message(
    "clients.bad_name",
    "the name has {count} characters, expected 1 to {limit} printable ones; nothing was renamed",
    count=int,
    limit=int,
)
_STALE = message(
    "clients.stale",
    "the household was changed by somebody else: version {expected} was expected, it is {current};"
    " nothing was renamed",
    expected=int,
    current=int,
)
_READ_ONLY = message("clients.read_only", "your access to this household is for reading; nothing was renamed")
_RENAMED = message("clients.renamed", "Renamed the household {name}", name=str)


@dataclass(frozen=True, slots=True)
class HouseholdRenamed:
    id: UUID
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Membership:
    household_id: UUID
    member_id: UUID
    book_version: int


async def create_household(uow: UnitOfWork, name: str, *, external_id: str | None = None) -> UUID:
    """Make a household without members. ValidationFailed; Conflict for an external id that is taken."""
    name = clean_text(name, "name", what="household")
    household_id = new_id()
    key = clean_text(external_id, "externalId", what=name, limit=100) if external_id else str(household_id)
    if external_id is not None and await uow.rows(
        select(households.c.id).where(
            households.c.tenant_id == uow.tenant_id,
            households.c.source == MANUAL_SOURCE,
            households.c.external_id == key,
        )
    ):
        raise Conflict(texts.ID_TAKEN(external_id=key), path=("input", "externalId"))
    await register_subject(uow, household_id, "household", name)
    await uow.execute(
        insert(households).values(
            tenant_id=uow.tenant_id,
            id=household_id,
            source=MANUAL_SOURCE,
            external_id=key,
            name=name,
            name_normalised=normalised(name),
            created_at=clock.now(),
            version=1,
        )
    )
    await summarise_new(uow, household_id)
    await index_words(uow, household_id, "HOUSEHOLD", (name, external_id))
    await record(
        uow,
        events.HOUSEHOLD_CREATED,
        summary=texts.HOUSEHOLD_CREATED(name=name),
        subject=(household_id, "household", name),
        payload={"householdId": household_id},
    )
    return household_id


async def rename_household(
    uow: UnitOfWork, actor: Actor, household_id: UUID, name: str, expected_version: int
) -> HouseholdRenamed:
    """Give a household another name; its source's name of before does not bring the old one back.

    ``actor`` is the unit of work's. NotFound, ValidationFailed, PermissionDenied for a caller whose grant
    is for reading; Conflict with the current version when somebody else was first.
    """
    if uow.actor != actor:
        raise ValueError(f"{actor.name} acts in a unit of work of {uow.actor.name}")
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX or not name.isprintable():
        raise ValidationFailed(_BAD_NAME(count=len(name), limit=NAME_CHARACTERS_MAX), path=("input", "name"))
    old = await uow.one_or_none(
        select(households)
        .where(households.c.tenant_id == uow.tenant_id, households.c.id == household_id)
        .with_for_update()
    )
    if old is None:
        raise NotFound(_NO_HOUSEHOLD(id=str(household_id)), path=("input", "householdId"))
    if not await may_write(uow, household_id):
        raise PermissionDenied(_READ_ONLY())
    if old.version != expected_version:
        raise Conflict(
            _STALE(expected=expected_version, current=old.version),
            current_version=old.version,
            path=("input", "expectedVersion"),
        )
    if name == old.name:
        return HouseholdRenamed(household_id, name, old.version)
    version = await bump(uow, "household", old, name=name, name_normalised=normalised(name))
    await rename_subject(uow, household_id, name)
    await index_words(uow, household_id, "HOUSEHOLD", (name, old.external_id))
    await record(
        uow,
        events.HOUSEHOLD_RENAMED,
        summary=_RENAMED(name=name),
        subject=(household_id, "household", name),
        payload={"householdId": household_id, "version": version},
        details={"version": version},
        personal={"from": old.name, "to": name},
    )
    return HouseholdRenamed(household_id, name, version)


# -- people and entities ---------------------------------------------------------------------------------


async def add_household_member(
    uow: UnitOfWork,
    firm: FirmBooks,
    household_id: UUID,
    party_id: UUID,
    role: str,
    *,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> Membership:
    """A party belongs to the household from a day on (default: the business date), as ``role``.

    A party may belong to several households. Conflict when it belongs to this one on some of the days;
    ValidationFailed when a person should be an entity, or an entity a spouse.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, effective_to)
    version = await book_version(uow)
    household = await subject_for_update(uow, "household", household_id, path="householdId")
    party = (await parties_named(uow, [party_id], path=("input", "partyId")))[party_id]
    checked_word(role, MEMBER_ROLES, "role", what=party.name)
    if (role == _ENTITY_ROLE) == (party.kind == "person"):
        said = texts.ENTITY_ROLE(name=party.name, kind=party.kind, role=role)
        raise ValidationFailed(said, path=("input", "role"))
    for row in await believed(uow, household_members, household_id=household_id, party_id=party_id):
        if overlaps(row, begins, effective_to):
            said = texts.MEMBER_ALREADY(name=party.name, day=max(begins, row.effective_from))
            raise Conflict(said, path=("input", "partyId"))
    values = {"household_id": household_id, "party_id": party_id, "relationship": role}
    await add_dated(
        uow,
        household_members,
        [values],
        version=version,
        effective_from=begins,
        effective_to=effective_to,
    )
    await record(
        uow,
        events.MEMBER_ADDED,
        summary=texts.MEMBER_ADDED(name=household.name, role=role, day=begins),
        subject=(household_id, "household", household.name),
        payload={
            "householdId": household_id,
            "partyId": party_id,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={"party_id": party_id, "role": role, "effective_from": begins},
        personal={"member": party.name},
        version=version,
    )
    return Membership(household_id, party_id, version)


async def end_household_membership(
    uow: UnitOfWork, household_id: UUID, party_id: UUID, ended_on: date
) -> Membership:
    """The party belongs to the household until the day before ``ended_on``.

    NotFound when it never did; Conflict when every membership ends by then already.
    """
    checked_days(ended_on, None)
    version = await book_version(uow)
    household = await subject_for_update(uow, "household", household_id, path="householdId")
    rows = await believed(uow, household_members, household_id=household_id, party_id=party_id)
    if not rows:
        said = texts.NOT_THERE(kind="member", id=str(party_id))
        raise NotFound(said, path=("input", "partyId"))
    ending = tuple(row for row in rows if ends_after(row, ended_on))
    if not ending:
        raise Conflict(texts.ENDED_ALREADY(day=ended_on), path=("input", "endedOn"))
    closed = tuple(row for row in ending if row.effective_from < ended_on)
    await apply_cut(uow, household_members, Cut(ended_on, ending, closed), version)
    await record(
        uow,
        events.MEMBER_ENDED,
        summary=texts.MEMBER_ENDED(name=household.name, day=ended_on),
        subject=(household_id, "household", household.name),
        payload={
            "householdId": household_id,
            "partyId": party_id,
            "effectiveTo": ended_on,
            "bookVersion": version,
        },
        details={"party_id": party_id, "ended_on": ended_on},
        version=version,
    )
    return Membership(household_id, party_id, version)


# -- accounts --------------------------------------------------------------------------------------------


async def add_household_account(
    uow: UnitOfWork,
    firm: FirmBooks,
    household_id: UUID,
    account_id: UUID,
    *,
    effective_from: date | None = None,
) -> Membership:
    """The account belongs to the household too from a day on; Conflict when it does already."""
    begins = effective_from or firm.business_date()
    checked_days(begins, None)
    version = await book_version(uow)
    household = await subject_for_update(uow, "household", household_id, path="householdId")
    account = await subject_for_update(uow, "account", account_id, path="accountId")
    for row in await believed(uow, household_accounts, household_id=household_id, account_id=account_id):
        if overlaps(row, begins, None):
            said = texts.MEMBER_ALREADY(name=account.name, day=max(begins, row.effective_from))
            raise Conflict(said, path=("input", "accountId"))
    values = {"household_id": household_id, "account_id": account_id}
    await add_dated(uow, household_accounts, [values], version=version, effective_from=begins)
    await record(
        uow,
        events.ACCOUNT_JOINED,
        summary=texts.ACCOUNT_JOINED(name=household.name, day=begins),
        subject=(household_id, "household", household.name),
        payload={
            "householdId": household_id,
            "accountId": account_id,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={"account_id": account_id, "effective_from": begins},
        version=version,
    )
    return Membership(household_id, account_id, version)


async def end_household_account(
    uow: UnitOfWork, household_id: UUID, account_id: UUID, ended_on: date
) -> Membership:
    """The account belongs to the household until the day before ``ended_on``; it may belong to none then.

    NotFound when it never did; Conflict when it left by then already.
    """
    checked_days(ended_on, None)
    version = await book_version(uow)
    household = await subject_for_update(uow, "household", household_id, path="householdId")
    rows = await believed(uow, household_accounts, household_id=household_id, account_id=account_id)
    if not rows:
        said = texts.NOT_THERE(kind="account", id=str(account_id))
        raise NotFound(said, path=("input", "accountId"))
    ending = tuple(row for row in rows if ends_after(row, ended_on))
    if not ending:
        raise Conflict(texts.ENDED_ALREADY(day=ended_on), path=("input", "endedOn"))
    closed = tuple(row for row in ending if row.effective_from < ended_on)
    await apply_cut(uow, household_accounts, Cut(ended_on, ending, closed), version)
    await record(
        uow,
        events.ACCOUNT_LEFT,
        summary=texts.ACCOUNT_LEFT(name=household.name, day=ended_on),
        subject=(household_id, "household", household.name),
        payload={
            "householdId": household_id,
            "accountId": account_id,
            "effectiveTo": ended_on,
            "bookVersion": version,
        },
        details={"account_id": account_id, "ended_on": ended_on},
        version=version,
    )
    return Membership(household_id, account_id, version)
