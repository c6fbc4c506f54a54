"""GraphQL over HTTP: what is read, what is refused, with which status and words."""

from __future__ import annotations

import asyncio

import pytest
from wealthnexus.graphql import limits

from tests.graphql.conftest import Api, House

pytestmark = pytest.mark.database


async def test_the_viewer_is_told_who_they_are(house: House) -> None:
    answer = await house.api("ADVISOR")(
        "{ viewer { name email kind roles scope currentSessionId permissions } }"
    )
    viewer = answer.data["viewer"]
    assert (viewer["name"], viewer["kind"], viewer["roles"], viewer["scope"]) == (
        "Advisor Person",
        "STAFF",
        ["ADVISOR"],
        "FIRM",
    )
    assert "households.read" in viewer["permissions"]
    assert answer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_nobody_may_ask_for_the_typename_and_nothing_else(house: House) -> None:
    probe = await house.anonymous("{ __typename }")
    assert (probe.status, probe.data) == (200, {"__typename": "Query"})
    refused = await house.anonymous("{ viewer { name } }")
    assert (refused.status, refused.codes) == (401, ["UNAUTHENTICATED"])
    assert "data" not in refused.body
    assert refused.errors[0]["message"] == "Sign in first; nothing was read or changed."
    assert refused.errors[0]["extensions"]["requestId"]
    long = await house.anonymous("{ " + "__typename " * 400 + "}")
    assert (long.status, long.codes) == (401, ["UNAUTHENTICATED"])


async def test_a_bearer_of_another_firm_is_nobody_here(house: House, other_house: House) -> None:
    foreign = Api(house.app, house.firm, other_house.api("FIRM_ADMIN").token)
    answer = await foreign("{ firm { name } }")
    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"not json", 400, "it is not JSON"),
        (b"[]", 400, "batches are not accepted"),
        (b'[{"query":"{ __typename }"}]', 400, "batches are not accepted"),
        (b"{}", 400, "neither query nor documentId"),
        (b'{"query": 7}', 400, "query is not a string"),
        (b'{"query":"{ __typename }","variables":[]}', 400, "variables is not an object"),
        (b'{"query":"{ __typename }","operationName":7}', 400, "operationName is not a string"),
        (b'{"documentId":"' + b"0" * 64 + b'"}', 400, "another version than the server"),
    ],
)
async def test_a_body_that_is_no_request_is_refused(
    house: House, body: bytes, status: int, words: str
) -> None:
    response = await house.api("ADVISOR").raw(body, content_type="application/json")
    assert response.status_code == status
    assert words in response.json()["errors"][0]["message"]
    assert "data" not in response.json()


async def test_a_body_that_is_too_large_is_not_read(house: House) -> None:
    body = b'{"query":"' + b" " * limits.BODY_BYTES_MAX + b'"}'
    response = await house.api("ADVISOR").raw(body, content_type="application/json")
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_other_methods_are_told_which_are_allowed(house: House) -> None:
    api = house.api("ADVISOR")
    for method in ("PUT", "DELETE", "PATCH"):
        response = await api.raw({"query": "{ __typename }"}, method=method)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_a_mutation_is_not_sent_by_get(house: House) -> None:
    query = "mutation{revokeOtherSessions(input:{}){__typename}}"
    response = await _get(house.api("ADVISOR"), query)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["errors"][0]["message"] == "Only queries can be sent by GET; nothing was executed."


async def _get(api: Api, query: str):  # type: ignore[no-untyped-def]
    import httpx2

    transport = httpx2.ASGITransport(app=api.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=f"http://{api.firm.slug}.localhost"
    ) as client:
        return await client.get(
            "/graphql",
            params={"query": query},
            headers={"authorization": f"Bearer {api.token}", "accept": "application/graphql-response+json"},
        )


async def test_a_query_may_be_sent_by_get_with_a_bearer(house: House) -> None:
    response = await _get(house.api("ADVISOR"), "{ viewer { name } }")
    assert response.json() == {
        "data": {"viewer": {"name": "Advisor Person"}},
        "extensions": {"cost": {"requested": 2, "budget": 50_000}},
    }


async def test_several_operations_need_a_name(house: House) -> None:
    api = house.api("ADVISOR")
    two = "query A { viewer { name } } query B { firm { slug } }"
    refused = await api.raw({"query": two})
    assert refused.status_code == 400
    assert (
        "the document has 2 operations; operationName must say which"
        in refused.json()["errors"][0]["message"]
    )
    assert "data" not in refused.json()
    named = await api.raw({"query": two, "operationName": "B"})
    assert named.json()["data"] == {"firm": {"slug": house.firm.slug}}
    unknown = await api.raw({"query": two, "operationName": "C"})
    assert unknown.status_code == 400
    assert "no operation named 'C'" in unknown.json()["errors"][0]["message"]


async def test_fields_are_not_suggested(house: House) -> None:
    answer = await house.api("ADVISOR")("{ viewers { name } }")
    assert (answer.status, answer.codes) == (400, ["BAD_USER_INPUT"])
    assert answer.errors[0]["message"] == "Cannot query field 'viewers' on type 'Query'."


async def test_the_schema_is_read_with_the_permission_only(house: House) -> None:
    answer = await house.api("ADVISOR")("{ __schema { queryType { name } } }")
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
    assert (
        answer.errors[0]["message"]
        == "The schema may be read with api.introspect only; nothing was executed."
    )


async def test_the_status_of_a_refused_request_depends_on_the_media_type(house: House) -> None:
    api = house.api("ADVISOR")
    strict = await api.raw({"query": "{ nothing }"})
    assert (strict.status_code, strict.headers["content-type"]) == (
        400,
        "application/graphql-response+json; charset=utf-8",
    )
    plain = await api.raw({"query": "{ nothing }"}, accept="application/json")
    assert (plain.status_code, plain.headers["content-type"]) == (200, "application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/json;q=1, application/graphql-response+json;q=0.5", "application/json"),
        ("*/*", "application/json"),
        ("text/event-stream;q=0.1, application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json;q=nonsense", "application/json"),
    ],
)
async def test_the_answer_has_the_media_type_asked_for(house: House, accept: str, expected: str) -> None:
    response = await house.api("ADVISOR").raw({"query": "{ __typename }"}, accept=accept)
    assert response.headers["content-type"] == f"{expected}; charset=utf-8"


async def test_everything_at_once_still_answers(house: House) -> None:
    api = house.api("READ_ONLY")
    answers = await asyncio.gather(*(api("{ viewer { name } firm { bookVersion } }") for _ in range(30)))
    assert {answer.status for answer in answers} == {200}
    assert {answer.data["viewer"]["name"] for answer in answers} == {"Read_Only Person"}
