"""Posting and correcting: previews, idempotency, explicit null, what is on record afterwards."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from starlette.types import ASGIApp
from wealthnexus.domain.audit.models import audit_events
from wealthnexus.domain.ledger.models import transactions
from wealthnexus.kit.db.platform_tables import idempotency_records, outbox
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.graphql.conftest import House, load_book, make_house

pytestmark = pytest.mark.database

POSTED = """... on PostTransactionSuccess { dryRun transaction { id externalId type amount status bookVersion viewerCan
  account { id } security { id } } preview { cashBefore cashAfter currency quantityBefore quantityAfter
  security { id } warnings { code message } } }"""
CORRECTED = """... on CorrectTransactionSuccess { dryRun reversal { id status amount reversesId reason }
  replacement { id status amount replacesId } preview { cashBefore cashAfter } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ledger(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A firm of its own, whose books these tests change."""
    made = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    await load_book(made, tmp_path_factory.mktemp("ledger"), households=3, per_account=4)
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def account(ledger: House) -> dict[str, Any]:
    """An account with a position."""
    data = await ledger.api("OPERATIONS")(
        "{ accounts(first: 1) { nodes { id cash { value } positions(first: 1) { nodes { quantity security { id } } } } } }"
    )
    found: dict[str, Any] = data.data["accounts"]["nodes"][0]
    return found


def deposit(account: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": str(new_id()),
        "accountId": account["id"],
        "type": "DEPOSIT",
        "tradeDate": "2021-03-30",
        "amount": "1250.75",
        "description": "wire from the client",
        **changed,
    }


async def counts(house: House) -> dict[str, int]:
    found = {}
    async with house.platform.db.reading(Binding(house.firm.id)) as reader:
        for table in (transactions, audit_events, outbox, idempotency_records):
            found[table.name] = await reader.scalar(
                select(func.count()).select_from(table).where(table.c.tenant_id == reader.tenant_id)
            )
    return found


async def test_a_dry_run_shows_the_effect_and_writes_nothing(ledger: House, account: dict[str, Any]) -> None:
    before = await counts(ledger)
    found = await ledger.api("OPERATIONS").change("postTransaction", POSTED, **deposit(account, dryRun=True))
    assert (found["__typename"], found["dryRun"], found["transaction"]) == (
        "PostTransactionSuccess",
        True,
        None,
    )
    preview = found["preview"]
    assert Decimal(preview["cashAfter"]) - Decimal(preview["cashBefore"]) == Decimal("1250.75")
    assert (preview["currency"], preview["quantityBefore"], preview["security"]) == ("USD", None, None)
    assert await counts(ledger) == before


async def test_posting_writes_entry_audit_and_event_once(ledger: House, account: dict[str, Any]) -> None:
    api, before = ledger.api("OPERATIONS"), await counts(ledger)
    given = deposit(account)
    first = await api.change("postTransaction", POSTED, **given)
    assert first["transaction"]["amount"].rstrip("0") == "1250.75"
    assert (first["transaction"]["status"], first["transaction"]["account"]) == (
        "EFFECTIVE",
        {"id": account["id"]},
    )
    assert first["transaction"]["viewerCan"] == ["CORRECT_TRANSACTION"]
    after = await counts(ledger)
    assert after["transactions"] == before["transactions"] + 1
    assert after["audit_events"] == before["audit_events"] + 1
    assert after["outbox"] > before["outbox"]
    again = await api.change("postTransaction", POSTED, **given)
    assert again == first
    assert await counts(ledger) == after
    cash = (await api("query($id: ID!) { account(id: $id) { cash { value } } }", id=account["id"])).data
    assert Decimal(cash["account"]["cash"]["value"]) == Decimal(first["preview"]["cashAfter"])


async def test_the_same_key_with_another_request_is_a_conflict(
    ledger: House, account: dict[str, Any]
) -> None:
    api = ledger.api("OPERATIONS")
    given = deposit(account)
    await api.change("postTransaction", POSTED, **given)
    before = await counts(ledger)
    other = await api.change("postTransaction", POSTED, **{**given, "amount": "1250.76"})
    assert (other["__typename"], other["code"]) == ("Conflict", "CONFLICT")
    assert other["path"] == ["input", "idempotencyKey"]
    assert await counts(ledger) == before


@pytest.mark.parametrize(
    ("changed", "typename", "path"),
    [
        ({"amount": "-5.00"}, "ValidationFailed", "amount"),
        ({"tradeDate": "2021-04-02"}, "ValidationFailed", "tradeDate"),
        ({"type": "BUY", "amount": "-10.00"}, "ValidationFailed", "securityId"),
        ({"idempotencyKey": "short"}, "ValidationFailed", "idempotencyKey"),
        ({"accountId": "QWNjb3VudDowMTllZGVhZC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="}, "NotFound", "accountId"),
    ],
)  # fmt: skip
async def test_entries_that_cannot_be_are_refused(
    ledger: House, account: dict[str, Any], changed: dict[str, Any], typename: str, path: str
) -> None:
    before = await counts(ledger)
    found = await ledger.api("OPERATIONS").change("postTransaction", POSTED, **deposit(account, **changed))
    assert found["__typename"] == typename, found
    problems = found.get("problems") or [found]
    assert any(path in (problem["path"] or []) for problem in problems), found
    assert await counts(ledger) == before


async def test_a_float_is_no_decimal(ledger: House, account: dict[str, Any]) -> None:
    response = await ledger.api("OPERATIONS").raw(
        {
            "query": "mutation($input: PostTransactionInput!) { postTransaction(input: $input) { __typename } }",
            "variables": {"input": deposit(account, amount=12.5)},
        }
    )
    assert response.status_code == 400
    assert 'expected digits in a string such as "1250.75"' in response.json()["errors"][0]["message"]


async def test_a_correction_reverses_and_replaces(ledger: House, account: dict[str, Any]) -> None:
    api = ledger.api("OPERATIONS")
    posted = (await api.change("postTransaction", POSTED, **deposit(account)))["transaction"]
    replacement = {"type": "DEPOSIT", "tradeDate": "2021-03-30", "amount": "1205.75"}
    given = {
        "idempotencyKey": str(new_id()),
        "transactionId": posted["id"],
        "replacement": replacement,
        "reason": "digits were swapped",
    }
    dry = await api.change("correctTransaction", CORRECTED, **given, dryRun=True)
    assert (dry["dryRun"], dry["reversal"], dry["replacement"]) == (True, None, None)
    found = await api.change("correctTransaction", CORRECTED, **given)
    assert found["reversal"]["status"] == "REVERSAL"
    assert found["reversal"]["reversesId"] == posted["id"]
    assert found["reversal"]["reason"] == "digits were swapped"
    assert Decimal(found["reversal"]["amount"]) == Decimal("-1250.75")
    assert (found["replacement"]["status"], Decimal(found["replacement"]["amount"])) == (
        "EFFECTIVE",
        Decimal("1205.75"),
    )
    assert found["replacement"]["replacesId"] == posted["id"]
    assert await api.change("correctTransaction", CORRECTED, **given) == found
    original = (
        await api(
            "query($id: ID!) { node(id: $id) { ... on Transaction { status reversedById replacedById viewerCan } } }",
            id=posted["id"],
        )
    ).data["node"]
    assert original == {
        "status": "REVERSED",
        "reversedById": found["reversal"]["id"],
        "replacedById": found["replacement"]["id"],
        "viewerCan": [],
    }
    twice = await api.change("correctTransaction", CORRECTED, **{**given, "idempotencyKey": str(new_id())})
    assert twice["__typename"] == "Conflict"


async def test_null_only_reverses_and_left_out_is_refused(ledger: House, account: dict[str, Any]) -> None:
    api = ledger.api("OPERATIONS")
    posted = (await api.change("postTransaction", POSTED, **deposit(account)))["transaction"]
    given = {"idempotencyKey": str(new_id()), "transactionId": posted["id"], "reason": "entered twice"}
    before = await counts(ledger)
    refused = await api.change("correctTransaction", CORRECTED, **given)
    assert (refused["__typename"], refused["path"]) == ("ValidationFailed", ["input", "replacement"])
    assert refused["message"] == "replacement was left out, expected a value or null; nothing was changed."
    assert await counts(ledger) == before
    found = await api.change("correctTransaction", CORRECTED, **given, replacement=None)
    assert (found["reversal"]["status"], found["replacement"]) == ("REVERSAL", None)


async def test_each_mutation_of_a_request_stands_alone(ledger: House, account: dict[str, Any]) -> None:
    """The first commits although the second is refused; the third reads what the first has written."""
    query = """mutation($a: PostTransactionInput!, $b: PostTransactionInput!, $c: PostTransactionInput!) {
      a: postTransaction(input: $a) { __typename ... on PostTransactionSuccess { preview { cashAfter } } }
      b: postTransaction(input: $b) { __typename }
      c: postTransaction(input: $c) { __typename ... on PostTransactionSuccess { preview { cashBefore } } } }"""
    answer = await ledger.api("OPERATIONS")(
        query, a=deposit(account), b=deposit(account, amount="-1.00"), c=deposit(account, dryRun=True)
    )
    data = answer.data
    assert [data[name]["__typename"] for name in "abc"] == [
        "PostTransactionSuccess",
        "ValidationFailed",
        "PostTransactionSuccess",
    ]
    assert data["c"]["preview"]["cashBefore"] == data["a"]["preview"]["cashAfter"]


async def test_without_the_permission_nothing_is_posted(ledger: House, account: dict[str, Any]) -> None:
    before = await counts(ledger)
    for role in ("ADVISOR", "COMPLIANCE", "READ_ONLY", "CLIENT"):
        found = await ledger.api(role).change("postTransaction", POSTED, **deposit(account))
        assert (found["__typename"], found["code"]) == ("PermissionDenied", "PERMISSION_DENIED"), role
    anonymous = await ledger.anonymous(
        "mutation($input: PostTransactionInput!) { postTransaction(input: $input) { __typename } }",
        input=deposit(account),
    )
    assert (anonymous.status, anonymous.codes) == (401, ["UNAUTHENTICATED"])
    assert await counts(ledger) == before


async def test_another_firms_account_is_missing(
    ledger: House, other_house: House, account: dict[str, Any]
) -> None:
    before = await counts(ledger)
    found = await other_house.api("OPERATIONS").change("postTransaction", POSTED, **deposit(account))
    missing = await other_house.api("OPERATIONS").change(
        "postTransaction",
        POSTED,
        **deposit({"id": "QWNjb3VudDowMTllZGVhZC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="}),
    )
    assert found["__typename"] == missing["__typename"] == "NotFound"
    assert {key: found[key] for key in ("code", "path")} == {key: missing[key] for key in ("code", "path")}
    assert await counts(ledger) == before
