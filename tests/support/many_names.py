"""A firm of a hundred thousand names, put behind the product's back in seconds, for plans and timings.

Given and family names are drawn as people bear them: few very often, many rarely.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import psycopg
from wealthnexus.kit.ids import new_id

from tests.support.engines import superuser
from tests.support.servers import DatabaseAddresses

_WORDS: Final = (
    "an bel car da el fi gra ho is jo kel la mar no or pe qui ro sa ta ul ver wil xan yor zu ach ber cle dri"
    " mon ster ton ville worth ling son man field ham"
)
_SYLLABLES: Final = _WORDS.split()

_ROWS: Final = """
create temporary table given as
  select n, s[1 + (n * 7) %% 40] || s[1 + (n * 13) %% 40] || case when n > 400 then s[1 + n %% 40] else '' end
    as name
  from generate_series(1, 800) n, (select %(syllables)s::text[] as s) y;
create temporary table family as
  select n, s[1 + (n * 11) %% 40] || s[1 + (n / 40) %% 40] || s[1 + (n * 3) %% 40] as name
  from generate_series(1, 6000) n, (select %(syllables)s::text[] as s) y;
create temporary table people as
  select k as n, gen_random_uuid() as id,
    1 + floor(power(random(), 3) * 799)::int as g, 1 + floor(power(random(), 3) * 5999)::int as f,
    case when k <= %(count)s * 6 / 10 then 'party' when k <= %(count)s * 9 / 10 then 'household'
      else 'account' end as kind
  from generate_series(1, %(count)s) k;
create temporary table named as
  select p.id, p.kind, p.n, case p.kind
    when 'party' then initcap(g.name) || ' ' || initcap(f.name)
    when 'household' then initcap(f.name) || ' Family'
    else initcap(f.name) || ' Joint brokerage' end as label
  from people p join given g on g.n = p.g join family f on f.n = p.f;
create temporary table s as select n, gen_random_uuid() as id from generate_series(1, 3000) n;
insert into subjects select %(t)s, id, kind, label, now() from named
  union all select %(t)s, id, 'security', 'Security ' || n || ' Holdings', now() from s;
insert into accounts (tenant_id, id, source, external_id, name, name_normalised, account_number_last4,
    account_type, tax_status, currency, lot_method, created_at, version)
  select %(t)s, id, 'names', 'A' || n, label, lower(label), lpad((n %% 10000)::text, 4, '0'), 'JOINT',
    'TAXABLE', 'USD', 'FIFO', now(), 1 from named where kind = 'account';
insert into securities (tenant_id, id, source, security_key, name, name_normalised, symbol, security_type,
    asset_class, currency, price_multiplier, created_at, version)
  select %(t)s, id, 'names', 'S' || n, 'Security ' || n || ' Holdings', 'security ' || n, 'S' || n, 'ETF',
    'EQUITY', 'USD', 1, now(), 1 from s;
insert into security_identifiers (tenant_id, id, security_id, scheme, value, exchange, book_version)
  select %(t)s, gen_random_uuid(), id, 'SYMBOL', 'S' || n, 'XNYS', 1 from s;
insert into search_words (tenant_id, word, subject_id, kind)
  select %(t)s, w, id, upper(kind) from named, unnest(string_to_array(lower(label), ' ')) w
  union select %(t)s, lpad((n %% 10000)::text, 4, '0'), id, 'ACCOUNT' from named where kind = 'account'
  union select %(t)s, w, id, 'SECURITY' from s,
    unnest(array['security', n::text, 'holdings', 's' || n]) w;
"""


def fill_names(addresses: DatabaseAddresses, *, count: int) -> tuple[UUID, list[str]]:
    """A firm with ``count`` names; returns it, and every twentieth name."""
    firm_id = new_id()
    with superuser(addresses) as connection:
        connection.execute("set session_replication_role = replica")  # no foreign keys, no triggers: fast
        values: dict[str, Any] = {"t": firm_id, "count": count, "syllables": _SYLLABLES}
        cursor = psycopg.ClientCursor(connection)
        cursor.execute("select setseed(0.42)")
        cursor.execute(_ROWS, values)
        names = cursor.execute("select label from named where n % 20 = 0 order by n").fetchall()
        cursor.execute("drop table given, family, people, named, s")
        connection.execute("vacuum analyze")
    return firm_id, [str(row[0]) for row in names]
