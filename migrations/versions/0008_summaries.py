"""summaries: what the Book is sorted and filtered by, summed per household for the days that are kept

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from wealthnexus.kit.db.tables import Scope, Security

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ORDERS = ("value_order", "cash_order", "account_count", "opened_order")


def upgrade() -> None:
    op.add_column(
        "book_heads",
        sa.Column("has_summaries", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "summarised_days",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("totals", postgresql.JSONB(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f("fk_summarised_days_tenant_id_firms")),
        sa.PrimaryKeyConstraint("tenant_id", "day", name=op.f("pk_summarised_days")),
    )
    op.create_table(
        "household_summaries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(28, 8)),
        sa.Column("cash", sa.Numeric(28, 8)),
        sa.Column("value_order", sa.Numeric(), nullable=False),
        sa.Column("cash_order", sa.Numeric(), nullable=False),
        sa.Column("account_count", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date()),
        sa.Column("opened_order", sa.Date(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("missing_accounts", sa.Integer(), nullable=False),
        sa.Column("no_rate_accounts", sa.Integer(), nullable=False),
        sa.Column("position_count", sa.Integer(), nullable=False),
        sa.Column("unpriced_count", sa.Integer(), nullable=False),
        sa.Column("stale_count", sa.Integer(), nullable=False),
        sa.Column("oldest_price_day", sa.Date()),
        sa.Column("shared_accounts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["firms.id"], name=op.f("fk_household_summaries_tenant_id_firms")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "day"],
            ["summarised_days.tenant_id", "summarised_days.day"],
            name=op.f("fk_household_summaries_tenant_id_day_summarised_days"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_household_summaries_tenant_id_household_id_households"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "day", "household_id", name=op.f("pk_household_summaries")),
    )
    op.create_index(
        "ix_household_summaries_household_id", "household_summaries", ["tenant_id", "household_id"]
    )
    for column in ORDERS:
        op.create_index(
            f"ix_household_summaries_day_{column}_household_id",
            "household_summaries",
            ["tenant_id", "day", column, "household_id"],
        )
    op.create_index(
        "ix_household_summaries_day_quality_household_id",
        "household_summaries",
        ["tenant_id", "day", "quality", "household_id"],
        postgresql_where=sa.text("quality <> 'COMPLETE'"),
    )
    op.secure_table("summarised_days", Security(grants={"app": "SELECT, INSERT, UPDATE, DELETE"}))
    op.secure_table(
        "household_summaries",
        Security(grants={"app": "SELECT, INSERT, UPDATE, DELETE"}, scope=Scope(command="SELECT")),
    )
    op.create_index("ix_household_accounts_book_version", "household_accounts", ["tenant_id", "book_version"])
    op.create_index(
        "ix_household_accounts_superseded_version",
        "household_accounts",
        ["tenant_id", "superseded_version"],
        postgresql_where=sa.text("superseded_version is not null"),
    )
    op.create_index(
        "ix_security_prices_book_version",
        "security_prices",
        ["tenant_id", "book_version"],
        postgresql_where=sa.text("reason is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_security_prices_book_version", table_name="security_prices")
    op.drop_index("ix_household_accounts_superseded_version", table_name="household_accounts")
    op.drop_index("ix_household_accounts_book_version", table_name="household_accounts")
    op.drop_table("household_summaries")
    op.drop_table("summarised_days")
    op.drop_column("book_heads", "has_summaries")
