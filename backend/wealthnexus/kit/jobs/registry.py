"""Which function runs which kind of job."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from wealthnexus.kit.jobs.context import JobContext

JobFunction = Callable[["JobContext"], Awaitable[dict[str, Any] | None]]
_KIND: Final = re.compile(r"^[a-z]+\.[a-z_]+$")
_handlers: dict[str, JobHandler] = {}


@dataclass(frozen=True, slots=True)
class JobHandler:
    """``attempts_max`` tries, then FAILED with a work item; ``time_limit_seconds`` bounds one try.

    ``is_cancellable``: nothing is missing when a person stops it; upkeep and mails must run.
    """

    kind: str
    function: JobFunction
    attempts_max: int = 5
    time_limit_seconds: int = 3_600
    is_cancellable: bool = False


def job_handler(
    kind: str,
    *,
    attempts_max: int = 5,
    time_limit_seconds: int = 3_600,
    is_cancellable: bool = False,
) -> Callable[[JobFunction], JobFunction]:
    """Declare the function that runs jobs of ``kind`` (``room.verb``); ValueError when doubled."""
    if not _KIND.match(kind):
        raise ValueError(f"the job kind {kind!r} is not named room.verb")

    def declare(function: JobFunction) -> JobFunction:
        known = _handlers.get(kind)
        if known is not None and known.function is not function:
            raise ValueError(f"two functions want to run jobs of the kind {kind!r}")
        _handlers[kind] = JobHandler(kind, function, attempts_max, time_limit_seconds, is_cancellable)
        return function

    return declare


def handler_of(kind: str) -> JobHandler | None:
    return _handlers.get(kind)


def may_be_cancelled(kind: str) -> bool:
    """What nobody here knows how to run can be taken back: it would wait for ever."""
    handler = _handlers.get(kind)
    return handler is None or handler.is_cancellable


def known_kinds() -> frozenset[str]:
    return frozenset(_handlers)
