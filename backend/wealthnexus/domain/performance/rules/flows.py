"""From rows of the ledger to movements: what crosses the boundary of an account, and which legs are one move.

A deposit or withdrawal comes from outside. A transfer and a journal between accounts or sleeves are legs of
one move, found by what the source relates, else by like units or amount within days. Shares that a corporate
action brought are no flow. A fee is an expense; everything else an account does is its result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.policy import ExpenseKind
from wealthnexus.domain.performance.rules.scopes import ELSEWHERE, Movement, MovementKind, Shares

FIRST_PRICE: Final = "FIRST_PRICE"
"""What was left out for want of a price comes in at its first one; no entry of the ledger."""
TRANSFER_DAYS_MAX: Final = 5
"""Days between the legs of a transfer that no source relates, as of lots (docs/domain/lots.md)."""
_TRANSFERS: Final = frozenset({"TRANSFER_IN", "TRANSFER_OUT", "JOURNAL"})
_EXPENSES: Final = {"ADVISORY_FEE": ExpenseKind.ADVISORY_FEE, "EXPENSE": ExpenseKind.OTHER}
EXPENSE_TYPES: Final = frozenset(_EXPENSES)
MOVING_TYPES: Final = ("DEPOSIT", "WITHDRAWAL", *sorted(_TRANSFERS), *sorted(_EXPENSES))


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A row of the ledger that may cross the boundary of its account.

    ``own_amount``: its cash in the account's currency, ``own_currency``. ``amount`` the same and ``in_kind``
    the market value of its units on the day with the interest accrued on them, which is ``accrued`` too,
    signed, all in the scope's currency; None without a price or rate.
    ``of_action``: shares that a corporate action brought or took. ``billed_account_id``: whose fee it is,
    when this account pays it. ``paid_elsewhere``: an account that is not asked for pays it; ``account_id`` is
    the billed one then, and nothing left its cash. ``is_excluded``: cash for or from what is left out until
    it has a price.
    """

    id: UUID
    account_id: UUID
    portfolio_id: UUID | None
    type: str
    day: date
    security_id: UUID | None
    units: Decimal
    own_amount: Decimal
    amount: Decimal | None
    in_kind: Decimal | None
    source: str
    source_id: str
    related_source_id: str | None
    source_file: str | None
    source_line: int | None
    description: str | None
    of_action: bool
    billed_account_id: UUID | None = None
    paid_elsewhere: bool = False
    own_currency: str = ""
    is_excluded: bool = False
    accrued: Decimal = ZERO

    @property
    def flow(self) -> Decimal | None:
        """What came in (+) or went out (-): in kind the units, and of a journal its cash too. The cash of a
        transfer in kind is its fee, which is a cost."""
        if not self.units or self.is_excluded:
            return self.amount
        if self.in_kind is None or self.type != "JOURNAL":
            return self.in_kind
        return None if self.amount is None else self.in_kind + self.amount

    @property
    def is_in(self) -> bool:
        return (self.units or self.own_amount) > 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row whose worth on its day is not known, with its other leg where it has one."""

    row: MovedRow
    partner: MovedRow | None

    def crosses(self, shares: Shares) -> bool:
        """Whether it crosses the boundary of a scope: between equal shares it nets to zero, whatever it is
        worth."""
        if self.row.paid_elsewhere or self.row.type in _EXPENSES:
            ends = (self.row.account_id, self.row.billed_account_id or self.row.account_id)
            return any(shares.on(end, self.row.day) for end in ends)
        own = shares.on(self.row.account_id, self.row.day)
        other = None if self.partner is None else shares.on(self.partner.account_id, self.partner.day)
        return own != other if other is not None else bool(own)


@dataclass(frozen=True, slots=True)
class Moved:
    """The movements, and the rows whose worth on their day is not known."""

    movements: tuple[Movement, ...]
    unknown: tuple[Unknown, ...]


def movements_of(rows: Sequence[MovedRow]) -> Moved:
    """What the rows move. Each leg of a transfer has one counterpart at most."""
    standing = [row for row in rows if not row.of_action]
    pairs = _pairs([row for row in standing if row.type in _TRANSFERS])
    by_id = {row.id: row for row in standing}
    found: list[Movement] = []
    unknown: list[Unknown] = []
    for row in standing:
        worth = row.amount if row.type in _EXPENSES else row.flow
        partner = by_id.get(pairs[row.id]) if row.id in pairs else None
        if worth is None:
            unknown.append(Unknown(row, partner))
        found.append(_movement(row, worth if worth is not None else ZERO, partner))
    return Moved(tuple(found), tuple(unknown))


def _movement(row: MovedRow, worth: Decimal, partner: MovedRow | None) -> Movement:
    reference = str(row.id)
    if row.type in _EXPENSES:
        return Movement(
            ELSEWHERE if row.paid_elsewhere else row.account_id,
            row.day,
            worth,
            MovementKind.EXPENSE,
            expense=_EXPENSES[row.type],
            billed_account=row.billed_account_id,
            reference=reference,
        )
    if partner is None:
        return Movement(row.account_id, row.day, worth, reference=reference)
    return Movement(
        row.account_id,
        row.day,
        worth,
        MovementKind.TRANSFER,
        transfer_id=str(min(row.id, partner.id)),
        counterparty=partner.account_id,
        reference=reference,
    )


def _pairs(legs: Sequence[MovedRow]) -> dict[UUID, UUID]:
    """Leg -> its other leg: as the source relates them, else the nearest day, then the order of ids."""
    pairs: dict[UUID, UUID] = {}
    out = [leg for leg in legs if not leg.is_in]
    into = [leg for leg in legs if leg.is_in]
    by_source = {(leg.source, leg.source_id): leg for leg in into}
    by_relation = {(leg.source, leg.related_source_id): leg for leg in into if leg.related_source_id}
    for leg in out:
        told = by_source.get((leg.source, leg.related_source_id or "")) or by_relation.get(
            (leg.source, leg.source_id)
        )
        if told is not None and told.id not in pairs:
            pairs[leg.id], pairs[told.id] = told.id, leg.id
    alike: dict[tuple[UUID | None, Decimal], list[MovedRow]] = {}
    for leg in into:
        if leg.id not in pairs:
            alike.setdefault(_size(leg), []).append(leg)
    near = sorted(
        (abs((leg.day - other.day).days), leg.day, leg.id, other.id)
        for leg in out
        if leg.id not in pairs
        for other in alike.get(_size(leg), ())
        if _may_be_one(leg, other)
    )
    for _, _, left, arrived in near:
        if left not in pairs and arrived not in pairs:
            pairs[left], pairs[arrived] = arrived, left
    return pairs


def _size(leg: MovedRow) -> tuple[UUID | None, Decimal]:
    return leg.security_id if leg.units else None, abs(leg.units or leg.own_amount)


def _may_be_one(left: MovedRow, arrived: MovedRow) -> bool:
    if abs((left.day - arrived.day).days) > TRANSFER_DAYS_MAX:
        return False
    return (left.account_id, left.portfolio_id) != (arrived.account_id, arrived.portfolio_id)
