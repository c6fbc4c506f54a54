"""A return divided: what each part of a scope contributed, and why it differs from the benchmark."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.parts import (
    PartKind,
    PartRow,
    PartShare,
    SecurityFacts,
    facts_of,
    parts_of,
)
from wealthnexus.domain.performance.rules import attribution as attributing
from wealthnexus.domain.performance.rules import contribution as contributing
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.contribution import PartDay, contributions
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Figure, Reason, figure
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.rules.scopes import Effect
from wealthnexus.domain.performance.rules.time_weighted import SubPeriod
from wealthnexus.kit.db.session import Reader

CASH: Final = "CASH"
"""Cash and what it earns and pays: what securities and advisory fees do not explain."""
FEES: Final = "FEES"
"""Advisory and performance fees, which take part in a net return without capital of their own."""
REST: Final = "REST"
_PRECISION: Final = 34
_NOTHING: Final = Decimal("0.005")

PartDays = list[dict[str, PartDay]]


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part over a period. ``value``: its own linked return, None while it had no capital."""

    key: str
    label: str
    weight: float
    contribution: float
    value: Figure


@dataclass(frozen=True, slots=True)
class Divided:
    """The parts, largest contribution first, and their sum: the return of the whole, or the reason."""

    parts: tuple[PartShown, ...]
    total: Figure


# -- parts by day ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sum:
    opening: Decimal = ZERO
    gain: Decimal = ZERO
    arrived: Decimal = ZERO


async def divided(
    reader: Reader, book: ScopeBook, period: Period, kind: PartKind | None, basis: FeeBasis
) -> Divided:
    """The contribution of each part; ``kind`` None: of each account."""
    measured = book.figures(period, basis).measured
    if measured.value is None:
        return Divided((), figure(formulas.CONTRIBUTION, None, measured.reason))
    subs, days, labels = await _parts(reader, book, period, kind, basis)
    found = contributions(subs, days)
    total = contributing.figure_of(found)
    shown = [
        PartShown(
            part.key, labels.get(part.key, part.key), part.average_weight, part.value, _own(part.key, days)
        )
        for part in found.parts
    ]
    shown.sort(key=lambda part: (-part.contribution, part.key))
    return Divided(tuple(shown), total)


def _own(key: str, days: PartDays) -> Figure:
    """A part's own return: its gains over its own capital, linked."""
    growth = 1.0
    had_capital = False
    for day in days:
        part = day.get(key)
        if part is None or (part.start == 0 and part.gain == 0):
            continue
        if part.start <= 0:
            reason = Reason.NEGATIVE_CAPITAL if part.start < 0 else Reason.NO_CAPITAL
            return figure(formulas.LINKED, None, reason)
        had_capital = True
        growth *= 1 + float(part.gain) / float(part.start)
    if not had_capital:
        return figure(formulas.LINKED, None, Reason.NEVER_FUNDED)
    return figure(formulas.LINKED, growth - 1)


async def _parts(
    reader: Reader, book: ScopeBook, period: Period, kind: PartKind | None, basis: FeeBasis
) -> tuple[Sequence[SubPeriod], PartDays, Mapping[str, str]]:
    """The sub-periods with capital, the parts of each, and the names of the parts."""
    measured = book.figures(period, basis).measured
    subs = [sub for sub in measured.sub_periods if sub.start or sub.end_capital]
    if not subs:
        return subs, [], {}
    listed = [row.day for row in book.series.days]
    span = bisect_right(listed, subs[0].begin), bisect_right(listed, subs[-1].end) - 1
    with localcontext(prec=_PRECISION):
        if kind is None:
            sums = _of_accounts(book, listed, span, basis)
            labels = {str(key): name for key, name in book.members.names.items()}
            return subs, _by_sub(subs, listed, sums, REST), {**labels, REST: "Not of an account"}
        shares = list(_shares(book, listed))
        rows = await parts_of(
            reader,
            book.view,
            shares,
            listed,
            span=(span[0] + 1, span[1] + 1),
            currency=book.currency,
            kind=kind,
        )
        moved = [row.security_id for row in book.rows if row.units and row.security_id is not None]
        named = [UUID(row.key) for row in rows] if kind is PartKind.SECURITY else []
        facts = await facts_of(reader, list({*moved, *named}))
        sums = _of_parts(book, listed, rows, kind, facts, shares=shares)
        labels = {CASH: texts.CASH(), FEES: texts.FEES()}
        if kind is PartKind.SECURITY:
            labels |= {str(key): fact.name for key, fact in facts.items()}
        fees = _fees(book) if basis is FeeBasis.NET else {}
        return subs, _by_sub(subs, listed, sums, CASH, fees), labels


Sums = dict[int, dict[str, _Sum]]


def _fees(book: ScopeBook) -> dict[int, Decimal]:
    """What the scope bore in advisory fees, by listed day from 0; rebates are negative."""
    charged = ((n, row.fees + row.fees_elsewhere) for n, row in enumerate(book.series.days))
    return {n: amount for n, amount in charged if amount}


def _of_parts(
    book: ScopeBook,
    listed: Sequence[date],
    rows: Sequence[PartRow],
    kind: PartKind,
    facts: Mapping[UUID, SecurityFacts],
    *,
    shares: Sequence[PartShare],
) -> Sums:
    """Opening value and gain of each part on each day; what moved in kind is a flow between parts."""
    at = {day: n for n, day in enumerate(listed)}
    sums: Sums = {}
    for row in rows:
        found = sums.setdefault(at[row.day], {}).setdefault(row.key, _Sum())
        found.opening += row.opening
        found.gain += row.closing - row.opening + row.paid
        found.arrived += max(-row.paid, ZERO)
    by_account: dict[UUID, list[PartShare]] = {}
    for each in shares:
        by_account.setdefault(each.account_id, []).append(each)
    for moved in book.rows:
        worth = moved.flow
        if not moved.units or moved.of_action or moved.security_id is None or worth is None:
            continue
        n = bisect_left(listed, moved.day)
        own = sums.get(n, {}).get(facts[moved.security_id].key(kind, moved.security_id))
        share = next(
            (s.share for s in by_account.get(moved.account_id, ()) if s.first <= n + 1 <= s.last), ZERO
        )
        if own is not None:
            own.gain -= worth * share
            own.arrived += max(worth * share, ZERO)
    return sums


def _of_accounts(book: ScopeBook, listed: Sequence[date], span: tuple[int, int], basis: FeeBasis) -> Sums:
    """The same of each account, from its values and movements."""
    flows: dict[tuple[UUID, int], Decimal] = {}
    for row in book.rows:
        is_fee = row.type in {"ADVISORY_FEE", "EXPENSE"}
        worth = row.amount if is_fee else row.flow
        if (
            row.of_action
            or row.paid_elsewhere
            or worth is None
            or (is_fee and (row.type == "EXPENSE" or basis is FeeBasis.NET))
        ):
            continue
        key = row.account_id, bisect_left(listed, row.day)
        flows[key] = flows.get(key, ZERO) + worth
    sums: Sums = {}
    for share in _shares(book, listed):
        values = book.values.get(share.account_id, {})
        for n in range(max(share.first - 1, span[0]), min(share.last, span[1] + 1)):
            before = values.get(listed[n - 1]) if n else None
            opening, closing = before or ZERO, values.get(listed[n]) or ZERO
            flow = flows.get((share.account_id, n), ZERO)
            if opening or closing or flow:
                found = sums.setdefault(n, {}).setdefault(str(share.account_id), _Sum())
                found.opening += share.share * opening
                found.gain += share.share * (closing - opening - flow)
                found.arrived += share.share * max(flow, ZERO)
    return sums


def _shares(book: ScopeBook, listed: Sequence[date]) -> Iterator[PartShare]:
    """Which share of each account takes part in the result of which listed days, counted from 1.

    What joined at the closing value of a day takes part from the next.
    """
    at_close = {
        (each.account, each.day)
        for each in book.series.applied
        if each.effect is Effect.FLOW and not each.reference and each.amount > 0
    }
    for one in book.members.memberships:
        if not isinstance(one.account, UUID):
            continue
        first = bisect_left(listed, one.first_day) + 1
        last = len(listed) if one.end is None else bisect_left(listed, one.end)
        if first <= len(listed) and (one.account, listed[first - 1]) in at_close:
            first += 1
        if first <= last:
            share = Decimal(one.share.numerator) / one.share.denominator
            yield PartShare(one.account, first, last, share)


def _by_sub(
    subs: Sequence[SubPeriod],
    listed: Sequence[date],
    sums: Sums,
    rest: str,
    fees: Mapping[int, Decimal] = MappingProxyType({}),
) -> PartDays:
    """Parts per sub-period; what they and the fees leave of its capital and gain is that of ``rest``."""
    found: PartDays = []
    for sub in subs:
        first, last = bisect_right(listed, sub.begin), bisect_right(listed, sub.end)
        starts: dict[str, Decimal] = {}
        gains: dict[str, Decimal] = {}
        for n in range(first, last):
            for key, each in sums.get(n, {}).items():
                starts[key] = starts.get(key, ZERO) + each.arrived + (each.opening if n == first else ZERO)
                gains[key] = gains.get(key, ZERO) + each.gain
        if charged := sum((fees.get(n, ZERO) for n in range(first, last)), ZERO):
            starts[FEES], gains[FEES] = ZERO, -charged
        left = sub.start - sum(starts.values(), ZERO), sub.end_capital - sub.start - sum(gains.values(), ZERO)
        parts = {key: PartDay(starts[key], gains[key]) for key in starts if starts[key] or gains[key]}
        if rest == CASH or abs(left[1]) > _NOTHING:
            parts[rest] = PartDay(*left)
        found.append(parts)
    return found


# -- beside the benchmark ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """A segment over a period: average start weights, linked returns, effects that sum to the difference."""

    key: str
    portfolio_weight: float
    benchmark_weight: float
    portfolio_return: float | None
    benchmark_return: float | None
    effects: attributing.Effects


@dataclass(frozen=True, slots=True)
class Attributed:
    segments: tuple[SegmentShown, ...]
    total: Figure


async def attributed(reader: Reader, book: ScopeBook, period: Period) -> Attributed:
    """Brinson and Fachler by asset class, day by day, linked by the policy's method."""
    if book.benchmark is None:
        return Attributed((), figure(formulas.ATTRIBUTION, None, Reason.NO_DATA))
    measured = book.figures(period, FeeBasis.NET).measured
    if measured.value is None:
        return Attributed((), figure(formulas.ATTRIBUTION, None, measured.reason))
    subs, days, _ = await _parts(reader, book, period, PartKind.ASSET_CLASS, FeeBasis.NET)
    days = [_with_cash(day) for day in days]
    beside = _segments_beside(book, subs)
    if any(each is None for each in beside):
        return Attributed((), figure(formulas.ATTRIBUTION, None, Reason.LEVEL_MISSING))
    policy = book.conventions
    periods = [
        attributing.brinson_fachler(_segments(sub, day, other or {}), policy.interaction)
        for sub, day, other in zip(subs, days, beside, strict=True)
    ]
    linked = attributing.link_attribution(periods, policy.linking_method)
    total = attributing.figure_of(linked, policy)
    shown = [
        _segment_shown(effects, subs, days, [each or {} for each in beside]) for effects in linked.effects
    ]
    return Attributed(tuple(shown), total)


def _with_cash(day: dict[str, PartDay]) -> dict[str, PartDay]:
    """Fees as part of what cash earned: without capital of their own they have no return to attribute."""
    fees = day.get(FEES)
    if fees is None:
        return day
    cash = day.get(CASH, PartDay(ZERO, ZERO))
    rest = {key: part for key, part in day.items() if key != FEES}
    return {**rest, CASH: PartDay(cash.start, cash.gain + fees.gain)}


Beside = dict[str, tuple[float, float]]
"""By segment: start weight and growth of the benchmark."""


def _segments_beside(book: ScopeBook, subs: Sequence[SubPeriod]) -> list[Beside | None]:
    """The benchmark's segments in each sub-period; None where a level is missing."""
    if book.benchmark is None:
        return [None for _ in subs]
    rows, parts = book.benchmark.days, book.benchmark.parts
    places = [row.day for row in rows]
    found: list[Beside | None] = []
    for sub in subs:
        within = rows[bisect_right(places, sub.begin) : bisect_right(places, sub.end)]
        if not within or any(row.growth is None for row in within):
            found.append(None)
            continue
        ends: dict[str, float] = {index: weight for index, (weight, _) in within[0].parts.items()}
        starts = dict(ends)
        for row in within:
            for index, (_, growth) in row.parts.items():
                ends[index] = ends.get(index, 0.0) * growth
        segments: dict[str, list[float]] = {}
        for index, start in starts.items():
            both = segments.setdefault(parts[index].asset_class or CASH, [0.0, 0.0])
            both[0] += start
            both[1] += ends[index]
        found.append({key: (start, end / start) for key, (start, end) in segments.items() if start})
    return found


def _segments(sub: SubPeriod, day: Mapping[str, PartDay], beside: Beside) -> list[attributing.SegmentReturn]:
    start = float(sub.start)
    found = []
    for key in sorted({*day, *beside}):
        part = day.get(key)
        weight, growth = beside.get(key, (0.0, None))
        own = 0.0 if part is None or not start else float(part.start) / start
        value = float(part.gain) / float(part.start) if part is not None and part.start else None
        found.append(
            attributing.SegmentReturn(key, own, value, weight, None if growth is None else growth - 1)
        )
    return found


def _segment_shown(
    effects: attributing.Effects,
    subs: Sequence[SubPeriod],
    days: PartDays,
    beside: Sequence[Beside],
) -> SegmentShown:
    key, length = effects.segment, sum((sub.end - sub.begin).days for sub in subs)
    own, other = 0.0, 0.0
    growths: list[float] = []
    for sub, day, each in zip(subs, days, beside, strict=True):
        span = (sub.end - sub.begin).days
        part = day.get(key)
        if part is not None and sub.start:
            own += span * float(part.start) / float(sub.start)
        weight, growth = each.get(key, (0.0, 1.0))
        other += span * weight
        growths.append(growth)
    linked = math.prod(growths) - 1 if any(key in each for each in beside) else None
    return SegmentShown(key, own / length, other / length, _own(key, days).value, linked, effects)
