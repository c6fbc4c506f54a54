"""Reads of performance."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.figures import BASIS, as_money
from wealthnexus.domain.performance import FeeBasis, Period, answers, explaining, published
from wealthnexus.domain.performance.attributing import Attributed, attributed
from wealthnexus.domain.performance.borne import expenses_of
from wealthnexus.domain.performance.charges import charges_of
from wealthnexus.domain.performance.dividing import divided
from wealthnexus.domain.performance.explaining import contribution_name
from wealthnexus.domain.performance.exporting import exported
from wealthnexus.domain.performance.figures import (
    PATH_BETWEEN,
    explain,
    money_figure,
    reason_of,
)
from wealthnexus.domain.performance.gains import Parts, gain_in_parts
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository import benchmarks, policies
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.repository.scopes import Scope, groups_of
from wealthnexus.domain.performance.rules import formulas, profit
from wealthnexus.domain.performance.rules.figures import Figure, Reason, figure
from wealthnexus.domain.performance.walking import apart
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.performance_shown import (
    WORDS,
    Amounts,
    applied,
    applied_turns,
    benchmark_ref,
    charge,
    growth,
    linked,
    part_id,
    period_of,
    place_of,
    policy_version,
    said,
    scope_of,
    shown_as,
    shown_or_none,
    turn,
)
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import performance as types
from wealthnexus.graphql.types.enums import ContributionBy, PerformancePeriod
from wealthnexus.graphql.types.figures import Explain, MoneyFigure, figure_of
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.threads import beside_the_loop

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

T = TypeVar("T")
POINTS_MAX: Final = answers.POINTS_MAX


@dataclass(frozen=True, slots=True)
class Asked:
    """What a root field of performance is asked for."""

    scope: types.PerformanceScope
    as_of: date | None
    known_at: datetime | None
    currency: str | None
    benchmark_id: str | None
    report: str | None = None


class PerformanceReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders
        self._explaining: dict[int, explaining.Explaining] = {}

    @property
    def _is_client(self) -> bool:
        return self._all.reader.binding.role == "portal"

    # -- the scope -----------------------------------------------------------------------------------------

    async def _book(self, asked: Asked) -> ScopeBook:
        view = await self._all.view(asked.as_of, asked.known_at)
        scope = scope_of(asked.scope)
        benchmark_id = None
        if asked.benchmark_id is not None:
            benchmark_id = from_global(asked.benchmark_id, "Benchmark", path=("benchmarkId",))
        # Clients are measured beside what was agreed, and try no other.
        chosen = None if self._is_client else benchmark_id

        async def load(keys: Any) -> dict[Scope, ScopeBook | None]:
            reader = self._all.reader
            return {
                key: await scope_book(
                    reader, view, key, currency=asked.currency, benchmark_id=chosen, report=asked.report
                )
                for key in keys
            }

        if asked.report is not None and asked.report not in await self.reports(view):
            raise not_found("Report", path=("report",))
        name = ("performance", view, asked.currency, asked.benchmark_id, asked.report)
        book = await self._all.batch(name, load).load(scope)
        if book is None:
            raise not_found(scope.kind.value.capitalize(), path=("scope",))
        beside = None if book.benchmark is None else book.benchmark.on(view.as_of)
        if benchmark_id is not None and (beside is None or beside.id != benchmark_id):
            raise not_found("Benchmark", path=("benchmarkId",))
        return book

    async def performance(self, asked: Asked) -> types.Performance:
        book = await self._book(asked)
        view = book.view
        return types.Performance(
            name=book.members.name or self._name_of_all(),
            currency=Currency(book.currency),
            is_partial=book.is_partial,
            as_of=view.as_of,
            known_at=view.known_at,
            book_version=BigInt(view.book_version),
            computed_at=view.computed_at,
            inception=book.inception,
            measured_to=book.measured_to,
            policy=applied(book.policies, view.as_of),
            policy_turns=applied_turns(book.policies),
            benchmark=None if book.benchmark is None else benchmark_ref(book.benchmark.on(view.as_of)),
            benchmark_turns=[] if book.benchmark is None else list(map(turn, book.benchmark.turns)),
            book=book,
            view=view,
        )

    def _name_of_all(self) -> str:
        """Of the firm's accounts: the firm's name, for those who see all of it."""
        sees_all = self._all.reader.binding.scope == "firm"
        return self._all.context.caller.firm.name if sees_all else texts.ALL_YOU_SEE()

    async def _computed(self, work: Callable[[], T]) -> T:
        """Arithmetic over years of days: beside the event loop, not on it."""
        return await beside_the_loop(work)

    # -- what it is measured by ----------------------------------------------------------------------------

    async def calculation_policy(
        self, household_id: str | None, report: str | None, known_at: datetime | None
    ) -> types.CalculationPolicy:
        view = await self._all.view(None, known_at)
        key = None
        if household_id is not None:
            await self._all.book.household(household_id, None, known_at)
            key = from_global(household_id, "Household", path=("householdId",))
        if report is not None and report not in await self.reports(view):
            raise not_found("Report", path=("report",))
        course = await policies.policy_of(self._all.reader, view, key, report)
        return types.CalculationPolicy(
            effective=applied(course, view.as_of),
            turns=applied_turns(course),
            view=view,
            household=key,
            report=report,
        )

    async def policy_history(
        self, view: BookView, household: UUID | None, report: str | None
    ) -> list[types.PolicyVersion]:
        versions = await policies.history_of(self._all.reader, view, household, report)
        level = "report" if report is not None else "firm" if household is None else "household"
        return [policy_version(each, level) for each in versions]

    async def reports(self, view: BookView) -> list[str]:
        """None for clients: their figures are by what was agreed."""
        return [] if self._is_client else await policies.reports_of(self._all.reader, view)

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
        asked = [(kind, period_of(book, kind, from_)) for kind in kinds[: len(PerformancePeriod)]]
        return await self._computed(lambda: [self._of_period(book, kind, period) for kind, period in asked])

    def _of_period(
        self, book: ScopeBook, kind: PerformancePeriod, period: Period | None
    ) -> types.PeriodPerformance:
        if period is None or not book.series.days:
            return self._without(book, kind, period)
        net = book.figures(period, FeeBasis.NET)
        gross = None if self._is_client else book.figures(period, FeeBasis.GROSS)
        place = place_of(kind, period)
        bench = answers.beside(book, period, net)
        dietz = net.measured.uses_modified_dietz
        money = Amounts(book, net, period, place)
        return types.PeriodPerformance(
            kind=kind,
            begin=period.begin,
            end=period.end,
            days=period.days,
            net=linked(book, net, place),
            gross=None if gross is None else linked(book, gross, place),
            net_annualised=shown_as(
                book, net.annualised, place, "TWR net, a year", "net-annualised", is_approximate=dietz
            ),
            gross_annualised=None
            if gross is None
            else shown_as(
                book,
                gross.annualised,
                place,
                "TWR gross, a year",
                "gross-annualised",
                is_approximate=gross.measured.uses_modified_dietz,
            ),
            benchmark=shown_or_none(book, bench.value, place, "benchmark", "benchmark"),
            benchmark_annualised=shown_or_none(
                book, bench.annualised, place, "benchmark, a year", "benchmark-annualised"
            ),
            excess=shown_or_none(
                book, bench.excess, place, "TWR net over the benchmark", "excess", is_approximate=dietz
            ),
            money_weighted=shown_as(book, net.money_weighted, place, "MWR net", "money-weighted"),
            money_weighted_roots=[published(root) for root in answers.roots_of(net.money_weighted)],
            opening=money.on(period.begin, net.opening, "value at the close that opens the period"),
            closing=money.on(period.end, net.closing, "value at the close that ends it"),
            net_flows=money.flows(net.net_flows),
            gain=money.of(net.gain, "closing - opening - net flows"),
            fees=money.of(net.fees, "advisory and performance fees borne by the scope, less rebates"),
            expenses=money.of(expenses_of(book, period), "expenses borne, less what was paid back"),
            book=book,
            period=period,
        )

    def _without(
        self, book: ScopeBook, kind: PerformancePeriod, period: Period | None
    ) -> types.PeriodPerformance:
        """A scope without a funded day in its books."""
        nothing = figure(formulas.LINKED, None, Reason.NEVER_FUNDED)
        place = place_of(kind, period)
        gross = None if self._is_client else shown_as(book, nothing, place, "TWR gross", "gross")
        empty = Amounts(book, None, period).missing()
        return types.PeriodPerformance(
            kind=kind,
            begin=None if period is None else period.begin,
            end=book.view.as_of,
            days=None if period is None else period.days,
            net=shown_as(book, nothing, place, "TWR net", "net"),
            gross=gross,
            net_annualised=shown_as(book, nothing, place, "TWR net, a year", "net-annualised"),
            gross_annualised=gross,
            benchmark=None,
            benchmark_annualised=None,
            excess=None,
            money_weighted=shown_as(book, nothing, place, "MWR net", "money-weighted"),
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

    def charges(self, book: ScopeBook, period: Period | None) -> list[types.Charge]:
        return [] if period is None else list(map(charge, charges_of(book, period)))

    async def part_of_gain(
        self, book: ScopeBook, period: Period | None, kind: PerformancePeriod, name: str
    ) -> MoneyFigure:
        """A part of a period's gain; all parts of a period are computed once."""
        if period is None:
            return Amounts(book, None, period).missing()

        async def load(keys: Any) -> dict[Period, Parts]:
            return {key: await gain_in_parts(self._all.reader, book, key) for key in keys}

        parts = await self._all.batch(("performance.parts", id(book)), load).load(period)
        amount: Decimal | None = getattr(parts, name)
        reasons = () if parts.reason is None or amount is not None else (reason_of(parts.reason),)
        shown = money_figure(book, amount, basis=BASIS, formula=formulas.GAIN, reasons=reasons)
        if parts.checked is not None:
            whole = profit.figure_of(parts.checked, book.currency)
            path = f"{place_of(kind, period)}{PATH_BETWEEN}{explaining.GAIN}"
            shown.explainer = lambda: explain(book, whole, path)
        return figure_of(shown)

    # -- the course, statistics, months --------------------------------------------------------------------

    async def course(
        self, book: ScopeBook, kind: PerformancePeriod, from_: date | None, points: int | None
    ) -> types.PerformanceCourse:
        asked = types.POINTS_DEFAULT if points is None else points
        if not 2 <= asked <= POINTS_MAX:
            raise ValidationFailed(texts.POINTS(count=asked, limit=POINTS_MAX), path=("points",))
        period = period_of(book, kind, from_)
        if period is None or not book.series.days:
            return types.PerformanceCourse(
                begin=None, end=book.view.as_of, days=[], reason=said(Reason.NEVER_FUNDED)
            )
        found = await self._computed(lambda: answers.course(book, period, asked))
        ended = book.figures(period, FeeBasis.NET).time_weighted.reason
        return types.PerformanceCourse(
            begin=period.begin,
            end=period.end,
            days=[self._course_day(book, point) for point in found],
            reason=None if ended is None else said(ended),
        )

    def _course_day(self, book: ScopeBook, point: answers.CoursePoint) -> types.CourseDay:
        contributed = as_money(point.net_contributions, book.currency)
        return types.CourseDay(
            day=point.day,
            value=as_money(point.value, book.currency),
            net_contributions=contributed if contributed is not None else Decimal(0),
            growth_net=growth(point.net),
            growth_gross=None if self._is_client else growth(point.gross),
            benchmark_growth=growth(point.benchmark),
        )

    async def risk(self, book: ScopeBook, kind: PerformancePeriod, from_: date | None) -> types.RiskFigures:
        period = period_of(book, kind, from_)
        place = place_of(kind, period)
        if period is None or not book.series.days:
            nothing = figure(formulas.VOLATILITY, None, Reason.NEVER_FUNDED)
            fall = answers.Fall(nothing, None, None, None)
            found = answers.Risk(dict.fromkeys(answers.STATISTICS, nothing), fall)
        else:
            found = await self._computed(lambda: answers.risk(book, period))

        def of(name: str) -> types.ReturnFigure:
            return shown_as(book, found.figures[name], place, "daily returns net", name)

        fall = found.fall
        return types.RiskFigures(
            volatility=of("volatility"),
            sharpe=of("sharpe"),
            sortino=of("sortino"),
            max_drawdown=types.Drawdown(
                figure=shown_as(book, fall.figure, place, "daily returns net", "drawdown"),
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
        period = period_of(book, kind, from_)
        place = place_of(kind, period)
        name = contribution_name(by.value, basis)
        if period is None or not book.series.days:
            nothing = figure(formulas.CONTRIBUTION, None, Reason.NEVER_FUNDED)
            return types.Contribution(rows=[], total=shown_as(book, nothing, place, "contribution", name))
        part = None if by is ContributionBy.ACCOUNT else PartKind(by.value)
        found = await divided(self._all.reader, book, period, part, basis)
        word = f"TWR {WORDS[basis]} of the part"
        dietz = book.figures(period, basis).measured.uses_modified_dietz
        return types.Contribution(
            rows=[
                types.ContributionRow(
                    key=part_id(by, each.key),
                    label=each.label,
                    weight=published(each.weight),
                    return_=shown_as(
                        book,
                        each.value,
                        place,
                        word,
                        contribution_name(by.value, basis, each.key),
                        is_approximate=dietz,
                    ),
                    contribution=published(each.contribution),
                )
                for each in found.parts
            ],
            total=shown_as(
                book, found.total, place, f"contribution {WORDS[basis]}", name, is_approximate=dietz
            ),
        )

    async def attribution(
        self, book: ScopeBook, kind: PerformancePeriod, from_: date | None
    ) -> types.Attribution:
        period = period_of(book, kind, from_)
        place = place_of(kind, period)
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
                    portfolio_return=growth(each.portfolio_return),
                    benchmark_return=growth(each.benchmark_return),
                    allocation=published(each.effects.allocation),
                    selection=published(each.effects.selection),
                    interaction=published(each.effects.interaction),
                )
                for each in found.segments
            ],
            allocation=summed("allocation"),
            selection=summed("selection"),
            interaction=summed("interaction"),
            total=shown_as(book, found.total, place, "TWR net over the benchmark", explaining.ATTRIBUTION),
        )

    async def calendar(self, book: ScopeBook) -> list[types.CalendarMonth]:
        months = await self._computed(lambda: answers.calendar(book))

        def of(month: answers.Month, shown: Figure | None, basis: str) -> types.ReturnFigure | None:
            place = f"{month.year}-{month.month:02}"
            dietz = month.is_approximate and basis != "benchmark"
            return shown_or_none(book, shown, place, f"TWR {basis}", basis, is_approximate=dietz)

        return [
            types.CalendarMonth(
                year=month.year,
                month=month.month,
                net=cast(types.ReturnFigure, of(month, month.net, "net")),
                gross=None if self._is_client else of(month, month.gross, "gross"),
                benchmark=of(month, month.benchmark, "benchmark"),
            )
            for month in months
        ]

    # -- explaining ----------------------------------------------------------------------------------------

    async def explain(self, asked: Asked, path: str) -> Explain:
        told = await self._explained(await self._book(asked)).told(path)
        if told is None:
            raise not_found("Figure", path=("path",))
        return cast(Explain, told)

    async def explanation(self, asked: Asked, path: str) -> dict[str, Any]:
        book, figure_path = await self._book(asked), apart(path)[0]
        shown = await self._explained(book).at(figure_path)
        if shown is None:
            raise not_found("Figure", path=("path",))
        period = explaining.period_of_path(book, figure_path)
        return await exported(self._all.reader, book, shown, figure_path, period)

    def _explained(self, book: ScopeBook) -> explaining.Explaining:
        known = self._explaining.get(id(book))
        if known is None:
            known = explaining.Explaining(self._all.reader, book, self._is_client)
            self._explaining[id(book)] = known
        return known
