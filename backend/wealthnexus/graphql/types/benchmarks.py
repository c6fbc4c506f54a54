"""A benchmark: of what it is made from day to day, whom it stands beside, its levels."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import strawberry

from wealthnexus.domain.performance.rules.benchmarks import Rebalance
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.figures import FigureReason

strawberry.enum(Rebalance, description="When the weights of a blend return to their targets.")


@strawberry.type(description="A part of a blend: a security with its dividends reinvested, or a yearly rate.")
class BenchmarkPart:
    label: str
    weight: Decimal
    security_id: strawberry.ID | None
    yearly_rate: Decimal | None = strawberry.field(description="As a fraction: 0.03 is 3 %.")
    currency: Currency | None
    asset_class: str | None


@strawberry.type(description="What it is made of from a day on; the weights sum to 1.")
class BenchmarkBlend:
    first_day: date
    rebalance: Rebalance
    parts: list[BenchmarkPart]


@strawberry.type(description="Whom it stands beside: an account, a household, or the firm.")
class BenchmarkUse:
    id: strawberry.ID
    household_id: strawberry.ID | None
    account_id: strawberry.ID | None
    name: str | None = strawberry.field(description="Null: the firm.")
    effective_from: date
    effective_to: date | None
    reason: str
    author_name: str | None
    recorded_at: datetime


@strawberry.type(description="Its level at a close; null with a reason from the first day on that has none.")
class BenchmarkLevel:
    day: date
    level: Decimal | None
    reason: FigureReason | None


@strawberry.type(description="Levels of 100 at the first day, in one currency.")
class BenchmarkCourse:
    currency: Currency
    change: Decimal | None = strawberry.field(description="From the first to the last of the days.")
    reason: FigureReason | None
    days: list[BenchmarkLevel]


@strawberry.type(description="What returns may be measured beside.")
class Benchmark:
    id: strawberry.ID
    name: str
    version: int
    as_of: date
    blends: list[BenchmarkBlend] = strawberry.field(description="The first first.")
    uses: list[BenchmarkUse] = strawberry.field(
        description="Of what you may see, the latest first, at most 500."
    )
    course: BenchmarkCourse
