"""Holdings in groups: sums of the server, against sums of the positions done apart."""
# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.graphql.conftest import House
from tests.graphql.test_statements import asked

pytestmark = pytest.mark.database

GROUP = "{ key accountName holdingCount weight marketValue { value currency quality reasons { code } explain { formula inputs { name value } } } }"
POSITIONS = "positions(first: 150) { nodes { weight quantity marketValue { value } security { assetClass subAssetClass currency } } }"
IDS = "{ households(first: 12) { nodes { id } } }"
HOUSEHOLD = f"""query($id: ID!) {{ household(id: $id) {{ id marketValue {{ value }}
  byClass: holdingGroups {GROUP} bySector: holdingGroups(by: SECTOR) {GROUP} byCurrency: holdingGroups(by: CURRENCY) {GROUP} byAccount: holdingGroups(by: ACCOUNT) {GROUP}
  accounts(first: 6) {{ nodes {{ id name currency cash {{ value }} marketValue {{ value }} holdingGroups {GROUP} {POSITIONS} }} }} }} }}"""


def sums_of(accounts: list[dict[str, Any]], key: Any, cash_key: Any) -> dict[str, Decimal]:
    """What the groups must be, from the positions one by one."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for account in accounts:
        for position in account["positions"]["nodes"]:
            if position["marketValue"]["value"] is not None:
                sums[key(account, position)] += Decimal(position["marketValue"]["value"])
        if Decimal(account["cash"]["value"]):
            sums[cash_key(account)] += Decimal(account["cash"]["value"])
    return dict(sums)


def shown(groups: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {each["key"]: Decimal(each["marketValue"]["value"]) for each in groups}


async def test_groups_are_the_sums_of_their_positions_and_add_up_to_the_total(book: House) -> None:
    ids = (await book.api("ADVISOR")(IDS)).data["households"]["nodes"]
    assert len(ids) == 12
    for each in ids:
        household = (await book.api("ADVISOR")(HOUSEHOLD, id=each["id"])).data["household"]
        accounts = household["accounts"]["nodes"]
        assert {account["currency"] for account in accounts} == {"USD"}
        keys = {
            "byClass": (lambda _, p: p["security"]["assetClass"], lambda _: "CASH"),
            "bySector": (lambda _, p: p["security"]["subAssetClass"] or "OTHER", lambda _: "CASH"),
            "byCurrency": (lambda _, p: p["security"]["currency"], lambda a: a["currency"]),
            "byAccount": (lambda a, _: a["id"], lambda a: a["id"]),
        }
        for name, (key, cash_key) in keys.items():
            groups = household[name]
            assert shown(groups) == sums_of(accounts, key, cash_key), (name, household["id"])
            total = sum(shown(groups).values(), Decimal(0))
            assert total == Decimal(household["marketValue"]["value"] or 0)
            values = [Decimal(each["marketValue"]["value"]) for each in groups]
            assert values == sorted(values, reverse=True)
            weights = sum((Decimal(each["weight"]) for each in groups), Decimal(0))
            assert abs(weights - 1) < Decimal("0.000001")
        assert {each["accountName"] for each in household["byAccount"]} <= {a["name"] for a in accounts}
        assert sum(each["holdingCount"] for each in household["byClass"]) == sum(
            len(account["positions"]["nodes"]) for account in accounts
        )
        for account in accounts:
            expected = sums_of([account], lambda _, p: p["security"]["assetClass"], lambda _: "CASH")
            assert shown(account["holdingGroups"]) == expected


async def test_before_anything_was_known_there_are_no_groups(book: House) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC).isoformat()
    household = (await book.api("ADVISOR")(IDS)).data["households"]["nodes"][0]
    query = "query($id: ID!, $knownAt: DateTime) { household(id: $id, knownAt: $knownAt) { holdingGroups { key } } }"
    answer = await book.api("ADVISOR")(query, id=household["id"], knownAt=long_ago)
    assert answer.data["household"] is None or answer.data["household"]["holdingGroups"] == []


async def test_groups_need_the_permission_of_positions_and_stay_in_their_firm(book: House) -> None:
    household = (await book.api("ADVISOR")(IDS)).data["households"]["nodes"][0]
    query = "query($id: ID!) { household(id: $id) { holdingGroups { key } } }"
    anonymous = await book.anonymous(query, id=household["id"])
    assert anonymous.codes == ["UNAUTHENTICATED"]


async def test_groups_of_many_households_are_one_statement(book: House) -> None:
    query = "query($first: Int!) { households(first: $first) { nodes { id holdingGroups(by: SECTOR) { key marketValue { value } } } } }"
    few, many = await asked(book, query, first=2), await asked(book, query, first=12)
    assert len(few) == len(many)
    assert sum("owned as" in each for each in many) == 1
