"""identical: securities that count as substantially identical; transfers found by account and by name

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.tables import Role, Scope, Security

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IN_KIND = "type in ('TRANSFER_IN', 'TRANSFER_OUT', 'JOURNAL')"


def upgrade() -> None:
    op.create_table(
        "identical_securities",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("security_id", sa.Uuid(), nullable=False),
        sa.Column("other_security_id", sa.Uuid(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("superseded_version", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "security_id"], ["securities.tenant_id", "securities.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "other_security_id"], ["securities.tenant_id", "securities.id"]
        ),
        sa.ForeignKeyConstraint(["tenant_id", "author_id"], ["users.tenant_id", "users.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("security_id", "other_security_id", "author_id"):
        op.create_index(f"ix_identical_securities_{column}", "identical_securities", ["tenant_id", column])
    grants: dict[Role, str] = {"app": "SELECT, INSERT, UPDATE", "portal": "SELECT"}
    scope = Scope(via=("security_id", "account_securities", "security_id"))
    op.secure_table("identical_securities", Security(grants, scope))
    op.create_index(
        "ix_transactions_in_kind",
        "transactions",
        ["tenant_id", "account_id", "trade_date"],
        postgresql_where=sa.text(IN_KIND),
    )
    op.create_index(
        "ix_transactions_related_in_kind",
        "transactions",
        ["tenant_id", "source", "related_source_id"],
        postgresql_where=sa.text(f"related_source_id is not null and {IN_KIND}"),
    )


def downgrade() -> None:
    op.drop_index("ix_transactions_related_in_kind", table_name="transactions")
    op.drop_index("ix_transactions_in_kind", table_name="transactions")
    op.drop_table("identical_securities")
