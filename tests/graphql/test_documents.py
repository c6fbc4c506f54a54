"""Trusted documents: what the web app may send, by id; checked and costed at start."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from graphql import concat_ast, parse, print_ast, validate
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp
from wealthnexus.domain.identity.service.sessions import authenticate
from wealthnexus.graphql.documents import Documents
from wealthnexus.graphql.engine import TRUSTED_BUDGETS
from wealthnexus.graphql.schema import schema
from wealthnexus.graphql.view import GraphQLApp, make_graphql_app
from wealthnexus.kit.context import internal_request
from wealthnexus.kit.paging import FIRST_MAX
from wealthnexus.runtime import Platform

from tests.graphql.conftest import Answer, Api, House

pytestmark = pytest.mark.database
FRONTEND = Path(__file__).resolve().parents[2] / "frontend" / "src"
VIEWER = "query Viewer { viewer { name } }"
BULK = "query EverythingBulk($first: Int!) { households(first: $first) { nodes { id } } }"
PLAIN = "query Everything($first: Int!) { households(first: $first) { nodes { id } } }"
ABSURD = "query Absurd { households(first: 200) { nodes { accounts(first: 200) { nodes { positions(first: 200) { nodes { id quantity } } } } } } }"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(folder: Path, *documents: str, **wrong: str) -> Path:
    path = folder / "persisted-documents.json"
    path.write_text(json.dumps({digest(each): each for each in documents} | wrong))
    return path


def test_the_manifest_is_checked_at_start(
    app: ASGIApp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    documents = Documents(schema._schema)
    assert documents.load_trusted(tmp_path / "missing.json") == 0
    path = manifest(tmp_path, VIEWER, BULK, "query Broken { nothing }", **{"0" * 64: VIEWER})
    assert documents.load_trusted(path) == 2
    assert "Cannot query field 'nothing'" in caplog.text
    assert "its hash is another one" in caplog.text
    prepared = documents.trusted_by_id(digest(BULK))
    assert prepared is not None
    operation = prepared.operations["EverythingBulk"]
    assert operation.cost.cost({"first": 1_000}) == 1_002
    assert documents.trusted_by_id("../../etc/passwd") is None
    assert documents.is_trusted(VIEWER)
    assert not documents.is_trusted(VIEWER + " ")
    (tmp_path / "persisted-documents.json").write_text("not json")
    assert documents.load_trusted(path) == 0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def production(
    platform: Platform, book: House, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ASGIApp]:
    """The API as in production; a header of the test says whose cookie session the request comes with."""
    folder = tmp_path_factory.mktemp("dist")
    manifest(folder, VIEWER, BULK, PLAIN, ABSURD)
    settings = platform.settings.model_copy(update={"environment": "production", "web_dist_dir": folder})
    import dataclasses

    api: GraphQLApp = make_graphql_app(
        dataclasses.replace(platform, settings=settings), authenticate=_by_header(platform, book)
    )
    assert api.start() == 4
    app = Starlette(routes=[Route("/graphql", api)])

    async def with_firm(scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {"firm": book.firm, "request_info": internal_request("test")}
        await app(scope, receive, send)

    yield with_firm


def _by_header(platform: Platform, book: House):  # type: ignore[no-untyped-def]
    import dataclasses

    async def by_header(connection: Any) -> Any:
        caller = await authenticate(platform, book.firm, connection.headers["x-token"], via="bearer")
        assert caller is not None
        return dataclasses.replace(caller, via=connection.headers["x-via"])

    return by_header


async def ask(app: ASGIApp, book: House, via: str, body: dict[str, Any]) -> Answer:
    token = book.api("ADVISOR").token
    assert token is not None
    response = await Api(app, book.firm, headers={"x-token": token, "x-via": via}).raw(body)
    return Answer(response.status_code, response.json(), response.headers)


async def test_in_production_a_session_sends_trusted_documents_only(production: ASGIApp, book: House) -> None:
    by_id = await ask(production, book, "cookie", {"documentId": digest(VIEWER)})
    assert by_id.data == {"viewer": {"name": "Advisor Person"}}
    in_full = await ask(production, book, "cookie", {"query": VIEWER})
    assert in_full.data == by_id.data
    by_extension = await ask(
        production, book, "cookie", {"query": "", "extensions": {"documentId": digest(VIEWER)}}
    )
    assert by_extension.data == by_id.data
    other = await ask(production, book, "cookie", {"query": "{ viewer { email } }"})
    assert (other.status, other.codes) == (403, ["FORBIDDEN"])
    assert other.errors[0]["message"] == "The web app may send its own documents only; nothing was executed."
    bearer = await ask(production, book, "bearer", {"query": "{ viewer { email } }"})
    assert bearer.status == 200
    unknown = await ask(production, book, "cookie", {"documentId": "f" * 64})
    assert (unknown.status, unknown.codes) == (400, ["BAD_USER_INPUT"])


async def test_bulk_documents_may_ask_for_a_thousand(production: ASGIApp, book: House) -> None:
    bulk = await ask(production, book, "cookie", {"documentId": digest(BULK), "variables": {"first": 1_000}})
    assert len(bulk.data["households"]["nodes"]) == 12
    plain = await ask(
        production, book, "cookie", {"documentId": digest(PLAIN), "variables": {"first": 1_000}}
    )
    assert "first is 1000, expected 1 to 200" in plain.errors[0]["message"]
    untrusted = await ask(
        production,
        book,
        "bearer",
        {"query": BULK.replace("id }", "id name }"), "variables": {"first": 1_000}},
    )
    assert "first is 1000, expected 1 to 200" in untrusted.errors[0]["message"]


async def test_trusted_documents_have_a_longer_budget_and_still_one(production: ASGIApp, book: House) -> None:
    answer = await ask(production, book, "cookie", {"documentId": digest(ABSURD)})
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.body["extensions"]["cost"]["budget"] == 50_000 * TRUSTED_BUDGETS


@cache
def app_documents() -> dict[str, str]:
    """Operation name -> document with the fragments it uses, as the app's build makes them."""
    sources = [parse(path.read_text(encoding="utf-8")) for path in sorted(FRONTEND.rglob("*.graphql"))]
    whole = concat_ast(sources)
    fragments = {node.name.value: node for node in whole.definitions if node.kind == "fragment_definition"}
    found = {}
    for node in whole.definitions:
        if node.kind != "operation_definition":
            continue
        used: dict[str, Any] = {}
        waiting = [node]
        while waiting:
            text = print_ast(waiting.pop())
            for name, fragment in fragments.items():
                if f"...{name}\n" in text + "\n" and name not in used:
                    used[name] = fragment
                    waiting.append(fragment)
        found[node.name.value] = "\n".join([print_ast(node), *map(print_ast, used.values())])
    return found


# Pages within pages: the app asks for few of the outer ones.
PAGES = {"HouseholdHoldings": 20}


@pytest.mark.parametrize("name", sorted(app_documents()))
def test_the_apps_documents_fit_the_schema_and_their_budget(name: str) -> None:
    text = app_documents()[name]
    assert validate(schema._schema, parse(text)) == []
    prepared = Documents(schema._schema).prepare(text)
    assert prepared.errors == (), [error.message for error in prepared.errors]
    longest = dict.fromkeys(("first", "last", "days"), PAGES.get(name, FIRST_MAX))
    smallest_tier = 20_000
    assert prepared.operations[name].cost.cost(longest) <= smallest_tier * TRUSTED_BUDGETS
