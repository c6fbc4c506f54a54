"""People and entities, what they own and owe, and what the firm's people add."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.book import AccountConnection, HouseholdRef
from wealthnexus.graphql.types.client_words import (
    BeneficiaryTier,
    BookKind,
    ContactKind,
    KycState,
    LiabilityKind,
    MemberRole,
    OwnerRole,
    PartyKind,
    PartyOrderField,
    PartyStatus,
    RelationshipKind,
    RiskProfile,
    TaxIdType,
    ViewPage,
)
from wealthnexus.graphql.types.common import ActorRef, SubjectRef
from wealthnexus.graphql.types.enums import Capability, SortDirection
from wealthnexus.graphql.types.figures import FigureReason, MoneyFigure
from wealthnexus.graphql.types.people import User


@strawberry.type(description="A party by its name.")
class PartyRef:
    id: strawberry.ID
    name: str
    kind: PartyKind


@strawberry.type
class PartyContact:
    kind: ContactKind
    label: str
    value: str
    is_primary: bool


@strawberry.type
class PartyRelationship:
    id: strawberry.ID
    kind: RelationshipKind
    is_inverse: bool = strawberry.field(
        description="False: the party is `kind` of the other; true: the other is `kind` of the party."
    )
    other: PartyRef
    effective_from: date
    effective_to: date | None


@strawberry.type(description="A share of a party, from a day to the day before the last.")
class PartyOwnership:
    party: PartyRef = strawberry.field(description="The one on the other side: owner or owned.")
    share: Decimal
    effective_from: date
    effective_to: date | None


@strawberry.type
class PartyHousehold:
    household: HouseholdRef
    role: MemberRole


@strawberry.type
class HouseholdMember:
    party: PartyRef
    role: MemberRole
    effective_from: date
    effective_to: date | None


@strawberry.type
class AccountOwner:
    party: PartyRef
    role: OwnerRole
    share: Decimal | None = strawberry.field(
        description="Null: equally with the others who own without a share. Roles that do not own have none."
    )
    effective_from: date
    effective_to: date | None


@strawberry.type
class AccountBeneficiary:
    party_id: strawberry.ID | None
    name: str
    tier: BeneficiaryTier
    share: Decimal
    is_per_stirpes: bool
    effective_from: date
    effective_to: date | None


@strawberry.type(description="A household the account belongs to, from a day to the day before the last.")
class AccountHousehold:
    household: HouseholdRef
    effective_from: date
    effective_to: date | None


@strawberry.type(
    description="By what an account is kept: its registration, how it is taxed, and the standing order by"
    " which its lots are sold."
)
class AccountTerms:
    effective_from: date
    effective_to: date | None
    account_type: str
    tax_status: str
    lot_method: str
    author_name: str | None = strawberry.field(description="Null: a source told it.")
    reason: str | None
    recorded_at: datetime | None = strawberry.field(description="Null: before this was kept.")


@strawberry.type(description="How many holders a role has, and what they may be.")
class RegistrationRole:
    role: OwnerRole
    least: int
    most: int
    kinds: list[PartyKind]


@strawberry.type(description="What the registration of an account asks of its owners.")
class Registration:
    code: str = strawberry.field(description="As createAccount takes it.")
    meaning: str
    roles: list[RegistrationRole] = strawberry.field(description="Those that make it.")
    besides: list[OwnerRole] = strawberry.field(description="Those that may stand beside them.")
    equal_shares: bool


@strawberry.type(description="What was owed at the end of a day.")
class LiabilityBalance:
    day: date
    balance: Decimal
    source: str


@strawberry.type(description="Who has an account, and which part of it.")
class BookAssignment:
    book_id: strawberry.ID
    code: str
    name: str
    kind: BookKind
    split: Decimal
    effective_from: date


@strawberry.type
class LiabilityOwner:
    party: PartyRef
    share: Decimal | None = strawberry.field(description="Null: equally with the others.")
    effective_from: date
    effective_to: date | None


@strawberry.type(description="A debt, with what is owed on the day asked for.")
class Liability(Node):
    external_id: str
    household_id: strawberry.ID | None = strawberry.field(description="Null when it is not shown to you.")
    kind: LiabilityKind
    name: str
    lender: str | None
    currency: Currency
    original_amount: Decimal | None
    interest_rate: Decimal | None = strawberry.field(description="Nominal, a year: 0.0425 is 4.25 %.")
    opened_on: date | None
    matures_on: date | None
    closed_on: date | None
    secured_account_id: strawberry.ID | None
    secured_security_id: strawberry.ID | None
    balance: MoneyFigure = strawberry.field(description="Owed, positive, in the debt's currency.")
    balance_date: date | None
    reporting_balance: MoneyFigure = strawberry.field(description="The same in the firm's currency.")
    version: int
    key: strawberry.Private[UUID]
    moment: strawberry.Private[BookView]

    @field(Permission.PARTIES_READ)
    async def owners(self, info: Info) -> list[LiabilityOwner]:
        return await (await info.context.loaders()).clients.owners_of_liability(self)

    @field(Permission.ACCOUNTS_READ, "Per reported day the balance that counts, oldest first; at most 400.")
    async def balances(self, info: Info) -> list[LiabilityBalance]:
        return await (await info.context.loaders()).courses.balances(self)

    @field(Permission.PARTIES_READ, "Those who owe it and whom you may not see; their shares count.")
    async def hidden_owners(self, info: Info) -> int:
        return (await (await info.context.loaders()).portal.part_in_debt(self)).hidden

    @field(Permission.PARTIES_READ, "Your own part, to 12 places; null when you owe nothing of it yourself.")
    async def viewer_share(self, info: Info) -> Decimal | None:
        return (await (await info.context.loaders()).portal.part_in_debt(self)).own

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities(
            (Permission.LIABILITIES_EDIT, Capability.EDIT_LIABILITY),
            (Permission.NOTES_WRITE, Capability.WRITE_NOTE),
        )


@strawberry.type(description="A person, trust, company or estate.")
class Party(Node):
    external_id: str
    kind: PartyKind
    status: PartyStatus
    name: str
    given_name: str | None
    family_name: str | None
    birth_date_known: bool = strawberry.field(description="The date itself is shown by revealSensitive.")
    tax_id_last4: str | None
    tax_id_type: TaxIdType | None
    citizenship: str | None
    residence: str | None
    jurisdiction: str | None
    formed_on: date | None
    ended_on: date | None
    kyc_state: KycState
    kyc_verified_on: date | None
    kyc_refresh_due: date | None
    risk_profile: RiskProfile | None
    risk_assessed_on: date | None
    as_of: date
    version: int
    key: strawberry.Private[UUID]
    moment: strawberry.Private[BookView]

    @field(Permission.PARTIES_READ)
    async def contacts(self, info: Info) -> list[PartyContact]:
        return await (await info.context.loaders()).clients.contacts_of_party(self)

    @field(Permission.PARTIES_READ)
    async def relationships(self, info: Info) -> list[PartyRelationship]:
        return await (await info.context.loaders()).clients.relationships_of_party(self)

    @field(Permission.PARTIES_READ, "Who owns it.")
    async def ownerships(self, info: Info) -> list[PartyOwnership]:
        return await (await info.context.loaders()).clients.ownerships_of_party(self, is_owned=True)

    @field(Permission.PARTIES_READ, "What it owns of other parties.")
    async def holdings(self, info: Info) -> list[PartyOwnership]:
        return await (await info.context.loaders()).clients.ownerships_of_party(self, is_owned=False)

    @field(Permission.HOUSEHOLDS_READ)
    async def households(self, info: Info) -> list[PartyHousehold]:
        return await (await info.context.loaders()).clients.households_of_party(self)

    @field(Permission.ACCOUNTS_READ, "Those it owns or acts for.")
    async def accounts(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> AccountConnection:
        return await (await info.context.loaders()).clients.accounts_of_party(self, first, after)

    @field(Permission.ACCOUNTS_READ, "Open debts that it owes a share of.")
    async def liabilities(self, info: Info) -> list[Liability]:
        return await (await info.context.loaders()).clients.liabilities_of_party(self)

    @field(Permission.ACCOUNTS_READ, "Through everything it owns, less what it owes; an entity's is its own.")
    async def net_worth(self, info: Info, as_of: date | None = None) -> MoneyFigure:
        return await (await info.context.loaders()).clients.net_worth_of_party(self, as_of)

    @field(Permission.USERS_READ, "Who signs in as this person; deactivated ones too.")
    async def users(self, info: Info) -> list[User]:
        return await (await info.context.loaders()).people.users_of_party.load(self.key)

    @field(Permission.NOTES_READ)
    async def tags(self, info: Info) -> list[str]:
        return await (await info.context.loaders()).desk.tags_of(self.key)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities(
            (Permission.PARTIES_EDIT, Capability.EDIT_PARTY),
            (Permission.SENSITIVE_REVEAL, Capability.REVEAL_SENSITIVE),
            (Permission.NOTES_WRITE, Capability.WRITE_NOTE),
            (Permission.TAGS_WRITE, Capability.TAG),
            (Permission.AUDIT_READ, Capability.VIEW_AUDIT),
            (Permission.GRANTS_MANAGE, Capability.MANAGE_GRANTS),
        )


@strawberry.type
class PartyConnection(Connection[Party]):
    pass


@strawberry.input
class PartyFilter:
    name_contains: str | None = None
    kinds: list[PartyKind] | None = None
    statuses: list[PartyStatus] | None = None
    kyc_states: list[KycState] | None = None
    kyc_due_by: date | None = strawberry.field(default=None, description="To be refreshed by this day.")
    household_id: strawberry.ID | None = None
    tag: str | None = None
    tax_id: str | None = strawberry.field(
        default=None, description="The whole number, however written. Needs `parties.edit`."
    )


@strawberry.input
class PartyOrder:
    field: PartyOrderField
    direction: SortDirection


# -- the balance sheet ---------------------------------------------------------------------------------------


@strawberry.type(description="One owner's part of one line.")
class OwnerShare:
    owner_id: strawberry.ID
    share: Decimal = strawberry.field(description="To 12 places.")
    value: Decimal | None = strawberry.field(
        description="In the sheet's currency; the parts of a line add up to it. Null where it has no value."
    )


@strawberry.type(description="An account or a debt, and what each owner has of it.")
class BalanceLine:
    subject: SubjectRef
    label: str
    kind: str = strawberry.field(description="The registration, or the kind of debt.")
    value: MoneyFigure
    shares: list[OwnerShare]
    not_attributed_share: Decimal


@strawberry.type
class BalanceOwner:
    id: strawberry.ID
    name: str
    kind: PartyKind | None
    role: MemberRole | None = strawberry.field(description="In the household; null: an owner outside of it.")
    assets: MoneyFigure
    liabilities: MoneyFigure
    net_worth: MoneyFigure


@strawberry.type(
    description="What a household has and owes, owner by owner, in the firm's currency."
    " netWorth = ofMembers + ofOthers + notAttributed."
)
class BalanceSheet:
    as_of: date
    currency: Currency
    look_through: bool
    assets: list[BalanceLine]
    liabilities: list[BalanceLine]
    owners: list[BalanceOwner]
    total_assets: MoneyFigure
    total_liabilities: MoneyFigure
    net_worth: MoneyFigure
    of_members: MoneyFigure
    of_others: MoneyFigure
    not_attributed: MoneyFigure
    reasons: list[FigureReason]


@strawberry.type
class OwnershipNode:
    subject: SubjectRef
    kind: str = strawberry.field(description="PERSON, a registration, a kind of debt.")
    role: MemberRole | None


@strawberry.type
class OwnershipEdge:
    from_id: strawberry.ID
    to_id: strawberry.ID
    kind: str = strawberry.field(description="OWNS, OWES, SECURED_BY, a role or a relationship.")
    share: Decimal | None


@strawberry.type
class OwnershipGraph:
    nodes: list[OwnershipNode]
    edges: list[OwnershipEdge]


# -- the desk ------------------------------------------------------------------------------------------------


@strawberry.type
class Note:
    id: strawberry.ID
    subject: SubjectRef
    body: str
    is_pinned: bool
    author: ActorRef
    created_at: datetime
    edited_at: datetime | None
    version: int


@strawberry.type
class NoteConnection(Connection[Note]):
    pass


@strawberry.type
class Tag:
    name: str
    subject_count: int = strawberry.field(description="Of what you may see.")


@strawberry.type
class SavedView:
    id: strawberry.ID
    page: ViewPage
    name: str
    query: str = strawberry.field(description="Of the page's address: filters, order, columns.")
    is_shared: bool
    is_default: bool = strawberry.field(description="Your page opens with it.")
    owner: ActorRef
    is_mine: bool


@strawberry.type(description="A branch, a team, or what one representative looks after.")
class Book:
    id: strawberry.ID
    kind: BookKind
    parent_id: strawberry.ID | None
    code: str
    name: str
    keeper: ActorRef | None
