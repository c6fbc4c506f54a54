"""Households' names, imports, jobs, work items, findings; the audit log of all of it."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain import audit, work
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api, House, load_book, make_house

pytestmark = pytest.mark.database

ITEM = "workItem { id kind title state assignee { id name } version viewerCan subject { id kind label } }"
FINDING = "finding { id state resolutionReason version viewerCan }"
JOB = "job { id kind title state stage done total cancelRequested viewerCan requestedBy { kind name } }"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    made = await make_house(app, platform)
    await load_book(made, tmp_path_factory.mktemp("desk"), households=2, per_account=3)
    return made


async def test_a_household_is_renamed_and_a_stale_name_meets_the_newer_one(desk: House) -> None:
    api = desk.api("ADVISOR")
    household = (await api("{ households(first: 1) { nodes { id name version viewerCan } } }")).data[
        "households"
    ]["nodes"][0]
    assert "EDIT_HOUSEHOLD" in household["viewerCan"]
    payload = "... on RenameHouseholdSuccess { household { id name version } } ... on Conflict { current { id ... on Household { name version } } }"
    given = {
        "householdId": household["id"],
        "name": "The Alders of Mill Street",
        "expectedVersion": household["version"],
    }
    denied = await desk.api("READ_ONLY").change("renameHousehold", payload, **given)
    assert denied["__typename"] == "PermissionDenied"
    unchanged = (
        await api("query($id: ID!) { household(id: $id) { name version } }", id=household["id"])
    ).data["household"]
    assert unchanged == {"name": household["name"], "version": household["version"]}
    done = await api.change("renameHousehold", payload, **given)
    assert done["household"] == {
        "id": household["id"],
        "name": given["name"],
        "version": household["version"] + 1,
    }
    stale = await api.change("renameHousehold", payload, **{**given, "name": "Another name"})
    assert (stale["__typename"], stale["currentVersion"]) == ("Conflict", household["version"] + 1)
    assert stale["current"] == done["household"]
    empty = await api.change(
        "renameHousehold", payload, **{**given, "name": "  ", "expectedVersion": household["version"] + 1}
    )
    assert (empty["__typename"], empty["path"]) == ("ValidationFailed", ["input", "name"])
    events = (await desk.api("COMPLIANCE")(
        "query($s: ID) { auditEvents(filter: {subjectId: $s}) { totalCount nodes { action actor { name } subject { id label } sealed contentHash requestId } } }",
        s=household["id"],
    )).data["auditEvents"]  # fmt: skip
    assert (events["totalCount"], events["nodes"][0]["actor"]["name"]) == (1, "Advisor Person")
    assert events["nodes"][0]["subject"]["id"] == household["id"]


async def upload(house: House, folder: Path) -> str:
    generate_households(2, 4, folder / "bundle.zip")
    api = house.api("OPERATIONS")
    content = await asyncio.to_thread((folder / "bundle.zip").read_bytes)
    transport = httpx2.ASGITransport(app=api.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=f"http://{api.firm.slug}.localhost"
    ) as client:
        response = await client.post(
            "/files/uploads",
            content=content,
            headers={"authorization": f"Bearer {api.token}", "content-type": "application/zip"},
        )
    assert response.status_code == 201, response.text
    return str(response.json()["uploadId"])


async def test_an_import_is_accepted_once_and_cancelled(desk: House, tmp_path: Path) -> None:
    api = desk.api("OPERATIONS")
    given = {"idempotencyKey": str(new_id()), "uploadId": await upload(desk, tmp_path)}
    jobs = "{ jobs { totalCount nodes { id } } }"
    before = (await api(jobs)).data["jobs"]["totalCount"]
    denied = await desk.api("ADVISOR").change("startImport", "", **given)
    assert denied["__typename"] == "PermissionDenied"
    missing = await api.change("startImport", "", idempotencyKey=str(new_id()), uploadId=str(new_id()))
    assert missing["__typename"] == "NotFound"
    assert (await api(jobs)).data["jobs"]["totalCount"] == before
    done = await api.change("startImport", f"... on JobAccepted {{ {JOB} }}", **given)
    assert done["__typename"] == "JobAccepted", done
    job = done["job"]
    assert (job["kind"], job["state"], job["viewerCan"]) == ("feeds.import_bundle", "QUEUED", ["CANCEL_JOB"])
    assert job["requestedBy"] == {"kind": "user", "name": "Operations Person"}
    again = await api.change("startImport", f"... on JobAccepted {{ {JOB} }}", **given)
    assert again == done
    assert (await api(jobs)).data["jobs"]["totalCount"] == before + 1
    not_mine = await desk.api("ADVISOR").change("cancelJob", "", jobId=job["id"])
    assert not_mine["__typename"] == "PermissionDenied"
    stopped = await api.change("cancelJob", f"... on CancelJobSuccess {{ {JOB} }}", jobId=job["id"])
    assert (stopped["job"]["state"], stopped["job"]["viewerCan"]) == ("CANCELLED", [])
    twice = await api.change("cancelJob", "", jobId=job["id"])
    assert twice["__typename"] == "Conflict"


async def test_a_bundle_is_imported_by_its_sender_who_sees_the_whole_firm(
    desk: House, platform: Platform, tmp_path: Path
) -> None:
    given = {"idempotencyKey": str(new_id()), "uploadId": await upload(desk, tmp_path)}
    another = await desk.api("FIRM_ADMIN").change("startImport", "", **given)
    assert another["__typename"] == "NotFound"
    clerk = await make_user(platform, desk.firm, roles=("OPERATIONS",), limited=True)
    api = Api(desk.app, desk.firm, await bearer_of(platform, desk.firm, clerk), clerk)
    refused = await api.change("startImport", "", **given)
    assert (refused["__typename"], refused["message"]) == (
        "PermissionDenied",
        "a bundle may change any account of the firm and your access is limited to some;"
        " nothing was imported",
    )
    started = await desk.api("OPERATIONS").change("startImport", f"... on JobAccepted {{ {JOB} }}", **given)
    assert started["__typename"] == "JobAccepted", started


async def posted_item(desk: House, **facts: Any) -> str:
    """An item in the queue, of a kind that is closed by hand."""
    async with desk.platform.db.unit_of_work(
        Binding(desk.firm.id), actor=Actor("system", None, "System")
    ) as uow:
        subject = await work.register_subject(uow, new_id(), "note", "A call with the client")
        key = await work.post_item(
            uow,
            kind="tests.call",
            title="Call the client back",
            subject_id=subject,
            owner_role="ADVISOR",
            action_label="Open",
            action_path="/work",
            **facts,
        )
    nodes = (await desk.api("ADVISOR")("{ workItems(first: 200) { nodes { id title } } }")).data["workItems"][
        "nodes"
    ]
    from wealthnexus.graphql.ids import to_global

    found = str(to_global("WorkItem", key))
    assert found in {node["id"] for node in nodes}
    return found


async def test_work_is_assigned_given_back_and_completed(desk: House) -> None:
    api = desk.api("ADVISOR")
    item = await posted_item(desk)
    me = (await api("{ viewer { id } }")).data["viewer"]["id"]
    left_out = await api.change("assignWorkItem", "", workItemId=item, expectedVersion=1)
    assert (left_out["__typename"], left_out["path"]) == ("ValidationFailed", ["input", "assigneeId"])
    mine = await api.change(
        "assignWorkItem",
        f"... on AssignWorkItemSuccess {{ {ITEM} }}",
        workItemId=item,
        assigneeId=me,
        expectedVersion=1,
    )
    assert mine["workItem"]["assignee"] == {"id": me, "name": "Advisor Person"}
    assert (mine["workItem"]["state"], mine["workItem"]["version"]) == ("IN_PROGRESS", 2)
    assert mine["workItem"]["subject"]["label"] == "A call with the client"
    scoped = "query($s: WorkScope) { workItems(filter: {scope: $s}) { nodes { id } } workSummary(scope: $s) { openCount needsYou groups { kind label count } } }"
    found = (await api(scoped, s="MINE")).data
    assert found["workItems"]["nodes"] == [{"id": item}]
    assert found["workSummary"]["openCount"] == 1
    others = (await desk.api("TRADER")(scoped, s="MINE")).data
    assert others["workItems"]["nodes"] == []
    back = await api.change(
        "assignWorkItem",
        f"... on AssignWorkItemSuccess {{ {ITEM} }}",
        workItemId=item,
        assigneeId=None,
        expectedVersion=2,
    )
    assert (back["workItem"]["assignee"], back["workItem"]["state"]) == (None, "OPEN")
    stale = await api.change("completeWorkItem", "", workItemId=item, expectedVersion=1)
    assert (stale["__typename"], stale["currentVersion"]) == ("Conflict", 3)
    denied = await desk.api("READ_ONLY").change("completeWorkItem", "", workItemId=item, expectedVersion=3)
    assert denied["__typename"] == "PermissionDenied"
    done = await api.change(
        "completeWorkItem", f"... on CompleteWorkItemSuccess {{ {ITEM} }}", workItemId=item, expectedVersion=3
    )
    assert (done["workItem"]["state"], done["workItem"]["viewerCan"]) == ("DONE", [])


async def test_a_finding_is_closed_with_a_reason(desk: House) -> None:
    async with desk.platform.db.unit_of_work(
        Binding(desk.firm.id), actor=Actor("system", None, "System")
    ) as uow:
        await work.post_finding(
            uow, code="TEST_GAP", severity="WARNING", category="data", message="A day is missing",
            evidence=[work.Evidence("Day", "2021-03-30")], fix=work.Fix("Import", "/imports"),
        )  # fmt: skip
    query = """{ findings(filter: {category: "data", states: [OPEN]}) { nodes { id version state viewerCan message
      evidence { label value } fix { label path } code params } } }"""
    nodes = (await desk.api("OPERATIONS")(query)).data["findings"]["nodes"]
    finding = next(node for node in nodes if node["code"] == "TEST_GAP")
    assert finding["viewerCan"] == ["RESOLVE_FINDING"]
    assert finding["evidence"] == [{"label": "Day", "value": "2021-03-30"}]
    assert finding["fix"] == {"label": "Import", "path": "/imports"}
    given = {"findingId": finding["id"], "resolution": "DISMISSED", "expectedVersion": finding["version"]}
    denied = await desk.api("ADVISOR").change("resolveFinding", "", **given, reason="known")
    assert denied["__typename"] == "PermissionDenied"
    empty = await desk.api("OPERATIONS").change("resolveFinding", "", **given, reason=" ")
    assert (empty["__typename"], empty["path"]) == ("ValidationFailed", ["input", "reason"])
    done = await desk.api("OPERATIONS").change(
        "resolveFinding", f"... on ResolveFindingSuccess {{ {FINDING} }}", **given, reason="a holiday"
    )
    assert (done["finding"]["state"], done["finding"]["resolutionReason"], done["finding"]["viewerCan"]) == (
        "DISMISSED",
        "a holiday",
        [],
    )


async def test_the_chain_is_verified_when_asked(desk: House) -> None:
    async with desk.platform.db.unit_of_work(Binding(desk.firm.id, role="system")) as uow:
        await audit.seal_firm(uow)
    query = "{ auditChain { verified sealedCount unsealedCount headHash headSeq brokenAtSeq message verifiedAt } auditEvents(first: 1) { nodes { sealed chainSeq chainHash details } } }"
    found = (await desk.api("COMPLIANCE")(query)).data
    chain = found["auditChain"]
    assert (chain["verified"], chain["brokenAtSeq"]) == (True, None)
    assert int(chain["sealedCount"]) == int(chain["headSeq"]) > 0
    assert len(chain["headHash"]) == 64
    refused = await desk.api("ADVISOR")(query)
    assert set(refused.codes) == {"FORBIDDEN"}
