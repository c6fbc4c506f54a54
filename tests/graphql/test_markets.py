"""Securities, names by date, courses, holders, prices by hand and the price desk, through the API."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.domain.markets.service import judge_prices
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, acme_book, ids_of, view_of
from tests.graphql.conftest import House, make_house

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_markets")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """ACME, which was called OLDC until 2015, and NEWC, which has been called OLDC since 2016."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    book = acme_book().account("A2", name="Second account").security("NEWC", currency="EUR", exchange="XETR")
    book.buy("ACME", "10", "-500", account="A2").security(
        "IDLE", security_type="ETF", asset_class="FIXED_INCOME"
    )
    book.price("ACME", "2021-03-30", "45").price("NEWC", LAST_DAY, "7.5")
    await book.load(platform, house.firm, tmp_path_factory.mktemp("desk"))
    ids = (await ids_of(platform, house.firm)).securities
    names = [
        (ids["ACME"], "SYMBOL", "OLDC", "XNYS", None, date(2015, 6, 1)),
        (ids["NEWC"], "SYMBOL", "OLDC", "XNYS", date(2016, 1, 4), None),
        (ids["NEWC"], "ISIN", "US0378331005", None, None, None),
    ]
    async with platform.db.unit_of_work(Binding(house.firm.id)) as uow:
        for security, scheme, value, exchange, start, end in names:
            await uow.execute(
                text(
                    "insert into security_identifiers (tenant_id, id, security_id, scheme, value, exchange,"
                    " effective_from, effective_to, book_version) values (:t, :id, :s, :scheme, :value, :x,"
                    " :start, :end, 1)"
                ),
                {"t": house.firm.id, "id": new_id(), "s": security, "scheme": scheme, "value": value,
                 "x": exchange, "start": start, "end": end},
            )  # fmt: skip
        await uow.execute(
            text(
                "insert into corporate_actions (tenant_id, id, security_id, type, ex_date, ratio_new,"
                " ratio_old, source, external_id, book_version, other_security_id)"
                " values (:t, :id, :s, 'SPLIT', '2020-08-31', 4, 1, 'Feed', 'CA1', 1, :o)"
            ),
            {"t": house.firm.id, "id": new_id(), "s": ids["ACME"], "o": ids["NEWC"]},
        )
    return house


async def key_of(house: House, name: str) -> str:
    return str(to_global("Security", (await ids_of(house.platform, house.firm)).securities[name]))


RESOLVE = """query($scheme: String!, $value: String!, $exchange: String, $on: Date) {
  resolveSecurity(scheme: $scheme, value: $value, exchange: $exchange, on: $on) {
    outcome on security { name } namings { security { name } identifier { value effectiveFrom effectiveTo } } } }"""


@pytest.mark.parametrize(
    ("given", "outcome", "name"),
    [
        ({"scheme": "SYMBOL", "value": "oldc", "on": "2015-05-31"}, "FOUND", "ACME Corp"),
        ({"scheme": "symbol", "value": "OLDC", "on": "2015-06-01"}, "ELSEWHEN", None),
        ({"scheme": "SYMBOL", "value": "OLDC", "on": "2016-01-04"}, "FOUND", "NEWC Corp"),
        ({"scheme": "SYMBOL", "value": "OLDC"}, "FOUND", "NEWC Corp"),
        ({"scheme": "SYMBOL", "value": "OLDC", "exchange": "XLON"}, "UNKNOWN", None),
        ({"scheme": "CUSIP", "value": "037833100"}, "FOUND", "NEWC Corp"),
        ({"scheme": "ISIN", "value": "us0378331005"}, "FOUND", "NEWC Corp"),
        ({"scheme": "SEDOL", "value": "0263494"}, "UNKNOWN", None),
    ],
)
async def test_a_renamed_and_a_reused_symbol_resolve_by_date(
    desk: House, given: dict[str, Any], outcome: str, name: str | None
) -> None:
    found = (await desk.api("ADVISOR")(RESOLVE, **given)).data["resolveSecurity"]
    assert (found["outcome"], found["security"] and found["security"]["name"]) == (outcome, name)
    if outcome == "ELSEWHEN":
        assert [n["identifier"]["effectiveTo"] for n in found["namings"]] == ["2015-06-01", None]


@pytest.mark.parametrize(
    ("scheme", "value", "said"),
    [
        ("CUSIP", "037833101", "the check digit of the CUSIP 037833101 does not hold; 037833100 would"),
        ("ISIN", "US037", "'US037' is no ISIN: expected a country's 2 letters and 10 characters"),
        (
            "WKN",
            "865985",
            "the scheme is 'WKN', expected one of SYMBOL, CUSIP, ISIN, SEDOL, FIGI, LEI, CUSTODIAN",
        ),
    ],
)
async def test_a_wrong_check_digit_is_refused_with_the_right_one(
    desk: House, scheme: str, value: str, said: str
) -> None:
    answer = await desk.api("ADVISOR")(RESOLVE, scheme=scheme, value=value)
    assert answer.errors[0]["message"] == said


async def test_a_security_with_all_its_edges_in_few_statements(desk: House) -> None:
    answer = await desk.api("ADVISOR")(
        """query($id: ID!) { security(id: $id) { name exchange subAssetClass priceMultiplier source version viewerCan
          identifiers { value } then: identifiers(asOf: "2010-01-04") { scheme value exchange }
          latestPrice { date close source }
          prices(from: "2021-03-01", points: 10) { date close source }
          corporateActions { type exDate ratioNew ratioOld otherSecurity { name } }
          holders { totalCount edges { node { account { name } quantity marketValue { value currency } } } }
          calendar { code timeZone days(from: "2021-04-01", to: "2021-04-05") { date isSession closesAt settlesOn } }
        } }""",
        id=await key_of(desk, "ACME"),
    )
    found = answer.data["security"]
    assert [i["value"] for i in found["identifiers"]] == ["ACME", "OLDC"] or len(found["identifiers"]) == 2
    assert {i["value"] for i in found["then"]} >= {"OLDC"}
    assert found["viewerCan"] == []
    assert found["latestPrice"] == {"date": "2021-03-31", "close": "60", "source": "Test custodian"}
    assert [(p["date"], p["close"]) for p in found["prices"]] == [
        ("2021-03-01", "50"), ("2021-03-30", "45"), ("2021-03-31", "60"),
    ]  # fmt: skip
    assert found["corporateActions"] == [
        {
            "type": "SPLIT",
            "exDate": "2020-08-31",
            "ratioNew": "4",
            "ratioOld": "1",
            "otherSecurity": {"name": "NEWC Corp"},
        }
    ]
    assert [
        (e["node"]["account"]["name"], e["node"]["quantity"], e["node"]["marketValue"]["value"])
        for e in found["holders"]["edges"]
    ] == [("Account A1", "100", "6000.00"), ("Second account", "10", "600.00")]
    assert [(d["date"], d["isSession"], d["settlesOn"]) for d in found["calendar"]["days"]] == [
        ("2021-04-01", True, "2021-04-06"),
        ("2021-04-02", False, None),
        ("2021-04-03", False, None),
        ("2021-04-04", False, None),
        ("2021-04-05", True, "2021-04-07"),
    ]
    assert answer.body["extensions"]["cost"] is not None


async def test_limits_on_courses_and_days(desk: House) -> None:
    key = await key_of(desk, "ACME")
    for field, said in (
        ("prices(points: 3) { close }", "points is 3, expected 1 to 2000"),
        (
            'prices(from: "2021-03-02", to: "2021-03-01") { close }',
            "from 2 Mar 2021 is after to 1 Mar 2021",
        ),
        ('calendar { days(from: "2021-01-01", to: "2021-03-31") { date } }', "days is 90, expected 1 to 62"),
        (
            'calendar { days(from: "9999-12-20", to: "9999-12-31") { date settlesOn } }',
            "20 Dec 9999 to 31 Dec 9999 is outside 1 Jan 1900 to 1 Jan 2200; nothing was read.",
        ),
    ):
        answer = await desk.api("ADVISOR")(f"query($id: ID!) {{ security(id: $id) {{ {field} }} }}", id=key)
        assert answer.errors[0]["message"] == said


@pytest.mark.parametrize("field", ["prices", "priceWords"])
async def test_before_the_first_price_there_is_none(desk: House, field: str) -> None:
    asked = f'query($id: ID!) {{ security(id: $id) {{ {field}(to: "0001-01-01") {{ date }} }} }}'
    answer = await desk.api("OPERATIONS")(asked, id=await key_of(desk, "ACME"))
    assert answer.data == {"security": {field: []}}


PAGE = """query($first: Int, $after: String, $filter: SecurityFilter, $order: SecurityOrder) {
  securities(first: $first, after: $after, filter: $filter, orderBy: $order) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { name symbol } } } }"""


async def test_the_security_list_pages_filters_and_sorts(desk: House) -> None:
    api = desk.api("ADVISOR")

    async def names(**given: Any) -> list[str]:
        found = (await api(PAGE, **given)).data["securities"]
        listed = [edge["node"]["name"] for edge in found["edges"]]
        assert found["totalCount"] == len(listed) or "first" in given
        return listed

    assert await names() == ["ACME Corp", "IDLE Corp", "NEWC Corp"]
    assert await names(order={"field": "SYMBOL", "direction": "DESC"}) == [
        "NEWC Corp",
        "IDLE Corp",
        "ACME Corp",
    ]
    assert await names(filter={"isHeld": True}) == ["ACME Corp"]
    assert await names(filter={"isHeld": False}) == ["IDLE Corp", "NEWC Corp"]
    assert await names(filter={"assetClasses": ["FIXED_INCOME"]}) == ["IDLE Corp"]
    assert await names(filter={"currency": "EUR"}) == ["NEWC Corp"]
    assert await names(filter={"nameContains": "néwc"}) == ["NEWC Corp"]
    assert await names(filter={"securityTypes": ["ETF"]}) == ["IDLE Corp"]
    first = (await api(PAGE, first=2)).data["securities"]
    assert first["pageInfo"]["hasNextPage"]
    assert await names(first=2, after=first["pageInfo"]["endCursor"]) == ["NEWC Corp"]


async def test_a_limited_person_sees_no_holder_of_others(desk: House) -> None:
    listed = (await desk.api("LIMITED")(PAGE)).data["securities"]
    assert (listed["totalCount"], listed["edges"]) == (0, [])
    answer = await desk.api("LIMITED")(
        "query($id: ID!) { security(id: $id) { name } }", id=await key_of(desk, "ACME")
    )
    assert answer.codes == ["NOT_FOUND"]
    found = (await desk.api("LIMITED")(RESOLVE, scheme="SYMBOL", value="OLDC")).data["resolveSecurity"]
    assert (found["outcome"], found["namings"]) == ("UNKNOWN", [])


CHANGE = "... on OverridePriceSuccess { dryRun change { before { close source } after { date close source } accountCount bookVersion isNew security { latestPrice { close source } } } }"


async def test_a_price_by_hand_is_tried_entered_repeated_and_withdrawn(desk: House) -> None:
    api, key = desk.api("OPERATIONS"), await key_of(desk, "NEWC")
    given = {"idempotencyKey": "price-0001", "securityId": key, "day": "2021-03-31", "close": "8.25",
             "currency": "EUR", "reason": "the exchange's own close"}  # fmt: skip
    tried = await api.change("overridePrice", CHANGE, **given, dryRun=True)
    assert (tried["dryRun"], tried["change"]["after"]["close"]) == (True, "8.25")
    assert tried["change"]["security"]["latestPrice"] == {"close": "7.5", "source": "Test custodian"}
    made = await api.change("overridePrice", CHANGE, **given)
    assert made["change"]["before"] == {"close": "7.5", "source": "Test custodian"}
    assert made["change"]["security"]["latestPrice"] == {"close": "8.25", "source": "MANUAL"}
    assert made["change"]["isNew"]
    assert await api.change("overridePrice", CHANGE, **given) == made
    other = await api.change("overridePrice", CHANGE, **given | {"close": "9"})
    assert other["code"] == "CONFLICT"
    gone = await api.change(
        "withdrawPrice", "... on WithdrawPriceSuccess { change { after { close source } } }",
        idempotencyKey="price-0002", securityId=key, day="2021-03-31", reason="it was right",
    )  # fmt: skip
    assert gone["change"]["after"] == {"close": "7.5", "source": "Test custodian"}
    twice = await api.change(
        "withdrawPrice", "__typename", idempotencyKey="price-0003", securityId=key, day="2021-03-31", reason="again",
    )  # fmt: skip
    assert (twice["code"], twice["message"]) == (
        "NOT_FOUND", "NEWC Corp has no price from MANUAL that stands on 31 Mar 2021; nothing was withdrawn",
    )  # fmt: skip


@pytest.mark.parametrize(
    "role", ["FIRM_ADMIN", "ADVISOR", "TRADER", "COMPLIANCE", "READ_ONLY", "LIMITED", "CLIENT"]
)
async def test_prices_are_changed_by_those_who_may(desk: House, role: str) -> None:
    refused = await desk.api(role).change(
        "overridePrice", CHANGE, idempotencyKey=f"price-{role}", securityId=await key_of(desk, "IDLE"),
        day="2021-03-31", close="1", reason="none",
    )  # fmt: skip
    assert refused["code"] == "PERMISSION_DENIED"
    latest = await desk.api("ADVISOR")(
        "query($id: ID!) { security(id: $id) { latestPrice { close } } }", id=await key_of(desk, "IDLE")
    )
    assert latest.data["security"]["latestPrice"] is None


async def test_the_price_desk_lists_what_is_doubtful(desk: House) -> None:
    async with desk.platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
        await judge_prices(uow, await view_of(uow, desk.firm))
    query = "query($filter: PriceDeskFilter) { priceDesk(filter: $filter) { totalCount edges { node { code subject { label } message fix { label path } } } } }"
    found = (await desk.api("OPERATIONS")(query)).data["priceDesk"]
    codes = {edge["node"]["code"] for edge in found["edges"]}
    assert codes == {"PRICE_JUMP", "PRICE_GAP"}
    jumps = (await desk.api("OPERATIONS")(query, filter={"codes": ["PRICE_JUMP"]})).data["priceDesk"]
    assert jumps["totalCount"] == 1
    assert jumps["edges"][0]["node"]["subject"] == {"label": "ACME Corp"}
    assert jumps["edges"][0]["node"]["fix"] == {
        "label": "Enter or withdraw a price",
        "path": f"/prices?security={(await ids_of(desk.platform, desk.firm)).securities['ACME']}",
    }
    listed = (await desk.api("OPERATIONS")(PAGE, filter={"hasFindings": True})).data["securities"]
    assert [edge["node"]["name"] for edge in listed["edges"]] == ["ACME Corp"]
    assert (await desk.api("CLIENT")(query)).codes == ["FORBIDDEN"]


async def test_sources_stand_side_by_side_and_days_say_how_far_they_are_priced(desk: House) -> None:
    api, acme = desk.api("OPERATIONS"), await key_of(desk, "ACME")
    query = (
        'query($id: ID!) { security(id: $id) { priceWords(from: "2021-03-30") { date source close precedence'
        " enteredBy { name } reason } } priceCoverage(days: 2) { date expectedCount pricedCount manualCount }"
        " fxRates { base quote rate isStale } }"
    )
    before = (await api(query, id=acme)).data
    feeds = [word for word in before["security"]["priceWords"] if word["date"] == "2021-03-31"]
    assert [word["precedence"] for word in feeds] == [1]
    given = {"securityId": acme, "day": "2021-03-31", "reason": "the exchange corrected it"}
    done = await api.change(
        "overridePrice", "... on OverridePriceSuccess { change { isNew } }", close="61.5",
        idempotencyKey="words-override-key", **given,
    )  # fmt: skip
    assert done["change"]["isNew"]
    after = (await api(query, id=acme)).data
    words = [word for word in after["security"]["priceWords"] if word["date"] == "2021-03-31"]
    assert [(word["source"] == "MANUAL", word["precedence"]) for word in words] == [(True, 1), (False, 2)]
    assert words[0]["enteredBy"] == {"name": desk.people["OPERATIONS"].name}
    assert words[0]["reason"] == "the exchange corrected it"
    assert [row["date"] for row in after["priceCoverage"]] == ["2021-03-30", "2021-03-31"]
    last = after["priceCoverage"][-1]
    assert last["manualCount"] == before["priceCoverage"][-1]["manualCount"] + 1
    assert last["pricedCount"] <= last["expectedCount"]
    await api.change(
        "withdrawPrice", "... on WithdrawPriceSuccess { change { isNew } }",
        idempotencyKey="words-withdraw-key", **given,
    )  # fmt: skip
    words = (await api(query, id=acme)).data["security"]["priceWords"]
    assert [w["precedence"] for w in words if w["date"] == "2021-03-31"] == [1, None]
    long = await api(
        'query($id: ID!) { security(id: $id) { priceWords(from: "2020-12-31") { date } } }', id=acme
    )
    assert "62" in long.errors[0]["message"]


# Last of the file: it gives NEWC a course of its own.
async def test_a_course_is_adjusted_by_splits_that_have_happened_not_by_those_announced(desk: House) -> None:
    ids = (await ids_of(desk.platform, desk.firm)).securities
    async with desk.platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
        for day, close in (("2021-03-22", "100"), ("2021-03-30", "26")):
            await uow.execute(
                text(
                    "insert into security_prices (tenant_id, security_id, day, source, book_version, close)"
                    " values (:t, :s, cast(cast(:day as text) as date), 'Feed', 1, cast(cast(:close as text) as numeric))"
                ),
                {"t": desk.firm.id, "s": ids["NEWC"], "day": day, "close": close},
            )
        for key, ex_date in (("CA2", date(2021, 3, 25)), ("CA3", date(2021, 4, 12))):
            await uow.execute(
                text(
                    "insert into corporate_actions (tenant_id, id, security_id, type, ex_date, ratio_new,"
                    " ratio_old, source, external_id, book_version)"
                    " values (:t, :id, :s, 'SPLIT', :day, 4, 1, 'Feed', :key, 1)"
                ),
                {"t": desk.firm.id, "id": new_id(), "s": ids["NEWC"], "day": ex_date, "key": key},
            )
    answer = await desk.api("OPERATIONS")(
        """query($id: ID!) { security(id: $id) {
          raw: prices(from: "2021-03-20") { date close } adjusted: prices(from: "2021-03-20", isAdjusted: true) { date close }
          before: corporateActions { exDate }
        } }""",
        id=await key_of(desk, "NEWC"),
    )
    found = answer.data["security"]
    assert [(one["date"], float(one["close"])) for one in found["raw"]] == [
        ("2021-03-22", 100.0),
        ("2021-03-30", 26.0),
        ("2021-03-31", 7.5),
    ]
    assert [(one["date"], float(one["close"])) for one in found["adjusted"]] == [
        ("2021-03-22", 25.0),
        ("2021-03-30", 26.0),
        ("2021-03-31", 7.5),
    ]
    assert [one["exDate"] for one in found["before"]] == ["2021-04-12", "2021-03-25"]
