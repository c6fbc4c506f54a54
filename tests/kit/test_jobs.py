"""Background jobs: one effect whatever happens to messages, workers and the database in between."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import update
from wealthnexus.domain import work
from wealthnexus.domain.work.models import subjects, work_items
from wealthnexus.jobs import running
from wealthnexus.jobs.broker import job_message, make_broker, waiting_job_ids
from wealthnexus.jobs.chores import Ground, rescue_jobs
from wealthnexus.jobs.relay import Relay
from wealthnexus.jobs.running import RunAgain, run_one
from wealthnexus.kit import clock
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.platform_tables import jobs, outbox
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import (
    JobCancelled,
    JobContext,
    cancel_job,
    enqueue,
    find_job,
    job_handler,
    registry,
)
from wealthnexus.runtime import Platform

from tests.support.engines import Firm, eventually, make_firm
from tests.support.servers import DatabaseAddresses

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
    job_handler(KIND, attempts_max=3, time_limit_seconds=1)(made)
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


async def test_a_job_runs_once_and_its_end_is_committed_with_its_effect(
    firm: Firm, platform: Platform, script: Script
) -> None:
    dana = await firm.person("Dana Smith")
    request = RequestInfo("req-9")
    async with firm.writing(dana, request=request) as uow:
        job_id = await enqueue(uow, KIND, title="Register something", params={"n": 1})
    assert await run_one(platform, firm.id, job_id) is None
    job = await firm.row(jobs, job_id)
    assert (job.state, job.stage, job.attempts, job.result) == (
        "SUCCEEDED",
        "succeeded",
        1,
        {"registered": 1},
    )
    assert job.started_at <= job.finished_at
    assert (await effects(firm), await events(firm)) == (
        1,
        ["work.job.requested", "work.job.progressed RUNNING starting", "work.job.finished SUCCEEDED"],
    )
    context = script.contexts[0]
    assert (context.actor, context.params) == (dana.actor(), {"n": 1})
    assert context.request.correlation_id == request.correlation_id


async def test_a_message_delivered_again_does_nothing(firm: Firm, platform: Platform, script: Script) -> None:
    job_id = await ask(firm)
    for _ in range(3):
        assert await run_one(platform, firm.id, job_id) is None
    assert (len(script.contexts), await effects(firm)) == (1, 1)


async def test_two_workers_with_the_same_message_have_one_effect(
    firm: Firm, platform: Platform, script: Script
) -> None:
    job_id = await ask(firm)
    await asyncio.gather(*(run_one(platform, firm.id, job_id) for _ in range(5)))
    assert (len(script.contexts), await effects(firm)) == (1, 1)


async def test_a_handler_that_only_returns_is_completed_for_it(
    firm: Firm, platform: Platform, script: Script
) -> None:
    async def read_only(_context: JobContext) -> dict[str, Any]:
        return {"counted": 7}

    script.steps = [read_only]
    job_id = await ask(firm)
    await run_one(platform, firm.id, job_id)
    assert (await firm.row(jobs, job_id)).result == {"counted": 7}


async def test_a_handler_may_complete_in_a_unit_of_work_of_its_own(
    firm: Firm, platform: Platform, script: Script
) -> None:
    async def own(context: JobContext) -> dict[str, Any]:
        async with context.database.unit_of_work(context.binding, actor=context.actor) as uow:
            await work.register_subject(uow, new_id(), "account", "x")
            await context.complete(uow, {"own": True})
        return {"ignored": True}

    script.steps = [own]
    job_id = await ask(firm)
    await run_one(platform, firm.id, job_id)
    job = await firm.row(jobs, job_id)
    assert (job.state, job.result, await effects(firm)) == ("SUCCEEDED", {"own": True}, 1)


async def crash(context: JobContext) -> dict[str, Any] | None:
    async with context.unit_of_work() as uow:
        await work.register_subject(uow, new_id(), "account", "half done")
        raise RuntimeError("the disk is on fire")
    return None


async def test_a_fault_is_retried_with_back_off_then_fails_with_a_work_item(
    firm: Firm, platform: Platform, script: Script
) -> None:
    script.steps = [crash, crash, crash]
    job_id = await ask(firm)
    first = await run_one(platform, firm.id, job_id)
    assert first == RunAgain(2, "something unexpected happened (RuntimeError); attempt 1 of 3")
    job = await firm.row(jobs, job_id)
    assert (job.state, job.stage, job.attempts) == ("QUEUED", "waiting to run again", 1)
    assert (await run_one(platform, firm.id, job_id)).seconds == 10  # type: ignore[union-attr]
    assert await run_one(platform, firm.id, job_id) is None
    job = await firm.row(jobs, job_id)
    assert (job.state, job.attempts) == ("FAILED", 3)
    assert job.error == "something unexpected happened (RuntimeError); attempt 3 of 3"
    (item,) = await firm.rows(work_items)
    assert (item.kind, item.title, item.severity, item.action_path) == (
        "work.job_failed",
        "Register something failed",
        "WARNING",
        f"/jobs/{job_id}",
    )
    assert await effects(firm) == 0
    assert (await events(firm))[-1] == "work.job.finished FAILED"


async def test_a_fault_then_success_has_one_effect(firm: Firm, platform: Platform, script: Script) -> None:
    script.steps = [crash]
    job_id = await ask(firm)
    await run_one(platform, firm.id, job_id)
    assert await run_one(platform, firm.id, job_id) is None
    assert ((await firm.row(jobs, job_id)).state, await effects(firm)) == ("SUCCEEDED", 1)


async def test_a_refusal_is_final(firm: Firm, platform: Platform, script: Script) -> None:
    async def refuse(_context: JobContext) -> None:
        raise ValidationFailed("prices.csv line 3: close is 'x', expected a number; nothing was imported")

    script.steps = [refuse]
    job_id = await ask(firm)
    assert await run_one(platform, firm.id, job_id) is None
    job = await firm.row(jobs, job_id)
    assert (job.state, job.attempts) == ("FAILED", 1)
    assert job.error == "prices.csv line 3: close is 'x', expected a number; nothing was imported"


async def test_a_job_that_runs_too_long_is_stopped(firm: Firm, platform: Platform, script: Script) -> None:
    async def sleep(_context: JobContext) -> None:
        await asyncio.sleep(30)

    script.steps = [sleep]
    job_id = await ask(firm)
    again = await run_one(platform, firm.id, job_id)
    assert again == RunAgain(2, "it ran longer than 1 seconds")


async def test_an_unknown_kind_fails_at_once(firm: Firm, platform: Platform) -> None:
    async with firm.writing() as uow:
        job_id = await enqueue(uow, "test.unheard_of", title="Unheard of")
    await run_one(platform, firm.id, job_id)
    job = await firm.row(jobs, job_id)
    assert (job.state, job.error) == ("FAILED", "this version cannot run jobs of the kind test.unheard_of")


async def test_a_firms_limit_on_running_jobs_holds(
    platform: Platform, database_addresses: DatabaseAddresses, script: Script
) -> None:
    firm = make_firm(platform.db, database_addresses, limits='{"jobs_running_max": 1}')
    first, second = await ask(firm), await ask(firm)
    started, finish = asyncio.Event(), asyncio.Event()

    async def hold(context: JobContext) -> dict[str, Any] | None:
        started.set()
        await finish.wait()
        return await effect(context)

    script.steps = [hold]
    running_task = asyncio.create_task(run_one(platform, firm.id, first))
    await started.wait()
    assert await run_one(platform, firm.id, second) == RunAgain(
        5, "the firm's limit on running jobs is reached"
    )
    finish.set()
    await running_task
    assert await run_one(platform, firm.id, second) is None
    assert (await effects(firm), (await firm.row(jobs, second)).attempts) == (2, 1)


async def test_one_live_job_per_dedupe_key(firm: Firm, platform: Platform, script: Script) -> None:
    ids = await asyncio.gather(*(ask(firm, dedupe_key="import 1") for _ in range(5)))
    assert len(set(ids)) == 1
    assert len(await firm.rows(outbox, outbox.c.topic == "job")) == 1
    await run_one(platform, firm.id, ids[0])
    assert await ask(firm, dedupe_key="import 1") != ids[0]


# -- cancelling --------------------------------------------------------------------------------------


async def test_a_waiting_job_is_cancelled_at_once(firm: Firm, platform: Platform, script: Script) -> None:
    job_id = await ask(firm)
    async with firm.writing() as uow:
        assert (await cancel_job(uow, job_id)).state == "CANCELLED"
    await run_one(platform, firm.id, job_id)
    assert (script.contexts, await effects(firm)) == ([], 0)
    async with firm.writing() as uow:
        with pytest.raises(Conflict, match=r"has ended already \(CANCELLED\); nothing was cancelled"):
            await cancel_job(uow, job_id)


async def test_a_running_job_is_cancelled_at_its_next_safe_point(
    firm: Firm, platform: Platform, script: Script
) -> None:
    async def long(context: JobContext) -> dict[str, Any] | None:
        for done in range(1000):
            await context.progress("reading", done, 1000)
            await context.check_cancelled()
            await asyncio.sleep(0.01)
        return await effect(context)

    script.steps = [long]
    job_id = await ask(firm)
    task = asyncio.create_task(run_one(platform, firm.id, job_id))
    await eventually(lambda: _is(firm, job_id, stage="reading"))
    async with firm.writing() as uow:
        assert (await cancel_job(uow, job_id)).state == "RUNNING"
    assert await task is None
    job = await firm.row(jobs, job_id)
    assert (job.state, job.cancel_requested, await effects(firm)) == ("CANCELLED", True, 0)


async def _is(firm: Firm, job_id: UUID, **facts: Any) -> bool:
    job = await firm.row(jobs, job_id)
    return all(getattr(job, name) == value for name, value in facts.items())


async def test_a_job_cancelled_during_its_last_step_is_rolled_back(
    firm: Firm, platform: Platform, script: Script
) -> None:
    async def cancelled_inside(context: JobContext) -> None:
        async with context.unit_of_work() as uow:
            await work.register_subject(uow, new_id(), "account", "x")
            async with firm.writing() as other:
                await cancel_job(other, context.job.id)

    script.steps = [cancelled_inside]
    job_id = await ask(firm)
    assert await run_one(platform, firm.id, job_id) is None
    assert ((await firm.row(jobs, job_id)).state, await effects(firm)) == ("CANCELLED", 0)


async def test_cancelling_what_is_not_there_or_of_another_firm(firm: Firm, other_firm: Firm) -> None:
    theirs = await ask(other_firm)
    for job_id in (new_id(), theirs):
        async with firm.writing() as uow:
            with pytest.raises(NotFound):
                await cancel_job(uow, job_id)
    assert not (await other_firm.row(jobs, theirs)).cancel_requested


# -- progress ----------------------------------------------------------------------------------------


async def test_progress_is_recorded_and_announced_but_not_too_often(
    firm: Firm, platform: Platform, script: Script
) -> None:
    async def report(context: JobContext) -> dict[str, Any] | None:
        for done in range(201):
            await context.progress("reading prices.csv", done, 200)
        await context.progress("writing")
        return await effect(context)

    script.steps = [report]
    job_id = await ask(firm)
    await run_one(platform, firm.id, job_id)
    told = await events(firm)
    assert told[2:] == [
        "work.job.progressed RUNNING reading prices.csv",
        "work.job.progressed RUNNING reading prices.csv",
        "work.job.progressed RUNNING writing",
        "work.job.finished SUCCEEDED",
    ]
    rows = await firm.rows(outbox, outbox.c.event_type == "work.job.progressed")
    last = max((row for row in rows if row.payload["stage"] == "reading prices.csv"), key=lambda r: r.id)
    assert (last.payload["done"], last.payload["total"]) == (200, 200)


# -- workers and messages that die -------------------------------------------------------------------


async def test_a_worker_thought_dead_cannot_act_late(firm: Firm, platform: Platform, script: Script) -> None:
    """The first attempt stalls longer than the silence allowed; the second finishes; the first wakes."""
    go_on = asyncio.Event()

    async def stall(context: JobContext) -> None:
        async with context.unit_of_work() as uow:
            await work.register_subject(uow, new_id(), "account", "too late")
            await go_on.wait()

    script.steps = [stall]
    registry._handlers.pop(KIND)
    job_handler(KIND, time_limit_seconds=60)(script)
    job_id = await ask(firm)
    first = asyncio.create_task(run_one(platform, firm.id, job_id))
    await eventually(lambda: _is(firm, job_id, state="RUNNING"))
    assert await run_one(platform, firm.id, job_id) is None  # alive: left alone
    await age(firm, job_id, running.SILENCE_MAX * 2)
    assert await run_one(platform, firm.id, job_id) is None
    assert ((await firm.row(jobs, job_id)).state, await effects(firm)) == ("SUCCEEDED", 1)
    go_on.set()
    assert await first is None
    job = await firm.row(jobs, job_id)
    assert (job.state, job.attempts, await effects(firm)) == ("SUCCEEDED", 2, 1)


async def test_a_stopping_worker_gives_its_job_back(firm: Firm, platform: Platform, script: Script) -> None:
    async def wait(_context: JobContext) -> None:
        await asyncio.sleep(60)

    script.steps = [wait]
    job_id = await ask(firm)
    task = asyncio.create_task(run_one(platform, firm.id, job_id))
    await eventually(lambda: _is(firm, job_id, state="RUNNING"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    job = await firm.row(jobs, job_id)
    assert (job.state, job.attempts, job.error) == ("QUEUED", 0, None)
    await run_one(platform, firm.id, job_id)
    assert await effects(firm) == 1


async def test_a_job_whose_worker_fell_silent_is_rescued_once(
    firm: Firm, platform: Platform, script: Script, broker: RedisBroker
) -> None:
    job_id = await ask(firm)
    async with firm.writing() as uow:  # a worker claimed it and was killed
        await uow.execute(
            update(jobs)
            .where(jobs.c.tenant_id == firm.id, jobs.c.id == job_id)
            .values(state="RUNNING", attempts=1, heartbeat_at=clock.now())
        )
    ground = Ground(platform, broker)
    assert await rescue_jobs(ground, firm) == 0
    await age(firm, job_id, running.SILENCE_MAX + timedelta(seconds=1))
    assert sum(await asyncio.gather(*(rescue_jobs(ground, firm) for _ in range(3)))) == 1
    assert (await firm.row(jobs, job_id)).state == "QUEUED"
    assert len(await firm.rows(outbox, outbox.c.topic == "job")) == 2
    await run_one(platform, firm.id, job_id)
    assert ((await firm.row(jobs, job_id)).attempts, await effects(firm)) == (2, 1)


async def test_a_job_that_kills_its_worker_every_time_fails_in_the_end(
    firm: Firm, platform: Platform, script: Script
) -> None:
    job_id = await ask(firm)
    async with firm.writing() as uow:
        await uow.execute(
            update(jobs)
            .where(jobs.c.tenant_id == firm.id, jobs.c.id == job_id)
            .values(state="QUEUED", attempts=3, heartbeat_at=clock.now())
        )
    assert await run_one(platform, firm.id, job_id) is None
    assert (await firm.row(jobs, job_id)).state == "FAILED"
    assert script.contexts == []


async def test_a_message_that_redis_lost_is_sent_again(
    firm: Firm, platform: Platform, script: Script, broker: RedisBroker, redis_url: str
) -> None:
    relay = Relay(platform.db, platform.redis, broker)
    ground = Ground(platform, broker)
    job_id = await ask(firm)
    await relay.relay_firm(firm.id)
    assert waiting_job_ids(broker, limit=100) == {str(job_id)}
    await age(firm, job_id, timedelta(minutes=5))
    assert await rescue_jobs(ground, firm) == 0, "its message is still there: the queue is merely long"
    assert waiting_job_ids(broker, limit=0) is None
    broker.client.flushdb()
    assert await rescue_jobs(ground, firm) == 1
    assert await rescue_jobs(ground, firm) == 0, "the new message has its time to arrive"
    await relay.relay_firm(firm.id)
    assert waiting_job_ids(broker, limit=100) == {str(job_id)}


async def test_without_redis_nothing_is_put_back(firm: Firm, platform: Platform, script: Script) -> None:
    job_id = await ask(firm)
    await age(firm, job_id, timedelta(minutes=5))
    assert await rescue_jobs(Ground(platform, make_broker("redis://127.0.0.1:1/0")), firm) == 0


async def test_the_message_is_that_of_the_outbox_row() -> None:
    tenant, job, row = new_id(), new_id(), new_id()
    message = job_message(tenant, job, row)
    assert (message.args, message.message_id) == ((str(tenant), str(job)), str(row))


async def test_a_limited_member_sees_only_jobs_it_asked_for(firm: Firm) -> None:
    member = await firm.person("Limited Lee")
    async with firm.writing(member) as uow:
        mine = await enqueue(uow, KIND, title="Mine")
    theirs = await ask(firm)
    async with firm.database.reading(Binding(firm.id, member.user_id, "limited")) as reader:
        assert (await find_job(reader, mine)) is not None
        assert (await find_job(reader, theirs)) is None


async def test_a_cancelled_context_raises_at_once(firm: Firm, platform: Platform, script: Script) -> None:
    job_id = await ask(firm)
    await run_one(platform, firm.id, job_id)
    context = script.contexts[0]
    context.cancel_requested = True
    with pytest.raises(JobCancelled):
        await context.progress("x")


async def test_real_relay_and_worker_processes_run_a_real_job(
    firm: Firm, process_environment: dict[str, str], broker: RedisBroker
) -> None:
    """``identity.tidy`` through outbox, relay, Redis and a Dramatiq process, as in production."""
    commands = [
        [sys.executable, "-c", "from wealthnexus.jobs.relay import main; main()"],
        [sys.executable, "-m", "dramatiq", "wealthnexus.jobs.worker", "--processes", "1", "--threads", "2"],
    ]
    processes = [
        await asyncio.create_subprocess_exec(
            *command, env=process_environment, stderr=asyncio.subprocess.PIPE
        )
        for command in commands
    ]
    try:
        async with firm.writing() as uow:
            job_id = await enqueue(uow, "identity.tidy", title="Tidy")
        await eventually(lambda: _is(firm, job_id, state="SUCCEEDED"), within=timedelta(seconds=40))
        assert await eventually(lambda: _acknowledged(broker)), "the message was not acknowledged"
    finally:
        for process in processes:
            process.terminate()
        errors = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], errors
    assert "Traceback" not in "".join(errors)
    assert (await firm.row(jobs, job_id)).attempts == 1


async def _acknowledged(broker: RedisBroker) -> bool:
    return waiting_job_ids(broker, limit=100) == set()
