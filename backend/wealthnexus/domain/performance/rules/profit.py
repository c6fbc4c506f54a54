"""The gain of a period, divided: income, realised, unrealised, currency, fees and expenses. The parts sum.

Source: docs/domain/performance.md. Amounts are Decimal in the scope's currency; nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Amount, Input, Reason, Table

_PRECISION: Final = 50


@dataclass(frozen=True, slots=True)
class Holding:
    """A position, or the cash of one currency, at one close.

    ``value`` and ``basis`` in its own currency at ``rate`` (scope currency per unit), ``basis_at_cost`` the
    basis in the scope's currency at the rates of its days of acquisition. Basis None: not known. Cash has a
    basis equal to its value.
    """

    value: Decimal
    rate: Decimal
    basis: Decimal | None
    basis_at_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Disposal:
    """What left a position: by sale, or in kind at market value. Same conventions as ``Holding``."""

    proceeds: Decimal
    rate: Decimal
    basis: Decimal | None
    basis_at_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class PositionPeriod:
    """One position from close to close. ``acquired``: cost of what came in, in the scope's currency at the
    rates of its days. ``income``: dividends, interest and the change of what is accrued, less tax withheld,
    in the scope's currency. ``arrived`` and ``left``: what came and went in kind, at market value with the
    basis it carries; neither makes a gain."""

    key: str
    opening: Holding | None
    closing: Holding | None
    acquired: Decimal = ZERO
    disposals: tuple[Disposal, ...] = ()
    income: Decimal = ZERO
    arrived: tuple[Holding, ...] = ()
    left: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class Profit:
    """The parts of a gain. ``undivided``: price and currency of positions whose basis is not known, which
    are named in ``without_basis``; realised, unrealised and currency are then those of the others."""

    income: Decimal
    realised: Decimal
    unrealised: Decimal
    currency: Decimal
    undivided: Decimal
    fees: Decimal
    expenses: Decimal
    without_basis: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """Income and gains less fees and expenses, which are positive when paid."""
        gains = self.realised + self.unrealised + self.currency + self.undivided
        return self.income + gains - self.fees - self.expenses


@dataclass(frozen=True, slots=True)
class CheckedProfit:
    """``profit`` beside the gain that values and flows give; ``difference`` is never spread over the parts.

    ``reason``: ``DOES_NOT_SUM`` when the two differ, ``BASIS_MISSING`` when part could not be divided.
    """

    opening: Decimal
    closing: Decimal
    net_flows: Decimal
    profit: Profit
    gain: Decimal
    difference: Decimal
    reason: Reason | None


def position_profit(position: PositionPeriod) -> Profit:
    """One position's gain without fees.

    Price is measured in the position's own currency, at the rate of the day it is measured on (sale or
    close); currency is the basis times the change of its rate since acquisition. Realised gains are those of
    the period's disposals since acquisition, unrealised the change of what is not realised: what came in kind
    brought its own along and took it away again.
    """
    before = [one for one in (position.opening, *position.arrived) if one is not None]
    after = [one for one in (position.closing, *position.left) if one is not None]
    with localcontext(prec=_PRECISION):
        parcels: tuple[Holding | Disposal, ...] = (*before, *after, *position.disposals)
        if any(one.basis is None or one.basis_at_cost is None for one in parcels):
            undivided = sum((one.value * one.rate for one in after), ZERO) - position.acquired
            undivided -= sum((one.value * one.rate for one in before), ZERO)
            undivided += sum((one.proceeds * one.rate for one in position.disposals), ZERO)
            return Profit(position.income, ZERO, ZERO, ZERO, undivided, ZERO, ZERO, (position.key,))
        sold = [_divided(one.proceeds, one.rate, one.basis, one.basis_at_cost) for one in position.disposals]
        realised = sum((price for price, _ in sold), ZERO)
        held = [(1, *_of_holding(one)) for one in after] + [(-1, *_of_holding(one)) for one in before]
        unrealised = sum((sign * price for sign, price, _ in held), ZERO)
        currency = sum((sign * effect for sign, _, effect in held), ZERO)
        currency += sum((effect for _, effect in sold), ZERO)
        return Profit(position.income, realised, unrealised, currency, ZERO, ZERO, ZERO)


def _divided(
    worth: Decimal, rate: Decimal, basis: Decimal | None, at_cost: Decimal | None
) -> tuple[Decimal, Decimal]:
    """Price and currency parts of worth over basis, both in the scope's currency."""
    own_basis, cost = basis or ZERO, at_cost or ZERO
    return (worth - own_basis) * rate, own_basis * rate - cost


def _of_holding(holding: Holding) -> tuple[Decimal, Decimal]:
    return _divided(holding.value, holding.rate, holding.basis, holding.basis_at_cost)


def scope_profit(
    positions: Sequence[PositionPeriod],
    *,
    opening: Decimal,
    closing: Decimal,
    net_flows: Decimal,
    fees: Decimal = ZERO,
    expenses: Decimal = ZERO,
    tolerance: Decimal = ZERO,
) -> CheckedProfit:
    """The gain of a scope from its positions, fees and expenses, beside closing - opening - net flows.

    ``fees`` and ``expenses`` are what the scope bears, positive when paid; ``net_flows`` what came in less
    what went out. ``tolerance``: how far the two may differ because the values were rounded per position.
    """
    parts = [position_profit(each) for each in positions]
    profit = Profit(
        sum((each.income for each in parts), ZERO),
        sum((each.realised for each in parts), ZERO),
        sum((each.unrealised for each in parts), ZERO),
        sum((each.currency for each in parts), ZERO),
        sum((each.undivided for each in parts), ZERO),
        fees,
        expenses,
        tuple(key for each in parts for key in each.without_basis),
    )
    gain = closing - opening - net_flows
    difference = gain - profit.total
    reason = Reason.BASIS_MISSING if profit.without_basis else None
    if abs(difference) > tolerance:
        reason = Reason.DOES_NOT_SUM
    return CheckedProfit(opening, closing, net_flows, profit, gain, difference, reason)


def figure_of(checked: CheckedProfit, currency: str) -> Amount:
    """The gain with its parts, ready to be explained."""
    profit = checked.profit
    table = Table(
        ("part", "amount"),
        (
            ("income", profit.income),
            ("realised", profit.realised),
            ("unrealised", profit.unrealised),
            ("currency", profit.currency),
            ("undivided", profit.undivided),
            ("fees", -profit.fees),
            ("expenses", -profit.expenses),
        ),
    )
    inputs = (
        Input("opening", checked.opening, currency),
        Input("closing", checked.closing, currency),
        Input("netFlows", checked.net_flows, currency),
        Input("difference", checked.difference, currency),
        *(Input("withoutBasis", key) for key in profit.without_basis),
    )
    return Amount(formulas.GAIN, checked.gain, currency, checked.reason, inputs, table)
