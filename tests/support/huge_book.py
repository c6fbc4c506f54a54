"""A firm of any size with everything that hangs on it, put behind the product's back by set-wise SQL.

Households of one to five accounts (two and a half on average), two people each, entities, owners, debts,
a tree of books, tags, open work, clients and representatives with grants, trades at prices of three years.
The valuations are the product's own: the caller asks for them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from wealthnexus.kit.ids import new_id

from tests.support.engines import superuser
from tests.support.large_book import _FIRM
from tests.support.servers import DatabaseAddresses

SECURITIES = 200
TRADES = 7
"""Of each account: a deposit and then purchases."""

_ROWS = """
set local work_mem = '256MB';
create temporary table fam as select n, 'fam' || n %% 997 || 'ov' as surname, gen_random_uuid() as id,
  gen_random_uuid() as head, gen_random_uuid() as spouse
  from generate_series(1, %(households)s) n;
create temporary table acc as select row_number() over () as n, gen_random_uuid() as id,
  gen_random_uuid() as sleeve, fam.id as household, fam.n as f, k, fam.head, fam.spouse, fam.surname
  from fam cross join lateral generate_series(1, (array[1,2,3,2,4,3])[1 + fam.n %% 6]) k;
create temporary table ent as select n, gen_random_uuid() as id, head, id as household from fam
  where n %% 20 = 0;
create temporary table sec as select n, gen_random_uuid() as id from generate_series(1, %(securities)s) n;
create temporary table debt as select n, gen_random_uuid() as id, head, spouse, id as household from fam
  where n %% 5 = 0;
create temporary table node as select n, gen_random_uuid() as id from generate_series(1, 421) n;
create temporary table person as select row_number() over () as n, gen_random_uuid() as id, x.* from (
  select 'CLIENT' as kind, head as party, household, null::int as rep from
    (select head, id as household from fam where n %% 2 = 0) c
  union all select 'STAFF', null, null, r from generate_series(1, 300) r) x;
insert into subjects select %(t)s, id, 'household', surname || ' family ' || n, now() from fam
  union all select %(t)s, id, 'account', surname || ' account ' || n, now() from acc
  union all select %(t)s, head, 'party', 'Head ' || n, now() from fam
  union all select %(t)s, spouse, 'party', 'Spouse ' || n, now() from fam
  union all select %(t)s, id, 'party', 'Entity ' || n, now() from ent
  union all select %(t)s, id, 'liability', 'Loan ' || n, now() from debt
  union all select %(t)s, id, 'book', 'Book ' || n, now() from node
  union all select %(t)s, id, 'user', 'User ' || n, now() from person
  union all select %(t)s, id, 'security', 'Security ' || n, now() from sec;
insert into households (tenant_id, id, source, external_id, name, name_normalised, created_at, version)
  select %(t)s, id, 'huge', 'H' || n, surname || ' family ' || n, surname || ' family ' || n, now(), 1
  from fam;
insert into accounts (tenant_id, id, source, external_id, name, name_normalised, account_number_last4,
    account_type, tax_status, currency, lot_method, opened_on, created_at, version)
  select %(t)s, id, 'huge', 'A' || n, surname || ' account ' || n, surname || ' account ' || n,
    lpad((n %% 10000)::text, 4, '0'), 'JOINT_WITH_SURVIVORSHIP', 'TAXABLE', 'USD', 'FIFO',
    date '2018-01-01' + (n * 13 %% 700)::int, now(), 1 from acc;
insert into parties (tenant_id, id, kind, status, name, name_normalised, kyc_state, source, external_id,
    created_at, version)
  select %(t)s, id, kind, 'active', name, lower(name), 'verified', 'huge', name, now(), 1 from (
    select head as id, 'person' as kind, 'Head ' || n as name from fam
    union all select spouse, 'person', 'Spouse ' || n from fam
    union all select id, 'company', 'Entity ' || n from ent) p;
insert into portfolios select %(t)s, sleeve, id, 'Default', true, now() from acc;
insert into household_accounts (tenant_id, id, household_id, account_id, effective_from, book_version)
  select %(t)s, gen_random_uuid(), household, id, '1900-01-01', 1 from acc;
insert into household_accounts (tenant_id, id, household_id, account_id, effective_from, book_version)
  select %(t)s, gen_random_uuid(), f.id, a.id, '1900-01-01', 1
  from acc a join fam f on f.n = a.f + 1 where a.k = 1 and a.f %% 100 = 0;
insert into household_members (tenant_id, id, household_id, party_id, relationship, effective_from,
    book_version)
  select %(t)s, gen_random_uuid(), id, head, 'head', date '1900-01-01', 1 from fam
  union all select %(t)s, gen_random_uuid(), id, spouse, 'spouse', '1900-01-01', 1 from fam
  union all select %(t)s, gen_random_uuid(), household, id, 'entity', '1900-01-01', 1 from ent;
insert into account_owners (tenant_id, id, account_id, party_id, role, effective_from, book_version)
  select %(t)s, gen_random_uuid(), a.id, coalesce(e.id, a.head),
    case when e.id is null then 'joint_survivorship' else 'owner' end, date '1900-01-01', 1
    from acc a left join ent e on e.n = a.f and a.k = 2
  union all select %(t)s, gen_random_uuid(), id, spouse, 'joint_survivorship', '1900-01-01', 1 from acc
    where k = 1;
insert into party_ownerships (tenant_id, id, owner_id, owned_id, share, effective_from, book_version)
  select %(t)s, gen_random_uuid(), head, id, 1, '1900-01-01', 1 from ent;
insert into liabilities (tenant_id, id, household_id, kind, name, name_normalised, currency, source,
    external_id, created_at, version)
  select %(t)s, id, household, 'mortgage', 'Loan ' || n, 'loan ' || n, 'USD', 'huge', 'L' || n, now(), 1
  from debt;
insert into liability_owners (tenant_id, id, liability_id, party_id, effective_from, book_version)
  select %(t)s, gen_random_uuid(), id, head, '1900-01-01', 1 from debt;
insert into users (tenant_id, id, email, email_normalised, name, name_normalised, kind, status, scope,
    party_id, failed_count, created_at, version)
  select %(t)s, id, n || '@example.test', n || '@example.test', 'User ' || n, 'user ' || n, kind, 'ACTIVE',
    'limited', party, 0, now(), 1 from person;
insert into books (tenant_id, id, kind, parent_id, code, name, user_id, created_at)
  select %(t)s, b.id, case when b.n = 1 then 'branch' when b.n <= 21 then 'branch' when b.n <= 121
    then 'team' else 'representative' end, u.id, 'B' || b.n, 'Book ' || b.n, p.id, now()
  from node b
  left join node u on u.n = case when b.n <= 21 then null when b.n <= 121 then 2 + b.n %% 20
    else 22 + b.n %% 100 end
  left join person p on p.kind = 'STAFF' and p.rep = b.n - 121;
insert into account_assignments (tenant_id, id, account_id, book_id, split, effective_from, book_version)
  select %(t)s, gen_random_uuid(), a.id, b.id, 1, '1900-01-01', 1 from acc a
  join node b on b.n = 122 + a.f %% 300;
insert into access_grants (tenant_id, id, principal_id, subject_id, relationship, permissions,
    effective_from, reason, created_at)
  select %(t)s, gen_random_uuid(), p.id, coalesce(p.party, b.id),
    case when p.kind = 'CLIENT' then 'self' else 'staff' end, '["read"]'::jsonb,
    date '2020-01-01', 'huge', now()
    from person p left join node b on b.n = p.rep + 121
  union all select %(t)s, gen_random_uuid(), id, household, 'spouse', '["read"]'::jsonb, '2020-01-01', 'huge',
    now()
    from person where kind = 'CLIENT' and n %% 4 = 0;
insert into tags (tenant_id, id, name, name_normalised, created_at)
  select %(t)s, gen_random_uuid(), 'Review', 'review', now();
insert into subject_tags (tenant_id, tag_id, subject_id, created_at)
  select %(t)s, (select id from tags where tenant_id = %(t)s), id, now() from fam where n %% 50 = 0;
insert into work_items (tenant_id, id, kind, title, subject_id, severity, state, created_at, action_label,
    action_path, version)
  select %(t)s, gen_random_uuid(), 'huge', 'Look', id, 'INFO', 'OPEN', now(), 'Look', '/', 1 from fam
  where n %% 40 = 0;
insert into securities (tenant_id, id, source, security_key, name, name_normalised, symbol, security_type,
    asset_class, currency, price_multiplier, created_at, version)
  select %(t)s, id, 'huge', 'S' || n, 'Security ' || n, 'security ' || n, 'S' || n, 'ETF', 'EQUITY',
    'USD', 1, now(), 1 from sec;
insert into security_prices (tenant_id, security_id, day, source, book_version, close)
  select %(t)s, sec.id, d, 'huge', 1, round((20 + random() * 400)::numeric, 2) from sec
  cross join generate_series(date '2018-01-01', date '2021-03-31', '1 day') d
  where extract(isodow from d) < 6 and (sec.n > 3 or d < '2020-11-01');
insert into transactions (tenant_id, id, account_id, portfolio_id, source, source_id, revision, entry_kind,
    type, trade_date, settlement_date, security_id, quantity, units, amount, fees, currency, book_version,
    recorded_at, content_hash)
  select %(t)s, gen_random_uuid(), a.id, a.sleeve, 'huge', 'T' || a.n || '.' || j, 1, 'ORIGINAL',
    case when j = 1 then 'DEPOSIT' else 'BUY' end, d.day, d.day, case when j > 1 then sec.id end,
    case when j > 1 then 5 + a.n %% 90 end, case when j > 1 then 5 + a.n %% 90 else 0 end,
    case when j > 1 then -500 else 10000 + (a.n * 37 %% 5000) * 13 end, 0, 'USD', 1, now(), 'x'
  from acc a cross join generate_series(1, %(trades)s) j
  cross join lateral (select date '2018-01-01' + (a.n * 7 + j * 97)::int %% 1180 as day) d
  left join sec on sec.n = (a.n * 3 + j * 7) %% %(securities)s + 1 and j > 1;
insert into book_heads (tenant_id, version) values (%(t)s, 1);
insert into book_versions (tenant_id, version, closed_at, kind) values (%(t)s, 1, now(), 'import');
drop table fam, acc, ent, sec, debt, node, person;
"""


def fill_huge(addresses: DatabaseAddresses, *, households: int) -> UUID:
    """The firm's id."""
    firm_id = new_id()
    with superuser(addresses) as connection, connection.transaction():
        connection.execute("set local session_replication_role = replica")  # no foreign keys: fast
        values: dict[str, Any] = {
            "t": firm_id,
            "slug": f"l{firm_id.hex}",
            "households": households,
            "securities": SECURITIES,
            "trades": TRADES,
        }
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(_FIRM, values)
        cursor.execute(_ROWS, values)
    with superuser(addresses) as connection:
        connection.execute("vacuum analyze")
    return firm_id
