"""The firm."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.enums import ClockKind, HistoryStep
from wealthnexus.graphql.types.figures import MoneyFigure, ValuePoint


@strawberry.type
class FirmLimit:
    name: str
    limit: BigInt
    used: BigInt | None


@strawberry.type(description="The firm you are signed in at.")
class Firm:
    id: strawberry.ID
    slug: str
    name: str
    currency: Currency
    time_zone: str
    locale: str
    tier: str
    features: list[str]
    business_date: date = strawberry.field(description="The last day the books are valued on.")
    clock: ClockKind
    key: strawberry.Private[UUID]

    @field(
        Permission.FIRM_READ, "What the tier allows, and how much of it is used where that can be counted."
    )
    async def limits(self, info: Info) -> list[FirmLimit]:
        return await (await info.context.loaders()).firm.firm_limits()

    @field(Permission.FIRM_READ, "The latest closed state of the books.")
    async def book_version(self, info: Info) -> BigInt:
        return await (await info.context.loaders()).firm.book_version()

    @field(Permission.HOUSEHOLDS_READ, "As many as you may see.")
    async def household_count(self, info: Info) -> int:
        return await (await info.context.loaders()).firm.household_count()

    @field(Permission.ACCOUNTS_READ, "As many as you may see.")
    async def account_count(self, info: Info) -> int:
        return await (await info.context.loaders()).firm.account_count()

    @field(Permission.ACCOUNTS_READ, "Of every account you may see, in the firm's currency.")
    async def total_value(self, info: Info, as_of: date | None = None) -> MoneyFigure:
        return await (await info.context.loaders()).firm.firm_value(as_of)

    @field(Permission.ACCOUNTS_READ, "The accrued interest in `totalValue`.")
    async def accrued_interest(self, info: Info, as_of: date | None = None) -> MoneyFigure:
        return await (await info.context.loaders()).firm.firm_accrued(as_of)

    @field(
        Permission.ACCOUNTS_READ,
        "`totalValue` over the last `points` (at most 366) weekdays or month ends, oldest first. The last"
        " point is `asOf`, or the weekday before it; a month ends on its last weekday.",
    )
    async def value_history(
        self,
        info: Info,
        points: int | None = 13,
        step: HistoryStep | None = HistoryStep.MONTH_END,
        as_of: date | None = None,
    ) -> list[ValuePoint]:
        reads = (await info.context.loaders()).firm
        return await reads.value_history(
            13 if points is None else points, by_month=step is not HistoryStep.WEEKDAY, as_of=as_of
        )
