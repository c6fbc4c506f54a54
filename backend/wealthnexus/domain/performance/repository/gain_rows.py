"""What the cash of accounts says of a gain: amounts by account, day and type. One statement."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import OF_SLEEVE
from wealthnexus.kit.db.session import Reader

_AMOUNTS: Final = f"""
select t.account_id, width_bucket(t.trade_date - 1, :days) + 1 as n, t.type, sum(t.amount) as amount,
  a.currency
from transactions t
join accounts a on a.tenant_id = :tenant and a.id = t.account_id
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.trade_date <= :as_of
  and t.book_version <= :version and t.amount <> 0 {OF_SLEEVE}
group by 1, 2, 3, 5
"""


@dataclass(frozen=True, slots=True)
class AmountRow:
    """What entries of a type paid into (+) or took from (-) an account by a listed day (counted from 1) since
    the one before, in its currency."""

    account_id: UUID
    place: int
    type: str
    amount: Decimal
    currency: str


async def amounts_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date]
) -> list[AmountRow]:
    """Up to the last of the days, which ascend; corrections are in them."""
    given = {
        "tenant": reader.tenant_id,
        "account_ids": list(account_ids),
        "days": list(days),
        "as_of": days[-1],
        "version": view.book_version,
        **view.of_one(),
    }
    rows = await reader.rows(prepared(view.narrowed(_AMOUNTS)), given)
    return [AmountRow(*tuple(row)) for row in rows]
