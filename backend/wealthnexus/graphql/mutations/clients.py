"""People and entities, owners, households, accounts, debts, and what the desk adds."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.client_inputs import (
    AddHouseholdAccountInput,
    AddHouseholdMemberInput,
    AddNoteInput,
    AssignAccountsInput,
    CloseAccountInput,
    CreateAccountInput,
    CreateBookInput,
    CreateHouseholdInput,
    CreateLiabilityInput,
    CreatePartyInput,
    DeleteViewInput,
    EditNoteInput,
    EndHouseholdAccountInput,
    EndHouseholdMembershipInput,
    EndRelationshipInput,
    RecordLiabilityBalanceInput,
    RelatePartiesInput,
    RemoveNoteInput,
    RevealSensitiveInput,
    SaveViewInput,
    SetAccountBeneficiariesInput,
    SetAccountOwnersInput,
    SetLiabilityOwnersInput,
    SetPartyContactsInput,
    SetPartyOwnershipInput,
    SetPartyOwnersInput,
    TagSubjectsInput,
    UntagSubjectsInput,
    UpdateAccountInput,
    UpdateLiabilityInput,
    UpdatePartyInput,
)
from wealthnexus.graphql.types.client_payloads import (
    AddHouseholdAccountPayload,
    AddHouseholdMemberPayload,
    AddNotePayload,
    AssignAccountsPayload,
    CloseAccountPayload,
    CreateAccountPayload,
    CreateBookPayload,
    CreateHouseholdPayload,
    CreateLiabilityPayload,
    CreatePartyPayload,
    DeleteViewPayload,
    EditNotePayload,
    EndHouseholdAccountPayload,
    EndHouseholdMembershipPayload,
    EndRelationshipPayload,
    RecordLiabilityBalancePayload,
    RelatePartiesPayload,
    RemoveNotePayload,
    RevealSensitivePayload,
    SaveViewPayload,
    SetAccountBeneficiariesPayload,
    SetAccountOwnersPayload,
    SetLiabilityOwnersPayload,
    SetPartyContactsPayload,
    SetPartyOwnershipPayload,
    SetPartyOwnersPayload,
    TagSubjectsPayload,
    UntagSubjectsPayload,
    UpdateAccountPayload,
    UpdateLiabilityPayload,
    UpdatePartyPayload,
)


@strawberry.type
class ClientMutations:
    @mutation(Permission.PARTIES_EDIT, "Enters a person or entity.")
    async def create_party(self, info: Info, input: CreatePartyInput) -> CreatePartyPayload:
        return await info.context.acts.clients.create_party(input)

    @mutation(Permission.PARTIES_EDIT, "Changes what is given; null empties a field, what is left out stays.")
    async def update_party(self, info: Info, input: UpdatePartyInput) -> UpdatePartyPayload:
        return await info.context.acts.clients.update_party(input)

    @mutation(Permission.PARTIES_EDIT, "The party's contacts are these and no others.")
    async def set_party_contacts(self, info: Info, input: SetPartyContactsInput) -> SetPartyContactsPayload:
        return await info.context.acts.clients.set_party_contacts(input)

    @mutation(Permission.PARTIES_EDIT, "The party is `kind` of the related one from a day on.")
    async def relate_parties(self, info: Info, input: RelatePartiesInput) -> RelatePartiesPayload:
        return await info.context.acts.clients.relate_parties(input)

    @mutation(Permission.PARTIES_EDIT, "The relationship holds until the day before.")
    async def end_relationship(self, info: Info, input: EndRelationshipInput) -> EndRelationshipPayload:
        return await info.context.acts.clients.end_relationship(input)

    @mutation(Permission.PARTIES_EDIT, "What the owner owns of the owned one from a day on; null: nothing.")
    async def set_party_ownership(
        self, info: Info, input: SetPartyOwnershipInput
    ) -> SetPartyOwnershipPayload:
        return await info.context.acts.clients.set_party_ownership(input)

    @mutation(Permission.PARTIES_EDIT, "The account's owners from a day on are these and no others.")
    async def set_account_owners(self, info: Info, input: SetAccountOwnersInput) -> SetAccountOwnersPayload:
        return await info.context.acts.clients.set_account_owners(input)

    @mutation(Permission.PARTIES_EDIT, "The account's beneficiaries from a day on are these and no others.")
    async def set_account_beneficiaries(
        self, info: Info, input: SetAccountBeneficiariesInput
    ) -> SetAccountBeneficiariesPayload:
        return await info.context.acts.clients.set_account_beneficiaries(input)

    @mutation(Permission.HOUSEHOLDS_EDIT, "Makes a household.")
    async def create_household(self, info: Info, input: CreateHouseholdInput) -> CreateHouseholdPayload:
        return await info.context.acts.clients.create_household(input)

    @mutation(Permission.HOUSEHOLDS_EDIT, "A party belongs to the household from a day on.")
    async def add_household_member(
        self, info: Info, input: AddHouseholdMemberInput
    ) -> AddHouseholdMemberPayload:
        return await info.context.acts.clients.add_household_member(input)

    @mutation(Permission.HOUSEHOLDS_EDIT, "The party belongs to the household until the day before.")
    async def end_household_membership(
        self, info: Info, input: EndHouseholdMembershipInput
    ) -> EndHouseholdMembershipPayload:
        return await info.context.acts.clients.end_household_membership(input)

    @mutation(Permission.HOUSEHOLDS_EDIT, "The account belongs to the household too from a day on.")
    async def add_household_account(
        self, info: Info, input: AddHouseholdAccountInput
    ) -> AddHouseholdAccountPayload:
        return await info.context.acts.clients.add_household_account(input)

    @mutation(Permission.HOUSEHOLDS_EDIT, "The account belongs to the household until the day before.")
    async def end_household_account(
        self, info: Info, input: EndHouseholdAccountInput
    ) -> EndHouseholdAccountPayload:
        return await info.context.acts.clients.end_household_account(input)

    @mutation(Permission.PARTIES_EDIT, "Enters an account with its owners into households.")
    async def create_account(self, info: Info, input: CreateAccountInput) -> CreateAccountPayload:
        return await info.context.acts.clients.create_account(input)

    @mutation(Permission.LIABILITIES_EDIT, "Enters a debt of a household.")
    async def create_liability(self, info: Info, input: CreateLiabilityInput) -> CreateLiabilityPayload:
        return await info.context.acts.clients.create_liability(input)

    @mutation(Permission.LIABILITIES_EDIT, "What is owed at the end of a day.")
    async def record_liability_balance(
        self, info: Info, input: RecordLiabilityBalanceInput
    ) -> RecordLiabilityBalancePayload:
        return await info.context.acts.clients.record_liability_balance(input)

    @mutation(
        Permission.SENSITIVE_REVEAL,
        "Shows a value that is kept encrypted; remembered with its reason. Needs step-up.",
    )
    async def reveal_sensitive(self, info: Info, input: RevealSensitiveInput) -> RevealSensitivePayload:
        return await info.context.acts.clients.reveal_sensitive(input)

    @mutation(Permission.PARTIES_EDIT, "The entity's owners from a day on are these and no others.")
    async def set_party_owners(self, info: Info, input: SetPartyOwnersInput) -> SetPartyOwnersPayload:
        return await info.context.acts.changes.set_party_owners(input)

    @mutation(Permission.PARTIES_EDIT, "Changes what is given; null empties a field, what is left out stays.")
    async def update_account(self, info: Info, input: UpdateAccountInput) -> UpdateAccountPayload:
        return await info.context.acts.changes.update_account(input)

    @mutation(Permission.PARTIES_EDIT, "Closes an empty account on a day, or opens it again.")
    async def close_account(self, info: Info, input: CloseAccountInput) -> CloseAccountPayload:
        return await info.context.acts.changes.close_account(input)

    @mutation(
        Permission.LIABILITIES_EDIT, "Changes what is given; null empties a field, what is left out stays."
    )
    async def update_liability(self, info: Info, input: UpdateLiabilityInput) -> UpdateLiabilityPayload:
        return await info.context.acts.changes.update_liability(input)

    @mutation(Permission.LIABILITIES_EDIT, "These parties owe the debt from a day on, and no others.")
    async def set_liability_owners(
        self, info: Info, input: SetLiabilityOwnersInput
    ) -> SetLiabilityOwnersPayload:
        return await info.context.acts.changes.set_liability_owners(input)

    @mutation(Permission.NOTES_WRITE, "Writes a note on a subject.")
    async def add_note(self, info: Info, input: AddNoteInput) -> AddNotePayload:
        return await info.context.acts.clients.add_note(input)

    @mutation(Permission.NOTES_WRITE, "Changes one's own note, or pins anybody's.")
    async def edit_note(self, info: Info, input: EditNoteInput) -> EditNotePayload:
        return await info.context.acts.clients.edit_note(input)

    @mutation(Permission.NOTES_WRITE, "Takes one's own note away; its words are erased.")
    async def remove_note(self, info: Info, input: RemoveNoteInput) -> RemoveNotePayload:
        return await info.context.acts.clients.remove_note(input)

    @mutation(Permission.TAGS_WRITE, "Puts tags on subjects, all or none.")
    async def tag_subjects(self, info: Info, input: TagSubjectsInput) -> TagSubjectsPayload:
        return await info.context.acts.clients.tag_subjects(input)

    @mutation(Permission.TAGS_WRITE, "Takes tags off subjects, all or none.")
    async def untag_subjects(self, info: Info, input: UntagSubjectsInput) -> UntagSubjectsPayload:
        return await info.context.acts.clients.untag_subjects(input)

    @mutation(
        Permission.VIEWS_WRITE,
        "Keeps filters, order and columns of a page under a name; the same name replaces them.",
    )
    async def save_view(self, info: Info, input: SaveViewInput) -> SaveViewPayload:
        return await info.context.acts.clients.save_view(input)

    @mutation(Permission.VIEWS_WRITE, "Forgets one's own view.")
    async def delete_view(self, info: Info, input: DeleteViewInput) -> DeleteViewPayload:
        return await info.context.acts.clients.delete_view(input)

    @mutation(Permission.BOOKS_ASSIGN, "Makes a branch, a team or a representative's book.")
    async def create_book(self, info: Info, input: CreateBookInput) -> CreateBookPayload:
        return await info.context.acts.clients.create_book(input)

    @mutation(Permission.BOOKS_ASSIGN, "The accounts belong to these books from a day on, all or none.")
    async def assign_accounts(self, info: Info, input: AssignAccountsInput) -> AssignAccountsPayload:
        return await info.context.acts.clients.assign_accounts(input)
