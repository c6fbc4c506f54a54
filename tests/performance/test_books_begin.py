"""When the books of an account begin: with its first entry that stands, on whatever day that is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger.service import TransactionCommand, correct_transaction
from wealthnexus.domain.performance.service.days import account_keys, bring_days
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import of_period, small, value_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


async def test_an_entry_that_was_taken_back_begins_nothing(platform: Platform, tmp_path: Path) -> None:
    """A deposit typed for 1970 and corrected to 1 March 2021 makes no day of the fifty years between; B came
    to the household with 500 of its own on the same day."""
    book = Book().household().account().account("B").deposit("1000", on="1970-01-05", key="OLD")
    book.deposit("500", account="B", on="2021-02-01")
    there = await small(platform, book, tmp_path)
    account = there.ids.accounts["A1"]
    async with platform.db.unit_of_work(Binding(there.firm.id), actor=SYSTEM) as uow:
        right = TransactionCommand(account, "DEPOSIT", date(2021, 3, 1), Decimal(1_000))
        await correct_transaction(uow, there.firm, there.ids.transactions["OLD"], right, reason="a slip")
    alone = await there.book(there.account("A1"))
    assert (alone.series.days[0].day, alone.inception) == (date(2021, 3, 1), date(2021, 2, 28))
    whole = await there.book(there.household())
    assert whole.series.days[0].day == date(2021, 2, 1)
    assert min(whole.values[account]) == date(2021, 3, 1)
    assert value_of(whole) == 0


async def test_a_first_entry_on_a_weekend_is_there_that_weekend_with_stored_days(
    platform: Platform, tmp_path: Path
) -> None:
    """A deposit of Saturday 6 March, asked for Sunday: 1,000 with and without what is stored to the 31st."""
    book = Book().household().account().deposit("1000", on="2021-03-06")
    there = await small(platform, book, tmp_path)
    sunday = date(2021, 3, 7)
    scratch = of_period(await there.book(there.account("A1"), as_of=sunday)).closing
    async with platform.db.unit_of_work(Binding(there.firm.id)) as uow:
        await bring_days(uow, await book_view(uow, there.firm), await account_keys(uow))
        assert await uow.scalar(text("select count(*) from portfolio_days")) == 18
    assert of_period(await there.book(there.account("A1"), as_of=sunday)).closing == scratch == 1_000
