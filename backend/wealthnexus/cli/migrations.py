"""``wealthnexus migrate``: the schema as this release needs it, and on a real server the roles."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from wealthnexus.cli.console import say, step
from wealthnexus.kit.settings import Settings, load_settings

if TYPE_CHECKING:
    from wealthnexus.kit.addresses import Addresses

SUPERVISED = "WEALTHNEXUS_SUPERVISED"
"""Set by the supervisor for its processes: it has migrated and runs the servers already."""

RECOVERY_SECONDS_MAX = 30.0


def migrate() -> None:
    """Bring the database to the newest schema.

    Runs as the owner role, one migrator at a time; each migration is one transaction, so a failed
    one leaves the schema as it was. Safe to repeat: an up-to-date database is left alone. At the end
    the database's own catalog is held against what the tables declare (row security, keys, rights);
    where it departs from that, the command fails and says how.

    With a real server (WEALTHNEXUS_DATABASE_URL) the roles the processes log in as are made first.
    When the owner may not make roles, the SQL an administrator has to run is printed instead.

    [bold]Examples[/bold]

      wealthnexus migrate

      WEALTHNEXUS_DATABASE_URL=postgresql://owner:secret@db.example/wealth wealthnexus migrate
    """
    from wealthnexus.kit.servers import servers_running

    settings = load_settings()
    with servers_running(settings) as addresses:
        before, after = bring_up_to_date(addresses)
    if before == after:
        say(f"The database is up to date (revision {after}).")
    else:
        say(f"The database went from revision {before or 'nothing'} to {after}.")


def bring_up_to_date(addresses: Addresses) -> tuple[str | None, str]:
    """Make the roles, run the missing migrations; returns the revision before and after.

    MigrationError also when the database as it then is does not hold the rules of tenancy.
    """
    from wealthnexus.domain.models import metadata
    from wealthnexus.kit.migrating import current_revision, newest_revision, refuse_faults, upgrade
    from wealthnexus.kit.roles import make_runtime_roles

    settings = addresses.settings
    if addresses.postgres is None:
        make_runtime_roles(addresses)
    url = addresses.sync_database_url_for("owner")
    newest = newest_revision(settings.migrations_dir)
    before = current_revision(url)
    if before != newest:
        with step(f"Migrating the database to revision {newest}"):
            upgrade(url, migrations_dir=settings.migrations_dir, role_prefix=_prefix(settings))
    refuse_faults(url, metadata, role_prefix=_prefix(settings))
    return before, newest


def require_migrated(addresses: Addresses) -> None:
    """Raises MigrationError when the database is not at the revision this code needs.

    A database that is just recovering from a crash gets half a minute before it counts as away.
    """
    from wealthnexus.kit.migrating import MigrationError, newest_revision

    current = _revision_when_it_answers(addresses.sync_database_url_for("owner"))
    if os.environ.get(SUPERVISED) == "1":
        return
    newest = newest_revision(addresses.settings.migrations_dir)
    if current != newest:
        raise MigrationError(
            f"The database is at revision {current or 'nothing'} and this release needs {newest}, "
            "nothing was done; run `wealthnexus migrate` first."
        )


def _revision_when_it_answers(url: str) -> str | None:
    from sqlalchemy.exc import OperationalError

    from wealthnexus.kit.migrating import MigrationError, current_revision

    deadline = time.monotonic() + RECOVERY_SECONDS_MAX
    while True:
        try:
            return current_revision(url)
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise MigrationError(
                    f"The database did not answer for {RECOVERY_SECONDS_MAX:.0f} s "
                    f"({str(error.orig).strip()}), nothing was done; start it and try again."
                ) from error
            time.sleep(0.2)


def _prefix(settings: Settings) -> str:
    return settings.database_role_prefix if settings.database_url else "wn"
