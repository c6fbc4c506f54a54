"""account terms: registration, tax status and lot method of accounts by day and book version

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.tables import Scope, Security

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PORTAL = (
    "SELECT (tenant_id, id, account_id, account_type, tax_status, lot_method, effective_from, effective_to,"
    " book_version, superseded_version)"
)


def upgrade() -> None:
    op.create_table(
        "account_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_type", sa.Text(), nullable=False),
        sa.Column("tax_status", sa.Text(), nullable=False),
        sa.Column("lot_method", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date()),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("superseded_version", sa.BigInteger()),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("source_line", sa.Integer()),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f("fk_account_terms_tenant_id_firms")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_account_terms_tenant_id_{column}_{other}"),
            )
            for column, other in (
                ("account_id", "accounts"),
                ("author_id", "users"),
                ("batch_id", "import_batches"),
            )
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account_terms")),
    )
    for column in ("account_id", "author_id", "batch_id"):
        op.create_index(f"ix_account_terms_{column}", "account_terms", ["tenant_id", column])
    # Accounts that are there have had their terms since ever. The owner reads every firm's for once.
    op.execute("alter table accounts no force row level security")
    op.execute(
        "insert into account_terms (tenant_id, id, account_id, account_type, tax_status, lot_method,"
        " effective_from, book_version, batch_id, source_line)"
        " select a.tenant_id, gen_random_uuid(), a.id, a.account_type, a.tax_status, a.lot_method,"
        " date '1900-01-01', 0, null, a.source_line from accounts a"
    )
    op.execute("alter table accounts force row level security")
    op.secure_table(
        "account_terms",
        Security(
            grants={"app": "SELECT, INSERT, UPDATE", "portal": _PORTAL}, scope=Scope(subjects=("account_id",))
        ),
    )


def downgrade() -> None:
    op.drop_table("account_terms")
