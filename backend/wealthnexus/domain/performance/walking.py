"""The last steps of an explanation: from a return to the values of its days, their accounts, positions and
closes, and from its flows to the entries that made them.

Below the path of a figure: ``values`` (its closes), ``value-DAY`` (the accounts of a day), ``account-ID``
(its positions), each and the flows with ``after-N`` for what the step before left over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import Explain, ExplainMovement, ExplainPart, ExplainPosition
from wealthnexus.domain.ledger.figures import BookedEntry, trimmed
from wealthnexus.domain.performance.figures import PATH_BETWEEN, Shown, explain, reason_of
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.evidence import booked, cash_of, positions_of
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.days import ZERO, ScopeDay
from wealthnexus.domain.performance.rules.figures import Amount, Formula, Input, Reason
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.scopes import Applied, Effect
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain, round_money

SHOWN_MAX: Final = 50
PRICES_FILE: Final = "prices.csv"
_VALUES: Final = "values"
_VALUE: Final = re.compile(r"value-([0-9]{4}-[0-9]{2}-[0-9]{2})")
_ACCOUNT: Final = re.compile(r"account-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_AFTER: Final = re.compile(r"after-([0-9]{1,7})")
_PRECISION: Final = 34
_STEPS: Final = (_VALUE, _ACCOUNT, _AFTER)


def apart(path: str) -> tuple[str, list[str]]:
    """The path of a figure, and the steps below it that are none of its parts."""
    steps = path.split(PATH_BETWEEN)
    for at, step in enumerate(steps[2:], start=2):
        if step == _VALUES or any(each.fullmatch(step) for each in _STEPS):
            return PATH_BETWEEN.join(steps[:at]), steps[at:]
    return path, []


def value_path(above: str, day: date) -> str:
    return f"{above}{PATH_BETWEEN}value-{day.isoformat()}"


async def walked(
    reader: Reader, book: ScopeBook, shown: Shown, path: str, period: Period | None, *, is_client: bool
) -> Explain | None:
    """The explanation of a step; None where there is none. A client is not told of entries of accounts
    outside the scope."""
    above, steps = apart(path)
    after, steps = _after(steps)
    if shown.formula is formulas.SCOPE_FLOWS:
        return None if steps else await _flows(reader, book, shown, above, after, is_client=is_client)
    begin, end = _ends(shown, period)
    if not steps:
        return None if after else _with_values(book, shown, above, begin, end)
    if begin is None or end is None:
        return None
    if steps == [_VALUES]:
        return _values(book, above, begin, end, after)
    row = _row_at(book, steps[0], begin, end)
    if row is None or len(steps) > 2:
        return None
    on = value_path(above, row.day)
    if len(steps) == 1:
        return await _accounts(reader, book, row, on, after)
    account = _ACCOUNT.fullmatch(steps[1])
    return None if account is None else await _positions(reader, book, row, UUID(account[1]), on, after=after)


def _after(steps: Sequence[str]) -> tuple[int, list[str]]:
    last = _AFTER.fullmatch(steps[-1]) if steps else None
    return (0, list(steps)) if last is None else (int(last[1]), list(steps[:-1]))


def close_part(book: ScopeBook, above: str, begin: date, end: date, *, is_last: bool) -> list[ExplainPart]:
    """The step from an opening or closing value to its accounts; none for books that begin later."""
    rows = closes_within(book, begin, end)
    if not rows or (not is_last and rows[0].day > begin):
        return []
    return [_of_day(book, rows[-1] if is_last else rows[0], above)]


# -- values --------------------------------------------------------------------------------------------------


def _ends(shown: Shown, period: Period | None) -> tuple[date | None, date | None]:
    """The closes between which a figure was measured; None for one that stands on no value of the scope."""
    own = {each.name: each.value for each in shown.inputs}
    begin, end = own.get("begin"), own.get("end")
    if shown.formula in {formulas.LINKED, formulas.MODIFIED_DIETZ}:
        if isinstance(begin, date) and isinstance(end, date):
            return begin, end
    elif shown.formula in {formulas.XIRR, formulas.MONEY_WEIGHTED_PERIOD, formulas.GAIN} and period:
        return period.begin, period.end
    return None, None


def closes_within(book: ScopeBook, begin: date, end: date) -> Sequence[ScopeDay]:
    """The listed days from the close that opens a period to the one that ends it."""
    days = book.series.days
    first = bisect_right(days, begin, key=lambda row: row.day)
    return days[max(first - 1, 0) : bisect_right(days, end, key=lambda row: row.day)]


def _row_at(book: ScopeBook, step: str, begin: date, end: date) -> ScopeDay | None:
    said = _VALUE.fullmatch(step)
    rows = closes_within(book, begin, end) if said else ()
    try:
        day = date.fromisoformat(said[1]) if said else None
    except ValueError:
        return None
    return next((row for row in rows if row.day == day), None)


def _with_values(book: ScopeBook, shown: Shown, path: str, begin: date | None, end: date | None) -> Explain:
    told = explain(book, shown, path)
    rows = [] if begin is None or end is None else closes_within(book, begin, end)
    if not rows:
        return told
    ends = rows if len(rows) == 1 else (rows[0], rows[-1])
    parts = [_of_day(book, row, path) for row in ends]
    if len(rows) > 2:
        parts.append(
            ExplainPart(
                f"{path}{PATH_BETWEEN}{_VALUES}", formulas.SCOPE_VALUES.id, None, None, str(len(rows))
            )
        )
    return replace(told, parts=(*told.parts, *parts))


def _of_day(book: ScopeBook, row: ScopeDay, above: str) -> ExplainPart:
    reason = None if row.value is not None else reason_of(Reason.BOUNDARY_VALUE_MISSING)
    return ExplainPart(
        value_path(above, row.day),
        formulas.SCOPE_VALUE.id,
        _money(row.value, book.currency),
        reason,
        row.day.isoformat(),
    )


def _values(book: ScopeBook, above: str, begin: date, end: date, after: int) -> Explain:
    rows = closes_within(book, begin, end)
    own = f"{above}{PATH_BETWEEN}{_VALUES}"
    parts = [_of_day(book, row, above) for row in rows[after : after + SHOWN_MAX]]
    return _step(
        book,
        formulas.SCOPE_VALUES,
        own,
        None,
        inputs=(Input("begin", begin), Input("end", end)),
        parts=(*parts, *_left_over(formulas.SCOPE_VALUES, own, len(rows), after)),
    )


async def _accounts(reader: Reader, book: ScopeBook, row: ScopeDay, path: str, after: int) -> Explain:
    """The value of a day by account, the largest first, each in the scope's currency at its share."""
    members = {each.account for each in book.members.memberships if isinstance(each.account, UUID)}
    held = sorted(each for each in members if book.share_of(each, row.day))
    found = await cash_of(reader, book.view, held, [row.day], book.currency) if held else []
    worth = {each.account_id: _worth(book, each, row.day) for each in found}
    order = sorted(worth, key=lambda key: (-(worth[key] or ZERO), str(key)))
    parts = [
        ExplainPart(
            f"{path}{PATH_BETWEEN}account-{key}",
            formulas.ACCOUNT_VALUE.id,
            _money(worth[key], book.currency),
            None if worth[key] is not None else reason_of(Reason.BOUNDARY_VALUE_MISSING),
            book.members.names.get(key),
        )
        for key in order[after : after + SHOWN_MAX]
    ]
    transit = sum(
        (
            each.amount
            for each in book.series.applied
            if each.day == row.day and each.effect is Effect.TRANSIT
        ),
        ZERO,
    )
    inputs = [Input("day", row.day), Input("accounts", len(order))]
    if transit:
        inputs.append(Input("onTheWay", transit, book.currency))
    if row.value is not None:
        inputs.append(Input("value", trimmed(row.value), book.currency))
    return _step(
        book,
        formulas.SCOPE_VALUE,
        path,
        row.value,
        inputs=tuple(inputs),
        parts=(*parts, *_left_over(formulas.SCOPE_VALUE, path, len(order), after)),
    )


def _worth(book: ScopeBook, row: Any, day: date) -> Decimal | None:
    """In the scope's currency, to the cent as the scope's days have it, at the scope's share."""
    if row.market_value is None or row.rate is None:
        return None
    share = book.share_of(row.account_id, day)
    with localcontext(prec=_PRECISION):
        whole = row.market_value if row.rate == 1 else round_money(row.market_value * row.rate, book.currency)
        return Decimal(whole) * share.numerator / share.denominator


async def _positions(
    reader: Reader, book: ScopeBook, row: ScopeDay, account: UUID, above: str, *, after: int
) -> Explain | None:
    """An account on a day: its cash, and its positions with their closes."""
    members = {each.account for each in book.members.memberships}
    if account not in members or not book.share_of(account, row.day):
        return None
    asked = [account], [row.day], book.currency
    found = await cash_of(reader, book.view, *asked)
    if not found:
        return None
    own = found[0]
    held = await positions_of(reader, book.view, *asked)
    path = f"{above}{PATH_BETWEEN}account-{account}"
    share = book.share_of(account, row.day)
    inputs = [
        Input("day", row.day),
        Input("cash", own.cash, own.currency),
        Input("accruedInterest", own.accrued, own.currency),
        Input("value", own.market_value, own.currency),
    ]
    if own.currency != book.currency:
        inputs.append(Input("rate", own.rate, ""))
    if share != 1:
        inputs.append(Input("share", f"{share.numerator}/{share.denominator}"))
    told = _step(
        book,
        formulas.ACCOUNT_VALUE,
        path,
        _worth(book, own, row.day),
        inputs=tuple(each for each in inputs if each.value is not None),
        parts=tuple(_left_over(formulas.ACCOUNT_VALUE, path, len(held), after)),
    )
    return replace(told, positions=tuple(map(_position, held[after : after + SHOWN_MAX])))


def _position(row: Any) -> ExplainPosition:
    return ExplainPosition(
        row.security_id,
        row.name,
        trimmed(row.units),
        row.close,
        row.currency,
        row.multiplier,
        None if row.rate is None else trimmed(Decimal(row.rate)),
        row.value,
        row.accrued,
        row.day,
        row.source,
        None if row.source_line is None else PRICES_FILE,
        row.source_line,
    )


# -- flows ---------------------------------------------------------------------------------------------------


async def _flows(
    reader: Reader, book: ScopeBook, shown: Shown, path: str, after: int, *, is_client: bool
) -> Explain:
    """The movements behind net flows in the order of their days, each with its entry."""
    own = {each.name: each.value for each in shown.inputs}
    begin, end = own["begin"], own["end"]
    if not isinstance(begin, date) or not isinstance(end, date):
        raise TypeError("flows are of a period")
    made = [each for each in book.series.applied if begin < each.day <= end]
    rows = made[after : after + SHOWN_MAX]
    entries = await booked(reader, book.view, [UUID(each.reference) for each in rows if each.reference])
    members = {each.account for each in book.members.memberships}
    seen = {str(key): each for key, each in entries.items() if not is_client or each.account_id in members}
    told = explain(book, shown, path)
    more = _left_over(formulas.SCOPE_FLOWS, path, len(made), after)
    return replace(
        told,
        parts=(*told.parts, *more),
        movements=tuple(_movement(book, each, seen.get(each.reference)) for each in rows),
    )


def _movement(book: ScopeBook, made: Applied, entry: Any) -> ExplainMovement:
    account = made.account if isinstance(made.account, UUID) else None
    name = None if account is None else book.members.names.get(account)
    return ExplainMovement(
        made.day,
        made.effect.value,
        None if name is None else account,
        name,
        made.amount,
        book.currency,
        None
        if entry is None
        else BookedEntry(
            entry.id,
            entry.account_id,
            entry.account_name,
            entry.type,
            entry.trade_date,
            entry.amount,
            entry.currency,
            trimmed(entry.units),
            entry.security_name,
            entry.description,
            entry.source,
            entry.source_file,
            entry.source_line,
        ),
    )


def _left_over(formula: Formula, path: str, count: int, after: int) -> list[ExplainPart]:
    """The step that shows what this one leaves over, labelled with how many."""
    shown = after + SHOWN_MAX
    if count <= shown:
        return []
    return [ExplainPart(f"{path}{PATH_BETWEEN}after-{shown}", formula.id, None, None, f"+{count - shown}")]


def _step(
    book: ScopeBook,
    formula: Formula,
    path: str,
    amount: Decimal | None,
    *,
    inputs: tuple[Input, ...],
    parts: tuple[ExplainPart, ...],
) -> Explain:
    told = explain(book, Amount(formula, amount, book.currency, None, inputs), path)
    return replace(told, parts=parts)


def _money(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else f"{plain(trimmed(value))} {currency}"
