"""A background job whose function does what the test says, attempt by attempt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import update
from wealthnexus.domain import work
from wealthnexus.domain.work.models import subjects
from wealthnexus.jobs.broker import make_broker
from wealthnexus.kit.db.platform_tables import jobs, outbox
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import (
    JobContext,
    enqueue,
    job_handler,
    registry,
)

from tests.support.engines import Firm

KIND = "test.register"


class Script:
    """What the test's handler does, attempt by attempt."""

    def __init__(self) -> None:
        self.contexts: list[JobContext] = []
        self.steps: list[Any] = []

    async def __call__(self, context: JobContext) -> dict[str, Any] | None:
        self.contexts.append(context)
        step = self.steps.pop(0) if self.steps else None
        if step is not None:
            return await step(context)  # type: ignore[no-any-return]
        return await effect(context)


async def effect(context: JobContext) -> dict[str, Any] | None:
    async with context.unit_of_work() as uow:
        await work.register_subject(uow, new_id(), "account", "the job's effect")
        context.result = {"registered": 1}
    return context.result


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script()
    job_handler(KIND, attempts_max=3, time_limit_seconds=1, is_cancellable=True)(made)
    yield made
    registry._handlers.pop(KIND)


@pytest.fixture
def broker(redis_url: str) -> RedisBroker:
    made = make_broker(redis_url)
    made.client.flushdb()
    return made


async def ask(firm: Firm, **facts: Any) -> UUID:
    async with firm.writing() as uow:
        return await enqueue(uow, KIND, title="Register something", **facts)


async def effects(firm: Firm) -> int:
    return len(await firm.rows(subjects))


async def events(firm: Firm) -> list[str]:
    rows = sorted(await firm.rows(outbox, outbox.c.topic == "event"), key=lambda row: row.id)
    return [
        f"{row.event_type} {row.payload.get('state', '')} {row.payload.get('stage', '')}".strip()
        for row in rows
        if row.event_type.startswith("work.job.")
    ]


async def age(firm: Firm, job_id: UUID, by: timedelta) -> None:
    """Time passes for one job."""
    async with firm.writing() as uow:
        await uow.execute(
            update(jobs)
            .where(jobs.c.tenant_id == firm.id, jobs.c.id == job_id)
            .values(heartbeat_at=jobs.c.heartbeat_at - by, requested_at=jobs.c.requested_at - by)
        )


async def is_now(firm: Firm, job_id: UUID, **facts: Any) -> bool:
    job = await firm.row(jobs, job_id)
    return all(getattr(job, name) == value for name, value in facts.items())
