"""The columns of every file of the bundle, and the typed row each becomes.

One list per file, in the order in which the product writes them; a reader accepts any order. The same
columns are described for people in ``docs/domain/bundle.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from . import terms, values
from .columns import Column, FileFormat, R, optional_columns, term
from .format_book import BOOK_FILES, BookRow

FORMAT_VERSION: Final = 1
HEADER_FILE: Final = "bundle.json"


@dataclass(frozen=True, slots=True)
class BundleHeader:
    """``bundle.json``: who wrote the bundle and the last day it speaks of."""

    source: str
    as_of: date
    format_version: int = FORMAT_VERSION
    is_export: bool = False
    """Written by the product's own export: it alone may hold prices that people entered."""


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household."""

    line: int
    external_id: str
    name: str
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in a household. An account of two households has a row for each.

    ``member_from`` and ``member_to`` say when it belonged to this household, half open.
    """

    line: int
    external_id: str
    household_external_id: str | None
    account_number: str | None
    name: str
    account_type: str
    tax_status: str
    custodian: str | None
    currency: str
    opened_on: date | None
    lot_method: str | None
    closed_on: date | None = None
    has_margin: bool | None = None
    custodianship_ends_on: date | None = None
    member_from: date | None = None
    member_to: date | None = None


@dataclass(frozen=True, slots=True)
class SecurityRow:
    """An instrument the firm holds, with its identifiers. Prices times ``price_multiplier`` are per unit."""

    line: int
    security_key: str
    symbol: str | None
    exchange: str | None
    cusip: str | None
    isin: str | None
    sedol: str | None
    figi: str | None
    name: str
    security_type: str
    asset_class: str
    sub_asset_class: str | None
    currency: str
    price_multiplier: Decimal = Decimal(1)
    underlying_key: str | None = None
    option_type: str | None = None
    strike: Decimal | None = None
    expiry: date | None = None
    contract_size: Decimal | None = None
    coupon: Decimal | None = None
    maturity: date | None = None
    day_count: str | None = None
    payments_per_year: int | None = None


@dataclass(slots=True)  # not frozen: there are millions, and frozen ones take three times as long to make
class PriceRow:
    """One day's prices of a security, raw (not adjusted for later splits), in the security's currency."""

    line: int
    security_key: str
    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: Decimal | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class FxRateRow:
    """1 unit of ``base`` is ``rate`` units of ``quote``."""

    line: int
    base: str
    quote: str
    date: date
    rate: Decimal
    source: str | None = None


@dataclass(slots=True)  # not frozen: there are millions, and frozen ones take three times as long to make
class TransactionRow:
    """One entry of the book. ``amount``: signed cash effect, account's currency, fees included."""

    line: int
    external_id: str
    account_external_id: str
    type: str
    trade_date: date
    settlement_date: date | None
    security_key: str | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal
    fees: Decimal
    currency: str
    lot_selection: str | None
    related_external_id: str | None
    accrued_interest: Decimal | None
    description: str | None
    corporate_action_external_id: str | None = None
    order_reference: str | None = None
    exchange_rate: Decimal | None = None
    billed_account_external_id: str | None = None
    is_deep_in_the_money: bool | None = None
    sleeve: str | None = None


Row = HouseholdRow | AccountRow | SecurityRow | PriceRow | FxRateRow | TransactionRow | BookRow

_key = values.remembering(values.reference)
_optional_key = values.remembering(values.optional(values.reference))
_source = values.remembering(values.optional(values.text(200)))
_currency = values.remembering(values.currency)
_date = values.remembering(values.iso_date)
_optional_date = values.remembering(values.optional(values.iso_date))
_optional_decimal = values.optional(values.decimal)
_optional_positive = values.optional(values.positive_decimal)
_optional_non_negative = values.optional(values.non_negative_decimal)
_optional_count = values.optional(values.non_negative_decimal)

HOUSEHOLDS: Final = FileFormat(
    "households",
    (
        Column("external_id", values.own_key),
        Column("name", values.text(200)),
        *optional_columns(("left_on", _optional_date)),
    ),
    HouseholdRow,
    1_000_000,
)

ACCOUNTS: Final = FileFormat(
    "accounts",
    (
        Column("external_id", values.own_key),
        Column("household_external_id", _optional_key, ruled=True),
        Column("account_number", values.optional(values.key), shown=values.last_four),
        Column("name", values.text(200)),
        Column("account_type", term("account_type", terms.ACCOUNT_TYPES)),
        Column("tax_status", term("tax_status", terms.TAX_STATUSES)),
        Column("custodian", values.remembering(values.optional(values.text(100)))),
        Column("currency", _currency),
        Column("opened_on", _optional_date),
        Column("lot_method", term("lot_method", terms.LOT_METHODS, required=False)),
        *optional_columns(
            ("closed_on", _optional_date),
            ("has_margin", values.remembering(values.optional(values.boolean))),
            ("custodianship_ends_on", _optional_date),
            ("member_from", _optional_date),
            ("member_to", _optional_date),
        ),
    ),
    AccountRow,
    2_000_000,
)

SECURITIES: Final = FileFormat(
    "securities",
    (
        Column("security_key", values.own_key),
        Column("symbol", values.optional(values.key)),
        Column("exchange", values.remembering(values.optional(values.key))),
        Column("cusip", values.optional(values.cusip)),
        Column("isin", values.optional(values.isin)),
        Column("sedol", values.optional(values.sedol)),
        Column("figi", values.optional(values.figi)),
        Column("name", values.text(200)),
        Column("security_type", term("security_type", terms.SECURITY_TYPES)),
        Column("asset_class", term("asset_class", terms.ASSET_CLASSES)),
        Column("sub_asset_class", values.remembering(values.optional(values.text(100)))),
        Column("currency", _currency),
        Column("price_multiplier", values.defaulting(values.positive_decimal, Decimal(1))),
        Column("underlying_key", values.optional(values.reference), in_header=False),
        Column("option_type", term("option_type", terms.OPTION_TYPES, required=False), in_header=False),
        Column("strike", _optional_positive, in_header=False),
        Column("expiry", _optional_date, in_header=False),
        Column("contract_size", _optional_positive, in_header=False),
        Column("coupon", _optional_non_negative, in_header=False),
        Column("maturity", _optional_date, in_header=False),
        Column("day_count", term("day_count", terms.DAY_COUNTS, required=False), in_header=False),
        Column("payments_per_year", values.optional(values.integer(0, 12)), in_header=False),
    ),
    SecurityRow,
    1_000_000,
)

PRICES: Final = FileFormat(
    "prices",
    (
        Column("security_key", _key),
        Column("date", _date),
        Column("open", _optional_non_negative),
        Column("high", _optional_non_negative),
        Column("low", _optional_non_negative),
        Column("close", values.non_negative_decimal),
        Column("volume", _optional_count),
        *optional_columns(("source", _source)),
    ),
    PriceRow,
    20_000_000,
)

FX_RATES: Final = FileFormat(
    "fx_rates",
    (
        Column("base", _currency),
        Column("quote", _currency),
        Column("date", _date),
        Column("rate", values.exchange_rate),
        *optional_columns(("source", _source)),
    ),
    FxRateRow,
    5_000_000,
)

TRANSACTIONS: Final = FileFormat(
    "transactions",
    (
        Column("external_id", values.key),
        Column("account_external_id", _key),
        Column("type", values.remembering(values.exactly_one_of(terms.TRANSACTION_TYPES))),
        Column("trade_date", _date),
        Column("settlement_date", _optional_date),
        Column("security_key", _optional_key),
        Column("quantity", _optional_decimal),
        Column("price", _optional_non_negative),
        Column("amount", values.decimal),
        Column("fees", values.remembering(values.defaulting(values.non_negative_decimal, Decimal(0)))),
        Column("currency", _currency),
        Column("lot_selection", values.remembering(values.optional(values.text(200)))),
        Column("related_external_id", values.optional(values.key)),
        Column("accrued_interest", _optional_decimal),
        Column("description", values.remembering(values.optional(values.text(500, line_breaks=True)))),
        *optional_columns(
            ("corporate_action_external_id", _optional_key),
            ("order_reference", values.optional(values.key)),
            ("exchange_rate", values.optional(values.exchange_rate)),
            ("billed_account_external_id", _optional_key),
            ("is_deep_in_the_money", values.remembering(values.optional(values.boolean))),
            ("sleeve", values.remembering(values.optional(values.text(100)))),
        ),
    ),
    TransactionRow,
    20_000_000,
)

FILES: Final[dict[str, FileFormat[Any]]] = {
    "households": HOUSEHOLDS,
    "accounts": ACCOUNTS,
    "securities": SECURITIES,
    "prices": PRICES,
    "fx_rates": FX_RATES,
    "transactions": TRANSACTIONS,
    **BOOK_FILES,
}
"""Every file, in the order in which it is read: what is referred to comes first."""

__all__ = [
    "ACCOUNTS",
    "FILES",
    "FORMAT_VERSION",
    "FX_RATES",
    "HEADER_FILE",
    "HOUSEHOLDS",
    "PRICES",
    "SECURITIES",
    "TRANSACTIONS",
    "AccountRow",
    "BookRow",
    "BundleHeader",
    "Column",
    "FileFormat",
    "FxRateRow",
    "HouseholdRow",
    "PriceRow",
    "R",
    "Row",
    "SecurityRow",
    "TransactionRow",
]
