"""Settings, read once from the environment (prefix ``WEALTHNEXUS_``) and validated at start.

A setting that is wrong stops the process with a sentence that names the variable, its value and
what was expected; nothing is guessed at later.
"""

from __future__ import annotations

import functools
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "WEALTHNEXUS_"
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


# A checkout keeps its state beside itself, whatever folder a command is run from.
_CHECKOUT = Path(__file__).resolve().parents[3]
HOME = _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else Path.cwd()


def _readable(url: str | None, name: str) -> str | None:
    """The URL if it can be taken apart; a password in it is never shown."""
    try:
        if url is not None:
            _ = urlsplit(url).port
    except ValueError as error:
        raise ValueError(f"{PREFIX}{name} is no URL that can be read: {error}") from None
    return url


class SettingsError(Exception):
    """The environment does not describe a system that can start."""


class Settings(BaseSettings):
    """Everything a process needs to know about where it runs."""

    # A variable that is set to nothing is not set: an empty WEALTHNEXUS_DATA_DIR would mean whatever folder
    # a command is run from, and what is reset there would be somebody's work.
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True)

    environment: Literal["development", "test", "production"] = "development"
    data_dir: Path = HOME / ".data"

    database_url: str | None = None
    """Owner's URL of a real server (``postgresql://owner:pw@host:5432/db``); None: the embedded one."""
    database_role_prefix: str = Field(default="wn", pattern="^[a-z][a-z0-9_]{0,30}$")
    database_name: str = Field(default="wealthnexus", pattern="^[a-z][a-z0-9_]{0,62}$")
    """The database inside the embedded server; a real server's URL names its own."""
    database_pool_size: int = Field(default=8, ge=1, le=100)
    statement_timeout_ms: int = Field(default=15_000, ge=100, le=600_000)
    lock_timeout_ms: int = Field(default=5_000, ge=50, le=60_000)

    redis_url: str | None = None
    redis_database: int = Field(default=0, ge=0, le=63)
    """The logical database inside the embedded Redis; a real server's URL names its own."""

    master_key_file: Path | None = None
    """32 random bytes, base64; None: ``<data_dir>/master.key``, made at first start in development."""

    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=65535)
    """None: 8000 or the next free one. A port asked for by name and taken is an error."""
    base_domain: str = "localhost"
    """Firms answer on ``<slug>.<base_domain>`` unless a custom domain is recorded."""
    public_scheme: Literal["http", "https"] = "http"

    trusted_proxies: str = ""
    """Addresses of the proxies whose X-Forwarded headers count, comma-separated; empty: none."""

    smtp_url: str | None = None
    """``smtp://user:pw@host:587``; None in development: mail goes to the local mailbox page."""
    mail_from: str = "no-reply@localhost"

    session_access_minutes: int = Field(default=15, ge=1, le=60)
    session_refresh_days: int = Field(default=14, ge=1, le=90)
    step_up_minutes: int = Field(default=5, ge=1, le=60)

    log_format: Literal["console", "json"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_port: int | None = Field(default=None, ge=1, le=65_000)
    """Relay, scheduler and worker serve their metrics on 127.0.0.1 at this port and the two after it;
    None: not at all. The web process has its own page."""

    simulated_quotes: bool | None = None
    """Whether quotes are made up around the last closes and shown as a simulation. None: everywhere but in
    production, where nothing is made up unless it is asked for."""

    tenants_dir: Path = HOME / "tenants"
    web_dist_dir: Path = HOME / "frontend" / "dist"
    migrations_dir: Path = HOME / "migrations"

    @field_validator("data_dir", "tenants_dir", "web_dist_dir", "migrations_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @model_validator(mode="after")
    def _production_is_explicit(self) -> Self:
        if self.environment == "production":
            missing = [
                PREFIX + name.upper()
                for name in ("database_url", "redis_url", "master_key_file", "smtp_url")
                if getattr(self, name) is None
            ]
            if missing:
                raise ValueError(f"production needs {', '.join(missing)} to be set")
            if self.public_scheme != "https":
                raise ValueError(f"{PREFIX}PUBLIC_SCHEME is 'http', expected 'https' in production")
            if self.base_domain == "localhost":
                raise ValueError(
                    f"{PREFIX}BASE_DOMAIN is 'localhost', expected the domain the firms answer under"
                    " in production"
                )
            if self.mail_from.lower().endswith("@localhost"):
                raise ValueError(
                    f"{PREFIX}MAIL_FROM is {self.mail_from!r}, expected an address of a real domain"
                    " in production"
                )
        return self

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError(f"{PREFIX}DATABASE_URL must start with postgresql://")
        return _readable(value, "DATABASE_URL")

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError(f"{PREFIX}REDIS_URL must start with redis://, rediss:// or unix://")
        return _readable(value, "REDIS_URL")

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("smtp://", "smtps://")):
            raise ValueError(f"{PREFIX}SMTP_URL must start with smtp:// or smtps://")
        return _readable(value, "SMTP_URL")

    @field_validator("base_domain")
    @classmethod
    def _is_domain(cls, value: str) -> str:
        if len(value) > 200 or not _DOMAIN.fullmatch(value):
            raise ValueError(
                f"{PREFIX}BASE_DOMAIN is {value!r}, expected a lower-case domain such as wealth.example"
            )
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for part in filter(None, (piece.strip() for piece in value.split(","))):
            try:
                ip_network(part)
            except ValueError:
                raise ValueError(
                    f"{PREFIX}TRUSTED_PROXIES names {part!r}, expected addresses or networks such as"
                    " 10.0.0.7,10.1.0.0/16: whoever is trusted says from where everybody comes"
                ) from None
        return value

    @property
    def master_key_path(self) -> Path:
        return self.master_key_file or self.data_dir / "master.key"

    @property
    def has_simulated_quotes(self) -> bool:
        if self.simulated_quotes is not None:
            return self.simulated_quotes
        return self.environment != "production"

    @property
    def shows_mailbox(self) -> bool:
        """Whether the page with everybody's mail is served: it holds links that open accounts, so on a
        developer's own machine only, and only while the mail is not sent elsewhere."""
        return self.environment == "development" and self.smtp_url is None and self.host in _LOOPBACK

    @property
    def run_dir(self) -> Path:
        """Run-time state of this clone: pid files, logs, the record of the servers' addresses."""
        return self.data_dir / "run"


@functools.lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The process's settings; raises SettingsError with one line per wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = PREFIX + "_".join(str(part) for part in problem["loc"]).upper()
            shown = "" if problem["type"] == "value_error" else f" is {problem['input']!r}"
            lines.append(f"{name}{shown}: {problem['msg']}" if problem["loc"] else problem["msg"])
        raise SettingsError(
            "The settings are not usable, nothing was started.\n  " + "\n  ".join(lines)
        ) from None
