"""Addresses nobody here has: they fail and lock like real ones, so that nobody can tell them apart."""

from __future__ import annotations

from typing import Final

import structlog
from redis.exceptions import RedisError

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.errors import AccountLocked
from wealthnexus.domain.identity.rules import lockout
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.kit.crypto import lookup_hash

_log = structlog.get_logger(__name__)
_MEMORY_SECONDS: Final = 86_400


def _key(ground: Ground, firm: FirmInfo, address: str, what: str) -> str:
    hidden = lookup_hash(ground.keyring.process_key("strangers"), f"{firm.id}|{address}").hex()[:32]
    return f"wn:{firm.id}:stranger:{hidden}:{what}"


async def refuse_while_locked(ground: Ground, firm: FirmInfo, address: str) -> None:
    """AccountLocked while the address is locked. Without Redis nothing is: there is nobody to guess."""
    try:
        left = await ground.redis.ttl(_key(ground, firm, address, "locked"))
    except RedisError:
        _log.warning("stranger_lock_unknown", firm=firm.slug)
        return
    if left > 0:
        raise AccountLocked(int(left))


async def count_failure(ground: Ground, firm: FirmInfo, address: str) -> None:
    """One more failure; AccountLocked when it locks, exactly when it would lock a real person."""
    key = _key(ground, firm, address, "failed")
    try:
        failed = int(await ground.redis.incr(key))
        await ground.redis.expire(key, _MEMORY_SECONDS)
        seconds = lockout.lock_seconds(failed)
        if seconds:
            await ground.redis.set(_key(ground, firm, address, "locked"), b"1", ex=seconds)
    except RedisError:
        _log.warning("stranger_failure_not_counted", firm=firm.slug)
        return
    if seconds:
        raise AccountLocked(seconds)
