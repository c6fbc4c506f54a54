"""Sleeves of an account: a journal between them is nothing for the account, money in and out for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from wealthnexus.domain.clients.repository.sleeves import SleeveRow, sleeves_of_accounts
from wealthnexus.domain.clients.service import SleeveCommand, close_sleeve, open_sleeve
from wealthnexus.domain.closing.invariants import broken
from wealthnexus.domain.ledger.service import (
    Journaled,
    SleeveJournal,
    TransactionCommand,
    correct_transaction,
    journal_between_sleeves,
)
from wealthnexus.domain.performance import PeriodKind
from wealthnexus.domain.performance.gains import gain_in_parts
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.service.benchmarks import (
    AssignBenchmark,
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, post, view_of
from tests.performance.small import Small, of_period, small, value_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Sleeved:
    """A small book of which account A has a second sleeve."""

    there: Small
    core: UUID
    satellite: UUID

    @property
    def account(self) -> UUID:
        return self.there.ids.accounts["A"]

    async def sleeves(self, as_of: date | None = None) -> dict[UUID, SleeveRow]:
        async with self.there.platform.db.reading(Binding(self.there.firm.id)) as reader:
            view = await view_of(reader, self.there.firm, as_of, None)
            found = await sleeves_of_accounts(reader, view, [self.account])
        return {row.id: row for row in found[self.account]}

    async def journal(
        self, on: str, *, dry_run: bool = False, back: bool = False, **what: object
    ) -> Journaled:
        ends = (self.satellite, self.core) if back else (self.core, self.satellite)
        command = SleeveJournal(self.account, *ends, date.fromisoformat(on), **what)  # type: ignore[arg-type]
        binding = Binding(self.there.firm.id)
        async with self.there.platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
            return await journal_between_sleeves(uow, self.there.firm, command, dry_run=dry_run)

    async def book(self, sleeve: UUID, **asked: object) -> ScopeBook:
        return await self.there.book(Scope(ScopeKind.SLEEVE, sleeve), **asked)  # type: ignore[arg-type]


async def sleeved(platform: Platform, book: Book, folder: Path, *, day: date = LAST_DAY) -> Sleeved:
    there = await small(platform, book, folder, day=day)
    async with platform.db.unit_of_work(Binding(there.firm.id), actor=SYSTEM) as uow:
        made = await open_sleeve(
            uow, there.firm, SleeveCommand(there.ids.accounts["A"], "Satellite", "Momentum")
        )
    found = Sleeved(there, made.id, made.id)
    rows = await found.sleeves()
    found.core = next(key for key, row in rows.items() if row.is_default)
    return found


def a_book() -> Book:
    """100,000, of it 1,000 ACME at 50 in two lots; ACME goes 50, 60, 66."""
    return (
        Book()
        .household()
        .account("A")
        .security()
        .price("ACME", "2021-03-01", "50")
        .price("ACME", "2021-03-15", "60")
        .price("ACME", "2021-03-31", "66")
        .deposit("100000", account="A", on="2021-03-01")
        .buy("ACME", "600", "-30000", account="A", on="2021-03-01")
        .buy("ACME", "400", "-20000", account="A", on="2021-03-01")
    )


async def test_a_journal_is_nothing_for_the_account_and_a_flow_for_each_sleeve(
    platform: Platform, tmp_path: Path
) -> None:
    there = await sleeved(platform, a_book(), tmp_path)
    account = there.there.account("A")
    before = await there.there.book(account)
    tried = await there.journal(
        "2021-03-15", security_id=there.there.ids.securities["ACME"], quantity=Decimal(700), dry_run=True
    )
    assert (tried.transaction_ids, tried.left.units_before, tried.left.units_after) == ((), 1000, 300)
    assert [(lot.acquired_on, lot.units, lot.cost) for lot in tried.lots] == [
        (date(2021, 3, 1), Decimal(600), Decimal(30000)),
        (date(2021, 3, 1), Decimal(100), Decimal(5000)),
    ]
    assert (await there.sleeves())[there.satellite].position_count == 0
    await there.journal("2021-03-15", security_id=there.there.ids.securities["ACME"], quantity=Decimal(700))
    await there.journal("2021-03-15", amount=Decimal("10000.00"))
    after = await there.there.book(account)
    assert after.series.days == before.series.days
    assert value_of(after) == value_of(before) == Decimal("0.16000000")
    rows = await there.sleeves()
    assert [rows[key].market_value.value for key in (there.core, there.satellite)] == [
        Decimal("59800.00"),  # 300 x 66 + 40,000
        Decimal("56200.00"),  # 700 x 66 + 10,000
    ]
    assert [rows[key].cash.value for key in (there.core, there.satellite)] == [40_000, 10_000]
    assert rows[there.satellite].share == Decimal("0.48448276")
    core, satellite = await there.book(there.core), await there.book(there.satellite)
    assert of_period(satellite).net_flows == 700 * 60 + 10_000
    assert of_period(core).net_flows == 100_000 - 52_000
    assert value_of(satellite) == Decimal("0.08076923")  # 56,200 / 52,000 - 1
    # 110,000 / 100,000, then (59,800 of 58,000)
    assert value_of(core) == Decimal("0.13413793")
    assert satellite.members.name == "Account A, Satellite"
    whole = after.series.days
    for n, row in enumerate(core.series.days):
        other = {each.day: each.value or 0 for each in satellite.series.days}.get(row.day, Decimal(0))
        assert (row.value or 0) + other == whole[n].value


async def test_the_gain_of_a_sleeve_is_divided_by_the_lots_it_holds(
    platform: Platform, tmp_path: Path
) -> None:
    """700 of 1,000 come to the satellite at 60 with a basis of 35,000 and are sold for 66; 300 stay at 50."""
    there = await sleeved(platform, a_book(), tmp_path)
    acme = there.there.ids.securities["ACME"]
    await there.journal("2021-03-15", security_id=acme, quantity=Decimal(700))
    sale = TransactionCommand(
        there.account,
        "SELL",
        date(2021, 3, 31),
        Decimal(46200),
        security_id=acme,
        quantity=Decimal(700),
        portfolio_id=there.satellite,
    )
    await post(platform, there.there.firm, sale)
    parts = {}
    for name, scope in (
        ("core", Scope(ScopeKind.SLEEVE, there.core)),
        ("satellite", Scope(ScopeKind.SLEEVE, there.satellite)),
        ("account", there.there.account("A")),
    ):
        async with platform.db.reading(Binding(there.there.firm.id)) as reader:
            view = await view_of(reader, there.there.firm, None, None)
            book = await scope_book(reader, view, scope)
            assert book is not None
            period = book.period(PeriodKind.SINCE_INCEPTION)
            assert period is not None
            found = await gain_in_parts(reader, book, period)
        assert found.reason is None
        parts[name] = (found.realised, found.unrealised)
    assert parts == {
        "core": (0, 300 * 16 + 700 * 10),
        "satellite": (11_200, -700 * 10),  # bought at 50, of which 10 were gained in the core
        "account": (11_200, 300 * 16),
    }


async def test_a_sleeve_refuses_what_it_does_not_hold_and_closes_when_it_is_empty(
    platform: Platform, tmp_path: Path
) -> None:
    there = await sleeved(platform, a_book(), tmp_path)
    acme = there.there.ids.securities["ACME"]
    with pytest.raises(ValidationFailed, match=r"holds 1000 units .* expected at least 1001"):
        await there.journal("2021-03-15", security_id=acme, quantity=Decimal(1001))
    sold = TransactionCommand(
        there.account, "SELL", date(2021, 3, 20), Decimal(26400), security_id=acme, quantity=Decimal(400)
    )
    await post(platform, there.there.firm, sold)
    with pytest.raises(ValidationFailed, match=r"holds 600 units at the end of 20 Mar 2021, expected at lea"):
        await there.journal("2021-03-15", security_id=acme, quantity=Decimal(601))
    await there.journal("2021-03-15", security_id=acme, quantity=Decimal(600), dry_run=True)
    entry = TransactionCommand(
        there.account, "DEPOSIT", date(2021, 3, 15), Decimal(5), portfolio_id=there.satellite
    )
    posted = await post(platform, there.there.firm, entry)
    binding = Binding(there.there.firm.id)
    async with platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
        with pytest.raises(ValidationFailed, match=r"still has 0 positions and 5\.00 USD"):
            await close_sleeve(uow, there.there.firm, there.satellite, date(2021, 3, 20), expected_version=1)
    await there.journal("2021-03-16", amount=Decimal("5.00"), back=True)
    async with platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
        await close_sleeve(uow, there.there.firm, there.satellite, date(2021, 3, 20), expected_version=1)
    with pytest.raises(ValidationFailed, match="takes no entries"):
        await there.journal("2021-03-22", amount=Decimal("5.00"))
    assert posted.transaction_id is not None
    later = replace(entry, trade_date=date(2021, 3, 22))
    async with platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
        with pytest.raises(ValidationFailed, match="takes no entries"):
            await correct_transaction(uow, there.there.firm, posted.transaction_id, later, "late")


async def test_a_sleeve_is_measured_beside_what_was_agreed_for_its_account(
    platform: Platform, tmp_path: Path
) -> None:
    there = await sleeved(platform, a_book(), tmp_path)
    since = date(2021, 1, 1)
    cash = CreateBenchmark("Cash", (Component(since, Decimal(1), yearly_rate=Decimal("0.03")),), "Agreed")
    async with platform.db.unit_of_work(Binding(there.there.firm.id), actor=SYSTEM) as uow:
        key = await create_benchmark(uow, cash)
        await assign_benchmark(uow, AssignBenchmark(key, since, "Agreed", account_id=there.account))
    for scope in (there.there.account("A"), Scope(ScopeKind.SLEEVE, there.core)):
        beside = (await there.there.book(scope)).benchmark
        named = None if beside is None else beside.on(date(2021, 3, 31))
        assert named is not None
        assert named.id == key


async def test_the_night_looks_at_each_sleeve(platform: Platform, tmp_path: Path) -> None:
    there = await sleeved(platform, a_book(), tmp_path)
    await there.journal("2021-03-15", amount=Decimal("5.00"))
    async with platform.db.reading(Binding(there.there.firm.id)) as reader:
        view = await view_of(reader, there.there.firm, None, None)
        assert await broken(reader, view, [there.account]) == []
