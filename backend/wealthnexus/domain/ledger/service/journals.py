"""Journals between sleeves of one account: nothing for the account, money in and out for each sleeve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from wealthnexus.domain import audit
from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.facts import AccountFacts, SecurityFacts
from wealthnexus.domain.ledger.figures import as_money, trimmed
from wealthnexus.domain.ledger.lot_books import load_lot_books
from wealthnexus.domain.ledger.lots.results import OpenLot
from wealthnexus.domain.ledger.repository import writes
from wealthnexus.domain.ledger.service import checks
from wealthnexus.domain.ledger.service.commands import PostingWarning, TransactionCommand
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_both
from wealthnexus.domain.ledger.service.named import open_sleeve
from wealthnexus.domain.ledger.service.posting import DryRun, facts_of, insert_row, new_row
from wealthnexus.domain.ledger.service.versions import attempt, lock_book, next_book_version
from wealthnexus.domain.ledger.view import FirmBooks, book_view
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import plain

register(
    "ledger.sleeves.journaled",
    description="Cash or securities went from one sleeve of an account to another.",
    fields={
        "accountId": "id",
        "fromSleeveId": "id",
        "toSleeveId": "id",
        "bookVersion": "integer",
    },
)


@dataclass(frozen=True, slots=True)
class SleeveJournal:
    """From one sleeve to another: ``amount`` of cash, or ``quantity`` units of a security with their lots.

    Both above 0. ``lot_selection`` names the lots that go; None: by the method of the account.
    """

    account_id: UUID
    from_sleeve_id: UUID
    to_sleeve_id: UUID
    day: date
    amount: Decimal | None = None
    security_id: UUID | None = None
    quantity: Decimal | None = None
    lot_selection: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class SleeveEnd:
    """A sleeve at the end of the day, before and after; ``units`` of the security that went."""

    sleeve_id: UUID
    name: str
    cash_before: Decimal
    cash_after: Decimal
    units_before: Decimal | None
    units_after: Decimal | None


@dataclass(frozen=True, slots=True)
class MovedLot:
    """A lot that went, with the day and the cost it carries; None: not known."""

    acquired_on: date | None
    units: Decimal
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Journaled:
    """Both ends, and the lots that went. Ids empty: a dry run."""

    transaction_ids: tuple[UUID, ...]
    left: SleeveEnd
    arrived: SleeveEnd
    security_id: UUID | None
    currency: str
    lots: tuple[MovedLot, ...]
    warnings: tuple[PostingWarning, ...]
    book_version: int


async def journal_between_sleeves(
    uow: UnitOfWork, firm: FirmBooks, command: SleeveJournal, *, dry_run: bool = False
) -> Journaled:
    """Two JOURNAL entries that name one another, as one act under one book version.

    ``dry_run`` does all of it inside a savepoint and takes it back. NotFound, PermissionDenied;
    ValidationFailed for one sleeve twice, a sleeve that is not open on the day, more units than it holds that
    day or a later one.
    """
    try:
        async with attempt(uow):
            done = await _journal(uow, firm, command)
            if dry_run:
                raise DryRun(replace(done, transaction_ids=()))
            return done
    except DryRun as end:
        result: Journaled = end.result
        return result


async def _journal(uow: UnitOfWork, firm: FirmBooks, command: SleeveJournal) -> Journaled:
    head = await lock_book(uow)
    out = _leg(command, command.from_sleeve_id, -1)
    account, security = await facts_of(uow, out)
    for each in (out, _leg(command, command.to_sleeve_id, 1)):
        checks.refuse_unless_valid(each, account, firm.business_date())
    left = await open_sleeve(uow, account.id, command.from_sleeve_id, command.day, "fromSleeveId")
    arrived = await open_sleeve(uow, account.id, command.to_sleeve_id, command.day, "toSleeveId")
    if left.id == arrived.id:
        raise ValidationFailed(texts.SAME_SLEEVE(name=left.name), path=("input", "toSleeveId"))
    ends = [
        await _end(uow, command, each, sign, account.currency) for each, sign in ((left, -1), (arrived, 1))
    ]
    await _refuse_unless_held(uow, command, ends[0])
    before = await _lots(uow, firm, command)
    version = await next_book_version(uow, "transaction")
    names = str(new_id()), str(new_id())
    rows = [
        _row(command, account, sleeve, sign, version, names if sign < 0 else names[::-1])
        for sleeve, sign in ((left, -1), (arrived, 1))
    ]
    for row in rows:
        await insert_row(uow, firm, head, row, {account.id})
    lots = _moved(before, await _lots(uow, firm, command))
    await _record(uow, account, command, rows, (left, arrived), security)
    await look_at_both(uow, {account.id})
    warnings = _warnings(account, ends[0])
    return Journaled(
        tuple(row["id"] for row in rows), ends[0], ends[1], command.security_id, account.currency, lots,
        warnings, version,
    )  # fmt: skip


async def _refuse_unless_held(uow: UnitOfWork, command: SleeveJournal, left: SleeveEnd) -> None:
    """That day, and on each later one: what was sold since cannot have gone before."""
    if command.security_id is None or command.quantity is None:
        return
    held, wanted = left.units_before or Decimal(0), command.quantity
    lack = (command.day, held) if held < wanted else None
    if lack is None:
        lack = await writes.first_lack(uow, left.sleeve_id, command.security_id, command.day, wanted)
    if lack is not None:
        said = texts.NOT_SO_MANY(
            name=left.name, held=plain(trimmed(lack[1])), day=lack[0], wanted=plain(trimmed(wanted))
        )
        raise ValidationFailed(said, path=("input", "quantity"))


def _leg(command: SleeveJournal, sleeve_id: UUID, sign: int) -> TransactionCommand:
    amount, quantity = command.amount, command.quantity
    in_cash = amount is not None and amount > 0 and quantity is None and command.security_id is None
    in_kind = quantity is not None and quantity > 0 and command.security_id is not None and not amount
    if not in_cash and not in_kind:
        path = "amount" if command.security_id is None else "quantity"
        raise ValidationFailed(texts.CASH_OR_UNITS(), path=("input", path))
    return TransactionCommand(
        account_id=command.account_id,
        type="JOURNAL",
        trade_date=command.day,
        settlement_date=command.day,
        amount=sign * amount if in_cash and amount is not None else Decimal(0),
        security_id=command.security_id,
        quantity=sign * quantity if in_kind and quantity is not None else None,
        lot_selection=command.lot_selection if sign < 0 else None,
        description=command.description,
        portfolio_id=sleeve_id,
    )


def _row(  # noqa: PLR0917 -- what a row is made of
    command: SleeveJournal,
    account: AccountFacts,
    sleeve: writes.SleeveFacts,
    sign: int,
    version: int,
    names: tuple[str, str],
) -> dict[str, Any]:
    """``names``: its own, and that of the other leg."""
    leg = replace(_leg(command, sleeve.id, sign), related_external_id=names[1])
    units = leg.quantity if leg.quantity is not None else Decimal(0)
    return new_row(leg, account, units, version, source_id=names[0], action_key=None)


async def _end(
    uow: UnitOfWork, command: SleeveJournal, sleeve: writes.SleeveFacts, sign: int, currency: str
) -> SleeveEnd:
    cash, units = await writes.held_in_sleeve(uow, sleeve.id, command.security_id, command.day)
    cash_after = cash + sign * (command.amount or Decimal(0))
    units_after = units + sign * (command.quantity or Decimal(0))
    is_kind = command.security_id is not None
    return SleeveEnd(
        sleeve.id,
        sleeve.name,
        as_money(cash, currency) or cash,
        as_money(cash_after, currency) or cash_after,
        trimmed(units) if is_kind else None,
        trimmed(units_after) if is_kind else None,
    )


async def _lots(uow: UnitOfWork, firm: FirmBooks, command: SleeveJournal) -> list[OpenLot]:
    """What the receiving sleeve holds of the security, lot by lot, at the end of the day."""
    if command.security_id is None:
        return []
    view = await book_view(uow, firm, command.day)
    books = await load_lot_books(uow, view, [command.account_id])
    return books.lots_of((str(command.account_id), str(command.to_sleeve_id), str(command.security_id)))


def _moved(before: list[OpenLot], after: list[OpenLot]) -> tuple[MovedLot, ...]:
    there = {lot.id: lot.units for lot in before}
    return tuple(MovedLot(lot.acquired_on, lot.units, lot.cost) for lot in after if lot.id not in there)


def _warnings(account: AccountFacts, left: SleeveEnd) -> tuple[PostingWarning, ...]:
    if left.cash_after >= 0 or left.cash_after == left.cash_before:
        return ()
    cash = plain(left.cash_after)
    said = texts.SLEEVE_OVERDRAWN(name=left.name, cash=cash, currency=account.currency)
    return (PostingWarning("NEGATIVE_CASH", said),)


async def _record(  # noqa: PLR0917 -- in the order of the sentence
    uow: UnitOfWork,
    account: AccountFacts,
    command: SleeveJournal,
    rows: list[dict[str, Any]],
    ends: tuple[writes.SleeveFacts, writes.SleeveFacts],
    security: SecurityFacts | None,
) -> None:
    if security is None:
        what = f"{plain(trimmed(command.amount or Decimal(0)))} {account.currency}"
    else:
        what = f"{plain(trimmed(command.quantity or Decimal(0)))} {security.name}"
    version, ids = rows[0]["book_version"], [row["id"] for row in rows]
    await audit.append(
        uow,
        "ledger.sleeves.journaled",
        summary=texts.JOURNALED(what=what, left=ends[0].name, arrived=ends[1].name, day=command.day),
        subject=audit.SubjectRef(account.id, "account", account.name),
        details={
            "transaction_ids": ids,
            "from_sleeve_id": ends[0].id,
            "to_sleeve_id": ends[1].id,
            "day": command.day,
            "book_version": version,
        },
    )
    await emit(
        uow,
        "ledger.sleeves.journaled",
        subject_id=account.id,
        payload={
            "accountId": account.id,
            "fromSleeveId": ends[0].id,
            "toSleeveId": ends[1].id,
            "bookVersion": version,
        },
        book_version=version,
    )
