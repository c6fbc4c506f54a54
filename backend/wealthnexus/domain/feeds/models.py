"""Where facts came from: uploads and import batches; the custodian's own word beside our books."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import (
    INSTANT,
    MONEY,
    PRICE,
    QUANTITY,
    Scope,
    key_column,
    tenant_fk,
    tenant_index,
    tenant_table,
)

uploads = tenant_table(
    "uploads",
    Column("user_id", Uuid, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("storage_key", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    tenant_fk("user_id", "users"),
    tenant_index("uploads", "user_id"),
    tenant_index("uploads", "expires_at"),
    app="SELECT, INSERT, DELETE",
    scope=Scope(principals=("user_id",)),
)

import_batches = tenant_table(
    "import_batches",
    Column("job_id", Uuid),
    Column("source", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("format_version", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid),
    Column("is_demo", Boolean, nullable=False),
    Column("undo_until", INSTANT),  # null: what it replaced was not kept, it stays
    tenant_fk("id", "subjects"),
    tenant_fk("job_id", "jobs"),
    tenant_index("import_batches", "job_id"),
    tenant_index("import_batches", "created_at", "id"),
    app="SELECT, INSERT",
    scope=Scope(principals=("created_by",)),
)

# Imports that were taken back: the version that did it, who and why.
import_undos = tenant_table(
    "import_undos",
    key_column("batch_id"),
    Column("book_version", BigInteger, nullable=False),
    Column("job_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("undone_at", INSTANT, nullable=False),
    Column("undone_by", Uuid),
    tenant_fk("batch_id", "import_batches"),
    tenant_fk("job_id", "jobs"),
    tenant_fk("undone_by", "users"),
    tenant_index("import_undos", "job_id"),
    tenant_index("import_undos", "undone_by"),
    key=("batch_id",),
    app="SELECT, INSERT",
    portal="SELECT (tenant_id, batch_id)",  # what they had brought stands for nobody, see kit.db.rls.STANDING
    append_only=True,
)

# How a row was before an import changed it in place; kept until a week after it could last be taken back.
import_journal = tenant_table(
    "import_journal",
    key_column("batch_id"),
    key_column("table_name", Text),
    key_column("row_id"),
    Column("before", JSONB, nullable=False),
    tenant_fk("batch_id", "import_batches"),
    key=("batch_id", "table_name", "row_id"),
    app="SELECT, INSERT, DELETE",
    scope=Scope(),
)

# What the custodian says it holds, as it was said: a file sent again adds rows, the latest batch of an
# account and day counts.
custodian_positions = tenant_table(
    "custodian_positions",
    key_column("account_id"),
    key_column("day", Date),
    key_column("batch_id"),
    key_column("source_line", Integer),
    Column("security_id", Uuid),  # null: a cash balance of the currency
    Column("currency", Text, nullable=False),
    Column("quantity", QUANTITY, nullable=False),  # of cash: the balance
    Column("price", PRICE),
    Column("market_value", MONEY),  # in the currency
    Column("cost_basis", MONEY),
    Column("custodian_key", Text),  # what the custodian calls it
    Column("source", Text, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    tenant_fk("account_id", "accounts"),
    tenant_fk("security_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("custodian_positions", "security_id"),
    tenant_index("custodian_positions", "batch_id"),
    key=("account_id", "day", "batch_id", "source_line"),
    app="SELECT, INSERT",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
    append_only=True,
    standing="batch_id",
)

custodian_lots = tenant_table(
    "custodian_lots",
    key_column("account_id"),
    key_column("day", Date),
    key_column("batch_id"),
    key_column("source_line", Integer),
    Column("security_id", Uuid, nullable=False),
    Column("acquired_on", Date),
    Column("quantity", QUANTITY, nullable=False),
    Column("cost_basis", MONEY),
    Column("currency", Text, nullable=False),
    Column("custodian_key", Text),
    Column("source", Text, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    tenant_fk("account_id", "accounts"),
    tenant_fk("security_id", "securities"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("custodian_lots", "security_id"),
    tenant_index("custodian_lots", "batch_id"),
    key=("account_id", "day", "batch_id", "source_line"),
    app="SELECT, INSERT",
    scope=Scope(subjects=("account_id",)),
    append_only=True,
    standing="batch_id",
)

# One row per account and day with evidence: what comparing it with our books said last.
reconciliations = tenant_table(
    "reconciliations",
    key_column("account_id"),
    key_column("day", Date),
    Column("state", Text, nullable=False),  # MATCHED | BREAKS | SIGNED_OFF
    Column("compared_count", Integer, nullable=False),
    Column("open_break_count", Integer, nullable=False),
    Column("evidence_batch_id", Uuid, nullable=False),
    Column("book_version", BigInteger, nullable=False),  # of our side
    Column("checked_at", INSTANT, nullable=False),
    tenant_fk("account_id", "accounts"),
    tenant_fk("evidence_batch_id", "import_batches"),
    tenant_index("reconciliations", "day", "state"),
    tenant_index("reconciliations", "evidence_batch_id"),
    key=("account_id", "day"),
    app="SELECT, INSERT, UPDATE, DELETE",
    scope=Scope(subjects=("account_id",)),
)

# A difference between the custodian and us; its finding is what people work on.
reconciliation_breaks = tenant_table(
    "reconciliation_breaks",
    Column("account_id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),  # QUANTITY | CASH | MARKET_VALUE | LOTS
    Column("security_id", Uuid),
    Column("currency", Text, nullable=False),
    Column("ours", QUANTITY),  # null: not in our books
    Column("theirs", QUANTITY),  # null: not in the custodian's file
    Column("difference", QUANTITY, nullable=False),  # theirs less ours
    Column("tolerance", QUANTITY, nullable=False),
    Column("state", Text, nullable=False),  # OPEN | SIGNED_OFF | CLEARED
    Column("opened_on", Date, nullable=False),  # the first day of the same difference in a row
    Column("owner_id", Uuid),
    Column("reason_code", Text),
    Column("reason", Text),
    Column("decided_at", INSTANT),
    Column("decided_by", Uuid),
    Column("finding_id", Uuid),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    tenant_fk("id", "subjects"),
    tenant_fk("account_id", "accounts"),
    tenant_fk("security_id", "securities"),
    tenant_fk("owner_id", "users"),
    tenant_fk("decided_by", "users"),
    tenant_fk("finding_id", "findings"),
    tenant_index("reconciliation_breaks", "account_id", "day"),
    tenant_index("reconciliation_breaks", "state", "opened_on", "id"),
    tenant_index("reconciliation_breaks", "security_id"),
    tenant_index("reconciliation_breaks", "owner_id"),
    tenant_index("reconciliation_breaks", "decided_by"),
    tenant_index("reconciliation_breaks", "finding_id"),
    scope=Scope(subjects=("account_id",)),
)

# A bundle being looked at in the app: what each row would do, and the mended cells, until it is committed.
import_drafts = tenant_table(
    "import_drafts",
    Column("user_id", Uuid, nullable=False),
    Column("upload_id", Uuid, nullable=False),
    Column("job_id", Uuid),
    Column("state", Text, nullable=False),  # MAPPING | CHECKED | COMMITTED | UNDONE | DISCARDED
    Column("mapping", JSONB, nullable=False),  # file -> column of theirs -> column of ours
    Column("edits", JSONB, nullable=False),  # file, line, column, value: at most 10,000
    Column("skips", JSONB, nullable=False, server_default=text("'[]'::jsonb")),  # file, line, reason
    Column("report", JSONB),
    Column("batch_id", Uuid),
    Column("undo_until", INSTANT),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    tenant_fk("user_id", "users"),
    tenant_fk("job_id", "jobs"),
    tenant_fk("batch_id", "import_batches"),
    tenant_index("import_drafts", "user_id", "created_at"),
    tenant_index("import_drafts", "job_id"),
    tenant_index("import_drafts", "batch_id"),
    scope=Scope(principals=("user_id",)),
)

# What the last check said of each row of a draft; kept as long as its file.
import_draft_rows = tenant_table(
    "import_draft_rows",
    key_column("draft_id"),
    key_column("file", Text),
    key_column("line", Integer),
    Column("user_id", Uuid, nullable=False),
    Column("verdict", Text, nullable=False),  # NEW | CHANGED | UNCHANGED
    Column("before", JSONB),  # of a changed row: column -> what the books say
    tenant_fk("draft_id", "import_drafts"),
    tenant_fk("user_id", "users"),
    tenant_index("import_draft_rows", "user_id"),
    key=("draft_id", "file", "line"),
    app="SELECT, INSERT, DELETE",
    scope=Scope(principals=("user_id",)),
)
