"""The ledger's rows as people read them: pages, by account, by id. One statement per call."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger.figures import as_money
from wealthnexus.domain.ledger.statements import keyset, ordering, prepared
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor


class TransactionOrderField(StrEnum):
    TRADE_DATE = "TRADE_DATE"
    RECORDED_AT = "RECORDED_AT"


@dataclass(frozen=True, slots=True)
class TransactionOrder:
    """Ties are broken by id. RECORDED_AT follows the book version, which is the order of recording."""

    field: TransactionOrderField = TransactionOrderField.TRADE_DATE
    descending: bool = True


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """``traded_from`` and ``traded_to`` are both inclusive."""

    account_id: UUID | None = None
    household_id: UUID | None = None
    types: tuple[str, ...] = ()
    traded_from: date | None = None
    traded_to: date | None = None
    security_id: UUID | None = None
    portfolio_id: UUID | None = None
    include_reversed: bool = False


@dataclass(slots=True)
class Provenance:
    """Where a row came from; ``line`` counts from 1, the header row."""

    batch_id: UUID | None
    file: str | None
    line: int | None
    source: str
    source_id: str


# Not frozen: thousands are made for one answer.
@dataclass(slots=True)
class TransactionRow:
    """One row of the ledger. ``amount``: signed cash effect in the account's currency, fees included."""

    id: UUID
    external_id: str
    account_id: UUID
    portfolio_id: UUID
    type: str
    trade_date: date
    settlement_date: date
    security_id: UUID | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal
    fees: Decimal
    currency: str
    description: str | None
    book_version: int
    recorded_at: datetime
    status: str
    reverses_id: UUID | None
    replaces_id: UUID | None
    reversed_by_id: UUID | None
    replaced_by_id: UUID | None
    reason: str | None
    source: Provenance
    accrued_interest: Decimal | None = None
    lot_selection: str | None = None
    related_external_id: str | None = None
    corporate_action_id: UUID | None = None
    order_reference: str | None = None
    exchange_rate: Decimal | None = None
    billed_account_id: UUID | None = None
    is_deep_in_the_money: bool | None = None


_COLUMNS: Final = """
  t.id, t.source_id, t.account_id, t.portfolio_id, t.type, t.trade_date, t.settlement_date, t.security_id,
  trim_scale(t.quantity) as quantity, trim_scale(t.price) as price,
  t.amount, t.fees, t.currency, t.description, t.book_version, t.recorded_at,
  t.entry_kind, t.reverses_id, t.replaces_id, t.reason, t.batch_id, t.source_file, t.source_line, t.source,
  t.accrued_interest, t.lot_selection, t.related_source_id, t.corporate_action_id, t.order_reference,
  trim_scale(t.exchange_rate) as exchange_rate, t.billed_account_id, t.is_deep_in_the_money,
  r.id as reversed_by_id, n.id as replaced_by_id"""

_LINKS: Final = """
left join transactions r on r.tenant_id = :tenant and r.reverses_id = t.id and r.book_version <= :version
left join transactions n on n.tenant_id = :tenant and n.replaces_id = t.id and n.book_version <= :version
"""

EFFECTIVE: Final = """t.entry_kind <> 'REVERSAL' and not exists (
    select 1 from transactions x
    where x.tenant_id = :tenant and x.reverses_id = t.id and x.book_version <= :version)"""

_SORT: Final[dict[TransactionOrderField, tuple[str, str, str]]] = {
    TransactionOrderField.TRADE_DATE: ("t.trade_date", "d", "after_day"),
    TransactionOrderField.RECORDED_AT: ("t.book_version", "i", "after_version"),
}


def _conditions(filter_: TransactionFilter) -> tuple[str, dict[str, Any]]:
    found = ["t.tenant_id = :tenant", "t.book_version <= :version"]
    values: dict[str, Any] = {}
    if filter_.account_id is not None:
        found.append("t.account_id = :account_id")
        values["account_id"] = filter_.account_id
    if filter_.household_id is not None:
        # Present members: a ledger is read for the accounts a household has, not as of a day.
        found.append(
            "t.account_id = any(array(select ha.account_id from household_accounts ha"
            " where ha.tenant_id = :tenant and ha.household_id = :household_id"
            " and ha.superseded_version is null and ha.effective_to is null))"
        )
        values["household_id"] = filter_.household_id
    if filter_.types:
        found.append("t.type = any(:types)")
        values["types"] = list(filter_.types)
    if filter_.traded_from is not None:
        found.append("t.trade_date >= :traded_from")
        values["traded_from"] = filter_.traded_from
    if filter_.traded_to is not None:
        found.append("t.trade_date <= :traded_to")
        values["traded_to"] = filter_.traded_to
    if filter_.security_id is not None:
        found.append("t.security_id = :security_id")
        values["security_id"] = filter_.security_id
    if filter_.portfolio_id is not None:
        found.append("t.portfolio_id = :portfolio_id")
        values["portfolio_id"] = filter_.portfolio_id
    if not filter_.include_reversed:
        found.append(EFFECTIVE)
    return " and ".join(found), values


async def transactions_page(
    reader: Reader,
    request: PageRequest,
    book_version: int,
    filter: TransactionFilter = TransactionFilter(),
    order: TransactionOrder = TransactionOrder(),
) -> Page[TransactionRow]:
    """One page as known at ``book_version``; reversed rows and reversals only when asked for."""
    where, values = _conditions(filter)
    column, letter, parameter = _SORT[order.field]
    columns, parameters = (column, "t.id"), (parameter, "after_id")
    if request.after is not None:
        values.update(zip(parameters, decode_cursor(request.after, letter + "u"), strict=True))
        where += " and " + keyset(columns, parameters, descending=order.descending, backward=request.backward)
    sorting = ordering(columns, descending=order.descending, backward=request.backward)
    sql = (
        f"with t as (select * from transactions t where {where} order by {sorting} limit :row_limit)"
        f" select {_COLUMNS} from t {_LINKS} order by {sorting}"
    )
    rows = await reader.rows(
        prepared(sql),
        {
            "tenant": reader.tenant_id,
            "version": book_version,
            **values,
            "row_limit": request.first + 1,
        },
    )
    name = column.removeprefix("t.")
    cursors = [encode_cursor([getattr(row, name), row.id]) for row in rows]
    return cut_page([transaction_row(row) for row in rows], cursors, request)


async def transactions_count(
    reader: Reader,
    book_version: int,
    filter: TransactionFilter = TransactionFilter(),
) -> int:
    """How many rows the unpaged list has."""
    where, values = _conditions(filter)
    sql = f"select count(*) from transactions t where {where}"
    parameters = {"tenant": reader.tenant_id, "version": book_version, **values}
    return int(await reader.scalar(prepared(sql), parameters))


async def transactions_by_account(
    reader: Reader, account_ids: Sequence[UUID], request: PageRequest, book_version: int
) -> dict[UUID, Page[TransactionRow]]:
    """The latest effective transactions of each account, newest trade first."""
    if not account_ids:
        return {}
    columns, parameters = ("t.trade_date", "t.id"), ("after_day", "after_id")
    values: dict[str, Any] = {}
    after = ""
    if request.after is not None:
        values = dict(zip(parameters, decode_cursor(request.after, "du"), strict=True))
        after = "and " + keyset(columns, parameters, descending=True, backward=request.backward)
    sorting = ordering(columns, descending=True, backward=request.backward)
    sql = (
        f"select {_COLUMNS} from unnest(:account_ids) a(id) cross join lateral ("
        f" select * from transactions t where t.tenant_id = :tenant and t.account_id = a.id"
        f" and t.book_version <= :version and {EFFECTIVE} {after}"
        f" order by {sorting} limit :row_limit) t {_LINKS} order by t.account_id, {sorting}"
    )
    rows = await reader.rows(
        prepared(sql),
        {
            "tenant": reader.tenant_id,
            "version": book_version,
            **values,
            "account_ids": list(dict.fromkeys(account_ids)),
            "row_limit": request.first + 1,
        },
    )
    grouped: dict[UUID, list[Row[Any]]] = {account_id: [] for account_id in account_ids}
    for row in rows:
        grouped[row.account_id].append(row)
    return {
        account_id: cut_page(
            [transaction_row(row) for row in found],
            [encode_cursor([row.trade_date, row.id]) for row in found],
            request,
        )
        for account_id, found in grouped.items()
    }


async def transactions_by_ids(
    reader: Reader, ids: Sequence[UUID], book_version: int
) -> dict[UUID, TransactionRow]:
    """The rows the caller may see, by id, reversed ones and reversals included; others are absent."""
    if not ids:
        return {}
    sql = (
        f"select {_COLUMNS} from transactions t {_LINKS}"
        " where t.tenant_id = :tenant and t.id = any(:ids) and t.book_version <= :version"
    )
    rows = await reader.rows(
        prepared(sql), {"tenant": reader.tenant_id, "version": book_version, "ids": list(ids)}
    )
    return {row.id: transaction_row(row) for row in rows}


def _money(value: Decimal, currency: str) -> Decimal:
    shown = as_money(value, currency)
    return value if shown is None else shown


def transaction_row(row: Row[Any]) -> TransactionRow:
    status = "EFFECTIVE"
    if row.entry_kind == "REVERSAL":
        status = "REVERSAL"
    elif row.reversed_by_id is not None:
        status = "REVERSED"
    return TransactionRow(
        id=row.id,
        external_id=row.source_id,
        account_id=row.account_id,
        portfolio_id=row.portfolio_id,
        type=row.type,
        trade_date=row.trade_date,
        settlement_date=row.settlement_date,
        security_id=row.security_id,
        quantity=row.quantity,
        price=row.price,
        amount=_money(row.amount, row.currency),
        fees=_money(row.fees, row.currency),
        currency=row.currency,
        description=row.description,
        book_version=row.book_version,
        recorded_at=row.recorded_at,
        status=status,
        reverses_id=row.reverses_id,
        replaces_id=row.replaces_id,
        reversed_by_id=row.reversed_by_id,
        replaced_by_id=row.replaced_by_id,
        reason=row.reason,
        source=Provenance(row.batch_id, row.source_file, row.source_line, row.source, row.source_id),
        accrued_interest=as_money(row.accrued_interest, row.currency),
        lot_selection=row.lot_selection,
        related_external_id=row.related_source_id,
        corporate_action_id=row.corporate_action_id,
        order_reference=row.order_reference,
        exchange_rate=row.exchange_rate,
        billed_account_id=row.billed_account_id,
        is_deep_in_the_money=row.is_deep_in_the_money,
    )
