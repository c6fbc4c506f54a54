"""What a household owes: the debt, who owes which share of it, and its balance as it was reported."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Text, Uuid, false, text

from wealthnexus.domain.clients.models.parties import SHARE
from wealthnexus.kit.db.tables import (
    INSTANT,
    MONEY,
    RATE,
    Scope,
    effective_columns,
    key_column,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
)

liabilities = tenant_table(
    "liabilities",
    Column("household_id", Uuid, nullable=False),
    # mortgage | home_equity | margin | securities_backed | personal | student | vehicle | business |
    # credit_card | tax | other
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("lender", Text),
    Column("currency", Text, nullable=False),
    Column("original_amount", MONEY),
    Column("interest_rate", RATE),  # nominal, a year: 0.0425 is 4.25 %
    Column("opened_on", Date),
    Column("matures_on", Date),
    Column("closed_on", Date),
    Column("secured_account_id", Uuid),
    Column("secured_security_id", Uuid),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed_version", BigInteger),  # of the import that was taken back; null: it stands
    tenant_index(
        "liabilities", "source", "external_id", unique=True, postgresql_where=text("removed_version is null")
    ),
    tenant_fk("id", "subjects"),
    tenant_fk("household_id", "households"),
    tenant_fk("secured_account_id", "accounts"),
    tenant_fk("secured_security_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("liabilities", "household_id"),
    tenant_index("liabilities", "secured_account_id"),
    tenant_index("liabilities", "secured_security_id"),
    tenant_index("liabilities", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
    standing="removed_version",
)

liability_owners = tenant_table(
    "liability_owners",
    Column("liability_id", Uuid, nullable=False),
    Column("party_id", Uuid, nullable=False),
    Column("share", SHARE),  # null: equally with the others
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("liability_id", "liabilities"),
    tenant_fk("party_id", "parties"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("liability_owners", "liability_id"),
    tenant_index("liability_owners", "party_id"),
    tenant_index("liability_owners", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("liability_id",)),  # as account_owners
)

# Append-only: a corrected balance is a new row of a higher book version.
liability_balances = tenant_table(
    "liability_balances",
    key_column("liability_id"),
    key_column("day", Date),
    key_column("source", Text),
    key_column("book_version", BigInteger),
    Column("balance", MONEY, nullable=False),  # owed: positive, in the liability's currency
    # Taken back with its import: neither this row nor an earlier one of the same key counts any more.
    Column("is_withdrawn", Boolean, nullable=False, server_default=false()),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("liability_id", "liabilities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("liability_balances", "batch_id"),
    key=("liability_id", "day", "source", "book_version"),
    app="SELECT, INSERT",
    portal="SELECT",
    scope=Scope(subjects=("liability_id",)),
    append_only=True,
)
