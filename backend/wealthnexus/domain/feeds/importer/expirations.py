"""EXPIRATION rows say how much expires; the holding before them says in which direction."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.bundle import Report, RowProblem, UnitsNeedTheHolding, signed_units
from wealthnexus.domain.feeds.importer.merge import Batch
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import UnitOfWork

# Everything that moves the holdings in question: the staged rows, and what stands in the books besides them.
_MOVES: Final = """
with pairs as (
  select distinct account_id, security_id from stage_transactions where type = 'EXPIRATION'
)
select m.account_id, m.security_id, m.line, m.id, m.units, m.quantity from (
  select s.account_id, s.security_id, s.trade_date, s.line, s.id, s.units, s.quantity
  from stage_transactions s join pairs p on p.account_id = s.account_id and p.security_id = s.security_id
  union all
  select t.account_id, t.security_id, t.trade_date, 0, null, t.units, null
  from transactions t join pairs p on p.account_id = t.account_id and p.security_id = t.security_id
  where t.tenant_id = :tenant
    and not (t.source = :source and exists (
      select 1 from stage_transactions s where s.source_id = t.source_id))
) m
order by m.account_id, m.security_id, m.trade_date, m.units is null, m.line
"""
_RESOLVED: Final = """
update stage_transactions s set units = r.units
from unnest(:ids, :numbers) r(id, units) where s.id = r.id
"""


async def resolve_expirations(uow: UnitOfWork, batch: Batch, report: Report) -> None:
    """Fill in the units of staged EXPIRATION rows; a row that closes more than is held is a problem."""
    held: dict[tuple[UUID, UUID], Decimal] = {}
    resolved: list[tuple[UUID, Decimal]] = []
    for row in await uow.rows(prepared(_MOVES), batch.parameters()):
        key = (row.account_id, row.security_id)
        before = held.get(key, Decimal(0))
        units = row.units
        if units is None:
            try:
                units = signed_units("EXPIRATION", row.quantity, held=trimmed(before))
            except UnitsNeedTheHolding as error:
                expectation = str(error).split("; ", maxsplit=1)[0]
                quantity = format(row.quantity, "f")
                report.refuse(RowProblem("transactions.csv", row.line, "quantity", quantity, expectation))
                continue
            resolved.append((row.id, units))
        held[key] = before + units
    if resolved:
        await uow.execute(
            prepared(_RESOLVED),
            {"ids": [id_ for id_, _ in resolved], "numbers": [units for _, units in resolved]},
        )
