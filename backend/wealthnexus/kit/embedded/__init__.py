"""The servers a clone runs for itself: a real PostgreSQL and a real Redis, without installing any.

Their programmes come inside Python wheels. Each data folder has its own servers; several clones run
side by side. ``wealthnexus.kit.addresses`` tells every other part where the servers answer.
"""

from wealthnexus.kit.embedded.bootstrap import DATABASE, bootstrap, create_database, drop_database
from wealthnexus.kit.embedded.errors import EmbeddedServerError
from wealthnexus.kit.embedded.locking import FolderInUseError, FolderLock
from wealthnexus.kit.embedded.ports import PortTakenError, listen
from wealthnexus.kit.embedded.postgres import SUPERUSER, EmbeddedPostgres, PostgresAddress
from wealthnexus.kit.embedded.redis import EmbeddedRedis, RedisAddress

__all__ = [
    "DATABASE",
    "SUPERUSER",
    "EmbeddedPostgres",
    "EmbeddedRedis",
    "EmbeddedServerError",
    "FolderInUseError",
    "FolderLock",
    "PortTakenError",
    "PostgresAddress",
    "RedisAddress",
    "bootstrap",
    "create_database",
    "drop_database",
    "listen",
]
