"""Every sentence the ground floor says to a person: pages, idempotency keys, jobs."""

from __future__ import annotations

from typing import Final

from wealthnexus.kit.text import message

# -- sizes asked for ---------------------------------------------------------------------------------

OUT_OF_RANGE: Final = message(
    "kit.out_of_range", "{name} is {count}, expected 1 to {limit}", name=str, count=int, limit=int
)
TOO_MANY_IDS: Final = message(
    "kit.too_many_ids", "{count} ids were given, expected at most {limit}", count=int, limit=int
)
TOO_LONG: Final = message(
    "kit.too_long",
    "{name} has {count} characters, expected at most {limit}",
    name=str,
    count=int,
    limit=int,
)

BEYOND_NUMBERS: Final = message(
    "kit.beyond_numbers",
    "A figure, or a sum that would follow from it, has more digits than the books can keep; nothing was done",
)

# -- pages -------------------------------------------------------------------------------------------

BOTH_GIVEN: Final = message(
    "kit.both_given",
    "{first} and {second} were both given; expected one of them",
    first=str,
    second=str,
)
BEFORE_NEEDS_LAST: Final = message("kit.before_needs_last", "before needs last")
FOREIGN_CURSOR: Final = message(
    "kit.foreign_cursor",
    "cursor {cursor} does not belong to this list and order; start again without it",
    cursor=str,
)

# -- idempotency keys --------------------------------------------------------------------------------

KEY_MISSING: Final = message(
    "kit.key_missing",
    "idempotencyKey is missing, expected 8 to {limit} printable ASCII characters (a UUID is usual);"
    " nothing was done",
    limit=int,
)
KEY_UNUSABLE: Final = message(
    "kit.key_unusable",
    "idempotencyKey has {count} characters or signs that are not allowed, expected 8 to {limit} printable"
    " ASCII characters (a UUID is usual); nothing was done",
    count=int,
    limit=int,
)
KEY_BEING_UNDONE: Final = message(
    "kit.key_being_undone",
    "the first request with idempotencyKey {used} is being undone; try again",
    used=str,
)
KEY_OF_ANOTHER: Final = message(
    "kit.key_of_another",
    "idempotencyKey {used} was used for another {operation} request; nothing was done,"
    " send a new request with a new key",
    used=str,
    operation=str,
)
KEY_STILL_RUNNING: Final = message(
    "kit.key_still_running",
    "a request with idempotencyKey {used} is still running; nothing was done by this one,"
    " send it again with the same key",
    used=str,
)

# -- jobs --------------------------------------------------------------------------------------------

JOB_TITLE: Final = message(
    "kit.job_title",
    "the title of a job has {count} characters, expected 1 to {limit}",
    count=int,
    limit=int,
)
NO_JOB: Final = message("kit.no_job", "there is no job {id}; nothing was cancelled", id=str)
JOB_ENDED: Final = message(
    "kit.job_ended",
    "the job {title} has ended already ({state}); nothing was cancelled",
    title=str,
    state=str,
)
JOB_MUST_RUN: Final = message(
    "kit.job_must_run",
    "jobs of the kind {kind} must run and cannot be cancelled; nothing was cancelled",
    kind=str,
)
JOB_HIDDEN: Final = message(
    "kit.job_hidden",
    "a job of the kind {kind} is waiting or running already where your access does not show it;"
    " nothing was started",
    kind=str,
)
