"""The parts of a scope by day: what each was worth, what it gained, and what went between them.

A part (security, class, sector, currency, account) has capital of its own. What is bought for it, comes in
kind or goes on in it after a merger, a change of symbol or a spin-off is a flow into it: at the start of the
day what comes in, at its end what goes out, as of the whole. What the parts leave of the whole is cash.
"""

from __future__ import annotations

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
from wealthnexus.domain.performance.repository.exchanges import Exchange, exchanges_of
from wealthnexus.domain.performance.repository.parts import (
    PartKind,
    PartRow,
    PartShare,
    SecurityFacts,
    facts_of,
    parts_of,
)
from wealthnexus.domain.performance.rules.contribution import PartDay
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.flows import movements_of
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import ExpenseKind, FeeBasis
from wealthnexus.domain.performance.rules.scopes import Effect, MovementKind
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


@dataclass(slots=True)
class PartSum:
    """Of one part on one listed day. ``flow``: what came into it less what went out."""

    opening: Decimal = ZERO
    gain: Decimal = ZERO
    flow: Decimal = ZERO

    def move(self, worth: Decimal) -> None:
        """Something came in (+) or went out (-) that is no gain."""
        self.gain -= worth
        self.flow += worth


Sums = dict[int, dict[str, PartSum]]


async def part_days(
    reader: Reader, book: ScopeBook, period: Period, kind: PartKind | None, basis: FeeBasis
) -> tuple[Sequence[SubPeriod], PartDays, Mapping[str, str]]:
    """The sub-periods with capital, the parts of each, and the names of the parts; ``kind`` None: by
    account."""
    measured = book.figures(period, basis).measured
    subs = [sub for sub in measured.sub_periods if sub.start or sub.end_capital]
    if not subs:
        return subs, [], {}
    listed = [row.day for row in book.series.days]
    span = bisect_right(listed, subs[0].begin), bisect_right(listed, subs[-1].end) - 1
    with localcontext(prec=_PRECISION):
        if kind is None:
            sums = of_accounts(book, listed, span, basis)
            labels = {str(key): name for key, name in book.members.names.items()}
            return subs, by_sub_period(subs, listed, sums, REST), {**labels, REST: texts.NOT_OF_AN_ACCOUNT()}
        shares = list(shares_of(book, listed))
        rows = await parts_of(
            reader,
            book.view,
            shares,
            listed,
            span=(span[0] + 1, span[1] + 1),
            currency=book.currency,
            kind=kind,
        )
        exchanges = await exchanges_of(
            reader,
            book.view,
            sorted({each.account_id for each in shares}),
            listed,
            book.currency,
            journals={row.id for row in book.rows if row.of_action and row.type == "JOURNAL"},
        )
        named = {row.security_id for row in book.rows if row.units and row.security_id is not None}
        named |= {key for each in exchanges for key in (each.from_id, each.into_id)}
        named |= {UUID(row.key) for row in rows} if kind is PartKind.SECURITY else set()
        facts = await facts_of(reader, sorted(named))
        sums = of_parts(book, rows, exchanges, Grouping(kind, facts), shares)
        labels = {CASH: texts.CASH(), FEES: texts.FEES()}
        if kind is PartKind.SECURITY:
            labels |= {str(key): fact.name for key, fact in facts.items()}
        fees = _fees(book) if basis is FeeBasis.NET else {}
        return subs, by_sub_period(subs, listed, sums, CASH, fees), labels


def _fees(book: ScopeBook) -> dict[int, Decimal]:
    """What the scope bore in advisory fees, by listed day from 0; rebates are negative."""
    charged = ((n, row.fees + row.fees_elsewhere) for n, row in enumerate(book.series.days))
    return {n: amount for n, amount in charged if amount}


@dataclass(frozen=True, slots=True)
class Grouping:
    """Into which part a security belongs."""

    kind: PartKind
    facts: Mapping[UUID, SecurityFacts]

    def key(self, security_id: UUID) -> str | None:
        known = self.facts.get(security_id)
        return None if known is None else known.key(self.kind, security_id)


def of_parts(
    book: ScopeBook,
    rows: Sequence[PartRow],
    exchanges: Sequence[Exchange],
    grouping: Grouping,
    shares: Sequence[PartShare],
) -> Sums:
    """Opening value and gain of each part on each day; what moved in kind is a flow of the part, and what an
    action exchanged a flow from part to part."""
    listed = [row.day for row in book.series.days]
    at = {day: n for n, day in enumerate(listed)}
    sums: Sums = {}
    for row in rows:
        found = sums.setdefault(at[row.day], {}).setdefault(row.key, PartSum())
        found.opening += row.opening
        found.gain += row.closing - row.opening + row.paid
        found.flow -= row.paid
    by_account: dict[UUID, list[PartShare]] = {}
    for each in shares:
        by_account.setdefault(each.account_id, []).append(each)

    def share_of(account: UUID, place: int) -> Decimal:
        own = by_account.get(account, ())
        return next((one.share for one in own if one.first <= place <= one.last), ZERO)

    for moved in book.rows:
        in_kind = (moved.units or moved.is_excluded) and not moved.of_action
        if in_kind and moved.security_id is not None and moved.flow is not None:
            n = bisect_left(listed, moved.day)
            own = sums.get(n, {}).get(grouping.key(moved.security_id) or "")
            if own is not None:
                own.move(moved.flow * share_of(moved.account_id, n + 1))
    for exchange in exchanges:
        source, target = grouping.key(exchange.from_id), grouping.key(exchange.into_id)
        worth = exchange.worth * share_of(exchange.account_id, exchange.place)
        of_day = sums.get(exchange.place - 1)
        if source and target and source != target and worth and of_day is not None:
            of_day.setdefault(source, PartSum()).move(-worth)
            of_day.setdefault(target, PartSum()).move(worth)
    return sums


def of_accounts(book: ScopeBook, listed: Sequence[date], span: tuple[int, int], basis: FeeBasis) -> Sums:
    """The same of each account, from its values and movements. An expense is money that the payer gave, and
    a cost of the account it was billed for, where the return of the basis bears it."""
    flows: dict[tuple[UUID, int], Decimal] = {}
    charges: dict[tuple[UUID, int], Decimal] = {}
    for one in movements_of(book.rows).movements:
        n = bisect_left(listed, one.day)
        if isinstance(one.account, UUID):
            flows[one.account, n] = flows.get((one.account, n), ZERO) + one.amount
        if one.kind is not MovementKind.EXPENSE:
            continue
        treatment = book.policies.on(one.day).expenses[one.expense or ExpenseKind.OTHER]
        bears = treatment.reduces_net if basis is FeeBasis.NET else treatment.reduces_gross
        billed = one.account if one.billed_account is None else one.billed_account
        if bears and isinstance(billed, UUID):
            charges[billed, n] = charges.get((billed, n), ZERO) - one.amount
    sums: Sums = {}
    for share in shares_of(book, listed):
        values = book.values.get(share.account_id, {})
        for n in range(max(share.first - 1, span[0]), min(share.last, span[1] + 1)):
            before = values.get(listed[n - 1]) if n else None
            opening, closing = before or ZERO, values.get(listed[n]) or ZERO
            flow = flows.get((share.account_id, n), ZERO)
            charge = charges.get((share.account_id, n), ZERO)
            if opening or closing or flow or charge:
                found = sums.setdefault(n, {}).setdefault(str(share.account_id), PartSum())
                found.opening += share.share * opening
                found.gain += share.share * (closing - opening - flow - charge)
                found.flow += share.share * flow
    return sums


def shares_of(book: ScopeBook, listed: Sequence[date]) -> Iterator[PartShare]:
    """Which share of each account takes part in the result of which listed days, counted from 1.

    What comes in at the closing value of a day, an account or a larger share of one, takes part from the next
    day on; on the day itself the share of the day before does.
    """
    at_close: dict[UUID, set[int]] = {}
    for each in book.series.applied:
        if each.effect is Effect.FLOW and not each.reference and isinstance(each.account, UUID):
            at_close.setdefault(each.account, set()).add(bisect_left(listed, each.day) + 1)
    for one in book.members.memberships:
        if not isinstance(one.account, UUID):
            continue
        first = bisect_left(listed, one.first_day) + 1
        last = len(listed) if one.end is None else bisect_left(listed, one.end)
        share = Decimal(one.share.numerator) / one.share.denominator
        for place in sorted(at_close.get(one.account, ())):
            if not first <= place <= last:
                continue
            if first < place:
                yield PartShare(one.account, first, place - 1, share)
            before = _share_before(book, one.account, listed, place)
            if before:
                yield PartShare(one.account, place, place, min(before, share))
            first = place + 1
        if first <= last:
            yield PartShare(one.account, first, last, share)


def _share_before(book: ScopeBook, account: UUID, listed: Sequence[date], place: int) -> Decimal:
    """The share at the close before a listed day; 0 while the account has no books."""
    began = min(book.values.get(account, ()), default=None)
    if place < 2 or began is None or began >= listed[place - 1]:
        return ZERO
    found = book.share_of(account, listed[place - 2])
    return Decimal(found.numerator) / found.denominator


def by_sub_period(
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
                came = max(each.flow, ZERO) + (each.opening if n == first else ZERO)
                starts[key] = starts.get(key, ZERO) + came
                gains[key] = gains.get(key, ZERO) + each.gain
        if charged := sum((fees.get(n, ZERO) for n in range(first, last)), ZERO):
            starts[FEES], gains[FEES] = ZERO, -charged
        left = sub.start - sum(starts.values(), ZERO), sub.end_capital - sub.start - sum(gains.values(), ZERO)
        parts = {key: PartDay(starts[key], gains[key]) for key in starts if starts[key] or gains[key]}
        if rest == CASH or abs(left[1]) > _NOTHING:
            parts[rest] = PartDay(*left)
        found.append(parts)
    return found
