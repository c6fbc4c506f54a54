"""What of some accounts has no price or an old one, on which days, and the entries of what has none."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import ACCRUALS, CLOSES, HELD, RATES, parameters
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS
from wealthnexus.domain.ledger.view import OF_SLEEVE
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.flaws import Flaw, FlawKind
from wealthnexus.domain.performance.rules.flows import MOVING_TYPES, MovedRow
from wealthnexus.kit.db.session import Reader

_OF_ACTION: Final = "('SPIN_OFF', 'MERGER', 'SYMBOL_CHANGE', 'SPLIT', 'STOCK_DIVIDEND')"
_END: Final = ":day_count + 1"
_FLAWS: Final = f"""
with {ASKED_BY_IDS.strip()},{HELD},
wanted as (select distinct h.security_id from held h),
{CLOSES},{ACCRUALS},{RATES},
spans as (
  select h.account_id, h.portfolio_id, h.security_id, h.currency, h.minor, h.security_currency,
    h.price_multiplier, h.units, h.n, coalesce(h.next_n, {_END}) as next_n,
    greatest(coalesce(p.n, {_END}),
      case when h.security_currency = h.currency then 1 else coalesce(x.n, {_END}) end) as priced_n
  from held h
  left join (select r.security_id, min(r.n) as n from price_runs r group by 1) p
    on p.security_id = h.security_id
  left join (select r.base, r.quote, min(r.n) as n from rates r group by 1, 2) x
    on x.base = h.security_currency and x.quote = h.currency
),
unpriced as (
  select r.account_id, r.portfolio_id, r.security_id, r.currency, r.minor, r.security_currency,
    r.price_multiplier, r.priced_n, min(r.n) as n, max(least(r.next_n, r.priced_n)) as end_n,
    max(r.units) filter (where r.next_n >= r.priced_n) as units
  from spans r where r.n < r.priced_n
  group by 1, 2, 3, 4, 5, 6, 7, 8
),
old_rates as (
  select r.base, r.quote, r.day, min(r.n) as n, max(r.n) + 1 as end_n
  from rates r where r.is_stale group by 1, 2, 3
)
select 'UNPRICED' as kind, u.account_id, u.portfolio_id, u.security_id, s.name, null::date as known, u.n,
  u.end_n, nullif(u.priced_n, {_END}) as priced_n, coalesce(u.units, 0) as units,
  case when u.currency = :scope_currency then v.clean + v.accrued
    else round((v.clean + v.accrued) * a.rate, :scope_minor) end as worth,
  coalesce(case when u.currency = :scope_currency then v.accrued
    else round(v.accrued * a.rate, :scope_minor) end, 0) as accrued,
  exists (select 1 from transactions t where t.tenant_id = :tenant and t.account_id = u.account_id
    and t.portfolio_id = u.portfolio_id and t.security_id = u.security_id and t.book_version <= :version
    and width_bucket(t.trade_date - 1, :days) + 1 = u.n
    and (t.corporate_action_id is not null or t.type in {_OF_ACTION})) as of_action
from unpriced u
join securities s on s.tenant_id = :tenant and s.id = u.security_id
left join closes c on c.security_id = u.security_id and c.n = u.priced_n
left join accruals i on i.security_id = u.security_id and i.n = u.priced_n
left join rates r on r.base = u.security_currency and r.quote = u.currency and r.n = u.priced_n
left join rates a on a.base = u.currency and a.quote = :scope_currency and a.n = u.priced_n
cross join lateral (
  select case
    when u.security_currency = u.currency then round(u.units * c.close * u.price_multiplier, u.minor)
    else round(u.units * c.close * u.price_multiplier * r.rate, u.minor) end as clean,
    case when u.security_currency = u.currency then round(u.units * coalesce(i.per_unit, 0), u.minor)
    else round(u.units * coalesce(i.per_unit, 0) * r.rate, u.minor) end as accrued) v
union all
select 'STALE_PRICE', h.account_id, null, h.security_id, s.name, p.day, min(greatest(h.n, p.stale_n)),
  max(least(h.next_n, p.next_n)), null, 0, null, 0, false
from spans h
join price_runs p on p.security_id = h.security_id and h.n < p.next_n and h.next_n > p.stale_n
join securities s on s.tenant_id = :tenant and s.id = h.security_id
where p.stale_n < p.next_n
group by 2, 4, 5, 6
union all
select 'STALE_RATE', h.account_id, null, null, h.security_currency || ' in ' || h.currency, o.day,
  min(greatest(h.n, o.n)), max(least(h.next_n, o.end_n)), null, 0, null, 0, false
from spans h
join old_rates o on o.base = h.security_currency and o.quote = h.currency
  and h.n < o.end_n and h.next_n > o.n
group by 2, 5, 6
union all
select 'STALE_RATE', k.account_id, null, null, k.currency || ' in ' || :scope_currency, o.day, o.n, o.end_n,
  null, 0, null, 0, false
from asked k
join old_rates o on o.base = k.currency and o.quote = :scope_currency
order by 7, 1, 5, 2
"""


async def flaws_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date], currency: str
) -> list[Flaw]:
    """The flaws of the accounts on the listed days, by their first day."""
    given = {"tenant": reader.tenant_id, **parameters(view, days, currency), "account_ids": list(account_ids)}
    sql = view.narrowed(_FLAWS)
    rows = await reader.rows(prepared(sql), used(sql, given))
    return [
        Flaw(
            FlawKind(row.kind),
            row.account_id,
            row.portfolio_id,
            row.security_id,
            row.name,
            row.known,
            days[row.n - 1],
            days[row.end_n - 2],
            None if row.priced_n is None else days[row.priced_n - 1],
            row.units,
            row.worth,
            row.of_action,
            accrued=row.accrued,
        )
        for row in rows
    ]


_PAID: Final = f"""
with {ASKED_BY_IDS.strip()},
paid as (
  select t.*, k.currency as own_currency, width_bucket(t.trade_date - 1, :days) + 1 as n
  from transactions t
  join asked k on k.account_id = t.account_id
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version
    and t.account_id = any(array(select k.account_id from asked k)) and t.security_id = any(:security_ids)
    and t.type <> all(:types) and t.amount <> 0 and t.entry_kind <> 'REVERSAL' {OF_SLEEVE}
    and not exists (select 1 from transactions x where x.tenant_id = :tenant and x.reverses_id = t.id
      and x.book_version <= :version)
),
held as (select null::text as security_currency, null::text as currency where false),
{RATES}
select p.id, p.account_id, p.portfolio_id, p.type, p.trade_date, p.security_id, p.units, p.amount,
  case when p.own_currency = :scope_currency then p.amount
    else round(p.amount * a.rate, :scope_minor) end as scope_amount,
  p.source, p.source_id, p.related_source_id, p.source_file, p.source_line, p.description,
  p.billed_account_id, p.own_currency, p.n
from paid p
left join rates a on a.base = p.own_currency and a.quote = :scope_currency and a.n = p.n
order by p.trade_date, p.account_id, p.id
"""


async def paid_for(
    reader: Reader, view: BookView, flaws: Sequence[Flaw], days: Sequence[date], currency: str
) -> list[MovedRow]:
    """Cash of entries in what is left out, before its first price: purchases, sales, what it pays."""
    out = {(each.account_id, each.portfolio_id, each.security_id): each for each in flaws if each.is_excluded}
    if not out:
        return []
    given = {
        "tenant": reader.tenant_id,
        **parameters(view, days, currency),
        "account_ids": list({account for account, _, _ in out}),
        "security_ids": list({security for _, _, security in out}),
        "types": list(MOVING_TYPES),
    }
    sql = view.narrowed(_PAID)
    rows = await reader.rows(prepared(sql), used(sql, given))
    found: list[MovedRow] = []
    for row in rows:
        flaw = out.get((row.account_id, row.portfolio_id, row.security_id))
        if flaw is None or (flaw.priced_on is not None and days[row.n - 1] >= flaw.priced_on):
            continue
        found.append(
            MovedRow(
                row.id,
                row.account_id,
                row.portfolio_id,
                row.type,
                row.trade_date,
                row.security_id,
                row.units,
                row.amount,
                row.scope_amount,
                ZERO,
                row.source,
                row.source_id,
                row.related_source_id,
                row.source_file,
                row.source_line,
                row.description,
                of_action=False,
                billed_account_id=row.billed_account_id,
                own_currency=row.own_currency,
                is_excluded=True,
            )
        )
    return found
