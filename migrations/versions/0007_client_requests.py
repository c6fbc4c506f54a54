"""client_requests: what clients ask of the firm by themselves; each becomes a work item

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.rls import TENANT_IS_BOUND, scope_predicate
from wealthnexus.kit.db.tables import Scope, Security

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "client_requests"
# A client's request becomes work; what a position cost is told from the custodian's file.
OPENED = (
    ("work_items", "insert", Scope(subjects=("subject_id",), principals=("assignee_id",))),
    ("custodian_positions", "select", Scope(subjects=("account_id",))),
)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("work_item_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f("fk_client_requests_tenant_id_firms")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_client_requests_tenant_id_{column}_{table}"),
            )
            for column, table in (
                ("user_id", "users"),
                ("subject_id", "subjects"),
                ("grant_id", "access_grants"),
                ("work_item_id", "work_items"),
            )
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client_requests")),
    )
    for name, columns in (
        ("user_id_created_at", ["user_id", "created_at"]),
        ("subject_id", ["subject_id"]),
        ("grant_id", ["grant_id"]),
        ("work_item_id", ["work_item_id"]),
    ):
        op.create_index(f"ix_client_requests_{name}", TABLE, ["tenant_id", *columns])
    op.secure_table(
        TABLE,
        Security(
            grants={"app": "SELECT, INSERT, UPDATE", "portal": "SELECT, INSERT"},
            scope=Scope(subjects=("subject_id",), principals=("user_id",)),
        ),
    )
    for table, verb, scope in OPENED:
        _open_to_portal(table, verb, scope)


def _prefix() -> str:
    return str(op.get_context().opts.get("role_prefix", "wn"))


def _open_to_portal(table: str, verb: str, scope: Scope) -> None:
    role, predicate = f"{_prefix()}_portal", scope_predicate(scope, "portal")
    op.execute(f"grant {verb} on {table} to {role}")
    op.execute(
        f"create policy portal_may on {table} as permissive for all to {role}"
        f" using ({TENANT_IS_BOUND}) with check ({TENANT_IS_BOUND})"
    )
    op.execute(
        f"create policy portal_scope on {table} as restrictive for all to {role}"
        f" using ({predicate}) with check ({predicate})"
    )


def downgrade() -> None:
    for table, verb, _scope in OPENED:
        op.execute(f"drop policy portal_scope on {table}")
        op.execute(f"drop policy portal_may on {table}")
        op.execute(f"revoke {verb} on {table} from {_prefix()}_portal")
    op.drop_table(TABLE)
