"""Open lots as people read them: basis in three views, term, value and gain, each explained.

The value of a lot is its part of the position's value (largest remainder), so that lots add up to what the
position shows to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.figures import (
    Explain,
    ExplainInput,
    ExplainSource,
    FigureReason,
    MoneyFigure,
    as_money,
)
from wealthnexus.domain.ledger.lot_books.load import LotBooks
from wealthnexus.domain.ledger.lots.arithmetic import EXACT, apportion, to_places
from wealthnexus.domain.ledger.lots.holding import first_long_term_day, term_of
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY
from wealthnexus.domain.ledger.lots.results import OpenLot
from wealthnexus.domain.ledger.lots.texts import REASONS
from wealthnexus.domain.ledger.lots.vocabulary import Reason, Term, View
from wealthnexus.domain.ledger.repository import PositionRow
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.money import minor_units, plain
from wealthnexus.kit.text import Message, message

SOURCE: Final = "own tax lots"
BASES: Final = {
    View.BOOK: "what was paid, without wash sales",
    View.CUSTODIAN: "with the wash sales a custodian reports (same account, same CUSIP)",
    View.ECONOMIC: "with the wash sales of the taxpayer",
}
UNREALISED: Final = "market value less what was paid"
EXPLAINED_MAX: Final = 20
IN_PART: Final = message(
    "ledger.wash_in_part",
    "only accounts you may see were looked at for wash sales; what others bought may change this",
)
NO_VALUE: Final = message("ledger.lot_without_value", "there is no value to compare with what was paid")
CANCEL_OUT: Final = message(
    "ledger.lots_cancel_out", "{security}: the units of its lots cancel out, so they have no value",
    security=str,
)  # fmt: skip


@dataclass(slots=True)
class LotRow:
    """One open lot. ``held_from`` and ``term`` as the taxpayer owes it (wash sales tack on the holding period
    of the shares sold); ``days_to_long_term``: 0 when it is long-term, None for short positions and unknown
    days. Amounts in the account's currency."""

    lot: OpenLot
    account_id: UUID
    security_id: UUID
    portfolio_name: str
    held_from: date | None
    term: Term | None
    days_to_long_term: int | None
    cost: MoneyFigure
    custodian_basis: MoneyFigure
    economic_basis: MoneyFigure
    market_value: MoneyFigure
    unrealised: MoneyFigure
    reasons: tuple[FigureReason, ...]


def said(books: LotBooks, reason: Reason, security: str, **known: str) -> FigureReason:
    """Why something is not known, with the names people know."""
    text = REASONS[reason]
    values = {"security": named(books, security), **known}
    return FigureReason(reason.value, text, {name: values.get(name, "") for name in text.parameters})


def named(books: LotBooks, security: str) -> str:
    row = books.securities.get(security)
    return row.name if row is not None else ""


def entry_label(books: LotBooks, entry: str) -> str:
    """The source's own id of an entry or lot."""
    known = books.sources.get(entry)
    return known.source_id if known is not None else entry


def figure(  # noqa: PLR0917 -- in the order of the figure
    view: BookView,
    value: Decimal | None,
    currency: str,
    basis: str,
    reasons: Sequence[FigureReason],
    explainer: Callable[[], Explain],
) -> MoneyFigure:
    """An amount from lots; null with its reasons."""
    return MoneyFigure(
        as_money(value, currency), currency, view.as_of, basis, SOURCE, view.computed_at,
        Quality.UNAVAILABLE if value is None else Quality.COMPLETE, tuple(reasons), view.book_version,
        explainer,
    )  # fmt: skip


def amount(value: Decimal | None, currency: str) -> str:
    return "not known" if value is None else f"{plain(as_money(value, currency) or Decimal(0))} {currency}"


def sources_of(books: LotBooks, entries: Iterable[str]) -> tuple[ExplainSource, ...]:
    """The transactions that a figure rests on, and the book version."""
    found = [
        ExplainSource("TRANSACTION", UUID(entry), known.label, None)
        for entry in dict.fromkeys(entries)
        if (known := books.sources.get(entry)) is not None and known.is_entry
    ]
    view = books.view
    return (*found, ExplainSource("BOOK", None, f"book version {view.book_version}", view.as_of))


def lot_rows(
    books: LotBooks, positions: Iterable[PositionRow], wanted: Callable[[OpenLot], bool]
) -> list[LotRow]:
    """The open lots of everything loaded that are wanted, by security, account and age."""
    by_key = {(str(row.account_id), str(row.portfolio_id), str(row.security_id)): row for row in positions}
    held: dict[tuple[str, str, str], list[OpenLot]] = {}
    for book in books.books:
        for lot in book.played.open_lots():
            if wanted(lot):
                held.setdefault((lot.account, lot.portfolio, lot.security), []).append(lot)
    rows = []
    with localcontext(EXACT):
        for key, lots in held.items():
            values = _values(lots, by_key.get(key))
            rows += [
                _row(books, lot, by_key.get(key), value) for lot, value in zip(lots, values, strict=True)
            ]
    return sorted(rows, key=lambda row: lot_order(books, row))


def lot_order(books: LotBooks, row: LotRow) -> tuple[str, UUID, UUID, date, str]:
    """The order of the list: the cursor is made of the same."""
    lot = row.lot
    name = books.securities[lot.security].name.casefold()
    return (name, row.security_id, row.account_id, lot.acquired_on or date.min, lot.id)


def _values(lots: Sequence[OpenLot], position: PositionRow | None) -> list[Decimal | None]:
    """Each lot's part of the position's value."""
    if position is None or position.market_value.value is None:
        return [None] * len(lots)
    whole, units = position.market_value.value, [lot.units for lot in lots]
    total = sum(units, Decimal(0))
    if not total or total != position.quantity:
        return [None] * len(lots)
    places = minor_units(position.market_value.currency)
    if all((one > 0) is (total > 0) for one in units):
        return list(apportion(whole, [abs(one) for one in units], places))
    parts: list[Decimal | None] = [to_places(whole * one / total, places) for one in units[:-1]]
    return [*parts, whole - sum((one for one in parts if one is not None), Decimal(0))]


def _row(books: LotBooks, lot: OpenLot, position: PositionRow | None, value: Decimal | None) -> LotRow:
    view = books.view
    entry = entry_label(books, lot.opened_by)
    reasons = tuple(
        said(books, one, lot.security, entry=entry, units=plain(abs(lot.units))) for one in lot.reasons
    )
    held_from = lot.held_from[View.ECONOMIC]
    is_short = lot.units < 0
    term = Term.SHORT if is_short else term_of(held_from, view.as_of)
    days = None
    if held_from is not None and not is_short:
        days = max(0, (first_long_term_day(held_from) - view.as_of).days)
    partial = (FigureReason("WASH_SALES_IN_PART", IN_PART, {}),) if books.is_partial else ()
    cost = _basis(books, lot, View.BOOK, reasons)
    market_value = _market_value(books, lot, position, value)
    return LotRow(
        lot, UUID(lot.account), UUID(lot.security),
        (books.accounts[lot.account].portfolio_names or {}).get(lot.portfolio, ""),
        held_from, term, days, cost,
        _basis(books, lot, View.CUSTODIAN, reasons),
        _basis(books, lot, View.ECONOMIC, (*reasons, *partial)),
        market_value, _unrealised(books, lot, market_value, cost), reasons,
    )  # fmt: skip


def _basis(books: LotBooks, lot: OpenLot, view: View, reasons: Sequence[FigureReason]) -> MoneyFigure:
    def explain() -> Explain:
        return _explain_basis(books, lot, view)

    return figure(books.view, lot.basis[view], lot.currency, BASES[view], reasons, explain)


def _explain_basis(books: LotBooks, lot: OpenLot, view: View) -> Explain:
    inputs = [
        ExplainInput("units", plain(lot.units), f"left of {entry_label(books, lot.root)}"),
        ExplainInput("acquired", str(lot.acquired_on or "not known"), lot.origin.value.lower()),
        ExplainInput("paid for them", amount(lot.cost, lot.currency)),
    ]
    if view is not View.BOOK and lot.basis[view] is not None and lot.cost is not None:
        inputs.append(
            ExplainInput(
                "disallowed losses added",
                amount((lot.basis[view] or 0) - lot.cost, lot.currency),
                BASES[view],
            )
        )
    if lot.local_currency != lot.currency and lot.local_basis is not None:
        inputs.append(ExplainInput("in the security's currency", amount(lot.local_basis, lot.local_currency)))
    return Explain(
        "amount paid, fees included, less accrued interest; a part of a lot takes its share of the basis,"
        " half-up to the minor unit, the rest stays",
        DEFAULT_POLICY.version,
        tuple(inputs),
        sources_of(books, (lot.opened_by, lot.root, *lot.from_lots)),
    )


def _market_value(
    books: LotBooks, lot: OpenLot, position: PositionRow | None, value: Decimal | None
) -> MoneyFigure:
    reasons: tuple[FigureReason, ...] = ()
    if value is None:
        name = named(books, lot.security)
        reasons = (FigureReason("NO_VALUE", CANCEL_OUT, {"security": name}),)
        if position is not None and position.market_value.value is None:
            reasons = position.market_value.reasons

    def explain() -> Explain:
        if position is None:
            return Explain("no position", DEFAULT_POLICY.version, (), ())
        whole = position.market_value.explain
        part = ExplainInput("of this lot", plain(lot.units), f"of {plain(position.quantity)} units")
        return Explain(
            f"{whole.formula}; a lot has its part of it, largest remainder", whole.version,
            (*whole.inputs, part), whole.sources,
        )  # fmt: skip

    made = figure(books.view, value, lot.currency, "", reasons, explain)
    if position is not None:
        made.basis, made.source = position.market_value.basis, position.market_value.source
        if value is not None:
            made.quality, made.reasons = position.market_value.quality, position.market_value.reasons
    return made


def _unrealised(books: LotBooks, lot: OpenLot, value: MoneyFigure, cost: MoneyFigure) -> MoneyFigure:
    gain = None
    if value.value is not None and cost.value is not None:
        gain = value.value - cost.value if lot.units >= 0 else value.value + cost.value
    reasons = cost.reasons if cost.value is None else value.reasons

    def explain() -> Explain:
        inputs = (
            ExplainInput("market value", amount(value.value, lot.currency), value.basis),
            ExplainInput("cost", amount(cost.value, lot.currency), cost.basis),
        )
        return Explain(
            "market value - cost", DEFAULT_POLICY.version, inputs, sources_of(books, (lot.opened_by,))
        )

    made = figure(books.view, gain, lot.currency, UNREALISED, reasons, explain)
    if gain is not None:
        made.quality = value.quality
    return made


# -- positions ---------------------------------------------------------------------------------------------


def position_cost(books: LotBooks | None, position: PositionRow, told: str | None) -> MoneyFigure:
    """What was paid for a position, from its lots; None where one of them is not known, with the reasons.

    ``told``: what the custodian says it cost, which is named beside it. ``books`` None: there are too many
    accounts in one book.
    """
    return _of_position(books, position, told, is_gain=False)


def position_gain(books: LotBooks | None, position: PositionRow, told: str | None) -> MoneyFigure:
    """The market value less what was paid."""
    return _of_position(books, position, told, is_gain=True)


_TOO_MANY: Final[Message] = message(
    "ledger.too_many_for_cost", "too much belongs together with this account to follow what was paid"
)
_NO_LOTS: Final[Message] = message("ledger.no_lots", "there are no tax lots of this position")


def _of_position(
    books: LotBooks | None, position: PositionRow, told: str | None, *, is_gain: bool
) -> MoneyFigure:
    value = position.market_value
    key = (str(position.account_id), str(position.portfolio_id), str(position.security_id))
    lots = [] if books is None else books.lots_of(key)
    cost, reasons = _cost(books, lots)
    gain = None
    if cost is not None and is_gain:
        gain = None if value.value is None else value.value - cost
        reasons = value.reasons if value.value is not None else (FigureReason("NO_VALUE", NO_VALUE, {}),)

    def explain() -> Explain:
        inputs = []
        if is_gain:
            inputs.append(ExplainInput("market value", amount(value.value, value.currency), value.basis))
        inputs.append(ExplainInput("cost", amount(cost, value.currency), BASES[View.BOOK]))
        for lot in lots[:EXPLAINED_MAX]:
            paid = amount(_signed_cost(lot), lot.currency)
            day = lot.acquired_on or "an unknown day"
            inputs.append(ExplainInput(f"lot of {day}", paid, f"{plain(lot.units)} units"))
        if len(lots) > EXPLAINED_MAX:
            inputs.append(ExplainInput("and further lots", str(len(lots) - EXPLAINED_MAX)))
        if told is not None:
            inputs.append(ExplainInput("the custodian's cost", told, "not used"))
        sources = () if books is None else sources_of(books, [lot.opened_by for lot in lots[:EXPLAINED_MAX]])
        formula = "market value - cost of the open lots" if is_gain else "sum of the cost of the open lots"
        return Explain(formula, DEFAULT_POLICY.version, tuple(inputs), sources)

    result = gain if is_gain else cost
    view_quality = value.quality if is_gain else Quality.COMPLETE
    return MoneyFigure(
        as_money(result, value.currency), value.currency, value.as_of,
        UNREALISED if is_gain else BASES[View.BOOK], SOURCE, value.computed_at,
        Quality.UNAVAILABLE if result is None else view_quality, tuple(reasons), value.book_version, explain,
    )  # fmt: skip


def _signed_cost(lot: OpenLot) -> Decimal | None:
    """Of a short lot what was received for it counts against."""
    return None if lot.cost is None else lot.cost if lot.units >= 0 else -lot.cost


def _cost(books: LotBooks | None, lots: Sequence[OpenLot]) -> tuple[Decimal | None, tuple[FigureReason, ...]]:
    if books is None:
        return None, (FigureReason("LIMIT_EXCEEDED", _TOO_MANY, {}),)
    if not lots:
        return None, (FigureReason("NO_LOTS", _NO_LOTS, {}),)
    costs = [_signed_cost(lot) for lot in lots]
    missing = [lot for lot, cost in zip(lots, costs, strict=True) if cost is None]
    if not missing:
        return sum((cost for cost in costs if cost is not None), Decimal(0)), ()
    found: dict[tuple[Reason, str], FigureReason] = {}
    for lot in missing:
        entry = entry_label(books, lot.opened_by)
        for one in lot.reasons or (Reason.MISSING_BASIS,):
            units = plain(abs(lot.units))
            found.setdefault((one, entry), said(books, one, lot.security, entry=entry, units=units))
    return None, tuple(found.values())[:EXPLAINED_MAX]
