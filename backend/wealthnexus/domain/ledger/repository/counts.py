"""How long the lists of accounts are: one statement for every account of a level."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.repository.positions import ACCOUNTS_OF_HOUSEHOLD
from wealthnexus.domain.ledger.repository.transactions import EFFECTIVE
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, asked_from, moves
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

# Holdings alone: counting needs no prices and no rates.
_HOLDINGS_BY_ACCOUNT: Final = f"""
with {ASKED_BY_IDS.strip()}, {moves(only_asked=True).strip()}
select h.account_id, count(*) from holdings h group by h.account_id
"""
_HOLDINGS_OF_HOUSEHOLD: Final = f"""
with {ACCOUNTS_OF_HOUSEHOLD.strip()}, {asked_from("members").strip()}, {moves(only_asked=True).strip()}
select count(*) from holdings h
"""
_TRANSACTIONS_BY_ACCOUNT: Final = f"""
select t.account_id, count(*) from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.book_version <= :version
  and {EFFECTIVE}
group by t.account_id
"""


async def position_counts(reader: Reader, view: BookView, account_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Positions of each account as ``positions_by_account`` lists them; 0 for one without any."""
    if not account_ids:
        return {}
    values = {"tenant": reader.tenant_id, "as_of": view.as_of, "version": view.book_version}
    rows = await reader.rows(prepared(_HOLDINGS_BY_ACCOUNT), {**values, "account_ids": list(account_ids)})
    return dict.fromkeys(account_ids, 0) | dict(map(tuple, rows))


async def household_position_count(reader: Reader, view: BookView, household_id: UUID) -> int:
    """Positions of a household's accounts as ``positions_page`` lists them."""
    values = {"tenant": reader.tenant_id, "as_of": view.as_of, "version": view.book_version}
    return int(
        await reader.scalar(prepared(_HOLDINGS_OF_HOUSEHOLD), {**values, "household_id": household_id})
    )


async def transaction_counts(
    reader: Reader, account_ids: Sequence[UUID], book_version: int
) -> dict[UUID, int]:
    """Effective transactions of each account as ``transactions_by_account`` lists them; 0 for none."""
    if not account_ids:
        return {}
    rows = await reader.rows(
        prepared(_TRANSACTIONS_BY_ACCOUNT),
        {"tenant": reader.tenant_id, "version": book_version, "account_ids": list(account_ids)},
    )
    return dict.fromkeys(account_ids, 0) | dict(map(tuple, rows))
