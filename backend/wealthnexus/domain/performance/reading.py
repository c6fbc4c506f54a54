"""The performance of one scope at one view of the books: days read once, figures computed when asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import joined_by_hash
from wealthnexus.domain.markets.rules import calendars
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.repository import benchmarks
from wealthnexus.domain.performance.repository.benchmarks import Definition
from wealthnexus.domain.performance.repository.policies import policy_of
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeMembers, members_of
from wealthnexus.domain.performance.repository.values import (
    AccountValues,
    moved_of,
    rates_of,
    span_of,
    values_of,
)
from wealthnexus.domain.performance.rules.benchmarks import BenchmarkDay, blended
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.flows import MovedRow, Unknown, movements_of, references_of
from wealthnexus.domain.performance.rules.periods import Period, PeriodKind, period_of
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    EffectivePolicy,
    FeeBasis,
)
from wealthnexus.domain.performance.rules.report import PeriodPerformance, period_performance
from wealthnexus.domain.performance.rules.scopes import ScopeSeries, Shares, scope_series
from wealthnexus.domain.performance.rules.time_weighted import inception
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded

ACCOUNT_DAYS_MAX: Final = 2_000_000
"""Accounts times days of one answer: about half a minute."""
_MARKET: Final = "XNYS"
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BenchmarkCourse:
    """A benchmark on the days of a scope, each from the listed day before."""

    definition: Definition
    days: tuple[BenchmarkDay, ...]


@dataclass(slots=True)
class ScopeBook:
    """The days of a scope and what made them. ``measured_to``: the last valuation day by the view's day,
    None for a scope without entries."""

    members: ScopeMembers
    view: BookView
    currency: str
    policy: EffectivePolicy
    values: AccountValues
    rows: Sequence[MovedRow]
    series: ScopeSeries
    inception: date | None
    measured_to: date | None
    benchmark: BenchmarkCourse | None = None
    _known: dict[tuple[Period, FeeBasis], PeriodPerformance] = field(default_factory=dict)
    _references: Mapping[str, MovedRow] | None = None
    _shares: Shares | None = None

    @property
    def conventions(self) -> CalculationPolicy:
        return self.policy.policy

    def period(self, kind: PeriodKind, first_day: date | None = None) -> Period | None:
        """The period that ends with the view's day; None since inception where there is none."""
        return period_of(
            kind, self.view.as_of, self.conventions, inception=self.inception, first_day=first_day
        )

    def figures(self, period: Period, basis: FeeBasis) -> PeriodPerformance:
        """The figures of a period, computed once."""
        known = self._known.get((period, basis))
        if known is None:
            known = self._known[period, basis] = period_performance(
                self.series.days,
                period,
                basis=basis,
                policy=self.conventions,
                currency=self.currency,
                applied=self.series.applied,
            )
        return known

    def benchmark_days(self, period: Period) -> Sequence[BenchmarkDay]:
        """The benchmark's growths on the scope's days within the period; none without a benchmark."""
        if self.benchmark is None:
            return ()
        return [row for row in self.benchmark.days if period.begin < row.day <= period.end]

    def share_of(self, account: UUID, day: date) -> Fraction:
        """The scope's share of an account on a day."""
        if self._shares is None:
            self._shares = Shares(self.members.memberships)
        return self._shares.on(account, day)

    def row_of(self, reference: str) -> MovedRow | None:
        """The row of the ledger that a movement came from."""
        if self._references is None:
            self._references = references_of(self.rows)
        return self._references.get(reference)


def valuation_days(first: date, last: date) -> list[date]:
    """The days on which a value is expected: those on which the market has a session, weekdays where its
    sessions are not known."""
    calendar = calendars.calendar_of(_MARKET)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if calendar is None:
        return [day for day in every if day.weekday() < 5]
    return [day for day in every if calendar.is_session(day)]


def listed_days(first: date, last: date, last_entry: date) -> list[date]:
    """The valuation days from ``first``; the last day too, where something happened since."""
    days = valuation_days(first, last)
    if not days or days[-1] < min(last_entry, last):
        days.append(last)
    return days


async def scope_book(
    reader: Reader,
    view: BookView,
    scope: Scope,
    currency: str | None = None,
    benchmark_id: UUID | None = None,
) -> ScopeBook | None:
    """The scope's days up to the view's day, as its book version knows them: ten statements at most.

    None when there is no such scope for the caller. LimitExceeded for more than 2,000,000 accounts x days.
    """
    members = await members_of(reader, view, scope)
    if members is None:
        return None
    shown = currency or members.currency or view.currency
    accounts: list[UUID] = sorted(members.names)
    first, last = await span_of(reader, view, accounts)
    days = listed_days(first, view.as_of, last) if first is not None and last is not None else []
    if len(accounts) * len(days) > ACCOUNT_DAYS_MAX:
        raise LimitExceeded(
            texts.TOO_MANY_ACCOUNT_DAYS(accounts=len(accounts), days=len(days), limit=ACCOUNT_DAYS_MAX)
        )
    async with joined_by_hash(reader):
        values = await values_of(reader, view, accounts, days, shown)
        rows = await moved_of(reader, view, accounts, days, shown)
    policy = await policy_of(reader, view, members.household_id)
    moved = movements_of(rows)
    series = scope_series(
        dict(values.items()), moved.movements, members.memberships, days, policy.policy, books_begin=first
    )
    series = _with_unknown(series, moved.unknown, members)
    began = inception(series.days, policy.policy.gap_treatment)
    measured_to = days[-1] if days else None
    found = (
        await benchmarks.named(reader, benchmark_id)
        if benchmark_id is not None
        else await benchmarks.assigned(reader, view, members)
    )
    beside = None
    if found is not None:
        made = await benchmarks.definition(reader, view, found)
        beside = await _benchmark_course(reader, view, made, days, shown)
    return ScopeBook(members, view, shown, policy, values, rows, series, began, measured_to, beside)


async def _benchmark_course(
    reader: Reader, view: BookView, made: Definition, days: Sequence[date], currency: str
) -> BenchmarkCourse:
    """The benchmark on the scope's days, from the close before them."""
    if not days or not made.blends:
        return BenchmarkCourse(made, ())
    listed = [_close_before(days[0]), *days]
    levels = await benchmarks.levels(reader, view, made.parts, listed)
    foreign = [index for index, part in made.parts.items() if part.currency not in {None, currency}]
    for index in foreign:
        rates = await rates_of(reader, view, listed, made.parts[index].currency or currency, currency)
        own = levels[index]
        levels[index] = {day: own[day] * rate for day, rate in rates.items() if day in own}
    first = next((at for at, day in enumerate(listed[1:]) if day >= made.blends[0].first_day), len(days))
    unknown = tuple(BenchmarkDay(day, None, Reason.LEVEL_MISSING) for day in days[:first])
    return BenchmarkCourse(made, (*unknown, *blended(made.blends, levels, listed[first:])))


def _close_before(day: date) -> date:
    """The last session before a day."""
    return valuation_days(day - timedelta(days=10), day - _ONE_DAY)[-1]


def _with_unknown(series: ScopeSeries, unknown: Sequence[Unknown], members: ScopeMembers) -> ScopeSeries:
    """Days on which something crossed the scope's boundary whose worth is not known."""
    shares = Shares(members.memberships)
    days = list(series.days)
    for each in unknown:
        at = bisect_left(days, each.row.day, key=lambda row: row.day)
        if at < len(days) and each.crosses(shares):
            days[at] = replace(days[at], flow_unknown=True)
    return replace(series, days=tuple(days))
