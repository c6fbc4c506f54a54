"""How many jobs of a firm may be live at once: those people ask for; what follows a change always runs."""

from __future__ import annotations

from typing import Final

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.jobs.lists import JobFilter, count_jobs
from wealthnexus.kit.text import message

IMPORT_JOB: Final = "feeds.import_bundle"
EXPORT_JOB: Final = "feeds.export_books"
DRAFT_JOB: Final = "feeds.import_draft"
UNDO_JOB: Final = "feeds.undo_import"
_ASKED_FOR: Final = (IMPORT_JOB, EXPORT_JOB, DRAFT_JOB, UNDO_JOB)
_BUSY = message(
    "feeds.jobs_busy",
    "{count, plural, one {# import or export is} other {# imports and exports are}} waiting or running and"
    " your firm may have {limit, number}; nothing was started, try again when one has ended",
    count=int,
    limit=int,
)


async def check_job_limit(uow: UnitOfWork, firm: FirmInfo) -> None:
    """LimitExceeded when the firm has as many imports and exports waiting or running as its tier allows.

    Mails, revaluations and upkeep follow from changes and always run: they take nobody's place.
    """
    live = await count_jobs(uow, JobFilter(kinds=_ASKED_FOR, states=("QUEUED", "RUNNING")))
    limit = firm.limit("jobs_running_max")
    if live >= limit:
        raise LimitExceeded(_BUSY(count=live, limit=limit))
