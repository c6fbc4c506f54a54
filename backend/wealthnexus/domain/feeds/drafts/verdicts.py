"""What importing a draft would do to each row, taken from the comparison of a check before it is undone.

The comparison's temporary tables go with the check's transaction: the verdicts are copied out of it to a
file and into the draft's own rows in the transaction that records the check.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select, text

from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.drafts.rows import Judged
from wealthnexus.domain.feeds.importer import dated
from wealthnexus.domain.feeds.importer.compare_book import FILE_OF
from wealthnexus.domain.feeds.models import import_draft_rows
from wealthnexus.kit.db.session import Reader, UnitOfWork

_UNSAID: Final = "null::jsonb"


def _before(old: str, new: str, columns: Sequence[str]) -> str:
    """The columns in which the book's row differs, with what it says; sealed values are never among them."""
    listed = ", ".join(f"'{column}'" for column in columns)
    return (
        "(select jsonb_object_agg(o.key, o.value) from"
        f" jsonb_each_text(jsonb_strip_nulls(to_jsonb({old}))) o"
        f" full join jsonb_each_text(jsonb_strip_nulls(to_jsonb({new}))) n on n.key = o.key"
        f" where coalesce(o.key, n.key) in ({listed}) and o.value is distinct from n.value"
        " and o.key is not null)"
    )


def _shown(file: str) -> list[str]:
    return [c for c in FILES[file].column_names if c not in ("birth_date", "tax_id", "account_number")]


def _entity(file: str, stage: str) -> str:
    return f"""
select '{file}', s.line, case when d.id is null then 'UNCHANGED' when d.is_new then 'NEW' else 'CHANGED' end,
  case when not d.is_new then {_before("t", "s", _shown(file))} end
from stage_{stage} s left join delta_{stage} d on d.id = s.id
left join {stage} t on t.tenant_id = $1 and t.id = s.id"""


def _by_line(file: str, name: str, before: str = _UNSAID, more: str = "") -> str:
    return f"""
select '{file}', s.line,
  case when d.line is null then 'UNCHANGED' when d.is_new then 'NEW' else 'CHANGED' end,
  case when not d.is_new then {before} end
from stage_{name} s left join delta_{name} d on d.line = s.line {more}"""


def _versioned(name: str) -> str:
    old = f"left join {name} t on t.tenant_id = $1 and t.id = d.old_id"
    return _by_line(name, name, _before("t", "s", _shown(name)), old)


def _dated(one: dated.DatedTable) -> str:
    file = "accounts" if one.name == "members" else FILE_OF.get(one.name, one.name)
    columns = [*one.content, "effective_from", "effective_to"]
    old = (
        f"(select {_before('l', 'd', columns)} from live_{one.name} l"
        f" where {one.same('l', 'd', one.identity)} and l.effective_to is null limit 1)"
    )
    return f"""
select '{file}', s.line,
  case when d.line is null then 'UNCHANGED' when d.replaces then 'CHANGED' else 'NEW' end,
  case when d.replaces then {old} end
from {one.stage} s left join delta_{one.name} d on d.line = s.line"""


def _evidence(name: str) -> str:
    return f"""
select '{name}', s.line,
  case when d.account_id is null then 'UNCHANGED' when d.is_new then 'NEW' else 'CHANGED' end, {_UNSAID}
from stage_{name} s left join delta_{name} d on d.account_id = s.account_id and d.day = s.day"""


_PRICE: Final = "jsonb_build_object('close', trim_scale(d.old_close)::text)"
_ALWAYS: Final = (
    _entity("households", "households"),
    _entity("accounts", "accounts"),
    _entity("securities", "securities"),
    _entity("clients", "parties"),
    _entity("liabilities", "liabilities"),
    _by_line("prices", "prices", _PRICE),
    _by_line("fx_rates", "fx_rates"),
    _by_line("liabilities", "balances"),
    _versioned("lots"),
    _versioned("corporate_actions"),
    *(_dated(one) for one in dated.TABLES),
    _evidence("custodian_positions"),
    _evidence("custodian_lots"),
)


def _transactions(table: str) -> str:
    """``table``: where the new ones are."""
    return f"""
select 'transactions', s.line,
  case when n.line is not null or c.is_undone then 'NEW' when c.id is null then 'UNCHANGED'
    when c.by_hand or c.is_reversed then 'UNCHANGED' else 'CHANGED' end,
  case when c.id is not null and n.line is null and not c.is_undone
    then {_before("t", "s", _shown("transactions"))} end
from stage_transactions s left join {table} n on n.line = s.line
left join delta_corrections c on c.line = s.line
left join transactions t on t.tenant_id = $1 and t.id = c.old_id"""


async def copy_out(uow: UnitOfWork, table: str, path: Path) -> None:
    """Inside the check's own transaction, after the comparison."""
    driver = await uow.driver()
    every = " union all ".join((*_ALWAYS, _transactions(table)))
    await driver.copy_from_query(every, uow.tenant_id, output=path)


async def copy_in(uow: UnitOfWork, draft_id: UUID, user_id: UUID, path: Path) -> None:
    """The verdicts of the draft are those of the file, and no others."""
    await forget(uow, draft_id)
    await uow.execute(
        text(
            "create temporary table verdicts (file text, line integer, verdict text, before jsonb)"
            " on commit drop"
        )
    )
    driver = await uow.driver()
    await driver.copy_to_table("verdicts", source=path)
    # A row may be staged in two parts (a debt and its balance): the stronger verdict is the row's.
    await uow.execute(
        text(
            "insert into import_draft_rows (tenant_id, draft_id, user_id, file, line, verdict, before)"
            " select distinct on (v.file, v.line) :tenant, :draft, :person, v.file, v.line, v.verdict,"
            " v.before from verdicts v order by v.file, v.line,"
            " array_position(array['CHANGED', 'NEW', 'UNCHANGED'], v.verdict)"
        ),
        {"tenant": uow.tenant_id, "draft": draft_id, "person": user_id},
    )


async def forget(uow: UnitOfWork, draft_id: UUID) -> None:
    """What was said is no longer so, or no longer wanted."""
    r = import_draft_rows.c
    await uow.execute(delete(import_draft_rows).where(r.tenant_id == uow.tenant_id, r.draft_id == draft_id))


async def counts(reader: Reader, draft_id: UUID) -> dict[str, dict[str, int]]:
    """File -> verdict -> rows."""
    r = import_draft_rows.c
    found: dict[str, dict[str, int]] = {}
    for row in await reader.rows(
        select(r.file, r.verdict, func.count().label("count"))
        .where(r.tenant_id == reader.tenant_id, r.draft_id == draft_id)
        .group_by(r.file, r.verdict)
    ):
        found.setdefault(row.file, {})[row.verdict] = row._mapping["count"]
    return found


async def lines_of(
    reader: Reader, draft_id: UUID, *, file: str, verdict: str, after_line: int, first: int
) -> list[int]:
    """The next lines of a verdict."""
    r = import_draft_rows.c
    rows = await reader.rows(
        select(r.line)
        .where(r.tenant_id == reader.tenant_id, r.draft_id == draft_id, r.file == file)
        .where(r.verdict == verdict, r.line > after_line)
        .order_by(r.line)
        .limit(first)
    )
    return [row.line for row in rows]


async def verdicts_of(
    reader: Reader, draft_id: UUID, *, file: str, lines: Collection[int]
) -> dict[int, Judged]:
    """What was said of these lines."""
    r = import_draft_rows.c
    rows: Sequence[Any] = await reader.rows(
        select(r.line, r.verdict, r.before)
        .where(r.tenant_id == reader.tenant_id, r.draft_id == draft_id, r.file == file)
        .where(r.line.in_(lines))
    )
    return {row.line: Judged(row.verdict, row.before or {}) for row in rows}
