"""stale days: how many holdings of a stored day have an old price or rate

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Stored days are a cache: they are made anew with the count.
    op.execute("truncate portfolio_days")
    op.execute("truncate portfolio_day_marks")
    op.add_column("portfolio_days", sa.Column("stale_count", sa.Integer(), nullable=False))


def downgrade() -> None:
    op.drop_column("portfolio_days", "stale_count")
