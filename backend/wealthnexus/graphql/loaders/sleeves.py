"""Reads of the sleeves of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from wealthnexus.domain.clients.repository.sleeves import (
    SleeveRow,
    accounts_of_sleeves,
    sleeves_of_accounts,
)
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.book import position_of
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.book import Account, PositionConnection
from wealthnexus.graphql.types.figures import figure_of
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.graphql.types.sleeves import Sleeve

if TYPE_CHECKING:
    from strawberry.dataloader import DataLoader

    from wealthnexus.graphql.loaders import Loaders


class SleeveReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    def _of_accounts(self, view: BookView) -> DataLoader[UUID, list[SleeveRow]]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, list[SleeveRow]]:
            return await sleeves_of_accounts(self._all.reader, view, keys)

        return self._all.batch(("account.sleeves", view), load, list)

    async def of_account(self, account: Account) -> list[Sleeve]:
        rows = await self._of_accounts(account.moment).load(account.key)
        return [self._sleeve(row, account.moment, account.account_number_last4) for row in rows]

    async def sleeve(self, global_id: str, as_of: date | None, known_at: datetime | None) -> Sleeve:
        key = from_global(global_id, "Sleeve")
        view = await self._all.view(as_of, known_at)
        account_id = (await accounts_of_sleeves(self._all.reader, [key])).get(key)
        if account_id is None:
            raise not_found("Sleeve")
        account = await self._all.book.account_rows(view).load(account_id)
        rows = await self._of_accounts(view).load(account_id)
        row = next((each for each in rows if each.id == key), None)
        if row is None or account is None:
            raise not_found("Sleeve")
        return self._sleeve(row, view, account.account_number_last4)

    @staticmethod
    def _sleeve(row: SleeveRow, view: BookView, last4: str | None) -> Sleeve:
        return Sleeve(
            id=to_global("Sleeve", row.id),
            account=AccountRef(id=to_global("Account", row.account_id), name=row.account_name, last4=last4),
            name=row.name,
            strategy=row.strategy,
            is_default=row.is_default,
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            version=row.version,
            as_of=view.as_of,
            currency=Currency(row.currency),
            market_value=figure_of(row.market_value),
            accrued_interest=figure_of(row.accrued_interest),
            cash=figure_of(row.cash),
            settled_cash=figure_of(row.settled_cash),
            share=row.share,
            position_count=row.position_count,
            key=row.id,
            account_key=row.account_id,
            moment=view,
        )

    async def positions(self, sleeve: Sleeve, first: int | None, after: str | None) -> PositionConnection:
        """A statement for each sleeve: an account has few of them."""
        page, view = self._all.context.page(first, after), sleeve.moment
        narrow = view.of_sleeve(sleeve.key)
        found = await ledger.positions_by_account(self._all.reader, narrow, [sleeve.account_key], page)
        rows = found[sleeve.account_key]
        securities = await self._all.markets.securities((row.security_id for row in rows.rows), view)

        async def count() -> int:
            return sleeve.position_count

        return connection(
            PositionConnection, rows, (position_of(row, securities, view) for row in rows.rows), count
        )
