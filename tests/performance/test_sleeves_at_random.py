"""Random journals between the sleeves of an account, beside a programme that knows nothing of ours."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, post
from tests.oracle import sleeves as oracle
from tests.performance.small import value_of
from tests.performance.test_sleeves import Sleeved, sleeved

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
DAYS = [date(2021, 3, day) for day in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12)]
NOTHING = Decimal(0)


class History:
    """What was entered, as the oracle reads it."""

    def __init__(self, there: Sleeved, seed: int, closes: oracle.Closes) -> None:
        self.there, self.dice, self.closes = there, random.Random(seed), closes
        self.entries: list[oracle.Entry] = [
            (DAYS[0], "core", "DEPOSIT", None, NOTHING, Decimal(100000)),
            (DAYS[0], "core", "BUY", "ACME", Decimal(600), Decimal(-30000)),
            (DAYS[1], "core", "BUY", "ZORG", Decimal(333), Decimal(-10000)),
        ]

    def held(self, sleeve: str, security: str, day: date) -> Decimal:
        mine = (each for each in self.entries if each[1] == sleeve and each[3] == security)
        return sum((each[4] for each in mine if each[0] <= day), NOTHING)

    async def journal(self, day: date) -> None:
        """Cash or units, one way or the other, as much as there is at most."""
        left, arrived = self.dice.choice((("core", "satellite"), ("satellite", "core")))
        security = self.dice.choice((None, "ACME", "ZORG"))
        back = left == "satellite"
        if security is None:
            cash = sum((each[5] for each in self.entries if each[1] == left), NOTHING)
            amount = (cash * Decimal(self.dice.randrange(1, 8)) / 10).quantize(Decimal("0.01"), ROUND_DOWN)
            if amount <= 0:
                return
            await self.there.journal(day.isoformat(), amount=amount, back=back)
            moved = (NOTHING, amount)
        else:
            units = self.held(left, security, day) * Decimal(self.dice.randrange(1, 5)) / 4
            units = units.quantize(Decimal(1), ROUND_DOWN)  # parts of a unit are rounded by sleeve
            if units <= 0:
                return
            key = self.there.there.ids.securities[security]
            await self.there.journal(day.isoformat(), security_id=key, quantity=units, back=back)
            moved = (units, NOTHING)
        for sleeve, sign in ((left, -1), (arrived, 1)):
            self.entries.append((day, sleeve, "JOURNAL", security, sign * moved[0], sign * moved[1]))

    async def dividend(self, day: date, sleeve: str) -> None:
        of = self.there.satellite if sleeve == "satellite" else self.there.core
        command = TransactionCommand(
            self.there.account, "DIVIDEND", day, Decimal("12.34"), portfolio_id=of,
            security_id=self.there.there.ids.securities["ACME"],
        )  # fmt: skip
        await post(self.there.there.platform, self.there.there.firm, command)
        self.entries.append((day, sleeve, "DIVIDEND", "ACME", NOTHING, Decimal("12.34")))


@pytest.mark.parametrize("seed", [1, 2])
async def test_sleeves_sum_to_the_account_and_its_return_knows_no_journal(
    platform: Platform, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    closes = {
        name: {day: Decimal(dice.randrange(2500, 6000)).scaleb(-2) for day in DAYS}
        for name in ("ACME", "ZORG")
    }
    book = Book(as_of=DAYS[-1]).household().account("A").security("ACME").security("ZORG")
    for name, by_day in closes.items():
        for day, close in by_day.items():
            book.price(name, day, str(close))
    book.deposit("100000", account="A", on=DAYS[0]).buy("ACME", "600", "-30000", account="A", on=DAYS[0])
    book.buy("ZORG", "333", "-10000", account="A", on=DAYS[1])
    there = await sleeved(platform, book, tmp_path, day=DAYS[-1])
    account = there.there.account("A")
    before = await there.there.book(account)
    history = History(there, seed, closes)
    for day in DAYS[1:]:
        for _ in range(dice.randrange(1, 3)):
            await history.journal(day)
    alone = await there.there.book(account)
    assert alone.series.days == before.series.days
    assert value_of(alone) == value_of(before)
    await history.dividend(DAYS[5], "satellite")
    whole = await there.there.book(account)
    books = {
        name: await there.book(key) for name, key in (("core", there.core), ("satellite", there.satellite))
    }
    days = [row.day for row in whole.series.days]
    for name, of in ((None, whole), *books.items()):
        values = {row.day: row.value for row in of.series.days}
        for day in days:
            assert values.get(day, NOTHING) == oracle.value(history.entries, closes, name, day), (name, day)
        assert value_of(of) == oracle.time_weighted(history.entries, closes, name, days), name
    rows = await there.sleeves()
    total = sum((row.market_value.value or NOTHING for row in rows.values()), NOTHING)
    assert total == whole.series.days[-1].value


async def test_a_scope_of_a_sleeve_is_that_of_no_other_account(platform: Platform, tmp_path: Path) -> None:
    book = Book().household().account("A").account("B").deposit("5", account="B", on="2021-03-01")
    there = await sleeved(platform, book, tmp_path)
    empty = await there.book(there.satellite)
    assert (empty.inception, empty.members.names.keys()) == (None, {there.account})
    assert Scope(ScopeKind.SLEEVE, there.satellite) == empty.members.scope
