"""What was published of performance, beside what the books say now."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance import FeeBasis
from wealthnexus.domain.performance.repository.published import Publication as Row
from wealthnexus.domain.performance.restated import Cause
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.enums import PerformancePeriod
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.inputs import _KEY
from wealthnexus.graphql.types.performance import PerformanceScope

strawberry.enum(
    Cause,
    name="PublishedCause",
    description="WRITINGS: the commits named. TERMS: of securities or accounts, kept as they are now."
    " FORMULAS: of another version than when it was published. OTHER: of which nothing was recorded.",
)


@strawberry.type(description="A published period beside what the books say of it now. Returns are fractions.")
class ComparedPeriod:
    kind: PerformancePeriod
    basis: FeeBasis
    begin: date
    end: date
    published: Decimal | None
    published_reason: FigureReason | None
    now: Decimal | None
    now_reason: FigureReason | None
    difference: Decimal | None = strawberry.field(description="Now less published; null where one has none.")
    published_gain: Decimal | None = strawberry.field(
        description="Null, for the reason of the return, where the history begins within the period."
    )
    now_gain: Decimal | None
    differs: bool
    annualised: Decimal | None = strawberry.field(description="As published, like the amounts below.")
    money_weighted: Decimal | None
    opening: Decimal | None
    closing: Decimal | None
    net_flows: Decimal
    fees: Decimal
    input_digest: str = strawberry.field(description="SHA-256 of the explanation as it was published.")


@strawberry.type(
    description="One commit that wrote something the figure stands on, counted by what it wrote."
)
class BookWriting:
    book_version: BigInt
    kind: str
    recorded_at: datetime
    author_name: str | None
    entries: int
    prices: int
    rates: int
    memberships: int
    policies: int
    actions: int = strawberry.field(description="Corporate actions near what was held.")
    terms: int = strawberry.field(
        description="Securities and accounts whose terms it told anew; they are kept as they are now."
    )
    first_day: date | None = strawberry.field(description="The earliest day that it speaks of.")


@strawberry.type(
    description="What moved a published figure, and from what to what, with the writings that did it."
)
class PublishedStep:
    cause: Cause
    writings: list[BookWriting]
    before: Decimal | None
    before_reason: FigureReason | None
    after: Decimal | None
    after_reason: FigureReason | None
    difference: Decimal | None
    gain_before: Decimal | None
    gain_after: Decimal | None


@strawberry.type(description="The figures of a household or account as they were published for a day.")
class Publication:
    id: strawberry.ID
    as_of: date
    number: int = strawberry.field(description="How often they were published for the day, this time too.")
    currency: Currency
    reason: str
    policy_version: str
    policy_digest: str
    engine_version: str
    book_version: BigInt
    author_name: str
    published_at: datetime
    row: strawberry.Private[Row]
    view: strawberry.Private[BookView]

    @field(Permission.FINDINGS_READ, "Every period, as published and as the books are known now.")
    async def periods(self, info: Info) -> list[ComparedPeriod]:
        return await (await info.context.loaders()).published.periods(self.row, self.view)

    @field(
        Permission.FINDINGS_READ,
        "What was written since and what it made of the figure; the steps sum to the difference. Of more than"
        " eight the earlier ones are taken together.",
    )
    async def steps(
        self, info: Info, period: PerformancePeriod, basis: FeeBasis = FeeBasis.NET
    ) -> list[PublishedStep]:
        return await (await info.context.loaders()).published.steps(self.row, self.view, period, basis)


@strawberry.input
class PublishFiguresInput:
    scope: PerformanceScope = strawberry.field(description="A household or an account.")
    as_of: date
    reason: str
    expected_number: int = strawberry.field(
        description="Of what was published last for the day and was looked at; 0 for nothing."
    )
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.type
class PublishFiguresSuccess:
    publication: Publication


PublishFiguresPayload = Annotated[
    PublishFiguresSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("PublishFiguresPayload"),
]
