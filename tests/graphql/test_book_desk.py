"""What is done with a whole list of the Book: tiles, a file, tags and books on everything that matches."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.clients import book_csv
from wealthnexus.domain.clients.book_csv import cell
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform
from wealthnexus.web import book_csv as web_book_csv

from tests.factories_ledger import rows
from tests.graphql.conftest import Api, House, load_book, make_house

pytestmark = pytest.mark.database


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    made = await make_house(app, platform)
    await load_book(made, tmp_path_factory.mktemp("desk"), households=3, per_account=2)
    return made


async def fetch(api: Api, **asked: Any) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=api.app)
    headers = {"authorization": f"Bearer {api.token}"} if api.token else {}
    base = f"http://{api.firm.slug}.localhost"
    given = {name: each if isinstance(each, str) else json.dumps(each) for name, each in asked.items()}
    async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
        return await client.get("/files/book.csv", params=given, headers=headers)


def read(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


LIST = """query($filter: HouseholdFilter, $orderBy: HouseholdOrder) {
  households(first: 50, filter: $filter, orderBy: $orderBy) {
    totalCount nodes { id name tags marketValue { value } } } }"""


@pytest.mark.parametrize("field", ["NAME", "MARKET_VALUE", "CASH", "ACCOUNT_COUNT", "OPENED_ON"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_the_file_is_the_list(desk: House, field: str, direction: str) -> None:
    api = desk.api("ADVISOR")
    order = {"field": field, "direction": direction}
    listed = (await api(LIST, orderBy=order)).data["households"]
    found = read(await fetch(api, orderBy=order, columns="name,value"))
    assert [(row["Household"], row["Value"]) for row in found] == [
        (node["name"], node["marketValue"]["value"]) for node in listed["nodes"]
    ]


async def test_filter_and_columns_of_the_file(desk: House) -> None:
    api = desk.api("ADVISOR")
    name = (await api(LIST)).data["households"]["nodes"][1]["name"]
    answer = await fetch(api, filter={"nameContains": name, "standing": "CURRENT"}, columns="accounts,name")
    assert answer.headers["content-disposition"] == f'attachment; filename="{api.firm.slug}-households.csv"'
    assert list(read(answer)[0]) == ["Accounts", "Household"]
    assert [row["Household"] for row in read(answer)] == [name]
    audited = "select details ->> 'household_count' from audit_events where tenant_id = :t and action = :a"
    assert ("1",) in await rows(desk.platform, desk.firm, audited.replace(":a", "'clients.book.exported'"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"filter": "{"}, "filter cannot be read"),
        ({"filter": {"nameIs": "x"}}, "filter cannot be read"),
        ({"filter": {"nameContains": "a\0b"}}, "filter.nameContains contains the character NUL"),
        ({"filter": '{"nameContains": "\\ud800"}'}, "filter cannot be read"),
        ({"filter": "[" * 5_000}, "filter cannot be read"),
        ({"filter": '{"minValue": ' + "9" * 5_000 + "}"}, "filter cannot be read"),
        ({"filter": {"highCashShare": "2"}}, "2 is no share"),
        ({"orderBy": {"field": "AGE", "direction": "ASC"}}, "orderBy cannot be read"),
        ({"columns": "name,secret"}, "'secret' is no column of the Book"),
    ],
)
async def test_what_cannot_be_read_is_said(desk: House, asked: dict[str, Any], said: str) -> None:
    answer = await fetch(desk.api("ADVISOR"), **asked)
    assert answer.status_code == 400
    assert said in answer.text
    assert "othing was" in answer.text


async def test_nobody_takes_it_without_signing_in(desk: House) -> None:
    api = desk.api("ADVISOR")
    stranger = Api(api.app, api.firm, "")
    assert (await fetch(stranger)).status_code == 401


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\n=1", '"\'\n=1"'),
        ("-12.50", "-12.50"),
        ("@x", "'@x"),
        ('a"b,c', '"a""b,c"'),
        (None, ""),
        (3, "3"),
    ],
)
def test_a_cell(value: Any, written: str) -> None:
    assert cell(value) == written


async def test_everything_that_matches_is_tagged_and_untagged(desk: House) -> None:
    api = desk.api("ADVISOR")
    whole: dict[str, Any] = {"households": {"standing": "CURRENT"}, "tagNames": ["Spring letter"]}
    stale = await api.change("tagSubjects", "... on Conflict { message }", **whole, expectedCount=99)
    assert stale["message"].startswith("3 households match now, 99 did when you looked")
    done = await api.change("tagSubjects", "... on TagSubjectsSuccess { subjectCount }", **whole)
    assert done["subjectCount"] == 3
    tagged = (await api(LIST, filter={"tag": "spring LETTER"})).data["households"]
    assert tagged["totalCount"] == 3
    both = {"subjectIds": [tagged["nodes"][0]["id"]], **whole}
    refused = await api.change("tagSubjects", "... on ValidationFailed { message }", **both)
    assert refused["message"] == "Give exactly one of subjectIds and households; nothing was changed."
    ids = {"subjectIds": [tagged["nodes"][0]["id"]], "tagNames": ["Spring letter"]}
    await api.change("untagSubjects", "... on UntagSubjectsSuccess { subjectCount }", **ids)
    assert (await api(LIST, filter={"tag": "Spring letter"})).data["households"]["totalCount"] == 2


async def test_accounts_of_a_list_are_assigned_after_a_look(desk: House) -> None:
    api = desk.api("OPERATIONS")
    books = {}
    for code in ("R1", "R2"):
        given = {
            "idempotencyKey": str(new_id()),
            "kind": "REPRESENTATIVE",
            "code": code,
            "name": f"Rep {code}",
        }
        made = await api.change("createBook", "... on CreateBookSuccess { bookId }", **given)
        books[code] = made["bookId"]
    fields = (
        "... on AssignAccountsSuccess { accountCount unchangedCount"
        " before { accountCount books { bookId split } } }"
    )
    given = {"households": {"standing": "CURRENT"}, "splits": [{"bookId": books["R1"], "split": "1"}]}
    look = await api.change("assignAccounts", fields, **given, dryRun=True)
    count = look["accountCount"]
    assert look["before"] == [{"accountCount": count, "books": []}]
    assert (await api(LIST, filter={"bookId": books["R1"]})).data["households"]["totalCount"] == 0
    await api.change("assignAccounts", fields, **given)
    assert (await api(LIST, filter={"bookId": books["R1"]})).data["households"]["totalCount"] == 3
    again = await api.change("assignAccounts", fields, **given, dryRun=True)
    assert again["unchangedCount"] == count
    given["splits"] = [{"bookId": books[code], "split": "0.5"} for code in books]
    split = await api.change("assignAccounts", fields, **given, dryRun=True)
    assert split["unchangedCount"] == 0
    assert split["before"] == [{"accountCount": count, "books": [{"bookId": books["R1"], "split": "1"}]}]


async def test_tiles_and_the_timeline_answer(desk: House) -> None:
    api = desk.api("ADVISOR")
    answer = (await api("{ householdTiles { totalCount tiles { attention count } } }")).data["householdTiles"]
    assert answer["totalCount"] == 3
    assert len(answer["tiles"]) == 12
    key = (await api(LIST)).data["households"]["nodes"][0]["id"]
    asked = "query($id: ID!) { timeline(subjectId: $id) { kinds nodes { kind code day text } } }"
    found = (await api(asked, id=key)).data["timeline"]
    assert "GRANT" not in found["kinds"]
    assert {node["kind"] for node in found["nodes"]} <= set(found["kinds"])
    assert "GRANT" in (await desk.api("COMPLIANCE")(asked, id=key)).data["timeline"]["kinds"]


async def test_a_file_nobody_waits_for_is_not_read_to_its_end(
    desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = desk.api("FIRM_ADMIN")
    monkeypatch.setattr(book_csv, "CHUNK", 1)
    parts: list[list[UUID]] = []
    real = book_csv.households_by_ids

    async def reading(reader: Reader, view: BookView, ids: Sequence[UUID]) -> Any:
        parts.append(list(ids))
        return await real(reader, view, ids)

    monkeypatch.setattr(book_csv, "households_by_ids", reading)
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        # Gone as soon as the first part has been read.
        if messages:
            return messages.pop()
        if not parts:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    host = f"{api.firm.slug}.localhost"
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/files/book.csv", "raw_path": b"/files/book.csv", "query_string": b"", "root_path": "",
        "headers": [(b"host", host.encode()), (b"authorization", f"Bearer {api.token}".encode())],
        "client": ("127.0.0.1", 1), "server": (host, 80),
    }  # fmt: skip
    await desk.app(scope, receive, send)
    assert len(parts) == 1
    assert [each["status"] for each in sent if each["type"] == "http.response.start"] == [499]
    audited = "select count(*) from audit_events where tenant_id = :t and action = 'clients.book.exported'"
    before = await rows(desk.platform, desk.firm, audited)
    parts.clear()
    assert len(read(await fetch(api))) == len(parts) == 3
    assert await rows(desk.platform, desk.firm, audited) == [(before[0][0] + 1,)]


async def test_a_file_that_takes_too_long_is_given_up(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_book_csv, "READING_SECONDS_MAX", 0)
    answer = await fetch(desk.api("FIRM_ADMIN"))
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(
        "the list could not be read within 0 seconds; narrow it"
    )
