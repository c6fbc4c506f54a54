"""undo: an import can be taken back as a whole; what each row of a draft would do

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from wealthnexus.kit.db.rls import standing_statement
from wealthnexus.kit.db.tables import Role, Scope, Security

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ENTITIES = {
    "households": "external_id",
    "accounts": "external_id",
    "parties": "external_id",
    "liabilities": "external_id",
    "securities": "security_key",
}
EVIDENCE = ("custodian_positions", "custodian_lots")
FACTS = ("account_beneficiaries", "household_accounts", "security_identifiers")
DELETED = ("account_securities", "reconciliations")


def _role(name: str) -> str:
    return f"{op.get_context().opts.get('role_prefix', 'wn')}_{name}"


def _tables() -> None:
    op.create_table(
        "import_undos",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "batch_id"], ["import_batches.tenant_id", "import_batches.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "undone_by"], ["users.tenant_id", "users.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "batch_id"),
    )
    op.create_index("ix_import_undos_job_id", "import_undos", ["tenant_id", "job_id"])
    op.create_index("ix_import_undos_undone_by", "import_undos", ["tenant_id", "undone_by"])
    grants: dict[Role, str] = {"app": "SELECT, INSERT", "portal": "SELECT (tenant_id, batch_id)"}
    op.secure_table("import_undos", Security(grants, append_only=True))
    op.create_table(
        "import_journal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "batch_id"], ["import_batches.tenant_id", "import_batches.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "batch_id", "table_name", "row_id"),
    )
    op.secure_table("import_journal", Security({"app": "SELECT, INSERT, DELETE"}, Scope()))
    op.create_table(
        "import_draft_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "draft_id"], ["import_drafts.tenant_id", "import_drafts.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "draft_id", "file", "line"),
    )
    op.create_index("ix_import_draft_rows_user_id", "import_draft_rows", ["tenant_id", "user_id"])
    op.secure_table(
        "import_draft_rows", Security({"app": "SELECT, INSERT, DELETE"}, Scope(principals=("user_id",)))
    )


def upgrade() -> None:
    _tables()
    op.add_column("import_batches", sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "import_drafts",
        sa.Column("skips", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
    )
    for table in ("fx_rates", "liability_balances"):
        op.add_column(
            table, sa.Column("is_withdrawn", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    for table, key in ENTITIES.items():
        op.add_column(table, sa.Column("removed_version", sa.BigInteger(), nullable=True))
        op.drop_constraint(f"uq_{table}_tenant_id_source_{key}", table, type_="unique")
        op.create_index(
            f"uq_{table}_source_{key}",
            table,
            ["tenant_id", "source", key],
            unique=True,
            postgresql_where=sa.text("removed_version is null"),
        )
        op.execute(standing_statement(table, "removed_version"))
    for table in FACTS:
        op.add_column(table, sa.Column("batch_id", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("source_line", sa.Integer(), nullable=True))
        op.create_foreign_key(
            f"fk_{table}_tenant_id_batch_id_import_batches",
            table,
            "import_batches",
            ["tenant_id", "batch_id"],
            ["tenant_id", "id"],
        )
        op.create_index(f"ix_{table}_batch_id", table, ["tenant_id", "batch_id"])
    for table in EVIDENCE:
        op.execute(standing_statement(table, "batch_id"))
    for table in DELETED:
        op.execute(f"grant delete on {table} to {_role('app')}")


def downgrade() -> None:
    """What was removed comes back: undo nothing before going down, or keys may collide."""
    for table in DELETED:
        op.execute(f"revoke delete on {table} from {_role('app')}")
    for table in (*EVIDENCE, *ENTITIES):
        op.execute(f"drop policy standing on {table}")
    for table, key in ENTITIES.items():
        op.drop_index(f"uq_{table}_source_{key}", table)
        op.create_unique_constraint(f"uq_{table}_tenant_id_source_{key}", table, ["tenant_id", "source", key])
        op.drop_column(table, "removed_version")
    for table in FACTS:
        op.drop_column(table, "source_line")
        op.drop_column(table, "batch_id")
    for table in ("liability_balances", "fx_rates"):
        op.drop_column(table, "is_withdrawn")
    op.drop_column("import_drafts", "skips")
    op.drop_column("import_batches", "undo_until")
    op.drop_table("import_draft_rows")
    op.drop_table("import_journal")
    op.drop_table("import_undos")
