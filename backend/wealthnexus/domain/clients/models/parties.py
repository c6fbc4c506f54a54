"""People, trusts, companies and estates: what is known of them, and what they are to one another."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Numeric, Text, Uuid, text

from wealthnexus.kit.db.tables import (
    INSTANT,
    Scope,
    effective_columns,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
)

SHARE = Numeric(18, 12)

parties = tenant_table(
    "parties",
    Column("kind", Text, nullable=False),  # person | trust | company | estate
    Column("status", Text, nullable=False),  # active | prospect | former | deceased | dissolved
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("given_name", Text),
    Column("family_name", Text),
    Column("birth_date", LargeBinary),  # encrypted
    Column("tax_id", LargeBinary),  # encrypted
    Column("tax_id_hash", LargeBinary),
    Column("tax_id_last4", Text),
    Column("tax_id_type", Text),  # SSN | ITIN | EIN | FOREIGN
    Column("citizenship", Text),  # ISO 3166-1 alpha-2
    Column("residence", Text),  # ISO 3166-1 alpha-2
    Column("jurisdiction", Text),  # where an entity was formed, e.g. US-DE
    Column("formed_on", Date),
    Column("ended_on", Date),  # died, dissolved
    Column("kyc_state", Text, nullable=False),  # not_started | in_progress | verified | rejected
    Column("kyc_verified_on", Date),
    Column("kyc_refresh_due", Date),
    # conservative | moderately_conservative | moderate | moderately_aggressive | aggressive
    Column("risk_profile", Text),
    Column("risk_assessed_on", Date),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("source_digest", LargeBinary),  # of the row as its source last gave it
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed_version", BigInteger),  # of the import that was taken back; null: it stands
    tenant_index(
        "parties", "source", "external_id", unique=True, postgresql_where=text("removed_version is null")
    ),
    tenant_fk("id", "subjects"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("parties", "name_normalised", "id"),
    tenant_index("parties", "tax_id_hash"),
    tenant_index("parties", "kyc_refresh_due"),
    tenant_index("parties", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("id",)),
    standing="removed_version",
)

party_contacts = tenant_table(
    "party_contacts",
    Column("party_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),  # email | phone | address
    Column("label", Text, nullable=False),  # home, work, mobile
    Column("value", Text, nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    tenant_fk("party_id", "parties"),
    tenant_index("party_contacts", "party_id"),
    app="SELECT, INSERT, UPDATE, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("party_id",)),
)

party_relationships = tenant_table(
    "party_relationships",
    Column("party_id", Uuid, nullable=False),
    # spouse | former_spouse | partner | parent | guardian | sibling | trustee | grantor | executor |
    # attorney | accountant | trusted_contact | officer | employer: the party is this to the related one
    Column("kind", Text, nullable=False),
    Column("related_id", Uuid, nullable=False),
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("party_id", "parties"),
    tenant_fk("related_id", "parties"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("party_relationships", "party_id"),
    tenant_index("party_relationships", "related_id"),
    tenant_index("party_relationships", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("party_id", "related_id")),
)

party_ownerships = tenant_table(
    "party_ownerships",
    Column("owner_id", Uuid, nullable=False),
    Column("owned_id", Uuid, nullable=False),
    Column("share", SHARE, nullable=False),
    *effective_columns(),
    *known_columns(),
    Column("batch_id", Uuid),
    Column("source_line", Integer),
    tenant_fk("owner_id", "parties"),
    tenant_fk("owned_id", "parties"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("party_ownerships", "owner_id"),
    tenant_index("party_ownerships", "owned_id"),
    tenant_index("party_ownerships", "batch_id"),
    portal="SELECT",
    scope=Scope(subjects=("owner_id", "owned_id")),
)
