"""measured: conventions and members of groups from a day on, what is agreed is told to whom it concerns

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.rls import scope_predicate
from wealthnexus.kit.db.tables import Scope, for_writing

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ALWAYS = "0001-01-01"
_SCOPES = {
    "benchmarks": Scope(via=("id", "benchmark_assignments", "benchmark_id")),
    "benchmark_components": Scope(via=("benchmark_id", "benchmarks", "id")),
    "benchmark_assignments": Scope(subjects=("subject_id",), firm_if_null="subject_id"),
    "calculation_policies": Scope(subjects=("household_id",), firm_if_null="household_id"),
}
# What clients read of them: neither who wrote a row nor why.
_READ = {
    "benchmarks": "tenant_id, id, name",
    "benchmark_assignments": (
        "tenant_id, id, benchmark_id, subject_id, effective_from, effective_to, book_version,"
        " superseded_version"
    ),
    "calculation_policies": (
        "tenant_id, id, household_id, report, number, effective_from, changes, book_version"
    ),
}
_OF_GROUP = Scope(via=("group_id", "account_groups", "id"))
_OF_ACCOUNT = Scope(subjects=("account_id",))


def _role(name: str) -> str:
    return f"{op.get_context().opts.get('role_prefix', 'wn')}_{name}"


def upgrade() -> None:
    op.add_column("benchmark_components", sa.Column("price_multiplier", sa.Numeric(28, 10)))
    op.add_column("calculation_policies", sa.Column("report", sa.Text()))
    op.add_column(
        "calculation_policies",
        sa.Column("effective_from", sa.Date(), nullable=False, server_default=_ALWAYS),
    )
    op.alter_column("calculation_policies", "effective_from", server_default=None)
    op.create_unique_constraint(
        op.f("uq_calculation_policies_tenant_id_household_id_report_number"),
        "calculation_policies",
        ["tenant_id", "household_id", "report", "number"],
        postgresql_nulls_not_distinct=True,
    )
    _members()
    for table, scope in _SCOPES.items():
        for role in ("app", "portal"):
            seen, written = scope_predicate(scope, role), scope_predicate(for_writing(scope), role)
            op.execute(
                f"create policy {role}_scope on {table} as restrictive for all to {_role(role)}"
                f" using ({seen}) with check ({written})"
            )
    for table, columns in _READ.items():
        op.execute(f"revoke select on {table} from {_role('portal')}")
        op.execute(f"grant select ({columns}) on {table} to {_role('portal')}")


def _members() -> None:
    table = "account_group_members"
    for column, default in (
        (sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.func.gen_random_uuid()), "id"),
        (sa.Column("effective_from", sa.Date(), nullable=False, server_default=_ALWAYS), "effective_from"),
        (sa.Column("book_version", sa.BigInteger(), nullable=False, server_default="0"), "book_version"),
    ):
        op.add_column(table, column)
        op.alter_column(table, default, server_default=None)
    op.add_column(table, sa.Column("effective_to", sa.Date()))
    op.add_column(table, sa.Column("superseded_version", sa.BigInteger()))
    op.drop_constraint(op.f("pk_account_group_members"), table)
    op.create_primary_key(op.f("pk_account_group_members"), table, ["tenant_id", "id"])
    op.create_index(f"ix_{table}_group_id_account_id", table, ["tenant_id", "group_id", "account_id"])
    _see(_OF_GROUP)
    op.execute(f"revoke delete on {table} from {_role('app')}")
    op.execute(f"grant update on {table} to {_role('app')}")


def _see(scope: Scope) -> None:
    seen = scope_predicate(scope, "app")
    op.execute(f"alter policy app_scope on account_group_members using ({seen}) with check ({seen})")


def downgrade() -> None:
    for table, columns in _READ.items():
        op.execute(f"revoke select on {table} from {_role('portal')}")
        op.execute(f"revoke select ({columns}) on {table} from {_role('portal')}")
        op.execute(f"grant select on {table} to {_role('portal')}")
    for table in _SCOPES:
        for role in ("app", "portal"):
            op.execute(f"drop policy {role}_scope on {table}")
    table = "account_group_members"
    op.execute(f"revoke update on {table} from {_role('app')}")
    op.execute(f"grant delete on {table} to {_role('app')}")
    _see(_OF_ACCOUNT)
    op.drop_index(f"ix_{table}_group_id_account_id", table)
    op.drop_constraint(op.f("pk_account_group_members"), table)
    # One row for an account of a group, as there was: what no longer stands goes.
    op.execute(f"delete from {table} where superseded_version is not null or effective_to is not null")
    op.create_primary_key(op.f("pk_account_group_members"), table, ["tenant_id", "group_id", "account_id"])
    for column in ("superseded_version", "effective_to", "book_version", "effective_from", "id"):
        op.drop_column(table, column)
    op.drop_constraint(
        op.f("uq_calculation_policies_tenant_id_household_id_report_number"), "calculation_policies"
    )
    op.drop_column("calculation_policies", "effective_from")
    op.drop_column("calculation_policies", "report")
    op.drop_column("benchmark_components", "price_multiplier")
