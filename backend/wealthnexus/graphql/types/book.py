"""Households, accounts and what is in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Protocol
from uuid import UUID

import strawberry

from wealthnexus.domain.clients.repository import HouseholdTotals
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView, Quality
from wealthnexus.domain.ledger.repository import HoldingGrouping, PositionRow
from wealthnexus.domain.ledger.rules import share
from wealthnexus.graphql.access import described, field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.client_words import HouseholdAttention, HouseholdStanding
from wealthnexus.graphql.types.enums import (
    AccountOrderField,
    Capability,
    HouseholdOrderField,
    SortDirection,
)
from wealthnexus.graphql.types.figures import MoneyFigure, ValuePoint, figure_of
from wealthnexus.graphql.types.holdings import HoldingGroup
from wealthnexus.graphql.types.markets import Security

if TYPE_CHECKING:
    from wealthnexus.graphql.types.clients import (
        AccountBeneficiary,
        AccountHousehold,
        AccountOwner,
        AccountTerms,
        BalanceSheet,
        BookAssignment,
        HouseholdMember,
        Liability,
        OwnershipGraph,
    )
    from wealthnexus.graphql.types.ledger import TransactionConnection
    from wealthnexus.graphql.types.lots import LotFinding, OpenLotConnection
    from wealthnexus.graphql.types.reconciliation import CustodianEvidence
    from wealthnexus.graphql.types.sleeves import Sleeve


@strawberry.type
class HouseholdRef:
    id: strawberry.ID
    name: str


@strawberry.type(description="What an account holds of one security on the day asked for.")
class Position:
    id: strawberry.ID
    account_id: strawberry.ID
    security: Security
    quantity: Decimal
    price: Decimal | None
    price_date: date | None
    price_source: str | None
    stale_days: int | None = strawberry.field(
        description="Business days between the price and the day asked for; null without a price."
    )
    market_value: MoneyFigure = strawberry.field(
        description="In the account's currency, without accrued interest."
    )
    accrued_interest: MoneyFigure | None = strawberry.field(
        description="Interest that accrued to the end of the day, beside the market value; null for what"
        " bears none."
    )
    weight: Decimal | None = strawberry.field(
        description="Share in the account's market value, both with accrued interest; null when that is"
        " unknown or zero."
    )
    portfolio_name: str
    row: strawberry.Private[PositionRow]
    moment: strawberry.Private[BookView]

    @field(
        Permission.POSITIONS_READ,
        "What was paid for it, from its tax lots; null with the reason where one of them is not known. The"
        " custodian's cost is named beside it in `explain`.",
    )
    async def cost(self, info: Info) -> MoneyFigure:
        return await (await info.context.loaders()).lots.cost_of(self)

    @field(Permission.POSITIONS_READ, "The market value less what was paid (`cost`).")
    async def gain(self, info: Info) -> MoneyFigure:
        return await (await info.context.loaders()).lots.gain_of(self)


@strawberry.type
class PositionConnection(Connection[Position]):
    pass


@strawberry.type(description="An account at a custodian.")
class Account(Node):
    external_id: str
    name: str
    account_number_last4: str | None
    account_type: str
    tax_status: str
    custodian: str | None
    currency: Currency
    opened_on: date | None
    closed_on: date | None
    lot_method: str
    has_margin: bool
    custodianship_ends_on: date | None = strawberry.field(
        description="The day a minor comes of age and the custodian's authority ends."
    )
    reconciled_through: date | None = strawberry.field(
        description="The last day through which the custodian's evidence agrees or is signed off."
    )
    as_of: date
    version: int
    market_value: MoneyFigure
    accrued_interest: MoneyFigure = strawberry.field(description="In the market value.")
    cash: MoneyFigure
    settled_cash: MoneyFigure
    key: strawberry.Private[UUID]
    moment: strawberry.Private[BookView]

    @described("Cash over market value, as the weight of a position is; null when that is unknown or zero.")
    def cash_share(self) -> Decimal | None:
        return share(self.cash.value, self.market_value.value)

    @field(Permission.ACCOUNTS_READ, "The parts of it that are run by themselves, the default one first.")
    async def sleeves(
        self, info: Info
    ) -> list[Annotated[Sleeve, strawberry.lazy("wealthnexus.graphql.types.sleeves")]]:
        return await (await info.context.loaders()).sleeves.of_account(self)

    @strawberry.field
    async def households(self, info: Info) -> list[HouseholdRef]:
        return await (await info.context.loaders()).book.households_of_account(self)

    @field(Permission.PARTIES_READ)
    async def owners(
        self, info: Info
    ) -> list[Annotated[AccountOwner, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).clients.owners_of_account(self)

    @field(Permission.PARTIES_READ, "Owners whom you may not see; their shares count.")
    async def hidden_owners(self, info: Info) -> int:
        return (await (await info.context.loaders()).portal.part_in_account(self)).hidden

    @field(
        Permission.PARTIES_READ,
        "Your own part, to 12 places; null when you own nothing of it yourself.",
    )
    async def viewer_share(self, info: Info) -> Decimal | None:
        return (await (await info.context.loaders()).portal.part_in_account(self)).own

    @field(Permission.NOTES_READ, "Who inherits it. For the firm's people.")
    async def beneficiaries(
        self, info: Info
    ) -> list[Annotated[AccountBeneficiary, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).clients.beneficiaries_of_account(self)

    @field(Permission.PARTIES_READ, "Who has owned it or acted for it, on whatever day, latest first.")
    async def owner_history(
        self, info: Info
    ) -> list[Annotated[AccountOwner, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).courses.owners(self)

    @field(Permission.NOTES_READ, "Every beneficiary there has been, latest first. For the firm's people.")
    async def beneficiary_history(
        self, info: Info
    ) -> list[Annotated[AccountBeneficiary, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).courses.beneficiaries(self)

    @field(
        Permission.NOTES_READ,
        "Its registration, tax status and lot method over all days, latest first, and who changed them, why."
        " For the firm's people.",
    )
    async def terms_history(
        self, info: Info
    ) -> list[Annotated[AccountTerms, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).courses.terms(self)

    @field(Permission.HOUSEHOLDS_READ, "Every household it has belonged to, latest first.")
    async def household_history(
        self, info: Info
    ) -> list[Annotated[AccountHousehold, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).courses.households(self)

    @field(Permission.USERS_READ, "The books it is in on the day, by their splits.")
    async def assignments(
        self, info: Info
    ) -> list[Annotated[BookAssignment, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).clients.assignments_of_account(self)

    @field(Permission.NOTES_READ)
    async def tags(self, info: Info) -> list[str]:
        return await (await info.context.loaders()).desk.tags_of(self.key)

    @field(Permission.POSITIONS_READ, "The largest first, in the account's currency.")
    async def holding_groups(
        self, info: Info, by: HoldingGrouping = HoldingGrouping.ASSET_CLASS
    ) -> list[HoldingGroup]:
        return await (await info.context.loaders()).book.groups_of_account(self, by)

    @field(Permission.POSITIONS_READ)
    async def positions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> PositionConnection:
        return await (await info.context.loaders()).book.positions_of_account(self, first, after)

    @field(
        Permission.RECONCILIATION_READ,
        "The custodian's latest word up to a day (that of the account unless given) beside our books; null"
        " while it has said nothing.",
    )
    async def custodian_positions(
        self, info: Info, as_of: date | None = None
    ) -> Annotated[CustodianEvidence, strawberry.lazy("wealthnexus.graphql.types.reconciliation")] | None:
        return await (await info.context.loaders()).reconciliation.evidence_of(self, as_of)

    @field(Permission.TRANSACTIONS_READ)
    async def transactions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Annotated[TransactionConnection, strawberry.lazy("wealthnexus.graphql.types.ledger")]:
        return await (await info.context.loaders()).ledger.of_account(self, first, after)

    @field(Permission.LOTS_READ, "The open tax lots on the day, by security, account and age.")
    async def lots(
        self,
        info: Info,
        security_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Annotated[OpenLotConnection, strawberry.lazy("wealthnexus.graphql.types.lots")]:
        return await (await info.context.loaders()).lots.of_account(self, security_id, first, after)

    @field(Permission.LOTS_READ, "What is doubtful in its tax lots, latest first; at most 500.")
    async def lot_findings(
        self, info: Info
    ) -> list[Annotated[LotFinding, strawberry.lazy("wealthnexus.graphql.types.lots")]]:
        return await (await info.context.loaders()).lots.findings([self.key], self.moment)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities(
            (Permission.TRANSACTIONS_POST, Capability.POST_TRANSACTION),
            (Permission.PARTIES_EDIT, Capability.EDIT_OWNERS),
            (Permission.BOOKS_ASSIGN, Capability.ASSIGN_BOOK),
            (Permission.SENSITIVE_REVEAL, Capability.REVEAL_SENSITIVE),
            (Permission.NOTES_WRITE, Capability.WRITE_NOTE),
            (Permission.TAGS_WRITE, Capability.TAG),
            (Permission.AUDIT_READ, Capability.VIEW_AUDIT),
            (Permission.GRANTS_MANAGE, Capability.MANAGE_GRANTS),
        )


@strawberry.type
class AccountConnection(Connection[Account]):
    pass


@strawberry.type(description="People whose accounts are looked after together.")
class Household(Node):
    external_id: str
    name: str
    as_of: date
    market_value: MoneyFigure
    accrued_interest: MoneyFigure = strawberry.field(description="In the market value.")
    cash: MoneyFigure
    cash_share: Decimal | None = strawberry.field(
        description="Cash over market value; null when that is unknown or zero."
    )
    account_count: int
    open_items: int
    opened_on: date | None = strawberry.field(description="When its oldest account was opened.")
    left_on: date | None = strawberry.field(
        description="The day from which the firm no longer looks after it."
    )
    advisor_name: str | None
    version: int
    key: strawberry.Private[UUID]
    moment: strawberry.Private[BookView]

    @field(Permission.ACCOUNTS_READ)
    async def accounts(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> AccountConnection:
        return await (await info.context.loaders()).book.accounts_of_household(self, first, after)

    @field(Permission.PARTIES_READ, "The people and entities that belong to it on the day.")
    async def members(
        self, info: Info
    ) -> list[Annotated[HouseholdMember, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).clients.members(self)

    @field(Permission.PARTIES_READ, "Everybody who has belonged to it, on whatever day, latest first.")
    async def member_history(
        self, info: Info
    ) -> list[Annotated[HouseholdMember, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).courses.members(self)

    @field(Permission.ACCOUNTS_READ, "Its debts that are open on the day.")
    async def liabilities(
        self, info: Info
    ) -> list[Annotated[Liability, strawberry.lazy("wealthnexus.graphql.types.clients")]]:
        return await (await info.context.loaders()).clients.liabilities_of_household(self)

    @field(
        Permission.ACCOUNTS_READ,
        "What it has and owes, owner by owner; lookThrough: the last owners behind trusts and companies.",
    )
    async def balance_sheet(
        self, info: Info, look_through: bool = False
    ) -> Annotated[BalanceSheet, strawberry.lazy("wealthnexus.graphql.types.clients")]:
        clients = (await info.context.loaders()).clients
        return await clients.balance_sheet(self, look_through=look_through)

    @field(Permission.ACCOUNTS_READ, "Who owns what and whom, and who owes.")
    async def ownership_graph(
        self, info: Info
    ) -> Annotated[OwnershipGraph, strawberry.lazy("wealthnexus.graphql.types.clients")]:
        return await (await info.context.loaders()).clients.ownership_graph(self)

    @field(Permission.POSITIONS_READ, "The largest first, in the firm's currency.")
    async def holding_groups(
        self, info: Info, by: HoldingGrouping = HoldingGrouping.ASSET_CLASS
    ) -> list[HoldingGroup]:
        return await (await info.context.loaders()).book.groups_of_household(self, by)

    @field(Permission.LOTS_READ, "The open tax lots on the day, by security, account and age.")
    async def lots(
        self,
        info: Info,
        security_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Annotated[OpenLotConnection, strawberry.lazy("wealthnexus.graphql.types.lots")]:
        return await (await info.context.loaders()).lots.of_household(self, security_id, first, after)

    @field(Permission.LOTS_READ, "What is doubtful in its tax lots, latest first; at most 500.")
    async def lot_findings(
        self, info: Info
    ) -> list[Annotated[LotFinding, strawberry.lazy("wealthnexus.graphql.types.lots")]]:
        return await (await info.context.loaders()).lots.findings_of_household(self)

    @field(Permission.NOTES_READ)
    async def tags(self, info: Info) -> list[str]:
        return await (await info.context.loaders()).desk.tags_of(self.key)

    @described("One point per valued day of the last `days` (at most 366), oldest first.")
    async def value_history(self, info: Info, days: int | None = 30) -> list[ValuePoint]:
        return await (await info.context.loaders()).book.value_history(self, days)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities(
            (Permission.HOUSEHOLDS_EDIT, Capability.EDIT_HOUSEHOLD),
            (Permission.LIABILITIES_EDIT, Capability.EDIT_LIABILITY),
            (Permission.NOTES_WRITE, Capability.WRITE_NOTE),
            (Permission.TAGS_WRITE, Capability.TAG),
            (Permission.AUDIT_READ, Capability.VIEW_AUDIT),
            (Permission.GRANTS_MANAGE, Capability.MANAGE_GRANTS),
        )


class Totals(Protocol):
    """Sums over a list, computed when first asked for."""

    async def get(self) -> HouseholdTotals: ...


@strawberry.type
class HouseholdConnection(Connection[Household]):
    totals: strawberry.Private[Totals]

    @described("Over the whole filtered list, not the page.")
    async def total_value(self) -> MoneyFigure:
        return figure_of((await self.totals.get()).total_value)

    @described("Over the whole filtered list, not the page: the accrued interest in its value.")
    async def total_accrued_interest(self) -> MoneyFigure:
        return figure_of((await self.totals.get()).accrued_interest)

    @described("Over the whole filtered list, not the page.")
    async def total_cash(self) -> MoneyFigure:
        return figure_of((await self.totals.get()).total_cash)


@strawberry.input
class HouseholdFilter:
    name_contains: str | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    has_open_items: bool | None = None
    quality: list[Quality] | None = None
    advisor_id: strawberry.ID | None = None
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="At most 1,000.")
    tag: str | None = None
    standing: HouseholdStanding | None = strawberry.field(default=None, description="Null: whatever it is.")
    attention: list[HouseholdAttention] | None = strawberry.field(
        default=None, description="Every one of them must hold."
    )
    high_cash_share: Decimal | None = strawberry.field(
        default=None, description="Cash above this share of the value is HIGH_CASH; null: 0.10."
    )
    book_id: strawberry.ID | None = strawberry.field(
        default=None, description="A branch, a team or a representative: it, or one below it, has an account."
    )


@strawberry.type(description="How many households of a list ask for one kind of attention.")
class HouseholdTile:
    attention: HouseholdAttention
    count: int


@strawberry.type(description="Counts of a list, each what choosing it alone would leave.")
class HouseholdTiles:
    total_count: int
    tiles: list[HouseholdTile] = strawberry.field(description="All of them, zeros too, in a standing order.")


@strawberry.input
class HouseholdOrder:
    field: HouseholdOrderField
    direction: SortDirection


@strawberry.input
class AccountFilter:
    household_id: strawberry.ID | None = None
    name_contains: str | None = None
    custodian: str | None = None
    account_type: str | None = None
    tag: str | None = None


@strawberry.input
class AccountOrder:
    field: AccountOrderField
    direction: SortDirection
