"""A firm of any number of households, put behind the product's back in seconds, for plans and timings."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from wealthnexus.kit.ids import new_id

from tests.support.engines import superuser
from tests.support.servers import DatabaseAddresses

_LAST = date(2021, 3, 26)
_FIRM = (
    "insert into firms(id,slug,name,legal_name,locale,time_zone,currency,tier,features,limits,brand,support,"
    "legal_footer,pinned_business_date,is_demo,is_active,config_digest,applied_at) values (%(t)s,"
    "%(slug)s,'Large',"
    "'Large','en-US','America/New_York','USD','professional','[]','{}','{}','{}','','2021-03-31',"
    "true,true,'',"
    "now())"
)

# Ids are random: every look-up has to find its rows, none of them lie in the order of insertion.
_ROWS = """
create temporary table h as select n, gen_random_uuid() as id from generate_series(1, %(households)s) n;
create temporary table a as select row_number() over () as n, gen_random_uuid() as id,
  gen_random_uuid() as sleeve,
  h.id as household from h cross join generate_series(1, 3);
create temporary table s as select n, gen_random_uuid() as id from generate_series(1, 40) n;
insert into subjects select %(t)s, id, 'household', 'Household ' || n, now() from h
  union all select %(t)s, id, 'account', 'Account ' || n, now() from a
  union all select %(t)s, id, 'security', 'Security ' || n, now() from s;
insert into households (tenant_id, id, source, external_id, name, name_normalised, created_at, version)
  select %(t)s, id, 'large', 'H' || n, 'Household ' || n, 'household ' || n, now(), 1 from h;
insert into accounts (tenant_id, id, source, external_id, name, name_normalised, account_type,
  tax_status, currency,
  lot_method, created_at, version)
  select %(t)s, id, 'large', 'A' || n, 'Account ' || n, 'account ' || n, 'INDIVIDUAL', 'TAXABLE', 'USD',
    'FIFO',
    now(), 1 from a;
insert into portfolios select %(t)s, sleeve, id, 'Default', true, now() from a;
insert into household_accounts (tenant_id, id, household_id, account_id, effective_from, book_version)
  select %(t)s, gen_random_uuid(), household, id, '1900-01-01', 1 from a;
insert into securities (tenant_id, id, source, security_key, name, name_normalised, symbol, security_type,
  asset_class, currency, price_multiplier, created_at, version)
  select %(t)s, id, 'large', 'S' || n, 'Security ' || n, 'security ' || n, 'S' || n, 'ETF', 'EQUITY',
    'USD', 1,
    now(), 1 from s;
insert into security_identifiers (tenant_id, id, security_id, scheme, value, book_version)
  select %(t)s, gen_random_uuid(), id, 'SYMBOL', 'S' || n, 1 from s;
insert into security_prices (tenant_id, security_id, day, source, book_version, close)
  select %(t)s, s.id, d, 'large', 1, 20 + random() * 400 from s
  cross join generate_series(%(first)s::date, date '2021-03-31',
    '1 day') d where extract(isodow from d) < 6;
insert into transactions (tenant_id, id, account_id, portfolio_id, source, source_id, revision,
  entry_kind, type,
  trade_date, settlement_date, security_id, quantity, units, amount, fees, currency, book_version,
    recorded_at,
  content_hash)
  select %(t)s, gen_random_uuid(), a.id, a.sleeve, 'large', 'T' || a.n || '.' || k, 1, 'ORIGINAL',
    case when k = 1 then 'DEPOSIT' else 'BUY' end, %(first)s::date + d.n,
    %(first)s::date + 2 + d.n, case when k > 1 then s.id end,
    case when k > 1 then 5 end, case when k > 1 then 5 else 0 end,
    case when k > 1 then -500 else 1000 * %(rounds)s end, 0,
    'USD', 1, now(), md5(a.n || '.' || k)
  from a cross join generate_series(1, %(rounds)s) k
  cross join lateral (
    select case when k = 1 then a.n %% 7 else (a.n * 7 + k * 97) %% %(span)s end::int as n) d
  left join s on s.n = (a.n + k) %% 40 + 1;
insert into account_securities select distinct tenant_id, account_id, security_id from transactions
  where tenant_id = %(t)s and security_id is not null;
insert into account_valuations (tenant_id, day, account_id, currency, market_value, cash, settled_cash,
  reporting_currency, reporting_value, reporting_value_minor, reporting_cash, position_count, unpriced_count,
  stale_count, unaccrued_count, oldest_price_day, book_version, computed_at)
  select %(t)s, '2021-03-31', id, 'USD', n, 1000, 1000, 'USD', n, n * 100, 1000, 9, 0, 0, 0, '2021-03-31',
    1, now()
  from a;
insert into search_words
  select %(t)s, w, id, 'HOUSEHOLD' from h cross join lateral (values ('household'), (n::text)) v(w)
  union all select %(t)s, w, id, 'ACCOUNT' from a cross join lateral (values ('account'), (n::text)) v(w);
insert into book_heads (tenant_id, version, valued_day) values (%(t)s, 1, '2021-03-31');
insert into book_versions (tenant_id, version, closed_at, kind) values (%(t)s, 1, now(), 'import');
drop table h, a, s;
"""


def fill(
    addresses: DatabaseAddresses, *, households: int, rounds: int = 10, first: date = date(2018, 1, 1)
) -> UUID:
    """A firm with ``households`` households, three accounts each, ``rounds`` transactions an account since
    ``first``."""
    firm_id = new_id()
    with superuser(addresses) as connection:
        connection.execute("set session_replication_role = replica")  # no foreign keys, no triggers: fast
        values: dict[str, Any] = {"t": firm_id, "slug": f"l{firm_id.hex}", "households": households,
                                  "rounds": rounds, "first": first, "span": (_LAST - first).days}  # fmt: skip
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(_FIRM, values)
        cursor.execute(_ROWS, values)
        connection.execute("vacuum analyze")
    return firm_id
