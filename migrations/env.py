"""Alembic's environment: runs as the owner role, one migrator at a time.

The URL comes from ``config.attributes["url"]`` (``wealthnexus migrate`` and the tests set it) or
from ``-x url=...``. The row-security comparator adds ``secure_table`` for every new tenant table.
"""

from __future__ import annotations

import re
from typing import Any

from alembic import context
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import create_engine, text
from wealthnexus.domain.models import metadata
from wealthnexus.kit.db.rls import SecureTable, ShareTable

MIGRATION_LOCK = 7_236_001
_PARTITION = re.compile(r"_(y\d{4}|default)$")


def _add_security(autogen_context: Any, upgrade_ops: Any, _schemas: Any) -> PriorityDispatchResult:
    for operation in list(upgrade_ops.ops):
        table = getattr(operation, "table_name", None)
        if type(operation).__name__ != "CreateTableOp" or table not in metadata.tables:
            continue
        operation.info.clear()  # rendered as an operation of its own, not as a table argument
        info = metadata.tables[table].info
        if "security" in info:
            upgrade_ops.ops.append(SecureTable(table, info["security"]))
        else:
            upgrade_ops.ops.append(ShareTable(table, info["shared"]))
    return PriorityDispatchResult.CONTINUE


Plugin("wealthnexus.row_security").add_autogenerate_comparator(
    _add_security, "schema", priority=DispatchPriority.LAST
)


def _include(_object: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    if kind == "table" and reflected and compare_to is None:
        return not _PARTITION.search(name or "")
    return True


def run() -> None:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = create_engine(str(url).replace("+asyncpg", "+psycopg"))
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '10s'"))
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            include_object=_include,
            role_prefix=context.config.attributes.get("role_prefix", "wn"),
            autogenerate_plugins=["alembic.autogenerate.*", "wealthnexus.row_security"],
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
