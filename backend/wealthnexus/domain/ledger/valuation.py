"""The valuation of accounts as one chain of common table expressions.

The same chain values one account or the whole firm, as of any day and any book version: holdings from
transactions, the latest known price of each security, the rate of each pair of currencies, each position
rounded once, totals over the rounded values.

Every table is filtered by tenant here, besides row security. Parameters: ``BookView.parameters()`` and
``tenant``; the callers add ``asked``, which names the accounts.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from wealthnexus.domain.ledger.accrual import BEARS, CLOSED, closed_on, per_unit
from wealthnexus.domain.ledger.rules import RATE_PLACES, odd_freshness
from wealthnexus.domain.ledger.statements import minor_units_of, not_withdrawn
from wealthnexus.domain.ledger.view import OF_SLEEVE

# -- which accounts ----------------------------------------------------------------------------------------

ASKED_ALL: Final = f"""
asked as (
  select a.id as account_id, a.currency, {minor_units_of("a.currency")} as minor
  from accounts a where a.tenant_id = :tenant
)"""

ASKED_BY_IDS: Final = f"""
asked as (
  select a.id as account_id, a.currency, {minor_units_of("a.currency")} as minor
  from accounts a where a.tenant_id = :tenant and a.id = any(:account_ids)
)"""


def asked_from(source: str) -> str:
    """``asked`` from the ``account_id`` column of another common table expression."""
    return f"""
asked as (
  select a.id as account_id, a.currency, {minor_units_of("a.currency")} as minor
  from accounts a
  where a.tenant_id = :tenant and a.id = any(array(select distinct m.account_id from {source} m))
)"""


# -- holdings and cash -------------------------------------------------------------------------------------

# An array from a subselect keeps the index scan per account, however many accounts are expected.
ONLY_ASKED = f"and t.account_id = any(array(select k.account_id from asked k)) {OF_SLEEVE}"

_MOVES = """
moves as (
  select {key} as account_id, t.portfolio_id, t.security_id,
    sum(t.units) as units, sum(t.amount) as amount,
    sum(t.amount) filter (where t.settlement_date <= :as_of) as settled
  from transactions t
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version
    {only_asked}
  group by 1, 2, 3
),
cash as (
  select m.account_id, round(sum(m.amount), max(k.minor)) as cash,
    round(coalesce(sum(m.settled), 0), max(k.minor)) as settled_cash
  from moves m join asked k on k.account_id = m.account_id
  group by m.account_id
),
holdings as materialized (
  select m.account_id, m.portfolio_id, m.security_id, m.units, k.currency, k.minor,
    s.currency as security_currency, s.price_multiplier, s.security_type, s.exchange,
    s.name as security_name, s.name_normalised as security_order
  from moves m
  join asked k on k.account_id = m.account_id
  join securities s on s.tenant_id = :tenant and s.id = m.security_id
  where m.units <> 0
)"""


def moves(*, only_asked: bool) -> str:
    """``moves``, ``cash`` and ``holdings``; ``only_asked`` False reads the whole ledger in one go."""
    return _MOVES.format(key="t.account_id", only_asked=ONLY_ASKED if only_asked else "")


# -- prices and rates ----------------------------------------------------------------------------------------

# The policy of prices (``markets.rules.prices``): the latest day with a price that stands; on it what a
# person entered wins over feeds, feeds over generated prices, then the later book version. A price that was
# withdrawn does not count, so the next one of the day does, then the day before. The withdrawal is looked
# up for the row that would be taken alone: the fence (offset 0) keeps it out of the sorted scan.
PRICE_RANK: Final = "(case {source} when 'MANUAL' then 0 when 'SYNTHETIC' then 2 else 1 end)"

LATEST_PRICE: Final = """
  select q.day, q.close, q.source from (
    select p.day, p.close, p.source from security_prices p
    where p.tenant_id = :tenant and p.security_id = {{security}} and p.day <= {{day}}
      and p.book_version <= :version
    order by p.day desc, {rank}, p.book_version desc, p.source offset 0) q
  where not (
    select w.is_withdrawn from security_prices w
    where w.tenant_id = :tenant and w.security_id = {{security}} and w.day = q.day and w.source = q.source
      and w.book_version <= :version
    order by w.book_version desc limit 1)
  limit 1
""".format(rank=PRICE_RANK.format(source="p.source"))

_RATE = """
    (select {preference} as preference, {rate} as rate, x.day, x.source from fx_rates x
     where x.tenant_id = :tenant and x.base = {base} and x.quote = {quote} and x.day <= {day}
       and x.book_version <= :version and {stands}
     order by x.day desc, (x.source = 'MANUAL') desc, x.book_version desc limit 1)
"""
_STANDS: Final = not_withdrawn("fx_rates", "x", "base", "quote", "day", "source", version=":version")


def _leg_rate(day: str) -> str:
    direct = _RATE.format(
        preference=1, rate="x.rate", base="l.base", quote="l.quote", day=day, stands=_STANDS
    )
    # The division is carried to 36 places before the one rounding, so that it does not round first.
    inverse_rate = f"round(1.{'0' * 36} / x.rate, {RATE_PLACES})"
    inverse = _RATE.format(
        preference=2, rate=inverse_rate, base="l.quote", quote="l.base", day=day, stands=_STANDS
    )
    return f"{direct} union all {inverse} order by preference limit 1"


PRICES: Final = """
prices as materialized (
  select h.security_id, p.day, p.close, p.source,
    p.day < case when h.security_type = any(:appraised_types) then :fresh_appraised
      else coalesce(o.since, :fresh_unlisted) end as is_stale
  from (select distinct security_id, security_type, exchange from holdings) h
  left join unnest(:odd_markets, :odd_limits) o(exchange, since) on o.exchange = h.exchange
  cross join lateral ({latest}) p
)""".format(latest=LATEST_PRICE.format(security="h.security_id", day=":as_of"))

# Of what bears interest alone: of a unit on the day, null where the terms are not told.
ACCRUALS: Final = f"""
accruals as materialized (
  select s.id as security_id, {per_unit("s", ":as_of", "z")} as per_unit
  from securities s
  left join {CLOSED} z(exchange, day, since) on z.exchange = s.exchange and z.day = :as_of
  where s.tenant_id = :tenant and s.id = any(array(select p.security_id from prices p))
    and {BEARS.format(s="s")}
)"""

RATES: Final = f"""
pairs as (
  select h.security_currency as base, h.currency as quote from holdings h
  where h.security_currency <> h.currency
  union
  select k.currency, :firm_currency from asked k where k.currency <> :firm_currency
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
leg_rates as materialized (
  select l.base, l.quote, r.rate, r.day, r.source
  from legs l cross join lateral ({_leg_rate(":as_of")}) r
),
rates as materialized (
  select p.base, p.quote, coalesce(d.rate, c.rate) as rate, coalesce(d.day, c.day) as day,
    coalesce(d.source, c.source) as source
  from pairs p
  left join leg_rates d on d.base = p.base and d.quote = p.quote
  left join lateral (
    select round(a.rate * b.rate, {RATE_PLACES}) as rate, least(a.day, b.day) as day,
      case when a.day <= b.day then a.source else b.source end as source
    from unnest(:common) with ordinality v(currency, place)
    join leg_rates a on a.base = p.base and a.quote = v.currency
    join leg_rates b on b.base = v.currency and b.quote = p.quote
    order by v.place limit 1
  ) c on d.rate is null
)"""

# -- positions and totals ----------------------------------------------------------------------------------

POSITIONS: Final = """
positions as materialized (
  select h.account_id, h.portfolio_id, h.security_id, h.units, h.currency, h.security_currency,
    h.security_name, h.security_order, h.price_multiplier, h.exchange,
    p.close, p.day as price_day, p.source as price_source,
    case when h.security_currency = h.currency then 1 else r.rate end as rate,
    r.day as rate_day, r.source as rate_source,
    case when h.security_currency = h.currency then round(h.units * p.close * h.price_multiplier, h.minor)
      else round(h.units * p.close * h.price_multiplier * r.rate, h.minor) end as value,
    case when a.per_unit is null or p.close is null then null
      when h.security_currency = h.currency then round(h.units * a.per_unit, h.minor)
      else round(h.units * a.per_unit * r.rate, h.minor) end as accrued,
    a.security_id is not null as bears_interest, a.per_unit is null as lacks_terms,
    coalesce(p.is_stale, false) as price_is_stale,
    coalesce(r.day < :fresh_unlisted, false) as rate_is_stale
  from holdings h
  left join prices p on p.security_id = h.security_id
  left join accruals a on a.security_id = h.security_id
  left join rates r on r.base = h.security_currency and r.quote = h.currency
)"""

FLAW: Final = """jsonb_build_object(
      'code', case when p.close is null then 'UNPRICED' when p.value is null then 'NO_RATE'
        when p.price_is_stale then 'STALE_PRICE' else 'STALE_RATE' end,
      'label', case when p.close is not null and (p.value is null or not p.price_is_stale)
        then p.security_currency || ' in ' || p.currency else p.security_name end,
      'day', case when p.value is not null then
        case when p.price_is_stale then p.price_day else p.rate_day end end)"""

# Of what has a value: interest accrued on it that nobody can tell.
UNACCRUED: Final = "(p.value is not null and p.bears_interest and p.lacks_terms)"
UNACCRUED_FLAW: Final = (
    "jsonb_build_object('code', 'NO_ACCRUED_INTEREST', 'label', p.security_name, 'day', null)"
)
FLAWED: Final = "(p.value is null or p.price_is_stale or p.rate_is_stale)"
REASONS: Final = f"""to_jsonb((array_agg({FLAW} order by p.security_order, p.security_id)
      filter (where {FLAWED})
    || array_agg({UNACCRUED_FLAW} order by p.security_order, p.security_id)
      filter (where {UNACCRUED}))[1:20])"""

# Only what is flawed is put in order: ordering every position of a firm costs as much as valuing it.
ACCOUNT_VALUES: Final = f"""
position_sums as (
  select p.account_id, count(*) as position_count,
    count(*) filter (where p.value is null) as unpriced_count,
    count(*) filter (where p.value is not null and (p.price_is_stale or p.rate_is_stale)) as stale_count,
    count(*) filter (where {UNACCRUED}) as unaccrued_count,
    min(p.price_day) filter (where p.value is not null) as oldest_price_day,
    sum(p.value + coalesce(p.accrued, 0)) as positions_value, sum(p.accrued) as accrued_interest
  from positions p group by p.account_id
),
flaws as (
  select p.account_id, {REASONS} as reasons
  from positions p
  where {FLAWED} or {UNACCRUED}
  group by p.account_id
),
totals as (
  select k.account_id, k.currency, coalesce(c.cash, 0) as cash, coalesce(c.settled_cash, 0) as settled_cash,
    coalesce(s.position_count, 0) as position_count, coalesce(s.unpriced_count, 0) as unpriced_count,
    coalesce(s.stale_count, 0) as stale_count, coalesce(s.unaccrued_count, 0) as unaccrued_count,
    s.oldest_price_day, f.reasons, s.accrued_interest,
    case when s.position_count > 0 and s.positions_value is null and coalesce(c.cash, 0) = 0 then null
      else coalesce(s.positions_value, 0) + coalesce(c.cash, 0) end as market_value
  from asked k
  left join cash c on c.account_id = k.account_id
  left join position_sums s on s.account_id = k.account_id
  left join flaws f on f.account_id = k.account_id
),
account_values as materialized (
  select t.*,
    case when t.currency = :firm_currency then t.market_value
      else round(t.market_value * r.rate, :firm_minor) end as reporting_value,
    case when t.currency = :firm_currency then t.cash
      else round(t.cash * r.rate, :firm_minor) end as reporting_cash,
    case when t.currency = :firm_currency then t.accrued_interest
      else round(t.accrued_interest * r.rate, :firm_minor) end as reporting_accrued
  from totals t
  left join rates r on r.base = t.currency and r.quote = :firm_currency
)"""

# The stored twin of the chain above: the same columns, for the one day that is kept valued.
STORED_VALUES: Final = """
account_values as (
  select v.account_id, v.currency, v.cash, v.settled_cash, v.position_count, v.unpriced_count,
    v.stale_count, v.unaccrued_count, v.oldest_price_day, v.reasons, v.accrued_interest, v.market_value,
    v.reporting_value, v.reporting_cash, v.reporting_accrued
  from account_valuations v
  where v.tenant_id = :tenant and v.day = :as_of {only_asked}
)"""


def live_values(asked: str, *, only_asked: bool) -> str:
    """The whole chain up to ``account_values``, computed from transactions."""
    return ",".join((asked, moves(only_asked=only_asked), PRICES, ACCRUALS, RATES, POSITIONS, ACCOUNT_VALUES))


# Cash needs no holdings and no prices, and of the rates only those of the accounts' own currencies.
CASH_VALUES: Final = f"""{ASKED_ALL},
holdings as (select null::text as security_currency, null::text as currency where false),
{RATES},
account_cash as (
  select k.account_id, case when k.currency = :firm_currency then c.cash
      else round(c.cash * r.rate, :firm_minor) end as reporting_cash
  from asked k
  left join (
    select t.account_id, sum(t.amount) as amount from transactions t
    where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version
    group by t.account_id
  ) m on m.account_id = k.account_id
  cross join lateral (select round(coalesce(m.amount, 0), k.minor) as cash) c
  left join rates r on r.base = k.currency and r.quote = :firm_currency
)"""
"""``account_cash``: the ``reporting_cash`` of every account, as ``account_values`` has it."""


_SLEEVES: Final = f"""
asked as (
  select p.id as account_id, a.currency, {minor_units_of("a.currency")} as minor
  from portfolios p join accounts a on a.tenant_id = :tenant and a.id = p.account_id
  where p.tenant_id = :tenant and p.account_id = any(:account_ids)
)"""


def sleeve_values() -> str:
    """The same chain, in which each sleeve of the accounts stands where an account does: ``account_id`` is
    the sleeve's."""
    entries = _MOVES.format(key="t.portfolio_id", only_asked="and t.account_id = any(:account_ids)")
    return ",".join((_SLEEVES, entries, PRICES, ACCRUALS, RATES, POSITIONS, ACCOUNT_VALUES))


def live_positions(asked: str) -> str:
    """The same chain; its ``positions`` are read besides the totals."""
    return live_values(asked, only_asked=True)


def stored_values(only_asked: str = "") -> str:
    """``account_values`` from what is stored; ``only_asked``: a further condition on ``v.account_id``."""
    return STORED_VALUES.format(only_asked=only_asked)


# -- the same over several days ------------------------------------------------------------------------------

# What was traded after one day and by the next is one step on the next, so that a history costs by its days
# and not by its length. ``days`` are weekdays: five weekdays before one are seven days before it; where a
# market's holidays make it another day, ``odd_limits`` say which.
_VALUES_BY_DAY: Final = f"""
days as (select d as day from unnest(:days) d),
steps as (
  select t.account_id, t.portfolio_id, t.security_id,
    (:days)[width_bucket(t.trade_date - 1, :days) + 1] as day,
    sum(t.units) as units, sum(t.amount) as amount
  from transactions t
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version {{only_asked}}
  group by 1, 2, 3, 4
),
day_cash as (
  select k.account_id, k.currency, d.day, round(coalesce(sum(s.amount), 0), max(k.minor)) as cash
  from asked k cross join days d
  left join steps s on s.account_id = k.account_id and s.day <= d.day
  group by k.account_id, k.currency, d.day
),
day_holdings as materialized (
  select s.account_id, s.portfolio_id, s.security_id, d.day, sum(s.units) as units
  from steps s join days d on s.day <= d.day
  where s.security_id is not null
  group by 1, 2, 3, 4 having sum(s.units) <> 0
),
day_prices as materialized (
  select h.security_id, h.day, p.day as price_day, p.close
  from (select distinct security_id, day from day_holdings) h
  cross join lateral ({LATEST_PRICE.format(security="h.security_id", day="h.day")}) p
),
day_accruals as materialized (
  select s.id as security_id, d.day, {per_unit("s", "d.day", "z")} as per_unit
  from securities s
  cross join days d
  left join {CLOSED} z(exchange, day, since) on z.exchange = s.exchange and z.day = d.day
  where s.tenant_id = :tenant and s.id = any(array(select distinct p.security_id from day_prices p))
    and {BEARS.format(s="s")}
),
valued as materialized (
  select h.account_id, h.day, h.units, k.currency, k.minor, s.currency as security_currency,
    s.price_multiplier, p.close, i.per_unit, i.security_id is not null as bears_interest,
    coalesce(p.price_day < h.day - case when s.security_type = any(:appraised_types)
      then :as_of - :fresh_appraised else h.day - coalesce(o.since, h.day - 7) end, false) as price_is_stale
  from day_holdings h
  join asked k on k.account_id = h.account_id
  join securities s on s.tenant_id = :tenant and s.id = h.security_id
  left join unnest(:odd_markets, :odd_days, :odd_limits) o(exchange, day, since)
    on o.exchange = s.exchange and o.day = h.day
  left join day_prices p on p.security_id = h.security_id and p.day = h.day
  left join day_accruals i on i.security_id = h.security_id and i.day = h.day
),
day_pairs as (
  select v.security_currency as base, v.currency as quote, v.day from valued v
  where v.security_currency <> v.currency
  union
  select k.currency, :firm_currency, d.day from asked k cross join days d
  where k.currency <> :firm_currency
),
day_legs as (
  select l.base, l.quote, p.day from day_pairs p
  cross join lateral (
    select p.base, p.quote
    union all
    select p.base, c from unnest(:common) c where c not in (p.base, p.quote)
    union all
    select c, p.quote from unnest(:common) c where c not in (p.base, p.quote)
  ) l
  group by l.base, l.quote, p.day
),
day_leg_rates as materialized (
  select l.base, l.quote, l.day, r.rate, r.day as rate_day
  from day_legs l cross join lateral ({_leg_rate("l.day")}) r
),
day_rates as materialized (
  select p.base, p.quote, p.day, coalesce(d.rate, c.rate) as rate,
    coalesce(d.rate_day, c.rate_day) as rate_day
  from day_pairs p
  left join day_leg_rates d on d.base = p.base and d.quote = p.quote and d.day = p.day
  left join lateral (
    select round(a.rate * b.rate, {RATE_PLACES}) as rate, least(a.rate_day, b.rate_day) as rate_day
    from unnest(:common) with ordinality v(currency, place)
    join day_leg_rates a on a.base = p.base and a.quote = v.currency and a.day = p.day
    join day_leg_rates b on b.base = v.currency and b.quote = p.quote and b.day = p.day
    order by v.place limit 1
  ) c on d.rate is null
),
day_positions as (
  select v.account_id, v.day, v.bears_interest and v.per_unit is null as lacks_interest,
    v.price_is_stale or coalesce(r.rate_day < v.day - 7, false) as is_stale,
    case when v.security_currency = v.currency then round(v.units * v.close * v.price_multiplier, v.minor)
      else round(v.units * v.close * v.price_multiplier * r.rate, v.minor) end as value,
    case when v.security_currency = v.currency then round(v.units * v.per_unit, v.minor)
      else round(v.units * v.per_unit * r.rate, v.minor) end as accrued
  from valued v
  left join day_rates r on r.base = v.security_currency and r.quote = v.currency and r.day = v.day
),
day_sums as (
  select p.account_id, p.day, count(*) as position_count,
    sum(p.value + coalesce(p.accrued, 0)) as positions_value,
    count(*) filter (where p.value is null or p.lacks_interest) as lacking_count,
    count(*) filter (where p.value is not null and p.is_stale) as stale_count
  from day_positions p group by p.account_id, p.day
),
day_values as (
  select c.account_id, c.day, coalesce(s.lacking_count, 0) as lacking_count,
    coalesce(s.stale_count, 0) as stale_count,
    case when c.currency = :firm_currency then t.value
      else round(t.value * r.rate, :firm_minor) end as reporting_value
  from day_cash c
  left join day_sums s on s.account_id = c.account_id and s.day = c.day
  cross join lateral (
    select case when s.position_count > 0 and s.positions_value is null and c.cash = 0 then null
      else coalesce(s.positions_value, 0) + c.cash end as value
  ) t
  left join day_rates r on r.base = c.currency and r.quote = :firm_currency and r.day = c.day
)"""


def values_by_day(asked: str, *, only_asked: bool) -> str:
    """``day_values``: what each account of ``asked`` was worth on each of ``:days``, oldest first."""
    only = ONLY_ASKED if only_asked else ""
    return f"{asked.strip()},{_VALUES_BY_DAY.format(only_asked=only)}"


def days_of(days: Sequence[date]) -> dict[str, Any]:
    """The parameters of ``values_by_day`` besides a view's; they come after the view's."""
    odd = odd_freshness(tuple(days))
    return {
        "days": list(days),
        "odd_markets": [market for market, _, _ in odd],
        "odd_days": [day for _, day, _ in odd],
        "odd_limits": [limit for _, _, limit in odd],
        **closed_on(days),
    }
