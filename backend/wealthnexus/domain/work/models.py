"""Subjects (what anything may point at), the one work queue, the one findings table."""

from sqlalchemy import Column, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, Scope, tenant_fk, tenant_index, tenant_table

subjects = tenant_table(
    "subjects",
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    portal="SELECT",
    system="SELECT",
    scope=Scope(subjects=("id",), command="SELECT"),
)

work_items = tenant_table(
    "work_items",
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("detail", Text),
    Column("subject_id", Uuid),
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("due_at", INSTANT),
    Column("closed_at", INSTANT),
    Column("owner_role", Text),
    Column("assignee_id", Uuid),
    Column("action_label", Text, nullable=False),
    Column("action_path", Text, nullable=False),
    Column("dedupe_key", Text),
    Column("version", Integer, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("assignee_id", "users"),
    tenant_index("work_items", "state", "created_at", "id"),
    tenant_index("work_items", "subject_id"),
    tenant_index("work_items", "assignee_id"),
    tenant_index(
        "work_items",
        "kind",
        "dedupe_key",
        unique=True,
        name="open_dedupe",
        postgresql_where=text("state in ('OPEN', 'IN_PROGRESS') and dedupe_key is not null"),
    ),
    # What a client asks becomes work; clients never read the firm's queue.
    portal="INSERT",
    scope=Scope(subjects=("subject_id",), principals=("assignee_id",)),
)

findings = tenant_table(
    "findings",
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("job_id", Uuid),
    Column("message", Text, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("fix", JSONB),
    Column("state", Text, nullable=False),
    Column("dedupe_key", Text),
    Column("detected_at", INSTANT, nullable=False),
    Column("resolved_at", INSTANT),
    Column("resolved_by", Uuid),
    Column("resolution_reason", Text),
    Column("version", Integer, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("job_id", "jobs"),
    tenant_fk("resolved_by", "users"),
    tenant_index("findings", "state", "detected_at", "id"),
    tenant_index("findings", "subject_id"),
    tenant_index("findings", "job_id"),
    tenant_index(
        "findings",
        "code",
        "dedupe_key",
        unique=True,
        name="open_dedupe",
        postgresql_where=text("state = 'OPEN' and dedupe_key is not null"),
    ),
    scope=Scope(subjects=("subject_id",)),
)
