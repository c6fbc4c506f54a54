"""What a scope earned: returns by period, their course, statistics, and what they were computed from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, cast
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView, Quality
from wealthnexus.domain.performance import FeeBasis, Period
from wealthnexus.domain.performance.charges import CountsAs
from wealthnexus.domain.performance.figures import ReturnFigure as DomainReturn
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.enums import (
    Capability,
    ContributionBy,
    PerformancePeriod,
    TransactionType,
)
from wealthnexus.graphql.types.figures import Explain, FigureReason, MoneyFigure

POINTS_DEFAULT: Final = 260
From = Annotated[date | None, strawberry.argument(name="from", description="The first day of CUSTOM.")]

strawberry.enum(FeeBasis, description="Net of advisory fees, or gross of them; both after trading costs.")


@strawberry.input(one_of=True, description="What is reported: exactly one of these.")
class PerformanceScope:
    household_id: strawberry.ID | None = strawberry.UNSET
    account_id: strawberry.ID | None = strawberry.UNSET
    sleeve_id: strawberry.ID | None = strawberry.UNSET
    party_id: strawberry.ID | None = strawberry.UNSET
    group_id: strawberry.ID | None = strawberry.UNSET
    firm: bool | None = strawberry.UNSET


@strawberry.type(
    description="A return or statistic as a fraction to 8 decimals; null with a reason where there is none."
)
class ReturnFigure:
    value: Decimal | None
    reason: FigureReason | None
    as_of: date
    basis: str = strawberry.field(description='Such as "TWR net".')
    source: str
    computed_at: datetime
    quality: Quality
    measured_from: date | None = strawberry.field(
        description="The close from which it is measured, where the scope was funded within the period."
    )
    path: strawberry.ID = strawberry.field(description="Finds the figure again in `performanceExplain`.")
    reasons: list[FigureReason] = strawberry.field(
        description="What it lacks, by name and since when: holdings without a price, old prices and rates."
    )
    explain: Explain


def return_of(figure: DomainReturn) -> ReturnFigure:
    """The domain's figure, which has every attribute of ours."""
    return cast(ReturnFigure, figure)


@strawberry.type(description="A convention behind the figures.")
class PolicyChoice:
    name: str
    value: str
    origin: str = strawberry.field(description="default, firm, household or report.")


@strawberry.type(description="The calculation policy that holds for the figures.")
class AppliedPolicy:
    since: date | None = strawberry.field(description="The day from which on they hold; null: on all days.")
    version: str
    digest: str
    choices: list[PolicyChoice]


@strawberry.type(description="One version of a level: what it changes of the level above.")
class PolicyVersion:
    number: int
    effective_from: date
    changes: list[PolicyChoice]
    author_name: str
    reason: str
    recorded_at: datetime
    book_version: BigInt


@strawberry.type(description="The conventions of the firm, a household or a report, and how they came about.")
class CalculationPolicy:
    effective: AppliedPolicy
    turns: list[AppliedPolicy] = strawberry.field(description="Those of all days, the first first.")
    view: strawberry.Private[BookView]
    household: strawberry.Private[UUID | None]
    report: strawberry.Private[str | None]

    @field(Permission.USERS_READ, "Of this level, latest first: who changed what, and why.")
    async def history(self, info: Info) -> list[PolicyVersion]:
        reads = (await info.context.loaders()).performance
        return await reads.policy_history(self.view, self.household, self.report)


@strawberry.type(description="Accounts that are reported together; those of them you may see count.")
class AccountGroup:
    id: strawberry.ID
    name: str
    account_count: int


@strawberry.type
class BenchmarkRef:
    id: strawberry.ID
    name: str


strawberry.enum(
    CountsAs,
    name="ChargeCountsAs",
    description="FEE: it is in the net return alone. EXPENSE: in net and gross. FLOW: in neither.",
)


@strawberry.type(description="A fee or expense that an account was billed. Negative: it was paid back.")
class Charge:
    day: date
    account_id: strawberry.ID
    account_name: str
    type: TransactionType
    amount: Decimal
    currency: Currency = strawberry.field(description="That of the account that paid.")
    is_paid_elsewhere: bool = strawberry.field(
        description="By an account that is not of the scope, or that you do not see."
    )
    share: Decimal = strawberry.field(description="The scope's of the account on the day, a fraction.")
    borne: Decimal | None = strawberry.field(
        description="What the scope bears, in its currency. Those that count as FEE sum to the fees of the"
        " period, those that count as EXPENSE to its expenses."
    )
    borne_reason: FigureReason | None = strawberry.field(description="Why it is not known.")
    counts_as: CountsAs


@strawberry.type(description="From a day on the scope is measured beside it.")
class BenchmarkTurn:
    from_: date | None = strawberry.field(name="from", description="Null: on all days.")
    benchmark: BenchmarkRef | None = strawberry.field(description="Null: beside nothing.")


@strawberry.type(description="The figures of one period, from the close of `begin` to the close of `end`.")
class PeriodPerformance:
    kind: PerformancePeriod
    begin: date | None
    end: date
    days: int | None
    net: ReturnFigure
    gross: ReturnFigure | None = strawberry.field(description="Null for clients.")
    net_annualised: ReturnFigure
    gross_annualised: ReturnFigure | None
    benchmark: ReturnFigure | None = strawberry.field(description="Null without a benchmark.")
    benchmark_annualised: ReturnFigure | None
    excess: ReturnFigure | None
    money_weighted: ReturnFigure
    money_weighted_roots: list[Decimal] = strawberry.field(
        description="Every rate per year that solves the flows; more than one is why there may be no figure."
    )
    opening: MoneyFigure
    closing: MoneyFigure
    net_flows: MoneyFigure
    gain: MoneyFigure
    fees: MoneyFigure
    expenses: MoneyFigure
    book: strawberry.Private[ScopeBook]
    period: strawberry.Private[Period | None]

    @field(Permission.POSITIONS_READ, "Dividends and interest, less tax withheld.")
    async def income(self, info: Info) -> MoneyFigure:
        return await self._part(info, "income")

    @field(Permission.POSITIONS_READ, "Of what was sold in the period, since it was bought; price alone.")
    async def realised(self, info: Info) -> MoneyFigure:
        return await self._part(info, "realised")

    @field(Permission.POSITIONS_READ, "The change of what is not realised; price alone.")
    async def unrealised(self, info: Info) -> MoneyFigure:
        return await self._part(info, "unrealised")

    @field(Permission.POSITIONS_READ, "What exchange rates did to what was paid.")
    async def currency_effect(self, info: Info) -> MoneyFigure:
        return await self._part(info, "currency")

    @field(
        Permission.POSITIONS_READ,
        "What accounts of the scope were billed in the period, whoever paid; latest first, at most 500.",
    )
    async def charges(self, info: Info) -> list[Charge]:
        reads = (await info.context.loaders()).performance
        return reads.charges(self.book, self.period)

    async def _part(self, info: Info, name: str) -> MoneyFigure:
        reads = (await info.context.loaders()).performance
        return await reads.part_of_gain(self.book, self.period, self.kind, name)


@strawberry.type
class CourseDay:
    day: date
    value: Decimal | None
    net_contributions: Decimal = strawberry.field(
        description="The opening value and what came in less what went out since."
    )
    growth_net: Decimal | None = strawberry.field(description="Of 1 since the beginning.")
    growth_gross: Decimal | None
    benchmark_growth: Decimal | None


@strawberry.type(
    description="The days of a chart, oldest first; the first is the close that opens the period."
)
class PerformanceCourse:
    begin: date | None
    end: date
    days: list[CourseDay]
    reason: FigureReason | None = strawberry.field(description="Why the growth ends early.")


@strawberry.type
class ContributionRow:
    key: strawberry.ID
    label: str
    weight: Decimal = strawberry.field(description="Average over the period.")
    return_: ReturnFigure = strawberry.field(name="return")
    contribution: Decimal


@strawberry.type(description="What each part gave; the parts sum to the return of the whole.")
class Contribution:
    rows: list[ContributionRow]
    total: ReturnFigure


@strawberry.type
class AttributionRow:
    key: strawberry.ID
    label: str
    portfolio_weight: Decimal
    benchmark_weight: Decimal
    portfolio_return: Decimal | None
    benchmark_return: Decimal | None
    allocation: Decimal
    selection: Decimal
    interaction: Decimal


@strawberry.type(description="Why the return differs from the benchmark; the effects sum to the difference.")
class Attribution:
    rows: list[AttributionRow]
    allocation: Decimal | None
    selection: Decimal | None
    interaction: Decimal | None
    total: ReturnFigure


@strawberry.type
class Drawdown:
    figure: ReturnFigure = strawberry.field(description="Positive: a loss.")
    peak: date | None
    trough: date | None
    recovery: date | None = strawberry.field(description="Null: not yet.")


@strawberry.type(description="Statistics of the net daily returns of a period, over a year.")
class RiskFigures:
    volatility: ReturnFigure
    sharpe: ReturnFigure
    sortino: ReturnFigure
    max_drawdown: Drawdown
    beta: ReturnFigure
    alpha: ReturnFigure
    tracking_error: ReturnFigure
    information_ratio: ReturnFigure
    up_capture: ReturnFigure
    down_capture: ReturnFigure


@strawberry.type(description="The returns of a month, of the part of it that was measured.")
class CalendarMonth:
    year: int
    month: int
    net: ReturnFigure
    gross: ReturnFigure | None
    benchmark: ReturnFigure | None


@strawberry.type(description="The performance of a scope as the books were known.")
class Performance:
    name: str
    currency: Currency
    is_partial: bool = strawberry.field(
        description="The figures are of the accounts you see, and the scope may have others: true for whoever"
        " sees a part of the firm, of any scope but one account."
    )
    as_of: date
    known_at: datetime | None
    book_version: BigInt
    computed_at: datetime
    inception: date | None = strawberry.field(
        description="The day before the first funded day; null when nothing was ever funded."
    )
    measured_to: date | None = strawberry.field(description="The last day with a value.")
    policy: AppliedPolicy = strawberry.field(description="Of the last day.")
    policy_turns: list[AppliedPolicy] = strawberry.field(
        description="Of all days, the first first: what is of a day is by the conventions of that day, what"
        " is of a period by those of its last."
    )
    benchmark: BenchmarkRef | None = strawberry.field(description="Of the last day.")
    benchmark_turns: list[BenchmarkTurn] = strawberry.field(
        description="What was agreed from which day on, the first first: each day is measured beside its own."
    )
    book: strawberry.Private[ScopeBook]
    view: strawberry.Private[BookView]

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        return info.context.capabilities((Permission.PERFORMANCE_MANAGE, Capability.PUBLISH_FIGURES))

    @field(Permission.POSITIONS_READ, "In the order asked for; `from` is the first day of CUSTOM.")
    async def periods(
        self, info: Info, kinds: list[PerformancePeriod], from_: From = None
    ) -> list[PeriodPerformance]:
        return await (await info.context.loaders()).performance.periods(self.book, kinds, from_)

    @field(Permission.POSITIONS_READ, "At most `points` days (260 unless given), both ends among them.")
    async def course(
        self,
        info: Info,
        period: PerformancePeriod,
        from_: From = None,
        points: int | None = None,
    ) -> PerformanceCourse:
        reads = (await info.context.loaders()).performance
        return await reads.course(self.book, period, from_, points)

    @field(Permission.POSITIONS_READ, "Largest first.")
    async def contribution(
        self,
        info: Info,
        period: PerformancePeriod,
        by: ContributionBy,
        from_: From = None,
        basis: FeeBasis = FeeBasis.NET,
    ) -> Contribution:
        reads = (await info.context.loaders()).performance
        return await reads.contribution(self.book, period, from_, by, basis)

    @field(Permission.POSITIONS_READ, "Brinson and Fachler by asset class beside the benchmark, net.")
    async def attribution(self, info: Info, period: PerformancePeriod, from_: From = None) -> Attribution:
        return await (await info.context.loaders()).performance.attribution(self.book, period, from_)

    @field(Permission.POSITIONS_READ)
    async def risk(self, info: Info, period: PerformancePeriod, from_: From = None) -> RiskFigures:
        return await (await info.context.loaders()).performance.risk(self.book, period, from_)

    @field(Permission.POSITIONS_READ, "Every month since inception, oldest first.")
    async def calendar(self, info: Info) -> list[CalendarMonth]:
        return await (await info.context.loaders()).performance.calendar(self.book)
