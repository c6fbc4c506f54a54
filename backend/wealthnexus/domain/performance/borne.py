"""What a scope bears of fees and expenses, whoever paid them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance.parts_by_day import shares_of
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.parts import PartShare
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.flows import movements_of
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import ExpenseKind
from wealthnexus.domain.performance.rules.scopes import MovementKind

_PRECISION: Final = 34


@dataclass(frozen=True, slots=True)
class Borne:
    """What the scope bore of an entry on a listed day (counted from 1), positive when paid. ``is_fee``: it is
    in the net return alone."""

    entry: str
    account_id: UUID
    place: int
    amount: Decimal
    is_fee: bool


def places_of(book: ScopeBook, period: Period) -> tuple[int, int]:
    """The first and the last listed day of a period, counted from 1."""
    listed = [row.day for row in book.series.days]
    return bisect_right(listed, period.begin) + 1, bisect_right(listed, period.end)


def expenses_of(book: ScopeBook, period: Period) -> Decimal:
    """Expenses that are no advisory fee, less what was paid back, and the costs of transfers in kind."""
    listed = [row.day for row in book.series.days]
    with localcontext(prec=_PRECISION):
        shares = list(shares_of(book, listed))
        borne = borne_of(book, listed, shares, places_of(book, period))
        return sum((each.amount for each in borne if not each.is_fee), ZERO)


def borne_of(
    book: ScopeBook, listed: Sequence[date], shares: Sequence[PartShare], places: tuple[int, int]
) -> Iterator[Borne]:
    """By the share that takes part in the result of the day; what reduces neither return is a flow."""
    by_account: dict[UUID, list[PartShare]] = {}
    for each in shares:
        by_account.setdefault(each.account_id, []).append(each)

    def borne(entry: str, account: UUID, day: date, cost: Decimal, *, is_fee: bool) -> Iterator[Borne]:
        place = bisect_left(listed, day) + 1
        if cost and places[0] <= place <= places[1]:
            for one in by_account.get(account, ()):
                if one.first <= place <= one.last:
                    yield Borne(entry, account, place, one.share * cost, is_fee)

    for movement in movements_of(book.rows).movements:
        if movement.kind is not MovementKind.EXPENSE:
            continue
        treatment = book.policies.on(movement.day).expenses[movement.expense or ExpenseKind.OTHER]
        account = movement.billed_account if movement.billed_account is not None else movement.account
        if treatment.reduces_net and isinstance(account, UUID):
            is_fee = not treatment.reduces_gross
            yield from borne(movement.reference, account, movement.day, -movement.amount, is_fee=is_fee)
    for row in book.rows:
        if row.units and row.type in {"TRANSFER_IN", "TRANSFER_OUT"} and row.amount and not row.of_action:
            yield from borne(str(row.id), row.account_id, row.day, -row.amount, is_fee=False)
