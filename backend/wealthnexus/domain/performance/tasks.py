"""Background work of performance: the days of every account are stored, and kept up with the books."""

from __future__ import annotations

from typing import Any

from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.domain.performance.service.days import (
    ACCOUNTS_AT_ONCE,
    DAYS_KIND,
    account_keys,
    bring_days,
)
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler


@job_handler(DAYS_KIND, attempts_max=3, time_limit_seconds=3_600)
async def run_days(context: JobContext) -> dict[str, Any] | None:
    """Bring the stored days up to date, some accounts in a transaction; what is done is not done again."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: a change that comes later asks for a job of its own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
        firm = await firm_by_id(uow, context.job.tenant_id)
        keys = await account_keys(uow)
    valued = 0
    for at in range(0, len(keys), ACCOUNTS_AT_ONCE):
        await context.progress("valuing", at, len(keys))
        async with context.database.unit_of_work(context.binding) as uow:
            view = await book_view(uow, firm)
            valued += (await bring_days(uow, view, keys[at : at + ACCOUNTS_AT_ONCE])).valued_count
    return {"accounts": len(keys), "valued": valued}
