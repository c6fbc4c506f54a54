"""The gains of both demo firms by their lots: the parts sum to what values and flows say.

Every third household in `make test`, all of them in `make soak`.
"""

from __future__ import annotations

import time
from collections import Counter
from decimal import Decimal

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance import FeeBasis, PeriodKind
from wealthnexus.domain.performance.borne import expenses_of
from wealthnexus.domain.performance.gains import gain_in_parts
from wealthnexus.domain.performance.reading import scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.money import round_money
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.oracle.income import income_and_costs
from tests.oracle.returns import Returns
from tests.performance.conftest import CLOCK, Demo

pytestmark = [
    pytest.mark.database,
    pytest.mark.soak,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("performance_demo"),
]


async def test_the_parts_of_a_gain_sum_to_it(platform: Platform, demo: Demo, soak: bool) -> None:
    told: Counter[str] = Counter()
    oracle = Returns(demo.folder)
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm)
        rows = (await clients.households_page(reader, view, page_request(200, None))).rows
        for row in rows if soak else rows[::3]:
            book = await scope_book(reader, view, Scope(ScopeKind.HOUSEHOLD, row.id))
            assert book is not None
            for kind in (PeriodKind.YEAR_TO_DATE, PeriodKind.SINCE_INCEPTION):
                period = book.period(kind)
                if period is None:
                    continue
                started = time.perf_counter()
                parts = await gain_in_parts(reader, book, period)
                told[parts.reason or "divided"] += 1
                if parts.reason is not None:
                    print(row.name, kind, parts.reason)
                    assert parts.realised is parts.unrealised is parts.currency is None
                    continue
                net = book.figures(period, FeeBasis.NET)
                assert net.gain is not None
                whole = [parts.income, parts.realised, parts.unrealised, parts.currency]
                total = sum((part for part in whole if part is not None), Decimal(0))
                shown = [
                    round_money(each, book.currency)
                    for each in (net.gain, net.fees, expenses_of(book, period))
                ]
                assert total == sum(shown), (row.name, kind)
                begin = book.series.days[0].day if kind is PeriodKind.SINCE_INCEPTION else period.begin
                begin = min(begin, period.begin)
                told_by_files = income_and_costs(oracle, row.external_id, begin, CLOCK, book.currency)
                ours = (parts.income, net.fees, expenses_of(book, period))
                for name, own, other in zip(("income", "fees", "expenses"), ours, told_by_files, strict=True):
                    assert own is not None
                    assert abs(own - other) <= Decimal("0.05"), (row.name, kind, name, own, other)
                print(row.name, kind, round(time.perf_counter() - started, 2))
    print(told)
    assert told.keys() <= {"divided", "BOUNDARY_VALUE_MISSING", "BASIS_MISSING"}
    assert told["divided"] > sum(told.values()) * 0.9
