"""sleeves: their strategy, days and version; a name once in an account

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NAMED = "uq_portfolios_tenant_id_account_id_name"


def upgrade() -> None:
    op.add_column("portfolios", sa.Column("strategy", sa.Text()))
    op.add_column("portfolios", sa.Column("opened_on", sa.Date()))
    op.add_column("portfolios", sa.Column("closed_on", sa.Date()))
    op.add_column("portfolios", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_unique_constraint(_NAMED, "portfolios", ["tenant_id", "account_id", "name"])


def downgrade() -> None:
    op.drop_constraint(_NAMED, "portfolios")
    for name in ("version", "closed_on", "opened_on", "strategy"):
        op.drop_column("portfolios", name)
