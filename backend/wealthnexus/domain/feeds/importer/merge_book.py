"""Clients, debts, lots, corporate actions and the custodian's evidence: from the stages into the books."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from wealthnexus.domain.feeds.importer.merge import (
    Batch,
    differs,
    inserted,
    labels,
    own_columns,
    run,
    subjects,
    updated,
)
from wealthnexus.domain.feeds.importer.tables import STAGES, column_names
from wealthnexus.kit.crypto import Place, decrypt
from wealthnexus.kit.db.session import UnitOfWork

_PARTY: Final = own_columns("stage_parties")
# Sealed values differ whenever they are sealed: their hashes are compared, and birth dates when nothing else
# differs.
_PARTY_COMPARED: Final = [c for c in _PARTY if c not in ("id", "birth_date", "tax_id", "tax_id_last4")]
_LIABILITY: Final = own_columns("stage_liabilities")

DELTAS: Final = {
    "parties": f"""
create temporary table delta_parties on commit drop as
select s.id, p.id is null as is_new, p.name as old_name, s.name,
  p.id is not null and not ({differs("s", "p", _PARTY_COMPARED)}) and not c.differ as only_birth_date
from stage_parties s left join parties p on p.tenant_id = :tenant and p.id = s.id
cross join lateral (
  select exists (
    select 1 from stage_contacts c where c.party_id = s.id and not exists (
      select 1 from party_contacts x where x.tenant_id = :tenant and x.party_id = c.party_id
        and x.kind = c.kind and x.value = c.value and x.is_primary)
  ) as differ
) c
where p.id is null or p.source_digest is distinct from s.digest""",
    "liabilities": f"""
create temporary table delta_liabilities on commit drop as
select s.id, l.id is null as is_new, l.name as old_name, s.name
from stage_liabilities s left join liabilities l on l.tenant_id = :tenant and l.id = s.id
where l.id is null or (l.source_digest is distinct from s.digest and ({differs("s", "l", _LIABILITY)}))""",
    "balances": """
create temporary table delta_balances on commit drop as
select s.*, k.balance is null as is_new
from stage_balances s left join lateral (
  select b.balance, b.is_withdrawn from liability_balances b
  where b.tenant_id = :tenant and b.liability_id = s.liability_id and b.day = s.day and b.source = :source
  order by b.book_version desc limit 1
) k on not k.is_withdrawn
where k.balance is null or k.balance <> s.balance""",
    "lots": """
create temporary table delta_lots on commit drop as
select s.*, k.id as old_id, k.id is null as is_new
from stage_lots s left join lots k on k.tenant_id = :tenant and k.source = :source
  and k.source_id = s.source_id and k.superseded_version is null
where k.id is null or k.source_digest is distinct from s.digest""",
    "corporate_actions": """
create temporary table delta_corporate_actions on commit drop as
select s.line, s.id, s.external_id, s.security_id, s.type, s.ex_date, s.record_date, s.pay_date, s.ratio_new,
  s.ratio_old, s.cash_amount, s.currency, s.other_security_id, s.new_value, s.description,
  -- What a person told of it stays where the source says nothing.
  coalesce(s.basis_fraction, k.basis_fraction) as basis_fraction,
  coalesce(s.is_taxable, k.is_taxable) as is_taxable,
  coalesce(s.cash_in_lieu_price, k.cash_in_lieu_price) as cash_in_lieu_price,
  coalesce(s.fractions, k.fractions) as fractions, s.digest, k.id as old_id, k.id is null as is_new
from stage_corporate_actions s left join corporate_actions k on k.tenant_id = :tenant
  and k.source = :source and k.external_id = s.external_id and k.superseded_version is null
where k.id is null or k.source_digest is distinct from s.digest""",
}
"""By the name of the stage; each table has ``is_new``."""


def _told(table: str, columns: list[tuple[str, str]]) -> str:
    """What was told of each account and day as one text, the rows in any order."""
    row = ", ".join(f"trim_scale(e.{c})" if type_ == "numeric" else f"e.{c}" for c, type_ in columns)
    return f"""
  select e.account_id, e.day,
    md5(string_agg(row({row})::text, '|' order by row({row})::text)) as said
  from {table} e"""


def _evidence(name: str) -> tuple[str, ...]:
    """The accounts and days whose evidence is not what the source said of them last."""
    stage = f"stage_{name}"
    columns = [column for column in STAGES[stage] if column[0] not in ("line", "account_id", "day")]
    return (
        f"create temporary table told_{name} on commit drop as {_told(stage, columns)}"
        " group by e.account_id, e.day",
        # Statistics: without them every account is looked for in all of the evidence.
        f"analyze told_{name}",
        f"""
create temporary table latest_{name} on commit drop as
select g.account_id, g.day, l.batch_id from told_{name} g cross join lateral (
  select e.batch_id from {name} e
  where e.tenant_id = :tenant and e.account_id = g.account_id and e.day = g.day and e.source = :source
  order by e.received_at desc, e.batch_id desc limit 1
) l""",
        f"analyze latest_{name}",
        f"""
create temporary table delta_{name} on commit drop as
with kept as ({_told(name, columns)}
  join latest_{name} l on l.account_id = e.account_id and l.day = e.day and l.batch_id = e.batch_id
  where e.tenant_id = :tenant group by e.account_id, e.day)
select g.account_id, g.day, k.said is null as is_new
from told_{name} g left join kept k on k.account_id = g.account_id and k.day = g.day
where k.said is distinct from g.said""",
        f"analyze delta_{name}",
    )


EVIDENCE: Final = {name: _evidence(name) for name in ("custodian_positions", "custodian_lots")}

ENTITIES: Final = (
    subjects("party", "delta_parties"),
    labels("delta_parties"),
    inserted("parties", "stage_parties", "delta_parties", _PARTY),
    updated("parties", "stage_parties", "delta_parties", _PARTY),
    # The contact used first is the source's; others that people added stay.
    """
update party_contacts x set value = c.value, version = x.version + 1
from stage_contacts c join delta_parties d on d.id = c.party_id
where x.tenant_id = :tenant and x.party_id = c.party_id and x.kind = c.kind and x.is_primary
  and x.value <> c.value""",
    """
insert into party_contacts (tenant_id, id, party_id, kind, label, value, is_primary, created_at, version)
select :tenant, c.id, c.party_id, c.kind, case c.kind when 'phone' then 'mobile' else 'home' end, c.value,
  true, :computed_at, 1
from stage_contacts c join delta_parties d on d.id = c.party_id
where not exists (select 1 from party_contacts x
  where x.tenant_id = :tenant and x.party_id = c.party_id and x.kind = c.kind and x.is_primary)""",
    subjects("liability", "delta_liabilities"),
    labels("delta_liabilities"),
    inserted("liabilities", "stage_liabilities", "delta_liabilities", _LIABILITY),
    updated("liabilities", "stage_liabilities", "delta_liabilities", _LIABILITY),
    """
delete from search_words w using delta_parties d
where w.tenant_id = :tenant and w.subject_id = d.id and not d.is_new""",
    """
insert into search_words (tenant_id, word, subject_id, kind)
select distinct :tenant, w.word, w.subject_id, w.kind from stage_words w
join delta_parties d on d.id = w.subject_id
on conflict do nothing""",
    """
insert into search_words (tenant_id, word, subject_id, kind)
select distinct :tenant, w.word, w.subject_id, w.kind from stage_words w
join (select distinct security_id from delta_dated_identifiers) d on d.security_id = w.subject_id
on conflict do nothing""",
)

_LOT: Final = ", ".join(own_columns("stage_lots"))
_ACTION: Final = ", ".join(own_columns("stage_corporate_actions"))


def _known(table: str, key: str, listed: str) -> tuple[str, str]:
    """Rows that are replaced by rows of a higher book version."""
    return (
        f"""
update {table} t set superseded_version = :version from delta_{table} d
where t.tenant_id = :tenant and t.id = d.old_id""",
        f"""
insert into {table} (tenant_id, source, batch_id, source_line, book_version, source_digest, {listed})
select :tenant, :source, :batch_id, d.line, :version, d.digest, {listed} from delta_{table} d
order by d.{key}""",
    )


UNDER_VERSION: Final = (
    """
insert into liability_balances
  (tenant_id, liability_id, day, source, book_version, balance, batch_id, source_line)
select :tenant, d.liability_id, d.day, :source, :version, d.balance, :batch_id, d.line
from delta_balances d""",
    *_known("lots", "account_id", _LOT),
    *_known("corporate_actions", "security_id", _ACTION),
    """
insert into account_securities (tenant_id, account_id, security_id)
select distinct :tenant, d.account_id, d.security_id from delta_lots d
on conflict do nothing""",
    *(
        f"""
insert into {name} (tenant_id, batch_id, source_line, source, received_at, {columns})
select :tenant, :batch_id, s.line, :source, :computed_at, {", ".join("s." + c for c in columns.split(", "))}
from stage_{name} s join delta_{name} d on d.account_id = s.account_id and d.day = s.day"""
        for name, columns in (
            (name, ", ".join(c for c in column_names(f"stage_{name}") if c != "line")) for name in EVIDENCE
        )
    ),
)


async def forget_same_birth_dates(uow: UnitOfWork, batch: Batch, firm_key: bytes) -> None:
    """Parties whose row differs in nothing but perhaps the sealed birth date: opened, compared, let go."""
    await run(uow, "analyze delta_parties", batch)
    rows = await uow.rows(
        text(
            "select d.id, p.birth_date, s.birth_date from delta_parties d"
            " join parties p on p.tenant_id = :tenant and p.id = d.id join stage_parties s on s.id = d.id"
            " where d.only_birth_date"
        ),
        {"tenant": batch.tenant_id},
    )
    same = []
    for id_, *sealed in map(tuple, rows):
        place = Place(batch.tenant_id, "parties", "birth_date", id_)
        kept, given = (None if one is None else decrypt(firm_key, one, place) for one in sealed)
        if kept == given:
            same.append(id_)
    if same:
        await uow.execute(text("delete from delta_parties where id = any(:ids)"), {"ids": same})
