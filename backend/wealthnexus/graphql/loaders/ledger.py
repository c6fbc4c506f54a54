"""Reads of transactions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.book import Account
from wealthnexus.graphql.types.enums import SortDirection, TransactionStatus, TransactionType
from wealthnexus.graphql.types.ledger import (
    AccountRef,
    Provenance,
    Transaction,
    TransactionConnection,
    TransactionFilter,
    TransactionOrder,
)
from wealthnexus.graphql.types.markets import Security
from wealthnexus.kit.paging import Page, PageRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import strawberry

    from wealthnexus.graphql.loaders import Loaders


def transaction_of(
    row: ledger.TransactionRow, accounts: Mapping[UUID, AccountRef], securities: Mapping[UUID, Security]
) -> Transaction:
    return Transaction(
        id=to_global("Transaction", row.id),
        external_id=row.external_id,
        account=accounts[row.account_id],
        type=TransactionType(row.type),
        trade_date=row.trade_date,
        settlement_date=row.settlement_date,
        security=securities.get(row.security_id) if row.security_id is not None else None,
        quantity=row.quantity,
        price=row.price,
        amount=row.amount,
        fees=row.fees,
        currency=Currency(row.currency),
        description=row.description,
        book_version=BigInt(row.book_version),
        recorded_at=row.recorded_at,
        status=TransactionStatus(row.status),
        reverses_id=_transaction_id(row.reverses_id),
        replaces_id=_transaction_id(row.replaces_id),
        reversed_by_id=_transaction_id(row.reversed_by_id),
        replaced_by_id=_transaction_id(row.replaced_by_id),
        reason=row.reason,
        source=Provenance(
            batch_id=to_global("Subject", row.source.batch_id) if row.source.batch_id else None,
            file=row.source.file,
            line=row.source.line,
            source=row.source.source,
            source_id=row.source.source_id,
        ),
        accrued_interest=row.accrued_interest,
        lot_selection=row.lot_selection,
        related_external_id=row.related_external_id,
        corporate_action_id=(
            to_global("CorporateAction", row.corporate_action_id) if row.corporate_action_id else None
        ),
        order_reference=row.order_reference,
        exchange_rate=row.exchange_rate,
        billed_account=accounts.get(row.billed_account_id) if row.billed_account_id else None,
        is_deep_in_the_money=row.is_deep_in_the_money,
        portfolio_id=to_global("Sleeve", row.portfolio_id),
        key=row.id,
    )


def _transaction_id(key: UUID | None) -> strawberry.ID | None:
    return to_global("Transaction", key) if key is not None else None


class LedgerReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def transactions(
        self,
        page: PageRequest,
        filter_: TransactionFilter | None,
        order: TransactionOrder | None,
        known_at: datetime | None,
    ) -> TransactionConnection:
        view = await self._all.view(None, known_at)
        wanted = transaction_filter(filter_)
        sort = ledger.TransactionOrder()
        if order is not None:
            field = ledger.TransactionOrderField(order.field.value)
            sort = ledger.TransactionOrder(field, order.direction is SortDirection.DESC)
        reader, version = self._all.reader, view.book_version
        found = await ledger.transactions_page(reader, page, version, wanted, sort)
        nodes = await self._made(found.rows, view)
        return connection(
            TransactionConnection,
            found,
            nodes,
            lambda: ledger.transactions_count(reader, version, wanted),
        )

    async def _made(self, rows: Sequence[ledger.TransactionRow], view: BookView) -> list[Transaction]:
        """Accounts and securities of a whole page, one statement each."""
        keys = list({row.account_id for row in rows} | {k for row in rows if (k := row.billed_account_id)})
        accounts = await clients.accounts_by_ids(self._all.reader, view, keys) if keys else {}
        refs = {key: account_ref(row) for key, row in accounts.items()}
        securities = await self._all.markets.securities((row.security_id for row in rows), view)
        return [transaction_of(row, refs, securities) for row in rows]

    async def transaction(self, global_id: str) -> Transaction:
        found = await self.by_keys([from_global(global_id, "Transaction")])
        if not found:
            raise not_found("Transaction")
        return next(iter(found.values()))

    async def by_keys(self, keys: Sequence[UUID]) -> dict[UUID, Transaction]:
        view = await self._all.view()
        rows = await ledger.transactions_by_ids(self._all.reader, list(keys), view.book_version)
        return {each.key: each for each in await self._made(list(rows.values()), view)}

    async def row(self, key: UUID) -> ledger.TransactionRow | None:
        """As it stands in the ledger, if the caller may see it."""
        view = await self._all.view()
        return (await ledger.transactions_by_ids(self._all.reader, [key], view.book_version)).get(key)

    async def of_account(
        self, account: Account, first: int | None, after: str | None
    ) -> TransactionConnection:
        page, view = self._all.context.page(first, after), account.moment
        version = view.book_version

        async def load(keys: Sequence[UUID]) -> dict[UUID, Page[Any]]:
            found = await ledger.transactions_by_account(self._all.reader, keys, page, version)
            made = await self._made([row for rows in found.values() for row in rows.rows], view)
            by_key = {transaction.key: transaction for transaction in made}
            return {
                key: Page(
                    [by_key[row.id] for row in rows.rows], rows.cursors, rows.has_next, rows.has_previous
                )
                for key, rows in found.items()
            }

        found = await self._all.batch(("account.transactions", view, page), load).load(account.key)

        async def count_all(keys: Sequence[UUID]) -> dict[UUID, int]:
            return await ledger.transaction_counts(self._all.reader, keys, version)

        counts = self._all.batch(("account.transaction_count", version), count_all)
        return connection(TransactionConnection, found, found.rows, lambda: counts.load(account.key))


def account_ref(row: clients.AccountRow) -> AccountRef:
    return AccountRef(id=to_global("Account", row.id), name=row.name, last4=row.account_number_last4)


def transaction_filter(filter_: TransactionFilter | None) -> ledger.TransactionFilter:
    if filter_ is None:
        return ledger.TransactionFilter()

    def key(text: str | None, type_name: str, field: str) -> UUID | None:
        return None if text is None else from_global(text, type_name, path=("filter", field))

    return ledger.TransactionFilter(
        account_id=key(filter_.account_id, "Account", "accountId"),
        household_id=key(filter_.household_id, "Household", "householdId"),
        types=tuple(kind.value for kind in filter_.types or ()),
        traded_from=filter_.traded_from,
        traded_to=filter_.traded_to,
        security_id=key(filter_.security_id, "Security", "securityId"),
        portfolio_id=key(filter_.sleeve_id, "Sleeve", "sleeveId"),
        include_reversed=bool(filter_.include_reversed),
    )
