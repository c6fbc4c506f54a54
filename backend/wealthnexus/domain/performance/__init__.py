"""Performance: what a scope earned, of what, beside what, and how sure one can be of it.

Owns the arithmetic of returns, gains, contribution, attribution, statistics and composites (``rules``: pure,
no database, no clock), the policy that names every convention behind them, benchmarks and groups, and the
reading of a scope from the books (``reading``), under the caller's own row security. Invariants: a figure
that cannot be computed is None with a reason; nothing under a year is annualised; parts sum to their whole
or are refused; transfers inside a scope change nothing; every figure explains itself down to its sub-
periods.
"""

from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.figures import (
    ENGINE_VERSION,
    Amount,
    Figure,
    Formula,
    Input,
    Reason,
    Table,
    explained,
    published,
)
from wealthnexus.domain.performance.rules.money_weighted import CashFlow, MoneyWeighted, money_weighted
from wealthnexus.domain.performance.rules.periods import (
    Period,
    PeriodKind,
    annualised,
    annualised_over,
    by_interval,
    period_of,
)
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    EffectivePolicy,
    FeeBasis,
    PolicyLayer,
    layered,
)
from wealthnexus.domain.performance.rules.profit import CheckedProfit, PositionPeriod, scope_profit
from wealthnexus.domain.performance.rules.report import PeriodPerformance, period_performance
from wealthnexus.domain.performance.rules.scopes import Membership, Movement, MovementKind, scope_series
from wealthnexus.domain.performance.rules.time_weighted import TimeWeighted, inception, time_weighted
from wealthnexus.domain.performance.texts import REASONS

__all__ = [
    "ENGINE_VERSION",
    "REASONS",
    "Amount",
    "CalculationPolicy",
    "CashFlow",
    "CheckedProfit",
    "EffectivePolicy",
    "FeeBasis",
    "Figure",
    "Formula",
    "Input",
    "Membership",
    "MoneyWeighted",
    "Movement",
    "MovementKind",
    "Period",
    "PeriodKind",
    "PeriodPerformance",
    "PolicyLayer",
    "PositionPeriod",
    "Reason",
    "ScopeDay",
    "Table",
    "TimeWeighted",
    "annualised",
    "annualised_over",
    "by_interval",
    "explained",
    "inception",
    "layered",
    "money_weighted",
    "period_of",
    "period_performance",
    "published",
    "scope_profit",
    "scope_series",
    "time_weighted",
]
