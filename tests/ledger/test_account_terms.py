"""Registration, tax status and lot method hold from a day on: what was sold before keeps its gain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.repository import accounts_by_ids, terms_courses
from wealthnexus.domain.clients.rules.party import PartyFacts
from wealthnexus.domain.clients.rules.terms import Terms, changed_from
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.lot_books import load_lot_books
from wealthnexus.domain.ledger.lots import RealisedGain
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, ids_of, view_of
from tests.feeds.test_undo import take_back

pytestmark = pytest.mark.database
D = Decimal
EVER = date(1900, 1, 1)


def two_lots(**account: Any) -> Book:
    """100 at 10 and 100 at 40; 100 sold at 50: 4,000 first in, first out, 1,000 from the dearest lot."""
    return (
        Book()
        .household()
        .account(**account)
        .security()
        .price("ACME", "2021-03-31", "50")
        .deposit("20000", on="2019-01-02")
        .buy("ACME", "100", "-1000.00", on="2019-06-03", key="B1")
        .buy("ACME", "100", "-4000.00", on="2020-06-03", key="B2")
        .sell("ACME", "100", "5000.00", on="2021-01-05", key="S1")
    )


async def gains(
    platform: Platform, firm: FirmInfo, account: UUID, version: int | None = None
) -> list[RealisedGain]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        books = await load_lot_books(reader, await view_of(reader, firm, None, version), [account])
        return [line for book in books.books for line in book.played.realised()]


async def change(
    platform: Platform,
    firm: FirmInfo,
    account: UUID,
    changes: dict[str, Any],
    since: date | None = None,
    *,
    reason: str | None = None,
) -> int:
    """The book version it was written under."""
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        version = await uow.scalar(
            text("select version from accounts where tenant_id = :t and id = :a"),
            {"t": firm.id, "a": account},
        )
        await clients.update_account(
            uow, firm, account, changes, expected_version=version, effective_from=since, reason=reason
        )
        return await next_book_version(uow, "clients")


async def course(platform: Platform, firm: FirmInfo, account: UUID) -> list[tuple[Any, ...]]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await terms_courses(reader, await view_of(reader, firm, None, None), [account])
        return [(row.effective_from, row.effective_to, row.lot_method, row.reason) for row in found[account]]


async def test_a_changed_lot_method_leaves_what_was_sold_before(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    assert (await two_lots().load(platform, firm, tmp_path)).ok
    account = (await ids_of(platform, firm)).accounts["A1"]
    assert [line.gain for line in await gains(platform, firm, account)] == [D("4000.00")]
    told = await change(platform, firm, account, {"lot_method": "HIFO"})
    assert [line.gain for line in await gains(platform, firm, account)] == [D("4000.00")]

    with pytest.raises(ValidationFailed, match="say why"):
        await change(platform, firm, account, {"lot_method": "HIFO"}, date(2020, 12, 1))
    with pytest.raises(ValidationFailed, match="1 Apr 2021 is outside"):
        await change(platform, firm, account, {"lot_method": "LIFO"}, date(2021, 4, 1))
    why = "the order of 1 December was never typed"
    await change(platform, firm, account, {"lot_method": "HIFO"}, date(2020, 12, 1), reason=why)
    assert [line.gain for line in await gains(platform, firm, account)] == [D("1000.00")]
    assert [line.gain for line in await gains(platform, firm, account, told)] == [D("4000.00")]
    assert await course(platform, firm, account) == [
        (LAST_DAY, None, "HIFO", None),
        (date(2020, 12, 1), LAST_DAY, "HIFO", why),
        (EVER, date(2020, 12, 1), "FIFO", None),
    ]
    methods = []
    async with platform.db.reading(Binding(firm.id)) as reader:
        for day, version in ((None, None), (None, told), (date(2020, 11, 30), None), (None, told - 1)):
            view = await view_of(reader, firm, day, version)
            methods.append((await accounts_by_ids(reader, view, [account]))[account].lot_method)
    assert methods == ["HIFO", "HIFO", "FIFO", "FIFO"]
    # What was given is what holds already: nothing is written.
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        same = await clients.update_account(
            uow, firm, account, {"lot_method": "HIFO"}, expected_version=3, effective_from=date(2021, 1, 1)
        )
    assert same.version == 3


async def test_a_wash_sale_is_judged_by_the_tax_status_of_its_days(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """100 sold at a loss of 1,000 and bought back: deferred. That the account became an IRA later changes
    nothing; had it been one already, there would be no loss to disallow."""
    book = (
        Book()
        .household()
        .account()
        .security()
        .deposit("20000", on="2020-01-02")
        .buy("ACME", "100", "-5000.00", on="2020-06-03")
        .sell("ACME", "100", "4000.00", on="2021-01-05")
        .buy("ACME", "100", "-4100.00", on="2021-01-15")
    )
    assert (await book.load(platform, firm, tmp_path)).ok
    account = (await ids_of(platform, firm)).accounts["A1"]

    async def washed(version: int | None = None) -> tuple[Decimal, Decimal]:
        (line,) = await gains(platform, firm, account, version)
        return line.economic.disallowed, line.economic.lost

    ira = {"tax_status": "TAX_DEFERRED"}
    assert await washed() == (D("1000.00"), D(0))
    told = await change(platform, firm, account, ira)
    assert await washed() == (D("1000.00"), D(0))
    # Taxable on the day of the sale, no longer on the day of the purchase: the loss is lost.
    await change(platform, firm, account, ira, date(2021, 1, 10), reason="converted on the 10th")
    assert await washed() == (D("1000.00"), D("1000.00"))
    assert await washed(told) == (D("1000.00"), D(0))
    await change(platform, firm, account, ira, date(2020, 1, 1), reason="an IRA from the first day")
    assert (await washed())[0] == 0


async def test_a_source_that_tells_another_method_tells_it_from_its_day_on(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    assert (await two_lots().load(platform, firm, tmp_path / "one")).ok
    account = (await ids_of(platform, firm)).accounts["A1"]
    again = two_lots(lot_method="HIFO").buy("ACME", "10", "-500.00", on="2021-03-30", key="B3")
    assert (await again.load(platform, firm, tmp_path / "two")).ok
    assert [line.gain for line in await gains(platform, firm, account)] == [D("4000.00")]
    assert await course(platform, firm, account) == [
        (LAST_DAY, None, "HIFO", None),
        (EVER, LAST_DAY, "FIFO", None),
    ]


async def test_terms_that_an_import_told_go_with_it(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """FIFO, HIFO by a second import, which is taken back: FIFO again, and HIFO as known in between."""
    firm = replace(firm, is_demo=False)
    assert (await two_lots().load(platform, firm, tmp_path / "one")).ok
    account = (await ids_of(platform, firm)).accounts["A1"]
    second = two_lots(lot_method="HIFO").sell("ACME", "50", "2500.00", on="2021-03-31", key="S2")
    report = await second.load(platform, firm, tmp_path / "two")
    told = [D("4000.00"), D("500.00")]  # 50 of what cost 40 a unit
    assert [line.gain for line in await gains(platform, firm, account)] == told
    await take_back(platform, firm, report.batch_id)
    assert [row[:3] for row in await course(platform, firm, account)] == [(EVER, None, "FIFO")]
    assert [line.gain for line in await gains(platform, firm, account)] == told[:1]
    async with platform.db.reading(Binding(firm.id)) as reader:
        known = await load_lot_books(
            reader, await view_of(reader, firm, None, report.book_version), [account]
        )
    assert known.books[0].facts.accounts[str(account)].method(LAST_DAY) == "HIFO"


@pytest.mark.parametrize("told_by", ["relationship", "role"])
@pytest.mark.parametrize(("since", "groups"), [("1900-01-01", 1), ("2021-02-01", 1), (None, 2)])
async def test_a_trust_is_its_grantors_while_its_account_is_revocable(
    platform: Platform, firm: FirmInfo, tmp_path: Path, since: str | None, groups: int, told_by: str
) -> None:
    """A loss of 8 March that the trust's purchase of 15 March would replace: washed while it is revocable.

    Who granted is told by a relationship of the two or by a role of the trust's account."""
    book = (
        Book()
        .household()
        .account("HIS")
        .account("TRUST", account_type="REVOCABLE_TRUST" if since == "1900-01-01" else "IRREVOCABLE_TRUST")
        .security()
        .deposit("20000", account="HIS", on="2020-01-02")
        .deposit("9000", account="TRUST", on="2020-01-02")
        .buy("ACME", "100", "-5000.00", account="HIS", on="2021-01-05")
        .sell("ACME", "100", "4000.00", account="HIS", on="2021-03-08")
        .buy("ACME", "100", "-4100.00", account="TRUST", on="2021-03-15")
    )
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        him = (await clients.create_party(uow, firm, PartyFacts(kind="person", name="Him"))).id
        trust = (await clients.create_party(uow, firm, PartyFacts(kind="trust", name="Trust"))).id
        version = await next_book_version(uow, "clients")
        roles = [("HIS", him, "owner"), ("TRUST", trust, "owner")]
        if told_by == "role":
            roles.append(("TRUST", him, "grantor"))
        for account, party, role in roles:
            await uow.execute(
                text(
                    "insert into account_owners (tenant_id, id, account_id, party_id, role, effective_from,"
                    " book_version) values (:t, :id, :a, :p, :r, '1900-01-01', :v)"
                ),
                {
                    "t": firm.id,
                    "id": new_id(),
                    "a": ids.accounts[account],
                    "p": party,
                    "r": role,
                    "v": version,
                },
            )
        if told_by == "relationship":
            await uow.execute(
                text(
                    "insert into party_relationships (tenant_id, id, party_id, kind, related_id,"
                    " effective_from, book_version) values (:t, :id, :h, 'grantor', :p, '1900-01-01', :v)"
                ),
                {"t": firm.id, "id": new_id(), "h": him, "p": trust, "v": version},
            )
    if since == "2021-02-01":
        grantors = [clients.Owner(him, "grantor")] if told_by == "role" else []
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await clients.set_account_owners(
                uow, firm, ids.accounts["TRUST"],
                [clients.Owner(trust, "owner"), clients.Owner(him, "trustee"), *grantors],
                expected_version=1, effective_from=date(2021, 2, 1), account_type="REVOCABLE_TRUST",
            )  # fmt: skip
    found = [line for line in await gains(platform, firm, ids.accounts["HIS"]) if line.units == 100]
    assert [line.economic.disallowed for line in found] == [D("1000.00") if groups == 1 else D(0)]


def test_a_change_from_a_day_on_keeps_the_other_terms_as_they_come() -> None:
    """FIFO and taxable; an IRA from 2024. HIFO from 2022: the IRA still comes on its day, with HIFO."""
    since, ira = date(2022, 1, 1), date(2024, 1, 1)
    known = [
        Terms(EVER, ira, "INDIVIDUAL", "TAXABLE", "FIFO"),
        Terms(ira, None, "INDIVIDUAL", "TAX_DEFERRED", "FIFO"),
    ]
    found = changed_from(known, since, {"lot_method": "HIFO"})
    assert found == [
        Terms(EVER, since, "INDIVIDUAL", "TAXABLE", "FIFO"),
        Terms(since, ira, "INDIVIDUAL", "TAXABLE", "HIFO", is_new=True),
        Terms(ira, None, "INDIVIDUAL", "TAX_DEFERRED", "HIFO", is_new=True),
    ]
    assert changed_from(known, ira, {"tax_status": "TAX_DEFERRED"}) == known
    back = changed_from(known, since, {"tax_status": "TAX_DEFERRED"})
    assert back == [
        Terms(EVER, since, "INDIVIDUAL", "TAXABLE", "FIFO"),
        Terms(since, ira, "INDIVIDUAL", "TAX_DEFERRED", "FIFO", is_new=True),
        known[1],
    ]
