"""One scope, one period: the figures of a performance report, from one engine and one policy.

Source: docs/domain/performance.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from wealthnexus.domain.performance.rules import formulas, money_weighted, time_weighted
from wealthnexus.domain.performance.rules.days import ZERO, ScopeDay, within_period
from wealthnexus.domain.performance.rules.figures import Amount, Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.periods import Period, annualised, annualised_over
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, DatedPolicy, FeeBasis
from wealthnexus.domain.performance.rules.scopes import Applied, Effect
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod, TimeWeighted


@dataclass(frozen=True, slots=True)
class PeriodPerformance:
    """The figures of a scope over a period, on one fee basis.

    ``annualised``: the time-weighted return per year, None with its reason. ``gain``: closing - opening - net
    flows less fees and expenses that others paid, as the net return has them, in the scope's currency; None
    while a value is missing.
    """

    period: Period
    basis: FeeBasis
    measured: TimeWeighted
    time_weighted: Figure
    annualised: Figure
    money_weighted: Figure
    opening: Decimal | None
    closing: Decimal | None
    net_flows: Decimal
    fees: Decimal
    gain: Decimal | None


def period_performance(
    days: Sequence[ScopeDay],
    period: Period,
    *,
    basis: FeeBasis,
    policy: DatedPolicy,
    currency: str,
    applied: Sequence[Applied] = (),
    made: Sequence[SubPeriod] | None = None,
) -> PeriodPerformance:
    """Time-weighted, annualised and money-weighted return and the gain over a period.

    ``applied``: what made the days' figures (of ``ScopeSeries``), for the explanation. A scope that was
    funded within the period is annualised by the days since. ``made`` and ValueError as ``time_weighted``.
    """
    begin, end = period.begin, period.end
    last = policy.on(end)
    measured = time_weighted.time_weighted(
        days,
        begin=begin,
        end=end,
        basis=basis,
        policy=policy,
        full_history=period.needs_full_history,
        made=made,
    )
    linked = time_weighted.figure_of(measured, policy, currency)
    if applied:
        linked = replace(linked, parts=(*linked.parts, flows_of(applied, period, currency)))
    before, within = within_period(days, begin, end)
    opening = before.value if before else ZERO
    closing = within[-1].value if within else None
    net_flows = sum((row.net_flow for row in within), ZERO)
    elsewhere = sum((row.fees_elsewhere + row.expenses_elsewhere for row in within), ZERO)
    return PeriodPerformance(
        period,
        basis,
        measured,
        linked,
        _yearly(measured, linked, period, last),
        _money_weighted(days, period, basis, last, currency),
        opening,
        closing,
        net_flows,
        sum((row.fees + row.fees_elsewhere for row in within), ZERO),
        None if opening is None or closing is None else closing - opening - net_flows - elsewhere,
    )


def flows_of(applied: Sequence[Applied], period: Period, currency: str) -> Amount:
    """The net flows of a period with each movement and account that made a figure of its days."""
    within = [each for each in applied if period.begin < each.day <= period.end]
    flows = (each.amount for each in within if each.effect in {Effect.FLOW, Effect.OPENING_CHANGE})
    table = Table(
        ("day", "effect", "account", "amount", "reference"),
        tuple((each.day, each.effect, str(each.account), each.amount, each.reference) for each in within),
    )
    inputs = (Input("begin", period.begin), Input("end", period.end))
    return Amount(formulas.SCOPE_FLOWS, sum(flows, ZERO), currency, None, inputs, table)


def _yearly(measured: TimeWeighted, linked: Figure, period: Period, policy: CalculationPolicy) -> Figure:
    if linked.value is None:
        return figure(formulas.ANNUALISED, None, linked.reason, parts=(linked,))
    if measured.measured_from == period.begin:
        return annualised_over(linked.value, period, policy)
    return annualised(linked.value, (period.end - measured.measured_from).days)


def _money_weighted(
    days: Sequence[ScopeDay], period: Period, basis: FeeBasis, policy: CalculationPolicy, currency: str
) -> Figure:
    flows = money_weighted.cash_flows(days, begin=period.begin, end=period.end, basis=basis)
    if flows is None:
        return figure(formulas.XIRR, None, Reason.BOUNDARY_VALUE_MISSING)
    found = money_weighted.money_weighted(flows, policy.money_weighted_day_count)
    return money_weighted.figure_of(found, currency)
