"""The parts of a gain, which sum."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.profit import (
    Disposal,
    Holding,
    PositionPeriod,
    position_profit,
    scope_profit,
)

pytestmark = pytest.mark.unit


def D(text: str | int) -> Decimal:
    return Decimal(text)


def held(value: str | int, rate: str | int, basis: str | int | None, at_cost: str | int | None) -> Holding:
    return Holding(
        D(value), D(rate), None if basis is None else D(basis), None if at_cost is None else D(at_cost)
    )


def test_a_foreign_share_part_of_which_was_sold() -> None:
    """100 shares bought at EUR 10 and 1.00; worth 12 at 1.10 at the start; 40 sold at 15 and 1.20; 60 worth
    14 at 1.25 at the end; EUR 30 of dividends at 1.20.

    Realised 40 x (15 - 10) x 1.20 = 240. Unrealised 60 x 4 x 1.25 - 100 x 2 x 1.10 = 300 - 220 = 80.
    Currency: sold 400 x 0.20 = 80, still held 600 x 0.25 - 1,000 x 0.10 = 50; together 130. Income 36.
    In all 486 = 60 x 14 x 1.25 - 1,200 x 1.10 + 600 x 1.20 + 36.
    """
    position = PositionPeriod(
        "share",
        held(1_200, "1.10", 1_000, 1_000),
        held(840, "1.25", 600, 600),
        disposals=(Disposal(D(600), D("1.20"), D(400), D(400)),),
        income=D(36),
    )
    found = position_profit(position)
    assert (found.realised, found.unrealised, found.currency, found.income) == (240, 80, 130, 36)
    assert found.total == 486


def test_what_came_in_kind_brings_its_gain_along_and_what_went_takes_it_away() -> None:
    """10,000 of basis came at 50,000, a fifth of it went at 11,000; the rest is worth 46,000: 7,000."""
    position = PositionPeriod(
        "share",
        None,
        held(46_000, 1, 8_000, 8_000),
        arrived=(held(50_000, 1, 10_000, 10_000),),
        left=(held(11_000, 1, 2_000, 2_000),),
    )
    found = position_profit(position)
    assert (found.unrealised, found.realised, found.currency, found.total) == (7_000, 0, 0, 7_000)
    unknown = PositionPeriod(
        "share", None, held(46_000, 1, None, None), arrived=position.arrived, left=position.left
    )
    assert position_profit(unknown).undivided == 7_000


def test_cash_in_another_currency_has_currency_alone() -> None:
    found = position_profit(PositionPeriod("EUR", held(100, "1.10", 100, 110), held(100, "1.20", 100, 110)))
    assert (found.realised, found.unrealised, found.currency) == (0, 0, 10)


def test_return_of_capital_takes_from_basis_first() -> None:
    """100 paid back on a basis of 80: basis to zero, then 20 of gain."""
    position = PositionPeriod(
        "fund", held(100, 1, 80, 80), held(5, 1, 0, 0), disposals=(Disposal(D(100), D(1), D(80), D(80)),)
    )
    found = position_profit(position)
    assert (found.realised, found.unrealised, found.total) == (20, -15, 5)


def test_a_position_without_basis_is_not_divided_and_is_named() -> None:
    positions = [
        PositionPeriod("known", held(100, 1, 90, 90), held(120, 1, 90, 90)),
        PositionPeriod("unknown", held(50, 2, None, None), held(60, "2.5", None, None), income=D(1)),
    ]
    found = scope_profit(positions, opening=D(200), closing=D(271), net_flows=D(0))
    assert (found.profit.unrealised, found.profit.undivided, found.profit.income) == (20, 50, 1)
    assert (found.profit.without_basis, found.reason, found.difference) == (
        ("unknown",),
        Reason.BASIS_MISSING,
        0,
    )


def test_a_gain_that_the_parts_do_not_explain_is_said_and_not_spread() -> None:
    positions = [PositionPeriod("share", held(100, 1, 90, 90), held(120, 1, 90, 90))]
    found = scope_profit(positions, opening=D(100), closing=D(125), net_flows=D(0))
    assert (found.gain, found.profit.total, found.difference) == (25, 20, 5)
    assert found.reason is Reason.DOES_NOT_SUM
    rounded = scope_profit(
        positions, opening=D(100), closing=D("120.004"), net_flows=D(0), tolerance=D("0.005")
    )
    assert (rounded.difference, rounded.reason) == (D("0.004"), None)


def test_fees_and_expenses_are_parts_of_the_gain() -> None:
    """The closing value is after them."""
    positions = [PositionPeriod("share", held(100, 1, 90, 90), held(120, 1, 90, 90))]
    found = scope_profit(positions, opening=D(150), closing=D(163), net_flows=D(0), fees=D(5), expenses=D(2))
    assert (found.profit.total, found.reason) == (13, None)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_the_parts_sum_to_the_gain_of_any_book(seed: int) -> None:
    """Lots bought and sold at random prices and rates; every purchase is paid from and every sale to cash."""
    rng = random.Random(seed)
    rate = [D(rng.randint(80, 140)) / 100 for _ in range(6)]
    price = [D(rng.randint(500, 1_500)) / 100 for _ in range(6)]
    lots: list[list[Decimal]] = [[D(100), price[0], rate[0]]]
    opening = Holding(100 * price[1], rate[1], 100 * price[0], 100 * price[0] * rate[0])
    acquired, disposals, cash, income = D(0), [], D(0), D(0)
    for n in range(2, 5):
        if rng.random() < 0.6:
            units = D(rng.randint(1, 50))
            lots.append([units, price[n], rate[n]])
            acquired += units * price[n] * rate[n]
            cash -= units * price[n] * rate[n]
        if rng.random() < 0.6:
            lot = rng.choice(lots)
            units = D(rng.randint(1, int(lot[0]))) if lot[0] >= 1 else D(0)
            lot[0] -= units
            disposals.append(Disposal(units * price[n], rate[n], units * lot[1], units * lot[1] * lot[2]))
            cash += units * price[n] * rate[n]
        income += D(rng.randint(0, 100))
    left = sum((lot[0] for lot in lots), D(0))
    closing = Holding(
        left * price[5],
        rate[5],
        sum((lot[0] * lot[1] for lot in lots), D(0)),
        sum((lot[0] * lot[1] * lot[2] for lot in lots), D(0)),
    )
    fees = D(rng.randint(0, 30))
    position = PositionPeriod("share", opening, closing, acquired, tuple(disposals), income)
    found = scope_profit(
        [position],
        opening=opening.value * opening.rate,
        closing=closing.value * closing.rate + cash + income - fees,
        net_flows=D(0),
        fees=fees,
    )
    assert (found.difference, found.reason) == (0, None)
    unknown = PositionPeriod(
        "share", Holding(opening.value, opening.rate, None, None), closing, acquired, tuple(disposals), income
    )
    assert position_profit(unknown).total == position_profit(position).total
