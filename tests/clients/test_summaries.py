"""Lists cut by summaries are the lists that every account is summed for, whatever was written since."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.models import household_summaries, summarised_days
from wealthnexus.domain.clients.repository import (
    HouseholdFilter,
    HouseholdOrder,
    HouseholdOrderField,
    households,
    summaries,
    totals,
)
from wealthnexus.domain.clients.repository.attention import Attention, Standing
from wealthnexus.domain.clients.service import summaries as keeping
from wealthnexus.domain.clients.service.summaries import (
    NEVER,
    days_kept,
    keep_summaries,
    keep_up,
)
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import Quality, book_view
from wealthnexus.domain.ledger.service import TransactionCommand, post_transaction
from wealthnexus.domain.markets.service import OverridePrice, override_price
from wealthnexus.kit.db.session import Binding, Reader, UnitOfWork
from wealthnexus.kit.errors import DomainError
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.clients.test_pages import varied_book
from tests.factories_clients import Family
from tests.factories_ledger import LAST_DAY, ids_of

pytestmark = pytest.mark.database
D = Decimal
ANOTHER_DAY = date(2020, 12, 31)
DAYS = (LAST_DAY, ANOTHER_DAY)
FILTERS = (
    HouseholdFilter(),
    HouseholdFilter(min_value=D(300)),
    HouseholdFilter(max_value=D(500), name_contains="a"),
    HouseholdFilter(quality=(Quality.STALE, Quality.PARTIAL, Quality.UNAVAILABLE)),
    HouseholdFilter(has_open_items=False, min_value=D(0)),
    HouseholdFilter(attention=(Attention.HIGH_CASH,), standing=Standing.CURRENT),
    HouseholdFilter(attention=(Attention.STALE,)),
)


def shared_book() -> Any:
    """The varied book in three currencies; some accounts belong to two households, one to three."""
    book = varied_book().rate("EUR", "USD", LAST_DAY, "1.1725").rate("EUR", "USD", ANOTHER_DAY, "1.2271")
    for key, currency, amount in (("EU", "EUR", "200.005"), ("JP", "JPY", "5000"), ("GB", "GBP", "9")):
        book.household(key, key).account(key, key, currency=currency)
        book.deposit(amount, account=key, currency=currency)
    return book


class Switch:
    """Turns the summaries off and counts how often they were used."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.used = 0
        self._is_on = True
        for module in (households, totals):
            monkeypatch.setattr(module, "summaries_of", self._of)

    async def _of(self, reader: Reader, view: Any) -> Any:
        found = await summaries.summaries_of(reader, view) if self._is_on else None
        self.used += found is not None
        return found

    @contextmanager
    def off(self) -> Any:
        self._is_on = False
        try:
            yield
        finally:
            self._is_on = True


def told(row: Any) -> tuple[Any, ...]:
    value, cash = row.market_value, row.cash
    return (row.id, row.name, value.value, value.quality, sorted(map(str, value.reasons)), cash.value,
            cash.quality, row.account_count, row.open_items, row.opened_on, row.cash_share)  # fmt: skip


def of_totals(found: Any) -> tuple[Any, ...]:
    """Which twenty of many flaws a total names is not settled: how many there are is."""
    value, cash = found.total_value, found.total_cash
    return (value.value, value.quality, len(value.reasons), str(value.explain), cash.value, cash.quality)


async def everything(reader: Reader, view: Any, chance: random.Random) -> list[Any]:
    """Some filters in some order, in pages, with totals and tiles; and the firm's totals."""
    found: list[Any] = []
    for filter_ in chance.sample(FILTERS, 3):
        order = HouseholdOrder(chance.choice(list(HouseholdOrderField)), descending=chance.random() < 0.5)
        page = None
        while page is None or page.has_next:
            after = page.cursors[-1] if page is not None else None
            page = await reads.households_page(reader, view, page_request(6, after), filter_, order)
            found.append((order, filter_, [told(row) for row in page.rows], page.cursors))
        sums = await reads.households_totals(reader, view, filter_)
        found.append((filter_, sums.count, of_totals(sums)))
        tiles = await reads.households_tiles(reader, view, filter_)
        found.append((filter_, tiles.count, sorted(tiles.by_attention.items())))
    firm = await reads.firm_totals(reader, view)
    found.append((firm.household_count, firm.account_count, of_totals(firm)))
    return found


@dataclass
class World:
    """A firm to which things happen."""

    platform: Platform
    firm: FirmInfo
    chance: random.Random
    family: Family
    accounts: dict[str, UUID] = field(default_factory=dict)
    homes: dict[str, UUID] = field(default_factory=dict)
    securities: dict[str, UUID] = field(default_factory=dict)

    async def do(self, work: Callable[[UnitOfWork], Any]) -> None:
        """What the product refuses of what chance proposes did not happen."""
        try:
            async with self.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
                await work(uow)
        except DomainError:
            return

    async def happen(self) -> str:
        made = self.chance.choice(["post", "post", "join", "leave", "household", "account", "price", "keep"])
        await getattr(self, made)()
        return made

    async def post(self) -> None:
        key = self.chance.choice([key for key in self.accounts if key[0] == "A"])
        day = self.chance.choice([LAST_DAY, date(2020, 6, 1), date(2021, 1, 5)])
        amount = D(self.chance.randrange(1, 90_000)) / 100
        command = TransactionCommand(
            account_id=self.accounts[key], type="DEPOSIT", trade_date=day, amount=amount
        )
        await self.do(lambda uow: post_transaction(uow, self.firm, command))

    async def join(self) -> None:
        home, account = self.chance.choice(list(self.homes.values())), self.chance.choice([*self.accounts])
        since = self.chance.choice([date(2019, 1, 1), date(2021, 2, 1), LAST_DAY])
        await self.do(
            lambda uow: clients.add_household_account(
                uow, self.firm, home, self.accounts[account], effective_from=since
            )
        )

    async def leave(self) -> None:
        home, account = self.chance.choice(list(self.homes.values())), self.chance.choice([*self.accounts])
        ended = self.chance.choice([date(2020, 7, 1), LAST_DAY])
        await self.do(lambda uow: clients.end_household_account(uow, home, self.accounts[account], ended))

    async def household(self) -> None:
        name = f"{self.chance.choice('abxyz')} {new_id()}"
        self.homes[name] = await self.family.household(name)

    async def account(self) -> None:
        name = f"A {new_id()}"
        self.family.ids["home"] = self.chance.choice(list(self.homes.values()))
        opened = self.chance.choice([date(2014, 5, 1), date(2021, 3, 1)])
        self.accounts[name] = await self.family.account(
            name, "home", "INDIVIDUAL", ("Ann", "owner", None), opened_on=opened
        )

    async def price(self) -> None:
        day = self.chance.choice([LAST_DAY, date(2020, 12, 30)])
        close = D(self.chance.randrange(100, 9_000)) / 100
        command = OverridePrice(self.securities["ART"], day, close, "an appraisal", "USD")
        await self.do(lambda uow: override_price(uow, self.firm, command))

    async def keep(self) -> None:
        for day in DAYS:
            await self.do(lambda uow, day=day: keep_summaries(uow, self.firm, day))  # type: ignore[misc]


async def a_world(platform: Platform, firm: FirmInfo, tmp_path: Path, seed: int) -> World:
    assert (await shared_book().load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    family = Family(platform, firm)
    await family.person("Ann")
    world = World(platform, firm, random.Random(seed), family, dict(ids.accounts), dict(ids.households),
                  dict(ids.securities))  # fmt: skip
    for home, account in (("H0", "A1.0"), ("H2", "A1.0"), ("H8", "EU"), ("H4", "A5.0"), ("H4", "A6.0")):
        await world.do(
            lambda uow, home=home, account=account: clients.add_household_account(  # type: ignore[misc]
                uow, firm, world.homes[home], world.accounts[account], effective_from=date(2019, 1, 1)
            )
        )
    return world


async def compare(world: World, switch: Switch, day: date, said: str) -> None:
    async with world.platform.db.reading(Binding(world.firm.id)) as reader:
        view = replace(await book_view(reader, world.firm, day), computed_at=None)  # type: ignore[arg-type]
        seed = world.chance.random()
        by_summaries = await everything(reader, view, random.Random(seed))
        with switch.off():
            computed = await everything(reader, view, random.Random(seed))
    for ours, expected in zip(by_summaries, computed, strict=True):
        assert ours == expected, said


@pytest.mark.parametrize("seed", range(4))
async def test_lists_by_summaries_are_the_lists_of_every_account(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    switch = Switch(monkeypatch)
    world = await a_world(platform, firm, tmp_path, seed)
    await world.keep()
    said = []
    for _ in range(8):
        said.append(await world.happen())
        day, before = world.chance.choice(DAYS), switch.used
        await compare(world, switch, day, f"seed {seed}, {day}: {', '.join(said)}")
        assert switch.used > before, f"{day}: {', '.join(said)}"


async def test_an_import_leaves_no_summary_believed(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = Switch(monkeypatch)
    world = await a_world(platform, firm, tmp_path, 1)
    await world.keep()
    book = shared_book().household("NEW", "Aardvark").account("NEW", "NEW").deposit("77.5", account="NEW")
    assert (await book.load(platform, firm, tmp_path)).changed
    await compare(world, switch, LAST_DAY, "after an import")
    assert switch.used == 0
    await world.keep()
    await compare(world, switch, LAST_DAY, "after they were made anew")
    assert switch.used > 0


async def test_too_many_behind_are_computed(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = Switch(monkeypatch)
    world = await a_world(platform, firm, tmp_path, 2)
    await world.keep()
    monkeypatch.setattr(summaries, "BEHIND_MAX", 0)
    command = TransactionCommand(
        account_id=world.accounts["A0.0"], type="DEPOSIT", trade_date=LAST_DAY, amount=D(5)
    )
    await world.do(lambda uow: post_transaction(uow, firm, command))
    await compare(world, switch, LAST_DAY, "one behind, none allowed")
    assert switch.used == 0
    await world.keep()
    await compare(world, switch, LAST_DAY, "brought up to date")
    assert switch.used > 0


async def test_who_sees_a_part_of_the_firm_is_shown_no_sum_of_the_whole(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    world = await a_world(platform, firm, tmp_path, 3)
    await world.keep()
    limited = Binding(firm.id, new_id(), "limited")
    async with platform.db.reading(limited) as reader:
        view = await book_view(reader, firm)
        assert await summaries.summaries_of(reader, view) is None
        assert await reader.rows(select(household_summaries.c.household_id)) == []


async def test_keeping_writes_what_changed_alone(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    world = await a_world(platform, firm, tmp_path, 4)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await keep_summaries(uow, firm, LAST_DAY) == len(world.homes)
        assert await keep_summaries(uow, firm, LAST_DAY) == 0
    # One household alone; one that shares an account, with the two that share it.
    for account, written in (("A3.0", 1), ("A0.0", 3)):
        command = TransactionCommand(
            account_id=world.accounts[account], type="DEPOSIT", trade_date=LAST_DAY, amount=D(5)
        )
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await post_transaction(uow, firm, command)
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            assert await keep_summaries(uow, firm, LAST_DAY) == written
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        c = summarised_days.c
        await uow.execute(update(summarised_days).where(c.tenant_id == firm.id).values(book_version=NEVER))
        assert await summaries.summaries_of(uow, await book_view(uow, firm)) is None
        assert await keep_summaries(uow, firm, LAST_DAY) == len(world.homes)
        rows = await uow.rows(select(c.day, c.book_version).where(c.tenant_id == firm.id))
        assert [tuple(row) for row in rows] == [(LAST_DAY, (await book_view(uow, firm)).book_version)]


async def test_a_large_firm_is_kept_up_day_by_day(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = Switch(monkeypatch)
    world = await a_world(platform, firm, tmp_path, 5)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await keep_up(uow, firm) == []  # too small to need any
    monkeypatch.setattr(keeping, "ACCOUNTS_MIN", 1)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await keep_up(uow, firm) == days_kept(LAST_DAY)
    # Announced, not yet believed: a household made now has its row when the others come.
    await world.household()
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        for day in days_kept(LAST_DAY):
            assert await keep_summaries(uow, firm, day) == len(world.homes)
    await world.household()
    await world.post()
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await keep_up(uow, firm) == []
        view = await book_view(uow, firm)
        found = await summaries.summaries_of(uow, view)
        assert found is not None
        assert (found.book_version, found.behind) == (view.book_version, ())
    await compare(world, switch, LAST_DAY, "kept up")
    assert switch.used > 0


async def test_more_behind_than_are_named_are_all_made_anew(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await a_world(platform, firm, tmp_path, 6)
    await world.keep()
    await world.post()
    monkeypatch.setattr(keeping, "BEHIND_MAX", 0)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await keep_summaries(uow, firm, LAST_DAY) == len(world.homes)


def test_the_days_kept_are_the_business_date_and_twelve_ends_of_months() -> None:
    kept = days_kept(date(2024, 3, 31))
    assert (kept[0], kept[1], kept[-1], len(kept)) == (
        date(2024, 3, 31), date(2024, 2, 29), date(2023, 3, 31), 13,
    )  # fmt: skip
