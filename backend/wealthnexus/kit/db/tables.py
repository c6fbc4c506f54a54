"""How a table is declared so that tenancy, keys and row security cannot be forgotten.

``tenant_table`` gives every table ``tenant_id``, a primary key that starts with it and a
``Security`` record; ``tenant_fk`` makes composite foreign keys (a single-column one would bypass
row security). The migration's ``secure_table`` operation and the catalog test both read ``Security``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    Table,
    Uuid,
)
from sqlalchemy.schema import SchemaItem

Role = Literal["app", "portal", "system"]
ROLES: tuple[Role, ...] = ("app", "portal", "system")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Amounts keep more places than any currency's minor unit; quantities and prices more than any market quotes.
MONEY = Numeric(28, 8)
QUANTITY = Numeric(28, 10)
PRICE = Numeric(28, 10)
RATE = Numeric(28, 14)
INSTANT = DateTime(timezone=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who inside the firm may touch a row, beyond the tenant floor.

    ``subjects``: columns, each of which must name something in the caller's ``access_scope``.
    ``principals``: columns of which one naming the caller suffices instead.
    ``via``: ``(column, table, table_column)``: the row is visible when ``column`` is among the
    ``table_column`` values the caller may see (that table's own policies decide).
    Staff with firm scope pass; a limited caller with no way through sees nothing.
    """

    subjects: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    via: tuple[str, str, str] | None = None
    # A second such way, to see rows only, never to write them.
    also_via: tuple[str, str, str] | None = None
    # A column of which null says that the row is the whole firm's: everybody in it sees such rows.
    firm_if_null: str | None = None
    command: Literal["ALL", "SELECT"] = "ALL"


def for_writing(scope: Scope) -> Scope:
    """The scope without its ways of seeing alone."""
    return replace(scope, also_via=None, firm_if_null=None)


Standing = Literal["removed_version", "batch_id"]
"""What takes a row out of the books although it is kept: the version that removed it, or the batch it came
with, once that import was taken back."""


@dataclass(frozen=True, slots=True)
class Security:
    """The row security of one tenant table: verbs per role (see ``verbs_granted``), scope, append-only, and
    by which column a kept row no longer stands."""

    grants: dict[Role, str] = field(default_factory=dict)
    scope: Scope | None = None
    append_only: bool = False
    standing: Standing | None = None


ALL_VERBS = "SELECT, INSERT, UPDATE, DELETE"
_GRANT = re.compile(r"([A-Z]+)(?: \(([a-z_0-9, ]+)\))?(?:, |$)")


def verbs_granted(grant: str) -> dict[str, frozenset[str]]:
    """Verb -> the columns it is limited to, empty for the whole table.

    ``"SELECT, UPDATE (revoked_at, revoked_reason)"`` is what a grant may look like; ValueError otherwise.
    """
    if _GRANT.sub("", grant):
        raise ValueError(f"{grant!r} is not a list of verbs such as 'SELECT, UPDATE (name)'")
    return {
        verb: frozenset(column.strip() for column in columns.split(",") if column.strip())
        for verb, columns in _GRANT.findall(grant)
    }


def tenant_table(
    name: str,
    *items: SchemaItem,
    key: tuple[str, ...] = ("id",),
    app: str = "SELECT, INSERT, UPDATE",
    portal: str = "",
    system: str = "",
    scope: Scope | None = None,
    append_only: bool = False,
    standing: Standing | None = None,
    **table_arguments: Any,
) -> Table:
    """A table inside tenancy; ``key`` columns follow ``tenant_id`` in the primary key."""
    columns: list[SchemaItem] = [Column("tenant_id", Uuid, primary_key=True)]
    if key == ("id",):
        columns.append(Column("id", Uuid, primary_key=True))
    asked: dict[Role, str] = {"app": app, "portal": portal, "system": system}
    grants = {role: verbs for role, verbs in asked.items() if verbs}
    return Table(
        name,
        metadata,
        *columns,
        *items,
        ForeignKeyConstraint(["tenant_id"], ["firms.id"]),
        info={"security": Security(grants, scope, append_only, standing)},
        **table_arguments,
    )


def shared_table(
    name: str, *items: SchemaItem, app: str = "SELECT", portal: str = "SELECT", system: str = "SELECT"
) -> Table:
    """A table outside tenancy. The list of these is closed (the catalog test holds it)."""
    grants = {role: verbs for role, verbs in (("app", app), ("portal", portal), ("system", system)) if verbs}
    return Table(name, metadata, *items, info={"shared": grants})


def key_column(name: str, type_: Any = Uuid) -> Column[Any]:
    """A column that is part of the primary key, after ``tenant_id``."""
    return Column(name, type_, primary_key=True)


def tenant_fk(column: str, table: str, *, target: str = "id", deferred: bool = False) -> ForeignKeyConstraint:
    """``(tenant_id, column) -> table(tenant_id, target)``."""
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.{target}"],
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )


def tenant_index(
    table: str, *columns: Any, unique: bool = False, name: str | None = None, **options: Any
) -> Index:
    """An index that starts with ``tenant_id``."""
    label = name or "_".join(str(column) for column in columns)
    prefix = "uq" if unique else "ix"
    return Index(f"{prefix}_{table}_{label}", "tenant_id", *columns, unique=unique, **options)


def effective_columns() -> list[Column[Any]]:
    """``[effective_from, effective_to)``: half open, null = open end."""
    return [Column("effective_from", Date, nullable=False), Column("effective_to", Date)]


def known_columns() -> list[Column[Any]]:
    """``book_version`` that wrote the row, and the one that replaced it: what was believed before stays
    readable "as known then"."""
    return [Column("book_version", BigInteger, nullable=False), Column("superseded_version", BigInteger)]
