"""Where facts came from: uploads and import batches."""

from sqlalchemy import BigInteger, Boolean, Column, Date, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, Scope, tenant_fk, tenant_index, tenant_table

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
    tenant_fk("id", "subjects"),
    tenant_fk("job_id", "jobs"),
    tenant_index("import_batches", "job_id"),
    tenant_index("import_batches", "created_at", "id"),
    app="SELECT, INSERT",
    scope=Scope(principals=("created_by",)),
)
