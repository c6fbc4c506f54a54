"""The stored days of accounts are brought up to date: each from the first day on that no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.repository.stored_days import held_days, store_days
from wealthnexus.domain.performance.repository.values import spans_of
from wealthnexus.domain.performance.sessions import valuation_days
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.jobs import enqueue_upkeep

ACCOUNTS_AT_ONCE: Final = 50
DAYS_KIND: Final = "performance.keep_days"


@dataclass(frozen=True, slots=True)
class Brought:
    """How many accounts there are, how many were valued and from which day on the earliest of them."""

    account_count: int
    valued_count: int
    first_day: date | None


async def account_keys(reader: Reader) -> list[UUID]:
    """Every account, in the order in which they are brought up to date."""
    a = accounts.c
    rows = await reader.rows(select(a.id).where(a.tenant_id == reader.tenant_id).order_by(a.id))
    return [row.id for row in rows]


async def bring_days_later(uow: UnitOfWork) -> None:
    """Have every account brought up to date by one waiting job, for a change that touches many."""
    await enqueue_upkeep(uow, DAYS_KIND, title=texts.DAYS_JOB(), params={}, dedupe_key="days")


async def bring_days(uow: UnitOfWork, view: BookView, account_ids: Sequence[UUID]) -> Brought:
    """Store what is missing or no longer holds of the accounts, up to the view's day. Idempotent."""
    spans = await spans_of(uow, view, account_ids)
    first = min((each for each, _ in spans.values()), default=None)
    if first is None:
        return Brought(len(account_ids), 0, None)
    every = valuation_days(first, view.as_of)
    if not every:
        return Brought(len(account_ids), 0, None)
    held = await held_days(uow, view, account_ids)
    starts: dict[date, list[UUID]] = {}
    for key in account_ids:
        known = held.get(key)
        start = next((day for day in every if known is None or not known.holds(day)), None)
        if start is not None:
            starts.setdefault(start, []).append(key)
    for start, keys in starts.items():
        await store_days(uow, view, keys, [day for day in every if day >= start])
    return Brought(len(account_ids), sum(map(len, starts.values())), min(starts, default=None))
