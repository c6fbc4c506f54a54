"""The book: households, accounts, positions, transactions."""

# ruff: noqa: PLR0917 -- the API names its arguments, they are never given by place

from __future__ import annotations

from datetime import date, datetime

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.loaders.corrections import correction_preview
from wealthnexus.graphql.types.book import (
    Account,
    AccountConnection,
    AccountFilter,
    AccountOrder,
    Household,
    HouseholdConnection,
    HouseholdFilter,
    HouseholdOrder,
    HouseholdTiles,
    PositionConnection,
)
from wealthnexus.graphql.types.corrections import TransactionCorrectionPreview
from wealthnexus.graphql.types.inputs import TransactionDetails
from wealthnexus.graphql.types.ledger import TransactionConnection, TransactionFilter, TransactionOrder
from wealthnexus.graphql.types.sleeves import Sleeve


@strawberry.type
class BookQueries:
    @field(Permission.HOUSEHOLDS_READ, "By name unless ordered otherwise.")
    async def households(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: HouseholdFilter | None = None,
        order_by: HouseholdOrder | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> HouseholdConnection:
        book = (await info.context.loaders()).book
        page = info.context.page(first, after, last, before)
        return await book.households(page, filter, order_by, as_of, known_at)

    @field(Permission.WORK_READ, "What asks for attention in a list; `attention` and `quality` do not count.")
    async def household_tiles(
        self,
        info: Info,
        filter: HouseholdFilter | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> HouseholdTiles:
        return await (await info.context.loaders()).book.household_tiles(filter, as_of, known_at)

    @field(Permission.HOUSEHOLDS_READ, "Null with NOT_FOUND when there is no such household for you.")
    async def household(
        self,
        info: Info,
        id: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Household | None:
        return await (await info.context.loaders()).book.household(id, as_of, known_at)

    @field(Permission.ACCOUNTS_READ, "By name unless ordered otherwise.")
    async def accounts(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: AccountFilter | None = None,
        order_by: AccountOrder | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> AccountConnection:
        book = (await info.context.loaders()).book
        page = info.context.page(first, after, last, before)
        return await book.accounts(page, filter, order_by, as_of, known_at)

    @field(Permission.ACCOUNTS_READ, "Null with NOT_FOUND when there is no such account for you.")
    async def account(
        self,
        info: Info,
        id: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Account | None:
        return await (await info.context.loaders()).book.account(id, as_of, known_at)

    @field(Permission.ACCOUNTS_READ, "Null with NOT_FOUND when there is no such sleeve for you.")
    async def sleeve(
        self,
        info: Info,
        id: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Sleeve | None:
        return await (await info.context.loaders()).sleeves.sleeve(id, as_of, known_at)

    @field(
        Permission.POSITIONS_READ, "Of one account or of one household: exactly one of them must be given."
    )
    async def positions(
        self,
        info: Info,
        account_id: strawberry.ID | None = None,
        household_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> PositionConnection:
        book = (await info.context.loaders()).book
        page = info.context.page(first, after)
        return await book.positions(page, account_id, household_id, as_of, known_at)

    @field(
        Permission.TRANSACTIONS_CORRECT,
        "Everything a correction changes, before it is saved; without `replacement` it is only reversed.",
        also=Permission.LOTS_READ,
    )
    async def transaction_correction_preview(
        self,
        info: Info,
        transaction_id: strawberry.ID,
        replacement: TransactionDetails | None = None,
    ) -> TransactionCorrectionPreview | None:
        return await correction_preview(await info.context.loaders(), transaction_id, replacement)

    @field(Permission.TRANSACTIONS_READ, "Latest first unless ordered otherwise.")
    async def transactions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: TransactionFilter | None = None,
        order_by: TransactionOrder | None = None,
        known_at: datetime | None = None,
    ) -> TransactionConnection:
        ledger = (await info.context.loaders()).ledger
        page = info.context.page(first, after, last, before)
        return await ledger.transactions(page, filter, order_by, known_at)
