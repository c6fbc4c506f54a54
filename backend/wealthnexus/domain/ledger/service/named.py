"""What an entry names besides its account and security: corporate action, account billed, sleeve."""

from __future__ import annotations

from uuid import UUID

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.repository import writes
from wealthnexus.domain.ledger.service.commands import TransactionCommand
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import NotFound


async def refuse_unless_there(uow: UnitOfWork, command: TransactionCommand) -> None:
    """NotFound for what the caller cannot see, or what is not of the account."""
    action, billed, sleeve = command.corporate_action_id, command.billed_account_id, command.portfolio_id
    if action is not None and await writes.action_name(uow, action) is None:
        raise NotFound(texts.NO_ACTION(id=str(action)), path=("input", "corporateActionId"))
    if billed is not None and await writes.account_facts(uow, billed) is None:
        raise NotFound(texts.NO_ACCOUNT(id=str(billed)), path=("input", "billedAccountId"))
    if sleeve is not None and not await writes.is_sleeve(uow, command.account_id, sleeve):
        raise NotFound(texts.NO_SLEEVE(id=str(sleeve)), path=("input", "portfolioId"))


async def action_key(uow: UnitOfWork, action_id: UUID | None, source: str) -> str | None:
    """How a bundle of ``source`` names the action, so that content is one however it came."""
    name = None if action_id is None else await writes.action_name(uow, action_id)
    if name is None:
        return None
    given_by, key = name
    return key if given_by == source else f"[{given_by}]{key}"
