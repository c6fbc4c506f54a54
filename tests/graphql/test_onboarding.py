"""A family is brought onto the books: parties with all that belongs to them, accounts and debts as they change."""

# ruff: noqa: E501, F811 -- queries are read as they are written; fixtures are named as they are used

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.domain.bundle.terms import ACCOUNT_TYPES

from tests.graphql.conftest import Api
from tests.graphql.families import Lees, change, lees  # noqa: F401 - fixture

pytestmark = pytest.mark.database

PROBLEMS = "... on ValidationFailed { problems { path message value } }"


async def refused(api: Api, mutation: str, **given: Any) -> tuple[str, dict[str, str]]:
    """The message of a refusal, and what is said of each field by its path below the input."""
    done = await api.change(mutation, PROBLEMS, **given)
    assert not done["__typename"].endswith("Success"), done
    problems = done.get("problems") or [{"path": done["path"], "message": done["message"]}]
    return done["message"], {".".join(each["path"][1:]): each["message"] for each in problems}


async def names_of(lees: Lees, contains: str) -> list[str]:
    found = await lees.advisor(
        "query($q: String!) { parties(first: 50, filter: { nameContains: $q }) { nodes { name } } }",
        q=contains,
    )
    return [node["name"] for node in found.data["parties"]["nodes"]]


async def version_of(lees: Lees, kind: str, key: str) -> int:
    found = await lees.advisor(f"query($id: ID!) {{ {kind}(id: $id) {{ version }} }}", id=key)
    return int(found.data[kind]["version"])


async def test_a_trust_comes_with_contacts_place_trustee_and_owner_in_one_go(lees: Lees) -> None:
    ids = lees.ids
    done = await change(
        lees.advisor, "createParty",
        "party { version contacts { value } households { role household { id } }"
        " relationships { kind isInverse other { name } } ownerships { share party { name } } }",
        kind="TRUST", name="Quill Trust", details={"formedOn": "2014-02-03"},
        contacts=[{"kind": "EMAIL", "label": "office", "value": "quill@example.com", "isPrimary": True}],
        membership={"householdId": ids["second"], "role": "ENTITY", "effectiveFrom": "2014-02-03"},
        relationships=[
            {"otherId": ids["Ann"], "kind": "TRUSTEE", "effectiveFrom": "2014-02-03"},
            {"otherId": ids["Cy"], "kind": "TRUSTED_CONTACT", "isInverse": True, "effectiveFrom": "2014-02-03"},
        ],
        owners=[{"ownerId": ids["Ann"], "share": "0.6"}, {"ownerId": ids["Ben"], "share": "0.4"}],
        ownedFrom="2014-02-03",
    )  # fmt: skip
    party = done["party"]
    assert party["contacts"] == [{"value": "quill@example.com"}]
    assert party["households"] == [{"role": "ENTITY", "household": {"id": ids["second"]}}]
    assert sorted((r["kind"], r["isInverse"], r["other"]["name"]) for r in party["relationships"]) == [
        ("TRUSTED_CONTACT", False, "Cy Lee"),
        ("TRUSTEE", True, "Ann Lee"),
    ]
    assert sorted((o["party"]["name"], float(o["share"])) for o in party["ownerships"]) == [
        ("Ann Lee", 0.6),
        ("Ben Lee", 0.4),
    ]


async def test_one_part_that_does_not_fit_leaves_nothing_of_the_others(lees: Lees) -> None:
    ids, api = lees.ids, lees.advisor
    place = {"householdId": ids["second"], "role": "ENTITY"}
    cases: list[tuple[dict[str, Any], str, str]] = [
        (
            {"contacts": [{"kind": "EMAIL", "label": "", "value": "nowhere"}]},
            "contacts.0.value", "expected an e-mail address such as ann@example.com",
        ),
        (
            {"membership": {**place, "role": "CHILD"}},
            "membership.role", "Vane LLC is a company: the role child does not fit it; nothing was written",
        ),
        (
            {"owners": [{"ownerId": ids["Ann"], "share": "0.6"}, {"ownerId": ids["Ben"], "share": "0.5"}]},
            "owners", "from 31 Mar 2021 the shares of Vane LLC would add up to 1.1, expected at most 1; nothing was written",
        ),
        (
            {"owners": [{"ownerId": ids["Ann"], "share": "0.6"}, {"ownerId": ids["Ann"], "share": "0.1"}]},
            "owners.1.ownerId", "Ann Lee is named twice, expected once",
        ),
        (
            {"owners": [{"ownerId": ids["Ann"], "share": "0.6"}, {"ownerId": ids["Ben"], "share": "0"}]},
            "owners.1.share", "the share is 0, expected above 0 and at most 1 with at most 12 decimal places; nothing was written",
        ),
        ({"details": {"formedOn": "2031-01-01"}}, "formedOn", "expected a day up to 2021-03-31"),
    ]  # fmt: skip
    for given, path, words in cases:
        _, found = await refused(
            api, "createParty", **{"kind": "COMPANY", "name": "Vane LLC", "membership": place, **given}
        )
        assert found == {path: words}
    _, found = await refused(
        api, "createParty", kind="COMPANY", name="Vane LLC",
        relationships=[{"otherId": ids["Ann"], "kind": "OFFICER"}, {"otherId": ids["Ann"], "kind": "OFFICER"}],
    )  # fmt: skip
    assert list(found) == ["relationships.1.relatedId"]
    _, found = await refused(
        api, "createParty", kind="COMPANY", name="Vane LLC", owners=[{"ownerId": ids["joint"], "share": "1"}]
    )
    assert list(found) == ["owners.0.ownerId"]
    assert await names_of(lees, "Vane") == []


async def test_the_owners_of_an_entity_are_set_together_and_no_circle_is_closed(lees: Lees) -> None:
    ids, api = lees.ids, lees.advisor
    made = {}
    for name in ("Oak", "Elm"):
        done = await change(
            api, "createParty", "party { id version }", kind="COMPANY", name=f"{name} Holdings"
        )
        made[name] = done["party"]["id"]
    owned = "owned { version ownerships { share party { name } } }"
    done = await change(
        api, "setPartyOwners", owned, ownedId=made["Oak"], expectedVersion=1, effectiveFrom="2019-01-01",
        owners=[{"ownerId": ids["Ann"], "share": "0.6"}, {"ownerId": ids["Ben"], "share": "0.4"}],
    )  # fmt: skip
    # 60/40 the other way round: share by share one of the two steps would be above the whole.
    done = await change(
        api, "setPartyOwners", owned, ownedId=made["Oak"], expectedVersion=2, effectiveFrom="2020-01-01",
        owners=[{"ownerId": ids["Ann"], "share": "0.4"}, {"ownerId": ids["Ben"], "share": "0.6"}],
    )  # fmt: skip
    assert done["owned"]["version"] == 3
    assert {o["party"]["name"]: float(o["share"]) for o in done["owned"]["ownerships"]} == {
        "Ann Lee": 0.4,
        "Ben Lee": 0.6,
    }
    before = await api(
        'query($id: ID!) { party(id: $id, asOf: "2019-06-01") { ownerships { share } } }', id=made["Oak"]
    )
    assert sorted(float(o["share"]) for o in before.data["party"]["ownerships"]) == [0.4, 0.6]
    await change(
        api, "setPartyOwners", owned, ownedId=made["Elm"], expectedVersion=1, effectiveFrom="2019-01-01",
        owners=[{"ownerId": made["Oak"], "share": "1"}],
    )  # fmt: skip
    message, found = await refused(
        api, "setPartyOwners", ownedId=made["Oak"], expectedVersion=3, effectiveFrom="2020-06-01",
        owners=[{"ownerId": ids["Ann"], "share": "0.5"}, {"ownerId": made["Elm"], "share": "0.5"}],
    )  # fmt: skip
    assert list(found) == ["owners.1.ownerId"]
    assert message.startswith("from 1 Jun 2020 ownership would go in a circle: ")
    assert message.endswith("; nothing was written")
    stale = await api.change(
        "setPartyOwners",
        "... on Conflict { currentVersion }",
        ownedId=made["Oak"],
        expectedVersion=1,
        owners=[],
    )
    assert (stale["__typename"], stale["currentVersion"]) == ("Conflict", 3)
    person = await api.change("setPartyOwners", "", ownedId=ids["Cy"], expectedVersion=1, owners=[])
    assert person["path"] == ["input", "ownedId"]


async def test_owners_that_do_not_fit_are_told_row_by_row(lees: Lees) -> None:
    ids, api = lees.ids, lees.advisor

    async def say(kind: str, owners: list[dict[str, Any]]) -> dict[str, str]:
        _, found = await refused(
            api, "createAccount", name="Misfit", accountType=kind, currency="USD", householdIds=[ids["home"]], owners=owners
        )  # fmt: skip
        return found

    assert await say("INDIVIDUAL", []) == {"owners": "nobody owns it, expected an owner"}
    assert await say("INDIVIDUAL", [{"partyId": ids["Trust"], "role": "OWNER"}]) == {
        "owners.0.partyId": "Trust Lee is a trust, expected a person as owner"
    }
    assert await say(
        "UTMA", [{"partyId": ids["Cy"], "role": "MINOR"}, {"partyId": ids["Ann"], "role": "GRANTOR"}]
    ) == {
        "owners": "0 as custodian, expected 1",
        "owners.1.role": "Ann Lee as grantor: this registration takes custodian, minor",
    }
    assert await say(
        "TENANTS_IN_COMMON",
        [
            {"partyId": ids["Ann"], "role": "JOINT_COMMON", "share": "0.7"},
            {"partyId": ids["Ben"], "role": "JOINT_COMMON", "share": "0.4"},
        ],
    ) == {"owners": "the shares are 1.1 together, expected at most 1"}
    assert await say("TENANTS_IN_COMMON", [{"partyId": ids["Ann"], "role": "JOINT_COMMON"}] * 2) == {
        "owners.1.partyId": "Ann Lee is named 2 times as joint common, expected once"
    }
    stranger = "UGFydHk6MDFhMWZlYzEtZWZlOC03MDgyLWI2YzAtMTdiNDFiM2ZjYzAw"
    missing = await say(
        "INDIVIDUAL", [{"partyId": ids["Ann"], "role": "OWNER"}, {"partyId": stranger, "role": "ATTORNEY"}]
    )
    assert list(missing) == ["owners.1.partyId"]


async def test_an_account_is_changed_and_given_other_owners(lees: Lees) -> None:
    ids, api = lees.ids, lees.advisor
    done = await change(
        api, "createAccount", "account { id version }", name="Cy single", accountType="INDIVIDUAL", currency="USD",
        householdIds=[ids["second"]], owners=[{"partyId": ids["Cy"], "role": "OWNER"}], openedOn="2018-01-01",
        accountNumber="90001234", custodian="Northway",
    )  # fmt: skip
    key = done["account"]["id"]
    done = await change(
        api, "updateAccount", "account { version name custodian accountNumberLast4 taxStatus hasMargin }",
        accountId=key, expectedVersion=1, name="Cy sole", custodian="Harborview", accountNumber="90005678", hasMargin=True,
    )  # fmt: skip
    assert done["account"] == {
        "version": 2, "name": "Cy sole", "custodian": "Harborview", "accountNumberLast4": "5678", "taxStatus": "TAXABLE", "hasMargin": True,
    }  # fmt: skip
    _, found = await refused(
        api, "updateAccount", accountId=key, expectedVersion=2, taxStatus="WISHFUL", name=" "
    )
    assert set(found) == {"name"} or set(found) == {"taxStatus"}
    _, found = await refused(api, "updateAccount", accountId=key, expectedVersion=2, name=None)
    assert found == {"name": "name cannot be emptied, expected a value; nothing was changed."}
    found = (
        await api("query($q: String!) { search(query: $q) { groups { hits { title } } } }", q="5678")
    ).data
    assert [hit["title"] for group in found["search"]["groups"] for hit in group["hits"]] == ["Cy sole"]

    owners = [
        {"partyId": ids["Cy"], "role": "JOINT_SURVIVORSHIP"},
        {"partyId": ids["Ann"], "role": "JOINT_SURVIVORSHIP"},
    ]
    _, found = await refused(api, "setAccountOwners", accountId=key, expectedVersion=2, owners=owners)
    assert set(found) == {"owners", "owners.0.role", "owners.1.role"}
    done = await change(
        api, "setAccountOwners",
        "account { version accountType ownerHistory { role effectiveFrom effectiveTo party { name } } householdHistory { effectiveFrom effectiveTo household { name } } }",
        accountId=key, expectedVersion=2, owners=owners, accountType="JOINT_WITH_SURVIVORSHIP", effectiveFrom="2020-07-01",
    )  # fmt: skip
    assert done["account"]["accountType"] == "JOINT_WITH_SURVIVORSHIP"
    assert [
        (o["party"]["name"], o["role"], o["effectiveFrom"], o["effectiveTo"])
        for o in done["account"]["ownerHistory"]
    ] == [
        ("Ann Lee", "JOINT_SURVIVORSHIP", "2020-07-01", None),
        ("Cy Lee", "JOINT_SURVIVORSHIP", "2020-07-01", None),
        ("Cy Lee", "OWNER", "2018-01-01", "2020-07-01"),
    ]
    assert done["account"]["householdHistory"] == [
        {"effectiveFrom": "2018-01-01", "effectiveTo": None, "household": {"name": "Second"}}
    ]


async def test_an_account_is_closed_when_it_is_empty_and_opened_again(lees: Lees) -> None:
    ids, api, operations = lees.ids, lees.advisor, lees.house.api("OPERATIONS")
    done = await change(
        api, "createAccount", "account { id }", name="Cy passing", accountType="INDIVIDUAL", currency="USD",
        householdIds=[ids["second"]], owners=[{"partyId": ids["Cy"], "role": "OWNER"}], openedOn="2018-01-01",
    )  # fmt: skip
    key = done["account"]["id"]

    async def post(amount: str, day: str, kind: str) -> Any:
        return await change(
            operations, "postTransaction", "preview { warnings { code } }", idempotencyKey=f"{kind}-{day}", accountId=key, type=kind, tradeDate=day, amount=amount
        )  # fmt: skip

    await post("250.00", "2021-03-01", "DEPOSIT")
    version = await version_of(lees, "account", key)
    message, _ = await refused(
        api, "closeAccount", accountId=key, expectedVersion=version, closedOn="2021-03-15"
    )
    assert (
        message
        == "Cy passing still has 0 positions and 250.00 USD at the end of 15 Mar 2021, expected nothing: transfer them out first; nothing was changed"
    )
    await post("-250.00", "2021-03-20", "WITHDRAWAL")
    message, _ = await refused(
        api, "closeAccount", accountId=key, expectedVersion=version, closedOn="2021-02-15"
    )
    assert message == "Cy passing has 2 entries after 15 Feb 2021, expected none; nothing was changed"
    _, found = await refused(
        api, "closeAccount", accountId=key, expectedVersion=version, closedOn="2021-04-01"
    )
    assert found == {"closedOn": "expected 2018-01-01 to 2021-03-31"}
    done = await change(
        api,
        "closeAccount",
        "account { closedOn version }",
        accountId=key,
        expectedVersion=version,
        closedOn="2021-03-20",
    )
    assert done["account"] == {"closedOn": "2021-03-20", "version": version + 1}
    late = await post("1.00", "2021-03-25", "DEPOSIT")
    assert "AFTER_CLOSING" in [warning["code"] for warning in late["preview"]["warnings"]]
    done = await change(
        api, "closeAccount", "account { closedOn }", accountId=key, expectedVersion=version + 1, closedOn=None
    )
    assert done["account"] == {"closedOn": None}


async def test_a_debt_is_secured_changed_shared_anew_and_ended(lees: Lees) -> None:
    ids, api = lees.ids, lees.advisor
    given = {"householdId": ids["home"], "kind": "MARGIN", "name": "Line", "currency": "USD"}
    assert (await refused(api, "createLiability", **given, owners=[]))[
        0
    ] == "nobody owes this debt, expected at least one party; nothing was written"
    _, found = await refused(
        api, "createLiability", **given, owners=[{"partyId": ids["Ann"]}, {"partyId": ids["Ann"]}]
    )
    assert found == {"owners.1.partyId": "Ann Lee is named twice, expected once"}
    done = await change(
        api, "createLiability", "liability { id securedAccountId balances { day balance } }", **given, openedOn="2020-01-01",
        owners=[{"partyId": ids["Ann"], "share": "1"}], securedAccountId=ids["joint"], balance="900.00", balanceDate="2020-06-30",
    )  # fmt: skip
    debt = done["liability"]["id"]
    assert done["liability"]["securedAccountId"] == ids["joint"]
    version = await version_of(lees, "liability", debt)
    done = await change(
        api, "updateLiability", "liability { name lender interestRate version }", liabilityId=debt, expectedVersion=version,
        name="Securities line", lender="Northway", interestRate="0.0375",
    )  # fmt: skip
    assert done["liability"] == {
        "name": "Securities line",
        "lender": "Northway",
        "interestRate": "0.0375",
        "version": version + 1,
    }
    done = await change(
        api, "setLiabilityOwners", "liability { version owners { share party { name } effectiveFrom } }", liabilityId=debt, expectedVersion=version + 1,
        effectiveFrom="2021-01-01", owners=[{"partyId": ids["Ann"], "share": "0.5"}, {"partyId": ids["Ben"], "share": "0.5"}],
    )  # fmt: skip
    assert [o["party"]["name"] for o in done["liability"]["owners"]] == ["Ann Lee", "Ben Lee"]
    version = done["liability"]["version"]
    _, found = await refused(
        api, "setLiabilityOwners", liabilityId=debt, expectedVersion=version,
        owners=[{"partyId": ids["Ann"], "share": "0.7"}, {"partyId": ids["Ben"], "share": "0.5"}],
    )  # fmt: skip
    assert found == {
        "owners": "the shares of those who owe add up to 1.2, expected at most 1; nothing was written"
    }
    message, _ = await refused(
        api, "updateLiability", liabilityId=debt, expectedVersion=version, closedOn="2021-03-01"
    )
    assert message.startswith(
        "900.00 USD of Securities line are owed by the balance of 30 Jun 2020, expected 0"
    )
    for day, balance in (("2021-02-28", "10.00"), ("2021-02-28", "0")):
        await change(
            api, "recordLiabilityBalance", "liability { id }", liabilityId=debt, day=day, balance=balance
        )
    version = await version_of(lees, "liability", debt)
    message, _ = await refused(
        api, "updateLiability", liabilityId=debt, expectedVersion=version, closedOn="2021-02-15"
    )
    assert message.startswith("900.00 USD of Securities line are owed by the balance of 30 Jun 2020")
    done = await change(
        api, "updateLiability", "liability { closedOn balances { day balance source } }", liabilityId=debt, expectedVersion=version, closedOn="2021-03-01"
    )  # fmt: skip
    assert done["liability"]["closedOn"] == "2021-03-01"
    assert [(b["day"], float(b["balance"]), b["source"]) for b in done["liability"]["balances"]] == [
        ("2020-06-30", 900.0, "MANUAL"),
        ("2021-02-28", 0.0, "MANUAL"),
    ]


async def test_every_registration_says_what_it_asks_for(lees: Lees) -> None:
    found = await lees.advisor(
        "{ registrations { code meaning equalShares besides roles { role least most kinds } } }"
    )
    by_code = {each["code"]: each for each in found.data["registrations"]}
    assert list(by_code) == list(ACCOUNT_TYPES)
    assert by_code["UTMA"]["roles"] == [
        {"role": "CUSTODIAN", "least": 1, "most": 1, "kinds": ["PERSON", "TRUST", "COMPANY", "ESTATE"]},
        {"role": "MINOR", "least": 1, "most": 1, "kinds": ["PERSON"]},
    ]
    assert by_code["JOINT_WITH_SURVIVORSHIP"]["equalShares"] is True
    assert "TRUSTEE" in [part["role"] for part in by_code["REVOCABLE_TRUST"]["roles"]]
    assert (
        by_code["JOINT"]["besides"] == ["JOINT_SURVIVORSHIP", "JOINT_COMMON", "ATTORNEY"]
        or "JOINT_COMMON" in by_code["JOINT"]["besides"]
    )


async def test_who_belonged_to_a_household_is_remembered(lees: Lees) -> None:
    ids, api = lees.ids, lees.advisor
    home = (await change(api, "createHousehold", "household { id }", name="Passing"))["household"]["id"]
    await change(
        api,
        "addHouseholdMember",
        "household { id }",
        householdId=home,
        partyId=ids["Cy"],
        role="HEAD",
        effectiveFrom="2019-01-01",
    )
    done = await change(
        api, "endHouseholdMembership", "household { members { role } memberHistory { role effectiveFrom effectiveTo party { name } } }",
        householdId=home, partyId=ids["Cy"], endedOn="2020-01-01",
    )  # fmt: skip
    assert done["household"] == {
        "members": [],
        "memberHistory": [
            {
                "role": "HEAD",
                "effectiveFrom": "2019-01-01",
                "effectiveTo": "2020-01-01",
                "party": {"name": "Cy Lee"},
            }
        ],
    }
