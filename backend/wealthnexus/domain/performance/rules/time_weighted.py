"""The time-weighted return: daily where every day has a value, Modified Dietz across days without one.

Source: docs/domain/performance.md; GIPS 2020. Returns are float64 from exact Decimal sums of capital.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from operator import attrgetter
from typing import Final

from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.days import ZERO, ScopeDay, check_days
from wealthnexus.domain.performance.rules.figures import Figure, Input, Reason, Table, figure
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    DatedPolicy,
    FeeBasis,
    FlowTiming,
    GapTreatment,
)

_PRECISION: Final = 34
_ONE_DAY: Final = timedelta(days=1)
_END_OF: Final = attrgetter("end")


class Method(StrEnum):
    """How a sub-period was measured. HOLDING: days without a value and without a flow, which is exact;
    IDLE: no capital took part."""

    DAILY = "DAILY"
    HOLDING = "HOLDING"
    MODIFIED_DIETZ = "MODIFIED_DIETZ"
    IDLE = "IDLE"


class Flag(StrEnum):
    LARGE_FLOW_WITHOUT_VALUE = "LARGE_FLOW_WITHOUT_VALUE"


@dataclass(frozen=True, slots=True)
class WeightedFlow:
    """A flow (in +, out -) and the days of the sub-period in which it took part."""

    day: date
    amount: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class SubPeriod:
    """From the close of ``begin`` to the close of ``end``; ``growth`` is 1 + return, None with a reason.

    ``start`` and ``end_capital`` are the two sides of the ratio; of a Modified Dietz sub-period they are the
    average capital and the average capital plus the gain, so that growth = end_capital / start everywhere.
    ``charge``: what fees add to (gross) or take from (net) the end. ``weighted``: the flows of a Modified
    Dietz sub-period, of which capital was there after the close of ``weighted_from`` until ``weighted_to``.
    """

    begin: date
    end: date
    method: Method
    opening: Decimal
    opening_change: Decimal
    inflow: Decimal
    outflow: Decimal
    charge: Decimal
    closing: Decimal
    start: Decimal
    end_capital: Decimal
    growth: float | None
    reason: Reason | None = None
    flags: tuple[Flag, ...] = ()
    weighted: tuple[WeightedFlow, ...] = ()
    weighted_from: date | None = None
    weighted_to: date | None = None

    @property
    def value(self) -> float | None:
        return None if self.growth is None else self.growth - 1


@dataclass(frozen=True, slots=True)
class Segment:
    """An unbroken run with capital: ``end`` is its last day."""

    begin: date
    end: date
    value: float | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class TimeWeighted:
    """The linked return from the close of ``begin`` to the close of ``end``, or the reason there is none.

    ``measured_from`` is later than ``begin`` when the scope had no capital before.
    """

    basis: FeeBasis
    begin: date
    end: date
    value: float | None
    reason: Reason | None
    measured_from: date
    sub_periods: tuple[SubPeriod, ...]
    segments: tuple[Segment, ...]

    @property
    def undefined(self) -> tuple[SubPeriod, ...]:
        """The sub-periods because of which there may be no value."""
        return tuple(each for each in self.sub_periods if each.growth is None)

    @property
    def uses_modified_dietz(self) -> bool:
        return any(each.method is Method.MODIFIED_DIETZ for each in self.sub_periods)


def time_weighted(
    days: Sequence[ScopeDay],
    *,
    begin: date,
    end: date,
    basis: FeeBasis,
    policy: DatedPolicy,
    full_history: bool = False,
    made: Sequence[SubPeriod] | None = None,
) -> TimeWeighted:
    """The return from the close of ``begin`` to the close of ``end``.

    ``full_history``: a scope without capital at ``begin`` has no figure (1Y, 3Y, 5Y, 10Y); otherwise it is
    measured from its first funded day. ``made``: ``every_sub_period`` of the same days, basis and policy.
    ValueError: rows out of order, or ``end`` before ``begin``.
    """
    if end < begin:
        raise ValueError(f"a period from {begin} to {end} ends before it begins")
    if made is None:
        check_days(days)
    first = bisect_right(days, begin, key=lambda row: row.day)
    last = bisect_right(days, end, key=lambda row: row.day)
    opening_row = days[first - 1] if first else None
    rows = days[first:last]
    missing = _boundary(opening_row, rows)
    if missing is not None:
        return TimeWeighted(basis, begin, end, None, missing, begin, (), ())
    if made is None:
        subs = tuple(sub_periods(opening_row, rows, basis=basis, policy=policy))
    else:
        first, last = (bisect_right(made, day, key=_END_OF) for day in (begin, end))
        subs = tuple(made[first:last])
    segments = _segments(subs, policy.on(end).gap_treatment)
    measured_from = _measured_from(subs, begin, had_capital=bool(opening_row and opening_row.value))
    value, reason = _whole(segments, late=full_history and measured_from > begin)
    return TimeWeighted(basis, begin, end, value, reason, measured_from, subs, segments)


def every_sub_period(
    days: Sequence[ScopeDay], *, basis: FeeBasis, policy: DatedPolicy
) -> tuple[SubPeriod, ...]:
    """The sub-periods of all days, of which those of any period with a value at its begin and at its end are
    a part: each value starts anew. ValueError: rows out of order."""
    check_days(days)
    return tuple(sub_periods(None, days, basis=basis, policy=policy))


def _boundary(opening_row: ScopeDay | None, rows: Sequence[ScopeDay]) -> Reason | None:
    if not rows:
        return Reason.NO_DATA
    if opening_row is not None and opening_row.value is None:
        return Reason.OPENING_VALUE_MISSING
    return Reason.CLOSING_VALUE_MISSING if rows[-1].value is None else None


def sub_periods(
    opening_row: ScopeDay | None, rows: Sequence[ScopeDay], *, basis: FeeBasis, policy: DatedPolicy
) -> Iterator[SubPeriod]:
    """One sub-period from each value to the next; rows without a value go into the one that follows them.

    Without an opening row the scope starts from nothing the day before its first row. Rows after the last
    value make no sub-period.
    """
    if opening_row is not None:
        begin, opening = opening_row.day, opening_row.value or ZERO
    elif rows:
        begin, opening = rows[0].day - _ONE_DAY, ZERO
    gap: list[ScopeDay] = []
    for row in rows:
        gap.append(row)
        if row.value is None:
            continue
        if len(gap) == 1 or not _moves(gap, basis):
            yield _daily(begin, opening, gap, basis, policy.on(row.day).flow_timing)
        else:
            yield _modified_dietz(begin, opening, gap, basis, policy.on(row.day))
        begin, opening = row.day, row.value
        gap = []


def _moves(gap: Sequence[ScopeDay], basis: FeeBasis) -> bool:
    """Whether capital moved on days without a value; of a gross return fees are flows."""
    fees = basis is FeeBasis.GROSS and any(row.fees for row in gap[:-1])
    return fees or any(row.has_flow for row in gap)


def capital_of_day(
    opening: Decimal, row: ScopeDay, *, basis: FeeBasis, timing: FlowTiming
) -> tuple[Decimal, Decimal]:
    """Start and end capital of one valued day, whose ratio is its growth; columns take the same two."""
    closing = row.value if row.value is not None else ZERO
    start, end = opening + row.opening_change, closing + _charge(row, basis)
    if timing is FlowTiming.SPLIT:
        return start + row.inflow, end + row.outflow
    if timing is FlowTiming.START_OF_DAY:
        return start + row.inflow - row.outflow, end
    return start, end + row.outflow - row.inflow


def _charge(row: ScopeDay, basis: FeeBasis) -> Decimal:
    """What is added to the end: fees paid here are no loss of the gross return; what others paid costs."""
    if basis is FeeBasis.GROSS:
        return row.fees - row.expenses_elsewhere
    return -row.fees_elsewhere - row.expenses_elsewhere


def _daily(
    begin: date, opening: Decimal, gap: Sequence[ScopeDay], basis: FeeBasis, timing: FlowTiming
) -> SubPeriod:
    """One day, or several without a flow."""
    row = gap[-1]
    start, end = capital_of_day(opening, row, basis=basis, timing=timing)
    if len(gap) > 1:
        end += sum((_charge(each, basis) for each in gap[:-1]), ZERO)
    growth, reason = (None, Reason.FLOW_VALUE_MISSING) if row.flow_unknown else _growth(start, end)
    idle = start == 0 and end == 0
    method = Method.IDLE if idle else Method.DAILY if len(gap) == 1 else Method.HOLDING
    return _sub_period(
        begin, opening, gap, basis=basis, method=method, start=start, end=end, growth=growth, reason=reason
    )


def _growth(start: Decimal, end: Decimal) -> tuple[float | None, Reason | None]:
    if start > 0:
        return float(end) / float(start), None
    if start < 0:
        return None, Reason.NEGATIVE_CAPITAL
    return (1.0, None) if end == 0 else (None, Reason.NO_CAPITAL)


def _sub_period(
    begin: date,
    opening: Decimal,
    gap: Sequence[ScopeDay],
    *,
    basis: FeeBasis,
    method: Method,
    start: Decimal,
    end: Decimal,
    growth: float | None,
    reason: Reason | None,
    flags: tuple[Flag, ...] = (),
    weighted: tuple[WeightedFlow, ...] = (),
    span: tuple[date | None, date | None] = (None, None),
) -> SubPeriod:
    change = inflow = outflow = charge = ZERO
    for row in gap:
        change += row.opening_change
        inflow += row.inflow
        outflow += row.outflow
        charge += _charge(row, basis)
    last = gap[-1]
    return SubPeriod(
        begin,
        last.day,
        method,
        opening,
        change,
        inflow,
        outflow,
        charge,
        last.value if last.value is not None else ZERO,
        start,
        end,
        growth,
        reason,
        flags,
        weighted,
        *span,
    )


def _modified_dietz(
    begin: date, opening: Decimal, gap: Sequence[ScopeDay], basis: FeeBasis, policy: CalculationPolicy
) -> SubPeriod:
    """Days without a value and with flows. The days before the first flow into nothing, and after the last
    flow out to nothing, had no capital and do not count."""
    last = gap[-1]
    closing = last.value if last.value is not None else ZERO
    moving = [row.day for row in gap if row.has_flow]
    first_day = begin if opening or not moving else moving[0] - _ONE_DAY
    last_day = last.day if closing or not moving else moving[-1]
    weighted = tuple(_weighted_flows(gap, last_day, basis, policy.dietz_timing))
    net = sum((row.net_flow for row in gap), ZERO)
    charge = sum((_charge(row, basis) for row in gap), ZERO)
    with localcontext(prec=_PRECISION):
        length = (last_day - first_day).days
        capital_days = opening * length + sum((flow.amount * flow.days for flow in weighted), ZERO)
        start = capital_days / length
        end = start + closing - opening - net + charge
    unknown = any(row.flow_unknown for row in gap)
    growth, reason = (None, Reason.FLOW_VALUE_MISSING) if unknown else _growth(start, end)
    limit = policy.large_flow_share * abs(opening)
    large = any(max(row.inflow, row.outflow, abs(row.opening_change)) > limit for row in gap)
    flags = (Flag.LARGE_FLOW_WITHOUT_VALUE,) if large else ()
    return _sub_period(
        begin,
        opening,
        gap,
        basis=basis,
        method=Method.MODIFIED_DIETZ,
        start=start,
        end=end,
        growth=growth,
        reason=reason,
        flags=flags,
        weighted=weighted,
        span=(first_day, last_day),
    )


def _weighted_flows(
    gap: Sequence[ScopeDay], last_day: date, basis: FeeBasis, timing: FlowTiming
) -> Iterator[WeightedFlow]:
    """Each flow with the days it took part in: those after its day, and its day if it came at its start."""
    for row in gap:
        at_end = max((last_day - row.day).days, 0)
        at_start = at_end + 1
        into = at_end if timing is FlowTiming.END_OF_DAY else at_start
        out_of = at_start if timing is FlowTiming.START_OF_DAY else at_end
        fees = row.fees if basis is FeeBasis.GROSS else ZERO
        for amount, days in (
            (row.opening_change, at_start),
            (row.inflow, into),
            (-row.outflow, out_of),
            (-fees, at_end),
        ):
            if amount:
                yield WeightedFlow(row.day, amount, days)


# -- linking -------------------------------------------------------------------------------------------


def linked(subs: Sequence[SubPeriod]) -> tuple[float | None, Reason | None]:
    """The product of the growths less 1; None when one is undefined, or a loss of more than everything is
    followed by further days."""
    product, lost = 1.0, False
    for each in subs:
        if each.growth is None:
            return None, Reason.UNDEFINED_SUB_PERIOD
        if lost and each.method is not Method.IDLE:
            return None, Reason.LOSS_BEYOND_CAPITAL
        product *= each.growth
        lost = lost or each.growth < 0
    return product - 1, None


def _is_gap(sub: SubPeriod) -> bool:
    return sub.method is Method.IDLE and sub.opening == 0 and sub.closing == 0 and not sub.inflow


def _segments(subs: Sequence[SubPeriod], treatment: GapTreatment) -> tuple[Segment, ...]:
    """Runs with capital; with ``LINK_AT_ZERO`` one run from the first to the last day with capital."""
    funded = [at for at, sub in enumerate(subs) if not _is_gap(sub)]
    if not funded:
        return ()
    runs: list[list[SubPeriod]] = []
    if treatment is GapTreatment.LINK_AT_ZERO:
        runs.append(list(subs[funded[0] : funded[-1] + 1]))
    else:
        for before, at in zip([-2, *funded], funded, strict=False):
            if at != before + 1:
                runs.append([])
            runs[-1].append(subs[at])
    return tuple(Segment(run[0].begin, run[-1].end, *linked(run)) for run in runs)


def _measured_from(subs: Sequence[SubPeriod], begin: date, *, had_capital: bool) -> date:
    if had_capital:
        return begin
    return next((max(sub.begin, begin) for sub in subs if not _is_gap(sub)), begin)


def _whole(segments: Sequence[Segment], *, late: bool) -> tuple[float | None, Reason | None]:
    if not segments:
        return None, Reason.NEVER_FUNDED
    if late:
        return None, Reason.HISTORY_TOO_SHORT
    if len(segments) > 1:
        return None, Reason.ZERO_VALUE_GAP
    return segments[0].value, segments[0].reason


def inception(days: Sequence[ScopeDay], treatment: GapTreatment) -> date | None:
    """The ``begin`` of a figure since inception: the day before the first funded day of the running segment.

    A book that starts with a value and without the flow that made it begins at the close of that day. With
    ``LINK_AT_ZERO`` the first segment counts. None when there never was capital.
    """
    found: date | None = None
    had_capital = False
    for row in days:
        if row.is_idle:
            if treatment is GapTreatment.RESTART:
                had_capital = False
            continue
        if not had_capital:
            found = row.day - _ONE_DAY if row.has_flow else row.day
            had_capital = row.has_flow or bool(row.value)
    return found


# -- the figure ----------------------------------------------------------------------------------------


_COLUMNS: Final = (
    "begin",
    "end",
    "method",
    "opening",
    "openingChange",
    "inflow",
    "outflow",
    "charge",
    "closing",
    "start",
    "endCapital",
    "growth",
    "reason",
    "flags",
)
_ROW: Final = attrgetter(
    "begin",
    "end",
    "method",
    "opening",
    "opening_change",
    "inflow",
    "outflow",
    "charge",
    "closing",
    "start",
    "end_capital",
    "growth",
    "reason",
)


def figure_of(result: TimeWeighted, policy: DatedPolicy, currency: str) -> Figure:
    """The linked return with its sub-periods, ready to be explained; each Modified Dietz sub-period is a part
    with its flows. Conventions that changed within the period are named with their day."""
    last = policy.on(result.end)
    rows = tuple((*_ROW(each), " ".join(each.flags)) for each in result.sub_periods)
    inputs = (
        Input("begin", result.begin),
        Input("end", result.end),
        Input("measuredFrom", result.measured_from),
        Input("basis", result.basis),
        Input("currency", currency),
        Input("dailyFlowTiming", last.flow_timing),
        Input("modifiedDietzFlowTiming", last.dietz_timing),
        *(
            Input("conventions", f"{each.version} from {day.isoformat()}")
            for day, each in policy.changes(result.begin, result.end)
        ),
    )
    parts = (_dietz_figure(each) for each in result.sub_periods if each.method is Method.MODIFIED_DIETZ)
    return figure(
        formulas.LINKED, result.value, result.reason, inputs=inputs, table=Table(_COLUMNS, rows), parts=parts
    )


def _dietz_figure(sub: SubPeriod) -> Figure:
    inputs = (
        Input("begin", sub.begin),
        Input("end", sub.end),
        Input("opening", sub.opening),
        Input("closing", sub.closing),
        Input("capitalFrom", sub.weighted_from),
        Input("capitalTo", sub.weighted_to),
        Input("averageCapital", sub.start),
    )
    table = Table(("day", "flow", "days"), tuple((flow.day, flow.amount, flow.days) for flow in sub.weighted))
    return figure(formulas.MODIFIED_DIETZ, sub.value, sub.reason, inputs=inputs, table=table)
