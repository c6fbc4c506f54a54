"""Positions of accounts, valued, by the name of the security. One statement per call."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger.facts import BondTerms
from wealthnexus.domain.ledger.figures import (
    BASIS_ACCRUED,
    BASIS_CLEAN,
    SOURCE,
    FigureReason,
    MoneyFigure,
    as_money,
    explain_accrued,
    explain_position,
    reason,
)
from wealthnexus.domain.ledger.rules import Quality, sessions_since, share
from wealthnexus.domain.ledger.statements import keyset, ordering, prepared
from wealthnexus.domain.ledger.texts import ONE_OWNER
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, asked_from, live_positions
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor

_CURSOR: Final = "suuu"
_KEYS: Final = ("p.security_order", "p.security_id", "p.account_id", "p.portfolio_id")
_AFTER: Final = ("after_text", "after_id", "after_id_2", "after_id_3")


# Not frozen: see MoneyFigure.
@dataclass(slots=True)
class PositionRow:
    """What an account's sleeve holds of a security. ``quantity`` negative: short.

    ``market_value`` in the account's currency, clean; ``accrued_interest`` beside it, None for what bears
    none. ``weight``: the share of both in the account's value, cash included.
    ``stale_days``: 0 fresh, else sessions of its market since the price (weekdays where they are not
    known); None without a price.
    """

    id: str
    account_id: UUID
    portfolio_id: UUID
    portfolio_name: str
    security_id: UUID
    quantity: Decimal
    price: Decimal | None
    price_date: date | None
    price_source: str | None
    stale_days: int | None
    market_value: MoneyFigure
    accrued_interest: MoneyFigure | None
    weight: Decimal | None


_COLUMNS: Final = """
  p.account_id, p.portfolio_id, f.name as portfolio_name, p.security_id,
  trim_scale(p.units) as units, p.currency,
  p.security_currency, p.security_name, p.security_order, p.price_multiplier, p.exchange,
  trim_scale(p.close) as close,
  p.price_day,
  p.price_source, p.rate, p.rate_day, p.rate_source, p.value, p.accrued, p.bears_interest, p.lacks_terms,
  p.price_is_stale, p.rate_is_stale,
  p.account_value, b.coupon, b.maturity, b.payments_per_year, b.day_count"""

# A full join is made by hash or merge alone: a planner that expects one account would else look through all
# of them for every position. The condition is written so that it stays a full join.
_TOTALLED: Final = """
totalled as materialized (
  select p.*, v.market_value as account_value
  from positions p full join account_values v on v.account_id = p.account_id
  where coalesce(p.security_id is not null, false)
)"""

_FROM: Final = """
from {positions} p
join portfolios f on f.tenant_id = :tenant and f.id = p.portfolio_id
left join securities b on p.bears_interest and b.tenant_id = :tenant and b.id = p.security_id
"""


async def positions_by_account(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], request: PageRequest
) -> dict[UUID, Page[PositionRow]]:
    """The first positions of each account (after the cursor, when one is given), by security name."""
    if not account_ids:
        return {}
    after, values = _after(request)
    sorting = ordering(_KEYS, descending=False, backward=request.backward)
    sql = (
        f"with {live_positions(ASKED_BY_IDS)}, {_TOTALLED}, placed as ("
        f" select p.*, row_number() over (partition by p.account_id order by {sorting}) as place"
        f" from totalled p {after})"
        f" select {_COLUMNS} {_FROM.format(positions='placed')} where p.place <= :row_limit"
        f" order by p.account_id, p.place"
    )
    rows = await reader.rows(
        prepared(view.narrowed(sql)),
        {
            "tenant": reader.tenant_id,
            **view.parameters(),
            **values,
            "account_ids": list(account_ids),
            "row_limit": request.first + 1,
        },
    )
    grouped: dict[UUID, list[Row[Any]]] = {account_id: [] for account_id in account_ids}
    for row in rows:
        grouped[row.account_id].append(row)
    return {account_id: _page(found, view, request) for account_id, found in grouped.items()}


ACCOUNTS_OF_HOUSEHOLD: Final = """
members as (
  select ha.account_id from household_accounts ha
  where ha.tenant_id = :tenant and ha.household_id = :household_id and ha.book_version <= :version
    and (ha.superseded_version is null or ha.superseded_version > :version)
    and ha.effective_from <= :as_of and (ha.effective_to is null or ha.effective_to > :as_of)
)"""


async def positions_page(
    reader: Reader,
    view: BookView,
    request: PageRequest,
    *,
    account_id: UUID | None = None,
    household_id: UUID | None = None,
) -> Page[PositionRow]:
    """One page of an account's or a household's positions. ValidationFailed unless exactly one is named."""
    if (account_id is None) == (household_id is None):
        raise ValidationFailed(ONE_OWNER(), path=("accountId",))
    after, values = _after(request)
    if household_id is None:
        chain = live_positions(ASKED_BY_IDS)
        values["account_ids"] = [account_id]
    else:
        chain = f"{ACCOUNTS_OF_HOUSEHOLD}, {live_positions(asked_from('members'))}"
        values["household_id"] = household_id
    sorting = ordering(_KEYS, descending=False, backward=request.backward)
    sql = (
        f"with {chain}, {_TOTALLED} select {_COLUMNS} {_FROM.format(positions='totalled')} {after}"
        f" order by {sorting} limit :row_limit"
    )
    rows = await reader.rows(
        prepared(sql),
        {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": request.first + 1},
    )
    return _page(rows, view, request)


def _after(request: PageRequest) -> tuple[str, dict[str, Any]]:
    if request.after is None:
        return "", {}
    values = dict(zip(_AFTER, decode_cursor(request.after, _CURSOR), strict=True))
    return "where " + keyset(_KEYS, _AFTER, descending=False, backward=request.backward), values


def _page(rows: Sequence[Row[Any]], view: BookView, request: PageRequest) -> Page[PositionRow]:
    cursors = [
        encode_cursor([row.security_order, row.security_id, row.account_id, row.portfolio_id]) for row in rows
    ]
    return cut_page([position_row(row, view) for row in rows], cursors, request)


def position_row(row: Row[Any], view: BookView) -> PositionRow:
    value, close = row.value, row.close
    stale_days = None if close is None else 0
    if row.price_is_stale:
        stale_days = sessions_since(row.exchange, row.price_day, view.as_of)
    return PositionRow(
        id=f"{row.account_id}.{row.portfolio_id}.{row.security_id}",
        account_id=row.account_id,
        portfolio_id=row.portfolio_id,
        portfolio_name=row.portfolio_name,
        security_id=row.security_id,
        quantity=row.units,
        price=close,
        price_date=row.price_day,
        price_source=row.price_source,
        stale_days=stale_days,
        market_value=_figure(row, view),
        accrued_interest=_accrued(row, view) if row.bears_interest else None,
        weight=share(None if value is None else value + (row.accrued or 0), row.account_value),
    )


def _figure(row: Row[Any], view: BookView) -> MoneyFigure:
    quality = Quality.COMPLETE
    reasons: tuple[FigureReason, ...] = ()
    if row.value is None or row.price_is_stale or row.rate_is_stale:
        quality, reasons = _flaw(row)
    return MoneyFigure(
        row.value,
        row.currency,
        view.as_of,
        BASIS_CLEAN,
        SOURCE,
        view.computed_at,
        quality,
        reasons,
        view.book_version,
        lambda: explain_position(
            as_of=view.as_of,
            book_version=view.book_version,
            security_id=row.security_id,
            security_name=row.security_name,
            security_currency=row.security_currency,
            currency=row.currency,
            units=row.units,
            close=row.close,
            price_day=row.price_day,
            price_source=row.price_source,
            price_multiplier=row.price_multiplier,
            rate=row.rate,
            rate_day=row.rate_day,
            rate_source=row.rate_source,
        ),
    )


def _accrued(row: Row[Any], view: BookView) -> MoneyFigure:
    """Without a price or a rate it has no value, as the position has none."""
    reasons: tuple[FigureReason, ...] = ()
    if row.lacks_terms:
        reasons = (reason("NO_ACCRUED_INTEREST", row.security_name),)
    elif row.accrued is None:
        reasons = _flaw(row)[1]
    terms = BondTerms(
        row.security_currency,
        row.price_multiplier,
        row.exchange,
        row.coupon,
        row.maturity,
        row.payments_per_year,
        row.day_count,
    )
    return MoneyFigure(
        as_money(row.accrued, row.currency),
        row.currency,
        view.as_of,
        BASIS_ACCRUED,
        SOURCE,
        view.computed_at,
        Quality.UNAVAILABLE if row.accrued is None else Quality.COMPLETE,
        reasons,
        view.book_version,
        lambda: explain_accrued(
            as_of=view.as_of,
            book_version=view.book_version,
            security=(row.security_id, row.security_name),
            terms=terms,
            units=row.units,
            rate=row.rate,
            currency=row.currency,
        ),
    )


def _flaw(row: Row[Any]) -> tuple[Quality, tuple[FigureReason, ...]]:
    """Why the position is not COMPLETE; the same reasons as ``valuation`` records for totals."""
    pair = f"{row.security_currency} in {row.currency}"
    if row.close is None:
        return Quality.UNAVAILABLE, (reason("UNPRICED", row.security_name),)
    if row.value is None:
        return Quality.UNAVAILABLE, (reason("NO_RATE", pair),)
    found: list[FigureReason] = []
    if row.price_is_stale:
        found.append(reason("STALE_PRICE", row.security_name, row.price_day))
    if row.rate_is_stale:
        found.append(reason("STALE_RATE", pair, row.rate_day))
    return Quality.STALE, tuple(found)
