"""performance: groups of accounts that are reported together

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.tables import Scope, Security

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f(f"fk_{table}_tenant_id_firms")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}_{other}"),
            )
            for column, other in columns
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "account_groups",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references("account_groups", ("id", "subjects"), ("created_by", "users")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account_groups")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_account_groups_tenant_id_name")),
    )
    op.create_index("ix_account_groups_created_by", "account_groups", ["tenant_id", "created_by"])
    op.secure_table(
        "account_groups",
        Security(grants={"app": "SELECT, INSERT, UPDATE, DELETE"}, scope=Scope(principals=("created_by",))),
    )
    op.create_table(
        "account_group_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *_references("account_group_members", ("group_id", "account_groups"), ("account_id", "accounts")),
        sa.PrimaryKeyConstraint("tenant_id", "group_id", "account_id", name=op.f("pk_account_group_members")),
    )
    op.create_index(
        "ix_account_group_members_account_id", "account_group_members", ["tenant_id", "account_id"]
    )
    op.secure_table(
        "account_group_members",
        Security(grants={"app": "SELECT, INSERT, DELETE"}, scope=Scope(subjects=("account_id",))),
    )


def downgrade() -> None:
    op.drop_table("account_group_members")
    op.drop_table("account_groups")
