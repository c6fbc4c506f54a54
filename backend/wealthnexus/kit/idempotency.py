"""The same request twice has one effect and one answer.

The record, the effect and the answer are written in one unit of work: a crash leaves all of them or
none. Concurrent duplicates meet at the unique index: the later one waits for the earlier to commit
and then returns its answer. Answers may carry personal values, so they are kept encrypted under the
principal's data key. docs/domain/events.md lists the cases.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from wealthnexus.kit import clock, texts
from wealthnexus.kit import json as kit_json
from wealthnexus.kit.crypto import Place, decrypt, encrypt
from wealthnexus.kit.db.platform_tables import idempotency_records as records
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.secrets import keys_of

KEPT: Final = timedelta(days=7)
KEY_CHARACTERS_MAX: Final = 200
_KEY = re.compile(r"^[\x21-\x7e]{8,200}$")
_LOCK_NOT_AVAILABLE: Final = "55P03"


def checked_key(key: str | None) -> str:
    """The key if it is usable; ValidationFailed otherwise."""
    if key is None or not _KEY.match(key):
        limit = KEY_CHARACTERS_MAX
        said = texts.KEY_UNUSABLE(count=len(key), limit=limit) if key else texts.KEY_MISSING(limit=limit)
        raise ValidationFailed(said, path=("input", "idempotencyKey"))
    return key


async def run_once(
    uow: UnitOfWork,
    *,
    principal_id: UUID,
    operation: str,
    key: str | None,
    request: dict[str, Any],
    do: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """The answer of ``do()``, run at most once per (firm, principal, operation, key) within 7 days.

    ``request`` is what the caller sent (without the key); its hash is kept. The answer comes back as
    JSON values (ids and decimals as text), the first time too, so that every caller sees the same.
    Raises Conflict when the key was used with another request, or when a duplicate is still running
    after the lock time-out; ValidationFailed on an unusable key. What ``do`` raises leaves no record.
    """
    key = checked_key(key)
    keys = keys_of(uow)
    request_hash = kit_json.digest({"operation": operation, "request": request})
    record_id = new_id()
    if await _claimed(
        uow, record_id, principal_id=principal_id, operation=operation, key=key, request_hash=request_hash
    ):
        answer: dict[str, Any] = kit_json.loads(kit_json.dumps(await do()))
        subject_key = await keys.subject_key(uow, principal_id)
        sealed = encrypt(subject_key, kit_json.dumps(answer).encode(), _place(uow, record_id))
        await uow.execute(
            update(records)
            .where(records.c.tenant_id == uow.tenant_id, records.c.id == record_id)
            .values(response=sealed)
        )
        return answer
    row = await uow.one_or_none(
        select(records.c.id, records.c.request_hash, records.c.response).where(
            records.c.tenant_id == uow.tenant_id,
            records.c.principal_id == principal_id,
            records.c.operation == operation,
            records.c.key == key,
        )
    )
    if row is None or row.response is None:
        raise Conflict(texts.KEY_BEING_UNDONE(used=repr(key)), path=("input",))
    if row.request_hash != request_hash:
        said = texts.KEY_OF_ANOTHER(used=repr(key), operation=operation)
        raise Conflict(said, path=("input", "idempotencyKey"))
    opened = decrypt(await keys.subject_key(uow, principal_id), row.response, _place(uow, row.id))
    recorded: dict[str, Any] = kit_json.loads(opened)
    return recorded


def _place(uow: UnitOfWork, record_id: UUID) -> Place:
    return Place(uow.tenant_id, "idempotency_records", "response", record_id)


async def _claimed(
    uow: UnitOfWork, record_id: UUID, *, principal_id: UUID, operation: str, key: str, request_hash: bytes
) -> bool:
    """Whether this unit of work owns the key now; waits for a concurrent duplicate to end."""
    instant = clock.now()
    fresh = {
        "id": record_id,
        "request_hash": request_hash,
        "response": None,
        "created_at": instant,
        "expires_at": instant + KEPT,
    }
    statement = insert(records).values(
        tenant_id=uow.tenant_id, principal_id=principal_id, operation=operation, key=key, **fresh
    )
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "principal_id", "operation", "key"],
        set_=fresh,
        where=records.c.expires_at <= instant,  # an expired key is a new request
    )
    try:
        return (await uow.execute(statement)).rowcount == 1
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        said = texts.KEY_STILL_RUNNING(used=repr(key))
        raise Conflict(said, path=("input", "idempotencyKey")) from None
