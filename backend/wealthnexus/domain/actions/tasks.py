"""Background work of corporate actions: the daily look."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from wealthnexus.domain.actions.watch import look_at_actions, post_by_rule
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book
from wealthnexus.domain.ledger.service.lot_upkeep import LOOK_AT_ACTIONS_KIND
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler


@job_handler(LOOK_AT_ACTIONS_KIND, attempts_max=3, time_limit_seconds=1_800)
async def run_look(context: JobContext) -> dict[str, Any] | None:
    """Look at what is due and contradicted on the firm's business date."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: an action that comes later asks for a look of its own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
        firm = await firm_by_id(uow, context.job.tenant_id)

    def units() -> AbstractAsyncContextManager[UnitOfWork]:
        return context.database.unit_of_work(context.binding, actor=context.actor)

    posted = await post_by_rule(units, firm)
    async with context.unit_of_work() as uow:
        looked = await look_at_actions(uow, firm, posted)
        context.result = {
            "posted": looked.posted_count,
            "failed": posted.failed_count,
            "due": looked.due_count,
            "contradicted": looked.contradicted_count,
            "suspectedSplits": looked.suspected_count,
        }
    return context.result
