"""What the platform asks of e-mail: send one message, or say whether trying again makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One plain-text message. ``message_id`` is ours and stays the same over retries."""

    message_id: str
    firm_slug: str
    sender_name: str
    recipient: str
    subject: str
    body: str


class MailUnavailable(Exception):
    """The server cannot be reached or says "later": try again."""


class MailRefused(Exception):
    """The server refused for good: this message will never be delivered."""


class Mailer(Protocol):
    """Sends, or raises MailUnavailable or MailRefused; nothing in between."""

    async def send(self, mail: OutgoingMail) -> None: ...

    async def close(self) -> None: ...
