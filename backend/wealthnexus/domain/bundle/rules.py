"""What one row must satisfy by itself: needs, signs and dates, and what a transaction does to a holding.

Signs. Quantity is positive for every type whose name tells the direction. JOURNAL and the types of corporate
actions do not: their quantity is signed. ``amount`` is always the signed cash effect.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from wealthnexus.kit.money import minor_units

from .format import AccountRow, FxRateRow, HouseholdRow, PriceRow, SecurityRow, TransactionRow
from .rules_book import BOOK_CHECKS

Refusal = tuple[str, str]
"""(column, expectation)"""
Check = Callable[[Any, date], tuple[Refusal, ...]]

ZERO: Final = Decimal(0)
FINE: Final[tuple[Refusal, ...]] = ()

ADDS_UNITS: Final = frozenset({"BUY", "REINVEST", "TRANSFER_IN", "COVER", "ASSIGNMENT"})
REMOVES_UNITS: Final = frozenset({"SELL", "SHORT", "TRANSFER_OUT", "EXERCISE"})


CARRIES_OUT: Final = frozenset(
    {"SPLIT", "STOCK_DIVIDEND", "SPIN_OFF", "MERGER", "SYMBOL_CHANGE", "CASH_IN_LIEU"}
)
"""What a corporate action posts."""
SIGNED: Final = CARRIES_OUT | {"JOURNAL"}
"""Types whose quantity is signed as given."""


class UnitsNeedTheHolding(ValueError):
    """An EXPIRATION says how much expires; only the holding says in which direction."""


def signed_units(transaction_type: str, quantity: Decimal | None, *, held: Decimal | None = None) -> Decimal:
    """Units by which the transaction changes the holding of its security; 0 when it changes none.

    BUY, REINVEST, TRANSFER_IN, COVER add; SELL, SHORT, TRANSFER_OUT remove. EXERCISE removes the option
    contracts the holder used, ASSIGNMENT adds back the contracts that had been written. JOURNAL and the
    types of corporate actions are signed as given. EXPIRATION closes toward zero and needs ``held``, the
    units before it: UnitsNeedTheHolding when it is missing or when more expires than is held.
    """
    if quantity is None:
        return ZERO
    if transaction_type in ADDS_UNITS:
        return quantity
    if transaction_type in REMOVES_UNITS:
        return -quantity
    if transaction_type in SIGNED:
        return quantity
    if transaction_type == "EXPIRATION":
        if held is None or abs(held) < quantity:
            raise UnitsNeedTheHolding(
                f"EXPIRATION of {quantity}: expected as many units held, found {held}; nothing was closed"
            )
        return -quantity if held > 0 else quantity
    return ZERO


class Needs(NamedTuple):
    """What a transaction type requires: True must be there, False must be empty, None may be."""

    security: bool | None
    quantity: bool | None
    amount: str
    """A key of ``_AMOUNT_HOLDS``."""


_AMOUNT_EXPECTED: Final = {
    "positive": "expected an amount greater than 0",
    "negative": "expected an amount less than 0",
    "paid": "expected an amount of 0 or less",
    "proceeds": "expected an amount of 0 or more (less only by the fees)",
    "not zero": "expected an amount other than 0",
    "any": "",
}

NEEDS: Final[dict[str, Needs]] = {
    "DEPOSIT": Needs(False, False, "positive"),
    "WITHDRAWAL": Needs(False, False, "negative"),
    "BUY": Needs(True, True, "paid"),
    "SELL": Needs(True, True, "proceeds"),
    "SHORT": Needs(True, True, "proceeds"),
    "COVER": Needs(True, True, "paid"),
    "DIVIDEND": Needs(True, None, "not zero"),
    "REINVEST": Needs(True, True, "negative"),
    "INTEREST": Needs(None, None, "not zero"),
    "ADVISORY_FEE": Needs(None, None, "not zero"),
    "EXPENSE": Needs(None, None, "not zero"),
    "TAX": Needs(None, None, "not zero"),
    "RETURN_OF_CAPITAL": Needs(True, None, "positive"),
    "EXERCISE": Needs(True, True, "any"),
    "ASSIGNMENT": Needs(True, True, "any"),
    "EXPIRATION": Needs(True, True, "paid"),
}
"""The others: ``_transfer``, ``_journal`` and ``_carried_out`` judge them."""

CHARGES: Final = frozenset({"ADVISORY_FEE", "EXPENSE", "TAX"})


def _amount_holds(rule: str, amount: Decimal, fees: Decimal) -> bool:
    if rule == "positive":
        return amount > ZERO
    if rule == "negative":
        return amount < ZERO
    if rule == "paid":
        return amount <= ZERO
    if rule == "proceeds":
        return amount >= -fees
    return rule == "any" or bool(amount)


def _transfer(row: TransactionRow) -> list[Refusal]:
    """In kind: units, and no cash but the fee. In cash: an amount in the direction of the type."""
    incoming = row.type == "TRANSFER_IN"
    if row.security_key is not None:
        found: list[Refusal] = []
        if row.quantity is None or row.quantity <= 0:
            found.append(("quantity", f"{row.type} of a security: expected a quantity greater than 0"))
        if row.amount > 0:
            found.append(("amount", f"{row.type} of a security: expected 0, or the fee as a negative amount"))
        return found
    if row.quantity is not None:
        return [("security_key", f"{row.type} with a quantity: expected the security that moves")]
    if (row.amount > 0) != incoming or row.amount == 0:
        side = "greater than 0" if incoming else "less than 0"
        return [("amount", f"{row.type} of cash: expected an amount {side}")]
    return []


def _journal(row: TransactionRow) -> list[Refusal]:
    """A journal entry moves units (signed), cash (signed) or both, but not nothing."""
    if row.security_key is not None:
        if not row.quantity:
            return [("quantity", "JOURNAL of a security: expected a signed quantity other than 0")]
        return []
    if row.quantity is not None:
        return [("security_key", "JOURNAL with a quantity: expected the security that moves")]
    if row.amount == 0:
        return [("amount", "JOURNAL of cash: expected a signed amount other than 0")]
    return []


def _carried_out(row: TransactionRow) -> list[Refusal]:
    """What a corporate action posts: signed units, cash as the event pays it, and not nothing."""
    kind = row.type
    found: list[Refusal] = []
    if row.security_key is None:
        found.append(("security_key", f"{kind} needs a security"))
    if kind == "CASH_IN_LIEU":
        if not row.amount:
            found.append(("amount", "CASH_IN_LIEU: expected an amount other than 0"))
        elif row.quantity and (row.quantity > 0) == (row.amount > 0):
            found.append(
                ("quantity", "CASH_IN_LIEU: expected the fraction that leaves, negative when cash comes in")
            )
        return found
    if kind == "SYMBOL_CHANGE" and row.amount:
        found.append(("amount", "SYMBOL_CHANGE: expected 0, it moves no cash"))
    if row.quantity is None:
        found.append(("quantity", f"{kind} needs a signed quantity"))
    elif not row.quantity and (not row.amount or kind in ("SPLIT", "SYMBOL_CHANGE")):
        found.append(("quantity", f"{kind}: expected a signed quantity other than 0"))
    return found


def _needed(row: TransactionRow, needs: Needs) -> list[Refusal]:
    found: list[Refusal] = []
    if needs.security is True and row.security_key is None:
        found.append(("security_key", f"{row.type} needs a security"))
    elif needs.security is False and row.security_key is not None:
        found.append(("security_key", f"{row.type} moves cash only: expected no security"))
    if row.quantity is None:
        if needs.quantity is True:
            found.append(("quantity", f"{row.type} needs a quantity greater than 0"))
    elif needs.quantity is False:
        found.append(("quantity", f"{row.type} moves cash only: expected no quantity"))
    elif row.quantity <= ZERO:
        found.append(("quantity", f"{row.type}: expected a quantity greater than 0"))
    if not _amount_holds(needs.amount, row.amount, row.fees):
        found.append(("amount", f"{row.type}: {_AMOUNT_EXPECTED[needs.amount]}"))
    return found


def check_transaction(row: TransactionRow, as_of: date) -> tuple[Refusal, ...]:
    """Needs and signs by type, and the dates: traded by ``as_of``, settled on the trade date or later."""
    kind = row.type
    needs = NEEDS.get(kind)
    if needs is not None:
        found = _needed(row, needs)
    elif kind == "JOURNAL":
        found = _journal(row)
    elif kind in CARRIES_OUT:
        found = _carried_out(row)
    else:
        found = _transfer(row)
    if row.trade_date > as_of:
        found.append(("trade_date", f"expected a date by the bundle's as_of, {as_of}"))
    settled = row.settlement_date
    if settled is not None and settled < row.trade_date:
        found.append(("settlement_date", f"expected the trade date {row.trade_date} or later"))
    if row.billed_account_external_id is not None and kind not in CHARGES:
        found.append(("billed_account_external_id", f"expected it empty for {kind}: a charge is billed"))
    if row.is_deep_in_the_money is not None and kind != "SHORT":
        found.append(("is_deep_in_the_money", f"expected it empty for {kind}: it is said of a written put"))
    if row.sleeve is not None and row.amount != round(row.amount, minor_units(row.currency)):
        # What is rounded is the cash of the default sleeve alone, so that sleeves sum to their account.
        found.append(("amount", f"expected the places of {row.currency} in a sleeve of its own"))
    return tuple(found) if found else FINE


def warn_transaction(row: TransactionRow) -> tuple[Refusal, ...]:
    """What is allowed but unusual: a charge with a positive amount is read as a refund."""
    if row.type in CHARGES and row.amount > 0:
        return (("amount", f"{row.type} with a positive amount is kept as a refund; a charge is negative"),)
    return FINE


def check_account(row: AccountRow, as_of: date) -> tuple[Refusal, ...]:
    """Opened and closed in this order by the bundle's date; a member of the household for a day or more."""
    found: list[Refusal] = []
    for column, day in (("opened_on", row.opened_on), ("closed_on", row.closed_on)):
        if day is not None and day > as_of:
            found.append((column, f"expected a date by the bundle's as_of, {as_of}"))
    if row.closed_on is not None and row.opened_on is not None and row.closed_on < row.opened_on:
        found.append(("closed_on", f"expected opened_on {row.opened_on} or later"))
    if row.member_to is not None and row.member_from is not None and row.member_to <= row.member_from:
        found.append(("member_to", f"expected a date after member_from {row.member_from}"))
    return tuple(found) if found else FINE


def check_household(row: HouseholdRow, as_of: date) -> tuple[Refusal, ...]:
    """It has left by the bundle's date."""
    if row.left_on is not None and row.left_on > as_of:
        return (("left_on", f"expected a date by the bundle's as_of, {as_of}"),)
    return FINE


def check_security(row: SecurityRow, _as_of: date) -> tuple[Refusal, ...]:
    """An option names its underlying, side, strike and expiry; other instruments have no option side."""
    found: list[Refusal] = []
    if row.security_type == "OPTION":
        needed = ("underlying_key", "option_type", "strike", "expiry")
        found += [(column, "an OPTION needs it") for column in needed if getattr(row, column) is None]
    elif row.option_type is not None and row.security_type not in ("WARRANT", "RIGHT"):
        found.append(("option_type", f"expected it empty for {row.security_type}"))
    if row.underlying_key is not None and row.underlying_key == row.security_key:
        found.append(("underlying_key", "expected another security than itself"))
    return tuple(found)


def check_price(row: PriceRow, as_of: date) -> tuple[Refusal, ...]:
    """Not after ``as_of``; low is the least and high the greatest of the day's prices that are given."""
    found: list[Refusal] = []
    if row.date > as_of:
        found.append(("date", f"expected a date by the bundle's as_of, {as_of}"))
    others = [price for price in (row.open, row.close) if price is not None]
    if row.high is not None and row.high < max(others):
        found.append(("high", f"expected the greatest price of the day, at least {max(others)}"))
    if row.low is not None and row.low > min(others):
        found.append(("low", f"expected the least price of the day, at most {min(others)}"))
    return tuple(found) if found else FINE


def check_fx_rate(row: FxRateRow, as_of: date) -> tuple[Refusal, ...]:
    """Two different currencies, not after ``as_of``."""
    found: list[Refusal] = []
    if row.base == row.quote:
        found.append(("quote", f"expected another currency than the base {row.base}"))
    if row.date > as_of:
        found.append(("date", f"expected a date by the bundle's as_of, {as_of}"))
    return tuple(found)


CHECKS: Final[dict[str, Check]] = {
    "households": check_household,
    "accounts": check_account,
    "securities": check_security,
    "prices": check_price,
    "fx_rates": check_fx_rate,
    "transactions": check_transaction,
    **BOOK_CHECKS,
}
