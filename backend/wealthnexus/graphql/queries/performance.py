"""Performance: of an account, a household, a party, a group or the firm."""

# ruff: noqa: PLR0917 -- the API names its arguments, they are never given by place

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.loaders.performance import Asked
from wealthnexus.graphql.scalars import Currency, Json
from wealthnexus.graphql.types.benchmarks import Benchmark
from wealthnexus.graphql.types.figures import Explain
from wealthnexus.graphql.types.performance import (
    AccountGroup,
    BenchmarkRef,
    CalculationPolicy,
    Performance,
    PerformanceScope,
)
from wealthnexus.graphql.types.published import Publication

Report = Annotated[
    str | None,
    strawberry.argument(description="By the conventions of the report of this name; for staff."),
]


@strawberry.type
class PerformanceQueries:
    @field(
        Permission.POSITIONS_READ,
        "Of the accounts you may see, in the scope's currency unless another is named. Null with NOT_FOUND"
        " when there is no such scope for you.",
    )
    async def performance(
        self,
        info: Info,
        scope: PerformanceScope,
        as_of: date | None = None,
        known_at: datetime | None = None,
        currency: Currency | None = None,
        benchmark_id: strawberry.ID | None = None,
        report: Report = None,
    ) -> Performance | None:
        reads = (await info.context.loaders()).performance
        return await reads.performance(Asked(scope, as_of, known_at, currency, benchmark_id, report))

    @field(Permission.POSITIONS_READ, "The explanation of one figure by its `path`, one level of the tree.")
    async def performance_explain(
        self,
        info: Info,
        scope: PerformanceScope,
        path: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
        currency: Currency | None = None,
        benchmark_id: strawberry.ID | None = None,
        report: Report = None,
    ) -> Explain | None:
        reads = (await info.context.loaders()).performance
        return await reads.explain(Asked(scope, as_of, known_at, currency, benchmark_id, report), path)

    @field(
        Permission.POSITIONS_READ,
        "Everything behind one figure as JSON: formulas, policy, sub-periods, flows with file and line. It"
        " can be recomputed without this platform.",
    )
    async def performance_explanation(
        self,
        info: Info,
        scope: PerformanceScope,
        path: strawberry.ID,
        as_of: date | None = None,
        known_at: datetime | None = None,
        currency: Currency | None = None,
        benchmark_id: strawberry.ID | None = None,
        report: Report = None,
    ) -> Json:
        reads = (await info.context.loaders()).performance
        found = await reads.explanation(Asked(scope, as_of, known_at, currency, benchmark_id, report), path)
        return Json(found)

    @field(Permission.POSITIONS_READ, "The conventions that hold for the firm, a household or a report.")
    async def calculation_policy(
        self,
        info: Info,
        household_id: strawberry.ID | None = None,
        report: Report = None,
        known_at: datetime | None = None,
    ) -> CalculationPolicy:
        reads = (await info.context.loaders()).performance
        return await reads.calculation_policy(household_id, report, known_at)

    @field(Permission.FINDINGS_READ, "The names of the reports that have conventions of their own.")
    async def report_policies(self, info: Info, known_at: datetime | None = None) -> list[str]:
        loaders = await info.context.loaders()
        return await loaders.performance.reports(await loaders.view(None, known_at))

    @field(Permission.FINDINGS_READ, "What returns may be measured beside, by name.")
    async def benchmarks(self, info: Info) -> list[BenchmarkRef]:
        return await (await info.context.loaders()).performance.benchmarks()

    @field(
        Permission.FINDINGS_READ,
        "Of what a benchmark is made, whom it stands beside, and its levels in the firm's currency from the"
        " first day on (a year unless given, at most ten; at most 260 of the days). Null with NOT_FOUND when"
        " there is no such benchmark for you.",
    )
    async def benchmark(
        self,
        info: Info,
        id: strawberry.ID,
        first_day: date | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Benchmark | None:
        return await (await info.context.loaders()).benchmarks.one(id, first_day, as_of, known_at)

    @field(
        Permission.FINDINGS_READ,
        "What was published of a household or account, the latest day first, at most 200 (24 unless given)."
        " Nothing of a household of which you see a part.",
    )
    async def publications(
        self, info: Info, subject_id: strawberry.ID, first: int | None = None
    ) -> list[Publication]:
        return await (await info.context.loaders()).published.of_subject(subject_id, first)

    @field(Permission.FINDINGS_READ, "Published figures beside the books as they are, or were, known.")
    async def publication(
        self, info: Info, id: strawberry.ID, known_at: datetime | None = None
    ) -> Publication:
        return await (await info.context.loaders()).published.one(id, known_at)

    @field(Permission.VIEWS_WRITE, "Groups of accounts, by name.")
    async def account_groups(self, info: Info) -> list[AccountGroup]:
        return await (await info.context.loaders()).performance.groups()
