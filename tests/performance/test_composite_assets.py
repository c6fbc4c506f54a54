"""The assets of a firm beside those of a composite of all its accounts, and a composite that is too large."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.composites import composite_book
from wealthnexus.domain.performance.repository import composites as stored
from wealthnexus.domain.performance.service.composites import (
    ChangeMembers,
    CreateComposite,
    add_members,
    create_composite,
)
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import small

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
SUNDAY = "2021-02-28"


async def test_what_comes_after_the_last_session_is_in_the_assets_of_both(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,000 and 2,000 in December, 500 more and 70 of a third account on Sunday 28 February: 3,570."""
    book = Book().household().account("A1").account("A2").account("A3")
    book.deposit("1000", account="A1", on="2020-12-28").deposit("2000", account="A2", on="2020-12-28")
    book.deposit("500", account="A1", on=SUNDAY).deposit("70", account="A3", on=SUNDAY)
    there = await small(platform, book, tmp_path, day=date(2021, 3, 5))
    async with platform.db.unit_of_work(Binding(there.firm.id), actor=SYSTEM) as uow:
        key = await create_composite(uow, CreateComposite("All", "All accounts.", "USD", "a test"))
        members = tuple(there.ids.accounts[name] for name in ("A1", "A2"))
        await add_members(uow, ChangeMembers(key, members, date(2021, 1, 1), "a test"))
    async with platform.db.reading(Binding(there.firm.id)) as reader:
        view = await book_view(reader, there.firm)
        found = await composite_book(reader, view, key)
        assert found is not None
        (year,) = found.years
        assert (year.end, year.assets) == (date(2021, 2, 28), Decimal(3500))
        assert found.beside[2021].firm_assets == Decimal(3570)
        monkeypatch.setattr(stored, "STAYS_MAX", 1)
        with pytest.raises(LimitExceeded, match="more than 1 stays"):
            await composite_book(reader, view, key)
