"""What a return is computed from: one row per valuation day of a scope.

A scope is whatever is reported: an account, a client's shares, a household, an entity looked through, the
firm. ``scopes`` makes its rows; nothing here knows of accounts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class ScopeDay:
    """One valuation day, all amounts in the scope's currency.

    ``value``: market value with cash and pending trades at the firm's valuation time, after the day's flows
    and with accrued interest; None when it is missing. ``inflow`` and ``outflow``: external flows, both
    positive.
    ``opening_change``: what joined (+) or left (-) at the close before, at the value of that close.
    ``fees``: advisory and performance fees borne and paid here, less rebates. ``fees_elsewhere``: the same
    borne here and paid by an account outside the scope. ``expenses_elsewhere``: other expenses likewise.
    ``flow_unknown``: something joined or left at a value that is not known.
    """

    day: date
    value: Decimal | None
    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    opening_change: Decimal = ZERO
    fees: Decimal = ZERO
    fees_elsewhere: Decimal = ZERO
    expenses_elsewhere: Decimal = ZERO
    flow_unknown: bool = False

    @property
    def net_flow(self) -> Decimal:
        """What came in less what went out, by whichever way."""
        return self.opening_change + self.inflow - self.outflow

    @property
    def has_flow(self) -> bool:
        return bool(self.opening_change or self.inflow or self.outflow or self.flow_unknown)

    @property
    def is_idle(self) -> bool:
        """No value and no movement at all."""
        charged = self.fees or self.fees_elsewhere or self.expenses_elsewhere
        return self.value == 0 and not self.has_flow and not charged


def check_days(days: Sequence[ScopeDay]) -> None:
    """ValueError unless the days ascend and every in- and outflow is 0 or more."""
    for earlier, later in pairwise(days):
        if later.day <= earlier.day:
            raise ValueError(f"{later.day} after {earlier.day}: expected one row per day, ascending")
    for row in days:
        if row.inflow < 0 or row.outflow < 0:
            raise ValueError(f"{row.day}: inflow {row.inflow}, outflow {row.outflow}: expected 0 or more")


def within_period(
    days: Sequence[ScopeDay], begin: date, end: date
) -> tuple[ScopeDay | None, Sequence[ScopeDay]]:
    """The last of the days, which ascend, up to ``begin``, and those after it up to ``end``."""
    first, last = (bisect_right(days, day, key=lambda row: row.day) for day in (begin, end))
    return days[first - 1] if first else None, days[first:last]


def days_of(
    valuations: Mapping[date, Decimal | None], flows: Sequence[tuple[date, Decimal]]
) -> tuple[ScopeDay, ...]:
    """Rows from closing values and signed external flows (in +, out -); a flow's day without a value has
    None."""
    inflows: dict[date, Decimal] = {}
    outflows: dict[date, Decimal] = {}
    for day, amount in flows:
        side = inflows if amount > 0 else outflows
        side[day] = side.get(day, ZERO) + abs(amount)
    listed = sorted({*valuations, *inflows, *outflows})
    return tuple(
        ScopeDay(day, valuations.get(day), inflows.get(day, ZERO), outflows.get(day, ZERO)) for day in listed
    )


def days_of_values_before_flows(
    valuations: Mapping[date, Decimal], flows: Sequence[tuple[date, Decimal]]
) -> tuple[ScopeDay, ...]:
    """Rows from values taken just before the flows of their day: each is the close of the day before.

    The first and the last value without a flow stay on their day.
    """
    flow_days = {day for day, _ in flows}
    one_day = timedelta(days=1)
    return days_of({day - one_day if day in flow_days else day: v for day, v in valuations.items()}, flows)
