"""Computed figures as every reader gets them: value or reason, quality, and how it was computed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.kit.money import minor_units, plain
from wealthnexus.kit.text import Message, message

FORMULA_VERSION: Final = "valuation/1"
BASIS: Final = "trade date, closing prices, without accrued interest"
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
    """A figure that this one stands on. ``path`` finds it again; ``value`` None: ``reason`` says why."""

    path: str
    formula: str
    value: str | None
    reason: FigureReason | None = None


@dataclass(frozen=True, slots=True)
class Explain:
    """How a figure came about: the formula in words, its version, what went in, where that came from."""

    formula: str
    version: str
    inputs: tuple[ExplainInput, ...]
    sources: tuple[ExplainSource, ...]
    table: ExplainTable | None = None
    parts: tuple[ExplainPart, ...] = ()


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
_FLAWS: Final = {
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
) -> Explain:
    """Cash plus the rounded values of the priced positions; of several accounts, each converted once."""
    inputs: list[ExplainInput] = []
    if account_count is not None:
        inputs.append(ExplainInput("accounts", str(account_count), "that you may see, each counted once"))
    if positions_value is not None:
        inputs.append(
            ExplainInput("positions", f"{plain(positions_value)} {currency}", "sum of rounded values")
        )
    if cash is not None:
        inputs.append(ExplainInput("cash", f"{plain(cash)} {currency}", "trade date"))
    inputs.append(ExplainInput("positions counted", str(position_count - unpriced_count)))
    if unpriced_count:
        inputs.append(ExplainInput("positions without a value", str(unpriced_count), "not in the total"))
    if stale_count:
        inputs.append(ExplainInput("positions at a stale price or rate", str(stale_count)))
    inputs.append(ExplainInput("book version", str(book_version)))
    sources = [ExplainSource("BOOK", None, f"book version {book_version}", as_of)]
    if oldest_price_day is not None:
        sources.append(ExplainSource("PRICE", None, "oldest price used", oldest_price_day))
    return Explain(
        f"{what}: cash + sum of position values, in {currency}",
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
