"""days by account: the stored days of accounts have one key, by which they are read, and point at nothing

The largest table of a firm is a cache that is filled from the accounts themselves: `portfolio_day_marks` refer
to them. Checking each of its rows again, and keeping a second index, was more than half of the work of a night.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_ACCOUNTS = "fk_portfolio_days_tenant_id_account_id_accounts"
_INDEX = "ix_portfolio_days_account_id_day"


def upgrade() -> None:
    op.drop_constraint(_ACCOUNTS, "portfolio_days", type_="foreignkey")
    op.drop_index(_INDEX, "portfolio_days")
    op.drop_constraint("pk_portfolio_days", "portfolio_days", type_="primary")
    op.create_primary_key("pk_portfolio_days", "portfolio_days", ["tenant_id", "account_id", "day"])


def downgrade() -> None:
    op.drop_constraint("pk_portfolio_days", "portfolio_days", type_="primary")
    op.create_primary_key("pk_portfolio_days", "portfolio_days", ["tenant_id", "day", "account_id"])
    op.create_index(_INDEX, "portfolio_days", ["tenant_id", "account_id", "day"])
    op.create_foreign_key(
        _ACCOUNTS, "portfolio_days", "accounts", ["tenant_id", "account_id"], ["tenant_id", "id"]
    )
