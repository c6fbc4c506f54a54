"""composites: portfolios of one strategy, and who belongs to them from when to when

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.tables import Scope, Security

revision = "0018"
down_revision = "0017"
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
        "composites",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minimum_assets", sa.Numeric(28, 8)),
        sa.Column("benchmark_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        *_references(
            "composites", ("id", "subjects"), ("benchmark_id", "benchmarks"), ("created_by", "users")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_composites")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_composites_tenant_id_name")),
    )
    op.create_table(
        "composite_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("composite_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_author_id", sa.Uuid()),
        sa.Column("end_author_name", sa.Text()),
        sa.Column("end_reason", sa.Text()),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date()),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("superseded_version", sa.BigInteger()),
        *_references(
            "composite_members",
            ("composite_id", "composites"),
            ("account_id", "accounts"),
            ("author_id", "users"),
            ("end_author_id", "users"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_composite_members")),
    )
    for table, columns in (
        ("composites", ("benchmark_id",)),
        ("composites", ("created_by",)),
        ("composite_members", ("composite_id", "account_id")),
        ("composite_members", ("account_id",)),
        ("composite_members", ("author_id",)),
        ("composite_members", ("end_author_id",)),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, ["tenant_id", *columns])
    op.secure_table("composites", Security(grants={"app": "SELECT, INSERT"}, scope=Scope()))
    op.secure_table("composite_members", Security(grants={"app": "SELECT, INSERT, UPDATE"}, scope=Scope()))


def downgrade() -> None:
    op.drop_table("composite_members")
    op.drop_table("composites")
