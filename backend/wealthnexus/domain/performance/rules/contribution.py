"""What each part of a scope contributed to its return: the parts sum to the linked return of the whole.

Source: docs/domain/performance.md. A part (security, class, sector, account) has capital of its own, with
flows between parts as flows; its gain of a sub-period over the start capital of the whole is what it gave.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod

TOLERANCE: Decimal = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class PartDay:
    """A part in one sub-period of the whole: its start capital and its gain, in the scope's currency.

    Gain: closing + what left - opening - what came in, income of the part included.
    """

    start: Decimal
    gain: Decimal


@dataclass(frozen=True, slots=True)
class Contribution:
    """``value``: the part's share of the linked return. ``average_weight``: of its start capital, by day."""

    key: str
    value: float
    average_weight: float


@dataclass(frozen=True, slots=True)
class Contributions:
    """The parts in the order of their keys; ``value`` is their sum and the whole's linked return."""

    parts: tuple[Contribution, ...]
    value: float | None
    reason: Reason | None
    unexplained_days: tuple[date, ...] = ()


def contributions(whole: Sequence[SubPeriod], parts: Sequence[Mapping[str, PartDay]]) -> Contributions:
    """Contributions over the sub-periods of ``whole``; ``parts`` has the same length.

    None with ``DOES_NOT_SUM`` when the gains of a sub-period's parts are not the gain of the whole to half a
    cent, and with ``UNDEFINED_SUB_PERIOD`` when the whole has no return: nothing is spread over the parts.
    ValueError: the two differ in length.
    """
    if len(whole) != len(parts):
        raise ValueError(f"{len(parts)} days of parts for {len(whole)} sub-periods")
    if any(sub.growth is None for sub in whole):
        return Contributions((), None, Reason.UNDEFINED_SUB_PERIOD)
    odd = tuple(
        sub.end
        for sub, day in zip(whole, parts, strict=True)
        if abs(sum((part.gain for part in day.values()), ZERO) - (sub.end_capital - sub.start)) > TOLERANCE
    )
    if odd:
        return Contributions((), None, Reason.DOES_NOT_SUM, odd)
    given: dict[str, list[float]] = {}
    weights: dict[str, float] = {}
    growth, length = 1.0, 0
    for sub, day in zip(whole, parts, strict=True):
        start, days = float(sub.start), (sub.end - sub.begin).days
        length += days
        for key, part in day.items():
            given.setdefault(key, []).append(growth * float(part.gain) / start if start else 0.0)
            weights[key] = weights.get(key, 0.0) + days * (float(part.start) / start if start else 0.0)
        growth *= sub.growth if sub.growth is not None else 1.0
    found = tuple(Contribution(key, math.fsum(given[key]), weights[key] / length) for key in sorted(given))
    return Contributions(found, math.fsum(each.value for each in found), None)


def figure_of(result: Contributions) -> Figure:
    """The sum of the contributions with its parts, ready to be explained."""
    table = Table(
        ("part", "contribution", "averageWeight"),
        tuple((each.key, each.value, each.average_weight) for each in result.parts),
    )
    inputs = tuple(Input("dayThatDoesNotSum", day) for day in result.unexplained_days)
    return figure(formulas.CONTRIBUTION, result.value, result.reason, inputs=inputs, table=table)
