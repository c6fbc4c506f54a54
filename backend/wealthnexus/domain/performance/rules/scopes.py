"""From accounts to the days of a scope: shares, joining and leaving, transfers inside, fees paid for others.

A scope is a set of accounts with shares over time: one account, a client by ownership share, a household, an
entity looked through, a saved group, the firm. Invariants: a transfer inside nets to zero, in transit too;
an account that joins or leaves does so at market value; a fee is charged to the account it was billed for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from wealthnexus.domain.performance.rules.days import ZERO, ScopeDay
from wealthnexus.domain.performance.rules.policy import DatedPolicy, ExpenseKind, JoinValue

AccountKey = Hashable
Values = Mapping[AccountKey, Mapping[date, Decimal | None]]
_PRECISION: Final = 34
ELSEWHERE: Final = "elsewhere"
"""The account of a payer that is not asked for, or that the caller does not see."""


class MovementKind(StrEnum):
    """EXTERNAL crosses the boundary of the account; TRANSFER is one leg of a move between two accounts of
    the books, its legs sharing ``transfer_id``; EXPENSE is paid (-) or rebated (+)."""

    EXTERNAL = "EXTERNAL"
    TRANSFER = "TRANSFER"
    EXPENSE = "EXPENSE"


@dataclass(frozen=True, slots=True)
class Movement:
    """What came into (+) or went out of (-) an account on a day, in the scope's currency.

    In kind: at the market value of the day. ``counterparty``: the account of a transfer's other leg, where it
    is known. ``billed_account``: whose fee it was, where another pays. ``reference``: the ledger's row.
    """

    account: AccountKey
    day: date
    amount: Decimal
    kind: MovementKind = MovementKind.EXTERNAL
    transfer_id: str | None = None
    counterparty: AccountKey | None = None
    expense: ExpenseKind | None = None
    billed_account: AccountKey | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """``share`` of the account belongs to the scope from ``first_day`` to the day before ``end``."""

    account: AccountKey
    first_day: date
    end: date | None = None
    share: Fraction = Fraction(1)


class Effect(StrEnum):
    """Which figure of a ``ScopeDay`` something went into; FLOW is inflow or outflow by its sign, TRANSIT part
    of the value."""

    FLOW = "FLOW"
    OPENING_CHANGE = "OPENING_CHANGE"
    FEES = "FEES"
    FEES_ELSEWHERE = "FEES_ELSEWHERE"
    EXPENSES_ELSEWHERE = "EXPENSES_ELSEWHERE"
    TRANSIT = "TRANSIT"


@dataclass(frozen=True, slots=True)
class Applied:
    """What an account brought into a figure of a day: a movement (by its ``reference``) or, without one, an
    account that joined, left or changed its share."""

    day: date
    effect: Effect
    account: AccountKey
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ScopeSeries:
    """The days, what made their figures, and what a reader must know: accounts without a value by day,
    transfers with one leg."""

    days: tuple[ScopeDay, ...]
    applied: tuple[Applied, ...]
    missing: Mapping[date, tuple[AccountKey, ...]]
    unmatched: tuple[Movement, ...]


@dataclass(slots=True)
class _Sums:
    """What one listed day gathers."""

    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    opening_change: Decimal = ZERO
    fees: Decimal = ZERO
    fees_elsewhere: Decimal = ZERO
    expenses_elsewhere: Decimal = ZERO
    transit: Decimal = ZERO
    flow_unknown: bool = False
    missing: list[AccountKey] = field(default_factory=list)

    def add(self, effect: Effect, amount: Decimal) -> None:
        if effect is not Effect.FLOW:
            name = effect.value.lower()
            setattr(self, name, getattr(self, name) + amount)
        elif amount > 0:
            self.inflow += amount
        else:
            self.outflow -= amount


def scope_series(
    values: Values,
    movements: Sequence[Movement],
    memberships: Sequence[Membership],
    days: Sequence[date],
    policy: DatedPolicy,
    *,
    books_begin: date | None = None,
) -> ScopeSeries:
    """The rows of a scope on its valuation days, which ascend.

    ``values``: closing value per account and day in the scope's currency. Before its first value or movement
    an account is worth 0; afterwards a day that is not there, or None, is missing and makes the scope's value
    missing. Books that start with a value that the flows of their first day do not explain (less than half of
    it) enter at the rest of it. A movement on a day that is not listed counts on the next listed one; one
    before the first or after the last is left out, but for what is in transit. ``books_begin``: the first
    entry's day, where no valuation day since is left out; what moved from it on counts on the first listed.
    ValueError: days out of order, shares below 0, overlapping memberships.
    """
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError("the valuation days of a scope must ascend")
    shares = Shares(memberships)
    with localcontext(prec=_PRECISION):
        builder = _Builder(values, shares, days, policy, books_begin=books_begin)
        unmatched = builder.move(movements)
        return builder.finish(unmatched)


class Shares:
    """The share of each account by day."""

    def __init__(self, memberships: Sequence[Membership]) -> None:
        self._by_account: dict[AccountKey, list[Membership]] = {}
        for one in sorted(memberships, key=lambda each: each.first_day):
            if one.share < 0:
                raise ValueError(f"{one.account}: a share of {one.share}, expected 0 or more")
            held = self._by_account.setdefault(one.account, [])
            if held and (held[-1].end is None or held[-1].end > one.first_day):
                raise ValueError(f"{one.account}: two memberships hold on {one.first_day}")
            held.append(one)

    def accounts(self) -> list[AccountKey]:
        return list(self._by_account)

    def on(self, account: AccountKey, day: date) -> Fraction:
        for one in self._by_account.get(account, ()):
            if one.first_day <= day and (one.end is None or day < one.end):
                return one.share
        return Fraction(0)


def _part(amount: Decimal, share: Fraction) -> Decimal:
    return amount if share == 1 else amount * share.numerator / share.denominator


class _Builder:
    """Sums per listed day, filled by movements first and values after."""

    def __init__(
        self,
        values: Values,
        shares: Shares,
        days: Sequence[date],
        policy: DatedPolicy,
        *,
        books_begin: date | None,
    ) -> None:
        self.values, self.shares, self.days, self.policy = values, shares, list(days), policy
        self.first = min([*days[:1], *([books_begin] if books_begin else [])], default=date.max)
        self.sums = [_Sums() for _ in days]
        self.applied: list[Applied] = []
        self.account_flows: dict[tuple[AccountKey, int], Decimal] = {}
        self.starts: dict[AccountKey, date] = {key: min(own) for key, own in values.items() if own}

    # -- movements ---------------------------------------------------------------------------------------

    def move(self, movements: Sequence[Movement]) -> tuple[Movement, ...]:
        """Takes part of every movement; the transfers of which one leg is not in the books come back."""
        for one in movements:
            self._note(one)
        legs: dict[str, list[Movement]] = {}
        for one in movements:
            if one.kind is MovementKind.EXPENSE:
                self._expense(one)
            elif one.kind is MovementKind.TRANSFER and one.transfer_id is not None:
                legs.setdefault(one.transfer_id, []).append(one)
            else:
                self._flow(one, self.shares.on(one.account, one.day))
        unmatched: list[Movement] = []
        for pair in legs.values():
            if len(pair) == 2 and (pair[0].amount < 0) != (pair[1].amount < 0):
                self._transfer(*sorted(pair, key=lambda leg: leg.amount))
                continue
            members = set(self.shares.accounts())
            unmatched += [leg for leg in pair if leg.counterparty is None or leg.counterparty in members]
            for leg in pair:
                self._flow(leg, self.shares.on(leg.account, leg.day))
        return tuple(unmatched)

    def _at(self, day: date) -> int | None:
        at = bisect_left(self.days, day)
        return at if at < len(self.days) else None

    def _within(self, day: date) -> int | None:
        """The listed day on which a movement counts; None before the books begin."""
        return self._at(day) if day >= self.first else None

    def _apply(
        self, at: int, effect: Effect, account: AccountKey, amount: Decimal, reference: str = ""
    ) -> None:
        if amount:
            self.sums[at].add(effect, amount)
            self.applied.append(Applied(self.days[at], effect, account, amount, reference))

    def _note(self, one: Movement) -> None:
        at = self._at(one.day)
        if at is None:
            return
        day = one.day if one.day < self.first else self.days[at]
        self.starts[one.account] = min(self.starts.get(one.account, day), day)
        if (
            one.kind is not MovementKind.EXPENSE
            and one.day >= self.first
            and self.shares.on(one.account, one.day)
        ):
            key = (one.account, at)
            self.account_flows[key] = self.account_flows.get(key, ZERO) + one.amount

    def _flow(self, one: Movement, share: Fraction) -> None:
        at = self._within(one.day)
        if at is not None:
            self._apply(at, Effect.FLOW, one.account, _part(one.amount, share), one.reference)

    def _transfer(self, out: Movement, into: Movement) -> None:
        """Inside, the smaller share of both ends moves without a flow; between its two days it is in transit
        and still the scope's. What the ends do not share crosses the boundary."""
        from_share = self.shares.on(out.account, out.day)
        to_share = self.shares.on(into.account, into.day)
        inside = min(from_share, to_share)
        self._flow(out, from_share - inside)
        self._flow(into, to_share - inside)
        if not inside:
            return
        left, arrived = self._at(out.day), self._at(into.day)
        first = len(self.days) if left is None else left
        last = len(self.days) if arrived is None else arrived
        on_the_way = out if first < last else into
        amount = -_part(on_the_way.amount, inside)
        for at in range(min(first, last), max(first, last)):
            self._apply(at, Effect.TRANSIT, on_the_way.account, amount, on_the_way.reference)

    def _expense(self, one: Movement) -> None:
        """The billed account bears it and the payer pays it; what a scope pays for others is an outflow."""
        at = self._within(one.day)
        if at is None:
            return
        treatment = self.policy.on(one.day).expenses[one.expense or ExpenseKind.OTHER]
        billed = one.account if one.billed_account is None else one.billed_account
        pays, bears = self._held(one.account, one.day), self._held(billed, one.day)
        if not treatment.reduces_net:
            self._apply(at, Effect.FLOW, one.account, _part(one.amount, pays), one.reference)
            return
        inside, cost = min(pays, bears), -one.amount
        self._apply(at, Effect.FLOW, one.account, _part(one.amount, pays - inside), one.reference)
        elsewhere = Effect.EXPENSES_ELSEWHERE if treatment.reduces_gross else Effect.FEES_ELSEWHERE
        self._apply(at, elsewhere, billed, _part(cost, bears - inside), one.reference)
        if not treatment.reduces_gross:
            self._apply(at, Effect.FEES, billed, _part(cost, inside), one.reference)

    def _held(self, account: AccountKey, day: date) -> Fraction:
        """The share that takes part in the day's result: what joins at the closing value does not yet."""
        now, at = self.shares.on(account, day), self._at(day)
        if at is None or self._joins_at(at) is JoinValue.OPENING or self._is_new(account, at):
            return now
        return min(now, self._before(account, at))

    # -- values ------------------------------------------------------------------------------------------

    def _joins_at(self, at: int) -> JoinValue:
        return self.policy.on(self.days[at]).join_value

    def _is_new(self, account: AccountKey, at: int) -> bool:
        """Whether the account's books start on the day, with flows that explain at least half of its value.

        It has a result from nothing; otherwise it was there before, and only its books were not.
        """
        if self.starts.get(account) != self.days[at] or (account, at) not in self.account_flows:
            return False
        value = self._value(account, at)
        return value is None or 2 * self.account_flows[account, at] >= value

    def _before(self, account: AccountKey, at: int) -> Fraction:
        """The share at the close before the listed day; 0 while the account has no books."""
        start = self.starts.get(account)
        if start is None or start >= self.days[at]:
            return Fraction(0)
        day = self.days[at - 1] if at else date.fromordinal(self.days[0].toordinal() - 1)
        return self.shares.on(account, day)

    def _value(self, account: AccountKey, at: int) -> Decimal | None:
        start = self.starts.get(account)
        if start is None or self.days[at] < start:
            return ZERO
        return self.values.get(account, {}).get(self.days[at])

    def _close_before(self, account: AccountKey, at: int) -> Decimal | None:
        if at:
            return self._value(account, at - 1)
        own = self.values.get(account, {})
        listed = sorted(own)
        position = bisect_left(listed, self.days[0])
        return own[listed[position - 1]] if position else None

    def _change_of_share(self, account: AccountKey, at: int, share: Fraction) -> None:
        start = self.starts.get(account)
        before = self._before(account, at)
        if before is share:  # as on nearly every day
            return
        change = share - before
        if not change or start is None or start > self.days[at] or self._is_new(account, at):
            return
        has_books_before = start < self.days[at]
        if change < 0 or (has_books_before and self._joins_at(at) is JoinValue.OPENING):
            effect, value = Effect.OPENING_CHANGE, self._close_before(account, at)
        else:
            effect, value = Effect.FLOW, self._value(account, at)
            if value is not None:
                value -= self.account_flows.get((account, at), ZERO)
        if value is None:
            self.sums[at].flow_unknown = True
        else:
            self._apply(at, effect, account, _part(value, change))

    def finish(self, unmatched: tuple[Movement, ...]) -> ScopeSeries:
        """The rows, once every movement has been taken."""
        rows: list[ScopeDay] = []
        accounts = self.shares.accounts()
        for at, day in enumerate(self.days):
            sums, total = self.sums[at], ZERO
            for account in accounts:
                share = self.shares.on(account, day)
                self._change_of_share(account, at, share)
                value = self._value(account, at) if share else ZERO
                if value is None:
                    sums.missing.append(account)
                else:
                    total += _part(value, share)
            rows.append(
                ScopeDay(
                    day,
                    None if sums.missing else total + sums.transit,
                    sums.inflow,
                    sums.outflow,
                    sums.opening_change,
                    sums.fees,
                    sums.fees_elsewhere,
                    sums.expenses_elsewhere,
                    sums.flow_unknown,
                )
            )
        missing = {row.day: tuple(self.sums[at].missing) for at, row in enumerate(rows) if row.value is None}
        applied = tuple(sorted(self.applied, key=lambda each: each.day))
        return ScopeSeries(tuple(rows), applied, missing, unmatched)
