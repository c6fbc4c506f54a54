"""Reads of corporate actions beside the books: who held, who has the entries, whose units contradict.

A holding is what an account's sleeve had on the eve of the ex-date, by trade date. Entries that carry an
action out name it; without a name those of its kind within five days count, and journals whose units fit its
ratio to less than one. Cash that a custodian pays (dividends, capital returned) may come ten days after the
payment date. An action that several sources tell is one: what names it as one tells it counts for all.
Actions of one security and day all count the units of the eve: a ratio is for one unit held then.

States are judged from the ledger when they are asked for: for the rows of a page, and, where a list is of
states or counted by them, for actions of the last 400 days; cash dividends only where they are asked for by
name. That holdings lack entries and that entries contradict are two facts: an action may be both.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import keyset, ordering, prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor

JUDGED_DAYS: Final = timedelta(days=400)
"""How far back states are judged of a whole list; a first ex-date may ask for more."""


class ActionState(StrEnum):
    """What has become of an action."""

    ANNOUNCED = "ANNOUNCED"
    """Its ex-date is to come."""
    DUE = "DUE"
    """Holdings lack its entries."""
    POSTED = "POSTED"
    CONTRADICTED = "CONTRADICTED"
    """Entries whose units are not those of the ratio."""
    NOT_HELD = "NOT_HELD"
    NOTHING_TO_POST = "NOTHING_TO_POST"
    """A new symbol or identifier of the same security moves no units."""


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """``ex_from`` and ``ex_to`` are both inclusive. DUE: holdings lack its entries, contradicted ones too."""

    states: tuple[ActionState, ...] = ()
    types: tuple[str, ...] = ()
    security_id: UUID | None = None
    ex_from: date | None = None
    ex_to: date | None = None


@dataclass(slots=True)
class ActionRow:
    """An action with what the ledger says of it. Counts are of sleeves the caller may see."""

    id: UUID
    source: str
    external_id: str
    security_id: UUID
    type: str
    ex_date: date
    record_date: date | None
    pay_date: date | None
    ratio_new: Decimal | None
    ratio_old: Decimal | None
    cash_amount: Decimal | None
    currency: str | None
    other_security_id: UUID | None
    new_value: str | None
    description: str | None
    basis_fraction: Decimal | None
    is_taxable: bool | None
    cash_in_lieu_price: Decimal | None
    fractions: str | None
    state: ActionState
    holding_count: int
    missing_count: int
    contradicted_count: int
    is_posted_here: bool


@dataclass(slots=True)
class Holding:
    """A sleeve on the eve of the action. ``expected``: the units that its main entry moves; ``found``: those
    that the ledger has, None without an entry."""

    account_id: UUID
    portfolio_id: UUID
    units: Decimal
    expected: Decimal | None
    found: Decimal | None
    entry_ids: tuple[UUID, ...]

    @property
    def is_missing(self) -> bool:
        return not self.entry_ids


_KNOWN: Final = (
    "{a}.tenant_id = :tenant and {a}.book_version <= :version"
    " and ({a}.superseded_version is null or {a}.superseded_version > :version)"
)
# An action is told to who sees its security: the row alone may be open because a benchmark is made of it.
_SHOWN: Final = "exists (select 1 from securities s where s.tenant_id = a.tenant_id and s.id = a.security_id)"
_COLUMNS: Final = """a.id, a.source, a.external_id, a.security_id, a.type, a.ex_date, a.record_date,
  a.pay_date, trim_scale(a.ratio_new) as ratio_new, trim_scale(a.ratio_old) as ratio_old,
  trim_scale(a.cash_amount) as cash_amount, a.currency, a.other_security_id, a.new_value, a.description,
  trim_scale(a.basis_fraction) as basis_fraction, a.is_taxable,
  trim_scale(a.cash_in_lieu_price) as cash_in_lieu_price, a.fractions"""

_MOVES_NOTHING: Final = "(a.type in ('SYMBOL_CHANGE', 'IDENTIFIER_CHANGE') and a.other_security_id is null)"
# The units of the entry by which an action is recognised, and the security it is in.
_EXPECTED: Final = """case
    when a.type in ('SYMBOL_CHANGE', 'IDENTIFIER_CHANGE', 'MERGER') then -h.units
    when a.ratio_new is null or a.ratio_old is null then null
    when a.type = 'SPLIT' then h.units * a.ratio_new / a.ratio_old - h.units
    when a.type in ('STOCK_DIVIDEND', 'SPIN_OFF') then h.units * a.ratio_new / a.ratio_old end"""
_IN: Final = "case when a.type = 'SPIN_OFF' then a.other_security_id else a.security_id end"
_KIND: Final = """case a.type when 'CASH_DIVIDEND' then 'DIVIDEND'
    when 'IDENTIFIER_CHANGE' then 'SYMBOL_CHANGE' else a.type end"""
_IS_CASH: Final = "a.type in ('CASH_DIVIDEND', 'RETURN_OF_CAPITAL')"
_LAST_DAY: Final = (
    f"""case when {_IS_CASH} then coalesce(a.pay_date, a.ex_date) + 10 else a.ex_date + 5 end"""
)

# Rows of the same action: of one name, or told by another source of the same security, kind and ex-date. Cash
# of another amount is another payment; other terms of a change of units are a contradiction.
_SAME: Final = f"""(c.source = a.source and c.external_id = a.external_id
    or c.source <> a.source and c.security_id = a.security_id and c.type = a.type and c.ex_date = a.ex_date
      and (a.type <> 'SPIN_OFF' or c.other_security_id is not distinct from a.other_security_id)
      and (not {_IS_CASH} or (c.cash_amount, c.currency) is not distinct from (a.cash_amount, a.currency)))"""

# Sums over all rows are right for every day: a reversal stands on the dates of what it reverses.
_HELD: Final = """
select t.account_id, t.portfolio_id, sum(t.units) as units from transactions t
where t.tenant_id = :tenant and t.security_id = a.security_id and t.trade_date < a.ex_date
  and t.book_version <= :version
group by t.account_id, t.portfolio_id having sum(t.units) <> 0"""
_STANDS: Final = """t.trade_date <= :as_of and t.book_version <= :version and t.entry_kind <> 'REVERSAL'
  and not exists (select 1 from transactions x where x.tenant_id = :tenant and x.reverses_id = t.id
    and x.book_version <= :version)"""
_ENTRY: Final = "t.id, t.account_id, t.portfolio_id, t.security_id, t.type, t.units"
# What names the action, and what may be meant: each by an index of its own, for all holdings at once.
_NAMED: Final = f"""
select {_ENTRY}, true as is_named
from corporate_actions c join transactions t on t.tenant_id = :tenant and t.corporate_action_id = c.id
where c.tenant_id = :tenant and c.book_version <= :version and {_SAME} and {_STANDS}"""
_UNNAMED: Final = f"""
select {_ENTRY}, false as is_named from transactions t
where t.tenant_id = :tenant and t.security_id = {_IN}
  and t.trade_date between case when {_IS_CASH} then a.ex_date else a.ex_date - 5 end and {_LAST_DAY}
  and t.corporate_action_id is null and t.type in ({_KIND}, 'JOURNAL') and {_STANDS}"""
_BESIDE: Final = f"""
select h.account_id, h.portfolio_id, h.units, e.expected,
  sum(d.units) filter (where d.security_id = {_IN}) as found,
  array_agg(d.id order by d.id) filter (where d.id is not null) as ids
from ({_HELD}) h
cross join lateral (select {_EXPECTED} as expected) e
left join ({_NAMED} union all {_UNNAMED}) d
  on d.account_id = h.account_id and d.portfolio_id = h.portfolio_id
  and (d.is_named or d.type <> 'JOURNAL' or abs(d.units - e.expected) < 1 and d.units <> 0)
group by h.account_id, h.portfolio_id, h.units, e.expected"""

_COUNTED: Final = f"""
select count(*) as holdings, count(*) filter (where b.ids is null) as missing,
  count(*) filter (where b.ids is not null and not {_IS_CASH} and abs(coalesce(b.found, 0) - b.expected) >= 1)
    as contradicted
from ({_BESIDE}) b"""
_STATE: Final = f"""case
    when a.ex_date > :as_of then 'ANNOUNCED'
    when {_MOVES_NOTHING} then 'NOTHING_TO_POST'
    when n.holdings = 0 then 'NOT_HELD'
    when n.contradicted > 0 then 'CONTRADICTED'
    when n.missing > 0 then 'DUE'
    else 'POSTED' end"""
# Of an act of posting (see ``service.post_action``), corrected or not; not what was typed by itself.
POSTED_HERE: Final = """t.source = 'MANUAL' and exists (
    select 1 from transactions p join book_versions v on v.tenant_id = :tenant and v.version = p.book_version
      and v.kind = 'corporate action'
    where p.tenant_id = :tenant and p.source = t.source and p.source_id = t.source_id
      and p.entry_kind = 'ORIGINAL')"""
_HERE: Final = f"""exists (
    select 1 from transactions t join corporate_actions c on c.tenant_id = :tenant and c.source = a.source
      and c.external_id = a.external_id and t.corporate_action_id = c.id
    where t.tenant_id = :tenant and t.book_version <= :version and {POSTED_HERE}
      and t.entry_kind <> 'REVERSAL' and not exists (select 1 from transactions x
        where x.tenant_id = :tenant and x.reverses_id = t.id and x.book_version <= :version))"""
_JUDGED: Final = f"""
select {_COLUMNS}, n.holdings, n.missing, n.contradicted, {_STATE} as state, {_HERE} as here
from {{actions}} a cross join lateral ({_COUNTED}) n"""

_COLUMN_ORDER: Final = ("a.ex_date", "a.id")
_CURSOR: Final = ("after_day", "after_id")


def _conditions(filter_: ActionFilter) -> tuple[str, dict[str, Any]]:
    found, values = [_KNOWN.format(a="a"), _SHOWN], dict[str, Any]()
    if filter_.types:
        found.append("a.type = any(:types)")
        values["types"] = list(filter_.types)
    if filter_.security_id is not None:
        found.append("(a.security_id = :security_id or a.other_security_id = :security_id)")
        values["security_id"] = filter_.security_id
    if filter_.ex_from is not None:
        found.append("a.ex_date >= :day_from")
        values["day_from"] = filter_.ex_from
    if filter_.ex_to is not None:
        found.append("a.ex_date <= :day_to")
        values["day_to"] = filter_.ex_to
    return " and ".join(found), values


def _of(reader: Reader, view: BookView) -> dict[str, Any]:
    return {"tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of}


async def actions_page(
    reader: Reader, view: BookView, request: PageRequest, filter_: ActionFilter = ActionFilter()
) -> Page[ActionRow]:
    """Latest ex-date first. States are judged for the rows of the page, for all of the list where it is
    filtered by them."""
    where, values = _conditions(filter_)
    sorting = ordering(_COLUMN_ORDER, descending=True, backward=request.backward)
    after = ""
    if request.after is not None:
        values |= dict(zip(_CURSOR, decode_cursor(request.after, "du"), strict=True))
        after = " and " + keyset(_COLUMN_ORDER, _CURSOR, descending=True, backward=request.backward)
    limit = f"order by {sorting} limit :row_limit"
    if filter_.states:
        judged_where, more = _of_states(view, filter_)
        values |= more
        # Judged in the order of the list, and no further than the page.
        its = f"(select * from corporate_actions a where {where}{after}{judged_where} order by {sorting})"
        sql = f"select * from ({_JUDGED.format(actions=its)}) a where {_IN_STATE} {limit}"
        values["kinds"] = [state.value for state in filter_.states]
    else:
        judged = _JUDGED.format(actions=f"(select * from corporate_actions a where {where}{after} {limit})")
        sql = f"{judged} order by {sorting}"
    rows = await reader.rows(prepared(sql), {**_of(reader, view), **values, "row_limit": request.first + 1})
    cursors = [encode_cursor([row.ex_date, row.id]) for row in rows]
    return cut_page([_row(row) for row in rows], cursors, request)


_IN_STATE: Final = (
    "(a.state = any(:kinds) or a.state = 'CONTRADICTED' and a.missing > 0 and 'DUE' = any(:kinds))"
)


def _of_states(view: BookView, filter_: ActionFilter) -> tuple[str, dict[str, Any]]:
    """Which actions are judged where states are asked for of a whole list."""
    found, values = "", dict[str, Any]()
    if filter_.ex_from is None:
        found, values["day_from"] = " and a.ex_date >= :day_from", view.as_of - JUDGED_DAYS
    if not filter_.types:
        found += " and a.type <> 'CASH_DIVIDEND'"
    return found, values


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """``total``: of the list, whatever the state; ``by_state``: of those that are judged, an action that is
    both due and contradicted in both."""

    total: int
    by_state: Mapping[ActionState, int]


async def action_counts(
    reader: Reader, view: BookView, filter_: ActionFilter = ActionFilter()
) -> ActionCounts:
    """How many there are in every state, in one statement; the states of the filter are not looked at."""
    where, values = _conditions(filter_)
    judged_where, more = _of_states(view, filter_)
    judged = _JUDGED.format(actions=f"(select * from corporate_actions a where {where}{judged_where})")
    sql = f"""
select a.state, count(*) as found, count(*) filter (where a.state = 'CONTRADICTED' and a.missing > 0) as due
from ({judged}) a group by a.state
union all select '', count(*), 0 from corporate_actions a where {where}"""
    total, counts = 0, dict.fromkeys(ActionState, 0)
    for row in await reader.rows(prepared(sql), {**_of(reader, view), **values, **more}):
        if row.state:
            counts[ActionState(row.state)] += row.found
            counts[ActionState.DUE] += row.due
        else:
            total = row.found
    return ActionCounts(total, counts)


async def actions_count(reader: Reader, view: BookView, filter_: ActionFilter = ActionFilter()) -> int:
    """How many rows the unpaged list has."""
    where, values = _conditions(filter_)
    if not filter_.states:
        parameters = {"tenant": reader.tenant_id, "version": view.book_version, **values}
        sql = f"select count(*) from corporate_actions a where {where}"
        return int(await reader.scalar(prepared(sql), parameters))
    judged_where, more = _of_states(view, filter_)
    judged = _JUDGED.format(actions=f"(select * from corporate_actions a where {where}{judged_where})")
    sql = f"select count(*) from ({judged}) a where {_IN_STATE}"
    parameters = {**_of(reader, view), **values, **more, "kinds": [state.value for state in filter_.states]}
    return int(await reader.scalar(prepared(sql), parameters))


async def actions_by_ids(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, ActionRow]:
    """As known at the version, by the ids asked for: an action that was told anew answers to its old ids."""
    if not ids:
        return {}
    newest = f"""(
      select a.*, o.id as asked from corporate_actions o
      join corporate_actions a on a.source = o.source and a.external_id = o.external_id
        and {_KNOWN.format(a="a")} and {_SHOWN}
      where o.tenant_id = :tenant and o.id = any(:ids))"""
    sql = _JUDGED.format(actions=newest).replace("select a.id", "select a.asked, a.id", 1)
    rows = await reader.rows(prepared(sql), {**_of(reader, view), "ids": list(ids)})
    return {row.asked: _row(row) for row in rows}


async def action_by_id(reader: Reader, view: BookView, action_id: UUID) -> ActionRow | None:
    return (await actions_by_ids(reader, view, [action_id])).get(action_id)


async def holdings_of(reader: Reader, view: BookView, action_id: UUID) -> list[Holding]:
    """Every sleeve that held on the eve, by account and sleeve; ``action_id`` as it is known now."""
    sql = f"""
select h.account_id, h.portfolio_id, trim_scale(h.units) as units, trim_scale(h.expected) as expected,
  case when h.ids is not null then trim_scale(coalesce(h.found, 0)) end as found, h.ids
from corporate_actions a cross join lateral ({_BESIDE}) h
where a.tenant_id = :tenant and a.id = :id order by h.account_id, h.portfolio_id"""
    rows = await reader.rows(prepared(sql), {**_of(reader, view), "id": action_id})
    return [
        Holding(row.account_id, row.portfolio_id, row.units, row.expected, row.found, tuple(row.ids or ()))
        for row in rows
    ]


_TAKEN_BACK: Final = f"""
select exists (
  select 1 from corporate_actions a join corporate_actions c on c.tenant_id = :tenant and {_SAME}
    and (c.ex_date, c.ratio_new, c.ratio_old, c.other_security_id)
      is not distinct from (a.ex_date, a.ratio_new, a.ratio_old, a.other_security_id)
  join transactions t on t.tenant_id = :tenant and t.corporate_action_id = c.id and t.source = 'MANUAL'
    and t.entry_kind <> 'REVERSAL'
  join transactions x on x.tenant_id = :tenant and x.reverses_id = t.id and x.book_version <= :version
  where a.tenant_id = :tenant and a.id = :id
    and not exists (select 1 from transactions r where r.tenant_id = :tenant and r.replaces_id = t.id)
    and not exists (select 1 from transactions s where s.tenant_id = :tenant
      and s.corporate_action_id = c.id and s.source = 'MANUAL' and s.entry_kind <> 'REVERSAL'
      and s.book_version > x.book_version))
"""


async def is_taken_back(reader: Reader, view: BookView, action_id: UUID) -> bool:
    """Whether entries of the action, on the terms it has, were taken back and not posted again since."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "id": action_id}
    return bool(await reader.scalar(prepared(_TAKEN_BACK), given))


_BESIDE_OTHERS: Final = f"""
select exists (
  select 1 from corporate_actions a join corporate_actions c on {_KNOWN.format(a="c")}
    and c.security_id = a.security_id and c.ex_date = a.ex_date and c.type <> 'CASH_DIVIDEND'
    and (c.type, c.other_security_id) is distinct from (a.type, a.other_security_id)
  where a.tenant_id = :tenant and a.id = :id)
"""


async def has_others_of_its_day(reader: Reader, view: BookView, action_id: UUID) -> bool:
    """Whether another action of the security has the same ex-date: which comes first nobody has told."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "id": action_id}
    return bool(await reader.scalar(prepared(_BESIDE_OTHERS), given))


def _row(row: Any) -> ActionRow:
    names = ActionRow.__slots__[:-5]
    return ActionRow(
        **{name: getattr(row, name) for name in names},
        state=ActionState(row.state),
        holding_count=row.holdings,
        missing_count=row.missing,
        contradicted_count=row.contradicted,
        is_posted_here=row.here,
    )
