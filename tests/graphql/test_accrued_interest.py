"""Accrued interest through the API: one figure wherever it stands, and nothing for who may not see it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book
from tests.graphql.conftest import House, make_house

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
D = Decimal
MONEY = "{ value quality reasons { code } explain { version inputs { name value } } }"
ACCOUNT = f"""query($id: ID!, $asOf: Date) {{ account(id: $id, asOf: $asOf) {{ marketValue {MONEY}
  accruedInterest {MONEY} cash {{ value }} holdingGroups(by: ASSET_CLASS) {{ key marketValue {{ value }} }}
  sleeves {{ accruedInterest {{ value }} }}
  positions {{ nodes {{ security {{ name }} marketValue {{ value }} weight accruedInterest {MONEY} }} }}
}} }}"""
TOTALS = """{ firm { accruedInterest { value } totalValue { value }
  valueHistory(points: 1, step: WEEKDAY) { value } }
  households(first: 5) { totalAccruedInterest { value }
  nodes { marketValue { value } accruedInterest { value } } } }"""
CLOSING = """query($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [ITD]) {
  closing { value } gain { value } net { value quality } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bonds(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """500,000 of a bond bought with 12,000 of interest out of 1,000,000, and its 80 a day since."""
    found = await make_house(app, platform, pinned_business_date=LAST_DAY)
    made = Book().household().account()
    made.security(
        "LONG", security_type="CORPORATE_BOND", asset_class="FIXED_INCOME", price_multiplier=D("0.01"),
        coupon=D("5.76"), maturity=date(2031, 10, 1), payments_per_year=2, day_count="30/360",
    )  # fmt: skip
    made.security("SHARE").price("SHARE", LAST_DAY, "10")
    made.price("LONG", "2021-03-01", "100").price("LONG", LAST_DAY, "100")
    made.deposit("1000000", on="2021-02-26")
    made.buy("LONG", "500000", "-512000", on="2021-03-01", accrued_interest=D(12000))
    made.buy("SHARE", "100", "-1000", on=LAST_DAY)
    report = await made.load(platform, found.firm, tmp_path_factory.mktemp("bonds"))
    assert report.ok, list(report.lines())
    return found


async def account_id(house: House) -> str:
    listed = (await house.api("ADVISOR")("{ accounts(first: 1) { nodes { id } } }")).data
    found: str = listed["accounts"]["nodes"][0]["id"]
    return found


async def test_it_is_one_figure_wherever_it_stands(bonds: House) -> None:
    api, key = bonds.api("ADVISOR"), await account_id(bonds)
    account: dict[str, Any] = (await api(ACCOUNT, id=key)).data["account"]
    value, interest = account["marketValue"], account["accruedInterest"]
    assert (value["value"], value["quality"]) == ("1002400.00", "COMPLETE")
    assert (interest["value"], interest["quality"]) == ("14400.00", "COMPLETE")
    assert value["explain"]["version"] == "valuation/2"
    assert [each["name"] for each in value["explain"]["inputs"]][:3] == [
        "positions",
        "accrued interest",
        "cash",
    ]
    assert account["sleeves"] == [{"accruedInterest": {"value": "14400.00"}}]
    groups = {each["key"]: each["marketValue"]["value"] for each in account["holdingGroups"]}
    assert groups == {"FIXED_INCOME": "514400.00", "CASH": "487000.00", "EQUITY": "1000.00"}
    held = {each["security"]["name"].split()[0]: each for each in account["positions"]["nodes"]}
    assert (held["LONG"]["marketValue"]["value"], held["LONG"]["weight"]) == ("500000.00", "0.51316840")
    assert held["LONG"]["accruedInterest"]["value"] == "14400.00"
    told = {each["name"]: each["value"] for each in held["LONG"]["accruedInterest"]["explain"]["inputs"]}
    assert (told["coupon period"], told["days accrued"]) == ("2020-10-01 to 2021-04-01", "180")
    assert held["SHARE"]["accruedInterest"] is None
    totals = (await api(TOTALS)).data
    assert totals["firm"]["accruedInterest"]["value"] == "14400.00"
    assert totals["firm"]["valueHistory"][0]["value"] == totals["firm"]["totalValue"]["value"] == "1002400.00"
    listed = totals["households"]
    assert listed["totalAccruedInterest"] == listed["nodes"][0]["accruedInterest"] == {"value": "14400.00"}
    scope = {"accountId": key}
    (period,) = (await api(CLOSING, scope=scope)).data["performance"]["periods"]
    assert (period["closing"]["value"], period["gain"]["value"]) == ("1002400.00", "2400.00")
    bought = (await api(ACCOUNT, id=key, asOf="2021-03-01")).data["account"]
    assert (bought["marketValue"]["value"], bought["accruedInterest"]["value"]) == ("1000000.00", "12000.00")


async def test_nobody_else_sees_any(bonds: House, other_house: House) -> None:
    key = await account_id(bonds)
    for api in (other_house.api("ADVISOR"), bonds.api("CLIENT"), bonds.api("LIMITED")):
        answer = await api(ACCOUNT, id=key)
        assert answer.codes == ["NOT_FOUND"]
        seen = await api("{ firm { accruedInterest { value } } }")
        assert seen.codes == ["FORBIDDEN"] or seen.data["firm"]["accruedInterest"]["value"] == "0.00"
    assert (await bonds.anonymous("{ firm { accruedInterest { value } } }")).codes == ["UNAUTHENTICATED"]
