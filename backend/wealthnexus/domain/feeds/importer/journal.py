"""How rows were before an import changes them in place, so that the import can be taken back.

What an import adds is found by its batch and what it supersedes by its version; only names, contacts and
the words of the search are overwritten, and are kept here first.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from typing import Final

ENTITIES: Final = ("households", "accounts", "parties", "liabilities", "securities")
CREATED: Final = "'null'::jsonb"
"""Stands for a row that was not there."""


def _changed(table: str) -> str:
    return f"""
insert into import_journal (tenant_id, batch_id, table_name, row_id, before)
select :tenant, :batch_id, '{table}', t.id, to_jsonb(t)
from {table} t join delta_{table} d on d.id = t.id
where t.tenant_id = :tenant and not d.is_new"""


STATEMENTS: Final = (
    *(_changed(table) for table in ENTITIES),
    f"""
insert into import_journal (tenant_id, batch_id, table_name, row_id, before)
select :tenant, :batch_id, 'party_contacts', coalesce(x.id, c.id), coalesce(to_jsonb(x), {CREATED})
from stage_contacts c join delta_parties d on d.id = c.party_id
left join party_contacts x on x.tenant_id = :tenant and x.party_id = c.party_id and x.kind = c.kind
  and x.is_primary
where not d.is_new and (x.id is null or x.value <> c.value)""",
    """
insert into import_journal (tenant_id, batch_id, table_name, row_id, before)
select :tenant, :batch_id, 'search_words', g.id,
  coalesce(jsonb_agg(jsonb_build_array(w.word, w.kind)) filter (where w.word is not null), '[]')
from (
  select id from delta_households where not is_new
  union select id from delta_accounts where not is_new
  union select id from delta_parties where not is_new
  union select id from delta_securities where not is_new
  union select x.security_id from delta_dated_identifiers x where not exists (
    select 1 from delta_securities n where n.id = x.security_id and n.is_new)
) g
left join search_words w on w.tenant_id = :tenant and w.subject_id = g.id
group by g.id""",
)
"""In the order of writing, before anything is written."""
