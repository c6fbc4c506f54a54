"""closing: the stages of each night's close

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from wealthnexus.kit.db.tables import Security

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "close_stages",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("book_version", sa.BigInteger()),
        sa.Column("job_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f("fk_close_stages_tenant_id_firms")),
        sa.PrimaryKeyConstraint("tenant_id", "day", "stage", name=op.f("pk_close_stages")),
    )
    op.create_index("ix_close_stages_state_day", "close_stages", ["tenant_id", "state", "day"])
    op.secure_table("close_stages", Security(grants={"app": "SELECT, INSERT, UPDATE"}))


def downgrade() -> None:
    op.drop_table("close_stages")
