"""Composites: who takes part in which month, years, dispersion and deviation, by worked arithmetic."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from wealthnexus.domain.performance.rules.composite_years import (
    LeftOut,
    Month,
    Portfolio,
    composite_months,
    composite_years,
    whole_months,
)
from wealthnexus.domain.performance.rules.composites import CompositeMembership
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

pytestmark = pytest.mark.unit
POLICY = CalculationPolicy()
FIRST, LAST = date(2021, 1, 1), date(2023, 12, 31)
MONTHS = list(whole_months(FIRST, LAST))


def portfolio(key: str, opening: int, *returns: float, fee: float = 0.0, since: date = FIRST) -> Portfolio:
    """Month by month from ``since`` on; each month net of ``fee``."""
    own = [span for span in MONTHS if span[0] >= since - (date(2021, 1, 2) - FIRST)]
    values: dict[date, Decimal | None] = {own[0][0]: Decimal(opening)}
    gross: dict[Month, float | None] = {}
    value = Decimal(opening)
    for (_, end), each in zip(own, returns, strict=False):
        value *= 1 + Decimal(str(each))
        values[end] = value
        gross[end.year, end.month] = each
    net = {month: None if each is None else each - fee for month, each in gross.items()}
    return Portfolio(key, values, net, gross)


def belongs(*keys: str, since: date = FIRST, end: date | None = None) -> list[CompositeMembership]:
    return [CompositeMembership(key, since, end) for key in keys]


def test_a_month_is_weighted_by_what_portfolios_were_worth_at_its_opening() -> None:
    """100 earn 10 %, 300 earn 2 %: (10 + 6) / 400 = 4 %; net of 0.1 % 3.9 %."""
    known = {"A": portfolio("A", 100, 0.10, 0.0, fee=0.001), "B": portfolio("B", 300, 0.02, 0.0, fee=0.001)}
    months = composite_months(belongs("A", "B"), known, date(2021, 2, 28))
    assert [month.gross.published for month in months] == [Decimal("0.04000000"), Decimal("0.00000000")]
    assert months[0].net.published == Decimal("0.03900000")
    assert months[0].closing == 110 + 306
    (year,) = composite_years(months, known, POLICY)
    assert (year.year, year.gross.published, year.members, year.assets) == (
        2021,
        Decimal("0.04000000"),
        2,
        416,
    )
    # A year that is not whole compares nobody, and is not annualised.
    assert (year.equal_weighted.reason, year.compared) == (Reason.NOT_A_YEAR, 0)


def test_who_joins_within_a_month_takes_part_from_the_next_and_who_leaves_up_to_the_last_whole_one() -> None:
    known = {key: portfolio(key, 100, *[0.01] * 6) for key in "ABC"}
    stays = [
        *belongs("A"),
        *belongs("B", since=date(2021, 2, 2), end=date(2021, 5, 31)),
        *belongs("C", since=date(2021, 2, 1), end=date(2021, 6, 1)),
    ]
    months = composite_months(stays, known, date(2021, 6, 29))
    assert ["".join(month.members) for month in months] == ["A", "AC", "ABC", "ABC", "AC"]
    # June is not over on the 29th.
    assert months[-1].end == date(2021, 5, 31)


def test_portfolios_without_capital_or_below_the_minimum_are_left_out_and_named() -> None:
    """The minimum is judged at the opening of each month: 900 grow to 1,008 in January."""
    known = {
        "small": portfolio("small", 900, 0.12, 0.0),
        "large": portfolio("large", 5000, 0.01, 0.01),
        "late": portfolio("late", 5000, 0.5, since=date(2021, 2, 1)),
        "gone": portfolio("gone", 5000, 0.01, -1.0),
    }
    months = composite_months(belongs(*known), known, date(2021, 2, 28), Decimal(1000))
    assert months[0].members == ("gone", "large")
    assert months[0].left_out == (("late", LeftOut.NOT_FUNDED), ("small", LeftOut.BELOW_MINIMUM))
    assert months[1].members == ("large", "late", "small")
    assert months[1].left_out == (("gone", LeftOut.EMPTIED),)


def test_a_missing_value_is_not_left_out_but_leaves_the_month_and_the_year_without_a_return() -> None:
    known = {"A": portfolio("A", 100, *[0.01] * 12), "B": portfolio("B", 100, *[0.01] * 12)}
    unknown = Portfolio("B", {**known["B"].values, date(2021, 3, 31): None}, known["B"].net, known["B"].gross)
    months = composite_months(belongs("A", "B"), {**known, "B": unknown}, date(2021, 12, 31))
    assert [month.end.month for month in months if month.gross.value is None] == [4]
    assert months[2].closing is None
    (year,) = composite_years(months, {**known, "B": unknown}, POLICY)
    assert (year.gross.value, year.gross.reason) == (None, Reason.SEGMENT_RETURN_MISSING)


def test_dispersion_is_of_portfolios_of_the_whole_year_and_from_six_on() -> None:
    """Yearly 6 to 11 % of 100 to 600: deviation with n, equal-weighted and by opening value."""
    monthly = [(1 + percent / 100) ** (1 / 12) - 1 for percent in range(6, 12)]
    known = {
        f"P{n}": portfolio(f"P{n}", 100 * (n + 1), *[round(each, 12)] * 12) for n, each in enumerate(monthly)
    }
    known["late"] = portfolio("late", 10_000, *[0.09] * 12)
    stays = [*belongs(*sorted(set(known) - {"late"})), *belongs("late", since=date(2021, 1, 2))]
    months = composite_months(stays, known, date(2021, 12, 31))
    (year,) = composite_years(months, known, POLICY)
    returns = [0.06, 0.07, 0.08, 0.09, 0.10, 0.11]
    assert year.compared == 6
    assert year.members == 7
    assert year.equal_weighted.value == pytest.approx(statistics.pstdev(returns), abs=1e-9)
    weights = [(n + 1) / 21 for n in range(6)]
    mean = sum(w * r for w, r in zip(weights, returns, strict=True))
    spread = math.sqrt(sum(w * (r - mean) ** 2 for w, r in zip(weights, returns, strict=True)))
    assert year.asset_weighted.value == pytest.approx(spread, abs=1e-9)
    assert year.spread is not None
    assert (year.spread.lowest, year.spread.highest) == (pytest.approx(0.06), pytest.approx(0.11))
    without = {key: one for key, one in known.items() if key != "P5"}
    stays = [each for each in stays if each.portfolio != "P5"]
    (year,) = composite_years(composite_months(stays, without, date(2021, 12, 31)), without, POLICY)
    assert (year.equal_weighted.reason, year.compared) == (Reason.TOO_FEW_OBSERVATIONS, 5)


def test_years_are_months_linked_and_the_deviation_wants_thirty_six_of_them() -> None:
    returns = [0.03 if n % 2 else -0.01 for n in range(36)]
    known = {"A": portfolio("A", 1000, *returns)}
    months = composite_months(belongs("A"), known, LAST)
    years = composite_years(months, known, POLICY)
    assert [len(year.months) for year in years] == [12, 12, 12]
    assert years[0].gross.value == pytest.approx((1.03 * 0.99) ** 6 - 1)
    assert [year.deviation.reason for year in years[:2]] == [Reason.TOO_FEW_OBSERVATIONS] * 2
    expected = statistics.stdev(returns) * math.sqrt(12)
    assert years[2].deviation.value == pytest.approx(expected, abs=1e-12)
    assert len(years[2].gross.parts) == 12


def test_months_are_whole() -> None:
    assert list(whole_months(date(2021, 1, 2), date(2021, 3, 30))) == [(date(2021, 1, 31), date(2021, 2, 28))]
    assert list(whole_months(date(2021, 12, 1), date(2021, 12, 31))) == [
        (date(2021, 11, 30), date(2021, 12, 31))
    ]
    assert composite_months([], {}, LAST) == []


def test_a_month_is_approximate_where_the_month_of_a_member_is() -> None:
    known = {"A": portfolio("A", 100, 0.10, 0.0), "B": portfolio("B", 300, 0.02, 0.0)}
    known["B"] = replace(known["B"], approximate=frozenset({(2021, 2)}))
    months = composite_months([*belongs("A"), *belongs("B")], known, date(2021, 2, 28))
    assert [month.is_approximate for month in months] == [False, True]
    alone = composite_months(belongs("A"), known, date(2021, 2, 28))
    assert not any(month.is_approximate for month in alone)
