"""What is entered with a new party, in its unit of work: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.scope_changes import Touched
from wealthnexus.domain.identity.service.grants import refresh_scope
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import input_key, row_key
from wealthnexus.graphql.types import client_inputs as given_types
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import DomainError, ValidationFailed
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.text import message

RELATIONSHIPS_MAX: Final = 20
_REBUILD = message("clients.rebuild_access", "Work out anew who may see what")


async def access_changed(uow: UnitOfWork) -> None:
    """What grants reach follows owners, memberships and books: now, or for a limited writer by a job."""
    ties = clients.changed_ties(uow)
    if uow.binding.scope == "firm":
        await refresh_scope(uow, Touched(ties.subjects, ties.entities))
    else:
        named = {"subjects": sorted(map(str, ties.subjects)), "entities": sorted(map(str, ties.entities))}
        # Not joined with one that runs: it may have read the owners of before.
        await enqueue(uow, "identity.rebuild_scope", title=_REBUILD(), params=named)


def contacts_of(given: Sequence[given_types.ContactInput]) -> list[clients.Contact]:
    return [
        clients.Contact(each.kind.value.lower(), each.label, each.value, bool(each.is_primary))
        for each in given
    ]


def party_owners_of(given: Sequence[given_types.PartyOwnerInput]) -> list[clients.PartyOwner]:
    return [
        clients.PartyOwner(row_key(each.owner_id, "Party", "owners", place, "ownerId"), each.share)
        for place, each in enumerate(given)
    ]


@contextmanager
def _below(*steps: str) -> Iterator[None]:
    """Refusals inside name the part of the input they are about: of a list its row."""
    try:
        yield
    except DomainError as error:
        error.path = ("input", *steps, *error.path[1:])
        if isinstance(error, ValidationFailed):
            error.problems = tuple(
                replace(problem, path=("input", *steps, *problem.path[1:])) for problem in error.problems
            )
        raise


async def enter_further(
    uow: UnitOfWork, firm: FirmInfo, party_id: UUID, given: given_types.CreatePartyInput
) -> None:
    """Contacts, place in a household, relationships and owners of a party that was just made."""
    version = 1
    if given.contacts:
        made = await clients.set_party_contacts(
            uow, party_id, contacts_of(given.contacts), expected_version=version
        )
        version = made.version
    if given.membership is not None:
        with _below("membership"):
            await _join(uow, firm, party_id, given.membership)
    await _relate(uow, firm, party_id, given.relationships or [])
    if given.owners:
        await clients.set_party_owners(
            uow,
            firm,
            party_id,
            party_owners_of(given.owners),
            expected_version=version,
            effective_from=given.owned_from,
        )
    if given.membership is not None or given.owners:
        await access_changed(uow)


async def _join(
    uow: UnitOfWork, firm: FirmInfo, party_id: UUID, place: given_types.NewMembershipInput
) -> None:
    await clients.add_household_member(
        uow,
        firm,
        input_key(place.household_id, "Household", "householdId"),
        party_id,
        place.role.value.lower(),
        effective_from=place.effective_from,
        effective_to=place.effective_to,
    )


async def _relate(
    uow: UnitOfWork,
    firm: FirmInfo,
    party_id: UUID,
    given: Sequence[given_types.NewRelationshipInput],
) -> None:
    if len(given) > RELATIONSHIPS_MAX:
        said = texts.TOO_MANY_RELATIONSHIPS(count=len(given), limit=RELATIONSHIPS_MAX)
        raise ValidationFailed(said, path=("input", "relationships"))
    for place, each in enumerate(given):
        with _below("relationships", str(place)):
            other = input_key(each.other_id, "Party", "otherId")
            who, whom = (party_id, other) if each.is_inverse else (other, party_id)
            await clients.relate_parties(
                uow, firm, who, each.kind.value.lower(), whom, effective_from=each.effective_from
            )
