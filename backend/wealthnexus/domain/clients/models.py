"""Parties, households, accounts, sleeves, owners, and the books the firm's people keep."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from wealthnexus.kit.db.tables import (
    INSTANT,
    Scope,
    effective_columns,
    key_column,
    tenant_fk,
    tenant_index,
    tenant_table,
)

parties = tenant_table(
    "parties",
    Column("kind", Text, nullable=False),  # person | trust | company | estate
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("batch_id", Uuid),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "source", "external_id"),
    tenant_fk("id", "subjects"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("parties", "name_normalised", "id"),
    tenant_index("parties", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
)

party_ownerships = tenant_table(
    "party_ownerships",
    Column("owner_id", Uuid, nullable=False),
    Column("owned_id", Uuid, nullable=False),
    Column("share", Numeric(18, 12), nullable=False),
    *effective_columns(),
    Column("book_version", BigInteger, nullable=False),
    tenant_fk("owner_id", "parties"),
    tenant_fk("owned_id", "parties"),
    tenant_index("party_ownerships", "owner_id"),
    tenant_index("party_ownerships", "owned_id"),
    portal="SELECT",
    scope=Scope(subjects=("owner_id", "owned_id")),
)

households = tenant_table(
    "households",
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "source", "external_id"),
    tenant_fk("id", "subjects"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("households", "name_normalised", "id"),
    tenant_index("households", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
)

household_members = tenant_table(
    "household_members",
    Column("household_id", Uuid, nullable=False),
    Column("party_id", Uuid, nullable=False),
    Column("relationship", Text, nullable=False),
    *effective_columns(),
    Column("book_version", BigInteger, nullable=False),
    tenant_fk("household_id", "households"),
    tenant_fk("party_id", "parties"),
    tenant_index("household_members", "household_id"),
    tenant_index("household_members", "party_id"),
    portal="SELECT",
    scope=Scope(subjects=("household_id", "party_id")),
)

accounts = tenant_table(
    "accounts",
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("account_number", LargeBinary),  # encrypted
    Column("account_number_hash", LargeBinary),
    Column("account_number_last4", Text),
    Column("account_type", Text, nullable=False),
    Column("tax_status", Text, nullable=False),
    Column("custodian", Text),
    Column("currency", Text, nullable=False),
    Column("opened_on", Date),
    Column("lot_method", Text, nullable=False),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "source", "external_id"),
    tenant_fk("id", "subjects"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("accounts", "name_normalised", "id"),
    tenant_index("accounts", "account_number_hash"),
    tenant_index("accounts", "account_number_last4"),
    tenant_index("accounts", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
)

portfolios = tenant_table(
    "portfolios",
    Column("account_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    tenant_fk("account_id", "accounts"),
    # Target of (tenant_id, account_id, portfolio_id): a sleeve is never used with another account.
    UniqueConstraint("tenant_id", "account_id", "id"),
    tenant_index(
        "portfolios", "account_id", unique=True, name="one_default", postgresql_where=text("is_default")
    ),
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
)

household_accounts = tenant_table(
    "household_accounts",
    Column("household_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    *effective_columns(),
    Column("book_version", BigInteger, nullable=False),
    # The book version that replaced this row: what was believed before stays readable "as known then".
    Column("superseded_version", BigInteger),
    tenant_fk("household_id", "households"),
    tenant_fk("account_id", "accounts"),
    tenant_index("household_accounts", "household_id", "account_id"),
    tenant_index("household_accounts", "account_id"),
    portal="SELECT",
    scope=Scope(subjects=("household_id", "account_id")),
)

account_owners = tenant_table(
    "account_owners",
    Column("account_id", Uuid, nullable=False),
    Column("party_id", Uuid, nullable=False),
    # owner | joint_survivorship | joint_common | custodian | minor | trustee | grantor | beneficiary |
    # attorney
    Column("role", Text, nullable=False),
    Column("share", Numeric(18, 12)),
    *effective_columns(),
    Column("book_version", BigInteger, nullable=False),
    tenant_fk("account_id", "accounts"),
    tenant_fk("party_id", "parties"),
    tenant_index("account_owners", "account_id"),
    tenant_index("account_owners", "party_id"),
    portal="SELECT",
    scope=Scope(subjects=("account_id", "party_id")),
)

books = tenant_table(
    "books",
    Column("kind", Text, nullable=False),  # branch | team | representative
    Column("parent_id", Uuid),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("user_id", Uuid),
    Column("created_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "code"),
    tenant_fk("id", "subjects"),
    tenant_fk("parent_id", "books"),
    tenant_fk("user_id", "users"),
    tenant_index("books", "parent_id"),
    tenant_index("books", "user_id"),
    scope=Scope(subjects=("id",), principals=("user_id",)),
)

account_assignments = tenant_table(
    "account_assignments",
    Column("account_id", Uuid, nullable=False),
    Column("book_id", Uuid, nullable=False),
    Column("split", Numeric(9, 8), nullable=False),
    *effective_columns(),
    Column("book_version", BigInteger, nullable=False),
    tenant_fk("account_id", "accounts"),
    tenant_fk("book_id", "books"),
    tenant_index("account_assignments", "account_id"),
    tenant_index("account_assignments", "book_id"),
    scope=Scope(subjects=("account_id",)),
)

account_securities = tenant_table(
    "account_securities",
    key_column("account_id"),
    key_column("security_id"),
    tenant_fk("account_id", "accounts"),
    tenant_fk("security_id", "securities"),
    tenant_index("account_securities", "security_id"),
    key=("account_id", "security_id"),
    app="SELECT, INSERT",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
)

search_words = tenant_table(
    "search_words",
    key_column("word", Text),
    key_column("subject_id"),
    Column("kind", Text, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_index("search_words", "subject_id"),
    key=("word", "subject_id"),
    app="SELECT, INSERT, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("subject_id",)),
)
