"""Background jobs: recorded in PostgreSQL, handed to the workers through the outbox.

A room declares ``@job_handler("feeds.import_bundle")`` and calls ``enqueue`` inside its unit of work.
The handler's effect happens exactly once: its last unit of work completes the job's own row.
"""

from wealthnexus.kit.jobs.context import JobCancelled, JobContext, JobSuperseded
from wealthnexus.kit.jobs.queue import (
    JobRow,
    begin_upkeep,
    cancel_job,
    enqueue,
    enqueue_upkeep,
    find_job,
    jobs_by_ids,
    requeue,
)
from wealthnexus.kit.jobs.registry import JobHandler, handler_of, job_handler, known_kinds, may_be_cancelled

__all__ = [
    "JobCancelled",
    "JobContext",
    "JobHandler",
    "JobRow",
    "JobSuperseded",
    "begin_upkeep",
    "cancel_job",
    "enqueue",
    "enqueue_upkeep",
    "find_job",
    "handler_of",
    "job_handler",
    "jobs_by_ids",
    "known_kinds",
    "may_be_cancelled",
    "requeue",
]
