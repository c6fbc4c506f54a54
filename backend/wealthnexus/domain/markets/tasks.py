"""Background work of the markets room: the daily look at prices."""

from __future__ import annotations

from typing import Any, Final

from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.domain.markets.service import judge_prices
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler

JUDGE_KIND: Final = "markets.judge_prices"


@job_handler(JUDGE_KIND, attempts_max=3, time_limit_seconds=1_800)
async def run_judging(context: JobContext) -> dict[str, Any] | None:
    """Look at the prices of what is held on the firm's business date."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: a price that comes later asks for a look of its own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
    async with context.unit_of_work() as uow:
        firm = await firm_by_id(uow, context.job.tenant_id)
        judged = await judge_prices(uow, await book_view(uow, firm))
        context.result = {
            "securities": judged.security_count,
            "faults": judged.fault_count,
            "closed": judged.closed_count,
        }
    return context.result
