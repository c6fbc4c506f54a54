"""What a running job's function gets: its row, its firm, progress, and the one unit of work that counts.

The attempt number is the fencing token: only the attempt that the row names may complete it. A worker
that was thought dead and is not finds, at its commit, that the job is no longer its own, and its whole
unit of work is rolled back.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor, RequestInfo
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Binding, Database, Reader, UnitOfWork
from wealthnexus.kit.jobs.queue import JobRow, announce_progress, finish, job_for_update

PROGRESS_EVERY_SECONDS: Final = 0.5


class JobCancelled(Exception):
    """Somebody asked for the job to stop; what it did is rolled back."""


class JobSuperseded(Exception):
    """Another attempt owns the job now; this one's effect is rolled back."""


class JobContext:
    """One attempt at one job. ``platform`` is the process's ``runtime.Platform``.

    A handler either writes inside ``unit_of_work()``, which completes the job when the block ends, or
    calls ``complete(uow, result)`` last in a unit of work of its own, or only returns a result.
    """

    def __init__(
        self, platform: Any, database: Database, job: JobRow, *, attempt: int, request: RequestInfo
    ) -> None:
        self.platform = platform
        self.database = database
        self.job = job
        self.attempt = attempt
        self.request = request
        requested_by = job.requested_by
        self.actor = Actor(
            requested_by["kind"],
            UUID(requested_by["id"]) if requested_by["id"] else None,
            requested_by["name"],
        )
        self.binding = Binding(job.tenant_id)
        self.result: dict[str, Any] | None = None
        self.is_completed = False
        self.cancel_requested = False
        self._progress_at = 0.0
        self._progress_stage = ""

    @property
    def params(self) -> dict[str, Any]:
        params: dict[str, Any] = self.job.params
        return params

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        async with self.database.reading(self.binding) as reader:
            yield reader

    @contextlib.asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """The job's effect: committed with the job's completion, or rolled back.

        Set ``context.result`` inside. JobCancelled or JobSuperseded is raised at the end of the block.
        """
        async with self.database.unit_of_work(self.binding, actor=self.actor, request=self.request) as uow:
            yield uow
            await self.complete(uow, self.result)
        self.is_completed = True

    async def complete(self, uow: UnitOfWork, result: dict[str, Any] | None = None) -> None:
        """Complete the job in ``uow``, as its last act: the row stays locked until the commit."""
        job = await job_for_update(uow, self.job.id)
        if job is None or job.state != "RUNNING" or job.attempts != self.attempt:
            raise JobSuperseded(f"attempt {self.attempt} of job {self.job.id} is no longer the current one")
        if job.cancel_requested:
            raise JobCancelled(f"job {self.job.id} was cancelled")
        self.result = result
        await finish(uow, job, state="SUCCEEDED", result=result)

    async def progress(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Record how far the job is and tell its subscribers; at most twice a second per stage.

        Also the safe point at which a cancelled job stops (JobCancelled).
        """
        self.check_cancelled_now()
        instant = time.monotonic()
        is_due = stage != self._progress_stage or instant - self._progress_at >= PROGRESS_EVERY_SECONDS
        if not is_due and (total is None or done < total):
            return
        self._progress_at, self._progress_stage = instant, stage
        async with self.database.unit_of_work(self.binding, actor=self.actor, request=self.request) as uow:
            row = await uow.one_or_none(
                update(jobs)
                .where(
                    jobs.c.tenant_id == uow.tenant_id,
                    jobs.c.id == self.job.id,
                    jobs.c.state == "RUNNING",
                    jobs.c.attempts == self.attempt,
                )
                .values(stage=stage, done=done, total=total, heartbeat_at=clock.now())
                .returning(jobs.c.cancel_requested)
            )
            if row is not None:
                await announce_progress(uow, self.job, state="RUNNING", stage=stage, done=done, total=total)
        self._heed(row)

    async def heartbeat(self) -> None:
        """Say that this attempt lives; learns of a cancellation. Called by the worker every few seconds."""
        async with self.database.unit_of_work(self.binding, actor=self.actor, request=self.request) as uow:
            row = await uow.one_or_none(
                update(jobs)
                .where(
                    jobs.c.tenant_id == uow.tenant_id,
                    jobs.c.id == self.job.id,
                    jobs.c.state == "RUNNING",
                    jobs.c.attempts == self.attempt,
                )
                .values(heartbeat_at=clock.now())
                .returning(jobs.c.cancel_requested)
            )
        if row is not None:
            self.cancel_requested = self.cancel_requested or row.cancel_requested

    async def check_cancelled(self) -> None:
        """JobCancelled when somebody asked the job to stop, read from the row itself."""
        await self.heartbeat()
        self.check_cancelled_now()

    def check_cancelled_now(self) -> None:
        """The same from what the last heartbeat learnt; costs nothing."""
        if self.cancel_requested:
            raise JobCancelled(f"job {self.job.id} was cancelled")

    def _heed(self, row: Any) -> None:
        if row is None and not self.is_completed:
            raise JobSuperseded(f"attempt {self.attempt} of job {self.job.id} is no longer the current one")
        if row is not None and row.cancel_requested:
            self.cancel_requested = True
            self.check_cancelled_now()
