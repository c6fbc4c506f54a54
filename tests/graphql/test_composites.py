"""Composites over the API: who belongs, what is shown by month and year, and to whom."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, ids_of
from tests.graphql.conftest import House, make_house

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
OPENED = date(2020, 12, 28)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A1 is 1,000 of ACME, A2 3,000 of it with a fee, A3 cash alone from February on. ACME: 100, at the end
    of January 110, of February 121, of March 121."""
    found = await make_house(app, platform, pinned_business_date=LAST_DAY)
    book = Book().household().account().account("A2").account("A3").security()
    for at in range((LAST_DAY - OPENED).days + 1):
        day = OPENED + timedelta(days=at)
        closes = ((date(2021, 1, 29), "100"), (date(2021, 2, 26), "110"), (date.max, "121"))
        book.price("ACME", day, next(close for until, close in closes if day < until))
    for account, units in (("A1", 10), ("A2", 30)):
        book.deposit(f"{units * 100}", account=account, on=OPENED)
        book.buy("ACME", f"{units}", f"-{units * 100}", account=account, on=OPENED)
    book.deposit("1000", account="A3", on="2021-02-10")
    book.sell("ACME", "1", "121", account="A2", on="2021-03-01")
    book.transaction("ADVISORY_FEE", "-36.30", account="A2", on="2021-03-31")
    report = await book.load(platform, found.firm, tmp_path_factory.mktemp("composites"))
    assert report.ok, list(report.lines())
    return found


REPORT = """query($id: ID!, $known: DateTime) { composite(id: $id, knownAt: $known) { name minimumAssets
  createdAt inceptionDate
  members { accountName from to reason authorName endReason }
  years { year monthCount net { value } gross { value path } benchmark { value } memberCount comparedCount
    assets { value } firmAssets { value } assetWeightedDispersion { value reason { code } }
    deviation { value reason { code } } }
  months(year: 2021) { end net { value path } gross { value } memberCount benchmark { value }
    leftOut { accountName reason } } } }"""
EXPLAIN = """query($id: ID!, $path: ID!) { compositeExplain(id: $id, path: $path) { formula version
  table { columns rows } inputs { name value } parts { path value } } }"""


async def _made(house: House) -> tuple[str, dict[str, str]]:
    ids = await ids_of(house.platform, house.firm)
    accounts = {name: to_global("Account", key) for name, key in ids.accounts.items()}
    api = house.api("PORTFOLIO_MANAGER")
    benchmark = await api.change(
        "createBenchmark", "... on CreateBenchmarkSuccess { benchmark { id } }", name="ACME", reason="a test",
        components=[{
            "firstDay": "2020-01-01", "weight": "1",
            "securityId": to_global("Security", ids.securities["ACME"]),
        }],
        idempotencyKey=str(new_id()),
    )  # fmt: skip
    made = await api.change(
        "createComposite", "... on CreateCompositeSuccess { composite { id memberCount } }",
        name="US equity", description="All discretionary accounts of US equity.", currency="USD",
        minimumAssets="500.00", benchmarkId=benchmark["benchmark"]["id"], reason="a test",
        idempotencyKey=str(new_id()),
    )  # fmt: skip
    assert made["composite"]["memberCount"] == 0, made
    return made["composite"]["id"], accounts


def _change(composite: str, day: str, *accounts: str, reason: str = "Its mandate") -> dict[str, Any]:
    return {
        "compositeId": composite,
        "accountIds": list(accounts),
        "effectiveFrom": day,
        "reason": reason,
        "idempotencyKey": str(new_id()),
    }


async def test_a_composite_shows_its_months_and_years_as_its_members_earned_them(house: House) -> None:
    composite, accounts = await _made(house)
    api = house.api("PORTFOLIO_MANAGER")
    selected = "... on AddCompositeMembersSuccess { composite { memberCount } }"
    given = _change(composite, "2021-01-01", accounts["A1"], accounts["A2"], accounts["A3"])
    added = await api.change("addCompositeMembers", selected, **given)
    assert added["composite"]["memberCount"] == 3, added
    assert await api.change("addCompositeMembers", selected, **given) == added
    twice = await api.change("addCompositeMembers", "", **_change(composite, "2022-01-01", accounts["A1"]))
    assert twice["__typename"] == "ValidationFailed"
    shown = (await api(REPORT, id=composite)).data["composite"]
    january, february, march = shown["months"]
    assert (shown["createdAt"][:10], shown["inceptionDate"]) == (f"{clock.now():%Y-%m-%d}", "2021-01-01")
    # January: ACME 100 to 110 in both; February 110 to 121. A3 is funded in February: from March on.
    assert (january["gross"]["value"], february["gross"]["value"]) == ("0.10000000", "0.10000000")
    assert (january["memberCount"], march["memberCount"]) == (2, 3)
    assert february["leftOut"] == [{"accountName": "Account A3", "reason": "NOT_FUNDED"}]
    # March: nothing moves; A2 pays 36.30 of 3,630 in a composite of 1,210 + 3,630 + 1,000.
    assert (march["gross"]["value"], march["net"]["value"]) == ("0.00000000", "-0.00621575")
    (year,) = shown["years"]
    assert (year["gross"]["value"], year["benchmark"]["value"]) == ("0.21000000", "0.21000000")
    assert year["net"]["value"] == "0.20247894"  # 1.21 x (1 - 36.30 / 5840) - 1
    assert (year["assets"]["value"], year["firmAssets"]["value"]) == ("5803.70", "5803.70")
    assert year["assetWeightedDispersion"] == {"value": None, "reason": {"code": "NOT_A_YEAR"}}
    assert year["deviation"]["reason"] == {"code": "TOO_FEW_OBSERVATIONS"}
    # Each member is measured as its own performance measures it.
    own = """query($scope: PerformanceScope!) { performance(scope: $scope) { calendar {
      year month net { value } } } }"""
    calendar = (await api(own, scope={"accountId": accounts["A2"]})).data["performance"]["calendar"]
    told = (await api(EXPLAIN, id=composite, path="2021-03/net")).data["compositeExplain"]
    second = next(row for row in told["table"]["rows"] if float(row[1]) == 3630)
    assert f"{float(second[2]):.8f}" == calendar[-1]["net"]["value"] == "-0.01000000"
    of_year = (await api(EXPLAIN, id=composite, path=year["gross"]["path"])).data["compositeExplain"]
    assert [part["path"] for part in of_year["parts"]] == ["2021/gross/0", "2021/gross/1", "2021/gross/2"]
    assert (await api(EXPLAIN, id=composite, path="2019/gross")).codes == ["NOT_FOUND"]
    await _accounts_leave(house, composite, accounts)
    await _others_see_none(house, composite)


async def _accounts_leave(house: House, composite: str, accounts: dict[str, str]) -> None:
    """Up to the last whole month, with who and why; as known before it still belongs."""
    api, before = house.api("PORTFOLIO_MANAGER"), clock.now()
    then = (await api(REPORT, id=composite, known=before.isoformat())).data["composite"]
    left = await api.change(
        "removeCompositeMembers", "... on RemoveCompositeMembersSuccess { composite { memberCount } }",
        **_change(composite, "2021-03-15", accounts["A2"], reason="Restricted by the client"),
    )  # fmt: skip
    assert left["composite"]["memberCount"] == 2, left
    again = _change(composite, "2021-03-20", accounts["A2"])
    assert (await api.change("removeCompositeMembers", "", **again))["__typename"] == "ValidationFailed"
    now = (await api(REPORT, id=composite)).data["composite"]
    assert [month["memberCount"] for month in now["months"]] == [2, 2, 2]
    assert now["months"][2]["net"]["value"] == "0.00000000"
    stay = next(each for each in now["members"] if each["accountName"] == "Account A2")
    assert (stay["to"], stay["reason"], stay["endReason"]) == (
        "2021-03-15", "Its mandate", "Restricted by the client",
    )  # fmt: skip
    assert (await api(REPORT, id=composite, known=before.isoformat())).data["composite"] == then


async def _others_see_none(house: House, composite: str) -> None:
    """Who sees a part of the firm would see a part of the composite; clients none at all."""
    listed = "{ composites { name memberCount } }"
    assert (await house.api("READ_ONLY")(listed)).data["composites"] == [
        {"name": "US equity", "memberCount": 2}
    ]
    assert (await house.api("LIMITED")(listed)).data["composites"] == []
    assert (await house.api("LIMITED")(REPORT, id=composite)).codes == ["NOT_FOUND"]
    assert (await house.api("CLIENT")(listed)).codes == ["FORBIDDEN"]
    refused = await house.api("ADVISOR").change("addCompositeMembers", "", **_change(composite, "2021-01-01"))
    assert refused["__typename"] == "PermissionDenied"
    absent = await house.api("PORTFOLIO_MANAGER").change(
        "createComposite", "", name="US equity", description="x", currency="USD", minimumAssets="0.001",
        reason="a test", idempotencyKey=str(new_id()),
    )  # fmt: skip
    assert absent["__typename"] == "ValidationFailed"


async def test_a_composite_says_what_the_returns_of_its_members_lack(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    """A1's ACME was last priced on 15 January; A2 is cash. A1 belongs up to the end of February. A3, which
    does not belong, had two days without a price, and a deposit on the second."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    book = Book().household().account().account("A2").security().price("ACME", "2021-01-15", "50")
    book.deposit("10000", on="2021-01-14").buy("ACME", "100", "-5000", on="2021-01-15")
    book.deposit("10000", account="A2", on="2021-01-14")
    book.account("A3").security("NEW").price("NEW", "2020-02-07", "110")
    book.deposit("10000", account="A3", on="2020-02-03").deposit("500", account="A3", on="2020-02-06")
    book.buy("NEW", "10", "-1000", account="A3", on="2020-02-05")
    assert (await book.load(platform, house.firm, tmp_path)).ok
    ids = await ids_of(platform, house.firm)
    accounts = {name: to_global("Account", key) for name, key in ids.accounts.items()}
    api = house.api("PORTFOLIO_MANAGER")
    made = await api.change(
        "createComposite", "... on CreateCompositeSuccess { composite { id } }", name="Mixed",
        description="x", currency="USD", reason="a test", idempotencyKey=str(new_id()),
    )  # fmt: skip
    key = made["composite"]["id"]
    await api.change("addCompositeMembers", "", **_change(key, "2021-01-01", accounts["A1"], accounts["A2"]))
    await api.change("removeCompositeMembers", "", **_change(key, "2021-03-01", accounts["A1"]))
    told = "{ value quality reasons { code message } }"
    asked = f"""query($id: ID!) {{ composite(id: $id) {{ months(year: 2021) {{ end net {told} }}
      years {{ gross {told} assets {{ value quality }} firmAssets {{ value quality }} }} }} }}"""
    shown = (await api(asked, id=key)).data["composite"]
    february, march = (month["net"] for month in shown["months"])
    (year,) = shown["years"]
    assert (february["value"], february["quality"]) == ("0.00000000", "STALE")
    assert [each["code"] for each in february["reasons"]] == ["STALE_PRICE"]
    assert "the latest price of ACME Corp is of 15 Jan 2021" in february["reasons"][0]["message"]
    assert (march["quality"], march["reasons"]) == ("COMPLETE", [])
    assert year["gross"] == {**february, "value": year["gross"]["value"]}
    # At the end of March the composite is A2 alone; the firm still holds ACME.
    assert year["assets"] == {"value": "10000.00", "quality": "COMPLETE"}
    assert year["firmAssets"] == {"value": "30600.00", "quality": "STALE"}
    # What stands on Modified Dietz says so, however it is shown.
    asked = f"""query($scope: PerformanceScope!) {{ performance(scope: $scope) {{
      periods(kinds: [ITD]) {{ net {told} netAnnualised {told} }} calendar {{ month net {told} }}
      contribution(period: ITD, by: SECURITY) {{ total {told} }} }} }}"""
    own = (await api(asked, scope={"accountId": accounts["A3"]})).data["performance"]
    (period,) = own["periods"]
    for each in (period["net"], period["netAnnualised"], own["contribution"]["total"]):
        assert (each["quality"], each["reasons"][0]["code"]) == ("PARTIAL", "APPROXIMATE"), each
    approximate = [
        month["month"]
        for month in own["calendar"]
        if "APPROXIMATE" in [each["code"] for each in month["net"]["reasons"]]
    ]
    assert approximate == [2]
