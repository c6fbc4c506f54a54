"""What was paid for a position as the custodian says it; it is named beside what our tax lots say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.figures import as_money, trimmed
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain

# The file of the latest day; where two came for one day, the later one.
_COSTS: Final = """
with latest as (
  select distinct on (e.account_id) e.account_id, e.day, e.batch_id from custodian_positions e
  where e.tenant_id = :tenant and e.account_id = any(:account_ids) and e.day <= :as_of
  order by e.account_id, e.day desc, e.received_at desc, e.batch_id desc
)
select p.account_id, p.security_id, l.day, min(p.currency) as currency, sum(p.quantity) as quantity,
  case when count(p.cost_basis) = count(*) and count(distinct p.currency) = 1
    then sum(p.cost_basis) end as cost
from latest l
join custodian_positions p on p.tenant_id = :tenant and p.account_id = l.account_id and p.day = l.day
  and p.batch_id = l.batch_id
where p.security_id is not null
group by p.account_id, p.security_id, l.day
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of ``quantity`` units, as the file of ``day`` has it; None: it does not say."""

    day: date
    currency: str
    quantity: Decimal
    cost: Decimal | None


async def reported_costs(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, Cost]]:
    """By account and security, from each custodian's latest file up to the day."""
    found: dict[UUID, dict[UUID, Cost]] = {key: {} for key in account_ids}
    rows = await reader.rows(
        prepared(_COSTS),
        {"tenant": reader.tenant_id, "as_of": view.as_of, "account_ids": list(account_ids)},
    )
    for row in rows:
        found[row.account_id][row.security_id] = Cost(row.day, row.currency, row.quantity, row.cost)
    return found


def told_cost(cost: Cost | None) -> str | None:
    """What the custodian says was paid, in words; None where it says nothing."""
    if cost is None or cost.cost is None:
        return None
    paid = plain(as_money(cost.cost, cost.currency) or Decimal(0))
    return f"{paid} {cost.currency} for {plain(trimmed(cost.quantity))} units, of {cost.day}"
