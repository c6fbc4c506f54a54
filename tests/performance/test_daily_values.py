"""The days of both demo firms: each is worth what the account was worth on that day, to the cent."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.reading import scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.repository.values import Valued, spans_of, values_of
from wealthnexus.domain.performance.sessions import valuation_days
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.performance.conftest import CLOCK, Demo

pytestmark = [
    pytest.mark.database,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("performance_demo"),
]

DAYS = [
    date(2014, 4, 3), date(2016, 2, 29), date(2018, 12, 4), date(2019, 10, 11), date(2020, 7, 1),
    date(2020, 8, 31), date(2020, 12, 31), CLOCK,
]  # fmt: skip


async def test_a_day_is_worth_what_the_account_is_worth(platform: Platform, demo: Demo) -> None:
    """Every account on eight days, and with every day of seven years asked for at once."""
    compared, qualities = 0, Counter[str]()
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        now = await book_view(reader, demo.firm)
        rows = (await clients.accounts_page(reader, now, page_request(200, None))).rows
        days = valuation_days(date(2013, 1, 1), CLOCK)
        assert set(DAYS) <= set(days)
        started = time.perf_counter()
        by_currency: dict[str, Valued] = {}
        for currency in {row.currency for row in rows}:
            keys = [row.id for row in rows if row.currency == currency]
            by_currency[currency] = await values_of(
                reader, now, await spans_of(reader, now, keys), days, currency
            )
        print("all accounts, all days", round(time.perf_counter() - started, 2))
        for day in DAYS:
            view = await book_view(reader, demo.firm, day)
            for row in (await clients.accounts_page(reader, view, page_request(200, None))).rows:
                found = by_currency[row.currency]
                expected = row.market_value.value or Decimal(0)
                assert found.values.get(row.id, {}).get(day, Decimal(0)) == expected, (row.name, day)
                unpriced, stale = found.flaws.get(row.id, {}).get(day, (0, 0))
                quality = "PARTIAL" if unpriced else "STALE" if stale else "COMPLETE"
                assert row.market_value.quality.value in {quality, "UNAVAILABLE"}, (row.name, day)
                qualities[quality] += 1
                compared += 1
    assert compared > 300
    assert qualities["PARTIAL"] + qualities["STALE"]


@pytest.mark.soak
async def test_a_household_closes_at_its_value(platform: Platform, demo: Demo, soak: bool) -> None:
    """Every third household in `make test`, all of them in `make soak`."""
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm)
        rows = (await clients.households_page(reader, view, page_request(200, None))).rows
        for row in rows if soak else rows[::3]:
            started = time.perf_counter()
            book = await scope_book(reader, view, Scope(ScopeKind.HOUSEHOLD, row.id))
            assert book is not None
            if row.market_value.quality.value == "PARTIAL" or not book.series.days:
                continue
            assert book.series.days[-1].value == row.market_value.value, row.name
            print(row.name, len(book.values), len(book.series.days), round(time.perf_counter() - started, 2))
