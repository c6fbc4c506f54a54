"""Background work of the clients room: the summaries that the Book of a large firm is sorted by."""

from __future__ import annotations

from typing import Any, Final

from wealthnexus.domain.clients.service.summaries import keep_summaries, keep_up
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.kit.jobs import JobContext, job_handler

SUMMARISE_KIND: Final = "clients.keep_summaries"


@job_handler(SUMMARISE_KIND, attempts_max=3, time_limit_seconds=3_600)
async def run_summaries(context: JobContext) -> dict[str, Any] | None:
    """Make the summaries of every kept day that has none, a day in a transaction, the latest first."""
    async with context.database.unit_of_work(context.binding, request=context.request) as uow:
        firm = await firm_by_id(uow, context.job.tenant_id)
        wanting = await keep_up(uow, firm)
    for place, day in enumerate(wanting):
        await context.progress("summing", place, len(wanting))
        async with context.database.unit_of_work(context.binding, request=context.request) as uow:
            await keep_summaries(uow, firm, day)
    return {"days": [day.isoformat() for day in wanting]}
