"""Corporate actions through the API: the desk, the preview of lots, posting as one act, taking it back."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.identity.service.grants import create_access_grant
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import caller_of
from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, rows, scalar
from tests.graphql.conftest import House, make_house
from tests.graphql.test_statements import asked

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_actions")]
D = Decimal

DESK = """query($filter: CorporateActionFilter) { corporateActions(first: 20, filter: $filter) { totalCount nodes {
  id state holdingCount missingCount contradictedCount viewerCan security { name } action { type exDate } } } }"""
PREVIEW = """query($id: ID!, $fractions: FractionRule, $cash: Decimal, $share: Decimal) {
  corporateActionPreview(id: $id, fractions: $fractions, cashPerUnit: $cash, basisFraction: $share) {
    accountCount entryCount terms { fractions cashPerUnit basisFraction } withoutRate { name }
    effects { account { name } units entries { type security { name } quantity amount currency }
      lotsBefore { security { name } units acquiredOn cost } lotsAfter { security { name } units acquiredOn cost }
      gains { units proceeds cost gain term } reasons { code message } } } }"""
POSTED = """... on PostCorporateActionSuccess { dryRun accountCount entryCount bookVersion
  deskAction { id state missingCount viewerCan } }"""
REVERSED = "... on ReverseCorporateActionSuccess { entryCount deskAction { id state missingCount } }"


def book() -> Book:
    """A1 holds 100 and 25 ACME, A2 holds 7 of it in euros; five actions."""
    made = (
        Book().household().account().account("A2", currency="EUR", name="Second").security().security("CHILD")
    )
    made.price("ACME", "2021-03-01", "50").price("ACME", "2021-03-15", "25").price(
        "CHILD", "2021-03-22", "10"
    )
    made.price("ACME", "2021-03-22", "15").rate("EUR", "USD", "2021-03-01", "1.25")
    made.deposit("10000", on="2021-02-26").buy("ACME", "100", "-5000").buy(
        "ACME", "25", "-1500", on="2021-03-02"
    )
    made.deposit("1000", account="A2", on="2021-02-26").buy("ACME", "7", "-280", account="A2")
    made.action("SPLIT", "2021-03-15", key="SPLIT", ratio_new=D(1), ratio_old=D(8))
    made.action(
        "SPIN_OFF", "2021-03-22", key="SPIN", ratio_new=D(1), ratio_old=D(1), other_security_key="CHILD"
    )
    made.action("SPLIT", "2021-05-03", key="AHEAD", ratio_new=D(2), ratio_old=D(1))
    made.action("SPLIT", "2015-01-05", key="LONG AGO", ratio_new=D(2), ratio_old=D(1))
    made.action("SYMBOL_CHANGE", "2021-03-10", key="NAME", new_value="ACM")
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    report = await book().load(platform, house.firm, tmp_path_factory.mktemp("actions"))
    assert report.ok, list(report.lines())
    return house


async def key_of(house: House, external_id: str) -> str:
    sql = "select id from corporate_actions where tenant_id = :t and external_id = :x and superseded_version is null"
    return str(to_global("CorporateAction", await scalar(house.platform, house.firm, sql, x=external_id)))


async def states(house: House, role: str = "OPERATIONS", **filter_: Any) -> dict[tuple[str, str], Any]:
    found = (await house.api(role)(DESK, filter=filter_ or None)).data["corporateActions"]
    assert found["totalCount"] == len(found["nodes"])
    return {(n["action"]["type"], n["action"]["exDate"]): n for n in found["nodes"]}


async def post(house: House, external_id: str, role: str = "OPERATIONS", **given: Any) -> dict[str, Any]:
    request = {
        "idempotencyKey": str(new_id()),
        "corporateActionId": await key_of(house, external_id),
        "reason": "The issuer's notice of 1 March",
        **given,
    }
    return await house.api(role).change("postCorporateAction", POSTED, **request)


async def test_the_desk_says_what_is_announced_due_not_held_and_moves_nothing(desk: House) -> None:
    found = await states(desk)
    assert [(day, n["state"], n["holdingCount"], n["missingCount"]) for (_, day), n in found.items()] == [
        ("2021-05-03", "ANNOUNCED", 2, 2),
        ("2021-03-22", "DUE", 2, 2),
        ("2021-03-15", "DUE", 2, 2),
        ("2021-03-10", "NOTHING_TO_POST", 2, 2),
        ("2015-01-05", "NOT_HELD", 0, 0),
    ]
    assert set(await states(desk, states=["DUE"])) == {("SPIN_OFF", "2021-03-22"), ("SPLIT", "2021-03-15")}
    assert set(await states(desk, states=["ANNOUNCED"])) == {("SPLIT", "2021-05-03")}
    assert set(await states(desk, types=["SPIN_OFF"])) == {("SPIN_OFF", "2021-03-22")}
    due = found["SPLIT", "2021-03-15"]
    assert due["viewerCan"] == ["POST_CORPORATE_ACTION"]
    assert (await states(desk, "ADVISOR"))["SPLIT", "2021-03-15"]["viewerCan"] == []
    refused = await desk.api("CLIENT")(DESK, filter=None)
    assert refused.codes == ["FORBIDDEN"]


async def test_a_preview_shows_lots_and_the_gain_of_the_fraction(desk: House) -> None:
    """125 shares 1 for 8 are 15.625: 15, and 0.625 paid out at 400: 250.00. By first in, first out it is of the
    oldest lot, 12.5 shares for 5,000.00: 0.625 cost 250.00. 7 shares are 0.875: nothing but 280.00 EUR."""
    key = await key_of(desk, "SPLIT")
    answer = await desk.api("ADVISOR")(PREVIEW, id=key, fractions="CASH_IN_LIEU", cash="400")
    found = answer.data["corporateActionPreview"]
    assert (found["accountCount"], found["entryCount"], found["withoutRate"]) == (2, 2, [])
    by_name = {each["account"]["name"]: each for each in found["effects"]}
    first, second = by_name["Account A1"], by_name["Second"]
    assert first["entries"] == [
        {
            "type": "SPLIT",
            "security": {"name": "ACME Corp"},
            "quantity": "-110",
            "amount": "250.00",
            "currency": "USD",
        }
    ]
    assert [(lot["units"], lot["cost"], lot["acquiredOn"]) for lot in first["lotsBefore"]] == [
        ("100", "5000.00", "2021-03-01"),
        ("25", "1500.00", "2021-03-02"),
    ]
    assert [(D(lot["units"]), lot["cost"]) for lot in first["lotsAfter"]] == [
        (D("11.875"), "4750.00"),
        (D("3.125"), "1500.00"),
    ]
    assert [(D(g["units"]), g["proceeds"], g["cost"], g["gain"]) for g in first["gains"]] == [
        (D("0.625"), "250.00", "250.00", "0.00")
    ]
    # 0.875 x 400 USD at 1 / 1.25.
    assert [(e["quantity"], e["amount"], e["currency"]) for e in second["entries"]] == [
        ("-7", "280.00", "EUR")
    ]
    assert second["lotsAfter"] == []


NO_PRICE = "expected a price greater than 0, at most 18 digits before the point and 10 after it"


async def test_a_preview_refuses_terms_that_do_not_fit(desk: House) -> None:
    key = await key_of(desk, "SPLIT")
    api = desk.api("ADVISOR")
    for given, said in (
        ({"fractions": "CASH_IN_LIEU"}, "cash in lieu: expected the cash for one unit; nothing was posted"),
        ({"share": "0.4"}, "expected none for SPLIT: a spin-off divides the basis"),
        ({"fractions": "CASH_IN_LIEU", "cash": "-1"}, NO_PRICE),
        ({"fractions": "CASH_IN_LIEU", "cash": "9" * 20}, NO_PRICE),
        ({"fractions": "CASH_IN_LIEU", "cash": "0.12345678901"}, NO_PRICE),
    ):
        answer = await api(PREVIEW, id=key, **given)
        assert [error["message"] for error in answer.errors] == [said]


async def test_posting_is_one_act_under_one_version_and_once(desk: House) -> None:
    before = clock.now()
    given = {"idempotencyKey": str(new_id()), "fractions": "CASH_IN_LIEU", "cashPerUnit": "400"}
    tried = await post(desk, "SPLIT", **given, dryRun=True)
    assert (tried["dryRun"], tried["entryCount"], tried["deskAction"]["state"]) == (True, 2, "DUE")
    done = await post(desk, "SPLIT", **given)
    assert (done["accountCount"], done["entryCount"], done["deskAction"]["state"]) == (2, 2, "POSTED")
    assert done["deskAction"]["viewerCan"] == ["REVERSE_CORPORATE_ACTION"]
    # The action has another id by then: the same request, asked again, names the one it named.
    entries = await rows(
        desk.platform, desk.firm,
        "select t.type, trim_scale(t.units), trim_scale(t.amount), t.currency, t.book_version, c.external_id, c.fractions,"
        " trim_scale(c.cash_in_lieu_price) from transactions t join corporate_actions c on c.tenant_id = :t"
        " and c.id = t.corporate_action_id where t.tenant_id = :t order by t.amount",
    )  # fmt: skip
    version = int(done["bookVersion"])
    assert entries == [
        ("SPLIT", D(-110), D(250), "USD", version, "SPLIT", "CASH_IN_LIEU", D(400)),
        ("SPLIT", D(-7), D(280), "EUR", version, "SPLIT", "CASH_IN_LIEU", D(400)),
    ]
    again = await post(desk, "SPLIT")
    assert (again["__typename"], again["message"]) == (
        "Conflict",
        "every holding of that day has its entries, or nobody held; nothing was posted",
    )
    audit = "select count(*), max(details ->> 'reason') from audit_events where tenant_id = :t and action = 'ledger.corporate_action.posted'"
    assert await rows(desk.platform, desk.firm, audit) == [(1, "The issuer's notice of 1 March")]
    # Values of the day that is kept follow: 15 shares at 15 and cash.
    values = (
        "{ accounts(first: 5) { nodes { name cash { value } positions(first: 5) { nodes { quantity } } } } }"
    )
    nodes = (await desk.api("ADVISOR")(values)).data["accounts"]["nodes"]
    assert {
        n["name"]: (n["cash"]["value"], [p["quantity"] for p in n["positions"]["nodes"]]) for n in nodes
    } == {
        "Account A1": ("3750.00", ["15"]),
        "Second": ("1000.00", []),
    }
    then = "query($at: DateTime!) { accounts(first: 5, knownAt: $at) { nodes { name positions(first: 5, knownAt: $at) { nodes { quantity } } } } }".replace(
        "(first: 5, knownAt: $at) { nodes { quantity", "(first: 5) { nodes { quantity"
    )
    nodes = (await desk.api("ADVISOR")(then, at=before.isoformat())).data["accounts"]["nodes"]
    assert sorted(p["quantity"] for n in nodes for p in n["positions"]["nodes"]) == ["125", "7"]


async def test_what_a_posted_action_did_stays_to_be_seen(desk: House) -> None:
    """The 125 and 7 shares above: 15 for 6,500.00 less the 250.00 of the fraction, and none. Of the 15 those spun
    off take 10 / (15 + 10) of the cost: 2,500.00 and 3,750.00 are the 6,250.00."""
    query = """query($id: ID!) { corporateActionPreview(id: $id) { entryCount movedAccountCount
      moved { account { name } security { name } unitsBefore unitsAfter costBefore costAfter currency } } }"""

    async def moved(key: str) -> list[tuple[Any, ...]]:
        answer = await desk.api("ADVISOR")(query, id=await key_of(desk, key))
        found = answer.data["corporateActionPreview"]
        assert found["entryCount"] == 0
        assert found["movedAccountCount"] == len({one["account"]["name"] for one in found["moved"]})
        return [
            (one.pop("account")["name"], one.pop("security")["name"], *one.values()) for one in found["moved"]
        ]

    await post(desk, "SPLIT", fractions="CASH_IN_LIEU", cashPerUnit="400")
    assert sorted(await moved("SPLIT")) == [
        ("Account A1", "ACME Corp", "125", "15", "6500.00", "6250.00", "USD"),
        ("Second", "ACME Corp", "7", "0", "280.00", "0.00", "EUR"),
    ]
    await post(desk, "SPIN")
    assert await moved("SPIN") == [
        ("Account A1", "ACME Corp", "15", "15", "6250.00", "3750.00", "USD"),
        ("Account A1", "CHILD Corp", "0", "15", "0.00", "2500.00", "USD"),
    ]


async def test_the_same_key_posts_once(desk: House) -> None:
    given = {
        "idempotencyKey": str(new_id()),
        "corporateActionId": await key_of(desk, "SPIN"),
        "reason": "Notice",
    }
    api = desk.api("OPERATIONS")
    first = await api.change("postCorporateAction", POSTED, **given, basisFraction="0.4")
    second = await api.change("postCorporateAction", POSTED, **given, basisFraction="0.4")
    assert (first["entryCount"], second["bookVersion"]) == (2, first["bookVersion"])
    other = await api.change("postCorporateAction", POSTED, **given, basisFraction="0.5")
    assert other["__typename"] == "Conflict"
    count = "select count(*) from transactions where tenant_id = :t and type = 'SPIN_OFF'"
    assert await scalar(desk.platform, desk.firm, count) == 2


async def test_posting_is_taken_back_as_one_act_and_may_come_again(desk: House) -> None:
    assert (await post(desk, "SPLIT"))["deskAction"]["state"] == "POSTED"
    undo = {
        "idempotencyKey": str(new_id()),
        "corporateActionId": await key_of(desk, "SPLIT"),
        "reason": "Wrong ratio",
    }
    api = desk.api("OPERATIONS")
    done = await api.change("reverseCorporateAction", REVERSED, **undo)
    assert (done["entryCount"], done["deskAction"]["state"], done["deskAction"]["missingCount"]) == (
        2,
        "DUE",
        2,
    )
    held = "select trim_scale(sum(units)) from transactions where tenant_id = :t and security_id is not null"
    assert await scalar(desk.platform, desk.firm, held) == D(132)
    nothing = await api.change("reverseCorporateAction", REVERSED, **undo | {"idempotencyKey": str(new_id())})
    assert nothing["message"].startswith("no entry that stands was posted here for this action")
    assert (await post(desk, "SPLIT"))["deskAction"]["state"] == "POSTED"


async def test_who_may_post_and_what_is_refused(desk: House) -> None:
    assert (await post(desk, "SPLIT", role="ADVISOR"))["__typename"] == "PermissionDenied"
    ahead = await post(desk, "AHEAD")
    assert (
        ahead["message"]
        == "the ex-date is 3 May 2021, after the business date 31 Mar 2021; nothing was posted"
    )
    assert (await post(desk, "NAME"))[
        "message"
    ] == "SYMBOL_CHANGE of the same security moves no units; nothing was posted"
    assert (await post(desk, "LONG AGO"))["__typename"] == "Conflict"
    assert (await post(desk, "SPLIT", reason=" "))[
        "message"
    ] == "the reason has 0 characters, expected 1 to 500"
    missing = await desk.api("OPERATIONS").change(
        "postCorporateAction", POSTED, idempotencyKey=str(new_id()), reason="x",
        corporateActionId=to_global("CorporateAction", new_id()),
    )  # fmt: skip
    assert missing["__typename"] == "NotFound"


async def test_the_custodians_entries_count_and_wrong_units_contradict(
    app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A journal that fits is the split; a SPLIT of other units contradicts the ratio; a journal that does not fit is none."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    made = Book()
    made.household().security().price("ACME", "2021-03-01", "50")
    for name, kind, units in (
        ("A1", "JOURNAL", "100"),
        ("A2", "SPLIT", "50"),
        ("A3", "JOURNAL", "7"),
        ("A4", "SPLIT", "100"),
    ):
        made.account(name).deposit("10000", account=name, on="2021-02-26").buy(
            "ACME", "100", "-5000", account=name
        )
        made.transaction(kind, account=name, on="2021-03-15", security="ACME", quantity=units)
    made.action("SPLIT", "2021-03-15", ratio_new=D(2), ratio_old=D(1))
    report = await made.load(platform, house.firm, tmp_path_factory.mktemp("custodian"))
    assert report.ok, list(report.lines())
    found = (await states(house))["SPLIT", "2021-03-15"]
    assert (found["state"], found["holdingCount"], found["missingCount"], found["contradictedCount"]) == (
        "CONTRADICTED",
        4,
        1,
        1,
    )
    assert found["viewerCan"] == ["POST_CORPORATE_ACTION"]
    done = await house.api("OPERATIONS").change(
        "postCorporateAction", POSTED, idempotencyKey=str(new_id()), reason="The one that lacks it",
        corporateActionId=found["id"],
    )  # fmt: skip
    assert (done["accountCount"], done["entryCount"]) == (1, 1)
    accounts = (await ids_of(platform, house.firm)).accounts
    where = "select account_id from transactions where tenant_id = :t and corporate_action_id is not null"
    assert await scalar(platform, house.firm, where) == accounts["A3"]


async def test_a_limited_person_sees_their_accounts_and_posts_nothing(desk: House) -> None:
    seen = await desk.api("LIMITED")(DESK, filter=None)
    assert seen.data["corporateActions"]["nodes"] == []
    unknown = await desk.api("LIMITED")(PREVIEW, id=await key_of(desk, "SPLIT"))
    assert unknown.codes == ["NOT_FOUND"]


async def test_pages_and_previews_cost_a_fixed_number_of_statements(desk: House) -> None:
    """The view, the page with its states, its securities; the count. A preview reads the books of its accounts."""
    key = await key_of(desk, "SPLIT")
    one = await asked(desk, DESK.replace("first: 20", "first: 1"), filter=None)
    many = await asked(desk, DESK, filter=None)
    assert len(many) == len(one) <= 1 + 4
    assert len(await asked(desk, PREVIEW, id=key)) <= 1 + 22


async def _limited_to(house: House, account: str) -> None:
    """Lets the limited person read one account."""
    admin = await caller_of(house.platform, house.firm, house.people["FIRM_ADMIN"])
    key = (await ids_of(house.platform, house.firm)).accounts[account]
    async with house.platform.db.unit_of_work(admin.binding(), actor=admin.actor()) as uow:
        await create_access_grant(
            uow, admin, principal_id=house.people["LIMITED"].id, subject_id=key, reason="Stands in"
        )


async def test_a_benchmark_shows_a_limited_person_no_actions_of_what_they_do_not_see(desk: House) -> None:
    limited = desk.api("LIMITED")
    key = await key_of(desk, "SPLIT")
    made = await desk.api("PORTFOLIO_MANAGER").change(
        "createBenchmark", "", name="ACME alone", reason="a test", idempotencyKey=str(new_id()),
        components=[{
            "firstDay": "2020-01-01", "weight": "1",
            "securityId": to_global("Security", (await ids_of(desk.platform, desk.firm)).securities["ACME"]),
        }],
    )  # fmt: skip
    assert made["__typename"] == "CreateBenchmarkSuccess", made
    for filter_ in (None, {"states": ["DUE", "ANNOUNCED", "NOT_HELD", "NOTHING_TO_POST"]}):
        seen = (await limited(DESK, filter=filter_)).data["corporateActions"]
        assert seen == {"totalCount": 0, "nodes": []}
    one = "query($id: ID!) { corporateAction(id: $id) { id } }"
    assert (await limited(one, id=key)).codes == ["NOT_FOUND"]
    assert (await limited(PREVIEW, id=key)).codes == ["NOT_FOUND"]
    await _limited_to(desk, "A1")
    seen = (await limited(DESK, filter=None)).data["corporateActions"]
    assert (seen["totalCount"], len(seen["nodes"])) == (5, 5)
    assert (await limited(one, id=key)).data["corporateAction"] == {"id": key}


async def test_a_limited_person_previews_what_nobody_they_see_holds_yet(
    app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A spin-off of a security that is in nobody's account: told without its name, not an error."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    made = acme_book().security("CHILD").price("ACME", "2021-03-15", "60").price("CHILD", "2021-03-15", "40")
    made.action("SPIN_OFF", "2021-03-15", other_security_key="CHILD", ratio_new=D(1), ratio_old=D(1))
    assert (await made.load(platform, house.firm, tmp_path_factory.mktemp("spun"))).ok
    await _limited_to(house, "A1")
    limited = house.api("LIMITED")
    (node,) = (await limited(DESK, filter=None)).data["corporateActions"]["nodes"]
    query = """query($id: ID!) { corporateActionPreview(id: $id) { entryCount effects {
      entries { type quantity security { name } } lotsAfter { units cost security { name } } } } }"""
    found = (await limited(query, id=node["id"])).data["corporateActionPreview"]
    assert found["effects"][0]["entries"] == [{"type": "SPIN_OFF", "quantity": "100", "security": None}]
    assert {lot["security"] and lot["security"]["name"] for lot in found["effects"][0]["lotsAfter"]} == {
        "ACME Corp", None,
    }  # fmt: skip
    counts = "query { corporateActionCounts { all due contradicted posted announced notHeld nothingToPost } }"
    assert (await limited(counts)).data["corporateActionCounts"] == {
        "all": 1, "due": 1, "contradicted": 0, "posted": 0, "announced": 0, "notHeld": 0, "nothingToPost": 0,
    }  # fmt: skip
