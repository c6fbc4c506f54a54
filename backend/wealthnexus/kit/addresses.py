"""Where PostgreSQL and Redis answer, for every process of this clone.

Either real servers (``WEALTHNEXUS_DATABASE_URL``, ``WEALTHNEXUS_REDIS_URL``) or the embedded ones,
whose addresses the process that started them records in ``<data_dir>/run/servers.json``.
"""

from __future__ import annotations

import base64
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import URL, make_url

from wealthnexus.kit.crypto import derive, load_or_make_master_key
from wealthnexus.kit.embedded import EmbeddedServerError, PostgresAddress, RedisAddress
from wealthnexus.kit.embedded.processes import is_alive
from wealthnexus.kit.settings import Settings, load_settings

DatabaseRole = Literal["owner", "app", "portal", "system"]
RECORD = "servers.json"


class NoServersError(EmbeddedServerError):
    """Nobody runs the embedded servers of this data folder."""


@dataclass(frozen=True)
class Addresses:
    """Both servers. ``postgres`` or ``redis`` is None where a real server is used instead."""

    settings: Settings
    postgres: PostgresAddress | None
    redis: RedisAddress | None

    def database_url_for(self, role: DatabaseRole, *, database: str | None = None) -> str:
        """SQLAlchemy URL (asyncpg) that logs in as ``role``; ``database`` overrides the usual one."""
        return self._url(role, database, "postgresql+asyncpg").render_as_string(hide_password=False)

    def sync_database_url_for(self, role: DatabaseRole, *, database: str | None = None) -> str:
        """The same for the blocking driver (psycopg): migrations and role set-up."""
        return self._url(role, database, "postgresql+psycopg").render_as_string(hide_password=False)

    def _url(self, role: DatabaseRole, database: str | None, driver: str) -> URL:
        name = role_name(self.settings, role)
        if self.postgres is not None:
            return URL.create(
                driver,
                username=name,
                database=database or self.settings.database_name,
                query={"host": str(self.postgres.socket_dir), "port": str(self.postgres.port)},
            )
        url = make_url(self.settings.database_url or "").set(drivername=driver)
        if database is not None:
            url = url.set(database=database)
        if role != "owner":
            url = url.set(username=name, password=role_password(self.settings, role))
        if driver == "postgresql+asyncpg" and "sslmode" in url.query:
            # asyncpg calls libpq's sslmode "ssl".
            url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})
        return url

    @property
    def redis_url(self) -> str:
        """URL in redis-py's form."""
        if self.redis is not None:
            return self.redis.database_url(self.settings.redis_database)
        return self.settings.redis_url or ""


def role_name(settings: Settings, role: DatabaseRole) -> str:
    """The role's name in the database: ``wn_app`` …, with the prefix of the settings on a real server."""
    prefix = settings.database_role_prefix if settings.database_url else "wn"
    return f"{prefix}_{role}"


def role_password(settings: Settings, role: DatabaseRole) -> str:
    """The password of a runtime role on a real server: derived from the master key, stored nowhere."""
    key = load_or_make_master_key(settings.master_key_path, may_make=settings.environment != "production")
    digest = derive(key, f"role:{role_name(settings, role)}")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def resolve(settings: Settings | None = None) -> Addresses:
    """The addresses in use now; raises NoServersError when an embedded server is needed and not there."""
    settings = settings or load_settings()
    if settings.database_url and settings.redis_url:
        return Addresses(settings, None, None)
    record = read_record(settings)
    if record is None:
        raise NoServersError(
            f"No servers are running for the data folder {settings.data_dir}; start them with `make demo` or "
            "`wealthnexus serve`, or set WEALTHNEXUS_DATABASE_URL and WEALTHNEXUS_REDIS_URL."
        )
    return record.addresses(settings)


def database_url_for(role: DatabaseRole, settings: Settings | None = None) -> str:
    """Shortcut: the URL of ``role`` on the servers in use."""
    return resolve(settings).database_url_for(role)


def redis_url(settings: Settings | None = None) -> str:
    """Shortcut: the URL of the Redis in use."""
    return resolve(settings).redis_url


@dataclass(frozen=True)
class ServersRecord:
    """What ``servers.json`` holds: written by the process that runs the embedded servers."""

    owner_pid: int
    socket_dir: str | None
    port: int | None
    superuser: str | None
    redis_socket: str | None

    def answers(self) -> bool:
        """Whether the owner lives and every recorded socket takes connections."""
        paths = [self.redis_socket] if self.redis_socket else []
        if self.socket_dir:
            paths.append(f"{self.socket_dir}/.s.PGSQL.{self.port}")
        return is_alive(self.owner_pid) and all(map(_takes_connections, paths))

    def addresses(self, settings: Settings) -> Addresses:
        postgres = redis = None
        if settings.database_url is None and self.socket_dir and self.port and self.superuser:
            postgres = PostgresAddress(Path(self.socket_dir), self.port, self.superuser)
        if settings.redis_url is None and self.redis_socket:
            path = Path(self.redis_socket)
            redis = RedisAddress(path, f"unix://{path}?db=0")
        if (postgres is None and settings.database_url is None) or (
            redis is None and settings.redis_url is None
        ):
            raise NoServersError(
                f"The running servers of {settings.data_dir} do not include every one these settings "
                "need; stop them and start again with the same WEALTHNEXUS_DATABASE_URL and "
                "WEALTHNEXUS_REDIS_URL everywhere."
            )
        return Addresses(settings, postgres, redis)


def _takes_connections(socket_path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(socket_path)
        except OSError:
            return False
    return True


def record_path(settings: Settings) -> Path:
    return settings.run_dir / RECORD


def write_record(
    settings: Settings,
    postgres: PostgresAddress | None,
    redis: RedisAddress | None,
    *,
    owner_pid: int | None = None,
) -> None:
    """Tell the other processes of this clone; readers see the old or the new record, never half.

    ``owner_pid``: the process the servers live as long as; None: this one.
    """
    record = {
        "owner_pid": owner_pid or os.getpid(),
        "socket_dir": str(postgres.socket_dir) if postgres else None,
        "port": postgres.port if postgres else None,
        "superuser": postgres.superuser if postgres else None,
        "redis_socket": str(redis.socket_path) if redis else None,
    }
    path = record_path(settings)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def read_record(settings: Settings) -> ServersRecord | None:
    """The record, if there is a readable one; its writer may be gone by now."""
    try:
        facts = json.loads(record_path(settings).read_text(encoding="utf-8"))
        return ServersRecord(**facts)
    except (OSError, ValueError, TypeError):
        return None
