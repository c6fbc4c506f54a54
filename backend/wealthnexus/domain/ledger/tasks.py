"""Background work of the ledger: a new day is valued, tax lots are looked at."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book, value_business_date
from wealthnexus.domain.ledger.service.judging_lots import judge_lots
from wealthnexus.domain.ledger.service.lot_upkeep import JUDGE_LOTS_KIND
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler

REVALUE_KIND: Final = "ledger.revalue"


@job_handler(REVALUE_KIND, attempts_max=5, time_limit_seconds=1_800)
async def run_revaluation(context: JobContext) -> dict[str, Any] | None:
    """Move the day that is kept valued to the firm's business date; nothing to do when it is there."""
    async with context.unit_of_work() as uow:
        firm = await firm_by_id(uow, context.job.tenant_id)
        moved = await value_business_date(uow, firm)
        context.result = {"day": firm.business_date().isoformat(), "moved": moved}
    return context.result


@job_handler(JUDGE_LOTS_KIND, attempts_max=3, time_limit_seconds=3_600)
async def run_lots(context: JobContext) -> dict[str, Any] | None:
    """Look at the tax lots of the firm, or of one account, on the firm's business date."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: what is posted later asks for a look of its own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
    async with context.unit_of_work() as uow:
        firm = await firm_by_id(uow, context.job.tenant_id)
        one = context.params.get("accountId")
        judged = await judge_lots(uow, await book_view(uow, firm), None if one is None else UUID(one))
        context.result = {
            "accounts": judged.account_count,
            "findings": judged.finding_count,
            "closed": judged.closed_count,
            "leftOut": judged.left_out,
        }
    return context.result
