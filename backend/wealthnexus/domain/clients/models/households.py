"""Households: who and what is looked after together; many-to-many, effective-dated and known-dated."""

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, Text, Uuid, text

from wealthnexus.kit.db.tables import (
    INSTANT,
    Scope,
    effective_columns,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
)

households = tenant_table(
    "households",
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("left_on", Date),  # the day from which the firm no longer looks after it
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed_version", BigInteger),  # of the import that was taken back; null: it stands
    tenant_index(
        "households", "source", "external_id", unique=True, postgresql_where=text("removed_version is null")
    ),
    tenant_fk("id", "subjects"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("households", "name_normalised", "id"),
    tenant_index("households", "batch_id"),
    tenant_index("households", "left_on"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
    standing="removed_version",
)

household_members = tenant_table(
    "household_members",
    Column("household_id", Uuid, nullable=False),
    Column("party_id", Uuid, nullable=False),
    Column("relationship", Text, nullable=False),  # head | spouse | partner | child | dependant | entity
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("household_id", "households"),
    tenant_fk("party_id", "parties"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("household_members", "household_id"),
    tenant_index("household_members", "party_id"),
    tenant_index("household_members", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("household_id", "party_id")),
)

household_accounts = tenant_table(
    "household_accounts",
    Column("household_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("household_id", "households"),
    tenant_fk("account_id", "accounts"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("household_accounts", "household_id", "account_id"),
    tenant_index("household_accounts", "batch_id"),
    tenant_index("household_accounts", "account_id"),
    tenant_index("household_accounts", "book_version"),
    tenant_index(
        "household_accounts",
        "superseded_version",
        postgresql_where=text("superseded_version is not null"),
    ),
    portal="SELECT",
    scope=Scope(subjects=("household_id", "account_id")),
)
