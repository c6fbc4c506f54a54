"""Why a return differs from its benchmark: Brinson-Fachler per period, linked by Carino or by Menchero.

Source: Brinson and Fachler 1985; Carino, "Combining attribution effects over time", 1999; Menchero, "An
optimized approach to linking attribution effects", 2000. Linked effects sum to the arithmetic difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, Interaction, LinkingMethod

_WEIGHTS_TOLERANCE: Final = 1e-9
_EQUAL: Final = 1e-12


@dataclass(frozen=True, slots=True)
class SegmentReturn:
    """A segment of one period: start weight and return, of the portfolio and of the benchmark.

    A return is None where the weight is 0: it is then the other's, so that the whole effect of a segment
    that only one of them has is allocation. ``uninvested``: what the portfolio gained here over the capital
    of its whole without capital of the segment's own, fees above all; it is selection.
    """

    segment: str
    portfolio_weight: float
    portfolio_return: float | None
    benchmark_weight: float
    benchmark_return: float | None
    uninvested: float = 0.0


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of one segment, as fractions."""

    segment: str
    allocation: float
    selection: float
    interaction: float

    @property
    def total(self) -> float:
        return self.allocation + self.selection + self.interaction


@dataclass(frozen=True, slots=True)
class Attribution:
    """The effects of one or of several linked periods; ``effects`` is empty with a ``reason``.

    ``method`` is None for a single period, ``factors`` are those that linked the periods. ``residual``: the
    difference less the sum of the effects, 0 but for the precision of doubles.
    """

    effects: tuple[Effects, ...]
    portfolio_return: float | None
    benchmark_return: float | None
    method: LinkingMethod | None
    reason: Reason | None = None
    factors: tuple[float, ...] = ()

    @property
    def active(self) -> float | None:
        if self.portfolio_return is None or self.benchmark_return is None:
            return None
        return self.portfolio_return - self.benchmark_return

    @property
    def residual(self) -> float | None:
        if self.active is None or self.reason is not None:
            return None
        return self.active - math.fsum(each.total for each in self.effects)


def brinson_fachler(
    segments: Sequence[SegmentReturn], interaction: Interaction = Interaction.SEPARATE
) -> Attribution:
    """The effects of one period.

    None with ``WEIGHTS_DO_NOT_SUM`` when either side's weights are not 1 in all, and with
    ``SEGMENT_RETURN_MISSING`` when a segment with a weight has no return.
    """
    if not segments:
        return _without(Reason.NO_DATA)
    for weights in ([s.portfolio_weight for s in segments], [s.benchmark_weight for s in segments]):
        if abs(math.fsum(weights) - 1) > _WEIGHTS_TOLERANCE:
            return _without(Reason.WEIGHTS_DO_NOT_SUM)
    returns: list[tuple[float, float]] = []
    for one in segments:
        own, other = one.portfolio_return, one.benchmark_return
        missing = (own is None and one.portfolio_weight) or (other is None and one.benchmark_weight)
        if missing:
            return _without(Reason.SEGMENT_RETURN_MISSING)
        own = own if own is not None else other if other is not None else 0.0
        returns.append((own, other if other is not None else own))
    portfolio = math.fsum(
        s.portfolio_weight * own + s.uninvested for s, (own, _) in zip(segments, returns, strict=True)
    )
    benchmark = math.fsum(s.benchmark_weight * other for s, (_, other) in zip(segments, returns, strict=True))
    effects = []
    for one, (own, other) in zip(segments, returns, strict=True):
        over = one.portfolio_weight - one.benchmark_weight
        selection, both = one.benchmark_weight * (own - other), over * (own - other)
        if interaction is Interaction.WITH_SELECTION:
            selection, both = selection + both, 0.0
        selection += one.uninvested
        effects.append(Effects(one.segment, over * (other - benchmark), selection, both))
    return Attribution(tuple(effects), portfolio, benchmark, None)


def _without(reason: Reason) -> Attribution:
    return Attribution((), None, None, None, reason)


def link_attribution(periods: Sequence[Attribution], method: LinkingMethod) -> Attribution:
    """Effects over consecutive periods; they sum to the linked return less the linked benchmark.

    None with the reason of the first period that has one, and with ``NOT_LINKABLE`` when a period lost
    everything or more, for which neither method is defined.
    """
    if not periods:
        return _without(Reason.NO_DATA)
    pairs: list[tuple[float, float]] = []
    for one in periods:
        if one.reason is not None or one.portfolio_return is None or one.benchmark_return is None:
            return _without(one.reason or Reason.NO_DATA)
        pairs.append((one.portfolio_return, one.benchmark_return))
    portfolio = math.prod(1 + own for own, _ in pairs) - 1
    benchmark = math.prod(1 + other for _, other in pairs) - 1
    if any(own <= -1 or other <= -1 for own, other in pairs):
        return Attribution((), portfolio, benchmark, method, Reason.NOT_LINKABLE)
    factors = (_carino if method is LinkingMethod.CARINO else _menchero)(pairs, portfolio, benchmark)
    linked: dict[str, list[Effects]] = {}
    for one, factor in zip(periods, factors, strict=True):
        for effect in one.effects:
            scaled = (factor * each for each in (effect.allocation, effect.selection, effect.interaction))
            linked.setdefault(effect.segment, []).append(Effects(effect.segment, *scaled))
    effects = tuple(
        Effects(
            segment,
            math.fsum(each.allocation for each in own),
            math.fsum(each.selection for each in own),
            math.fsum(each.interaction for each in own),
        )
        for segment, own in linked.items()
    )
    return Attribution(effects, portfolio, benchmark, method, factors=tuple(factors))


def _logarithmic(portfolio: float, benchmark: float) -> float:
    """(ln(1 + R) - ln(1 + B)) / (R - B); 1 / (1 + R) where they are equal."""
    difference = portfolio - benchmark
    if abs(difference) < _EQUAL:
        return 1 / (1 + portfolio)
    return math.log1p(difference / (1 + benchmark)) / difference


def _carino(pairs: Sequence[tuple[float, float]], portfolio: float, benchmark: float) -> list[float]:
    whole = _logarithmic(portfolio, benchmark)
    return [_logarithmic(own, other) / whole for own, other in pairs]


def _menchero(pairs: Sequence[tuple[float, float]], portfolio: float, benchmark: float) -> list[float]:
    count = len(pairs)
    roots = math.pow(1 + portfolio, 1 / count) - math.pow(1 + benchmark, 1 / count)
    if abs(portfolio - benchmark) < _EQUAL or roots == 0:
        scale = math.pow(1 + portfolio, (count - 1) / count)
    else:
        scale = (portfolio - benchmark) / count / roots
    squares = math.fsum((own - other) ** 2 for own, other in pairs)
    unexplained = portfolio - benchmark - scale * math.fsum(own - other for own, other in pairs)
    slope = unexplained / squares if squares else 0.0
    return [scale + slope * (own - other) for own, other in pairs]


Spans = Sequence[tuple[date, date]]


def figure_of(
    result: Attribution,
    policy: CalculationPolicy,
    spans: Spans = (),
    segments: Sequence[Sequence[SegmentReturn]] = (),
) -> Figure:
    """The difference to the benchmark with its effects, ready to be explained.

    ``spans`` and ``segments``: begin and end of each period that was linked, and what it was made of.
    """
    table = Table(
        ("segment", "allocation", "selection", "interaction"),
        tuple((each.segment, each.allocation, each.selection, each.interaction) for each in result.effects),
    )
    inputs = (
        Input("portfolioReturn", result.portfolio_return, "fraction"),
        Input("benchmarkReturn", result.benchmark_return, "fraction"),
        Input("linking", result.method),
        Input("interaction", policy.interaction),
    )
    value = None if result.reason is not None else result.active
    parts = () if value is None else (_by_period(value, result.factors, spans, segments),)
    return figure(formulas.ATTRIBUTION, value, result.reason, inputs=inputs, table=table, parts=parts)


_PERIOD_COLUMNS: Final = (
    "begin",
    "end",
    "factor",
    "segment",
    "portfolioWeight",
    "portfolioReturn",
    "uninvested",
    "benchmarkWeight",
    "benchmarkReturn",
)


def _by_period(
    value: float, factors: Sequence[float], spans: Spans, segments: Sequence[Sequence[SegmentReturn]]
) -> Figure:
    rows = tuple(
        (
            begin,
            end,
            factor,
            one.segment,
            one.portfolio_weight,
            one.portfolio_return,
            one.uninvested,
            one.benchmark_weight,
            one.benchmark_return,
        )
        for (begin, end), factor, its in zip(spans, factors, segments, strict=bool(spans))
        for one in its
    )
    return figure(formulas.ATTRIBUTION_BY_PERIOD, value, table=Table(_PERIOD_COLUMNS, rows))
