"""What accounts were worth on every day of a long history: one statement for years of days.

The figures are those of ``valuation`` to the cent (a property test says so); the way is another, because ten
years are 2,500 days. Holdings, cash, prices and rates become runs of days, from one change to the next, and
each run is written out once; nothing is looked up day by day.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, Final

from wealthnexus.domain.ledger.accrual import BEARS, CLOSED, closed_on, per_unit
from wealthnexus.domain.ledger.rules import APPRAISED, RATE_PLACES, fresh_days
from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.domain.ledger.valuation import ONLY_ASKED, PRICE_RANK
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import minor_units

# ``n`` counts the listed days from 1. What happened after one listed day and by the next is of the next.
_AT: Final = "width_bucket({day} - 1, :days) + 1"
_TO_THE_END: Final = "generate_series({first}, coalesce({next}, :day_count + 1) - 1)"

HELD: Final = f"""
steps as materialized (
  select t.account_id, t.portfolio_id, t.security_id, {_AT.format(day="t.trade_date")} as n,
    sum(t.units) as units, sum(t.amount) as amount
  from transactions t
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version {ONLY_ASKED}
  group by 1, 2, 3, 4
),
runs as (
  select r.account_id, r.portfolio_id, r.security_id, r.n,
    sum(r.units) over w as units, lead(r.n) over w as next_n
  from steps r where r.security_id is not null and r.units <> 0
  window w as (partition by r.account_id, r.portfolio_id, r.security_id order by r.n)
),
held as materialized (
  select r.account_id, r.portfolio_id, r.security_id, r.n, r.next_n, r.units, k.currency, k.minor,
    s.currency as security_currency, s.price_multiplier
  from runs r
  join asked k on k.account_id = r.account_id
  join securities s on s.tenant_id = :tenant and s.id = r.security_id
  where r.units <> 0
)"""

# So many days before the next price none is stale: that takes more than five sessions.
_NEVER_STALE: Final = 5
# A price is stale from the listed day ``stale_n`` on, by the limits of ``rules.fresh_days``.
# Of each source the last word on a day; of those that stand the first by the policy of prices.
CLOSES: Final = f"""
words as (
  select distinct on (p.security_id, p.day, p.source) p.security_id, p.day, p.source, p.book_version,
    p.close, p.is_withdrawn
  from security_prices p
  where p.tenant_id = :tenant and p.security_id = any(array(select w.security_id from wanted w))
    and p.day <= :as_of and p.book_version <= :version
  order by p.security_id, p.day, p.source, p.book_version desc
),
told as (
  select distinct on (w.security_id, w.n) w.security_id, w.n, w.day, w.close
  from (select words.*, {_AT.format(day="words.day")} as n from words where not words.is_withdrawn) w
  order by w.security_id, w.n, w.day desc, {PRICE_RANK.format(source="w.source")}, w.book_version desc,
    w.source
),
limits as materialized (
  select f.kind, (:fresh_days)[(f.place - 1) * :day_count + 1 : f.place * :day_count] as since
  from unnest(:fresh_kinds, :fresh_places) f(kind, place)
),
markets as (
  select s.id as security_id, coalesce(l.since, :fresh_weekdays) as since
  from securities s
  left join limits l on l.kind
    = case when s.security_type = any(:appraised_types) then '{APPRAISED}' else s.exchange end
  where s.tenant_id = :tenant and s.id = any(array(select w.security_id from wanted w))
),
price_runs as materialized (
  select t.security_id, t.n, t.next_n, t.day, t.close,
    case when t.next_day is null or t.next_day - t.day > {_NEVER_STALE}
      then width_bucket(t.day, m.since) + 1 else t.next_n end as stale_n
  from (select told.*, lead(told.day) over w as next_day,
          coalesce(lead(told.n) over w, :day_count + 1) as next_n
        from told window w as (partition by told.security_id order by told.n)) t
  join markets m on m.security_id = t.security_id
),
closes as materialized (
  select t.security_id, g.n, t.close, g.n >= t.stale_n as is_stale
  from price_runs t
  cross join lateral generate_series(t.n, t.next_n - 1) g(n)
)"""

_INVERSE: Final = f"round(1.{'0' * 36} / x.rate, {RATE_PLACES})"
_LEG: Final = """
  select l.base, l.quote, {preference} as preference, {at} as n, x.day, x.source, x.book_version,
    {rate} as rate
  from legs l join fx_rates x on x.tenant_id = :tenant and x.base = {base} and x.quote = {quote}
    and x.day <= :as_of and x.book_version <= :version
  where {stands}
"""
_STANDS: Final = not_withdrawn("fx_rates", "x", "base", "quote", "day", "source", version=":version")
_DIRECT: Final = _LEG.format(
    preference=1, at=_AT.format(day="x.day"), rate="x.rate", base="l.base", quote="l.quote", stands=_STANDS
)
_REVERSE: Final = _LEG.format(
    preference=2, at=_AT.format(day="x.day"), rate=_INVERSE, base="l.quote", quote="l.base", stands=_STANDS
)

# The pair itself wins over its inverse from its first day on, the inverse over a cross rate. The second leg
# of a cross rate is found by one expression: by its currencies alone, all days would stand beside each other.
_RATES: Final = f"""
pairs as (
  select h.security_currency as base, h.currency as quote from held h
  where h.security_currency <> h.currency
  union
  select k.currency, :scope_currency from __CONVERTED__ k where k.currency <> :scope_currency
),
legs as (
  select l.base, l.quote from pairs p
  cross join lateral (
    select p.base, p.quote
    union all
    select p.base, c from unnest(:common) c where c not in (p.base, p.quote)
    union all
    select c, p.quote from unnest(:common) c where c not in (p.base, p.quote)
  ) l
  group by l.base, l.quote
),
quoted as (
  select distinct on (q.base, q.quote, q.preference, q.n) q.base, q.quote, q.preference, q.n, q.rate, q.day
  from ({_DIRECT} union all {_REVERSE}) q
  order by q.base, q.quote, q.preference, q.n, q.day desc, (q.source = 'MANUAL') desc, q.book_version desc
),
rate_runs as materialized (
  select q.*, width_bucket(q.day, :fresh_weekdays) + 1 as stale_n
  from (select quoted.*, coalesce(lead(quoted.n) over (
          partition by quoted.base, quoted.quote, quoted.preference order by quoted.n),
          :day_count + 1) as next_n
        from quoted) q
),
leg_rates as materialized (
  select distinct on (q.base, q.quote, g.n) q.base, q.quote, g.n, q.rate, q.day, g.n >= q.stale_n as is_stale
  from rate_runs q
  cross join lateral generate_series(q.n, q.next_n - 1) g(n)
  order by q.base, q.quote, g.n, q.preference
),
rates as materialized (
  select distinct on (f.base, f.quote, f.n) f.base, f.quote, f.n, f.rate, f.day, f.is_stale from (
    select p.base, p.quote, d.n, 0::bigint as place, d.rate, d.day, d.is_stale
    from pairs p join leg_rates d on d.base = p.base and d.quote = p.quote
    union all
    select p.base, p.quote, a.n, v.place, round(a.rate * b.rate, {RATE_PLACES}), least(a.day, b.day),
      a.is_stale or b.is_stale
    from pairs p
    cross join unnest(:common) with ordinality v(currency, place)
    join leg_rates a on a.base = p.base and a.quote = v.currency
    join leg_rates b on b.base || b.quote || b.n = v.currency || p.quote || a.n
  ) f
  order by f.base, f.quote, f.n, f.place
)"""


def rates_in(converted: str) -> str:
    """``rates`` by listed day: of what is ``held`` into its account's currency, and of each currency of the
    rows ``converted`` into the scope's."""
    return _RATES.replace("__CONVERTED__", converted)


RATES: Final = rates_in("asked")

# Of what bears interest alone: of a unit on each listed day, null where the terms are not told.
ACCRUALS: Final = f"""
accruals as materialized (
  select s.id as security_id, d.n::integer as n, {per_unit("s", "d.day", "z")} as per_unit
  from securities s
  cross join unnest(:days) with ordinality d(day, n)
  left join {CLOSED} z(exchange, day, since) on z.exchange = s.exchange and z.day = d.day
  where s.tenant_id = :tenant and s.id = any(array(select w.security_id from wanted w))
    and {BEARS.format(s="s")}
)"""
"""``accruals``: of the ``wanted`` securities."""

_POSITIONS: Final = f"""
positions as (
  select h.account_id, h.portfolio_id, h.security_id, g.n, h.units,
    case when h.security_currency = h.currency then round(h.units * c.close * h.price_multiplier, h.minor)
      else round(h.units * c.close * h.price_multiplier * r.rate, h.minor) end as value,
    case when a.per_unit is null or c.close is null then null
      when h.security_currency = h.currency then round(h.units * a.per_unit, h.minor)
      else round(h.units * a.per_unit * r.rate, h.minor) end as accrued,
    coalesce(c.is_stale, false) or coalesce(r.is_stale, false) as is_stale
  from held h
  cross join lateral {_TO_THE_END.format(first="h.n", next="h.next_n")} g(n)
  left join closes c on c.security_id = h.security_id and c.n = g.n
  left join accruals a on a.security_id = h.security_id and a.n = g.n
  left join rates r on r.base = h.security_currency and r.quote = h.currency and r.n = g.n
)"""

_DAILY: Final = f"""
wanted as (select distinct h.security_id from held h),
{CLOSES},{ACCRUALS},{RATES},{_POSITIONS},
sums as (
  select p.account_id, {{portfolio}} as portfolio_id, p.n,
    sum(p.value + coalesce(p.accrued, 0)) as positions_value,
    coalesce(sum(p.accrued), 0) as accrued,
    count(*) filter (where p.value is null) as unpriced_count, count(*) as position_count,
    count(*) filter (where p.value is not null and p.is_stale) as stale_count
  from positions p group by 1, 2, 3
),
paid as (
  select a.account_id, a.portfolio_id, a.n, sum(a.amount) over w as amount, lead(a.n) over w as next_n
  from (select s.account_id, {{paid_portfolio}} as portfolio_id, s.n, sum(s.amount) as amount
        from steps s group by 1, 2, 3) a
  window w as (partition by a.account_id, a.portfolio_id order by a.n)
),
daily as (
  select p.account_id, p.portfolio_id, g.n, k.currency, round(p.amount, k.minor) as cash,
    coalesce(s.positions_value, 0) as positions_value, coalesce(s.accrued, 0) as accrued,
    coalesce(s.unpriced_count, 0) as unpriced_count,
    coalesce(s.stale_count, 0) as stale_count,
    case when s.position_count > 0 and s.positions_value is null and round(p.amount, k.minor) = 0 then null
      else coalesce(s.positions_value, 0) + round(p.amount, k.minor) end as market_value
  from paid p
  join asked k on k.account_id = p.account_id
  cross join lateral {_TO_THE_END.format(first="p.n", next="p.next_n")} g(n)
  left join sums s on s.account_id = p.account_id and s.portfolio_id = p.portfolio_id and s.n = g.n
)"""
_NO_SLEEVE: Final = "'00000000-0000-0000-0000-000000000000'::uuid"


def daily_values(asked: str, *, by_sleeve: bool = False) -> str:
    """``daily``: per account (and sleeve) and listed day from its first entry on, in its currency, with
    ``rates`` into the scope's. ``portfolio_id`` is nil where sleeves are not told apart."""
    portfolio = "p.portfolio_id" if by_sleeve else _NO_SLEEVE
    paid = "s.portfolio_id" if by_sleeve else _NO_SLEEVE
    rest = _DAILY.replace("{portfolio}", portfolio).replace("{paid_portfolio}", paid)
    return f"{asked.strip()},{HELD},{rest}"


_PLANNER: Final = """
select set_config('enable_nestloop', :kind, true),
  set_config('plan_cache_mode', case :kind when 'off' then 'force_custom_plan' else 'auto' end, true)
"""


@contextlib.asynccontextmanager
async def joined_by_hash(reader: Reader) -> AsyncIterator[None]:
    """Around statements with ``daily_values``: its runs are made where they are used, so that the planner
    cannot know how many days they have. Taken for few, they would be looked through for every position. And
    planned with the accounts and days that are asked for: the plan for any, which a connection keeps after
    five executions, takes more than twice as long. What fails ends the transaction's work, and the settings
    with it.
    """
    await reader.execute(prepared(_PLANNER), {"kind": "off"})
    yield
    await reader.execute(prepared(_PLANNER), {"kind": "on"})


def parameters(view: BookView, days: Sequence[date], currency: str) -> dict[str, Any]:
    """What ``daily_values`` binds besides the tenant and the accounts; ``days`` ascend."""
    fresh = fresh_days(days)
    return {
        **view.parameters(),
        "as_of": days[-1],
        "days": list(days),
        "day_count": len(days),
        **closed_on(days),
        "fresh_days": list(fresh.days),
        "fresh_weekdays": list(fresh.days[: len(days)]),
        "fresh_kinds": list(fresh.kinds),
        "fresh_places": list(fresh.places),
        "scope_currency": currency,
        "scope_minor": minor_units(currency),
    }
