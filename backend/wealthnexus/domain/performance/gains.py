"""The gain of a period, divided by the tax lots: income, realised, unrealised, currency, fees, expenses.

Lots say what was paid, positions what it is worth; values and flows say the gain by another way. Each account
counts with its share on the days on which it takes part. What came in kind brings its unrealised gain along;
a fee is of the account it was billed for. Where the two ways differ by more than rounding, or the lots of an
account do not explain its cash, the parts are not shown: what they do not explain is never spread.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, TypeVar
from uuid import UUID

from wealthnexus.domain.ledger.lot_books import LotBooks, load_lot_books
from wealthnexus.domain.performance.borne import borne_of, places_of
from wealthnexus.domain.performance.gain_positions import AccountSpan, Unknown, positions_of
from wealthnexus.domain.performance.lot_course import Arrival, Key, LotCourse, course_of
from wealthnexus.domain.performance.parts_by_day import shares_of
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.gain_rows import AmountRow, amounts_of
from wealthnexus.domain.performance.repository.parts import PartShare
from wealthnexus.domain.performance.repository.values import HeldRow, held_on, rates_of
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules import profit as rules
from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.figures import Amount, Reason
from wealthnexus.domain.performance.rules.flows import FIRST_PRICE, MovedRow
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.rules.profit import CheckedProfit
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.money import minor_units, round_money

_PRECISION: Final = 50
_PARTS: Final = ("income", "realised", "unrealised", "currency")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a gain, rounded so that they are the rounded gain with its fees and expenses. With a
    ``reason`` what is not known is None; income is known though a basis is not."""

    income: Decimal | None = None
    realised: Decimal | None = None
    unrealised: Decimal | None = None
    currency: Decimal | None = None
    reason: Reason | None = None
    checked: CheckedProfit | None = None


_Row = TypeVar("_Row", HeldRow, AmountRow, MovedRow)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the database says, all of it."""

    spans: Sequence[PartShare]
    listed: Sequence[date]
    held: Sequence[HeldRow]
    amounts: Sequence[AmountRow]
    books: LotBooks
    rates: Mapping[str, Mapping[date, Decimal]]
    in_kind: Sequence[MovedRow]
    out: Mapping[Key, date | None]
    paid_for_out: Sequence[MovedRow]


async def gain_in_parts(reader: Reader, book: ScopeBook, period: Period) -> Parts:
    """The parts of a period's gain, or why there are none."""
    net = book.figures(period, FeeBasis.NET)
    if net.gain is None or net.measured.reason is Reason.NEVER_FUNDED:
        never = net.measured.reason is Reason.NEVER_FUNDED
        return Parts(reason=Reason.NEVER_FUNDED if never else Reason.BOUNDARY_VALUE_MISSING)
    places = places_of(book, period)
    listed = [row.day for row in book.series.days]
    with localcontext(prec=_PRECISION):
        shares = list(shares_of(book, listed))
    spans = [
        PartShare(each.account_id, max(each.first, places[0]), min(each.last, places[1]), each.share)
        for each in shares
        if each.first <= places[1] and each.last >= places[0]
    ]
    if not spans:
        return Parts(reason=Reason.NO_DATA)
    try:
        read = await _read(reader, book, spans, listed)
        return await asyncio.to_thread(_checked, book, period, read, shares)
    except LimitExceeded:
        return Parts(reason=Reason.TOO_MANY_TOGETHER)
    except Unknown as unknown:
        return Parts(reason=unknown.reason)


async def _read(reader: Reader, book: ScopeBook, spans: Sequence[PartShare], listed: Sequence[date]) -> _Read:
    accounts = sorted({each.account_id for each in spans})
    closes = sorted({day for each in spans for day in _closes(each, listed)})
    held = await held_on(reader, book.view, accounts, closes)
    amounts = await amounts_of(reader, book.view, accounts, listed)
    books = await load_lot_books(reader, book.view, accounts)
    foreign = {row.currency for row in amounts} - {book.currency}
    rates = {each: await rates_of(reader, book.view, listed, each, book.currency) for each in sorted(foreign)}
    within: dict[UUID, list[PartShare]] = {}
    for each in spans:
        within.setdefault(each.account_id, []).append(each)

    def counts(row: MovedRow) -> bool:
        place = bisect_left(listed, row.day) + 1
        return any(each.first <= place <= each.last for each in within.get(row.account_id, ()))

    in_kind = [
        row
        for row in book.rows
        if row.units and not row.of_action and row.security_id is not None and counts(row)
        if not row.is_excluded
    ]
    out = {
        (str(each.account_id), str(each.portfolio_id), str(each.security_id)): each.priced_on
        for each in book.flaws
        if each.is_excluded
    }
    paid = [row for row in book.rows if row.is_excluded and counts(row)]
    return _Read(spans, listed, held, amounts, books, rates, in_kind, out, paid)


def _closes(span: PartShare, listed: Sequence[date]) -> list[date]:
    """The days of the closes that begin and end a span."""
    before = [listed[span.first - 2]] if span.first > 1 else []
    return [*before, listed[span.last - 1]]


def _checked(book: ScopeBook, period: Period, read: _Read, shares: Sequence[PartShare]) -> Parts:
    with localcontext(prec=_PRECISION):
        net = book.figures(period, FeeBasis.NET)
        borne = list(borne_of(book, read.listed, shares, places_of(book, period)))
        fees = sum((each.amount for each in borne if each.is_fee), ZERO)
        expenses = sum((each.amount for each in borne if not each.is_fee), ZERO)
        positions = [each for span in _account_spans(read, book.currency) for each in positions_of(span)]
        elsewhere = (net.closing or ZERO) - (net.opening or ZERO) - net.net_flows - (net.gain or ZERO)
        found = rules.scope_profit(
            positions,
            opening=net.opening or ZERO,
            closing=net.closing or ZERO,
            net_flows=net.net_flows + elsewhere,
            fees=fees,
            expenses=expenses,
            tolerance=_tolerance(read, book),
        )
        return _shown(found, book.currency)


def _tolerance(read: _Read, book: ScopeBook) -> Decimal:
    """Half a minor unit for each amount that the two ways round apart: the cash, or the converted value, of
    each account at each close, and what is converted in between."""
    converted = {row.account_id for row in read.amounts if row.currency != book.currency}
    count = 2 * len(read.spans) + sum(1 for row in book.rows if row.account_id in converted)
    return count * Decimal(5).scaleb(-minor_units(book.currency) - 1)


def _account_spans(read: _Read, currency: str) -> Iterable[AccountSpan]:
    """Each account over each of its spans, with what its lots, positions and cash say."""
    in_kind: dict[tuple[date, Key], list[MovedRow]] = {}
    first_prices: dict[tuple[date, Key], date] = {}
    for row in read.in_kind:
        key = str(row.account_id), str(row.portfolio_id), str(row.security_id)
        place = bisect_left(read.listed, row.day)
        if row.type == FIRST_PRICE:
            first_prices[row.day, key] = read.listed[max(place - 1, 0)]
        until = read.out.get(key, date.min)
        if until is not None and read.listed[place] >= until:
            in_kind.setdefault((row.day, key), []).append(row)
    worths = {which: _worth(rows) for which, rows in in_kind.items()}
    interest = {which: sum((row.accrued for row in rows), ZERO) for which, rows in in_kind.items()}
    held = _by_account(read.held)
    amounts = _by_account(read.amounts)
    paid = _by_account(read.paid_for_out)
    courses: dict[int, LotCourse] = {}
    entries = {
        which: [str(row.id) for row in rows] for which, rows in in_kind.items() if which not in first_prices
    }
    closes = {day for span in read.spans for day in _closes(span, read.listed)} | set(first_prices.values())
    for span in read.spans:
        together = read.books.book_of(span.account_id)
        account = str(span.account_id)
        if together is None and span.account_id not in held and span.account_id not in amounts:
            continue
        if together is None:
            raise Unknown(Reason.BASIS_MISSING)
        if id(together) not in courses:
            course = courses[id(together)] = course_of(together, together.accounts, closes, entries)
            for (day, key), eve in first_prices.items():
                course.arrivals[day, key] = _carried(course, eve, key)
            if (sleeve := read.books.view.sleeve) is not None:
                courses[id(together)] = course.of_sleeve(str(sleeve))
        own = together.facts.accounts[account].currency
        yield AccountSpan(
            account,
            own,
            span,
            read.listed,
            {} if own == currency else read.rates.get(own, {}),
            own == currency,
            courses[id(together)],
            held.get(span.account_id, ()),
            amounts.get(span.account_id, ()),
            {which: worth for which, worth in worths.items() if which[1][0] == account},
            interest,
            together.facts,
            read.out,
            [(row.day, row.type, row.own_amount) for row in paid.get(span.account_id, ())],
        )


def _by_account(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row)
    return found


def _carried(course: LotCourse, eve: date, key: Key) -> Arrival:
    """What was paid for a position that comes in at its first price."""
    basis = course.at[eve].get(key)
    return (
        Arrival(None, None, "") if basis is None else Arrival(basis.cost, basis.local, basis.local_currency)
    )


def _worth(rows: Sequence[MovedRow]) -> Decimal | None:
    worths = [row.in_kind for row in rows]
    return None if None in worths else sum((each for each in worths if each is not None), ZERO)


def _shown(found: CheckedProfit, currency: str) -> Parts:
    """Rounded to the minor unit by largest remainder: the parts are the gain, fees and expenses as shown."""
    profit = found.profit
    if found.reason is Reason.DOES_NOT_SUM:
        return Parts(reason=Reason.DOES_NOT_SUM, checked=found)
    if found.reason is not None:
        return Parts(income=profit.income, reason=found.reason, checked=found)
    exact = {name: getattr(profit, name) for name in _PARTS}
    rounded = {name: round_money(amount, currency) for name, amount in exact.items()}
    whole = sum((round_money(each, currency) for each in (found.gain, profit.fees, profit.expenses)), ZERO)
    unit = Decimal(1).scaleb(-minor_units(currency))
    left = int((whole - sum(rounded.values(), ZERO)) / unit)
    if 0 < abs(left) <= len(_PARTS):
        sign = 1 if left > 0 else -1
        order = sorted(_PARTS, key=lambda name: sign * (rounded[name] - exact[name]))
        for name in order[: abs(left)]:
            rounded[name] += sign * unit
    income, realised, unrealised, effect = (rounded[name] for name in _PARTS)
    return Parts(income, realised, unrealised, effect, None, found)


async def gain_figure(reader: Reader, book: ScopeBook, period: Period) -> Amount:
    """The gain with its parts, ready to be explained."""
    net = book.figures(period, FeeBasis.NET)
    parts = await gain_in_parts(reader, book, period)
    if parts.checked is not None:
        return rules.figure_of(parts.checked, book.currency)
    return Amount(formulas.GAIN, net.gain, book.currency, parts.reason)
