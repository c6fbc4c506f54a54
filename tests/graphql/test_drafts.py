"""The import wizard's API: from an uploaded zip to the books, for the person who sent it alone."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.graphql.ids import from_global, to_global
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.running import run_one
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.factories_ledger import rows
from tests.graphql.conftest import Api, House, make_house

pytestmark = pytest.mark.database

FILES = {
    "people.csv": "No,Name,Born\nP1,Nora Whitfield,1961-04-12\nP2,Marta Castellano,12.02.1970\n",
    "Families.csv": "No,Family\nF1,Whitfield\n",
}
DRAFT = (
    "importDraft { id state version editCount source headers { name columns }"
    " files { name file columns { theirs ours } constants { ours value } } }"
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform) -> House:
    assert "feeds.import_draft" in load_handlers()
    return await make_house(app, platform)


async def upload(api: Api) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=api.app), base_url=f"http://{api.firm.slug}.localhost"
    ) as client:
        response = await client.post(
            "/files/uploads",
            content=packed.getvalue(),
            headers={"authorization": f"Bearer {api.token}", "content-type": "application/zip"},
        )
    assert response.status_code == 201, response.text
    return str(response.json()["uploadId"])


async def ran(desk: House, api: Api, mutation: str, draft_id: str) -> dict[str, Any]:
    asked = await api.change(
        mutation, "... on JobAccepted { job { id } }", draftId=draft_id, idempotencyKey=str(new_id())
    )
    await run_one(desk.platform, desk.firm.id, from_global(asked["job"]["id"], "Job"))
    answer = await api(
        "query($id: ID!) { importDraft(id: $id) { state version report"
        ' rows(file: "clients", verdict: REFUSED) { line cells { column value }'
        " problems { column value expectation message } } } }",
        id=draft_id,
    )
    draft: dict[str, Any] = answer.data["importDraft"]
    return draft


async def test_a_wizard_from_the_upload_to_the_books(desk: House) -> None:
    api = desk.api("OPERATIONS")
    given = {"uploadId": await upload(api), "idempotencyKey": str(new_id())}
    for _ in range(2):  # the same answer to the same key
        made = await api.change(
            "createImportDraft", f"... on CreateImportDraftSuccess {{ {DRAFT} }}", **given
        )
    draft = made["importDraft"]
    assert (draft["state"], draft["version"], draft["files"]) == ("MAPPING", 1, [])
    assert draft["headers"] == [
        {"name": "people.csv", "columns": ["No", "Name", "Born"]},
        {"name": "Families.csv", "columns": ["No", "Family"]},
    ]
    people = {
        "name": "people.csv",
        "file": "clients",
        "columns": [
            {"theirs": "No", "ours": "external_id"},
            {"theirs": "Name", "ours": "name"},
            {"theirs": "Born", "ours": "birth_date"},
        ],
        "constants": [{"ours": "kind", "value": "PERSON"}],
    }
    told = {"draftId": draft["id"], "source": "Old system", "asOf": "2021-03-31", "files": [people]}
    mapped = await api.change(
        "mapImportDraft", f"... on MapImportDraftSuccess {{ {DRAFT} }}", expectedVersion=1, **told
    )
    assert (mapped["importDraft"]["files"], mapped["importDraft"]["version"]) == ([people], 2)
    stale = await api.change("mapImportDraft", "", expectedVersion=1, **told)
    assert (stale["__typename"], stale["currentVersion"]) == ("Conflict", 2)
    checked = await ran(desk, api, "checkImportDraft", draft["id"])
    assert (checked["state"], checked["report"]["ok"], checked["report"]["problems"]) == ("CHECKED", False, 1)
    assert [
        (row["line"], [problem["message"] for problem in row["problems"]]) for row in checked["rows"]
    ] == [(3, ['clients.csv line 3, birth_date "12.0…": expected a date as YYYY-MM-DD'])]
    mended = await api.change(
        "mendImportDraft", f"... on MendImportDraftSuccess {{ {DRAFT} }}",
        draftId=draft["id"], expectedVersion=checked["version"],
        edits=[{"file": "clients", "line": 3, "column": "birth_date", "value": "1970-02-12"}],
    )  # fmt: skip
    assert mended["importDraft"]["editCount"] == 1
    done = await ran(desk, api, "commitImportDraft", draft["id"])
    assert (done["state"], done["report"]["ok"]) == ("COMMITTED", True)
    assert await rows(
        desk.platform, desk.firm,
        "select external_id, name, source from parties where tenant_id = :t order by 1",
    ) == [("P1", "Nora Whitfield", "Old system"), ("P2", "Marta Castellano", "Old system")]  # fmt: skip
    late = await api.change("discardImportDraft", "", draftId=draft["id"])
    assert late["__typename"] == "Conflict"


async def test_nobody_sees_or_changes_anothers_draft(desk: House) -> None:
    api = desk.api("OPERATIONS")
    made = await api.change(
        "createImportDraft", f"... on CreateImportDraftSuccess {{ {DRAFT} }}",
        uploadId=await upload(api), idempotencyKey=str(new_id()),
    )  # fmt: skip
    draft_id = made["importDraft"]["id"]
    other = await make_user(desk.platform, desk.firm, roles=("OPERATIONS",), name="Somebody Else")
    stranger = Api(desk.app, desk.firm, await bearer_of(desk.platform, desk.firm, other), other)
    query = "query($id: ID!) { importDraft(id: $id) { id } }"
    for who, id_ in ((stranger, draft_id), (api, to_global("ImportDraft", new_id()))):
        assert (await who(query, id=id_)).body["data"] == {"importDraft": None}
        gone = await who.change("discardImportDraft", "", draftId=id_)
        assert gone["__typename"] == "NotFound"
    denied = await desk.api("ADVISOR").change(
        "createImportDraft", "", uploadId=str(new_id()), idempotencyKey=str(new_id())
    )
    assert denied["__typename"] == "PermissionDenied"
    discarded = await api.change(
        "discardImportDraft", f"... on DiscardImportDraftSuccess {{ {DRAFT} }}", draftId=draft_id
    )
    assert discarded["importDraft"]["state"] == "DISCARDED"
