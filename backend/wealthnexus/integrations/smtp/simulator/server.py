"""The server: speaks SMTP on a port of this machine and keeps each message as a file."""

from __future__ import annotations

import asyncio
import os
import re
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from wealthnexus.integrations.smtp.client import FIRM_HEADER, SmtpMailer
from wealthnexus.integrations.smtp.protocol import OutgoingMail
from wealthnexus.kit.ids import new_id

MESSAGE_BYTES_MAX: Final = 1_000_000
MESSAGES_KEPT_MAX: Final = 500
_SLUG: Final = re.compile(r"^[a-z][a-z0-9]{1,30}$")


class LocalMailServer:
    """Keeps messages in ``<folder>/<firm slug>/``, the newest 500 of each firm."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listens on a free port of 127.0.0.1; returns it."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, data_size_limit=MESSAGE_BYTES_MAX, loop=loop, enable_SMTPUTF8=True),
            "127.0.0.1",
            0,
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The name is the library's: called with each message."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        slug = str(BytesHeaderParser().parsebytes(raw).get(FIRM_HEADER, ""))
        if not _SLUG.match(slug):
            return f"550 the message names no firm in {FIRM_HEADER}"
        await asyncio.to_thread(_keep, self._folder / slug, raw)
        return "250 kept"


def _keep(folder: Path, raw: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{new_id()}.eml"  # time-ordered, so the newest sort last
    temporary = folder / f".{name}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
    temporary.rename(folder / name)
    for old in sorted(folder.glob("*.eml"))[:-MESSAGES_KEPT_MAX]:
        old.unlink(missing_ok=True)


class LocalMailer:
    """For development and tests: the real client towards a local server that starts when first needed."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender
        self._by_loop: dict[int, tuple[Any, LocalMailServer, SmtpMailer]] = {}

    async def send(self, mail: OutgoingMail) -> None:
        loop = asyncio.get_running_loop()
        known = self._by_loop.get(id(loop))
        if known is None or known[0] is not loop:
            server = LocalMailServer(self._folder)
            mailer = SmtpMailer(f"smtp://127.0.0.1:{await server.start()}", sender=self._sender)
            known = self._by_loop[id(loop)] = (loop, server, mailer)
        await known[2].send(mail)

    async def close(self) -> None:
        known = self._by_loop.pop(id(asyncio.get_running_loop()), None)
        if known is not None:
            await known[1].stop()
