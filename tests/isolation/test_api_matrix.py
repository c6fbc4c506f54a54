"""Nothing leaks and nothing changes: every field with ids and every mutation, by every wrong caller."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import pytest
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.graphql.schema import schema

from tests.database.test_catalog import boot
from tests.database.test_two_firms import digest_of
from tests.graphql.conftest import Api, House
from tests.isolation.conftest import MARK, Victim
from tests.isolation.operations import Maker, Operation
from tests.support.servers import DatabaseAddresses

pytestmark = pytest.mark.database

# Bookkeeping of being asked at all: when a session was last used.
TOUCHED_BY_READING = {"sessions", "session_tokens"}


def operations_on(victim: Victim, *leave_out: str) -> list[Operation]:
    maker = Maker(schema._schema, victim.ids, leave_out=frozenset(leave_out))
    made = maker.operations()
    assert maker.unknown == set(), "an id argument that the matrix does not know: name its kind"
    return made


def callers(victim: Victim, stranger: House) -> dict[str, Api]:
    """Everybody who must learn and change nothing at all of the victim."""
    foreign = stranger.api("FIRM_ADMIN")
    return {
        "anonymous": victim.house.anonymous,
        "other firm's admin": foreign,
        "other firm's operations": stranger.api("OPERATIONS"),
        "other firm's bearer on this host": dataclasses.replace(victim.house.anonymous, token=foreign.token),
        "limited staff": victim.house.api("LIMITED"),
        "limited operations": victim.house.api("LIMITED_OPERATIONS"),
        "limited admin": victim.house.api("LIMITED_ADMIN"),
        "portal client": victim.house.api("CLIENT"),
    }


def state_of(addresses: DatabaseAddresses, victim: Victim) -> dict[str, str]:
    found = digest_of(addresses, victim.house.firm.id)
    return {name: value for name, value in found.items() if name not in TOUCHED_BY_READING}


async def ask(api: Api, operation: Operation) -> tuple[int, dict[str, Any], str]:
    response = await api.raw({"query": operation.document, "variables": operation.variables})
    return response.status_code, response.json(), response.text


def bugs_in(name: str, who: str, status: int, body: dict[str, Any]) -> list[str]:
    codes = [error["extensions"]["code"] for error in body.get("errors", [])]
    if status >= 500 or "INTERNAL" in codes:
        return [f"{name} by {who}: {status} {codes} {body.get('errors')}"]
    invalid = [
        e for e in body.get("errors", []) if "path" not in e and e["extensions"]["code"] == "BAD_USER_INPUT"
    ]
    return [f"{name} by {who} was never executed: {invalid}"] if invalid and who != "anonymous" else []


async def test_wrong_callers_learn_and_change_nothing(
    victim: Victim, stranger: House, database_addresses: DatabaseAddresses
) -> None:
    before = state_of(database_addresses, victim)
    tried: Counter[str] = Counter()
    faults: list[str] = []
    for operation in operations_on(victim):
        for who, api in callers(victim, stranger).items():
            if operation.name in OWN_CHANGES and who in INSIDERS:
                continue
            status, body, text = await ask(api, operation)
            tried["mutations" if operation.is_mutation else "queries"] += 1
            faults += bugs_in(operation.name, who, status, body)
            if MARK in text.replace(MARK + " Firm", "").replace('"query": "' + MARK, ""):
                faults.append(f"{operation.name} by {who} leaks: {text[:400]}")
            if who == "anonymous" and (body.get("data") or (status == 200 and "errors" not in body)):
                faults.append(f"{operation.name} answered anonymous: {text[:200]}")
            succeeded = (operation.is_mutation and "Success" in text) or "ApprovalRequested" in text
            # Without an id of the victim's, other firms' people act on a firm of their own.
            touches = (operation.kinds and set(operation.kinds) - {"User"}) or who not in OTHER_FIRMS
            if succeeded and touches and operation.name not in OWN_ACTS:
                faults.append(f"{operation.name} by {who} succeeded: {text[:400]}")
    after = state_of(database_addresses, victim)
    changed = {name for name in before if before[name] != after[name]}
    with boot(database_addresses) as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls from pg_roles where rolname in ('wn_app', 'wn_portal')"
        ).fetchall()
    print(f"\nAPI matrix: tried {dict(tried)} as {len(callers(victim, stranger))} callers, roles {roles}")
    assert faults == []
    assert changed == set()


# What anybody signed in may do to what is their own, whatever id they send along.
OWN_ACTS = {"revokeOtherSessions", "inviteUser"}
# What is nobody's but the asker's: staff who see a part of the firm keep views of their own.
OWN_CHANGES = {"saveView"}
OTHER_FIRMS = {"other firm's admin", "other firm's operations"}
INSIDERS = {"limited staff", "limited operations", "limited admin"}


async def test_a_reader_changes_nothing(victim: Victim, database_addresses: DatabaseAddresses) -> None:
    before = state_of(database_addresses, victim)
    faults, refused = [], 0
    for operation in operations_on(victim):
        if not operation.is_mutation or operation.name in {"revokeOtherSessions", "revokeSession"}:
            continue
        status, body, text = await ask(victim.house.api("READ_ONLY"), operation)
        faults += bugs_in(operation.name, "reader", status, body)
        payload = (body.get("data") or {}).get(operation.name) or {}
        if payload.get("__typename") not in ("PermissionDenied", "NotFound"):
            faults.append(f"{operation.name}: {text[:300]}")
        refused += 1
    assert faults == []
    assert state_of(database_addresses, victim) == before
    print(f"\nread-only: {refused} mutations refused")


async def test_the_right_caller_does_see_the_mark(victim: Victim) -> None:
    """The matrix can fail: the same operations show the victim's names to the victim's own people."""
    seen = set()
    for operation in operations_on(
        victim, "advisorId", "securityId", "actorId", "quality", "standing", "attention", "bookId"
    ):
        if not operation.is_mutation:
            for role in ("FIRM_ADMIN", "OPERATIONS", "COMPLIANCE"):
                _, _, text = await ask(victim.house.api(role), operation)
                if MARK in text:
                    seen.add(operation.name)
    expected = {
        "household", "households", "account", "accounts", "transactions", "positions", "search",
        "party", "parties", "liability", "notes",
    }  # fmt: skip
    assert expected <= seen


async def test_without_the_permission_check_the_matrix_goes_red(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard's own test: with permissions ignored, a reader's mutations are no longer all refused."""
    monkeypatch.setattr(Caller, "require", lambda _self, _permission: None)
    reader = victim.house.api("READ_ONLY")
    outcomes = set()
    for operation in operations_on(victim):
        if operation.name in ("renameHousehold", "createAccessGrant", "resolveFinding"):
            _, body, _ = await ask(reader, operation)
            outcomes.add((body.get("data") or {}).get(operation.name, {}).get("__typename"))
    assert outcomes - {"PermissionDenied"}, "removing every permission check changed nothing"
