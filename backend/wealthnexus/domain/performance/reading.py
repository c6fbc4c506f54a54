"""The performance of one scope at one view of the books: days read once, figures computed when asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.account_days import account_days
from wealthnexus.domain.performance.beside import BenchmarkCourse, benchmark_course
from wealthnexus.domain.performance.repository.accruing import accruing_of
from wealthnexus.domain.performance.repository.policies import policy_of
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind, ScopeMembers, members_of
from wealthnexus.domain.performance.repository.values import AccountValues, spans_and_closed_days
from wealthnexus.domain.performance.rules.benchmarks import BenchmarkDay
from wealthnexus.domain.performance.rules.flaws import (
    Flaw,
    within,
)
from wealthnexus.domain.performance.rules.flows import MovedRow, Unknown, movements_of
from wealthnexus.domain.performance.rules.periods import Period, PeriodKind, period_of
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    EffectivePolicy,
    FeeBasis,
    PolicyCourse,
)
from wealthnexus.domain.performance.rules.report import PeriodPerformance, period_performance
from wealthnexus.domain.performance.rules.scopes import ScopeSeries, Shares, scope_series
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod, every_sub_period, inception
from wealthnexus.domain.performance.sessions import valuation_days
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.threads import beside_the_loop

ACCOUNT_DAYS_MAX: Final = 2_000_000
"""Accounts times days of one answer: about half a minute."""
_OF_AN_ACCOUNT: Final = (ScopeKind.ACCOUNT, ScopeKind.SLEEVE)


@dataclass(slots=True)
class ScopeBook:
    """The days of a scope and what made them. ``measured_to``: the last valuation day by the view's day,
    None for a scope without entries. ``is_partial``: it is of the accounts the caller sees, and may have
    others."""

    members: ScopeMembers
    view: BookView
    currency: str
    policies: PolicyCourse
    values: AccountValues
    rows: Sequence[MovedRow]
    flaws: Sequence[Flaw]
    series: ScopeSeries
    inception: date | None
    measured_to: date | None
    benchmark: BenchmarkCourse | None = None
    is_partial: bool = False
    _known: dict[tuple[Period, FeeBasis], PeriodPerformance] = field(default_factory=dict)
    _made: dict[FeeBasis, Sequence[SubPeriod]] = field(default_factory=dict)
    _shares: Shares | None = None

    @property
    def policy(self) -> EffectivePolicy:
        """The conventions of the view's day, with who changed what."""
        return self.policies.effective_on(self.view.as_of)

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
            if basis not in self._made:
                self._made[basis] = every_sub_period(self.series.days, basis=basis, policy=self.policies)
            known = self._known[period, basis] = period_performance(
                self.series.days,
                period,
                basis=basis,
                policy=self.policies,
                currency=self.currency,
                applied=self.series.applied,
                made=self._made[basis],
            )
        return known

    def benchmark_days(self, period: Period) -> Sequence[BenchmarkDay]:
        """The benchmark's growths on the scope's days within the period; none without a benchmark."""
        if self.benchmark is None:
            return ()
        return [row for row in self.benchmark.days if period.begin < row.day <= period.end]

    def flaws_within(self, begin: date, end: date) -> list[Flaw]:
        """What figures from the close of ``begin`` to the close of ``end`` lack."""
        return within(self.flaws, begin, end)

    def share_of(self, account: UUID, day: date) -> Fraction:
        """The scope's share of an account on a day."""
        if self._shares is None:
            self._shares = Shares(self.members.memberships)
        return self._shares.on(account, day)


def listed_days(
    first: date,
    last: date,
    last_entry: date,
    closed_days: Iterable[date] = (),
    sessions: Sequence[date] | None = None,
) -> list[date]:
    """The valuation days from ``first``: the sessions, and those without one on which something was entered,
    so that what moves while the market is closed counts on its day; the last day too, where something
    happened since.

    ``sessions``: those up to ``last`` from a day on that is not later, where many scopes are listed at once.
    """
    days = valuation_days(first, last) if sessions is None else [*sessions[bisect_left(sessions, first) :]]
    if further := set(closed_days).difference(days):
        days = sorted(further.union(days))
    if not days or days[-1] < min(last_entry, last):
        days.append(last)
    return days


async def scope_book(
    reader: Reader,
    view: BookView,
    scope: Scope,
    *,
    currency: str | None = None,
    benchmark_id: UUID | None = None,
    report: str | None = None,
) -> ScopeBook | None:
    """The scope's days up to the view's day, as its book version knows them: eleven statements, and
    three more where prices are missing.

    ``report``: whose conventions come above those of the household. None when there is no such scope for the
    caller. LimitExceeded for more than 2,000,000 accounts x days.
    """
    members = await members_of(reader, view, scope)
    if members is None:
        return None
    if scope.kind is ScopeKind.SLEEVE and scope.id is not None:
        view = view.of_sleeve(scope.id)
    shown = currency or members.currency or view.currency
    accounts: list[UUID] = sorted(members.names)
    spans, closed_days = await spans_and_closed_days(reader, view, accounts)
    first = min((each for each, _ in spans.values()), default=None)
    last = max(each for _, each in spans.values()) if spans else None
    days = (
        []
        if first is None or last is None
        else listed_days(first, view.as_of, last, chain.from_iterable(closed_days.values()))
    )
    if len(accounts) * len(days) > ACCOUNT_DAYS_MAX:
        raise LimitExceeded(
            texts.TOO_MANY_ACCOUNT_DAYS(accounts=len(accounts), days=len(days), limit=ACCOUNT_DAYS_MAX)
        )
    policies = await policy_of(reader, view, members.household_id, report)
    read = await account_days(reader, view, accounts, spans, days, currency=shown, policies=policies)

    def made() -> tuple[ScopeSeries, date | None]:
        moved = movements_of(read.rows)
        series = scope_series(
            dict(read.values.items()),
            moved.movements,
            members.memberships,
            days,
            policies,
            books_begin=first,
        )
        series = with_unknown(series, moved.unknown, members)
        return series, inception(series.days, policies.on(view.as_of).gap_treatment)

    series, began = await beside_the_loop(made)
    measured_to = days[-1] if days else None
    beside = await benchmark_course(reader, view, members, days, currency=shown, benchmark_id=benchmark_id)
    accruing = await accruing_of(reader, view, accounts, days)
    flaws = _of_scope([*read.flaws, *accruing], members)
    return ScopeBook(
        members,
        view,
        shown,
        policies,
        read.values,
        read.rows,
        flaws,
        series,
        began,
        measured_to,
        beside,
        is_partial=reader.binding.scope != "firm" and scope.kind not in _OF_AN_ACCOUNT,
    )


def _of_scope(flaws: Sequence[Flaw], members: ScopeMembers) -> list[Flaw]:
    """Those of days on which their account belonged to the scope."""
    return [
        flaw
        for flaw in flaws
        if any(
            each.account == flaw.account_id
            and each.first_day <= flaw.last
            and (each.end is None or each.end > flaw.first)
            for each in members.memberships
        )
    ]


def with_unknown(series: ScopeSeries, unknown: Sequence[Unknown], members: ScopeMembers) -> ScopeSeries:
    """Days on which something crossed the scope's boundary whose worth is not known."""
    shares = Shares(members.memberships)
    days = list(series.days)
    for each in unknown:
        at = bisect_left(days, each.row.day, key=lambda row: row.day)
        if at < len(days) and each.crosses(shares):
            days[at] = replace(days[at], flow_unknown=True)
    return replace(series, days=tuple(days))
