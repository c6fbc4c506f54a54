"""People, sessions, roles by two persons, grants: each by the right caller, and by those who may not."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.graphql.ids import to_global
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api, House, load_book, make_house

pytestmark = pytest.mark.database

USER = "user { id name email status roles scope version viewerCan mfaEnrolled }"
APPROVAL = """approval { id kind title commandSummary commandHash state maker { id name } quorum version reason outcome
  subject { id kind label } decisions { decider { name } decision reason } viewerCan }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    made = await make_house(app, platform)
    await load_book(made, tmp_path_factory.mktemp("office"), households=2, per_account=3)
    return made


async def person(office: House, role: str = "ADVISOR", **facts: Any) -> dict[str, Any]:
    user = await make_user(office.platform, office.firm, roles=(role,), **facts)
    query = "query($f: UserFilter) { users(filter: $f) { nodes { id name email version status roles } } }"
    nodes = (await office.api("FIRM_ADMIN")(query, f={"nameContains": user.email})).data["users"]["nodes"]
    assert len(nodes) == 1
    found: dict[str, Any] = nodes[0]
    return found


async def test_people_are_listed_filtered_and_counted(office: House) -> None:
    query = "query($f: UserFilter) { users(first: 50, filter: $f) { totalCount nodes { name roles kind scope } } }"
    api = office.api("ADVISOR")
    clients = (await api(query, f={"kind": "CLIENT"})).data["users"]
    assert (clients["totalCount"], clients["nodes"][0]["scope"]) == (1, "LIMITED")
    compliance = (await api(query, f={"role": "COMPLIANCE"})).data["users"]["nodes"]
    assert compliance == [
        {"name": "Compliance Person", "roles": ["COMPLIANCE"], "kind": "STAFF", "scope": "FIRM"}
    ]
    refused = await office.api("CLIENT")(query)
    assert refused.codes == ["FORBIDDEN"]


async def test_somebody_is_invited_once(office: House) -> None:
    api = office.api("FIRM_ADMIN")
    given = {"email": "new.person@example.com", "name": "New Person", "roles": ["TRADER"]}
    found = await api.change("inviteUser", f"... on InviteUserSuccess {{ {USER} }}", **given)
    assert found["__typename"] == "InviteUserSuccess", found
    user = found["user"]
    assert (user["status"], user["roles"], user["scope"], user["mfaEnrolled"]) == (
        "INVITED",
        ["TRADER"],
        "FIRM",
        False,
    )
    assert "INVITE_USER" in user["viewerCan"]
    again = await api.change("inviteUser", "", **given)
    assert again["__typename"] == "Conflict"
    resent = await api.change(
        "resendInvitation", f"... on ResendInvitationSuccess {{ {USER} }}", userId=user["id"]
    )
    assert resent["user"]["id"] == user["id"]
    wrong = await api.change("inviteUser", "", **{**given, "email": "nobody"})
    assert wrong["__typename"] == "ValidationFailed"
    denied = await office.api("TRADER").change("inviteUser", "", **{**given, "email": "other@example.com"})
    assert denied["__typename"] == "PermissionDenied"


async def test_staff_of_one_book_invite_nobody(office: House) -> None:
    given = {"email": "new.client@example.com", "name": "New Client", "roles": ["CLIENT"]}
    refused = await office.api("LIMITED").change("inviteUser", "", **given)
    assert (refused["__typename"], refused["message"]) == (
        "PermissionDenied",
        "Your access is limited to a book; people are invited by those who see the whole firm."
        " Nobody was invited.",
    )


async def test_a_role_change_needs_a_second_person(office: House) -> None:
    admin, compliance = office.api("FIRM_ADMIN"), office.api("COMPLIANCE")
    who = await person(office)
    given = {
        "userId": who["id"],
        "roles": ["TRADER", "READ_ONLY"],
        "expectedVersion": who["version"],
        "reason": "moves desk",
    }
    asked = await admin.change("changeUserRoles", f"... on ApprovalRequested {{ {APPROVAL} }}", **given)
    assert asked["__typename"] == "ApprovalRequested", asked
    approval = asked["approval"]
    assert (approval["state"], approval["quorum"], approval["viewerCan"]) == (
        "PENDING",
        1,
        ["CANCEL_APPROVAL"],
    )
    assert approval["subject"]["id"] == who["id"]
    decision = {
        "approvalId": approval["id"],
        "decision": "APPROVE",
        "commandHash": approval["commandHash"],
        "expectedVersion": approval["version"],
    }
    own = await admin.change("decideApproval", "", **decision)
    assert own["__typename"] == "PolicyBlocked"
    other_command = await compliance.change("decideApproval", "", **{**decision, "commandHash": "00" * 32})
    assert other_command["__typename"] == "Conflict"
    nonsense = await compliance.change("decideApproval", "", **{**decision, "commandHash": "zz"})
    assert (nonsense["__typename"], nonsense["path"]) == ("ValidationFailed", ["input", "commandHash"])
    awaiting = "{ approvals(filter: {awaitingMe: true}) { nodes { id viewerCan } } }"
    mine = (await compliance(awaiting)).data["approvals"]["nodes"]
    assert {"id": approval["id"], "viewerCan": ["DECIDE_APPROVAL"]} in mine
    done = await compliance.change(
        "decideApproval", f"... on DecideApprovalSuccess {{ {APPROVAL} }}", **decision
    )
    assert done["approval"]["state"] == "EXECUTED", done
    assert done["approval"]["decisions"][0]["decision"] == "APPROVE"
    roles = (await admin("query($id: ID!) { user(id: $id) { roles } }", id=who["id"])).data["user"]["roles"]
    assert sorted(roles) == ["READ_ONLY", "TRADER"]
    twice = await compliance.change("decideApproval", "", **decision)
    assert twice["__typename"] == "Conflict"


async def test_a_stale_version_and_an_old_proof_are_refused(office: House) -> None:
    who = await person(office)
    given = {
        "userId": who["id"],
        "roles": ["TRADER"],
        "expectedVersion": who["version"] + 7,
        "reason": "moves desk",
    }
    stale = await office.api("FIRM_ADMIN").change("changeUserRoles", "", **given)
    assert (stale["__typename"], stale["currentVersion"]) == ("Conflict", who["version"])
    admin = await make_user(office.platform, office.firm, roles=("FIRM_ADMIN",))
    token = await bearer_of(office.platform, office.firm, admin)
    api = Api(office.app, office.firm, token)
    session = (await api("{ viewer { currentSessionId steppedUpUntil } }")).data["viewer"]
    assert session["steppedUpUntil"] is not None
    await end_step_up(office, admin)
    old = await api.change("changeUserRoles", "", **{**given, "expectedVersion": who["version"]})
    assert old["__typename"] == "StepUpRequired"
    assert (await api("{ viewer { steppedUpUntil } }")).data == {"viewer": {"steppedUpUntil": None}}


async def end_step_up(office: House, user: Any) -> None:
    from sqlalchemy import update
    from wealthnexus.domain.identity.models import sessions
    from wealthnexus.kit.db.session import Binding

    async with office.platform.db.unit_of_work(Binding(office.firm.id)) as uow:
        await uow.execute(
            update(sessions)
            .where(sessions.c.tenant_id == uow.tenant_id, sessions.c.user_id == user.id)
            .values(stepped_up_until=None)
        )


async def test_the_maker_withdraws_a_request(office: House) -> None:
    who = await person(office)
    asked = await office.api("FIRM_ADMIN").change(
        "changeUserRoles",
        f"... on ApprovalRequested {{ {APPROVAL} }}",
        userId=who["id"],
        roles=["TRADER"],
        expectedVersion=who["version"],
        reason="moves desk",
    )
    approval = asked["approval"]
    given = {"approvalId": approval["id"], "expectedVersion": approval["version"]}
    other = await office.api("COMPLIANCE").change("cancelApproval", "", **given)
    assert other["__typename"] == "PermissionDenied"
    done = await office.api("FIRM_ADMIN").change(
        "cancelApproval", f"... on CancelApprovalSuccess {{ {APPROVAL} }}", **given
    )
    assert (done["approval"]["state"], done["approval"]["viewerCan"]) == ("CANCELLED", [])
    read = (
        await office.api("ADVISOR")("query($id: ID!) { approval(id: $id) { state } }", id=approval["id"])
    ).data
    assert read == {"approval": {"state": "CANCELLED"}}


async def test_deactivating_ends_access_at_once(office: House) -> None:
    user = await make_user(office.platform, office.firm, roles=("ADVISOR",))
    api = Api(office.app, office.firm, await bearer_of(office.platform, office.firm, user))
    me = (await api("{ viewer { id } }")).data["viewer"]["id"]
    denied = await office.api("OPERATIONS").change(
        "deactivateUser", "", userId=me, expectedVersion=1, reason="left"
    )
    assert denied["__typename"] == "PermissionDenied"
    assert (await api("{ viewer { id } }")).status == 200
    version = (await office.api("FIRM_ADMIN")("query($id: ID!) { user(id: $id) { version } }", id=me)).data[
        "user"
    ]["version"]
    done = await office.api("FIRM_ADMIN").change(
        "deactivateUser",
        f"... on DeactivateUserSuccess {{ {USER} }}",
        userId=me,
        expectedVersion=version,
        reason="left the firm",
    )
    assert done["user"]["status"] == "DEACTIVATED", done
    gone = await api("{ viewer { id } }")
    assert (gone.status, gone.codes) == (401, ["UNAUTHENTICATED"])


async def test_sessions_are_seen_and_revoked(office: House) -> None:
    user = await make_user(office.platform, office.firm, roles=("ADVISOR",))
    first, second = [
        Api(office.app, office.firm, await bearer_of(office.platform, office.firm, user)) for _ in range(2)
    ]
    query = (
        "{ viewer { id currentSessionId mfaEnrolled recoveryCodesLeft sessions { id current viewerCan } } }"
    )
    viewer = (await first(query)).data["viewer"]
    assert (viewer["mfaEnrolled"], len(viewer["sessions"])) == (True, 2)
    assert [each["id"] for each in viewer["sessions"] if each["current"]] == [viewer["currentSessionId"]]
    other = next(each["id"] for each in viewer["sessions"] if not each["current"])
    stranger = await office.api("ADVISOR").change("revokeSession", "", sessionId=other)
    assert stranger["__typename"] == "NotFound"
    assert (await second("{ viewer { id } }")).status == 200
    done = await first.change("revokeSession", "... on RevokeSessionSuccess { sessionId }", sessionId=other)
    assert done == {"__typename": "RevokeSessionSuccess", "sessionId": other}
    assert (await second("{ viewer { id } }")).status == 401
    third = Api(office.app, office.firm, await bearer_of(office.platform, office.firm, user))
    rest = await first.change("revokeOtherSessions", "... on RevokeOtherSessionsSuccess { revokedCount }")
    assert rest["revokedCount"] == 1
    assert (await third("{ viewer { id } }")).status == 401
    denied = await office.api("ADVISOR").change("revokeOtherSessions", "", userId=viewer["id"])
    assert denied["__typename"] == "PermissionDenied"
    assert (await first("{ viewer { id } }")).status == 200
    firm_wide = await office.api("COMPLIANCE").change(
        "revokeOtherSessions", "... on RevokeOtherSessionsSuccess { revokedCount }", userId=viewer["id"]
    )
    assert firm_wide["revokedCount"] == 1
    assert (await first("{ viewer { id } }")).status == 401


async def test_sessions_of_others_need_the_permission(office: House) -> None:
    query = "{ users(first: 3) { nodes { name sessions { id ipAddress } } } }"
    refused = await office.api("ADVISOR")(query)
    assert set(refused.codes) == {"FORBIDDEN"}
    seen = (await office.api("FIRM_ADMIN")(query)).data["users"]["nodes"]
    assert any(user["sessions"] for user in seen)


async def test_a_grant_shows_and_revoking_hides(office: House) -> None:
    user = await make_user(office.platform, office.firm, roles=("ADVISOR",), limited=True)
    api = Api(office.app, office.firm, await bearer_of(office.platform, office.firm, user))
    count = "{ households { totalCount nodes { id name } } }"
    assert (await api(count)).data["households"]["totalCount"] == 0
    household = (await office.api("FIRM_ADMIN")(count)).data["households"]["nodes"][0]
    me = (await api("{ viewer { id scope } }")).data["viewer"]
    assert me["scope"] == "LIMITED"
    grant = """accessGrant { id principal { id name } subject { id kind label } permissions reason revokedAt viewerCan }"""
    given = {
        "principalId": me["id"],
        "subjectId": household["id"],
        "permissions": ["read"],
        "reason": "covers while away",
    }
    denied = await office.api("COMPLIANCE").change("createAccessGrant", "", **given)
    assert denied["__typename"] == "PermissionDenied"
    assert (await api(count)).data["households"]["totalCount"] == 0
    done = await office.api("FIRM_ADMIN").change(
        "createAccessGrant", f"... on CreateAccessGrantSuccess {{ {grant} }}", **given
    )
    assert done["__typename"] == "CreateAccessGrantSuccess", done
    made = done["accessGrant"]
    assert made["subject"] == {"id": household["id"], "kind": "household", "label": household["name"]}
    assert made["viewerCan"] == ["MANAGE_GRANTS"]
    seen = (await api(count)).data["households"]
    assert (seen["totalCount"], seen["nodes"]) == (1, [household])
    listed = (
        "query($p: ID, $s: ID) { accessGrants(principalId: $p, subjectId: $s) { totalCount nodes { id } } }"
    )
    found = (await office.api("COMPLIANCE")(listed, p=me["id"], s=household["id"])).data["accessGrants"]
    assert found == {"totalCount": 1, "nodes": [{"id": made["id"]}]}
    ended = await office.api("FIRM_ADMIN").change(
        "revokeAccessGrant",
        f"... on RevokeAccessGrantSuccess {{ {grant} }}",
        accessGrantId=made["id"],
        reason="is back",
    )
    assert ended["accessGrant"]["revokedAt"] is not None
    assert ended["accessGrant"]["viewerCan"] == []
    assert (await api(count)).data["households"]["totalCount"] == 0


async def test_a_grant_that_is_asked_for_again_with_its_key_is_the_same_grant(office: House) -> None:
    user = await make_user(office.platform, office.firm, roles=("ADVISOR",), limited=True)
    admin = office.api("FIRM_ADMIN")
    household = (await admin("{ households { nodes { id } } }")).data["households"]["nodes"][0]
    given = {
        "principalId": to_global("User", user.id),
        "subjectId": household["id"],
        "permissions": ["read"],
        "reason": "covers while away",
        "idempotencyKey": "grant-for-the-cover",
    }
    fields = "... on CreateAccessGrantSuccess { accessGrant { id reason } }"
    first = await admin.change("createAccessGrant", fields, **given)
    assert first["__typename"] == "CreateAccessGrantSuccess", first
    assert await admin.change("createAccessGrant", fields, **given) == first
    other = await admin.change(
        "createAccessGrant", "... on Conflict { path }", **{**given, "reason": "covers from now on"}
    )
    assert (other["__typename"], other["path"]) == ("Conflict", ["input", "idempotencyKey"])
    listed = "query($p: ID) { accessGrants(principalId: $p) { totalCount nodes { id reason } } }"
    found = (await admin(listed, p=given["principalId"])).data["accessGrants"]
    assert found == {"totalCount": 1, "nodes": [first["accessGrant"]]}
    # Without a key each request is a grant of its own.
    del given["idempotencyKey"]
    again = await admin.change("createAccessGrant", fields, **given)
    assert again["accessGrant"]["id"] != first["accessGrant"]["id"]
