"""The gain of a period, divided by the tax lots: income, realised, unrealised, currency, fees, expenses.

Lots say what was paid, positions what it is worth; values and flows say the gain by another way. Where the
two differ by more than the rounding of the positions (something came in kind, a basis is not known, an
account joined), the parts are not shown: what they do not explain is never spread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from wealthnexus.domain.ledger.lot_books import LotBooks, load_lot_books
from wealthnexus.domain.ledger.lots.results import OpenLot, RealisedGain
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.values import HeldRow, amounts_by_type, held_on
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.kit.db.session import Reader

_CENT: Final = Decimal("0.01")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a gain; with a ``reason`` all are None."""

    income: Decimal | None = None
    realised: Decimal | None = None
    unrealised: Decimal | None = None
    currency: Decimal | None = None
    reason: Reason | None = None


@dataclass(slots=True)
class _Sums:
    realised: Decimal = ZERO
    unrealised: Decimal = ZERO
    currency: Decimal = ZERO


class _Unknown(Exception):
    """A basis, price or rate that is not known."""


async def gain_in_parts(reader: Reader, book: ScopeBook, period: Period) -> Parts:
    """The parts of a period's gain, or why there are none."""
    net = book.figures(period, FeeBasis.NET)
    accounts = sorted(book.members.names)
    if net.gain is None or net.measured.reason is Reason.NEVER_FUNDED:
        return Parts(reason=Reason.BOUNDARY_VALUE_MISSING)
    listed = [row.day for row in book.series.days]
    before = [day for day in listed if day <= period.begin]
    end = next((day for day in reversed(listed) if day <= period.end), None)
    if end is None:
        return Parts(reason=Reason.NO_DATA)
    days = [before[-1], end] if before else [end]
    held = await held_on(reader, book.view, accounts, days)
    amounts = await amounts_by_type(reader, book.view, accounts, period.begin, period.end)
    books = await load_lot_books(reader, book.view, accounts)
    currencies = {books.accounts[str(key)].currency for key in accounts if str(key) in books.accounts}
    if currencies - {book.currency}:
        return Parts(reason=Reason.OTHER_CURRENCY)
    try:
        sums, interest = await asyncio.to_thread(_summed, books, held, period, days)
    except _Unknown:
        return Parts(reason=Reason.BASIS_MISSING)
    income = interest + sum((amounts.get(kind, ZERO) for kind in ("DIVIDEND", "INTEREST", "TAX")), ZERO)
    paid = sum((amounts.get(kind, ZERO) for kind in ("ADVISORY_FEE", "EXPENSE")), ZERO)
    explained = income + sums.realised + sums.unrealised + sums.currency + paid
    if abs(net.gain - explained) > _CENT * (1 + len(held)):
        return Parts(reason=Reason.DOES_NOT_SUM)
    return Parts(income, sums.realised, sums.unrealised, sums.currency)


def _summed(
    books: LotBooks, held: Sequence[HeldRow], period: Period, days: Sequence[date]
) -> tuple[_Sums, Decimal]:
    sums, interest = _Sums(), ZERO
    asked = set(books.asked)
    at_begin, at_end = [row for row in held if len(days) == 2 and row.day == days[0]], held
    for together in books.books:
        played = together.played
        for gain in played.realised():
            if gain.account in asked and period.begin < gain.disposed_on <= period.end:
                _add_realised(sums, gain)
        for accrued in played.accrued_interest():
            if accrued.account in asked and period.begin < accrued.day <= period.end:
                interest += accrued.amount
        _add_held(
            sums,
            _mine(played.open_lots(), asked),
            [r for r in at_end if r.day == days[-1]],
            together.accounts,
            1,
        )
        if len(days) == 2:
            opening = together.play(before=period.begin + _ONE_DAY)
            _add_held(sums, _mine(opening.open_lots(), asked), at_begin, together.accounts, -1)
    return sums, interest


def _mine(lots: Iterable[OpenLot], asked: set[str]) -> dict[tuple[str, str, str], list[OpenLot]]:
    found: dict[tuple[str, str, str], list[OpenLot]] = {}
    for lot in lots:
        if lot.account in asked:
            found.setdefault((lot.account, lot.portfolio, lot.security), []).append(lot)
    return found


def _add_realised(sums: _Sums, gain: RealisedGain) -> None:
    """Price at the rate of the day, currency what the rate did since the purchase."""
    if gain.gain is None:
        raise _Unknown
    effect = gain.fx.fx_effect if gain.fx.local_currency != gain.currency else ZERO
    if effect is None:
        raise _Unknown
    sums.realised += gain.gain - effect
    sums.currency += effect


def _add_held(
    sums: _Sums,
    lots: Mapping[tuple[str, str, str], Sequence[OpenLot]],
    held: Sequence[HeldRow],
    accounts: Sequence[str],
    sign: int,
) -> None:
    """What is not realised of the positions: price at the rate of the close, currency of the basis."""
    own = set(accounts)
    for row in held:
        key = (str(row.account_id), str(row.portfolio_id), str(row.security_id))
        if key[0] not in own:
            continue
        if row.value is None or row.rate is None or key not in lots:
            raise _Unknown
        cost, at_rate = ZERO, ZERO
        for lot in lots[key]:
            side = 1 if lot.units >= 0 else -1
            if lot.cost is None:
                raise _Unknown
            cost += side * lot.cost
            if lot.local_currency == lot.currency:
                at_rate += side * lot.cost
            elif lot.local_basis is None:
                raise _Unknown
            else:
                at_rate += side * lot.local_basis * row.rate
        sums.unrealised += sign * (row.value - at_rate)
        sums.currency += sign * (at_rate - cost)
