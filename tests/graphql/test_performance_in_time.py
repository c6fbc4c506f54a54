"""A backdated correction is seen at once, what was known before stays; a client sees the net return alone."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.explaining import Explaining
from wealthnexus.domain.performance.figures import explain
from wealthnexus.domain.performance.reading import scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.rules.figures import Figure
from wealthnexus.graphql.ids import from_global
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import plain
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api, House, load_book, make_house
from tests.graphql.test_statements import asked

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
CORRECTED = (
    "... on CorrectTransactionSuccess { dryRun reversal { id bookVersion } replacement { id bookVersion } }"
)
READ = """query R($scope: PerformanceScope!, $known: DateTime) {
  performance(scope: $scope, knownAt: $known) {
    bookVersion inception periods(kinds: [YTD, ONE_YEAR, ITD]) {
      net { value reason { code } path explain { table { rows } } } gross { value } grossAnnualised { value }
      closing { value } netFlows { value } gain { value } moneyWeighted { value } }
    course(period: ITD, points: 20) { days { day value growthNet growthGross } }
    calendar { year month net { value } gross { value } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def past(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    folder: Path = tmp_path_factory.mktemp("past")
    await load_book(house, folder, households=3)
    return house


async def _account(past: House) -> dict[str, Any]:
    answer = await past.api("OPERATIONS")(
        "{ accounts(first: 1) { nodes { id externalId households { id } transactions(first: 200) {"
        " nodes { id type tradeDate amount } } } } }"
    )
    found: dict[str, Any] = answer.data["accounts"]["nodes"][0]
    return found


async def test_a_backdated_correction_is_seen_at_once_and_not_before(past: House) -> None:
    account, api = await _account(past), past.api("OPERATIONS")
    deposit = min(
        (row for row in account["transactions"]["nodes"] if row["type"] == "DEPOSIT"),
        key=lambda row: row["tradeDate"],
    )
    scope = {"accountId": account["id"]}
    before = (await api(READ, scope=scope)).data["performance"]
    instant = clock.now()
    done = await api.change(
        "correctTransaction",
        CORRECTED,
        idempotencyKey=str(new_id()),
        transactionId=deposit["id"],
        replacement={
            "type": "DEPOSIT",
            "tradeDate": deposit["tradeDate"],
            "amount": str(float(deposit["amount"]) + 100_000),
        },
        reason="the cheque was larger",
    )
    assert done["__typename"] == "CorrectTransactionSuccess", done
    started = time.perf_counter()
    after = (await api(READ, scope=scope)).data["performance"]
    print(f"\nafter a correction: {time.perf_counter() - started:.3f} s")
    old, new = before["periods"][-1], after["periods"][-1]
    assert float(new["closing"]["value"]) == pytest.approx(float(old["closing"]["value"]) + 100_000)
    assert new["gain"] == old["gain"]  # cash earns nothing here: what was put in is no gain
    assert new["net"]["value"] != old["net"]["value"]
    assert new["net"]["explain"]["table"]["rows"] != old["net"]["explain"]["table"]["rows"]
    then = (await api(READ, scope=scope, known=instant.isoformat())).data["performance"]
    assert then == before


async def test_a_client_sees_the_same_net_return_and_no_gross_one(past: House) -> None:
    account = await _account(past)
    user = await make_user(
        past.platform,
        past.firm,
        roles=("CLIENT",),
        name="Looking On",
        limited=True,
        accounts=(account["externalId"],),
    )
    client = Api(past.app, past.firm, await bearer_of(past.platform, past.firm, user), user)
    scope = {"accountId": account["id"]}
    staff = (await past.api("ADVISOR")(READ, scope=scope)).data["performance"]
    seen = (await client(READ, scope=scope)).data["performance"]
    for own, other in zip(seen["periods"], staff["periods"], strict=True):
        assert (own["gross"], own["grossAnnualised"]) == (None, None)
        assert own["net"] == other["net"]
        assert own["closing"] == other["closing"]
        assert own["moneyWeighted"] == other["moneyWeighted"]
    assert {day["growthGross"] for day in seen["course"]["days"]} == {None}
    assert {month["gross"] for month in seen["calendar"] if month["gross"]} == set()
    assert [day["growthNet"] for day in seen["course"]["days"]] == [
        day["growthNet"] for day in staff["course"]["days"]
    ]
    for path in ("ITD/gross", "ITD/gross-annualised", "2021-03/gross"):
        answer = await client(
            "query G($scope: PerformanceScope!, $path: ID!) {"
            " performanceExplanation(scope: $scope, path: $path) }",
            scope=scope,
            path=path,
        )
        assert answer.codes == ["NOT_FOUND"], path
    contribution = await client(
        "query C($scope: PerformanceScope!) { performance(scope: $scope) {"
        " contribution(period: ITD, by: SECURITY, basis: GROSS) { total { value } } } }",
        scope=scope,
    )
    assert contribution.codes == ["BAD_USER_INPUT"]
    others = (await past.api("ADVISOR")("{ accounts(first: 9) { nodes { id } } }")).data["accounts"]["nodes"]
    hidden = next(each["id"] for each in others if each["id"] != account["id"])
    assert (await client(READ, scope={"accountId": hidden})).codes == ["NOT_FOUND"]
    assert (await client(READ, scope={"householdId": account["households"][0]["id"]})).codes == ["NOT_FOUND"]


PART = "return { path value } contribution"
PATHS = f"""query P($scope: PerformanceScope!) {{ performance(scope: $scope) {{
  periods(kinds: [YTD, ITD]) {{ net {{ path value }} gross {{ path value }}
    netAnnualised {{ path value }} grossAnnualised {{ path value }} benchmark {{ path value }}
    benchmarkAnnualised {{ path value }} excess {{ path value }} moneyWeighted {{ path value }}
    income {{ explain {{ parts {{ path }} }} }} }}
  risk(period: YTD) {{ volatility {{ path value }} sharpe {{ path value }} sortino {{ path value }}
    maxDrawdown {{ figure {{ path value }} }} beta {{ path value }} alpha {{ path value }}
    trackingError {{ path value }} informationRatio {{ path value }} upCapture {{ path value }}
    downCapture {{ path value }} }}
  security: contribution(period: YTD, by: SECURITY) {{ total {{ path value }} rows {{ {PART} }} }}
  class: contribution(period: YTD, by: ASSET_CLASS) {{ total {{ path value }} rows {{ {PART} }} }}
  account: contribution(period: YTD, by: ACCOUNT) {{ total {{ path value }} rows {{ {PART} }} }}
  attribution(period: YTD) {{ total {{ path value }} }}
  calendar {{ net {{ path value }} gross {{ path value }} benchmark {{ path value }} }} }} }}"""


def _given_out(found: Any) -> dict[str, str | None]:
    """Every path of an answer with the value beside it."""
    if isinstance(found, list):
        return {path: value for each in found for path, value in _given_out(each).items()}
    if not isinstance(found, dict):
        return {}
    own = {found["path"]: found.get("value")} if isinstance(found.get("path"), str) else {}
    return own | {path: value for each in found.values() for path, value in _given_out(each).items()}


async def test_every_path_that_is_given_out_explains_itself(past: House) -> None:
    """Of a household for its advisor, of its account for a client; all of them, with the tree below each."""
    account = await _account(past)
    user = await make_user(
        past.platform, past.firm, roles=("CLIENT",), name="Asks Why", limited=True,
        accounts=(account["externalId"],),
    )  # fmt: skip
    client = Api(past.app, past.firm, await bearer_of(past.platform, past.firm, user), user)
    household = account["households"][0]["id"]
    for api, asked_for, scope in (
        (
            past.api("ADVISOR"),
            {"householdId": household},
            Scope(ScopeKind.HOUSEHOLD, from_global(household, "Household")),
        ),
        (
            client,
            {"accountId": account["id"]},
            Scope(ScopeKind.ACCOUNT, from_global(account["id"], "Account")),
        ),
    ):
        given = _given_out((await api(PATHS, scope=asked_for)).data)
        assert len(given) > 60
        async with past.platform.db.reading(Binding(past.firm.id)) as reader:
            book = await scope_book(reader, await book_view(reader, past.firm), scope)
            assert book is not None
            known = Explaining(reader, book, api is client)
            for path, value in given.items():
                shown = await known.at(path)
                assert shown is not None, path
                figure = shown.published if isinstance(shown, Figure) else None
                assert value in {None, None if figure is None else plain(figure)}, path
                below = explain(book, shown, path).parts
                assert [await known.at(part.path) is not None for part in below] == [True] * len(below)
        fields = " ".join(
            f'e{n}: performanceExplain(scope: $scope, path: "{path}") {{ formula }}'
            for n, path in enumerate(list(given)[:: len(given) // 9])
        )
        answer = await api(f"query E($scope: PerformanceScope!) {{ {fields} }}", scope=asked_for)
        assert all(told["formula"] for told in answer.data.values())


async def test_a_scope_is_read_in_a_fixed_number_of_statements(past: House) -> None:
    """The view, the members, the span, values, movements with their planner's setting, policy, benchmark."""
    account = await _account(past)
    query = "query Q($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [YTD, ITD]) {"
    query += " net { value } } calendar { year } risk(period: ITD) { volatility { value } } } }"
    one = await asked(past, query, scope={"accountId": account["id"]})
    firm = await asked(past, query, scope={"firm": True})
    assert len(one) - 1 == 11, one
    assert len(firm) == len(one)
