"""Reads the database's own catalog and says where it departs from the rules of tenancy.

The declared tables say what must be; PostgreSQL says what is. ``wealthnexus migrate`` ends with this
check and the tests run it on scratch databases that are broken on purpose.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code or the name of a role

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import MetaData, Table

from wealthnexus.kit.db.rls import STANDING, TENANT_IS_BOUND, scope_predicate
from wealthnexus.kit.db.tables import Security, for_writing, verbs_granted

SHARED_TABLES = frozenset({"firms", "domains", "instruments", "leases"})
_BOOKKEEPING = frozenset({"alembic_version"})
_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

# A server's administrator may have put extensions into the schema; their objects are not the product's.
_OURS = "not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')"

Query = Callable[[str], Sequence[Sequence[Any]]]
"""Runs one SQL statement without parameters and returns its rows."""


def catalog_faults(query: Query, metadata: MetaData, *, role_prefix: str = "wn") -> list[str]:
    """Every departure as one sentence, in table order; empty when the database holds the rules.

    ``query`` must run as a role that may read the catalog (any). Nothing is changed.
    """
    present = {
        name: (rls, force, is_partition)
        for name, rls, force, is_partition in query(
            "select relname, relrowsecurity, relforcerowsecurity, relispartition from pg_class c"
            f" where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and {_OURS}"
            " order by relname"
        )
    }
    faults = list(_unknown_tables(present, metadata))
    policies = _policies(query)
    for name, (rls, force, is_partition) in present.items():
        if is_partition:
            faults += _row_security_flags(name, rls, force)
            continue
        table = metadata.tables.get(name)
        if table is None or "security" not in table.info:
            continue
        security: Security = table.info["security"]
        faults += _row_security_flags(name, rls, force)
        faults += _policy_faults(name, security, policies.get(name, []), role_prefix)
    faults += _key_faults(query, metadata)
    faults += _grant_faults(query, metadata, present, role_prefix)
    faults += _column_grant_faults(query, metadata, role_prefix)
    faults += _trigger_faults(query, metadata)
    faults += _forbidden_objects(query)
    faults += _role_faults(query, role_prefix)
    return faults


def _unknown_tables(present: dict[str, tuple[bool, bool, bool]], metadata: MetaData) -> Iterable[str]:
    for name, (_, _, is_partition) in present.items():
        if not is_partition and name not in metadata.tables and name not in _BOOKKEEPING:
            yield f"table {name} is in the database and declared nowhere"
    for name, table in metadata.tables.items():
        if name not in present:
            yield f"table {name} is declared and not in the database"
        if "security" not in table.info and name not in SHARED_TABLES:
            yield f"table {name} stands outside tenancy and is not on the closed list of shared tables"


def _row_security_flags(name: str, rls: bool, force: bool) -> Iterable[str]:
    if not rls:
        yield f"table {name}: row security is not enabled"
    if not force:
        yield f"table {name}: row security is not forced, its owner passes by"


def _policies(query: Query) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for table, name, permissive, roles, command, qual, check in query(
        "select tablename, policyname, permissive, roles::text[], cmd, qual, with_check"
        " from pg_policies where schemaname = 'public'"
    ):
        found.setdefault(table, []).append(
            {
                "name": name,
                "permissive": permissive == "PERMISSIVE",
                "roles": tuple(roles),
                "command": command,
                "using": _normal(qual),
                "check": _normal(check),
            }
        )
    return found


def _normal(expression: str | None) -> str:
    """An expression without what PostgreSQL adds when it prints it back."""
    if expression is None:
        return ""
    text = re.sub(r"::(text|uuid\[\]|uuid)", "", expression.lower())
    text = re.sub(r"\sas\s+\"?(current_setting|array_agg|coalesce)\"?", "", text)
    return re.sub(r"[\s()]+", "", text)


def _policy_faults(
    table: str, security: Security, policies: list[dict[str, Any]], prefix: str
) -> Iterable[str]:
    expected: dict[str, tuple[bool, str, str, str, str]] = {
        "floor": (False, "public", "ALL", TENANT_IS_BOUND, TENANT_IS_BOUND)
    }
    if security.standing:
        predicate = STANDING[security.standing]
        expected["standing"] = (False, "public", "ALL", predicate, predicate)
    for role in security.grants:
        expected[f"{role}_may"] = (True, f"{prefix}_{role}", "ALL", TENANT_IS_BOUND, TENANT_IS_BOUND)
        if security.scope and role != "system":
            predicate = scope_predicate(security.scope, role)
            written = scope_predicate(for_writing(security.scope), role)
            check = written if security.scope.command == "ALL" else ""
            scoped = (False, f"{prefix}_{role}", str(security.scope.command), predicate, check)
            expected[f"{role}_scope"] = scoped
    by_name = {policy["name"]: policy for policy in policies}
    for name, (permissive, role_name, command, using, check) in expected.items():
        policy = by_name.pop(name, None)
        if policy is None:
            yield f"table {table}: policy {name} is missing"
            continue
        shape = (policy["permissive"], policy["roles"], policy["command"])
        if shape != (permissive, (role_name,), command):
            yield f"table {table}: policy {name} is {shape}, expected {(permissive, (role_name,), command)}"
        if not _same(policy["using"], using) or not _same(policy["check"], check):
            yield f"table {table}: policy {name} does not say what the table declares: {policy['using']}"
    for name in by_name:
        yield f"table {table}: policy {name} is declared nowhere"


def _same(printed: str, declared: str) -> bool:
    """Whether PostgreSQL's print of an expression is the declared one (it qualifies columns)."""
    return re.sub(r"\b[a-z_]+\.(?=[a-z_]+)", "", printed) == re.sub(
        r"\b[a-z_]+\.(?=[a-z_]+)", "", _normal(declared)
    )


def _key_faults(query: Query, metadata: MetaData) -> Iterable[str]:
    tenant_tables = {n for n, t in metadata.tables.items() if "security" in t.info}
    for table, nullable in query(
        "select table_name, is_nullable from information_schema.columns"
        " where table_schema = 'public' and column_name = 'tenant_id'"
    ):
        if table in tenant_tables and nullable != "NO":
            yield f"table {table}: tenant_id may be null"
    for table, index, first in query(
        "select c.relname, i.relname, a.attname from pg_index x"
        " join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid"
        " left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]"
        " where c.relnamespace = 'public'::regnamespace"
    ):
        if table in tenant_tables and first != "tenant_id":
            yield f"table {table}: index {index} starts with {first}, expected tenant_id"
    for table, name, target, columns, targets in query(
        "select c.relname, k.conname, f.relname,"
        " (select array_agg(a.attname::text order by o) from unnest(k.conkey) with ordinality u(n, o)"
        "   join pg_attribute a on a.attrelid = c.oid and a.attnum = u.n),"
        " (select array_agg(a.attname::text order by o) from unnest(k.confkey) with ordinality u(n, o)"
        "   join pg_attribute a on a.attrelid = f.oid and a.attnum = u.n)"
        " from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid"
        " where k.contype = 'f' and c.relnamespace = 'public'::regnamespace"
    ):
        if table not in tenant_tables or target in SHARED_TABLES:
            continue
        if ("tenant_id", "tenant_id") not in set(zip(columns, targets, strict=True)):
            yield f"table {table}: foreign key {name} to {target} does not carry tenant_id on both sides"
    present = {
        (table, columns)
        for table, columns in query(
            "select c.relname, (select string_agg(a.attname, ',' order by o)"
            "  from unnest(k.conkey) with ordinality u(n, o)"
            "  join pg_attribute a on a.attrelid = c.oid and a.attnum = u.n)"
            " from pg_constraint k join pg_class c on c.oid = k.conrelid"
            " where k.contype in ('f', 'p') and c.relnamespace = 'public'::regnamespace"
        )
    }
    for declared in metadata.tables.values():
        for columns in _declared_keys(declared):
            if (declared.name, columns) not in present:
                yield f"table {declared.name}: the key ({columns}) is declared and not in the database"


def _declared_keys(table: Table) -> Iterable[str]:
    yield ",".join(column.name for column in table.primary_key.columns)
    for constraint in table.foreign_key_constraints:
        yield ",".join(constraint.column_keys)


def _grant_faults(
    query: Query, metadata: MetaData, present: dict[str, tuple[bool, bool, bool]], prefix: str
) -> Iterable[str]:
    for role in ("app", "portal", "system", "PUBLIC"):
        name = "public" if role == "PUBLIC" else f"{prefix}_{role}"
        checks = ", ".join(f"has_table_privilege('{name}', c.oid, '{verb}')" for verb in _VERBS)
        for table, *allowed in query(
            f"select c.relname, {checks} from pg_class c"
            f" where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and {_OURS}"
        ):
            info = metadata.tables[table].info if table in metadata.tables else {}
            grants = info["security"].grants if "security" in info else info.get("shared", {})
            declared = {verb for verb, columns in verbs_granted(grants.get(role, "")).items() if not columns}
            actual = {verb for verb, may in zip(_VERBS, allowed, strict=True) if may}
            if present[table][2]:
                declared = set()
            if actual != declared:
                yield (
                    f"table {table}: {name} may {sorted(actual) or 'nothing'},"
                    f" declared is {sorted(declared) or 'nothing'}"
                )


def _column_grant_faults(query: Query, metadata: MetaData, prefix: str) -> Iterable[str]:
    """Verbs on single columns: as declared, for the declared role, and nowhere else."""
    declared = {
        (name, f"{prefix}_{role}", verb, column)
        for name, table in metadata.tables.items()
        if "security" in table.info
        for role, grant in table.info["security"].grants.items()
        for verb, columns in verbs_granted(grant).items()
        for column in columns
    }
    actual = {
        (table, role, verb, column)
        for table, role, verb, column in query(
            "select c.relname, coalesce(r.rolname, 'public'), g.privilege_type, a.attname"
            " from pg_attribute a join pg_class c on c.oid = a.attrelid"
            " cross join lateral aclexplode(a.attacl) g left join pg_roles r on r.oid = g.grantee"
            " where c.relnamespace = 'public'::regnamespace and a.attacl is not null"
        )
    }
    for table, role, verb, column in sorted(actual - declared):
        yield f"table {table}: {role} may {verb} the column {column}, which is declared nowhere"
    for table, role, verb, column in sorted(declared - actual):
        yield f"table {table}: {role} may not {verb} the column {column}, declared is that it may"


def _trigger_faults(query: Query, metadata: MetaData) -> Iterable[str]:
    always = {
        (table, trigger)
        for table, trigger, enabled in query(
            "select c.relname, t.tgname, t.tgenabled::text from pg_trigger t"
            " join pg_class c on c.oid = t.tgrelid where not t.tgisinternal"
        )
        if enabled == "A"
    }
    for name, table in metadata.tables.items():
        security = table.info.get("security")
        if security and security.append_only:
            for trigger in ("append_only_rows", "append_only_table"):
                if (name, trigger) not in always:
                    yield f"table {name}: trigger {trigger} is not enabled always, rows could be changed"


def _forbidden_objects(query: Query) -> Iterable[str]:
    for (name,) in query(
        "select typname from pg_type c where typnamespace = 'public'::regnamespace and typtype = 'e'"
        f" and {_OURS}"
    ):
        yield f"type {name} is an ENUM; statuses are text"
    for name, kind, options in query(
        "select relname, relkind::text, coalesce(array_to_string(reloptions, ','), '') from pg_class c"
        f" where relnamespace = 'public'::regnamespace and relkind in ('m', 'v') and {_OURS}"
    ):
        if kind == "m":
            yield f"materialised view {name} would hold rows of every firm"
        elif "security_invoker=true" not in options and "security_invoker=on" not in options:
            yield f"view {name} runs as its owner, expected security_invoker"
    for (name,) in query(
        f"select proname from pg_proc c where pronamespace = 'public'::regnamespace and prosecdef and {_OURS}"
    ):
        yield f"function {name} is SECURITY DEFINER and would pass by row security"


def _role_faults(query: Query, prefix: str) -> Iterable[str]:
    ours = {f"{prefix}_{role}" for role in ("app", "portal", "system")}
    for name, is_super, bypass, members in query(
        "select rolname, rolsuper, rolbypassrls,"
        " exists (select 1 from pg_auth_members m where m.member = r.oid) from pg_roles r"
    ):
        if name not in ours:
            continue
        if is_super or bypass:
            yield f"role {name} is a superuser or bypasses row security"
        if members:
            yield f"role {name} is a member of another role and may act as it"
