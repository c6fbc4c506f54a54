"""What one row of the files about people, ownership, debts and evidence must satisfy by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from . import values
from .format_book import (
    ClientRow,
    CorporateActionRow,
    CustodianLotRow,
    CustodianPositionRow,
    IdentifierRow,
    LiabilityRow,
    LotRow,
    OwnerRow,
    RelationshipRow,
)
from .terms_book import MEMBER, OWNS
from .values import CellRefused

Refusal = tuple[str, str]
Check = Callable[[Any, date], tuple[Refusal, ...]]

OWNING: Final = frozenset({"OWNER", "JOINT_SURVIVORSHIP", "JOINT_COMMON", "MINOR"})
"""Roles that own; they alone have a share (and the designated beneficiaries, who have one of their own)."""
_US_NUMBERS: Final = frozenset({"SSN", "ITIN", "EIN"})


def _by(as_of: date, row: Any, *columns: str) -> list[Refusal]:
    """The columns whose day is after the bundle's."""
    return [
        (column, f"expected a date by the bundle's as_of, {as_of}")
        for column in columns
        if (day := getattr(row, column)) is not None and day > as_of
    ]


def _not_before(row: Any, later: str, earlier: str) -> list[Refusal]:
    end, begin = getattr(row, later), getattr(row, earlier)
    if end is not None and begin is not None and end < begin:
        return [(later, f"expected {earlier} {begin} or later")]
    return []


def _period(row: Any, begin: str = "effective_from", end: str = "effective_to") -> list[Refusal]:
    first, last = getattr(row, begin), getattr(row, end)
    if first is not None and last is not None and last <= first:
        return [
            (end, f"expected a date after {begin} {first}: it is the first day on which it no longer holds")
        ]
    return []


def _empty(row: Any, why: str, *columns: str) -> list[Refusal]:
    return [(column, f"expected it empty {why}") for column in columns if getattr(row, column) is not None]


def _needed(row: Any, what: str, *columns: str) -> list[Refusal]:
    return [(column, f"{what} needs it") for column in columns if getattr(row, column) is None]


def check_client(row: ClientRow, as_of: date) -> tuple[Refusal, ...]:
    """Born, formed and verified by ``as_of``; columns of persons for persons alone, of entities likewise."""
    # A birth date is personal: the expectation names no day of the row.
    found = _by(as_of, row, "birth_date", "formed_on", "ended_on", "kyc_verified_on", "risk_assessed_on")
    if row.kind == "PERSON":
        found += _empty(row, "for a PERSON", "jurisdiction", "formed_on")
        if row.status == "DISSOLVED":
            found.append(("status", "expected DECEASED for a PERSON who has died"))
    else:
        found += _empty(row, f"for a {row.kind}", "given_name", "family_name", "birth_date", "citizenship")
        if row.status == "DECEASED":
            found.append(("status", f"expected DISSOLVED for a {row.kind} that has ended"))
        found += _not_before(row, "ended_on", "formed_on")
    if (row.tax_id is None) != (row.tax_id_type is None):
        missing = "tax_id" if row.tax_id is None else "tax_id_type"
        found.append((missing, "expected tax_id and tax_id_type together"))
    elif row.tax_id is not None and row.tax_id_type in _US_NUMBERS:
        digits = row.tax_id.replace("-", "")
        if len(digits) != 9 or not (digits.isascii() and digits.isdigit()):
            found.append(("tax_id", f"expected nine digits, {row.tax_id_type} has no other shape"))
    if row.kyc_state == "VERIFIED":
        found += _needed(row, "VERIFIED", "kyc_verified_on")
    found += _not_before(row, "kyc_refresh_due", "kyc_verified_on")
    return tuple(found)


_SCHEMES: Final[dict[str, Callable[[str], Any]]] = {
    "CUSIP": values.cusip,
    "ISIN": values.isin,
    "SEDOL": values.sedol,
    "FIGI": values.figi,
    "LEI": values.lei,
}


def check_identifier(row: IdentifierRow, _as_of: date) -> tuple[Refusal, ...]:
    """Check digits by scheme; a market for symbols alone."""
    found = _period(row)
    convert = _SCHEMES.get(row.scheme)
    if convert is not None:
        try:
            convert(row.value)
        except CellRefused as error:
            found.append(("value", str(error)))
    if row.scheme != "SYMBOL":
        found += _empty(row, f"for {row.scheme}", "exchange")
    return tuple(found)


def check_liability(row: LiabilityRow, as_of: date) -> tuple[Refusal, ...]:
    """Opened and reported by ``as_of``, closed and due after it was opened; a balance has its day."""
    found = _by(as_of, row, "opened_on", "closed_on", "balance_date")
    found += _not_before(row, "matures_on", "opened_on")
    found += _not_before(row, "closed_on", "opened_on")
    if (row.balance is None) != (row.balance_date is None):
        missing = "balance" if row.balance is None else "balance_date"
        found.append((missing, "expected balance and balance_date together"))
    if row.interest_rate is not None and row.interest_rate >= 1:
        found.append(("interest_rate", "expected a rate a year below 1: 4.25 % is 0.0425"))
    return tuple(found)


def check_owner(row: OwnerRow, _as_of: date) -> tuple[Refusal, ...]:
    """One account or one debt; a tier for designated beneficiaries; shares for those who have one."""
    found = _period(row)
    if (row.account_external_id is None) == (row.liability_external_id is None):
        found.append(("account_external_id", "expected exactly one of account and liability"))
    if row.liability_external_id is not None and row.role != "OWNER":
        found.append(("role", "expected OWNER: who owes a liability is its owner"))
    if row.tier is not None:
        if row.role != "BENEFICIARY":
            found.append(("tier", f"expected it empty for {row.role}: designated beneficiaries have a tier"))
        found += _needed(row, "a designated beneficiary", "share")
        if row.client_external_id is None and row.name is None:
            found.append(("client_external_id", "expected a client, or the name of somebody who is none"))
    else:
        found += _empty(row, "without a tier", "is_per_stirpes", "name")
        if row.client_external_id is None:
            found.append(("client_external_id", f"{row.role} needs it"))
        if row.share is not None and row.role not in OWNING:
            found.append(("share", f"expected it empty for {row.role}, which owns nothing"))
    return tuple(found)


def check_relationship(row: RelationshipRow, _as_of: date) -> tuple[Refusal, ...]:
    """OWNS names what is owned and the share, MEMBER the household and the role, others a client alone."""
    found = _period(row)
    if row.kind == MEMBER:
        found += _needed(row, MEMBER, "household_external_id", "member_role")
        found += _empty(row, f"for {MEMBER}", "related_external_id", "share")
        return tuple(found)
    found += _needed(row, row.kind, "related_external_id")
    found += _empty(row, f"for {row.kind}", "household_external_id", "member_role")
    found += _needed(row, OWNS, "share") if row.kind == OWNS else _empty(row, f"for {row.kind}", "share")
    if row.related_external_id == row.client_external_id:
        found.append(("related_external_id", "expected another client than itself"))
    return tuple(found)


def check_lot(row: LotRow, as_of: date) -> tuple[Refusal, ...]:
    """Acquired by the day on which it was there, which is by ``as_of``; not of nothing."""
    found = _by(as_of, row, "as_of")
    if row.acquired_on is not None and row.acquired_on > row.as_of:
        found.append(("acquired_on", f"expected a date by the lot's as_of, {row.as_of}"))
    if not row.quantity:
        found.append(("quantity", "expected a quantity other than 0"))
    return tuple(found)


_ACTION_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "CASH_DIVIDEND": ("cash_amount", "currency"),
    "STOCK_DIVIDEND": ("ratio_new", "ratio_old"),
    "SPLIT": ("ratio_new", "ratio_old"),
    "SPIN_OFF": ("other_security_key", "ratio_new", "ratio_old"),
    "MERGER": (),
    "RETURN_OF_CAPITAL": ("cash_amount", "currency"),
    "SYMBOL_CHANGE": ("new_value",),
    "IDENTIFIER_CHANGE": ("new_value",),
}


def check_corporate_action(row: CorporateActionRow, _as_of: date) -> tuple[Refusal, ...]:
    """What the type needs; the money is paid on the ex-date or later; announced ones may lie ahead."""
    found = _needed(row, row.type, *_ACTION_NEEDS[row.type])
    found += _not_before(row, "pay_date", "ex_date")
    if row.type == "MERGER" and row.other_security_key is None and row.cash_amount is None:
        found.append(("other_security_key", "MERGER needs it, or a cash_amount"))
    if (row.ratio_new is None) != (row.ratio_old is None) and "ratio_new" not in _ACTION_NEEDS[row.type]:
        missing = "ratio_new" if row.ratio_new is None else "ratio_old"
        found.append((missing, "expected both sides of the ratio"))
    if row.cash_amount is not None and row.currency is None and "currency" not in _ACTION_NEEDS[row.type]:
        found.append(("currency", "expected the currency of cash_amount"))
    if row.other_security_key == row.security_key:
        found.append(("other_security_key", "expected another security than itself"))
    if row.type != "SPIN_OFF":
        found += _empty(row, f"for {row.type}: a spin-off divides the basis", "basis_fraction")
    if row.type != "MERGER":
        found += _empty(row, f"for {row.type}: it is said of a merger", "is_taxable")
    if row.fractions == "CASH_IN_LIEU":
        found += _needed(row, "CASH_IN_LIEU", "cash_in_lieu_price")
    return tuple(found)


def check_custodian_position(row: CustodianPositionRow, as_of: date) -> tuple[Refusal, ...]:
    """By ``as_of``; a cash balance has no price."""
    if row.date > as_of:
        return (("date", f"expected a date by the bundle's as_of, {as_of}"),)
    if row.security_key is None:
        return tuple(_empty(row, "for a cash balance (no security)", "price", "cost_basis"))
    return ()


def check_custodian_lot(row: CustodianLotRow, as_of: date) -> tuple[Refusal, ...]:
    """By ``as_of``, acquired by its day, not of nothing."""
    found = _by(as_of, row, "date")
    if row.acquired_on is not None and row.acquired_on > row.date:
        found.append(("acquired_on", f"expected a date by the lot's day, {row.date}"))
    if not row.quantity:
        found.append(("quantity", "expected a quantity other than 0"))
    return tuple(found)


BOOK_CHECKS: Final[dict[str, Check]] = {
    "clients": check_client,
    "identifiers": check_identifier,
    "liabilities": check_liability,
    "owners": check_owner,
    "relationships": check_relationship,
    "lots": check_lot,
    "corporate_actions": check_corporate_action,
    "custodian_positions": check_custodian_position,
    "custodian_lots": check_custodian_lot,
}
