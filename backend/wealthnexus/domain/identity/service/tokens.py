"""One-time tokens: random, stored as a hash, for one purpose, for a while, a few attempts."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.identity import repository
from wealthnexus.kit import clock
from wealthnexus.kit.crypto import Place, decrypt, encrypt, token_hash
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.secrets import keys_of

Purpose = Literal["invitation", "password_reset", "sign_in", "enrolment"]
LIFETIME: Final[dict[Purpose, timedelta]] = {
    "invitation": timedelta(days=7),
    "password_reset": timedelta(hours=1),
    "sign_in": timedelta(minutes=5),
    "enrolment": timedelta(minutes=15),
}
ATTEMPTS_MAX: Final = 5
_BYTES: Final = 32


def random_token(prefix: str) -> str:
    """256 bits, URL-safe; the prefix tells people and scanners what it is."""
    return f"{prefix}_{secrets.token_urlsafe(_BYTES)}"


async def issue_token(
    uow: UnitOfWork, user_id: UUID, purpose: Purpose, *, payload: bytes | None = None
) -> str:
    """A new token of this purpose; ``payload`` is kept encrypted under the firm's key."""
    token = random_token("wno")
    row_id = new_id()
    now = clock.now()
    sealed = None
    if payload is not None:
        sealed = encrypt(await keys_of(uow).firm_key(uow), payload, _place(uow, row_id))
    await repository.insert_one_time_token(
        uow,
        {
            "id": row_id,
            "user_id": user_id,
            "purpose": purpose,
            "token_hash": token_hash(token),
            "payload": sealed,
            "created_at": now,
            "expires_at": now + LIFETIME[purpose],
        },
    )
    return token


async def find_token(reader: Reader, token: str, purpose: Purpose) -> Row[Any] | None:
    """The live row of a token; None when unknown, used, expired or of another purpose."""
    return await repository.live_token(reader, token_hash(token), purpose, clock.now())


async def payload_of(reader: Reader, row: Row[Any]) -> bytes:
    """What the token carries, opened."""
    return decrypt(await keys_of(reader).firm_key(reader), row.payload, _place(reader, row.id))


def _place(reader: Reader, row_id: UUID) -> Place:
    return Place(reader.tenant_id, "one_time_tokens", "payload", row_id)
