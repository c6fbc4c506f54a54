"""What the firm's people add: words to find things by, tags, notes and saved views."""

from sqlalchemy import Boolean, Column, Integer, Text, UniqueConstraint, Uuid, false, text

from wealthnexus.kit.db.tables import INSTANT, Scope, key_column, tenant_fk, tenant_index, tenant_table

search_words = tenant_table(
    "search_words",
    key_column("word", Text),
    key_column("subject_id"),
    Column("kind", Text, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_index("search_words", "subject_id"),
    tenant_index("search_words", "kind", "word", "subject_id"),
    key=("word", "subject_id"),
    app="SELECT, INSERT, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("subject_id",)),
)

tags = tenant_table(
    "tags",
    Column("name", Text, nullable=False),
    Column("name_normalised", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid),
    UniqueConstraint("tenant_id", "name_normalised"),
    tenant_fk("created_by", "users"),
    tenant_index("tags", "created_by"),
    app="SELECT, INSERT, UPDATE, DELETE",
)

subject_tags = tenant_table(
    "subject_tags",
    key_column("tag_id"),
    key_column("subject_id"),
    Column("created_at", INSTANT, nullable=False),
    tenant_fk("tag_id", "tags"),
    tenant_fk("subject_id", "subjects"),
    tenant_index("subject_tags", "subject_id"),
    key=("tag_id", "subject_id"),
    app="SELECT, INSERT, DELETE",
    scope=Scope(subjects=("subject_id",)),
)

notes = tenant_table(
    "notes",
    Column("subject_id", Uuid, nullable=False),
    Column("body", Text, nullable=False),
    Column("is_pinned", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("edited_at", INSTANT),
    Column("removed_at", INSTANT),
    Column("version", Integer, nullable=False),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("created_by", "users"),
    tenant_index("notes", "subject_id", "created_at", "id"),
    tenant_index("notes", "created_by"),
    tenant_index("notes", "created_at", "subject_id"),
    scope=Scope(subjects=("subject_id",)),
)

saved_views = tenant_table(
    "saved_views",
    Column("user_id", Uuid, nullable=False),
    Column("page", Text, nullable=False),  # book | accounts | work | findings | reconciliation
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # of the page's address: filters, order, columns
    Column("is_shared", Boolean, nullable=False),  # with everybody who sees the whole firm
    # What the page opens with for the person whose view it is.
    Column("is_default", Boolean, nullable=False, server_default=false()),
    Column("created_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "user_id", "page", "name"),
    tenant_fk("user_id", "users"),
    tenant_index(
        "saved_views", "user_id", "page", unique=True, name="one_default", postgresql_where=text("is_default")
    ),
    app="SELECT, INSERT, UPDATE, DELETE",
    scope=Scope(principals=("user_id",)),
)
