"""One generic row per table and set, from the declared tables alone.

A *set* is a small world of its own: a firm's user, household, account, security, … whose foreign
keys stay inside the set. Three sets are seeded: ``mine`` and ``other`` in firm A, ``foreign`` in
firm B. Rows go in as the bootstrap superuser, past row security, so that the matrices can then try
to reach them through it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from wealthnexus.domain.models import metadata
from wealthnexus.kit.ids import new_id

_NOW = datetime(2021, 3, 31, 20, 0, tzinfo=UTC)


@dataclass
class RowSet:
    """The rows of one set: table name -> column -> value."""

    label: str
    tenant_id: UUID
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    user_id: UUID = field(default_factory=new_id)
    spare_subject: UUID = field(default_factory=new_id)
    """A subject nothing stands for yet."""


def tenant_tables() -> list[Table]:
    """Tables inside tenancy, referenced ones first."""
    inside = [table for table in metadata.sorted_tables if "security" in table.info]
    return sorted(inside, key=lambda table: table.name != "subjects")


def _foreign_keys(table: Table) -> dict[str, tuple[str, str]]:
    """Column -> (table, column) it refers to, ``tenant_id`` left out."""
    found: dict[str, tuple[str, str]] = {}
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            if element.parent.name != "tenant_id":
                target = element.column
                # The narrowest reference decides where a column belongs to several keys.
                found.setdefault(element.parent.name, (target.table.name, target.name))
    return found


def _plain_value(column: Column[Any], label: str) -> Any:
    match column.type:
        case Uuid():
            return new_id()
        case Boolean():
            return True
        case BigInteger() | Integer():
            return {"mine": 1, "other": 2, "foreign": 1}[label]
        case Numeric():
            return Decimal(1)
        case DateTime():
            return _NOW
        case Date():
            return {"mine": date(2021, 3, 31), "other": date(2021, 3, 30), "foreign": date(2021, 3, 29)}[
                label
            ]
        case LargeBinary():
            return f"{label}-{column.name}".encode()
        case JSONB():
            return {"of": label}
        case Text():
            return f"{label}-{column.name}"
    raise TypeError(f"no sample value for {column.table.name}.{column.name} of type {column.type}")


def make_row(table: Table, in_set: RowSet, *, subject_of_its_own: UUID | None = None) -> dict[str, Any]:
    """A row of ``table`` whose references stay inside the set; self-references stay null."""
    keys = _foreign_keys(table)
    scope = table.info["security"].scope
    principals = scope.principals if scope else ()
    row: dict[str, Any] = {"tenant_id": in_set.tenant_id}
    for column in table.columns:
        name = column.name
        if name == "tenant_id":
            continue
        target = keys.get(name)
        if name == "id" and subject_of_its_own is not None:
            row[name] = subject_of_its_own
        elif name == "id" and table.name == "users":
            row[name] = in_set.user_id
        elif target is not None:
            row[name] = None if target[0] == table.name else in_set.rows[target[0]][target[1]]
        elif name in principals and name != "id":
            row[name] = in_set.user_id
        elif scope and name in scope.subjects and name != "id":
            row[name] = in_set.rows["subjects"]["id"]
        else:
            row[name] = (
                None
                if name in ("expires_at", "revoked_at", "removed_version") and column.nullable
                else _plain_value(column, in_set.label)
            )
    return row


def insert_row(connection: psycopg.Connection[Any], table: Table, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    values = [Jsonb(value) if isinstance(value, dict) else value for value in row.values()]
    connection.execute(f'insert into "{table.name}" ({columns}) values ({places})', values)


def _has_own_subject(table: Table) -> bool:
    return _foreign_keys(table).get("id") == ("subjects", "id")


def seed_firm(connection: psycopg.Connection[Any], slug: str) -> UUID:
    firm_id = new_id()
    connection.execute(
        "insert into firms (id, slug, name, legal_name, locale, time_zone, currency, tier, features, limits,"
        " brand, support, legal_footer, is_demo, is_active, config_digest, applied_at)"
        " values (%s, %s, %s, %s, 'en-US', 'America/New_York', 'USD', 'standard', '[]', '{}', '{}', '{}', '',"
        " false, true, '', now())",
        [firm_id, slug, slug, slug],
    )
    return firm_id


def _another(connection: psycopg.Connection[Any], made: RowSet, table: str) -> UUID:
    own = new_id()
    insert_row(connection, metadata.tables["subjects"], {**made.rows["subjects"], "id": own, "kind": table})
    insert_row(connection, metadata.tables[table], {**made.rows[table], "id": own})
    return own


def seed_set(connection: psycopg.Connection[Any], tenant_id: UUID, label: str, *, alone: bool) -> RowSet:
    """Insert one row into every tenant table; ``alone``: also into tables with one row per firm."""
    made = RowSet(label, tenant_id)
    for table in tenant_tables():
        if table.name == "accounts":
            subject = metadata.tables["subjects"]
            insert_row(connection, subject, {**made.rows["subjects"], "id": made.spare_subject})
        per_firm = [column.name for column in table.primary_key] == ["tenant_id"]
        if per_firm and not alone:
            continue
        own = None
        if _has_own_subject(table):
            own = new_id()
            subject = metadata.tables["subjects"]
            insert_row(connection, subject, {**made.rows["subjects"], "id": own, "kind": table.name})
        row = make_row(table, made, subject_of_its_own=own)
        if table.name == "import_undos":  # what an import taken back had brought is hidden: not this set's
            row["batch_id"] = _another(connection, made, "import_batches")
        made.rows[table.name] = row
        insert_row(connection, table, row)
    return made


def put_in_scope(connection: psycopg.Connection[Any], of: RowSet) -> None:
    """Everything of the set into the access scope of the set's user."""
    scope = metadata.tables["access_scope"]
    for name in ("parties", "households", "accounts", "liabilities", "books", "import_batches", "securities"):
        row = {**of.rows["access_scope"], "subject_id": of.rows[name]["id"], "kind": name}
        insert_row(connection, scope, row)
