"""Reading the book: lists, edges, paging, days and versions; figures that explain themselves."""
# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.graphql.conftest import Api, House

pytestmark = pytest.mark.database

FIGURE = "{ value currency quality asOf basis source computedAt bookVersion reasons { code message } }"


async def pages(api: Api, query: str, field: str, **variables: Any) -> list[dict[str, Any]]:
    """Every node of a list, page after page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        connection = (await api(query, after=after, **variables)).data[field]
        found += connection["nodes"]
        assert [edge["node"] for edge in connection["edges"]] == connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return found
        after = connection["pageInfo"]["endCursor"]


PAGE = "nodes { id name } edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


async def test_households_page_forward_and_backward(book: House) -> None:
    api = book.api("ADVISOR")
    query = f"query($first: Int, $after: String, $last: Int, $before: String) {{ households(first: $first, after: $after, last: $last, before: $before) {{ {PAGE} totalCount }} }}"
    everything = (await api(query)).data["households"]
    names = [node["name"] for node in everything["nodes"]]
    assert (len(names), everything["totalCount"]) == (12, 12)
    assert names == sorted(names, key=str.casefold)
    forward = await pages(api, query, "households", first=5)
    assert forward == everything["nodes"]
    end = everything["pageInfo"]["endCursor"]
    back = (await api(query, last=4, before=end)).data["households"]
    assert back["nodes"] == everything["nodes"][7:11]
    assert back["pageInfo"]["hasPreviousPage"] is True
    assert back["pageInfo"]["hasNextPage"] is True


@pytest.mark.parametrize(
    ("arguments", "words", "path"),
    [
        ("first: 0", "first is 0, expected 1 to 200", ["first"]),
        ("first: 201", "first is 201, expected 1 to 200", ["first"]),
        ("first: 1, last: 1", "first and last were both given", ["last"]),
        ('before: "x"', "before needs last", ["before"]),
        ('after: "nonsense"', "does not belong to this list and order", ["after"]),
    ],
)
async def test_bad_pages_are_refused_in_words(
    book: House, arguments: str, words: str, path: list[str]
) -> None:
    answer = await book.api("ADVISOR")(f"{{ households({arguments}) {{ nodes {{ id }} }} }}")
    assert answer.codes == ["BAD_USER_INPUT"]
    assert words in answer.errors[0]["message"]
    assert answer.errors[0]["extensions"]["input"] == path


async def test_a_cursor_of_another_order_is_refused(book: House) -> None:
    api = book.api("ADVISOR")
    query = """query($after: String, $field: HouseholdOrderField!) {
      households(first: 2, after: $after, orderBy: {field: $field, direction: ASC}) { pageInfo { endCursor } } }"""
    by_name = (await api(query, field="NAME")).data["households"]["pageInfo"]["endCursor"]
    answer = await api(query, field="MARKET_VALUE", after=by_name)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert "start again without it" in answer.errors[0]["message"]


async def test_households_are_filtered_and_ordered_by_the_server(book: House) -> None:
    api = book.api("ADVISOR")
    query = """query($filter: HouseholdFilter, $orderBy: HouseholdOrder) {
      households(filter: $filter, orderBy: $orderBy) { totalCount nodes { id name marketValue { value } } } }"""
    ordered = (await api(query, orderBy={"field": "MARKET_VALUE", "direction": "DESC"})).data["households"]
    values = [Decimal(node["marketValue"]["value"]) for node in ordered["nodes"]]
    assert values == sorted(values, reverse=True)
    floor = values[3]
    above = (await api(query, filter={"minValue": str(floor)})).data["households"]
    assert above["totalCount"] == 4
    two = [node["id"] for node in ordered["nodes"][:2]]
    chosen = (await api(query, filter={"ids": two})).data["households"]
    assert {node["id"] for node in chosen["nodes"]} == set(two)
    none = (await api(query, filter={"ids": []})).data["households"]
    assert (none["totalCount"], none["nodes"]) == (0, [])
    many = await api(query, filter={"ids": two * 501})
    assert many.errors[0]["message"] == "ids has 1,002 entries, expected at most 1,000; nothing was read."


async def test_null_and_left_out_filters_are_the_same(book: House) -> None:
    api = book.api("ADVISOR")
    left_out = await api("{ households { totalCount } }")
    nothing = await api(
        "{ households(filter: null, first: null, after: null, orderBy: null) { totalCount } }"
    )
    empty = await api("{ households(filter: {nameContains: null, ids: null, quality: null}) { totalCount } }")
    assert left_out.data == nothing.data == empty.data == {"households": {"totalCount": 12}}


async def test_totals_are_of_the_whole_filtered_list(book: House) -> None:
    api = book.api("ADVISOR")
    query = f"""{{ households(first: 1) {{ totalCount totalValue {FIGURE} totalCash {{ value }} nodes {{ id }} }}
      all: households(first: 200) {{ nodes {{ marketValue {{ value }} cash {{ value }} }} }} firm {{ totalValue {{ value }}
      householdCount accountCount bookVersion businessDate clock }} }}"""
    data = (await api(query)).data
    total = sum(Decimal(node["marketValue"]["value"]) for node in data["all"]["nodes"])
    cash = sum(Decimal(node["cash"]["value"]) for node in data["all"]["nodes"])
    found = data["households"]
    assert (found["totalCount"], len(found["nodes"])) == (12, 1)
    assert Decimal(found["totalValue"]["value"]) == total
    assert Decimal(found["totalCash"]["value"]) == cash
    assert found["totalValue"]["currency"] == "USD"
    firm = data["firm"]
    assert Decimal(firm["totalValue"]["value"]) == total
    assert (firm["householdCount"], firm["businessDate"], firm["clock"], firm["bookVersion"]) == (
        12,
        "2021-03-31",
        "DEMO",
        "1",
    )


async def test_edges_lead_from_household_to_position_and_add_up(book: House) -> None:
    query = f"""{{ households(first: 12) {{ nodes {{ id accountCount marketValue {FIGURE} accounts(first: 10) {{
      totalCount nodes {{ id currency marketValue {{ value }} cash {{ value }} households {{ id }}
        positions(first: 12) {{ totalCount nodes {{ id accountId quantity weight portfolioName
          marketValue {{ value }} security {{ id name latestPrice {{ date close source }} identifiers {{ scheme value }} }} }} }}
        transactions(first: 3) {{ totalCount nodes {{ id amount account {{ id }} }} }} }} }} }} }} }}"""
    api = book.api("ADVISOR")
    answer = await api(query)
    for household in answer.data["households"]["nodes"]:
        accounts = household["accounts"]["nodes"]
        assert household["accountCount"] == household["accounts"]["totalCount"] == len(accounts)
        for account in accounts:
            assert {"id": household["id"]} in account["households"]
            positions = account["positions"]["nodes"]
            assert account["positions"]["totalCount"] == len(positions)
            assert {position["accountId"] for position in positions} <= {account["id"]}
            values = sum(Decimal(position["marketValue"]["value"]) for position in positions)
            assert values + Decimal(account["cash"]["value"]) == Decimal(account["marketValue"]["value"])
            assert account["transactions"]["totalCount"] == 15
            assert {each["account"]["id"] for each in account["transactions"]["nodes"]} == {account["id"]}
        total = sum(Decimal(account["marketValue"]["value"]) for account in accounts)
        assert total == Decimal(household["marketValue"]["value"])


async def test_a_figure_explains_itself(book: House) -> None:
    query = """{ households(first: 1) { nodes { accounts(first: 1) { nodes { positions(first: 1) { nodes {
      quantity price security { id name } marketValue { value currency explain { formula version
        inputs { name value note } sources { kind id label date } } } } } } } } } }"""
    households = (await book.api("ADVISOR")(query)).data["households"]["nodes"]
    position = households[0]["accounts"]["nodes"][0]["positions"]["nodes"][0]
    explain = position["marketValue"]["explain"]
    inputs = {each["name"]: each["value"] for each in explain["inputs"]}
    assert inputs["units"] == position["quantity"]
    assert inputs["close"] == f"{position['price']} USD"
    assert inputs["book version"] == "1"
    assert {
        "kind": "SECURITY",
        "id": position["security"]["id"],
        "label": position["security"]["name"],
        "date": None,
    } in explain["sources"]


async def test_an_earlier_day_and_an_earlier_knowledge_are_other_books(book: House) -> None:
    api = book.api("ADVISOR")
    query = """query($asOf: Date, $knownAt: DateTime) { households(asOf: $asOf, knownAt: $knownAt, first: 3) {
      nodes { asOf marketValue { value bookVersion asOf } accounts(first: 1) { nodes { asOf } } } } }"""
    today = (await api(query)).data["households"]["nodes"][0]
    earlier = (await api(query, asOf="2015-06-30")).data["households"]["nodes"][0]
    assert (today["asOf"], earlier["asOf"]) == ("2021-03-31", "2015-06-30")
    assert earlier["accounts"]["nodes"][0]["asOf"] == "2015-06-30"
    assert earlier["marketValue"]["value"] != today["marketValue"]["value"]
    before = (await api(query, knownAt="2021-01-01T00:00:00Z")).data["households"]["nodes"]
    assert [node["marketValue"]["bookVersion"] for node in before] in ([], ["0"] * len(before))
    late = await api(query, asOf="2021-04-01")
    assert late.codes == ["BAD_USER_INPUT"]
    assert "expected a day from 1900-01-01 to the business date 2021-03-31" in late.errors[0]["message"]


async def test_transactions_are_listed_filtered_and_counted(book: House) -> None:
    api = book.api("OPERATIONS")
    query = """query($after: String, $filter: TransactionFilter, $orderBy: TransactionOrder) {
      transactions(first: 100, after: $after, filter: $filter, orderBy: $orderBy) { totalCount
        nodes { id name: externalId type tradeDate amount fees currency status security { name } account { id name last4 }
          source { source sourceId file line batchId } viewerCan bookVersion recordedAt }
        edges { cursor node { id name: externalId type tradeDate amount fees currency status security { name }
          account { id name last4 } source { source sourceId file line batchId } viewerCan bookVersion recordedAt } }
        pageInfo { hasNextPage endCursor } } }"""
    everything = await pages(api, query, "transactions")
    assert len(everything) == len({each["id"] for each in everything})
    dates = [each["tradeDate"] for each in everything]
    assert dates == sorted(dates, reverse=True)
    assert {each["status"] for each in everything} == {"EFFECTIVE"}
    assert everything[0]["viewerCan"] == ["CORRECT_TRANSACTION"]
    assert everything[0]["source"]["file"] == "transactions.csv"
    buys = await pages(api, query, "transactions", filter={"types": ["BUY"]})
    assert {each["type"] for each in buys} == {"BUY"}
    assert len(buys) == sum(each["type"] == "BUY" for each in everything)
    account = everything[0]["account"]["id"]
    one = await pages(api, query, "transactions", filter={"accountId": account, "tradedTo": "2016-12-31"})
    expected = [
        each for each in everything if each["account"]["id"] == account and each["tradeDate"] <= "2016-12-31"
    ]
    assert one == expected


async def test_positions_need_exactly_one_of_account_and_household(book: House) -> None:
    api = book.api("ADVISOR")
    for arguments in ("", '(accountId: "QWNjb3VudDo=", householdId: "x")'):
        answer = await api(f"{{ positions{arguments} {{ nodes {{ id }} }} }}")
        assert answer.codes in (["BAD_USER_INPUT"], ["NOT_FOUND"])
    ids = (await api("{ accounts(first: 1) { nodes { id } } households(first: 1) { nodes { id } } }")).data
    account, household = ids["accounts"]["nodes"][0]["id"], ids["households"]["nodes"][0]["id"]
    both = await api(
        "query($a: ID, $h: ID) { positions(accountId: $a, householdId: $h) { nodes { id } } }",
        a=account,
        h=household,
    )
    assert both.errors[0]["message"] == "Give exactly one of accountId and householdId; nothing was read."
    of_household = await api(
        "query($h: ID) { positions(householdId: $h) { totalCount nodes { accountId } } }", h=household
    )
    assert of_household.data["positions"]["totalCount"] == len(of_household.data["positions"]["nodes"])


async def test_every_node_is_found_again_by_its_id(book: House) -> None:
    api = book.api("FIRM_ADMIN")
    ids = (
        await api(
            """{ households(first: 1) { nodes { id } } accounts(first: 1) { nodes { id } } users(first: 1) { nodes { id } }
            transactions(first: 1) { nodes { id security { id } } } findings(first: 1) { nodes { id } }
            buys: transactions(first: 1, filter: {types: [BUY]}) { nodes { security { id } } }
            workItems(first: 1) { nodes { id } } auditEvents(first: 1) { nodes { id } } }"""
        )
    ).data
    wanted = [
        connection["nodes"][0].get("id") or connection["nodes"][0]["security"]["id"]
        for connection in ids.values()
        if connection["nodes"]
    ]
    assert len(wanted) >= 6
    for each in wanted:
        found = (await api("query($id: ID!) { node(id: $id) { __typename id } }", id=each)).data["node"]
        assert found["id"] == each


async def test_search_finds_what_the_caller_may_see(book: House) -> None:
    query = "query($q: String!, $kinds: [SearchKind!]) { search(query: $q, kinds: $kinds) { groups { kind hits { id kind title subtitle } } } }"
    api = book.api("ADVISOR")
    name = (await api("{ households(first: 1) { nodes { id name } } }")).data["households"]["nodes"][0]
    groups = (await api(query, q=name["name"].split()[0])).data["search"]["groups"]
    hits = [hit for group in groups for hit in group["hits"] if group["kind"] == "HOUSEHOLD"]
    assert {
        "id": name["id"],
        "kind": "HOUSEHOLD",
        "title": name["name"],
        "subtitle": hits[0]["subtitle"],
    } in hits
    limited = (await book.api("LIMITED")(query, q=name["name"].split()[0])).data["search"]["groups"]
    assert [group for group in limited if group["kind"] in ("HOUSEHOLD", "ACCOUNT")] == []
    long = await api(query, q="x" * 300)
    assert long.codes == ["BAD_USER_INPUT"]


async def test_value_history_has_a_point_per_day(book: House) -> None:
    query = "query($days: Int) { households(first: 2) { nodes { valueHistory(days: $days) { date value quality } } } }"
    api = book.api("ADVISOR")
    nodes = (await api(query, days=10)).data["households"]["nodes"]
    dates = [point["date"] for point in nodes[0]["valueHistory"]]
    assert dates == sorted(dates)
    assert dates[-1] == "2021-03-31"
    too_many = await api(query, days=1_000)
    assert "days is 1000, expected 1 to 366" in too_many.errors[0]["message"]


async def test_the_course_of_the_firm_is_that_of_what_the_caller_sees(book: House) -> None:
    query = (
        "query($points: Int, $step: HistoryStep, $asOf: Date) { firm { totalValue(asOf: $asOf) { value }"
        " valueHistory(points: $points, step: $step, asOf: $asOf) { date value quality } } }"
    )
    for person in ("ADVISOR", "LIMITED", "CLIENT"):
        for step in ("MONTH_END", "WEEKDAY"):
            firm = (await book.api(person)(query, points=5, step=step)).data["firm"]
            assert len(firm["valueHistory"]) == 5
            last = firm["valueHistory"][-1]
            assert (last["date"], last["value"]) == ("2021-03-31", firm["totalValue"]["value"]), person
    default = (await book.api("ADVISOR")("{ firm { valueHistory { date } } }")).data["firm"]["valueHistory"]
    assert (len(default), default[0]["date"], default[-2]["date"]) == (13, "2020-03-31", "2021-02-26")
    earlier = (await book.api("ADVISOR")(query, points=2, step="MONTH_END", asOf="2021-02-28")).data["firm"]
    assert [point["date"] for point in earlier["valueHistory"]] == ["2021-01-29", "2021-02-26"]
    refused = await book.api("ADVISOR")(query, points=367)
    assert "points is 367, expected 1 to 366" in refused.errors[0]["message"]


async def test_the_weights_of_an_account_and_its_cash_are_one(book: House) -> None:
    query = (
        "{ accounts(first: 50) { nodes { name cashShare cash { value } marketValue { value quality }"
        " positions(first: 50) { nodes { weight } } } } }"
    )
    accounts = (await book.api("ADVISOR")(query)).data["accounts"]["nodes"]
    complete = [each for each in accounts if each["marketValue"]["quality"] in ("COMPLETE", "STALE")]
    assert complete
    for account in complete:
        if Decimal(account["marketValue"]["value"]) == 0:
            assert account["cashShare"] is None
            continue
        assert Decimal(account["cashShare"]) == round(
            Decimal(account["cash"]["value"]) / Decimal(account["marketValue"]["value"]), 8
        )
        whole = sum(Decimal(p["weight"]) for p in account["positions"]["nodes"]) + Decimal(
            account["cashShare"]
        )
        assert abs(whole - 1) < Decimal("0.000001"), account["name"]
