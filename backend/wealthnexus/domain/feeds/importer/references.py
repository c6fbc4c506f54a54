"""Transactions and corporate actions a bundle refers to: they must be in it or in the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from wealthnexus.domain.bundle import Report, RowProblem
from wealthnexus.domain.feeds.importer.known import Known
from wealthnexus.domain.feeds.importer.merge import Batch
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.money import plain

_KEPT: Final = """
select distinct on (t.source_id) t.source_id, t.type, t.account_id, t.security_id, t.amount
from transactions t
where t.tenant_id = :tenant and t.source = :source and t.source_id = any(:words)
  and t.entry_kind <> 'REVERSAL'
  and not exists (select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)
order by t.source_id, t.revision desc
"""


_UNKNOWN_ACTIONS: Final = """
select s.line, s.corporate_action_key as key from stage_transactions s
where s.corporate_action_key is not null
  and not exists (select 1 from stage_corporate_actions c where c.external_id = s.corporate_action_key)
  and not exists (select 1 from corporate_actions a
    where a.tenant_id = :tenant and a.superseded_version is null and s.corporate_action_key =
      case when a.source = :source then a.external_id else '[' || a.source || ']' || a.external_id end)
order by s.line limit :row_limit
"""
_LISTED_MAX: Final = 1_000


async def resolve_actions(uow: UnitOfWork, batch: Batch, report: Report) -> None:
    """A corporate action that is neither in the bundle nor in the books is a problem of the report."""
    for row in await uow.rows(prepared(_UNKNOWN_ACTIONS), batch.parameters(row_limit=_LISTED_MAX)):
        expectation = "no such corporate action in corporate_actions.csv or in the book"
        report.refuse(
            RowProblem("transactions.csv", row.line, "corporate_action_external_id", row.key, expectation)
        )


async def resolve_references(uow: UnitOfWork, batch: Batch, known: Known, report: Report) -> None:
    """Judge the open references of the validation; what does not hold becomes a problem of the report."""
    wanted = sorted({reference.related_external_id for reference in report.open_references})
    if not wanted:
        return
    rows = await uow.rows(prepared(_KEPT), batch.parameters(words=wanted))
    kept: dict[str, Any] = {row.source_id: row for row in rows}
    for reference in report.open_references:
        row = kept.get(reference.related_external_id)
        if row is None:
            expectation = "no such transaction in transactions.csv or in the book"
        elif reference.type != "REINVEST":
            continue
        else:
            account = known.accounts.get(reference.account_external_id)
            security_id = known.securities.get(reference.security_key or "")
            same = account is not None and (row.account_id, row.security_id) == (account.id, security_id)
            if row.type != "DIVIDEND" or not same:
                expectation = (
                    "REINVEST: expected a DIVIDEND of the same account and security,"
                    f" the book has {row.type} under this id"
                )
            elif row.amount != -Decimal(reference.amount):
                expectation = (
                    f"REINVEST: expected the opposite of its DIVIDEND's {plain(trimmed(row.amount))}"
                )
            else:
                continue
        report.refuse(
            RowProblem(
                "transactions.csv",
                reference.line,
                "related_external_id",
                reference.related_external_id,
                expectation,
            )
        )
