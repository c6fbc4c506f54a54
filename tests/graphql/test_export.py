"""The firm's books as a file: asked for, made by a job, fetched by its asker alone, for a day."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import httpx2
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.feeds import exports, tasks
from wealthnexus.domain.identity.models import sessions
from wealthnexus.graphql.ids import from_global
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.running import run_one
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.factories_ledger import rows, scalar
from tests.graphql.conftest import Api, House, load_book, make_house

pytestmark = pytest.mark.database


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    load_handlers()
    made = await make_house(app, platform)
    await load_book(made, tmp_path_factory.mktemp("desk"), households=2, per_account=3)
    return made


async def fetch(api: Api, export_id: str, method: str = "GET") -> httpx2.Response:
    transport = httpx2.ASGITransport(app=api.app)
    headers = {"authorization": f"Bearer {api.token}"} if api.token else {}
    async with httpx2.AsyncClient(
        transport=transport, base_url=f"http://{api.firm.slug}.localhost"
    ) as client:
        return await client.request(method, f"/files/exports/{export_id}", headers=headers)


async def exported(desk: House, api: Api) -> dict[str, object]:
    """A finished export's result."""
    given = {"idempotencyKey": str(new_id())}
    asked = await api.change("startExport", "... on JobAccepted { job { id kind } }", **given)
    assert asked["__typename"] == "JobAccepted", asked
    assert asked["job"]["kind"] == "feeds.export_books"
    again = await api.change("startExport", "... on JobAccepted { job { id } }", **given)
    assert again["job"]["id"] == asked["job"]["id"]
    await run_one(desk.platform, desk.firm.id, from_global(asked["job"]["id"], "Job"))
    job = (await api("query($id: ID!) { job(id: $id) { state error result } }", id=asked["job"]["id"])).data[
        "job"
    ]
    assert (job["state"], job["error"]) == ("SUCCEEDED", None)
    result: dict[str, object] = job["result"]
    return result


async def test_an_export_is_made_and_fetched_by_its_asker_alone(
    desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = desk.api("OPERATIONS")
    result = await exported(desk, api)
    export_id = str(result["exportId"])
    assert result["path"] == f"/files/exports/{export_id}"
    # Asking whether it would be sent is no fetch.
    asked = await fetch(api, export_id, "HEAD")
    assert (asked.status_code, asked.content) == (200, b"")
    done = await fetch(api, export_id)
    assert (done.status_code, done.headers["content-type"], done.headers["cache-control"]) == (
        200, "application/zip", "no-store"
    )  # fmt: skip
    assert f'filename="{result["fileName"]}"' in done.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(done.content)) as archive:
        names = archive.namelist()
        assert "bundle.json" in names
        assert archive.read("households.csv").count(b"\n") == 3
    assert len(done.content) == result["sizeBytes"]
    assert await scalar(
        desk.platform, desk.firm, "select count(*) from audit_events where tenant_id = :t"
        " and action = 'feeds.export.fetched'"
    ) == 1  # fmt: skip
    other = await make_user(desk.platform, desk.firm, roles=("OPERATIONS",), name="Somebody Else")
    stranger = Api(desk.app, desk.firm, await bearer_of(desk.platform, desk.firm, other), other)
    for who, status in ((stranger, 404), (desk.api("ADVISOR"), 403), (desk.anonymous, 401)):
        assert (await fetch(who, export_id)).status_code == status
    assert (await fetch(api, "nonsense")).status_code == 404
    assert (await fetch(api, str(new_id()))).status_code == 404
    tomorrow = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(exports, "clock", SimpleNamespace(now=lambda: tomorrow))
    gone = await fetch(api, export_id)
    assert (gone.status_code, gone.json()["error"]["message"]) == (
        404, "there is no such export, or its day has passed; export again"
    )  # fmt: skip


async def test_only_who_may_see_every_number_may_export(desk: House) -> None:
    count = "select count(*) from jobs where tenant_id = :t and kind = 'feeds.export_books'"
    before = await scalar(desk.platform, desk.firm, count)
    for role in ("FIRM_ADMIN", "ADVISOR", "READ_ONLY"):
        denied = await desk.api(role).change("startExport", "", idempotencyKey=str(new_id()))
        assert denied["__typename"] == "PermissionDenied", role
    person = await make_user(desk.platform, desk.firm, roles=("OPERATIONS",), name="Not Proven")
    api = Api(desk.app, desk.firm, await bearer_of(desk.platform, desk.firm, person), person)
    async with desk.platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
        await uow.execute(
            sessions.update()
            .where(sessions.c.tenant_id == desk.firm.id, sessions.c.user_id == person.id)
            .values(stepped_up_until=None)
        )
    asked = await api.change("startExport", "", idempotencyKey=str(new_id()))
    assert asked["__typename"] == "StepUpRequired"
    assert await scalar(desk.platform, desk.firm, count) == before


async def test_a_failed_export_leaves_no_file(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_arguments: object, **_named: object) -> None:
        raise ValueError("no row today")

    monkeypatch.setattr(tasks, "record_export", refuse)
    folder = desk.platform.firm_storage(desk.firm.id)
    before = sorted(path.name for path in folder.iterdir())
    api = desk.api("OPERATIONS")
    asked = await api.change("startExport", "... on JobAccepted { job { id } }", idempotencyKey=str(new_id()))
    await run_one(desk.platform, desk.firm.id, from_global(asked["job"]["id"], "Job"))
    assert sorted(path.name for path in folder.iterdir()) == before
    assert await rows(
        desk.platform, desk.firm,
        "select state from jobs where tenant_id = :t and kind = 'feeds.export_books'"
        " order by requested_at desc limit 1"
    ) != [("SUCCEEDED",)]  # fmt: skip
