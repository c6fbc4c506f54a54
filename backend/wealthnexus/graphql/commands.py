"""From what a mutation or preview is told of an entry to the command of the ledger."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import to_camel_case

from wealthnexus.domain.ledger.repository import TransactionRow
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.graphql.ids import input_key
from wealthnexus.graphql.types.inputs import PostTransactionInput, TransactionDetails


def command_of(account_id: UUID, given: PostTransactionInput | TransactionDetails) -> TransactionCommand:
    command = TransactionCommand(
        account_id=account_id,
        type=given.type.value,
        trade_date=given.trade_date,
        settlement_date=given.settlement_date,
        security_id=_key(given.security_id, "Security", "security_id"),
        quantity=given.quantity,
        price=given.price,
        amount=given.amount,
        fees=given.fees if given.fees is not None else Decimal(0),
        description=given.description,
    )
    if isinstance(given, PostTransactionInput):
        sleeve = _key(given.portfolio_id, "Sleeve", "portfolio_id")
        command = replace(command, external_id=given.external_id, portfolio_id=sleeve)
    return replace(command, **_further(given))


_FURTHER: Final = {
    "accrued_interest": None,
    "lot_selection": None,
    "related_external_id": None,
    "corporate_action_id": "CorporateAction",
    "order_reference": None,
    "exchange_rate": None,
    "billed_account_id": "Account",
    "is_deep_in_the_money": None,
}
"""What few entries say, and of what kind the id is."""


def _further(given: PostTransactionInput | TransactionDetails) -> dict[str, Any]:
    """Of these what was given, null included."""
    found: dict[str, Any] = {}
    for name, kind in _FURTHER.items():
        value = getattr(given, name)
        if value is not strawberry.UNSET:
            found[name] = value if kind is None else _key(value, kind, name)
    return found


def instead(given: TransactionDetails, key: UUID, old: TransactionRow | None) -> TransactionCommand:
    """What should have stood there: in the sleeve of the entry, with what few entries say as it has it."""
    if old is None:
        return command_of(key, given)  # refused by the ledger, which knows no such transaction
    said = _further(given)
    kept = {name: getattr(old, name) for name in _FURTHER if name not in said}
    return replace(command_of(old.account_id, given), portfolio_id=old.portfolio_id, **kept)


def _key(given: strawberry.ID | None, kind: str, name: str) -> UUID | None:
    return None if given is None else input_key(given, kind, to_camel_case(name))
