"""Passwords by argon2id, in threads of their own: a check takes a tenth of a second and 64 MiB."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wealthnexus.domain.identity import texts
from wealthnexus.domain.identity.errors import TooBusy

T = TypeVar("T")
AT_ONCE_MAX = 2
WAITING_MAX = 32


class Passwords:
    """Hashes and checks. ``memory_kib``, ``passes``, ``lanes`` as argon2id has them."""

    def __init__(self, *, memory_kib: int = 65_536, passes: int = 3, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(memory_cost=memory_kib, time_cost=passes, parallelism=lanes)
        self._threads = ThreadPoolExecutor(AT_ONCE_MAX, thread_name_prefix="argon2")
        self._waiting = 0
        # Checked in place of a missing user's: the answer takes as long as for a real one.
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The encoded hash with its parameters and salt. TooBusy when too many wait already."""
        return await self._run(self._hasher.hash, password)

    async def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password is right; ``encoded`` None (no such user) takes as long and is False."""
        if encoded is None:
            await self._run(self._verify, self._nobody, password)
            return False
        return await self._run(self._verify, encoded, password)

    def is_outdated(self, encoded: str) -> bool:
        """Whether the parameters have changed since: hash anew at the next sign-in."""
        return self._hasher.check_needs_rehash(encoded)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        if self._waiting >= WAITING_MAX:
            raise TooBusy(texts.TOO_BUSY())
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1
