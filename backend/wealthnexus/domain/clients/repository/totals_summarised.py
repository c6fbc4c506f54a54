"""Sums and counts over a list from the summaries of its households, and live from those that are behind."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients.repository.force import in_force_sql
from wealthnexus.domain.clients.repository.households import Shape, chain
from wealthnexus.domain.clients.repository.summaries import Summaries, summarised
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import asked_from, live_values, stored_values
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

_AMOUNTS: Final = ("value", "cash", "accrued")
_COUNTS: Final = (
    "account_count", "missing_accounts", "no_rate_accounts", "position_count", "unpriced_count",
    "stale_count", "unaccrued_count",
)  # fmt: skip
# A household without accounts counts as 0 and has nothing that could be missing.
_SUMS: Final = ", ".join(
    (
        "count(*) as household_count",
        *(f"sum(f.{name}) filter (where f.account_count > 0) as {name}" for name in _AMOUNTS),
        *(f"coalesce(sum(f.{name}), 0)::bigint as {name}" for name in _COUNTS),
        "min(f.oldest_price_day) as oldest_price_day",
    )
)
_FLAWED_MAX: Final = 20
"""Households of which a total names what is unpriced or stale."""
# Accounts of several households of the list, and in how many more than one of them they are.
_TWICE: Final = f"""
twice as (
  select ha.account_id, count(*) - 1 as times from household_accounts ha
  where {in_force_sql("ha")} and ha.household_id = any(:picked)
  group by ha.account_id having count(*) > 1
)"""
_REASONS: Final = f"""
select v.reasons from account_values v where v.reasons is not null limit {_FLAWED_MAX}
"""
_OF_PICKED: Final = f"""
members as (
  select distinct ha.account_id from household_accounts ha
  where {in_force_sql("ha")} and ha.household_id = any(:picked)
)"""
_TOO_MUCH: Final = """
select sum(t.times * v.reporting_value) as value, sum(t.times * v.reporting_cash) as cash,
  sum(t.times * v.reporting_accrued) as accrued,
  coalesce(sum(t.times), 0)::bigint as account_count,
  coalesce(sum(t.times) filter (where v.reporting_value is null), 0)::bigint as missing_accounts,
  coalesce(sum(t.times) filter (where v.reporting_cash is null), 0)::bigint as no_rate_accounts,
  coalesce(sum(t.times * v.position_count), 0)::bigint as position_count,
  coalesce(sum(t.times * v.unpriced_count), 0)::bigint as unpriced_count,
  coalesce(sum(t.times * v.stale_count), 0)::bigint as stale_count,
  coalesce(sum(t.times * v.unaccrued_count), 0)::bigint as unaccrued_count
from twice t join account_values v on v.account_id = t.account_id
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """What decides who is in a list, as ``conditions_of`` gives it."""

    plain: tuple[str, ...]
    figures: tuple[str, ...]
    values: dict[str, Any]


async def totals(reader: Reader, view: BookView, found: Summaries, listed: Listed) -> SimpleNamespace:
    """What the statement over every account gives: the columns of a totals row, each account once."""
    plain, figures = listed.plain, listed.figures
    given = _given(reader, view, found, listed)
    source = summarised(plain, figures)
    several = "array_agg(f.household_id) filter (where f.shared_accounts > 0) as shared"
    parts = [await _one(reader, f"select {_SUMS}, {several}{source}", given)]
    shared, behind = list(parts[0].shared or ()), []
    if found.behind:
        shape = Shape(view.is_stored, False, (*plain, "h.id = any(:behind)"), (), everything=False)
        where = f" where {' and '.join(figures)}" if figures else ""
        sql = f"{chain(shape)} select {_SUMS}, array_agg(f.id) as shared from figures f{where}"
        parts.append(await _one(reader, sql, given))
        behind = list(parts[1].shared or ())
    made = SimpleNamespace(household_count=sum(part.household_count for part in parts), reasons=[])
    too_much = await _counted_twice(reader, view, [*shared, *behind]) if shared or behind else None
    for name in _COUNTS:
        count = sum(int(getattr(part, name)) for part in parts)
        setattr(made, name, count - (int(getattr(too_much, name)) if too_much is not None else 0))
    for name in _AMOUNTS:
        setattr(made, name, _amount(made.account_count, parts, too_much, name))
    days: list[date] = [part.oldest_price_day for part in parts if part.oldest_price_day is not None]
    made.oldest_price_day = min(days, default=None)
    if made.unpriced_count or made.stale_count or made.unaccrued_count:
        sql = f"select f.household_id{source} and f.quality <> 'COMPLETE' limit {_FLAWED_MAX}"
        flawed = [row[0] for row in map(tuple, await reader.rows(*_said(sql, given)))]
        made.reasons = await _reasons(reader, view, [*flawed, *behind])
    return made


def _amount(
    account_count: int, parts: Sequence[Row[Any]], too_much: Row[Any] | None, name: str
) -> Decimal | None:
    if not account_count:
        return None if name == "accrued" else Decimal(0)
    amounts = [getattr(part, name) for part in parts if getattr(part, name) is not None]
    if not amounts:
        return None
    again = getattr(too_much, name) if too_much is not None else None
    return sum(amounts, Decimal(0)) - (again or Decimal(0))


async def _counted_twice(reader: Reader, view: BookView, shared: list[UUID]) -> Row[Any]:
    return (await _valued(reader, view, shared, "twice", _TWICE, _TOO_MUCH))[0]


async def _reasons(reader: Reader, view: BookView, flawed: list[UUID]) -> list[Any]:
    """Of the first flawed households: each account once, however many households it is in."""
    rows = await _valued(reader, view, flawed, "members", _OF_PICKED, _REASONS)
    return [row[0] for row in map(tuple, rows)]


async def _valued(  # noqa: PLR0917  the pieces of one statement, in their order
    reader: Reader, view: BookView, household_ids: list[UUID], name: str, chosen: str, asked: str
) -> Sequence[Row[Any]]:
    """``asked`` over the values of the accounts that ``chosen``, named ``name``, takes of the households."""
    if view.is_stored:
        chained = stored_values(f"and v.account_id = any(array(select m.account_id from {name} m))")
    else:
        chained = live_values(asked_from(name), only_asked=True)
    given = {"tenant": reader.tenant_id, **view.parameters(), "picked": household_ids}
    return await reader.rows(*_said(f"with {chosen.strip()}, {chained} {asked}", given))


async def counts(
    reader: Reader, view: BookView, found: Summaries, listed: Listed, columns: str
) -> dict[str, int]:
    """``columns``: counts over the households ``h`` of a list and their figures ``f``."""
    plain, figures = listed.plain, listed.figures
    given = _given(reader, view, found, listed)
    parts = [await _one(reader, f"select {columns}{summarised(plain, figures, named=True)}", given)]
    if found.behind:
        shape = Shape(view.is_stored, False, (*plain, "h.id = any(:behind)"), (), everything=False)
        where = f"where {' and '.join(figures)}" if figures else ""
        sql = f"{chain(shape)} select {columns} from figures f join chosen h on h.id = f.id {where}"
        parts.append(await _one(reader, sql, given))
    return {name: sum(part._mapping[name] for part in parts) for name in parts[0]._mapping}


def _given(reader: Reader, view: BookView, found: Summaries, listed: Listed) -> dict[str, Any]:
    own = {"tenant": reader.tenant_id, "behind": list(found.behind)}
    return {**own, **view.parameters(), **listed.values}


def _said(sql: str, given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    return prepared(sql), used(sql, given)


async def _one(reader: Reader, sql: str, given: dict[str, Any]) -> Row[Any]:
    return (await reader.rows(*_said(sql, given)))[0]
