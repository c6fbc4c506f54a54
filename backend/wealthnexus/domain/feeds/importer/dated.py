"""Dated rows of a source against the books: who owned, belonged, was related, and what was called how, when.

A source states the whole of a subject (all owners of an account, all members of a household): what it no
longer names ends on the bundle's day, what it names with other dates or shares replaces what it said
before, under the new book version. A subject whose rows a person has written is left as the person left it.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from wealthnexus.domain.feeds.importer.merge import Batch, run
from wealthnexus.domain.feeds.importer.report import Counts
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.ids import new_id

SINCE_EVER: Final = "date '1900-01-01'"


@dataclass(frozen=True, slots=True)
class DatedTable:
    """One table of dated rows. ``subject``: what a source states whole; ``keys``: what makes a row the same
    row at another time; ``content``: what may change of it."""

    name: str
    table: str
    stage: str
    subject: tuple[str, ...]
    keys: tuple[str, ...]
    content: tuple[str, ...] = ()
    since_ever: str = SINCE_EVER
    made_from: str = ""  # of the staged rows, before they are compared

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that name the row."""
        return (*self.subject, *self.keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything of a row but its period."""
        return (*self.subject, *self.keys, *self.content)

    def same(self, left: str, right: str, columns: tuple[str, ...]) -> str:
        """Equal, nulls too; a subject is never null, and only plain equality can be hashed."""
        return " and ".join(
            f"{left}.{c} {'=' if c in self.subject else 'is not distinct from'} {right}.{c}" for c in columns
        )


TABLES: Final = (
    DatedTable("members", "household_accounts", "stage_members", ("account_id",), ("household_id",)),
    DatedTable("account_owners", "account_owners", "stage_account_owners", ("account_id",),
               ("party_id", "role"), ("share",)),
    DatedTable(
        "beneficiaries", "account_beneficiaries", "stage_beneficiaries", ("account_id",),
        ("party_id", "name", "tier"), ("share", "is_per_stirpes"),
        # A beneficiary who is a client goes by the client's name, in the row as it was written.
        made_from="""
update stage_beneficiaries s set name = coalesce(
  (select b.name from account_beneficiaries b where b.tenant_id = :tenant and b.account_id = s.account_id
    and b.party_id = s.party_id and b.superseded_version is null order by b.effective_from desc limit 1),
  (select n.name from stage_parties n where n.id = s.party_id),
  (select p.name from parties p where p.tenant_id = :tenant and p.id = s.party_id))
where s.party_id is not null""",
    ),
    DatedTable("liability_owners", "liability_owners", "stage_liability_owners", ("liability_id",),
               ("party_id",), ("share",)),
    DatedTable("relationships", "party_relationships", "stage_relationships", ("party_id",),
               ("kind", "related_id")),
    DatedTable("ownerships", "party_ownerships", "stage_ownerships", ("owned_id",), ("owner_id",),
               ("share",)),
    DatedTable("household_members", "household_members", "stage_household_members", ("household_id",),
               ("party_id",), ("relationship",)),
    DatedTable("dated_identifiers", "security_identifiers", "stage_dated_identifiers",
               ("security_id", "scheme"), ("value", "exchange"), since_ever="cast(null as date)"),
)  # fmt: skip
"""In the order in which they are compared and written."""


def _listed(alias: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{c}" for c in columns)


def _matches(dated: DatedTable) -> str:
    """A staged row ``s`` says what the book's row ``l`` says; an empty beginning is any."""
    return (
        f"{dated.same('l', 's', dated.columns)}"
        " and (s.effective_from is null or l.effective_from is not distinct from s.effective_from)"
        " and l.effective_to is not distinct from s.effective_to"
    )


def _statements(dated: DatedTable) -> tuple[str, ...]:
    """What is live of the staged subjects, what is new, what is gone; in that order."""
    subject = ", ".join(dated.subject)
    name = dated.name
    live = f"""
create temporary table live_{name} on commit drop as
select t.id, {_listed("t", dated.columns)}, t.effective_from, t.effective_to,
  coalesce(v.kind, '') not in ('import', 'undo') as by_hand
from (select distinct {subject} from {dated.stage}) g
join {dated.table} t on t.tenant_id = :tenant and {dated.same("t", "g", dated.subject)}
  and t.superseded_version is null
left join book_versions v on v.tenant_id = :tenant and v.version = t.book_version
left join import_batches b on b.tenant_id = :tenant and b.id = v.batch_id
where coalesce(v.kind, '') not in ('import', 'undo') or b.source = :source"""
    new = f"""
create temporary table delta_{name} on commit drop as
select s.line, s.id, {_listed("s", dated.columns)}, s.effective_to,
  case when s.effective_from is not null then s.effective_from
    when s.effective_to is not null then coalesce(o.effective_from, {dated.since_ever})
    when exists (select 1 from live_{name} l where {dated.same("l", "s", dated.subject)}) then :as_of
    else {dated.since_ever} end as effective_from,
  o.id is not null as replaces
from {dated.stage} s
left join lateral (
  select l.id, l.effective_from from live_{name} l
  where {dated.same("l", "s", dated.identity)} and l.effective_to is null
  order by l.effective_from desc nulls last limit 1
) o on true
where not exists (select 1 from live_{name} l where {_matches(dated)})"""
    # Without dates a change holds from the bundle's day; with dates it says what always was.
    gone = f"""
create temporary table gone_{name} on commit drop as
select l.id as old_id, {_listed("l", dated.columns)}, l.effective_from, null::uuid as id,
  l.effective_to is null and (l.effective_from is null or l.effective_from < :as_of) and not exists (
    select 1 from {dated.stage} s where {dated.same("s", "l", dated.identity)}
      and (s.effective_from is not null or s.effective_to is not null)
  ) as is_ended,
  exists (select 1 from delta_{name} d where {dated.same("d", "l", dated.identity)}) as is_replaced
from live_{name} l
where (l.effective_to is null
    and not exists (select 1 from {dated.stage} s where {_matches(dated)}))
  or exists (select 1 from delta_{name} d where {dated.same("d", "l", dated.identity)}
    and d.effective_from is not distinct from l.effective_from)"""
    # Indexes and statistics: many subjects are looked up, each among the rows of all.
    ready = (
        f"create index on {dated.stage} ({subject})",
        f"create index on live_{name} ({subject})",
        f"analyze live_{name}",
    )
    new_ready = (f"create index on delta_{name} ({subject})", f"analyze delta_{name}")
    return (*([dated.made_from] if dated.made_from else []), live, *ready, new, *new_ready, gone)


def _kept(dated: DatedTable, table: str) -> str:
    same = dated.same("l", "x", dated.subject)
    return (
        f"delete from {table} x where exists (select 1 from live_{dated.name} l where {same} and l.by_hand)"
    )


@dataclass(slots=True)
class DatedCounts:
    """What became of the staged rows of one table; ``kept``: as a person left them."""

    counts: Counts
    kept: int = 0


async def compare(uow: UnitOfWork, batch: Batch, dated: DatedTable, staged: int) -> DatedCounts:
    """Make the delta of one table; nothing is written yet."""
    for statement in _statements(dated):
        await run(uow, statement, batch)
    kept = (await uow.execute(text(_kept(dated, f"delta_{dated.name}")))).rowcount
    await uow.execute(text(_kept(dated, f"gone_{dated.name}")))
    row = (
        await uow.rows(
            text(
                f"select (select count(*) from delta_{dated.name} where not replaces),"
                f" (select count(*) from delta_{dated.name} where replaces),"
                f" (select count(*) from gone_{dated.name} where not is_replaced)"
            )
        )
    )[0]
    created, replaced, ended = tuple(row)
    return DatedCounts(Counts(created, replaced + ended, staged - created - replaced - kept), kept)


async def write(uow: UnitOfWork, batch: Batch, dated: DatedTable, version: int) -> None:
    """Supersede what is gone, write its closed version, write what is new."""
    name, columns = dated.name, ", ".join(dated.columns)
    await run(
        uow,
        f"update {dated.table} t set superseded_version = :version from gone_{name} d"
        " where t.tenant_id = :tenant and t.id = d.old_id",
        batch,
        version=version,
    )
    await make_ids(uow, f"gone_{name}")
    await run(
        uow,
        f"insert into {dated.table} (tenant_id, id, {columns}, effective_from, effective_to, book_version,"
        f" batch_id, source_line) select :tenant, d.id, {_listed('d', dated.columns)}, d.effective_from,"
        f" :as_of, :version, :batch_id, null from gone_{name} d where d.is_ended",
        batch,
        version=version,
    )
    await run(
        uow,
        f"insert into {dated.table} (tenant_id, id, {columns}, effective_from, effective_to, book_version,"
        f" batch_id, source_line) select :tenant, d.id, {_listed('d', dated.columns)}, d.effective_from,"
        f" d.effective_to, :version, :batch_id, d.line from delta_{name} d",
        batch,
        version=version,
    )


async def make_ids(uow: UnitOfWork, table: str) -> None:
    """Ids are made here, never by the database: for the few rows that were only found in it."""
    keys = [row[0] for row in map(tuple, await uow.rows(text(f"select old_id from {table} where is_ended")))]
    if not keys:
        return
    driver = await uow.driver()
    await uow.execute(text(f"create temporary table ids_of_{table} (key uuid, id uuid) on commit drop"))
    await driver.copy_records_to_table(f"ids_of_{table}", records=[(key, new_id()) for key in keys])
    await uow.execute(text(f"update {table} d set id = i.id from ids_of_{table} i where i.key = d.old_id"))
