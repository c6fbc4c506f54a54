"""Statistics of returns: volatility, Sharpe, Sortino, drawdown, beta, alpha, tracking error, capture.

Source: docs/domain/performance.md. Returns are of equal intervals, as fractions, oldest first; None is an
observation that is missing and is left out (of a pair, with its other half). How many took part is an input
of every figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Formula, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.policy import (
    AlphaScaling,
    CalculationPolicy,
    CaptureMethod,
    ReturnKind,
)

Returns = Sequence[float | None]
Rates = Sequence[float] | None
"""A year's risk-free rate for each return, by the conventions of its day; None: that of the policy."""
Pairs = list[tuple[float, float]]
_NO_VARIATION = 1e-15
"""A deviation below this is the rounding of equal returns, not a risk."""


def volatility(returns: Returns, policy: CalculationPolicy) -> Figure:
    """Sample standard deviation over a year; of ln(1 + r) where the policy says so."""
    kept = _kept(returns)
    inputs = _inputs(kept, returns, policy, Input("volatilityOf", policy.volatility_of))
    if policy.volatility_of is ReturnKind.LOGARITHMIC:
        if any(value <= -1 for value in kept):
            return figure(formulas.VOLATILITY, None, Reason.LOSS_BEYOND_CAPITAL, inputs=inputs)
        kept = [math.log1p(value) for value in kept]
    if len(kept) < policy.observations_min:
        return figure(formulas.VOLATILITY, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs)
    value = deviation(kept) * math.sqrt(policy.periods_per_year)
    return figure(formulas.VOLATILITY, value, inputs=inputs, table=_table(returns))


def sharpe(returns: Returns, policy: CalculationPolicy, rates: Rates = None) -> Figure:
    """Mean over the risk-free rate per deviation, over a year."""
    free = _free(returns, policy, rates)
    over = [None if value is None else value - rate for value, rate in zip(returns, free, strict=True)]
    return _mean_per_deviation(
        formulas.SHARPE, over, returns, policy, Input("riskFreePerPeriod", _mean_rate(free), "fraction")
    )


def downside_deviation(returns: Returns, policy: CalculationPolicy) -> Figure:
    """Root mean square of what fell short of the minimum acceptable return, over a year."""
    kept = _kept(returns)
    least = per_period(float(policy.minimum_acceptable_return), policy)
    inputs = _inputs(kept, returns, policy, Input("minimumAcceptablePerPeriod", least, "fraction"))
    if len(kept) < policy.observations_min:
        return figure(formulas.DOWNSIDE, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs)
    value = _shortfall(kept, least) * math.sqrt(policy.periods_per_year)
    return figure(formulas.DOWNSIDE, value, inputs=inputs, table=_table(returns))


def sortino(returns: Returns, policy: CalculationPolicy) -> Figure:
    """Mean over the minimum acceptable return per downside deviation, over a year."""
    kept = _kept(returns)
    least = per_period(float(policy.minimum_acceptable_return), policy)
    inputs = _inputs(kept, returns, policy, Input("minimumAcceptablePerPeriod", least, "fraction"))
    if len(kept) < policy.observations_min:
        return figure(formulas.SORTINO, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs)
    shortfall = _shortfall(kept, least)
    if shortfall <= _NO_VARIATION:
        return figure(formulas.SORTINO, None, Reason.NO_DOWNSIDE, inputs=inputs)
    value = (mean(kept) - least) / shortfall * math.sqrt(policy.periods_per_year)
    return figure(formulas.SORTINO, value, inputs=inputs, table=_table(returns))


# -- beside a benchmark --------------------------------------------------------------------------------


def beta(returns: Returns, benchmark: Returns, policy: CalculationPolicy, rates: Rates = None) -> Figure:
    """How far the return moved with its benchmark, both over the risk-free rate."""
    free = _free(returns, policy, rates)
    pairs = _pairs(*_over_free(returns, benchmark, free))
    inputs = _pair_inputs(pairs, returns, policy, free)
    value, reason = _beta(pairs, policy)
    return figure(formulas.BETA, value, reason, inputs=inputs, table=_pair_table(returns, benchmark))


def alpha(returns: Returns, benchmark: Returns, policy: CalculationPolicy, rates: Rates = None) -> Figure:
    """Jensen's alpha, over a year by the policy's scaling."""
    free = _free(returns, policy, rates)
    pairs = _pairs(*_over_free(returns, benchmark, free))
    inputs = (*_pair_inputs(pairs, returns, policy, free), Input("scaling", policy.alpha_scaling))
    slope, reason = _beta(pairs, policy)
    if slope is None:
        return figure(formulas.ALPHA, None, reason, inputs=inputs)
    each = mean([own for own, _ in pairs]) - slope * mean([other for _, other in pairs])
    inputs = (*inputs, Input("beta", slope), Input("alphaPerPeriod", each, "fraction"))
    if policy.alpha_scaling is AlphaScaling.MULTIPLY:
        value = each * policy.periods_per_year
    elif each <= -1:
        return figure(formulas.ALPHA, None, Reason.LOSS_BEYOND_CAPITAL, inputs=inputs)
    else:
        value = _compounded(each, policy.periods_per_year)
    return figure(formulas.ALPHA, value, inputs=inputs, table=_pair_table(returns, benchmark))


def tracking_error(returns: Returns, benchmark: Returns, policy: CalculationPolicy) -> Figure:
    """Sample standard deviation of return less benchmark, over a year."""
    pairs = _pairs(returns, benchmark)
    inputs = _pair_inputs(pairs, returns, policy)
    if len(pairs) < policy.observations_min:
        return figure(formulas.TRACKING_ERROR, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs)
    value = deviation([own - other for own, other in pairs]) * math.sqrt(policy.periods_per_year)
    return figure(formulas.TRACKING_ERROR, value, inputs=inputs, table=_pair_table(returns, benchmark))


def information_ratio(returns: Returns, benchmark: Returns, policy: CalculationPolicy) -> Figure:
    """Mean of return less benchmark per its deviation, over a year."""
    active = [
        None if own is None or other is None else own - other
        for own, other in zip(returns, benchmark, strict=True)
    ]
    return _mean_per_deviation(formulas.INFORMATION_RATIO, active, active, policy)


def up_capture(returns: Returns, benchmark: Returns, policy: CalculationPolicy) -> Figure:
    """How much of the benchmark's rise the return had, over the periods in which it rose."""
    pairs = [(own, other) for own, other in _pairs(returns, benchmark) if other > 0]
    return _capture(pairs, returns, policy, Reason.NO_RISING_PERIODS)


def down_capture(returns: Returns, benchmark: Returns, policy: CalculationPolicy) -> Figure:
    """How much of the benchmark's fall the return had, over the periods in which it fell."""
    pairs = [(own, other) for own, other in _pairs(returns, benchmark) if other < 0]
    return _capture(pairs, returns, policy, Reason.NO_FALLING_PERIODS)


# -- drawdown ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall: positions count growths from 0 (the start) on. ``recovered_at`` None: not yet."""

    depth: float
    peak_at: int
    trough_at: int
    recovered_at: int | None
    current: float


def drawdown_of(levels: Sequence[float]) -> Drawdown:
    """The deepest fall of levels (growth of 1, or prices), which start above 0; the first of equals."""
    peak, peak_at = levels[0], 0
    depth, found = 0.0, (0, 0)
    for at, level in enumerate(levels):
        if level > peak:
            peak, peak_at = level, at
        fall = (peak - level) / peak
        if fall > depth:
            depth, found = fall, (peak_at, at)
    after = range(found[1] + 1, len(levels))
    recovered = next((at for at in after if levels[at] >= levels[found[0]]), None) if depth else None
    return Drawdown(depth, found[0], found[1], recovered, (peak - levels[-1]) / peak)


def max_drawdown(returns: Returns) -> Figure:
    """The deepest fall of the linked returns, positive; None when one is missing: the path is not known.

    Observations missing before the first one are no part of the path.
    """
    first = next((at for at, value in enumerate(returns) if value is not None), None)
    if first is None:
        return figure(formulas.DRAWDOWN, None, Reason.NO_DATA)
    levels = [1.0]
    for value in returns[first:]:
        if value is None:
            return figure(formulas.DRAWDOWN, None, Reason.UNDEFINED_SUB_PERIOD, table=_table(returns))
        levels.append(levels[-1] * (1 + value))
    found = drawdown_of(levels)
    inputs = (
        Input("missingBefore", first),
        Input("peakAt", found.peak_at),
        Input("troughAt", found.trough_at),
        Input("recoveredAt", found.recovered_at),
        Input("current", found.current, "fraction"),
    )
    return figure(formulas.DRAWDOWN, found.depth, inputs=inputs, table=_table(returns))


# -- parts ---------------------------------------------------------------------------------------------


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def deviation(values: Sequence[float]) -> float:
    """Sample standard deviation, n - 1, of at least two values."""
    middle = mean(values)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))


def per_period(yearly: float, policy: CalculationPolicy) -> float:
    """A yearly rate as the rate of one interval, compounding."""
    return math.expm1(math.log1p(yearly) / policy.periods_per_year)


def _compounded(value: float, periods: float) -> float:
    exponent = math.log1p(value) * periods
    return math.expm1(exponent) if exponent < 700 else math.inf


def _shortfall(kept: Sequence[float], least: float) -> float:
    return math.sqrt(math.fsum(min(value - least, 0.0) ** 2 for value in kept) / len(kept))


def _beta(pairs: Pairs, policy: CalculationPolicy) -> tuple[float | None, Reason | None]:
    if len(pairs) < policy.observations_min:
        return None, Reason.TOO_FEW_OBSERVATIONS
    own_mean, other_mean = mean([own for own, _ in pairs]), mean([other for _, other in pairs])
    variance = math.fsum((other - other_mean) ** 2 for _, other in pairs)
    if variance <= _NO_VARIATION**2:
        return None, Reason.NO_VARIATION
    return math.fsum((own - own_mean) * (other - other_mean) for own, other in pairs) / variance, None


def _mean_per_deviation(
    formula: Formula, values: Returns, shown: Returns, policy: CalculationPolicy, *further: Input
) -> Figure:
    kept = _kept(values)
    inputs = _inputs(kept, values, policy, *further)
    if len(kept) < policy.observations_min:
        return figure(formula, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs)
    spread = deviation(kept)
    if spread <= _NO_VARIATION:
        return figure(formula, None, Reason.NO_VARIATION, inputs=inputs)
    value = mean(kept) / spread * math.sqrt(policy.periods_per_year)
    return figure(formula, value, inputs=inputs, table=_table(shown))


def _capture(pairs: Pairs, returns: Returns, policy: CalculationPolicy, none: Reason) -> Figure:
    inputs = (*_pair_inputs(pairs, returns, policy), Input("method", policy.capture_method))
    if len(_kept(returns)) < policy.observations_min:
        return figure(formulas.CAPTURE, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs)
    if not pairs:
        return figure(formulas.CAPTURE, None, none, inputs=inputs)
    if any(own <= -1 or other <= -1 for own, other in pairs):
        return figure(formulas.CAPTURE, None, Reason.LOSS_BEYOND_CAPITAL, inputs=inputs)
    scale = policy.periods_per_year if policy.capture_method is CaptureMethod.ANNUALISED else 1

    def average(values: list[float]) -> float:
        return _compounded(math.expm1(mean([math.log1p(value) for value in values])), scale)

    own, other = average([own for own, _ in pairs]), average([other for _, other in pairs])
    inputs = (*inputs, Input("mean", own, "fraction"), Input("benchmarkMean", other, "fraction"))
    return figure(formulas.CAPTURE, own / other if math.isfinite(own) else math.inf, inputs=inputs)


def _kept(returns: Returns) -> list[float]:
    return [value for value in returns if value is not None]


def _pairs(returns: Returns, benchmark: Returns) -> Pairs:
    """ValueError unless both have the same length."""
    both = zip(returns, benchmark, strict=True)
    return [(own, other) for own, other in both if own is not None and other is not None]


def _free(returns: Returns, policy: CalculationPolicy, rates: Rates) -> list[float]:
    """The risk-free rate of each interval: of its own day where ``rates`` a year are given."""
    if rates is None:
        return [per_period(float(policy.risk_free_rate), policy)] * len(returns)
    return [per_period(rate, policy) for rate in rates]


def _mean_rate(free: Sequence[float]) -> float:
    return free[0] if len(set(free)) == 1 else mean(free) if free else 0.0


def _over_free(returns: Returns, benchmark: Returns, free: Sequence[float]) -> tuple[Returns, Returns]:
    """ValueError unless all three have the same length."""
    over = [
        (None, None) if own is None or other is None else (own - rate, other - rate)
        for own, other, rate in zip(returns, benchmark, free, strict=True)
    ]
    return [own for own, _ in over], [other for _, other in over]


def _inputs(
    kept: Sequence[float], given: Returns, policy: CalculationPolicy, *further: Input
) -> tuple[Input, ...]:
    return (
        Input("observations", len(kept)),
        Input("missing", len(given) - len(kept)),
        Input("periodsPerYear", policy.periods_per_year),
        *further,
    )


def _pair_inputs(
    pairs: Pairs, given: Returns, policy: CalculationPolicy, free: Sequence[float] = ()
) -> tuple[Input, ...]:
    of_policy = per_period(float(policy.risk_free_rate), policy)
    return (
        Input("observations", len(pairs)),
        Input("given", len(given)),
        Input("periodsPerYear", policy.periods_per_year),
        Input("riskFreeRate", policy.risk_free_rate, "fraction per year"),
        Input("riskFreePerPeriod", _mean_rate(free) if free else of_policy, "fraction"),
    )


def _table(returns: Returns) -> Table:
    return Table(("return",), tuple((value,) for value in returns))


def _pair_table(returns: Returns, benchmark: Returns) -> Table:
    return Table(("return", "benchmark"), tuple(zip(returns, benchmark, strict=True)))
