"""co-owners: who may see an account or debt may see that others own it too, though not who they are

Revision ID: 0004
Revises: 0003
"""

from alembic import op
from wealthnexus.kit.db.rls import scope_predicate
from wealthnexus.kit.db.tables import Scope

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {"account_owners": "account_id", "liability_owners": "liability_id"}


def _scoped(table: str, scope: Scope) -> None:
    prefix = str(op.get_context().opts.get("role_prefix", "wn"))
    for role in ("app", "portal"):
        predicate = scope_predicate(scope, role)
        op.execute(f"drop policy {role}_scope on {table}")
        op.execute(
            f"create policy {role}_scope on {table} as restrictive for all to {prefix}_{role}"
            f" using ({predicate}) with check ({predicate})"
        )


def upgrade() -> None:
    for table, owned in TABLES.items():
        _scoped(table, Scope(subjects=(owned,)))


def downgrade() -> None:
    for table, owned in TABLES.items():
        _scoped(table, Scope(subjects=(owned, "party_id")))
