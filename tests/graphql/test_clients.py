"""A family read back at every edge, and what is refused."""

# ruff: noqa: E501, F811 -- queries are read as they are written; fixtures are named as they are used

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.graphql.ids import to_global

from tests.graphql.families import Lees, change, lees  # noqa: F401 - fixture
from tests.graphql.test_statements import statements

pytestmark = pytest.mark.database


FIGURE = "value quality reasons { code message }"
PARTY = f"""query($id: ID!) {{ party(id: $id) {{
  id kind status name givenName familyName birthDateKnown taxIdLast4 taxIdType kycState kycVerifiedOn version viewerCan
  contacts {{ kind label value isPrimary }} relationships {{ kind isInverse other {{ name }} }}
  ownerships {{ party {{ name }} share }} holdings {{ party {{ name }} share }}
  households {{ household {{ name }} role }} accounts {{ totalCount nodes {{ name owners {{ party {{ name }} role share }} }} }}
  liabilities {{ name balance {{ value }} owners {{ party {{ name }} share }} }} netWorth {{ {FIGURE} }} tags }} }}"""


async def test_a_party_at_every_edge(lees: Lees) -> None:
    await change(
        lees.advisor, "relateParties", "party { id }",
        partyId=lees.ids["Ann"], kind="SPOUSE", relatedId=lees.ids["Ben"], effectiveFrom="1980-06-01",
    )  # fmt: skip
    await change(
        lees.advisor,
        "tagSubjects",
        "subjectCount",
        subjectIds=[lees.ids["Ann"], lees.ids["home"]],
        tagNames=["VIP"],
    )
    ann = (await lees.advisor(PARTY, id=lees.ids["Ann"])).data["party"]
    assert {name: ann[name] for name in ("kind", "name", "birthDateKnown", "taxIdLast4", "taxIdType", "kycState")} == {
        "kind": "PERSON", "name": "Ann Lee", "birthDateKnown": True, "taxIdLast4": "9999", "taxIdType": "SSN",
        "kycState": "VERIFIED",
    }  # fmt: skip
    assert ann["relationships"] == [{"kind": "SPOUSE", "isInverse": False, "other": {"name": "Ben Lee"}}]
    assert ann["holdings"] == [{"party": {"name": "Trust Lee"}, "share": "1.000000000000"}]
    assert ann["ownerships"] == []
    assert ann["households"] == [{"household": {"name": "Lee Family"}, "role": "HEAD"}]
    assert ann["accounts"] == {
        "totalCount": 1,
        "nodes": [{"name": "Lee joint", "owners": [
            {"party": {"name": "Ann Lee"}, "role": "JOINT_SURVIVORSHIP", "share": None},
            {"party": {"name": "Ben Lee"}, "role": "JOINT_SURVIVORSHIP", "share": None}]}],
    }  # fmt: skip
    assert [(each["name"], each["balance"]["value"]) for each in ann["liabilities"]] == [
        ("Elm Street", "300.00")
    ]
    # 500 of the joint account, all of the trust's 0.6 of the LLC's 1,000, less half of 300.
    assert ann["netWorth"] == {"value": "950.00", "quality": "COMPLETE", "reasons": []}
    assert ann["tags"] == ["VIP"]
    assert "EDIT_PARTY" in ann["viewerCan"]
    assert "REVEAL_SENSITIVE" in ann["viewerCan"]


SHEET = """query($id: ID!, $through: Boolean!) { household(id: $id) { balanceSheet(lookThrough: $through) {
  asOf currency lookThrough assets { label kind subject { id kind } value { value } shares { ownerId share value } notAttributedShare }
  liabilities { label kind value { value } shares { ownerId value } }
  owners { id name kind role assets { value } liabilities { value } netWorth { value explain { formula } } }
  totalAssets { value } totalLiabilities { value } netWorth { value } ofMembers { value } ofOthers { value } notAttributed { value }
  reasons { code } } } }"""


async def test_the_balance_sheet_by_owner(lees: Lees) -> None:
    async def asked(*, through: bool) -> Any:
        found = await lees.advisor(SHEET, id=lees.ids["home"], through=through)
        return found.data["household"]["balanceSheet"]

    direct, seen = await asked(through=False), await asked(through=True)
    assert {owner["name"]: owner["netWorth"]["value"] for owner in direct["owners"]} == {
        "Ann Lee": "350.00", "Ben Lee": "350.00", "LLC Lee": "1000.00",
    }  # fmt: skip
    assert {owner["name"]: (owner["role"], owner["netWorth"]["value"]) for owner in seen["owners"]} == {
        "Ann Lee": ("HEAD", "950.00"), "Ben Lee": ("SPOUSE", "350.00"), "Cy Lee": (None, "400.00"),
    }  # fmt: skip
    totals = ("totalAssets", "totalLiabilities", "netWorth", "ofMembers", "ofOthers", "notAttributed")
    assert [seen[name]["value"] for name in totals] == [
        "2000.00",
        "300.00",
        "1700.00",
        "1300.00",
        "400.00",
        "0",
    ]
    (business,) = [line for line in seen["assets"] if line["kind"] == "LLC"]
    assert business["shares"] == [
        {"ownerId": lees.ids["Ann"], "share": "0.600000000000", "value": "600.00"},
        {"ownerId": lees.ids["Cy"], "share": "0.400000000000", "value": "400.00"},
    ]
    assert business["subject"] == {"id": lees.ids["business"], "kind": "account"}


async def test_graph_members_and_debts_of_the_household(lees: Lees) -> None:
    query = """query($id: ID!) { household(id: $id) { tags members { party { name kind } role }
      liabilities { id name kind interestRate viewerCan balance { value } reportingBalance { value } }
      ownershipGraph { nodes { subject { id kind label } kind role } edges { fromId toId kind share } } } }"""
    found = (await lees.advisor(query, id=lees.ids["home"])).data["household"]
    assert [(each["party"]["name"], each["role"]) for each in found["members"]] == [
        ("Ann Lee", "HEAD"), ("Ben Lee", "SPOUSE"), ("Trust Lee", "ENTITY"),
    ]  # fmt: skip
    (debt,) = found["liabilities"]
    assert (debt["id"], debt["kind"], debt["interestRate"]) == (lees.ids["mortgage"], "MORTGAGE", "0.0425")
    names = {node["subject"]["id"]: node["subject"]["label"] for node in found["ownershipGraph"]["nodes"]}
    edges = {(names[e["fromId"]], e["kind"], names[e["toId"]]) for e in found["ownershipGraph"]["edges"]}
    assert ("Cy Lee", "OWNS", "LLC Lee") in edges
    assert ("Ben Lee", "OWES", "Elm Street") in edges
    assert set(names.values()) == {
        "Ann Lee", "Ben Lee", "Cy Lee", "Trust Lee", "LLC Lee", "Lee joint", "Lee business", "Elm Street",
    }  # fmt: skip


async def test_a_list_of_parties_is_filtered_and_ordered(lees: Lees) -> None:
    query = """query($filter: PartyFilter, $order: PartyOrder, $after: String) { parties(first: 2, after: $after, filter: $filter, orderBy: $order) {
      totalCount nodes { name } pageInfo { hasNextPage endCursor } } }"""
    page = (await lees.advisor(query, filter={"nameContains": "lee"})).data["parties"]
    assert (page["totalCount"], [node["name"] for node in page["nodes"]]) == (5, ["Ann Lee", "Ben Lee"])
    after = page["pageInfo"]["endCursor"]
    more = (await lees.advisor(query, filter={"nameContains": "lee"}, after=after)).data["parties"]
    assert [node["name"] for node in more["nodes"]] == ["Cy Lee", "LLC Lee"]
    for given, names in (
        ({"kinds": ["TRUST", "COMPANY"]}, ["LLC Lee", "Trust Lee"]),
        ({"kycStates": ["VERIFIED"]}, ["Ann Lee"]),
        ({"householdId": lees.ids["home"], "kinds": ["TRUST"]}, ["Trust Lee"]),
        ({"taxId": "219 09 9999"}, ["Ann Lee"]),
        ({"taxId": "219 09 9998"}, []),
    ):
        found = (await lees.advisor(query, filter=given)).data["parties"]
        assert [node["name"] for node in found["nodes"]] == names
    refused = await lees.house.api("READ_ONLY")(query, filter={"taxId": "219 09 9999"})
    assert refused.codes == ["FORBIDDEN"]


async def test_bad_input_is_refused_in_words(lees: Lees) -> None:
    future = await lees.advisor.change(
        "createParty", "", kind="PERSON", name="X", details={"birthDate": "2021-04-01"}
    )
    assert (future["__typename"], [p["path"] for p in future["problems"]]) == (
        "ValidationFailed",
        [["input", "birthDate"]],
    )
    assert future["problems"][0]["message"] == "expected a day up to 2021-03-31"
    above = await lees.advisor.change(
        "setPartyOwnership",
        "",
        ownerId=lees.ids["Ben"],
        ownedId=lees.ids["LLC"],
        share="0.1",
        effectiveFrom="2020-01-01",
    )
    assert above["message"] == (
        "from 1 Jan 2020 the shares of LLC Lee would add up to 1.1, expected at most 1; nothing was written"
    )
    circle = await lees.advisor.change(
        "setPartyOwnership", "", ownerId=lees.ids["LLC"], ownedId=lees.ids["Trust"], share="0.1"
    )
    assert circle["__typename"] == "ValidationFailed"
    nobody = await lees.advisor.change(
        "setAccountOwners", "", accountId=lees.ids["joint"], expectedVersion=1, owners=[]
    )
    assert nobody["problems"][0]["message"] == "nobody owns it, expected an owner"
    stranger = await lees.advisor.change(
        "setAccountOwners", "", accountId=lees.ids["joint"], expectedVersion=1,
        owners=[{"partyId": lees.ids["home"], "role": "OWNER"}],
    )  # fmt: skip
    assert (stranger["__typename"], stranger["path"]) == ("NotFound", ["input", "owners", "0", "partyId"])


async def test_notes_views_and_books(lees: Lees) -> None:
    api = lees.advisor
    note = (
        await change(
            api,
            "addNote",
            "note { id version author { name } }",
            subjectId=lees.ids["home"],
            body="Call in May",
        )
    )["note"]
    assert note["author"]["name"] == "Advisor Person"
    await change(api, "editNote", "note { body }", noteId=note["id"], expectedVersion=1, isPinned=True)
    query = "query($id: ID!) { notes(subjectId: $id) { totalCount nodes { body isPinned version subject { label } } } }"
    found = (await api(query, id=lees.ids["home"])).data["notes"]
    assert found == {"totalCount": 1, "nodes": [
        {"body": "Call in May", "isPinned": True, "version": 2, "subject": {"label": "Lee Family"}}]}  # fmt: skip
    await change(api, "removeNote", "noteId", noteId=note["id"], expectedVersion=2)
    assert (await api(query, id=lees.ids["home"])).data["notes"] == {"totalCount": 0, "nodes": []}

    await change(api, "saveView", "viewId", page="BOOK", name="Mine", query="order=value", isShared=True)
    views = "{ savedViews(page: BOOK) { name query isMine owner { name } } }"
    assert (await lees.house.api("TRADER")(views)).data["savedViews"] == [
        {"name": "Mine", "query": "order=value", "isMine": False, "owner": {"name": "Advisor Person"}}
    ]
    admin = lees.house.api("FIRM_ADMIN")
    book = (await change(admin, "createBook", "bookId", kind="REPRESENTATIVE", code="R1", name="Rep 1"))[
        "bookId"
    ]
    done = await change(
        admin, "assignAccounts", "accountCount", accountIds=[lees.ids["joint"], lees.ids["business"]],
        splits=[{"bookId": book, "split": "1"}],
    )  # fmt: skip
    assert done["accountCount"] == 2
    account = await api(
        "query($id: ID!) { account(id: $id) { assignments { code split } closedOn hasMargin reconciledThrough } }",
        id=lees.ids["joint"],
    )
    assert account.data["account"] == {
        "assignments": [{"code": "R1", "split": "1"}], "closedOn": None, "hasMargin": False, "reconciledThrough": None,
    }  # fmt: skip
    assert (await api("{ books { code kind } }")).data["books"] == [{"code": "R1", "kind": "REPRESENTATIVE"}]


async def test_each_edge_is_one_statement(lees: Lees) -> None:
    query = """query($first: Int!) { parties(first: $first) { nodes { id contacts { value } relationships { kind }
      ownerships { share } holdings { share } households { role } tags liabilities { name owners { share } }
      accounts(first: 3) { nodes { name owners { role } beneficiaries { name } assignments { code } tags } } } } }"""

    async def asked(text: str, **variables: Any) -> list[str]:
        await lees.advisor("{ viewer { id } }")
        with statements(lees.house) as seen:
            answer = await lees.advisor(text, **variables)
        assert answer.errors == []
        return seen[seen.index("BEGIN", 1) + 1 :]

    few, many = await asked(query, first=1), await asked(query, first=5)
    assert len(few) == len(many)
    # the view, the list; contacts, relationships, ownerships (both ways), households, tags, liabilities with
    # their owners, owners again at that level, accounts; of these owners, beneficiaries, assignments, tags
    assert len(many) <= 15
    sheet = (
        "query($id: ID!) { household(id: $id) { balanceSheet(lookThrough: true) { netWorth { value } } } }"
    )
    assert len(await asked(sheet, id=lees.ids["home"])) == 9  # the view, the household, seven of the sheet


async def test_a_client_reads_what_was_shared(lees: Lees) -> None:
    """Everything a client may select answers without an error; the desk's own is refused."""
    admin, client = lees.house.api("FIRM_ADMIN"), lees.house.people["CLIENT"]
    await change(
        admin, "createAccessGrant", "accessGrant { id }", principalId=to_global("User", client.id),
        subjectId=lees.ids["home"], permissions=["read"], reason="The client's own",
    )  # fmt: skip
    api = lees.house.api("CLIENT")
    query = """query($id: ID!) { household(id: $id) { name members { party { name } } liabilities { name owners { share } }
      balanceSheet(lookThrough: true) { totalAssets { value } owners { name } } ownershipGraph { edges { kind } }
      accounts { nodes { name owners { party { name } } } } } parties { nodes { name contacts { value } relationships { kind }
      ownerships { share } holdings { share } households { role } accounts { totalCount nodes { name } } liabilities { name }
      netWorth { value quality } viewerCan } } }"""
    found = await api(query, id=lees.ids["home"])
    assert found.errors == []
    assert found.data["household"]["balanceSheet"]["totalAssets"]["value"] == "2000.00"
    assert all(party["viewerCan"] == [] for party in found.data["parties"]["nodes"])
    for selection in (
        "tags",
        "accounts { nodes { beneficiaries { name } } }",
        "accounts { nodes { assignments { code } } }",
    ):
        refused = await api(
            f"query($id: ID!) {{ household(id: $id) {{ {selection} }} }}", id=lees.ids["home"]
        )
        assert set(refused.codes) == {"FORBIDDEN"}, selection
    for query in ("{ tags { name } }", "{ books { code } }", "{ savedViews { name } }"):
        assert (await api(query)).codes == ["FORBIDDEN"]


async def test_who_may_not_edit_changes_nothing(lees: Lees) -> None:
    for role in ("TRADER", "PORTFOLIO_MANAGER", "COMPLIANCE", "READ_ONLY", "CLIENT"):
        api = lees.house.api(role)
        for mutation, given in (
            ("createParty", {"kind": "PERSON", "name": "Intruder"}),
            ("createHousehold", {"name": "Intruders"}),
            (
                "recordLiabilityBalance",
                {"liabilityId": lees.ids["mortgage"], "day": "2021-03-02", "balance": "1"},
            ),
        ):
            expected = "PermissionDenied"
            assert (await api.change(mutation, "", **given))["__typename"] == expected, (role, mutation)
    found = await lees.advisor('{ parties(filter: { nameContains: "Intruder" }) { totalCount } }')
    assert found.data["parties"]["totalCount"] == 0
    hidden = await lees.house.api("LIMITED")(PARTY, id=lees.ids["Ann"])
    assert hidden.codes == ["NOT_FOUND"]
