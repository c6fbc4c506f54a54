"""The pieces of SQL that say what is an import's own; ``:batches`` are its batches."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from typing import Final

from wealthnexus.domain.feeds.importer.journal import ENTITIES

MINE: Final = "{alias}.batch_id = any (:batches)"
_FOREIGN: Final = "coalesce((j.before ->> 'batch_id')::uuid <> all (:batches), true)"
"""What the journal kept was not of this import."""

CREATED_IDS: Final = {
    table: f"""
select e.id from {table} e where e.tenant_id = :tenant and e.batch_id = any (:batches)
  and e.removed_version is null and not exists (
    select 1 from import_journal j where j.tenant_id = :tenant and j.batch_id = any (:batches)
      and j.table_name = '{table}' and j.row_id = e.id and {_FOREIGN})"""
    for table in ENTITIES
}
"""Things that were not there before the import."""

ORIGINAL_JOURNAL: Final = f"""
select distinct on (j.table_name, j.row_id) j.table_name, j.row_id, j.before from import_journal j
join book_versions v on v.tenant_id = :tenant and v.batch_id = j.batch_id and v.kind = 'import'
where j.tenant_id = :tenant and j.batch_id = any (:batches)
  and (jsonb_typeof(j.before) <> 'object' or {_FOREIGN})
order by j.table_name, j.row_id, v.version"""
"""How each row was that the import changed in place: before the first of its batches."""

STANDING_TRANSACTION: Final = (
    "t.entry_kind <> 'REVERSAL' and not exists"
    " (select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)"
)
