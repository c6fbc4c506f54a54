"""Workers and messages that die: every job still has its one effect."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from dramatiq import Message
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import SkipMessage
from sqlalchemy import update
from wealthnexus.domain import work
from wealthnexus.jobs import running
from wealthnexus.jobs.broker import job_message, make_broker, waiting_job_ids
from wealthnexus.jobs.chores import Ground, rescue_jobs
from wealthnexus.jobs.middleware import Tenant
from wealthnexus.jobs.relay import Relay
from wealthnexus.jobs.running import run_one
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import jobs, outbox
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import (
    JobCancelled,
    JobContext,
    enqueue,
    find_job,
    job_handler,
    registry,
)
from wealthnexus.runtime import Platform

from tests.kit.job_script import KIND, Script, age, ask, effects, is_now
from tests.support.engines import Firm, eventually

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
    await eventually(lambda: is_now(firm, job_id, state="RUNNING"))
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
    await eventually(lambda: is_now(firm, job_id, state="RUNNING"))
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


@pytest.mark.parametrize("args", [(), (str(new_id()),), ("x", "y"), (str(new_id()), str(new_id()), "z")])
def test_a_message_without_a_firm_is_refused(args: tuple[str, ...]) -> None:
    message = MessageProxy(Message("jobs", "run_job", args, {}, {}))
    with pytest.raises(SkipMessage, match="names its firm and its job"):
        Tenant().before_process_message(None, message)
    assert message.failed
    good = MessageProxy(job_message(new_id(), new_id(), new_id()))
    Tenant().before_process_message(None, good)
    assert not good.failed


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
        await eventually(lambda: is_now(firm, job_id, state="SUCCEEDED"), within=timedelta(seconds=40))
        assert await eventually(lambda: _acknowledged(broker, job_id)), "the message was not acknowledged"
    finally:
        for process in processes:
            process.terminate()
        errors = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], errors
    # Jobs that other tests left in this database may fail here; this one must not.
    said = [line for error in errors for line in error.splitlines() if str(job_id) in line]
    assert not [line for line in said if "Traceback" in line], said


async def _acknowledged(broker: RedisBroker, job_id: UUID) -> bool:
    """Jobs that other tests left in this database may wait for their next attempt; this one must not."""
    waiting = waiting_job_ids(broker, limit=10_000)
    return waiting is not None and str(job_id) not in waiting
