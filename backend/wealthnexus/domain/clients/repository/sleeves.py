"""The sleeves of accounts, each valued by the same chain as an account. One statement per call."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients.repository.accounts import account_accrued, account_cash, account_value
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.figures import BASIS_CASH, BASIS_SETTLED, MoneyFigure
from wealthnexus.domain.ledger.rules import share
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import sleeve_values
from wealthnexus.kit.db.session import Reader


# Not frozen: see MoneyFigure.
@dataclass(slots=True)
class SleeveRow:
    """A part of an account that is run by itself. ``share``: of the account's value; None when that is
    unknown or zero. The values of the sleeves of an account sum to the account's."""

    id: UUID
    account_id: UUID
    account_name: str
    name: str
    strategy: str | None
    is_default: bool
    opened_on: date | None
    closed_on: date | None
    version: int
    currency: str
    market_value: MoneyFigure
    cash: MoneyFigure
    settled_cash: MoneyFigure
    accrued_interest: MoneyFigure
    position_count: int
    share: Decimal | None


_VALUED: Final = f"""
with {sleeve_values()}
select f.id, f.account_id, a.name as account_name, f.name, f.strategy, f.is_default, f.opened_on, f.closed_on,
  f.version, v.currency, v.cash, v.settled_cash, v.market_value, v.position_count, v.unpriced_count,
  v.stale_count, v.unaccrued_count, v.accrued_interest, v.oldest_price_day, v.reasons
from account_values v
join portfolios f on f.tenant_id = :tenant and f.id = v.account_id
join accounts a on a.tenant_id = :tenant and a.id = f.account_id
order by f.account_id, f.is_default desc, f.name, f.id
"""
_ACCOUNTS: Final = """
select p.id, p.account_id from portfolios p where p.tenant_id = :tenant and p.id = any(:ids)
"""


async def sleeves_of_accounts(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> dict[UUID, list[SleeveRow]]:
    """The sleeves of each account that the caller may see, the default one first, then by name."""
    if not account_ids:
        return {}
    given = {"tenant": reader.tenant_id, **view.parameters(), "account_ids": list(account_ids)}
    found: dict[UUID, list[Row[Any]]] = {}
    for row in await reader.rows(prepared(_VALUED), given):
        found.setdefault(row.account_id, []).append(row)
    return {key: _rows(view, rows) for key, rows in found.items()}


async def accounts_of_sleeves(reader: Reader, sleeve_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The account of each sleeve that the caller may see."""
    given = {"tenant": reader.tenant_id, "ids": list(sleeve_ids)}
    return {row.id: row.account_id for row in await reader.rows(prepared(_ACCOUNTS), given)}


def _rows(view: BookView, rows: Sequence[Row[Any]]) -> list[SleeveRow]:
    # What a sleeve holds of unpriced positions alone has no value; the account's is that of the rest.
    whole = sum((row.market_value for row in rows if row.market_value is not None), Decimal(0))
    return [
        SleeveRow(
            row.id,
            row.account_id,
            row.account_name,
            row.name,
            row.strategy,
            row.is_default,
            row.opened_on,
            row.closed_on,
            row.version,
            row.currency,
            account_value(row, view, "sleeve"),
            account_cash(row, view, row.cash, BASIS_CASH),
            account_cash(row, view, row.settled_cash, BASIS_SETTLED),
            account_accrued(row, view),
            row.position_count,
            share(row.market_value, whole),
        )
        for row in rows
    ]
