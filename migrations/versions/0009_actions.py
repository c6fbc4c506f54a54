"""actions: corporate actions and every kind of transaction

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TERMS = ("basis_fraction", "is_taxable", "cash_in_lieu_price", "fractions")
_SAID = (
    "corporate_action_id",
    "order_reference",
    "exchange_rate",
    "billed_account_id",
    "is_deep_in_the_money",
)


def upgrade() -> None:
    op.add_column("corporate_actions", sa.Column("basis_fraction", sa.Numeric(20, 14)))
    op.add_column("corporate_actions", sa.Column("is_taxable", sa.Boolean()))
    op.add_column("corporate_actions", sa.Column("cash_in_lieu_price", sa.Numeric(28, 10)))
    op.add_column("corporate_actions", sa.Column("fractions", sa.Text()))
    op.add_column("transactions", sa.Column("corporate_action_id", sa.Uuid()))
    op.add_column("transactions", sa.Column("order_reference", sa.Text()))
    op.add_column("transactions", sa.Column("exchange_rate", sa.Numeric(28, 14)))
    op.add_column("transactions", sa.Column("billed_account_id", sa.Uuid()))
    op.add_column("transactions", sa.Column("is_deep_in_the_money", sa.Boolean()))
    op.create_foreign_key(
        op.f("fk_transactions_tenant_id_corporate_action_id_corporate_actions"),
        "transactions",
        "corporate_actions",
        ["tenant_id", "corporate_action_id"],
        ["tenant_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_transactions_tenant_id_billed_account_id_accounts"),
        "transactions",
        "accounts",
        ["tenant_id", "billed_account_id"],
        ["tenant_id", "id"],
    )
    # Few rows carry out an action or pay for another account: nearly every row is in neither of these.
    op.create_index(
        "ix_transactions_corporate_action_id",
        "transactions",
        ["tenant_id", "corporate_action_id"],
        postgresql_where=sa.text("corporate_action_id is not null"),
    )
    op.create_index(
        "ix_transactions_billed_account_id",
        "transactions",
        ["tenant_id", "billed_account_id"],
        postgresql_where=sa.text("billed_account_id is not null"),
    )
    op.create_index("ix_corporate_actions_ex_date_id", "corporate_actions", ["tenant_id", "ex_date", "id"])


def downgrade() -> None:
    op.drop_index("ix_corporate_actions_ex_date_id", table_name="corporate_actions")
    for column in reversed(_SAID):
        op.drop_column("transactions", column)
    for column in reversed(_TERMS):
        op.drop_column("corporate_actions", column)
