"""Stored days after an import or a posted action: of each account those hold that nothing new reaches."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.repository.stored_days import held_days
from wealthnexus.domain.performance.repository.values import computed_values, spans_of, values_of
from wealthnexus.domain.performance.service.days import account_keys, bring_days
from wealthnexus.domain.performance.sessions import valuation_days
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import Small, small

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


def two_accounts() -> Book:
    """A holds ACME, B holds a share in euro; both bought on 1 March."""
    book = Book().household().account("A").account("B").security().security("EURO", currency="EUR")
    for day in ("2021-03-01", "2021-03-15"):
        book.price("ACME", day, "50").price("EURO", day, "40").rate("EUR", "USD", day, "1.25")
    for account, security in (("A", "ACME"), ("B", "EURO")):
        book.deposit("10000", account=account, on="2021-03-01")
        book.buy(security, "100", "-5000", account=account, on="2021-03-01")
    return book


async def held(there: Small) -> dict[str, Any]:
    """By account from which day on the stored days end; and what is read is what is computed."""
    async with there.platform.db.reading(Binding(there.firm.id)) as reader:
        view = await book_view(reader, there.firm)
        keys = await account_keys(reader)
        days = valuation_days(date(2021, 3, 1), view.as_of)
        spans = await spans_of(reader, view, keys)
        read = await values_of(reader, view, spans, days, "USD")
        scratch = await computed_values(reader, view, keys, days, "USD")
        assert (read.values, read.flaws) == (scratch.values, scratch.flaws)
        found = await held_days(reader, view, keys)
    names = {key: name for name, key in there.ids.accounts.items()}
    return {names[key]: one.changed_from for key, one in found.items()}


async def test_an_import_ends_the_days_that_it_reaches(platform: Platform, tmp_path: Path) -> None:
    book = two_accounts()
    there = await small(platform, book, tmp_path)

    async def bring() -> None:
        async with platform.db.unit_of_work(Binding(there.firm.id)) as uow:
            await bring_days(uow, await book_view(uow, there.firm), await account_keys(uow))

    async def load(changed: Book) -> None:
        report = await changed.load(platform, there.firm, tmp_path)
        assert report.ok, list(report.lines())

    await bring()
    assert await held(there) == {"A": None, "B": None}
    night = deepcopy(book).price("ACME", "2021-03-31", "55").price("EURO", "2021-03-31", "44")
    await load(night.rate("EUR", "USD", "2021-03-31", "1.3"))
    assert await held(there) == {"A": date(2021, 3, 31), "B": date(2021, 3, 31)}
    await bring()
    assert await held(there) == {"A": None, "B": None}
    late = deepcopy(night).price("ACME", "2021-03-08", "51")
    await load(late)
    assert await held(there) == {"A": date(2021, 3, 8), "B": None}
    await load(deepcopy(late).rate("EUR", "USD", "2021-03-10", "1.4"))
    assert await held(there) == {"A": date(2021, 3, 8), "B": date(2021, 3, 10)}
    await bring()
    entry = deepcopy(late).rate("EUR", "USD", "2021-03-10", "1.4").deposit("5", account="B", on="2021-03-22")
    await load(entry)
    assert await held(there) == {"A": None, "B": date(2021, 3, 22)}
    await bring()
    entry.securities[0] = replace(entry.securities[0], price_multiplier=Decimal("0.01"))
    await load(entry)
    assert await held(there) == {"B": None}
