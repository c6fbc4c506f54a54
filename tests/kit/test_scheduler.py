"""Leases and the scheduler: any number of them, one acts, and one that wakes late starts nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select
from wealthnexus.domain import approvals, audit
from wealthnexus.domain.approvals.models import approval_requests
from wealthnexus.domain.audit.models import audit_chain
from wealthnexus.domain.feeds.models import import_draft_rows, import_drafts, uploads
from wealthnexus.jobs import chores
from wealthnexus.jobs.broker import make_broker
from wealthnexus.jobs.chores import Ground
from wealthnexus.jobs.scheduler import CHORES, LEASE, TERM, Chore, Scheduler
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import idempotency_records, jobs, scheduled_runs
from wealthnexus.kit.db.platform_tables import leases as lease_table
from wealthnexus.kit.idempotency import KEPT, run_once
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.leases import LeaseLost, acquire, confirm, release
from wealthnexus.runtime import Platform

from tests.support.engines import Firm

SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
async def _free_lease(platform: Platform) -> None:
    async with platform.db.unit_of_work(None, role="system") as uow:
        await uow.execute(delete(lease_table))


@pytest.fixture
def ground(platform: Platform, redis_url: str) -> Ground:
    return Ground(platform, make_broker(redis_url))


# -- leases ------------------------------------------------------------------------------------------


async def test_one_holder_at_a_time(platform: Platform) -> None:
    taken = await asyncio.gather(*(acquire(platform.db, "l", f"h{n}", TERM) for n in range(10)))
    held = [lease for lease in taken if lease is not None]
    assert len(held) == 1
    again = await acquire(platform.db, "l", held[0].holder, TERM)
    assert again == held[0], "prolonging keeps the token"


async def test_the_token_goes_up_with_every_change_of_holder(platform: Platform) -> None:
    first = await acquire(platform.db, "l", "one", TERM)
    assert first is not None
    await release(platform.db, first)
    second = await acquire(platform.db, "l", "two", TERM)
    assert second is not None
    assert (first.token, second.token) == (1, 2)
    with clock.frozen_at(clock.now() + TERM + SOON):
        third = await acquire(platform.db, "l", "one", TERM)
    assert third is not None
    assert third.token == 3


async def test_a_paused_holder_is_fenced_off(platform: Platform) -> None:
    late = await acquire(platform.db, "l", "one", TERM)
    assert late is not None
    async with platform.db.unit_of_work(None, role="system") as uow:
        await confirm(uow, late)
    with clock.frozen_at(clock.now() + TERM + SOON):
        async with platform.db.unit_of_work(None, role="system") as uow:
            with pytest.raises(LeaseLost, match=r"one no longer holds the lease 'l' \(token 1\)"):
                await confirm(uow, late)
        await acquire(platform.db, "l", "two", TERM)
        async with platform.db.unit_of_work(None, role="system") as uow:
            with pytest.raises(LeaseLost):
                await confirm(uow, late)
        await release(platform.db, late)  # of a lease that is another's by now: nothing happens
        assert await acquire(platform.db, "l", "three", TERM) is None


# -- due or not --------------------------------------------------------------------------------------


async def nothing(_ground: Ground, _firm: Any) -> int:
    return 0


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2021-03-31T12:00", True),
        ("2021-03-31T00:01", "2021-03-31T23:59", False),
        ("2021-03-31T23:59", "2021-04-01T00:00", True),
        ("2021-03-14T01:59", "2021-03-14T03:00", False),  # the clocks go forward
    ],
)
def test_a_daily_chore_follows_the_firms_midnight(
    firm_info: Any, last: str | None, now: str, due: bool
) -> None:
    def instant(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)

    daily = Chore("test.daily", nothing, None)
    assert daily.is_due(firm_info, instant(last) if last else None, instant(now)) is due


@pytest.fixture
async def firm_info(firm: Firm, platform: Platform) -> Any:
    return await platform.firms.by_id(firm.id)


# -- two schedulers ----------------------------------------------------------------------------------


async def test_two_schedulers_run_each_chore_once(ground: Ground, firm: Firm, firm_info: Any) -> None:
    ran: list[str] = []

    async def count(_ground: Ground, which: Any) -> int:
        ran.append(which.slug)
        await asyncio.sleep(0.05)
        return 1

    chore = Chore("test.count", count, timedelta(minutes=1))
    schedulers = [Scheduler(ground, holder=name) for name in ("one", "two")]

    async def turn(scheduler: Scheduler) -> None:
        if await scheduler.renew():
            await scheduler.start_due(firm_info, chore)
            await scheduler.start_due(firm_info, chore)
            await scheduler.settle()

    for _ in range(3):
        await asyncio.gather(*(turn(scheduler) for scheduler in schedulers))
    assert ran == [firm.slug]
    assert [bool(scheduler.lease) for scheduler in schedulers].count(True) == 1
    (row,) = await firm.rows(scheduled_runs)
    assert row.task == "test.count"
    assert row.last_finished_at >= row.last_due_at


async def test_the_next_scheduler_goes_on_where_the_first_stopped(
    ground: Ground, firm: Firm, firm_info: Any
) -> None:
    ran: list[str] = []

    async def count(_ground: Ground, _firm: Any) -> int:
        ran.append("x")
        return 1

    chore = Chore("test.count", count, timedelta(minutes=1))
    first, second = Scheduler(ground, holder="one"), Scheduler(ground, holder="two")
    await first.renew()
    assert await first.start_due(firm_info, chore)
    await first.settle()
    with clock.frozen_at(clock.now() + TERM + SOON):
        assert await second.renew()
        assert not await second.start_due(firm_info, chore), "it is not due yet"
        with pytest.raises(LeaseLost):
            await first.claim_turn(firm_info, chore)
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        await second.renew()
        assert await second.start_due(firm_info, chore)
        await second.settle()
    assert ran == ["x", "x"]


async def test_without_the_lease_nothing_is_started(ground: Ground, firm_info: Any) -> None:
    idle = Scheduler(ground, holder="idle")
    with pytest.raises(LeaseLost, match="idle does not hold the lease 'scheduler'"):
        await idle.claim_turn(firm_info, CHORES[0])


async def test_a_chore_that_fails_is_tried_again_and_stops_nobody(
    ground: Ground, firm: Firm, firm_info: Any
) -> None:
    tried: list[str] = []

    async def fail(_ground: Ground, _firm: Any) -> int:
        tried.append("x")
        raise RuntimeError("no")

    chore = Chore("test.fail", fail, timedelta(minutes=1))
    scheduler = Scheduler(ground, holder="one")
    await scheduler.renew()
    assert await scheduler.start_due(firm_info, chore)
    await scheduler.settle()
    (row,) = await firm.rows(scheduled_runs)
    assert (row.last_finished_at, len(tried)) == (None, 1)
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        await scheduler.renew()
        assert await scheduler.start_due(firm_info, chore)
        await scheduler.settle()
    assert len(tried) == 2


async def test_a_whole_scheduler_does_every_chore_seals_and_gives_the_lease_back(
    ground: Ground, firm: Firm, platform: Platform
) -> None:
    async with firm.writing(await firm.person("Dana Smith")) as uow:
        await audit.append(uow, "clients.household.renamed", summary="Renamed")
    stop = asyncio.Event()
    scheduler = Scheduler(ground, holder="whole")
    task = asyncio.create_task(scheduler.run(stop))

    async def done() -> bool:
        finished = {row.task for row in await firm.rows(scheduled_runs) if row.last_finished_at}
        return finished == {chore.name for chore in CHORES} and len(await firm.rows(audit_chain)) >= 1

    from tests.support.engines import eventually

    await eventually(done, within=timedelta(seconds=90))
    stop.set()
    await task
    assert await acquire(platform.db, LEASE, "next", TERM) is not None
    assert {row.kind for row in await firm.rows(jobs)} == {
        "identity.tidy",
        "identity.rebuild_scope",
        "ledger.revalue",
        "closing.close",
    }


# -- the chores --------------------------------------------------------------------------------------


async def test_expired_idempotency_records_are_purged(ground: Ground, firm: Firm, firm_info: Any) -> None:
    async def do() -> dict[str, Any]:
        return {}

    dana = await firm.person("Dana Smith")
    async with firm.writing(dana) as uow:
        await run_once(uow, principal_id=dana.user_id, operation="o", key="12345678", request={}, do=do)
    assert await chores.purge_idempotency(ground, firm_info) == 0
    with clock.frozen_at(clock.now() + KEPT + SOON):
        assert await chores.purge_idempotency(ground, firm_info) == 1
    assert await firm.rows(idempotency_records) == []


async def test_overdue_approvals_expire(ground: Ground, firm: Firm, firm_info: Any) -> None:
    from tests.approvals.test_engine import register_note

    with register_note():
        async with firm.writing(maker := await firm.person("Maker")) as uow:
            request = await approvals.request_approval(
                uow, maker, kind="test.note", command={"text": "x"}, title="Note", summary="Note x"
            )
        assert await chores.expire_approvals(ground, firm_info) == 0
        with clock.frozen_at(clock.now() + timedelta(days=8)):
            assert await chores.expire_approvals(ground, firm_info) == 1
            assert await chores.expire_approvals(ground, firm_info) == 0
    assert (await firm.row(approval_requests, request.id)).state == "EXPIRED"


async def test_files_nobody_imported_are_removed(
    ground: Ground, firm: Firm, firm_info: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = platform.firm_storage(firm.id)
    dana = await firm.person("Dana Smith")
    kept = []
    for number, days in enumerate((1, -1, -2, -3)):
        (folder / f"{number}.zip").write_bytes(b"PK")
        kept.append(new_id())
        async with firm.writing() as uow:
            await uow.execute(
                insert(uploads).values(
                    tenant_id=firm.id, id=kept[-1], user_id=dana.user_id, file_name="b.zip", size_bytes=2,
                    sha256=b"", storage_key=f"{number}.zip", created_at=clock.now(),
                    expires_at=clock.now() + timedelta(days=days),
                )
            )  # fmt: skip
    monkeypatch.setattr(chores, "BATCH", 2)
    assert [await chores.purge_uploads(ground, firm_info) for _ in range(3)] == [2, 1, 0]
    assert [path.name for path in folder.iterdir()] == ["0.zip"]
    async with firm.reading() as reader:
        left = await reader.rows(select(uploads.c.id).where(uploads.c.tenant_id == firm.id))
    assert [row.id for row in left] == [kept[0]]


async def test_what_was_said_of_drafts_goes_with_their_files(
    ground: Ground, firm: Firm, firm_info: Any
) -> None:
    dana = await firm.person("Dana Smith")
    own = {"tenant_id": firm.id, "user_id": dana.user_id}
    drafts = []
    async with firm.writing() as uow:
        for days in (1, -1, None):
            upload, draft = new_id(), new_id()
            drafts.append(draft)
            if days is not None:
                await uow.execute(
                    insert(uploads).values(
                        **own, id=upload, file_name="b.zip", size_bytes=2, sha256=b"",
                        storage_key=str(upload),
                        created_at=clock.now(), expires_at=clock.now() + timedelta(days=days),
                    )
                )  # fmt: skip
            await uow.execute(
                insert(import_drafts).values(
                    **own, id=draft, upload_id=upload, state="CHECKED", mapping={}, edits=[],
                    created_at=clock.now(), version=1,
                )
            )  # fmt: skip
            said = [
                {**own, "draft_id": draft, "file": "accounts", "line": n, "verdict": "NEW"} for n in (2, 3)
            ]
            await uow.execute(insert(import_draft_rows), said)
    assert [await chores.purge_imports(ground, firm_info) for _ in range(2)] == [4, 0]
    async with firm.reading() as reader:
        left = await reader.rows(
            select(import_draft_rows.c.draft_id).where(import_draft_rows.c.tenant_id == firm.id).distinct()
        )
    assert [row.draft_id for row in left] == [drafts[0]]
