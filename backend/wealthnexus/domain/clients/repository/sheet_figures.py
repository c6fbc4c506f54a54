"""The figures of balance sheets: value or reason, quality, and how each came about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from wealthnexus.domain.clients.rules.balance_sheet import Sums, shown_share
from wealthnexus.domain.ledger.figures import (
    REASONS_MAX,
    Explain,
    ExplainInput,
    ExplainSource,
    FigureReason,
    MoneyFigure,
)
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.money import plain
from wealthnexus.kit.text import message

FORMULA_VERSION: Final = "balance-sheet/1"
BASIS: Final = "shares on the day, split to the minor unit"
SOURCE: Final = "own books"

_NO_OWNER = message(
    "clients.no_owner", "{label}: nobody is named as the owner of {share} of it", label=str, share=str
)
_NO_VALUE = message("clients.no_value", "{label} has no value on the date", label=str)


class Shown(Protocol):
    """A line, as far as its owners' figures look at it."""

    @property
    def label(self) -> str: ...

    @property
    def subject_kind(self) -> str: ...

    @property
    def value(self) -> MoneyFigure: ...


class Unowned(Protocol):
    @property
    def label(self) -> str: ...

    @property
    def rest_share(self) -> object: ...


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """Makes figures in the firm's currency for one view."""

    view: BookView

    def of_line(
        self, value: Decimal | None, quality: Quality, reasons: tuple[FigureReason, ...], *, what: str
    ) -> MoneyFigure:
        """The market value of one account."""
        if value is None and not reasons:
            reasons = (FigureReason("NO_VALUE", _NO_VALUE, {"label": what}),)
        inputs = () if value is None else (ExplainInput(what, f"{plain(value)} {self.view.currency}"),)
        return self._figure(value, quality, reasons, "the account's market value", inputs)

    def of_sums(self, sums: Sums, lines: Sequence[Shown]) -> tuple[MoneyFigure, MoneyFigure, MoneyFigure]:
        """Assets, liabilities and net worth of somebody who has parts of ``lines``."""
        assets = [line for line in lines if line.subject_kind == "account"]
        debts = [line for line in lines if line.subject_kind == "liability"]
        owned = self._sum(sums.assets, sums.asset_count, sums.missing_assets, assets, "assets")
        owed = self._sum(sums.debts, sums.debt_count, sums.missing_debts, debts, "liabilities")
        inputs = (
            ExplainInput("assets", f"{plain(sums.assets)} {self.view.currency}", f"{sums.asset_count} lines"),
            ExplainInput(
                "liabilities", f"{plain(sums.debts)} {self.view.currency}", f"{sums.debt_count} lines"
            ),
        )
        net = self._figure(
            sums.net,
            Quality.UNAVAILABLE if sums.net is None else _worst(lines),
            _reasons(lines),
            "assets - liabilities, each line split by shares to the minor unit",
            inputs,
        )
        return owned, owed, net

    def _sum(
        self, value: Decimal, count: int, missing: int, lines: Sequence[Shown], what: str
    ) -> MoneyFigure:
        if count and missing == count:
            return self._figure(None, Quality.UNAVAILABLE, _reasons(lines), f"sum of {what}", ())
        quality = Quality.PARTIAL if missing else _worst(lines)
        inputs = (ExplainInput(what, f"{plain(value)} {self.view.currency}", f"{count - missing} lines"),)
        return self._figure(value, quality, _reasons(lines), f"sum of {what}", inputs)

    def unattributed(self, lines: Iterable[Unowned]) -> tuple[FigureReason, ...]:
        """Why something of the sheet belongs to nobody, at most 20 lines."""
        found = []
        for line in list(lines)[:REASONS_MAX]:
            share = format(shown_share(line.rest_share).normalize(), "f")  # type: ignore[arg-type]
            found.append(FigureReason("NO_OWNER", _NO_OWNER, {"label": line.label, "share": share}))
        return tuple(found)

    def _figure(
        self,
        value: Decimal | None,
        quality: Quality,
        reasons: tuple[FigureReason, ...],
        formula: str,
        inputs: tuple[ExplainInput, ...],
    ) -> MoneyFigure:
        view = self.view

        def explain() -> Explain:
            return Explain(
                formula,
                FORMULA_VERSION,
                (*inputs, ExplainInput("book version", str(view.book_version))),
                (ExplainSource("BOOK", None, f"book version {view.book_version}", view.as_of),),
            )

        return MoneyFigure(
            value, view.currency, view.as_of, BASIS, SOURCE, view.computed_at, quality, reasons,
            view.book_version, explain,
        )  # fmt: skip


def _worst(lines: Iterable[Shown]) -> Quality:
    found = {line.value.quality for line in lines}
    if Quality.PARTIAL in found or Quality.UNAVAILABLE in found:
        return Quality.PARTIAL
    return Quality.STALE if Quality.STALE in found else Quality.COMPLETE


def _reasons(lines: Iterable[Shown]) -> tuple[FigureReason, ...]:
    """The lines' own, each once, at most 20."""
    found = {(reason.code, *reason.values.items()): reason for line in lines for reason in line.value.reasons}
    return tuple(found.values())[:REASONS_MAX]
