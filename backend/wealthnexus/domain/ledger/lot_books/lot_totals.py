"""Sums of open lots by currency and term."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from wealthnexus.domain.ledger.figures import Explain, ExplainInput, FigureReason, MoneyFigure
from wealthnexus.domain.ledger.lot_books.figures import LotRow, figure, sources_of
from wealthnexus.domain.ledger.lot_books.load import LotBooks
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY
from wealthnexus.domain.ledger.lots.vocabulary import Reason, Term
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.kit.text import message

_WITHOUT: Final = message(
    "ledger.lots_without",
    "{count, plural, one {# lot is} other {# lots are}} left out: what was paid is not known, or there is no"
    " value",
    count=int,
)


@dataclass(slots=True)
class LotTotals:
    """``missing_count``: lots without a cost, which are in no sum of cost."""

    currency: str
    term: Term | None
    lot_count: int
    missing_count: int
    cost: MoneyFigure
    market_value: MoneyFigure
    unrealised: MoneyFigure


def totals_of_lots(books: LotBooks, rows: Iterable[LotRow]) -> list[LotTotals]:
    """Short before long before unknown. What was received for a short position counts against."""
    grouped: dict[tuple[str, Term | None], list[LotRow]] = {}
    for row in rows:
        grouped.setdefault((row.lot.currency, row.term), []).append(row)
    order = {Term.SHORT: 0, Term.LONG: 1, None: 2}
    return [
        _totals(books, currency, term, grouped[currency, term])
        for currency, term in sorted(grouped, key=lambda key: (key[0], order[key[1]]))
    ]


def _totals(books: LotBooks, currency: str, term: Term | None, rows: Sequence[LotRow]) -> LotTotals:
    def total(read: Callable[[LotRow], Decimal | None], name: str) -> MoneyFigure:
        values = [value for row in rows if (value := read(row)) is not None]
        missing = len(rows) - len(values)
        reasons = (FigureReason(Reason.MISSING_BASIS.value, _WITHOUT, {"count": missing}),) if missing else ()

        def explain() -> Explain:
            counted = ExplainInput("lots", str(len(values)), f"{missing} are left out")
            return Explain(f"sum of {name}", DEFAULT_POLICY.version, (counted,), sources_of(books, ()))

        made = figure(
            books.view, sum(values, Decimal(0)) if values else None, currency, name, reasons, explain
        )
        if values:
            old = any(row.market_value.quality is Quality.STALE for row in rows) and name != "cost"
            made.quality = Quality.PARTIAL if missing else Quality.STALE if old else Quality.COMPLETE
        return made

    return LotTotals(
        currency, term, len(rows), sum(row.cost.value is None for row in rows),
        total(_signed_cost, "cost"),
        total(lambda row: row.market_value.value, "market values"),
        total(lambda row: row.unrealised.value, "unrealised gains"),
    )  # fmt: skip


def _signed_cost(row: LotRow) -> Decimal | None:
    value = row.cost.value
    return None if value is None else value if row.lot.units >= 0 else -value
