"""The victim: a firm whose every name carries a mark, and everybody who must not see it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.feeds.custody import reconcile_due
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.kit.context import SYSTEM
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api, House, app, make_house, platform  # noqa: F401 - fixtures
from tests.support.bundles import SOUND, write_folder, write_zip

MARK = "VICTIM"


@dataclass
class Victim:
    """``ids``: one id of every kind, all of the victim's firm."""

    house: House
    ids: dict[str, str]


def marked(files: dict[str, str]) -> dict[str, str | bytes | None]:
    """The sound bundle with the mark in every household, account and description."""
    changed: dict[str, str | bytes | None] = dict(files)
    changed["households.csv"] = files["households.csv"].replace("Whitfield", MARK)
    changed["accounts.csv"] = files["accounts.csv"].replace("Joint brokerage", f"{MARK} joint")
    changed["securities.csv"] = files["securities.csv"].replace("Apple Inc.", f"{MARK} Apple Inc.")
    changed["transactions.csv"] = files["transactions.csv"].replace("Opening deposit", f"{MARK} deposit")
    return changed


async def _ids(house: House, upload: str) -> dict[str, str]:
    admin, operations, compliance = (house.api(r) for r in ("FIRM_ADMIN", "OPERATIONS", "COMPLIANCE"))

    async def first(api: Api, field: str, selection: str = "id", arguments: str = "first: 50") -> Any:
        data = (await api(f"{{ {field}({arguments}) {{ edges {{ node {{ {selection} }} }} }} }}")).data
        edges = data[field]["edges"]
        assert edges, f"the victim has no {field}"
        return edges[0]["node"]

    named = f'first: 5, filter: {{nameContains: "{MARK}"}}'
    account = await first(operations, "accounts", arguments=named)
    position = await first(operations, "positions", "security { id }", f'accountId: "{account["id"]}"')
    user_edges = (
        await admin("{ users(first: 50) { edges { node { id name version sessions { id } } } } }")
    ).data
    reader = next(
        e["node"] for e in user_edges["users"]["edges"] if e["node"]["name"].startswith("Read_Only")
    )
    granted_to = next(
        e["node"] for e in user_edges["users"]["edges"] if e["node"]["name"] == "Granted Person"
    )
    asked = await admin.change(
        "changeUserRoles", "... on ApprovalRequested { approval { id } }",
        userId=reader["id"], roles=["TRADER"], expectedVersion=reader["version"], reason=f"{MARK} reason",
    )  # fmt: skip
    household = await first(operations, "households", "id name", named)
    granted = await admin.change(
        "createAccessGrant", "... on CreateAccessGrantSuccess { accessGrant { id } }",
        principalId=granted_to["id"], subjectId=household["id"], permissions=["read"],
        effectiveFrom="2021-01-01", reason=f"{MARK} reason",
    )  # fmt: skip
    family = await _family(house, household["id"], account["id"])
    sent = await _sent(operations, upload)
    other = await first(operations, "securities", arguments="first: 50, orderBy: null")
    if other["id"] == position["security"]["id"]:
        page = (await operations("{ securities(first: 2) { nodes { id } } }")).data["securities"]["nodes"]
        other = page[1]
    judged = await operations.change(
        "setIdenticalSecurities", "... on SetIdenticalSecuritiesSuccess { judgement { id } }",
        idempotencyKey="victim-judgement", securityId=position["security"]["id"],
        otherSecurityId=other["id"], treatment="IDENTICAL", reason=f"{MARK} reason",
        effectiveFrom="2020-01-01",
    )  # fmt: skip
    assert "judgement" in judged, judged
    assert "approval" in asked, asked
    assert "accessGrant" in granted, granted
    return {
        "Household": household["id"],
        "Account": account["id"],
        "Security": position["security"]["id"],
        "Transaction": (await first(operations, "transactions"))["id"],
        "Sleeve": (await first(operations, "transactions", "portfolioId"))["portfolioId"],
        "CorporateAction": await _action(operations, position["security"]["id"]),
        "User": reader["id"],
        "Session": reader["sessions"][0]["id"],
        "WorkItem": (await first(admin, "workItems"))["id"],
        "Finding": (await first(operations, "findings"))["id"],
        "Approval": asked["approval"]["id"],
        "AuditEvent": (await first(compliance, "auditEvents"))["id"],
        "AccessGrant": granted["accessGrant"]["id"],
        "ReconciliationBreak": await _difference(operations),
        "IdenticalSecurities": judged["judgement"]["id"],
        "Publication": await _published(operations, household["id"]),
        "Composite": await _composite(operations, account["id"]),
        "Benchmark": await _benchmark(operations),
        **sent,
        "Import": (await first(operations, "pastImports"))["id"],
        **family,
    }


async def _published(operations: Api, household: str) -> str:
    said = await operations.change(
        "publishFigures", "... on PublishFiguresSuccess { publication { id } }",
        idempotencyKey="victim-publication", scope={"householdId": household}, asOf="2021-03-31",
        reason=f"{MARK} reason", expectedNumber=0,
    )  # fmt: skip
    assert "publication" in said, said
    return str(said["publication"]["id"])


async def _benchmark(operations: Api) -> str:
    made = await operations.change(
        "createBenchmark", "... on CreateBenchmarkSuccess { benchmark { id } }",
        idempotencyKey="victim-benchmark", name=f"{MARK} benchmark", reason=f"{MARK} reason",
        components=[{"firstDay": "2020-01-01", "weight": "1", "yearlyRate": "0.03"}],
    )  # fmt: skip
    assert "benchmark" in made, made
    return str(made["benchmark"]["id"])


async def _composite(operations: Api, account: str) -> str:
    """With a member since the first of January."""
    made = await operations.change(
        "createComposite", "... on CreateCompositeSuccess { composite { id } }",
        idempotencyKey="victim-composite", name=f"{MARK} composite", description=f"{MARK} strategy",
        currency="USD", reason=f"{MARK} reason",
    )  # fmt: skip
    assert "composite" in made, made
    joined = await operations.change(
        "addCompositeMembers", "... on AddCompositeMembersSuccess { composite { id } }",
        idempotencyKey="victim-member", compositeId=made["composite"]["id"], accountIds=[account],
        effectiveFrom="2021-01-01", reason=f"{MARK} reason",
    )  # fmt: skip
    assert "composite" in joined, joined
    return str(made["composite"]["id"])


async def _sent(operations: Api, upload: str) -> dict[str, str]:
    """A job and a draft of the uploaded file."""
    started = await operations.change(
        "startImport", "... on JobAccepted { job { id } }",
        idempotencyKey="victim-import", uploadId=upload, dryRun=False,
    )  # fmt: skip
    assert "job" in started, started
    drafted = await operations.change(
        "createImportDraft", "... on CreateImportDraftSuccess { importDraft { id } }",
        idempotencyKey="victim-draft", uploadId=upload,
    )  # fmt: skip
    draft = drafted["importDraft"]["id"]
    return {"Upload": upload, "Job": started["job"]["id"], "ImportDraft": draft}


async def _action(operations: Api, security: str) -> str:
    asked = "query($id: ID!) { security(id: $id) { corporateActions { id } } }"
    data = (await operations(asked, id=security)).data
    return str(data["security"]["corporateActions"][0]["id"])


async def _difference(operations: Api) -> str:
    data = (await operations("{ reconciliationBreaks { nodes { id } } }")).data
    return str(data["reconciliationBreaks"]["nodes"][0]["id"])


async def _family(house: House, household: str, account: str) -> dict[str, str]:
    """People, a debt, a note, a view and a book of the victim's, each with the mark in its name."""
    operations, admin = house.api("OPERATIONS"), house.api("FIRM_ADMIN")

    async def made(api: Api, mutation: str, selection: str, **given: Any) -> Any:
        success = f"{mutation[0].upper()}{mutation[1:]}Success"
        done = await api.change(mutation, f"... on {success} {{ {selection} }}", **given)
        assert done["__typename"] == success, done
        return done

    people = []
    for name in ("Ann", "Ben"):
        done = await made(
            operations, "createParty", "party { id }", kind="PERSON", name=f"{MARK} {name}",
            details={"birthDate": "1950-05-05"},
        )  # fmt: skip
        people.append(done["party"]["id"])
    ann, ben = people
    contact = {"kind": "ADDRESS", "label": "home", "value": f"{MARK} Street 1"}
    await made(
        operations, "setPartyContacts", "party { id }", partyId=ann, expectedVersion=1, contacts=[contact]
    )
    related = await made(
        operations, "relateParties", "party { relationships { id } }",
        partyId=ann, kind="SPOUSE", relatedId=ben, effectiveFrom="2000-01-01",
    )  # fmt: skip
    await made(
        operations, "addHouseholdMember", "household { id }", householdId=household, partyId=ann, role="HEAD",
        effectiveFrom="2000-01-01",
    )  # fmt: skip
    debt = await made(
        operations, "createLiability", "liability { id }", householdId=household, kind="MORTGAGE",
        name=f"{MARK} mortgage", currency="USD", owners=[{"partyId": ann}], balance="1.00",
        securedAccountId=account,
    )  # fmt: skip
    note = await made(operations, "addNote", "note { id }", subjectId=household, body=f"{MARK} note")
    view = await made(
        operations, "saveView", "viewId", page="BOOK", name=f"{MARK} view", query="q", isShared=True
    )
    book = await made(admin, "createBook", "bookId", kind="BRANCH", code=MARK, name=f"{MARK} branch")
    await made(operations, "tagSubjects", "subjectCount", subjectIds=[household], tagNames=[f"{MARK} tag"])
    return {
        "Party": ann,
        "Relationship": related["party"]["relationships"][0]["id"],
        "Liability": debt["liability"]["id"],
        "Note": note["note"]["id"],
        "SavedView": view["viewId"],
        "Book": book["bookId"],
    }


async def _upload(house: House, path: Path) -> str:
    api = house.api("OPERATIONS")
    transport = httpx2.ASGITransport(app=api.app, client=("192.0.2.9", 4_000))
    content = await asyncio.to_thread(path.read_bytes)
    async with httpx2.AsyncClient(
        transport=transport, base_url=f"http://{api.firm.slug}.localhost"
    ) as client:
        response = await client.post(
            "/files/uploads", content=content,
            headers={"authorization": f"Bearer {api.token}", "content-type": "application/zip"},
        )  # fmt: skip
    assert response.status_code == 201, response.text
    return str(response.json()["uploadId"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def victim(app: ASGIApp, platform: Platform, tmp_path_factory: Any) -> Victim:  # noqa: F811
    return await make_victim(app, platform, tmp_path_factory.mktemp("victim"))


async def make_victim(app: ASGIApp, platform: Platform, folder: Path) -> Victim:  # noqa: F811
    """A firm with marked books, people of every role, and one of everything that has an id."""
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31), name=f"{MARK} Firm")
    await make_user(platform, house.firm, roles=("CLIENT",), name="Granted Person")
    # Nobody can be invited so: rows like these are held all the same, whatever put them there.
    for role, name in (("OPERATIONS", "LIMITED_OPERATIONS"), ("FIRM_ADMIN", "LIMITED_ADMIN")):
        user = await make_user(
            platform, house.firm, roles=(role,), name=f"Limited {role.title()}", limited=True
        )
        token = await bearer_of(platform, house.firm, user)
        house.people[name] = user
        house.apis[name] = Api(app, house.firm, token, user)
    # A price jump and a held security without a price give the import something to find.
    files = marked(SOUND)
    prices = str(files["prices.csv"]).replace("AAPL,2021-03-31,121.65,123.54,121.65,122.15,109019052\n", "")
    files["prices.csv"] = prices.replace("AAPL,2021-03-30,120.11,120.4031,118.86,119.90,85671919\n", "")
    # The custodian knows of another balance.
    files["custodian_positions.csv"] = (
        "account_external_id,date,security_key,custodian_key,currency,quantity,price,market_value,cost_basis\n"
        f"A1,2021-03-31,AAPL,{MARK} APPLE,USD,100.1517,,,\nA1,2021-03-31,,,USD,1.00,,1.00,\n"
    )
    files["corporate_actions.csv"] = (
        "external_id,security_key,type,ex_date,record_date,pay_date,ratio_new,ratio_old,cash_amount,currency,"
        "other_security_key,new_value,description\n"
        f"X1,AAPL,SPLIT,2021-03-15,,,2,1,,,,,{MARK} split\n"
    )
    await import_bundle(platform, house.firm, write_folder(folder / "bundle", files), actor=SYSTEM)
    await reconcile_due(platform, house.firm)
    upload = await _upload(house, write_zip(folder / "again.zip", files))
    return Victim(house, await _ids(house, upload))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stranger(app: ASGIApp, platform: Platform) -> House:  # noqa: F811
    return await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
