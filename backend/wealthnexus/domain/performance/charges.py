"""What was charged to the accounts of a scope: day, amount and currency of each fee and expense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.rules.flows import EXPENSE_TYPES
from wealthnexus.domain.performance.rules.periods import Period

CHARGES_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Charge:
    """Positive amounts are charged, negative ones paid back. ``is_paid_elsewhere``: an account that is not of
    the scope, or that the caller does not see, pays it."""

    day: date
    account_id: UUID
    account_name: str
    type: str
    amount: Decimal
    currency: str
    is_paid_elsewhere: bool


def charges_of(book: ScopeBook, period: Period) -> list[Charge]:
    """What accounts of the scope were billed within the period, latest first, at most 500."""
    found: list[Charge] = []
    for row in reversed(book.rows):
        if row.type not in EXPENSE_TYPES or not period.begin < row.day <= period.end:
            continue
        billed = row.billed_account_id or row.account_id
        if not book.share_of(billed, row.day):
            continue
        elsewhere = row.paid_elsewhere or not book.share_of(row.account_id, row.day)
        name = book.members.names[billed]
        found.append(Charge(row.day, billed, name, row.type, -row.own_amount, row.own_currency, elsewhere))
        if len(found) == CHARGES_MAX:
            break
    return found
