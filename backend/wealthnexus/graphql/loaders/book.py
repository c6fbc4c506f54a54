"""Reads of households, accounts and positions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.repository import HoldingGrouping
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.book import (
    Account,
    AccountConnection,
    AccountFilter,
    AccountOrder,
    Household,
    HouseholdConnection,
    HouseholdFilter,
    HouseholdOrder,
    HouseholdRef,
    HouseholdTile,
    HouseholdTiles,
    Position,
    PositionConnection,
)
from wealthnexus.graphql.types.client_words import HouseholdAttention
from wealthnexus.graphql.types.enums import SortDirection
from wealthnexus.graphql.types.figures import ValuePoint, figure_of
from wealthnexus.graphql.types.holdings import HoldingGroup, group_of
from wealthnexus.graphql.types.markets import Security
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.paging import Page, PageRequest
from wealthnexus.kit.texts import OUT_OF_RANGE

if TYPE_CHECKING:
    from strawberry.dataloader import DataLoader

    from wealthnexus.graphql.loaders import Loaders

IDS_MAX: Final = 1_000
DAYS_MAX: Final = 366


def household_of(row: clients.HouseholdRow, view: BookView) -> Household:
    return Household(
        id=to_global("Household", row.id),
        external_id=row.external_id,
        name=row.name,
        as_of=row.as_of,
        market_value=figure_of(row.market_value),
        accrued_interest=figure_of(row.accrued_interest),
        cash=figure_of(row.cash),
        cash_share=row.cash_share,
        account_count=row.account_count,
        open_items=row.open_items,
        opened_on=row.opened_on,
        left_on=row.left_on,
        advisor_name=row.advisor_name,
        version=row.version,
        key=row.id,
        moment=view,
    )


def account_of(row: clients.AccountRow, view: BookView) -> Account:
    return Account(
        id=to_global("Account", row.id),
        external_id=row.external_id,
        name=row.name,
        account_number_last4=row.account_number_last4,
        account_type=row.account_type,
        tax_status=row.tax_status,
        custodian=row.custodian,
        currency=Currency(row.currency),
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        lot_method=row.lot_method,
        has_margin=row.has_margin,
        custodianship_ends_on=row.custodianship_ends_on,
        reconciled_through=row.reconciled_through,
        as_of=row.as_of,
        market_value=figure_of(row.market_value),
        accrued_interest=figure_of(row.accrued_interest),
        cash=figure_of(row.cash),
        settled_cash=figure_of(row.settled_cash),
        version=row.version,
        key=row.id,
        moment=view,
    )


def position_of(row: ledger.PositionRow, securities: Mapping[UUID, Security], view: BookView) -> Position:
    return Position(
        id=to_global("Position", row.id),
        account_id=to_global("Account", row.account_id),
        security=securities[row.security_id],
        quantity=row.quantity,
        price=row.price,
        price_date=row.price_date,
        price_source=row.price_source,
        stale_days=row.stale_days,
        market_value=figure_of(row.market_value),
        accrued_interest=None if row.accrued_interest is None else figure_of(row.accrued_interest),
        weight=row.weight,
        portfolio_name=row.portfolio_name,
        row=row,
        moment=view,
    )


class BookReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    # -- households -------------------------------------------------------------------------------

    async def households(
        self,
        page: PageRequest,
        filter_: HouseholdFilter | None,
        order: HouseholdOrder | None,
        as_of: date | None,
        known_at: datetime | None,
    ) -> HouseholdConnection:
        view = await self._all.view(as_of, known_at)
        wanted = household_filter(filter_)
        sort = clients.HouseholdOrder()
        if order is not None:
            field = clients.HouseholdOrderField(order.field.value)
            sort = clients.HouseholdOrder(field, order.direction is SortDirection.DESC)
        found = await clients.households_page(self._all.reader, view, page, wanted, sort)
        totals = _Totals(self._all, view, wanted)
        return HouseholdConnection(
            nodes=[household_of(row, view) for row in found.rows],
            cursors=found.cursors,
            has_next=found.has_next,
            has_previous=found.has_previous,
            count=totals.count,
            totals=totals,
        )

    async def household_tiles(
        self, filter_: HouseholdFilter | None, as_of: date | None, known_at: datetime | None
    ) -> HouseholdTiles:
        view = await self._all.view(as_of, known_at)
        found = await clients.households_tiles(self._all.reader, view, household_filter(filter_))
        return HouseholdTiles(
            total_count=found.count,
            tiles=[
                HouseholdTile(attention=HouseholdAttention(each.value), count=found.by_attention[each])
                for each in clients.Attention
            ],
        )

    async def household(self, global_id: str, as_of: date | None, known_at: datetime | None) -> Household:
        key = from_global(global_id, "Household")
        view = await self._all.view(as_of, known_at)
        row = await self._all.batch(
            ("household", view),
            lambda keys: clients.households_by_ids(self._all.reader, view, keys),
        ).load(key)
        if row is None:
            raise not_found("Household")
        return household_of(row, view)

    async def accounts_of_household(
        self, household: Household, first: int | None, after: str | None
    ) -> AccountConnection:
        page, view = self._all.context.page(first, after), household.moment

        async def load(keys: Sequence[UUID]) -> dict[UUID, AccountConnection]:
            found = await clients.accounts_by_household_ids(self._all.reader, view, keys, page)
            made: dict[UUID, Account] = {}
            return {key: self._account_page(rows, view, made) for key, rows in found.items()}

        accounts = await self._all.batch(("household.accounts", view, page), load).load(household.key)

        async def count() -> int:
            return household.account_count

        accounts.count = count
        return accounts

    def _account_page(
        self, page: Page[clients.AccountRow], view: BookView, made: dict[UUID, Account]
    ) -> AccountConnection:
        """An account of two households is made once."""
        nodes = []
        for row in page.rows:
            account = made.get(row.id)
            if account is None:
                account = made[row.id] = account_of(row, view)
            nodes.append(account)
        return connection(AccountConnection, page, nodes)

    async def value_history(self, household: Household, days: int | None) -> list[ValuePoint]:
        span = 30 if days is None else days
        if not 1 <= span <= DAYS_MAX:
            raise ValidationFailed(OUT_OF_RANGE(name="days", count=span, limit=DAYS_MAX), path=("days",))
        view = household.moment
        points = await self._all.batch(
            ("value_history", view, span),
            lambda keys: clients.value_history(self._all.reader, view, keys, span),
            list,
        ).load(household.key)
        return cast(list[ValuePoint], points)

    async def groups_of_household(self, household: Household, by: HoldingGrouping) -> list[HoldingGroup]:
        view = household.moment
        rows = await self._all.batch(
            ("household.holding_groups", view, by),
            lambda keys: ledger.groups_of_households(self._all.reader, view, keys, by),
            list,
        ).load(household.key)
        return [group_of(row, by, household.market_value) for row in rows]

    async def groups_of_account(self, account: Account, by: HoldingGrouping) -> list[HoldingGroup]:
        view = account.moment
        rows = await self._all.batch(
            ("account.holding_groups", view, by),
            lambda keys: ledger.groups_of_accounts(self._all.reader, view, keys, by),
            list,
        ).load(account.key)
        return [group_of(row, by, account.market_value) for row in rows]

    # -- accounts ---------------------------------------------------------------------------------

    async def accounts(
        self,
        page: PageRequest,
        filter_: AccountFilter | None,
        order: AccountOrder | None,
        as_of: date | None,
        known_at: datetime | None,
    ) -> AccountConnection:
        view = await self._all.view(as_of, known_at)
        wanted = clients.AccountFilter()
        if filter_ is not None:
            wanted = clients.AccountFilter(
                household_id=_optional_key(filter_.household_id, "Household", ("filter", "householdId")),
                name_contains=filter_.name_contains,
                custodian=filter_.custodian,
                account_type=filter_.account_type,
                tag=filter_.tag,
            )
        sort = clients.AccountOrder()
        if order is not None:
            field = clients.AccountOrderField(order.field.value)
            sort = clients.AccountOrder(field, order.direction is SortDirection.DESC)
        found = await clients.accounts_page(self._all.reader, view, page, wanted, sort)
        return connection(
            AccountConnection,
            found,
            (account_of(row, view) for row in found.rows),
            lambda: clients.accounts_count(self._all.reader, view, wanted),
        )

    async def account(self, global_id: str, as_of: date | None, known_at: datetime | None) -> Account:
        key = from_global(global_id, "Account")
        view = await self._all.view(as_of, known_at)
        row = await self.account_rows(view).load(key)
        if row is None:
            raise not_found("Account")
        return account_of(row, view)

    def account_rows(self, view: BookView) -> DataLoader[UUID, clients.AccountRow | None]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, Any]:
            return dict(await clients.accounts_by_ids(self._all.reader, view, keys))

        return self._all.batch(("account", view), load)

    async def households_of_account(self, account: Account) -> list[HouseholdRef]:
        view = account.moment

        async def load(keys: Sequence[UUID]) -> dict[UUID, list[HouseholdRef]]:
            found = await clients.household_refs_by_account_ids(self._all.reader, view, keys)
            return {
                key: [HouseholdRef(id=to_global("Household", ref.id), name=ref.name) for ref in refs]
                for key, refs in found.items()
            }

        return await self._all.batch(("account.households", view), load, list).load(account.key)

    # -- positions --------------------------------------------------------------------------------

    async def positions(
        self,
        page: PageRequest,
        account_id: str | None,
        household_id: str | None,
        as_of: date | None,
        known_at: datetime | None,
    ) -> PositionConnection:
        account = _optional_key(account_id, "Account", ("accountId",))
        household = _optional_key(household_id, "Household", ("householdId",))
        if (account is None) == (household is None):
            said = texts.ONE_OF_TWO(first="accountId", second="householdId")
            raise ValidationFailed(said, path=("accountId",))
        view = await self._all.view(as_of, known_at)
        await self._must_be_visible(account, household, view)
        found = await ledger.positions_page(
            self._all.reader, view, page, account_id=account, household_id=household
        )

        async def count() -> int:
            if account is not None:
                return await self._position_counts(view).load(account)
            return await ledger.household_position_count(self._all.reader, view, cast(UUID, household))

        return await self._position_page(found, view, count)

    async def _must_be_visible(self, account: UUID | None, household: UUID | None, view: BookView) -> None:
        """A hidden account answers as a missing one does, not as one without positions."""
        if account is not None:
            if await self.account_rows(view).load(account) is None:
                raise not_found("Account", path=("accountId",))
        elif household is not None:
            found = await clients.households_by_ids(self._all.reader, view, [household])
            if household not in found:
                raise not_found("Household", path=("householdId",))

    async def _position_page(
        self, page: Page[ledger.PositionRow], view: BookView, count: Any
    ) -> PositionConnection:
        securities = await self._all.markets.securities((row.security_id for row in page.rows), view)
        nodes = (position_of(row, securities, view) for row in page.rows)
        return connection(PositionConnection, page, nodes, count)

    async def positions_of_account(
        self, account: Account, first: int | None, after: str | None
    ) -> PositionConnection:
        page, view = self._all.context.page(first, after), account.moment

        async def load(keys: Sequence[UUID]) -> dict[UUID, PositionConnection]:
            found = await ledger.positions_by_account(self._all.reader, view, keys, page)
            securities = await self._all.markets.securities(
                (row.security_id for rows in found.values() for row in rows.rows), view
            )
            return {
                key: connection(
                    PositionConnection, rows, (position_of(row, securities, view) for row in rows.rows)
                )
                for key, rows in found.items()
            }

        positions = await self._all.batch(("account.positions", view, page), load).load(account.key)

        async def count() -> int:
            return await self._position_counts(view).load(account.key)

        positions.count = count
        return positions

    def _position_counts(self, view: BookView) -> DataLoader[UUID, int]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, int]:
            return await ledger.position_counts(self._all.reader, view, keys)

        return self._all.batch(("account.position_count", view), load)


class _Totals:
    """Count and sums of a whole filtered list: one statement, and only when one of them is asked for."""

    def __init__(self, loaders: Loaders, view: BookView, wanted: clients.HouseholdFilter) -> None:
        self._loaders = loaders
        self._view = view
        self._wanted = wanted
        self._asking = asyncio.Lock()
        self._known: clients.HouseholdTotals | None = None

    async def get(self) -> clients.HouseholdTotals:
        async with self._asking:
            if self._known is None:
                self._known = await clients.households_totals(self._loaders.reader, self._view, self._wanted)
        return self._known

    async def count(self) -> int:
        return (await self.get()).count


def household_filter(filter_: HouseholdFilter | None) -> clients.HouseholdFilter:
    if filter_ is None:
        return clients.HouseholdFilter()
    ids: tuple[UUID, ...] | None = None
    if filter_.ids is not None:
        if len(filter_.ids) > IDS_MAX:
            said = texts.TOO_MANY_IDS(name="ids", count=len(filter_.ids), limit=IDS_MAX)
            raise ValidationFailed(said, path=("filter", "ids"))
        ids = tuple(from_global(each, "Household", path=("filter", "ids")) for each in filter_.ids)
    return clients.HouseholdFilter(
        name_contains=filter_.name_contains,
        min_value=filter_.min_value,
        max_value=filter_.max_value,
        has_open_items=filter_.has_open_items,
        quality=tuple(filter_.quality or ()),
        advisor_id=_optional_key(filter_.advisor_id, "User", ("filter", "advisorId")),
        ids=ids,
        tag=filter_.tag,
        standing=clients.Standing(filter_.standing.value) if filter_.standing is not None else None,
        attention=tuple(dict.fromkeys(clients.Attention(each.value) for each in filter_.attention or ())),
        high_cash_share=_cash_share(filter_.high_cash_share),
        book_id=_optional_key(filter_.book_id, "Book", ("filter", "bookId")),
    )


def _cash_share(given: Decimal | None) -> Decimal:
    if given is None:
        return clients.HIGH_CASH_SHARE
    if not 0 <= given <= 1:
        said = texts.NOT_A_SHARE(value=format(given, "f")[:40])
        raise ValidationFailed(said, path=("filter", "highCashShare"))
    return given


def _optional_key(text: str | None, type_name: str, path: tuple[str, ...]) -> UUID | None:
    return None if text is None else from_global(text, type_name, path=path)
