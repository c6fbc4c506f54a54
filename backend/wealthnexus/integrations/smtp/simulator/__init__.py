"""A local SMTP server: development mail is really sent, to a folder per firm."""

from wealthnexus.integrations.smtp.simulator.mailbox import StoredMail, read_mailbox
from wealthnexus.integrations.smtp.simulator.server import LocalMailer, LocalMailServer

__all__ = ["LocalMailServer", "LocalMailer", "StoredMail", "read_mailbox"]
