"""performance: groups of accounts, benchmarks, conventions of calculation

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from wealthnexus.kit.db.rls import scope_predicate
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
        sa.UniqueConstraint(
            "tenant_id", "created_by", "name", name=op.f("uq_account_groups_tenant_id_created_by_name")
        ),
    )
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
    _benchmarks()
    _policies()
    _days()


HELD = ("security_id", "account_securities", "security_id")
MEASURED = ("security_id", "benchmark_components", "security_id")


def _benchmarks() -> None:
    op.create_table(
        "benchmarks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references("benchmarks", ("id", "subjects"), ("created_by", "users")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_benchmarks")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_benchmarks_tenant_id_name")),
    )
    op.create_table(
        "benchmark_components",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("benchmark_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("security_id", sa.Uuid()),
        sa.Column("yearly_rate", sa.Numeric(28, 14)),
        sa.Column("label", sa.Text()),
        sa.Column("currency", sa.Text()),
        sa.Column("asset_class", sa.Text()),
        sa.Column("weight", sa.Numeric(9, 8), nullable=False),
        sa.Column("rebalance", sa.Text(), nullable=False),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("superseded_version", sa.BigInteger()),
        *_references("benchmark_components", ("benchmark_id", "benchmarks"), ("security_id", "securities")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_benchmark_components")),
    )
    op.create_table(
        "benchmark_assignments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("benchmark_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date()),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("superseded_version", sa.BigInteger()),
        *_references(
            "benchmark_assignments",
            ("benchmark_id", "benchmarks"),
            ("subject_id", "subjects"),
            ("author_id", "users"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_benchmark_assignments")),
    )
    for table, columns in (
        ("benchmarks", ("created_by",)),
        ("benchmark_components", ("benchmark_id", "first_day")),
        ("benchmark_components", ("security_id",)),
        ("benchmark_assignments", ("benchmark_id",)),
        ("benchmark_assignments", ("subject_id",)),
        ("benchmark_assignments", ("author_id",)),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, ["tenant_id", *columns])
    for table in ("benchmarks", "benchmark_components", "benchmark_assignments"):
        op.secure_table(table, Security(grants={"app": "SELECT, INSERT, UPDATE", "portal": "SELECT"}))
    for table in ("security_prices", "corporate_actions"):
        _see(table, Scope(via=HELD, also_via=MEASURED))


def _see(table: str, scope: Scope) -> None:
    """The same policies over other rows."""
    for role in ("app", "portal"):
        seen, written = scope_predicate(scope, role), scope_predicate(Scope(via=HELD), role)
        op.execute(f"alter policy {role}_scope on {table} using ({seen}) with check ({written})")


def _policies() -> None:
    op.create_table(
        "calculation_policies",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid()),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        *_references("calculation_policies", ("household_id", "households"), ("author_id", "users")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_calculation_policies")),
    )
    op.create_index(
        "ix_calculation_policies_household_id_book_version",
        "calculation_policies",
        ["tenant_id", "household_id", "book_version"],
    )
    op.create_index("ix_calculation_policies_author_id", "calculation_policies", ["tenant_id", "author_id"])
    op.secure_table(
        "calculation_policies",
        Security(grants={"app": "SELECT, INSERT", "portal": "SELECT"}, append_only=True),
    )


def _days() -> None:
    op.create_table(
        "portfolio_days",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("market_value", sa.Numeric(28, 8)),
        sa.Column("unpriced_count", sa.Integer(), nullable=False),
        *_references("portfolio_days", ("account_id", "accounts")),
        sa.PrimaryKeyConstraint("tenant_id", "day", "account_id", name=op.f("pk_portfolio_days")),
        postgresql_partition_by="RANGE (day)",
    )
    op.create_index("ix_portfolio_days_account_id_day", "portfolio_days", ["tenant_id", "account_id", "day"])
    op.create_table(
        "portfolio_day_marks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("through_day", sa.Date(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        *_references("portfolio_day_marks", ("account_id", "accounts")),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", name=op.f("pk_portfolio_day_marks")),
    )
    for table in ("portfolio_days", "portfolio_day_marks"):
        op.secure_table(
            table,
            Security(
                grants={"app": "SELECT, INSERT, UPDATE, DELETE", "portal": "SELECT"},
                scope=Scope(subjects=("account_id",)),
            ),
        )
    op.partition_by_year("portfolio_days", 2000, 2035)


def downgrade() -> None:
    op.drop_table("portfolio_day_marks")
    op.drop_table("portfolio_days")
    op.drop_table("calculation_policies")
    for table in ("security_prices", "corporate_actions"):
        _see(table, Scope(via=HELD))
    op.drop_table("benchmark_assignments")
    op.drop_table("benchmark_components")
    op.drop_table("benchmarks")
    op.drop_table("account_group_members")
    op.drop_table("account_groups")
