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
from types import MappingProxyType
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod

TOLERANCE: Final = Decimal("0.005")


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


def figure_of(
    result: Contributions,
    whole: Sequence[SubPeriod] = (),
    parts: Sequence[Mapping[str, PartDay]] = (),
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """The sum of the contributions, ready to be explained; each part is one of its parts, with its days.
    ``labels``: the names of the parts by their keys."""
    table = Table(
        ("part", "contribution", "averageWeight", "name"),
        tuple(
            (each.key, each.value, each.average_weight, labels.get(each.key, each.key))
            for each in result.parts
        ),
    )
    inputs = tuple(Input("dayThatDoesNotSum", day) for day in result.unexplained_days)
    days = _days_of(whole, parts) if result.value is not None else {}
    return figure(
        formulas.CONTRIBUTION,
        result.value,
        result.reason,
        inputs=inputs,
        table=table,
        parts=(
            _part_figure(each, labels.get(each.key, each.key), days.get(each.key, []))
            for each in result.parts
        ),
    )


_Row = tuple[date, date, Decimal, float, Decimal, Decimal, float]
_DAY_COLUMNS: Final = (
    "begin",
    "end",
    "wholeStart",
    "growthBefore",
    "start",
    "gain",
    "contribution",
)


def _days_of(whole: Sequence[SubPeriod], parts: Sequence[Mapping[str, PartDay]]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    growth = 1.0
    for sub, day in zip(whole, parts, strict=True):
        for key, part in day.items():
            if part.start or part.gain:
                given = growth * float(part.gain) / float(sub.start) if sub.start else 0.0
                row = (sub.begin, sub.end, sub.start, growth, part.start, part.gain, given)
                found.setdefault(key, []).append(row)
        growth *= sub.growth if sub.growth is not None else 1.0
    return found


def _part_figure(part: Contribution, name: str, rows: Sequence[_Row]) -> Figure:
    inputs = (
        Input("part", part.key),
        Input("name", name),
        Input("averageWeight", part.average_weight, "fraction"),
    )
    return figure(
        formulas.CONTRIBUTION_OF_PART, part.value, inputs=inputs, table=Table(_DAY_COLUMNS, tuple(rows))
    )


def part_return(key: str, whole: Sequence[SubPeriod], parts: Sequence[Mapping[str, PartDay]]) -> Figure:
    """A part's own return: its gains over its own capital, linked.

    None while there was a gain and no capital, or a negative one, or where more than all of it was lost.
    """
    growth, reason = 1.0, None
    rows: list[tuple[date, date, Decimal, Decimal, float | None]] = []
    for sub, day in zip(whole, parts, strict=True):
        part = day.get(key)
        if part is None or (part.start == 0 and part.gain == 0):
            continue
        each = 1 + float(part.gain) / float(part.start) if part.start > 0 else None
        rows.append((sub.begin, sub.end, part.start, part.gain, each))
        if reason is None:
            reason = _undefined(part, each)
        growth *= each if each is not None else 1.0
    if not rows:
        reason = Reason.NEVER_FUNDED
    table = Table(("begin", "end", "start", "gain", "growth"), tuple(rows))
    value = growth - 1 if reason is None else None
    return figure(formulas.PART_RETURN, value, reason, inputs=(Input("part", key),), table=table)


def _undefined(part: PartDay, growth: float | None) -> Reason | None:
    if growth is None:
        return Reason.NEGATIVE_CAPITAL if part.start < 0 else Reason.NO_CAPITAL
    return Reason.LOSS_BEYOND_CAPITAL if growth < 0 else None
