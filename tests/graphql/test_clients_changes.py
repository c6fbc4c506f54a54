"""What was entered of a family is changed, ended, shown and made once, through the API."""

# ruff: noqa: E501, F811 -- queries are read as they are written; fixtures are named as they are used

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql.families import Lees, change, lees  # noqa: F401 - fixture

pytestmark = pytest.mark.database


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
