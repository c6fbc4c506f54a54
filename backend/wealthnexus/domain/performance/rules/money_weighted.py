"""The money-weighted return: every real root of the flows' present value, or the reason there is none.

Source: docs/domain/performance.md. Roots are looked for in u = ln(1 + r), where the present value is a sum
of exponentials: intervals are halved until bounds of the sum, or of its derivative, prove that each has no
root or one; that one is bracketed, bisected, then polished by Newton's steps that stay in the bracket.
"""

from __future__ import annotations

import math
from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.days import ScopeDay, within_period
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.policy import DayCount, FeeBasis

DAYS_OF_A_YEAR: Final = 365
_WIDTH_MIN: Final = 1e-8
_WIDTH_MIN_CROWDED: Final = 1e-5
_INTERVALS_MAX: Final = 5_000
"""After so many intervals the sum nearly touches 0 over a stretch: it is looked at less finely."""
_SAME_ROOT: Final = 1e-6
"""Closer together, double precision does not tell two roots from one at which the sum only touches 0."""
PLAUSIBLE_GROWTH_MAX: Final = 1001.0
"""Growth per year up to which, and down to whose inverse, one of several roots counts as possible."""
_EXPONENT_MAX: Final = 700.0
"""exp of more is no double any more: a rate beyond is ``TOO_LARGE``, its period may still be a figure."""
Terms = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What the investor pays (-) or receives (+) on a day; the final market value is the last receipt."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MoneyWeighted:
    """``roots`` are all roots per year. ``value`` is the only one, or the only one of a growth per year
    between 1/1001 and 1001 where others lie beyond; else None with the reason.

    ``years``: from the first to the last flow, by ``day_count``. ``exponent``: ln(1 + value), which is exact
    where the value itself is rounded to -100 %. ``period``: the same over the whole period.
    """

    flows: tuple[CashFlow, ...]
    day_count: DayCount
    years: float
    days: int
    roots: tuple[float, ...]
    value: float | None
    reason: Reason | None
    exponent: float | None = None

    @property
    def period(self) -> float | None:
        """(1 + r) ** years - 1, computed so that it is a number wherever it is one."""
        if self.exponent is None:
            return None
        exponent = self.exponent * self.years
        return math.expm1(exponent) if exponent < _EXPONENT_MAX else None

    @property
    def under_one_year(self) -> bool:
        """Whether only ``period`` may be reported."""
        return self.days < DAYS_OF_A_YEAR


def money_weighted(flows: Sequence[CashFlow], day_count: DayCount = DayCount.ACT_365F) -> MoneyWeighted:
    """Every r above -100 % at which the flows' present value is 0; flows of one day are taken together."""
    by_day: dict[date, Decimal] = {}
    for flow in flows:
        by_day[flow.day] = by_day.get(flow.day, Decimal(0)) + flow.amount
    dated = tuple(CashFlow(day, by_day[day]) for day in sorted(by_day) if by_day[day])
    if not dated:
        return MoneyWeighted((), day_count, 0.0, 0, (), None, Reason.NO_DATA)
    first, last = dated[0].day, dated[-1].day
    years, days = years_between(first, last, day_count), (last - first).days
    by_time: dict[float, Decimal] = {}
    for flow in dated:
        at = years_between(first, flow.day, day_count)
        by_time[at] = by_time.get(at, Decimal(0)) + flow.amount
    timed = [(at, by_time[at]) for at in sorted(by_time) if by_time[at]]
    if len({flow.day for flow in flows}) == 1 or (len(by_time) == 1 and len(dated) > 1):
        return MoneyWeighted(dated, day_count, years, days, (), None, Reason.ONE_DAY_ONLY)
    if len({amount > 0 for _, amount in timed}) < 2:
        return MoneyWeighted(dated, day_count, years, days, (), None, Reason.NO_SIGN_CHANGE)
    exponents = _exponents(timed)
    roots = tuple(math.expm1(u) for u in exponents if u <= _EXPONENT_MAX)
    possible = [u for u in exponents if abs(u) <= math.log(PLAUSIBLE_GROWTH_MAX)]
    only = exponents if len(exponents) == 1 else possible
    if len(only) == 1:
        value, reason = (math.expm1(only[0]), None) if roots else (None, Reason.TOO_LARGE)
        return MoneyWeighted(dated, day_count, years, days, roots, value, reason, only[0])
    reason = Reason.SEVERAL_ROOTS if roots else Reason.NO_REAL_ROOT
    return MoneyWeighted(dated, day_count, years, days, roots, None, reason)


def cash_flows(
    days: Sequence[ScopeDay], *, begin: date, end: date, basis: FeeBasis
) -> tuple[CashFlow, ...] | None:
    """A scope's flows as the investor's, from its value at the close of ``begin`` to that of ``end``.

    Net: fees borne here and paid elsewhere are payments too. Gross: fees paid here are receipts. None when
    either value is missing, or something joined or left at a value that is not known.
    """
    before, within = within_period(days, begin, end)
    opening = before.value if before else Decimal(0)
    closing = within[-1].value if within else None
    if opening is None or closing is None or any(row.flow_unknown for row in within):
        return None
    flows = [CashFlow(begin, -opening)]
    for row in within:
        fees = row.fees if basis is FeeBasis.GROSS else -row.fees_elsewhere
        if amount := fees - row.expenses_elsewhere - row.net_flow:
            flows.append(CashFlow(row.day, amount))
    flows.append(CashFlow(end, closing))
    return tuple(flow for flow in flows if flow.amount)


def years_between(first: date, last: date, day_count: DayCount) -> float:
    """Years from ``first`` to ``last``. Source: ISDA 2006 definitions 4.16."""
    days = (last - first).days
    if day_count in _FIXED_YEAR:
        return days / _FIXED_YEAR[day_count]
    if day_count is DayCount.ACT_ACT_ISDA:
        return _actual_years(last) - _actual_years(first)
    day1, day2 = min(first.day, 30), last.day
    if day2 == 31 and (day1 == 30 or day_count is DayCount.THIRTY_E_360):
        day2 = 30
    return (360 * (last.year - first.year) + 30 * (last.month - first.month) + day2 - day1) / 360


_FIXED_YEAR: Final = {DayCount.ACT_365F: 365.0, DayCount.ACT_360: 360.0, DayCount.ACT_365_25: 365.25}


def _actual_years(day: date) -> float:
    length = 366 if isleap(day.year) else 365
    return day.year + (day - date(day.year, 1, 1)).days / length


def present_value(rate: float, flows: Sequence[CashFlow], day_count: DayCount = DayCount.ACT_365F) -> float:
    """The flows' value on the day of the first at ``rate`` per year (above -1)."""
    first = min(flow.day for flow in flows)
    return math.fsum(
        float(flow.amount) / math.pow(1 + rate, years_between(first, flow.day, day_count)) for flow in flows
    )


# -- roots ---------------------------------------------------------------------------------------------


def _exponents(dated: Sequence[tuple[float, Decimal]]) -> tuple[float, ...]:
    """All roots u = ln(1 + r), ascending; each side of r = 0 is searched with exponents that only fall."""
    final = dated[-1][0]
    found: list[float] = []
    zero_is_root = sum((amount for _, amount in dated), Decimal(0)) == 0
    if zero_is_root:
        found.append(0.0)
    for sign in (1, -1):
        terms = sorted((at if sign > 0 else final - at, float(amount)) for at, amount in dated)
        positive, resolution = _positive_roots(terms, zero_is_root=zero_is_root)
        roots = _merged(terms, sorted(positive), resolution)
        found += [sign * u for u in roots if not (zero_is_root and u < _SAME_ROOT)]
    return tuple(sorted(set(found)))


def _merged(terms: Terms, roots: Sequence[float], resolution: float) -> list[float]:
    """Roots that double precision does not tell apart are one: where the sum touches 0, its slope is 0."""
    runs: list[list[float]] = []
    for root in roots:
        if not runs or root - runs[-1][-1] > resolution * (1 + root):
            runs.append([])
        runs[-1].append(root)
    return [run[0] if len(run) == 1 else _flat_point(terms, run[len(run) // 2]) for run in runs]


def _flat_point(terms: Terms, u: float) -> float:
    for _ in range(5):
        bend = math.fsum(a * t * t * math.exp(-t * u) for t, a in terms)
        step = _slope(terms, u) / bend if bend else 0.0
        if abs(step) > _SAME_ROOT:
            break
        u -= step
    return u


def _positive_roots(terms: Terms, *, zero_is_root: bool) -> tuple[list[float], float]:
    """Roots u > 0 of sum(a exp(-t u)) with 0 = t of the first term, t ascending, and how far
    apart two of them must be to be two.

    Beyond ``high`` the first term alone is more than all others together.
    """
    lead, others = abs(terms[0][1]), math.fsum(abs(a) for _, a in terms[1:])
    step = terms[1][0] - terms[0][0]
    high = max(math.log(others / lead), 0.0) / step + 1e-6
    found: list[float] = []
    stack = [(0.0, high)]
    seen = 0
    while stack:
        low, top = stack.pop()
        seen += 1
        width_min = _WIDTH_MIN if seen < _INTERVALS_MAX else _WIDTH_MIN_CROWDED
        if not _may_be_zero(terms, low, top, 0):
            continue
        if _may_be_zero(terms, low, top, 1) and top - low > width_min:
            middle = (low + top) / 2
            stack += [(low, middle), (middle, top)]
        elif not (low == 0.0 and zero_is_root):
            root = _bracketed(terms, low, top)
            if root is not None:
                found.append(root)
            elif top - low <= width_min and _is_noise(terms, (low + top) / 2):
                found.append((low + top) / 2)
    return found, _SAME_ROOT if seen < _INTERVALS_MAX else 3 * _WIDTH_MIN_CROWDED


def _is_noise(terms: Terms, u: float) -> bool:
    """Whether the sum is 0 as far as double precision says."""
    size = math.fsum(abs(a) * math.exp(-t * u) for t, a in terms)
    return abs(_sum(terms, u)) <= 1e-14 * size


def _may_be_zero(terms: Terms, low: float, top: float, derivative: int) -> bool:
    """Whether bounds of the sum (or of its derivative) from ``low`` to ``top`` leave room for 0.

    Each term falls with u, so that it lies between its values at the two ends. The sum is multiplied by
    exp(t1 u) first where that sharpens the bounds: a factor has no roots.
    """
    shift = terms[1][0] if derivative and terms[0][0] == 0.0 else 0.0
    least: list[float] = []
    most: list[float] = []
    for t, a in terms:
        if derivative and t == 0.0:
            continue
        weight = a * t if derivative else a
        at_low, at_top = math.exp(-(t - shift) * low), math.exp(-(t - shift) * top)
        least.append(weight * (at_top if weight > 0 else at_low))
        most.append(weight * (at_low if weight > 0 else at_top))
    slack = 1e-15 * math.fsum(abs(value) for value in (*least, *most))
    return math.fsum(least) <= slack and math.fsum(most) >= -slack


def _sum(terms: Terms, u: float) -> float:
    return math.fsum(a * math.exp(-t * u) for t, a in terms)


def _slope(terms: Terms, u: float) -> float:
    return math.fsum(-a * t * math.exp(-t * u) for t, a in terms)


def _bracketed(terms: Terms, low: float, high: float) -> float | None:
    """The root in [low, high) of a sum that only rises or only falls there; None when there is none."""
    at_low, at_high = _sum(terms, low), _sum(terms, high)
    if at_low == 0.0:
        return low
    if (at_low > 0) == (at_high > 0) or at_high == 0.0:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if (_sum(terms, middle) > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    root = (low + high) / 2
    for _ in range(3):
        slope = _slope(terms, root)
        polished = root - _sum(terms, root) / slope if slope else root
        if not low <= polished <= high:
            break
        root = polished
    return root


# -- figures -------------------------------------------------------------------------------------------


def figure_of(result: MoneyWeighted, currency: str) -> Figure:
    """What may be reported: per year from one year on, else over the period (never annualised)."""
    table = Table(("day", "amount"), tuple((flow.day, flow.amount) for flow in result.flows))
    inputs = (
        Input("currency", currency),
        Input("dayCount", result.day_count),
        Input("days", result.days, "days"),
        Input("years", result.years, "years"),
        *(Input("root", root, "fraction per year") for root in result.roots),
    )
    yearly = figure(formulas.XIRR, result.value, result.reason, inputs=inputs, table=table)
    if not result.under_one_year or result.exponent is None:
        return yearly
    period = result.period
    reason = Reason.TOO_LARGE if period is None else None
    return figure(formulas.MONEY_WEIGHTED_PERIOD, period, reason, inputs=inputs, parts=(yearly,))
