"""What was agreed for a day is what the day is measured beside; a small book by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import pytest_asyncio
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.performance import Period, PeriodKind
from wealthnexus.domain.performance.answers import beside
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind, members_of
from wealthnexus.domain.performance.rules.figures import Figure, Reason
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.service import (
    AssignBenchmark,
    ChangeGroup,
    Component,
    CreateBenchmark,
    SetPolicy,
    assign_benchmark,
    change_group,
    create_benchmark,
    create_group,
    set_policy,
)
from wealthnexus.domain.performance.service.benchmarks import Assignment
from wealthnexus.kit.context import SYSTEM, Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import make_firm, make_user
from tests.factories_ledger import LAST_DAY, Book, Ids, ids_of, rows, view_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
OPENED = date(2021, 2, 26)  # a Friday


@dataclass
class World:
    platform: Platform
    firm: FirmInfo
    ids: Ids

    async def benchmark(self, name: str, *components: Component) -> UUID:
        async with self.platform.db.unit_of_work(Binding(self.firm.id), actor=SYSTEM) as uow:
            return await create_benchmark(uow, CreateBenchmark(name, components, "a test"))

    async def agree(self, benchmark: UUID, since: date, subject: UUID | None = None) -> None:
        async with self.platform.db.unit_of_work(Binding(self.firm.id), actor=SYSTEM) as uow:
            await assign_benchmark(uow, AssignBenchmark(benchmark, since, "a test", account_id=subject))

    async def book(
        self, account: str = "A1", *, as_of: date | None = None, known: int | None = None
    ) -> ScopeBook:
        async with self.platform.db.reading(Binding(self.firm.id)) as reader:
            view = await view_of(reader, self.firm, as_of, known)
            book = await scope_book(reader, view, Scope(ScopeKind.ACCOUNT, self.ids.accounts[account]))
        assert book is not None
        return book


def shown_beside(book: ScopeBook, kind: PeriodKind, first: date | None = None) -> Figure:
    period = book.period(kind, first)
    assert isinstance(period, Period)
    found = beside(book, period, book.figures(period, FeeBasis.NET)).value
    assert found is not None
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """ACME from 100 up by 1 each day since 26 February; two funded accounts, A2 in euros."""
    firm = await make_firm(platform, pinned_business_date=LAST_DAY)
    book = Book().household().account().account("A2", currency="EUR").security()
    for at in range((LAST_DAY - OPENED).days + 1):
        day = OPENED + timedelta(days=at)
        book.price("ACME", day, str(100 + at)).rate("EUR", "USD", day, "1.25")
    book.deposit("1000", on=OPENED).deposit("1000", account="A2", on=OPENED)
    report = await book.load(platform, firm, tmp_path_factory.mktemp("beside"))
    assert report.ok, list(report.lines())
    yield World(platform, firm, await ids_of(platform, firm))


async def test_each_day_is_measured_beside_what_was_agreed_for_it(world: World) -> None:
    """10 % a year until 14 March, ACME from the 15th: what was agreed later does not change what was."""
    acme, second = world.ids.securities["ACME"], world.ids.accounts["A2"]
    rate = await world.benchmark("Ten a year", Component(date(2020, 1, 1), Decimal(1), None, Decimal("0.10")))
    await world.agree(rate, date(2021, 3, 29), second)
    young = await world.book("A2")
    assert shown_beside(young, PeriodKind.MONTH_TO_DATE).reason is Reason.NO_BENCHMARK
    assert shown_beside(young, PeriodKind.CUSTOM, date(2021, 3, 29)).value is not None
    index = await world.benchmark("ACME", Component(date(2020, 1, 1), Decimal(1), acme))
    await world.agree(rate, date(2021, 1, 1))
    before = await world.book()
    await world.agree(index, date(2021, 3, 15))
    book = await world.book()
    march = shown_beside(book, PeriodKind.MONTH_TO_DATE)
    # 26 February to 12 March is 14 days at 10 % a year; ACME closes at 114 on the 12th, at 133 on the 31st.
    assert march.value == pytest.approx(1.10 ** (14 / 365) * 133 / 114 - 1, abs=1e-12)
    assert [each.value for each in march.inputs if each.name == "benchmark"] == [
        "Ten a year (2021-03-01)",
        "ACME (2021-03-15)",
    ]
    first_half = shown_beside(await world.book(as_of=date(2021, 3, 12)), PeriodKind.MONTH_TO_DATE)
    assert first_half.value == pytest.approx(1.10 ** (14 / 365) - 1, abs=1e-12)
    assert book.benchmark is not None
    assert [turn.first_day for turn in book.benchmark.turns] == [date(2021, 1, 1), date(2021, 3, 15)]
    # As it was known before, nothing has changed; its own agreement goes before the firm's.
    then = await world.book(known=before.view.book_version)
    assert shown_beside(then, PeriodKind.MONTH_TO_DATE).value == pytest.approx(
        1.10 ** (33 / 365) - 1, abs=1e-12
    )
    await world.agree(rate, date(2021, 3, 29), world.ids.accounts["A1"])
    own = await world.book()
    last = shown_beside(own, PeriodKind.CUSTOM, date(2021, 3, 27))
    assert last.value == pytest.approx(1.10 ** (5 / 365) - 1, abs=1e-12)


async def test_what_was_agreed_for_later_stays_and_the_subject_is_there(world: World) -> None:
    rate = await world.benchmark("Six a year", Component(date(2020, 1, 1), Decimal(1), None, Decimal("0.06")))
    other = await world.benchmark(
        "One a year", Component(date(2020, 1, 1), Decimal(1), None, Decimal("0.01"))
    )
    household = world.ids.households["H1"]
    binding = Binding(world.firm.id)

    async def agree(benchmark: UUID, since: date, **subject: UUID) -> Assignment:
        async with world.platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
            command = AssignBenchmark(benchmark, since, "a test", **subject)
            return await assign_benchmark(uow, command)

    assert (await agree(rate, date(2022, 1, 1), household_id=household)).until is None
    assert (await agree(other, date(2021, 1, 1), household_id=household)).until == date(2022, 1, 1)
    assert (await agree(rate, date(2021, 1, 1), household_id=household)).until == date(2022, 1, 1)
    held = await rows(
        world.platform,
        world.firm,
        "select b.name, a.effective_from, a.effective_to from benchmark_assignments a"
        " join benchmarks b on b.tenant_id = a.tenant_id and b.id = a.benchmark_id"
        " where a.tenant_id = :t and a.subject_id = :h and a.superseded_version is null"
        " order by a.effective_from",
        h=household,
    )
    assert held == [
        ("Six a year", date(2021, 1, 1), date(2022, 1, 1)),
        ("Six a year", date(2022, 1, 1), None),
    ]
    party = new_id()
    for subject in (
        {"household_id": world.ids.accounts["A1"]},
        {"account_id": household},
        {"account_id": party},
    ):
        with pytest.raises(NotFound):
            await agree(rate, date(2021, 1, 1), **subject)
    for day in (date(1021, 1, 1), date(2999, 1, 1)):
        with pytest.raises(ValidationFailed):
            await agree(rate, day, household_id=household)


async def test_conventions_change_from_a_day_on_and_a_report_has_its_own(world: World) -> None:
    """2021-03-15: END_OF_DAY from then on, of the firm; another risk-free rate in one report alone."""
    before = await world.book()
    async with world.platform.db.unit_of_work(Binding(world.firm.id), actor=SYSTEM) as uow:
        changes = {"flow_timing": "END_OF_DAY"}
        await set_policy(uow, SetPolicy(None, changes, date(2021, 3, 15), "a test", 0))
    async with world.platform.db.unit_of_work(Binding(world.firm.id), actor=SYSTEM) as uow:
        report = {"risk_free_rate": "0.02"}
        await set_policy(uow, SetPolicy(None, report, date(1900, 1, 1), "a test", 0, "GIPS report"))
    book = await world.book()
    assert [(day, each.policy.version) for day, each in book.policies.turns] == [
        (date.min, "1"),
        (date(2021, 3, 15), "1+firm:1"),
    ]
    assert book.policies.on(date(2021, 3, 14)) == before.conventions
    assert (await world.book(known=before.view.book_version)).policies == before.policies
    async with world.platform.db.reading(Binding(world.firm.id)) as reader:
        view = await view_of(reader, world.firm)
        told = await scope_book(reader, view, Scope(ScopeKind.FIRM), report="GIPS report")
    assert told is not None
    assert told.conventions.version == "1+firm:1+report:1"
    assert told.conventions.risk_free_rate == Decimal("0.02")
    assert told.policy.origins == {"flow_timing": "firm", "risk_free_rate": "report"}


async def test_accounts_join_and_leave_a_group_on_a_day(world: World) -> None:
    one, two = world.ids.accounts["A1"], world.ids.accounts["A2"]
    person = await make_user(world.platform, world.firm, roles=("FIRM_ADMIN",))
    actor = Actor("user", person.id, person.name)
    binding = Binding(world.firm.id, person.id)

    async def members(known: int | None = None) -> list[tuple[UUID, date, date | None]] | None:
        async with world.platform.db.reading(binding) as reader:
            view = await view_of(reader, world.firm, None, known)
            found = await members_of(reader, view, Scope(ScopeKind.GROUP, group))
        return None if found is None else [(m.account, m.first_day, m.end) for m in found.memberships]

    start = (await world.book()).view.book_version
    async with world.platform.db.unit_of_work(binding, actor=actor) as uow:
        group = await create_group(uow, "Two", [one])
    made = (await world.book()).view.book_version
    async with world.platform.db.unit_of_work(binding, actor=actor) as uow:
        command = ChangeGroup(group, date(2021, 3, 10), add=(two,))
        assert await change_group(uow, command) == 2
    async with world.platform.db.unit_of_work(binding, actor=actor) as uow:
        assert await change_group(uow, ChangeGroup(group, date(2021, 3, 20), remove=(one,))) == 1
    expected = [(one, date.min, date(2021, 3, 20)), (two, date(2021, 3, 10), None)]
    assert await members() == sorted(expected, key=lambda each: each[0])
    assert await members(made) == [(one, date.min, None)]
    assert await members(start) is None
    for wrong in (
        ChangeGroup(group, date(2021, 3, 25), remove=(one,)),
        ChangeGroup(group, date(2021, 3, 25), add=(two,)),
        ChangeGroup(group, date(2021, 3, 25)),
    ):
        with pytest.raises(ValidationFailed):
            async with world.platform.db.unit_of_work(binding, actor=actor) as uow:
                await change_group(uow, wrong)
