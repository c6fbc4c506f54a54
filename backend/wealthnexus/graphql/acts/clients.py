"""People and entities, owners, households, accounts and debts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, TypeVar
from uuid import UUID

import strawberry

from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.rules.party import PartyFacts
from wealthnexus.domain.clients.sealed import hashed
from wealthnexus.graphql.acts.new_party import access_changed, contacts_of, enter_further
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, row_key, to_global
from wealthnexus.graphql.types import client_inputs as given_types
from wealthnexus.graphql.types import client_payloads as payloads
from wealthnexus.graphql.types.book import Account, Household
from wealthnexus.graphql.types.clients import Liability, Party
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict
from wealthnexus.kit.idempotency import run_once

T = TypeVar("T")
_STORED_AS_TYPED = frozenset({"tax_id_type"})
_SECRETS = frozenset({"tax_id", "birth_date", "account_number"})


def details_of(given: given_types.PartyDetails | None) -> dict[str, Any]:
    """The fields that were given, words as they are stored."""
    if given is None:
        return {}
    found: dict[str, Any] = {}
    for name in given_types.PartyDetails.__annotations__:
        value = getattr(given, name)
        if value is strawberry.UNSET:
            continue
        if hasattr(value, "value"):
            value = value.value if name in _STORED_AS_TYPED else value.value.lower()
        found[name] = value
    for name, default in (("status", "active"), ("kyc_state", "not_started")):
        if name in found and found[name] is None:
            found[name] = default
    return found


async def _said(uow: UnitOfWork, given: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as its hash is made of it: values kept encrypted by their keyed hashes."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, dict):
            found[name] = await _said(uow, value)
        elif value is not strawberry.UNSET and name != "idempotency_key":
            is_secret = name in _SECRETS and value is not None
            found[name] = (await hashed(uow, str(value))).hex() if is_secret else value
    return found


class ClientActs:
    """The verbs of one mutation field: one unit of work each, then the thing as it is afterwards."""

    def __init__(self, context: RequestContext) -> None:
        self._context = context

    # -- afterwards ---------------------------------------------------------------------------------

    async def _party(self, key: UUID) -> Party:
        return await (await self._context.loaders()).clients.party(to_global("Party", key))

    async def _household(self, key: UUID) -> Household:
        loaders = await self._context.loaders()
        return await loaders.book.household(to_global("Household", key), None, None)

    async def _account(self, key: UUID) -> Account:
        loaders = await self._context.loaders()
        return await loaders.book.account(to_global("Account", key), None, None)

    async def _liability(self, key: UUID) -> Liability:
        return await (await self._context.loaders()).clients.liability(to_global("Liability", key))

    async def _change(
        self,
        work: Callable[[UnitOfWork], Awaitable[T]],
        current: Callable[[], Awaitable[Any]] | None = None,
    ) -> T:
        """``current``: reads what a Conflict is told to be now."""
        try:
            return await self._context.change(work)
        except Conflict as conflict:
            if current is not None and conflict.path[-1:] == ("expectedVersion",):
                self._context.facts["conflicting"] = await current()
            raise

    async def _create(
        self,
        operation: str,
        key: str | None,
        request: Any,
        do: Callable[[UnitOfWork], Awaitable[UUID]],
    ) -> UUID:
        """The id of what ``do`` makes; with a key, of what was made when the key was first used."""
        caller = self._context.caller
        if key is None:
            return await self._change(do)

        async def made(uow: UnitOfWork) -> dict[str, Any]:
            return {"id": await do(uow)}

        async def once(uow: UnitOfWork) -> dict[str, Any]:
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=await _said(uow, asdict(request)),
                do=lambda: made(uow),
            )

        return UUID((await self._change(once))["id"])

    # -- parties --------------------------------------------------------------------------------------

    async def create_party(self, given: given_types.CreatePartyInput) -> payloads.CreatePartySuccess:
        firm = self._context.caller.firm
        facts = PartyFacts(kind=given.kind.value.lower(), name=given.name, **details_of(given.details))

        async def do(uow: UnitOfWork) -> UUID:
            party = (await clients.create_party(uow, firm, facts, external_id=given.external_id)).id
            await enter_further(uow, firm, party, given)
            return party

        made = await self._create("createParty", given.idempotency_key, given, do)
        return payloads.CreatePartySuccess(party=await self._party(made))

    async def update_party(self, given: given_types.UpdatePartyInput) -> payloads.UpdatePartySuccess:
        firm, key = self._context.caller.firm, input_key(given.party_id, "Party", "partyId")
        changes = details_of(given.details)
        if given.name is not strawberry.UNSET:
            changes["name"] = given.name
        await self._change(
            lambda uow: clients.update_party(
                uow, firm, key, changes, expected_version=given.expected_version
            ),
            lambda: self._party(key),
        )
        return payloads.UpdatePartySuccess(party=await self._party(key))

    async def set_party_contacts(
        self, given: given_types.SetPartyContactsInput
    ) -> payloads.SetPartyContactsSuccess:
        key = input_key(given.party_id, "Party", "partyId")
        contacts = contacts_of(given.contacts)
        await self._change(
            lambda uow: clients.set_party_contacts(
                uow, key, contacts, expected_version=given.expected_version
            ),
            lambda: self._party(key),
        )
        return payloads.SetPartyContactsSuccess(party=await self._party(key))

    async def relate_parties(self, given: given_types.RelatePartiesInput) -> payloads.RelatePartiesSuccess:
        firm = self._context.caller.firm
        key = input_key(given.party_id, "Party", "partyId")
        related = input_key(given.related_id, "Party", "relatedId")
        await self._change(
            lambda uow: clients.relate_parties(
                uow,
                firm,
                key,
                given.kind.value.lower(),
                related,
                effective_from=given.effective_from,
                effective_to=given.effective_to,
            )
        )
        return payloads.RelatePartiesSuccess(party=await self._party(key))

    async def end_relationship(
        self, given: given_types.EndRelationshipInput
    ) -> payloads.EndRelationshipSuccess:
        key = input_key(given.relationship_id, "Relationship", "relationshipId")
        ended = await self._change(lambda uow: clients.end_relationship(uow, key, given.ended_on))
        return payloads.EndRelationshipSuccess(party=await self._party(ended.party_id))

    async def set_party_ownership(
        self, given: given_types.SetPartyOwnershipInput
    ) -> payloads.SetPartyOwnershipSuccess:
        firm = self._context.caller.firm
        owner = input_key(given.owner_id, "Party", "ownerId")
        owned = input_key(given.owned_id, "Party", "ownedId")

        async def work(uow: UnitOfWork) -> None:
            await clients.set_party_ownership(
                uow,
                firm,
                owner,
                owned,
                given.share,
                effective_from=given.effective_from,
                effective_to=given.effective_to,
            )
            await access_changed(uow)

        await self._change(work)
        return payloads.SetPartyOwnershipSuccess(owned=await self._party(owned))

    # -- accounts -------------------------------------------------------------------------------------

    async def set_account_owners(
        self, given: given_types.SetAccountOwnersInput
    ) -> payloads.SetAccountOwnersSuccess:
        firm, key = self._context.caller.firm, input_key(given.account_id, "Account", "accountId")
        owners = _owners(given.owners)

        async def work(uow: UnitOfWork) -> None:
            await clients.set_account_owners(
                uow,
                firm,
                key,
                owners,
                expected_version=given.expected_version,
                effective_from=given.effective_from,
                account_type=given.account_type,
            )
            await access_changed(uow)

        await self._change(work, lambda: self._account(key))
        return payloads.SetAccountOwnersSuccess(account=await self._account(key))

    async def set_account_beneficiaries(
        self, given: given_types.SetAccountBeneficiariesInput
    ) -> payloads.SetAccountBeneficiariesSuccess:
        firm, key = self._context.caller.firm, input_key(given.account_id, "Account", "accountId")
        named = [
            clients.Beneficiary(
                each.tier.value.lower(),
                each.share,
                (
                    row_key(each.party_id, "Party", "beneficiaries", place, "partyId")
                    if each.party_id is not None
                    else None
                ),
                each.name,
                bool(each.is_per_stirpes),
            )
            for place, each in enumerate(given.beneficiaries)
        ]
        await self._change(
            lambda uow: clients.set_account_beneficiaries(
                uow,
                firm,
                key,
                named,
                expected_version=given.expected_version,
                effective_from=given.effective_from,
            ),
            lambda: self._account(key),
        )
        return payloads.SetAccountBeneficiariesSuccess(account=await self._account(key))

    async def create_account(self, given: given_types.CreateAccountInput) -> payloads.CreateAccountSuccess:
        firm = self._context.caller.firm
        command = clients.AccountCommand(
            name=given.name,
            account_type=given.account_type,
            currency=given.currency,
            household_ids=[input_key(each, "Household", "householdIds") for each in given.household_ids],
            owners=_owners(given.owners),
            tax_status=given.tax_status or "TAXABLE",
            lot_method=given.lot_method or "FIFO",
            account_number=given.account_number,
            custodian=given.custodian,
            opened_on=given.opened_on,
            custodianship_ends_on=given.custodianship_ends_on,
            has_margin=bool(given.has_margin),
            external_id=given.external_id,
        )

        async def do(uow: UnitOfWork) -> UUID:
            made = await clients.create_account(uow, firm, command)
            await access_changed(uow)
            return made.id

        made = await self._create("createAccount", given.idempotency_key, given, do)
        return payloads.CreateAccountSuccess(account=await self._account(made))

    # -- households -----------------------------------------------------------------------------------

    async def create_household(
        self, given: given_types.CreateHouseholdInput
    ) -> payloads.CreateHouseholdSuccess:
        made = await self._create(
            "createHousehold",
            given.idempotency_key,
            given,
            lambda uow: clients.create_household(uow, given.name, external_id=given.external_id),
        )
        return payloads.CreateHouseholdSuccess(household=await self._household(made))

    async def add_household_member(
        self, given: given_types.AddHouseholdMemberInput
    ) -> payloads.AddHouseholdMemberSuccess:
        firm = self._context.caller.firm
        key = input_key(given.household_id, "Household", "householdId")
        party = input_key(given.party_id, "Party", "partyId")

        async def work(uow: UnitOfWork) -> None:
            await clients.add_household_member(
                uow,
                firm,
                key,
                party,
                given.role.value.lower(),
                effective_from=given.effective_from,
                effective_to=given.effective_to,
            )
            await access_changed(uow)

        await self._change(work)
        return payloads.AddHouseholdMemberSuccess(household=await self._household(key))

    async def end_household_membership(
        self, given: given_types.EndHouseholdMembershipInput
    ) -> payloads.EndHouseholdMembershipSuccess:
        key = input_key(given.household_id, "Household", "householdId")
        party = input_key(given.party_id, "Party", "partyId")

        async def work(uow: UnitOfWork) -> None:
            await clients.end_household_membership(uow, key, party, given.ended_on)
            await access_changed(uow)

        await self._change(work)
        return payloads.EndHouseholdMembershipSuccess(household=await self._household(key))

    async def add_household_account(
        self, given: given_types.AddHouseholdAccountInput
    ) -> payloads.AddHouseholdAccountSuccess:
        firm = self._context.caller.firm
        key = input_key(given.household_id, "Household", "householdId")
        account = input_key(given.account_id, "Account", "accountId")

        async def work(uow: UnitOfWork) -> None:
            await clients.add_household_account(uow, firm, key, account, effective_from=given.effective_from)
            await access_changed(uow)

        await self._change(work)
        return payloads.AddHouseholdAccountSuccess(household=await self._household(key))

    async def end_household_account(
        self, given: given_types.EndHouseholdAccountInput
    ) -> payloads.EndHouseholdAccountSuccess:
        key = input_key(given.household_id, "Household", "householdId")
        account = input_key(given.account_id, "Account", "accountId")

        async def work(uow: UnitOfWork) -> None:
            await clients.end_household_account(uow, key, account, given.ended_on)
            await access_changed(uow)

        await self._change(work)
        return payloads.EndHouseholdAccountSuccess(household=await self._household(key))

    # -- debts ----------------------------------------------------------------------------------------

    async def create_liability(
        self, given: given_types.CreateLiabilityInput
    ) -> payloads.CreateLiabilitySuccess:
        firm = self._context.caller.firm
        secured, security = given.secured_account_id, given.secured_security_id
        command = clients.LiabilityCommand(
            household_id=input_key(given.household_id, "Household", "householdId"),
            kind=given.kind.value.lower(),
            name=given.name,
            currency=given.currency,
            owners=debtors_of(given.owners),
            lender=given.lender,
            original_amount=given.original_amount,
            interest_rate=given.interest_rate,
            opened_on=given.opened_on,
            matures_on=given.matures_on,
            secured_account_id=(
                input_key(secured, "Account", "securedAccountId") if secured is not None else None
            ),
            secured_security_id=(
                input_key(security, "Security", "securedSecurityId") if security is not None else None
            ),
            external_id=given.external_id,
            balance=given.balance,
            balance_day=given.balance_date,
        )

        async def do(uow: UnitOfWork) -> UUID:
            made = await clients.create_liability(uow, firm, command)
            await access_changed(uow)
            return made.id

        made = await self._create("createLiability", given.idempotency_key, given, do)
        return payloads.CreateLiabilitySuccess(liability=await self._liability(made))

    async def record_liability_balance(
        self, given: given_types.RecordLiabilityBalanceInput
    ) -> payloads.RecordLiabilityBalanceSuccess:
        firm, key = self._context.caller.firm, input_key(given.liability_id, "Liability", "liabilityId")
        await self._change(
            lambda uow: clients.record_liability_balance(uow, firm, key, given.day, given.balance)
        )
        return payloads.RecordLiabilityBalanceSuccess(liability=await self._liability(key))


def debtors_of(given: list[given_types.DebtorInput]) -> list[clients.Debtor]:
    return [
        clients.Debtor(row_key(each.party_id, "Party", "owners", place, "partyId"), each.share)
        for place, each in enumerate(given)
    ]


def _owners(given: list[given_types.AccountOwnerInput]) -> list[clients.Owner]:
    return [
        clients.Owner(
            row_key(each.party_id, "Party", "owners", place, "partyId"), each.role.value.lower(), each.share
        )
        for place, each in enumerate(given)
    ]
