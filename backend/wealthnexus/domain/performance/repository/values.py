"""What each account of a scope was worth each day, and what came in and went out: two statements."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import (
    ACCRUALS,
    CLOSES,
    RATES,
    daily_values,
    joined_by_hash,
    parameters,
    rates_in,
)
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS
from wealthnexus.domain.ledger.view import OF_DEFAULT, OF_SLEEVE
from wealthnexus.domain.performance.repository.stored_days import (
    AccountValues,
    Held,
    Valued,
    held_days,
    read_days,
)
from wealthnexus.domain.performance.rules.flows import MOVING_TYPES, MovedRow
from wealthnexus.domain.performance.sessions import closed_weekdays, is_session
from wealthnexus.kit.db.session import Reader

__all__ = ["AccountValues", "Valued"]

_VALUES: Final = f"""
with {daily_values(ASKED_BY_IDS)}
select d.account_id, d.n, d.unpriced_count,
  d.stale_count + case when d.currency <> :scope_currency and r.is_stale then 1 else 0 end as stale_count,
  case when d.currency = :scope_currency then coalesce(d.market_value, 0)
    else round(coalesce(d.market_value, 0) * r.rate, :scope_minor) end as value
from daily d
left join rates r on r.base = d.currency and r.quote = :scope_currency and r.n = d.n
"""


_CURRENCIES: Final = """
select a.id from accounts a
where a.tenant_id = :tenant and a.id = any(:account_ids) and a.currency = :scope_currency
"""


async def values_of(
    reader: Reader, view: BookView, spans: Spans, days: Sequence[date], currency: str
) -> Valued:
    """``computed_values``, of which what was valued beforehand and still holds is read.

    Accounts in another currency than the scope's are computed.
    """
    if not spans or not days:
        return Valued({}, {})
    # Of accounts alone days are stored.
    held = await held_days(reader, view, list(spans)) if view.sleeve is None else {}
    if held:
        given = {"tenant": reader.tenant_id, "account_ids": list(held), "scope_currency": currency}
        rows = await reader.rows(prepared(_CURRENCIES), given)
        held = {row.id: held[row.id] for row in rows}
    found = await read_days(reader, held, days) if held else Valued({}, {})
    keys, between = _between(days, held, found, spans)
    if between:
        found.add(await computed_values(reader, view, keys, between, currency))
    starts = {
        key: _first_wanting(days, held.get(key), found.values.get(key, {}), first)
        for key, (first, _) in spans.items()
    }
    for is_tail in (False, True):
        keys = [key for key, start in starts.items() if start is not None and bool(start) is is_tail]
        if not keys:
            continue
        start = min(at for key in keys if (at := starts[key]) is not None)
        found.take(await computed_values(reader, view, keys, days[start:], currency), days[start])
    found.begin(spans, days)
    return found


def _between(
    days: Sequence[date], held: Mapping[UUID, Held], found: Valued, spans: Spans
) -> tuple[list[UUID], list[date]]:
    """The accounts whose stored days hold over days without a session, of which none is stored, and those
    days."""
    closed = [day for day in days if not is_session(day)]
    lacking = {
        key: [
            day
            for day in closed
            if day >= spans[key][0] and each.holds(day) and day not in found.values.get(key, {})
        ]
        for key, each in held.items()
    }
    between = sorted({day for own in lacking.values() for day in own})
    return [key for key, own in lacking.items() if own], between


def _first_wanting(
    days: Sequence[date], held: Held | None, own: Mapping[date, Decimal | None], first: date
) -> int | None:
    """From which listed day on an account is to be computed: one that does not hold, or that nobody stored
    though its books had begun (an odd day). None: all are there."""
    if held is None:
        return 0
    return next(
        (n for n, day in enumerate(days) if not held.holds(day) or (day >= first and day not in own)), None
    )


async def computed_values(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date], currency: str
) -> Valued:
    """Per account and listed day from its first entry on, in ``currency``, rounded as totals are.

    A holding without a price counts nothing and is told; None: nothing converts the account.
    """
    found = Valued({key: {} for key in account_ids}, {})
    if not account_ids or not days:
        return found
    given = {"tenant": reader.tenant_id, **parameters(view, days, currency), "account_ids": list(account_ids)}
    sql = view.narrowed(_VALUES)
    rows = await reader.rows(prepared(sql), used(sql, given))
    for account, n, unpriced, stale, value in map(tuple, rows):
        found.note(account, days[n - 1], value, unpriced, stale)
    return found


# A journal is of an action when it moves the units that the action brings the sleeve, as the desk judges it:
# those of the eve without the journal itself, to less than one unit.
_OF_ACTION: Final = """exists (
    select 1 from corporate_actions c
    cross join lateral (
      select coalesce(sum(t.units), 0) as units from transactions t
      where t.tenant_id = :tenant and t.account_id = m.account_id and t.portfolio_id = m.portfolio_id
        and t.security_id = c.security_id and t.trade_date < c.ex_date and t.book_version <= :version
        and t.id <> m.id
    ) h
    cross join lateral (
      select case
        when c.security_id <> m.security_id then h.units * coalesce(c.ratio_new / c.ratio_old,
          case when c.type in ('SYMBOL_CHANGE', 'IDENTIFIER_CHANGE') then 1 end)
        when c.type in ('SYMBOL_CHANGE', 'IDENTIFIER_CHANGE', 'MERGER') then -h.units
        when c.type = 'SPLIT' then h.units * c.ratio_new / c.ratio_old - h.units
        when c.type = 'STOCK_DIVIDEND' then h.units * c.ratio_new / c.ratio_old
        else 0 end as units
    ) e
    where c.tenant_id = :tenant and (c.security_id = m.security_id or c.other_security_id = m.security_id)
      and c.type <> 'CASH_DIVIDEND' and c.type <> 'RETURN_OF_CAPITAL'
      and m.trade_date between c.ex_date - 5 and greatest(c.ex_date, coalesce(c.pay_date, c.ex_date)) + 5
      and c.book_version <= :version and (c.superseded_version is null or c.superseded_version > :version)
      and h.units <> 0 and (e.units is null or e.units * m.units > 0 and abs(e.units - m.units) < 1)
  )"""

_MOVED: Final = f"""
with {ASKED_BY_IDS.strip()},
moved as materialized (
  select t.*, width_bucket(t.trade_date - 1, :days) + 1 as n
  from transactions t
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version
    and t.account_id = any(array(select k.account_id from asked k)) {OF_SLEEVE}
    and t.type = any(:types) and t.entry_kind <> 'REVERSAL'
    and not exists (select 1 from transactions x where x.tenant_id = :tenant and x.reverses_id = t.id
      and x.book_version <= :version)
),
charged as materialized (
  select c.*, width_bucket(c.day - 1, :days) + 1 as n
  from account_charges c
  where c.tenant_id = :tenant and c.day <= :as_of and c.book_version <= :version
    and c.account_id = any(array(select k.account_id from asked k)) and c.reverses_id is null {OF_DEFAULT}
    and not exists (select 1 from account_charges x where x.tenant_id = :tenant
      and x.reverses_id = c.entry_id and x.book_version <= :version)
    and not exists (select 1 from moved m where m.id = c.entry_id)
),
held as materialized (
  select m.id, m.n, m.units, m.security_id, k.currency, k.minor, s.currency as security_currency,
    s.price_multiplier
  from moved m
  join asked k on k.account_id = m.account_id
  join securities s on s.tenant_id = :tenant and s.id = m.security_id
  where m.units <> 0
),
paid_in as (select k.currency from asked k union select c.currency from charged c),
wanted as (select distinct h.security_id from held h),
{CLOSES},{ACCRUALS},{rates_in("paid_in")}
select m.id, m.account_id, m.portfolio_id, m.type, m.trade_date, m.security_id, m.units, m.amount,
  case when k.currency = :scope_currency then m.amount
    else round(m.amount * a.rate, :scope_minor) end as scope_amount,
  case when h.id is null then 0
    when k.currency = :scope_currency then v.clean + v.accrued
    else round((v.clean + v.accrued) * a.rate, :scope_minor) end as in_kind,
  m.source, m.source_id, m.related_source_id, m.source_file, m.source_line, m.description,
  m.corporate_action_id is not null or (m.type = 'JOURNAL' and m.security_id is not null and {_OF_ACTION})
    as of_action,
  m.billed_account_id, false as paid_elsewhere, k.currency, false as is_excluded,
  coalesce(case when k.currency = :scope_currency then v.accrued
    else round(v.accrued * a.rate, :scope_minor) end, 0) as accrued
from moved m
join asked k on k.account_id = m.account_id
left join held h on h.id = m.id
left join closes c on c.security_id = h.security_id and c.n = h.n
left join accruals i on i.security_id = h.security_id and i.n = h.n
left join rates r on r.base = h.security_currency and r.quote = h.currency and r.n = h.n
left join rates a on a.base = k.currency and a.quote = :scope_currency and a.n = m.n
cross join lateral (
  select case
    when h.security_currency = h.currency then round(h.units * c.close * h.price_multiplier, h.minor)
    else round(h.units * c.close * h.price_multiplier * r.rate, h.minor) end as clean,
    case when h.security_currency = h.currency then round(h.units * coalesce(i.per_unit, 0), h.minor)
    else round(h.units * coalesce(i.per_unit, 0) * r.rate, h.minor) end as accrued) v
union all
select c.entry_id, c.account_id, null, c.type, c.day, null, 0, c.amount,
  case when c.currency = :scope_currency then c.amount else round(c.amount * a.rate, :scope_minor) end,
  0, '', '', null, null, null, null, false, c.account_id, true, c.currency,
  false, 0
from charged c
left join rates a on a.base = c.currency and a.quote = :scope_currency and a.n = c.n
order by 5, 2, 1
"""


async def moved_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date], currency: str
) -> list[MovedRow]:
    """The rows that stand and may move capital across an account's boundary, up to the last day."""
    if not account_ids or not days:
        return []
    given = {"tenant": reader.tenant_id, **parameters(view, days, currency), "account_ids": list(account_ids)}
    sql = view.narrowed(_MOVED)
    rows = await reader.rows(prepared(sql), used(sql, {**given, "types": list(MOVING_TYPES)}))
    return [MovedRow(*tuple(row)) for row in rows]


_SPANS: Final = f"""
select t.account_id, min(t.trade_date) as first, max(t.trade_date) as last,
  array_agg(t.trade_date) filter (where extract(isodow from t.trade_date) > 5
    or t.trade_date = any(:days)) as closed_days
from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.trade_date <= :as_of
  and t.book_version <= :version and t.entry_kind <> 'REVERSAL' {OF_SLEEVE}
  and not exists (select 1 from transactions x where x.tenant_id = :tenant and x.reverses_id = t.id
    and x.book_version <= :version)
group by t.account_id
"""
Spans = dict[UUID, tuple[date, date]]
ClosedDays = dict[UUID, list[date]]


async def spans_of(reader: Reader, view: BookView, account_ids: Sequence[UUID]) -> Spans:
    """The first and the last day on which each account has an entry that stands, by the view's day."""
    return (await spans_and_closed_days(reader, view, account_ids))[0]


async def spans_and_closed_days(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> tuple[Spans, ClosedDays]:
    """``spans_of``, and the days without a session on which each account has an entry."""
    if not account_ids:
        return {}, {}
    rows = await reader.rows(
        prepared(view.narrowed(_SPANS)),
        {
            "tenant": reader.tenant_id,
            **view.of_one(),
            "account_ids": list(account_ids),
            "as_of": view.as_of,
            "version": view.book_version,
            "days": closed_weekdays(),
        },
    )
    spans = {row.account_id: (row.first, row.last) for row in rows}
    return spans, {
        row.account_id: sorted({day for day in row.closed_days if not is_session(day)})
        for row in rows
        if row.closed_days
    }


_PAIR: Final = f"""
with asked as (select null::uuid as account_id, :source as currency, 2 as minor),
held as (select null::text as security_currency, null::text as currency where false),
{RATES}
select r.n, r.rate from rates r where r.base = :source and r.quote = :scope_currency
"""


async def rates_of(
    reader: Reader, view: BookView, days: Sequence[date], base: str, quote: str
) -> dict[date, Decimal]:
    """Units of ``quote`` for one of ``base`` on each day, as accounts are converted; days without are left
    out."""
    given = {"tenant": reader.tenant_id, **parameters(view, days, quote), "source": base}
    rows = await reader.rows(prepared(_PAIR), used(_PAIR, given))
    return {days[n - 1]: rate for n, rate in map(tuple, rows)}


_HELD_ON: Final = f"""
with {daily_values(ASKED_BY_IDS)}
select p.account_id, p.portfolio_id, p.security_id, p.n, p.value, coalesce(p.accrued, 0) as accrued,
  case when h.base is null then 1 else h.rate end as rate
from positions p
join asked k on k.account_id = p.account_id
join securities s on s.tenant_id = :tenant and s.id = p.security_id
left join rates h on h.base = s.currency and h.quote = k.currency and h.n = p.n
"""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What a sleeve holds of a security on a day: its value in the account's currency without the interest
    accrued on it, that interest, and the rate it was converted at. None without a price or rate."""

    account_id: UUID
    portfolio_id: UUID
    security_id: UUID
    day: date
    value: Decimal | None
    accrued: Decimal
    rate: Decimal | None


async def held_on(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date]
) -> list[HeldRow]:
    """The positions of the accounts on each of the days, which ascend."""
    given = {
        "tenant": reader.tenant_id,
        **parameters(view, days, view.currency),
        "account_ids": list(account_ids),
    }
    sql = view.narrowed(_HELD_ON)
    async with joined_by_hash(reader):
        rows = await reader.rows(prepared(sql), used(sql, given))
    return [
        HeldRow(a, p, s, days[n - 1], value, accrued, rate)
        for a, p, s, n, value, accrued, rate in map(tuple, rows)
    ]
