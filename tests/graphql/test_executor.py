"""The short cut through attributes answers exactly as the long way does, errors included."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from wealthnexus.graphql import engine
from wealthnexus.graphql.executor import AttributeExecutor
from wealthnexus.graphql.loaders import book as book_loader

from tests.graphql.conftest import House

pytestmark = pytest.mark.database

QUERIES = [
    """{ households(first: 3) { __typename nodes { __typename id name cashShare openedOn advisorName viewerCan marketValue {
      __typename value currency quality asOf computedAt bookVersion reasons { code message } } accounts(first: 2) {
      pageInfo { hasNextPage endCursor } edges { cursor node { __typename id opened: openedOn lotMethod cash { value } } } } } } }""",
    """query($with: Boolean = false) { accounts(first: 2) { nodes { ...A positions(first: 3) { nodes {
      quantity @skip(if: $with) price @include(if: $with) security { ...S } marketValue { explain { inputs { name value note } sources { kind id date } } } } } } } }
      fragment A on Account { id ... on Account { name } households { name } } fragment S on Security { symbol identifiers { value } }""",
    "{ transactions(first: 5) { nodes { type status source { source line } account { last4 } security { name } } } viewer { roles scope } firm { clock limits { name used } } }",
]


@pytest.mark.parametrize("query", QUERIES)
async def test_both_ways_answer_the_same(book: House, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def steady(data: Any) -> Any:
        if isinstance(data, dict):
            return {key: steady(value) for key, value in data.items() if key != "computedAt"}
        return [steady(each) for each in data] if isinstance(data, list) else data

    api = book.api("FIRM_ADMIN")
    short = (await api(query)).data
    monkeypatch.setattr(engine, "AttributeExecutor", StrawberryGraphQLCoreExecutionContext)
    long = (await api(query)).data
    assert steady(short) == steady(long)
    assert list(short) == list(long)


async def test_a_null_where_none_may_be_is_told_with_its_place(
    book: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = book_loader.household_of

    def broken(row: Any, view: Any) -> Any:
        household = original(row, view)
        household.name = None  # type: ignore[assignment]
        return household

    monkeypatch.setattr(book_loader, "household_of", broken)
    answer = await book.api("ADVISOR")("{ households(first: 2) { nodes { id name } } }")
    assert answer.codes == ["INTERNAL"]
    assert answer.errors[0]["path"] == ["households", "nodes", 0, "name"]


async def test_a_value_that_is_none_of_its_enumeration_is_an_error(
    book: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = book_loader.household_of

    def broken(row: Any, view: Any) -> Any:
        figure = replace(row.market_value, quality="SPLENDID")
        return original(replace(row, market_value=figure), view)

    monkeypatch.setattr(book_loader, "household_of", broken)
    answer = await book.api("ADVISOR")(
        "{ households(first: 1) { nodes { id marketValue { value quality } } } }"
    )
    assert answer.codes == ["INTERNAL"]
    assert answer.errors[0]["path"] == ["households", "nodes", 0, "marketValue", "quality"]


async def test_most_of_an_answer_takes_the_short_cut(book: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = AttributeExecutor.execute_field

    def counted(self: Any, parent_type: Any, source: Any, details: Any, *rest: Any) -> Any:
        asked.append(f"{parent_type.name}.{details[0].node.name.value}")
        return original(self, parent_type, source, details, *rest)

    monkeypatch.setattr(AttributeExecutor, "execute_field", counted)
    await book.api("ADVISOR")(
        "{ positions(householdId: null, accountId: null) { nodes { id } } households(first: 12) { nodes { id name marketValue { value quality } } } }"
    )
    assert asked == ["Query.positions", "Query.households"]
