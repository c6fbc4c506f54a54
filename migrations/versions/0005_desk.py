"""desk: a view may be the one a page opens with; the filters of the Book and the timeline are on indexes

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "accounts": (("opened_on",), ("custodianship_ends_on",)),
    "households": (("left_on",),),
    "notes": (("created_at", "subject_id"),),
    "audit_events": (("subject_id", "occurred_at", "id"),),
}


def upgrade() -> None:
    op.add_column(
        "saved_views", sa.Column("is_default", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(
        "uq_saved_views_one_default",
        "saved_views",
        ["tenant_id", "user_id", "page"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, ["tenant_id", *columns])
    op.drop_index("ix_audit_events_subject_id", table_name="audit_events")


def downgrade() -> None:
    op.create_index("ix_audit_events_subject_id", "audit_events", ["tenant_id", "subject_id"])
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
    op.drop_index("uq_saved_views_one_default", table_name="saved_views")
    op.drop_column("saved_views", "is_default")
