"""From the staging tables into the books: what is new, what a source changed, nothing else.

The statements run in the order of this file. Everything that can be prepared is prepared before the book
version is taken, because from then on the firm's other ledger writers wait.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.feeds.importer.tables import column_names
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Batch:
    """The parameters every statement may use."""

    tenant_id: UUID
    source: str
    as_of: date
    batch_id: UUID
    now: datetime

    def parameters(self, **more: Any) -> dict[str, Any]:
        return {
            "tenant": self.tenant_id,
            "source": self.source,
            "as_of": self.as_of,
            "batch_id": self.batch_id,
            "computed_at": self.now,
            **more,
        }


async def run(uow: UnitOfWork, sql: str, batch: Batch, **more: Any) -> int:
    """Rows the statement wrote."""
    result = await uow.execute(prepared(sql), batch.parameters(**more))
    return max(result.rowcount, 0)


# -- what is new or changed: small tables of ids, made before anything is written ----------------------------


def own_columns(stage: str, *left_out: str) -> list[str]:
    """The stage's columns that are columns of the table, too."""
    return [name for name in column_names(stage) if name not in ("line", "digest", *left_out)]


def given(alias: str, old: str | None, column: str) -> str:
    """The staged value of a column; what a source leaves empty may stay as it was."""
    if column == "has_margin":
        return f"coalesce({alias}.{column}, {'false' if old is None else f'{old}.{column}'})"
    return f"{alias}.{column}"


def differs(new: str, old: str, columns: list[str]) -> str:
    """Whether a row would change: a person may have written what the source says now."""
    compared = [c for c in columns if c != "id"]
    left = ", ".join(given(new, old, c) for c in compared)
    return f"({left}) is distinct from ({', '.join(f'{old}.{c}' for c in compared)})"


_HOUSEHOLD: Final = own_columns("stage_households")
_ACCOUNT: Final = own_columns("stage_accounts", "portfolio_id")
_SECURITY: Final = own_columns("stage_securities")
# Sealed numbers differ whenever they are sealed; their hashes do not.
_ACCOUNT_COMPARED: Final = [c for c in _ACCOUNT if c not in ("account_number", "account_number_last4")]

DELTAS: Final = {
    "households": f"""
create temporary table delta_households on commit drop as
select s.id, h.id is null as is_new, h.name as old_name, s.name
from stage_households s left join households h on h.tenant_id = :tenant and h.id = s.id
where h.id is null or (h.source_digest is distinct from s.digest and {differs("s", "h", _HOUSEHOLD)})""",
    "accounts": f"""
create temporary table delta_accounts on commit drop as
select s.id, a.id is null as is_new, a.name as old_name, s.name
from stage_accounts s left join accounts a on a.tenant_id = :tenant and a.id = s.id
where a.id is null
  or (a.source_digest is distinct from s.digest and {differs("s", "a", _ACCOUNT_COMPARED)})""",
    "securities": f"""
create temporary table delta_securities on commit drop as
select s.id, c.id is null as is_new, c.name as old_name, s.name
from stage_securities s left join securities c on c.tenant_id = :tenant and c.id = s.id
where c.id is null or (c.source_digest is distinct from s.digest and {differs("s", "c", _SECURITY)})""",
    "prices": """
create temporary table delta_prices on commit drop as
select s.*, k.close is null as is_new, k.close as old_close
from stage_prices s left join lateral (
  select p.open, p.high, p.low, p.close, p.volume, p.is_withdrawn, p.reason from security_prices p
  where p.tenant_id = :tenant and p.security_id = s.security_id and p.day = s.day and p.source = s.source
  order by p.book_version desc limit 1
) k on k.reason is not null or not k.is_withdrawn  -- what a person withdrew stays so until it changes
where k.close is null
  or (k.open, k.high, k.low, k.close, k.volume)
    is distinct from (s.open, s.high, s.low, s.close, s.volume)""",
    "fx_rates": """
create temporary table delta_fx_rates on commit drop as
select s.*, k.rate is null as is_new
from stage_fx_rates s left join lateral (
  select x.rate, x.is_withdrawn from fx_rates x
  where x.tenant_id = :tenant and x.base = s.base and x.quote = s.quote and x.day = s.day
    and x.source = s.source
  order by x.book_version desc limit 1
) k on not k.is_withdrawn
where k.rate is null or k.rate <> s.rate""",
}

# A source's last word on a transaction is its highest revision that came with a batch.
CHANGED_TRANSACTIONS: Final = """
create temporary table delta_corrections on commit drop as
select s.line, s.id, o.id as old_id, o.revision, o.batch_id is null as by_hand,
  -- What was reversed with its import may come again; what a person reversed stays so.
  r.id is not null and r.batch_id is null as is_reversed,
  r.id is not null and r.batch_id is not null as is_undone, null::uuid as reversal_id
from stage_transactions s
join transactions t on t.tenant_id = :tenant and t.source = :source and t.source_id = s.source_id
  and t.entry_kind <> 'REVERSAL' and t.batch_id is not null
  and (t.content_hash <> s.content_hash or t.id in (
    select u.reverses_id from transactions u
    where u.tenant_id = :tenant and u.reverses_id is not null and u.batch_id is not null))
join lateral (
  select x.id, x.batch_id, x.revision from transactions x
  where x.tenant_id = :tenant and x.source = :source and x.source_id = s.source_id
    and x.entry_kind <> 'REVERSAL'
  order by x.revision desc limit 1
) o on true
left join transactions r on r.tenant_id = :tenant and r.reverses_id = o.id
where not exists (
  select 1 from transactions later
  where later.tenant_id = :tenant and later.source = :source and later.source_id = s.source_id
    and later.entry_kind <> 'REVERSAL' and later.batch_id is not null and later.revision > t.revision)
  -- What a person made of it is what the source says now.
  and (r.id is not null or not exists (select 1 from transactions same
    where same.tenant_id = :tenant and same.id = o.id and same.content_hash = s.content_hash))"""

NEW_TRANSACTIONS: Final = """
create temporary table delta_transactions on commit drop as
select s.* from stage_transactions s
where not exists (
  select 1 from transactions t
  where t.tenant_id = :tenant and t.source = :source and t.source_id = s.source_id)"""

HAS_LEDGER: Final = """
select exists (select 1 from transactions t where t.tenant_id = :tenant and t.source = :source)"""

# -- clients and securities ----------------------------------------------------------------------------------


def subjects(kind: str, delta: str) -> str:
    return f"""
insert into subjects (tenant_id, id, kind, label, created_at)
select :tenant, d.id, '{kind}', d.name, :computed_at from {delta} d where d.is_new"""


def labels(delta: str) -> str:
    return f"""
update subjects u set label = d.name from {delta} d
where u.tenant_id = :tenant and u.id = d.id and not d.is_new and u.label <> d.name"""


def inserted(table: str, stage: str, delta: str, columns: list[str]) -> str:
    listed, values = ", ".join(columns), ", ".join(given("s", None, c) for c in columns)
    return f"""
insert into {table} (tenant_id, source, batch_id, source_line, created_at, version, source_digest, {listed})
select :tenant, :source, :batch_id, s.line, :computed_at, 1, s.digest, {values}
from {stage} s join {delta} d on d.id = s.id where d.is_new"""


def updated(table: str, stage: str, delta: str, columns: list[str]) -> str:
    assigned = ", ".join(f"{c} = {given('s', 't', c)}" for c in columns if c != "id")
    return f"""
update {table} t set {assigned}, source_digest = s.digest, batch_id = :batch_id, source_line = s.line,
  version = t.version + 1
from {stage} s join {delta} d on d.id = s.id
where t.tenant_id = :tenant and t.id = s.id and not d.is_new"""


# The underlying may be inserted by the same statement: foreign keys are checked at its end.

ENTITIES: Final = (
    subjects("household", "delta_households"),
    labels("delta_households"),
    inserted("households", "stage_households", "delta_households", _HOUSEHOLD),
    updated("households", "stage_households", "delta_households", _HOUSEHOLD),
    subjects("account", "delta_accounts"),
    labels("delta_accounts"),
    inserted("accounts", "stage_accounts", "delta_accounts", _ACCOUNT),
    updated("accounts", "stage_accounts", "delta_accounts", _ACCOUNT),
    """
insert into portfolios (tenant_id, id, account_id, name, is_default, created_at)
select :tenant, s.portfolio_id, s.id, 'Default', true, :computed_at
from stage_accounts s join delta_accounts d on d.id = s.id where d.is_new""",
    """
insert into portfolios (tenant_id, id, account_id, name, is_default, created_at)
select :tenant, s.id, s.account_id, s.name, false, :computed_at from stage_sleeves s""",
    subjects("security", "delta_securities"),
    labels("delta_securities"),
    inserted("securities", "stage_securities", "delta_securities", _SECURITY),
    updated("securities", "stage_securities", "delta_securities", _SECURITY),
    # Terms of a security are kept as they are now, for all days: what was valued with others is no more.
    """
delete from portfolio_day_marks m using account_securities a, delta_securities d
where m.tenant_id = :tenant and a.tenant_id = :tenant and a.account_id = m.account_id
  and a.security_id = d.id and not d.is_new""",
    """
delete from search_words w using (
  select id from delta_households where not is_new
  union all select id from delta_accounts where not is_new
  union all select id from delta_securities where not is_new
) d where w.tenant_id = :tenant and w.subject_id = d.id""",
    """
insert into search_words (tenant_id, word, subject_id, kind)
select distinct :tenant, w.word, w.subject_id, w.kind from stage_words w
join (select id from delta_households union all select id from delta_accounts
  union all select id from delta_securities) d on d.id = w.subject_id
on conflict do nothing""",
)

# -- under the book version ----------------------------------------------------------------------------------

# What securities.csv no longer says of a security ends on the bundle's day.
GONE_IDENTIFIERS: Final = """
create temporary table gone_identifiers on commit drop as
select i.id as old_id, null::uuid as id, i.security_id, i.scheme, i.value, i.exchange, i.effective_from,
  i.effective_from is null or i.effective_from < :as_of as is_ended
from security_identifiers i join delta_securities d on d.id = i.security_id
where i.tenant_id = :tenant and not d.is_new and i.effective_to is null
  and i.superseded_version is null and not exists (select 1 from stage_dated_identifiers x
    where x.security_id = i.security_id and x.scheme = i.scheme)
  and not exists (select 1 from stage_identifiers s where s.security_id = i.security_id
    and s.scheme = i.scheme and s.value = i.value and s.exchange is not distinct from i.exchange)"""

IDENTIFIERS: Final = (
    """
update security_identifiers i set superseded_version = :version
from gone_identifiers d where i.tenant_id = :tenant and i.id = d.old_id""",
    """
insert into security_identifiers (tenant_id, id, security_id, scheme, value, exchange, effective_from,
  effective_to, book_version, batch_id)
select :tenant, d.id, d.security_id, d.scheme, d.value, d.exchange, d.effective_from, :as_of, :version,
  :batch_id
from gone_identifiers d where d.is_ended""",
    """
insert into security_identifiers (tenant_id, id, security_id, scheme, value, exchange, effective_from,
  effective_to, book_version, batch_id)
select :tenant, s.id, s.security_id, s.scheme, s.value, s.exchange,
  case when d.is_new then null else :as_of end, null, :version, :batch_id
from stage_identifiers s join delta_securities d on d.id = s.security_id
where not exists (select 1 from stage_dated_identifiers x
    where x.security_id = s.security_id and x.scheme = s.scheme)
  and not exists (select 1 from security_identifiers i
  where i.tenant_id = :tenant and i.superseded_version is null
    and i.security_id = s.security_id and i.scheme = s.scheme and i.value = s.value
    and i.exchange is not distinct from s.exchange and i.effective_to is null)""",
)

MARKET: Final = (
    """
insert into security_prices
  (tenant_id, security_id, day, source, book_version, open, high, low, close, volume, batch_id, source_line)
select :tenant, d.security_id, d.day, d.source, :version, d.open, d.high, d.low, d.close, d.volume,
  :batch_id, d.line
from delta_prices d""",
    """
insert into fx_rates (tenant_id, base, quote, day, source, book_version, rate, batch_id, source_line)
select :tenant, d.base, d.quote, d.day, d.source, :version, d.rate, :batch_id, d.line
from delta_fx_rates d""",
)

_CONTENT: Final = (
    "account_id, portfolio_id, type, trade_date, settlement_date, security_id, quantity, units, price,"
    " amount, fees, currency, accrued_interest, lot_selection, related_source_id, description, content_hash,"
    " corporate_action_id, order_reference, exchange_rate, billed_account_id, is_deep_in_the_money"
)
_CONTENT_OF: Final = {alias: ", ".join(f"{alias}.{c.strip()}" for c in _CONTENT.split(",")) for alias in "so"}
_STAGED: Final = _CONTENT_OF["s"].replace("s.corporate_action_id", "i.id")
# A row that names no sleeve stays in the one it was put into.
_STAGED_AGAIN: Final = _STAGED.replace(
    "s.portfolio_id",
    "case when f.is_default and o.account_id = s.account_id then o.portfolio_id else s.portfolio_id end",
)
# The keys by which transactions of the bundle name their corporate actions; nearly always empty.
ACTION_KEYS: Final = """
create temporary table live_action_keys on commit drop as
select k.key, a.id from (
  select distinct s.corporate_action_key as key from stage_transactions s
  where :carried_out and s.corporate_action_key is not null
) k
join corporate_actions a on a.tenant_id = :tenant and a.superseded_version is null
  and k.key = case when a.source = :source then a.external_id else '[' || a.source || ']' || a.external_id
    end"""
_ACTION: Final = "left join live_action_keys i on i.key = s.corporate_action_key"
_ROW: Final = (
    "insert into transactions (tenant_id, id, source, source_id, revision, entry_kind, reverses_id,"
    f" replaces_id, reason, book_version, recorded_at, batch_id, source_file, source_line, {_CONTENT})"
)
_ORIGIN: Final = ":version, :computed_at, :batch_id, 'transactions.csv', "

CORRECTIONS: Final = (
    f"""
{_ROW}
select :tenant, c.reversal_id, o.source, o.source_id, o.revision, 'REVERSAL', o.id, null,
  'changed by the source', {_ORIGIN} s.line,
  {
        _CONTENT_OF["o"]
        .replace("o.units", "-o.units")
        .replace("o.amount", "-o.amount")
        .replace("o.fees", "-o.fees")
        .replace("o.accrued_interest", "-o.accrued_interest")
    }
from delta_corrections c
join transactions o on o.tenant_id = :tenant and o.id = c.old_id
join stage_transactions s on s.id = c.id
where not c.by_hand and not c.is_reversed and not c.is_undone""",
    f"""
{_ROW}
select :tenant, s.id, :source, s.source_id, c.revision + 1, 'REPLACEMENT', null, c.old_id,
  'changed by the source', {_ORIGIN} s.line, {_STAGED_AGAIN}
from delta_corrections c join stage_transactions s on s.id = c.id {_ACTION}
join transactions o on o.tenant_id = :tenant and o.id = c.old_id
join portfolios f on f.tenant_id = :tenant and f.id = s.portfolio_id
where not c.by_hand and not c.is_reversed""",
)


def originals(table: str) -> str:
    """The new transactions of ``table``, in the order of trading, so that an account's rows lie together."""
    return f"""
{_ROW}
select :tenant, s.id, :source, s.source_id, 1, 'ORIGINAL', null, null, null, {_ORIGIN} s.line,
  {_STAGED}
from {table} s {_ACTION} order by s.account_id, s.trade_date, s.line"""


def seen_securities(table: str) -> str:
    """What an account has held, its holder may see."""
    return f"""
insert into account_securities (tenant_id, account_id, security_id)
select distinct :tenant, s.account_id, s.security_id from {table} s where s.security_id is not null
on conflict do nothing"""


SEEN_CORRECTED: Final = """
insert into account_securities (tenant_id, account_id, security_id)
select distinct :tenant, s.account_id, s.security_id
from delta_corrections c join stage_transactions s on s.id = c.id
where s.security_id is not null and not c.by_hand and not c.is_reversed
on conflict do nothing"""

RENAMED: Final = """
select kind, id, old_name, name from (
  select 'household' as kind, id, old_name, name from delta_households where not is_new and old_name <> name
  union all
  select 'account', id, old_name, name from delta_accounts where not is_new and old_name <> name
  union all
  select 'security', id, old_name, name from delta_securities where not is_new and old_name <> name
  union all
  select 'party', id, old_name, name from delta_parties where not is_new and old_name <> name
  union all
  select 'liability', id, old_name, name from delta_liabilities where not is_new and old_name <> name
) d order by kind, name limit :row_limit"""
