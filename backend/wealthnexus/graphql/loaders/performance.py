"""Reads of performance."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger.figures import BASIS, FigureReason, as_money
from wealthnexus.domain.performance import FeeBasis, Period, PeriodKind, answers, published
from wealthnexus.domain.performance.dividing import CASH, REST, Attributed, attributed, divided
from wealthnexus.domain.performance.figures import (
    PATH_BETWEEN,
    Shown,
    explain,
    exported,
    money_figure,
    part_at,
    reason_of,
    return_figure,
)
from wealthnexus.domain.performance.gains import Parts, gain_in_parts
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository import benchmarks, policies
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind, groups_of
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Reason, figure
from wealthnexus.domain.performance.rules.policy import EffectivePolicy
from wealthnexus.domain.performance.rules.report import PeriodPerformance as Figures
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import performance as types
from wealthnexus.graphql.types.enums import ContributionBy, PerformancePeriod
from wealthnexus.graphql.types.figures import Explain, MoneyFigure, figure_of
from wealthnexus.kit.errors import ValidationFailed

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

T = TypeVar("T")
POINTS_MAX: Final = answers.POINTS_MAX
_WORDS: Final = {FeeBasis.NET: "net", FeeBasis.GROSS: "gross"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a root field of performance is asked for."""

    scope: types.PerformanceScope
    as_of: date | None
    known_at: datetime | None
    currency: str | None
    benchmark_id: str | None


class PerformanceReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    @property
    def _is_client(self) -> bool:
        return self._all.reader.binding.role == "portal"

    # -- the scope -----------------------------------------------------------------------------------------

    async def _book(self, asked: Asked) -> ScopeBook:
        view = await self._all.view(asked.as_of, asked.known_at)
        scope = _scope_of(asked.scope)
        benchmark_id = None
        if asked.benchmark_id is not None:
            benchmark_id = from_global(asked.benchmark_id, "Benchmark", path=("benchmarkId",))

        async def load(keys: Any) -> dict[Scope, ScopeBook | None]:
            reader = self._all.reader
            return {key: await scope_book(reader, view, key, asked.currency, benchmark_id) for key in keys}

        name = ("performance", view, asked.currency, asked.benchmark_id)
        book = await self._all.batch(name, load).load(scope)
        if book is None:
            raise not_found(scope.kind.value.capitalize(), path=("scope",))
        return book

    async def performance(self, asked: Asked) -> types.Performance:
        book = await self._book(asked)
        if asked.benchmark_id is not None and book.benchmark is None:
            raise not_found("Benchmark", path=("benchmarkId",))
        policy, view = book.policy, book.view
        return types.Performance(
            name=book.members.name or self._all.context.caller.firm.name,
            currency=Currency(book.currency),
            as_of=view.as_of,
            known_at=view.known_at,
            book_version=BigInt(view.book_version),
            computed_at=view.computed_at,
            inception=book.inception,
            measured_to=book.measured_to,
            policy=_applied(policy),
            benchmark=None
            if book.benchmark is None
            else types.BenchmarkRef(
                id=to_global("Benchmark", book.benchmark.definition.id),
                name=book.benchmark.definition.name,
            ),
            book=book,
            view=view,
        )

    async def _computed(self, work: Callable[[], T]) -> T:
        """Arithmetic over years of days: beside the event loop, not on it."""
        return await asyncio.to_thread(work)

    # -- what it is measured by ----------------------------------------------------------------------------

    async def calculation_policy(
        self, household_id: str | None, known_at: datetime | None
    ) -> types.CalculationPolicy:
        view = await self._all.view(None, known_at)
        key = None
        if household_id is not None:
            await self._all.book.household(household_id, None, known_at)
            key = from_global(household_id, "Household", path=("householdId",))
        policy = await policies.policy_of(self._all.reader, view, key)
        versions = await policies.history_of(self._all.reader, view, key)
        level = "firm" if key is None else "household"
        return types.CalculationPolicy(
            effective=_applied(policy),
            history=[
                types.PolicyVersion(
                    number=each.number,
                    changes=[
                        types.PolicyChoice(name=name, value=value, origin=level)
                        for name, value in each.changes.items()
                    ],
                    author_name=each.author_name,
                    reason=each.reason,
                    recorded_at=each.recorded_at,
                    book_version=BigInt(each.book_version),
                )
                for each in versions
            ],
        )

    async def benchmarks(self) -> list[types.BenchmarkRef]:
        found = await benchmarks.every(self._all.reader)
        return [types.BenchmarkRef(id=to_global("Benchmark", key), name=name) for key, name in found]

    async def groups(self) -> list[types.AccountGroup]:
        found = await groups_of(self._all.reader)
        return [
            types.AccountGroup(id=to_global("AccountGroup", key), name=name, account_count=count)
            for key, name, count in found
        ]

    # -- periods -------------------------------------------------------------------------------------------

    async def periods(
        self, book: ScopeBook, kinds: list[PerformancePeriod], from_: date | None
    ) -> list[types.PeriodPerformance]:
        asked = [(kind, _period(book, kind, from_)) for kind in kinds[: len(PerformancePeriod)]]
        return await self._computed(lambda: [self._of_period(book, kind, period) for kind, period in asked])

    def _of_period(
        self, book: ScopeBook, kind: PerformancePeriod, period: Period | None
    ) -> types.PeriodPerformance:
        if period is None or not book.series.days:
            return self._without(book, kind, period)
        net = book.figures(period, FeeBasis.NET)
        gross = None if self._is_client else book.figures(period, FeeBasis.GROSS)
        place = _place(kind, period)
        bench = answers.beside(book, period, net)
        money = _Amounts(book, net, period)
        return types.PeriodPerformance(
            kind=kind,
            begin=period.begin,
            end=period.end,
            days=period.days,
            net=_linked(book, net, place),
            gross=None if gross is None else _linked(book, gross, place),
            net_annualised=_shown(book, net.annualised, place, "TWR net, a year", "net-annualised"),
            gross_annualised=None
            if gross is None
            else _shown(book, gross.annualised, place, "TWR gross, a year", "gross-annualised"),
            benchmark=_optional(book, bench.value, place, "benchmark", "benchmark"),
            benchmark_annualised=_optional(
                book, bench.annualised, place, "benchmark, a year", "benchmark-annualised"
            ),
            excess=_optional(book, bench.excess, place, "TWR net over the benchmark", "excess"),
            money_weighted=_shown(book, net.money_weighted, place, "MWR net", "money-weighted"),
            money_weighted_roots=[published(root) for root in answers.roots_of(net.money_weighted)],
            opening=money.of(net.opening, "value at the close that opens the period"),
            closing=money.of(net.closing, "value at the close that ends it"),
            net_flows=money.of(net.net_flows, formulas.SCOPE_FLOWS.statement),
            gain=money.of(net.gain, "closing - opening - net flows"),
            fees=money.of(net.fees, "advisory and performance fees borne by the scope, less rebates"),
            expenses=money.of(answers.expenses(book, period), "expenses paid, less what was paid back"),
            book=book,
            period=period,
        )

    def _without(
        self, book: ScopeBook, kind: PerformancePeriod, period: Period | None
    ) -> types.PeriodPerformance:
        """A scope without a funded day in its books."""
        nothing = figure(formulas.LINKED, None, Reason.NEVER_FUNDED)
        place = _place(kind, period)
        gross = None if self._is_client else _shown(book, nothing, place, "TWR gross", "gross")
        empty = _Amounts(book, None, period).missing()
        return types.PeriodPerformance(
            kind=kind,
            begin=None if period is None else period.begin,
            end=book.view.as_of,
            days=None if period is None else period.days,
            net=_shown(book, nothing, place, "TWR net", "net"),
            gross=gross,
            net_annualised=_shown(book, nothing, place, "TWR net, a year", "net-annualised"),
            gross_annualised=gross,
            benchmark=None,
            benchmark_annualised=None,
            excess=None,
            money_weighted=_shown(book, nothing, place, "MWR net", "money-weighted"),
            money_weighted_roots=[],
            opening=empty,
            closing=empty,
            net_flows=empty,
            gain=empty,
            fees=empty,
            expenses=empty,
            book=book,
            period=None,
        )

    async def part_of_gain(self, book: ScopeBook, period: Period | None, name: str) -> MoneyFigure:
        """A part of a period's gain; all parts of a period are computed once."""
        if period is None:
            return _Amounts(book, None, period).missing()

        async def load(keys: Any) -> dict[Period, Parts]:
            return {key: await gain_in_parts(self._all.reader, book, key) for key in keys}

        parts = await self._all.batch(("performance.parts", id(book)), load).load(period)
        reasons = () if parts.reason is None else (reason_of(parts.reason),)
        amount: Decimal | None = getattr(parts, name)
        shown = money_figure(book, amount, basis=BASIS, formula=formulas.GAIN, reasons=reasons)
        return figure_of(shown)

    # -- the course, statistics, months --------------------------------------------------------------------

    async def course(
        self, book: ScopeBook, kind: PerformancePeriod, from_: date | None, points: int | None
    ) -> types.PerformanceCourse:
        asked = types.POINTS_DEFAULT if points is None else points
        if not 2 <= asked <= POINTS_MAX:
            raise ValidationFailed(texts.POINTS(count=asked, limit=POINTS_MAX), path=("points",))
        period = _period(book, kind, from_)
        if period is None or not book.series.days:
            return types.PerformanceCourse(
                begin=None, end=book.view.as_of, days=[], reason=_reason(Reason.NEVER_FUNDED)
            )
        found = await self._computed(lambda: answers.course(book, period, asked))
        ended = book.figures(period, FeeBasis.NET).time_weighted.reason
        return types.PerformanceCourse(
            begin=period.begin,
            end=period.end,
            days=[self._course_day(book, point) for point in found],
            reason=None if ended is None else _reason(ended),
        )

    def _course_day(self, book: ScopeBook, point: answers.CoursePoint) -> types.CourseDay:
        contributed = as_money(point.net_contributions, book.currency)
        return types.CourseDay(
            day=point.day,
            value=as_money(point.value, book.currency),
            net_contributions=contributed if contributed is not None else Decimal(0),
            growth_net=_growth(point.net),
            growth_gross=None if self._is_client else _growth(point.gross),
            benchmark_growth=_growth(point.benchmark),
        )

    async def risk(self, book: ScopeBook, kind: PerformancePeriod, from_: date | None) -> types.RiskFigures:
        period = _period(book, kind, from_)
        place = _place(kind, period)
        if period is None or not book.series.days:
            nothing = figure(formulas.VOLATILITY, None, Reason.NEVER_FUNDED)
            fall = answers.Fall(nothing, None, None, None)
            found = answers.Risk(dict.fromkeys(answers.STATISTICS, nothing), fall)
        else:
            found = await self._computed(lambda: answers.risk(book, period))

        def of(name: str) -> types.ReturnFigure:
            return _shown(book, found.figures[name], place, "daily returns net", name)

        fall = found.fall
        return types.RiskFigures(
            volatility=of("volatility"),
            sharpe=of("sharpe"),
            sortino=of("sortino"),
            max_drawdown=types.Drawdown(
                figure=_shown(book, fall.figure, place, "daily returns net", "drawdown"),
                peak=fall.peak,
                trough=fall.trough,
                recovery=fall.recovery,
            ),
            beta=of("beta"),
            alpha=of("alpha"),
            tracking_error=of("tracking_error"),
            information_ratio=of("information_ratio"),
            up_capture=of("up_capture"),
            down_capture=of("down_capture"),
        )

    async def contribution(
        self,
        book: ScopeBook,
        kind: PerformancePeriod,
        from_: date | None,
        by: ContributionBy,
        basis: FeeBasis,
    ) -> types.Contribution:
        if self._is_client and basis is FeeBasis.GROSS:
            raise ValidationFailed(texts.NET_ONLY(), path=("basis",))
        period = _period(book, kind, from_)
        place = _place(kind, period)
        name = f"contribution-{by.value.lower()}-{_WORDS[basis]}"
        if period is None or not book.series.days:
            nothing = figure(formulas.CONTRIBUTION, None, Reason.NEVER_FUNDED)
            return types.Contribution(rows=[], total=_shown(book, nothing, place, "contribution", name))
        part = None if by is ContributionBy.ACCOUNT else PartKind(by.value)
        found = await divided(self._all.reader, book, period, part, basis)
        word = f"TWR {_WORDS[basis]} of the part"
        return types.Contribution(
            rows=[
                types.ContributionRow(
                    key=_part_id(by, each.key),
                    label=each.label,
                    weight=published(each.weight),
                    return_=_shown(book, each.value, place, word, f"{name}-{each.key}"),
                    contribution=published(each.contribution),
                )
                for each in found.parts
            ],
            total=_shown(book, found.total, place, f"contribution {_WORDS[basis]}", name),
        )

    async def attribution(
        self, book: ScopeBook, kind: PerformancePeriod, from_: date | None
    ) -> types.Attribution:
        period = _period(book, kind, from_)
        place = _place(kind, period)
        if period is None or not book.series.days:
            found = Attributed((), figure(formulas.ATTRIBUTION, None, Reason.NEVER_FUNDED))
        else:
            found = await attributed(self._all.reader, book, period)
        effects = [each.effects for each in found.segments]

        def summed(name: str) -> Decimal | None:
            if found.total.value is None:
                return None
            return published(math.fsum(getattr(each, name) for each in effects))

        return types.Attribution(
            rows=[
                types.AttributionRow(
                    key=strawberry.ID(each.key),
                    label=each.key,
                    portfolio_weight=published(each.portfolio_weight),
                    benchmark_weight=published(each.benchmark_weight),
                    portfolio_return=_growth(each.portfolio_return),
                    benchmark_return=_growth(each.benchmark_return),
                    allocation=published(each.effects.allocation),
                    selection=published(each.effects.selection),
                    interaction=published(each.effects.interaction),
                )
                for each in found.segments
            ],
            allocation=summed("allocation"),
            selection=summed("selection"),
            interaction=summed("interaction"),
            total=_shown(book, found.total, place, "TWR net over the benchmark", "attribution"),
        )

    async def calendar(self, book: ScopeBook) -> list[types.CalendarMonth]:
        months = await self._computed(lambda: answers.calendar(book))

        def of(month: answers.Month, shown: Figure | None, basis: str) -> types.ReturnFigure | None:
            place = f"{month.year}-{month.month:02}"
            return None if shown is None else _shown(book, shown, place, f"TWR {basis}", basis)

        return [
            types.CalendarMonth(
                year=month.year,
                month=month.month,
                net=_shown(book, month.net, f"{month.year}-{month.month:02}", "TWR net", "net"),
                gross=None if self._is_client else of(month, month.gross, "gross"),
                benchmark=of(month, month.benchmark, "benchmark"),
            )
            for month in months
        ]

    # -- explaining ----------------------------------------------------------------------------------------

    async def explain(self, asked: Asked, path: str) -> Explain:
        book = await self._book(asked)
        shown = await self._computed(lambda: self._at(book, path))
        return cast(Explain, explain(book, shown, path))

    async def explanation(self, asked: Asked, path: str) -> dict[str, Any]:
        book = await self._book(asked)
        return await self._computed(lambda: exported(book, self._at(book, path), path))

    def _at(self, book: ScopeBook, path: str) -> Shown:
        """The figure of a path: period, name, then steps down the tree. NotFound for any other."""
        parts = path.split(PATH_BETWEEN)
        if len(path) <= 200 and len(parts) >= 2:
            root = answers.root_at(book, parts[0], parts[1], is_client=self._is_client)
            shown = None if root is None else part_at(root, parts[2:])
            if shown is not None:
                return shown
        raise not_found("Figure", path=("path",))


class _Amounts:
    """Money of a period."""

    def __init__(self, book: ScopeBook, net: Figures | None, period: Period | None) -> None:
        self._book, self._net, self._period = book, net, period

    def of(self, amount: Decimal | None, formula: str) -> MoneyFigure:
        reasons: tuple[FigureReason, ...] = ()
        if amount is None:
            reasons = (reason_of(Reason.BOUNDARY_VALUE_MISSING),)
        return figure_of(money_figure(self._book, amount, basis=BASIS, formula=formula, reasons=reasons))

    def missing(self) -> MoneyFigure:
        reasons = (reason_of(Reason.NEVER_FUNDED),)
        return figure_of(money_figure(self._book, None, basis=BASIS, formula=formulas.GAIN, reasons=reasons))


def _linked(book: ScopeBook, found: Figures, place: str) -> types.ReturnFigure:
    measured, word = found.measured, _WORDS[found.basis]
    return types.return_of(
        return_figure(
            book,
            found.time_weighted,
            path=f"{place}{PATH_BETWEEN}{word}",
            basis=f"TWR {word}",
            measured_from=measured.measured_from if measured.measured_from != measured.begin else None,
            is_approximate=measured.uses_modified_dietz,
        )
    )


def _shown(book: ScopeBook, shown: Figure, place: str, basis: str, name: str) -> types.ReturnFigure:
    return types.return_of(return_figure(book, shown, path=f"{place}{PATH_BETWEEN}{name}", basis=basis))


def _optional(
    book: ScopeBook, shown: Figure | None, place: str, basis: str, name: str
) -> types.ReturnFigure | None:
    return None if shown is None else _shown(book, shown, place, basis, name)


def _place(kind: PerformancePeriod, period: Period | None) -> str:
    """Of a figure's path: the kind of the period, of CUSTOM its first day."""
    if kind is PerformancePeriod.CUSTOM and period is not None:
        return f"from-{period.first_day.isoformat()}"
    return kind.value


def _applied(policy: EffectivePolicy) -> types.AppliedPolicy:
    return types.AppliedPolicy(
        version=policy.policy.version,
        digest=policy.policy.digest(),
        choices=[
            types.PolicyChoice(name=name, value=value, origin=policy.origins.get(name, "default"))
            for name, value in policy.policy.printed()
        ],
    )


def _part_id(by: ContributionBy, key: str) -> strawberry.ID:
    """Securities and accounts have their own ids, other parts their word."""
    node = {ContributionBy.SECURITY: "Security", ContributionBy.ACCOUNT: "Account"}.get(by)
    return strawberry.ID(key) if node is None or key in {CASH, REST} else to_global(node, key)


def _reason(reason: Reason) -> Any:
    return reason_of(reason)


def _growth(value: float | None) -> Decimal | None:
    return None if value is None else published(value)


def _period(book: ScopeBook, kind: PerformancePeriod, from_: date | None) -> Period | None:
    if kind is PerformancePeriod.CUSTOM and (from_ is None or from_ > book.view.as_of):
        raise ValidationFailed(texts.CUSTOM_PERIOD(last=book.view.as_of), path=("from",))
    return book.period(PeriodKind(kind.value), from_)


_SCOPES: Final = (
    ("household_id", ScopeKind.HOUSEHOLD, "Household"),
    ("account_id", ScopeKind.ACCOUNT, "Account"),
    ("party_id", ScopeKind.PARTY, "Party"),
    ("group_id", ScopeKind.GROUP, "AccountGroup"),
)


def _scope_of(given: types.PerformanceScope) -> Scope:
    for name, kind, type_name in _SCOPES:
        value = getattr(given, name)
        if isinstance(value, str):
            key: UUID = from_global(value, type_name, path=("scope",))
            return Scope(kind, key)
    if given.firm is not True:
        raise ValidationFailed(texts.FIRM_IS_TRUE(), path=("scope", "firm"))
    return Scope(ScopeKind.FIRM)
