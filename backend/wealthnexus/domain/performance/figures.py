"""Figures of performance as every reader gets them: value or reason, quality, and how it came about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from wealthnexus.domain.ledger import (
    BookView,
    Explain,
    ExplainInput,
    ExplainPart,
    ExplainSource,
    ExplainTable,
    FigureReason,
    MoneyFigure,
    Quality,
)
from wealthnexus.domain.ledger.figures import REASONS_MAX, SOURCE, as_money, trimmed
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.rules.figures import (
    ENGINE_VERSION,
    Amount,
    Cell,
    Figure,
    Formula,
    Reason,
)
from wealthnexus.domain.performance.rules.flaws import Flaw, FlawKind, by_security
from wealthnexus.domain.performance.rules.policy import CalculationPolicy
from wealthnexus.domain.performance.texts import REASONS
from wealthnexus.kit.money import plain, round_money

Shown = Figure | Amount


class Standing(Protocol):
    """What figures stand on: the books of a scope, or of a composite."""

    @property
    def view(self) -> BookView:
        """Day and book version."""

    @property
    def currency(self) -> str:
        """In which money is shown."""

    @property
    def conventions(self) -> CalculationPolicy:
        """Those of the view's day."""


PATH_BETWEEN: Final = "/"


# Not frozen: as MoneyFigure.
@dataclass(slots=True)
class ReturnFigure:
    """A return or statistic as a fraction, to 8 decimals half-even. ``value`` None: ``reason`` says why."""

    value: Decimal | None
    reason: FigureReason | None
    as_of: date
    basis: str
    source: str
    computed_at: datetime
    quality: Quality
    measured_from: date | None
    path: str
    reasons: tuple[FigureReason, ...]
    explainer: Callable[[], Explain]

    @property
    def explain(self) -> Explain:
        """Built only when somebody asks."""
        return self.explainer()


Told = tuple[Quality, tuple[FigureReason, ...]]
"""How far a figure can be relied on, and what it lacks."""
_COMPLETE: Final[Told] = (Quality.COMPLETE, ())
SHORT_HISTORY: Final = FigureReason("SHORT_HISTORY", texts.SHORT_HISTORY, {})
"""Of a statistic of less than a year."""


def told_of(flaws: Sequence[Flaw], *, is_partial: bool = False) -> Told:
    """The flaws of a figure's days, by name and since when; and that it is of a scope seen in part."""
    in_part = (FigureReason("SCOPE_IN_PART", texts.SCOPE_IN_PART, {}),) if is_partial else ()
    if not flaws:
        return Quality.COMPLETE, in_part
    said = [_said(*key, *days) for key, days in by_security(flaws).items()]
    if len(said) > REASONS_MAX:
        more = len(said) - REASONS_MAX + 1
        said = [*said[: REASONS_MAX - 1], FigureReason("MORE", texts.MORE_FLAWS, {"count": more})]
    lacks_part = any(each.kind in _IN_PART for each in flaws)
    return Quality.PARTIAL if lacks_part else Quality.STALE, (*in_part, *said)


_IN_PART: Final = frozenset({FlawKind.UNPRICED, FlawKind.NO_ACCRUED_INTEREST})


def _said(kind: FlawKind, label: str, known: date | None, first: date, last: date) -> FigureReason:
    if kind is FlawKind.UNPRICED:
        return FigureReason("UNPRICED", texts.UNPRICED_FROM, {"label": label, "first": first, "last": last})
    if kind is FlawKind.NO_ACCRUED_INTEREST:
        return FigureReason(kind.value, texts.NO_ACCRUED, {"label": label, "first": first, "last": last})
    said = texts.STALE_PRICE if kind is FlawKind.STALE_PRICE else texts.STALE_RATE
    return FigureReason(kind.value, said, {"label": label, "day": known, "first": first, "last": last})


def reason_of(reason: Reason) -> FigureReason:
    return FigureReason(reason.value, REASONS[reason], {})


def return_figure(
    book: Standing,
    shown: Figure,
    *,
    path: str,
    basis: str,
    measured_from: date | None = None,
    is_approximate: bool = False,
    told: Told = _COMPLETE,
) -> ReturnFigure:
    """The figure for a reader. ``is_approximate``: Modified Dietz stood in for missing daily values."""
    value = shown.published
    quality, reasons = told
    if value is None:
        quality = Quality.UNAVAILABLE
    elif is_approximate:
        quality = Quality.PARTIAL
        reasons = (FigureReason("APPROXIMATE", texts.APPROXIMATE, {}), *reasons)
    return ReturnFigure(
        value,
        None if shown.reason is None else reason_of(shown.reason),
        book.view.as_of,
        basis,
        SOURCE,
        book.view.computed_at,
        quality,
        measured_from,
        path,
        reasons,
        lambda: explain(book, shown, path),
    )


def money_figure(
    book: Standing,
    amount: Decimal | None,
    *,
    basis: str,
    formula: Formula | str,
    reasons: Sequence[FigureReason] = (),
    inputs: Sequence[ExplainInput] = (),
    parts: Sequence[ExplainPart] = (),
    told: Told = _COMPLETE,
) -> MoneyFigure:
    """An amount in the scope's currency, rounded to its minor unit; None with its reasons."""
    value = as_money(None if amount is None else round_money(amount, book.currency), book.currency)
    statement = formula if isinstance(formula, str) else formula.statement
    view = book.view
    quality, lacking = told
    return MoneyFigure(
        value,
        book.currency,
        view.as_of,
        basis,
        SOURCE,
        view.computed_at,
        Quality.UNAVAILABLE if value is None else quality,
        (*reasons, *lacking),
        view.book_version,
        lambda: Explain(
            statement, ENGINE_VERSION, (*inputs, *_standing(book)), _sources(book), parts=tuple(parts)
        ),
    )


# -- explaining ----------------------------------------------------------------------------------------------


def explain(book: Standing, shown: Shown, path: str) -> Explain:
    """Formula and version, policy, inputs, table, and the figures it stands on by their path."""
    table = shown.table
    inputs = [ExplainInput(each.name, _cell(each.value) or "", each.unit or None) for each in shown.inputs]
    return Explain(
        shown.formula.statement,
        f"{ENGINE_VERSION} {shown.formula.id}/{shown.formula.version}",
        (*inputs, *_standing(book)),
        (ExplainSource("FORMULA", None, shown.formula.source, None), *_sources(book)),
        None
        if table is None
        else ExplainTable(table.columns, tuple(tuple(map(_cell, row)) for row in table.rows)),
        tuple(_part(each, f"{path}{PATH_BETWEEN}{at}") for at, each in enumerate(shown.parts)),
    )


def _part(shown: Shown, path: str) -> ExplainPart:
    value = shown.amount if isinstance(shown, Amount) else shown.published
    said = None if value is None else plain(value)
    if isinstance(shown, Amount) and said is not None:
        said = f"{said} {shown.currency}"
    return ExplainPart(
        path, shown.formula.id, said, None if shown.reason is None else reason_of(shown.reason)
    )


def _standing(book: Standing) -> tuple[ExplainInput, ...]:
    """What every figure of the book stands on."""
    policy = book.conventions
    return (
        ExplainInput("policy", policy.version, policy.digest()),
        ExplainInput("book version", str(book.view.book_version)),
    )


def _sources(book: Standing) -> tuple[ExplainSource, ...]:
    return (ExplainSource("BOOK", None, f"book version {book.view.book_version}", book.view.as_of),)


def _cell(value: Cell) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return plain(trimmed(value))
    if isinstance(value, float):
        return repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def part_at(shown: Shown, steps: Sequence[str]) -> Shown | None:
    """The figure below by its steps; None where there is none."""
    for step in steps:
        if not step.isdigit() or int(step) >= len(shown.parts):
            return None
        shown = shown.parts[int(step)]
    return shown
