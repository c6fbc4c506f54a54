"""Background work of the ledger: a new day is valued."""

from __future__ import annotations

from typing import Any, Final

from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import value_business_date
from wealthnexus.kit.jobs import JobContext, job_handler

REVALUE_KIND: Final = "ledger.revalue"


@job_handler(REVALUE_KIND, attempts_max=5, time_limit_seconds=1_800)
async def run_revaluation(context: JobContext) -> dict[str, Any] | None:
    """Move the day that is kept valued to the firm's business date; nothing to do when it is there."""
    async with context.unit_of_work() as uow:
        firm = await firm_by_id(uow, context.job.tenant_id)
        moved = await value_business_date(uow, firm)
        context.result = {"day": firm.business_date().isoformat(), "moved": moved}
    return context.result
