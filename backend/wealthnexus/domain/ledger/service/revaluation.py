"""Keeping the stored valuations of one day equal to what the books say."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import update

from wealthnexus.domain.ledger.models import account_valuations, book_heads
from wealthnexus.domain.ledger.service.versions import BookHead, lock_book
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_ALL, ASKED_BY_IDS, live_values
from wealthnexus.domain.ledger.view import BookView, FirmBooks
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork

_KEY: Final = ("tenant_id", "day", "account_id")
_VALUES: Final = [column.name for column in account_valuations.c if column.name not in _KEY]

_INSERT: Final = f"""
insert into account_valuations (tenant_id, day, account_id, {", ".join(_VALUES)})
select :tenant, :as_of, v.account_id, {{values}} from account_values v
on conflict (tenant_id, day, account_id) do update set
  {", ".join(f"{name} = excluded.{name}" for name in _VALUES)}
"""
_SELECTED: Final = {
    "reporting_currency": ":firm_currency",
    # numeric to bigint rounds, but the value has no more places than the minor unit has.
    "reporting_value_minor": "(v.reporting_value * 10::numeric ^ :firm_minor)::bigint",
    "book_version": ":version",
    "computed_at": ":computed_at",
}
_STATEMENT: Final = _INSERT.format(values=", ".join(_SELECTED.get(name, f"v.{name}") for name in _VALUES))
_ALL: Final = f"with {live_values(ASKED_ALL, only_asked=False)} {_STATEMENT}"
_SOME: Final = f"with {live_values(ASKED_BY_IDS, only_asked=True)} {_STATEMENT}"


async def revalue(
    uow: UnitOfWork, firm: FirmBooks, day: date, account_ids: Sequence[UUID] | None = None
) -> None:
    """Store what the accounts (None: all of them) are worth on ``day`` by the books as they now are.

    Takes the book lock. For all accounts, ``day`` becomes the day that is kept valued from now on.
    """
    head = await lock_book(uow)
    now = clock.now()
    view = BookView(day, head.version, firm.currency, is_stored=False, computed_at=now)
    parameters = {"tenant": uow.tenant_id, **view.parameters(), "computed_at": now}
    if account_ids is not None:
        await uow.execute(prepared(_SOME), {**parameters, "account_ids": list(account_ids)})
        return
    await uow.execute(prepared(_ALL), parameters)
    await uow.execute(
        update(book_heads).where(book_heads.c.tenant_id == uow.tenant_id).values(valued_day=day)
    )


async def revalue_changed(
    uow: UnitOfWork, firm: FirmBooks, head: BookHead, account_ids: Sequence[UUID]
) -> None:
    """After a posting: the accounts it touched, on the day that is kept valued.

    While no day is kept, all accounts are valued; a writer who sees a part of the firm leaves that to
    others, and readers compute meanwhile.
    """
    if head.valued_day is not None:
        await revalue(uow, firm, head.valued_day, account_ids)
    elif uow.binding.scope == "firm":
        await revalue(uow, firm, firm.business_date())


async def value_business_date(uow: UnitOfWork, firm: FirmBooks) -> bool:
    """Move the kept day to the firm's business date; False when it is there already."""
    head = await lock_book(uow)
    today = firm.business_date()
    if head.valued_day == today:
        return False
    await revalue(uow, firm, today)
    return True
