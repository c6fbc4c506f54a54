"""Live values: the arithmetic equals the books', the simulation is deterministic, watchers get their own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.markets.live import Feeder, LiveEvent, hub, quotes, watch_values
from wealthnexus.domain.markets.live.base import Subject, load_base
from wealthnexus.domain.markets.live.quotes import QuoteBoard
from wealthnexus.domain.markets.rules.live import (
    LiveAccount,
    LiveHolding,
    total_of,
    value_account,
)
from wealthnexus.integrations.market_data import Instrument, Quote
from wealthnexus.integrations.market_data.simulator import SimulatedMarket
from wealthnexus.jobs.quotes import QuoteFeed, market_of
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.settings import Settings
from wealthnexus.runtime import Platform

from tests.factories import make_firm, make_user
from tests.factories_ledger import LAST_DAY, acme_book, ids_of, view_of

D = Decimal
NOON = datetime(2021, 3, 31, 16, 0, tzinfo=UTC)


# -- the simulation ------------------------------------------------------------------------------------------


def instrument(close: str, key: str = "S1") -> Instrument:
    return Instrument(key, "ACME", "XNYS", "USD", D(close))


@pytest.mark.unit
def test_a_simulated_price_follows_from_seed_instrument_and_instant() -> None:
    one, again, other = SimulatedMarket("a"), SimulatedMarket("a"), SimulatedMarket("b")
    moments = [NOON + timedelta(seconds=n) for n in range(60)]
    course = [one.price(instrument("100"), moment) for moment in moments]
    assert course == [again.price(instrument("100"), moment) for moment in moments]
    assert course != [other.price(instrument("100"), moment) for moment in moments]
    assert len(set(course)) > 20
    assert one.is_simulation
    assert one.name == "SIMULATION"


@pytest.mark.unit
@given(
    st.decimals(D("0.0001"), D("100000"), places=4),
    st.text(min_size=1, max_size=8),
    st.integers(0, 10**7),
)
def test_a_simulated_price_stays_near_its_close(close: Decimal, key: str, seconds: int) -> None:
    price = SimulatedMarket().price(instrument(str(close), key), NOON + timedelta(seconds=seconds))
    unit = D("0.01") if close >= 1 else D("0.0001")
    assert price > 0
    assert abs(price - close) <= close * D("0.008") + unit
    assert price % unit == 0


@pytest.mark.unit
async def test_without_a_close_there_is_no_quote() -> None:
    assert await SimulatedMarket().quotes([instrument("0")], NOON) == []


# -- the arithmetic ------------------------------------------------------------------------------------------


def account(*holdings: tuple[str, str | None, str | None], cash: str = "0", **values: Any) -> LiveAccount:
    made = tuple(
        LiveHolding(
            f"P{n}", UUID(int=n), D(units), D(1), D(rate) if rate else None, D(close) if close else None
        )
        for n, (units, close, rate) in enumerate(holdings, 1)
    )
    given = {"currency": "USD", "firm_currency": "USD", "rate": None, **values}
    return LiveAccount(UUID(int=9), cash=D(cash), holdings=made, **given)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("held", "prices", "value", "reporting"),
    [
        (account(("100", "60", "1"), cash="5000"), {}, "11000.00", "11000.00"),
        (account(("100", "60", "1"), cash="5000"), {1: "62.5"}, "11250.00", "11250.00"),
        (
            account(("3", "0.335", "1"), ("3", "0.335", "1")),
            {},
            "2.02",
            "2.02",
        ),  # each rounded: 1.005 -> 1.01
        (account(("-3", "0.335", "1")), {}, "-1.01", "-1.01"),
        (account(("10", "5", "1.17"), cash="1"), {1: "6"}, "71.20", "71.20"),
        (account(("10", "5", None), cash="1"), {1: "6"}, "1", "1"),  # no rate: left out
        (account(("10", None, "1")), {}, None, None),
        (account(("10", None, "1")), {1: "6"}, "60.00", "60.00"),
        (account(cash="0"), {}, "0", "0"),
        (account(("10", "5", "1"), currency="EUR", rate=D("1.17255")), {}, "50.00", "58.63"),
        (account(("10", "5", "1"), currency="EUR"), {}, "50.00", None),
        (account(("10", "5", "1"), currency="JPY", rate=D("0.009")), {1: "5.05"}, "51", "0.46"),
    ],
)
def test_an_account_at_quotes(
    held: LiveAccount, prices: dict[int, str], value: str | None, reporting: str | None
) -> None:
    found = value_account(held, {UUID(int=n): D(price) for n, price in prices.items()})
    shown = [None if v is None else str(v) for v in (found.value, found.reporting_value)]
    assert shown == [value, reporting]
    assert [each.is_quoted for each in found.holdings] == [
        n in prices for n in range(1, len(held.holdings) + 1)
    ]


@pytest.mark.unit
def test_a_quote_of_a_bond_is_clean_as_its_close_is() -> None:
    """20,000 of face at 98.5, then at 99; 412.50 had accrued by the close."""
    bond = LiveHolding("P1", UUID(int=1), D(20000), D("0.01"), D(1), D("98.5"), D("412.50"))
    held = LiveAccount(UUID(int=9), "USD", "USD", D(100), None, (bond,))
    assert value_account(held, {}).value == D("20212.50")
    quoted = value_account(held, {UUID(int=1): D(99)})
    assert (quoted.value, quoted.holdings[0].value) == (D("20312.50"), D("19800.00"))


@pytest.mark.unit
def test_totals_leave_out_what_has_no_value() -> None:
    some = value_account(account(("1", "5", "1")), {})
    none = value_account(account(("1", None, "1")), {})
    assert (total_of([some, none]), total_of([none]), total_of([])) == (D("5.00"), None, D(0))


# -- the books behind it -------------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def large(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> FirmInfo:
    firm = await make_firm(platform, pinned_business_date=LAST_DAY)
    folder = tmp_path_factory.mktemp("live") / "bundle"
    generate_households(20, 12, folder)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.as_result()["ok"]
    return firm


@pytest.mark.database
async def test_without_quotes_every_subject_is_worth_what_the_books_say(
    platform: Platform, large: FirmInfo
) -> None:
    ids = await ids_of(platform, large)
    subjects = [Subject("household", key) for key in ids.households.values()]
    subjects += [Subject("account", key) for key in ids.accounts.values()]
    async with platform.db.reading(Binding(large.id)) as reader:
        view = await view_of(reader, large)
        before = reader.statement_count
        base = await load_base(reader, view, subjects)
        assert reader.statement_count - before == 4
        households = await clients.households_by_ids(reader, view, list(ids.households.values()))
        accounts = await clients.accounts_by_ids(reader, view, list(ids.accounts.values()))
    values = {key: value_account(each, {}) for key, each in base.accounts.items()}
    assert len(households) == 20
    for key, row in households.items():
        assert total_of(values[a] for a in base.subjects[Subject("household", key)]) == row.market_value.value
    for key, account_row in accounts.items():
        assert values[key].value == account_row.market_value.value


# -- watching ------------------------------------------------------------------------------------------------


class StillMarket:
    """Quotes what the test says and nothing else."""

    name, is_simulation = "SIMULATION", True

    def __init__(self) -> None:
        self.prices: dict[str, Decimal] = {}
        self.asked: list[list[str]] = []

    async def quotes(self, instruments: Any, at: datetime) -> list[Quote]:
        self.asked.append([each.key for each in instruments])
        return [Quote(each.key, self.prices[each.key], at) for each in instruments if each.key in self.prices]


class Desk:
    """A firm of two accounts in one household, a feeder, and watchers."""

    def __init__(self, platform: Platform, firm: FirmInfo, ids: Any) -> None:
        self.platform, self.firm = platform, firm
        self.acme: UUID = ids.securities["ACME"]
        self.household = Subject("household", ids.households["H1"])
        self.first, self.second = (Subject("account", ids.accounts[key]) for key in ("A1", "A2"))
        self.market = StillMarket()
        self.feeder = Feeder(platform.db, platform.redis, self.market)

    async def quote(self, price: str) -> int:
        self.market.prices = {str(self.acme): D(price)}
        return await self.feeder.turn({self.firm.id: self.firm})

    @contextlib.asynccontextmanager
    async def watching(
        self, *subjects: Subject, principal: UUID | None = None, after: int | None = None
    ) -> AsyncIterator[AsyncIterator[LiveEvent]]:
        binding = (
            Binding(self.firm.id)
            if principal is None
            else Binding(self.firm.id, principal, "limited", "portal")
        )
        source: Any = watch_values(self.platform, self.firm, binding, subjects, after_seq=after)
        try:
            yield source
        finally:
            await source.aclose()

    async def grant(self, principal: UUID, *subjects: Subject) -> None:
        """What expanding a grant leaves: the rows that row security reads."""
        async with self.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
            await uow.execute(
                text("delete from access_scope where tenant_id = :t and principal_id = :p"),
                {"t": self.firm.id, "p": principal},
            )
            for subject in subjects:
                values = {"t": self.firm.id, "p": principal, "s": subject.id, "g": new_id()}
                for statement in (
                    "insert into access_grants (tenant_id, id, principal_id, subject_id, relationship,"
                    " permissions, effective_from, reason, created_at)"
                    " values (:t, :g, :p, :s, 'self', '[]', '2021-01-01', 'theirs', now())",
                    "insert into access_scope (tenant_id, principal_id, subject_id, grant_id, kind,"
                    " may_write) values (:t, :p, :s, :g, 'account', false)",
                ):
                    await uow.execute(text(statement), values)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    platform: Platform, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    await platform.redis.flushdb()
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    firm = await make_firm(platform, pinned_business_date=LAST_DAY)
    book = acme_book().account("A2").buy("ACME", "10", "-500", account="A2").deposit("600", account="A2")
    await book.load(platform, firm, tmp_path)
    yield Desk(platform, firm, await ids_of(platform, firm))
    for _ in range(60):
        if not hub.watched_firms(platform):
            break
        await asyncio.sleep(0.05)
    assert hub.watched_firms(platform) == 0


async def following(events: AsyncIterator[LiveEvent], seconds: float = 5) -> LiveEvent:
    return await asyncio.wait_for(anext(events), seconds)


def values_of(event: LiveEvent) -> dict[Subject, str]:
    return {each.subject: str(each.value) for each in event.values}


@pytest.mark.database
async def test_a_watched_household_and_account_move_with_a_quote_within_a_second(desk: Desk) -> None:
    async with desk.watching(desk.household, desk.first) as events:
        start = await following(events)
        assert (start.source, start.is_simulation, start.resync, start.book_version) == (
            None,
            False,
            False,
            1,
        )
        assert values_of(start) == {desk.household: "11700.00", desk.first: "11000.00"}
        loop = asyncio.get_running_loop()
        before = loop.time()
        assert await desk.quote("61.5") == 1
        moved = await following(events)
        assert loop.time() - before < 1
        assert values_of(moved) == {desk.household: "11865.00", desk.first: "11150.00"}
        assert (moved.source, moved.is_simulation) == ("SIMULATION", True)
        assert moved.seq > start.seq
        (own,) = [each for each in moved.values if each.subject == desk.first]
        assert [(p.security_id, str(p.price), str(p.value), p.is_quoted) for p in own.positions] == [
            (desk.acme, "61.5", "6150.00", True)
        ]
        assert str(own.book_value) == "11000.00"
        assert await desk.quote("61.5") == 0  # said already: nothing is written, nobody is woken
        with pytest.raises(TimeoutError):
            await following(events, 0.6)


@pytest.mark.database
async def test_nothing_is_quoted_or_valued_that_nobody_watches(desk: Desk) -> None:
    assert await desk.quote("61") == 0
    assert desk.market.asked == []
    async with desk.watching(desk.second) as events:
        await following(events)
        assert await desk.quote("61") == 1
        assert desk.market.asked == [[str(desk.acme)]]
        await following(events)
    await desk.platform.redis.delete(quotes.WATCHED)  # ten seconds later
    assert await desk.quote("62") == 0


@pytest.mark.database
async def test_a_posting_changes_the_books_behind_the_quotes(desk: Desk, tmp_path: Path) -> None:
    async with desk.watching(desk.first) as events:
        await following(events)
        await desk.quote("61")
        assert values_of(await following(events)) == {desk.first: "11100.00"}
        book = acme_book().deposit("900", key="LATER")
        await book.load(desk.platform, desk.firm, tmp_path)
        again = await following(events)
        assert (again.book_version, values_of(again)) == (2, {desk.first: "12000.00"})


@pytest.mark.database
async def test_a_watcher_resumes_or_is_told_that_it_cannot(desk: Desk) -> None:
    async with desk.watching(desk.first) as events:
        await following(events)
        await desk.quote("61")
        seen = (await following(events)).seq
    async with desk.watching(desk.first, after=seen) as events:
        resumed = await following(events)
        assert (resumed.resync, resumed.seq, values_of(resumed)) == (False, seen, {desk.first: "11100.00"})
    for unknown in (seen + 10**9, 1):
        async with desk.watching(desk.first, after=unknown) as events:
            assert (await following(events)).resync
    await desk.platform.redis.flushdb()  # everything lost: numbers still go up
    async with desk.watching(desk.first, after=seen) as events:
        start = await following(events)
        assert (start.resync, values_of(start)) == (True, {desk.first: "11000.00"})
        await desk.quote("62")
        assert (await following(events)).seq > seen


@pytest.mark.database
async def test_a_limited_person_watches_its_own_part_until_the_grant_is_revoked(
    platform: Platform, desk: Desk
) -> None:
    person = (await make_user(platform, desk.firm, roles=("CLIENT",))).id
    await desk.grant(person, desk.household, desk.first)
    async with desk.watching(desk.household, desk.first, principal=person) as events:
        start = await following(events)
        assert values_of(start) == {desk.household: "11000.00", desk.first: "11000.00"}  # A2 is not theirs
        await desk.quote("61")
        assert values_of(await following(events)) == {desk.household: "11100.00", desk.first: "11100.00"}
        await desk.grant(person, desk.household)
        less = await following(events)
        assert less.gone == (desk.first,)
        assert values_of(less) == {desk.household: "0"}
        await desk.grant(person)
        last = await following(events)
        assert (last.gone, last.values) == ((desk.household,), ())
        with pytest.raises(StopAsyncIteration):
            await following(events)


@pytest.mark.database
async def test_what_one_may_not_see_one_may_not_watch(platform: Platform, desk: Desk) -> None:
    person = (await make_user(platform, desk.firm, roles=("CLIENT",))).id
    await desk.grant(person, desk.first)
    for subjects in ([desk.first, desk.second], [Subject("account", new_id())]):
        async with desk.watching(*subjects, principal=person) as events:
            with pytest.raises(LookupError) as missing:
                await following(events)
            assert missing.value.args[0] == (subjects[-1],)


@pytest.mark.database
async def test_two_watchers_of_one_scope_cost_one_valuation(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    valued: list[UUID] = []
    plain = hub.value_account

    def counted(each: LiveAccount, at: Any) -> Any:
        valued.append(each.id)
        return plain(each, at)

    async with desk.watching(desk.first) as one, desk.watching(desk.first, desk.household) as two:
        await following(one)
        await following(two)
        await asyncio.sleep(0.5)
        monkeypatch.setattr(hub, "value_account", counted)
        await desk.quote("63")
        while (await following(one)).source is None:
            pass
        while (await following(two)).source is None:
            pass
    assert sorted(valued) == sorted([desk.first.id, desk.second.id])


@pytest.mark.database
async def test_more_positions_than_can_be_valued_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HOLDINGS_MAX", 1)
    async with desk.watching(desk.household) as events:
        with pytest.raises(LimitExceeded) as refused:
            await following(events)
    assert refused.value.message == (
        "the subjects hold 2 positions together, expected at most 1; watch fewer of them"
    )
    async with desk.watching(desk.first) as events:
        assert values_of(await following(events)) == {desk.first: "11000.00"}


@pytest.mark.database
async def test_who_joins_wakes_nobody_else(desk: Desk) -> None:
    async with desk.watching(desk.first) as one:
        await following(one)
        async with desk.watching(desk.second, desk.household) as two:
            await following(two)
            with pytest.raises(TimeoutError):
                await following(one, 0.6)


@pytest.mark.database
async def test_only_the_leading_scheduler_feeds(desk: Desk) -> None:
    async with desk.watching(desk.first) as events:
        await following(events)
        leads = False
        feed = QuoteFeed(desk.platform, SimulatedMarket(), lambda: leads)
        assert await feed.turn() == 0
        leads = True
        assert await feed.turn() == 1
        assert (await following(events)).is_simulation


@pytest.mark.database
def test_in_production_nothing_is_made_up_unless_asked_for(test_settings: Settings) -> None:
    assert market_of(test_settings) is not None
    production = test_settings.model_copy(update={"environment": "production"})
    assert market_of(production) is None
    assert market_of(production.model_copy(update={"simulated_quotes": True})) is not None


@pytest.mark.database
async def test_a_slow_reader_gets_the_latest_and_no_queue(desk: Desk) -> None:
    async with desk.watching(desk.first) as events:
        await following(events)
        for price in range(61, 71):
            await desk.quote(str(price))
            await asyncio.sleep(0.06)
        await asyncio.sleep(0.5)
        assert values_of(await following(events)) == {desk.first: "12000.00"}
        with pytest.raises(TimeoutError):
            await following(events, 0.5)


@pytest.mark.database
async def test_generated_and_appraised_prices_are_not_quoted(platform: Platform, desk: Desk) -> None:
    async with platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
        await uow.execute(
            text("update securities set security_type = 'PRIVATE_FUND' where tenant_id = :t"),
            {"t": desk.firm.id},
        )
    async with desk.watching(desk.first) as events:
        await following(events)
        assert await desk.quote("61") == 0
    assert await QuoteBoard(platform.redis, desk.firm.id).head() == 0
