"""Who sees a household and what follows from it; what a grant would show; clients as people of the book."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.models import parties
from wealthnexus.domain.identity.models import access_scope, users
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.service.grants import rebuild_scope, revoke_access_grant
from wealthnexus.domain.identity.service.joining import invite_user
from wealthnexus.domain.identity.service.sharing import Shown, Viewers, share_preview, who_sees
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import PageRequest
from wealthnexus.runtime import Platform

from tests.factories import TestUser, caller_of, make_firm, make_user
from tests.identity.test_access_preview import Home, home, share
from tests.support.identity import nothing_changes, rows_of

__all__ = ["home"]
pytestmark = pytest.mark.database


async def viewers(home: Home, name: str, **page: Any) -> Viewers:
    async with home.family.platform.db.reading(home.admin.binding()) as reader:
        return await who_sees(reader, home.admin, home.family[name], PageRequest(**{"first": 50, **page}))


def told(home: Home, seen: Viewers) -> dict[str, tuple[bool, set[str]]]:
    """Person to whether they see the whole, and the parts."""
    name_of = {key: name for name, key in home.family.ids.items()}
    return {
        row.name: (viewing.sees_all, {name_of[part.subject_id] for part in viewing.parts})
        for row, viewing in zip(seen.page.rows, seen.viewings, strict=True)
    }


async def shown(home: Home, name: str, user: TestUser | None, relationship: str | None = None) -> list[Shown]:
    async with home.family.platform.db.reading(home.admin.binding()) as reader:
        return await share_preview(
            reader, home.admin, home.family[name], principal_id=user.id if user else None,
            relationship=relationship,
        )  # fmt: skip


async def client(home: Home, name: str) -> TestUser:
    return await make_user(home.family.platform, home.family.firm, roles=("CLIENT",), name=name, limited=True)


async def test_everybody_who_sees_a_household_or_a_part_of_it(home: Home, platform: Platform) -> None:
    accountant, stranger, gone = [await client(home, each) for each in ("Abe", "Sid", "Gil")]
    today = clock.business_date(home.family.firm.time_zone, None)
    whole = await share(home, home.ann, "Parks", relationship="self")
    await share(home, accountant, "Joint", relationship="accountant", effective_to=today + timedelta(days=3))
    await share(home, accountant, "Mortgage", relationship="accountant")
    await share(home, stranger, "Carl", relationship="self")  # he owns half of the joint account
    await share(home, gone, "Parks")
    async with platform.db.unit_of_work(Binding(home.family.firm.id)) as uow:
        await uow.execute(update(users).where(users.c.id == gone.id).values(status="DEACTIVATED"))
    seen = await viewers(home, "Parks")
    everything = {"Parks", "Ann", "Leo", "Leo's", "Joint", "Trust's", "Works'", "Mortgage"}
    assert told(home, seen) == {
        "Abe": (False, {"Joint", "Mortgage"}),
        "Ann": (True, everything),
        "Sid": (False, {"Joint"}),
    }
    assert (seen.part_count, seen.firm_wide) == (len(everything), 1)
    abe, ann, _sid = seen.viewings
    assert (ann.part_count, ann.may_write, ann.expires_at, ann.grant_ids) == (8, False, None, (whole,))
    assert ann.parts[0].subject_id == home.family["Parks"]
    assert (abe.may_write, abe.expires_at) == (False, None)  # the debt has no end
    ends = {part.subject_id: part.expires_at for part in abe.parts}
    assert ends[home.family["Joint"]] is not None
    assert ends[home.family["Mortgage"]] is None
    # Of an account: those alone who see that account.
    assert set(told(home, await viewers(home, "Trust's"))) == {"Ann"}
    assert told(home, await viewers(home, "Carl")) == {
        "Abe": (False, {"Joint"}),
        "Ann": (False, {"Joint"}),
        "Sid": (True, {"Carl", "Joint"}),
    }


async def test_pages_of_people_and_an_ended_grant(home: Home, platform: Platform) -> None:
    others = [await client(home, name) for name in ("Bo", "Cy", "Di")]
    grants = [await share(home, user, "Parks") for user in others]
    async with platform.db.unit_of_work(home.admin.binding(), actor=home.admin.actor()) as uow:
        await revoke_access_grant(uow, home.admin, grants[1], reason="Over")
        past = clock.now() - timedelta(seconds=1)
        rows = await uow.rows(select(access_scope).where(access_scope.c.principal_id == others[2].id))
        await uow.execute(delete(access_scope).where(access_scope.c.principal_id == others[2].id))
        await uow.execute(insert(access_scope), [{**dict(row._mapping), "expires_at": past} for row in rows])
    await share(home, home.ann, "Parks")
    first = await viewers(home, "Parks", first=1)
    second = await viewers(home, "Parks", first=1, after=first.page.cursors[-1])
    assert [row.name for row in [*first.page.rows, *second.page.rows]] == ["Ann", "Bo"]
    assert (first.page.has_next, second.page.has_next) == (True, False)


async def test_what_a_grant_would_show_is_what_it_shows(home: Home, platform: Platform) -> None:
    """For each subject and each kind of person: asked before, then given and compared."""
    firm = home.family.firm
    for name in ("Parks", "Ann", "Leo", "Joint", "Trust", "Mortgage", "Works LLC"):
        for roles, relationship in (
            (("CLIENT",), "self"),
            (("CLIENT",), "guardian"),
            (("ADVISOR",), "staff"),
        ):
            user = await make_user(platform, firm, roles=roles, limited=True)
            before = await shown(home, name, user, relationship)
            assert not any(each.is_seen for each in before)
            await share(home, user, name, relationship=relationship)
            rows = await rows_of(platform, firm, access_scope, access_scope.c.principal_id == user.id)
            assert {row.subject_id for row in rows} == {each.subject_id for each in before}, (name, roles)
            assert {(row.subject_id, row.kind) for row in rows} == {
                (each.subject_id, each.kind) for each in before
            }
            ends = {row.subject_id for row in rows if row.expires_at is not None}
            assert ends == {each.subject_id for each in before if each.ends_on is not None}
            assert all(each.is_seen for each in await shown(home, name, user, relationship))
    nobody_yet = await shown(home, "Parks", None)
    assert {each.kind for each in nobody_yet} == {"household", "account", "liability", "party"}
    (leos,) = await shown(home, "Leo's", None, "guardian")
    assert leos.ends_on == home.comes_of_age


async def test_asking_is_for_who_may_and_gives_nothing(home: Home, platform: Platform) -> None:
    family, firm = home.family, home.family.firm
    advisor = await caller_of(platform, firm, await make_user(platform, firm))
    other = await make_firm(platform)
    elsewhere = await caller_of(platform, other, await make_user(platform, other, roles=("FIRM_ADMIN",)))
    async with nothing_changes(platform, firm, other):
        async with platform.db.reading(advisor.binding()) as reader:
            with pytest.raises(PermissionDenied, match=r"grants\.read"):
                await who_sees(reader, advisor, family["Parks"], PageRequest(first=5))
            with pytest.raises(PermissionDenied, match=r"grants\.read"):
                await share_preview(reader, advisor, family["Parks"], principal_id=None, relationship=None)
        async with platform.db.reading(elsewhere.binding()) as reader:
            with pytest.raises(NotFound, match="no household, person, account or debt"):
                await who_sees(reader, elsewhere, family["Parks"], PageRequest(first=5))
            with pytest.raises(NotFound, match="There is no person"):
                await share_preview(
                    reader, elsewhere, family["Parks"], principal_id=home.ann.id, relationship=None
                )
        with pytest.raises(ValidationFailed, match="STAFF is not what a grant can stand for"):
            await shown(home, "Parks", home.ann, "staff")
        async with platform.db.reading(home.admin.binding()) as reader:
            with pytest.raises(NotFound, match="no household"):
                await who_sees(reader, home.admin, home.ann.id, PageRequest(first=5))


async def invite(home: Home, name: str, **more: Any) -> Any:
    given = {"roles": frozenset({Role.CLIENT}), "party_id": home.family.ids.get(name), **more}
    async with home.family.platform.db.unit_of_work(home.admin.binding(), actor=home.admin.actor()) as uow:
        return await invite_user(uow, home.admin, email=f"{new_id().hex}@example.com", name=name, **given)


async def test_a_client_is_a_person_of_the_book_once(home: Home, platform: Platform) -> None:
    firm = home.family.firm
    user = await invite(home, "Ann")
    (row,) = await rows_of(platform, firm, users, users.c.id == user)
    assert row.party_id == home.family["Ann"]
    assert not await rows_of(platform, firm, access_scope, access_scope.c.principal_id == user)
    async with nothing_changes(platform, firm):
        with pytest.raises(Conflict, match=f"already, as {row.email}; nobody was invited"):
            await invite(home, "Ann")
        with pytest.raises(NotFound, match="no living person"):
            await invite(home, "Trust")
        with pytest.raises(NotFound, match="no living person"):
            await invite(home, "Nobody", party_id=new_id())
        with pytest.raises(ValidationFailed, match="Only a client can be a person of the book"):
            await invite(home, "Leo", roles=frozenset({Role.ADVISOR}))
        other = await make_firm(platform)
        strange = await clients_party(platform, other)
        with pytest.raises(NotFound, match="no living person"):
            await invite(home, "Strange", party_id=strange)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(update(users).where(users.c.id == user).values(status="DEACTIVATED"))
        await uow.execute(update(parties).where(parties.c.id == home.family["Leo"]).values(status="deceased"))
    assert await invite(home, "Ann") != user  # the earlier one can no longer sign in
    with pytest.raises(NotFound, match="no living person"):
        await invite(home, "Leo")


async def clients_party(platform: Platform, firm: Any) -> Any:
    from tests.factories_clients import Family

    return await Family(platform, firm).person("Somebody")


async def test_an_account_that_leaves_the_household_leaves_its_viewers(home: Home) -> None:
    family = home.family
    await share(home, home.ann, "Parks")
    today = clock.business_date(family.firm.time_zone, None)

    async def leave(uow: UnitOfWork) -> None:
        await clients.end_household_account(uow, family["Parks"], family["Joint"], today)
        await rebuild_scope(uow)

    await family.do(leave)
    assert told(home, await viewers(home, "Parks"))["Ann"][1] == {
        "Parks", "Ann", "Leo", "Leo's", "Trust's", "Works'", "Mortgage",
    }  # fmt: skip
    assert told(home, await viewers(home, "Joint")) == {}
