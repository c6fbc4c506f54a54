"""Background work of reconciliation: what an import or a correction touched is compared anew."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wealthnexus.domain.feeds.custody.reconciling import RECONCILE_JOB, reconcile_due
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import lock_book
from wealthnexus.kit.jobs import JobContext, begin_upkeep, job_handler


@job_handler(RECONCILE_JOB, attempts_max=5, time_limit_seconds=3_600, is_cancellable=True)
async def run_reconciling(context: JobContext) -> dict[str, Any] | None:
    """``params``: ``bookVersion``, the first whose changes are taken up; without it everything that has
    evidence."""
    async with context.database.unit_of_work(context.binding) as uow:
        # Under the lock of the books: who changes them later asks for a job of their own.
        await lock_book(uow)
        await begin_upkeep(uow, context.job.id)
        firm = await firm_by_id(uow, context.job.tenant_id)
    version = context.params.get("bookVersion")
    done = await reconcile_due(
        context.platform, firm, None if version is None else int(version), progress=context.progress
    )
    return asdict(done)
