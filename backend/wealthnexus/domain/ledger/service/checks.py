"""A command against the rules of a row, the books, and the places the ledger keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from wealthnexus.domain.bundle import values
from wealthnexus.domain.bundle.format import TransactionRow
from wealthnexus.domain.bundle.rules import (
    SIGNED,
    UnitsNeedTheHolding,
    check_transaction,
    signed_units,
    warn_transaction,
)
from wealthnexus.domain.bundle.terms import TRANSACTION_TYPES
from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.facts import AccountFacts, SecurityFacts
from wealthnexus.domain.ledger.rules import settlement_date
from wealthnexus.domain.ledger.service.commands import PostingWarning, TransactionCommand
from wealthnexus.kit.errors import Problem, ValidationFailed
from wealthnexus.kit.money import minor_units

QUANTITY_PLACES: Final = 10
DIVIDEND_DAYS: Final = 45
_TEXTS: Final = {
    "description": values.text(500, line_breaks=True),
    "lot_selection": values.text(200),
    "external_id": values.own_key,
    "related_external_id": values.key,
    "order_reference": values.key,
}
"""As a bundle has them: what is typed here goes out in exports, and must come in again."""
_WHOLE_DIGITS_MAX: Final = 18
CARRIED_OUT_BY: Final = SIGNED | {"DIVIDEND", "RETURN_OF_CAPITAL"}
"""Types of entries that may name the corporate action they carry out."""
_FAR: Final = Decimal("0.01")
_PATHS: Final = {
    "trade_date": "tradeDate",
    "settlement_date": "settlementDate",
    "security_key": "securityId",
    "quantity": "quantity",
    "price": "price",
    "amount": "amount",
    "fees": "fees",
    "accrued_interest": "accruedInterest",
    "description": "description",
    "lot_selection": "lotSelection",
    "external_id": "externalId",
    "type": "type",
    "related_external_id": "relatedExternalId",
    "corporate_action_id": "corporateActionId",
    "order_reference": "orderReference",
    "exchange_rate": "exchangeRate",
    "billed_account_external_id": "billedAccountId",
    "is_deep_in_the_money": "isDeepInTheMoney",
}


def settled_on(command: TransactionCommand, account: AccountFacts) -> date:
    """The settlement date given, else by the cycle of the day."""
    return command.settlement_date or settlement_date(command.trade_date, command.type, account.currency)


def _row(command: TransactionCommand, account: AccountFacts) -> TransactionRow:
    return TransactionRow(
        line=0,
        external_id=command.external_id or "",
        account_external_id="",
        type=command.type,
        trade_date=command.trade_date,
        settlement_date=command.settlement_date,
        security_key=None if command.security_id is None else str(command.security_id),
        quantity=command.quantity,
        price=command.price,
        amount=command.amount,
        fees=command.fees,
        currency=account.currency,
        lot_selection=command.lot_selection,
        related_external_id=command.related_external_id,
        accrued_interest=command.accrued_interest,
        description=command.description,
        order_reference=command.order_reference,
        exchange_rate=command.exchange_rate,
        billed_account_external_id=None
        if command.billed_account_id is None
        else str(command.billed_account_id),
        is_deep_in_the_money=command.is_deep_in_the_money,
    )


def refuse_unless_valid(command: TransactionCommand, account: AccountFacts, business_date: date) -> None:
    """ValidationFailed with every problem at once; the paths are the fields of the API's input."""
    found = list(_places(command, account.currency))
    if found:
        raise refused(command, found)  # the rules below compare numbers
    if command.type not in TRANSACTION_TYPES:
        found.append(("type", texts.UNKNOWN_TYPE(listed=", ".join(TRANSACTION_TYPES))))
    else:
        found += check_transaction(_row(command, account), date.max)
    if command.trade_date > business_date:
        found.append(("trade_date", texts.AFTER_BUSINESS_DATE(day=business_date)))
    found += _texts(command)
    for name in ("trade_date", "settlement_date"):
        day: date | None = getattr(command, name)
        if day is not None and not values.DATE_MIN <= day <= values.DATE_MAX:
            found.append((name, f"expected a date from {values.DATE_MIN} to {values.DATE_MAX}"))
    if command.fees < 0:
        found.append(("fees", "expected 0 or more"))
    if command.price is not None and command.price < 0:
        found.append(("price", "expected 0 or more"))
    if command.exchange_rate is not None and command.exchange_rate <= 0:
        found.append(("exchange_rate", "expected a rate greater than 0"))
    if command.corporate_action_id is not None and command.type not in CARRIED_OUT_BY:
        found.append(("corporate_action_id", texts.NO_ACTION_TYPE(type=command.type)))
    if found:
        raise refused(command, found)


def _texts(command: TransactionCommand) -> Iterable[tuple[str, str]]:
    for name, read in _TEXTS.items():
        text: str | None = getattr(command, name)
        if text is None:
            continue
        try:
            read(text)
        except values.CellRefused as refusal:
            yield name, str(refusal)


def _places(command: TransactionCommand, currency: str) -> Iterable[tuple[str, str]]:
    limits = {
        "amount": minor_units(currency),
        "fees": minor_units(currency),
        "accrued_interest": minor_units(currency),
        "quantity": QUANTITY_PLACES,
        "price": QUANTITY_PLACES,
        "exchange_rate": QUANTITY_PLACES,
    }
    for name, places in limits.items():
        value: Decimal | None = getattr(command, name)
        if value is None:
            continue
        if not value.is_finite() or abs(value) >= Decimal(10) ** _WHOLE_DIGITS_MAX:
            yield name, texts.TOO_LARGE()
        elif value != round(value, places):
            yield name, texts.TOO_MANY_PLACES(places=places)


_FIELDS: Final = {"security_key": "security_id", "billed_account_external_id": "billed_account_id"}


def refused(command: TransactionCommand, found: Iterable[tuple[str, str]]) -> ValidationFailed:
    """The error that names the fields."""
    problems = []
    for column, expectation in found:
        value = getattr(command, _FIELDS.get(column, column), None)
        shown = texts.shown(value) if isinstance(value, Decimal) and value.is_finite() else value
        problems.append(
            Problem(("input", _PATHS[column]), expectation, None if shown is None else str(shown))
        )
    message = texts.NOT_VALID(type=command.type[:40], count=len(problems))
    return ValidationFailed(message, path=problems[0].path, problems=tuple(problems))


def units_of(command: TransactionCommand, held: Decimal) -> Decimal:
    """The signed units; ``held``: the units on the trade date without this transaction.

    ValidationFailed when more options expire, are exercised or are assigned than are held that way.
    """
    quantity = command.quantity
    if quantity is None:
        return Decimal(0)
    if command.type in ("EXERCISE", "ASSIGNMENT"):
        available = held if command.type == "EXERCISE" else -held
        if available < quantity:
            raise refused(command, [("quantity", _more_than_held(command, held))])
    try:
        return signed_units(command.type, quantity, held=held)
    except UnitsNeedTheHolding:
        raise refused(command, [("quantity", _more_than_held(command, held))]) from None


def _more_than_held(command: TransactionCommand, held: Decimal) -> str:
    return texts.MORE_THAN_HELD(
        type=command.type,
        quantity=texts.shown(command.quantity or Decimal(0)),
        held=texts.shown(held),
        day=command.trade_date,
    )


def earliest_dividend(command: TransactionCommand) -> date:
    """A REINVEST uses a dividend of the 45 days before it."""
    return command.trade_date - timedelta(days=DIVIDEND_DAYS)


def warnings_for(
    command: TransactionCommand,
    account: AccountFacts,
    security: SecurityFacts | None,
    *,
    cash_after: Decimal,
    quantity_after: Decimal | None,
    is_rated: bool = True,
) -> tuple[PostingWarning, ...]:
    """What is allowed but unusual."""
    found: list[PostingWarning] = []
    if cash_after < 0 and command.amount < 0:
        text = texts.NEGATIVE_CASH(amount=texts.shown(cash_after), currency=account.currency)
        found.append(PostingWarning("NEGATIVE_CASH", text))
    leaving = command.type in ("SELL", "TRANSFER_OUT") or command.type in SIGNED
    if quantity_after is not None and quantity_after < 0 and leaving:
        found.append(
            PostingWarning("SHORT_POSITION", texts.SHORT_POSITION(units=texts.shown(quantity_after)))
        )
    if account.opened_on is not None and command.trade_date < account.opened_on:
        found.append(PostingWarning("BEFORE_OPENING", texts.BEFORE_OPENING(day=account.opened_on)))
    if account.closed_on is not None and command.trade_date > account.closed_on:
        found.append(PostingWarning("AFTER_CLOSING", texts.AFTER_CLOSING(day=account.closed_on)))
    found += [PostingWarning("REFUND", text) for _, text in warn_transaction(_row(command, account))]
    if security is not None and not is_rated:
        said = texts.NO_RATE(base=security.currency, quote=account.currency, day=command.trade_date)
        found.append(PostingWarning("NO_RATE", said))
    found += _amount_far(command, account, security)
    return tuple(found)


def _amount_far(
    command: TransactionCommand, account: AccountFacts, security: SecurityFacts | None
) -> Iterable[PostingWarning]:
    if (
        command.type not in ("BUY", "SELL", "SHORT", "COVER", "REINVEST")
        or security is None
        or security.currency != account.currency
        or not command.quantity
        or not command.price
    ):
        return
    gross = command.quantity * command.price * security.price_multiplier
    accrued = command.accrued_interest or Decimal(0)
    expected = gross + command.fees + accrued if command.amount < 0 else gross - command.fees + accrued
    if abs(abs(command.amount) - expected) > max(expected * _FAR, Decimal(1)):
        text = texts.AMOUNT_FAR(
            expected=texts.shown(round(expected, minor_units(account.currency))),
            currency=account.currency,
            amount=texts.shown(command.amount),
        )
        yield PostingWarning("AMOUNT_FAR", text)
