"""What stands on an import and keeps it from being taken back; each with its count and a few by name."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Uuid, bindparam, text

from wealthnexus.domain.feeds.importer.dated import TABLES
from wealthnexus.domain.feeds.importer.journal import ENTITIES
from wealthnexus.domain.feeds.undo.batches import Group
from wealthnexus.domain.feeds.undo.parts import CREATED_IDS, MINE, ORIGINAL_JOURNAL
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.text import Message, message

EXAMPLES_MAX: Final = 3
LATER_TRANSACTIONS: Final = message(
    "feeds.undo_later_transactions",
    "{count, plural, one {a later transaction} other {# later transactions}} on its accounts or of its"
    " securities: {names}",
    count=int, names=str,
)  # fmt: skip
CORRECTED: Final = message(
    "feeds.undo_corrected",
    "{count, plural, one {one of its transactions was} other {# of its transactions were}} corrected"
    " afterwards: {names}",
    count=int, names=str,
)  # fmt: skip
EDITED: Final = message(
    "feeds.undo_edited",
    "{count, plural, one {a record it wrote was} other {# records it wrote were}} changed afterwards:"
    " {names}",
    count=int, names=str,
)  # fmt: skip
DATED: Final = message(
    "feeds.undo_dated",
    "{count, plural, one {an owner, member or relationship was} other {# owners, members or relationships"
    " were}} written afterwards for what it brought: {names}",
    count=int, names=str,
)  # fmt: skip
SIGNED_OFF: Final = message(
    "feeds.undo_signed_off",
    "{count, plural, one {a difference with the custodian was} other {# differences with the custodian were}}"
    " signed off on its accounts: {names}",
    count=int, names=str,
)  # fmt: skip
POINTED_AT: Final = message(
    "feeds.undo_pointed_at",
    "{count, plural, one {a note, tag, grant, sign-in, debt or assignment stands} other {# notes, tags,"
    " grants, sign-ins, debts or assignments stand}} on what it created: {names}",
    count=int, names=str,
)  # fmt: skip
EVIDENCE: Final = message(
    "feeds.undo_evidence",
    "{count, plural, one {a later statement of the custodian is} other {# later statements of the custodian"
    " are}} about accounts it created: {names}",
    count=int, names=str,
)  # fmt: skip
PRICED: Final = message(
    "feeds.undo_priced",
    "{count, plural, one {a price was} other {# prices were}} given afterwards for securities it created:"
    " {names}",
    count=int, names=str,
)  # fmt: skip
ACTIONS: Final = message(
    "feeds.undo_actions",
    "{count, plural, one {a corporate action was} other {# corporate actions were}} told, changed or posted"
    " afterwards: {names}",
    count=int, names=str,
)  # fmt: skip
AT_WORK: Final = message(
    "feeds.undo_at_work",
    "{count, plural, one {a client's request, an approval or work somebody has taken up is open} other"
    " {# requests of clients, approvals or pieces of work somebody has taken up are open}} about what it"
    " created: {names}",
    count=int, names=str,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blocker:
    """``code``: which rule; ``message``: what a person reads."""

    code: str
    count: int
    message: str
    examples: tuple[str, ...]


# Written after the import and still so: not by an import that was taken back, nor by taking it back.
def _later(alias: str) -> str:
    return (
        f"{alias}.book_version > :last and coalesce({alias}.batch_id <> all (:batches), true)"
        f" and not exists (select 1 from book_versions w where w.tenant_id = :tenant"
        f" and w.version = {alias}.book_version and (w.kind = 'undo' or w.batch_id in ("
        f"select n.batch_id from import_undos n where n.tenant_id = :tenant)))"
    )


_TOUCHED: Final = f"""
touched as (
  select t.account_id from transactions t where t.tenant_id = :tenant and {MINE.format(alias="t")}
  union select l.account_id from lots l where l.tenant_id = :tenant and {MINE.format(alias="l")}
  union select c.id from ({CREATED_IDS["accounts"]}) c
)"""

_LATER_TRANSACTIONS: Final = f"""
with {_TOUCHED}, created as ({CREATED_IDS["securities"]})
select t.source_id as name from transactions t
where t.tenant_id = :tenant and {_later("t")} and t.entry_kind <> 'REVERSAL'
  and (t.account_id in (select account_id from touched) or t.security_id in (select id from created))
union
select l.source_id from lots l
where l.tenant_id = :tenant and {_later("l")}
  and (l.account_id in (select account_id from touched) or l.security_id in (select id from created))"""

_CORRECTED: Final = f"""
select t.source_id as name from transactions t
join transactions r on r.tenant_id = :tenant and r.reverses_id = t.id
where t.tenant_id = :tenant and {MINE.format(alias="t")} and {_later("r")}"""

_OF: Final = {
    "household_accounts": (("households", "household_id"), ("accounts", "account_id")),
    "account_owners": (("accounts", "account_id"), ("parties", "party_id")),
    "account_beneficiaries": (("accounts", "account_id"), ("parties", "party_id")),
    "liability_owners": (("liabilities", "liability_id"), ("parties", "party_id")),
    "party_relationships": (("parties", "party_id"), ("parties", "related_id")),
    "party_ownerships": (("parties", "owned_id"), ("parties", "owner_id")),
    "household_members": (("households", "household_id"), ("parties", "party_id")),
    "security_identifiers": (("securities", "security_id"),),
}
"""What a dated row is about."""


def _dated(table: str) -> str:
    """Rows of others about what was created, and rows of ours that somebody ended."""
    about = " or ".join(f"x.{column} in ({CREATED_IDS[entity]})" for entity, column in _OF[table])
    first = _OF[table][0][1]
    label = f"(select u.label from subjects u where u.tenant_id = :tenant and u.id = x.{first})"
    return f"""
select {label} as name from {table} x
where x.tenant_id = :tenant and x.superseded_version is null and {_later("x")} and ({about})
union all
select {label} from {table} x
join book_versions v on v.tenant_id = :tenant and v.version = x.superseded_version
where x.tenant_id = :tenant and {MINE.format(alias="x")} and x.superseded_version > :last
  and v.kind <> 'undo' and not exists (
    select 1 from import_undos n where n.tenant_id = :tenant and n.batch_id = v.batch_id)"""


def _edited(table: str) -> str:
    """Rows whose version is not the one this import, and imports taken back since, have left."""
    taken_back = f"""(
    select count(*) from import_journal j
    join import_undos n on n.tenant_id = :tenant and n.batch_id = j.batch_id
    where j.tenant_id = :tenant and j.table_name = '{table}' and j.row_id = t.id
      and (j.before ->> 'version')::int >= {{own}})"""
    expected = "1 + 2 * " + taken_back.format(own="1")
    changed = "(o.before ->> 'version')::int + 1"
    return f"""
select t.name from {table} t where t.tenant_id = :tenant and t.id in ({CREATED_IDS[table]})
  and t.version <> {expected} + (select count(*) from import_journal m where m.tenant_id = :tenant
    and m.table_name = '{table}' and m.row_id = t.id and m.batch_id = any(:batches))
union all
select t.name from ({ORIGINAL_JOURNAL}) o
join {table} t on t.tenant_id = :tenant and t.id = o.row_id
where o.table_name = '{table}' and t.version <> {changed} + 2 * {taken_back.format(own=changed)}
  + (select count(*) - 1 from import_journal m where m.tenant_id = :tenant
    and m.table_name = '{table}' and m.row_id = t.id and m.batch_id = any(:batches))"""


_SIGNED_OFF: Final = f"""
with {_TOUCHED}, evidence as (
  select e.account_id from custodian_positions e
  where e.tenant_id = :tenant and e.batch_id = any(:batches)
  union select e.account_id from custodian_lots e where e.tenant_id = :tenant and e.batch_id = any(:batches)
)
select a.name from reconciliation_breaks k join accounts a on a.tenant_id = :tenant and a.id = k.account_id
where k.tenant_id = :tenant and k.state = 'SIGNED_OFF' and k.decided_at > (
    select min(v.closed_at) from book_versions v where v.tenant_id = :tenant and v.version = :last)
  and k.account_id in (select account_id from touched union select account_id from evidence)"""

_CREATED: Final = " union all ".join(CREATED_IDS[table] for table in ENTITIES)
_POINTED_AT: Final = f"""
with created as materialized ({_CREATED})
select u.label as name from (
  select n.subject_id from notes n where n.tenant_id = :tenant and n.removed_at is null
  union all select s.subject_id from subject_tags s where s.tenant_id = :tenant
  union all select g.subject_id from access_grants g where g.tenant_id = :tenant and g.revoked_at is null
  union all select x.account_id from account_assignments x where x.tenant_id = :tenant
    and x.superseded_version is null
  union all select p.party_id from users p where p.tenant_id = :tenant and p.status <> 'DEACTIVATED'
  union all select d.subject_id from liabilities l
    cross join lateral
      (values (l.household_id), (l.secured_account_id), (l.secured_security_id)) d(subject_id)
    where l.tenant_id = :tenant and coalesce(l.batch_id <> all (:batches), true)
) p join created c on c.id = p.subject_id
join subjects u on u.tenant_id = :tenant and u.id = p.subject_id"""

# What it created and a later import changed is not among its rows any more.
_REWRITTEN: Final = """
select u.label as name from import_journal j join subjects u on u.tenant_id = :tenant and u.id = j.row_id
where j.tenant_id = :tenant and j.batch_id <> all (:batches) and jsonb_typeof(j.before) = 'object'
  and (j.before ->> 'batch_id')::uuid = any (:batches) and not exists (
    select 1 from import_undos n where n.tenant_id = :tenant and n.batch_id = j.batch_id)"""

_EVIDENCE: Final = f"""
with created as materialized ({CREATED_IDS["accounts"]})
select a.name from (
  select distinct e.account_id, e.batch_id from custodian_positions e
  where e.tenant_id = :tenant and e.batch_id <> all (:batches) and e.account_id in (select id from created)
) e join accounts a on a.tenant_id = :tenant and a.id = e.account_id"""

_PRICED: Final = f"""
with created as materialized ({CREATED_IDS["securities"]})
select s.name from security_prices p join securities s on s.tenant_id = :tenant and s.id = p.security_id
where p.tenant_id = :tenant and p.security_id in (select id from created) and not p.is_withdrawn
  and {_later("p")}"""

# Those of its securities, and later words and entries about those it told: what it replaced cannot stand
# beside them.
_ACTIONS: Final = f"""
with created as materialized ({CREATED_IDS["securities"]})
select x.external_id as name from corporate_actions x
where x.tenant_id = :tenant and x.superseded_version is null and {_later("x")}
  and (x.security_id in (select id from created) or x.other_security_id in (select id from created))
union
select x.external_id from corporate_actions x
join book_versions v on v.tenant_id = :tenant and v.version = x.superseded_version
where x.tenant_id = :tenant and {MINE.format(alias="x")} and x.superseded_version > :last
  and v.kind <> 'undo' and not exists (
    select 1 from import_undos n where n.tenant_id = :tenant and n.batch_id = v.batch_id)
union
select x.external_id from corporate_actions x
join transactions t on t.tenant_id = :tenant and t.corporate_action_id = x.id
where x.tenant_id = :tenant and {MINE.format(alias="x")} and {_later("t")} and t.entry_kind <> 'REVERSAL'
  and not exists (select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)"""

# What the product asks for by itself ends by itself; what people ask, and what they are at, is theirs.
_AT_WORK: Final = f"""
with created as materialized ({_CREATED})
select u.label as name from (
  select w.subject_id from work_items w where w.tenant_id = :tenant
    and (w.state = 'IN_PROGRESS' or (w.state = 'OPEN' and w.kind ^@ 'clients.request.'))
  union all select a.subject_id from approval_requests a where a.tenant_id = :tenant and a.state = 'PENDING'
) p join created c on c.id = p.subject_id
join subjects u on u.tenant_id = :tenant and u.id = p.subject_id"""

_RULES: Final = (
    ("LATER_TRANSACTIONS", LATER_TRANSACTIONS, _LATER_TRANSACTIONS),
    ("CORRECTED", CORRECTED, _CORRECTED),
    ("EDITED", EDITED, " union ".join((*(_edited(table) for table in ENTITIES), _REWRITTEN))),
    ("DATED", DATED, " union all ".join(_dated(one.table) for one in TABLES)),
    ("SIGNED_OFF", SIGNED_OFF, _SIGNED_OFF),
    ("POINTED_AT", POINTED_AT, _POINTED_AT),
    ("EVIDENCE", EVIDENCE, _EVIDENCE),
    ("PRICED", PRICED, _PRICED),
    ("ACTIONS", ACTIONS, _ACTIONS),
    ("AT_WORK", AT_WORK, _AT_WORK),
)
_PARAMETERS: Final = (
    bindparam("tenant", type_=Uuid()),
    bindparam("batches", type_=ARRAY(Uuid())),
    bindparam("last", type_=BigInteger()),
)


async def blockers_of(reader: Reader, group: Group) -> list[Blocker]:
    """Everything that stands on the import; empty when it may be taken back."""
    given: dict[str, Any] = {
        "tenant": reader.tenant_id, "batches": list(group.batch_ids), "last": group.last_version
    }  # fmt: skip
    found = []
    for code, said, sql in _RULES:
        counted = f"""
select count(*), (array_agg(f.name order by f.name))[1:{EXAMPLES_MAX}] from ({sql}) f"""
        names = [one for one in _PARAMETERS if f":{one.key}" in counted]
        count, examples = tuple((await reader.rows(text(counted).bindparams(*names), given))[0])
        if count:
            found.append(_blocker(code, said, count, [str(name)[:100] for name in examples]))
    return found


def _blocker(code: str, said: Message, count: int, examples: list[str]) -> Blocker:
    more = "…" if count > len(examples) else ""
    names = ", ".join(examples) + (f", {more}" if more else "")
    return Blocker(code, count, said(count=count, names=names), tuple(examples))
