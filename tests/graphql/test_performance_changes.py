"""Conventions, benchmarks and groups over the API: what was known before stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.identity.service.grants import create_access_grant
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import caller_of
from tests.factories_ledger import LAST_DAY, Book, Ids, ids_of, scalar
from tests.graphql.conftest import House, load_book, make_house

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
BEFORE = date(2021, 2, 25)  # the close before the first entry


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    folder: Path = tmp_path_factory.mktemp("own")
    await load_book(house, folder, households=2)
    return house


def key() -> str:
    return str(new_id())


RETURNS = """query R($scope: PerformanceScope!, $known: DateTime, $benchmark: ID) {
  performance(scope: $scope, knownAt: $known, benchmarkId: $benchmark) {
    policy { version choices { name value origin } } benchmark { id name }
    periods(kinds: [ONE_YEAR]) { net { value reason { code } } benchmark { value reason { code } }
      excess { value } } attribution(period: ONE_YEAR) { total { value reason { code } }
      rows { label allocation selection interaction } } } }"""


async def _ids(own: House) -> dict[str, Any]:
    answer = await own.api("PORTFOLIO_MANAGER")(
        "{ households(first: 1) { nodes { id accounts(first: 1) { nodes { id } } } }"
        " securities(first: 50) { nodes { id symbol } } }"
    )
    household = answer.data["households"]["nodes"][0]
    security = next(each for each in answer.data["securities"]["nodes"] if each["symbol"] == "SPY")
    return {
        "household": household["id"],
        "account": household["accounts"]["nodes"][0]["id"],
        "security": security["id"],
    }


async def _version(own: House) -> int:
    return int(await scalar(own.platform, own.firm, "select version from book_heads where tenant_id = :t"))


async def test_a_benchmark_is_made_and_assigned(own: House) -> None:
    ids, api = await _ids(own), own.api("PORTFOLIO_MANAGER")
    before = clock.now()
    components = [
        {"firstDay": "2010-01-01", "weight": "0.6", "securityId": ids["security"]},
        {"firstDay": "2010-01-01", "weight": "0.4", "yearlyRate": "0.03"},
    ]
    wrong = await api.change(
        "createBenchmark", "", name="Half", components=components[:1], reason="a test", idempotencyKey=key()
    )
    assert wrong["__typename"] == "ValidationFailed"
    assert "expected 1" in wrong["message"]
    made = await api.change(
        "createBenchmark",
        "... on CreateBenchmarkSuccess { benchmark { id name } }",
        name="60/40",
        components=components,
        reason="a test",
        idempotencyKey=key(),
    )
    assert made["__typename"] == "CreateBenchmarkSuccess", made
    benchmark = made["benchmark"]["id"]
    given = {"benchmarkId": benchmark, "effectiveFrom": "2015-01-01", "reason": "a test"}
    to = {"householdId": ids["household"], "idempotencyKey": key(), **given}
    assigned = await api.change("assignBenchmark", "", **to)
    assert assigned["__typename"] == "AssignBenchmarkSuccess", assigned
    again = await _version(own)
    assert await api.change("assignBenchmark", "", **to) == assigned
    assert await _version(own) == again  # the same request is one change
    other = await api.change("assignBenchmark", "", **{**to, "reason": "another"})
    assert other["__typename"] == "Conflict"
    scope = {"householdId": ids["household"]}
    found = (await api(RETURNS, scope=scope)).data["performance"]
    assert found["benchmark"]["name"] == "60/40"
    assert found["periods"][0]["benchmark"]["value"] is not None, found
    assert found["attribution"]["total"]["value"] is not None, found
    # A period longer than the books has no benchmark either: it would be that of the part there is.
    longer = "query L($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [TEN_YEARS]) {"
    longer += " net { value } benchmark { value reason { code } } benchmarkAnnualised { value }"
    longer += " excess { value } } } }"
    ten = (await api(longer, scope=scope)).data["performance"]["periods"][0]
    assert ten["net"]["value"] is None
    assert ten["benchmark"] == {"value": None, "reason": {"code": "HISTORY_TOO_SHORT"}}
    assert (ten["benchmarkAnnualised"]["value"], ten["excess"]["value"]) == (None, None)
    # The account's household has it, so the account is measured beside it too.
    account = (await api(RETURNS, scope={"accountId": ids["account"]})).data["performance"]
    assert account["benchmark"]["id"] == benchmark
    then = (await api(RETURNS, scope=scope, known=before.isoformat())).data["performance"]
    assert then["benchmark"] is None
    assert then["periods"][0]["net"] == found["periods"][0]["net"]
    readers = (await own.api("READ_ONLY")("{ benchmarks { id name } }")).data["benchmarks"]
    assert made["benchmark"] in readers
    refused = await own.api("ADVISOR").change("assignBenchmark", "", idempotencyKey=key(), **given)
    assert refused["__typename"] == "PermissionDenied"


BENCHMARK = """query B($id: ID!, $firstDay: Date, $known: DateTime) {
  benchmark(id: $id, firstDay: $firstDay, knownAt: $known) { name version
    blends { firstDay rebalance parts { label weight securityId yearlyRate } }
    uses { name householdId effectiveFrom effectiveTo reason authorName }
    course { currency change reason { code } days { day level reason { code } } } } }"""


async def test_a_blend_is_changed_from_a_day_on_and_is_what_it_was_as_known_before(own: House) -> None:
    """3 % a year until the end of February, 5 % from the first of March on."""
    ids, api = await _ids(own), own.api("PORTFOLIO_MANAGER")
    rate = {"firstDay": "2020-01-01", "weight": "1", "yearlyRate": "0.03"}
    made = await api.change(
        "createBenchmark", "... on CreateBenchmarkSuccess { benchmark { id } }", name="A rate",
        components=[rate], reason="a test", idempotencyKey=key(),
    )  # fmt: skip
    benchmark = made["benchmark"]["id"]
    shown = (await api(BENCHMARK, id=benchmark, firstDay="2020-04-01")).data["benchmark"]
    assert (shown["name"], shown["version"], shown["uses"]) == ("A rate", 1, [])
    [blend] = shown["blends"]
    assert (blend["firstDay"], blend["rebalance"]) == ("2020-01-01", "MONTHLY")
    assert blend["parts"] == [
        {"label": "3 % a year", "weight": "1", "securityId": None, "yearlyRate": "0.03"}
    ]
    # From the close of 31 March to that of a year later, 365 days.
    assert (shown["course"]["currency"], shown["course"]["change"]) == ("USD", "0.03000000")
    assert shown["course"]["days"][0] == {"day": "2020-03-31", "level": "100.00000000", "reason": None}
    assert shown["course"]["days"][-1]["level"] == "103.00000000"
    before = clock.now()
    given = {
        "benchmarkId": benchmark,
        "components": [{**rate, "firstDay": "2021-03-01", "yearlyRate": "0.05"}],
        "reason": "the client asked for it",
        "expectedVersion": 1,
        "idempotencyKey": key(),
    }
    wrong = await api.change("changeBenchmark", "", **{**given, "components": [{**rate, "weight": "0.5"}]})
    assert wrong["__typename"] == "ValidationFailed"
    changed = await api.change(
        "changeBenchmark", "... on ChangeBenchmarkSuccess { benchmark { version } }", **given
    )
    assert changed["benchmark"] == {"version": 2}
    late = await api.change("changeBenchmark", "", **{**given, "idempotencyKey": key()})
    assert late["__typename"] == "Conflict"
    assert "version 2" in late["message"]
    assigned = await api.change(
        "assignBenchmark", "", benchmarkId=benchmark, householdId=ids["household"],
        effectiveFrom="2010-01-01", reason="agreed", idempotencyKey=key(),
    )  # fmt: skip
    assert assigned["__typename"] == "AssignBenchmarkSuccess", assigned
    now = (await api(BENCHMARK, id=benchmark, firstDay="2021-03-01")).data["benchmark"]
    assert [each["firstDay"] for each in now["blends"]] == ["2020-01-01", "2021-03-01"]
    # 26 February to 31 March are 33 days.
    assert now["course"]["change"] == f"{1.05 ** (33 / 365) - 1:.8f}"
    [use] = now["uses"]
    assert (use["householdId"], use["effectiveFrom"], use["reason"]) == (
        ids["household"],
        "2010-01-01",
        "agreed",
    )
    then = (await api(BENCHMARK, id=benchmark, firstDay="2021-03-01", known=before.isoformat())).data[
        "benchmark"
    ]
    assert len(then["blends"]) == 1
    assert then["uses"] == []
    assert then["course"]["change"] == f"{1.03 ** (33 / 365) - 1:.8f}"
    again = await api.change("changeBenchmark", "", **given)
    assert again["__typename"] == "ChangeBenchmarkSuccess"
    refused = await own.api("ADVISOR").change("changeBenchmark", "", **{**given, "idempotencyKey": key()})
    assert refused["__typename"] == "PermissionDenied"


async def test_a_benchmark_is_the_same_for_who_does_not_see_what_it_is_made_of(
    app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An index in dollars beside an account in euros, for a client and an advisor who see no index."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    book = Book().household().account(currency="EUR").account("A2").security()
    for at in range((LAST_DAY - BEFORE).days + 1):
        day = BEFORE + timedelta(days=at)
        book.price("ACME", day, "75" if day == LAST_DAY else "50")
        book.rate("EUR", "USD", day, "1.10" if day == LAST_DAY else "1.25")
    book.deposit("1000", on="2021-02-26").deposit("9000", account="A2", on="2021-02-26")
    book.buy("ACME", "100", "-5000", account="A2", on="2021-03-01")
    report = await book.load(platform, house.firm, tmp_path_factory.mktemp("index"))
    assert report.ok, list(report.lines())
    ids = await ids_of(platform, house.firm)
    account = to_global("Account", ids.accounts["A1"])
    admin = await caller_of(platform, house.firm, house.people["FIRM_ADMIN"])
    async with platform.db.unit_of_work(admin.binding(), actor=admin.actor()) as uow:
        for role in ("LIMITED", "CLIENT"):
            await create_access_grant(
                uow, admin, principal_id=house.people[role].id, subject_id=ids.accounts["A1"], reason="Theirs"
            )
    api = house.api("PORTFOLIO_MANAGER")
    made = await api.change(
        "createBenchmark", "... on CreateBenchmarkSuccess { benchmark { id } }", name="ACME", reason="a test",
        idempotencyKey=key(),
        components=[{
            "firstDay": "2020-01-01", "weight": "1",
            "securityId": to_global("Security", ids.securities["ACME"]),
        }],
    )  # fmt: skip
    given = {"benchmarkId": made["benchmark"]["id"], "effectiveFrom": "2020-01-01", "reason": "a test"}
    assert (await api.change("assignBenchmark", "", idempotencyKey=key(), **given))[
        "__typename"
    ] == "AssignBenchmarkSuccess"
    query = """query($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [ITD]) {
      benchmark { value reason { code } } excess { value } }
      attribution(period: ITD) { allocation total { value }
      rows { key benchmarkWeight benchmarkReturn } } } }"""
    told = (await api(query, scope={"accountId": account})).data["performance"]
    # 75 / 1.10 = 68.18 euros for 50 / 1.25 = 40: not the index's own 50 %.
    assert told["periods"][0]["benchmark"]["value"] == "0.70454545"
    assert {row["key"] for row in told["attribution"]["rows"]} == {"CASH", "EQUITY"}
    for role in ("LIMITED", "CLIENT"):
        assert (await house.api(role)("{ securities(first: 5) { totalCount } }")).data["securities"] == {
            "totalCount": 0
        }
        assert (await house.api(role)(query, scope={"accountId": account})).data["performance"] == told, role
    await _clients_are_told_what_was_agreed(house, account, made["benchmark"]["id"], ids.securities["ACME"])
    await _what_holds_for_the_household_holds_for_its_account(house, account, ids)


async def _what_holds_for_the_household_holds_for_its_account(house: House, account: str, ids: Ids) -> None:
    """Who sees the account and not its household is told the same, by the same conventions."""
    household = to_global("Household", ids.households["H1"])
    api, query = (
        house.api("OPERATIONS"),
        """query($scope: PerformanceScope!) { performance(scope: $scope) {
      policy { version digest } benchmark { name } periods(kinds: [ITD]) {
        net { value } benchmark { value } } } }""",
    )
    set_ = await api.change(
        "setCalculationPolicy", "", householdId=household, reason="a test", expectedNumber=0,
        changes=[{"name": "flow_timing", "value": "END_OF_DAY"}], effectiveFrom="1990-01-01",
        idempotencyKey=key(),
    )  # fmt: skip
    assert set_["__typename"] == "SetCalculationPolicySuccess", set_
    made = await api.change(
        "createBenchmark", "... on CreateBenchmarkSuccess { benchmark { id } }", name="Its own", reason="x",
        components=[{"firstDay": "2020-01-01", "weight": "1", "yearlyRate": "0.05"}], idempotencyKey=key(),
    )  # fmt: skip
    given = {"benchmarkId": made["benchmark"]["id"], "effectiveFrom": "2020-01-01", "reason": "a test"}
    done = await api.change("assignBenchmark", "", householdId=household, idempotencyKey=key(), **given)
    assert done["__typename"] == "AssignBenchmarkSuccess", done
    told = (await api(query, scope={"accountId": account})).data["performance"]
    assert (told["policy"]["version"], told["benchmark"]) == ("1+household:1", {"name": "Its own"})
    for role in ("LIMITED", "CLIENT"):
        seen = await house.api(role)("query($id: ID!) { household(id: $id) { id } }", id=household)
        assert seen.codes == ["NOT_FOUND"], role
        assert (await house.api(role)(query, scope={"accountId": account})).data["performance"] == told, role


async def _clients_are_told_what_was_agreed(house: House, account: str, agreed: str, index: UUID) -> None:
    """No other benchmark, no words about conventions; whose figures may be a part of the scope."""
    other = await house.api("PORTFOLIO_MANAGER").change(
        "createBenchmark", "... on CreateBenchmarkSuccess { benchmark { id } }", name="Another", reason="x",
        idempotencyKey=key(),
        components=[
            {"firstDay": "2020-01-01", "weight": "1", "securityId": to_global("Security", index)},
        ],
    )  # fmt: skip
    client, limited, firm = house.api("CLIENT"), house.api("LIMITED"), house.api("ADVISOR")
    assert (await client("{ benchmarks { id } }")).codes == ["FORBIDDEN"]
    history = "{ calculationPolicy { effective { version } history { reason authorName } } }"
    assert (await client(history)).codes == ["FORBIDDEN"]
    assert (await limited(history)).data["calculationPolicy"]["history"] == []
    effective = "{ calculationPolicy { effective { version } } }"
    assert (await client(effective)).data["calculationPolicy"] == {"effective": {"version": "1"}}
    tried = """query($scope: PerformanceScope!, $id: ID) {
      performance(scope: $scope, benchmarkId: $id) { isPartial benchmark { id } } }"""
    scope = {"accountId": account}
    unassigned = other["benchmark"]["id"]
    assert (await client(tried, scope=scope, id=unassigned)).codes == ["NOT_FOUND"]
    for id_ in (None, agreed):
        shown = (await client(tried, scope=scope, id=id_)).data["performance"]
        assert shown == {"isPartial": False, "benchmark": {"id": agreed}}
    # Who sees a part of the firm is told what was agreed for it, and of no other benchmark.
    assert (await limited(tried, scope=scope, id=unassigned)).codes == ["NOT_FOUND"]
    assert (await limited("{ benchmarks { id } }")).data["benchmarks"] == [{"id": agreed}]
    for api, is_partial in ((client, True), (limited, True), (firm, False)):
        assert (await api(tried, scope={"firm": True})).data["performance"]["isPartial"] is is_partial


async def test_a_convention_is_changed_and_known_before_stays(own: House) -> None:
    ids, api = await _ids(own), own.api("OPERATIONS")
    scope = {"householdId": ids["household"]}
    before = (await api(RETURNS, scope=scope)).data["performance"]
    instant = clock.now()
    selected = "... on SetCalculationPolicySuccess { calculationPolicy { effective { version } turns { since"
    selected += " version } history {"
    selected += " number authorName reason changes { name value } } } }"
    for name, value in (("flow_timing", "NOON"), ("no_such", "1")):
        refused = await api.change(
            "setCalculationPolicy", selected,
            changes=[{"name": name, "value": value}], reason="a test", expectedNumber=0,
            effectiveFrom="1990-01-01", idempotencyKey=key(),
        )  # fmt: skip
        assert refused["__typename"] == "ValidationFailed", refused
    given: dict[str, Any] = {
        "changes": [{"name": "flow_timing", "value": "END_OF_DAY"}],
        "reason": "as our reports had it",
        "expectedNumber": 0,
        "effectiveFrom": "1990-01-01",
        "householdId": ids["household"],
    }
    done = await api.change("setCalculationPolicy", selected, idempotencyKey=key(), **given)
    assert done["__typename"] == "SetCalculationPolicySuccess", done
    assert done["calculationPolicy"]["history"][0]["reason"] == "as our reports had it"
    assert done["calculationPolicy"]["turns"] == [
        {"since": None, "version": "1"},
        {"since": "1990-01-01", "version": "1+household:1"},
    ]
    again = await api.change("setCalculationPolicy", selected, idempotencyKey=key(), **given)
    assert again["__typename"] == "Conflict"
    after = (await api(RETURNS, scope=scope)).data["performance"]
    choices = {each["name"]: each for each in after["policy"]["choices"]}
    assert choices["flow_timing"] == {"name": "flow_timing", "value": "END_OF_DAY", "origin": "household"}
    assert after["policy"]["version"] == "1+household:1"
    then = (await api(RETURNS, scope=scope, known=instant.isoformat())).data["performance"]
    assert then == before
    await _a_report_has_its_own(own, scope)


async def _a_report_has_its_own(own: House, scope: dict[str, str]) -> None:
    """By its name, above those of the household; for staff."""
    done = await own.api("OPERATIONS").change(
        "setCalculationPolicy", "", report="Quarterly", reason="a test", expectedNumber=0,
        changes=[{"name": "flow_timing", "value": "START_OF_DAY"}],
        effectiveFrom="1990-01-01", idempotencyKey=key(),
    )  # fmt: skip
    assert done["__typename"] == "SetCalculationPolicySuccess", done
    query = """query($scope: PerformanceScope!, $report: String) {
      performance(scope: $scope, report: $report) { policy { version choices { name value origin } } } }"""
    shown = (await own.api("ADVISOR")(query, scope=scope, report="Quarterly")).data["performance"]["policy"]
    assert shown["version"] == "1+household:1+report:1"
    choices = {each["name"]: (each["value"], each["origin"]) for each in shown["choices"]}
    assert choices["flow_timing"] == ("START_OF_DAY", "report")
    assert (await own.api("ADVISOR")("{ reportPolicies }")).data == {"reportPolicies": ["Quarterly"]}
    assert (await own.api("ADVISOR")(query, scope=scope, report="Yearly")).codes == ["NOT_FOUND"]


@pytest.mark.parametrize("name", ["\x01", "\u202eevil", " ", "x" * 201])
async def test_a_name_that_nobody_could_read_is_refused(own: House, name: str) -> None:
    ids, api = await _ids(own), own.api("PORTFOLIO_MANAGER")
    given: dict[str, dict[str, Any]] = {
        "createBenchmark": {
            "components": [{"firstDay": "2010-01-01", "weight": "1", "yearlyRate": "0.03"}],
            "name": name,
            "reason": "a test",
        },
        "createComposite": {"name": name, "description": "x", "currency": "USD", "reason": "a test"},
        "createAccountGroup": {"name": name, "accountIds": [ids["account"]]},
        "setCalculationPolicy": {
            "report": name, "effectiveFrom": "2020-01-01", "changes": [], "reason": "a test",
            "expectedNumber": 0,
        },
    }  # fmt: skip
    for mutation, fields in given.items():
        refused = await api.change(mutation, "", idempotencyKey=key(), **fields)
        assert refused["__typename"] == "ValidationFailed", mutation
        assert refused["path"] == ["input", "report" if "report" in fields else "name"]


async def test_a_group_is_a_scope(own: House) -> None:
    ids, api = await _ids(own), own.api("ADVISOR")
    made = await api.change(
        "createAccountGroup",
        "... on CreateAccountGroupSuccess { accountGroup { id name accountCount } }",
        name="Mine",
        accountIds=[ids["account"]],
        idempotencyKey=key(),
    )
    assert made["accountGroup"]["accountCount"] == 1, made
    group = (await api(RETURNS, scope={"groupId": made["accountGroup"]["id"]})).data["performance"]
    account = (await api(RETURNS, scope={"accountId": ids["account"]})).data["performance"]
    assert group["periods"][0]["net"] == account["periods"][0]["net"]
    listed = (await api("{ accountGroups { id name accountCount } }")).data["accountGroups"]
    assert listed == [made["accountGroup"]]
    limited = (await own.api("LIMITED")("{ accountGroups { id } }")).data["accountGroups"]
    assert limited == []
