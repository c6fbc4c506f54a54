"""What about a household asks for attention: each condition alone, together, and counted on the tiles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text, update
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients import service
from wealthnexus.domain.clients.models import households, parties
from wealthnexus.domain.clients.repository import Attention, HouseholdFilter, Standing
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_firm, make_user
from tests.factories_clients import Family
from tests.factories_ledger import view_of

pytestmark = pytest.mark.database
TODAY = date(2021, 3, 31)
A = Attention
D = Decimal


async def listed(family: Family, **values: Any) -> set[str]:
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        view = await view_of(reader, family.firm)
        page = await clients.households_page(reader, view, page_request(50, None), HouseholdFilter(**values))
        total = await clients.households_totals(reader, view, HouseholdFilter(**values))
        assert total.count == len(page.rows)
        return {row.name for row in page.rows}


async def tiles(family: Family, **values: Any) -> clients.HouseholdTiles:
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        return await clients.households_tiles(
            reader, await view_of(reader, family.firm), HouseholdFilter(**values)
        )


@pytest.fixture
async def family(platform: Platform) -> Family:
    """Three households: Due has a refresh in 30 days and a ward, Late is overdue, Gone left."""
    firm: FirmInfo = await make_firm(platform, pinned_business_date=TODAY)
    made = Family(platform, firm)
    await made.person("Ann", kyc_refresh_due=date(2021, 4, 30))
    await made.person("Leo")
    await made.person("Bea", kyc_refresh_due=date(2021, 3, 30))
    await made.person("Cid", kyc_refresh_due=date(2021, 5, 1))
    await made.household("Due", Ann="head", Leo="child")
    await made.household("Late", Bea="head")
    await made.household("Gone", Cid="head")
    await made.account(
        "Leo's", "Due", "UTMA", ("Leo", "minor", None), ("Ann", "custodian", None),
        custodianship_ends_on=date(2021, 6, 29),
    )  # fmt: skip
    await made.account("Bea's", "Late", "INDIVIDUAL", ("Bea", "owner", None), opened_on=date(2021, 1, 1))
    await made.cash("Bea's", "100.00")
    await made.do(
        lambda uow: uow.execute(
            update(households)
            .where(households.c.tenant_id == uow.tenant_id, households.c.id == made["Gone"])
            .values(left_on=date(2021, 2, 1))
        )
    )
    return made


async def test_each_condition_alone(family: Family) -> None:
    assert await listed(family, attention=(A.KYC_DUE,)) == {"Due"}
    assert await listed(family, attention=(A.KYC_OVERDUE,)) == {"Late"}
    assert await listed(family, attention=(A.COMING_OF_AGE,)) == {"Due"}
    assert await listed(family, attention=(A.JOINED,)) == {"Late"}
    assert await listed(family, attention=(A.LEFT,)) == {"Gone"}
    assert await listed(family, attention=(A.HIGH_CASH,)) == {"Late"}
    assert await listed(family, attention=(A.HIGH_CASH,), high_cash_share=D(1)) == set()
    assert await listed(family, attention=(A.NO_CONTACT,)) == {"Due", "Late", "Gone"}
    for each in (A.OPEN_ITEMS, A.OPEN_BREAKS, A.UNPRICED, A.STALE, A.NO_OWNER):
        assert await listed(family, attention=(each,)) == set(), each


async def test_conditions_combine_and_standing_narrows(family: Family) -> None:
    assert await listed(family, attention=(A.KYC_OVERDUE, A.JOINED)) == {"Late"}
    assert await listed(family, attention=(A.KYC_OVERDUE, A.KYC_DUE)) == set()
    assert await listed(family, attention=(A.HIGH_CASH, A.JOINED), standing=Standing.CURRENT) == {"Late"}
    assert await listed(family, standing=Standing.CURRENT) == {"Due", "Late"}
    assert await listed(family, standing=Standing.LEFT) == {"Gone"}


async def test_tiles_count_what_choosing_each_alone_would_leave(family: Family) -> None:
    found = await tiles(family, standing=Standing.CURRENT, attention=(A.KYC_DUE,))
    assert found.count == 2
    for each in Attention:
        if each is not A.LEFT:
            left = await listed(family, standing=Standing.CURRENT, attention=(each,))
            assert found.by_attention[each] == len(left), each
    assert found.by_attention[A.LEFT] == 1
    assert (await tiles(family, name_contains="lat")).by_attention[A.KYC_DUE] == 0


async def test_a_deceased_client_needs_no_refresh(family: Family) -> None:
    await family.do(
        lambda uow: uow.execute(
            update(parties)
            .where(parties.c.tenant_id == uow.tenant_id, parties.c.id == family["Bea"])
            .values(status="deceased")
        )
    )
    assert await listed(family, attention=(A.KYC_OVERDUE,)) == set()


async def test_a_note_on_a_member_an_account_or_the_household_is_contact(family: Family) -> None:
    author = await make_user(family.platform, family.firm, roles=("ADVISOR",))
    for subject in ("Leo", "Bea's"):

        async def write(uow: Any, subject: str = subject) -> object:
            return await service.add_note(uow, author.id, family[subject], "Called.")

        await family.do(write)
    assert await listed(family, attention=(A.NO_CONTACT,)) == {"Gone"}
    assert await listed(family, attention=(A.NO_CONTACT,), standing=Standing.CURRENT) == set()


async def test_an_open_account_whose_owner_is_not_known(family: Family) -> None:
    await family.do(
        lambda uow: uow.execute(
            text("update account_owners set superseded_version = book_version where tenant_id = :tenant")
            .bindparams(tenant=uow.tenant_id)
        )
    )  # fmt: skip
    assert await listed(family, attention=(A.NO_OWNER,)) == {"Due", "Late"}
    await family.do(
        lambda uow: uow.execute(
            text("update accounts set closed_on = '2021-03-31' where tenant_id = :tenant and id = :id")
            .bindparams(tenant=uow.tenant_id, id=family["Bea's"])
        )
    )  # fmt: skip
    assert await listed(family, attention=(A.NO_OWNER,)) == {"Due"}


async def test_a_book_gives_its_own_accounts_and_those_below(family: Family) -> None:
    made: dict[str, Any] = {}
    for code, kind, above in (("B", "branch", None), ("T", "team", "B"), ("O", "branch", None)):

        async def make(uow: Any, code: str = code, kind: str = kind, above: str | None = above) -> Any:
            parent = made[above] if above else None
            return await service.create_book(uow, kind=kind, code=code, name=code, parent_id=parent)

        made[code] = await family.do(make)
    for book in (made["O"], made["T"]):  # what was assigned before counts no longer

        async def assign(uow: Any, book: Any = book) -> object:
            return await service.assign_accounts(
                uow, family.firm, [family["Bea's"]], [service.Split(book, D(1))], effective_from=TODAY
            )

        await family.do(assign)
    assert await listed(family, book_id=made["T"]) == {"Late"}
    assert await listed(family, book_id=made["B"]) == {"Late"}
    assert await listed(family, book_id=made["O"]) == set()
