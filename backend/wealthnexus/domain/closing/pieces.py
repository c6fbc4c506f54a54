"""Long work of a stage in pieces: what cannot be computed is left out and logged; the rest goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError

from wealthnexus.domain.closing.rules import Stage
from wealthnexus.kit import telemetry
from wealthnexus.kit.jobs import JobCancelled, JobContext, JobSuperseded

FAILED_MAX: Final = 100
"""Beyond these it is no matter of a few: the stage fails."""

_FOR_ALL: Final = (JobCancelled, JobSuperseded, OperationalError, InterfaceError, OSError)
log = telemetry.logger("closing")


async def in_pieces(
    context: JobContext,
    stage: Stage,
    keys: Sequence[UUID],
    size: int,
    act: Callable[[Sequence[UUID]], Awaitable[None]],
) -> list[UUID]:
    """``act`` on ``size`` keys at a time; the keys for which it failed, each tried alone, at most 100.

    ``act`` is a transaction of its own. Raises what stands in the way of all: a server that is away, a job
    that was stopped or taken over, and the fault itself where more than 100 keys fail.
    """
    failed: list[UUID] = []
    for at in range(0, len(keys), size):
        await context.progress(stage.value, at, len(keys))
        piece = keys[at : at + size]
        try:
            await act(piece)
        except _FOR_ALL:
            raise
        except Exception:
            await _one_by_one(stage, piece, act, failed)
    return failed


async def _one_by_one(
    stage: Stage,
    piece: Sequence[UUID],
    act: Callable[[Sequence[UUID]], Awaitable[None]],
    failed: list[UUID],
) -> None:
    for key in piece:
        try:
            await act([key])
        except _FOR_ALL:
            raise
        except Exception:
            log.exception("left out of a close", stage=stage.value, key=str(key))
            failed.append(key)
            if len(failed) > FAILED_MAX:
                raise
