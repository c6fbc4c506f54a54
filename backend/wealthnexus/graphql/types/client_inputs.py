"""What the mutations of the clients room are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import strawberry

from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.book import HouseholdFilter
from wealthnexus.graphql.types.client_words import (
    BeneficiaryTier,
    BookKind,
    ContactKind,
    KycState,
    LiabilityKind,
    MemberRole,
    OwnerRole,
    PartyKind,
    PartyStatus,
    RelationshipKind,
    RiskProfile,
    SensitiveField,
    TaxIdType,
    ViewPage,
)

_VERSION = "The version you have read; a newer one is a Conflict."
_IDS = "At most 5,000."
_ALL_OF = "Instead of ids: every household of this list, at most 5,000."
_EXPECTED = "How many households of the list you have seen; another number is a Conflict."
_BUSINESS_DATE = "Left out or null: the business date."
_KEY = "Yours: the same key and the same request give the same thing, another request is a Conflict."


@strawberry.input(description="What is left out stays as it is; null empties it.")
class PartyDetails:
    given_name: str | None = strawberry.UNSET
    family_name: str | None = strawberry.UNSET
    status: PartyStatus | None = strawberry.UNSET
    birth_date: date | None = strawberry.field(default=strawberry.UNSET, description="Kept encrypted.")
    tax_id: str | None = strawberry.field(default=strawberry.UNSET, description="Kept encrypted.")
    tax_id_type: TaxIdType | None = strawberry.UNSET
    citizenship: str | None = strawberry.field(
        default=strawberry.UNSET, description="ISO 3166-1, two capitals."
    )
    residence: str | None = strawberry.field(
        default=strawberry.UNSET, description="ISO 3166-1, two capitals."
    )
    jurisdiction: str | None = strawberry.field(default=strawberry.UNSET, description="Such as US-DE.")
    formed_on: date | None = strawberry.UNSET
    ended_on: date | None = strawberry.field(default=strawberry.UNSET, description="Died, dissolved.")
    kyc_state: KycState | None = strawberry.UNSET
    kyc_verified_on: date | None = strawberry.UNSET
    kyc_refresh_due: date | None = strawberry.UNSET
    risk_profile: RiskProfile | None = strawberry.UNSET
    risk_assessed_on: date | None = strawberry.UNSET


@strawberry.input
class ContactInput:
    kind: ContactKind
    label: str
    value: str
    is_primary: bool | None = None


@strawberry.input
class AccountOwnerInput:
    party_id: strawberry.ID
    role: OwnerRole
    share: Decimal | None = strawberry.field(
        default=None, description="Null: equally with the others who own without one."
    )


@strawberry.input(description="A party, or somebody known by name alone.")
class BeneficiaryInput:
    tier: BeneficiaryTier
    share: Decimal
    party_id: strawberry.ID | None = None
    name: str | None = None
    is_per_stirpes: bool | None = None


@strawberry.input
class DebtorInput:
    party_id: strawberry.ID
    share: Decimal | None = strawberry.field(default=None, description="Null: equally with the others.")


@strawberry.input
class BookSplitInput:
    book_id: strawberry.ID
    split: Decimal


@strawberry.input(description="A new party's place in a household.")
class NewMembershipInput:
    household_id: strawberry.ID
    role: MemberRole
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    effective_to: date | None = None


@strawberry.input(description="The other one is `kind` of the new party; inverse: the new one of the other.")
class NewRelationshipInput:
    other_id: strawberry.ID
    kind: RelationshipKind
    is_inverse: bool | None = None
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)


@strawberry.input
class PartyOwnerInput:
    owner_id: strawberry.ID
    share: Decimal = strawberry.field(description="Above 0, at most 1.")


@strawberry.input(description="All of it is written, or nothing.")
class CreatePartyInput:
    kind: PartyKind
    name: str | None = strawberry.field(
        default=None, description="Of a person it may be left out: given and family name."
    )
    details: PartyDetails | None = None
    contacts: list[ContactInput] | None = strawberry.field(default=None, description="At most 50.")
    membership: NewMembershipInput | None = None
    relationships: list[NewRelationshipInput] | None = strawberry.field(
        default=None, description="At most 20."
    )
    owners: list[PartyOwnerInput] | None = strawberry.field(
        default=None, description="Of an entity: who owns it, at most 50."
    )
    owned_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    external_id: str | None = None
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class UpdatePartyInput:
    party_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    name: str | None = strawberry.UNSET
    details: PartyDetails | None = None


@strawberry.input
class SetPartyContactsInput:
    party_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    contacts: list[ContactInput] = strawberry.field(description="At most 50.")


@strawberry.input
class RelatePartiesInput:
    party_id: strawberry.ID
    kind: RelationshipKind
    related_id: strawberry.ID
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    effective_to: date | None = None


@strawberry.input
class EndRelationshipInput:
    relationship_id: strawberry.ID
    ended_on: date


@strawberry.input
class SetPartyOwnershipInput:
    owner_id: strawberry.ID
    owned_id: strawberry.ID
    share: Decimal | None = strawberry.field(default=None, description="Above 0, at most 1.")
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    effective_to: date | None = None


@strawberry.input
class SetPartyOwnersInput:
    owned_id: strawberry.ID = strawberry.field(description="A trust, company or estate.")
    expected_version: int = strawberry.field(description=_VERSION)
    owners: list[PartyOwnerInput] = strawberry.field(description="At most 50; together at most the whole.")
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)


@strawberry.input
class SetAccountOwnersInput:
    account_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    owners: list[AccountOwnerInput] = strawberry.field(description="As the registration asks, at most 50.")
    account_type: str | None = strawberry.field(
        default=None, description="The registration these owners make; left out: as it is."
    )
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)


@strawberry.input
class SetAccountBeneficiariesInput:
    account_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    beneficiaries: list[BeneficiaryInput] = strawberry.field(description="Each tier adds up to exactly 1.")
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)


@strawberry.input
class CreateHouseholdInput:
    name: str
    external_id: str | None = None
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class AddHouseholdMemberInput:
    household_id: strawberry.ID
    party_id: strawberry.ID
    role: MemberRole
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    effective_to: date | None = None


@strawberry.input
class EndHouseholdMembershipInput:
    household_id: strawberry.ID
    party_id: strawberry.ID
    ended_on: date


@strawberry.input
class AddHouseholdAccountInput:
    household_id: strawberry.ID
    account_id: strawberry.ID
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)


@strawberry.input
class EndHouseholdAccountInput:
    household_id: strawberry.ID
    account_id: strawberry.ID
    ended_on: date


@strawberry.input
class CreateAccountInput:
    name: str
    account_type: str = strawberry.field(description="A registration, such as JOINT_WITH_SURVIVORSHIP.")
    currency: Currency
    household_ids: list[strawberry.ID] = strawberry.field(description="One to twenty.")
    owners: list[AccountOwnerInput]
    tax_status: str | None = strawberry.field(default=None, description="Default TAXABLE.")
    lot_method: str | None = strawberry.field(default=None, description="Default FIFO.")
    account_number: str | None = strawberry.field(default=None, description="Kept encrypted.")
    custodian: str | None = None
    opened_on: date | None = None
    custodianship_ends_on: date | None = None
    has_margin: bool | None = None
    external_id: str | None = None
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What is left out stays as it is; null empties it.")
class UpdateAccountInput:
    account_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    name: str | None = strawberry.UNSET
    tax_status: str | None = strawberry.UNSET
    lot_method: str | None = strawberry.UNSET
    account_number: str | None = strawberry.field(default=strawberry.UNSET, description="Kept encrypted.")
    custodian: str | None = strawberry.UNSET
    custodianship_ends_on: date | None = strawberry.UNSET
    has_margin: bool | None = strawberry.UNSET
    effective_from: date | None = strawberry.field(
        default=None,
        description="From when tax status and lot method hold; the default is the business date. What was"
        " sold before keeps its gain.",
    )
    reason: str | None = strawberry.field(
        default=None, description="Why they hold from then on; needed for a day that has passed."
    )


@strawberry.input
class CloseAccountInput:
    account_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    closed_on: date | None = strawberry.field(
        description="By its end the account holds nothing. Null: it is open again."
    )


@strawberry.input(description="What is left out stays as it is; null empties it.")
class UpdateLiabilityInput:
    liability_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    kind: LiabilityKind | None = strawberry.UNSET
    name: str | None = strawberry.UNSET
    lender: str | None = strawberry.UNSET
    original_amount: Decimal | None = strawberry.UNSET
    interest_rate: Decimal | None = strawberry.UNSET
    opened_on: date | None = strawberry.UNSET
    matures_on: date | None = strawberry.UNSET
    secured_account_id: strawberry.ID | None = strawberry.UNSET
    closed_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="By then nothing is owed any more."
    )


@strawberry.input
class SetLiabilityOwnersInput:
    liability_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    owners: list[DebtorInput] = strawberry.field(description="Who owes it, at most 50.")
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)


@strawberry.input
class CreateLiabilityInput:
    household_id: strawberry.ID
    kind: LiabilityKind
    name: str
    currency: Currency
    owners: list[DebtorInput] = strawberry.field(description="Who owes it.")
    lender: str | None = None
    original_amount: Decimal | None = None
    interest_rate: Decimal | None = strawberry.field(default=None, description="A year: 0.0425 is 4.25 %.")
    opened_on: date | None = None
    matures_on: date | None = None
    secured_account_id: strawberry.ID | None = None
    secured_security_id: strawberry.ID | None = None
    external_id: str | None = None
    balance: Decimal | None = strawberry.field(default=None, description="Owed, positive.")
    balance_date: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class RecordLiabilityBalanceInput:
    liability_id: strawberry.ID
    day: date
    balance: Decimal = strawberry.field(description="Owed, 0 or more.")


@strawberry.input
class RevealSensitiveInput:
    subject_id: strawberry.ID = strawberry.field(description="A party or an account.")
    field: SensitiveField
    reason: str


@strawberry.input
class AddNoteInput:
    subject_id: strawberry.ID
    body: str = strawberry.field(description="At most 10,000 characters.")
    is_pinned: bool | None = None
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class EditNoteInput:
    note_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    body: str | None = None
    is_pinned: bool | None = None


@strawberry.input
class RemoveNoteInput:
    note_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class TagSubjectsInput:
    tag_names: list[str] = strawberry.field(description="At most 20.")
    subject_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=_IDS)
    households: HouseholdFilter | None = strawberry.field(default=None, description=_ALL_OF)
    expected_count: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input
class UntagSubjectsInput:
    tag_names: list[str] = strawberry.field(description="At most 20.")
    subject_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=_IDS)
    households: HouseholdFilter | None = strawberry.field(default=None, description=_ALL_OF)
    expected_count: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input
class SaveViewInput:
    page: ViewPage
    name: str
    query: str = strawberry.field(description="Of the page's address.")
    is_shared: bool | None = strawberry.field(
        default=None, description="Shown to everybody who sees the whole firm."
    )
    is_default: bool | None = strawberry.field(
        default=None, description="Your page opens with it; what was your default is none any more."
    )
    view_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Yours, to change or rename; null: the one of this name, or a new one.",
    )


@strawberry.input
class DeleteViewInput:
    view_id: strawberry.ID


@strawberry.input
class CreateBookInput:
    kind: BookKind
    code: str
    name: str
    parent_id: strawberry.ID | None = None
    user_id: strawberry.ID | None = strawberry.field(default=None, description="Whose it is.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class AssignAccountsInput:
    splits: list[BookSplitInput] = strawberry.field(description="Add up to exactly 1.")
    account_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=_IDS)
    households: HouseholdFilter | None = strawberry.field(
        default=None, description="Instead of ids: every open account of the households of this list."
    )
    expected_count: int | None = strawberry.field(default=None, description=_EXPECTED)
    effective_from: date | None = strawberry.field(default=None, description=_BUSINESS_DATE)
    dry_run: bool | None = strawberry.field(default=False, description="Check everything, write nothing.")
