"""A figure of performance: its value or the reason why there is none, and what it was computed from.

``explained`` turns a figure into plain data that a stranger can recompute: formula and version, policy,
inputs, the table of sub-periods, and the figures it stands on, as a tree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from wealthnexus.domain.performance.rules.policy import CalculationPolicy
from wealthnexus.kit.money import plain, round_statistic

ENGINE_VERSION: Final = "performance/1"
PLACES: Final = 8
Cell = str | int | float | Decimal | date | None


class Reason(StrEnum):
    """Why a figure cannot be computed; ``texts`` has the sentence of each."""

    NO_DATA = "NO_DATA"
    OPENING_VALUE_MISSING = "OPENING_VALUE_MISSING"
    CLOSING_VALUE_MISSING = "CLOSING_VALUE_MISSING"
    BOUNDARY_VALUE_MISSING = "BOUNDARY_VALUE_MISSING"
    FLOW_VALUE_MISSING = "FLOW_VALUE_MISSING"
    NO_CAPITAL = "NO_CAPITAL"
    NEGATIVE_CAPITAL = "NEGATIVE_CAPITAL"
    UNDEFINED_SUB_PERIOD = "UNDEFINED_SUB_PERIOD"
    LOSS_BEYOND_CAPITAL = "LOSS_BEYOND_CAPITAL"
    ZERO_VALUE_GAP = "ZERO_VALUE_GAP"
    NEVER_FUNDED = "NEVER_FUNDED"
    HISTORY_TOO_SHORT = "HISTORY_TOO_SHORT"
    UNDER_ONE_YEAR = "UNDER_ONE_YEAR"
    NO_SIGN_CHANGE = "NO_SIGN_CHANGE"
    ONE_DAY_ONLY = "ONE_DAY_ONLY"
    SEVERAL_ROOTS = "SEVERAL_ROOTS"
    NO_REAL_ROOT = "NO_REAL_ROOT"
    TOO_FEW_OBSERVATIONS = "TOO_FEW_OBSERVATIONS"
    NO_VARIATION = "NO_VARIATION"
    NO_DOWNSIDE = "NO_DOWNSIDE"
    NO_RISING_PERIODS = "NO_RISING_PERIODS"
    NO_FALLING_PERIODS = "NO_FALLING_PERIODS"
    LEVEL_MISSING = "LEVEL_MISSING"
    NO_BENCHMARK = "NO_BENCHMARK"
    SPLIT_OFF = "SPLIT_OFF"
    RATE_MISSING = "RATE_MISSING"
    BASIS_MISSING = "BASIS_MISSING"
    TOO_MANY_TOGETHER = "TOO_MANY_TOGETHER"
    DOES_NOT_SUM = "DOES_NOT_SUM"
    WEIGHTS_DO_NOT_SUM = "WEIGHTS_DO_NOT_SUM"
    SEGMENT_RETURN_MISSING = "SEGMENT_RETURN_MISSING"
    NOT_LINKABLE = "NOT_LINKABLE"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_YEAR = "NOT_A_YEAR"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula by id and version; a changed formula is a new version, the old one stays as it was."""

    id: str
    version: int
    statement: str
    source: str


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a figure was computed from; ``unit`` is a currency, "fraction", "days" and the like."""

    name: str
    value: Cell
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows behind a figure (sub-periods, flows, observations), each as long as ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in full precision, or None with the ``reason``; never both, never neither."""

    formula: Formula
    value: float | None
    reason: Reason | None = None
    inputs: tuple[Input, ...] = ()
    table: Table | None = None
    parts: tuple[Figure | Amount, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(f"{self.formula.id}: expected a value or a reason, and not both")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.formula.id}: {self.value} is not a figure")

    @property
    def published(self) -> Decimal | None:
        """The value to 8 decimals, half-even; None when there is none."""
        return None if self.value is None else published(self.value)


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of money: in full precision, rounded where it is paid or shown; else as ``Figure``."""

    formula: Formula
    amount: Decimal | None
    currency: str
    reason: Reason | None = None
    inputs: tuple[Input, ...] = ()
    table: Table | None = None
    parts: tuple[Figure | Amount, ...] = ()


def published(value: float) -> Decimal:
    """A statistic to 8 decimals, half-even on its exact binary value; no negative zero."""
    return round_statistic(Decimal(value), PLACES) + 0


def figure(
    formula: Formula,
    value: float | None,
    reason: Reason | None = None,
    *,
    inputs: Iterable[Input] = (),
    table: Table | None = None,
    parts: Iterable[Figure | Amount] = (),
) -> Figure:
    """A figure; a value that is no number any more (overflow) becomes None with ``TOO_LARGE``."""
    if value is not None and not math.isfinite(value):
        value, reason = None, Reason.TOO_LARGE
    return Figure(formula, value, reason, tuple(inputs), table, tuple(parts))


def explained(shown: Figure | Amount, policy: CalculationPolicy) -> dict[str, Any]:
    """The figure as plain data, JSON as it stands: decimals as digits, floats by their shortest repr."""
    return {
        "engine": ENGINE_VERSION,
        "policy": {"version": policy.version, "digest": policy.digest(), "choices": dict(policy.printed())},
        "figure": _node(shown),
    }


def _node(shown: Figure | Amount) -> dict[str, Any]:
    table = shown.table
    if isinstance(shown, Amount):
        value = None if shown.amount is None else plain(shown.amount)
        shown_value = {"value": value, "currency": shown.currency}
    else:
        digits = shown.published
        shown_value = {
            "value": None if shown.value is None else repr(shown.value),
            "published": None if digits is None else plain(digits),
        }
    return {
        "formula": {
            "id": shown.formula.id,
            "version": shown.formula.version,
            "statement": shown.formula.statement,
            "source": shown.formula.source,
        },
        **shown_value,
        "reason": shown.reason,
        "inputs": [
            {"name": each.name, "value": _cell(each.value), "unit": each.unit} for each in shown.inputs
        ],
        "table": None
        if table is None
        else {
            "columns": list(table.columns),
            "rows": [[_cell(cell) for cell in row] for row in table.rows],
        },
        "parts": [_node(part) for part in shown.parts],
    }


# By type at once: ten years of a household's figures are 200,000 cells.
_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    Decimal: plain,
    float: repr,
    date: date.isoformat,
    str: str,
}


def _cell(value: Cell) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return _WRITTEN.get(type(value), str)(value)
