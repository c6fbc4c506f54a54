"""Brings a database to the newest schema: as the owner role, one migrator at a time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import MetaData

# A killed or slow migrator elsewhere holds the lock; sqlstate lock_not_available.
_LOCK_NOT_AVAILABLE = "55P03"
FAULTS_SHOWN_MAX = 10


class MigrationError(Exception):
    """The schema was not changed (each migration is one transaction); the message says what to do."""


def upgrade(url: str, *, migrations_dir: Path, role_prefix: str = "wn", revision: str = "head") -> None:
    """Run every migration that is missing, as the role in ``url`` (the owner). Safe to repeat.

    Waits for another migrator at most as long as the migrations' own lock time-out says, then raises
    MigrationError. A migration that fails leaves the schema as it was before that migration.
    """
    from alembic import command
    from alembic.util import CommandError

    config = _config(migrations_dir)
    config.attributes["url"] = url
    config.attributes["role_prefix"] = role_prefix
    try:
        command.upgrade(config, revision)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise MigrationError(
                "Another migration is running, or somebody holds a table the next one needs; "
                "nothing was changed. Wait for it to end and run `wealthnexus migrate` again."
            ) from error
        raise MigrationError(
            f"A migration failed and was rolled back: {str(error.orig).strip()} (statement: "
            f"{(error.statement or '').strip()[:300]})."
        ) from error
    except CommandError as error:
        raise MigrationError(
            f"The database does not fit these migrations ({error}); it was probably migrated by a newer "
            "release: use that release, or start over with `make demo RESET=1`."
        ) from error


def newest_revision(migrations_dir: Path) -> str:
    """The revision the code expects."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(_config(migrations_dir)).get_current_head()
    if head is None:
        raise MigrationError(f"{migrations_dir} holds no migration; the checkout is not complete.")
    return head


def current_revision(url: str) -> str | None:
    """The revision the database has; None when it was never migrated."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text("select version_num from alembic_version")).scalar()
    except ProgrammingError:
        return None
    finally:
        engine.dispose()


def refuse_faults(url: str, metadata: MetaData, *, role_prefix: str = "wn") -> None:
    """MigrationError when the database departs from what the tables declare: row security, keys, rights.

    Somebody changed it by hand, or restored a part of it; nothing is changed here.
    """
    from wealthnexus.kit.db.catalog import catalog_faults

    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            faults = catalog_faults(
                lambda sql: connection.exec_driver_sql(sql).fetchall(), metadata, role_prefix=role_prefix
            )
    finally:
        engine.dispose()
    if faults:
        more = [f"and {len(faults) - FAULTS_SHOWN_MAX} more"] if len(faults) > FAULTS_SHOWN_MAX else []
        raise MigrationError(
            "The database does not keep the firms apart as its tables declare, do not run the platform on"
            f" it: {'; '.join(faults[:FAULTS_SHOWN_MAX] + more)}. Undo what was changed by hand, or"
            " restore a whole backup, and run `wealthnexus migrate` again."
        )


def _config(migrations_dir: Path) -> Config:
    if not (migrations_dir / "env.py").is_file():
        raise MigrationError(
            f"The migrations are not in {migrations_dir}; set WEALTHNEXUS_MIGRATIONS_DIR to the "
            "folder `migrations` of the checkout."
        )
    from alembic.config import Config

    # Nothing is printed: the caller says what happened.
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(migrations_dir))
    config.set_main_option("path_separator", "os")
    return config
