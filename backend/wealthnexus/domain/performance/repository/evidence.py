"""What a stranger needs to recompute closing values: positions, closes, rates and cash of some days, and the
entries behind them. Three statements."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import daily_values, joined_by_hash, parameters
from wealthnexus.domain.ledger.repository.transactions import EFFECTIVE
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, LATEST_PRICE
from wealthnexus.domain.ledger.view import OF_SLEEVE
from wealthnexus.kit.db.session import Reader

# The close of the day is looked up by itself, with where it came from.
_LATEST: Final = LATEST_PRICE.replace("q.source from", "q.source, q.source_line from").replace(
    "p.source from", "p.source, p.source_line from"
)
_POSITIONS: Final = f"""
with {daily_values(ASKED_BY_IDS)}
select o.account_id, o.n, o.security_id, s.security_key, s.name, sum(o.units) as units,
  sum(o.value) as value, sum(o.accrued) as accrued, s.coupon, s.maturity, s.payments_per_year, s.day_count,
  s.exchange, s.currency, trim_scale(s.price_multiplier) as multiplier, k.currency as into,
  case when s.currency = k.currency then 1 else r.rate end as rate,
  trim_scale(e.close) as close, e.day, e.source, e.source_line
from positions o
join asked k on k.account_id = o.account_id
join securities s on s.tenant_id = :tenant and s.id = o.security_id
left join rates r on r.base = s.currency and r.quote = k.currency and r.n = o.n
left join lateral ({_LATEST.format(security="o.security_id", day="(cast(:days as date[]))[o.n]")}) e on true
group by o.account_id, o.n, o.security_id, o.portfolio_id, s.security_key, s.name, s.currency,
  s.price_multiplier, s.coupon, s.maturity, s.payments_per_year, s.day_count, s.exchange,
  k.currency, r.rate, e.close, e.day, e.source, e.source_line
order by o.n, o.account_id, s.security_key, o.portfolio_id
"""
_CASH: Final = f"""
with {daily_values(ASKED_BY_IDS)}
select d.account_id, d.n, d.currency, d.cash, d.accrued, d.market_value,
  case when d.currency = :scope_currency then 1 else r.rate end as rate
from daily d
left join rates r on r.base = d.currency and r.quote = :scope_currency and r.n = d.n
order by d.n, d.account_id
"""
_ENTRIES: Final = f"""
select t.id, t.account_id, t.type, t.trade_date, t.security_id, t.units, t.amount, t.source, t.source_id,
  t.source_file, t.source_line
from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.trade_date <= :as_of
  and t.book_version <= :version and {EFFECTIVE} {OF_SLEEVE}
order by t.trade_date desc, t.account_id, t.id
limit :row_limit
"""


_BOOKED: Final = """
select t.id, t.account_id, a.name as account_name, t.type, t.trade_date, t.amount, t.currency, t.units,
  s.name as security_name, t.description, t.source, t.source_file, t.source_line
from transactions t
join accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id
left join securities s on s.tenant_id = t.tenant_id and s.id = t.security_id
where t.tenant_id = :tenant and t.id = any(:ids) and t.book_version <= :version
"""


async def held_with_prices(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date], currency: str
) -> tuple[list[Any], list[Any]]:
    """Positions of each of the days, which ascend, with close, source and rate; cash and value of each
    account."""
    asked = account_ids, days, currency
    return await positions_of(reader, view, *asked), await cash_of(reader, view, *asked)


async def positions_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date], currency: str
) -> list[Any]:
    return await _daily(reader, view, _POSITIONS, account_ids, days=days, currency=currency)


async def cash_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date], currency: str
) -> list[Any]:
    """Cash, accrued interest and value of each account on each of the days, with its rate."""
    return await _daily(reader, view, _CASH, account_ids, days=days, currency=currency)


async def _daily(
    reader: Reader,
    view: BookView,
    statement: str,
    account_ids: Sequence[UUID],
    *,
    days: Sequence[date],
    currency: str,
) -> list[Any]:
    given = {"tenant": reader.tenant_id, **parameters(view, days, currency), "account_ids": list(account_ids)}
    sql = view.narrowed(statement)
    async with joined_by_hash(reader):
        return list(await reader.rows(prepared(sql), used(sql, given)))


async def booked(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The entries of these ids that the caller may see, with the names of account and security."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "ids": list(ids)}
    return {row.id: row for row in await reader.rows(prepared(_BOOKED), given)}


async def entries_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], last: date, limit: int
) -> list[Any]:
    """The latest entries that stand, oldest first."""
    given = {
        "tenant": reader.tenant_id,
        "version": view.book_version,
        "account_ids": list(account_ids),
        "as_of": last,
        "row_limit": limit,
        **view.of_one(),
    }
    return list(reversed(await reader.rows(prepared(view.narrowed(_ENTRIES)), given)))
