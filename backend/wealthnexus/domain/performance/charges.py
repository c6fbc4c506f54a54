"""What was charged to the accounts of a scope: each fee and expense, and how much of it the scope bears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import Enum
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance.borne import Borne, borne_of, places_of
from wealthnexus.domain.performance.parts_by_day import shares_of
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import PLACES
from wealthnexus.domain.performance.rules.flows import EXPENSE_TYPES, MovedRow
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.kit.money import round_money, round_statistic

CHARGES_MAX: Final = 500
_PRECISION: Final = 34


class CountsAs(Enum):
    """Where a charge stands beside the returns, by the conventions of its day."""

    FEE = "FEE"
    EXPENSE = "EXPENSE"
    FLOW = "FLOW"


@dataclass(frozen=True, slots=True)
class Charge:
    """Positive amounts are charged, negative ones paid back. ``is_paid_elsewhere``: an account that is not of
    the scope, or that the caller does not see, pays it. ``share``: the scope's of the account. ``borne``:
    what the scope bears in its own currency; None without the exchange rate of the day. Those of a period sum
    to its fees, or expenses, to the minor unit: each is what the sum so far, rounded, grows by."""

    day: date
    account_id: UUID
    account_name: str
    type: str
    amount: Decimal
    currency: str
    is_paid_elsewhere: bool
    share: Decimal
    borne: Decimal | None
    counts_as: CountsAs


def charges_of(book: ScopeBook, period: Period) -> list[Charge]:
    """What accounts of the scope were billed within the period, costs of transfers in kind too; latest first,
    at most 500."""
    rows = [
        row
        for row in book.rows
        if period.begin < row.day <= period.end
        and (row.type in EXPENSE_TYPES or _is_cost_of_transfer(row))
        and book.share_of(row.billed_account_id or row.account_id, row.day)
    ]
    if not rows:
        return []
    listed = [row.day for row in book.series.days]
    bears: dict[str, list[Borne]] = defaultdict(list)
    with localcontext(prec=_PRECISION):
        for each in borne_of(book, listed, list(shares_of(book, listed)), places_of(book, period)):
            bears[each.entry].append(each)
        found = _told(book, rows, bears)
    return found[: -CHARGES_MAX - 1 : -1]


def _is_cost_of_transfer(row: MovedRow) -> bool:
    return bool(
        row.units and row.own_amount and row.type in {"TRANSFER_IN", "TRANSFER_OUT"} and not row.of_action
    )


def _told(book: ScopeBook, rows: Sequence[MovedRow], bears: Mapping[str, Sequence[Borne]]) -> list[Charge]:
    """In the order of the rows, earliest first."""
    sums = dict.fromkeys(CountsAs, ZERO)
    found: list[Charge] = []
    for row in rows:
        billed = row.billed_account_id or row.account_id
        share = book.share_of(billed, row.day)
        its = bears.get(str(row.id), ())
        counts_as = CountsAs.FLOW
        if its:
            counts_as = CountsAs.FEE if its[0].is_fee else CountsAs.EXPENSE
        before = sums[counts_as]
        sums[counts_as] += sum((each.amount for each in its), ZERO)
        grew = round_money(sums[counts_as], book.currency) - round_money(before, book.currency)
        found.append(
            Charge(
                row.day,
                billed,
                book.members.names[billed],
                row.type,
                -row.own_amount,
                row.own_currency,
                row.paid_elsewhere or not book.share_of(row.account_id, row.day),
                round_statistic(Decimal(share.numerator) / share.denominator, PLACES),
                None if row.amount is None else grew,
                counts_as,
            )
        )
    return found


__all__ = ["CHARGES_MAX", "Charge", "CountsAs", "charges_of"]
