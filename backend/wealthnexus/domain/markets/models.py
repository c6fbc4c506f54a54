"""What is held and what it is worth: the firm's securities, their identifiers, prices and rates."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from wealthnexus.kit.db.tables import (
    INSTANT,
    PRICE,
    QUANTITY,
    RATE,
    Scope,
    key_column,
    known_columns,
    shared_table,
    tenant_fk,
    tenant_index,
    tenant_table,
)

instruments = shared_table(
    "instruments",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("security_type", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("figi", Text, unique=True),
    Column("isin", Text),
    Index("ix_instruments_isin", "isin"),
)

securities = tenant_table(
    "securities",
    Column("source", Text, nullable=False),
    Column("security_key", Text, nullable=False),
    Column("instrument_id", Uuid),
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("symbol", Text),
    Column("exchange", Text),
    Column("security_type", Text, nullable=False),
    Column("asset_class", Text, nullable=False),
    Column("sub_asset_class", Text),
    Column("currency", Text, nullable=False),
    Column("price_multiplier", QUANTITY, nullable=False),
    Column("underlying_id", Uuid),
    Column("option_type", Text),
    Column("strike", PRICE),
    Column("expiry", Date),
    Column("contract_size", QUANTITY),
    Column("coupon", RATE),
    Column("maturity", Date),
    Column("day_count", Text),
    Column("payments_per_year", Integer),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed_version", BigInteger),  # of the import that was taken back; null: it stands
    tenant_index(
        "securities", "source", "security_key", unique=True, postgresql_where=text("removed_version is null")
    ),
    tenant_fk("id", "subjects"),
    tenant_fk("underlying_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("securities", "name_normalised", "id"),
    tenant_index("securities", "underlying_id"),
    tenant_index("securities", "batch_id"),
    portal="SELECT",
    scope=Scope(via=("id", "account_securities", "security_id")),
    standing="removed_version",
)

security_identifiers = tenant_table(
    "security_identifiers",
    Column("security_id", Uuid, nullable=False),
    Column("scheme", Text, nullable=False),  # SYMBOL CUSIP ISIN SEDOL FIGI CUSTODIAN
    Column("value", Text, nullable=False),
    Column("exchange", Text),
    Column("effective_from", Date),
    Column("effective_to", Date),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("security_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("security_identifiers", "batch_id"),
    tenant_index("security_identifiers", "security_id"),
    tenant_index("security_identifiers", "scheme", "value"),
    portal="SELECT",
    scope=Scope(via=("security_id", "account_securities", "security_id")),
)

# Append-only: a corrected price is a new row of a higher book version, so that "as known then" holds.
security_prices = tenant_table(
    "security_prices",
    key_column("security_id"),
    key_column("day", Date),
    key_column("source", Text),
    key_column("book_version", BigInteger),
    Column("open", PRICE),
    Column("high", PRICE),
    Column("low", PRICE),
    Column("close", PRICE, nullable=False),
    Column("volume", QUANTITY),
    Column("entered_by", Uuid),  # of a price given by hand
    Column("reason", Text),
    # A price taken back by hand: from this version on the next source of the precedence counts again.
    Column("is_withdrawn", Boolean, nullable=False, server_default=false()),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("security_id", "securities"),
    tenant_fk("entered_by", "users"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("security_prices", "entered_by"),
    # The earliest day on which an import priced a security, too.
    tenant_index("security_prices", "batch_id", "security_id", "day"),
    # What a person entered or took back, by its version: rare among what feeds bring.
    tenant_index("security_prices", "book_version", postgresql_where=text("reason is not null")),
    key=("security_id", "day", "source", "book_version"),
    app="SELECT, INSERT",
    portal="SELECT",
    # A benchmark is seen by everybody whose returns stand beside it.
    scope=Scope(
        via=("security_id", "account_securities", "security_id"),
        also_via=("security_id", "benchmark_components", "security_id"),
    ),
    append_only=True,
)

fx_rates = tenant_table(
    "fx_rates",
    key_column("base", Text),
    key_column("quote", Text),
    key_column("day", Date),
    key_column("source", Text),
    key_column("book_version", BigInteger),
    Column("rate", RATE, nullable=False),  # 1 base = rate quote
    # Taken back with its import: neither this row nor an earlier one of the same key counts any more.
    Column("is_withdrawn", Boolean, nullable=False, server_default=false()),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("fx_rates", "batch_id"),
    key=("base", "quote", "day", "source", "book_version"),
    app="SELECT, INSERT",
    portal="SELECT",
    append_only=True,
)

# What an issuer did; the postings it causes are the ledger's.
corporate_actions = tenant_table(
    "corporate_actions",
    Column("security_id", Uuid, nullable=False),
    # CASH_DIVIDEND | STOCK_DIVIDEND | SPLIT | SPIN_OFF | MERGER | RETURN_OF_CAPITAL | SYMBOL_CHANGE |
    # IDENTIFIER_CHANGE
    Column("type", Text, nullable=False),
    Column("ex_date", Date, nullable=False),
    Column("record_date", Date),
    Column("pay_date", Date),
    Column("ratio_new", QUANTITY),  # 4 for 1: 4 and 1
    Column("ratio_old", QUANTITY),
    Column("cash_amount", PRICE),  # per unit, in the currency
    Column("currency", Text),
    Column("other_security_id", Uuid),  # what is received
    Column("new_value", Text),  # of a changed symbol or identifier
    Column("description", Text),
    # Terms the issuer or a person tells; null: not told.
    Column("basis_fraction", Numeric(20, 14)),  # of the basis, to what is spun off (Form 8937)
    Column("is_taxable", Boolean),  # of a merger: the whole gain is recognised
    Column("cash_in_lieu_price", PRICE),  # for one unit of what is received, in the security's currency
    Column("fractions", Text),  # KEEP | CASH_IN_LIEU | ROUND_UP
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    *known_columns(),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    UniqueConstraint("tenant_id", "source", "external_id", "book_version"),
    tenant_fk("security_id", "securities"),
    tenant_fk("other_security_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("corporate_actions", "security_id", "ex_date"),
    tenant_index("corporate_actions", "ex_date", "id"),
    tenant_index("corporate_actions", "other_security_id"),
    tenant_index("corporate_actions", "batch_id"),
    portal="SELECT",
    # A benchmark is seen by everybody whose returns stand beside it.
    scope=Scope(
        via=("security_id", "account_securities", "security_id"),
        also_via=("security_id", "benchmark_components", "security_id"),
    ),
)

__all__ = [
    "corporate_actions",
    "fx_rates",
    "instruments",
    "securities",
    "security_identifiers",
    "security_prices",
]
