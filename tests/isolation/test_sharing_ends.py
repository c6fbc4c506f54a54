"""Access that ends, ends everywhere: in the next answer, for an id kept from before, and in open sockets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert, select
from starlette.types import ASGIApp
from wealthnexus.domain.identity.models import access_scope
from wealthnexus.domain.markets.live import hub
from wealthnexus.graphql import sockets
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_firm, make_user
from tests.factories_clients import Family
from tests.graphql.conftest import Api
from tests.graphql.test_subscriptions import relay, server, socket  # noqa: F401 - fixtures

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_live")]
VALUES = "subscription($ids: [ID!]!) { valuesChanged(subjectIds: $ids) { gone values { subjectId value } } }"
ACCOUNT = "query($id: ID!) { account(id: $id) { name } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"


@dataclass
class Home:
    """Ada and her husband Bo, their child Cleo, a trust of which Ada is trustee, an outsider."""

    app: ASGIApp
    platform: Platform
    family: Family
    admin: Api
    desk: Api
    keys: dict[str, str] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        kind = {"Home": "Household", "Loan": "Liability"}.get(name)
        kind = kind or ("Account" if name.endswith("account") else "Party")
        return str(to_global(kind, self.family[name]))

    async def client(self, *shared: tuple[str, str], **more: Any) -> Api:
        """Somebody who was just given these, each as what they are to it."""
        user = await make_user(
            self.platform, self.family.firm, roles=("CLIENT",), name="Somebody", limited=True
        )
        api = Api(self.app, self.family.firm, await bearer_of(self.platform, self.family.firm, user), user)
        for name, relationship in shared:
            given = await self.admin.change(
                "createAccessGrant", "... on CreateAccessGrantSuccess { accessGrant { id } }",
                principalId=str(to_global("User", user.id)), subjectId=self.id_of(name),
                relationship=relationship, permissions=["read"], reason="Theirs", **more,
            )  # fmt: skip
            self.keys[f"{user.id} {name}"] = given["accessGrant"]["id"]
        return api

    def grant_of(self, api: Api, name: str) -> str:
        assert api.user is not None
        return self.keys[f"{api.user.id} {name}"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(app: ASGIApp, platform: Platform) -> Home:
    firm = await make_firm(
        platform, pinned_business_date=date(2021, 3, 31), limits={"requests_per_minute": 10**6}
    )
    family = Family(platform, firm)
    for name in ("Ada", "Bo", "Cleo", "Out"):
        await family.person(name)
    await family.party("Trust", "trust")
    await family.household("Home", Ada="head", Bo="spouse", Cleo="child", Trust="entity")
    await family.account("Ada's account", "Home", "INDIVIDUAL", ("Ada", "owner", None))
    await family.account("Joint account", "Home", "JOINT_WITH_SURVIVORSHIP",
                         ("Ada", "joint_survivorship", None), ("Bo", "joint_survivorship", None))  # fmt: skip
    await family.account("Trust's account", "Home", "TRUST",
                         ("Trust", "owner", None), ("Ada", "trustee", None))  # fmt: skip
    for account in ("Ada's account", "Joint account", "Trust's account"):
        await family.cash(account, "1000.00")
    people = {role: await make_user(platform, firm, roles=(role,)) for role in ("FIRM_ADMIN", "OPERATIONS")}
    admin, desk = [Api(app, firm, await bearer_of(platform, firm, user), user) for user in people.values()]
    return Home(app, platform, family, admin, desk)


async def names(api: Api) -> set[str]:
    found = (await api("{ accounts(first: 50) { totalCount nodes { name } } }")).data["accounts"]
    assert found["totalCount"] == len(found["nodes"])
    return {node["name"] for node in found["nodes"]}


async def refused(api: Api, query: str, id_: str) -> bool:
    """Whether an id kept from before is answered as if there were no such thing."""
    body = (await api.raw({"query": query, "variables": {"id": id_}})).json()
    (error,) = body["errors"]
    return bool(error["extensions"]["code"] == "NOT_FOUND") and not any((body.get("data") or {}).values())


async def versions(home: Home, name: str) -> int:
    told = await home.desk("query($id: ID!) { account(id: $id) { version } }", id=home.id_of(name))
    return int(told.data["account"]["version"])


async def test_a_trustee_who_is_removed_sees_the_trusts_account_no_more(home: Home) -> None:
    ada = await home.client(("Ada", "SELF"))
    account = home.id_of("Trust's account")
    assert await names(ada) == {"Ada's account", "Joint account", "Trust's account"}
    trust, ada_id, bo = (home.id_of(name) for name in ("Trust", "Ada", "Bo"))
    for trustee, sees in ((bo, False), (ada_id, True)):
        done = await home.desk.change(
            "setAccountOwners", "", accountId=account,
            expectedVersion=await versions(home, "Trust's account"),
            owners=[{"partyId": trust, "role": "OWNER"}, {"partyId": trustee, "role": "TRUSTEE"}],
        )  # fmt: skip
        assert done["__typename"] == "SetAccountOwnersSuccess", done
        assert ("Trust's account" in await names(ada)) is sees
        if not sees:
            assert await refused(ada, ACCOUNT, account)
            assert await refused(ada, NODE, account)


async def test_an_account_that_leaves_the_household_leaves_its_grants(home: Home) -> None:
    spouse = await home.client(("Home", "SPOUSE"))
    account, household = home.id_of("Ada's account"), home.id_of("Home")
    assert "Ada's account" in await names(spouse)
    left = await home.desk.change(
        "endHouseholdAccount", "", householdId=household, accountId=account, endedOn="2021-03-31"
    )
    assert left["__typename"] == "EndHouseholdAccountSuccess", left
    assert await names(spouse) == {"Joint account", "Trust's account"}
    assert await refused(spouse, ACCOUNT, account)
    told = await spouse(
        "query($id: ID!) { household(id: $id) { accountCount marketValue { value } } }", id=household
    )
    assert told.data["household"] == {"accountCount": 2, "marketValue": {"value": "2000.00"}}
    back = await home.desk.change("addHouseholdAccount", "", householdId=household, accountId=account)
    assert back["__typename"] == "AddHouseholdAccountSuccess", back
    assert "Ada's account" in await names(spouse)


async def test_a_member_who_leaves_is_no_person_of_the_household_any_more(home: Home) -> None:
    guest = await home.client(("Home", "DELEGATE"))
    people = "{ parties(first: 50) { totalCount nodes { name } } }"
    assert {node["name"] for node in (await guest(people)).data["parties"]["nodes"]} >= {"Cleo"}
    ended = await home.desk.change(
        "endHouseholdMembership", "", householdId=home.id_of("Home"), partyId=home.id_of("Cleo"),
        endedOn="2021-03-31",
    )  # fmt: skip
    assert ended["__typename"] == "EndHouseholdMembershipSuccess", ended
    seen = (await guest(people)).data["parties"]
    assert "Cleo" not in {node["name"] for node in seen["nodes"]}
    assert await refused(guest, "query($id: ID!) { party(id: $id) { name } }", home.id_of("Cleo"))


async def revoke(home: Home, api: Api) -> None:
    done = await home.admin.change(
        "revokeAccessGrant", "", accessGrantId=home.grant_of(api, "Joint account"), reason="Over"
    )
    assert done["__typename"] == "RevokeAccessGrantSuccess", done


async def run_out(home: Home, api: Api) -> None:
    """Its last day ends: nothing is expanded anew at midnight, the rows themselves have an end."""

    async def lapse(uow: Any) -> None:
        assert api.user is not None
        mine = access_scope.c.principal_id == api.user.id
        rows = await uow.rows(select(access_scope).where(access_scope.c.tenant_id == uow.tenant_id, mine))
        await uow.execute(delete(access_scope).where(access_scope.c.tenant_id == uow.tenant_id, mine))
        past = clock.now() - timedelta(seconds=1)
        await uow.execute(insert(access_scope), [{**dict(row._mapping), "expires_at": past} for row in rows])

    await home.family.do(lapse)


@pytest.mark.parametrize("end", [revoke, run_out])
async def test_an_open_stream_of_values_ends_with_the_grant(
    home: Home,
    server: int,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Home, Api], Awaitable[None]],
) -> None:
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    api, account = await home.client(("Joint account", "DELEGATE")), home.id_of("Joint account")
    async with socket(server, api) as live:
        await live.subscribe(VALUES, ids=[account])
        assert [v["value"] for v in (await live.event("valuesChanged"))["values"]] == ["1000.00"]
        await end(home, api)
        event = await live.event("valuesChanged")
        assert (event["gone"], event["values"]) == ([account], [])
        assert (await live.receive())["type"] == "complete"
        await live.subscribe(VALUES, key="again", ids=[account])
        assert (await live.receive())["payload"][0]["extensions"]["code"] == "NOT_FOUND"
    assert await names(api) == set()
    assert await refused(api, NODE, account)


async def test_a_household_watched_live_loses_the_account_that_left_it(
    home: Home,
    server: int,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sum that comes next is of what is still seen."""
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    api, household = await home.client(("Home", "SPOUSE")), home.id_of("Home")
    account = home.id_of("Ada's account")
    async with socket(server, api) as live:
        await live.subscribe(VALUES, ids=[household])
        assert [v["value"] for v in (await live.event("valuesChanged"))["values"]] == ["3000.00"]
        done = await home.desk.change(
            "endHouseholdAccount", "", householdId=household, accountId=account, endedOn="2021-03-31"
        )
        assert done["__typename"] == "EndHouseholdAccountSuccess", done
        assert [v["value"] for v in (await live.event("valuesChanged"))["values"]] == ["2000.00"]
    await home.desk.change("addHouseholdAccount", "", householdId=household, accountId=account)


async def test_who_is_deactivated_is_cut_off_in_the_middle(
    home: Home,
    server: int,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.1)
    api = await home.client(("Joint account", "DELEGATE"))
    assert api.user is not None
    user = str(to_global("User", api.user.id))
    async with socket(server, api) as live:
        await live.subscribe(VALUES, ids=[home.id_of("Joint account")])
        await live.event("valuesChanged")
        version = (await home.admin("query($id: ID!) { user(id: $id) { version } }", id=user)).data["user"]
        done = await home.admin.change(
            "deactivateUser", "", userId=user, expectedVersion=version["version"], reason="Left"
        )
        assert done["__typename"] == "DeactivateUserSuccess", done
        assert await live.closed() == 4403
    assert (await api.raw({"query": "{ viewer { id } }"})).status_code == 401
