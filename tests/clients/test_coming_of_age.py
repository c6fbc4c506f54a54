"""Ninety days before a custodianship ends there is work: once per account and day, whoever closed it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from wealthnexus.domain.clients.coming_of_age import COMING_OF_AGE, post_coming_of_age
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.work.models import work_items
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_clients import Family
from tests.support.identity import rows_of

pytestmark = pytest.mark.database
TODAY = date(2021, 3, 31)
IN_NINETY_DAYS = date(2021, 6, 29)


@pytest.mark.parametrize(
    ("ends_on", "closed_on", "posted"),
    [
        (IN_NINETY_DAYS, None, 1),
        (date(2021, 6, 30), None, 0),
        (TODAY, None, 1),
        (date(2020, 12, 31), None, 1),
        (None, None, 0),
        (IN_NINETY_DAYS, date(2021, 3, 1), 0),
    ],
)
async def test_who_is_announced(
    platform: Platform, ends_on: date | None, closed_on: date | None, posted: int
) -> None:
    firm = await make_firm(platform, pinned_business_date=TODAY)
    family = Family(platform, firm)
    await family.person("Ann")
    await family.person("Leo")
    await family.household("Parks", Ann="head", Leo="child")
    account = await family.account(
        "Leo's account", "Parks", "UTMA", ("Leo", "minor", None), ("Ann", "custodian", None),
        custodianship_ends_on=ends_on,
    )  # fmt: skip
    if closed_on is not None:
        await family.do(
            lambda uow: uow.execute(
                update(accounts).where(accounts.c.tenant_id == uow.tenant_id).values(closed_on=closed_on)
            )
        )
    assert await family.do(lambda uow: post_coming_of_age(uow, firm)) == posted
    items = await rows_of(platform, firm, work_items)
    assert len(items) == posted
    if not posted or ends_on is None:
        return
    (item,) = items
    assert (item.kind, item.subject_id, item.owner_role) == (COMING_OF_AGE, account, "ADVISOR")
    assert item.title == f"Leo's account: the custodianship ends on {ends_on.day} {ends_on:%b %Y}"
    assert item.due_at == datetime.combine(ends_on, datetime.min.time(), ZoneInfo(firm.time_zone))
    assert item.action_path.startswith("/accounts/")
    # The next day, and after somebody has ticked it off: nothing more.
    assert await family.do(lambda uow: post_coming_of_age(uow, firm)) == 0
    await family.do(
        lambda uow: uow.execute(
            update(work_items).where(work_items.c.tenant_id == uow.tenant_id).values(state="DONE")
        )
    )
    assert await family.do(lambda uow: post_coming_of_age(uow, firm)) == 0
    assert len(await rows_of(platform, firm, work_items)) == 1
