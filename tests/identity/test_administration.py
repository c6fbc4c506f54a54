"""Roles by two persons, deactivation, the last administrator; who is refused, and that nothing changed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from wealthnexus.domain import approvals
from wealthnexus.domain.approvals.models import approval_requests
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import repository
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.models import users
from wealthnexus.domain.identity.service.administration import change_user_roles, deactivate_user
from wealthnexus.kit.errors import (
    Conflict,
    DomainError,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    StepUpRequired,
    ValidationFailed,
)
from wealthnexus.runtime import Platform

from tests.factories import TestUser, caller_of, make_firm, make_user, signed_in_client
from tests.support.identity import actions_on, events_on, nothing_changes, rows_of, set_columns, user_row

pytestmark = pytest.mark.database


async def roles_of(platform: Platform, firm: FirmInfo, user: TestUser) -> list[str]:
    async with platform.db.reading(Caller.binding(await caller_of(platform, firm, user))) as reader:
        row = await repository.user_by_id(reader, user.id)
    assert row is not None
    return sorted(repository.role_set(row))


async def admin(platform: Platform, firm: FirmInfo, **facts: Any) -> Caller:
    return await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)), **facts)


async def officer(platform: Platform, firm: FirmInfo, **facts: Any) -> Caller:
    return await caller_of(platform, firm, await make_user(platform, firm, roles=("COMPLIANCE",)), **facts)


async def ask(
    platform: Platform,
    caller: Caller,
    user: TestUser,
    roles: list[str],
    version: int = 1,
    reason: str = "Moved desk",
) -> Any:
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        return await change_user_roles(
            uow, caller, user.id, roles=roles, expected_version=version, reason=reason
        )


async def decide(platform: Platform, caller: Caller, request: Any, decision: str = "APPROVE") -> Any:
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        return await approvals.decide(
            uow,
            caller,
            request.id,
            decision=decision,  # type: ignore[arg-type]
            command_hash=request.command_hash,
            expected_version=request.version,
            reason="Looked at",
        )


async def test_roles_change_when_a_second_person_agrees(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    maker, checker = await admin(platform, firm), await officer(platform, firm)
    request = await ask(platform, maker, person, ["TRADER", "ADVISOR"])
    assert (request.kind, request.state, request.maker_id) == (
        "identity.change_roles",
        "PENDING",
        maker.user_id,
    )
    assert request.summary == "From Advisor to Advisor, Trader."
    assert await roles_of(platform, firm, person) == ["ADVISOR"]
    decided = await decide(platform, checker, request)
    assert decided.state == "EXECUTED"
    assert await roles_of(platform, firm, person) == ["ADVISOR", "TRADER"]
    assert (await user_row(platform, firm, person.id)).version == 2
    assert "identity.roles.changed" in await actions_on(platform, firm, person.id)
    assert "identity.roles.changed" in await events_on(platform, firm, person.id)


async def test_new_roles_count_at_once(
    platform: Platform, firm: FirmInfo, app: Any, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    request = await ask(platform, await admin(platform, firm), person, ["READ_ONLY"])
    await decide(platform, await officer(platform, firm), request)
    session = await browser.post("/auth/session")
    assert session.json()["viewer"]["roles"] == ["READ_ONLY"]


async def test_the_maker_cannot_be_the_second_person(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    maker = await admin(platform, firm)
    request = await ask(platform, maker, person, ["TRADER"])
    async with nothing_changes(platform, firm):
        with pytest.raises(PolicyBlocked):
            await decide(platform, maker, request)
    # Nor from another session of the same person.
    twin = await caller_of(platform, firm, TestUser("", maker.email, ("FIRM_ADMIN",)), stepped_up=True)
    async with nothing_changes(platform, firm):
        with pytest.raises(PolicyBlocked):
            await decide(platform, twin, request)


async def test_nobody_approves_their_own_new_roles(platform: Platform, firm: FirmInfo) -> None:
    checker = await make_user(platform, firm, roles=("COMPLIANCE",))
    request = await ask(platform, await admin(platform, firm), checker, ["COMPLIANCE", "FIRM_ADMIN"])
    decided = await decide(platform, await caller_of(platform, firm, checker), request)
    assert decided.state == "FAILED"
    assert decided.outcome == (
        "Nobody can do this to themselves; ask another administrator. Nothing was changed."
    )
    assert await roles_of(platform, firm, checker) == ["COMPLIANCE"]


async def test_a_rejected_request_changes_nothing(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    request = await ask(platform, await admin(platform, firm), person, ["TRADER"])
    decided = await decide(platform, await officer(platform, firm), request, "REJECT")
    assert decided.state == "REJECTED"
    assert await roles_of(platform, firm, person) == ["ADVISOR"]


async def test_a_request_does_not_outlive_what_it_was_about(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    maker, checker = await admin(platform, firm), await officer(platform, firm)
    first = await ask(platform, maker, person, ["TRADER"])
    second = await ask(platform, maker, person, ["OPERATIONS"])
    assert (await decide(platform, checker, first)).state == "EXECUTED"
    late = await decide(platform, checker, second)
    assert late.state == "FAILED"
    assert late.outcome == (
        "This person was changed by somebody else: version 1 was expected, it is 2; nothing was changed."
    )
    assert await roles_of(platform, firm, person) == ["TRADER"]


async def test_a_change_fails_when_its_maker_may_no_longer_ask(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    maker, checker = await admin(platform, firm), await officer(platform, firm)
    asked = await ask(platform, maker, person, ["TRADER"])
    fallen = TestUser("", maker.email, ("FIRM_ADMIN",))
    fallen.id = maker.user_id
    demotion = await ask(platform, await admin(platform, firm), fallen, ["READ_ONLY"])
    assert (await decide(platform, checker, demotion)).state == "EXECUTED"
    late = await decide(platform, checker, asked)
    assert (late.state, late.outcome) == (
        "FAILED",
        f"{maker.name}, who asked for this, is no longer active or may no longer ask for it;"
        " nothing was changed.",
    )
    assert await roles_of(platform, firm, person) == ["ADVISOR"]


async def test_deactivation_cancels_what_the_person_had_asked_for(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    maker, other, checker = (
        await admin(platform, firm),
        await admin(platform, firm),
        await officer(platform, firm),
    )
    theirs = await ask(platform, maker, person, ["TRADER"])
    kept = await ask(platform, other, person, ["READ_ONLY"])
    async with platform.db.unit_of_work(other.binding(), actor=other.actor()) as uow:
        await deactivate_user(uow, other, maker.user_id, expected_version=1, reason="Left the firm")
    table = approval_requests
    rows = {row.id: row for row in await rows_of(platform, firm, table, table.c.subject_id == person.id)}
    assert (rows[theirs.id].state, rows[theirs.id].outcome) == (
        "CANCELLED",
        "The person who asked was deactivated.",
    )
    assert rows[kept.id].state == "PENDING"
    with pytest.raises(Conflict):
        await decide(platform, checker, theirs)
    assert await roles_of(platform, firm, person) == ["ADVISOR"]


@pytest.mark.parametrize("role", ["COMPLIANCE", "FIRM_ADMIN", "OPERATIONS"])
async def test_who_is_limited_gets_no_role_for_the_whole_firm(
    platform: Platform, firm: FirmInfo, role: str
) -> None:
    maker = await admin(platform, firm)
    limited = await make_user(platform, firm, roles=("ADVISOR",), limited=True)
    async with nothing_changes(platform, firm):
        with pytest.raises(ValidationFailed) as refused:
            await ask(platform, maker, limited, ["ADVISOR", role])
    assert refused.value.message == (
        f"{role} cannot be limited to a book: expected access to the whole firm, or another role."
        " Nothing was changed."
    )


@pytest.mark.parametrize("role", ["ADVISOR", "COMPLIANCE", "OPERATIONS", "READ_ONLY"])
async def test_only_administrators_ask_for_roles(
    platform: Platform, firm: FirmInfo, person: TestUser, role: str
) -> None:
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=(role,)))
    async with nothing_changes(platform, firm):
        with pytest.raises(PermissionDenied, match=r"roles\.change is not among what your roles allow"):
            await ask(platform, caller, person, ["TRADER"])


async def test_without_step_up_nothing_is_asked(platform: Platform, firm: FirmInfo, person: TestUser) -> None:
    caller = await admin(platform, firm, stepped_up=False)
    async with nothing_changes(platform, firm):
        with pytest.raises(StepUpRequired, match="Confirm with a code from your authenticator first"):
            await ask(platform, caller, person, ["TRADER"])
    request = await ask(platform, await admin(platform, firm), person, ["TRADER"])
    checker = await officer(platform, firm, stepped_up=False)
    async with nothing_changes(platform, firm):
        with pytest.raises(StepUpRequired):
            await decide(platform, checker, request)


@pytest.mark.parametrize(
    ("roles", "version", "reason", "error", "said"),
    [
        ([], 1, "x", ValidationFailed, "No role was given"),
        (["ADVISOR", "CLIENT"], 1, "x", ValidationFailed, "ADVISOR, CLIENT mixes"),
        (["ADVISOR"], 1, "x", ValidationFailed, "These are the person's roles already"),
        (["CLIENT"], 1, "x", PolicyBlocked, "A STAFF cannot become the other kind"),
        (["TRADER"], 2, "x", Conflict, "version 2 was expected, it is 1"),
        (["TRADER"], 1, "  ", ValidationFailed, "The reason has 0 characters, expected 1 to 1,000"),
        (["TRADER"], 1, "x" * 1_001, ValidationFailed, "The reason has 1,001 characters"),
    ],
)
async def test_what_cannot_be_asked_for(
    platform: Platform,
    firm: FirmInfo,
    person: TestUser,
    roles: list[str],
    version: int,
    reason: str,
    error: type[DomainError],
    said: str,
) -> None:
    caller = await admin(platform, firm)
    async with nothing_changes(platform, firm):
        with pytest.raises(error) as caught:
            await ask(platform, caller, person, roles, version, reason)
    assert said in str(caught.value)
    if isinstance(caught.value, Conflict):
        assert caught.value.current_version == 1


async def test_people_of_another_firm_are_not_there(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, person: TestUser
) -> None:
    foreign = await admin(platform, other_firm)
    async with nothing_changes(platform, firm, other_firm):
        with pytest.raises(NotFound, match=f"There is no person {person.id} here"):
            await ask(platform, foreign, person, ["TRADER"])
        with pytest.raises(NotFound, match=f"There is no person {person.id} here"):
            await end(platform, foreign, person)


# Ending somebody's access.


async def end(
    platform: Platform, caller: Caller, user: TestUser, version: int = 1, reason: str = "Left the firm"
) -> None:
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        await deactivate_user(uow, caller, user.id, expected_version=version, reason=reason)


async def test_deactivation_ends_everything(
    platform: Platform, firm: FirmInfo, app: Any, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    await end(platform, await admin(platform, firm), person)
    row = await user_row(platform, firm, person.id)
    assert (row.status, row.version) == ("DEACTIVATED", 2)
    assert (await browser.post("/auth/session")).status_code == 401
    assert (await browser.post("/auth/refresh")).status_code == 401
    answer = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
    assert answer.status_code == 401
    actions = await actions_on(platform, firm, person.id)
    assert actions[-2:] == ["identity.session.revoked", "identity.user.deactivated"]
    checker = await officer(platform, firm)
    async with nothing_changes(platform, firm):
        await end(platform, checker, person, version=2)  # already done: stays so


@pytest.mark.parametrize(
    ("role", "version", "reason", "error"),
    [
        ("ADVISOR", 1, "x", PermissionDenied),
        ("OPERATIONS", 1, "x", PermissionDenied),
        ("FIRM_ADMIN", 7, "x", Conflict),
        ("FIRM_ADMIN", 1, "", ValidationFailed),
    ],
)
async def test_refused_deactivations(
    platform: Platform,
    firm: FirmInfo,
    person: TestUser,
    role: str,
    version: int,
    reason: str,
    error: type[DomainError],
) -> None:
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=(role,)))
    async with nothing_changes(platform, firm):
        with pytest.raises(error):
            await end(platform, caller, person, version, reason)


async def test_nobody_deactivates_themselves(platform: Platform, firm: FirmInfo) -> None:
    user = await make_user(platform, firm, roles=("FIRM_ADMIN",))
    caller = await caller_of(platform, firm, user)
    async with nothing_changes(platform, firm):
        with pytest.raises(PolicyBlocked, match="Nobody can do this to themselves"):
            await end(platform, caller, user)


async def test_the_last_administrator_stays(platform: Platform) -> None:
    small = await make_firm(platform)
    only = await make_user(platform, small, roles=("FIRM_ADMIN",))
    checker = await officer(platform, small)
    gone = await make_user(platform, small, roles=("FIRM_ADMIN",))
    await set_columns(platform, small, users, gone.id, status="DEACTIVATED")
    async with nothing_changes(platform, small):
        with pytest.raises(PolicyBlocked, match="This is the firm's last active administrator"):
            await end(platform, checker, only)
    second = await make_user(platform, small, roles=("FIRM_ADMIN",))
    await ask(platform, await caller_of(platform, small, second), only, ["ADVISOR"])
    # Meanwhile the second one leaves, and what was asked for leaves too: nobody can approve it any more.
    await end(platform, checker, second)
    (request,) = await rows_of(platform, small, approval_requests)
    assert request.state == "CANCELLED"
    with pytest.raises(Conflict, match="is CANCELLED already; your decision was not recorded"):
        await decide(platform, checker, request)
    assert await roles_of(platform, small, only) == ["FIRM_ADMIN"]


async def test_two_administrators_cannot_remove_each_other_at_once(platform: Platform) -> None:
    small = await make_firm(platform)
    one, two = [await make_user(platform, small, roles=("FIRM_ADMIN",)) for _ in range(2)]
    callers = [await caller_of(platform, small, user) for user in (one, two)]
    results = await asyncio.gather(
        end(platform, callers[0], two), end(platform, callers[1], one), return_exceptions=True
    )
    assert sum(isinstance(result, PolicyBlocked) for result in results) == 1
    rows = await rows_of(platform, small, users)
    assert sorted(row.status for row in rows) == ["ACTIVE", "DEACTIVATED"]
