"""What the verbs that open their own transactions stand on; the process's Platform is one."""

from __future__ import annotations

from typing import Protocol

from redis.asyncio import Redis

from wealthnexus.domain.firms import Keyring
from wealthnexus.domain.identity.passwords import Passwords
from wealthnexus.kit.db.session import Database
from wealthnexus.kit.settings import Settings


class Ground(Protocol):
    """A password check must not hold a transaction, and a refused attempt must still be counted:
    so signing in opens and closes transactions itself, unlike every other verb."""

    @property
    def settings(self) -> Settings: ...

    @property
    def db(self) -> Database: ...

    @property
    def redis(self) -> Redis: ...

    @property
    def keyring(self) -> Keyring: ...

    @property
    def passwords(self) -> Passwords: ...
