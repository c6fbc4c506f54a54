"""Accounts: their registration, sleeves, owners and beneficiaries, and what each has ever held."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from wealthnexus.domain.clients.models.parties import SHARE
from wealthnexus.kit.db.tables import (
    INSTANT,
    Scope,
    effective_columns,
    key_column,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
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
    Column("closed_on", Date),
    Column("lot_method", Text, nullable=False),
    Column("has_margin", Boolean, nullable=False, server_default=false()),
    # The day a minor comes of age and the custodian's authority ends.
    Column("custodianship_ends_on", Date),
    # The last day through which the custodian's evidence agrees or every break is signed off.
    Column("reconciled_through", Date),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed_version", BigInteger),  # of the import that was taken back; null: it stands
    tenant_index(
        "accounts", "source", "external_id", unique=True, postgresql_where=text("removed_version is null")
    ),
    tenant_fk("id", "subjects"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("accounts", "name_normalised", "id"),
    tenant_index("accounts", "account_number_hash"),
    tenant_index("accounts", "account_number_last4"),
    tenant_index("accounts", "batch_id"),
    tenant_index("accounts", "opened_on"),
    tenant_index("accounts", "custodianship_ends_on"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
    standing="removed_version",
)

portfolios = tenant_table(
    "portfolios",
    Column("account_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("strategy", Text),  # by which model or strategy it is run
    Column("opened_on", Date),  # null: since the account was
    Column("closed_on", Date),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    tenant_fk("account_id", "accounts"),
    # Target of (tenant_id, account_id, portfolio_id): a sleeve is never used with another account.
    UniqueConstraint("tenant_id", "account_id", "id"),
    tenant_index(
        "portfolios", "account_id", unique=True, name="one_default", postgresql_where=text("is_default")
    ),
    UniqueConstraint("tenant_id", "account_id", "name"),
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
)

# By what an account was kept from a day on: its registration, how it is taxed, and the standing order by
# which its lots are sold. ``accounts`` has those that were told last.
account_terms = tenant_table(
    "account_terms",
    Column("account_id", Uuid, nullable=False),
    Column("account_type", Text, nullable=False),
    Column("tax_status", Text, nullable=False),
    Column("lot_method", Text, nullable=False),
    Column("author_id", Uuid),
    Column("author_name", Text),  # null: a source told it
    Column("reason", Text),
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("account_id", "accounts"),
    tenant_fk("author_id", "users"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("account_terms", "account_id"),
    tenant_index("account_terms", "author_id"),
    tenant_index("account_terms", "batch_id"),
    # Lots of a client's own accounts are played by them; who changed them and why is for the firm's people.
    portal="SELECT (tenant_id, id, account_id, account_type, tax_status, lot_method, effective_from,"
    " effective_to, book_version, superseded_version)",
    scope=Scope(subjects=("account_id",)),
)

account_owners = tenant_table(
    "account_owners",
    Column("account_id", Uuid, nullable=False),
    Column("party_id", Uuid, nullable=False),
    # owner | joint_survivorship | joint_common | custodian | minor | trustee | grantor | beneficiary |
    # attorney | executor
    Column("role", Text, nullable=False),
    Column("share", SHARE),  # of those that own; null: equally with the others of the role
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("account_id", "accounts"),
    tenant_fk("party_id", "parties"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("account_owners", "account_id"),
    tenant_index("account_owners", "party_id"),
    tenant_index("account_owners", "batch_id"),
    portal="SELECT",
    # Not by party: shares are only right when strangers' rows count; their names are in parties.
    scope=Scope(subjects=("account_id",)),
)

account_beneficiaries = tenant_table(
    "account_beneficiaries",
    Column("account_id", Uuid, nullable=False),
    Column("party_id", Uuid),
    Column("name", Text, nullable=False),
    Column("tier", Text, nullable=False),  # primary | contingent
    Column("share", SHARE, nullable=False),
    Column("is_per_stirpes", Boolean, nullable=False),
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("account_id", "accounts"),
    tenant_fk("party_id", "parties"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("account_beneficiaries", "batch_id"),
    tenant_index("account_beneficiaries", "account_id"),
    tenant_index("account_beneficiaries", "party_id"),
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
    app="SELECT, INSERT, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
)
