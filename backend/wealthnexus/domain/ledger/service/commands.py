"""What may be asked of the ledger, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TransactionCommand:
    """One transaction as a person enters it.

    ``quantity`` positive (JOURNAL and corporate actions: signed); ``amount`` the signed cash effect in the
    account's currency, fees included. ``settlement_date`` None: by the settlement cycle. ``external_id``
    None: one is made; the same one again with the same content is the same transaction.
    """

    account_id: UUID
    type: str
    trade_date: date
    amount: Decimal
    settlement_date: date | None = None
    security_id: UUID | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    fees: Decimal = Decimal(0)
    description: str | None = None
    external_id: str | None = None
    lot_selection: str | None = None
    accrued_interest: Decimal | None = None
    related_external_id: str | None = None
    corporate_action_id: UUID | None = None
    order_reference: str | None = None
    exchange_rate: Decimal | None = None
    billed_account_id: UUID | None = None
    is_deep_in_the_money: bool | None = None
    portfolio_id: UUID | None = None
    """The sleeve; None: the account's default."""


@dataclass(frozen=True, slots=True)
class PostingWarning:
    """What is allowed but unusual: a code, and a sentence that is kept with the answer."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TransactionPreview:
    """The account's cash and the security's units, as of the business date, before and after."""

    cash_before: Decimal
    cash_after: Decimal
    currency: str
    quantity_before: Decimal | None
    quantity_after: Decimal | None
    security_id: UUID | None
    warnings: tuple[PostingWarning, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """``transaction_id`` None: a dry run. ``is_new`` False: it was in the ledger already."""

    transaction_id: UUID | None
    preview: TransactionPreview
    book_version: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """Ids None: a dry run; ``replacement_id`` also when the transaction was only reversed."""

    reversal_id: UUID | None
    replacement_id: UUID | None
    preview: TransactionPreview
    book_version: int
