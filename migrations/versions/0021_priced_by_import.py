"""priced by import: the earliest day on which an import priced a security is found by index

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_security_prices_batch_id", "security_prices")
    op.create_index(
        "ix_security_prices_batch_id_security_id_day",
        "security_prices",
        ["tenant_id", "batch_id", "security_id", "day"],
    )


def downgrade() -> None:
    op.drop_index("ix_security_prices_batch_id_security_id_day", "security_prices")
    op.create_index("ix_security_prices_batch_id", "security_prices", ["tenant_id", "batch_id"])
