"""The returns of both demo firms, divided: parts sum to their whole, effects to the difference.

Every sixth household in `make test`, all of them in `make soak`.
"""

from __future__ import annotations

import math
import time
from datetime import date

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance import FeeBasis, PeriodKind
from wealthnexus.domain.performance.attributing import attributed
from wealthnexus.domain.performance.dividing import divided
from wealthnexus.domain.performance.parts_by_day import FEES
from wealthnexus.domain.performance.reading import scope_book
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.performance.conftest import Demo

pytestmark = [
    pytest.mark.database,
    pytest.mark.soak,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("performance_demo"),
]


async def test_the_parts_sum_to_the_whole(platform: Platform, demo: Demo, soak: bool) -> None:
    """Over the year and since inception, by five kinds of parts and both bases."""
    compared = attributions = charges = 0
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm)
        rows = (await clients.households_page(reader, view, page_request(200, None))).rows
        for at, row in enumerate(rows if soak else rows[::6]):
            book = await scope_book(reader, view, Scope(ScopeKind.HOUSEHOLD, row.id))
            assert book is not None
            period = book.period(PeriodKind.SINCE_INCEPTION if at % 3 == 0 else PeriodKind.YEAR_TO_DATE)
            if period is None:
                continue
            for kind in (None, PartKind.SECURITY, PartKind.ASSET_CLASS, PartKind.SECTOR, PartKind.CURRENCY):
                for basis in FeeBasis:
                    started = time.perf_counter()
                    whole = book.figures(period, basis).time_weighted
                    found = await divided(reader, book, period, kind, basis)
                    if whole.value is None:
                        assert found.total.value is None
                        continue
                    assert found.total.value is not None, (row.name, kind, found.total)
                    assert math.isclose(found.total.value, whole.value, abs_tol=5e-9), (row.name, kind)
                    assert math.isclose(
                        math.fsum(part.contribution for part in found.parts), whole.value, abs_tol=5e-9
                    )
                    compared += 1
                    charged = book.figures(period, basis).fees if kind and basis is FeeBasis.NET else 0
                    fees = [part.contribution for part in found.parts if part.key == FEES]
                    assert len(fees) == bool(charged), (row.name, kind, basis)
                    assert all(part < 0 for part in fees if charged > 0)
                    charges += len(fees)
                    if kind is None:
                        assert not [part for part in found.parts if part.key == "REST"], row.name
            other = await attributed(reader, book, period)
            print(row.name, round(time.perf_counter() - started, 2), other.total.value, other.total.reason)
            if other.total.value is not None:
                effects = math.fsum(each.effects.total for each in other.segments)
                assert math.isclose(effects, other.total.value, abs_tol=5e-9)
                attributions += 1
    assert compared > (50 if soak else 20)
    assert charges > (15 if soak else 6)
    assert attributions > (4 if soak else 1)


async def test_the_benchmark_is_60_of_a_fund_and_40_at_a_rate(platform: Platform, demo: Demo) -> None:
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm, date(2020, 12, 31))
        book = await scope_book(reader, view, Scope(ScopeKind.FIRM))
        assert book is not None
        assert book.benchmark is not None
        period = book.period(PeriodKind.ONE_YEAR)
        assert period is not None
        days = book.benchmark_days(period)
        assert all(row.growth is not None for row in days)
        grown = math.prod(row.growth or 0 for row in days) - 1
        # SPY 321.86 to 373.88 with 5.69 of dividends is 18.4 %; rebalanced by the month.
        assert 0.10 < grown < 0.14
