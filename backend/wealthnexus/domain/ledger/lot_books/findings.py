"""What the engine of tax lots found doubtful, in a person's words."""

from __future__ import annotations

from datetime import date
from typing import Final

from wealthnexus.domain.ledger.lot_books.figures import entry_label, named
from wealthnexus.domain.ledger.lot_books.load import LotBooks
from wealthnexus.domain.ledger.lots.results import Finding
from wealthnexus.domain.ledger.lots.texts import REASONS
from wealthnexus.kit.text import message

_OF: Final = message("ledger.lot_finding", "{account}, {day, date}: {what}", account=str, day=date, what=str)


def sentence(books: LotBooks, finding: Finding) -> str:
    """The engine's sentence with the source's own ids and the names of security and account."""
    said = REASONS[finding.reason]
    account = books.accounts[finding.account].name
    known = {
        **finding.values,
        "entry": entry_label(books, finding.entry),
        "security": named(books, finding.security),
        "account": account,
    }
    return said(**{name: known.get(name, "") for name in said.parameters})


def sentence_with_place(books: LotBooks, finding: Finding) -> str:
    """The same with account and day in front, for a list over many accounts."""
    account = books.accounts[finding.account].name
    return _OF(account=account, day=finding.day, what=sentence(books, finding))
