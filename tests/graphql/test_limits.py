"""Limits: on documents, on what they cost, on how often and how long somebody may ask."""
# ruff: noqa: E501 -- documents are written on one line

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from graphql import parse
from wealthnexus.graphql import limits
from wealthnexus.graphql.cost import WEIGHTS
from wealthnexus.graphql.documents import Documents
from wealthnexus.graphql.schema import schema
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_firm, make_user
from tests.graphql.conftest import Api, House

pytestmark = pytest.mark.database


def cost(document: str, **variables: Any) -> int:
    prepared = Documents(schema._schema).prepare(document)
    assert prepared.errors == (), prepared.errors
    operation = prepared.choose(None)
    return operation.cost.cost(variables)  # type: ignore[union-attr]


def test_every_weight_is_of_a_field_that_is_there() -> None:
    fields = {name for type_ in schema._schema.type_map.values() for name in getattr(type_, "fields", {})}
    assert WEIGHTS.keys() - fields == set()
    # What plays tax lots or judges the ledger is never as cheap as a name.
    assert cost("{ corporateActionCounts { due } }") == 101
    assert cost("{ accounts(first: 1) { nodes { lots(first: 1) { totalCount } } } }") == 72


@pytest.mark.parametrize(
    ("document", "variables", "expected"),
    [
        ("{ viewer { name email } }", {}, 3),
        # households 1, nodes 1, then 50 by default x (id name)
        ("{ households { nodes { id name } } }", {}, 102),
        ("{ households(first: 3) { nodes { id name } pageInfo { endCursor } } }", {}, 10),
        ("query($n: Int) { households(first: $n) { nodes { id } } }", {"n": 7}, 9),
        ("query($n: Int = 4) { households(first: $n) { nodes { id } } }", {}, 6),
        ("query($n: Int) { households(first: $n) { nodes { id } } }", {"n": 10**9}, 1_002),
        ("query($n: Int) { households(first: $n) { nodes { id } } }", {"n": -5}, 3),
        # 1 + nodes 1 + 2 x (accounts 1 + nodes 1 + 3 x id)
        ("{ households(first: 2) { nodes { accounts(first: 3) { nodes { id } } } } }", {}, 12),
        # a fragment counts as often as it is spread
        ("fragment F on Household { id name } { a: households(first: 2) { nodes { ...F } } b: households(first: 3) { nodes { ...F } } }", {}, 14),
        # counts and sums over the whole list weigh more
        ("{ households(first: 1) { totalCount totalValue { value } } }", {}, 72),
        ("{ __typename }", {}, 1),
    ],
)  # fmt: skip
def test_cost_is_the_fields_that_may_be_answered(
    document: str, variables: dict[str, Any], expected: int
) -> None:
    assert cost(document, **variables) == expected


async def test_an_operation_over_its_budget_is_not_run(house: House) -> None:
    query = """{ households(first: 200) { nodes { accounts(first: 200) { nodes { positions(first: 200) {
      nodes { id } } } } } } }"""
    answer = await house.api("ADVISOR")(query)
    assert (answer.status, answer.codes) == (400, ["LIMIT_EXCEEDED"])
    assert answer.body["extensions"]["cost"] == {"requested": 8_080_402, "budget": 50_000}
    assert answer.headers["x-operation-cost"] == "8080402; budget=50000"
    assert "8,080,402 fields, your budget is 50,000" in answer.errors[0]["message"]
    cheap = await house.api("ADVISOR")("{ viewer { name } }")
    assert cheap.body["extensions"]["cost"] == {"requested": 2, "budget": 50_000}
    assert cheap.headers["x-operation-cost"] == "2; budget=50000"


def _nested(depth: int) -> str:
    return (
        "{ node(id: 1) "
        + "{ ... on Household { accounts { nodes " * depth
        + "{ id }"
        + "} } }" * depth
        + " }"
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (_nested(10), "the document is nested 22 levels, expected at most 16"),
        ("{ " + " ".join(f"a{i}: __typename" for i in range(61)) + " }", "has 61 aliases, expected at most 60"),
        ("{ __typename " + "@include(if: true) " * 61 + "}", "has 61 directives, expected at most 60"),
        ("{ " + "__typename " * 3_001 + "}", "selects 3001 fields, expected at most 3000"),
        (" ".join(f"query q{i} {{ __typename }}" for i in range(21)), "has 21 operations, expected at most 20"),
        ("{ " + "a " * 6_001 + "}", "Document contains more than 6000 tokens"),
        ("{ __typename #" + "x" * 60_000 + "\n }", "the document has 60017 characters, expected at most 60000"),
    ],
)  # fmt: skip
async def test_documents_are_held_to_their_limits(house: House, document: str, words: str) -> None:
    answer = await house.api("ADVISOR")(document)
    assert answer.status == 400
    assert words in answer.errors[0]["message"]
    assert "data" not in answer.body


def test_fragments_that_unfold_are_refused_before_validation() -> None:
    """Each fragment spreads the next ten times: a hundred lines are ten million fields."""
    parts = ["fragment f0 on Query { __typename }"]
    parts += [f"fragment f{n} on Query {{ {f'...f{n - 1} ' * 10} }}" for n in range(1, 8)]
    document = parse("\n".join([*parts, "{ ...f7 }"]))
    errors = limits.refusals(document)
    assert [error.message for error in errors] == [
        "the document selects 4000 fields, expected at most 3000; nothing was executed"
    ]


def test_fragments_in_a_circle_end_the_count() -> None:
    document = "fragment a on Query { ...b } fragment b on Query { ...a __typename } { ...a }"
    assert limits.refusals(parse(document)) == []
    prepared = Documents(schema._schema).prepare(document)
    assert "Cannot spread fragment 'a' within itself via 'b'." in [e.message for e in prepared.errors]


async def test_validation_stops_at_ten_errors(house: House) -> None:
    answer = await house.api("ADVISOR")("{ " + " ".join(f"no{i}" for i in range(40)) + " }")
    assert len(answer.errors) == 11
    assert answer.errors[-1]["message"].startswith("Too many validation errors")


def test_documents_are_prepared_once_and_forgotten_in_order() -> None:
    documents = Documents(schema._schema)
    first = documents.prepare("{ __typename }")
    assert documents.prepare("{ __typename }") is first
    for number in range(1_000):
        documents.prepare(f"query q{number} {{ __typename }}")
    assert documents.prepare("{ __typename }") is not first


async def test_requests_are_limited_by_tier_with_headers(app: Any, platform: Platform) -> None:
    firm = await make_firm(platform, limits={"requests_per_minute": 3})
    people = [await make_user(platform, firm, roles=("ADVISOR",)) for _ in range(2)]
    api, other = [Api(app, firm, await bearer_of(platform, firm, person)) for person in people]
    answers = [await api("{ viewer { name } }") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"person";q=3;w=60'
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    refused = answers[-1]
    assert refused.codes == ["LIMIT_EXCEEDED"]
    assert 15 <= int(refused.headers["retry-after"]) <= 20
    assert "more requests than the 3 a minute you may" in refused.errors[0]["message"]
    assert (await other("{ viewer { name } }")).status == 200


async def test_an_operation_that_takes_too_long_is_stopped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wealthnexus.graphql.loaders.firm import FirmReads

    async def slow(self: FirmReads) -> int:
        await asyncio.sleep(30)
        return 0

    monkeypatch.setattr(limits, "OPERATION_SECONDS_MAX", 0.2)
    monkeypatch.setattr(FirmReads, "book_version", slow)
    answer = await house.api("ADVISOR")("{ firm { bookVersion } }")
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert "and was stopped" in answer.errors[0]["message"]
    assert house.platform.db.engine("app").pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_bug_is_told_as_a_request_id_and_logged_without_the_document(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from wealthnexus.graphql.loaders.firm import FirmReads

    async def broken(self: FirmReads) -> int:
        raise KeyError("a secret of the inside")

    monkeypatch.setattr(FirmReads, "book_version", broken)
    answer = await house.api("ADVISOR")(
        "query Telling($told: String!) { firm { bookVersion } search(query: $told) { groups { kind } } }",
        told="somebody's name",
    )
    error = next(each for each in answer.errors if each["extensions"]["code"] == "INTERNAL")
    request_id = answer.headers["x-request-id"]
    assert error["extensions"]["requestId"] == request_id
    assert (
        error["message"] == f"Something went wrong on our side. Quote {request_id} when you ask us about it."
    )
    logged = caplog.text
    assert "a secret of the inside" in logged
    assert request_id in logged
    assert "Telling" not in logged
    assert "somebody's name" not in logged
    assert "a secret" not in str(answer.body)
    assert house.platform.db.engine("app").pool.checkedout() == 0  # type: ignore[attr-defined]
