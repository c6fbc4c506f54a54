"""The timeline: every kind around a household, in one order, page by page, and nobody else's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients import service
from wealthnexus.domain.clients.repository import TimelineKind, TimelineRow
from wealthnexus.domain.clients.repository.timeline import CHANGE_ACTIONS, OWNERSHIP_ACTIONS
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.events import catalogue
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_firm, make_user
from tests.factories_clients import Family

pytestmark = pytest.mark.database
TODAY = date(2021, 3, 31)
K = TimelineKind


async def around(family: Family, subject: str, *kinds: TimelineKind, size: int = 50) -> list[TimelineRow]:
    found: list[TimelineRow] = []
    after = None
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        while True:
            page = await clients.timeline_page(
                reader, family[subject], kinds or tuple(TimelineKind), page_request(size, after)
            )
            found += page.rows
            if not page.has_next:
                return found
            after = page.cursors[-1]


@pytest.fixture
async def family(platform: Platform) -> Family:
    made = Family(platform, await make_firm(platform, pinned_business_date=TODAY))
    await made.person("Ann", kyc_verified_on=date(2020, 4, 1), kyc_refresh_due=date(2021, 4, 1))
    await made.person("Zed", kyc_verified_on=date(2020, 5, 1))
    await made.household("Anns", Ann="head")
    await made.household("Zeds", Zed="head")
    for name in ("Ann", "Zed"):
        await made.account(f"{name}'s", f"{name}s", "INDIVIDUAL", (name, "owner", None))
        await made.cash(f"{name}'s", "10000.00", date(2021, 2, 1))
        await made.cash(f"{name}'s", "9999.99", date(2021, 2, 2))
    author = await make_user(platform, made.firm, roles=("ADVISOR",))
    for subject in ("Ann", "Ann's", "Anns", "Zed"):

        async def write(uow: Any, subject: str = subject) -> object:
            return await service.add_note(uow, author.id, made[subject], f"About {subject}")

        await made.do(write)
    changes = {"kyc_refresh_due": date(2022, 4, 1)}
    await made.do(lambda uow: service.update_party(uow, made.firm, made["Ann"], changes, expected_version=1))
    await made.do(
        lambda uow: uow.execute(
            text(
                "insert into access_grants (tenant_id, id, principal_id, subject_id, relationship,"
                " permissions, effective_from, reason, created_at, revoked_at) values (:tenant,"
                " gen_random_uuid(), :who, :subject, 'staff', '[]', '2021-01-01', 'Covers',"
                " '2021-01-01T09:00Z', '2021-02-01T09:00Z')"
            ).bindparams(tenant=uow.tenant_id, who=author.id, subject=made["Ann's"])
        )
    )
    return made


async def test_all_kinds_of_a_household_and_none_of_another(family: Family) -> None:
    rows = await around(family, "Anns")
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    own = {family["Anns"], family["Ann"], family["Ann's"]}
    assert {row.subject_id for row in rows} <= own
    by_kind = {kind: sorted(row.code for row in rows if row.kind is kind) for kind in TimelineKind}
    assert by_kind[K.TRANSACTION] == ["DEPOSIT"]
    assert by_kind[K.GRANT] == ["GRANTED", "REVOKED"]
    assert by_kind[K.KYC] == ["VERIFIED", "clients.party.changed"]
    assert sorted(row.text or "" for row in rows if row.kind is K.NOTE) == [
        "About Ann", "About Ann's", "About Anns",
    ]  # fmt: skip
    assert "clients.membership.created" in by_kind[K.OWNERSHIP]
    assert "clients.household.created" in by_kind[K.CHANGE]
    assert "clients.party.changed" not in by_kind[K.CHANGE]
    (deposit,) = (row for row in rows if row.kind is K.TRANSACTION)
    assert (str(deposit.amount), deposit.currency, deposit.is_day) == ("10000.00000000", "USD", True)


async def test_pages_are_the_whole_in_order(family: Family) -> None:
    whole = [(row.kind, row.code, row.at) for row in await around(family, "Anns")]
    assert [(row.kind, row.code, row.at) for row in await around(family, "Anns", size=2)] == whole


async def test_two_things_at_one_instant_are_both_told_page_by_page(family: Family) -> None:
    at_once = "update access_grants set revoked_at = created_at where tenant_id = :t"
    await family.do(lambda uow: uow.execute(text(at_once).bindparams(t=uow.tenant_id)))
    codes = [row.code for row in await around(family, "Anns", K.GRANT, size=1)]
    assert codes == ["REVOKED", "GRANTED"]


def test_every_change_of_clients_is_told_or_told_elsewhere() -> None:
    known = {entry.name for entry in catalogue() if entry.name.startswith("clients.")}
    assert known - set(OWNERSHIP_ACTIONS) - set(CHANGE_ACTIONS) == {
        "clients.accounts.assigned", "clients.book.created", "clients.note.changed", "clients.request.closed",
        "clients.request.sent", "clients.sensitive.revealed", "clients.tags.changed",
    }  # fmt: skip


async def test_what_is_changed_of_accounts_entities_and_debts_is_told(family: Family) -> None:
    firm = family.firm
    author = await make_user(family.platform, firm, roles=("ADVISOR",))
    family.actor = Actor("user", author.id, author.name)
    await family.party("Oak LLC", "company")
    await family.debt("Loan", "Anns", "personal", "100.00", "Ann")
    owner = [service.PartyOwner(family["Ann"], Decimal(1))]
    changed = {"lot_method": "LIFO", "has_margin": True}
    await family.do(
        lambda uow: service.set_party_owners(uow, firm, family["Oak LLC"], owner, expected_version=1)
    )
    await family.do(
        lambda uow: service.update_account(uow, firm, family["Ann's"], changed, expected_version=1)
    )
    await family.do(
        lambda uow: service.update_liability(
            uow, firm, family["Loan"], {"interest_rate": Decimal("0.04")}, expected_version=1
        )
    )
    changes = await around(family, "Anns", K.CHANGE)
    told = {row.text: row.actor_name for row in changes}
    assert told["Changed lot method, has margin of the account Ann's"] == author.name
    assert told["Changed interest rate of the debt Loan"] == author.name
    assert told["Made the household Anns"] == "System"
    assert not any("{" in (row.text or "") for row in changes)
    assert [row.code for row in await around(family, "Oak LLC", K.OWNERSHIP)] == [
        "clients.party_owners.changed"
    ]


async def test_of_a_person_and_of_an_account(family: Family) -> None:
    person = await around(family, "Ann", K.NOTE, K.TRANSACTION)
    assert {(row.kind, row.text) for row in person if row.kind is K.NOTE} == {
        (K.NOTE, "About Ann"), (K.NOTE, "About Ann's"),
    }  # fmt: skip
    assert len(person) == 3
    assert [row.text for row in await around(family, "Ann's", K.NOTE)] == ["About Ann's"]
    assert await around(family, "Zed", K.GRANT) == []


async def test_a_note_that_was_removed_is_gone(family: Family) -> None:
    await family.do(
        lambda uow: uow.execute(
            text("update notes set body = '', removed_at = now() where tenant_id = :t").bindparams(
                t=uow.tenant_id
            )
        )
    )
    assert await around(family, "Anns", K.NOTE) == []
