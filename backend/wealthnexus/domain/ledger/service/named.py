"""What an entry names besides its account and security: corporate action, account billed, sleeve."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.facts import AccountFacts, SecurityFacts
from wealthnexus.domain.ledger.lot_books.rows import rate_table
from wealthnexus.domain.ledger.repository import writes
from wealthnexus.domain.ledger.rules import MANUAL_SOURCE, common_currencies
from wealthnexus.domain.ledger.service import checks
from wealthnexus.domain.ledger.service.commands import TransactionCommand
from wealthnexus.domain.ledger.view import BookView, FirmBooks, current_book_version
from wealthnexus.kit import clock
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed

CARRYING_OUT: Final = frozenset({"SPLIT", "STOCK_DIVIDEND", "SPIN_OFF", "MERGER", "SYMBOL_CHANGE"})
"""Entries by which an action is carried out; a sleeve has one of a type and security."""


async def refuse_unless_there(
    reader: Reader, command: TransactionCommand, correcting: Row[Any] | None = None
) -> None:
    """NotFound for what the caller cannot see, or what is not of the account; PermissionDenied for a fee that
    is billed to an account one may only read; Conflict for an action the sleeve has the entry of already.

    What the entry that is corrected says already is not judged: the corrector may not even see it.
    """
    action, billed, sleeve = command.corporate_action_id, command.billed_account_id, command.portfolio_id
    if action is not None and await writes.action_name(reader, action) is None:
        raise NotFound(texts.NO_ACTION(id=str(action)), path=("input", "corporateActionId"))
    if billed is not None and (correcting is None or billed != correcting.billed_account_id):
        if await writes.account_facts(reader, billed) is None:
            raise NotFound(texts.NO_ACCOUNT(id=str(billed)), path=("input", "billedAccountId"))
        if not await may_write(reader, billed):
            raise PermissionDenied(texts.READ_ONLY(), path=("input", "billedAccountId"))
    meant = (sleeve, command.trade_date)
    if sleeve is not None and (
        correcting is None or meant != (correcting.portfolio_id, correcting.trade_date)
    ):
        await open_sleeve(reader, command.account_id, sleeve, command.trade_date, path="portfolioId")
    if action is not None and command.type in CARRYING_OUT:
        source = await writes.carried_out_by(
            reader,
            action,
            account_id=command.account_id,
            portfolio_id=sleeve,
            security_id=command.security_id,
            kind=command.type,
            external_id=command.external_id,
            correcting=None if correcting is None else correcting.id,
        )
        if source is not None:
            said = texts.CARRIED_OUT(type=command.type, source=source)
            raise Conflict(said, path=("input", "corporateActionId"))


async def open_sleeve(
    reader: Reader, account_id: UUID, sleeve_id: UUID, day: date, path: str
) -> writes.SleeveFacts:
    """The sleeve of the account, which takes entries on the day.

    NotFound; ValidationFailed on a day before it was opened or after it was closed.
    """
    found = await writes.sleeve_facts(reader, account_id, sleeve_id)
    if found is None:
        raise NotFound(texts.NO_SLEEVE(id=str(sleeve_id)), path=("input", path))
    if not found.is_open(day):
        raise ValidationFailed(texts.SLEEVE_SHUT(name=found.name, day=day), path=("input", path))
    return found


async def refuse_one_end(reader: Reader, old: Row[Any], path: tuple[str, ...]) -> None:
    """ValidationFailed for one end of a journal between sleeves made here: without the other the account
    would not be what its custodian says."""
    made_here = old.type == "JOURNAL" and old.source == MANUAL_SOURCE and old.related_source_id is not None
    if made_here and await writes.has_other_end(reader, old):
        raise ValidationFailed(texts.ONE_END(), path=path)


async def action_key(reader: Reader, action_id: UUID | None, source: str) -> str | None:
    """How a bundle of ``source`` names the action, so that content is one however it came."""
    name = None if action_id is None else await writes.action_name(reader, action_id)
    if name is None:
        return None
    given_by, key = name
    return key if given_by == source else f"[{given_by}]{key}"


async def has_rate(
    reader: Reader,
    firm: FirmBooks,
    command: TransactionCommand,
    account: AccountFacts,
    security: SecurityFacts,
) -> bool:
    """Whether the security's currency has a rate in the account's by the trade date, or the entry has one."""
    pair = {security.currency, account.currency}
    if len(pair) == 1 or command.exchange_rate is not None:
        return True
    version = await current_book_version(reader)
    view = BookView(command.trade_date, version, firm.currency, is_stored=False, computed_at=clock.now())
    table = await rate_table(reader, view, pair)
    common = common_currencies(firm.currency)
    return (
        table is not None and table.find(security.currency, account.currency, view.as_of, common) is not None
    )


async def has_its_dividend(reader: Reader, command: TransactionCommand) -> bool:
    """Whether the DIVIDEND that a REINVEST buys with stands in the account."""
    return await writes.has_dividend(
        reader,
        command.account_id,
        command.security_id,
        -command.amount,
        first=checks.earliest_dividend(command),
        last=command.trade_date,
    )
