"""What every process of the platform stands on: settings, database, Redis, keys, firms."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from wealthnexus.domain.firms import FirmDirectory, Keyring
from wealthnexus.domain.identity.passwords import Passwords
from wealthnexus.integrations.smtp import Mailer, SmtpMailer
from wealthnexus.integrations.smtp.simulator import LocalMailer
from wealthnexus.kit import addresses
from wealthnexus.kit.addresses import Addresses
from wealthnexus.kit.crypto import load_or_make_master_key
from wealthnexus.kit.db.session import Database
from wealthnexus.kit.db.tables import ROLES, Role
from wealthnexus.kit.ratelimit import RateLimiter
from wealthnexus.kit.settings import Settings, load_settings

_REDIS_SECONDS_MAX = 2.0
_REDIS_BLOCKING_SECONDS_MAX = 60.0


@dataclass(frozen=True)
class Platform:
    """One per process. ``redis`` answers within two seconds or raises; ``redis_blocking`` may wait a
    minute (streams: block for less than that). ``storage`` holds files, one folder per firm id."""

    settings: Settings
    addresses: Addresses
    db: Database
    redis: Redis
    redis_blocking: Redis
    rates: RateLimiter
    keyring: Keyring
    firms: FirmDirectory
    passwords: Passwords
    mailer: Mailer
    storage: Path
    mailbox: Path

    async def start(self) -> None:
        """Refuses (UnsafeRoleError) to run on a role that row security does not hold."""
        await self.db.refuse_unsafe_roles()

    async def close(self) -> None:
        self.passwords.close()
        await self.mailer.close()
        await self.redis.aclose()
        await self.redis_blocking.aclose()
        await self.db.close()

    def firm_storage(self, firm_id: object) -> Path:
        """The firm's own folder for files, made when missing."""
        folder = self.storage / str(firm_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def build_platform(
    settings: Settings | None = None, *, where: Addresses | None = None, roles: Sequence[Role] = ROLES
) -> Platform:
    """The platform over the servers in use. Nothing connects yet: call ``await platform.start()``.

    Raises NoServersError when the embedded servers are needed and not running, CryptoError when the
    master key is missing or broken.
    """
    settings = settings or load_settings()
    where = where or addresses.resolve(settings)
    master_key = load_or_make_master_key(
        settings.master_key_path, may_make=settings.environment != "production"
    )
    keyring = Keyring(master_key)
    database = Database(
        {role: where.database_url_for(role) for role in roles},
        pool_size=settings.database_pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
        lock_timeout_ms=settings.lock_timeout_ms,
        facts={"keyring": keyring},
    )
    redis = redis_client(where.redis_url)
    return Platform(
        settings=settings,
        addresses=where,
        db=database,
        redis=redis,
        redis_blocking=redis_client(where.redis_url, _REDIS_BLOCKING_SECONDS_MAX),
        rates=RateLimiter(redis),
        keyring=keyring,
        firms=FirmDirectory(database, base_domain=settings.base_domain),
        passwords=_passwords(settings),
        mailer=_mailer(settings),
        storage=settings.data_dir / "files",
        mailbox=settings.data_dir / "mailbox",
    )


def _passwords(settings: Settings) -> Passwords:
    """Full strength wherever people are; a test run makes hundreds of them and none matters."""
    if settings.environment == "test":
        return Passwords(memory_kib=1_024, passes=1, lanes=1)
    return Passwords()


def _mailer(settings: Settings) -> Mailer:
    """A real server where one is set; else (never in production) one of our own that keeps the mail."""
    if settings.smtp_url is not None:
        return SmtpMailer(settings.smtp_url, sender=settings.mail_from)
    return LocalMailer(settings.data_dir / "mailbox", sender=settings.mail_from)


def redis_client(url: str, seconds_max: float = _REDIS_SECONDS_MAX) -> Redis:
    """A client that says soon when Redis is away: the library's ten retries would hold every request
    for seconds. One retry is left, for a connection that a restart has cut."""
    client: Redis = Redis.from_url(
        url,
        socket_timeout=seconds_max,
        socket_connect_timeout=_REDIS_SECONDS_MAX,
        max_connections=200,
        retry=Retry(NoBackoff(), 1),
    )
    return client


@contextlib.asynccontextmanager
async def open_platform(settings: Settings | None = None) -> AsyncIterator[Platform]:
    """For one command or test: built, checked, closed at the end."""
    platform = build_platform(settings)
    try:
        await platform.start()
        yield platform
    finally:
        await platform.close()
