"""Total-return levels: what several sources tell, in which unit and order, and what is not followed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from wealthnexus.domain.performance.rules.benchmarks import Blend, blended
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.levels import (
    Distribution,
    ToldAction,
    distribution_of,
    told_once,
    total_return_levels,
)

pytestmark = pytest.mark.unit
DAY = date(2024, 3, 4)
ONE = timedelta(days=1)


def told(kind: str, source: str = "feedA", *, on: date = DAY, rank: int = 1, **terms: Any) -> ToldAction:
    return ToldAction(kind, on, source, rank, **terms)


def split(source: str = "feedA", **values: Any) -> ToldAction:
    return told("SPLIT", source, ratio_new=Decimal(4), ratio_old=Decimal(1), **values)


def paid(cash: str, source: str = "feedA", **values: Any) -> ToldAction:
    return told("CASH_DIVIDEND", source, cash=Decimal(cash), **values)


def growth(closes: dict[date, Decimal], actions: list[ToldAction], **terms: Any) -> Decimal:
    given = {"currency": "USD", "price_multiplier": Decimal(1), "rates": {}, **terms}
    made = [distribution_of(each, **given) for each in told_once(actions)]
    levels = total_return_levels(closes, made).by_day
    return levels[DAY] / levels[DAY - ONE]


def test_what_two_sources_tell_is_counted_once() -> None:
    closes = {DAY - ONE: Decimal(400), DAY: Decimal(100)}
    assert growth(closes, [split(), split("feedB")]) == 1
    assert growth(closes, [split(), split("feedB", on=DAY + 3 * ONE)]) == 1  # a few days apart, like terms
    same = {DAY - ONE: Decimal(100), DAY: Decimal(99)}
    assert growth(same, [paid("1"), paid("1", "feedB")]) == 1
    assert growth(same, [paid("0.85"), paid("1", "feedB")]) == Decimal("0.9985")  # the first by its rank
    assert growth(same, [paid("0.85"), paid("1", "MANUAL", rank=0)]) == 1
    # One source may tell of two: an ordinary and an extra one.
    assert growth(same, [paid("1"), paid("2"), paid("1", "feedB")]) == Decimal("1.02")
    apart = [paid("1"), paid("1", "feedB", on=DAY - 7 * ONE)]
    assert len(told_once(apart)) == 2


def test_a_dividend_is_in_the_unit_and_currency_of_the_price() -> None:
    """Quoted at 5,000 pence, GBP 0.50 paid: 1 %. USD 1.00 for a line of EUR 100 at 0.90: 0.9 %."""
    pence = {DAY - ONE: Decimal(5000), DAY: Decimal(5000)}
    terms = {"currency": "GBP", "price_multiplier": Decimal("0.01")}
    assert growth(pence, [paid("0.50", currency="GBP")], **terms) == Decimal("1.01")
    euros = {DAY - ONE: Decimal(100), DAY: Decimal(100)}
    rates = {("USD", DAY): Decimal("0.90")}
    one = [paid("1", currency="USD")]
    assert growth(euros, one, currency="EUR", rates=rates) == Decimal("1.009")
    made = distribution_of(one[0], currency="EUR", price_multiplier=Decimal(1), rates={})
    assert made == Distribution(DAY, reason=Reason.RATE_MISSING)


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_dividend_and_a_split_on_one_day_the_dividend_is_of_the_units_before(turned: bool) -> None:
    """100 with 1.00 paid and each unit become four of 25: 101 for 100, in whatever order they are told."""
    closes = {DAY - ONE: Decimal(100), DAY: Decimal(25)}
    actions = [split(), paid("1")]
    assert growth(closes, actions[::-1] if turned else actions) == Decimal("1.01")


@pytest.mark.parametrize("kind", ["SPIN_OFF", "MERGER"])
def test_over_a_spin_off_no_growth_leads_and_says_why(kind: str) -> None:
    closes = {DAY + n * ONE: Decimal(100 if n < 0 else 70) for n in range(-2, 3)}
    made = [distribution_of(told(kind), currency="USD", price_multiplier=Decimal(1), rates={})]
    levels = total_return_levels(closes, made)
    days = sorted(closes)
    found = blended([Blend(days[0], {"X": Decimal(1)})], {"X": levels.by_day}, days, {"X": levels.breaks})
    assert [(row.growth, row.reason) for row in found] == [
        (1.0, None),
        (None, Reason.SPLIT_OFF),
        (1.0, None),
        (1.0, None),
    ]
    # On a day that is not listed it counts on the next one.
    listed = [DAY - ONE, DAY + ONE]
    (over,) = blended([Blend(days[0], {"X": Decimal(1)})], {"X": levels.by_day}, listed, {"X": levels.breaks})
    assert over.reason is Reason.SPLIT_OFF
