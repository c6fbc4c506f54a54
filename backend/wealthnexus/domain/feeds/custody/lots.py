"""The custodian's lots of its latest file, for a look at them beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.lots import CustodianLot
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

# The file of the latest day; where two came for one day, the later one.
_LOTS: Final = """
with latest as (
  select distinct on (e.account_id) e.account_id, e.day, e.batch_id from custodian_lots e
  where e.tenant_id = :tenant and e.account_id = any(:account_ids) and e.day <= :as_of
  order by e.account_id, e.day desc, e.received_at desc, e.batch_id desc
)
select p.account_id, l.day, p.security_id::text as security, p.acquired_on,
  trim_scale(p.quantity) as quantity, trim_scale(p.cost_basis) as cost
from latest l
join custodian_lots p on p.tenant_id = :tenant and p.account_id = l.account_id and p.day = l.day
  and p.batch_id = l.batch_id
order by p.account_id, p.source_line
"""


@dataclass(frozen=True, slots=True)
class ReportedLots:
    """What a custodian's file of ``day`` says of an account."""

    day: date
    lots: tuple[CustodianLot, ...]


async def reported_lots(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> dict[UUID, ReportedLots]:
    """By account, from each custodian's latest file with lots up to the day; absent where there is none."""
    rows = await reader.rows(
        prepared(_LOTS), {"tenant": reader.tenant_id, "as_of": view.as_of, "account_ids": list(account_ids)}
    )
    days: dict[UUID, date] = {}
    found: dict[UUID, list[CustodianLot]] = {}
    for row in rows:
        days[row.account_id] = row.day
        found.setdefault(row.account_id, []).append(
            CustodianLot(str(row.account_id), row.security, row.acquired_on, row.quantity, row.cost)
        )
    return {key: ReportedLots(days[key], tuple(lots)) for key, lots in found.items()}
