"""What somebody would see and why: the steps of each way, in which roles, until when, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.identity.models import access_scope
from wealthnexus.domain.identity.service.grants import create_access_grant, rebuild_scope
from wealthnexus.domain.identity.service.preview import AccessPath, access_preview, count_reached
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import PageRequest
from wealthnexus.runtime import Platform

from tests.factories import TestUser, caller_of, make_firm, make_user
from tests.factories_clients import Family
from tests.support.identity import nothing_changes, rows_of

pytestmark = pytest.mark.database


@dataclass
class Home:
    """The Parks: Ann keeps her son Leo's account, owns her trust wholly and 60 % of a company."""

    family: Family
    admin: Any
    ann: TestUser
    advisor: TestUser
    comes_of_age: date


@pytest.fixture
async def home(platform: Platform) -> Home:
    firm = await make_firm(platform)
    family = Family(platform, firm)
    for name in ("Ann", "Leo", "Carl"):
        await family.person(name)
    await family.party("Trust", "trust")
    await family.party("Works LLC", "company")
    await family.owns("Ann", "Trust", "1")
    await family.owns("Ann", "Works LLC", "0.6")
    await family.owns("Carl", "Works LLC", "0.4")
    await family.household("Parks", Ann="head", Leo="child")
    today = clock.business_date(firm.time_zone, None)
    comes_of_age = today + timedelta(days=30)
    await family.account("Leo's", "Parks", "UTMA", ("Leo", "minor", None), ("Ann", "custodian", None),
                         custodianship_ends_on=comes_of_age)  # fmt: skip
    await family.account("Joint", "Parks", "JOINT_WITH_SURVIVORSHIP", ("Ann", "joint_survivorship", None),
                         ("Carl", "joint_survivorship", None))  # fmt: skip
    await family.account("Trust's", "Parks", "TRUST", ("Trust", "owner", None), ("Ann", "trustee", None))
    await family.account("Works'", "Parks", "LLC", ("Works LLC", "owner", None))
    await family.debt("Mortgage", "Parks", "mortgage", "100.00", "Ann")
    admin = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))
    ann = await make_user(platform, firm, roles=("CLIENT",), name="Ann", limited=True)
    advisor = await make_user(platform, firm, limited=True)
    return Home(family, admin, ann, advisor, comes_of_age)


async def share(home: Home, user: TestUser, name: str, **more: Any) -> Any:
    family = home.family
    async with family.platform.db.unit_of_work(home.admin.binding(), actor=home.admin.actor()) as uow:
        return await create_access_grant(
            uow, home.admin, principal_id=user.id, subject_id=family[name], reason="Theirs", **more
        )


async def preview(home: Home, user: TestUser, **page: Any) -> tuple[list[AccessPath], Any]:
    async with home.family.platform.db.reading(home.admin.binding()) as reader:
        found = await access_preview(reader, home.admin, user.id, PageRequest(**{"first": 50, **page}))
    return found.paths, found.page


def told(home: Home, paths: list[AccessPath]) -> list[list[str]]:
    """Each way as "how name (role)"."""
    name_of = {key: name for name, key in home.family.ids.items()}
    return [
        [f"{s.how} {name_of[s.subject_id]}" + (f" ({s.role})" if s.role else "") for s in path.steps]
        for path in paths
    ]


async def test_a_mothers_own_things_with_the_way_to_each(home: Home) -> None:
    grant = await share(home, home.ann, "Ann", relationship="self")
    paths, page = await preview(home, home.ann)
    assert told(home, paths) == [
        ["granted Ann"],
        ["granted Ann", "owner Joint (joint_survivorship)"],
        ["granted Ann", "owner Leo's (custodian)"],
        ["granted Ann", "debtor Mortgage"],
        ["granted Ann", "entity Trust"],
        ["granted Ann", "owner Trust's (trustee)"],
        ["granted Ann", "entity Trust", "owner Trust's (owner)"],
    ]  # neither the company she owns a share of, nor Leo, nor Carl
    assert {path.grant_id for path in paths} == {grant}
    assert not any(path.may_write for path in paths)
    midnight = datetime.combine(
        home.comes_of_age, datetime.min.time(), ZoneInfo(home.family.firm.time_zone)
    ).astimezone(UTC)
    ends = {path.steps[-1].subject_id: path.expires_at for path in paths}
    assert ends.pop(home.family["Leo's"]) == midnight
    assert set(ends.values()) == {None}
    assert not page.has_next


async def test_a_household_shows_its_members_and_never_a_strange_co_owner(home: Home) -> None:
    await share(home, home.ann, "Parks", relationship="spouse")
    paths, _page = await preview(home, home.ann)
    assert told(home, paths) == [
        ["granted Parks", "member Ann (head)"],
        ["granted Parks", "household_account Joint"],
        ["granted Parks", "member Leo (child)"],
        ["granted Parks", "household_account Leo's"],
        ["granted Parks", "household_liability Mortgage"],
        ["granted Parks"],
        ["granted Parks", "household_account Trust's"],
        ["granted Parks", "household_account Works'"],
    ]


async def test_staff_see_the_owners_of_what_they_look_after(home: Home) -> None:
    await share(home, home.advisor, "Joint", permissions=("read", "write"))
    paths, _page = await preview(home, home.advisor)
    assert told(home, paths) == [
        ["granted Joint", "account_owner Ann (joint_survivorship)"],
        ["granted Joint", "account_owner Carl (joint_survivorship)"],
        ["granted Joint"],
    ]
    assert all(path.may_write for path in paths)
    (grant, *_rest) = {path.grant_id for path in paths}
    rows = await rows_of(home.family.platform, home.family.firm, access_scope)
    assert {row.grant_id for row in rows} == {grant}


async def test_a_guardian_sees_the_minors_account_until_the_day(home: Home) -> None:
    family, firm = home.family, home.family.firm
    guardian = await make_user(family.platform, firm, roles=("GUARDIAN",), limited=True)
    await share(home, guardian, "Leo", relationship="guardian")
    leo = await make_user(family.platform, firm, roles=("CLIENT",), limited=True)
    await share(home, leo, "Leo", relationship="self")

    async def seen(user: TestUser) -> set[Any]:
        caller = await caller_of(family.platform, firm, user)
        async with family.platform.db.reading(caller.binding()) as reader:
            rows = await reader.rows(select(accounts.c.id).where(accounts.c.tenant_id == firm.id))
        return {row.id for row in rows}

    assert await seen(guardian) == await seen(leo) == {family["Leo's"]}
    with clock.frozen_at(clock.now() + timedelta(days=31)):
        async with family.platform.db.unit_of_work(Binding(firm.id)) as uow:
            await rebuild_scope(uow)
    assert await seen(guardian) == set()
    assert await seen(leo) == {family["Leo's"]}


async def test_a_page_at_a_time_and_counted(home: Home) -> None:
    await share(home, home.ann, "Parks", relationship="spouse")
    await share(home, home.ann, "Joint")
    whole, _page = await preview(home, home.ann)
    collected: list[AccessPath] = []
    after = None
    for _ in range(9):
        paths, page = await preview(home, home.ann, first=2, after=after)
        collected += paths
        after = page.cursors[-1]
        if not page.has_next:
            break
    assert collected == whole
    assert len(whole) == 9  # Joint once per grant
    async with home.family.platform.db.reading(home.admin.binding()) as reader:
        assert await count_reached(reader, home.ann.id) == 8


async def test_looking_is_for_who_may_and_changes_nothing(home: Home, platform: Platform) -> None:
    firm = home.family.firm
    advisor = await caller_of(platform, firm, await make_user(platform, firm))
    async with nothing_changes(platform, firm, firm):
        async with platform.db.reading(advisor.binding()) as reader:
            with pytest.raises(PermissionDenied, match=r"grants\.read"):
                await access_preview(reader, advisor, home.ann.id, PageRequest(first=5))
        async with platform.db.reading(home.admin.binding()) as reader:
            with pytest.raises(NotFound, match="There is no person"):
                await access_preview(reader, home.admin, new_id(), PageRequest(first=5))
        assert await preview(home, home.ann) is not None


@pytest.mark.parametrize(
    ("staff", "given", "stored"),
    [(True, None, "staff"), (False, None, "delegate"), (False, "executor", "executor"),
     (True, "delegate", "delegate"), (True, "spouse", None), (False, "staff", None), (False, "aunt", None)],
)  # fmt: skip
async def test_relationships(home: Home, staff: bool, given: str | None, stored: str | None) -> None:
    user = home.advisor if staff else home.ann
    if stored is None:
        with pytest.raises(ValidationFailed, match=f"{str(given).upper()} is not what a grant can stand for"):
            await share(home, user, "Mortgage", relationship=given)
        return
    await share(home, user, "Mortgage", relationship=given)
    paths, _page = await preview(home, user)
    assert ["granted Mortgage"] in told(home, paths)
