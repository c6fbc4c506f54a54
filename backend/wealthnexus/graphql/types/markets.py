"""Securities: what identifies them over time, what they cost, what happened to them, who holds them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.markets.repository import SecurityOrderField
from wealthnexus.graphql.access import described, field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.base import Connection, Node
from wealthnexus.graphql.types.enums import Capability, FindingState, Severity, SortDirection
from wealthnexus.graphql.types.figures import MoneyFigure

if TYPE_CHECKING:
    from wealthnexus.graphql.types.common import ActorRef
    from wealthnexus.graphql.types.ledger import AccountRef

strawberry.enum(SecurityOrderField)


@strawberry.enum(description="What is doubtful about a price.")
class PriceFaultCode(StrEnum):
    MISSING_PRICE = "MISSING_PRICE"
    ZERO_PRICE = "ZERO_PRICE"
    PRICE_JUMP = "PRICE_JUMP"
    WRONG_CURRENCY = "WRONG_CURRENCY"
    SOURCE_CONFLICT = "SOURCE_CONFLICT"
    PRICE_GAP = "PRICE_GAP"
    STALE_PRICE = "STALE_PRICE"


@strawberry.enum(description="Whether an identifier meant one security on the day.")
class ResolutionOutcome(StrEnum):
    FOUND = "FOUND"
    AMBIGUOUS = "AMBIGUOUS"
    ELSEWHEN = "ELSEWHEN"
    UNKNOWN = "UNKNOWN"


@strawberry.type(description="What a security was called, from a day until another (not included).")
class Identifier:
    scheme: str
    value: str
    exchange: str | None
    effective_from: date | None
    effective_to: date | None


@strawberry.type
class Price:
    date: date
    close: Decimal
    source: str = strawberry.field(
        description="MANUAL: entered by hand. SYNTHETIC: generated. Otherwise the feed it came from."
    )


@strawberry.type(description="The price that counts on a day, raw.")
class PricePoint:
    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: Decimal | None
    source: str


@strawberry.type(description="The last word of one source on a day, raw.")
class PriceWord:
    date: date
    source: str
    close: Decimal
    precedence: int | None = strawberry.field(
        description="1: the price that counts, then those it wins over. Null: withdrawn."
    )
    entered_by: Annotated[ActorRef, strawberry.lazy("wealthnexus.graphql.types.common")] | None
    reason: str | None = strawberry.field(description="Of a price given or taken back by hand.")


@strawberry.type(description="A day and the prices of what is held now.")
class PriceCoverage:
    date: date
    expected_count: int = strawberry.field(description="Securities held whose market traded on the day.")
    priced_count: int = strawberry.field(description="Of these with a price of the day itself.")
    manual_count: int
    synthetic_count: int


@strawberry.type(description="1 `base` is `rate` `quote`: the rate that counts, and the one before it.")
class FxRate:
    base: Currency
    quote: Currency
    rate: Decimal
    before: Decimal | None
    before_date: date | None
    source: str
    is_stale: bool = strawberry.field(description="More than five weekdays old.")
    date: date


@strawberry.type(description="What an issuer did.")
class CorporateAction:
    id: strawberry.ID
    type: str
    ex_date: date
    record_date: date | None
    pay_date: date | None
    ratio_new: Decimal | None = strawberry.field(description="Units after, for each `ratioOld` before.")
    ratio_old: Decimal | None
    cash_amount: Decimal | None = strawberry.field(description="Per unit, in `currency`.")
    currency: Currency | None
    other_security: Security | None = strawberry.field(description="What is received.")
    new_value: str | None = strawberry.field(description="Of a changed symbol or identifier.")
    description: str | None
    source: str


@strawberry.type(description="What an account holds of the security on the day asked for.")
class SecurityHolder:
    account: Annotated[AccountRef, strawberry.lazy("wealthnexus.graphql.types.ledger")]
    quantity: Decimal
    market_value: MoneyFigure = strawberry.field(description="In the security's currency.")


@strawberry.type
class SecurityHolderConnection(Connection[SecurityHolder]):
    pass


@strawberry.type(description="A day of a market; times are local to the calendar's time zone.")
class ExchangeDay:
    is_session: bool
    is_half_day: bool
    opens_at: str | None
    closes_at: str | None
    settles_on: date | None = strawberry.field(description="When a trade of the day settles.")
    is_projected: bool = strawberry.field(description="By rule only: the exchange has not announced it yet.")
    date: date


@strawberry.type(description="When the security's market trades.")
class ExchangeCalendar:
    code: str
    time_zone: str
    known_through: date
    security_type: strawberry.Private[str]

    @described("At most 62 days.")
    def days(self, from_: Annotated[date, strawberry.argument(name="from")], to: date) -> list[ExchangeDay]:
        from wealthnexus.graphql.loaders.markets import exchange_days

        return exchange_days(self, from_, to)


@strawberry.type(description="Something the firm holds for its clients.")
class Security(Node):
    name: str
    symbol: str | None
    exchange: str | None
    security_type: str
    asset_class: str
    sub_asset_class: str | None
    currency: Currency
    price_multiplier: Decimal = strawberry.field(description="Prices times this are per unit.")
    source: str
    option_type: str | None
    strike: Decimal | None
    expiry: date | None
    contract_size: Decimal | None
    coupon: Decimal | None
    maturity: date | None
    version: int
    key: strawberry.Private[UUID]
    underlying_key: strawberry.Private[UUID | None]
    moment: strawberry.Private[BookView]

    @described("Of all times, or those that hold on a day.")
    async def identifiers(self, info: Info, as_of: date | None = None) -> list[Identifier]:
        return await (await info.context.loaders()).markets.identifiers_of(self, as_of)

    @described("The last close on or before the day asked for.")
    async def latest_price(self, info: Info) -> Price | None:
        return await (await info.context.loaders()).markets.latest_prices(self.moment).load(self.key)

    @field(
        Permission.SECURITIES_READ,
        "Oldest first. More days than `points` (4 to 2,000, default 260): of each stretch the lowest and the"
        " highest close, and both ends. A year up to the day asked for unless given. `isAdjusted`: divided by"
        " the ratios of splits and stock dividends that came later; raw otherwise.",
    )
    async def prices(
        self,
        info: Info,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        points: int | None = None,
        is_adjusted: bool | None = None,
    ) -> list[PricePoint]:
        markets = (await info.context.loaders()).markets
        found = await markets.prices_of(self, from_, to, points)
        return await markets.adjusted(self, found) if is_adjusted else found

    @field(
        Permission.SECURITIES_READ,
        "What every source says of each day, latest first, in the order of the precedence; at most 62 days,"
        " the last 14 unless given.",
    )
    async def price_words(
        self,
        info: Info,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
    ) -> list[PriceWord]:
        return await (await info.context.loaders()).price_desk.words_of(self, from_, to)

    @field(Permission.SECURITIES_READ, "By ex-date, latest first, at most 200.")
    async def corporate_actions(
        self,
        info: Info,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
    ) -> list[CorporateAction]:
        return await (await info.context.loaders()).markets.actions_of(self, from_, to)

    @field(Permission.POSITIONS_READ, "The accounts that hold it, by name, as far as you may see them.")
    async def holders(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> SecurityHolderConnection:
        return await (await info.context.loaders()).markets.holders_of(self, first, after)

    @field(Permission.SECURITIES_READ, "Of an option: on what.")
    async def underlying(self, info: Info) -> Security | None:
        return await (await info.context.loaders()).markets.underlying_of(self)

    @described("Null when the sessions of its market are not known.")
    def calendar(self) -> ExchangeCalendar | None:
        from wealthnexus.graphql.loaders.markets import calendar_of_security

        return calendar_of_security(self)

    @strawberry.field
    def viewer_can(self, info: Info) -> list[Capability]:
        if info.context.caller.scope != "firm":
            return []
        return info.context.capabilities((Permission.PRICES_OVERRIDE, Capability.OVERRIDE_PRICE))


@strawberry.type
class SecurityConnection(Connection[Security]):
    pass


@strawberry.input
class SecurityFilter:
    name_contains: str | None = strawberry.field(default=None, description="A part of the name or symbol.")
    security_types: list[str] | None = None
    asset_classes: list[str] | None = None
    currency: Currency | None = None
    is_held: bool | None = None
    has_findings: bool | None = None


@strawberry.input
class SecurityOrder:
    field: SecurityOrderField
    direction: SortDirection


@strawberry.type(description="A security was called so at a market for a time.")
class SecurityNaming:
    security: Security
    identifier: Identifier


@strawberry.type(
    description="FOUND: one security. AMBIGUOUS: several, name the exchange. ELSEWHEN: known, of other days."
)
class SecurityResolution:
    outcome: ResolutionOutcome
    on: date
    security: Security | None
    namings: list[SecurityNaming]


@strawberry.input
class PriceDeskFilter:
    codes: list[PriceFaultCode] | None = None
    states: list[FindingState] | None = strawberry.field(
        default=None, description="The open ones unless given."
    )
    severities: list[Severity] | None = None
    security_id: strawberry.ID | None = None
