"""Tables of the ground floor: outbox, event sequence, idempotency, jobs, leases."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import (
    ALL_VERBS,
    INSTANT,
    Scope,
    key_column,
    shared_table,
    tenant_index,
    tenant_table,
)

outbox = tenant_table(
    "outbox",
    Column("topic", Text, nullable=False),  # event | job
    Column("event_type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("subject_id", Uuid),
    Column("audience_id", Uuid),  # the principal it concerns, who sees it whatever its scope
    Column("actor", JSONB, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    Column("causation_id", Uuid),
    Column("book_version", BigInteger),
    Column("occurred_at", INSTANT, nullable=False),
    Column("seq", BigInteger),  # given by the relay, gapless per firm, in claim order
    Column("published_at", INSTANT),
    UniqueConstraint("tenant_id", "seq"),
    tenant_index("outbox", "id", name="unclaimed", postgresql_where=text("seq is null")),
    tenant_index(
        "outbox", "seq", name="unpublished", postgresql_where=text("seq is not null and published_at is null")
    ),
    app="SELECT, INSERT",
    portal="INSERT",
    system=ALL_VERBS,
    scope=Scope(subjects=("subject_id",), principals=("audience_id",), command="SELECT"),
)

event_heads = tenant_table(
    "event_heads",
    Column("seq", BigInteger, nullable=False),
    key=(),
    app="SELECT",
    system="SELECT, INSERT, UPDATE",
)

idempotency_records = tenant_table(
    "idempotency_records",
    Column("principal_id", Uuid, nullable=False),
    Column("operation", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("response", LargeBinary),  # encrypted: answers may carry personal values
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "principal_id", "operation", "key"),
    tenant_index("idempotency_records", "expires_at"),
    app=ALL_VERBS,
    portal="SELECT, INSERT, UPDATE",
    system="SELECT, DELETE",
    scope=Scope(principals=("principal_id",)),
)

jobs = tenant_table(
    "jobs",
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),  # QUEUED RUNNING SUCCEEDED FAILED CANCELLED
    Column("stage", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("params", JSONB, nullable=False),
    Column("result", JSONB),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("dedupe_key", Text),
    Column("cancel_requested", Boolean, nullable=False),
    Column("requested_by_id", Uuid),
    Column("requested_by", JSONB, nullable=False),
    Column("requested_at", INSTANT, nullable=False),
    Column("started_at", INSTANT),
    Column("heartbeat_at", INSTANT),
    Column("finished_at", INSTANT),
    tenant_index("jobs", "requested_at", "id"),
    tenant_index("jobs", "state", name="live", postgresql_where=text("state in ('QUEUED', 'RUNNING')")),
    tenant_index(
        "jobs",
        "kind",
        "dedupe_key",
        unique=True,
        name="live_dedupe",
        postgresql_where=text("state in ('QUEUED', 'RUNNING') and dedupe_key is not null"),
    ),
    system="SELECT, INSERT, UPDATE",
    scope=Scope(principals=("requested_by_id",)),
)

leases = shared_table(
    "leases",
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fencing_token", BigInteger, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    app="",
    portal="",
    system=ALL_VERBS,
)

scheduled_runs = tenant_table(
    "scheduled_runs",
    key_column("task", Text),
    Column("last_due_at", INSTANT, nullable=False),
    Column("last_finished_at", INSTANT),
    key=("task",),
    app="SELECT",
    system=ALL_VERBS,
)
