"""Performance over the API: one scope, its periods, course, statistics and explanation."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from tests.graphql.conftest import House

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
FIGURE = "value reason { code message } asOf basis source computedAt quality measuredFrom path"
MONEY = "value currency quality reasons { code message }"
PERIODS = f"""
query P($scope: PerformanceScope!, $kinds: [PerformancePeriod!]!, $from: Date) {{
  performance(scope: $scope) {{
    name currency asOf bookVersion inception measuredTo viewerCan benchmark {{ id name }}
    policy {{ version digest choices {{ name value origin }} }}
    periods(kinds: $kinds, from: $from) {{
      kind begin end days
      net {{ {FIGURE} }} gross {{ {FIGURE} }} netAnnualised {{ {FIGURE} }} grossAnnualised {{ {FIGURE} }}
      benchmark {{ value }} excess {{ value }} moneyWeighted {{ {FIGURE} }} moneyWeightedRoots
      opening {{ {MONEY} }} closing {{ {MONEY} }} netFlows {{ {MONEY} }} gain {{ {MONEY} }}
      income {{ {MONEY} }} realised {{ {MONEY} }} fees {{ {MONEY} }} expenses {{ {MONEY} }}
      charges {{ day accountId accountName type amount currency isPaidElsewhere share
        borne borneReason {{ code }} countsAs }}
    }}
  }}
}}
"""
ALL_KINDS = ["MTD", "QTD", "YTD", "ONE_YEAR", "THREE_YEARS", "FIVE_YEARS", "TEN_YEARS", "ITD"]


async def first_household(book: House) -> dict[str, Any]:
    answer = await book.api("ADVISOR")("{ households(first: 1) { nodes { id name marketValue { value } } } }")
    found: dict[str, Any] = answer.data["households"]["nodes"][0]
    return found


async def test_the_periods_of_a_household(book: House) -> None:
    household = await first_household(book)
    answer = await book.api("ADVISOR")(PERIODS, scope={"householdId": household["id"]}, kinds=ALL_KINDS)
    found = answer.data["performance"]
    assert found["name"] == household["name"]
    assert [each["kind"] for each in found["periods"]] == ALL_KINDS
    for each in found["periods"]:
        if each["gain"]["value"] is not None:
            parts = [Decimal(each[name]["value"]) for name in ("closing", "opening", "netFlows")]
            assert Decimal(each["gain"]["value"]) == parts[0] - parts[1] - parts[2], each["kind"]
            assert each["closing"]["value"] == household["marketValue"]["value"]
        for name, counts_as in (("fees", "FEE"), ("expenses", "EXPENSE")):
            borne = sum(Decimal(one["borne"]) for one in each["charges"] if one["countsAs"] == counts_as)
            assert Decimal(each[name]["value"]) == borne, each["kind"]
        for name in ("net", "gross", "moneyWeighted"):
            assert (each[name]["value"] is None) == (each[name]["reason"] is not None)
    under_a_year = next(each for each in found["periods"] if each["kind"] == "YTD")
    assert under_a_year["netAnnualised"]["reason"]["code"] == "UNDER_ONE_YEAR"


async def test_a_figure_explains_itself_down_to_its_rows(book: House) -> None:
    household = await first_household(book)
    scope = {"householdId": household["id"]}
    answer = await book.api("ADVISOR")(
        "query E($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [ITD]) {"
        " net { value path explain { formula version inputs { name value } table { columns rows }"
        " parts { path formula value } } } } } }",
        scope=scope,
    )
    net = answer.data["performance"]["periods"][0]["net"]
    table = net["explain"]["table"]
    growths = [float(row[table["columns"].index("growth")]) for row in table["rows"]]
    assert f"{math.prod(growths) - 1:.8f}" == net["value"]
    flows = next(part for part in net["explain"]["parts"] if part["formula"] == "scope.flows")
    walked = await book.api("ADVISOR")(
        "query W($scope: PerformanceScope!, $path: ID!) { performanceExplain(scope: $scope, path: $path) {"
        " formula table { columns rows } } performanceExplanation(scope: $scope, path: $path) }",
        scope=scope,
        path=flows["path"],
    )
    rows = walked.data["performanceExplain"]["table"]["rows"]
    known = {row["reference"]: row for row in walked.data["performanceExplanation"]["transactions"]}
    assert rows
    for row in rows:
        assert not row[4] or known[row[4]]["file"] == "transactions.csv"


STEP = """query S($scope: PerformanceScope!, $path: ID!) { performanceExplain(scope: $scope, path: $path) {
  formula inputs { name value } parts { path formula value label }
  movements { day effect accountId accountName amount currency
    entry { id accountId accountName type day amount currency description file line } }
  positions { securityId securityName units close currency rate value accruedInterest priceDay priceSource
    file line } } }"""


async def test_a_closing_value_is_walked_down_to_the_lines_of_its_closes(
    book: House, other_house: House
) -> None:
    scope = {"householdId": (await first_household(book))["id"]}
    api = book.api("ADVISOR")
    answer = await api(
        "query E($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [ITD]) {"
        " closing { value explain { parts { path } } } netFlows { value explain { parts { path } } } } } }",
        scope=scope,
    )
    period = answer.data["performance"]["periods"][0]
    [end], [flows] = (period[name]["explain"]["parts"] for name in ("closing", "netFlows"))
    day = (await api(STEP, scope=scope, path=end["path"])).data["performanceExplain"]
    worth = [Decimal(part["value"].split()[0]) for part in day["parts"]]
    assert sum(worth) == Decimal(period["closing"]["value"])
    account = (await api(STEP, scope=scope, path=day["parts"][0]["path"])).data["performanceExplain"]
    assert account["positions"]
    for each in account["positions"]:
        assert each["securityName"]
        assert each["file"] == "prices.csv"
        assert each["line"] > 1
    moved = (await api(STEP, scope=scope, path=flows["path"])).data["performanceExplain"]["movements"]
    assert sum(Decimal(each["amount"]) for each in moved if each["effect"] == "FLOW") == Decimal(
        period["netFlows"]["value"]
    )
    assert {each["entry"]["file"] for each in moved if each["entry"]} == {"transactions.csv"}
    assert all(each["accountName"] for each in moved)
    for path in (end["path"], day["parts"][0]["path"], flows["path"]):
        elsewhere = await other_house.api("ADVISOR")(STEP, scope=scope, path=path)
        assert elsewhere.codes == ["NOT_FOUND"], path


async def test_the_course_the_months_and_the_risk(book: House) -> None:
    household = await first_household(book)
    answer = await book.api("ADVISOR")(
        f"""query C($scope: PerformanceScope!) {{ performance(scope: $scope) {{
          course(period: ITD, points: 50) {{ begin end reason {{ code }} days {{
            day value netContributions growthNet growthGross benchmarkGrowth }} }}
          calendar {{ year month net {{ value reason {{ code }} }} gross {{ value }} }}
          short: risk(period: YTD) {{ volatility {{ reasons {{ code }} }} }}
          risk(period: ITD) {{ volatility {{ {FIGURE} }} sharpe {{ {FIGURE} }} beta {{ {FIGURE} }}
            maxDrawdown {{ figure {{ {FIGURE} }} peak trough recovery }} }}
          periods(kinds: [ITD]) {{ net {{ value }} }} }} }}""",
        scope={"householdId": household["id"]},
    )
    found = answer.data["performance"]
    days = found["course"]["days"]
    assert len(days) == 50
    assert days[0]["growthNet"] == "1.00000000"
    net = found["periods"][0]["net"]["value"]
    assert Decimal(days[-1]["growthNet"]) - 1 == Decimal(net)
    months = math.prod(1 + float(each["net"]["value"]) for each in found["calendar"])
    assert abs(months - 1 - float(net)) < 1e-6
    assert float(found["risk"]["volatility"]["value"]) > 0
    assert found["risk"]["beta"]["reason"]["code"] == "TOO_FEW_OBSERVATIONS"
    assert "SHORT_HISTORY" in [each["code"] for each in found["short"]["volatility"]["reasons"]]
    assert found["risk"]["maxDrawdown"]["peak"] < found["risk"]["maxDrawdown"]["trough"]


async def test_exactly_one_scope(book: House) -> None:
    household = await first_household(book)
    two = await book.api("ADVISOR")(
        PERIODS, scope={"householdId": household["id"], "firm": True}, kinds=["YTD"]
    )
    assert two.errors
    none = await book.api("ADVISOR")(PERIODS, scope={"firm": False}, kinds=["YTD"])
    assert none.codes == ["BAD_USER_INPUT"]
    firm = await book.api("ADVISOR")(PERIODS, scope={"firm": True}, kinds=["YTD"])
    assert firm.data["performance"]["periods"][0]["closing"]["value"] is not None


async def test_a_custom_period_needs_its_first_day(book: House) -> None:
    household = await first_household(book)
    asked = {"scope": {"householdId": household["id"]}, "kinds": ["CUSTOM"]}
    without = await book.api("ADVISOR")(PERIODS, **asked)
    assert without.codes == ["BAD_USER_INPUT"]
    found = (await book.api("ADVISOR")(PERIODS, **asked, **{"from": "2020-01-01"})).data["performance"]
    assert found["periods"][0]["begin"] == "2019-12-31"
    for first in ("0001-01-01", "1899-12-31", "9999-12-31"):
        beyond = await book.api("ADVISOR")(PERIODS, **asked, **{"from": first})
        [error] = beyond.errors
        assert error["message"].startswith(
            "a custom period needs the first day it has, from 1 Jan 1900 to 31 "
        )
        explain = "query E($scope: PerformanceScope!, $path: ID!) {"
        explain += " performanceExplain(scope: $scope, path: $path) { formula } }"
        path = f"from-{first}/net"
        assert (await book.api("ADVISOR")(explain, scope=asked["scope"], path=path)).codes == ["NOT_FOUND"]


async def test_another_firms_household_is_not_there(book: House, other_house: House) -> None:
    household = await first_household(book)
    answer = await other_house.api("ADVISOR")(PERIODS, scope={"householdId": household["id"]}, kinds=["YTD"])
    assert answer.codes == ["NOT_FOUND"]


async def test_the_parts_of_a_return(book: House) -> None:
    household = await first_household(book)
    for by in ("SECURITY", "ASSET_CLASS", "SECTOR", "CURRENCY", "ACCOUNT"):
        answer = await book.api("ADVISOR")(
            "query D($scope: PerformanceScope!, $by: ContributionBy!) { performance(scope: $scope) {"
            " periods(kinds: [ONE_YEAR]) { net { value } }"
            " contribution(period: ONE_YEAR, by: $by) { total { value reason { code } }"
            " rows { key label weight contribution return { value reason { code } } } }"
            " attribution(period: ONE_YEAR) { total { value reason { code } } rows { label } } } }",
            scope={"householdId": household["id"]},
            by=by,
        )
        found = answer.data["performance"]
        total = found["contribution"]["total"]["value"]
        assert total == found["periods"][0]["net"]["value"]
        parts = sum(Decimal(row["contribution"]) for row in found["contribution"]["rows"])
        assert abs(parts - Decimal(total)) < Decimal("0.000001")
        assert found["attribution"]["total"]["reason"]["code"] == "NO_DATA"
