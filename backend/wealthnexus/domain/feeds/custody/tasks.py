"""Background work of reconciliation: what an import or a correction touched is compared anew."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from wealthnexus.domain.feeds.custody.reconciling import RECONCILE_JOB, reconcile_due
from wealthnexus.domain.feeds.custody.records import left_undone
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book
from wealthnexus.kit import clock
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler

LOOKED_BACK: Final = timedelta(days=30)


@job_handler(RECONCILE_JOB, attempts_max=5, time_limit_seconds=3_600, is_cancellable=True)
async def run_reconciling(context: JobContext) -> dict[str, Any] | None:
    """``params``: ``bookVersion``, the first whose changes are taken up; without it everything that has
    evidence. What comparisons before it gave up is taken up as well."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: who changes them later asks for a job of their own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
        firm = await firm_by_id(uow, context.job.tenant_id)
        left = await left_undone(uow, RECONCILE_JOB, clock.now() - LOOKED_BACK)
    asked = context.params.get("bookVersion")
    version = None if asked is None else min(int(asked), int(asked) if left is None else left)
    done = await reconcile_due(context.platform, firm, version, progress=context.progress)
    return asdict(done)
