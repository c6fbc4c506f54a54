"""The columns of every file of the bundle, and the typed row each becomes.

One list per file, in the order in which the product writes them; a reader accepts any order. The same
columns are described for people in ``docs/domain/bundle.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from . import terms, values
from .values import Converter

FORMAT_VERSION: Final = 1
HEADER_FILE: Final = "bundle.json"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, how a cell is read, whether the header row must have it."""

    name: str
    convert: Converter
    in_header: bool = True


@dataclass(frozen=True, slots=True)
class BundleHeader:
    """``bundle.json``: who wrote the bundle and the last day it speaks of."""

    source: str
    as_of: date
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household."""

    line: int
    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in a household. An account of two households has a row for each."""

    line: int
    external_id: str
    household_external_id: str
    account_number: str | None
    name: str
    account_type: str
    tax_status: str
    custodian: str | None
    currency: str
    opened_on: date | None
    lot_method: str | None


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


@dataclass(frozen=True, slots=True)
class FxRateRow:
    """1 unit of ``base`` is ``rate`` units of ``quote``."""

    line: int
    base: str
    quote: str
    date: date
    rate: Decimal


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


Row = HouseholdRow | AccountRow | SecurityRow | PriceRow | FxRateRow | TransactionRow
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class FileFormat(Generic[R]):
    """One file: its name, its columns in order, the row type they make."""

    name: str
    columns: tuple[Column, ...]
    row_type: type[R]
    rows_max: int

    @property
    def file_name(self) -> str:
        """``households.csv`` and so on."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Every column, in the order in which the product writes them."""
        return tuple(column.name for column in self.columns)


def _term(column: str, allowed: dict[str, str], *, required: bool = True) -> Converter:
    convert = values.one_of(column, allowed)
    return values.remembering(convert if required else values.optional(convert))


_key = values.remembering(values.key)
_optional_key = values.remembering(values.optional(values.key))
_currency = values.remembering(values.currency)
_date = values.remembering(values.iso_date)
_optional_date = values.remembering(values.optional(values.iso_date))
_optional_decimal = values.optional(values.decimal)
_optional_positive = values.optional(values.positive_decimal)
_optional_non_negative = values.optional(values.non_negative_decimal)
_optional_count = values.optional(values.non_negative_decimal)

HOUSEHOLDS: Final = FileFormat(
    "households",
    (Column("external_id", values.key), Column("name", values.text(200))),
    HouseholdRow,
    1_000_000,
)

ACCOUNTS: Final = FileFormat(
    "accounts",
    (
        Column("external_id", values.key),
        Column("household_external_id", _key),
        Column("account_number", values.optional(values.key)),
        Column("name", values.text(200)),
        Column("account_type", _term("account_type", terms.ACCOUNT_TYPES)),
        Column("tax_status", _term("tax_status", terms.TAX_STATUSES)),
        Column("custodian", values.remembering(values.optional(values.text(100)))),
        Column("currency", _currency),
        Column("opened_on", _optional_date),
        Column("lot_method", _term("lot_method", terms.LOT_METHODS, required=False)),
    ),
    AccountRow,
    2_000_000,
)

SECURITIES: Final = FileFormat(
    "securities",
    (
        Column("security_key", values.key),
        Column("symbol", values.optional(values.key)),
        Column("exchange", values.remembering(values.optional(values.key))),
        Column("cusip", values.optional(values.cusip)),
        Column("isin", values.optional(values.isin)),
        Column("sedol", values.optional(values.sedol)),
        Column("figi", values.optional(values.figi)),
        Column("name", values.text(200)),
        Column("security_type", _term("security_type", terms.SECURITY_TYPES)),
        Column("asset_class", _term("asset_class", terms.ASSET_CLASSES)),
        Column("sub_asset_class", values.remembering(values.optional(values.text(100)))),
        Column("currency", _currency),
        Column("price_multiplier", values.defaulting(values.positive_decimal, Decimal(1))),
        Column("underlying_key", values.optional(values.key), in_header=False),
        Column("option_type", _term("option_type", terms.OPTION_TYPES, required=False), in_header=False),
        Column("strike", _optional_positive, in_header=False),
        Column("expiry", _optional_date, in_header=False),
        Column("contract_size", _optional_positive, in_header=False),
        Column("coupon", _optional_non_negative, in_header=False),
        Column("maturity", _optional_date, in_header=False),
        Column("day_count", _term("day_count", terms.DAY_COUNTS, required=False), in_header=False),
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
}
"""Every file, in the order in which references between them resolve."""

LATER_FILES: Final = frozenset(
    {
        "clients.csv",
        "owners.csv",
        "relationships.csv",
        "liabilities.csv",
        "lots.csv",
        "corporate_actions.csv",
        "custodian_positions.csv",
        "custodian_lots.csv",
    }
)
"""Files the format reserves and this version does not read."""
