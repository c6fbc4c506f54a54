"""One approvals engine: the stored command, its hash, who decided what."""

from sqlalchemy import Column, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, Scope, tenant_fk, tenant_index, tenant_table

approval_requests = tenant_table(
    "approval_requests",
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("command", JSONB, nullable=False),
    Column("command_hash", LargeBinary, nullable=False),
    Column("policy", JSONB, nullable=False),
    Column("quorum", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("maker_id", Uuid, nullable=False),
    Column("maker_name", Text, nullable=False),
    Column("reason", Text),
    Column("requested_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("closed_at", INSTANT),
    Column("outcome", Text),
    Column("version", Integer, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("maker_id", "users"),
    tenant_index("approval_requests", "state", "requested_at", "id"),
    tenant_index("approval_requests", "subject_id"),
    tenant_index("approval_requests", "maker_id"),
    scope=Scope(subjects=("subject_id",), principals=("maker_id",)),
)

approval_decisions = tenant_table(
    "approval_decisions",
    Column("request_id", Uuid, nullable=False),
    Column("decider_id", Uuid, nullable=False),
    Column("decider_name", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text),
    Column("command_hash", LargeBinary, nullable=False),
    Column("decided_at", INSTANT, nullable=False),
    tenant_fk("request_id", "approval_requests"),
    tenant_fk("decider_id", "users"),
    UniqueConstraint("tenant_id", "request_id", "decider_id"),
    tenant_index("approval_decisions", "decider_id"),
    app="SELECT, INSERT",
    scope=Scope(via=("request_id", "approval_requests", "id")),
    append_only=True,
)
