"""Identities to refresh and accounts without an owner: posted once, ended by what settles them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text, update
from wealthnexus.domain.clients import service
from wealthnexus.domain.clients.models import parties
from wealthnexus.domain.clients.standing_work import KYC_REFRESH, NO_OWNER, watch_identities, watch_owners
from wealthnexus.domain.work.models import work_items
from wealthnexus.kit.db.platform_tables import outbox
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_clients import Family
from tests.support.identity import rows_of

pytestmark = pytest.mark.database
TODAY = date(2021, 3, 31)
CHANGED = "work.item.changed"


async def families(platform: Platform) -> Family:
    return Family(platform, await make_firm(platform, pinned_business_date=TODAY))


async def items(family: Family) -> list[tuple[Any, ...]]:
    found = await rows_of(family.platform, family.firm, work_items)
    return sorted((row.kind, row.title, row.severity, row.state) for row in found)


@pytest.mark.parametrize(
    ("due", "status", "expected"),
    [
        (date(2021, 4, 30), "active", ("identity to be refreshed by 30 Apr 2021", "WARNING")),
        (TODAY, "prospect", ("identity to be refreshed by 31 Mar 2021", "WARNING")),
        (date(2021, 3, 30), "active", ("identity refresh overdue since 30 Mar 2021", "BREACH")),
        (date(2021, 5, 1), "active", None),
        (date(2021, 3, 1), "former", None),
        (None, "active", None),
    ],
)
async def test_whose_identity_is_asked_for(
    platform: Platform, due: date | None, status: str, expected: tuple[str, str] | None
) -> None:
    family = await families(platform)
    await family.person("Ann", kyc_refresh_due=due, status=status)
    posted = await family.do(lambda uow: watch_identities(uow, family.firm))
    assert posted == (0 if expected is None else 1)
    wanted = [] if expected is None else [(KYC_REFRESH, f"Ann: {expected[0]}", expected[1], "OPEN")]
    assert await items(family) == wanted
    assert await family.do(lambda uow: watch_identities(uow, family.firm)) == 0
    assert await items(family) == wanted


async def test_an_item_ends_when_the_identity_is_refreshed(platform: Platform) -> None:
    family = await families(platform)
    await family.person("Ann", kyc_refresh_due=date(2021, 4, 1))
    await family.person("Bea", kyc_refresh_due=date(2021, 4, 2))
    await family.do(lambda uow: watch_identities(uow, family.firm))
    # By hand: at once, and of this person alone.
    changes = {"kyc_verified_on": TODAY, "kyc_refresh_due": date(2022, 4, 1)}
    await family.do(
        lambda uow: service.update_party(uow, family.firm, family["Ann"], changes, expected_version=1)
    )
    assert [row[3] for row in await items(family)] == ["DONE", "OPEN"]
    # By an import, or by leaving: with the next look.
    await family.do(
        lambda uow: uow.execute(
            update(parties)
            .where(parties.c.tenant_id == uow.tenant_id, parties.c.id == family["Bea"])
            .values(status="former")
        )
    )
    assert await family.do(lambda uow: watch_identities(uow, family.firm)) == 0
    assert [row[3] for row in await items(family)] == ["DONE", "DONE"]


async def test_what_was_due_becomes_overdue(platform: Platform) -> None:
    family = await families(platform)
    await family.person("Ann", kyc_refresh_due=TODAY)
    await family.do(lambda uow: watch_identities(uow, family.firm))
    family.firm = replace(family.firm, pinned_business_date=date(2021, 4, 1))
    await family.do(lambda uow: watch_identities(uow, family.firm))
    assert await items(family) == [
        (KYC_REFRESH, "Ann: identity refresh overdue since 31 Mar 2021", "BREACH", "OPEN")
    ]
    # Whoever has the queue open is told, once.
    told = [row for row in await rows_of(family.platform, family.firm, outbox) if row.event_type == CHANGED]
    assert [row.payload["kind"] for row in told] == [KYC_REFRESH]
    await family.do(lambda uow: watch_identities(uow, family.firm))
    again = [row for row in await rows_of(family.platform, family.firm, outbox) if row.event_type == CHANGED]
    assert len(again) == 1


async def test_an_account_without_an_owner_until_one_is_entered(platform: Platform) -> None:
    family = await families(platform)
    await family.person("Ann")
    await family.household("Anns", Ann="head")
    account = await family.account("Ann's", "Anns", "INDIVIDUAL", ("Ann", "owner", None))
    assert await family.do(lambda uow: watch_owners(uow, family.firm)) == 0

    async def orphan() -> None:
        await family.do(
            lambda uow: uow.execute(
                text(
                    "update account_owners set superseded_version = book_version"
                    " where tenant_id = :tenant and superseded_version is null"
                ).bindparams(tenant=uow.tenant_id)
            )
        )

    await orphan()
    assert await family.do(lambda uow: watch_owners(uow, family.firm)) == 1
    assert await family.do(lambda uow: watch_owners(uow, family.firm)) == 0
    title = "Ann's: nobody is entered as its owner"
    assert await items(family) == [(NO_OWNER, title, "WARNING", "OPEN")]
    owners = [service.Owner(family["Ann"], "owner")]
    await family.do(
        lambda uow: service.set_account_owners(uow, family.firm, account, owners, expected_version=1)
    )
    assert await items(family) == [(NO_OWNER, title, "WARNING", "DONE")]
    await orphan()
    assert await family.do(lambda uow: watch_owners(uow, family.firm)) == 1
    await family.do(
        lambda uow: uow.execute(
            text("update accounts set closed_on = '2021-03-31' where tenant_id = :tenant").bindparams(
                tenant=uow.tenant_id
            )
        )
    )
    assert await family.do(lambda uow: watch_owners(uow, family.firm)) == 0
    assert [row[3] for row in await items(family)] == ["DONE", "DONE"]
