"""Realised gains as people read them: lots that sales consumed, in three views, with what was washed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger.figures import Explain, ExplainInput, FigureReason, MoneyFigure
from wealthnexus.domain.ledger.lot_books.figures import (
    BASES,
    IN_PART,
    amount,
    entry_label,
    figure,
    named,
    said,
    sources_of,
)
from wealthnexus.domain.ledger.lot_books.load import LotBooks
from wealthnexus.domain.ledger.lot_books.reach import terms_over_days
from wealthnexus.domain.ledger.lots.answers import days_held
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY
from wealthnexus.domain.ledger.lots.results import RealisedGain, TaxFigure, WashMatch
from wealthnexus.domain.ledger.lots.vocabulary import Reason, Term, View, WashEffect
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.kit.money import plain
from wealthnexus.kit.text import message

PROCEEDS: Final = "what was received, fees deducted, less accrued interest"
GAIN: Final = "proceeds less basis"
_TAXABLE: Final = "TAXABLE"
_WITHOUT: Final = message(
    "ledger.gains_without",
    "{count, plural, one {# lot is} other {# lots are}} left out: what was paid is not known",
    count=int,
)


@dataclass(slots=True)
class TaxView:
    """A gain in one view: before (``gain``) and after (``recognised``) what is disallowed."""

    basis: MoneyFigure
    gain: MoneyFigure
    disallowed: MoneyFigure
    lost: MoneyFigure
    recognised: MoneyFigure
    held_from: date | None
    term: Term | None


@dataclass(slots=True)
class FxRow:
    """The gain apart: price and currency; ``local``: in the security's currency."""

    local_currency: str
    local_cost: Decimal | None
    local_proceeds: Decimal | None
    rate_acquired: Decimal | None
    rate_disposed: Decimal | None
    price_effect: MoneyFigure
    fx_effect: MoneyFigure


@dataclass(slots=True)
class WashRow:
    """Units of a loss that units of an acquisition replace, once."""

    match: WashMatch
    account_id: UUID
    security_id: UUID
    bought_by: UUID | None
    disallowed: MoneyFigure


@dataclass(slots=True)
class GainRow:
    """One lot that one entry consumed. ``entry_id``: the transaction, None of a trade that is tried."""

    line: RealisedGain
    account_id: UUID
    security_id: UUID
    entry_id: UUID | None
    portfolio_name: str
    proceeds: MoneyFigure
    cost: MoneyFigure
    gain: MoneyFigure
    custodian: TaxView
    economic: TaxView
    fx: FxRow
    washes: list[WashRow]
    reasons: tuple[FigureReason, ...]


@dataclass(slots=True)
class GainTotals:
    """Sums of the lots of a currency, a tax status (the account's on the day of the sale) and a term.

    The term is the taxpayer's; None: not known, or of accounts that are not taxable, where it says nothing.
    Where the gain of a lot is not known the sums are of the rest, PARTIAL, and ``missing_count`` says of how
    many."""

    currency: str
    tax_status: str
    term: Term | None
    lot_count: int
    missing_count: int
    proceeds: MoneyFigure
    cost: MoneyFigure
    gain: MoneyFigure
    custodian_disallowed: MoneyFigure
    custodian_recognised: MoneyFigure
    economic_disallowed: MoneyFigure
    economic_lost: MoneyFigure
    economic_recognised: MoneyFigure


def lines_of(
    books: LotBooks, wanted: Callable[[RealisedGain], bool]
) -> list[tuple[RealisedGain, list[WashMatch]]]:
    """The lines that are wanted, the latest first, each with its wash sales in both views."""
    found = []
    for book in books.books:
        matches: dict[str, list[WashMatch]] = {}
        for view in (View.CUSTODIAN, View.ECONOMIC):
            for match in book.played.wash_sales(view):
                matches.setdefault(match.gain, []).append(match)
        found += [(line, matches.get(line.id, [])) for line in book.played.realised() if wanted(line)]
    return sorted(found, key=lambda one: (one[0].disposed_on, one[0].id), reverse=True)


def gain_row(books: LotBooks, line: RealisedGain, matches: Sequence[WashMatch]) -> GainRow:
    """The line with its figures."""
    entry = entry_label(books, line.entry)
    reasons = tuple(
        said(books, one, line.security, entry=entry, units=plain(line.units)) for one in line.reasons
    )
    unknown = tuple(one for one in reasons if one.code != Reason.FX_RATE_MISSING.value)
    partial = (FigureReason("WASH_SALES_IN_PART", IN_PART, {}),) if books.is_partial else ()

    def money(value: Decimal | None, basis: str, more: Sequence[FigureReason] = ()) -> MoneyFigure:
        return figure(
            books.view, value, line.currency, basis, (*(unknown if value is None else ()), *more),
            lambda: _explain(books, line, matches, basis),
        )  # fmt: skip

    rate_missing = tuple(one for one in reasons if one.code == Reason.FX_RATE_MISSING.value)
    fx = line.fx
    return GainRow(
        line,
        UUID(line.account),
        UUID(line.security),
        UUID(line.entry) if line.entry in books.sources else None,
        (books.accounts[line.account].portfolio_names or {}).get(line.portfolio, ""),
        money(line.proceeds, PROCEEDS),
        money(line.cost, BASES[View.BOOK]),
        money(line.gain, GAIN),
        _tax_view(line.custodian, View.CUSTODIAN, money, ()),
        _tax_view(line.economic, View.ECONOMIC, money, partial),
        FxRow(
            fx.local_currency,
            fx.local_basis,
            fx.local_proceeds,
            fx.rate_acquired,
            fx.rate_disposed,
            money(fx.price_effect, "gain less the currency effect", rate_missing),
            money(
                fx.fx_effect, "cost in the security's currency x (rate at disposal - rate paid)", rate_missing
            ),
        ),
        [wash_row(books, match, line.currency) for match in matches],
        reasons,
    )


def _tax_view(
    of: TaxFigure,
    view: View,
    money: Callable[[Decimal | None, str, Sequence[FigureReason]], MoneyFigure],
    partial: Sequence[FigureReason],
) -> TaxView:
    basis = BASES[view]
    return TaxView(
        money(of.basis, basis, partial),
        money(of.gain, f"{GAIN}, {basis}", partial),
        money(of.disallowed, f"disallowed, {basis}", partial),
        money(of.lost, "disallowed for good", partial),
        money(of.recognised, f"gain after what is disallowed, {basis}", partial),
        of.held_from,
        of.term,
    )


def wash_row(
    books: LotBooks, match: WashMatch, currency: str, explainer: Callable[[], Explain] | None = None
) -> WashRow:
    """The match; what it disallows is in the currency of the loss."""
    root = books.sources.get(match.lot_root)
    return WashRow(
        match,
        UUID(match.account),
        UUID(match.security),
        UUID(match.lot_root) if root is not None and root.is_entry else None,
        figure(
            books.view, match.disallowed, currency, BASES[match.view], (),
            explainer or (lambda: _explain_match(books, match, currency)),
        ),
    )  # fmt: skip


def _explain_match(books: LotBooks, match: WashMatch, currency: str) -> Explain:
    return Explain(
        "loss of the units sold that are replaced", DEFAULT_POLICY.version,
        (_washed(books, match, currency),), sources_of(books, (match.lot_root,)),
    )  # fmt: skip


def _washed(books: LotBooks, match: WashMatch, currency: str) -> ExplainInput:
    where = books.accounts[match.account].name
    kind = "lost for good" if match.effect is WashEffect.LOST else "added to the replacement's basis"
    by = "" if match.judged_by is None else f"; {match.judged_by}"
    return ExplainInput(
        f"wash sale, {match.view.name.lower()} view",
        amount(match.disallowed, currency),
        f"{plain(match.units)} units replaced by {named(books, match.security)} bought on"
        f" {match.bought_on} in {where}: {kind}{by}",
    )


def _explain(books: LotBooks, line: RealisedGain, matches: Sequence[WashMatch], basis: str) -> Explain:
    currency = line.currency
    inputs = [
        ExplainInput("units", plain(line.units), f"of the lot {entry_label(books, line.lot_root)}"),
        ExplainInput("acquired", str(line.acquired_on or "not known")),
        ExplainInput("disposed", str(line.disposed_on), line.kind.value.lower()),
        ExplainInput("proceeds", amount(line.proceeds, currency)),
        ExplainInput("cost", amount(line.cost, currency), BASES[View.BOOK]),
        ExplainInput("gain", amount(line.gain, currency)),
    ]
    held = days_held(line.economic.held_from, line.disposed_on)
    if held is not None and not line.is_short:
        term = "long-term" if line.economic.term is Term.LONG else "short-term"
        inputs.append(ExplainInput("held", f"{held} days", f"{term}: more than one year is long-term"))
    washing = [match for match in matches if match.effect is not WashEffect.WARNING]
    inputs += [_washed(books, match, currency) for match in washing]
    entries = (line.entry, line.lot_root, *(match.lot_root for match in matches))
    return Explain(
        f"proceeds - basis; {basis}", DEFAULT_POLICY.version, tuple(inputs), sources_of(books, entries)
    )


def totals_of(books: LotBooks, lines: Iterable[RealisedGain]) -> list[GainTotals]:
    """By currency, taxable before what is not, and term, short before long before unknown."""
    grouped: dict[tuple[str, str, Term | None], list[RealisedGain]] = {}
    for line in lines:
        status = _tax_status(books, line)
        term = line.economic.term if status == _TAXABLE else None
        grouped.setdefault((line.currency, status, term), []).append(line)
    order = {Term.SHORT: 0, Term.LONG: 1, None: 2}
    return [
        _totals(books, *key, grouped[key])
        for key in sorted(grouped, key=lambda key: (key[0], key[1] != _TAXABLE, key[1], order[key[2]]))
    ]


def _tax_status(books: LotBooks, line: RealisedGain) -> str:
    """The account's on the day of the sale."""
    terms = terms_over_days(books.accounts[line.account])
    return [one.tax_status for one in terms if one.since <= line.disposed_on][-1]


def _totals(
    books: LotBooks, currency: str, tax_status: str, term: Term | None, lines: Sequence[RealisedGain]
) -> GainTotals:
    known = [line for line in lines if line.gain is not None]
    missing = len(lines) - len(known)
    reasons = (FigureReason(Reason.MISSING_BASIS.value, _WITHOUT, {"count": missing}),) if missing else ()

    def total(read: Callable[[RealisedGain], Any], name: str) -> MoneyFigure:
        values = [value for line in known if (value := read(line)) is not None]
        result = sum(values, Decimal(0)) if known else None

        def explain() -> Explain:
            counted = ExplainInput("lots", str(len(values)), f"{missing} without a gain are left out")
            return Explain(f"sum of {name}", DEFAULT_POLICY.version, (counted,), sources_of(books, ()))

        made = figure(books.view, result, currency, name, reasons, explain)
        if result is not None and missing:
            made.quality = Quality.PARTIAL
        return made

    return GainTotals(
        currency, tax_status, term, len(lines), missing,
        total(lambda line: line.proceeds, "proceeds"),
        total(lambda line: line.cost, "cost"),
        total(lambda line: line.gain, "gains without wash sales"),
        total(lambda line: line.custodian.disallowed, "losses disallowed as the custodian reports"),
        total(lambda line: line.custodian.recognised, "gains recognised as the custodian reports"),
        total(lambda line: line.economic.disallowed, "losses disallowed to the taxpayer"),
        total(lambda line: line.economic.lost, "losses that are gone for good"),
        total(lambda line: line.economic.recognised, "gains recognised by the taxpayer"),
    )  # fmt: skip
