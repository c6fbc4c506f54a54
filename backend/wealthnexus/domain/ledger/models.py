"""The ledger: append-only transactions under a book version, and the valuations they give."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import (
    INSTANT,
    MONEY,
    PRICE,
    QUANTITY,
    RATE,
    Scope,
    effective_columns,
    key_column,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
)

book_heads = tenant_table(
    "book_heads",
    Column("version", BigInteger, nullable=False),
    Column("valued_day", Date),  # the day whose account_valuations are kept equal to the books
    # whether lists may look for sums made beforehand; a firm without them is not asked
    Column("has_summaries", Boolean, nullable=False, server_default=false()),
    key=(),
    portal="SELECT",
)

book_versions = tenant_table(
    "book_versions",
    key_column("version", BigInteger),
    Column("closed_at", INSTANT, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("batch_id", Uuid),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("book_versions", "closed_at"),
    tenant_index("book_versions", "batch_id"),
    key=("version",),
    app="SELECT, INSERT",
    portal="SELECT",
    append_only=True,
)

_IN_KIND = "type in ('TRANSFER_IN', 'TRANSFER_OUT', 'JOURNAL')"

transactions = tenant_table(
    "transactions",
    Column("account_id", Uuid, nullable=False),
    Column("portfolio_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("entry_kind", Text, nullable=False),  # ORIGINAL | REVERSAL | REPLACEMENT
    Column("type", Text, nullable=False),
    Column("trade_date", Date, nullable=False),
    Column("settlement_date", Date, nullable=False),
    Column("security_id", Uuid),
    Column("quantity", QUANTITY),  # as given, positive (JOURNAL and corporate actions: signed)
    Column("units", QUANTITY, nullable=False),  # signed effect on the holding
    Column("price", PRICE),
    Column("amount", MONEY, nullable=False),  # signed effect on cash, authoritative
    Column("fees", MONEY, nullable=False),
    Column("currency", Text, nullable=False),
    Column("accrued_interest", MONEY),
    Column("lot_selection", Text),
    Column("related_source_id", Text),
    Column("description", Text),
    Column("corporate_action_id", Uuid),  # what it carries out
    Column("order_reference", Text),  # the order of a fill, as the source names it
    Column("exchange_rate", RATE),  # one of the security's currency in the account's, as the source said
    Column("billed_account_id", Uuid),  # whose fee it is, when another account pays it
    Column("is_deep_in_the_money", Boolean),  # of a written put
    Column("reverses_id", Uuid),
    Column("replaces_id", Uuid),
    Column("reason", Text),
    Column("book_version", BigInteger, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("batch_id", Uuid),
    Column("source_file", Text),
    Column("source_line", Integer),
    UniqueConstraint("tenant_id", "source", "source_id", "revision", "entry_kind"),
    tenant_fk("account_id", "accounts"),
    ForeignKeyConstraint(
        ["tenant_id", "account_id", "portfolio_id"],
        ["portfolios.tenant_id", "portfolios.account_id", "portfolios.id"],
    ),
    tenant_fk("security_id", "securities"),
    tenant_fk("reverses_id", "transactions"),
    tenant_fk("replaces_id", "transactions"),
    tenant_fk("batch_id", "import_batches"),
    tenant_fk("corporate_action_id", "corporate_actions"),
    tenant_fk("billed_account_id", "accounts"),
    tenant_index("transactions", "account_id", "trade_date", "id"),
    tenant_index("transactions", "trade_date", "id"),
    tenant_index("transactions", "security_id", "trade_date"),
    # Corrections are rare: nearly every row is in neither of these two.
    tenant_index(
        "transactions", "reverses_id", unique=True, postgresql_where=text("reverses_id is not null")
    ),
    tenant_index(
        "transactions", "replaces_id", unique=True, postgresql_where=text("replaces_id is not null")
    ),
    # Few rows carry out an action or pay for another account.
    tenant_index(
        "transactions", "corporate_action_id", postgresql_where=text("corporate_action_id is not null")
    ),
    tenant_index("transactions", "billed_account_id", postgresql_where=text("billed_account_id is not null")),
    # A batch has one book version, so this finds its rows too.
    tenant_index("transactions", "book_version"),
    # What may have taken lots from one account into another: few of all, looked for with every tax lot.
    tenant_index(
        "transactions",
        "account_id",
        "trade_date",
        name="in_kind",
        postgresql_where=text(_IN_KIND),
    ),
    tenant_index(
        "transactions",
        "source",
        "related_source_id",
        name="related_in_kind",
        postgresql_where=text(f"related_source_id is not null and {_IN_KIND}"),
    ),
    app="SELECT, INSERT",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
    append_only=True,
)

# What an account was charged by an entry of another one, for those who see the account and not the payer: its
# day, amount and currency alone. A trigger of ``transactions`` writes it, whoever writes the entry.
account_charges = tenant_table(
    "account_charges",
    key_column("account_id"),  # the billed one
    key_column("entry_id"),
    Column("type", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("amount", MONEY, nullable=False),  # as the payer's cash: negative is charged, positive paid back
    Column("currency", Text, nullable=False),
    Column("reverses_id", Uuid),  # as the entry's
    Column("book_version", BigInteger, nullable=False),
    tenant_fk("entry_id", "transactions"),
    tenant_fk("account_id", "accounts"),
    tenant_index("account_charges", "entry_id"),
    tenant_index("account_charges", "account_id", "day"),
    tenant_index("account_charges", "reverses_id", postgresql_where=text("reverses_id is not null")),
    key=("account_id", "entry_id"),
    app="SELECT, INSERT",
    portal="SELECT",
    # Who takes back an entry of the payer need not see the billed account.
    scope=Scope(subjects=("account_id",), command="SELECT"),
    append_only=True,
)

# Lots a source gives with their dates and costs: opening positions and transfers in kind. Append-only but
# for the version that replaced a row.
lots = tenant_table(
    "lots",
    Column("account_id", Uuid, nullable=False),
    Column("portfolio_id", Uuid, nullable=False),
    Column("security_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("as_of", Date, nullable=False),  # the day on which the lot was in the account as given
    Column("acquired_on", Date),  # null: not known
    Column("quantity", QUANTITY, nullable=False),
    Column("cost_basis", MONEY),  # account currency; null: not known
    Column("currency", Text, nullable=False),
    Column("related_source_id", Text),  # the transaction the lot came with
    *known_columns(),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    UniqueConstraint("tenant_id", "source", "source_id", "book_version"),
    tenant_fk("account_id", "accounts"),
    ForeignKeyConstraint(
        ["tenant_id", "account_id", "portfolio_id"],
        ["portfolios.tenant_id", "portfolios.account_id", "portfolios.id"],
    ),
    tenant_fk("security_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("lots", "account_id", "security_id"),
    tenant_index("lots", "security_id"),
    tenant_index("lots", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
)

# A judgement of two securities, ``security_id`` the lesser: on its days a later row counts instead of an
# earlier one; a row that should not have been there at all is superseded.
identical_securities = tenant_table(
    "identical_securities",
    Column("security_id", Uuid, nullable=False),
    Column("other_security_id", Uuid, nullable=False),
    Column("treatment", Text, nullable=False),  # IDENTICAL | FIRM_TREATS_AS_IDENTICAL | ALLOWED_SUBSTITUTE
    Column("author_id", Uuid),
    Column("author_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    *effective_columns(),
    *known_columns(),
    Column("recorded_at", INSTANT, nullable=False),
    tenant_fk("security_id", "securities"),
    tenant_fk("other_security_id", "securities"),
    tenant_fk("author_id", "users"),
    tenant_index("identical_securities", "security_id"),
    tenant_index("identical_securities", "other_security_id"),
    tenant_index("identical_securities", "author_id"),
    portal="SELECT",
    scope=Scope(via=("security_id", "account_securities", "security_id")),
)

# One row per account and valued day; the Book sorts and sums these. Rewritten when a later book
# version changes the day (a published figure, in contrast, is kept with its versions).
account_valuations = tenant_table(
    "account_valuations",
    key_column("day", Date),
    key_column("account_id"),
    Column("currency", Text, nullable=False),
    Column("market_value", MONEY),  # account currency; null: nothing in it could be priced
    Column("cash", MONEY, nullable=False),
    Column("settled_cash", MONEY, nullable=False),
    Column("reporting_currency", Text, nullable=False),
    Column("reporting_value", MONEY),  # firm currency; null: no rate
    Column("reporting_value_minor", BigInteger),  # sortable twin of reporting_value
    Column("reporting_cash", MONEY),
    Column("accrued_interest", MONEY),  # in the market value; null: nothing that accrues
    Column("reporting_accrued", MONEY),
    Column("position_count", Integer, nullable=False),
    Column("unpriced_count", Integer, nullable=False),
    Column("stale_count", Integer, nullable=False),
    Column("unaccrued_count", Integer, nullable=False),  # valued, their interest not told
    Column("oldest_price_day", Date),
    Column("reasons", JSONB),  # at most 20: what is unpriced or stale, by name
    Column("book_version", BigInteger, nullable=False),
    Column("computed_at", INSTANT, nullable=False),
    tenant_fk("account_id", "accounts"),
    tenant_index("account_valuations", "account_id", "day"),
    key=("day", "account_id"),
    app="SELECT, INSERT, UPDATE, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
    postgresql_partition_by="RANGE (day)",
)
