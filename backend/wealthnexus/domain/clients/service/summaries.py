"""Keeping the summaries of the Book: made for whole days, brought up to date household by household."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, Row, Uuid, bindparam, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wealthnexus.domain.clients.models import household_summaries, summarised_days
from wealthnexus.domain.clients.repository.force import in_force_sql
from wealthnexus.domain.clients.repository.households import Shape, chain
from wealthnexus.domain.clients.repository.summaries import BEHIND_MAX, BELOW_ALL, summaries_of
from wealthnexus.domain.clients.repository.totals import FIRM_TOTALS, FIRM_TOTALS_STORED, firm_totals_text
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger.models import book_heads
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_ALL, live_values, stored_values
from wealthnexus.domain.ledger.view import BookView, FirmBooks
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork

ACCOUNTS_MIN: Final = 1_000
"""A smaller firm's lists are computed as fast as they are looked up: it has no summaries."""
MONTHS_KEPT: Final = 12

NEVER: Final = 2**62
"""The book version of summaries that are not to be believed."""
_LOCK: Final = "select pg_advisory_xact_lock{}(hashtextextended(:name, 0))"

_SOME_ACCOUNTS: Final = (
    f"select count(*) from (select 1 from accounts a where a.tenant_id = :tenant limit {ACCOUNTS_MIN}) x"
)
_COPIED: Final = (
    "value", "cash", "accrued", "account_count", "opened_on", "quality", "missing_accounts",
    "no_rate_accounts", "position_count", "unpriced_count", "stale_count", "unaccrued_count",
    "oldest_price_day",
)  # fmt: skip
_SHARED: Final = f"""
shared as (
  select m.household_id, count(*) as account_count from members m
  where m.account_id in (
    select ha.account_id from household_accounts ha
    where {in_force_sql("ha")} {{only}} group by ha.account_id having count(*) > 1)
  group by m.household_id
)"""
_ONLY: Final = "and ha.account_id = any(array(select m.account_id from members m))"
# Apart from what follows, so that what follows is planned by how many accounts there are.
_DAY_VALUES: Final = (
    "create temporary table day_values on commit drop as with {} select * from account_values"
)
_LIVE: Final = live_values(ASKED_ALL, only_asked=False)
_SELECTED: Final = {
    **{name: f"f.{name}" for name in _COPIED},
    "value_order": f"coalesce(f.value, {BELOW_ALL})",
    "cash_order": f"coalesce(f.cash, {BELOW_ALL})",
    "opened_order": "coalesce(f.opened_on, date '1800-01-01')",
    "shared_accounts": "coalesce(s.account_count, 0)",
}
_INTO: Final = (
    f"insert into household_summaries (tenant_id, day, household_id, {', '.join(_SELECTED)})"
    f" select :tenant, :as_of, f.id, {', '.join(_SELECTED.values())} from figures f"
    " left join shared s on s.household_id = f.id"
)
_ANEW: Final = " on conflict (tenant_id, day, household_id) do update set " + ", ".join(
    f"{name} = excluded.{name}" for name in _SELECTED
)


def days_kept(business_date: date) -> list[date]:
    """The business date and the twelve ends of months before it, latest first."""
    found = [business_date]
    day = business_date
    for _ in range(MONTHS_KEPT):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found


async def keep_up(uow: UnitOfWork, firm: FirmBooks) -> list[date]:
    """Bring the kept days up to date where little changed; returns the days that have to be made anew.

    Nothing for a small firm. The business date waits until it is valued.
    """
    accounts = await uow.scalar(prepared(_SOME_ACCOUNTS), {"tenant": uow.tenant_id})
    if int(accounts) < ACCOUNTS_MIN:
        return []
    c = summarised_days.c
    today = await book_view(uow, firm)
    kept = [day for day in days_kept(today.as_of) if day != today.as_of or today.is_stored]
    for row in await uow.rows(select(c.day).where(c.tenant_id == uow.tenant_id)):
        if row.day not in kept and row.day != today.as_of:
            await forget_day(uow, row.day)
    wanting = []
    for day in kept:
        found = await summaries_of(uow, replace(today, as_of=day), everything=True)
        if found is None or len(found.behind) > BEHIND_MAX:
            wanting.append(day)
        elif found.book_version != today.book_version:
            await keep_summaries(uow, firm, day)
    await _announce(uow, wanting)
    return wanting


async def _announce(uow: UnitOfWork, days: list[date]) -> None:
    """Rows of the days before they are believed: households made from the commit on write theirs beside.

    Those that are being made now are waited for, so that who makes the summaries sees them.
    """
    if not days:
        return
    await uow.execute(text(_LOCK.format("")), {"name": f"clients.summaries:{uow.tenant_id}"})
    await _look_for_them(uow)
    made = {"book_version": NEVER, "totals": {}, "computed_at": clock.now()}
    await uow.execute(
        upsert(summarised_days)
        .values([{"tenant_id": uow.tenant_id, "day": day, **made} for day in days])
        .on_conflict_do_nothing()
    )


async def _look_for_them(uow: UnitOfWork) -> None:
    c = book_heads.c
    await uow.execute(
        update(book_heads).where(c.tenant_id == uow.tenant_id, ~c.has_summaries).values(has_summaries=True)
    )


async def keep_summaries(uow: UnitOfWork, firm: FirmBooks, day: date) -> int:
    """Make the day's summaries what the books say; returns how many households were written.

    The book is not locked: what commits meanwhile is of a later version, and read beside the summaries.
    """
    view = await book_view(uow, firm, day)
    found = await summaries_of(uow, view, everything=True)
    if found is None or len(found.behind) > BEHIND_MAX:  # what is behind is named up to the limit alone
        return await _all(uow, view)
    if found.book_version == view.book_version:
        return 0
    totals = found.totals
    if not found.is_current:
        # On a day that is not kept valued the whole firm would be computed for them: left to who asks.
        totals = await _firm_totals(uow, view) if view.is_stored else {}
    await _note_day(uow, view, totals)
    if found.behind:
        await _run(
            uow,
            view,
            f"{chain(_shape(view, only=True))}, {_SHARED.format(only=_ONLY)} {_INTO}{_ANEW}",
            ids=list(found.behind),
        )
    return len(found.behind)


def _shape(view: BookView, *, only: bool) -> Shape:
    return Shape(view.is_stored, True, ("h.id = any(:ids)",) if only else (), (), everything=not only)


async def _all(uow: UnitOfWork, view: BookView) -> int:
    """Every household, and the firm's totals, from one valuation of every account."""
    await _look_for_them(uow)
    await _note_day(uow, view, {})
    c = household_summaries.c
    await uow.execute(delete(household_summaries).where(c.tenant_id == uow.tenant_id, c.day == view.as_of))
    await uow.execute(text("drop table if exists day_values"))
    await _run(uow, view, _DAY_VALUES.format(stored_values() if view.is_stored else _LIVE))
    await uow.execute(text("analyze day_values"))
    shape = replace(_shape(view, only=False), values="account_values as (select * from day_values)")
    sql = f"{chain(shape)}, {_SHARED.format(only='')}, written as ({_INTO}{_ANEW} returning 1)"
    columns = ", ".join(f"x.{name}" for name in FIRM_TOTALS_STORED)
    sql += f" select {columns}, (select count(*) from written) as written from ({FIRM_TOTALS}) x"
    row = (await _run(uow, view, sql)).one()
    await _note_day(uow, view, _plain(row))
    return int(row.written)


async def _firm_totals(uow: UnitOfWork, view: BookView) -> dict[str, Any]:
    return _plain((await _run(uow, view, firm_totals_text(view))).one())


async def _run(uow: UnitOfWork, view: BookView, sql: str, **more: Any) -> CursorResult[Any]:
    return await uow.execute(prepared(sql), {"tenant": uow.tenant_id, **view.parameters(), **more})


async def _note_day(uow: UnitOfWork, view: BookView, totals: dict[str, Any]) -> None:
    made = {"book_version": view.book_version, "totals": totals, "computed_at": clock.now()}
    await uow.execute(
        upsert(summarised_days)
        .values(tenant_id=uow.tenant_id, day=view.as_of, **made)
        .on_conflict_do_update(index_elements=["tenant_id", "day"], set_=made)
    )


def _plain(row: Row[Any]) -> dict[str, Any]:
    """Amounts and days as text: JSON numbers are not exact."""
    facts = {name: row._mapping[name] for name in FIRM_TOTALS_STORED}
    exact = (int, list, type(None))
    return {name: value if isinstance(value, exact) else str(value) for name, value in facts.items()}


async def forget_day(uow: UnitOfWork, day: date) -> None:
    for table in (household_summaries, summarised_days):
        await uow.execute(delete(table).where(table.c.tenant_id == uow.tenant_id, table.c.day == day))


async def summarise_new(uow: UnitOfWork, household_id: UUID) -> None:
    """A household that has just been made has no accounts: its row is known."""
    await uow.execute(text(_LOCK.format("_shared")), {"name": f"clients.summaries:{uow.tenant_id}"})
    nothing = {name: "0" for name in _SELECTED if name.endswith(("_accounts", "_count"))}
    known = nothing | {
        "value": "0", "cash": "0", "value_order": "0", "cash_order": "0", "opened_order": "date '1800-01-01'",
        "quality": "'COMPLETE'",
    }  # fmt: skip
    await uow.execute(
        text(
            f"insert into household_summaries (tenant_id, day, household_id, {', '.join(known)})"
            f" select s.tenant_id, s.day, :household, {', '.join(known.values())}"
            f" from summarised_days s where s.tenant_id = :tenant"
        ).bindparams(bindparam("tenant", type_=Uuid), bindparam("household", type_=Uuid)),
        {"tenant": uow.tenant_id, "household": household_id},
    )
