"""The work about a household and its accounts: the list holds what the Book counts, for everybody."""

# ruff: noqa: E501, F811 -- queries are read as they are written; fixtures are named as they are used

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.domain import work
from wealthnexus.graphql.ids import from_global, to_global
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.text import message

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api
from tests.graphql.families import Lees, change, lees  # noqa: F401 - fixture
from tests.graphql.test_statements import statements

pytestmark = pytest.mark.database
KIND = "tests.household_work"
work.register_item_kind(KIND, message("tests.household_work", "Calls"))

WORK = """query($id: ID!, $asOf: Date) { household(id: $id, asOf: $asOf) { openItems }
  workItems(first: 50, filter: { householdId: $id, asOf: $asOf, states: [OPEN, IN_PROGRESS] }) { totalCount nodes { title } } }"""


async def post(lees: Lees, title: str, subject: str, kind: str) -> None:
    firm = lees.house.firm
    async with lees.house.platform.db.unit_of_work(Binding(firm.id)) as uow:
        await work.post_item(
            uow, kind=KIND, title=title, subject_id=from_global(lees.ids[subject], kind),
            action_label="Open", action_path="/", dedupe_key=title,
        )  # fmt: skip


async def listed(api: Api, lees: Lees, as_of: str | None = None) -> tuple[int, int, list[str]]:
    """What the household counts, what the list counts, and what it holds."""
    found: dict[str, Any] = (await api(WORK, id=lees.ids["home"], asOf=as_of)).data
    items = found["workItems"]
    titles = [node["title"] for node in items["nodes"]]
    return found["household"]["openItems"], items["totalCount"], titles


async def test_the_list_of_a_household_is_what_the_book_counts(lees: Lees) -> None:
    await post(lees, "Call the household", "home", "Household")
    await post(lees, "Coming of age", "joint", "Account")
    await post(lees, "Refresh Ann", "Ann", "Party")
    await post(lees, "Of others", "second", "Household")
    await post(lees, "Over", "joint", "Account")
    async with lees.house.platform.db.unit_of_work(Binding(lees.house.firm.id)) as uow:
        await work.close_item_for(uow, KIND, "Over")
    both = ["Call the household", "Coming of age"]
    assert await listed(lees.advisor, lees) == (2, 2, both)
    # On a day before the account was in the household.
    assert await listed(lees.advisor, lees, "2010-01-04") == (1, 1, both[:1])
    alone = "query($id: ID!) { workItems(first: 1, filter: { householdId: $id }) { nodes { title } } }"
    with statements(lees.house) as seen:
        answer = await lees.advisor(alone, id=lees.ids["home"])
    assert answer.data["workItems"]["nodes"] == [{"title": both[0]}]
    assert sum("from work_items" in each.lower() or "work_items." in each for each in seen) == 1

    # Row security decides for each caller: whose household it is not is told nothing by it.
    house = lees.house
    person = await make_user(house.platform, house.firm, roles=("ADVISOR",), name="Part Seer", limited=True)
    part = Api(house.app, house.firm, await bearer_of(house.platform, house.firm, person), person)
    seen_by_part = []
    for subject in ("business", "second", "home"):
        await change(
            house.api("FIRM_ADMIN"), "createAccessGrant", "accessGrant { id }",
            principalId=to_global("User", person.id), subjectId=lees.ids[subject], permissions=["read"],
            reason="Looks after it",
        )  # fmt: skip
        nodes = (await part(alone.replace("first: 1", "first: 9"), id=lees.ids["home"])).data["workItems"][
            "nodes"
        ]
        seen_by_part.append([node["title"] for node in nodes])
    assert seen_by_part == [[], [], both]
    assert await listed(part, lees) == (2, 2, both)


async def test_what_is_no_household_is_refused(lees: Lees) -> None:
    answer = await lees.advisor(
        "query($id: ID!) { workItems(filter: { householdId: $id }) { nodes { id } } }", id=lees.ids["joint"]
    )
    assert answer.codes == ["NOT_FOUND"]
    assert answer.errors[0]["extensions"]["input"] == ["filter", "householdId"]
