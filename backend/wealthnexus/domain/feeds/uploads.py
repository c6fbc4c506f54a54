"""Files people hand in: streamed to the firm's own folder, found again by the one who sent them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select

from wealthnexus.domain.feeds.models import uploads
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import LimitExceeded, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id

KEPT = timedelta(hours=24)
_ZIP_START = b"PK"


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
            async for chunk in chunks:
                if size == 0 and chunk and not chunk.startswith(_ZIP_START):
                    raise ValidationFailed("the file is not a zip; expected a bundle as one zip file")
                size += len(chunk)
                if size > bytes_max:
                    raise LimitExceeded(
                        f"the file is larger than {bytes_max:,} bytes, the limit of this firm;"
                        " nothing was kept"
                    )
                digest.update(chunk)
                file.write(chunk)
        if size == 0:
            raise ValidationFailed("the file is empty; expected a bundle as one zip file")
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    return StoredUpload(upload_id, path, size, digest.digest())


async def record_upload(uow: UnitOfWork, stored: StoredUpload, *, user_id: UUID, file_name: str) -> UUID:
    """The row that makes the file findable for its sender, for a day."""
    now = clock.now()
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
    return stored.id


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
        raise NotFound("there is no such upload, or its day has passed; send the file again")
    return path
