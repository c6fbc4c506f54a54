"""Values nobody means well with: the answer names them, and never quotes a fault of ours."""

from __future__ import annotations

import orjson
import pytest

from tests.graphql.conftest import House

pytestmark = pytest.mark.database

FILTERED = "query($name: String) { households(filter: {nameContains: $name}) { nodes { id } } }"


@pytest.mark.parametrize("name", ["\x00", "Whit\x00field"])
async def test_a_text_with_nul_is_refused_by_its_place(house: House, name: str) -> None:
    body = orjson.dumps({"query": FILTERED, "variables": {"name": name}})
    response = await house.api("ADVISOR").raw(body, content_type="application/json")
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "variables.name contains the character NUL" in error["message"]


async def test_nul_deep_in_an_input_is_found_too(house: House) -> None:
    mutation = """mutation($input: ResolveFindingInput!) { resolveFinding(input: $input) { __typename } }"""
    variables = {
        "input": {"findingId": "x", "resolution": "RESOLVED", "reason": "a\x00b", "expectedVersion": 1}
    }
    body = orjson.dumps({"query": mutation, "variables": variables})
    response = await house.api("OPERATIONS").raw(body, content_type="application/json")
    assert response.status_code == 400
    assert "variables.input.reason contains the character NUL" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("name", [r'"a\u0000b"', r'"a\u{0}b"', '"""a\\u0000b \x00"""'])
async def test_nul_in_a_literal_never_reaches_the_database(house: House, name: str) -> None:
    answer = await house.api("ADVISOR")(
        f"{{ households(filter: {{nameContains: {name}}}) {{ nodes {{ id }} }} }}"
    )
    assert answer.codes == ["BAD_USER_INPUT"], answer.body


async def test_a_backslash_u_that_is_only_text_is_no_nul(house: House) -> None:
    answer = await house.api("ADVISOR")(FILTERED, name="a\\u0000b")
    assert answer.data == {"households": {"nodes": []}}


async def test_a_number_of_thousands_of_digits_is_the_senders_fault(house: House) -> None:
    answer = await house.api("ADVISOR")(f"{{ households(first: {'9' * 5_000}) {{ nodes {{ id }} }} }}")
    assert (answer.status, answer.codes) == (400, ["BAD_USER_INPUT"])
    assert len(answer.errors[0]["message"]) < 300


@pytest.mark.parametrize("scope", ['householdId: "a", accountId: "b"', "", "firm: null", "firm: 3"])
async def test_a_scope_that_is_not_exactly_one_is_the_senders_fault(house: House, scope: str) -> None:
    answer = await house.api("ADVISOR")(f"{{ performance(scope: {{{scope}}}) {{ name }} }}")
    assert answer.codes == ["BAD_USER_INPUT"], answer.body
