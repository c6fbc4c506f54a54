"""An uploaded bundle is imported by a job: its result, its progress, its refusal, its cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from wealthnexus.domain.feeds.importer import run as importing
from wealthnexus.domain.feeds.requests import request_import
from wealthnexus.domain.feeds.uploads import record_upload, store_stream
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.running import run_one
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.jobs import enqueue
from wealthnexus.runtime import Platform

from tests.factories import TestUser, make_user
from tests.factories_ledger import rows, scalar
from tests.support.bundles import replaced, write_zip

pytestmark = pytest.mark.database


async def asked(
    platform: Platform, firm: FirmInfo, person: TestUser, path: Path, *, dry_run: bool = False
) -> UUID:
    """The person uploads the zip and asks for its import; returns the job."""

    content = await asyncio.to_thread(path.read_bytes)

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    folder = platform.firm_storage(firm.id)
    stored = await store_stream(folder, chunks(), bytes_max=10_000_000)
    binding = Binding(firm.id, person.id, "firm")
    async with platform.db.unit_of_work(binding, actor=Actor("user", person.id, person.name)) as uow:
        upload_id = await record_upload(uow, stored, user_id=person.id, file_name=path.name)
        return await request_import(uow, firm, upload_id, folder, dry_run=dry_run)


async def job(platform: Platform, firm: FirmInfo, job_id: UUID) -> tuple[Any, ...]:
    (found,) = await rows(
        platform, firm, "select state, stage, error, result from jobs where tenant_id = :t and id = :j",
        j=job_id,
    )  # fmt: skip
    return found


@pytest.fixture
async def person(platform: Platform, firm: FirmInfo) -> TestUser:
    assert {"feeds.import_bundle", "ledger.revalue"} <= load_handlers()
    return await make_user(platform, firm, roles=("OPERATIONS",), name="Omar Haddad")


async def test_an_upload_becomes_the_books(
    platform: Platform, firm: FirmInfo, person: TestUser, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "b.zip")
    checked = await asked(platform, firm, person, path, dry_run=True)
    assert await run_one(platform, firm.id, checked) is None
    state, _, error, result = await job(platform, firm, checked)
    assert (state, error, result["dryRun"], result["changed"], result["bookVersion"]) == (
        "SUCCEEDED", None, True, True, None,
    )  # fmt: skip
    assert await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t") == 0
    imported = await asked(platform, firm, person, path)
    for _ in range(2):  # a message delivered twice
        assert await run_one(platform, firm.id, imported) is None
    state, _, error, result = await job(platform, firm, imported)
    assert (state, error, result["ok"], result["bookVersion"]) == ("SUCCEEDED", None, True, 1)
    assert result["counts"]["transactions"] == {"created": 5, "changed": 0, "unchanged": 0}
    assert await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t") == 5
    assert await rows(
        platform, firm, "select created_by from import_batches where tenant_id = :t"
    ) == [(person.id,)]  # fmt: skip
    await its_days_are_valued(platform, firm)


async def its_days_are_valued(platform: Platform, firm: FirmInfo) -> None:
    """One job was asked for by what changed the books, and it stores the days of every account."""
    asked_for = await rows(
        platform, firm, "select id, state from jobs where tenant_id = :t and kind = 'performance.keep_days'"
    )
    assert [state for _, state in asked_for] == ["QUEUED"]
    stored = "select count(*) from portfolio_days where tenant_id = :t"
    assert await scalar(platform, firm, stored) == 0
    assert await run_one(platform, firm.id, asked_for[0][0]) is None
    assert await scalar(platform, firm, stored) > 0


async def test_a_bundle_with_problems_ends_the_job_with_its_report(
    platform: Platform, firm: FirmInfo, person: TestUser, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "b.zip", replaced("fx_rates.csv", ("1.1725", "-1")))
    job_id = await asked(platform, firm, person, path)
    await run_one(platform, firm.id, job_id)
    state, _, error, result = await job(platform, firm, job_id)
    assert (state, error, result["ok"], result["problems"]) == ("SUCCEEDED", None, False, 1)
    assert result["problemList"][0]["message"] == (
        'fx_rates.csv line 2, rate "-1": expected a decimal greater than 0'
    )
    assert await scalar(platform, firm, "select count(*) from households where tenant_id = :t") == 0


async def test_a_file_that_is_no_bundle_fails_the_job(
    platform: Platform, firm: FirmInfo, person: TestUser, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "b.zip", {"bundle.json": None})
    job_id = await asked(platform, firm, person, path)
    await run_one(platform, firm.id, job_id)
    state, _, error, _ = await job(platform, firm, job_id)
    assert state == "FAILED"
    assert error.startswith("bundle.json: missing; expected {format_version, source, as_of}")


async def test_a_cancelled_import_leaves_nothing(
    platform: Platform, firm: FirmInfo, person: TestUser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await asked(platform, firm, person, write_zip(tmp_path / "b.zip"))
    revalue = importing.revalue

    async def cancelled_meanwhile(uow: UnitOfWork, *arguments: Any) -> None:
        async with platform.db.unit_of_work(Binding(firm.id)) as other:
            await other.execute(
                text("update jobs set cancel_requested = true where tenant_id = :t and id = :j"),
                {"t": firm.id, "j": job_id},
            )
        await revalue(uow, *arguments)

    monkeypatch.setattr(importing, "revalue", cancelled_meanwhile)
    await run_one(platform, firm.id, job_id)
    assert (await job(platform, firm, job_id))[0] == "CANCELLED"
    assert await scalar(platform, firm, "select count(*) from households where tenant_id = :t") == 0
    assert await scalar(platform, firm, "select count(*) from book_versions where tenant_id = :t") == 0


async def test_the_limit_counts_imports_and_not_what_follows_from_changes(
    platform: Platform, firm: FirmInfo, person: TestUser, tmp_path: Path
) -> None:
    limit = firm.limit("jobs_running_max")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        for number in range(limit + 1):
            await enqueue(uow, "identity.tidy", title=f"Upkeep {number}")
    for number in range(limit):
        await asked(platform, firm, person, write_zip(tmp_path / f"{number}.zip"))
    with pytest.raises(LimitExceeded) as refused:
        await asked(platform, firm, person, write_zip(tmp_path / "more.zip"))
    assert refused.value.message == (
        f"{limit} imports and exports are waiting or running and your firm may have {limit};"
        " nothing was started, try again when one has ended"
    )
