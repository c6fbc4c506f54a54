"""SMTP as it is spoken: STARTTLS where offered, one connection per message, time limits throughout."""

from __future__ import annotations

import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from wealthnexus.integrations.smtp.protocol import MailRefused, MailUnavailable, OutgoingMail
from wealthnexus.kit import clock

SECONDS_MAX: Final = 30.0
FIRM_HEADER: Final = "X-WealthNexus-Firm"


def as_message(mail: OutgoingMail, *, sender: str) -> EmailMessage:
    """The message as it goes over the wire; a line break in a header is refused by the library."""
    message = EmailMessage()
    message["From"] = Address(display_name=mail.sender_name, addr_spec=sender)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message[FIRM_HEADER] = mail.firm_slug
    message.set_content(mail.body)
    return message


class SmtpMailer:
    """``url``: ``smtp://user:password@host:587`` (STARTTLS), ``smtps://…:465`` (TLS from the start).

    Without a user and towards this machine itself, plain SMTP is allowed; anywhere else TLS is required.
    """

    def __init__(self, url: str, *, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(f"the SMTP address starts with {parts.scheme!r}, expected smtp://host:port")
        self._sender = sender
        self._host = parts.hostname
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._is_local = self._host in ("127.0.0.1", "::1", "localhost")

    async def send(self, mail: OutgoingMail) -> None:
        message = as_message(mail, sender=self._sender)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._implicit_tls,
                start_tls=None if self._is_local else not self._implicit_tls,
                tls_context=ssl.create_default_context(),
                timeout=SECONDS_MAX,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refusal.code for refusal in error.recipients]
            if all(code >= 500 for code in codes):
                raise MailRefused(f"the server refused the recipient (code {codes[0]})") from error
            raise MailUnavailable(f"the server put the recipient off (code {codes[0]})") from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailUnavailable(f"the server did not accept our log-in (code {error.code})") from error
        except aiosmtplib.SMTPResponseException as error:
            kind = MailRefused if error.code >= 500 else MailUnavailable
            raise kind(f"the server answered {error.code}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailUnavailable(
                f"the server {self._host}:{self._port} cannot be reached ({type(error).__name__})"
            ) from error

    async def close(self) -> None:
        """Nothing stays open between messages."""
