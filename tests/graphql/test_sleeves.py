"""Sleeves through the API: made, moved between, measured, closed; to others there is none."""

# ruff: noqa: F811 -- fixtures are named as they are used

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform

from tests.graphql.conftest import Api, make_house
from tests.graphql.families import Lees, change, lees  # noqa: F401 - fixture

pytestmark = pytest.mark.database
SLEEVES = """query($id: ID!) { account(id: $id) { marketValue { value } sleeves {
  id name strategy isDefault share version positionCount viewerCan
  marketValue { value quality } cash { value } settledCash { value } positions { totalCount } } } }"""
RETURNS = """query($scope: PerformanceScope!) { performance(scope: $scope) { name currency
  periods(kinds: [ITD]) { net { value } netFlows { value } closing { value } } } }"""

EXPORT = 'query($scope: PerformanceScope!) { performanceExplanation(scope: $scope, path: "ITD/net") }'


async def sleeves_of(api: Api, account: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api(SLEEVES, id=account)).data["account"]["sleeves"]
    return found


async def test_a_sleeve_is_made_filled_measured_and_closed(
    lees: Lees, app: ASGIApp, platform: Platform
) -> None:
    advisor, operations, account = lees.advisor, lees.house.api("OPERATIONS"), lees.ids["joint"]
    (core,) = await sleeves_of(advisor, account)
    assert (core["name"], core["isDefault"], core["share"]) == ("Default", True, "1.00000000")
    assert core["viewerCan"] == ["EDIT_OWNERS"]
    await change(
        advisor, "updateSleeve", "sleeve { name }", sleeveId=core["id"], expectedVersion=1, name="Core"
    )
    made = await change(
        advisor, "openSleeve", "sleeve { id name strategy version marketValue { value } }",
        accountId=account, name="Satellite", strategy="Momentum 40", openedOn="2021-03-01",
        idempotencyKey="satellite",
    )  # fmt: skip
    key = made["sleeve"]["id"]
    assert made["sleeve"] == {
        "id": key, "name": "Satellite", "strategy": "Momentum 40", "version": 1,
        "marketValue": {"value": "0.00"},
    }  # fmt: skip
    taken = await advisor.change("openSleeve", "", accountId=account, name="satellite")
    assert (taken["__typename"], taken["path"]) == ("Conflict", ["input", "name"])

    journal = {"fromSleeveId": core["id"], "toSleeveId": key, "day": "2021-03-02", "amount": "400.00"}
    ends = (
        "left { name cashBefore cashAfter } arrived { cashAfter } bookVersion warnings { code }"
        " lots { units } transactions { id type amount portfolioId relatedExternalId externalId }"
    )
    refused = await advisor.change("journalSleeves", "", idempotencyKey="not-allowed", **journal)
    assert refused["__typename"] == "PermissionDenied"
    tried = await change(
        operations, "journalSleeves", ends, idempotencyKey="to-the-satellite", dryRun=True, **journal
    )
    assert tried == {
        "__typename": "JournalSleevesSuccess", "lots": [], "warnings": [], "transactions": [],
        "left": {"name": "Core", "cashBefore": "1000.00", "cashAfter": "600.00"},
        "arrived": {"cashAfter": "400.00"}, "bookVersion": None,
    }  # fmt: skip
    assert len({each["cash"]["value"] for each in await sleeves_of(advisor, account)}) == 2
    done = await change(operations, "journalSleeves", ends, idempotencyKey="to-the-satellite", **journal)
    again = await change(operations, "journalSleeves", ends, idempotencyKey="to-the-satellite", **journal)
    assert [each["externalId"] for each in again["transactions"]] == [
        each["externalId"] for each in done["transactions"]
    ]
    out, into = done["transactions"]
    assert (out["amount"], into["amount"], out["portfolioId"], into["portfolioId"]) == (
        "-400.00", "400.00", core["id"], key,
    )  # fmt: skip
    assert (out["relatedExternalId"], into["relatedExternalId"]) == (into["externalId"], out["externalId"])

    await _one_end_alone_stays(operations, out["id"])
    first, second = await sleeves_of(advisor, account)
    assert [each["marketValue"]["value"] for each in (first, second)] == ["600.00", "400.00"]
    assert [each["share"] for each in (first, second)] == ["0.60000000", "0.40000000"]
    for scope, flows, closing in (
        ({"accountId": account}, "1000.00", "1000.00"),
        ({"sleeveId": core["id"]}, "600.00", "600.00"),
        ({"sleeveId": key}, "400.00", "400.00"),
    ):
        (period,) = (await advisor(RETURNS, scope=scope)).data["performance"]["periods"]
        assert period == {
            "net": {"value": "0.00000000"}, "netFlows": {"value": flows}, "closing": {"value": closing},
        }  # fmt: skip
    listed = await operations(
        "query($id: ID!) { transactions(filter: {sleeveId: $id}) { nodes { amount } } }", id=key
    )
    assert listed.data["transactions"]["nodes"] == [{"amount": "400.00"}]

    await _closes_when_it_is_empty(lees, core["id"], key, journal)
    await _are_not_there_for_others(lees, app, platform, core["id"], journal)


async def _one_end_alone_stays(operations: Api, entry: str) -> None:
    alone = await operations.change(
        "correctTransaction", "", idempotencyKey="one-end-alone", transactionId=entry,
        replacement=None, reason="Only this one",
    )  # fmt: skip
    assert (alone["__typename"], alone["path"]) == ("ValidationFailed", ["input", "transactionId"])


async def _closes_when_it_is_empty(lees: Lees, core: str, key: str, journal: dict[str, str]) -> None:
    advisor, operations, account = lees.advisor, lees.house.api("OPERATIONS"), lees.ids["joint"]
    exported = (await advisor(EXPORT, scope={"sleeveId": key})).data["performanceExplanation"]
    assert exported["scope"]["kind"] == "SLEEVE"
    assert [(each["type"], each["amount"]) for each in exported["transactions"]] == [("JOURNAL", "400")]
    left = await advisor.change("closeSleeve", "", sleeveId=key, expectedVersion=1, closedOn="2021-03-20")
    assert (left["__typename"], left["path"]) == ("ValidationFailed", ["input", "closedOn"])
    stays = await advisor.change("closeSleeve", "", sleeveId=core, expectedVersion=2, closedOn="2021-03-20")
    assert stays["path"] == ["input", "sleeveId"]
    await change(
        operations, "journalSleeves", "dryRun", idempotencyKey="and-back",
        **{**journal, "fromSleeveId": key, "toSleeveId": core, "day": "2021-03-19"},
    )  # fmt: skip
    shut = await change(
        advisor, "closeSleeve", "sleeve { closedOn version }",
        sleeveId=key, expectedVersion=1, closedOn="2021-03-20",
    )  # fmt: skip
    assert shut["sleeve"] == {"closedOn": "2021-03-20", "version": 2}
    posted = await operations.change(
        "postTransaction", "", idempotencyKey="too-late", accountId=account, type="DEPOSIT",
        tradeDate="2021-03-22", amount="1.00", portfolioId=key,
    )  # fmt: skip
    assert (posted["__typename"], posted["path"]) == ("ValidationFailed", ["input", "portfolioId"])


async def _are_not_there_for_others(
    lees: Lees, app: ASGIApp, platform: Platform, key: str, journal: dict[str, str]
) -> None:
    """Another firm's people, and staff who see another household alone."""
    other = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    for api in (other.api("OPERATIONS"), lees.house.api("LIMITED")):
        assert (await api("query($id: ID!) { sleeve(id: $id) { name } }", id=key)).codes == ["NOT_FOUND"]
        assert (await api(RETURNS, scope={"sleeveId": key})).codes == ["NOT_FOUND"]
        listed = await api(
            "query($id: ID!) { transactions(filter: {sleeveId: $id}) { nodes { id } } }", id=key
        )
        assert listed.data["transactions"]["nodes"] == []
        moved = await api.change("journalSleeves", "", idempotencyKey="of-others", **journal)
        assert moved["__typename"] == ("NotFound" if api.firm.id == other.firm.id else "PermissionDenied")
