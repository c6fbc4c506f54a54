"""What the check of prices reads: held securities, their closes, and what explains a jump."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.bundle.rules import SIGNED
from wealthnexus.domain.ledger.rules import APPRAISED_TYPES
from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.markets.repository.prices import STANDING
from wealthnexus.domain.markets.rules.prices import Adjustment, Close, PricedSecurity
from wealthnexus.kit.db.session import Reader

LOOKED_BACK_DAYS: Final = 45
JOURNAL_DAYS: Final = 5

_HELD: Final = """
select h.security_id, min(h.first_day) as first_day from (
  select t.security_id, t.account_id, min(t.trade_date) as first_day from transactions t
  where t.tenant_id = :tenant and t.security_id is not null and t.trade_date <= :as_of
    and t.book_version <= :version
  group by t.security_id, t.account_id having sum(t.units) <> 0) h
group by h.security_id order by h.security_id
"""

_NAMES: Final = """
select s.id, s.name, s.currency, s.exchange, s.security_type from securities s
where s.tenant_id = :tenant and s.id = any(:ids)
"""

_CLOSES: Final = f"""
with {STANDING}
select s.security_id, s.day, s.close, s.source from standing s
union
select i.id, p.day, p.close, p.source from unnest(:ids) i(id)
cross join lateral ({LATEST_PRICE.format(security="i.id", day=":day_from")}) p
order by 1, 2
"""

# Feeds that speak of a day on which another one counts; what somebody decided by hand is decided.
_OTHERS: Final = f"""
with {STANDING}
select l.security_id, l.day, l.close, l.source
from latest l join standing s on s.security_id = l.security_id and s.day = l.day and s.source <> l.source
where not l.is_withdrawn and l.source <> 'SYNTHETIC' and s.source not in ('MANUAL', 'SYNTHETIC')
order by l.security_id, l.day, l.source
"""

_ACTIONS: Final = """
select a.security_id, a.type, a.ex_date, a.ratio_new, a.ratio_old, a.cash_amount
from corporate_actions a
where a.tenant_id = :tenant and a.security_id = any(:ids) and a.ex_date between :day_from and :day_to
  and a.book_version <= :version and (a.superseded_version is null or a.superseded_version > :version)
order by a.security_id, a.ex_date
"""

# Shares journalled in or out, or posted for a corporate action, explain a jump of those days as an action of
# the feed would.
_JOURNALS: Final = """
select distinct t.security_id, t.trade_date from transactions t
where t.tenant_id = :tenant and t.security_id = any(:ids) and t.type = any(:types) and t.units <> 0
  and t.trade_date between :day_from and :day_to and t.book_version <= :version
"""

_RATES: Final = f"""
select distinct on (x.base, x.quote) x.base, x.quote, x.rate from fx_rates x
where x.tenant_id = :tenant and x.day between :day_from and :day_to and x.book_version <= :version
  and {not_withdrawn("fx_rates", "x", "base", "quote", "day", "source", version=":version")}
order by x.base, x.quote, x.day desc, x.book_version desc
"""


async def held_securities(reader: Reader, view: BookView) -> list[tuple[UUID, date]]:
    """The securities held on the view's day, and since when one of their holders has had them."""
    rows = await reader.rows(
        prepared(_HELD),
        {"tenant": reader.tenant_id, "as_of": view.as_of, "version": view.book_version},
    )
    return [(row.security_id, row.first_day) for row in rows]


async def rates_of(reader: Reader, view: BookView) -> dict[str, list[tuple[str, Decimal]]]:
    """Of each currency the others in which one unit of it is the rate, of the last weeks."""
    rows = await reader.rows(prepared(_RATES), _window(reader, view))
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for row in rows:
        if row.rate > 0:
            found.setdefault(row.base, []).append((row.quote, row.rate))
            found.setdefault(row.quote, []).append((row.base, 1 / row.rate))
    return found


def _window(reader: Reader, view: BookView, **more: Any) -> dict[str, Any]:
    return {
        "tenant": reader.tenant_id,
        "version": view.book_version,
        "day_from": view.as_of - timedelta(days=LOOKED_BACK_DAYS),
        "day_to": view.as_of,
        **more,
    }


async def priced_securities(
    reader: Reader,
    view: BookView,
    held: Sequence[tuple[UUID, date]],
    rates: dict[str, list[tuple[str, Decimal]]],
) -> list[tuple[Row[Any], PricedSecurity]]:
    """What is judged of each security; five statements for all of them."""
    ids = [security_id for security_id, _ in held]
    window = _window(reader, view, ids=ids)
    named = {
        row.id: row for row in await reader.rows(prepared(_NAMES), {"tenant": reader.tenant_id, "ids": ids})
    }
    closes: dict[UUID, list[Close]] = {}
    for row in await reader.rows(prepared(_CLOSES), window):
        closes.setdefault(row[0], []).append(Close(*tuple(row)[1:]))
    others: dict[UUID, list[Close]] = {}
    for row in await reader.rows(prepared(_OTHERS), window):
        others.setdefault(row[0], []).append(Close(*tuple(row)[1:]))
    adjustments: dict[UUID, list[Adjustment]] = {}
    for row in await reader.rows(prepared(_ACTIONS), window):
        adjustments.setdefault(row.security_id, []).append(_adjustment(row))
    for row in await reader.rows(prepared(_JOURNALS), {**window, "types": sorted(SIGNED)}):
        for days in range(-JOURNAL_DAYS, JOURNAL_DAYS + 1):
            day = row.trade_date + timedelta(days=days)
            adjustments.setdefault(row.security_id, []).append(Adjustment(day, None))
    return [
        (
            named[security_id],
            PricedSecurity(
                key=str(security_id),
                currency=named[security_id].currency,
                exchange=named[security_id].exchange,
                closes=closes.get(security_id, ()),
                others=others.get(security_id, ()),
                adjustments=adjustments.get(security_id, ()),
                rates=rates.get(named[security_id].currency, ()),
                held_since=first_day,
                is_appraised=named[security_id].security_type in APPRAISED_TYPES,
            ),
        )
        for security_id, first_day in held
        if security_id in named
    ]


def _adjustment(row: Row[Any]) -> Adjustment:
    """What an action does to the price; a cash dividend too, for special ones are large."""
    if row.type in ("SPLIT", "STOCK_DIVIDEND") and row.ratio_new and row.ratio_old:
        return Adjustment(row.ex_date, row.ratio_new / row.ratio_old)
    if row.type in ("CASH_DIVIDEND", "RETURN_OF_CAPITAL") and row.cash_amount is not None:
        return Adjustment(row.ex_date, Decimal(1), row.cash_amount)
    return Adjustment(row.ex_date, None)
