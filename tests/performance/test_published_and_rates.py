"""Whatever moves a published figure is looked at behind it, and its steps sum to the difference."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.closing.restating import look_at_published, touched
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.repository.published import by_ids, latest_on
from wealthnexus.domain.performance.restated import Cause, Step, compared, steps
from wealthnexus.domain.performance.rules.periods import PeriodKind
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.service.publishing import Publish, publish
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import Small, small

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


def stock() -> Book:
    """10,000 in, 100 at 50 bought; from 10 March on 200 at 25, of which 100 came by a journal of the desk."""
    book = Book().household().account("A").security().price("ACME", "2021-03-01", "50")
    book.deposit("10000", account="A", on="2021-03-01").buy(
        "ACME", "100", "-5000", account="A", on="2021-03-01"
    )
    book.price("ACME", "2021-03-10", "25")
    return book.transaction("JOURNAL", account="A", on="2021-03-10", security="ACME", quantity="100")


async def told(there: Small, binding: Binding) -> list[Step]:
    """The steps of the household's figure since inception, held against the difference."""
    key = there.ids.households["H1"]
    async with there.platform.db.unit_of_work(binding) as uow:
        view = await book_view(uow, there.firm)
        said = (await latest_on(uow, SAID, [key]))[key]
        ids, _ = await touched(uow, view, said.book_version)
        assert ids == [said.id]
        assert await look_at_published(uow, view, ids) == 1
        (whole,) = [
            each
            for each in await compared(uow, view, said) or []
            if (each.published.period, each.published.basis) == ("ITD", "NET")
        ]
        found = await steps(uow, view, said, PeriodKind.SINCE_INCEPTION, FeeBasis.NET) or []
    assert sum(each.difference or 0 for each in found) == whole.difference != 0
    assert (found[0].before.value, found[-1].after.value) == (whole.published.time_weighted, whole.now.value)
    return found


async def test_terms_of_an_action_and_of_a_security_are_steps_too(platform: Platform, tmp_path: Path) -> None:
    """Units that came by no action are 2,500 paid in: 10,000 / 12,500 - 1 = -20 %. Told to be a split, they
    are none: 0 %. A price for ten units: 5,500 on the first day, then 5,500 of 5,750, or of 5,500."""
    book = stock()
    there = await small(platform, book, tmp_path)
    binding = Binding(there.firm.id)
    async with platform.db.unit_of_work(binding) as uow:
        view = await book_view(uow, there.firm, SAID)
        await publish(uow, view, Publish(there.household(), SAID, "the month", 0))
    terms = {"ratio_new": Decimal(2), "ratio_old": Decimal(1)}
    book.action("SPLIT", "2021-03-10", **terms)
    assert (await book.load(platform, there.firm, tmp_path)).ok
    (split,) = await told(there, binding)
    assert (split.cause, [each.actions for each in split.writings]) == (Cause.WRITINGS, [1])
    assert (split.before.value, split.after.value) == (Decimal("-0.20000000"), 0)
    book.actions.clear()
    book.securities[0] = replace(book.securities[0], price_multiplier=Decimal("0.1"))
    assert (await book.load(platform, there.firm, tmp_path)).ok
    first, second = await told(there, binding)
    assert (first.cause, [each.terms for each in first.writings]) == (Cause.TERMS, [1])
    assert (first.before.value, first.after.value) == (Decimal("-0.20000000"), Decimal("-0.47391304"))
    assert second.after.value == Decimal("-0.45000000")
    assert (second.cause, [each.actions for each in second.writings]) == (Cause.WRITINGS, [1])


async def test_what_nobody_recorded_is_a_step_of_its_own(platform: Platform, tmp_path: Path) -> None:
    """A figure moved below the books: the formulas of another engine, or a row changed by hand."""
    there = await small(platform, stock(), tmp_path)
    binding = Binding(there.firm.id)
    async with platform.db.unit_of_work(binding) as uow:
        view = await book_view(uow, there.firm, SAID)
        await publish(uow, view, Publish(there.household(), SAID, "the month", 0))
    async with platform.db.unit_of_work(binding) as uow:
        await uow.execute(text("update securities set price_multiplier = 0.5"))
        key = there.ids.households["H1"]
        said = (await latest_on(uow, SAID, [key]))[key]
        view = await book_view(uow, there.firm)
        for engine, cause in ((said.engine_version, Cause.OTHER), ("performance/0", Cause.FORMULAS)):
            former = replace(said, engine_version=engine)
            found = await steps(uow, view, former, PeriodKind.SINCE_INCEPTION, FeeBasis.NET) or []
            assert [(each.cause, each.writings) for each in found] == [(cause, ())]
