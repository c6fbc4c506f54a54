"""The reconciliation desk through the API: read by filters, assigned, signed off once, reopened."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.feeds.custody import reconcile_due
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.context import SYSTEM
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, acme_book, ids_of
from tests.graphql.conftest import House, make_house

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_reconciliation")]
BREAK = "id kind state ours theirs difference worth severity message openedOn day ageDays version viewerCan"
SAID = (
    "account_external_id,date,security_key,custodian_key,currency,quantity,price,market_value,cost_basis\n"
    "A1,2021-03-30,ACME,ACME INC,USD,90,60,5400.00,\n"
    "A1,2021-03-30,,,USD,5000.00,,5000.00,\n"
    "A1,2021-03-31,ACME,ACME INC,USD,90,60,5400.00,\n"
    "A1,2021-03-31,,,USD,25000.00,,25000.00,\n"
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Ten ACME fewer at the custodian for two days, and 20,000 more cash on the second."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    bundle = acme_book().price("ACME", "2021-03-30", "60").write(tmp_path_factory.mktemp("desk"))
    (bundle / "custodian_positions.csv").write_text(SAID)
    assert (await import_bundle(platform, house.firm, bundle, actor=SYSTEM)).ok
    await reconcile_due(platform, house.firm)
    return house


async def breaks(house: House, role: str = "OPERATIONS", given: str = "", what: str = BREAK) -> list[Any]:
    data = (await house.api(role)(f"{{ reconciliationBreaks{given} {{ nodes {{ {what} }} }} }}")).data
    return list(data["reconciliationBreaks"]["nodes"])


async def test_differences_and_days_are_read_by_filters(desk: House) -> None:
    units, cash = await breaks(desk)
    assert {k: v for k, v in units.items() if k not in ("id", "message")} == {
        "kind": "QUANTITY", "state": "OPEN", "ours": "100", "theirs": "90", "difference": "-10",
        "worth": "600", "severity": "WARNING", "openedOn": "2021-03-30", "day": "2021-03-31", "ageDays": 1,
        "version": 2, "viewerCan": ["ASSIGN_BREAK", "SIGN_OFF_BREAK"],
    }  # fmt: skip
    assert (cash["kind"], cash["difference"], cash["severity"]) == ("CASH", "20000", "BREACH")
    for given, kinds in (
        ("(filter: {kinds: [CASH]})", ["CASH"]),
        ("(filter: {minAgeDays: 1})", ["QUANTITY"]),
        ("(filter: {states: [SIGNED_OFF]})", []),
        ('(filter: {custodian: "Cascade Custody"})', ["QUANTITY", "CASH"]),
        ('(filter: {custodian: "Elsewhere"})', []),
        ("(first: 1)", ["QUANTITY"]),
    ):
        assert [each["kind"] for each in await breaks(desk, given=given)] == kinds, given
    data = (
        await desk.api("READ_ONLY")(
            "{ reconciliations(filter: {states: [BREAKS]}) { totalCount nodes { day state comparedCount"
            " openBreakCount account { name } breaks { kind } } } }"
        )
    ).data
    assert data["reconciliations"] == {
        "totalCount": 2,
        "nodes": [
            {"day": "2021-03-31", "state": "BREAKS", "comparedCount": 2, "openBreakCount": 2,
             "account": {"name": "Account A1"}, "breaks": [{"kind": "QUANTITY"}, {"kind": "CASH"}]},
            {"day": "2021-03-30", "state": "BREAKS", "comparedCount": 2, "openBreakCount": 1,
             "account": {"name": "Account A1"}, "breaks": [{"kind": "QUANTITY"}]},
        ],
    }  # fmt: skip


async def test_the_custodians_word_stands_beside_ours(desk: House) -> None:
    account = to_global("Account", (await ids_of(desk.platform, desk.firm)).accounts["A1"])
    query = (
        "query Q($id: ID!, $on: Date) { account(id: $id) { reconciledThrough custodianPositions(asOf: $on) {"
        " day rows { security { symbol } custodianKey currency ours theirs difference ourValue theirValue"
        " breaks } } } }"
    )
    data = (await desk.api("OPERATIONS")(query, id=account)).data["account"]
    assert data == {
        "reconciledThrough": None,
        "custodianPositions": {
            "day": "2021-03-31",
            "rows": [
                {"security": None, "custodianKey": None, "currency": "USD", "ours": "5000",
                 "theirs": "25000", "difference": "20000", "ourValue": "5000", "theirValue": "25000",
                 "breaks": ["CASH"]},
                {"security": {"symbol": "ACME"}, "custodianKey": "ACME INC", "currency": "USD",
                 "ours": "100", "theirs": "90", "difference": "-10", "ourValue": "6000",
                 "theirValue": "5400", "breaks": ["QUANTITY"]},
            ],
        },
    }  # fmt: skip
    before = (await desk.api("OPERATIONS")(query, id=account, on="2021-03-29")).data["account"]
    assert before["custodianPositions"] is None


async def test_accounts_show_their_days_and_what_may_lie_behind_a_difference(desk: House) -> None:
    query = (
        "query($filter: ReconciledAccountFilter) { comparedDays(days: 5)"
        " reconciledAccounts(filter: $filter) { totalCount nodes {"
        " account { name } custodian reconciledThrough lastEvidenceOn openBreakCount"
        " days { day state openBreakCount } } } }"
    )
    api = desk.api("READ_ONLY")
    data = (await api(query)).data
    assert data["comparedDays"] == ["2021-03-30", "2021-03-31"]
    assert data["reconciledAccounts"] == {
        "totalCount": 1,
        "nodes": [{
            "account": {"name": "Account A1"}, "custodian": "Cascade Custody", "reconciledThrough": None,
            "lastEvidenceOn": "2021-03-31", "openBreakCount": 2,
            "days": [{"day": "2021-03-30", "state": "BREAKS", "openBreakCount": 1},
                     {"day": "2021-03-31", "state": "BREAKS", "openBreakCount": 2}],
        }],
    }  # fmt: skip
    for given, count in (
        ({"hasEvidence": True}, 1), ({"hasEvidence": False}, 0), ({"custodian": "Elsewhere"}, 0),
        ({"matchedOn": "2021-03-31"}, 0),
    ):  # fmt: skip
        assert (await api(query, filter=given)).data["reconciledAccounts"]["totalCount"] == count, given
    refused = await api("{ comparedDays(days: 32) }")
    assert "31" in refused.errors[0]["message"]
    what = "kind custodian ageSessions causes { code } waitingFor { approvalId }"
    units, _ = await breaks(desk, what=what)
    assert units == {
        "kind": "QUANTITY", "custodian": "Cascade Custody", "ageSessions": 1, "causes": [],
        "waitingFor": None,
    }  # fmt: skip


async def test_a_comparison_is_asked_for_once_and_by_who_sees_the_whole_firm(desk: House) -> None:
    query = (
        "mutation($key: ID!) { reconcileNow(input: {idempotencyKey: $key}) { __typename"
        " ... on JobAccepted { job { id kind state } } ... on PermissionDenied { message } } }"
    )
    first = (await desk.api("OPERATIONS")(query, key="one-key-of-operations")).data["reconcileNow"]
    again = (await desk.api("OPERATIONS")(query, key="another-key-of-operations")).data["reconcileNow"]
    assert first["job"]["kind"] == "feeds.reconcile"
    assert again["job"]["id"] == first["job"]["id"]
    denied = (await desk.api("READ_ONLY")(query, key="one-key-of-a-reader")).data["reconcileNow"]
    assert denied["__typename"] == "PermissionDenied"


async def test_a_client_sees_none_of_it(desk: House) -> None:
    answer = await desk.api("CLIENT")("{ reconciliationBreaks { nodes { id } } }")
    assert answer.errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_assigned_signed_off_once_and_reopened(desk: House) -> None:
    units, cash = await breaks(desk)
    operations = desk.api("OPERATIONS")
    owner = to_global("User", desk.people["OPERATIONS"].id)
    refused = "... on Error { code message }"

    async def change(api: Any, name: str, **given: Any) -> Any:
        success = f"{name[0].upper()}{name[1:]}Success"
        return await api.change(
            name,
            f"... on {success} {{ reconciliationBreak {{ state version owner {{ name }} decidedBy {{ name }}"
            f" reasonCode viewerCan }} }} {refused}",
            **given,
        )

    assigned = await change(
        operations, "assignBreak", breakId=units["id"], assigneeId=owner, expectedVersion=2
    )
    assert assigned["reconciliationBreak"]["owner"] == {"name": desk.people["OPERATIONS"].name}
    given = {"breakId": units["id"], "reasonCode": "TIMING", "reason": "settles tomorrow"}
    done = await change(operations, "signOffBreak", **given, expectedVersion=3)
    assert done["reconciliationBreak"]["state"] == "SIGNED_OFF"
    assert done["reconciliationBreak"]["decidedBy"] == {"name": desk.people["OPERATIONS"].name}
    twice = await change(desk.api("COMPLIANCE"), "signOffBreak", **given, expectedVersion=4)
    assert twice["code"] == "CONFLICT"
    assert f"signed off by {desk.people['OPERATIONS'].name} on " in twice["message"]
    back = await change(
        operations, "reopenBreak", breakId=units["id"], reason="it did not", expectedVersion=4
    )
    assert back["reconciliationBreak"]["state"] == "OPEN"
    large = await operations.change(
        "signOffBreak",
        "... on SignOffBreakSuccess { reconciliationBreak { state } approval { title state } }",
        breakId=cash["id"], reasonCode="CUSTODIAN_ERROR", reason="booked twice", expectedVersion=1,
    )  # fmt: skip
    assert large["reconciliationBreak"]["state"] == "OPEN"
    assert large["approval"] == {
        "state": "PENDING",
        "title": "Sign off a difference: Account A1: our cash is 5,000 USD on 31 Mar 2021, the custodian's"
        " 25,000; difference +20,000",
    }
    forbidden = await change(desk.api("ADVISOR"), "signOffBreak", **given, expectedVersion=5)
    assert forbidden["code"] == "PERMISSION_DENIED"
    # It waits for a second person: it says so, it can be listed so, and nobody asks for it again.
    what = "kind waitingFor { askedBy }"
    (waiting,) = await breaks(desk, given="(filter: {awaitsSecondPerson: true})", what=what)
    assert waiting == {"kind": "CASH", "waitingFor": {"askedBy": desk.people["OPERATIONS"].name}}
    again = await desk.api("COMPLIANCE").change(
        "signOffBreak", refused, breakId=cash["id"], reasonCode="TIMING", reason="later", expectedVersion=1
    )
    assert again["code"] == "CONFLICT"
    assert f"{desk.people['OPERATIONS'].name} asked for this sign-off on " in again["message"]
