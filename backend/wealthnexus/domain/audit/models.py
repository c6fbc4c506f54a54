"""The audit log and the chain that seals it: both only ever added to."""

from sqlalchemy import BigInteger, Column, Date, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, Scope, key_column, tenant_fk, tenant_index, tenant_table

audit_events = tenant_table(
    "audit_events",
    key_column("occurred_on", Date),
    key_column("id"),
    Column("occurred_at", INSTANT, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_name", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("subject_kind", Text),
    Column("subject_label", Text),
    Column("summary", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("ip_address", Text),
    Column("user_agent", Text),
    Column("request_id", Text, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_index("audit_events", "occurred_at", "id"),
    tenant_index("audit_events", "subject_id", "occurred_at", "id"),
    tenant_index("audit_events", "actor_id", "occurred_at"),
    key=("occurred_on", "id"),
    app="SELECT, INSERT",
    portal="INSERT",
    system="SELECT, INSERT",
    scope=Scope(principals=("actor_id",), command="SELECT"),
    append_only=True,
    postgresql_partition_by="RANGE (occurred_on)",
)

audit_chain = tenant_table(
    "audit_chain",
    key_column("seq", BigInteger),
    Column("audit_id", Uuid, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("chain_hash", LargeBinary, nullable=False),
    Column("sealed_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "audit_id"),
    key=("seq",),
    app="SELECT",
    system="SELECT, INSERT",
    append_only=True,
)

# What is not in the chain yet: written with the audit row, removed by the sealer. Without it the
# sealer would search the whole log for rows whose transaction committed late.
audit_pending = tenant_table(
    "audit_pending",
    key_column("audit_id"),
    Column("occurred_on", Date, nullable=False),
    Column("occurred_at", INSTANT, nullable=False),
    tenant_index("audit_pending", "occurred_at", "audit_id"),
    key=("audit_id",),
    app="SELECT, INSERT",
    portal="INSERT",
    system="SELECT, DELETE",
)
