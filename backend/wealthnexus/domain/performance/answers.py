"""What is asked of a scope's days: the course of a period, its statistics, the months since inception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.rules import statistics
from wealthnexus.domain.performance.rules.benchmarks import (
    BenchmarkDay,
    benchmark_return,
    excess,
    linked_growth,
)
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Figure, Reason, Table, figure
from wealthnexus.domain.performance.rules.formulas import ANNUALISED, BENCHMARK, EXCESS, LINKED
from wealthnexus.domain.performance.rules.periods import (
    Interval,
    Period,
    PeriodKind,
    annualised,
    annualised_over,
    by_interval,
    interval_key,
)
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.rules.report import PeriodPerformance
from wealthnexus.domain.performance.rules.time_weighted import Method, SubPeriod, TimeWeighted
from wealthnexus.domain.performance.sessions import is_session

POINTS_MAX: Final = 4_000


# -- the course ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """A day of a chart. Growths are of 1 since the period began; None once a day has none."""

    day: date
    value: Decimal | None
    net_contributions: Decimal
    net: float | None
    gross: float | None
    benchmark: float | None


def course(book: ScopeBook, period: Period, points: int) -> list[CoursePoint]:
    """The opening close and the days of the period, at most ``points`` of them, evenly; both ends stay."""
    before = [row for row in book.series.days if row.day <= period.begin]
    within = [row for row in book.series.days if period.begin < row.day <= period.end]
    net, gross = (_levels(book.figures(period, basis).measured) for basis in (FeeBasis.NET, FeeBasis.GROSS))
    bench = benchmark_levels(book, period)
    opening = (before[-1].value if before else ZERO) or ZERO
    found = [CoursePoint(period.begin, opening, opening, 1.0, 1.0, 1.0 if bench else None)]
    total = opening
    for row in within:
        total += row.net_flow
        found.append(
            CoursePoint(row.day, row.value, total, net.get(row.day), gross.get(row.day), bench.get(row.day))
        )
    return _thinned(found, max(2, points))


def _levels(measured: TimeWeighted) -> dict[date, float]:
    """The growth of 1 by the end of each sub-period, as far as they can be linked."""
    levels: dict[date, float] = {}
    level = 1.0
    for sub in measured.sub_periods:
        if sub.growth is None or level <= 0:
            break
        level *= sub.growth
        levels[sub.end] = level
    return levels


def benchmark_levels(book: ScopeBook, period: Period) -> dict[date, float]:
    """The benchmark's growth of 1 by each day of the period, as far as its levels are known."""
    levels: dict[date, float] = {}
    level = 1.0
    for row in book.benchmark_days(period):
        if row.growth is None:
            break
        level *= row.growth
        levels[row.day] = level
    return levels


def _thinned(found: list[CoursePoint], points: int) -> list[CoursePoint]:
    if len(found) <= points:
        return found
    step = (len(found) - 1) / (points - 1)
    return [found[round(n * step)] for n in range(points)]


# -- statistics ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fall:
    """The deepest fall with its days; ``recovery`` None: not yet."""

    figure: Figure
    peak: date | None
    trough: date | None
    recovery: date | None


@dataclass(frozen=True, slots=True)
class Risk:
    """Statistics of a period by name, as ``rules.statistics`` names them."""

    figures: Mapping[str, Figure]
    fall: Fall


def observed(measured: TimeWeighted) -> list[SubPeriod]:
    """The sub-periods of one day with capital, which statistics are of; others are missing observations."""
    return [sub for sub in measured.sub_periods if sub.method is not Method.IDLE]


def _by_session(
    subs: Sequence[SubPeriod], benchmark: Mapping[date, float | None]
) -> tuple[list[date], list[float | None], list[float | None]]:
    """Days, returns and those of the benchmark, one observation a session: what was measured on a day without
    one is part of the next."""
    days: list[date] = []
    returns: list[float | None] = []
    other: list[float | None] = []
    own: float | None = 1.0
    beside: float | None = 1.0
    for sub in subs:
        growth, level = sub.growth, benchmark.get(sub.end)
        own = None if own is None or growth is None or sub.method is not Method.DAILY else own * growth
        beside = None if beside is None or level is None else beside * level
        if is_session(sub.end) or sub is subs[-1]:
            days.append(sub.end)
            returns.append(None if own is None else own - 1)
            other.append(None if beside is None else beside - 1)
            own = beside = 1.0
    return days, returns, other


def risk(book: ScopeBook, period: Period) -> Risk:
    """Statistics of the net daily returns of a period, beside the benchmark where there is one."""
    subs = observed(book.figures(period, FeeBasis.NET).measured)
    growths = {row.day: row.growth for row in book.benchmark_days(period)}
    days, returns, other = _by_session(subs, growths)
    policy = book.conventions
    rates = [float(book.policies.on(day).risk_free_rate) for day in days]
    found = {
        "volatility": statistics.volatility(returns, policy),
        "sharpe": statistics.sharpe(returns, policy, rates),
        "sortino": statistics.sortino(returns, policy),
        "beta": statistics.beta(returns, other, policy, rates),
        "alpha": statistics.alpha(returns, other, policy, rates),
        "tracking_error": statistics.tracking_error(returns, other, policy),
        "information_ratio": statistics.information_ratio(returns, other, policy),
        "up_capture": statistics.up_capture(returns, other, policy),
        "down_capture": statistics.down_capture(returns, other, policy),
    }
    alone = Table(("day", "return"), tuple(zip(days, returns, strict=True)))
    pairs = Table(("day", "return", "benchmark"), tuple(zip(days, returns, other, strict=True)))
    shown = {
        name: replace(each, table=alone if name in _ALONE else pairs)
        for name, each in found.items()
        if len(subs) > 0
    }
    return Risk(shown or found, _fall(subs))


def _fall(subs: Sequence[SubPeriod]) -> Fall:
    """Of the path of all sub-periods: one over several days is a step of the path too."""
    values = [sub.value for sub in subs]
    table = Table(("day", "return"), tuple(zip((sub.end for sub in subs), values, strict=True)))
    shown = replace(statistics.max_drawdown(values), table=table)
    if shown.value is None:
        return Fall(shown, None, None, None)
    at = {each.name: each.value for each in shown.inputs}

    def day(name: str) -> date | None:
        place = at.get(name)
        if not isinstance(place, int):
            return None
        return subs[0].begin if place == 0 else subs[place - 1].end

    return Fall(shown, day("peakAt"), day("troughAt"), day("recoveredAt"))


# -- the calendar --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Month:
    """The linked returns of the part of a month that was measured. ``is_approximate``: Modified Dietz stood
    in for missing daily values."""

    year: int
    month: int
    net: Figure
    gross: Figure
    benchmark: Figure | None
    is_approximate: bool = False


def calendar(book: ScopeBook) -> list[Month]:
    """Every month since inception, oldest first."""
    period = book.period(PeriodKind.SINCE_INCEPTION)
    if period is None:
        return []
    net, gross = (
        {
            (each.end.year, each.end.month): each
            for each in by_interval(book.figures(period, basis).measured.sub_periods, Interval.MONTH)
        }
        for basis in (FeeBasis.NET, FeeBasis.GROSS)
    )
    bench = _benchmark_months(book, period)
    return [
        Month(
            *key,
            _linked(own.value, own.reason),
            _linked(gross[key].value, gross[key].reason),
            bench.get(key),
            own.is_approximate or gross[key].is_approximate,
        )
        for key, own in net.items()
    ]


def _linked(value: float | None, reason: Reason | None) -> Figure:
    return figure(LINKED, value, reason)


def _benchmark_months(book: ScopeBook, period: Period) -> dict[tuple[int, int], Figure]:
    by_month: dict[tuple[int, int], list[BenchmarkDay]] = {}
    for row in book.benchmark_days(period):
        year, month = interval_key(row.day, Interval.MONTH)
        by_month.setdefault((year, month + 1), []).append(row)
    return {key: _linked(*linked_growth(rows)) for key, rows in by_month.items()}


# -- beside the benchmark, and the rest of a period ----------------------------------------------------------


STATISTICS: Final = (
    "volatility", "sharpe", "sortino", "beta", "alpha", "tracking_error", "information_ratio", "up_capture",
    "down_capture",
)  # fmt: skip


_ALONE: Final = frozenset({"volatility", "sharpe", "sortino"})


@dataclass(frozen=True, slots=True)
class Beside:
    """The benchmark over a period and the return over it; all None without a benchmark."""

    value: Figure | None = None
    annualised: Figure | None = None
    excess: Figure | None = None


def beside(book: ScopeBook, period: Period, net: PeriodPerformance) -> Beside:
    """The benchmark on the days on which the scope was measured."""
    if book.benchmark is None:
        return Beside()
    if net.time_weighted.reason is Reason.HISTORY_TOO_SHORT:
        # Of the part there is, it would be called what it is not: five years, of four.
        return Beside(
            *(figure(each, None, Reason.HISTORY_TOO_SHORT) for each in (BENCHMARK, ANNUALISED, EXCESS))
        )
    days = [row for row in book.benchmark_days(period) if row.day > net.measured.measured_from]
    value = benchmark_return(days, currency=book.currency)
    if value.value is None:
        nothing = figure(EXCESS, None, value.reason)
        return Beside(value, figure(ANNUALISED, None, value.reason), nothing)
    if net.measured.measured_from == period.begin:
        yearly = annualised_over(value.value, period, book.conventions)
    else:
        yearly = annualised(value.value, (period.end - net.measured.measured_from).days)
    own = net.time_weighted
    if own.value is None:
        return Beside(value, yearly, figure(EXCESS, None, own.reason))
    over = excess(own.value, value.value, book.conventions.excess_method)
    return Beside(value, yearly, replace(over, parts=(own, value)))


def roots_of(shown: Figure) -> list[float]:
    """Every rate per year that solves the flows of a money-weighted figure."""
    inputs = list(shown.inputs)
    for part in shown.parts:
        inputs += part.inputs
    found = (each.value for each in inputs if each.name == "root" and isinstance(each.value, float))
    return list(dict.fromkeys(found))
