"""entries by security: what moved a security, by day

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_transactions_security_id_trade_date", "transactions", ["tenant_id", "security_id", "trade_date"]
    )
    op.drop_index("ix_transactions_security_id", "transactions")


def downgrade() -> None:
    op.create_index("ix_transactions_security_id", "transactions", ["tenant_id", "security_id"])
    op.drop_index("ix_transactions_security_id_trade_date", "transactions")
