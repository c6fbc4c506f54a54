"""The books the firm's people keep: branch over team over representative code, and who has which account."""

from sqlalchemy import Column, Numeric, Text, UniqueConstraint, Uuid

from wealthnexus.kit.db.tables import (
    INSTANT,
    Scope,
    effective_columns,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
)

books = tenant_table(
    "books",
    Column("kind", Text, nullable=False),  # branch | team | representative
    Column("parent_id", Uuid),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("user_id", Uuid),
    Column("created_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "code"),
    tenant_fk("id", "subjects"),
    tenant_fk("parent_id", "books"),
    tenant_fk("user_id", "users"),
    tenant_index("books", "parent_id"),
    tenant_index("books", "user_id"),
    scope=Scope(subjects=("id",), principals=("user_id",)),
)

account_assignments = tenant_table(
    "account_assignments",
    Column("account_id", Uuid, nullable=False),
    Column("book_id", Uuid, nullable=False),
    Column("split", Numeric(9, 8), nullable=False),
    *effective_columns(),
    *known_columns(),
    tenant_fk("account_id", "accounts"),
    tenant_fk("book_id", "books"),
    tenant_index("account_assignments", "account_id"),
    tenant_index("account_assignments", "book_id"),
    scope=Scope(subjects=("account_id",)),
)
