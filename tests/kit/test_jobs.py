"""Background jobs: one effect whatever happens to messages, workers and the database in between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from wealthnexus.domain import work
from wealthnexus.domain.work.models import work_items
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.running import RunAgain, run_one
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.platform_tables import jobs, outbox
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import (
    JobContext,
    cancel_job,
    enqueue,
    handler_of,
    may_be_cancelled,
)
from wealthnexus.runtime import Platform

from tests.kit.job_script import KIND, Script, ask, effect, effects, events, is_now
from tests.support.engines import Firm, eventually, make_firm
from tests.support.servers import DatabaseAddresses


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


async def test_a_time_out_of_something_it_called_is_told_apart(
    firm: Firm, platform: Platform, script: Script
) -> None:
    async def call(_context: JobContext) -> None:
        raise TimeoutError("the mail server did not answer")

    script.steps = [call]
    again = await run_one(platform, firm.id, await ask(firm))
    assert again == RunAgain(2, "something unexpected happened (TimeoutError); attempt 1 of 3")


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


async def test_a_live_job_out_of_sight_is_a_conflict_and_no_endless_search(firm: Firm) -> None:
    lee = await firm.person("Limited Lee")
    await ask(firm, dedupe_key="import 1")
    limited = Binding(firm.id, lee.user_id, "limited")
    async with firm.database.unit_of_work(limited, actor=lee.actor()) as uow:
        with pytest.raises(Conflict) as refused:
            async with asyncio.timeout(5):
                await enqueue(uow, KIND, title="Register something", dedupe_key="import 1")
    assert refused.value.message == (
        f"a job of the kind {KIND} is waiting or running already where your access does not show it;"
        " nothing was started"
    )
    assert len(await firm.rows(jobs)) == 1


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


async def test_what_must_run_is_not_cancelled(firm: Firm, platform: Platform) -> None:
    load_handlers()
    for kind in ("identity.send_mail", "identity.rebuild_scope", "identity.tidy", "ledger.revalue"):
        assert handler_of(kind) is not None, kind
        async with firm.writing() as uow:
            job_id = await enqueue(uow, kind, title="Upkeep")
        async with firm.writing() as uow:
            with pytest.raises(PermissionDenied) as refused:
                await cancel_job(uow, job_id)
        assert refused.value.message == (
            f"jobs of the kind {kind} must run and cannot be cancelled; nothing was cancelled"
        )
        job = await firm.row(jobs, job_id)
        assert (job.state, job.cancel_requested) == ("QUEUED", False)
    assert may_be_cancelled("feeds.import_bundle")


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
    await eventually(lambda: is_now(firm, job_id, stage="reading"))
    async with firm.writing() as uow:
        assert (await cancel_job(uow, job_id)).state == "RUNNING"
    assert await task is None
    job = await firm.row(jobs, job_id)
    assert (job.state, job.cancel_requested, await effects(firm)) == ("CANCELLED", True, 0)


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
