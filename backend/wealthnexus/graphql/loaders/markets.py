"""Reads of securities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from strawberry.dataloader import DataLoader

from wealthnexus.domain.ledger import BookView, Quality
from wealthnexus.domain.ledger.figures import (
    BASIS_CLEAN,
    SOURCE,
    MoneyFigure,
    as_money,
    explain_position,
    reason,
)
from wealthnexus.domain.markets import repository, texts
from wealthnexus.domain.markets.repository import HolderRow, SecurityRow
from wealthnexus.domain.markets.rules import calendars
from wealthnexus.domain.markets.service.judging import CODES
from wealthnexus.domain.work import repository as work_repository
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import markets as types
from wealthnexus.graphql.types.enums import SortDirection
from wealthnexus.graphql.types.figures import figure_of
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.graphql.types.markets import Identifier, Price, PricePoint, Security
from wealthnexus.graphql.types.work import FindingConnection
from wealthnexus.kit import texts as kit_texts
from wealthnexus.kit.clock import days_before
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.money import round_money
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

DAYS_MAX: Final = 62
YEAR_DAYS: Final = 365
SPLITS: Final = ("SPLIT", "STOCK_DIVIDEND")
ADJUSTED_PLACES: Final = 6
SINCE_EVER: Final = date(1900, 1, 1)
CALENDAR_END: Final = date(2200, 1, 1)


def security_of(row: SecurityRow, view: BookView) -> Security:
    return Security(
        id=to_global("Security", row.id),
        name=row.name,
        symbol=row.symbol,
        exchange=row.exchange,
        security_type=row.security_type,
        asset_class=row.asset_class,
        sub_asset_class=row.sub_asset_class,
        currency=Currency(row.currency),
        price_multiplier=row.price_multiplier.normalize(),
        source=row.source,
        option_type=row.option_type,
        strike=row.strike,
        expiry=row.expiry,
        contract_size=row.contract_size,
        coupon=row.coupon,
        maturity=row.maturity,
        version=row.version,
        key=row.id,
        underlying_key=row.underlying_id,
        moment=view,
    )


def calendar_of_security(security: Security) -> types.ExchangeCalendar | None:
    found = calendars.calendar_of(security.exchange)
    if found is None:
        return None
    return types.ExchangeCalendar(
        code=found.code,
        time_zone=found.time_zone,
        known_through=found.known_through,
        security_type=security.security_type,
    )


def exchange_days(calendar: types.ExchangeCalendar, first: date, last: date) -> list[types.ExchangeDay]:
    """Each day from ``first`` to ``last``; ValidationFailed for more than 62, or outside 1900 to 2200."""
    _check_range(first, last)
    count = (last - first).days + 1
    if count > DAYS_MAX:
        raise ValidationFailed(kit_texts.OUT_OF_RANGE(name="days", count=count, limit=DAYS_MAX), path=("to",))
    if first < SINCE_EVER or last > CALENDAR_END:
        said = texts.OUTSIDE(first=first, last=last, earliest=SINCE_EVER, latest=CALENDAR_END)
        raise ValidationFailed(said, path=("from",))
    market = calendars.calendar_of(calendar.code)
    if market is None:
        return []
    found = []
    for day in (first + timedelta(days=n) for n in range(count)):
        opens, closes = market.opens_at(day), market.closes_at(day)
        is_session = market.is_session(day)
        found.append(
            types.ExchangeDay(
                date=day,
                is_session=is_session,
                is_half_day=market.is_half_day(day),
                opens_at=opens.isoformat("minutes") if opens else None,
                closes_at=closes.isoformat("minutes") if closes else None,
                settles_on=(
                    calendars.settlement_date(market.code, day, calendar.security_type)
                    if is_session
                    else None
                ),
                is_projected=market.is_projected(day),
            )
        )
    return found


def _check_range(first: date, last: date) -> None:
    if first > last:
        raise ValidationFailed(texts.BAD_RANGE(first=first, last=last), path=("from",))


class MarketReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def securities(self, keys: Iterable[UUID | None], view: BookView) -> Mapping[UUID, Security]:
        """Each security once, however many positions or transactions name it."""
        wanted = list({key for key in keys if key is not None})
        if not wanted:
            return {}
        rows = await repository.securities_by_ids(self._all.reader, wanted)
        return {key: security_of(row, view) for key, row in rows.items()}

    async def security(self, global_id: str, as_of: date | None = None) -> Security:
        key = from_global(global_id, "Security")
        view = await self._all.view(as_of)
        found = await self.securities([key], view)
        if key not in found:
            raise not_found("Security")
        return found[key]

    async def page(
        self, page: PageRequest, filter_: types.SecurityFilter | None, order: types.SecurityOrder | None
    ) -> types.SecurityConnection:
        view = await self._all.view()
        wanted = repository.SecurityFilter()
        if filter_ is not None:
            wanted = repository.SecurityFilter(
                name_contains=filter_.name_contains,
                security_types=tuple(filter_.security_types or ()),
                asset_classes=tuple(filter_.asset_classes or ()),
                currency=filter_.currency,
                is_held=filter_.is_held,
                has_findings=filter_.has_findings,
            )
        sorting = repository.SecurityOrder()
        if order is not None:
            sorting = repository.SecurityOrder(order.field, order.direction is SortDirection.DESC)
        found = await repository.securities_page(self._all.reader, view, page, wanted, sorting)
        return connection(
            types.SecurityConnection,
            found,
            (security_of(row, view) for row in found.rows),
            lambda: repository.securities_count(self._all.reader, view, wanted),
        )

    # -- of one security, all securities of a level in one statement ---------------------------------

    async def identifiers_of(self, security: Security, as_of: date | None) -> list[Identifier]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, Any]:
            return dict(await repository.identifiers_by_security_ids(self._all.reader, security.moment, keys))

        rows = await self._all.batch(("identifiers", security.moment.book_version), load, list).load(
            security.key
        )
        return [row for row in rows if as_of is None or row.holds_on(as_of)]

    def latest_prices(self, view: BookView) -> DataLoader[UUID, Price | None]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, Any]:
            return dict(await repository.latest_prices(self._all.reader, view, keys))

        return self._all.batch(("latest_prices", view.as_of, view.book_version), load)

    async def prices_of(
        self, security: Security, first: date | None, last: date | None, points: int | None
    ) -> list[PricePoint]:
        view = security.moment
        day_to = last or view.as_of
        day_from = first or days_before(day_to, YEAR_DAYS)
        _check_range(day_from, day_to)
        count = repository.POINTS_DEFAULT if points is None else points

        async def load(keys: Sequence[UUID]) -> dict[UUID, Any]:
            return dict(
                await repository.price_series(
                    self._all.reader, view, keys, day_from=day_from, day_to=day_to, points=count
                )
            )

        name = ("prices", view.as_of, view.book_version, day_from, day_to, count)
        return cast(list[PricePoint], await self._all.batch(name, load, list).load(security.key))

    async def adjusted(self, security: Security, points: Sequence[PricePoint]) -> list[PricePoint]:
        """The course as if every later split up to the day of the view had always been so."""
        actions = await self.actions_of(security, None, security.moment.as_of)
        splits = [
            (action.ex_date, action.ratio_new / action.ratio_old)
            for action in actions
            if action.type in SPLITS and action.ratio_new and action.ratio_old
        ]
        return [adjusted_point(point, splits) for point in points]

    async def actions_of(
        self, security: Security, first: date | None, last: date | None
    ) -> list[types.CorporateAction]:
        view = security.moment
        day_from, day_to = first or SINCE_EVER, last or date.max
        _check_range(day_from, day_to)

        async def load(keys: Sequence[UUID]) -> dict[UUID, list[types.CorporateAction]]:
            rows = await repository.corporate_actions_by_security_ids(
                self._all.reader, view, keys, day_from=day_from, day_to=day_to
            )
            others = await self.securities(
                (row.other_security_id for found in rows.values() for row in found), view
            )
            return {
                key: [
                    types.CorporateAction(
                        id=to_global("CorporateAction", row.id),
                        type=row.type,
                        ex_date=row.ex_date,
                        record_date=row.record_date,
                        pay_date=row.pay_date,
                        ratio_new=row.ratio_new,
                        ratio_old=row.ratio_old,
                        cash_amount=row.cash_amount,
                        currency=Currency(row.currency) if row.currency else None,
                        other_security=others.get(row.other_security_id) if row.other_security_id else None,
                        new_value=row.new_value,
                        description=row.description,
                        source=row.source,
                    )
                    for row in found
                ]
                for key, found in rows.items()
            }

        name = ("corporate_actions", view.book_version, day_from, day_to)
        return await self._all.batch(name, load, list).load(security.key)

    async def holders_of(
        self, security: Security, first: int | None, after: str | None
    ) -> types.SecurityHolderConnection:
        page, view = self._all.context.page(first, after), security.moment

        async def load(keys: Sequence[UUID]) -> dict[UUID, types.SecurityHolderConnection]:
            found = await repository.holders_by_security_ids(self._all.reader, view, keys, page)
            securities = await self.securities(keys, view)
            return {
                key: connection(
                    types.SecurityHolderConnection,
                    rows,
                    (holder_of(row, securities[key]) for row in rows.rows if key in securities),
                )
                for key, rows in found.items()
            }

        return await self._all.batch(("holders", view, page), load).load(security.key)

    async def underlying_of(self, security: Security) -> Security | None:
        if security.underlying_key is None:
            return None
        view = security.moment

        async def load(keys: Sequence[UUID]) -> dict[UUID, Security]:
            return dict(await self.securities(keys, view))

        name = ("underlying", view.as_of, view.book_version)
        return await self._all.batch(name, load).load(security.underlying_key)

    # -- names, findings -------------------------------------------------------------------------------

    async def resolve(
        self, scheme: str, value: str, exchange: str | None, on: date | None
    ) -> types.SecurityResolution:
        view = await self._all.view()
        found = await repository.resolve(
            self._all.reader, view, scheme, value, exchange=exchange.upper() if exchange else None, on=on
        )
        securities = await self.securities((naming.security_id for naming in found.namings), view)
        return types.SecurityResolution(
            outcome=types.ResolutionOutcome(found.outcome.upper()),
            on=on or view.as_of,
            security=securities.get(found.security_id) if found.security_id is not None else None,
            namings=[
                types.SecurityNaming(
                    security=securities[naming.security_id],
                    identifier=Identifier(
                        scheme=naming.scheme,
                        value=naming.value,
                        exchange=naming.exchange,
                        effective_from=naming.effective_from,
                        effective_to=naming.effective_to,
                    ),
                )
                for naming in found.namings
                if naming.security_id in securities
            ],
        )

    async def price_desk(self, page: PageRequest, filter_: types.PriceDeskFilter | None) -> FindingConnection:
        given = filter_ or types.PriceDeskFilter()
        wanted = work_repository.FindingFilter(
            codes=[code.value for code in given.codes] if given.codes else CODES,
            states=[state.value for state in given.states] if given.states is not None else ("OPEN",),
            severities=[severity.value for severity in given.severities or ()],
            subject_id=(
                from_global(given.security_id, "Security", path=("filter", "securityId"))
                if given.security_id is not None
                else None
            ),
        )
        found = await work_repository.findings_page(self._all.reader, wanted, page)
        return connection(
            FindingConnection,
            found,
            await self._all.work.made_findings(found.rows),
            lambda: work_repository.count_findings(self._all.reader, wanted),
        )


def adjusted_point(point: PricePoint, splits: Sequence[tuple[date, Decimal]]) -> PricePoint:
    ratio = math.prod((each for ex_date, each in splits if ex_date > point.date), start=Decimal(1))
    if ratio == 1:
        return point

    def shown(value: Decimal | None) -> Decimal | None:
        return None if value is None else round(value / ratio, ADJUSTED_PLACES)

    return PricePoint(
        date=point.date,
        open=shown(point.open),
        high=shown(point.high),
        low=shown(point.low),
        close=round(point.close / ratio, ADJUSTED_PLACES),
        volume=point.volume * ratio if point.volume is not None else None,
        source=point.source,
    )


def holder_of(row: HolderRow, security: Security) -> types.SecurityHolder:
    """An account's holding, valued in the security's currency at the price that counts."""
    view, currency, price = security.moment, str(security.currency), row.price
    value = None
    if price is not None:
        value = as_money(round_money(row.units * price * security.price_multiplier, currency), currency)
    figure = MoneyFigure(
        value,
        currency,
        view.as_of,
        BASIS_CLEAN,
        SOURCE,
        view.computed_at,
        Quality.COMPLETE if value is not None else Quality.UNAVAILABLE,
        () if value is not None else (reason("UNPRICED", security.name),),
        view.book_version,
        lambda: explain_position(
            as_of=view.as_of,
            book_version=view.book_version,
            security_id=security.key,
            security_name=security.name,
            security_currency=currency,
            currency=currency,
            units=row.units,
            close=row.price,
            price_day=row.price_date,
            price_source=row.price_source,
            price_multiplier=security.price_multiplier,
            rate=None,
            rate_day=None,
            rate_source=None,
        ),
    )
    return types.SecurityHolder(
        account=AccountRef(id=to_global("Account", row.account_id), name=row.account_name, last4=row.last4),
        quantity=row.units,
        market_value=figure_of(figure),
    )
