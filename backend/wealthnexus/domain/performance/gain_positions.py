"""One account over days on which one share of it counts: its positions, income and cash as profit has them.

Amounts of the account are in its own currency, of the scope in the scope's; ``rates`` converts by the day.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.domain.ledger.lots.inputs import Facts
from wealthnexus.domain.ledger.lots.results import RealisedGain
from wealthnexus.domain.performance.lot_course import Arrival, Basis, Key, LotCourse
from wealthnexus.domain.performance.repository.gain_rows import AmountRow
from wealthnexus.domain.performance.repository.parts import PartShare
from wealthnexus.domain.performance.repository.values import HeldRow
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.profit import Disposal, Holding, PositionPeriod
from wealthnexus.kit.money import minor_units

_INCOME: Final = frozenset({"DIVIDEND", "INTEREST", "TAX"})
_ONE: Final = Decimal(1)


class Unknown(Exception):
    """Something that the parts of the whole stand on is not known."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class AccountSpan:
    """``worths``: market value in the scope's currency of what came in kind by day and position, negative for
    what went; None: not known. ``interest_in_kind``: of it the accrued interest. ``is_own``: the account's
    currency is the scope's. ``out``: positions that are left out until a listed day (None: for good);
    ``paid_for_out``: what they paid, by day and type."""

    account: str
    currency: str
    span: PartShare
    listed: Sequence[date]
    rates: Mapping[date, Decimal]
    is_own: bool
    course: LotCourse
    held: Sequence[HeldRow]
    amounts: Sequence[AmountRow]
    worths: Mapping[tuple[date, Key], Decimal | None]
    interest_in_kind: Mapping[tuple[date, Key], Decimal]
    facts: Facts
    out: Mapping[Key, date | None]
    paid_for_out: Sequence[tuple[date, str, Decimal]]

    @property
    def opens(self) -> date | None:
        return self.listed[self.span.first - 2] if self.span.first > 1 else None

    @property
    def closes(self) -> date:
        return self.listed[self.span.last - 1]

    def rate(self, day: date) -> Decimal:
        """The scope's currency for one of the account's, on the listed day of a day."""
        if self.is_own:
            return _ONE
        found = self.rates.get(self.listed[min(bisect_left(self.listed, day), len(self.listed) - 1)])
        if found is None:
            raise Unknown(Reason.RATE_MISSING)
        return found

    def is_out(self, key: Key, day: date) -> bool:
        """Whether the position is left out on a day: what it costs and brings is a flow then."""
        if key not in self.out:
            return False
        until = self.out[key]
        return until is None or bisect_left(self.listed, day) < bisect_left(self.listed, until)

    def came(self, day: date, key: Key) -> bool:
        """Whether something came or went in kind in a position of this account on a day of the span."""
        return key[0] == self.account and self.has(day)

    def has(self, day: date) -> bool:
        return self.span.first <= bisect_left(self.listed, day) + 1 <= self.span.last


def positions_of(of: AccountSpan) -> list[PositionPeriod]:
    """Each position, then the income and, in another currency than the scope's, what the rate did to what was
    invested. Unknown: a value, a rate; DOES_NOT_SUM: the lots do not explain the cash of the account."""
    share = of.span.share
    gains: dict[Key, list[RealisedGain]] = {}
    for key, gain in _realised(of):
        gains.setdefault(key, []).append(gain)
    arrivals = [which for which in of.worths if of.has(which[0])]
    trades: dict[Key, Decimal] = {}
    for day, key, amount in _trades(of):
        trades[key] = trades.get(key, ZERO) + amount * share * of.rate(day)
    for day, key, amount in _interest(of):
        if key in trades:
            trades[key] -= amount * share * of.rate(day)
    opening = {} if of.opens is None else _holdings(of, of.opens)
    closing = _holdings(of, of.closes)
    found: list[PositionPeriod] = []
    for key in sorted({*opening, *closing, *gains, *trades, *(key for _, key in arrivals)}):
        moved = [_moved(of, day, key) for day, own in arrivals if own == key]
        found.append(
            _position(
                PositionPeriod(
                    "/".join(key),
                    opening.get(key),
                    closing.get(key),
                    -trades.get(key, ZERO),
                    tuple(_disposal(of, gain) for gain in gains.get(key, ())),
                    ZERO,
                    tuple(each for sign, each in moved if sign > 0),
                    tuple(each for sign, each in moved if sign < 0),
                )
            )
        )
    found += _interest_and_income(of)
    if all(map(_is_divided, found)):
        found += _invested(of)
    elif not of.is_own:
        raise Unknown(Reason.BASIS_MISSING)
    return found


def _realised(of: AccountSpan) -> Iterator[tuple[Key, RealisedGain]]:
    for gain in of.course.realised:
        key = gain.account, gain.portfolio, gain.security
        if gain.account == of.account and of.has(gain.disposed_on) and not of.is_out(key, gain.disposed_on):
            yield key, gain


def _trades(of: AccountSpan) -> Iterator[tuple[date, Key, Decimal]]:
    for day, key, amount in of.course.trades:
        if key[0] == of.account and of.has(day) and not of.is_out(key, day):
            yield day, key, amount


def _interest(of: AccountSpan) -> Iterator[tuple[date, Key, Decimal]]:
    for day, key, amount in of.course.interest:
        if key[0] == of.account and of.has(day) and not of.is_out(key, day):
            yield day, key, amount


def _bases(of: AccountSpan, day: date) -> dict[Key, Basis]:
    own = of.course.at[day].items()
    return {key: basis for key, basis in own if key[0] == of.account and not of.is_out(key, day)}


def _position(position: PositionPeriod) -> PositionPeriod:
    """Divided by its lots where all of them are known; else by what it cost and brought."""
    if _is_divided(position):
        return PositionPeriod(
            position.key, position.opening, position.closing, ZERO, position.disposals, ZERO,
            position.arrived, position.left,
        )  # fmt: skip
    unknown = Holding(ZERO, _ONE, None, None)
    return PositionPeriod(
        position.key, position.opening, position.closing, position.acquired, (), ZERO,
        (*position.arrived, unknown), position.left,
    )  # fmt: skip


def _is_divided(position: PositionPeriod) -> bool:
    held = [each for each in (position.opening, position.closing) if each is not None]
    parcels: list[Holding | Disposal] = [*held, *position.disposals, *position.arrived, *position.left]
    return all(each.basis is not None and each.basis_at_cost is not None for each in parcels)


def _holdings(of: AccountSpan, day: date) -> dict[Key, Holding]:
    """At a close: of what is held, and of lots whose units cancel out."""
    bases = _bases(of, day)
    weight = of.span.share * of.rate(day)
    found: dict[Key, Holding] = {}
    for row in of.held:
        key = str(row.account_id), str(row.portfolio_id), str(row.security_id)
        if row.day != day or of.is_out(key, day):
            continue
        if row.value is None or row.rate is None:
            raise Unknown(Reason.BOUNDARY_VALUE_MISSING)
        found[key] = _holding(row.value, weight, bases.get(key), row.rate, of.currency)
    for key, basis in bases.items():
        if key not in found:
            found[key] = _holding(ZERO, weight, basis, None, of.currency)
    return found


def _holding(
    value: Decimal, weight: Decimal, basis: Basis | None, rate: Decimal | None, currency: str
) -> Holding:
    if basis is None or basis.cost is None:
        return Holding(value, weight, None, None)
    at_rate = basis.cost if rate is None else basis.at_rate(rate, currency)
    return Holding(value, weight, at_rate, None if at_rate is None else basis.cost * weight)


def _disposal(of: AccountSpan, gain: RealisedGain) -> Disposal:
    """Price and currency as the lots tell them apart."""
    weight = of.span.share * of.rate(gain.disposed_on)
    effect = gain.fx.fx_effect if gain.fx.local_currency != gain.currency else ZERO
    if gain.gain is None or effect is None:
        return Disposal(ZERO, weight, None, None)
    return Disposal(gain.gain, weight, effect, ZERO)


def _moved(of: AccountSpan, day: date, key: Key) -> tuple[int, Holding]:
    worth, arrival = of.worths[day, key], of.course.arrivals[day, key]
    if worth is None:
        raise Unknown(Reason.FLOW_VALUE_MISSING)
    sign = 1 if worth >= 0 else -1
    worth -= of.interest_in_kind[day, key]
    rate = of.rate(day)
    if arrival.basis is None:
        return sign, Holding(abs(worth), of.span.share, None, None)
    at_rate = _at_rate(of, day, arrival)
    return sign, Holding(
        abs(worth), of.span.share, sign * at_rate * rate, sign * arrival.basis * rate * of.span.share
    )


def _at_rate(of: AccountSpan, day: date, arrival: Arrival) -> Decimal:
    """The basis that came, at the rate of the day it came on."""
    basis = arrival.basis or ZERO
    if arrival.local is None or arrival.local_currency == of.currency:
        return basis
    rate = of.facts.rate(arrival.local_currency, of.currency, day)
    return basis if rate is None else arrival.local * rate


def _interest_and_income(of: AccountSpan) -> Iterator[PositionPeriod]:
    """Dividends and interest less tax, and the change of what is accrued; interest bought and sold with bonds
    is no part of what they cost, and what came in kind with them none of what was earned."""
    income = _accrued(of, of.closes) - (ZERO if of.opens is None else _accrued(of, of.opens))
    income -= sum((each for (day, key), each in of.interest_in_kind.items() if of.came(day, key)), ZERO)
    for row in of.amounts:
        if row.type in _INCOME and of.span.first <= row.place <= of.span.last:
            income += row.amount * of.rate(of.listed[row.place - 1])
    for day, key, amount in _interest(of):
        del key
        income += amount * of.rate(day)
    for day, kind, amount in of.paid_for_out:
        if kind in _INCOME and of.has(day):
            income -= amount * of.rate(day)
    yield PositionPeriod(f"{of.account}/income", None, None, income=income * of.span.share)


def _accrued(of: AccountSpan, day: date) -> Decimal:
    """Interest that had accrued at a close on what is not left out."""
    rows = [row for row in of.held if row.day == day and row.accrued]
    keys = [(str(row.account_id), str(row.portfolio_id), str(row.security_id)) for row in rows]
    kept = (row.accrued for row, key in zip(rows, keys, strict=True) if not of.is_out(key, day))
    return sum(kept, ZERO) * of.rate(day)


def _invested(of: AccountSpan) -> Iterator[PositionPeriod]:
    """Cost of the lots and cash together. Unknown where flows, income and realised gains do not say how they
    changed; what the rate did to them is currency."""
    first, last = of.span.first, of.span.last
    at_cost = [(day, -amount) for day, _, amount in _trades(of)]
    at_cost += [(gain.disposed_on, gain.gain or ZERO) for _, gain in _realised(of)]
    at_cost += [(day, amount) for day, _, amount in _interest(of)]
    at_cost += [(day, of.course.arrivals[day, key].basis or ZERO) for day, key in of.worths if of.has(day)]
    within = [(row.place, row.amount) for row in of.amounts if first <= row.place <= last]
    within += [(bisect_left(of.listed, day) + 1, amount) for day, amount in at_cost]
    costs = [ZERO if day is None else _cost(of, day) for day in (of.opens, of.closes)]
    cash = [sum((row.amount for row in of.amounts if row.place <= at), ZERO) for at in (first - 1, last)]
    invested = [cost + paid for cost, paid in zip(costs, cash, strict=True)]
    unexplained = invested[1] - invested[0] - sum((amount for _, amount in within), ZERO)
    if abs(unexplained) > Decimal(5).scaleb(-minor_units(of.currency) - 1):
        raise Unknown(Reason.DOES_NOT_SUM)
    if of.is_own:
        return
    share = of.span.share
    before = ZERO if of.opens is None else invested[0] * of.rate(of.opens)
    converted = sum((amount * of.rate(of.listed[place - 1]) for place, amount in within), ZERO)
    yield PositionPeriod(
        f"{of.account}/invested",
        None,
        Holding(invested[1], share * of.rate(of.closes), invested[1], share * (before + converted)),
    )


def _cost(of: AccountSpan, day: date) -> Decimal:
    return sum((basis.cost or ZERO for basis in _bases(of, day).values()), ZERO)
