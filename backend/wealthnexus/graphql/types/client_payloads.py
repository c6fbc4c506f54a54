"""What the mutations of the clients room answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.graphql.types.book import Account, Household
from wealthnexus.graphql.types.clients import Liability, Note, Party
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    StepUpRequired,
    ValidationFailed,
)


@strawberry.type
class CreatePartySuccess:
    party: Party


@strawberry.type
class UpdatePartySuccess:
    party: Party


@strawberry.type
class SetPartyContactsSuccess:
    party: Party


@strawberry.type
class RelatePartiesSuccess:
    party: Party


@strawberry.type
class EndRelationshipSuccess:
    party: Party


@strawberry.type
class SetPartyOwnershipSuccess:
    owned: Party


@strawberry.type
class SetAccountOwnersSuccess:
    account: Account


@strawberry.type
class SetAccountBeneficiariesSuccess:
    account: Account


@strawberry.type
class CreateHouseholdSuccess:
    household: Household


@strawberry.type
class AddHouseholdMemberSuccess:
    household: Household


@strawberry.type
class EndHouseholdMembershipSuccess:
    household: Household


@strawberry.type
class AddHouseholdAccountSuccess:
    household: Household


@strawberry.type
class EndHouseholdAccountSuccess:
    household: Household


@strawberry.type
class CreateAccountSuccess:
    account: Account


@strawberry.type
class CreateLiabilitySuccess:
    liability: Liability


@strawberry.type
class RecordLiabilityBalanceSuccess:
    liability: Liability


@strawberry.type
class RevealSensitiveSuccess:
    value: str


@strawberry.type
class AddNoteSuccess:
    note: Note


@strawberry.type
class EditNoteSuccess:
    note: Note


@strawberry.type
class RemoveNoteSuccess:
    note_id: strawberry.ID


@strawberry.type
class TagSubjectsSuccess:
    subject_count: int


@strawberry.type
class UntagSubjectsSuccess:
    subject_count: int


@strawberry.type
class SaveViewSuccess:
    view_id: strawberry.ID


@strawberry.type
class DeleteViewSuccess:
    view_id: strawberry.ID


@strawberry.type
class CreateBookSuccess:
    book_id: strawberry.ID


@strawberry.type
class AssignedBook:
    book_id: strawberry.ID
    split: Decimal


@strawberry.type(description="How many of the accounts were in these books until then; no book: nobody's.")
class AssignmentBefore:
    books: list[AssignedBook]
    account_count: int


@strawberry.type
class AssignAccountsSuccess:
    account_count: int
    unchanged_count: int = strawberry.field(description="Those that were assigned exactly so already.")
    before: list[AssignmentBefore] = strawberry.field(description="The commonest first.")


@strawberry.type
class SetPartyOwnersSuccess:
    owned: Party


@strawberry.type
class UpdateAccountSuccess:
    account: Account


@strawberry.type
class CloseAccountSuccess:
    account: Account


@strawberry.type
class UpdateLiabilitySuccess:
    liability: Liability


@strawberry.type
class SetLiabilityOwnersSuccess:
    liability: Liability


CreatePartyPayload = Annotated[
    CreatePartySuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreatePartyPayload"),
]
UpdatePartyPayload = Annotated[
    UpdatePartySuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("UpdatePartyPayload"),
]
SetPartyContactsPayload = Annotated[
    SetPartyContactsSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetPartyContactsPayload"),
]
RelatePartiesPayload = Annotated[
    RelatePartiesSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("RelatePartiesPayload"),
]
EndRelationshipPayload = Annotated[
    EndRelationshipSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("EndRelationshipPayload"),
]
SetPartyOwnershipPayload = Annotated[
    SetPartyOwnershipSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetPartyOwnershipPayload"),
]
SetAccountOwnersPayload = Annotated[
    SetAccountOwnersSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetAccountOwnersPayload"),
]
SetAccountBeneficiariesPayload = Annotated[
    SetAccountBeneficiariesSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("SetAccountBeneficiariesPayload"),
]
CreateHouseholdPayload = Annotated[
    CreateHouseholdSuccess | ValidationFailed | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateHouseholdPayload"),
]
AddHouseholdMemberPayload = Annotated[
    AddHouseholdMemberSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AddHouseholdMemberPayload"),
]
EndHouseholdMembershipPayload = Annotated[
    EndHouseholdMembershipSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("EndHouseholdMembershipPayload"),
]
AddHouseholdAccountPayload = Annotated[
    AddHouseholdAccountSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AddHouseholdAccountPayload"),
]
EndHouseholdAccountPayload = Annotated[
    EndHouseholdAccountSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("EndHouseholdAccountPayload"),
]
CreateAccountPayload = Annotated[
    CreateAccountSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateAccountPayload"),
]
CreateLiabilityPayload = Annotated[
    CreateLiabilitySuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateLiabilityPayload"),
]
RecordLiabilityBalancePayload = Annotated[
    RecordLiabilityBalanceSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("RecordLiabilityBalancePayload"),
]
RevealSensitivePayload = Annotated[
    RevealSensitiveSuccess | ValidationFailed | NotFound | PermissionDenied | LimitExceeded | StepUpRequired,
    strawberry.union("RevealSensitivePayload"),
]
AddNotePayload = Annotated[
    AddNoteSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AddNotePayload"),
]
EditNotePayload = Annotated[
    EditNoteSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("EditNotePayload"),
]
RemoveNotePayload = Annotated[
    RemoveNoteSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("RemoveNotePayload"),
]
TagSubjectsPayload = Annotated[
    TagSubjectsSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("TagSubjectsPayload"),
]
UntagSubjectsPayload = Annotated[
    UntagSubjectsSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("UntagSubjectsPayload"),
]
SaveViewPayload = Annotated[
    SaveViewSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SaveViewPayload"),
]
DeleteViewPayload = Annotated[
    DeleteViewSuccess | ValidationFailed | NotFound | PermissionDenied | LimitExceeded,
    strawberry.union("DeleteViewPayload"),
]
CreateBookPayload = Annotated[
    CreateBookSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateBookPayload"),
]
AssignAccountsPayload = Annotated[
    AssignAccountsSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AssignAccountsPayload"),
]
SetPartyOwnersPayload = Annotated[
    SetPartyOwnersSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetPartyOwnersPayload"),
]
UpdateAccountPayload = Annotated[
    UpdateAccountSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("UpdateAccountPayload"),
]
CloseAccountPayload = Annotated[
    CloseAccountSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CloseAccountPayload"),
]
UpdateLiabilityPayload = Annotated[
    UpdateLiabilitySuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("UpdateLiabilityPayload"),
]
SetLiabilityOwnersPayload = Annotated[
    SetLiabilityOwnersSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetLiabilityOwnersPayload"),
]
