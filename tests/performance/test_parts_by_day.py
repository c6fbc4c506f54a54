"""Shares of accounts in the result of a day, and a benchmark over several days: by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from wealthnexus.domain.performance.attributing import segments_beside, segments_of
from wealthnexus.domain.performance.parts_by_day import by_sub_period, of_accounts, shares_of
from wealthnexus.domain.performance.rules.attribution import SegmentReturn, brinson_fachler
from wealthnexus.domain.performance.rules.benchmarks import Blend, Rebalance, blended
from wealthnexus.domain.performance.rules.contribution import PartDay, contributions, part_return
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, FeeBasis
from wealthnexus.domain.performance.rules.scopes import Membership, scope_series
from wealthnexus.domain.performance.rules.time_weighted import time_weighted

pytestmark = pytest.mark.unit
A, B = UUID(int=1), UUID(int=2)
BEGIN = date(2024, 1, 1)
POLICY = CalculationPolicy()
D = Decimal


def day(n: int) -> date:
    return BEGIN + timedelta(days=n)


def book_of(memberships: list[Membership], values: dict[UUID, list[int | None]]) -> Any:
    """What ``shares_of`` and ``of_accounts`` read of a scope."""
    own = {
        key: {day(n): D(one) for n, one in enumerate(course) if one is not None}
        for key, course in values.items()
    }
    days = [day(n) for n in range(max(len(course) for course in values.values()))]

    def share_of(account: UUID, on: date) -> Fraction:
        held = [m for m in memberships if m.account == account and m.first_day <= on]
        return next((m.share for m in held if m.end is None or on < m.end), Fraction(0))

    return SimpleNamespace(
        members=SimpleNamespace(memberships=memberships),
        values=own,
        rows=[],
        series=scope_series(own, [], memberships, days, POLICY),
        policies=POLICY,
        share_of=share_of,
    )


def test_on_the_day_a_share_rises_the_old_share_has_the_result() -> None:
    """50 % until day 1, 100 % from day 2, on which 100 become 110: 5 for who had the half."""
    members = [Membership(A, day(0), day(2), Fraction(1, 2)), Membership(A, day(2))]
    book = book_of(members, {A: [100, 100, 110, 121]})
    listed = [row.day for row in book.series.days]
    shares = [(each.first, each.last, each.share) for each in shares_of(book, listed)]
    assert shares == [(2, 2, D("0.5")), (3, 3, D("0.5")), (4, 4, D(1))]
    found = time_weighted(book.series.days, begin=day(0), end=day(3), basis=FeeBasis.NET, policy=POLICY)
    sums = of_accounts(book, listed, (1, 3), FeeBasis.NET)
    parts = by_sub_period(found.sub_periods, listed, sums, "REST")
    assert [{key: part.gain for key, part in each.items()} for each in parts[1:]] == [
        {str(A): D(5)},
        {str(A): D(11)},
    ]
    assert contributions(found.sub_periods, parts).value == pytest.approx(found.value, abs=1e-15)


def test_an_account_whose_books_start_with_a_value_has_no_result_on_that_day() -> None:
    """It is a member on all days; its books begin on day 1 with 1,000 that no flow explains."""
    book = book_of(
        [Membership(A, date.min), Membership(B, date.min)], {A: [100, 110, 110], B: [None, 1000, 1010]}
    )
    listed = [row.day for row in book.series.days]
    shares = [(each.account_id, each.first, each.last) for each in shares_of(book, listed)]
    assert shares == [(A, 2, 3), (B, 1, 1), (B, 3, 3)]


def test_a_part_that_lost_more_than_it_had_has_no_return() -> None:
    """-250 %, twice, is not +125 %."""
    subs = [SimpleNamespace(begin=day(n), end=day(n + 1)) for n in range(2)]
    days = [{"x": PartDay(D(1000), D(-2500))}] * 2
    assert part_return("x", subs, days).reason is Reason.LOSS_BEYOND_CAPITAL  # type: ignore[arg-type]
    gone = part_return("x", subs[:1], [{"x": PartDay(D(10), D(-10))}])  # type: ignore[arg-type]
    assert gone.value == -1


def test_what_is_gained_without_capital_is_selection() -> None:
    """All of 1,000 in shares that earn 1 % as the index does, and a fee of 10: 0 %, -1 % of it the fee."""
    found = brinson_fachler(
        [
            SegmentReturn("shares", 1.0, 0.01, 0.6, 0.01),
            SegmentReturn("cash", 0.0, None, 0.4, 0.0),
            SegmentReturn("fees", 0.0, None, 0.0, None, uninvested=-0.01),
        ]
    )
    fees = found.effects[2]
    assert (found.portfolio_return, found.benchmark_return) == (pytest.approx(0.0), pytest.approx(0.006))
    assert (fees.allocation, fees.selection, fees.interaction) == (pytest.approx(0.0), -0.01, 0.0)
    assert found.residual == pytest.approx(0, abs=1e-15)


def test_a_gain_without_capital_and_a_loss_beyond_it_are_in_no_return() -> None:
    sub: Any = SimpleNamespace(start=D(1000))
    parts = {"shares": PartDay(D(1000), D(10)), "cash": PartDay(D(0), D(-10)), "odd": PartDay(D(1), D(-5))}
    found = {each.segment: each for each in segments_of(sub, parts, {"shares": (1.0, 0.02)})}
    assert (found["cash"].portfolio_return, found["cash"].uninvested) == (None, -0.01)
    assert (found["odd"].portfolio_return, found["odd"].uninvested) == (0.0, -0.005)
    assert found["shares"].portfolio_return == 0.01


def test_over_several_days_the_segments_of_a_benchmark_are_its_return() -> None:
    """60/40, rebalanced at the month's turn within the sub-period: the parts still give the whole."""
    levels = {"x": {day(n): D(100 + 10 * n) for n in range(62)}, "y": {day(n): D(100) for n in range(62)}}
    blends = [Blend(day(0), {"x": D("0.6"), "y": D("0.4")}, Rebalance.MONTHLY)]
    rows = blended(blends, levels, [day(n) for n in range(62)])
    parts = {"x": SimpleNamespace(asset_class="EQUITY"), "y": SimpleNamespace(asset_class=None)}
    book: Any = SimpleNamespace(benchmark=SimpleNamespace(days=rows, parts=parts))
    sub: Any = SimpleNamespace(begin=day(0), end=day(61))
    (found,) = segments_beside(book, [sub])
    assert found is not None
    grown = 1.0
    for row in rows:
        grown *= row.growth or 0
    assert sum(weight for weight, _ in found.values()) == pytest.approx(1)
    assert sum(weight * value for weight, value in found.values()) == pytest.approx(grown - 1, rel=1e-12)
    assert found["CASH"][1] == pytest.approx(0, abs=1e-15)
