"""Outgoing e-mail: a narrow protocol, the client for a real server, and a local server to stand in."""

from wealthnexus.integrations.smtp.client import SmtpMailer
from wealthnexus.integrations.smtp.protocol import Mailer, MailRefused, MailUnavailable, OutgoingMail

__all__ = ["MailRefused", "MailUnavailable", "Mailer", "OutgoingMail", "SmtpMailer"]
