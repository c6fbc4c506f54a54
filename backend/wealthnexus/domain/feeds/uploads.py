"""Files people hand in: streamed to the firm's own folder, found again by the one who sent them."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select, text

from wealthnexus.domain import audit
from wealthnexus.domain.feeds.models import uploads
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import LimitExceeded, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

KEPT = timedelta(hours=24)
KEPT_PER_PERSON_MAX: Final = 100
_ZIP_START: Final = b"PK"
_BUFFER_BYTES: Final = 1 << 20
_NO_ZIP = message("feeds.upload_no_zip", "the file is not a zip; expected a bundle as one zip file")
_EMPTY = message("feeds.upload_empty", "the file is empty; expected a bundle as one zip file")
_TOO_LARGE = message(
    "feeds.upload_too_large",
    "the file is larger than {limit, number} bytes, the limit of this firm; nothing was kept",
    limit=int,
)
_NO_UPLOAD = message("feeds.no_upload", "there is no such upload, or its day has passed; send the file again")
_TOO_MANY = message(
    "feeds.uploads_too_many",
    "{count, plural, one {# file} other {# files}} you have sent are kept for a day each, at most"
    " {limit, number} are; nothing was kept",
    count=int,
    limit=int,
)
_AUDIT = message("feeds.audit_upload_received", "{actor} sent a file for an import", actor=str)


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file on disk that no row knows yet."""

    id: UUID
    path: Path
    size_bytes: int
    sha256: bytes


async def store_stream(folder: Path, chunks: AsyncIterator[bytes], *, bytes_max: int) -> StoredUpload:
    """Writes the zip to ``folder`` under a new id; nothing is left behind when it is refused.

    LimitExceeded above ``bytes_max``; ValidationFailed when it is empty or no zip.
    """
    upload_id = new_id()
    path = folder / f"{upload_id}.zip"
    temporary = path.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:

            def put(buffer: bytes) -> None:
                digest.update(buffer)
                file.write(buffer)

            buffer, is_known = bytearray(), False
            async for chunk in chunks:
                size += len(chunk)
                if size > bytes_max:
                    raise LimitExceeded(_TOO_LARGE(limit=bytes_max))
                buffer += chunk
                if not is_known and len(buffer) >= len(_ZIP_START):
                    is_known = buffer.startswith(_ZIP_START)
                    if not is_known:
                        raise ValidationFailed(_NO_ZIP())
                if is_known and len(buffer) >= _BUFFER_BYTES:
                    # A slow disk holds up this upload, not everybody else of the process.
                    await asyncio.to_thread(put, bytes(buffer))
                    buffer.clear()
            if size == 0:
                raise ValidationFailed(_EMPTY())
            if not is_known:
                raise ValidationFailed(_NO_ZIP())
            await asyncio.to_thread(put, bytes(buffer))
            await asyncio.to_thread(file.flush)
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    return StoredUpload(upload_id, path, size, digest.digest())


async def record_upload(uow: UnitOfWork, stored: StoredUpload, *, user_id: UUID, file_name: str) -> UUID:
    """The row that makes the file findable for its sender, for a day; on record in the audit log.

    LimitExceeded when as many of the sender's files are kept as may be; of two at once one waits.
    """
    now = clock.now()
    await uow.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"feeds.uploads:{uow.tenant_id}:{user_id}"},
    )
    await refuse_too_many(uow, user_id)
    await uow.execute(
        insert(uploads).values(
            tenant_id=uow.tenant_id,
            id=stored.id,
            user_id=user_id,
            file_name=file_name[:200],
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            storage_key=stored.path.name,
            created_at=now,
            expires_at=now + KEPT,
        )
    )
    await audit.append(
        uow,
        "feeds.upload.received",
        summary=_AUDIT(actor=uow.actor.name),
        details={
            "uploadId": str(stored.id),
            "sizeBytes": stored.size_bytes,
            "sha256": stored.sha256.hex(),
        },
    )
    return stored.id


async def refuse_too_many(reader: Reader, user_id: UUID) -> None:
    """LimitExceeded when the person has as many files kept as may be."""
    count = await reader.scalar(
        select(func.count()).where(
            uploads.c.tenant_id == reader.tenant_id,
            uploads.c.user_id == user_id,
            uploads.c.expires_at > clock.now(),
        )
    )
    if count >= KEPT_PER_PERSON_MAX:
        raise LimitExceeded(_TOO_MANY(count=count, limit=KEPT_PER_PERSON_MAX))


async def find_upload(reader: Reader, upload_id: UUID, folder: Path, *, user_id: UUID | None) -> Path:
    """Where the person's own upload lies; NotFound for another's, an expired or a tidied one."""
    key = await reader.scalar(
        select(uploads.c.storage_key).where(
            uploads.c.tenant_id == reader.tenant_id,
            uploads.c.id == upload_id,
            uploads.c.user_id == user_id,
            uploads.c.expires_at > clock.now(),
        )
    )
    path = folder / str(key) if key is not None else None
    if path is None or not path.is_file():
        raise NotFound(_NO_UPLOAD())
    return path
