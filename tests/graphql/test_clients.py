"""A family entered through the API from nothing, read back at every edge, and what is refused."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.graphql.ids import to_global
from wealthnexus.runtime import Platform

from tests.graphql.conftest import Api, House, make_house
from tests.graphql.test_statements import statements

pytestmark = pytest.mark.database


@dataclass
class Lees:
    house: House
    ids: dict[str, str]

    @property
    def advisor(self) -> Api:
        return self.house.api("ADVISOR")


async def change(api: Api, mutation: str, payload: str, **given: Any) -> Any:
    """The payload, which must be the success."""
    done = await api.change(
        mutation, f"... on {mutation[0].upper()}{mutation[1:]}Success {{ {payload} }}", **given
    )
    assert done["__typename"].endswith("Success"), done
    return done


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lees(app: ASGIApp, platform: Platform) -> Lees:
    """Ann and Ben, their trust, an LLC of trust and an outsider, two accounts, a mortgage."""
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    api, operations, ids = house.api("ADVISOR"), house.api("OPERATIONS"), {}
    people: dict[str, tuple[str, dict[str, Any]]] = {
        "Ann": ("PERSON", {"familyName": "Lee", "givenName": "Ann", "taxId": "219-09-9999", "taxIdType": "SSN",
                           "birthDate": "1950-05-05", "kycState": "VERIFIED", "kycVerifiedOn": "2020-01-01"}),
        "Ben": ("PERSON", {"citizenship": "US"}),
        "Cy": ("PERSON", {}),
        "Trust": ("TRUST", {"jurisdiction": "US-NV"}),
        "LLC": ("COMPANY", {"taxId": "12-3456789", "taxIdType": "EIN"}),
    }  # fmt: skip
    for name, (kind, details) in people.items():
        done = await change(
            api, "createParty", "party { id }", kind=kind, name=f"{name} Lee", details=details
        )
        ids[name] = done["party"]["id"]
    done = await change(api, "createHousehold", "household { id }", name="Lee Family")
    home = ids["home"] = done["household"]["id"]
    done = await change(
        api, "createHousehold", "household { id }", name="Second", idempotencyKey="second-home"
    )
    ids["second"] = done["household"]["id"]
    for name, role in (("Ann", "HEAD"), ("Ben", "SPOUSE"), ("Trust", "ENTITY")):
        await change(
            api, "addHouseholdMember", "household { members { party { name } role } }",
            householdId=home, partyId=ids[name], role=role, effectiveFrom="2015-01-01",
        )  # fmt: skip
    for owner, owned, share in (("Trust", "LLC", "0.6"), ("Cy", "LLC", "0.4"), ("Ann", "Trust", "1")):
        await change(
            api, "setPartyOwnership", "owned { id }",
            ownerId=ids[owner], ownedId=ids[owned], share=share, effectiveFrom="2015-01-01",
        )  # fmt: skip
    for key, kind, owners in (
        ("joint", "JOINT_WITH_SURVIVORSHIP", [("Ann", "JOINT_SURVIVORSHIP"), ("Ben", "JOINT_SURVIVORSHIP")]),
        ("business", "LLC", [("LLC", "OWNER")]),
    ):
        done = await change(
            api, "createAccount", "account { id }", name=f"Lee {key}", accountType=kind, currency="USD",
            householdIds=[home], owners=[{"partyId": ids[who], "role": role} for who, role in owners],
            accountNumber=f"7000{len(key)}4471", openedOn="2015-01-01",
        )  # fmt: skip
        ids[key] = done["account"]["id"]
        await change(
            operations, "postTransaction", "dryRun", idempotencyKey=f"deposit-{key}", accountId=ids[key],
            type="DEPOSIT", tradeDate="2021-03-01", amount="1000.00",
        )  # fmt: skip
    done = await change(
        api, "createLiability", "liability { id }", householdId=home, kind="MORTGAGE", name="Elm Street",
        currency="USD", owners=[{"partyId": ids["Ann"]}, {"partyId": ids["Ben"]}], interestRate="0.0425",
        balance="300.00", balanceDate="2021-03-01",
    )  # fmt: skip
    ids["mortgage"] = done["liability"]["id"]
    return Lees(house, ids)


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


async def test_a_stale_change_tells_what_is_there_now(lees: Lees) -> None:
    ben = lees.ids["Ben"]
    done = await change(
        lees.advisor, "updateParty", "party { version name citizenship }",
        partyId=ben, expectedVersion=1, name="Ben Lee-Okafor", details={"citizenship": None},
    )  # fmt: skip
    assert done["party"] == {"version": 2, "name": "Ben Lee-Okafor", "citizenship": None}
    stale = await lees.advisor.change(
        "updateParty", "... on Conflict { current { ... on Party { name } } }",
        partyId=ben, expectedVersion=1, details={"residence": "US"},
    )  # fmt: skip
    assert (stale["__typename"], stale["currentVersion"], stale["current"]) == (
        "Conflict",
        2,
        {"name": "Ben Lee-Okafor"},
    )
    back = await change(
        lees.advisor, "updateParty", "party { name }", partyId=ben, expectedVersion=2, name="Ben Lee"
    )
    assert back["party"]["name"] == "Ben Lee"


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
    assert nobody["problems"][0]["message"] == "NO_OWNER : nobody, expected an owner"
    stranger = await lees.advisor.change(
        "setAccountOwners", "", accountId=lees.ids["joint"], expectedVersion=1,
        owners=[{"partyId": lees.ids["home"], "role": "OWNER"}],
    )  # fmt: skip
    assert (stranger["__typename"], stranger["path"]) == ("NotFound", ["input", "owners"])


async def test_sensitive_values_are_shown_to_some_for_a_reason(lees: Lees) -> None:
    ask = {"subjectId": lees.ids["Ann"], "field": "TAX_ID", "reason": "Form W-9"}
    done = await change(lees.advisor, "revealSensitive", "value", **ask)
    assert done["value"] == "219099999"
    number = {"subjectId": lees.ids["joint"], "field": "ACCOUNT_NUMBER", "reason": "Call to the custodian"}
    assert (await change(lees.house.api("OPERATIONS"), "revealSensitive", "value", **number))[
        "value"
    ] == "700054471"
    for role in ("FIRM_ADMIN", "TRADER", "READ_ONLY", "CLIENT"):
        assert (await lees.house.api(role).change("revealSensitive", "", **ask))[
            "__typename"
        ] == "PermissionDenied"
    events = (await lees.house.api("COMPLIANCE")(
        'query($id: ID!) { auditEvents(first: 5, filter: { subjectId: $id }) { nodes { action summary } } }', id=lees.ids["Ann"]
    )).data["auditEvents"]["nodes"]  # fmt: skip
    assert {"action": "clients.sensitive.revealed", "summary": "Was shown the tax id of Ann Lee"} in events


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


async def test_what_was_entered_is_changed_ended_and_taken_off(lees: Lees) -> None:
    api, ids = lees.advisor, lees.ids
    dee = (await change(api, "createParty", "party { id }", kind="PERSON", name="Dee Lee"))["party"]["id"]
    contacts = [{"kind": "EMAIL", "label": "home", "value": "dee@example.com", "isPrimary": True}]
    done = await change(
        api, "setPartyContacts", "party { version contacts { kind value isPrimary } }",
        partyId=dee, expectedVersion=1, contacts=contacts,
    )  # fmt: skip
    assert done["party"] == {
        "version": 2,
        "contacts": [{"kind": "EMAIL", "value": "dee@example.com", "isPrimary": True}],
    }
    related = await change(
        api, "relateParties", "party { relationships { id } }",
        partyId=dee, kind="TRUSTED_CONTACT", relatedId=ids["Cy"], effectiveFrom="2020-01-01",
    )  # fmt: skip
    (relationship,) = related["party"]["relationships"]
    ended = await change(
        api,
        "endRelationship",
        "party { relationships { id } }",
        relationshipId=relationship["id"],
        endedOn="2021-01-01",
    )
    assert ended["party"]["relationships"] == []

    second = ids["second"]
    members = "household { members { party { name } } }"
    joined = await change(api, "addHouseholdMember", members, householdId=second, partyId=dee, role="HEAD")
    assert joined["household"]["members"] == [{"party": {"name": "Dee Lee"}}]
    left = await change(
        api, "endHouseholdMembership", members, householdId=second, partyId=dee, endedOn="2021-03-31"
    )
    assert left["household"]["members"] == []
    accounts = "household { accounts { nodes { name } } }"
    joined = await change(api, "addHouseholdAccount", accounts, householdId=second, accountId=ids["joint"])
    assert {"name": "Lee joint"} in joined["household"]["accounts"]["nodes"]
    left = await change(
        api, "endHouseholdAccount", accounts, householdId=second, accountId=ids["joint"], endedOn="2021-03-31"
    )
    assert {"name": "Lee joint"} not in left["household"]["accounts"]["nodes"]

    version = (await api("query($id: ID!) { account(id: $id) { version } }", id=ids["joint"])).data[
        "account"
    ]["version"]
    heirs = [
        {"tier": "PRIMARY", "share": "0.5", "partyId": dee},
        {"tier": "PRIMARY", "share": "0.5", "name": "Red Cross"},
    ]
    named = await change(
        lees.advisor, "setAccountBeneficiaries", "account { version beneficiaries { tier name share partyId isPerStirpes } }",
        accountId=ids["joint"], expectedVersion=version, beneficiaries=heirs,
    )  # fmt: skip
    assert named["account"]["version"] == version + 1
    assert [(each["name"], each["partyId"]) for each in named["account"]["beneficiaries"]] == [
        ("Dee Lee", dee), ("Red Cross", None),
    ]  # fmt: skip
    owed = await change(api, "recordLiabilityBalance", "liability { balance { value } balanceDate }",
                        liabilityId=ids["mortgage"], day="2021-02-15", balance="310.00")  # fmt: skip
    assert owed["liability"] == {"balance": {"value": "300.00"}, "balanceDate": "2021-03-01"}

    listed = '{ households(filter: { tag: "second home" }) { totalCount nodes { name } } accounts(filter: { tag: "SECOND HOME" }) { nodes { name } } }'
    for mutation, found in (("tagSubjects", ["Second"]), ("untagSubjects", [])):
        await change(api, mutation, "subjectCount", subjectIds=[second], tagNames=["Second Home"])
        data = (await api(listed)).data
        assert [node["name"] for node in data["households"]["nodes"]] == found
        assert (data["households"]["totalCount"], data["accounts"]["nodes"]) == (len(found), [])
    view = (await change(api, "saveView", "viewId", page="PARTIES", name="Due", query="kyc=due"))["viewId"]
    await change(api, "deleteView", "viewId", viewId=view)
    assert (await api("{ savedViews(page: PARTIES) { name } }")).data["savedViews"] == []


async def test_the_same_request_again_makes_nothing_new(lees: Lees) -> None:
    given: dict[str, Any] = {
        "idempotencyKey": "party-twice-1", "kind": "PERSON", "name": "Twice Born",
        "details": {"taxId": "219-09-1111", "taxIdType": "SSN", "birthDate": "1960-01-01", "residence": None},
    }  # fmt: skip
    first = await change(lees.advisor, "createParty", "party { id }", **given)
    again = await change(lees.advisor, "createParty", "party { id }", **given)
    assert first["party"] == again["party"]
    other = await lees.advisor.change("createParty", "", **{**given, "name": "Thrice Born"})
    assert other["__typename"] == "Conflict"
    account: dict[str, Any] = {
        "idempotencyKey": "account-twice-1", "name": "Twice", "accountType": "INDIVIDUAL", "currency": "USD",
        "householdIds": [lees.ids["second"]], "owners": [{"partyId": first["party"]["id"], "role": "OWNER"}],
        "accountNumber": "889900",
    }  # fmt: skip
    made = [
        (await change(lees.advisor, "createAccount", "account { id }", **account))["account"]
        for _ in range(2)
    ]
    assert made[0] == made[1]
    debt: dict[str, Any] = {
        "idempotencyKey": "debt-twice-1", "householdId": lees.ids["second"], "kind": "TAX", "name": "Twice",
        "currency": "USD", "owners": [{"partyId": first["party"]["id"]}], "balance": "1.00",
    }  # fmt: skip
    owed = [
        (await change(lees.advisor, "createLiability", "liability { id }", **debt))["liability"]
        for _ in range(2)
    ]
    assert owed[0] == owed[1]


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
