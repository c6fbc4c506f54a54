"""Computed figures as every reader gets them: value or reason, quality, and how it was computed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger.accrual import accrued_per_face, paid_to
from wealthnexus.domain.ledger.facts import BondTerms
from wealthnexus.domain.ledger.rules import Quality, quality_of
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.money import minor_units, plain
from wealthnexus.kit.text import Message, message

FORMULA_VERSION: Final = "valuation/2"
BASIS: Final = "trade date, closing prices, with accrued interest"
BASIS_CLEAN: Final = "trade date, closing prices, without accrued interest"
BASIS_ACCRUED: Final = "accrued to the end of the day"
BASIS_CASH: Final = "trade date"
BASIS_SETTLED: Final = "settlement date"
SOURCE: Final = "own books"
REASONS_MAX: Final = 20
RATE_PLACES_SHOWN: Final = 14


# Not frozen, as MoneyFigure below.
@dataclass(slots=True)
class FigureReason:
    """Why a figure is not complete: a code, and a sentence that names the thing and the date.

    The sentence is put together when somebody reads it: a page of figures has thousands, a screen asks
    for few, and a day in words costs more than the figure.
    """

    code: str
    said: Message
    values: Mapping[str, Any]

    @property
    def message(self) -> str:
        return self.said(**self.values)


@dataclass(frozen=True, slots=True)
class ExplainInput:
    name: str
    value: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainSource:
    kind: str
    id: UUID | None
    label: str
    date: date | None


@dataclass(frozen=True, slots=True)
class ExplainTable:
    """The rows behind a figure (sub-periods, flows, observations), each as long as ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ExplainPart:
    """A figure that this one stands on. ``path`` finds it again; ``value`` None: ``reason`` says why.
    ``label``: an account's name, a day, or how many more there are."""

    path: str
    formula: str
    value: str | None
    reason: FigureReason | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """An entry of the ledger in an explanation, and the file and line it came from."""

    id: UUID
    account_id: UUID
    account_name: str
    type: str
    day: date
    amount: Decimal
    currency: str
    units: Decimal
    security_name: str | None
    description: str | None
    source: str
    file: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class ExplainMovement:
    """What an account brought into a figure, in the figure's currency. ``entry`` None: no entry made it (the
    account joined, left or changed its share), or one that is not seen."""

    day: date
    effect: str
    account_id: UUID | None
    account_name: str | None
    amount: Decimal
    currency: str
    entry: BookedEntry | None


@dataclass(frozen=True, slots=True)
class ExplainPosition:
    """A position of a day with its close and where that came from; values in the account's currency.
    ``value`` None: there is no close, or no rate."""

    security_id: UUID
    security_name: str
    units: Decimal
    close: Decimal | None
    currency: str
    multiplier: Decimal
    rate: Decimal | None
    value: Decimal | None
    accrued_interest: Decimal | None
    price_day: date | None
    price_source: str | None
    file: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Explain:
    """How a figure came about: the formula in words, its version, what went in, where that came from."""

    formula: str
    version: str
    inputs: tuple[ExplainInput, ...]
    sources: tuple[ExplainSource, ...]
    table: ExplainTable | None = None
    parts: tuple[ExplainPart, ...] = ()
    movements: tuple[ExplainMovement, ...] = ()
    positions: tuple[ExplainPosition, ...] = ()


# Not frozen: tens of thousands are made for one answer, and a frozen dataclass costs four times as much.
@dataclass(slots=True)
class MoneyFigure:
    """An amount of ``currency`` as of a day and a book version. ``value`` None: ``reasons`` say why."""

    value: Decimal | None
    currency: str
    as_of: date
    basis: str
    source: str
    computed_at: datetime
    quality: Quality
    reasons: tuple[FigureReason, ...]
    book_version: int
    explainer: Callable[[], Explain]

    @property
    def explain(self) -> Explain:
        """Built only when somebody asks."""
        return self.explainer()


# Where a price of the day does not come from a feed, the figure says why it counts.
_PRICE_NOTES: Final = {
    "MANUAL": ", entered by hand: it wins over feeds of the day",
    "SYNTHETIC": ", generated: no feed gave one for the day",
}

_UNPRICED = message("ledger.unpriced", "{label} has no price on or before the date", label=str)
_NO_RATE = message("ledger.no_rate", "no exchange rate for {label} on or before the date", label=str)
_STALE_PRICE = message(
    "ledger.stale_price", "the latest price of {label} is of {day, date}", label=str, day=date
)
_STALE_RATE = message(
    "ledger.stale_rate", "the latest exchange rate for {label} is of {day, date}", label=str, day=date
)
_NO_ACCRUED = message(
    "ledger.no_accrued",
    "{label} bears interest, and its terms do not tell how much has accrued",
    label=str,
)
_FLAWS: Final = {
    "NO_ACCRUED_INTEREST": _NO_ACCRUED,
    "UNPRICED": _UNPRICED,
    "NO_RATE": _NO_RATE,
    "STALE_PRICE": _STALE_PRICE,
    "STALE_RATE": _STALE_RATE,
}
_MORE = message(
    "ledger.more_positions", "and {count, plural, one {# more position} other {# more positions}}", count=int
)
_ACCOUNTS_WITHOUT_RATE = message(
    "ledger.accounts_without_rate",
    "{count, plural, one {# account has} other {# accounts have}} no exchange rate into {currency}",
    count=int,
    currency=str,
)


@functools.lru_cache(maxsize=512)
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))


def as_money(value: Decimal | None, currency: str) -> Decimal | None:
    """The same amount with the places of its currency; with more, where a source gave more."""
    if value is None:
        return None
    shown = value.quantize(_unit(currency))
    return shown if shown == value else trimmed(value)


def trimmed(value: Decimal) -> Decimal:
    """The same number without zeros at the end of its fraction (and never as an exponent)."""
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def reasons_from(records: Iterable[Mapping[str, Any]] | None, count: int) -> tuple[FigureReason, ...]:
    """Reasons from what ``valuation`` recorded (code, label, day), at most 20, then how many more."""
    if not count or not records:
        return ()
    found: list[FigureReason] = []
    for record in records:
        if len(found) == REASONS_MAX:
            break
        day = record.get("day")
        found.append(reason(record["code"], record["label"], date.fromisoformat(day) if day else None))
    if count > len(found):
        found.append(FigureReason("MORE", _MORE, {"count": count - len(found)}))
    return tuple(found)


def reason(code: str, label: str, day: date | None = None) -> FigureReason:
    """One reason; ``label`` names the security or the pair of currencies, ``day`` its latest day."""
    said = _FLAWS.get(code)
    if said is None:
        raise ValueError(f"{code!r} is no reason a valuation records")
    return FigureReason(
        code, said, {"label": label, "day": day} if "day" in said.parameters else {"label": label}
    )


def accrued_total(
    accrued: Decimal | None,
    view: BookView,
    currency: str,
    *,
    unaccrued: int,
    records: Iterable[Mapping[str, Any]],
    missing: int = 0,
) -> MoneyFigure:
    """The accrued interest in a total: 0 where nothing bears interest, None where none of it is known.

    ``unaccrued``: positions whose terms are not told; ``missing``: accounts without a value.
    """
    value = as_money(Decimal(0) if accrued is None else accrued, currency)
    if accrued is None and unaccrued:
        value = None
    named = [record for record in records if record["code"] == "NO_ACCRUED_INTEREST"]
    return MoneyFigure(
        value,
        currency,
        view.as_of,
        BASIS_ACCRUED,
        SOURCE,
        view.computed_at,
        quality_of(value, unaccrued + missing, 0),
        reasons_from(named, unaccrued),
        view.book_version,
        lambda: Explain(
            "sum of the accrued interest of the positions, each rounded once",
            FORMULA_VERSION,
            (
                ExplainInput("positions without told terms", str(unaccrued), "not in the total"),
                ExplainInput("book version", str(view.book_version)),
            ),
            (ExplainSource("BOOK", None, f"book version {view.book_version}", view.as_of),),
        ),
    )


def accounts_without_rate(count: int, currency: str) -> FigureReason:
    """Accounts left out of a total because nothing converts them."""
    return FigureReason("NO_RATE", _ACCOUNTS_WITHOUT_RATE, {"count": count, "currency": currency})


def explain_position(
    *,
    as_of: date,
    book_version: int,
    security_id: UUID,
    security_name: str,
    security_currency: str,
    currency: str,
    units: Decimal,
    close: Decimal | None,
    price_day: date | None,
    price_source: str | None,
    price_multiplier: Decimal,
    rate: Decimal | None,
    rate_day: date | None,
    rate_source: str | None,
) -> Explain:
    """Units x close x multiplier x rate, with the price and the rate that were used."""
    inputs = [ExplainInput("units", plain(trimmed(units)), f"effective transactions traded by {as_of}")]
    sources = [ExplainSource("SECURITY", security_id, security_name, None)]
    if close is not None:
        inputs.append(
            ExplainInput(
                "close",
                f"{plain(trimmed(close))} {security_currency}",
                f"of {price_day}{_PRICE_NOTES.get(price_source or '', '')}",
            )
        )
        sources.append(ExplainSource("PRICE", security_id, price_source or "", price_day))
    if price_multiplier != 1:
        inputs.append(
            ExplainInput("price multiplier", plain(trimmed(price_multiplier)), "makes the price one per unit")
        )
    if security_currency != currency and rate is not None:
        inputs.append(
            ExplainInput(
                "rate",
                plain(trimmed(round(rate, RATE_PLACES_SHOWN))),
                f"1 {security_currency} in {currency}, of {rate_day}",
            )
        )
        sources.append(ExplainSource("FX_RATE", None, rate_source or "", rate_day))
    inputs.append(ExplainInput("book version", str(book_version)))
    return Explain(
        f"units x close x multiplier x rate, rounded once half-up to the minor unit of {currency}",
        FORMULA_VERSION,
        tuple(inputs),
        tuple(sources),
    )


def explain_accrued(
    *,
    as_of: date,
    book_version: int,
    security: tuple[UUID, str],
    terms: BondTerms,
    units: Decimal,
    rate: Decimal | None,
    currency: str,
) -> Explain:
    """Face x coupon x part of the year since the last coupon, from the terms of ``security`` (id, name)."""
    face = units * terms.price_multiplier * 100
    inputs = [
        ExplainInput("face", f"{plain(trimmed(face))} {terms.currency}", f"units traded by {as_of}"),
        ExplainInput("coupon", f"{plain(trimmed(terms.coupon or Decimal(0)))} %", "of the face a year"),
        *_period(terms, as_of),
    ]
    if terms.currency != currency and rate is not None:
        shown = plain(trimmed(round(rate, RATE_PLACES_SHOWN)))
        inputs.append(ExplainInput("rate", shown, f"1 {terms.currency} in {currency}"))
    inputs.append(ExplainInput("book version", str(book_version)))
    return Explain(
        f"face x coupon x part of the year since the last coupon, rounded once half-up to {currency}",
        FORMULA_VERSION,
        tuple(inputs),
        (ExplainSource("SECURITY", security[0], security[1], None),),
    )


def _period(terms: BondTerms, as_of: date) -> Iterable[ExplainInput]:
    """The coupon period of the day, its days, and what of a unit of face they are."""
    if terms.coupon is None or terms.maturity is None or not terms.payments_per_year or not terms.day_count:
        return
    session = paid_to(terms.exchange, as_of)
    found = accrued_per_face(
        terms.coupon, terms.maturity, terms.payments_per_year, terms.day_count, as_of, paid_to=session
    )
    yield ExplainInput("maturity", terms.maturity.isoformat())
    if found is None:
        return
    if found.begins is not None:
        period = f"{found.begins} to {found.ends}"
        yield ExplainInput("coupon period", period, f"{terms.payments_per_year} payments a year")
        yield ExplainInput("days accrued", str(found.days), terms.day_count)
    if found.due:
        yield ExplainInput("coupon due", plain(trimmed(found.due)), f"of a unit; not paid by {session}")
    yield ExplainInput("accrued of a unit of face", plain(trimmed(round(found.per_face, RATE_PLACES_SHOWN))))


def explain_total(
    *,
    what: str,
    currency: str,
    as_of: date,
    book_version: int,
    positions_value: Decimal | None,
    cash: Decimal | None,
    position_count: int,
    unpriced_count: int,
    stale_count: int,
    oldest_price_day: date | None,
    account_count: int | None = None,
    accrued: Decimal | None = None,
    unaccrued_count: int = 0,
) -> Explain:
    """Cash plus the rounded values of the priced positions and their interest; of several accounts, each
    converted once."""
    inputs: list[ExplainInput] = []
    if account_count is not None:
        inputs.append(ExplainInput("accounts", str(account_count), "that you may see, each counted once"))
    if positions_value is not None:
        inputs.append(
            ExplainInput("positions", f"{plain(positions_value)} {currency}", "sum of rounded values")
        )
    if accrued is not None:
        note = "sum of rounded amounts, to the end of the day"
        inputs.append(ExplainInput("accrued interest", f"{plain(accrued)} {currency}", note))
    if cash is not None:
        inputs.append(ExplainInput("cash", f"{plain(cash)} {currency}", "trade date"))
    inputs.append(ExplainInput("positions counted", str(position_count - unpriced_count)))
    if unpriced_count:
        inputs.append(ExplainInput("positions without a value", str(unpriced_count), "not in the total"))
    if unaccrued_count:
        note = "their terms are not told"
        inputs.append(ExplainInput("positions without accrued interest", str(unaccrued_count), note))
    if stale_count:
        inputs.append(ExplainInput("positions at a stale price or rate", str(stale_count)))
    inputs.append(ExplainInput("book version", str(book_version)))
    sources = [ExplainSource("BOOK", None, f"book version {book_version}", as_of)]
    if oldest_price_day is not None:
        sources.append(ExplainSource("PRICE", None, "oldest price used", oldest_price_day))
    return Explain(
        f"{what}: cash + sum of position values + accrued interest, in {currency}",
        FORMULA_VERSION,
        tuple(inputs),
        tuple(sources),
    )


def explain_cash(
    *, currency: str, as_of: date, book_version: int, cash: Decimal | None, basis: str
) -> Explain:
    """The sum of the signed amounts of the effective transactions."""
    shown = () if cash is None else (ExplainInput("sum of amounts", f"{plain(cash)} {currency}", basis),)
    return Explain(
        f"sum of the signed amounts of effective transactions by {basis}, rounded half-up once per account",
        FORMULA_VERSION,
        (*shown, ExplainInput("book version", str(book_version))),
        (ExplainSource("BOOK", None, f"book version {book_version}", as_of),),
    )
