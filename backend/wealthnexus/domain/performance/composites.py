"""The performance of a composite at one view of the books: its members' days, months and years."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import joined_by_hash
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.account_days import account_days
from wealthnexus.domain.performance.beside import BenchmarkCourse, benchmark_course
from wealthnexus.domain.performance.reading import ACCOUNT_DAYS_MAX, listed_days, with_unknown
from wealthnexus.domain.performance.repository import composites as stored
from wealthnexus.domain.performance.repository.accruing import accruing_of
from wealthnexus.domain.performance.repository.composites import Composite, CompositeMember
from wealthnexus.domain.performance.repository.flaws import flaws_of
from wealthnexus.domain.performance.repository.policies import policy_of
from wealthnexus.domain.performance.repository.scopes import ALWAYS, Scope, ScopeKind, ScopeMembers
from wealthnexus.domain.performance.repository.values import spans_and_closed_days, values_of
from wealthnexus.domain.performance.rules.benchmarks import BenchmarkDay, benchmark_return, linked_growth
from wealthnexus.domain.performance.rules.composite_years import (
    DEVIATION_MONTHS,
    CompositeMonth,
    CompositeYear,
    Portfolio,
    composite_months,
    composite_years,
    ex_post_deviation,
    whole_months,
)
from wealthnexus.domain.performance.rules.composites import CompositeMembership
from wealthnexus.domain.performance.rules.figures import Figure
from wealthnexus.domain.performance.rules.flaws import Flaw, judged, missing_days, within
from wealthnexus.domain.performance.rules.flows import MovedRow, movements_of
from wealthnexus.domain.performance.rules.periods import Interval, by_interval
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    EffectivePolicy,
    FeeBasis,
    PolicyCourse,
)
from wealthnexus.domain.performance.rules.scopes import Membership, scope_series
from wealthnexus.domain.performance.rules.time_weighted import sub_periods
from wealthnexus.domain.performance.sessions import close_before, valuation_days
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.threads import beside_the_loop

_ONE_DAY = timedelta(days=1)
NOTHING: Final = Decimal(0)
"""Of an account before its first entry."""


@dataclass(frozen=True, slots=True)
class YearBeside:
    """The benchmark of a year and the deviation of its last 36 months; the firm's assets at its end (None:
    something of the firm has no value), and what they lack."""

    benchmark: Figure | None
    deviation: Figure | None
    firm_assets: Decimal | None
    firm_flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class CompositeBook:
    """A composite and everything its report shows; ``beside`` by year, ``flaws`` of its accounts."""

    composite: Composite
    members: tuple[CompositeMember, ...]
    view: BookView
    policies: PolicyCourse
    months: tuple[CompositeMonth, ...] = ()
    years: tuple[CompositeYear, ...] = ()
    beside: Mapping[int, YearBeside] = field(default_factory=dict)
    benchmark: BenchmarkCourse | None = None
    flaws: Mapping[str, Sequence[Flaw]] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        return self.composite.currency

    @property
    def inception(self) -> date | None:
        """The first day of the first month in which somebody took part."""
        first = next((month for month in self.months if month.members), None)
        return None if first is None else first.begin + _ONE_DAY

    @property
    def policy(self) -> EffectivePolicy:
        """The conventions of the view's day."""
        return self.policies.effective_on(self.view.as_of)

    @property
    def conventions(self) -> CalculationPolicy:
        return self.policy.policy

    def flaws_of_months(self, months: Iterable[CompositeMonth]) -> list[Flaw]:
        """What the returns of months lack: old prices, what has no price, of those who took part."""
        return [
            flaw
            for month in months
            for key in month.members
            for flaw in within(self.flaws.get(key, ()), month.begin, month.end)
        ]

    def flaws_at_end(self, month: CompositeMonth) -> list[Flaw]:
        """What the value of the members at the close of a month lacks."""
        day = close_before(month.end + _ONE_DAY)
        return [flaw for key in month.members for flaw in within(self.flaws.get(key, ()), day, day)]

    def months_of_deviation(self, year: CompositeYear) -> Sequence[CompositeMonth]:
        """The last 36 months by the end of a year."""
        return [month for month in self.months if month.end <= year.end][-DEVIATION_MONTHS:]

    def benchmark_month(self, month: CompositeMonth) -> Figure | None:
        """The benchmark of a month; None without a benchmark."""
        return (
            None if self.benchmark is None else _linked(self.benchmark, month.begin, month.end, self.currency)
        )


async def composite_book(reader: Reader, view: BookView, composite_id: UUID) -> CompositeBook | None:
    """The composite up to the last whole month by the view's day, as its book version knew it.

    Every account by the conventions of the firm, so that all are measured alike. None when there is no such
    composite for the caller. LimitExceeded as of a scope.
    """
    composite = await stored.composite(reader, view, composite_id)
    if composite is None:
        return None
    members = await stored.members(reader, view, composite_id)
    policies = await policy_of(reader, view, None)
    accounts = sorted({each.account_id for each in members})
    own_spans, closed_days = await spans_and_closed_days(reader, view, accounts)
    began = min((first for first, _ in own_spans.values()), default=view.as_of)
    sessions = valuation_days(began, view.as_of)
    listed = {
        key: listed_days(first, view.as_of, last, closed_days.get(key, ()), sessions)
        for key, (first, last) in own_spans.items()
    }
    days = sorted({day for own in listed.values() for day in own})
    if len(accounts) * len(days) > ACCOUNT_DAYS_MAX:
        raise LimitExceeded(
            texts.TOO_MANY_ACCOUNT_DAYS(accounts=len(accounts), days=len(days), limit=ACCOUNT_DAYS_MAX)
        )
    read = await account_days(
        reader, view, accounts, own_spans, days, currency=composite.currency, policies=policies
    )
    flaws = _by_account([*read.flaws, *await accruing_of(reader, view, accounts, days)])

    def made() -> tuple[tuple[CompositeMonth, ...], tuple[CompositeYear, ...]]:
        rows = _rows_by_account(read.rows)
        portfolios = {
            str(key): _portfolio(
                key,
                listed.get(key, []),
                read.values.get(key, {}),
                rows.get(key, ()),
                policies=policies,
                first_entry=own_spans[key][0] if key in own_spans else None,
            )
            for key in accounts
        }
        stays = [CompositeMembership(str(each.account_id), each.first_day, each.end) for each in members]
        months = composite_months(stays, portfolios, view.as_of, composite.minimum_assets)
        return tuple(months), tuple(composite_years(months, portfolios, policies.on(view.as_of)))

    months, years = await beside_the_loop(made)
    book = CompositeBook(composite, tuple(members), view, policies, months, years, flaws=flaws)
    if not months:
        return book
    course = await _course(reader, view, composite, months)
    firm = await _firm_assets(reader, view, composite.currency, years, policies)
    beside = {year.year: _beside(year, months, course, firm[year.year], book) for year in years}
    return replace(book, beside=beside, benchmark=course)


def _by_account(flaws: Iterable[Flaw]) -> dict[str, list[Flaw]]:
    found: dict[str, list[Flaw]] = {}
    for each in flaws:
        found.setdefault(str(each.account_id), []).append(each)
    return found


def _rows_by_account(rows: Iterable[MovedRow]) -> dict[UUID, list[MovedRow]]:
    """The rows of each account, a fee with the one that pays it and the one it was billed for."""
    found: dict[UUID, list[MovedRow]] = {}
    for row in rows:
        for key in {row.account_id, row.billed_account_id or row.account_id}:
            found.setdefault(key, []).append(row)
    return found


def _portfolio(
    account: UUID,
    days: Sequence[date],
    values: Mapping[date, Decimal | None],
    rows: Sequence[MovedRow],
    *,
    policies: PolicyCourse,
    first_entry: date | None,
) -> Portfolio:
    """An account as its own performance measures it, by the conventions of the firm."""
    if not days:
        return Portfolio(str(account), {}, {}, {})
    moved = movements_of(rows)
    alone = (Membership(account, ALWAYS),)
    series = scope_series(
        {account: dict(values)}, moved.movements, alone, days, policies, books_begin=first_entry
    )
    members = ScopeMembers(Scope(ScopeKind.ACCOUNT, account), "", None, alone, {account: ""})
    series = with_unknown(series, moved.unknown, members)
    net, gross = (
        by_interval(list(sub_periods(None, series.days, basis=basis, policy=policies)), Interval.MONTH)
        for basis in (FeeBasis.NET, FeeBasis.GROSS)
    )
    listed = [row.day for row in series.days]
    closes: dict[date, Decimal | None] = {}
    for begin, end in whole_months(days[0].replace(day=1), days[-1] + timedelta(days=31)):
        for close in (begin, end):
            at = bisect_right(listed, close)
            if at:
                closes[close] = series.days[at - 1].value
    return Portfolio(
        str(account),
        closes,
        {(each.end.year, each.end.month): each.value for each in net},
        {(each.end.year, each.end.month): each.value for each in gross},
        frozenset((each.end.year, each.end.month) for each in (*net, *gross) if each.is_approximate),
    )


# -- beside the composite ------------------------------------------------------------------------------------


async def _course(
    reader: Reader, view: BookView, composite: Composite, months: Sequence[CompositeMonth]
) -> BenchmarkCourse | None:
    """The composite's benchmark on the days of its months."""
    if composite.benchmark_id is None:
        return None
    first, last = months[0].begin + _ONE_DAY, months[-1].end
    members = ScopeMembers(Scope(ScopeKind.FIRM), "", None, (), {})
    return await benchmark_course(
        reader,
        view,
        members,
        listed_days(first, last, first),
        currency=composite.currency,
        benchmark_id=composite.benchmark_id,
    )


FirmAssets = tuple[Decimal | None, tuple[Flaw, ...]]
"""What the accounts of the firm are worth, and what of them has no price or an old one."""


async def _firm_assets(
    reader: Reader,
    view: BookView,
    currency: str,
    years: Sequence[CompositeYear],
    policies: PolicyCourse,
) -> dict[int, FirmAssets]:
    """Of all accounts at the end of each year, entries after the last session included; None while
    one has no value. Nothing is read of what moved."""
    ends = {year.year: close_before(year.end + _ONE_DAY) for year in years}
    spans, closed_days = await spans_and_closed_days(reader, view, await stored.all_accounts(reader))
    late = {
        (key, ends[year.year]): max(after)
        for key, closed in closed_days.items()
        for year in years
        if (after := [day for day in closed if ends[year.year] < day <= year.end])
    }
    days = sorted(ends.values())
    async with joined_by_hash(reader):
        read = await values_of(reader, view, spans, days, currency)
        lacking = await flaws_of(reader, view, list(read.flaws), days, currency) if read.flaws else []
        own = {key: spans[key] for key, _ in late}
        lately = await values_of(reader, view, own, sorted(set(late.values())), currency)
    flaws = judged(lacking, policies)
    missing = set().union(*missing_days(flaws, days).values())
    totals: dict[date, Decimal] = dict.fromkeys(days, Decimal(0))
    for key in spans:
        for day in days:
            if (at := late.get((key, day))) is not None:
                value = lately.values.get(key, {}).get(at)
            else:
                value = read.values.get(key, {}).get(day, NOTHING)
            if value is None:
                missing.add(day)
            else:
                totals[day] += value
    return {
        year: (None if day in missing else totals[day], tuple(within(flaws, day, day)))
        for year, day in ends.items()
    }


def _beside(
    year: CompositeYear,
    months: Sequence[CompositeMonth],
    course: BenchmarkCourse | None,
    firm: FirmAssets,
    book: CompositeBook,
) -> YearBeside:
    if course is None:
        return YearBeside(None, None, *firm)
    returns = [
        linked_growth(_within(course, month.begin, month.end))[0] for month in months if month.end <= year.end
    ]
    deviation = ex_post_deviation(returns, book.conventions)
    return YearBeside(_linked(course, year.begin, year.end, book.currency), deviation, *firm)


def _linked(course: BenchmarkCourse, begin: date, end: date, currency: str) -> Figure:
    return benchmark_return(_within(course, begin, end), currency=currency)


def _within(course: BenchmarkCourse, begin: date, end: date) -> list[BenchmarkDay]:
    return [row for row in course.days if begin < row.day <= end]


# -- explaining ----------------------------------------------------------------------------------------------


def root_at(book: CompositeBook, place: str, name: str) -> Figure | None:
    """The figure of a path's first two steps: a year ("2020") or month ("2020-03") and its name."""
    month = next((each for each in book.months if f"{each.end:%Y-%m}" == place), None)
    if month is not None:
        return {"net": month.net, "gross": month.gross, "benchmark": book.benchmark_month(month)}.get(name)
    year = next((each for each in book.years if str(each.year) == place), None)
    if year is None:
        return None
    beside = book.beside[year.year]
    return {
        "net": year.net,
        "gross": year.gross,
        "equal-weighted": year.equal_weighted,
        "asset-weighted": year.asset_weighted,
        "deviation": year.deviation,
        "benchmark": beside.benchmark,
        "benchmark-deviation": beside.deviation,
    }.get(name)
