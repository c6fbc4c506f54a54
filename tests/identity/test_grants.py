"""Access grants: their expansion against a naive one on random books, and what they open in the database."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.models import access_grants, access_scope
from wealthnexus.domain.identity.service.grants import (
    create_access_grant,
    rebuild_scope,
    revoke_access_grant,
)
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import (
    Conflict,
    DomainError,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    StepUpRequired,
    ValidationFailed,
)
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import TestUser, caller_of, make_firm, make_user
from tests.oracle.access import DAY, LONG_AGO, Book, Tie, random_book
from tests.support.identity import actions_on, nothing_changes, rows_of
from tests.support.shared_book import write

pytestmark = pytest.mark.database


async def scope_of(platform: Platform, firm: FirmInfo, principal: UUID) -> set[tuple[UUID, UUID, str]]:
    rows = await rows_of(platform, firm, access_scope, access_scope.c.principal_id == principal)
    return {(row.grant_id, row.subject_id, row.kind) for row in rows}


@pytest.mark.parametrize("seed", range(24))
async def test_the_expansion_equals_a_walk_over_the_book(platform: Platform, seed: int) -> None:
    chance = random.Random(seed)
    firm = await make_firm(platform, pinned_business_date=DAY)
    people = [await make_user(platform, firm, limited=True) for _ in range(2)]
    people += [await make_user(platform, firm, roles=("CLIENT",), limited=True) for _ in range(2)]
    book = random_book(chance)
    today = clock.business_date(firm.time_zone, None)
    expected: dict[UUID, set[tuple[UUID, UUID, str]]] = {person.id: set() for person in people}
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await write(uow, book)
        for _ in range(chance.randint(1, 16)):
            person, subject = chance.choice(people), chance.choice(list(book.kinds))
            begins = today + timedelta(days=chance.choice([-400, -1, 0, 1]))
            ends = chance.choice([None, begins + timedelta(days=1), today, today + timedelta(days=1)])
            revoked = chance.random() < 0.2
            grant, relationship = new_id(), chance.choice(["self", "guardian", "parent", "staff", "trustee"])
            await uow.execute(
                insert(access_grants).values(
                    tenant_id=firm.id,
                    relationship=relationship,
                    id=grant,
                    principal_id=person.id,
                    subject_id=subject,
                    permissions=["read"],
                    effective_from=begins,
                    effective_to=ends,
                    reason="test",
                    created_at=clock.now(),
                    revoked_at=clock.now() if revoked else None,
                )
            )
            if not revoked and begins <= today and (ends is None or ends > today):
                is_staff = person in people[:2]
                reached = book.expansion(subject, is_staff=is_staff, relationship=relationship)
                expected[person.id] |= {(grant, key, book.kinds[key]) for key in reached}
        count = await rebuild_scope(uow)
    assert count == sum(len(rows) for rows in expected.values())
    for person in people:
        assert await scope_of(platform, firm, person.id) == expected[person.id]
    # Once more changes nothing; one person alone leaves the others as they are.
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await rebuild_scope(uow, people[0].id) == len(expected[people[0].id])
    for person in people:
        assert await scope_of(platform, firm, person.id) == expected[person.id]


@dataclass
class Shared:
    """A firm with one household of two accounts, an administrator and a limited advisor."""

    firm: FirmInfo
    household: UUID
    account: UUID
    other_account: UUID
    admin: Any
    advisor: TestUser


@pytest.fixture
async def shared(platform: Platform) -> Shared:
    firm = await make_firm(platform, pinned_business_date=DAY)
    book = Book()
    household, account, other = new_id(), new_id(), new_id()
    book.kinds = {household: "household", account: "account", other: "account"}
    book.memberships = [Tie(household, account, "", (LONG_AGO, None))]
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await write(uow, book)
    admin = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))
    return Shared(firm, household, account, other, admin, await make_user(platform, firm, limited=True))


async def give(platform: Platform, shared: Shared, **changes: Any) -> UUID:
    facts = {"principal_id": shared.advisor.id, "subject_id": shared.household, "reason": "Covers the desk",
             **changes}  # fmt: skip
    caller = facts.pop("caller", shared.admin)
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        return await create_access_grant(uow, caller, **facts)


async def seen_accounts(platform: Platform, shared: Shared, user: TestUser | None = None) -> set[UUID]:
    caller = await caller_of(platform, shared.firm, user or shared.advisor)
    async with platform.db.reading(caller.binding()) as reader:
        rows = await reader.rows(select(accounts.c.id).where(accounts.c.tenant_id == shared.firm.id))
    return {row.id for row in rows}


async def test_a_grant_opens_and_its_end_closes(platform: Platform, shared: Shared) -> None:
    assert await seen_accounts(platform, shared) == set()
    grant = await give(platform, shared)
    assert await seen_accounts(platform, shared) == {shared.account}
    async with platform.db.unit_of_work(shared.admin.binding(), actor=shared.admin.actor()) as uow:
        await revoke_access_grant(uow, shared.admin, grant, reason="Desk moved")
    assert await seen_accounts(platform, shared) == set()
    actions = await actions_on(platform, shared.firm, shared.advisor.id)
    assert [action for action in actions if "grant" in action] == [
        "identity.access_grant.created",
        "identity.access_grant.revoked",
    ]
    with pytest.raises(Conflict, match="This grant was ended already"):
        async with platform.db.unit_of_work(shared.admin.binding(), actor=shared.admin.actor()) as uow:
            await revoke_access_grant(uow, shared.admin, grant, reason="Again")


async def test_a_client_sees_what_is_granted_and_nothing_else(platform: Platform, shared: Shared) -> None:
    client = await make_user(platform, shared.firm, roles=("CLIENT",), limited=True)
    assert await seen_accounts(platform, shared, client) == set()
    await give(platform, shared, principal_id=client.id, subject_id=shared.other_account)
    assert await seen_accounts(platform, shared, client) == {shared.other_account}
    assert await seen_accounts(platform, shared) == set()


async def test_a_grant_ends_by_itself_at_midnight_of_the_firm(platform: Platform, shared: Shared) -> None:
    today = clock.business_date(shared.firm.time_zone, None)
    await give(platform, shared, effective_to=today + timedelta(days=2))
    (row,) = [row for row in await rows_of(platform, shared.firm, access_scope) if row.kind == "household"]
    midnight = datetime.combine(
        today + timedelta(days=2), datetime.min.time(), ZoneInfo(shared.firm.time_zone)
    )
    assert row.expires_at == midnight.astimezone(UTC)
    # The policy itself looks at the time: no job has to run for access to end.
    async with platform.db.unit_of_work(Binding(shared.firm.id)) as uow:
        await uow.execute(access_scope.delete().where(access_scope.c.tenant_id == shared.firm.id))
        await uow.execute(
            insert(access_scope).values(
                tenant_id=shared.firm.id,
                principal_id=shared.advisor.id,
                subject_id=shared.account,
                grant_id=row.grant_id,
                kind="account",
                may_write=False,
                expires_at=clock.now() - timedelta(seconds=1),
            )
        )
    assert await seen_accounts(platform, shared) == set()


async def test_a_grant_of_tomorrow_begins_tomorrow(platform: Platform, shared: Shared) -> None:
    today = clock.business_date(shared.firm.time_zone, None)
    await give(platform, shared, effective_from=today + timedelta(days=1))
    assert await seen_accounts(platform, shared) == set()
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        async with platform.db.unit_of_work(Binding(shared.firm.id)) as uow:
            assert await rebuild_scope(uow) == 2
    assert await seen_accounts(platform, shared) == {shared.account}


async def test_two_grants_on_one_thing_end_apart(platform: Platform, shared: Shared) -> None:
    by_household = await give(platform, shared)
    by_account = await give(platform, shared, subject_id=shared.account, permissions=("write", "read"))
    for grant, left in ((by_household, {shared.account}), (by_account, set())):
        async with platform.db.unit_of_work(shared.admin.binding(), actor=shared.admin.actor()) as uow:
            await revoke_access_grant(uow, shared.admin, grant, reason="Ends")
        assert await seen_accounts(platform, shared) == left


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"permissions": ()}, ValidationFailed, "A grant allows read, or read and write; - was given"),
        ({"permissions": ("write",)}, ValidationFailed, "write was given"),
        ({"permissions": ("read", "delete")}, ValidationFailed, "delete, read was given"),
        ({"permissions": ("x" * 100_000,)}, ValidationFailed, "xxx… was given. Nothing was changed"),
        ({"principal_id": "client", "permissions": ("read", "write")}, ValidationFailed,
         "is a client, who may be given read and not write; nothing was changed"),
        ({"reason": " "}, ValidationFailed, "The reason has 0 characters"),
        ({"effective_from": date(2026, 1, 2), "effective_to": date(2026, 1, 2)}, ValidationFailed,
         "The grant would end on 2026-01-02, before it begins on 2026-01-02"),
        ({"principal_id": UUID(int=7)}, NotFound, "There is no active or invited person"),
        ({"subject_id": UUID(int=7)}, NotFound, "There is no account, household, person, debt or book"),
        ({"subject_id": "a user"}, NotFound, "There is no account, household, person, debt or book"),
        ({"subject_id": "foreign"}, NotFound, "There is no account, household, person, debt or book"),
        ({"principal_id": "foreign"}, NotFound, "There is no active or invited person"),
        ({"principal_id": "self"}, PolicyBlocked, "Nobody can do this to themselves"),
        ({"principal_id": "firm-wide"}, PolicyBlocked, "This person sees the whole firm already"),
        ({"caller": "COMPLIANCE"}, PermissionDenied, "grants.manage is not among what your roles allow"),
        ({"caller": "ADVISOR"}, PermissionDenied, "grants.manage is not among what your roles allow"),
        ({"caller": "not stepped up"}, StepUpRequired, "Confirm with a code"),
    ],
)  # fmt: skip
async def test_refused_grants(
    platform: Platform, other_firm: FirmInfo, shared: Shared, changes: dict[str, Any],
    error: type[DomainError], said: str,
) -> None:  # fmt: skip
    firm, facts = shared.firm, dict(changes)
    if facts.get("subject_id") == "a user":
        facts["subject_id"] = shared.advisor.id
    elif facts.get("subject_id") == "foreign":
        async with platform.db.unit_of_work(Binding(other_firm.id)) as uow:
            facts["subject_id"] = await register_subject(uow, new_id(), "household", "Elsewhere")
    if facts.get("principal_id") == "foreign":
        facts["principal_id"] = (await make_user(platform, other_firm, limited=True)).id
    elif facts.get("principal_id") == "self":
        facts["principal_id"] = shared.admin.user_id
    elif facts.get("principal_id") == "client":
        client = await make_user(platform, firm, roles=("CLIENT",), limited=True)
        facts["principal_id"] = client.id
    elif facts.get("principal_id") == "firm-wide":
        facts["principal_id"] = (await make_user(platform, firm)).id
    if "caller" in facts:
        role = "FIRM_ADMIN" if facts["caller"] == "not stepped up" else facts["caller"]
        user = await make_user(platform, firm, roles=(role,))
        facts["caller"] = await caller_of(platform, firm, user, stepped_up=role != "FIRM_ADMIN")
    async with nothing_changes(platform, firm, other_firm):
        with pytest.raises(error) as caught:
            await give(platform, shared, **facts)
    assert said in str(caught.value)


async def test_another_firms_grant_is_not_there(
    platform: Platform, other_firm: FirmInfo, shared: Shared
) -> None:
    grant = await give(platform, shared)
    foreign = await caller_of(
        platform, other_firm, await make_user(platform, other_firm, roles=("FIRM_ADMIN",))
    )
    async with nothing_changes(platform, shared.firm, other_firm):
        with pytest.raises(NotFound, match=f"There is no grant {grant} that could be ended"):
            async with platform.db.unit_of_work(foreign.binding(), actor=foreign.actor()) as uow:
                await revoke_access_grant(uow, foreign, grant, reason="Mine now")
