"""What other programmes' environment variables must not change."""

from __future__ import annotations

import os


def forget_client_variables() -> None:
    """Drop PGHOST, PGSSLMODE, PGOPTIONS … from this process's environment.

    They are meant for another PostgreSQL of this machine and would change every connection of ours;
    which server is used is said by ``WEALTHNEXUS_DATABASE_URL`` alone.
    """
    for name in [name for name in os.environ if name.startswith("PG") and name[2:].isupper()]:
        del os.environ[name]
