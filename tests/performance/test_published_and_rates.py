"""A rate that is corrected is looked at behind what was published, where something is converted by it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from wealthnexus.domain.closing.restating import look_at_published, touched
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.repository.published import by_ids
from wealthnexus.domain.performance.service.publishing import Publish, publish
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import small

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
SAID = date(2021, 3, 19)


async def test_a_corrected_rate_is_looked_at_where_it_converts(platform: Platform, tmp_path: Path) -> None:
    """B holds EUR 4,000 at 1.25 in 10,000; at 1.40 since 10 March the day and the figure are others."""
    book = Book().household().household("H2").account("A").account("B", household="H2").security()
    book.security("EURO", currency="EUR")
    book.price("ACME", "2021-03-01", "50").price("EURO", "2021-03-01", "40")
    book.rate("EUR", "USD", "2021-03-01", "1.25")
    for account, security in (("A", "ACME"), ("B", "EURO")):
        book.deposit("10000", account=account, on="2021-03-01")
        book.buy(security, "100", "-5000", account=account, on="2021-03-01")
    there = await small(platform, book, tmp_path)
    binding = Binding(there.firm.id)
    async with platform.db.unit_of_work(binding) as uow:
        view = await book_view(uow, there.firm, SAID)
        for key in ("H1", "H2"):
            await publish(uow, view, Publish(there.household(key), SAID, "the month", 0))
    before = view.book_version

    async def looked_at() -> tuple[set[object], int]:
        async with platform.db.unit_of_work(binding) as uow:
            view = await book_view(uow, there.firm)
            ids, _ = await touched(uow, view, before)
            found = {each.subject_id for each in (await by_ids(uow, ids)).values()}
            return found, await look_at_published(uow, view, ids)

    late = deepcopy(book).rate("EUR", "USD", "2021-03-31", "1.30")
    assert (await late.load(platform, there.firm, tmp_path)).ok
    assert await looked_at() == (set(), 0)
    assert (await late.rate("EUR", "USD", "2021-03-10", "1.40").load(platform, there.firm, tmp_path)).ok
    assert await looked_at() == ({there.ids.households["H2"]}, 1)
