"""Sleeves of an account: made, named anew, closed when they are empty.

A sleeve is a part of an account that is run by itself: a model, a strategy. The custodian knows the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import accounts, portfolios
from wealthnexus.domain.clients.service.ground import (
    DAY_MIN,
    clean_text,
    in_words,
    record,
    refused,
    shown_amount,
    subject_for_update,
)
from wealthnexus.domain.ledger.repository.writes import left_in_account
from wealthnexus.domain.ledger.service.versions import lock_book
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit import clock
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import EventType
from wealthnexus.kit.ids import new_id

SLEEVES_MAX: Final = 50
NAME_MAX: Final = 100
CHANGEABLE: Final = ("name", "strategy", "opened_on")


@dataclass(frozen=True, slots=True)
class SleeveCommand:
    """``opened_on`` None: since the account was."""

    account_id: UUID
    name: str
    strategy: str | None = None
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class SleeveChanged:
    id: UUID
    version: int


async def open_sleeve(uow: UnitOfWork, firm: FirmBooks, command: SleeveCommand) -> SleeveChanged:
    """A new, empty sleeve of an account.

    NotFound, PermissionDenied, ValidationFailed; Conflict for a name that another sleeve of the account has.
    """
    account = await subject_for_update(uow, "account", command.account_id, path="accountId")
    facts = _checked(account, firm, command.name, command.strategy, command.opened_on)
    there = await uow.scalar(
        select(func.count())
        .select_from(portfolios)
        .where(portfolios.c.tenant_id == uow.tenant_id, portfolios.c.account_id == account.id)
    )
    if there >= SLEEVES_MAX:
        said = texts.TOO_MANY(count=there + 1, what="sleeves", limit=SLEEVES_MAX)
        raise ValidationFailed(said, path=("input", "accountId"))
    await _refuse_taken(uow, account.id, facts["name"])
    key = new_id()
    await uow.execute(
        insert(portfolios).values(
            tenant_id=uow.tenant_id,
            id=key,
            account_id=account.id,
            is_default=False,
            created_at=clock.now(),
            version=1,
            **facts,
        )
    )
    await _record(uow, events.SLEEVE_OPENED, account, key, 1, texts.SLEEVE_OPENED, facts["name"], facts)
    return SleeveChanged(key, 1)


async def change_sleeve(
    uow: UnitOfWork, firm: FirmBooks, sleeve_id: UUID, changes: Mapping[str, Any], *, expected_version: int
) -> SleeveChanged:
    """Change the fields of ``changes`` (of ``CHANGEABLE``). NotFound, PermissionDenied, ValidationFailed;
    Conflict for a stale version and a name that is taken."""
    sleeve, account = await _locked(uow, sleeve_id, expected_version)
    given = {name: changes.get(name, getattr(sleeve, name)) for name in CHANGEABLE}
    facts = _checked(account, firm, given["name"], given["strategy"], given["opened_on"])
    differing = {name: value for name, value in facts.items() if value != getattr(sleeve, name)}
    if not differing:
        return SleeveChanged(sleeve.id, sleeve.version)
    if sleeve.closed_on is not None and (facts["opened_on"] or DAY_MIN) > sleeve.closed_on:
        said = texts.EXPECTED(expected=f"a day by {sleeve.closed_on}, when it was closed")
        raise refused(sleeve.name, [("openedOn", said, str(facts["opened_on"]))])
    if "name" in differing:
        await _refuse_taken(uow, account.id, facts["name"])
    if differing.get("opened_on") is not None:
        await _check_opening(uow, account, sleeve, differing["opened_on"])
    version = await _bump(uow, sleeve, **differing)
    await _record(
        uow, events.SLEEVE_CHANGED, account, sleeve.id, version, texts.SLEEVE_CHANGED, facts["name"],
        {"fields": in_words(differing), "before": sleeve.name},
    )  # fmt: skip
    return SleeveChanged(sleeve.id, version)


async def close_sleeve(
    uow: UnitOfWork, firm: FirmBooks, sleeve_id: UUID, closed_on: date | None, *, expected_version: int
) -> SleeveChanged:
    """The sleeve is closed from a day on, which it must reach empty; None: it is open again.

    ValidationFailed for the default sleeve, a day to come or before the opening, what is still in it at the
    end of the day, and entries after it.
    """
    sleeve, account = await _locked(uow, sleeve_id, expected_version)
    if closed_on == sleeve.closed_on:
        return SleeveChanged(sleeve.id, sleeve.version)
    if closed_on is not None:
        if sleeve.is_default:
            raise ValidationFailed(texts.DEFAULT_STAYS(name=sleeve.name), path=("input", "sleeveId"))
        await _check_closing(uow, account, sleeve, closed_on, firm.business_date())
    version = await _bump(uow, sleeve, closed_on=closed_on)
    said = texts.SLEEVE_CLOSED if closed_on is not None else texts.SLEEVE_REOPENED
    await _record(
        uow, events.SLEEVE_CLOSED, account, sleeve.id, version, said, sleeve.name, {"closed_on": closed_on}
    )
    return SleeveChanged(sleeve.id, version)


# -- beneath -----------------------------------------------------------------------------------------------


def _checked(
    account: Row[Any], firm: FirmBooks, name: str, strategy: str | None, opened_on: date | None
) -> dict[str, Any]:
    found = clean_text(name, "name", what="sleeve", limit=NAME_MAX)
    run_by = None
    if strategy is not None and strategy.strip():
        run_by = clean_text(strategy, "strategy", what="sleeve", limit=NAME_MAX)
    first, last = account.opened_on or DAY_MIN, firm.business_date()
    if opened_on is not None and not first <= opened_on <= last:
        said = texts.EXPECTED(expected=f"{first} to {last}")
        raise refused(found, [("openedOn", said, opened_on.isoformat())])
    return {"name": found, "strategy": run_by, "opened_on": opened_on}


async def _locked(uow: UnitOfWork, sleeve_id: UUID, expected_version: int) -> tuple[Row[Any], Row[Any]]:
    """The sleeve, locked, with its account."""
    sleeve = await uow.one_or_none(
        select(portfolios)
        .where(portfolios.c.tenant_id == uow.tenant_id, portfolios.c.id == sleeve_id)
        .with_for_update(key_share=True)
    )
    if sleeve is None:
        raise NotFound(texts.NOT_THERE(kind="sleeve", id=str(sleeve_id)), path=("input", "sleeveId"))
    if not await may_write(uow, sleeve.account_id):
        raise PermissionDenied(texts.READ_ONLY(kind="account"))
    if sleeve.version != expected_version:
        said = texts.STALE(kind="sleeve", expected=expected_version, current=sleeve.version)
        raise Conflict(said, current_version=sleeve.version, path=("input", "expectedVersion"))
    account = await uow.one_or_none(
        select(accounts).where(accounts.c.tenant_id == uow.tenant_id, accounts.c.id == sleeve.account_id)
    )
    if account is None:
        raise NotFound(texts.NOT_THERE(kind="sleeve", id=str(sleeve_id)), path=("input", "sleeveId"))
    return sleeve, account


async def _bump(uow: UnitOfWork, sleeve: Row[Any], **values: Any) -> int:
    version = int(sleeve.version) + 1
    await uow.execute(
        update(portfolios)
        .where(portfolios.c.tenant_id == uow.tenant_id, portfolios.c.id == sleeve.id)
        .values(**values, version=version)
    )
    return version


async def _refuse_taken(uow: UnitOfWork, account_id: UUID, name: str) -> None:
    p = portfolios.c
    same = await uow.one_or_none(
        select(p.version).where(
            p.tenant_id == uow.tenant_id, p.account_id == account_id, func.lower(p.name) == name.lower()
        )
    )
    if same is not None:
        raise Conflict(texts.SLEEVE_TAKEN(name=name), current_version=same.version, path=("input", "name"))


async def _check_opening(uow: UnitOfWork, account: Row[Any], sleeve: Row[Any], day: date) -> None:
    """Nothing was in it before; whoever journaled into it did so on a day on which it was open."""
    await lock_book(uow)
    left = await left_in_account(uow, account.id, DAY_MIN, portfolio_id=sleeve.id)
    if left.first_entry is not None and left.first_entry < day:
        said = texts.EXPECTED(expected=f"a day by {left.first_entry}, the day of its first entry")
        raise refused(sleeve.name, [("openedOn", said, day.isoformat())])


async def _check_closing(
    uow: UnitOfWork, account: Row[Any], sleeve: Row[Any], day: date, today: date
) -> None:
    first = sleeve.opened_on or account.opened_on or DAY_MIN
    if not first <= day <= today:
        said = texts.EXPECTED(expected=f"{first} to {today}")
        raise refused(sleeve.name, [("closedOn", said, day.isoformat())])
    await lock_book(uow)  # an entry that is being written is waited for, and counted
    left = await left_in_account(uow, account.id, day, portfolio_id=sleeve.id)
    if left.positions or left.cash:
        said = texts.SLEEVE_NOT_EMPTY(
            name=sleeve.name,
            positions=left.positions,
            cash=shown_amount(left.cash, account.currency),
            currency=account.currency,
            day=day,
        )
        raise ValidationFailed(said, path=("input", "closedOn"))
    if left.later_entries:
        said = texts.LATER_ENTRIES(name=sleeve.name, count=left.later_entries, day=day)
        raise ValidationFailed(said, path=("input", "closedOn"))


async def _record(  # noqa: PLR0917 -- in the order of the sentence
    uow: UnitOfWork,
    event: EventType,
    account: Row[Any],
    sleeve_id: UUID,
    version: int,
    said: Any,
    name: str,
    details: Mapping[str, Any],
) -> None:
    await record(
        uow,
        event,
        summary=said(name=name, account=account.name),
        subject=(account.id, "account", account.name),
        payload={"sleeveId": sleeve_id, "accountId": account.id, "version": version},
        details={"sleeve_id": sleeve_id, "version": version, **details},
    )
