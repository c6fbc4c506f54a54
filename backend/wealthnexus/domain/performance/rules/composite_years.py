"""A composite from month to month and from year to year, as a GIPS report shows it.

A portfolio takes part in a month when it belongs on all its days, has a value at its opening and its close,
and is not below the composite's minimum at the opening: what joins or is funded within a month counts from
the next one, what leaves or is emptied up to the last whole one. Months are weighted by opening value, years
are their months linked. Source: GIPS 2020.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from wealthnexus.domain.performance.rules import formulas, statistics
from wealthnexus.domain.performance.rules.composites import (
    CompositeMembership,
    MemberPeriod,
    Spread,
    composite_return,
    dispersion,
    members_throughout,
    spread_of,
)
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.policy import CalculationPolicy

MONTHS_OF_A_YEAR: Final = 12
DEVIATION_MONTHS: Final = 36
_ONE_DAY: Final = timedelta(days=1)
Month = tuple[int, int]
"""Year and month, from 1."""


class LeftOut(StrEnum):
    """Why a portfolio that belongs does not take part in a month."""

    NOT_FUNDED = "NOT_FUNDED"
    EMPTIED = "EMPTIED"
    BELOW_MINIMUM = "BELOW_MINIMUM"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is known of a portfolio: its value at the last day of each month (None: missing; not there: it had
    no books) in the composite's currency, and its returns by month, None where one has none. ``approximate``:
    months in which Modified Dietz stood in for missing daily values."""

    key: str
    values: Mapping[date, Decimal | None]
    net: Mapping[Month, float | None]
    gross: Mapping[Month, float | None]
    approximate: frozenset[Month] = frozenset()


@dataclass(frozen=True, slots=True)
class CompositeMonth:
    """From the close of ``begin`` to the close of ``end``. ``closing`` None: a value is missing.
    ``is_approximate``: the month of a member is."""

    begin: date
    end: date
    net: Figure
    gross: Figure
    members: tuple[str, ...]
    left_out: tuple[tuple[str, LeftOut], ...]
    closing: Decimal | None
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class CompositeYear:
    """The months of a calendar year in which the composite had members.

    ``members``: at the end of the year; ``assets``: of those, None while a value is missing. Dispersion and
    ``spread`` are of the gross returns of portfolios that took part in all twelve months, ``compared`` of
    them; the deviation is of the composite's gross monthly returns.
    """

    year: int
    begin: date
    end: date
    months: tuple[CompositeMonth, ...]
    net: Figure
    gross: Figure
    equal_weighted: Figure
    asset_weighted: Figure
    spread: Spread | None
    compared: int
    deviation: Figure
    members: int
    assets: Decimal | None


def whole_months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The months that begin on or after ``first`` and end by ``last``: the last days of the month before and
    of the month itself."""
    year, month = (first.year, first.month) if first.day == 1 else _next(first.year, first.month)
    while True:
        following = _next(year, month)
        begin, end = date(year, month, 1) - _ONE_DAY, date(*following, 1) - _ONE_DAY
        if end > last:
            return
        yield begin, end
        year, month = following


def _next(year: int, month: int) -> Month:
    return (year, month + 1) if month < MONTHS_OF_A_YEAR else (year + 1, 1)


def composite_months(
    memberships: Sequence[CompositeMembership],
    portfolios: Mapping[str, Portfolio],
    last: date,
    minimum: Decimal | None = None,
) -> list[CompositeMonth]:
    """The whole months since the first membership, up to ``last``, oldest first; those before anybody took
    part are left out."""
    if not memberships:
        return []
    found: list[CompositeMonth] = []
    for begin, end in whole_months(min(one.first_day for one in memberships), last):
        month = _month(memberships, portfolios, begin, end, minimum)
        if found or month.members:
            found.append(month)
    return found


def _month(
    memberships: Sequence[CompositeMembership],
    portfolios: Mapping[str, Portfolio],
    begin: date,
    end: date,
    minimum: Decimal | None,
) -> CompositeMonth:
    takes_part: list[str] = []
    left_out: list[tuple[str, LeftOut]] = []
    for key in members_throughout(memberships, begin, end):
        why = _left_out(portfolios[key], begin, end, minimum)
        if why is None:
            takes_part.append(key)
        else:
            left_out.append((key, why))
    closings = [portfolios[key].values.get(end) for key in takes_part]
    known = [value for value in closings if value is not None]
    month = end.year, end.month
    own = [portfolios[key] for key in takes_part]
    return CompositeMonth(
        begin,
        end,
        composite_return([_taking_part(each, begin, each.net.get(month)) for each in own]),
        composite_return([_taking_part(each, begin, each.gross.get(month)) for each in own]),
        tuple(takes_part),
        tuple(left_out),
        sum(known, Decimal(0)) if len(known) == len(closings) else None,
        any(month in each.approximate for each in own),
    )


def _left_out(one: Portfolio, begin: date, end: date, minimum: Decimal | None) -> LeftOut | None:
    """None too while a value is missing: leaving out what cannot be measured would be a choice of returns."""
    opening, closing = one.values.get(begin, Decimal(0)), one.values.get(end, Decimal(0))
    if opening == 0:
        return LeftOut.NOT_FUNDED
    if closing == 0:
        return LeftOut.EMPTIED
    if minimum is not None and opening is not None and opening < minimum:
        return LeftOut.BELOW_MINIMUM
    return None


def _taking_part(one: Portfolio, begin: date, value: float | None) -> MemberPeriod:
    opening = one.values.get(begin)
    if opening is None:
        return MemberPeriod(one.key, Decimal(0), None)
    return MemberPeriod(one.key, opening, value)


def composite_years(
    months: Sequence[CompositeMonth], portfolios: Mapping[str, Portfolio], policy: CalculationPolicy
) -> list[CompositeYear]:
    """The calendar years of the months, oldest first."""
    found = []
    for year, own in groupby(months, key=lambda each: each.end.year):
        within = tuple(own)
        until = [each for each in months if each.end <= within[-1].end]
        compared = _throughout(within, portfolios)
        whole = len(within) == MONTHS_OF_A_YEAR
        equal, weighted = (
            dispersion(compared, asset_weighted=asset)
            if whole
            else figure(formulas.DISPERSION, None, Reason.NOT_A_YEAR, inputs=(Input("months", len(within)),))
            for asset in (False, True)
        )
        found.append(
            CompositeYear(
                year,
                within[0].begin,
                within[-1].end,
                within,
                linked_months([each.net for each in within], within),
                linked_months([each.gross for each in within], within),
                equal,
                weighted,
                spread_of(compared) if whole and compared else None,
                len(compared) if whole else 0,
                ex_post_deviation([each.gross.value for each in until], policy),
                len(within[-1].members),
                within[-1].closing,
            )
        )
    return found


def linked_months(figures: Sequence[Figure], months: Sequence[CompositeMonth]) -> Figure:
    """The months' returns linked; None with the reason of the first that has none."""
    table = Table(
        ("begin", "end", "members", "return", "reason"),
        tuple(
            (month.begin, month.end, len(month.members), each.value, each.reason)
            for month, each in zip(months, figures, strict=True)
        ),
    )
    absent = next((each for each in figures if each.value is None), None)
    if absent is not None:
        return figure(formulas.COMPOSITE_YEAR, None, absent.reason, table=table, parts=figures)
    growth = math.prod(1 + (each.value or 0.0) for each in figures)
    return figure(formulas.COMPOSITE_YEAR, growth - 1, table=table, parts=figures)


def _throughout(
    months: Sequence[CompositeMonth], portfolios: Mapping[str, Portfolio]
) -> tuple[MemberPeriod, ...]:
    """Who took part in every month, with the opening value of the first and the gross returns linked."""
    keys = set(months[0].members).intersection(*(each.members for each in months))
    found = []
    for key in sorted(keys):
        one = portfolios[key]
        returns = [one.gross.get((each.end.year, each.end.month)) for each in months]
        value = None
        if all(each is not None for each in returns):
            value = math.prod(1 + (each or 0.0) for each in returns) - 1
        found.append(_taking_part(one, months[0].begin, value))
    return tuple(found)


def ex_post_deviation(returns: Sequence[float | None], policy: CalculationPolicy) -> Figure:
    """The annualised deviation of the last 36 monthly returns, which all have to be there."""
    last = list(returns[-DEVIATION_MONTHS:])
    monthly = replace(policy, periods_per_year=MONTHS_OF_A_YEAR, observations_min=DEVIATION_MONTHS)
    found = statistics.volatility(last, monthly)
    return replace(found, formula=formulas.EX_POST_DEVIATION)
