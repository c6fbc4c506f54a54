"""Row-security DDL, and the Alembic operations ``secure_table`` and ``share_table`` that run it.

Per table: ENABLE and FORCE; one RESTRICTIVE floor for everybody in the *raising* form (an unset
tenant is an error, never an empty answer); exactly one PERMISSIVE policy per role that may use the
table, repeating the tenant predicate; further RESTRICTIVE policies for the scope inside the firm.
"""

from __future__ import annotations

import re
from typing import Any

from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation, Operations

from wealthnexus.kit.db.tables import Role, Scope, Security, Standing, for_writing

TENANT_IS_BOUND = "tenant_id = (select current_setting('app.tenant_id')::uuid)"
PRINCIPAL = "(select current_setting('app.principal_id')::uuid)"
# The comparison stands inside the subselect: the planner takes a boolean it cannot know for one half, but
# "unknown = 'firm'" for one in two hundred, and then joins ten thousand rows by nested loops.
FIRM_SCOPE = "(select current_setting('app.scope') = 'firm')"
# Expired grants stop at once; the expansion job only tidies up after them.
IN_SCOPE = (
    "{column} = any ((select coalesce(array_agg(s.subject_id), '{{}}') from access_scope s"
    " where s.tenant_id = (select current_setting('app.tenant_id')::uuid)"
    " and s.principal_id = (select current_setting('app.principal_id')::uuid)"
    " and (s.expires_at is null or s.expires_at > now()))::uuid[])"
)
# Whoever reads the books as known at an earlier version sets it: what was removed later stood then.
_KNOWN_VERSION = (
    "(select coalesce(nullif(current_setting('app.known_version', true), ''), '9223372036854775807')::bigint)"
)
STANDING: dict[Standing, str] = {
    "removed_version": f"removed_version is null or removed_version > {_KNOWN_VERSION}",
    "batch_id": (
        "batch_id <> all ((select coalesce(array_agg(u.batch_id), '{}') from import_undos u"
        " where u.tenant_id = (select current_setting('app.tenant_id')::uuid))::uuid[])"
    ),
}
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


def scope_predicate(scope: Scope, role: Role) -> str:
    """The rows a caller of ``role`` may touch inside its firm."""
    ways: list[str] = []
    if role == "app":
        ways.append(FIRM_SCOPE)
    if scope.subjects:
        ways.append(" and ".join(IN_SCOPE.format(column=column) for column in scope.subjects))
    ways.extend(f"{column} = {PRINCIPAL}" for column in scope.principals)
    for through in (scope.via, scope.also_via):
        if through is None:
            continue
        column, table, table_column = through
        visible = f"select v.{table_column} from {table} v where v.{TENANT_IS_BOUND}"  # noqa: S608
        ways.append(f"{column} in ({visible})")
    if scope.firm_if_null is not None:
        ways.append(f"{scope.firm_if_null} is null")
    return " or ".join(f"({way})" for way in ways) if ways else "false"


def secure_statements(table: str, security: Security, *, role_prefix: str) -> list[str]:
    """Every statement that puts ``table`` under row security; idempotent only through a migration."""
    if not _NAME.match(table) or not _NAME.match(role_prefix):
        raise ValueError(f"{table!r} or {role_prefix!r} is not a plain lower-case name")
    statements = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy floor on {table} as restrictive for all to public"
        f" using ({TENANT_IS_BOUND}) with check ({TENANT_IS_BOUND})",
    ]
    for role, verbs in security.grants.items():
        name = f"{role_prefix}_{role}"
        statements.append(f"grant {verbs.lower()} on {table} to {name}")
        statements.append(
            f"create policy {role}_may on {table} as permissive for all to {name}"
            f" using ({TENANT_IS_BOUND}) with check ({TENANT_IS_BOUND})"
        )
        if security.scope and role != "system":
            predicate = scope_predicate(security.scope, role)
            written = scope_predicate(for_writing(security.scope), role)
            check = f" with check ({written})" if security.scope.command == "ALL" else ""
            statements.append(
                f"create policy {role}_scope on {table} as restrictive for"
                f" {security.scope.command.lower()} to {name} using ({predicate}){check}"
            )
    if security.standing:
        statements.append(standing_statement(table, security.standing))
    if security.append_only:
        statements += append_only_statements(table)
    return statements


def standing_statement(table: str, standing: Standing) -> str:
    """Rows that were taken out of the books are there for nobody; the keeper of history sees them."""
    predicate = STANDING[standing]
    return (
        f"create policy standing on {table} as restrictive for all to public"
        f" using ({predicate}) with check ({predicate})"
    )


def append_only_statements(table: str) -> list[str]:
    """Nobody updates, deletes or truncates: not the app, not the owner (triggers fire ALWAYS)."""
    return [
        f"create trigger append_only_rows before update or delete on {table}"
        " for each row execute function refuse_change()",
        f"create trigger append_only_table before truncate on {table}"
        " for each statement execute function refuse_change()",
        f"alter table {table} enable always trigger append_only_rows",
        f"alter table {table} enable always trigger append_only_table",
    ]


REFUSE_CHANGE_FUNCTION = """
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: its rows are only ever added', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end $$
"""


@Operations.register_operation("secure_table")
class SecureTable(MigrateOperation):
    """``op.secure_table("accounts", Security(...))``."""

    def __init__(self, table: str, security: Security) -> None:
        self.table = table
        self.security = security

    @classmethod
    def secure_table(cls, operations: Operations, table: str, security: Security) -> Any:
        return operations.invoke(cls(table, security))

    def reverse(self) -> MigrateOperation:
        return UnsecureTable(self.table, self.security)


@Operations.register_operation("unsecure_table")
class UnsecureTable(MigrateOperation):
    """Before a table is dropped: its policies go with it, nothing else to do."""

    def __init__(self, table: str, security: Security) -> None:
        self.table = table
        self.security = security

    @classmethod
    def unsecure_table(cls, operations: Operations, table: str, security: Security) -> Any:
        return operations.invoke(cls(table, security))

    def reverse(self) -> MigrateOperation:
        return SecureTable(self.table, self.security)


@Operations.register_operation("share_table")
class ShareTable(MigrateOperation):
    """``op.share_table("firms", {"app": "SELECT"})`` for the closed list outside tenancy."""

    def __init__(self, table: str, grants: dict[str, str]) -> None:
        self.table = table
        self.grants = grants

    @classmethod
    def share_table(cls, operations: Operations, table: str, grants: dict[str, str]) -> Any:
        return operations.invoke(cls(table, grants))

    def reverse(self) -> MigrateOperation:
        return ShareTable(self.table, {})


def _role_prefix(operations: Operations) -> str:
    options = operations.get_context().opts
    return str(options.get("role_prefix", "wn"))


@Operations.implementation_for(SecureTable)
def _secure(operations: Operations, operation: SecureTable) -> None:
    for statement in secure_statements(
        operation.table, operation.security, role_prefix=_role_prefix(operations)
    ):
        operations.execute(statement)


@Operations.implementation_for(UnsecureTable)
def _unsecure(operations: Operations, operation: UnsecureTable) -> None:
    operations.execute(f"alter table {operation.table} no force row level security")


@Operations.implementation_for(ShareTable)
def _share(operations: Operations, operation: ShareTable) -> None:
    for role, verbs in operation.grants.items():
        operations.execute(f"grant {verbs.lower()} on {operation.table} to {_role_prefix(operations)}_{role}")


@Operations.register_operation("partition_by_year")
class PartitionByYear(MigrateOperation):
    """``op.partition_by_year("audit_events", 2019, 2031)``: a partition a year and a default one.

    Partitions carry the floor themselves and are granted to nobody: the parent is the only door.
    """

    def __init__(self, table: str, first_year: int, last_year: int, *, append_only: bool) -> None:
        self.table = table
        self.years = range(first_year, last_year + 1)
        self.append_only = append_only

    @classmethod
    def partition_by_year(
        cls, operations: Operations, table: str, first_year: int, last_year: int, *, append_only: bool = False
    ) -> Any:
        return operations.invoke(cls(table, first_year, last_year, append_only=append_only))


@Operations.implementation_for(PartitionByYear)
def _partition(operations: Operations, operation: PartitionByYear) -> None:
    bounds = {
        f"{operation.table}_y{year}": f"for values from ('{year}-01-01') to ('{year + 1}-01-01')"
        for year in operation.years
    }
    bounds[f"{operation.table}_default"] = "default"
    for name, bound in bounds.items():
        operations.execute(f"create table {name} partition of {operation.table} {bound}")
        operations.execute(f"alter table {name} enable row level security")
        operations.execute(f"alter table {name} force row level security")
        operations.execute(
            f"create policy floor on {name} as restrictive for all to public"
            f" using ({TENANT_IS_BOUND}) with check ({TENANT_IS_BOUND})"
        )
        if operation.append_only:
            operations.execute(
                f"create trigger append_only_table before truncate on {name}"
                " for each statement execute function refuse_change()"
            )
            operations.execute(f"alter table {name} enable always trigger append_only_table")


@renderers.dispatch_for(SecureTable)
def _render_secure(_context: Any, operation: SecureTable) -> str:
    return f"op.secure_table({operation.table!r}, {operation.security!r})"


@renderers.dispatch_for(UnsecureTable)
def _render_unsecure(_context: Any, operation: UnsecureTable) -> str:
    return f"op.unsecure_table({operation.table!r}, {operation.security!r})"


@renderers.dispatch_for(ShareTable)
def _render_share(_context: Any, operation: ShareTable) -> str:
    return f"op.share_table({operation.table!r}, {operation.grants!r})"
