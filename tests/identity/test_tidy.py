"""Tokens that are over are removed in short transactions, as many as a run may take."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import tasks
from wealthnexus.domain.identity.models import one_time_tokens, session_tokens, sessions
from wealthnexus.domain.identity.repository import tidy_expired
from wealthnexus.jobs.running import run_one
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.jobs import enqueue
from wealthnexus.runtime import Platform

from tests.factories import Browser, TestUser, signed_in_client
from tests.support.identity import rows_of

pytestmark = pytest.mark.database
LONG_AFTER = timedelta(days=60)


async def used_tokens(app: ASGIApp, platform: Platform, firm: FirmInfo, person: TestUser) -> int:
    """A session refreshed four times (each refresh token points at its successor) and two links."""
    browser = await signed_in_client(app, platform, firm, person)
    for _ in range(4):
        assert (await browser.post("/auth/refresh")).status_code == 200
        await asyncio.sleep(0)
    for _ in range(2):
        stranger = Browser(app, f"{firm.slug}.localhost")
        answer = await stranger.post("/auth/password-reset/request", {"email": person.email})
        assert answer.status_code == 200
    return len(await rows_of(platform, firm, session_tokens)) + len(
        await rows_of(platform, firm, one_time_tokens)
    )


async def test_a_batch_removes_so_many_and_sessions_stay(
    app: ASGIApp, platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    total = await used_tokens(app, platform, firm, person)
    assert total >= 10
    removed = []
    while not removed or removed[-1]:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            removed.append(await tidy_expired(uow, clock.now() + LONG_AFTER, limit=3))
    assert sum(removed) == total
    assert max(removed) == 3
    assert await rows_of(platform, firm, session_tokens) == []
    assert await rows_of(platform, firm, one_time_tokens) == []
    assert len(await rows_of(platform, firm, sessions)) >= 1


async def test_the_job_stops_at_its_limit_and_goes_on_the_next_day(
    app: ASGIApp, platform: Platform, firm: FirmInfo, person: TestUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = await used_tokens(app, platform, firm, person)
    monkeypatch.setattr(tasks, "_TIDY_BATCH", 2)
    monkeypatch.setattr(tasks, "_TIDY_BATCHES_MAX", 3)
    monkeypatch.setattr(tasks, "_KEPT_AFTER_EXPIRY", -LONG_AFTER)
    results = []
    for _ in range(1 + total // 6):
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            job_id = await enqueue(uow, "identity.tidy", title="Tidy", dedupe_key="tidy")
        assert await run_one(platform, firm.id, job_id) is None
        (job,) = await rows_of(platform, firm, jobs, jobs.c.id == job_id)
        assert job.state == "SUCCEEDED"
        results.append(job.result["removed"])
    assert results[0] == 6
    assert sum(results) == total
