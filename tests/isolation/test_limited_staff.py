"""Staff limited to a book, whatever their roles: what they see they may touch or not, but nothing breaks."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import insert, update
from starlette.types import ASGIApp
from wealthnexus.domain import work
from wealthnexus.domain.clients.models import parties
from wealthnexus.domain.identity.models import users
from wealthnexus.domain.identity.service.grants import create_access_grant
from wealthnexus.graphql.ids import from_global, to_global
from wealthnexus.graphql.schema import schema
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message
from wealthnexus.runtime import Platform

from tests.factories import caller_of, make_user
from tests.graphql.conftest import Api
from tests.isolation.conftest import Victim, make_victim
from tests.isolation.operations import Maker
from tests.isolation.test_api_matrix import ask, bugs_in

pytestmark = pytest.mark.database
WHOLE_FIRM = "{permission} concerns the whole firm and your access is limited to a book; nothing was changed."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(app: ASGIApp, platform: Platform, tmp_path_factory: Any) -> Victim:
    """A firm of its own whose limited people see one household, its client and an item of work on it."""
    victim = await make_victim(app, platform, tmp_path_factory.mktemp("shared"))
    house, ids = victim.house, victim.ids
    firm = house.firm
    household = from_global(ids["Household"], "Household")
    client = await make_user(platform, firm, roles=("CLIENT",), name="Shared Client")
    admin = await caller_of(platform, firm, house.people["FIRM_ADMIN"])
    async with platform.db.unit_of_work(admin.binding(), actor=admin.actor()) as uow:
        for name in ("LIMITED", "LIMITED_OPERATIONS", "LIMITED_ADMIN"):
            await create_access_grant(
                uow, admin, principal_id=house.people[name].id, subject_id=household,
                permissions=["read", "write"], reason="Covers the household",
            )  # fmt: skip
        party = new_id()
        await work.register_subject(uow, party, "party", "Shared Client")
        await uow.execute(
            insert(parties).values(
                tenant_id=firm.id, id=party, kind="person", name="Shared Client",
                name_normalised="shared client", source="tests", external_id="P-1",
                status="active", kyc_state="not_started", created_at=clock.now(), version=1,
            )
        )  # fmt: skip
        for name in ("LIMITED", "LIMITED_OPERATIONS", "LIMITED_ADMIN"):
            await create_access_grant(
                uow, admin, principal_id=house.people[name].id, subject_id=party, reason="Knows the client"
            )
        await uow.execute(
            update(users).where(users.c.tenant_id == firm.id, users.c.id == client.id).values(party_id=party)
        )
        grant = await create_access_grant(
            uow, admin, principal_id=client.id, subject_id=household, reason="The client's own"
        )
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        item = await work.post_item(
            uow, kind="tests.limited", title="Call the household", subject_id=household,
            action_label="Open", action_path="/", dedupe_key="limited",
        )  # fmt: skip
    ids |= {
        "User": to_global("User", client.id),
        "AccessGrant": to_global("AccessGrant", grant),
        "WorkItem": to_global("WorkItem", item),
    }
    return victim


work.register_item_kind("tests.limited", message("tests.limited_calls", "Calls"))


@pytest.mark.parametrize("who", ["LIMITED", "LIMITED_OPERATIONS", "LIMITED_ADMIN"])
async def test_nothing_breaks_for_those_who_see_a_part(shared: Victim, who: str) -> None:
    api = shared.house.api(who)
    seen = await api("query($id: ID!) { user(id: $id) { name } }", id=shared.ids["User"])
    assert seen.data["user"] == {"name": "Shared Client"}
    maker = Maker(schema._schema, shared.ids)
    faults: list[str] = []
    outcomes: Counter[str] = Counter()
    # Their own sessions last, or nobody would be there to ask the rest.
    for operation in sorted(maker.operations(), key=lambda each: each.name == "revokeOtherSessions"):
        status, body, _ = await ask(api, operation)
        faults += bugs_in(operation.name, who, status, body)
        if operation.is_mutation:
            payload = (body.get("data") or {}).get(operation.name) or {}
            outcomes[payload.get("__typename", "none")] += 1
            if not payload:
                faults.append(f"{operation.name} answered nothing: {body.get('errors')}")
    assert faults == []
    assert outcomes["PermissionDenied"] >= 3


async def version_of(api: Api, kind: str, key: str) -> int:
    found = await api(f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ version }} }} }}", id=key)
    return int(found.data["node"]["version"])


async def test_acts_on_the_whole_firm_are_refused_in_words(shared: Victim) -> None:
    admin, ids = shared.house.api("LIMITED_ADMIN"), shared.ids
    version = await version_of(admin, "User", ids["User"])
    on_user = {"userId": ids["User"], "expectedVersion": version, "reason": "Because"}
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("deactivateUser", "users.deactivate", on_user),
        ("changeUserRoles", "roles.change", {**on_user, "roles": ["GUARDIAN"]}),
        ("resetAuthenticator", "authenticators.reset", on_user),
        ("revokeOtherSessions", "sessions.revoke", {"userId": ids["User"]}),
        ("createAccessGrant", "grants.manage",
         {"principalId": ids["User"], "subjectId": ids["Household"], "permissions": ["read"],
          "reason": "Because"}),
        ("revokeAccessGrant", "grants.manage", {"accessGrantId": ids["AccessGrant"], "reason": "Because"}),
    ]  # fmt: skip
    for mutation, permission, given in acts:
        refused = await admin.change(mutation, "", **given)
        assert (refused["__typename"], refused["message"]) == (
            "PermissionDenied",
            WHOLE_FIRM.format(permission=permission),
        )
    viewer = (await admin("{ viewer { permissions scope } }")).data["viewer"]
    assert viewer["scope"] == "LIMITED"
    assert {permission for _, permission, _ in acts}.isdisjoint(viewer["permissions"])


async def test_work_goes_no_further_than_one_sees(shared: Victim) -> None:
    """Giving an item of one's book to oneself is fine; to somebody out of sight it is refused."""
    api = shared.house.api("LIMITED_OPERATIONS")
    mine = shared.house.people["LIMITED_OPERATIONS"].id
    household = from_global(shared.ids["Household"], "Household")
    async with shared.house.platform.db.unit_of_work(Binding(shared.house.firm.id)) as uow:
        on_household, on_nothing = [
            to_global("WorkItem", await work.post_item(
                uow, kind="tests.limited", title="Call back", subject_id=subject, assignee_id=assignee,
                action_label="Open", action_path="/", dedupe_key=key,
            ))
            for key, subject, assignee in (("call", household, None), ("note", None, mine))
        ]  # fmt: skip
    given = {"workItemId": on_household, "expectedVersion": 1}
    hidden = to_global("User", shared.house.people["TRADER"].id)
    refused = await api.change("assignWorkItem", "", assigneeId=hidden, **given)
    assert refused["__typename"] == "ValidationFailed"
    done = await api.change("assignWorkItem", "", assigneeId=to_global("User", mine), **given)
    assert done["__typename"] == "AssignWorkItemSuccess"
    # Given back, an item about nothing of one's book would be out of sight.
    lost = await api.change("assignWorkItem", "", workItemId=on_nothing, expectedVersion=1, assigneeId=None)
    assert (lost["__typename"], lost["message"]) == (
        "PermissionDenied",
        "This reaches beyond the part of the firm that your access is limited to; nothing was changed.",
    )
    assert await version_of(api, "WorkItem", on_nothing) == 1
