"""The statements that take an import out of the books, in the order in which they run.

Temporary tables name what is concerned, before anything is written; then everything is written under the
undo's book version. Parameters: ``tenant``, ``batches``, ``version``, ``now``.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Table

from wealthnexus.domain.clients.models import accounts, households, liabilities, liability_balances, parties
from wealthnexus.domain.feeds.importer.dated import TABLES
from wealthnexus.domain.feeds.importer.journal import ENTITIES
from wealthnexus.domain.feeds.undo.parts import CREATED_IDS, MINE, ORIGINAL_JOURNAL, STANDING_TRANSACTION
from wealthnexus.domain.ledger.models import lots, transactions
from wealthnexus.domain.markets.models import fx_rates, securities, security_prices

REASON: Final = "its import was taken back"
_TABLES: Final = {
    "households": households, "accounts": accounts, "parties": parties, "liabilities": liabilities,
    "securities": securities,
}  # fmt: skip
# What an import never writes: its own life goes on whatever happens to imports.
_NOT_IMPORTED: Final = frozenset(
    {"tenant_id", "id", "source", "external_id", "security_key", "created_at", "version", "removed_version",
     "reconciled_through", "instrument_id"}
)  # fmt: skip
KNOWN: Final = (*(one.table for one in TABLES), "account_terms", "lots", "corporate_actions")
"""Tables whose rows are superseded, never changed."""


def _columns(table: Table, *left_out: str) -> list[str]:
    return [column.name for column in table.c if column.name not in ("tenant_id", *left_out)]


def _listed(alias: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


def _temporary(name: str, sql: str) -> str:
    return f"create temporary table {name} on commit drop as {sql}"


def _chosen(table: str) -> tuple[str, str]:
    """``undo_created_…`` and, of rows that are only superseded, ``undo_back_…``."""
    mine = _temporary(
        f"undo_gone_{table}",
        f"select x.id from {table} x where x.tenant_id = :tenant and x.superseded_version is null"
        f" and {MINE.format(alias='x')}",
    )
    back = _temporary(
        f"undo_back_{table}",
        f"select x.id as old_id, null::uuid as id from {table} x"
        " join book_versions v on v.tenant_id = :tenant and v.version = x.superseded_version"
        " and v.kind = 'import' and v.batch_id = any (:batches)"
        " where x.tenant_id = :tenant and coalesce(x.batch_id <> all (:batches), true)",
    )
    return mine, back


CHOOSE: Final = (
    *(_temporary(f"undo_created_{table}", CREATED_IDS[table]) for table in ENTITIES),
    _temporary("undo_journal", ORIGINAL_JOURNAL),
    *(statement for table in KNOWN for statement in _chosen(table)),
    _temporary(
        "undo_gone_transactions",
        f"select t.id as old_id, null::uuid as id from transactions t where t.tenant_id = :tenant"
        f" and {MINE.format(alias='t')} and {STANDING_TRANSACTION}",
    ),
    # What a source had said before: the latest revision that this import itself reversed.
    _temporary(
        "undo_back_transactions",
        f"""select distinct on (o.source, o.source_id) o.id as old_id, null::uuid as id, t.id as replaces_id,
  (select max(x.revision) from transactions x where x.tenant_id = :tenant and x.source = o.source
    and x.source_id = o.source_id) + 1 as revision
from undo_gone_transactions g
join transactions t on t.tenant_id = :tenant and t.id = g.old_id
join transactions o on o.tenant_id = :tenant and o.source = t.source and o.source_id = t.source_id
  and o.entry_kind <> 'REVERSAL' and coalesce(o.batch_id <> all (:batches), true)
join transactions r on r.tenant_id = :tenant and r.reverses_id = o.id and r.batch_id = any (:batches)
  and r.reason is distinct from '{REASON}'
order by o.source, o.source_id, o.revision desc""",
    ),
    _temporary(
        "undo_evidence",
        """select e.account_id, e.day from custodian_positions e
where e.tenant_id = :tenant and e.batch_id = any (:batches)
union select e.account_id, e.day from custodian_lots e
where e.tenant_id = :tenant and e.batch_id = any (:batches)""",
    ),
    _temporary(
        "undo_held",
        """select t.account_id, t.security_id from transactions t
join undo_gone_transactions g on g.old_id = t.id
where t.tenant_id = :tenant and t.security_id is not null
union select l.account_id, l.security_id from lots l join undo_gone_lots g on g.id = l.id
where l.tenant_id = :tenant""",
    ),
)
IDS_WANTED: Final = (
    "undo_gone_transactions", "undo_back_transactions", *(f"undo_back_{table}" for table in KNOWN)
)  # fmt: skip

# -- dated and versioned rows --------------------------------------------------------------------------------


def _superseded(table: str) -> str:
    return (
        f"update {table} x set superseded_version = :version from undo_gone_{table} g"
        " where x.tenant_id = :tenant and x.id = g.id"
    )


def _restored(table: str) -> str:
    columns = _columns(lots.metadata.tables[table], "id", "book_version", "superseded_version")
    return (
        f"insert into {table} (tenant_id, id, book_version, {', '.join(columns)})"
        f" select :tenant, b.id, :version, {_listed('x', columns)}"
        f" from undo_back_{table} b join {table} x on x.tenant_id = :tenant and x.id = b.old_id"
    )


# -- the ledger ----------------------------------------------------------------------------------------------

_CONTENT: Final = _columns(
    transactions, "id", "revision", "entry_kind", "reverses_id", "replaces_id", "reason", "book_version",
    "recorded_at",
)  # fmt: skip
_SIGNED: Final = ("units", "amount", "fees", "accrued_interest")
_REVERSED: Final = ", ".join(f"-t.{c}" if c in _SIGNED else f"t.{c}" for c in _CONTENT)
LEDGER: Final = (
    f"""
insert into transactions (tenant_id, id, revision, entry_kind, reverses_id, reason, book_version, recorded_at,
  {", ".join(_CONTENT)})
select :tenant, g.id, t.revision, 'REVERSAL', t.id, '{REASON}', :version, :now, {_REVERSED}
from undo_gone_transactions g join transactions t on t.tenant_id = :tenant and t.id = g.old_id""",
    f"""
insert into transactions (tenant_id, id, revision, entry_kind, replaces_id, reason, book_version, recorded_at,
  {", ".join(_CONTENT)})
select :tenant, b.id, b.revision, 'REPLACEMENT', b.replaces_id, '{REASON}', :version, :now,
  {_listed("t", _CONTENT)}
from undo_back_transactions b join transactions t on t.tenant_id = :tenant and t.id = b.old_id""",
)


# -- prices, rates, balances ---------------------------------------------------------------------------------


def _facts(table: Table) -> str:
    """Where the import said the last word: what stood before says it again, else the key is withdrawn."""
    name = table.name
    key = [c.name for c in table.primary_key.columns if c.name not in ("tenant_id", "book_version")]
    rest = _columns(table, *key, "book_version", "is_withdrawn", "batch_id", "source_line")
    same = " and ".join(f"p.{column} = m.{column}" for column in key)
    values = ", ".join(f"case when b.found then b.{c} else m.{c} end" for c in rest)
    return f"""
insert into {name} (tenant_id, book_version, {", ".join((*key, *rest))}, is_withdrawn, batch_id, source_line)
select :tenant, :version, {_listed("m", key)}, {values}, coalesce(b.is_withdrawn, true), b.batch_id,
  b.source_line
from (
  select distinct on ({_listed("x", key)}) x.* from {name} x
  where x.tenant_id = :tenant and {_touches(name, key)}
  order by {_listed("x", key)}, x.book_version desc
) m
left join lateral (
  select p.*, true as found from {name} p
  where p.tenant_id = :tenant and {same} and p.book_version < (
      select min(i.book_version) from {name} i where i.tenant_id = :tenant and i.batch_id = any (:batches)
        and {" and ".join(f"i.{column} = m.{column}" for column in key)})
    and coalesce(p.batch_id <> all (:batches), true)
  order by p.book_version desc limit 1
) b on true
where m.batch_id = any (:batches)"""


def _touches(name: str, key: Sequence[str]) -> str:
    """By the index of the batches first: a firm has far more facts than one import brings."""
    same = ", ".join(f"x.{column}" for column in key)
    return (
        f"({same}) in (select {_listed('y', key)} from {name} y"
        " where y.tenant_id = :tenant and y.batch_id = any (:batches))"
    )


# -- what was overwritten ------------------------------------------------------------------------------------


def _entity(table: str) -> tuple[str, str]:
    columns = [c for c in _columns(_TABLES[table]) if c not in _NOT_IMPORTED]
    removed = (
        f"update {table} e set removed_version = :version from undo_created_{table} c"
        " where e.tenant_id = :tenant and e.id = c.id"
    )
    restored = f"""
update {table} e set {", ".join(f"{c} = r.{c}" for c in columns)}, version = e.version + 1
from undo_journal j cross join lateral jsonb_populate_record(null::{table}, j.before) r
where j.table_name = '{table}' and e.tenant_id = :tenant and e.id = j.row_id"""
    return removed, restored


ENTITY: Final = {table: _entity(table) for table in ENTITIES}
_CREATED: Final = " union all ".join(f"select id from undo_created_{table}" for table in ENTITIES)
OVERWRITTEN: Final = (
    """
update subjects u set label = j.before ->> 'name' from undo_journal j
where jsonb_typeof(j.before) = 'object' and j.table_name not in ('party_contacts')
  and u.tenant_id = :tenant and u.id = j.row_id""",
    """
delete from party_contacts x using undo_journal j
where j.table_name = 'party_contacts' and jsonb_typeof(j.before) = 'null'
  and x.tenant_id = :tenant and x.id = j.row_id""",
    """
update party_contacts x set value = j.before ->> 'value', version = x.version + 1 from undo_journal j
where j.table_name = 'party_contacts' and jsonb_typeof(j.before) = 'object'
  and x.tenant_id = :tenant and x.id = j.row_id""",
    f"""
delete from search_words w where w.tenant_id = :tenant and w.subject_id in (
  {_CREATED} union all select row_id from undo_journal where table_name = 'search_words')""",
    f"""
insert into search_words (tenant_id, word, subject_id, kind)
select :tenant, e.pair ->> 0, j.row_id, e.pair ->> 1
from undo_journal j cross join lateral jsonb_array_elements(j.before) e(pair)
where j.table_name = 'search_words' and j.row_id not in ({_CREATED})""",
    """
delete from account_securities a using undo_held h
where a.tenant_id = :tenant and a.account_id = h.account_id and a.security_id = h.security_id
  and not exists (select 1 from transactions t where t.tenant_id = :tenant
    and t.account_id = a.account_id and t.security_id = a.security_id
    and coalesce(t.batch_id <> all (:batches), true))
  and not exists (select 1 from lots l where l.tenant_id = :tenant and l.account_id = a.account_id
    and l.security_id = a.security_id and coalesce(l.batch_id <> all (:batches), true))""",
    """
delete from account_valuations v using undo_created_accounts c
where v.tenant_id = :tenant and v.account_id = c.id""",
)

VERSIONED: Final = (
    *(_superseded(table) for table in KNOWN),
    *(_restored(table) for table in KNOWN),
    _facts(security_prices),
    _facts(fx_rates),
    _facts(liability_balances),
    *LEDGER,
)

# -- the custodian's evidence --------------------------------------------------------------------------------

FORGET_COMPARED: Final = (
    # A difference that only this evidence showed is gone; one of earlier days ends where it was seen before.
    """
update reconciliation_breaks k set state = 'CLEARED', version = k.version + 1
from undo_silent s
where k.tenant_id = :tenant and k.account_id = s.account_id and k.day = s.day and k.opened_on = s.day
  and k.state = 'OPEN'""",
    """
update reconciliation_breaks k set day = greatest(k.opened_on, coalesce((
    select max(r.day) from reconciliations r where r.tenant_id = :tenant and r.account_id = k.account_id
      and r.day < s.day and not exists (select 1 from undo_silent x
        where x.account_id = r.account_id and x.day = r.day)), k.opened_on)),
  version = k.version + 1
from undo_silent s
where k.tenant_id = :tenant and k.account_id = s.account_id and k.day = s.day and k.opened_on < s.day
  and k.state = 'OPEN'""",
    """
delete from reconciliations r using undo_silent s
where r.tenant_id = :tenant and r.account_id = s.account_id and r.day = s.day""",
)
SILENT: Final = _temporary(
    "undo_silent",
    """select u.account_id, u.day from undo_evidence u
where not exists (select 1 from custodian_positions e
    where e.tenant_id = :tenant and e.account_id = u.account_id and e.day = u.day)
  and not exists (select 1 from custodian_lots e
    where e.tenant_id = :tenant and e.account_id = u.account_id and e.day = u.day)""",
)
"""Accounts and days of which no custodian says anything any more, once the batch has lost its standing."""
