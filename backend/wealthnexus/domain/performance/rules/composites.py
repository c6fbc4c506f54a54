"""Composites: the return of all portfolios of one strategy, and how far they lie apart. Source: GIPS 2020."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure

DISPERSION_MEMBERS_MIN: Final = 6
"""GIPS asks for internal dispersion when six portfolios or more were in the composite the whole year."""


@dataclass(frozen=True, slots=True)
class CompositeMembership:
    """A portfolio belongs to the composite from ``first_day`` to the day before ``end``."""

    portfolio: str
    first_day: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class MemberPeriod:
    """A portfolio's opening value in the composite's currency and its return; None where it has none."""

    portfolio: str
    opening: Decimal
    value: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the returns of a composite's members lie apart; the two deviations are with n."""

    members: int
    lowest: float
    highest: float
    median: float
    equal_weighted_mean: float
    equal_weighted: float
    asset_weighted: float


def members_throughout(memberships: Sequence[CompositeMembership], begin: date, end: date) -> tuple[str, ...]:
    """Portfolios that belong from the day after ``begin`` up to and with ``end``: what joins or leaves within
    a period counts from the next full one, or up to the last full one."""
    spans: dict[str, list[CompositeMembership]] = {}
    for one in memberships:
        spans.setdefault(one.portfolio, []).append(one)
    return tuple(sorted(name for name, own in spans.items() if _covers(own, begin, end)))


def _covers(own: Sequence[CompositeMembership], begin: date, end: date) -> bool:
    """Whether memberships, which may follow one another without a day between, cover every day."""
    covered = begin.toordinal() + 1
    for one in sorted(own, key=lambda each: each.first_day):
        if one.first_day.toordinal() > covered:
            return False
        if one.end is None:
            return True
        covered = max(covered, one.end.toordinal())
    return covered > end.toordinal()


def composite_return(members: Sequence[MemberPeriod]) -> Figure:
    """The members' returns weighted by opening value.

    None with ``SEGMENT_RETURN_MISSING`` while a member has no return: leaving it out would be a choice of
    returns. None with ``NO_CAPITAL`` when the members have no value.
    """
    table = _table(members)
    inputs = (Input("members", len(members)),)
    if not members:
        return figure(formulas.COMPOSITE, None, Reason.NO_DATA, inputs=inputs)
    total = sum((each.opening for each in members), Decimal(0))
    if any(each.value is None for each in members):
        return figure(formulas.COMPOSITE, None, Reason.SEGMENT_RETURN_MISSING, inputs=inputs, table=table)
    if total <= 0 or any(each.opening < 0 for each in members):
        return figure(formulas.COMPOSITE, None, Reason.NO_CAPITAL, inputs=inputs, table=table)
    value = math.fsum(float(each.opening) * (each.value or 0.0) for each in members) / float(total)
    return figure(formulas.COMPOSITE, value, inputs=inputs, table=table)


def _table(members: Sequence[MemberPeriod]) -> Table:
    return Table(
        ("portfolio", "opening", "return"),
        tuple((each.portfolio, each.opening, each.value) for each in members),
    )


def spread_of(members: Sequence[MemberPeriod]) -> Spread | None:
    """Deviation, range and median of the members' returns; None unless all have one and a value."""
    returns = [each.value for each in members if each.value is not None]
    weights = [float(each.opening) for each in members]
    total = math.fsum(weights)
    if not returns or len(returns) != len(members) or total <= 0 or min(weights) < 0:
        return None
    equal_mean = math.fsum(returns) / len(returns)
    asset_mean = math.fsum(w * r for w, r in zip(weights, returns, strict=True)) / total
    ordered, half = sorted(returns), len(returns) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    squares = math.fsum((value - equal_mean) ** 2 for value in returns) / len(returns)
    weighted = math.fsum(w * (r - asset_mean) ** 2 for w, r in zip(weights, returns, strict=True)) / total
    return Spread(
        len(returns), ordered[0], ordered[-1], median, equal_mean, math.sqrt(squares), math.sqrt(weighted)
    )


def dispersion(members: Sequence[MemberPeriod], *, asset_weighted: bool) -> Figure:
    """The composite's internal dispersion of a year; None with fewer than six members of the whole year."""
    weighting = "ASSET_WEIGHTED" if asset_weighted else "EQUAL_WEIGHTED"
    inputs = (Input("members", len(members)), Input("weighting", weighting))
    table = _table(members)
    if len(members) < DISPERSION_MEMBERS_MIN:
        return figure(formulas.DISPERSION, None, Reason.TOO_FEW_OBSERVATIONS, inputs=inputs, table=table)
    spread = spread_of(members)
    if spread is None:
        return figure(formulas.DISPERSION, None, Reason.SEGMENT_RETURN_MISSING, inputs=inputs, table=table)
    value = spread.asset_weighted if asset_weighted else spread.equal_weighted
    return figure(formulas.DISPERSION, value, inputs=inputs, table=table)


def member_periods(
    memberships: Sequence[CompositeMembership],
    begin: date,
    end: date,
    openings: Mapping[str, Decimal],
    returns: Mapping[str, float | None],
) -> tuple[MemberPeriod, ...]:
    """What takes part in a period; a member without an opening value has one of 0 and no return."""
    return tuple(
        MemberPeriod(name, openings.get(name, Decimal(0)), returns.get(name) if name in openings else None)
        for name in members_throughout(memberships, begin, end)
    )
