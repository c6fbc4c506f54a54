"""Random histories over the database: after every act what must hold holds, and what was known stays known.

Entries, backdated corrections, prices by hand, transfers within the household, an account that leaves it and
comes back, stored days. A few short histories in `make test`, long ones in `make soak`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from wealthnexus.domain.closing.invariants import broken
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.lot_books import load_lot_books
from wealthnexus.domain.ledger.lot_books.invariants import units_held, unlike_units
from wealthnexus.domain.ledger.service import TransactionCommand, correct_transaction, post_transaction
from wealthnexus.domain.markets.service import OverridePrice, override_price
from wealthnexus.domain.performance import FeeBasis, PeriodKind
from wealthnexus.domain.performance.reading import listed_days, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.repository.values import computed_values, spans_of, values_of
from wealthnexus.domain.performance.service.days import bring_days
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY, Book, ids_of, view_of
from tests.support.engines import platform

__all__ = ["platform"]
pytestmark = [
    pytest.mark.database,
    pytest.mark.soak,
    pytest.mark.timeout(7_200),
    pytest.mark.asyncio(loop_scope="session"),
]
D = Decimal
FIRST = date(2020, 12, 1)
KEYS = ("A1", "A2", "A3")
SECURITIES = ("ACME", "BETA")
cents = st.integers(100, 900_000).map(lambda n: D(n) / 100)
units = st.integers(1, 5_000).map(lambda n: D(n) / 10)
days = st.integers(0, (LAST_DAY - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
accounts = st.sampled_from(KEYS)
securities = st.sampled_from(SECURITIES)


def small_book() -> Book:
    """Two accounts of a household and one outside it, two securities with a close a week."""
    book = Book().household().household("H2")
    for key in KEYS:
        book.account(key, "H2" if key == "A3" else "H1")
        book.deposit("100000", account=key, on=FIRST)
    for at, key in enumerate(SECURITIES):
        book.security(key)
        for week in range(18):
            close = 50 + 10 * at + (week * (7 - 3 * at)) % 11
            book.price(key, FIRST + timedelta(days=7 * week), str(close))
        for account in KEYS:
            book.buy(key, "200", "-10000", account=account, on=FIRST + timedelta(days=1 + at))
    return book


@dataclass
class Ground:
    """What the machine stands on: its own firm for each history, on the test's event loop."""

    platform: Platform
    loop: asyncio.AbstractEventLoop
    folder: Path
    histories: itertools.count[int] = field(default_factory=itertools.count)

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(120)


class Histories(RuleBasedStateMachine):
    ground: Ground
    firm: FirmInfo

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, Any] = {}
        self.ground.run(self._begin())

    async def _begin(self) -> None:
        self.firm = await make_firm(self.ground.platform, pinned_business_date=LAST_DAY)
        folder = self.ground.folder / str(next(self.ground.histories))
        folder.mkdir()
        report = await small_book().load(self.ground.platform, self.firm, folder)
        assert report.ok, list(report.lines())
        ids = await ids_of(self.ground.platform, self.firm)
        self.accounts, self.securities, self.home = ids.accounts, ids.securities, ids.households["H1"]
        self.keys = list(self.accounts.values())

    # -- acts ----------------------------------------------------------------------------------------------

    async def _post(self, *commands: TransactionCommand) -> None:
        async with self.ground.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
            for command in commands:
                await post_transaction(uow, self.firm, command)

    @rule(account=accounts, on=days, amount=cents)
    def deposit(self, account: str, on: date, amount: D) -> None:
        self.ground.run(self._post(TransactionCommand(self.accounts[account], "DEPOSIT", on, amount)))

    @rule(account=accounts, on=days, security=securities, quantity=units, price=cents)
    def buy(self, account: str, on: date, security: str, quantity: D, price: D) -> None:
        cost = (quantity * price / 100).quantize(D("0.01"))
        self.ground.run(self._post(
            TransactionCommand(self.accounts[account], "BUY", on, -cost,
                               security_id=self.securities[security], quantity=quantity)
        ))  # fmt: skip

    @rule(account=accounts, security=securities, quantity=units, amount=cents)
    def sell(self, account: str, security: str, quantity: D, amount: D) -> None:
        """On the last day, and no more than is held then."""
        sold = min(quantity, self.ground.run(self._held(account, security)))
        if sold > 0:
            self.ground.run(self._post(
                TransactionCommand(self.accounts[account], "SELL", LAST_DAY, amount,
                                   security_id=self.securities[security], quantity=sold)
            ))  # fmt: skip

    async def _held(self, account: str, security: str) -> D:
        async with self.ground.platform.db.reading(Binding(self.firm.id)) as reader:
            found = await reader.scalar(
                text(
                    "select sum(units) from transactions where tenant_id = :t and account_id = :a"
                    " and security_id = :s"
                ),
                {"t": self.firm.id, "a": self.accounts[account], "s": self.securities[security]},
            )
        return D(found or 0)

    @rule(security=securities, on=days, close=cents)
    def price(self, security: str, on: date, close: D) -> None:
        async def act() -> None:
            async with self.ground.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
                told = OverridePrice(self.securities[security], on, close, "a test")
                await override_price(uow, self.firm, told)

        self.ground.run(act())

    @rule(data=st.data(), shift=st.integers(-20, 20), more=st.integers(-5_000, 5_000), is_gone=st.booleans())
    def correct(self, data: st.DataObject, shift: int, more: int, is_gone: bool) -> None:
        """Some deposit that stands: another day and amount, or gone."""
        deposits = self.ground.run(self._standing("DEPOSIT"))
        if not deposits:
            return
        row = data.draw(st.sampled_from(deposits))
        on = min(max(row.trade_date + timedelta(days=shift), FIRST), LAST_DAY)
        instead = TransactionCommand(row.account_id, "DEPOSIT", on, row.amount + 6_000 + more)
        self.ground.run(self._correct(row.id, None if is_gone and len(deposits) > 4 else instead))

    async def _standing(self, kind: str) -> list[Any]:
        async with self.ground.platform.db.reading(Binding(self.firm.id)) as reader:
            return list(await reader.rows(
                text(
                    "select t.id, t.account_id, t.trade_date, t.amount from transactions t"
                    " where t.tenant_id = :t and t.type = :k and t.entry_kind <> 'REVERSAL' and not exists ("
                    " select 1 from transactions x where x.tenant_id = :t and x.reverses_id = t.id)"
                    " order by t.id"
                ),
                {"t": self.firm.id, "k": kind},
            ))  # fmt: skip

    async def _correct(self, key: UUID, instead: TransactionCommand | None) -> None:
        async with self.ground.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
            await correct_transaction(uow, self.firm, key, instead, "a test")

    @rule(on=days, amount=cents)
    def transfer_within(self, on: date, amount: D) -> None:
        """Cash from one account of the household to the other: the household earned what it earned."""
        before = self.ground.run(self._returns())
        self.ground.run(self._post(
            TransactionCommand(self.accounts["A1"], "TRANSFER_OUT", on, -amount),
            TransactionCommand(self.accounts["A2"], "TRANSFER_IN", on, amount),
        ))  # fmt: skip
        after = self.ground.run(self._returns())
        assert after == before, (on, amount)

    @rule(data=st.data(), part=st.integers(1, 99))
    def split_a_flow(self, data: st.DataObject, part: int) -> None:
        """A deposit becomes two of the same day: nobody earned anything else."""
        deposits = self.ground.run(self._standing("DEPOSIT"))
        row = data.draw(st.sampled_from(deposits))
        share = (row.amount * part / 100).quantize(D("0.01"))
        if share <= 0 or share >= row.amount:
            return
        before = self.ground.run(self._returns())
        rest = TransactionCommand(row.account_id, "DEPOSIT", row.trade_date, row.amount - share)
        self.ground.run(self._correct(row.id, rest))
        self.ground.run(self._post(TransactionCommand(row.account_id, "DEPOSIT", row.trade_date, share)))
        assert self.ground.run(self._returns()) == before

    @rule()
    def bring(self) -> None:
        async def act() -> None:
            async with self.ground.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
                await bring_days(uow, await view_of(uow, self.firm), self.keys)

        self.ground.run(act())

    # -- what must hold ------------------------------------------------------------------------------------

    async def _returns(self, version: int | None = None, reader: Reader | None = None) -> list[str]:
        if reader is None:
            async with self.ground.platform.db.reading(Binding(self.firm.id)) as own:
                return await self._returns(version, own)
        view = await view_of(reader, self.firm, None, version)
        book = await scope_book(reader, view, Scope(ScopeKind.HOUSEHOLD, self.home))
        assert book is not None
        found = []
        for kind in (PeriodKind.YEAR_TO_DATE, PeriodKind.SINCE_INCEPTION):
            period = book.period(kind)
            for basis in FeeBasis:
                shown = None if period is None else book.figures(period, basis).time_weighted
                found.append(f"{kind} {basis} {shown and (shown.published or shown.reason)}")
        return found

    async def _answer(self, reader: Reader, version: int) -> tuple[Any, ...]:
        """Values, lots and returns as a version knows them."""
        view = await view_of(reader, self.firm, None, version)
        listed = listed_days(FIRST, view.as_of, view.as_of)
        values = await values_of(reader, view, await spans_of(reader, view, self.keys), listed, "USD")
        books = await load_lot_books(reader, view, self.keys)
        lots = [
            (lot.account, lot.security, lot.units, lot.acquired_on, lot.basis)
            for book in books.books
            for lot in book.played.open_lots()
        ]
        return values, sorted(lots, key=str), await self._returns(version, reader)

    async def _all_holds(self) -> None:
        async with self.ground.platform.db.reading(Binding(self.firm.id)) as reader:
            view = await view_of(reader, self.firm)
            assert [each.sentence for each in await broken(reader, view, self.keys)] == []
            books = await load_lot_books(reader, view, self.keys)
            held = await units_held(reader, view, books)
            for book in books.books:
                assert list(unlike_units(book, held, view.as_of)) == []
            listed = listed_days(FIRST, view.as_of, view.as_of)
            spans = await spans_of(reader, view, self.keys)
            read = await values_of(reader, view, spans, listed, "USD")
            scratch = await computed_values(reader, view, self.keys, listed, "USD")
            for key, (first, _) in spans.items():
                # A first deposit moved to a later day left nothing on the days before.
                before = [day for day in scratch.values[key] if day < first]
                assert {scratch.values[key].pop(day) for day in before} <= {D(0)}
            assert read == scratch
            version = view.book_version
            if version not in self.known:
                self.known[version] = await self._answer(reader, version)
            # The oldest and one in the middle: each is asked for many times in a history.
            for old in {min(self.known), sorted(self.known)[len(self.known) // 2]}:
                assert await self._answer(reader, old) == self.known[old], old

    @invariant()
    def holds(self) -> None:
        self.ground.run(self._all_holds())

    @precondition(lambda self: len(self.known) > 3)
    @rule()
    def answers_differ(self) -> None:
        """The comparison of what was known can fail: versions did change what is said."""
        assert len({str(each) for each in self.known.values()}) > 1


async def test_random_histories(platform: Platform, tmp_path: Path, soak: bool) -> None:
    class Machine(Histories):
        ground = Ground(platform, asyncio.get_running_loop(), tmp_path)

    profile = settings(
        max_examples=40 if soak else 3,
        stateful_step_count=30 if soak else 10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, Machine, settings=profile)
