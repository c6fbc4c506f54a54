"""Reading what the local server kept."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One kept message."""

    id: str
    sent_at: str
    recipient: str
    subject: str
    body: str


def read_mailbox(folder: Path, firm_slug: str, *, newest: int = 50) -> list[StoredMail]:
    """The firm's newest messages, newest first; none when nothing was sent yet."""
    mails = []
    for path in sorted((folder / firm_slug).glob("*.eml"), reverse=True)[:newest]:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:  # tidied away meanwhile
            continue
        message = BytesParser(policy=policy.default).parsebytes(raw)
        body = message.get_body(("plain",))
        mails.append(
            StoredMail(
                id=path.stem,
                sent_at=str(message["Date"]),
                recipient=str(message["To"]),
                subject=str(message["Subject"]),
                body=str(body.get_content()) if body is not None else "",
            )
        )
    return mails
