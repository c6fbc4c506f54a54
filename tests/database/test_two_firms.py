"""Every table, every verb, every role: bound to firm A, nothing of firm B is read or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Executable,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from wealthnexus.domain.identity.models import sessions, users
from wealthnexus.domain.models import metadata
from wealthnexus.kit.db import Binding, Database
from wealthnexus.kit.db.tables import ROLES, Role, verbs_granted
from wealthnexus.kit.ids import new_id

from tests.database.rows import RowSet, put_in_scope, seed_firm, seed_set, tenant_tables
from tests.database.test_catalog import boot
from tests.support.servers import DatabaseAddresses

pytestmark = pytest.mark.database

REFUSED = "42501"  # insufficient_privilege: a missing grant, or a policy's WITH CHECK
FOREIGN_KEY = "23503"


class Worlds:
    """The three seeded sets and connections of every role."""

    def __init__(self, mine: RowSet, other: RowSet, foreign: RowSet, database: Database) -> None:
        self.mine, self.other, self.foreign, self.database = mine, other, foreign, database

    async def attempt(
        self, binding: Binding | None, statement: Executable, role: Role = "app"
    ) -> tuple[str, Any]:
        """('rows', count or value) or ('error', sqlstate); always rolled back."""
        try:
            async with self.database.unit_of_work(binding, role=role) as uow:
                result = await uow.execute(statement)
                outcome = result.scalar() if result.returns_rows else result.rowcount
                raise _RollBack(outcome)
        except _RollBack as done:
            return "rows", done.outcome
        except DBAPIError as error:
            return "error", getattr(error.orig, "sqlstate", None)


class _RollBack(Exception):
    def __init__(self, outcome: Any) -> None:
        self.outcome = outcome


@pytest.fixture(scope="module")
def seeded(database_addresses: DatabaseAddresses) -> Iterator[tuple[RowSet, RowSet, RowSet]]:
    with boot(database_addresses) as connection:
        suffix = str(new_id())[-12:]
        a, b = seed_firm(connection, f"a-{suffix}"), seed_firm(connection, f"b-{suffix}")
        mine = seed_set(connection, a, "mine", alone=True)
        other = seed_set(connection, a, "other", alone=False)
        foreign = seed_set(connection, b, "foreign", alone=True)
        put_in_scope(connection, mine)
        yield mine, other, foreign


@pytest.fixture
async def worlds(
    seeded: tuple[RowSet, RowSet, RowSet], database_addresses: DatabaseAddresses
) -> AsyncIterator[Worlds]:
    database = Database({role: getattr(database_addresses, role) for role in ROLES}, pool_size=2)
    yield Worlds(*seeded, database)
    await database.close()


def digest_of(addresses: DatabaseAddresses, tenant: Any) -> dict[str, str]:
    """A hash over each table's rows of one firm, read past row security."""
    with boot(addresses) as connection:
        return {
            table.name: str(
                connection.execute(
                    psycopg.sql.SQL(
                        "select count(*) || ':' ||"
                        " coalesce(md5(string_agg(t::text, '|' order by t::text)), '')"
                        " from {} t where tenant_id = %s"
                    ).format(psycopg.sql.Identifier(table.name)),
                    [tenant],
                ).fetchone()
            )
            for table in tenant_tables()
        }


def verbs_of(table: Table, role: Role) -> set[str]:
    """The verbs on the whole table; those on single columns are tried by name below."""
    granted = verbs_granted(table.info["security"].grants.get(role, ""))
    return {verb for verb, columns in granted.items() if not columns}


def reads_keys(table: Table, role: Role) -> bool:
    """Whether the keys of the table may be read, alone or with all the rest."""
    granted = verbs_granted(table.info["security"].grants.get(role, ""))
    keys = {column.name for column in table.primary_key}
    return "SELECT" in granted and (granted["SELECT"] <= keys or keys <= granted["SELECT"])


def fresh_key(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row under other keys, so that nothing but row security or a foreign key can refuse it."""
    fresh = dict(row)
    keyed = {c for made in table.constraints if isinstance(made, UniqueConstraint) for c in made.columns}
    for column in table.columns:
        if column.name == "tenant_id" or column.foreign_keys or row[column.name] is None:
            continue
        if column.name == "id":
            fresh["id"] = new_id()
        elif isinstance(column.type, Boolean):
            fresh[column.name] = False  # two defaults would meet the partial unique index first
        elif isinstance(column.type, Text):
            fresh[column.name] = f"{row[column.name]}-{new_id()}"
        elif isinstance(column.type, LargeBinary):
            fresh[column.name] = new_id().bytes
        elif isinstance(column.type, BigInteger):
            fresh[column.name] = new_id().int % 2**40
        elif isinstance(column.type, Integer) and (column.primary_key or column in keyed):
            fresh[column.name] = new_id().int % 2**30
        elif isinstance(column.type, Date) and (column.primary_key or column in keyed):
            fresh[column.name] = row[column.name] - timedelta(days=new_id().int % 300 + 1)
    return fresh


async def test_two_firm_matrix(worlds: Worlds, database_addresses: DatabaseAddresses) -> None:
    before = digest_of(database_addresses, worlds.foreign.tenant_id)
    tried: Counter[str] = Counter()
    leaks: list[str] = []

    def expect(name: str, outcome: tuple[str, Any], *allowed: tuple[str, Any]) -> None:
        tried[name.split(maxsplit=1)[0]] += 1
        if outcome not in allowed:
            leaks.append(f"{name}: {outcome}, expected one of {allowed}")

    denied = ("error", REFUSED)
    for table in tenant_tables():
        key = table.c.tenant_id
        of_b = worlds.foreign.rows[table.name]
        plain = next((c for c in table.columns if not c.primary_key and not c.foreign_keys), key)
        for role in ROLES:
            a = Binding(worlds.mine.tenant_id, worlds.mine.user_id, "firm", role)
            verbs, where = verbs_of(table, role), f"{role} on {table.name}"
            seen = await worlds.attempt(
                a, select(func.count()).select_from(table).where(key == of_b["tenant_id"])
            )
            expect(f"SELECT {where}", seen, ("rows", 0) if reads_keys(table, role) else denied)
            readable = verbs_granted(table.info["security"].grants.get(role, "")).get("SELECT")
            for column in table.columns if readable else ():
                if column.name not in readable:
                    expect(f"SELECT {where}", await worlds.attempt(a, select(func.count(column))), denied)
            expect(
                f"INSERT {where}",
                await worlds.attempt(a, insert(table).values(fresh_key(table, of_b))),
                denied,
            )
            changed = await worlds.attempt(
                a, update(table).values({plain: plain}).where(key == of_b["tenant_id"])
            )
            expect(f"UPDATE {where}", changed, ("rows", 0) if {"UPDATE", "SELECT"} <= verbs else denied)
            gone = await worlds.attempt(a, delete(table).where(key == of_b["tenant_id"]))
            expect(f"DELETE {where}", gone, ("rows", 0) if {"DELETE", "SELECT"} <= verbs else denied)
            if "UPDATE" in verbs and role == "app":
                moved = await worlds.attempt(a, update(table).values(tenant_id=of_b["tenant_id"]))
                expect(f"MOVE {where}", moved, denied, ("error", FOREIGN_KEY))
            unbound = await worlds.attempt(None, select(func.count()).select_from(table), role)
            expect(f"UNBOUND {where}", unbound, ("error", "22P02"), ("error", "42704"), denied)
    assert leaks == []
    assert digest_of(database_addresses, worlds.foreign.tenant_id) == before
    print(f"\ntwo-firm matrix: {len(tenant_tables())} tables x {len(ROLES)} roles, tried {dict(tried)}")


async def test_no_row_of_one_firm_refers_to_the_other(worlds: Worlds) -> None:
    """A composite key refuses firm B's ids in firm A's rows even though the rows exist."""
    binding = Binding(worlds.mine.tenant_id, worlds.mine.user_id, "firm", "app")
    tried, faults = 0, []
    for table in tenant_tables():
        if "INSERT" not in verbs_of(table, "app"):
            continue
        for constraint in table.foreign_key_constraints:
            columns = [name for name in constraint.column_keys if name != "tenant_id"]
            if not columns:
                continue
            row = fresh_key(table, worlds.mine.rows[table.name])
            if table.c.get("id") is not None and table.c.id.foreign_keys:
                row["id"] = worlds.mine.spare_subject
            if table.name == "import_undos":  # one that stands: what is taken back twice is refused before
                row["batch_id"] = worlds.mine.rows["import_batches"]["id"]
            for element in constraint.elements:
                if element.parent.name != "tenant_id":
                    target = worlds.foreign.rows[element.column.table.name]
                    row[element.parent.name] = target[element.column.name]
            outcome = await worlds.attempt(binding, insert(table).values(row))
            tried += 1
            if outcome not in (("error", FOREIGN_KEY), ("error", REFUSED)):
                faults.append(f"{table.name}({', '.join(columns)}): {outcome}")
    assert faults == []
    assert tried >= 60
    print(f"\ncomposite keys: {tried} foreign keys tried with the other firm's ids")


async def test_inside_the_firm_a_limited_caller_sees_only_its_scope(worlds: Worlds) -> None:
    """Staff limited to a book, and portal principals: rows of 'mine', never of 'other'."""
    tried, faults = 0, []
    for table in tenant_tables():
        scope = table.info["security"].scope
        for role, limit in (("app", "limited"), ("portal", "limited"), ("portal", "firm")):
            binding = Binding(worlds.mine.tenant_id, worlds.mine.user_id, limit, role)  # type: ignore[arg-type]
            if not reads_keys(table, role) or scope is None or table.name not in worlds.other.rows:  # type: ignore[arg-type]
                continue
            keys = list(table.primary_key)
            identity = {
                label: [worlds_set.rows[table.name][c.name] for c in keys]
                for label, worlds_set in (("mine", worlds.mine), ("other", worlds.other))
            }
            for label, values in identity.items():
                matches = [c == v for c, v in zip(keys, values, strict=True)]
                outcome = await worlds.attempt(
                    binding, select(func.count()).select_from(table).where(*matches)
                )
                tried += 1
                # What has no way into a limited scope is for those who see the whole firm.
                is_theirs = label == "mine" and bool(scope.subjects or scope.principals or scope.via)
                if outcome != ("rows", int(is_theirs)):
                    faults.append(f"SELECT {role}/{limit} {table.name} of {label}: {outcome}")
                if label == "other" and scope.command == "ALL":
                    for verb, statement in (
                        ("UPDATE", update(table).values({keys[-1]: keys[-1]}).where(*matches)),
                        ("DELETE", delete(table).where(*matches)),
                    ):
                        outcome = await worlds.attempt(binding, statement)
                        tried += 1
                        if outcome not in (("rows", 0), ("error", REFUSED)):
                            faults.append(f"{verb} {role}/{limit} {table.name} of other: {outcome}")
                    again = fresh_key(table, worlds.other.rows[table.name])
                    outcome = await worlds.attempt(binding, insert(table).values(again))
                    tried += 1
                    if outcome != ("error", REFUSED):
                        faults.append(f"INSERT {role}/{limit} {table.name} of other: {outcome}")
    assert faults == []
    print(f"\nscope matrix: {tried} attempts by limited staff and portal principals")


def test_what_a_limited_caller_sees_of_the_whole_firm_is_a_closed_list() -> None:
    """Tables without a scope inside the firm: each is here for a reason, a new one must be argued."""
    seen = {
        role: {
            table.name
            for table in tenant_tables()
            if table.info["security"].scope is None and "SELECT" in verbs_of(table, role)
        }
        for role in ("app", "portal")
    }
    portal, app = seen["portal"], seen["app"]
    assert portal == {"book_heads", "book_versions", "data_keys", "firm_keys", "fx_rates"}
    # Of the tags, the words alone: on what they hang has a scope. Imports that were taken back: the row
    # security of what they brought reads them. Of a close, times and counts alone.
    assert app - portal == {
        "audit_chain",
        "audit_pending",
        "close_stages",
        "event_heads",
        "import_undos",
        "scheduled_runs",
        "summarised_days",
        "tags",
    }


def test_of_what_is_kept_for_staff_the_portal_reads_a_part() -> None:
    """Of imports taken back which they were; of what was agreed to measure by, not who wrote it and why."""
    limited = {
        table.name: columns
        for table in tenant_tables()
        if (columns := verbs_granted(table.info["security"].grants.get("portal", "")).get("SELECT"))
    }
    kept = {name: set(metadata.tables[name].c.keys()) - set(columns) for name, columns in limited.items()}
    assert limited["import_undos"] == {"tenant_id", "batch_id"}
    assert {name: left for name, left in kept.items() if name != "import_undos"} == {
        "account_terms": {"author_id", "author_name", "reason", "batch_id", "source_line"},
        "benchmarks": {"created_at", "created_by", "version"},
        "benchmark_assignments": {"author_id", "reason", "recorded_at"},
        "calculation_policies": {"author_id", "author_name", "reason", "recorded_at"},
    }


async def test_what_is_agreed_for_the_whole_firm_is_told_to_everybody_in_it(worlds: Worlds) -> None:
    """Rows without a household or account are read by portal and limited staff, and written by neither."""
    tried = 0
    for name, column in (("benchmark_assignments", "subject_id"), ("calculation_policies", "household_id")):
        table, of_firm = metadata.tables[name], fresh_key(metadata.tables[name], worlds.other.rows[name])
        of_firm[column] = None
        for role in ("app", "portal"):
            binding = Binding(worlds.mine.tenant_id, worlds.mine.user_id, "limited", role)  # type: ignore[arg-type]
            outcome = await worlds.attempt(binding, insert(table).values(of_firm), role)  # type: ignore[arg-type]
            assert outcome == ("error", REFUSED), (name, role)
            tried += 1
        firm = Binding(worlds.mine.tenant_id, worlds.mine.user_id, "firm", "app")
        async with worlds.database.unit_of_work(firm, role="app") as uow:
            await uow.execute(insert(table).values(of_firm))
        for role in ("app", "portal"):
            binding = Binding(worlds.mine.tenant_id, worlds.mine.user_id, "limited", role)  # type: ignore[arg-type]
            seen = await worlds.attempt(
                binding,
                select(func.count(table.c.id)).where(table.c.id == of_firm["id"]),
                role,  # type: ignore[arg-type]
            )
            assert seen == ("rows", 1), (name, role)
            tried += 1
    assert tried == 8


async def test_the_portal_changes_nothing_of_a_person_and_only_the_end_of_a_session(worlds: Worlds) -> None:
    """Column by column, on the caller's own rows: no password, no authenticator, no longer session."""
    own = Binding(worlds.mine.tenant_id, worlds.mine.user_id, "limited", "portal")
    tried = 0
    for table, mutable in ((users, set()), (sessions, {"revoked_at", "revoked_reason"})):
        key = worlds.mine.rows[table.name]["id"]
        for column in table.columns:
            statement = update(table).values({column: column}).where(table.c.id == key)
            outcome = await worlds.attempt(own, statement)
            tried += 1
            expected = ("rows", 1) if column.name in mutable else ("error", REFUSED)
            assert outcome == expected, f"{table.name}.{column.name}"
    assert tried == len(users.columns) + len(sessions.columns)
