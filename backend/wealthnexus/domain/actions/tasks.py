"""Background work of corporate actions: the daily look."""

from __future__ import annotations

from typing import Any, Final

from wealthnexus.domain.actions.watch import look_at_actions
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler

LOOK_KIND: Final = "actions.look"


@job_handler(LOOK_KIND, attempts_max=3, time_limit_seconds=1_800)
async def run_look(context: JobContext) -> dict[str, Any] | None:
    """Look at what is due and contradicted on the firm's business date."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: an action that comes later asks for a look of its own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
    async with context.unit_of_work() as uow:
        looked = await look_at_actions(uow, await firm_by_id(uow, context.job.tenant_id))
        context.result = {
            "posted": looked.posted_count,
            "due": looked.due_count,
            "contradicted": looked.contradicted_count,
            "suspectedSplits": looked.suspected_count,
        }
    return context.result
