"""The temporary tables an import stages its rows in, and how a row becomes a line of COPY text.

COPY cannot write into tables under row security, so rows go to temporary tables first; from there one
statement per table moves what is new under the eyes of every policy.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wealthnexus.domain.feeds.importer.tables_book import STAGES_BOOK
from wealthnexus.domain.ledger.content import SEPARATOR

STAGES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "stage_households": (
        ("line", "integer"),
        ("id", "uuid"),
        ("external_id", "text"),
        ("name", "text"),
        ("name_normalised", "text"),
        ("left_on", "date"),
        ("digest", "bytea"),
    ),
    "stage_accounts": (
        ("line", "integer"),
        ("id", "uuid"),
        ("portfolio_id", "uuid"),
        ("external_id", "text"),
        ("account_number", "bytea"),
        ("account_number_hash", "bytea"),
        ("account_number_last4", "text"),
        ("name", "text"),
        ("name_normalised", "text"),
        ("account_type", "text"),
        ("tax_status", "text"),
        ("custodian", "text"),
        ("currency", "text"),
        ("opened_on", "date"),
        ("lot_method", "text"),
        ("closed_on", "date"),
        ("has_margin", "boolean"),
        ("custodianship_ends_on", "date"),
        ("digest", "bytea"),
    ),
    "stage_members": (
        ("line", "integer"),
        ("id", "uuid"),
        ("account_id", "uuid"),
        ("household_id", "uuid"),
        ("effective_from", "date"),
        ("effective_to", "date"),
    ),
    "stage_securities": (
        ("line", "integer"),
        ("id", "uuid"),
        ("security_key", "text"),
        ("name", "text"),
        ("name_normalised", "text"),
        ("symbol", "text"),
        ("exchange", "text"),
        ("security_type", "text"),
        ("asset_class", "text"),
        ("sub_asset_class", "text"),
        ("currency", "text"),
        ("price_multiplier", "numeric"),
        ("underlying_id", "uuid"),
        ("option_type", "text"),
        ("strike", "numeric"),
        ("expiry", "date"),
        ("contract_size", "numeric"),
        ("coupon", "numeric"),
        ("maturity", "date"),
        ("day_count", "text"),
        ("payments_per_year", "integer"),
        ("digest", "bytea"),
    ),
    "stage_identifiers": (
        ("id", "uuid"),
        ("security_id", "uuid"),
        ("scheme", "text"),
        ("value", "text"),
        ("exchange", "text"),
    ),
    "stage_words": (("word", "text"), ("subject_id", "uuid"), ("kind", "text")),
    "stage_prices": (
        ("line", "integer"),
        ("security_id", "uuid"),
        ("day", "date"),
        ("open", "numeric"),
        ("high", "numeric"),
        ("low", "numeric"),
        ("close", "numeric"),
        ("volume", "numeric"),
        ("source", "text"),
    ),
    "stage_fx_rates": (
        ("line", "integer"),
        ("base", "text"),
        ("quote", "text"),
        ("day", "date"),
        ("rate", "numeric"),
        ("source", "text"),
    ),
    "stage_sleeves": (
        ("id", "uuid"),
        ("account_id", "uuid"),
        ("name", "text"),
    ),
    "stage_transactions": (
        ("line", "integer"),
        ("id", "uuid"),
        ("source_id", "text"),
        ("portfolio_id", "uuid"),
        ("units", "numeric"),
        ("content_hash", "text"),
        # From here on in the order of the content that is hashed.
        ("account_id", "uuid"),
        ("type", "text"),
        ("trade_date", "date"),
        ("settlement_date", "date"),
        ("security_id", "uuid"),
        ("quantity", "numeric"),
        ("price", "numeric"),
        ("amount", "numeric"),
        ("fees", "numeric"),
        ("currency", "text"),
        ("accrued_interest", "numeric"),
        ("lot_selection", "text"),
        ("related_source_id", "text"),
        ("description", "text"),
        # What few sources say; hashed only where something of it is said.
        ("corporate_action_key", "text"),
        ("order_reference", "text"),
        ("exchange_rate", "numeric"),
        ("billed_account_id", "uuid"),
        ("is_deep_in_the_money", "boolean"),
    ),
    **STAGES_BOOK,
}
"""Table -> columns with their types, in the order of the lines."""


def create_statements() -> list[str]:
    """The tables live until the transaction ends and are seen by its connection alone."""
    return [
        f"create temporary table {table} ({', '.join(f'{name} {type_}' for name, type_ in columns)})"
        " on commit drop"
        for table, columns in STAGES.items()
    ]


def column_names(table: str) -> list[str]:
    return [name for name, _ in STAGES[table]]


NULL: Final = "\\N"
COPY_OPTIONS: Final[dict[str, dict[str, str]]] = {
    # The texts of a transaction are staged as they are hashed: so joined, and nothing for null.
    "stage_transactions": {"delimiter": SEPARATOR, "null": ""},
}


def line_of(values: tuple[object, ...]) -> str:
    """One line of COPY text; None is null, bytes are hex."""
    return "\t".join([_cell(value) for value in values]) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return NULL
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value)


def escaped(text: str) -> str:
    """A text as COPY reads it."""
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text
